//! Tests of the contracts through the public interface, one module for each family.

mod anchor;
mod audit;
mod authority;
mod base;
mod base64;
mod bundle;
mod change;
mod config;
mod diag;
mod facts;
mod fixtures;
mod graph;
mod json;
mod lineage;
mod merkle;
mod note;
mod outcome;
mod path;
mod provenance;
mod query;
mod rpc;
mod script;
mod secrets;
mod symbol;
mod time;
mod trace;
mod verification;

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "conformance")]
mod gate;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "conformance")]
mod skip;
#[cfg(feature = "proptest1")]
mod strategies;
