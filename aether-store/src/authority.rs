//! The policy file: the audit log, grants, tickets and costs, in one SQLite file of their own.
//!
//! `docs/FORMAT.md`, section "Policy file", has the bytes.

mod audit;
mod costs;
mod error;
mod file;
mod grants;
mod head;
mod key_file;
mod key_files;
#[cfg(feature = "keyring")]
mod keyring;
mod log;
mod options;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use aether_core::record::AuditKey;
use rusqlite::Connection;

pub use error::{PolicyStoreError, PolicyStoreErrorKind};
pub use key_file::{AuditKeyError, AuditKeyErrorKind, AuditKeyFile, audit_key};
pub use key_files::AuditKeyFiles;
#[cfg(feature = "keyring")]
pub use keyring::AuditKeyring;
pub use log::{AuditExport, AuditLog, AuditTrust};
pub use options::PolicyStoreOptions;

use error::Fault;
use file::{FileId, Session, Shape};

/// Everything that a [`PolicyGate`](aether_core::authority::PolicyGate) keeps, in one file: it is an
/// [`AuditSink`](aether_core::port::AuditSink), a [`GrantStore`](aether_core::port::GrantStore) and a
/// [`CostLedger`](aether_core::port::CostLedger).
///
/// The file stands beside the index, and nothing that clears or rebuilds the index touches it. What a method
/// acknowledged survives a loss of power. Threads may share one, and several processes may have the same file
/// open: writers wait for each other.
///
/// A file whose audit log does not fit its head or the key is opened nevertheless, so that grants can still be
/// taken back; the log then takes no rows, and a gate allows nothing.
///
/// # Examples
///
/// ```
/// use aether_core::authority::{
///     ActionRequest, Capability, EditFiles, PolicyConfig, PolicyGate, Preset, ProvenanceTag, Resource,
/// };
/// use aether_core::base::{Cancel, Sha256Hash, Timestamp};
/// use aether_core::record::{AuditKey, AuditVerdict};
/// use aether_store::{AuditTrust, PolicyStore, PolicyStoreOptions};
/// # let folder = tempfile::tempdir()?;
/// let key = AuditKey::new("test", &[7; 32])?;
/// let path = folder.path().join("authority.db");
/// let store = PolicyStore::open(&path, key.clone(), &PolicyStoreOptions::default())?;
/// let gate = PolicyGate::new(PolicyConfig::new(Preset::Operator), &store, &store)?.with_costs(&store);
///
/// let mut request = ActionRequest::new("req-1", "fixer", Capability::FilesEdit);
/// request.resources.push(Resource::path("src/lib.rs")?);
/// request.content = Some(Sha256Hash::of(b"the patch"));
/// request.provenance.insert(ProvenanceTag::Session);
/// let decision = gate.authorize::<EditFiles>(&request, Timestamp::from_unix_ms(0));
/// assert_eq!(decision.audit.map(|receipt| receipt.seq), Some(1));
///
/// let verdict = store.log().verify(&AuditTrust::new(vec![key]), &Cancel::new())?;
/// assert_eq!(verdict, AuditVerdict::Valid { rows: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PolicyStore {
    path: PathBuf,
    options: PolicyStoreOptions,
    shape: Shape,
    file: FileId,
    is_write_protected: bool,
    /// Set once it is open what is on disk.
    is_stopped: AtomicBool,
    // Lock order: `key`, then one of the two sessions.
    key: RwLock<AuditKey>,
    writer: Mutex<Session>,
    reader: Mutex<Session>,
}

impl PolicyStore {
    /// Opens the policy file at `path`, by custom `.aether/authority.db`, and makes it when it is not there;
    /// its owner alone can read it then. Rows are sealed with `key`, see [`audit_key`].
    ///
    /// # Errors
    ///
    /// [`NewerVersion`](PolicyStoreErrorKind::NewerVersion),
    /// [`NotAPolicyFile`](PolicyStoreErrorKind::NotAPolicyFile),
    /// [`Damaged`](PolicyStoreErrorKind::Damaged) also when the file is gone and its write-ahead log is not,
    /// [`Locked`](PolicyStoreErrorKind::Locked), [`DiskFull`](PolicyStoreErrorKind::DiskFull) and
    /// [`Io`](PolicyStoreErrorKind::Io). A file that is none of ours is never changed.
    pub fn open(path: &Path, key: AuditKey, options: &PolicyStoreOptions) -> Result<Self, PolicyStoreError> {
        file::create(path, &key)?;
        let shape = Shape::new()?;
        let file = FileId::of(path)?;
        let writer = Session::writer(path, &shape, options)?;
        let reader = Session::reader(path, &shape, options)?;
        Ok(Self {
            path: path.to_owned(),
            options: options.clone(),
            file,
            is_write_protected: writer.is_write_protected()?,
            is_stopped: AtomicBool::new(false),
            key: RwLock::new(key),
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            shape,
        })
    }

    /// The audit log, for reading.
    #[must_use]
    pub fn log(&self) -> AuditLog {
        AuditLog::of(&self.path, self.shape.clone(), &self.options)
    }

    fn key(&self) -> RwLockReadGuard<'_, AuditKey> {
        // A key is replaced as a whole.
        self.key.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn key_to_change(&self) -> RwLockWriteGuard<'_, AuditKey> {
        self.key.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        lock(&self.reader).read(work)
    }

    /// Whether something can be written, as far as that can be told beforehand.
    fn check_writable(&self) -> Result<(), Fault> {
        if self.is_stopped.load(Ordering::Acquire) {
            return Err(Fault::Stopped);
        }
        if self.is_write_protected {
            return Err(Fault::ReadOnly);
        }
        // What is written to a file that was removed is gone when it is closed.
        match FileId::of(&self.path) {
            Ok(file) if file == self.file => Ok(()),
            Ok(_) | Err(Fault::Missing) => Err(Fault::Moved),
            Err(fault) => Err(fault),
        }
    }

    fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut writer = lock(&self.writer);
        self.check_writable()?;
        let done = writer.write(work);
        if done.as_ref().is_err_and(Fault::is_open_end) {
            // Before the lock is given up, so that nobody writes behind what may or may not be there.
            self.is_stopped.store(true, Ordering::Release);
        }
        done
    }
}

fn lock(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
    // Transactions roll back when a panic unwinds through them, so a connection stays usable.
    session.lock().unwrap_or_else(PoisonError::into_inner)
}
