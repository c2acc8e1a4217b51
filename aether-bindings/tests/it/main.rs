//! Tests of the engine over the real indexer and the real store.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod c;
mod chain;
#[cfg(feature = "change")]
mod change;
mod contract;
mod cpp;
mod dependencies;
mod edges;
mod effects;
mod files;
mod go;
#[cfg(feature = "git")]
mod history;
mod incremental;
mod java;
mod lineage;
mod older_store;
mod packages;
#[cfg(feature = "git")]
mod project_graph;
#[cfg(feature = "provider")]
mod provider;
mod python;
#[cfg(feature = "remote")]
mod remote;
#[cfg(feature = "scip")]
mod scip;
mod seen;
mod semantic;
mod sharing;
mod sir;
mod support;
mod survival;
mod typescript;
#[cfg(feature = "watch")]
mod watch;
mod whole_graph;
