//! Why a ledger could not be opened, written or read.

use std::io;
use std::sync::Arc;

use aether_core::base::ErrorCode;
use aether_core::record::NoteError;

/// Why a ledger could not be opened, written or read. Of what failed, nothing was acknowledged.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct LedgerError(#[from] pub(super) Fault);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum LedgerErrorKind {
    /// Others, here or in another process, wrote for all of the time that a writer waits.
    Locked,
    /// The ledger was opened for reading only.
    ReadOnly,
    /// An event is not one JSON object on one line.
    BadEvent,
    /// An event, or what is appended at once, is above its limit.
    TooLarge,
    /// A line of the ledger is not what was written there.
    Damaged,
    /// There is no space left. The ledger goes on when there is some.
    DiskFull,
    /// The folder could not be read or written.
    Io,
    /// An earlier write failed in a way that leaves open what is on disk: open the ledger again.
    Stopped,
    /// The ledger does not continue the checkpoint that was signed last.
    Inconsistent,
    /// The checkpoint could not be made or signed.
    Note,
}

impl LedgerError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> LedgerErrorKind {
        match &self.0 {
            Fault::Locked => LedgerErrorKind::Locked,
            Fault::ReadOnly => LedgerErrorKind::ReadOnly,
            Fault::BadEvent(_) => LedgerErrorKind::BadEvent,
            Fault::TooLarge { .. } => LedgerErrorKind::TooLarge,
            Fault::Damaged { .. } => LedgerErrorKind::Damaged,
            // Never leaves this module: the segments are read in its place.
            Fault::Index => LedgerErrorKind::Io,
            Fault::Io { source, .. } if is_full(source) => LedgerErrorKind::DiskFull,
            Fault::Io { .. } => LedgerErrorKind::Io,
            Fault::Stopped => LedgerErrorKind::Stopped,
            Fault::Inconsistent { .. } => LedgerErrorKind::Inconsistent,
            Fault::Note(_) => LedgerErrorKind::Note,
        }
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match (self.kind(), &self.0) {
            (_, Fault::Note(error)) => error.code(),
            (LedgerErrorKind::Locked, _) => ErrorCode::STORE_LOCKED,
            (LedgerErrorKind::BadEvent | LedgerErrorKind::TooLarge, _) => ErrorCode::LEDGER_BAD_EVENT,
            (LedgerErrorKind::Damaged, _) => ErrorCode::LEDGER_DAMAGED,
            (LedgerErrorKind::DiskFull, _) => ErrorCode::STORE_FULL,
            (LedgerErrorKind::Stopped, _) => ErrorCode::LEDGER_STOPPED,
            (LedgerErrorKind::Inconsistent, _) => ErrorCode::LEDGER_INCONSISTENT,
            (LedgerErrorKind::Io | LedgerErrorKind::ReadOnly | LedgerErrorKind::Note, _) => {
                ErrorCode::STORE_IO
            }
        }
    }

    /// The event that is damaged, counted from 0, where the error is of the kind `Damaged`.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        match self.0 {
            Fault::Damaged { seq } => Some(seq),
            _ => None,
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("ledger is being written by others, who did not end in time")]
    Locked,
    #[error("ledger is open for reading only")]
    ReadOnly,
    #[error("event {0}")]
    BadEvent(&'static str),
    #[error("{what} of {actual} bytes is above the limit of {limit}")]
    TooLarge { what: &'static str, actual: usize, limit: usize },
    #[error("ledger is damaged at event {seq}")]
    Damaged { seq: u64 },
    #[error("index of the ledger does not fit its segments")]
    Index,
    #[error("could not {what} the ledger")]
    Io {
        what: &'static str,
        #[source]
        source: Arc<io::Error>,
    },
    #[error("ledger stopped when an earlier write failed, and must be opened again")]
    Stopped,
    #[error("ledger does not continue its checkpoint of {size} events")]
    Inconsistent { size: u64 },
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Says what was being done when input or output failed.
pub(super) fn io_fault(what: &'static str) -> impl FnOnce(io::Error) -> Fault {
    move |source| Fault::Io { what, source: Arc::new(source) }
}
