//! The file of the key that seals the audit log: readable by its owner alone, and never replaced.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use aether_core::base::{ErrorCode, Sha256Hasher};
use aether_core::record::{AuditError, AuditKey};

use super::PolicyStoreError;
use super::key_files::{AuditKeyFiles, Found};
use super::options::PolicyStoreOptions;
use crate::secret_file::{self, SecretFault};

/// Stands in front of what names a key, so that the name tells nothing else about it.
const NAME_DOMAIN: &[u8] = b"aether-audit-key-name-v1\0";
const KEY_BYTES: usize = 32;
/// The first part of the names of keys that are in files.
const PREFIX: &str = "file-";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct AuditKeyError(#[from] Fault);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum AuditKeyErrorKind {
    /// There is no key file.
    Missing,
    /// There is a policy file, and the key file that belongs to it is gone. Put it back: with another key,
    /// nothing that was written before can be verified.
    Lost,
    /// There is a key file already.
    Exists,
    /// The file is a link, a folder or something else that is no file.
    NotAFile,
    /// Others than its owner may read or write the file.
    OpenToOthers,
    /// The file belongs to another user.
    NotOwned,
    /// The file does not have exactly 32 bytes, or they are all zeros, or it is called by another key.
    BadKey,
    /// The file could not be read or written.
    Io,
    /// No random bytes could be had.
    NoRandomness,
    /// Whether there is a log could not be told, or it did not take the row that changes its key.
    Log,
}

