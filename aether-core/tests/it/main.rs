//! Tests of the contracts through the public interface, one module for each family.

mod anchor;
mod base;
mod base64;
mod bundle;
mod change;
mod config;
mod facts;
mod fixtures;
mod graph;
mod json;
mod lineage;
mod merkle;
mod note;
mod path;
mod query;
mod secrets;
mod symbol;
mod time;

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "proptest1")]
mod strategies;
