//! Audit log, grants and costs in a file of their own, which outlives the index.

mod audit;
mod costs;
mod file;
mod grants;
mod key_file;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aether_core::authority::LedgerError;
use aether_core::base::ErrorCode;
use aether_core::record::AuditKey;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use key_file::{KeyFile, KeyFileError, KeyFileErrorKind};

use crate::error::{Cause, Outcome, StoreError};

/// Audit log, grants, tickets and costs of one workspace, in one SQLite file.
///
/// What a call has written is on disk when it returns. Any number of threads and processes work on one file;
/// writers wait for each other. A clone is another handle.
///
/// Who can write the file can take rows away; what they cannot do without the key is to make it look as if
/// nothing was taken away (`docs/FORMAT.md`, section "Authority file").
///
/// # Examples
///
/// ```
/// use aether_core::base::Timestamp;
/// use aether_core::port::AuditSink as _;
/// use aether_core::record::{AuditActor, AuditEntry, AuditKey, AuditKind, AuditVerdict};
/// use aether_store::AuthorityStore;
///
/// let folder = tempfile::tempdir()?;
/// let key = AuditKey::new("example", &[7; 32])?;
/// let store = AuthorityStore::open(&folder.path().join("authority.db"), key, 1_000)?;
/// let entry = AuditEntry::new(AuditKind::POLICY_CHANGED, AuditActor::User);
/// store.append(entry, Timestamp::from_unix_ms(0))?;
/// assert_eq!(store.verify(None)?, AuditVerdict::Valid { rows: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuthorityStore {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Mutex<Connection>,
    key: AuditKey,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("key", &self.key).finish_non_exhaustive()
    }
}

impl AuthorityStore {
    /// Opens the file at `path`, made where there is none, for its owner alone. Rows are sealed with `key`. A
    /// writer waits so many milliseconds for another.
    ///
    /// A log that another key sealed opens, for [`AuthorityStore::verify`] to tell; nothing can be added to it.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind`](crate::StoreErrorKind): a newer version, a file of something else, a damaged one, one
    /// that is held, and those of the disk.
    pub fn open(path: &Path, key: AuditKey, busy_timeout_ms: u32) -> Result<Self, StoreError> {
        let connection = file::open(path, &key, busy_timeout_ms)?;
        Ok(Self { shared: Arc::new(Shared { connection: Mutex::new(connection), key }) })
    }

    /// Whether the file at `path` holds rows of an audit log, so that their key must not be replaced. A file
    /// that cannot be read holds some.
    #[must_use]
    pub fn has_rows(path: &Path) -> bool {
        file::has_rows(path)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // Transactions roll back when a panic unwinds through them, so a connection stays usable.
        self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(
        &self,
        code: &ErrorCode,
        work: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
    ) -> Result<T, LedgerError> {
        self.run(code, TransactionBehavior::Deferred, work)
    }

    /// Runs `work` in a transaction, which is kept when it succeeds.
    fn write<T>(
        &self,
        code: &ErrorCode,
        work: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
    ) -> Result<T, LedgerError> {
        self.run(code, TransactionBehavior::Immediate, work)
    }

    fn run<T>(
        &self,
        code: &ErrorCode,
        behaviour: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
    ) -> Result<T, LedgerError> {
        let mut connection = self.connection();
        let result = (|| {
            let transaction = connection.transaction_with_behavior(behaviour)?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        })();
        result.map_err(|cause: Cause| failed(code, cause))
    }
}

/// What a caller of the gate is told; what went wrong underneath is its source.
fn failed(code: &ErrorCode, cause: Cause) -> LedgerError {
    let cause = StoreError::from(cause);
    LedgerError::new(code.clone(), cause.to_string()).with_source(cause)
}