impl AuditKeyError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> AuditKeyErrorKind {
        match &self.0 {
            Fault::Missing(_) => AuditKeyErrorKind::Missing,
            Fault::Lost { .. } => AuditKeyErrorKind::Lost,
            Fault::Exists(_) => AuditKeyErrorKind::Exists,
            Fault::NotAFile(_) => AuditKeyErrorKind::NotAFile,
            Fault::OpenToOthers { .. } => AuditKeyErrorKind::OpenToOthers,
            Fault::NotOwned { .. } => AuditKeyErrorKind::NotOwned,
            Fault::Length { .. } | Fault::Key(_) | Fault::OtherName(_) => AuditKeyErrorKind::BadKey,
            Fault::Io { .. } => AuditKeyErrorKind::Io,
            Fault::NoRandomness(_) => AuditKeyErrorKind::NoRandomness,
            Fault::Log(_) | Fault::Rotation(_) => AuditKeyErrorKind::Log,
            #[cfg(feature = "keyring")]
            Fault::Keyring(_) => AuditKeyErrorKind::Io,
            #[cfg(feature = "keyring")]
            Fault::OtherEntry(_) => AuditKeyErrorKind::BadKey,
            #[cfg(feature = "keyring")]
            Fault::EntryExists(_) => AuditKeyErrorKind::Exists,
        }
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match (self.kind(), &self.0) {
            (_, Fault::Log(error) | Fault::Rotation(error)) => error.code(),
            (AuditKeyErrorKind::Missing | AuditKeyErrorKind::Lost, _) => ErrorCode::AUDIT_NO_KEY,
            (AuditKeyErrorKind::BadKey, _) => ErrorCode::AUDIT_BAD_KEY,
            (
                AuditKeyErrorKind::NotAFile | AuditKeyErrorKind::OpenToOthers | AuditKeyErrorKind::NotOwned,
                _,
            ) => ErrorCode::AUDIT_UNSAFE_KEY,
            _ => ErrorCode::STORE_IO,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("key file {} is not there", .0.display())]
    Missing(PathBuf),
    #[error("policy file is there, and its key file {} is gone", .path.display())]
    Lost { path: PathBuf },
    #[error("key file {} is there already", .0.display())]
    Exists(PathBuf),
    #[error("key file {} is a link, or no file", .0.display())]
    NotAFile(PathBuf),
    #[error("key file {} has the mode {mode:o}: others than its owner may use it", .path.display())]
    OpenToOthers { path: PathBuf, mode: u32 },
    #[error("key file {} belongs to the user {owner}", .path.display())]
    NotOwned { path: PathBuf, owner: u32 },
    #[error("key file {} does not have exactly 32 bytes", .path.display())]
    Length { path: PathBuf },
    #[error("key file {} is called by another key than it holds", .0.display())]
    OtherName(PathBuf),
    #[error(transparent)]
    Key(#[from] AuditError),
    #[error("key file {} could not be used", .path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("no random bytes could be had for a key")]
    NoRandomness(#[source] io::Error),
    #[error("whether there is an audit log could not be told")]
    Log(#[source] PolicyStoreError),
    #[error("key of the audit log could not be changed")]
    Rotation(#[source] PolicyStoreError),
    #[cfg(feature = "keyring")]
    #[error("keyring of the system could not be used")]
    Keyring(#[source] keyring_core::Error),
    #[cfg(feature = "keyring")]
    #[error("keyring of the system has something else under {0}")]
    OtherEntry(String),
    #[cfg(feature = "keyring")]
    #[error("keyring of the system has {0} already")]
    EntryExists(String),
}

/// A file of 32 bytes, which its owner alone may read.
///
/// Its key is called `file-` and 16 hex digits of a hash of the secret, so two keys never have one name, and a
/// row tells of which file its key was.
///
/// On systems other than Unix, neither owner nor permissions of the file are looked at.
///
/// # Examples
///
/// ```
/// use aether_store::{AuditKeyErrorKind, AuditKeyFile};
/// # let folder = tempfile::tempdir()?;
/// let file = AuditKeyFile::new(folder.path().join("audit.key"));
/// assert_eq!(file.read().expect_err("none").kind(), AuditKeyErrorKind::Missing);
/// // From a source of randomness for secrets.
/// let key = file.create(&[7; 32])?;
/// assert_eq!(file.read()?.id(), key.id());
/// assert_eq!(file.create(&[8; 32]).expect_err("it stays").kind(), AuditKeyErrorKind::Exists);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditKeyFile {
    path: PathBuf,
}

impl AuditKeyFile {
    /// The file at `path`, which is not looked at yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the key.
    ///
    /// # Errors
    ///
    /// Every [`AuditKeyErrorKind`] that says that the file is not one to trust. It is left as it is.
    pub fn read(&self) -> Result<AuditKey, AuditKeyError> {
        let secret = secret_file::read(&self.path, KEY_BYTES).map_err(|fault| self.fault(fault))?;
        let secret: [u8; KEY_BYTES] =
            secret.try_into().map_err(|_| Fault::Length { path: self.path.clone() })?;
        Ok(named(PREFIX, &secret)?)
    }

    /// Keeps a new key: the file is complete and safe on disk before it has its name, and one that is there
    /// stays. The secret must come from a source of randomness for secrets.
    ///
    /// # Errors
    ///
    /// [`AuditKeyErrorKind::Exists`], [`AuditKeyErrorKind::BadKey`] for zeros, and [`AuditKeyErrorKind::Io`].
    pub fn create(&self, secret: &[u8; KEY_BYTES]) -> Result<AuditKey, AuditKeyError> {
        let key = named(PREFIX, secret)?;
        secret_file::create(&self.path, secret).map_err(|fault| self.fault(fault))?;
        Ok(key)
    }

    /// The key that a secret is.
    pub(super) fn key_of(secret: &[u8; KEY_BYTES]) -> Result<AuditKey, AuditKeyError> {
        Ok(named(PREFIX, secret)?)
    }

    fn fault(&self, fault: SecretFault) -> Fault {
        let path = self.path.clone();
        match fault {
            SecretFault::Missing => Fault::Missing(path),
            SecretFault::Exists => Fault::Exists(path),
            SecretFault::NotAFile => Fault::NotAFile(path),
            SecretFault::OpenToOthers(mode) => Fault::OpenToOthers { path, mode },
            SecretFault::NotOwned(owner) => Fault::NotOwned { path, owner },
            SecretFault::TooLong => Fault::Length { path },
            SecretFault::Io(source) => Fault::Io { path, source },
        }
    }
}

/// A key that is called by a hash of its secret.
pub(super) fn named(prefix: &str, secret: &[u8; KEY_BYTES]) -> Result<AuditKey, Fault> {
    let mut hasher = Sha256Hasher::new();
    hasher.update(NAME_DOMAIN);
    hasher.update(secret);
    let mut name = String::from(prefix);
    for byte in &hasher.finish().as_bytes()[..8] {
        // Writing to a `String` cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    Ok(AuditKey::new(name, secret)?)
}

/// The key for the policy file at `store`: the one that the caller has, or that of the files which the head of
/// the log names, or the first of the files, or a new one where there is neither a key file nor a policy file.
/// The bytes of a new one come from `fresh`, a source of randomness for secrets.
///
/// # Errors
///
/// [`AuditKeyErrorKind::Lost`] when there is a policy file and no key file: no other key is made then. Those of
/// [`AuditKeyFile::read`] and [`AuditKeyFile::create`], and [`AuditKeyErrorKind::NoRandomness`].
///
/// # Examples
///
/// ```
/// use aether_store::{AuditKeyFile, AuditKeyFiles, PolicyStore, PolicyStoreOptions, audit_key};
/// # let folder = tempfile::tempdir()?;
/// let (path, options) = (folder.path().join("authority.db"), PolicyStoreOptions::default());
/// let files = AuditKeyFiles::new(AuditKeyFile::new(folder.path().join("audit.key")));
/// let key = audit_key(None, &files, &path, &options, &mut || Ok([7; 32]))?;
/// PolicyStore::open(&path, key.clone(), &options)?;
///
/// let again = audit_key(None, &files, &path, &options, &mut || panic!("there is one"))?;
/// assert_eq!(again.id(), key.id());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit_key(
    given: Option<AuditKey>,
    files: &AuditKeyFiles,
    store: &Path,
    options: &PolicyStoreOptions,
    fresh: &mut dyn FnMut() -> io::Result<[u8; KEY_BYTES]>,
) -> Result<AuditKey, AuditKeyError> {
    if let Some(key) = given {
        return Ok(key);
    }
    match files.of_log(store, options)? {
        Found::Key(key) => return Ok(key),
        Found::Lost => return Err(Fault::Lost { path: files.first().path.clone() }.into()),
        Found::NoLog => {}
    }
    match files.first().create(&fresh().map_err(Fault::NoRandomness)?) {
        // Another program was faster.
        Err(error) if error.kind() == AuditKeyErrorKind::Exists => files.first().read(),
        created => created,
    }
}
