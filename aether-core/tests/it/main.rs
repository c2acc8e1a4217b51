//! Tests of the contracts through the public interface, one module for each family.

mod anchor;
mod base;
mod change;
mod config;
mod facts;
mod fixtures;
mod graph;
mod json;
mod lineage;
mod path;
mod query;
mod script;
mod symbol;
mod time;
mod trace;

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "proptest1")]
mod strategies;
