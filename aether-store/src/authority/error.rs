//! Why the policy file could not be opened, read or written.

use std::io;

use aether_core::authority::LedgerError;
use aether_core::base::{Cancelled, ErrorCode};
use aether_core::record::{AuditError, NoteError};

use crate::error::{StoreErrorKind, sqlite_kind};

/// Why the policy file could not be opened, read or written.
///
/// The ports give a [`LedgerError`] instead, whose source is one of these where the file is the cause.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct PolicyStoreError(#[from] pub(super) Fault);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PolicyStoreErrorKind {
    /// There is no policy file to read, or it is no longer where it was opened.
    Missing,
    /// The file was written by a newer version of Aether.
    NewerVersion,
    /// The file is not a database, is damaged, or its tables, triggers or rows were changed.
    Damaged,
    /// The file is a database of something else.
    NotAPolicyFile,
    /// Another process holds the file and did not release it within the busy timeout.
    Locked,
    /// There is no space left.
    DiskFull,
    /// The file could not be read or written.
    Io,
    /// An earlier write failed in a way that leaves open what is on disk: open the file again.
    Stopped,
    /// The audit log is not sealed with the key that was given.
    OtherKey,
    /// The entry is too long, or is one that is not added in this way.
    BadEntry,
    /// A grant, a ticket or the name of a request is above its limit.
    TooLarge,
    /// There is a grant, a ticket or a reservation of this name already.
    Conflict,
    /// A grant is not there, was used or revoked, has expired or is not for one action.
    Spent,
    /// The permit is not one for an export of the audit log.
    NotPermitted,
    /// What was read could not be written to where it should go.
    Output,
    /// The tip could not be signed.
    Note,
    /// The operation was cancelled.
    Cancelled,
    /// A defect in this crate.
    Internal,
}

