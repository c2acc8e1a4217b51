//! Suites that any implementation of a port can run, ours or a stranger's.
//!
//! Each suite is a function that takes a factory and panics with the rule that was broken. A test of
//! an implementation is one line:
//!
//! ```
//! use aether_core::conformance::{MemoryStore, check_store};
//! check_store(&|| Box::new(MemoryStore::default()));
//! ```
//!
//! [`fixtures`] builds the inputs, also for tests of one's own; [`questions`] asks whatever can be asked; [`MemoryStore`] is the simplest store
//! that passes, to compare a real one with.

pub mod fixtures;
pub mod questions;

mod authority;
mod fact_source;
mod graph;
mod history;
mod memory_audit;
mod memory_grants;
mod memory_store;
mod permits;
mod records;
mod search;
mod skip;
mod store;
mod trace_log;
mod vectors;
mod whole_graph;

pub use authority::{
    AtOnce, check_audit_sink, check_cost_ledger, check_grant_store, verdict_of as audit_verdict_of,
};
pub use fact_source::check_fact_source;
pub use graph::check_graph;
pub use history::check_history;
pub use memory_audit::MemoryAudit;
pub use memory_grants::{MemoryCosts, MemoryGrants};
pub use memory_store::MemoryStore;
pub use permits::{edit_permits, permit, revert_permit, run_permit};
pub use records::check_records;
pub use search::check_search;
pub use skip::skip;
pub use store::check_store;
pub use trace_log::{MemoryTraceLog, check_trace_log};
pub use vectors::check_vectors;

use std::fmt::Debug;

use crate::port::PortError;

/// Unwraps the answer of a port.
#[track_caller]
fn ok<T>(rule: &str, result: Result<T, PortError>) -> T {
    result.unwrap_or_else(|error| panic!("{rule}: failed with {}: {error}", error.code()))
}

/// Compares what an implementation gave with what the rule demands; large values are shown from where
/// they differ.
#[track_caller]
fn expect_eq<T: PartialEq + Debug>(rule: &str, actual: T, expected: T) {
    if actual == expected {
        return;
    }
    let (got, wanted) = (format!("{actual:?}"), format!("{expected:?}"));
    let same = got.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
    panic!("{rule}\n    got: {}\n wanted: {}", around(&got, same), around(&wanted, same));
}

/// A few lines of a text around one of its bytes.
fn around(text: &str, at: usize) -> String {
    let from = text.floor_char_boundary(at.saturating_sub(300));
    let to = text.ceil_char_boundary(at.saturating_add(600));
    let mark = |is_cut: bool| if is_cut { "…" } else { "" };
    format!("{}{}{}", mark(from > 0), &text[from..to], mark(to < text.len()))
}

/// States a rule that holds or not.
#[track_caller]
fn expect(rule: &str, holds: bool) {
    assert!(holds, "{rule}");
}
