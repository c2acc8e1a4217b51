//! Traces: the log of one session, a header line and then one line for each event, each bound to the line
//! before by its hash.
//!
//! A line is one JSON object in the canonical form of RFC 8785, and a value has one written form, so a
//! trace that is read and written again has the same bytes. What a trace must keep to beyond its form is a
//! list of rules ([`TraceRule`]), each with a stable id; [`TraceValidator`] judges line by line.
//!
//! # Examples
//!
//! ```
//! use aether_core::base::{Sha256Hash, Timestamp};
//! use aether_core::record::trace::{
//!     Abstain, Body, Draft, Header, Plan, Policy, TraceBuilder, TraceId, TraceValidator,
//! };
//!
//! let header = Header::new(
//!     TraceId::new("session-0000000001")?,
//!     "why does the build fail",
//!     Sha256Hash::of(b"the tree"),
//!     "rustc 1.95.0",
//!     Policy::default(),
//!     Timestamp::from_unix_ms(0),
//! );
//! let mut builder = TraceBuilder::new(header)?;
//! builder.event(Draft::new(Body::Plan(Plan::new(["ask the compiler"]))))?;
//! builder.event(Draft::new(Body::Abstain(Abstain::new("no compiler", "cargo", "cargo check"))))?;
//! let bytes = builder.finish();
//!
//! let mut validator = TraceValidator::new();
//! for line in bytes.split_inclusive(|byte| *byte == b'\n') {
//!     assert!(validator.push(line).is_empty());
//! }
//! assert!(validator.finish().is_valid());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod budget;
mod build;
mod diagnose;
mod error;
mod event;
mod header;
mod line;
mod normalise;
mod read;
mod replay;
mod rule;
mod scratchpad;
mod state;
mod validate;
mod value;
mod wire;

pub use body::{
    Abstain, Body, Candidate, Check, Decide, DecideAction, EventKind, Note, PatchApplied, Plan, Probe,
    ProbeOutcome, ProbeTool, RankedCandidate, Scratch, Verify,
};
pub use budget::Budget;
pub use build::TraceBuilder;
pub use error::{TraceError, TraceErrorKind};
pub use event::{Draft, Event, Evidence};
pub use header::{CanonVersion, Header, Policy};
pub use normalise::{DivergenceClass, Normaliser, compare_outputs};
pub use read::{Trace, TraceLimits, read_trace};
pub use replay::{Decider, Divergence, replay_recorded};
pub use rule::{TraceRule, Violation};
pub use scratchpad::{Scratchpad, Segment};
pub use validate::{AnchorResolver, AnchorState, TraceReport, TraceValidator};
pub use value::{Count, TraceId};

/// Version of the records of traces. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// What stands in front of everything that a hash of a trace is taken over, so that no other record of
/// Aether can have the same hash: these bytes, then the 32 bytes of the hash before, then the line.
pub const HASH_DOMAIN: &[u8] = b"aether.trace.v1\n";
