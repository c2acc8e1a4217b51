//! The audit log: what was asked, decided and granted, in a chain that shows every later change.
//!
//! Each row carries the hash of the one before and a MAC that only the holder of the key can make. The rules
//! are pure: a log is any place that keeps rows, and [`AuditChain`] and [`AuditVerifier`] say what may stand
//! in it (`docs/SCHEMAS.md`, section "Audit").

mod chain;
mod entry;
mod error;
mod key;
mod query;
mod signed_tip;
mod verify;

pub use chain::{AuditChain, AuditReceipt, AuditRow, AuditTip, SealedTip};
pub use entry::{AuditActor, AuditEntry, AuditKind, AuditRecord, AuditStage};
pub use error::{AuditError, AuditErrorKind};
pub use key::{AuditKey, AuditMac, AuditMacError};
pub use query::AuditQuery;
pub use verify::{AuditFinding, AuditFlaw, AuditGap, AuditVerdict, AuditVerifier, ExpectedTip};

/// Version of the records of the audit log. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// Longest payload of a row, in bytes: 64 KiB. A row beyond it is refused, so that nobody fills the log with
/// one request; the decision is then a denial.
pub const MAX_PAYLOAD_BYTES: usize = 64 * 1024;