impl PolicyStoreError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> PolicyStoreErrorKind {
        self.0.kind()
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code()
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("there is no policy file")]
    Missing,
    #[error("policy file is no longer where it was opened")]
    Moved,
    #[error("policy file has version {found}, newer than {known}, which this program knows")]
    Newer { found: i64, known: i64 },
    #[error("file is a database, but not a policy file of Aether")]
    NotAPolicyFile,
    #[error("policy file is damaged: {0}")]
    Damaged(&'static str),
    #[error("policy file is write protected")]
    ReadOnly,
    #[error("policy file could not be used")]
    Io(#[from] io::Error),
    #[error("policy file could not be read or written")]
    Sqlite(#[from] rusqlite::Error),
    #[error("policy file could not be made safe on disk")]
    Commit(#[source] rusqlite::Error),
    #[error("an earlier write to the policy file failed, so it must be opened again")]
    Stopped,
    #[error("head of the audit log is gone")]
    NoHead,
    #[error("head and rows of the audit log do not fit together")]
    HeadUnlikeRows,
    #[error("audit log is sealed with the key {sealed_by}, not with {key}")]
    OtherKey { sealed_by: String, key: String },
    #[error(
        "head of the audit log is not sealed with the key {key}: it was changed, or the key is another one"
    )]
    ForgedHead { key: String },
    #[error("next key has the name of the present one")]
    SameKey,
    #[error("a change of the key is not written as an entry")]
    Rotation,
    #[error("row of the audit log could not be made")]
    Entry(#[from] AuditError),
    #[error("{what} of {actual} bytes is above the limit of {limit}")]
    TooLarge { what: &'static str, actual: usize, limit: usize },
    #[error("there is {what} {name} already")]
    Conflict { what: &'static str, name: String },
    #[error("grant {id} is used up, has ended, or was never for one action")]
    Spent { id: String },
    #[error("grants of this scope are not known to this version")]
    UnknownScope,
    #[error("permit is not one to export the audit log")]
    NotPermitted,
    #[error("audit log could not be written to where it should go")]
    Output(#[source] io::Error),
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("record could not be written as JSON")]
    Json(#[source] serde_json::Error),
}

impl Fault {
    fn kind(&self) -> PolicyStoreErrorKind {
        match self {
            Self::Missing | Self::Moved => PolicyStoreErrorKind::Missing,
            Self::Newer { .. } => PolicyStoreErrorKind::NewerVersion,
            Self::NotAPolicyFile => PolicyStoreErrorKind::NotAPolicyFile,
            Self::Damaged(_) | Self::NoHead | Self::HeadUnlikeRows => PolicyStoreErrorKind::Damaged,
            Self::Io(error) if error.kind() == io::ErrorKind::StorageFull => PolicyStoreErrorKind::DiskFull,
            Self::Io(_) | Self::ReadOnly => PolicyStoreErrorKind::Io,
            Self::Sqlite(error) | Self::Commit(error) => match sqlite_kind(error) {
                StoreErrorKind::Locked => PolicyStoreErrorKind::Locked,
                StoreErrorKind::DiskFull => PolicyStoreErrorKind::DiskFull,
                StoreErrorKind::Corrupt => PolicyStoreErrorKind::Damaged,
                StoreErrorKind::Internal => PolicyStoreErrorKind::Internal,
                _ => PolicyStoreErrorKind::Io,
            },
            Self::Stopped => PolicyStoreErrorKind::Stopped,
            Self::OtherKey { .. } | Self::ForgedHead { .. } | Self::SameKey => PolicyStoreErrorKind::OtherKey,
            Self::Rotation | Self::Entry(_) => PolicyStoreErrorKind::BadEntry,
            Self::TooLarge { .. } => PolicyStoreErrorKind::TooLarge,
            Self::Conflict { .. } => PolicyStoreErrorKind::Conflict,
            Self::Spent { .. } => PolicyStoreErrorKind::Spent,
            Self::NotPermitted => PolicyStoreErrorKind::NotPermitted,
            Self::Output(_) => PolicyStoreErrorKind::Output,
            Self::Note(_) => PolicyStoreErrorKind::Note,
            Self::Cancelled(_) => PolicyStoreErrorKind::Cancelled,
            Self::UnknownScope | Self::Json(_) => PolicyStoreErrorKind::Internal,
        }
    }

    fn code(&self) -> ErrorCode {
        match (self.kind(), self) {
            (_, Self::Note(error)) => error.code(),
            (PolicyStoreErrorKind::Missing, _) => ErrorCode::STORE_MISSING,
            (PolicyStoreErrorKind::NewerVersion, _) => ErrorCode::STORE_NEWER,
            (PolicyStoreErrorKind::Damaged, _) => ErrorCode::STORE_CORRUPT,
            (PolicyStoreErrorKind::NotAPolicyFile, _) => ErrorCode::STORE_NOT_A_STORE,
            (PolicyStoreErrorKind::Locked, _) => ErrorCode::STORE_LOCKED,
            (PolicyStoreErrorKind::DiskFull, _) => ErrorCode::STORE_FULL,
            (PolicyStoreErrorKind::Io | PolicyStoreErrorKind::Note, _) => ErrorCode::STORE_IO,
            (
                PolicyStoreErrorKind::Stopped
                | PolicyStoreErrorKind::OtherKey
                | PolicyStoreErrorKind::BadEntry
                | PolicyStoreErrorKind::NotPermitted,
                _,
            ) => ErrorCode::POLICY_AUDIT_FAILED,
            (PolicyStoreErrorKind::TooLarge, _) => ErrorCode::POLICY_LEDGER_FAILED,
            (PolicyStoreErrorKind::Conflict, _) => ErrorCode::POLICY_CONFLICT,
            (PolicyStoreErrorKind::Spent, _) => ErrorCode::POLICY_GRANT_SPENT,
            (PolicyStoreErrorKind::Output, _) => ErrorCode::OUTPUT_IO,
            (PolicyStoreErrorKind::Cancelled, _) => ErrorCode::CANCELLED,
            (PolicyStoreErrorKind::Internal, _) => ErrorCode::INTERNAL,
        }
    }

    /// Whether it is open what is on disk after this.
    pub(super) fn is_open_end(&self) -> bool {
        matches!(self, Self::Commit(error) if sqlite_kind(error) == StoreErrorKind::Io)
    }
}

/// The error of a port that keeps the audit log.
pub(super) fn of_audit(what: &'static str) -> impl FnOnce(Fault) -> LedgerError {
    move |fault| LedgerError::new(ErrorCode::POLICY_AUDIT_FAILED, what).with_source(PolicyStoreError(fault))
}

/// The error of a port that keeps grants or costs.
pub(super) fn of_ledger(what: &'static str) -> impl FnOnce(Fault) -> LedgerError {
    move |fault| match fault {
        Fault::Conflict { .. } => LedgerError::new(ErrorCode::POLICY_CONFLICT, fault.to_string()),
        Fault::Spent { .. } => LedgerError::new(ErrorCode::POLICY_GRANT_SPENT, fault.to_string()),
        fault => LedgerError::new(ErrorCode::POLICY_LEDGER_FAILED, what).with_source(PolicyStoreError(fault)),
    }
}
