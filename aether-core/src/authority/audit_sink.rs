//! Where audit rows go.

use super::LedgerError;
use crate::base::Timestamp;
use crate::record::{AuditEntry, AuditQuery, AuditReceipt, AuditRow, SealedTip};

/// An audit log that only ever grows. Whoever supplies it is trusted: the gate believes a receipt.
pub trait AuditSink: Send + Sync + std::fmt::Debug {
    /// Adds a row behind the last one. When it returns, the row and the new tip survive a loss of power, both
    /// or neither.
    ///
    /// # Errors
    ///
    /// When the row is not durable, and where an earlier failure left it open whether it is: the log then
    /// stays as it was.
    fn append(&self, entry: AuditEntry, at: Timestamp) -> Result<AuditReceipt, LedgerError>;

    /// Whether rows can be added.
    ///
    /// # Errors
    ///
    /// When the log is known to be damaged, or cannot be written.
    fn check(&self) -> Result<(), LedgerError>;

    /// Rows that are asked for, in the order of the log, as they are kept. Rows that cannot be read as a
    /// record are told to a query without conditions only.
    ///
    /// # Errors
    ///
    /// When the log cannot be read.
    fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, LedgerError>;

    /// The tip that is kept beside the rows, under its seal.
    ///
    /// # Errors
    ///
    /// When the log cannot be read, or its tip is gone.
    fn tip(&self) -> Result<SealedTip, LedgerError>;
}
