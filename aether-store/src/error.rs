//! Errors: one opaque type for opening, stable codes for everything else.

use aether_core::base::ErrorCode;
use aether_core::port::PortError;
use rusqlite::ffi;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct StoreError(#[from] Cause);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// There is no store to read: no file, or an empty one.
    Missing,
    /// The store was written by a newer version of Aether.
    NewerVersion,
    /// The file is not a database, or is damaged.
    Corrupt,
    /// The file is a database of something else.
    NotAStore,
    /// Another process holds the store and did not release it within the busy timeout.
    Locked,
    /// There is no space left.
    DiskFull,
    /// The file could not be read or written.
    Io,
    /// A defect in this crate.
    Internal,
}

impl StoreError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.0.kind()
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code()
    }
}

impl From<StoreError> for PortError {
    fn from(error: StoreError) -> Self {
        error.0.into()
    }
}

/// What went wrong, inside the crate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("there is no store yet")]
    Missing,
    #[error("store has version {found}, newer than {known}, which this program knows")]
    Newer { found: i64, known: i64 },
    #[error("store holds facts of version {found}, this program writes version {known}")]
    OtherFacts { found: i64, known: i64 },
    #[error("file is a database, but not a store of Aether")]
    NotAStore,
    #[error("store is damaged: {0}")]
    Corrupt(&'static str),
    #[error("store is open for reading only")]
    ReadOnly,
    #[error("store could not be used")]
    Io(#[from] std::io::Error),
    #[error("{}", describe(.0))]
    Sqlite(#[from] rusqlite::Error),
    #[error("facts could not be written")]
    Facts(#[from] postcard::Error),
    #[error("delta was computed from generation {base}, the index has {found}")]
    Conflict { base: u64, found: u64 },
    #[error("another program recorded a state meanwhile")]
    SeenTwice,
    #[error("delta is inconsistent: {0}")]
    BadDelta(&'static str),
    #[error("delta is inconsistent: two symbols have the same id")]
    TakenId { key: i64 },
}

fn describe(error: &rusqlite::Error) -> &'static str {
    match sqlite_kind(error) {
        StoreErrorKind::Locked => "store is held by another process",
        StoreErrorKind::DiskFull => "no space is left for the store",
        StoreErrorKind::Corrupt => "store is not a database or is damaged",
        _ => "store could not be read or written",
    }
}

/// What kind of failure SQLite tells.
pub(crate) fn sqlite_kind(error: &rusqlite::Error) -> StoreErrorKind {
    match error {
        // The index of the log beside the file has no room either; only a full disk stops it from growing.
        rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            StoreErrorKind::DiskFull
        }
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked => StoreErrorKind::Locked,
            ffi::ErrorCode::DiskFull => StoreErrorKind::DiskFull,
            ffi::ErrorCode::NotADatabase | ffi::ErrorCode::DatabaseCorrupt => StoreErrorKind::Corrupt,
            ffi::ErrorCode::ConstraintViolation | ffi::ErrorCode::ApiMisuse => StoreErrorKind::Internal,
            // A table or column of ours is gone, or a virtual table cannot read its own tables.
            ffi::ErrorCode::Unknown => StoreErrorKind::Corrupt,
            _ => StoreErrorKind::Io,
        },
        rusqlite::Error::SqlInputError { .. }
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::QueryReturnedNoRows => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Internal,
    }
}

impl Cause {
    fn kind(&self) -> StoreErrorKind {
        match self {
            Self::Missing => StoreErrorKind::Missing,
            Self::Newer { .. } | Self::OtherFacts { .. } => StoreErrorKind::NewerVersion,
            Self::NotAStore => StoreErrorKind::NotAStore,
            Self::Corrupt(_) => StoreErrorKind::Corrupt,
            Self::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => StoreErrorKind::DiskFull,
            Self::ReadOnly | Self::Io(_) => StoreErrorKind::Io,
            Self::Sqlite(error) => sqlite_kind(error),
            // No store is opened with a delta.
            Self::Facts(_)
            | Self::BadDelta(_)
            | Self::TakenId { .. }
            | Self::Conflict { .. }
            | Self::SeenTwice => StoreErrorKind::Internal,
        }
    }

    fn code(&self) -> ErrorCode {
        if matches!(self, Self::Conflict { .. } | Self::SeenTwice) {
            return ErrorCode::STORE_CONFLICT;
        }
        match self.kind() {
            StoreErrorKind::Missing => ErrorCode::STORE_MISSING,
            StoreErrorKind::NewerVersion => ErrorCode::STORE_NEWER,
            StoreErrorKind::Corrupt => ErrorCode::STORE_CORRUPT,
            StoreErrorKind::NotAStore => ErrorCode::STORE_NOT_A_STORE,
            StoreErrorKind::Locked => ErrorCode::STORE_LOCKED,
            StoreErrorKind::DiskFull => ErrorCode::STORE_FULL,
            StoreErrorKind::Io => ErrorCode::STORE_IO,
            StoreErrorKind::Internal => ErrorCode::INTERNAL,
        }
    }
}

impl From<Cause> for PortError {
    fn from(cause: Cause) -> Self {
        let error = Self::new(cause.code(), cause.to_string());
        match cause {
            Cause::Sqlite(source) => error.with_source(source),
            Cause::Io(source) => error.with_source(source),
            Cause::Facts(source) => error.with_source(source),
            _ => error,
        }
    }
}

/// Results inside the crate.
pub(crate) type Outcome<T> = Result<T, Cause>;

/// Turns a blob that does not decode into an error.
pub(crate) trait OrCorrupt<T> {
    /// The value, or "the store is damaged" with what could not be read.
    fn or_corrupt(self, what: &'static str) -> Outcome<T>;
}

impl<T> OrCorrupt<T> for Option<T> {
    fn or_corrupt(self, what: &'static str) -> Outcome<T> {
        self.ok_or(Cause::Corrupt(what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_known_by_all_its_names() {
        let sqlite = |code| Cause::Sqlite(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for cause in [
            Cause::Io(std::io::ErrorKind::StorageFull.into()),
            sqlite(ffi::SQLITE_FULL),
            sqlite(ffi::SQLITE_IOERR_SHMSIZE),
        ] {
            assert_eq!(cause.code(), ErrorCode::STORE_FULL, "{cause}");
        }
        for cause in [Cause::Io(std::io::ErrorKind::PermissionDenied.into()), sqlite(ffi::SQLITE_IOERR_WRITE)]
        {
            assert_eq!(cause.code(), ErrorCode::STORE_IO, "{cause}");
        }
    }
}
