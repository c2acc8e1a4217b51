//! The file with the key of the audit log.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::record::{AuditError, AuditKey};

/// 64 hex digits and a line break.
const MAX_BYTES: u64 = 256;

/// The file with the key of an audit log: 64 hex digits, readable by its owner alone.
///
/// It is never replaced. One that cannot be used is an error, because a new key would make everything that was
/// sealed before look forged.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyFile {
    path: PathBuf,
    key_id: String,
}

/// The key cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("key file {}: {cause}", path.display())]
pub struct KeyFileError {
    path: PathBuf,
    #[source]
    cause: Cause,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyFileErrorKind {
    /// There is none, and none may be made: the log has rows.
    Missing,
    /// It is a link, a folder or something else that is no plain file.
    NotAFile,
    /// Others than its owner can read or write it.
    NotPrivate,
    /// It belongs to somebody else.
    NotOurs,
    /// It holds no key.
    NoKey,
    /// It could not be read or written.
    Io,
}

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("it is gone, and the audit log was sealed with it; put it back")]
    Missing,
    #[error("it is no plain file")]
    NotAFile,
    #[error("others than its owner can read or write it; make it private with `chmod 600`")]
    NotPrivate,
    #[error("it belongs to somebody else")]
    NotOurs,
    #[error("it does not hold 64 hex digits")]
    Text,
    #[error("it holds no key")]
    NoKey(#[source] AuditError),
    #[error("it could not be read or written")]
    Io(#[from] io::Error),
}

impl KeyFileError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> KeyFileErrorKind {
        match &self.cause {
            Cause::Missing => KeyFileErrorKind::Missing,
            Cause::NotAFile => KeyFileErrorKind::NotAFile,
            Cause::NotPrivate => KeyFileErrorKind::NotPrivate,
            Cause::NotOurs => KeyFileErrorKind::NotOurs,
            Cause::Text | Cause::NoKey(_) => KeyFileErrorKind::NoKey,
            Cause::Io(_) => KeyFileErrorKind::Io,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::POLICY_BAD_KEY
    }
}

impl KeyFile {
    /// The file at `path`, whose key goes by this name in the rows.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, key_id: impl Into<String>) -> Self {
        Self { path: path.into(), key_id: key_id.into() }
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
    /// Every [`KeyFileErrorKind`].
    pub fn read(&self) -> Result<AuditKey, KeyFileError> {
        self.try_read().map_err(|cause| self.error(cause))
    }

    /// Reads the key, or makes one of 32 bytes that `random` fills in where there is no file. That is only done
    /// where `may_make` says that nothing was sealed yet.
    ///
    /// # Errors
    ///
    /// Every [`KeyFileErrorKind`].
    pub fn read_or_make(
        &self,
        may_make: bool,
        random: impl FnOnce(&mut [u8; 32]) -> io::Result<()>,
    ) -> Result<AuditKey, KeyFileError> {
        match self.try_read() {
            Err(Cause::Missing) if may_make => {}
            read => return read.map_err(|cause| self.error(cause)),
        }
        let make = || -> Result<(), Cause> {
            let mut secret = [0; 32];
            random(&mut secret)?;
            let mut text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            text.push('\n');
            // Whole under its name, or not there; of two that make one, the first keeps it.
            let folder = self.path.parent().unwrap_or(Path::new("."));
            let mut aside = tempfile::Builder::new().prefix(".key").tempfile_in(folder)?;
            aside.write_all(text.as_bytes())?;
            aside.as_file().sync_all()?;
            match aside.persist_noclobber(&self.path) {
                Ok(_) => {}
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.error.into()),
            }
            #[cfg(unix)]
            File::open(folder)?.sync_all()?;
            Ok(())
        };
        make().map_err(|cause| self.error(cause))?;
        self.read()
    }

    fn try_read(&self) -> Result<AuditKey, Cause> {
        let found = match std::fs::symlink_metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Cause::Missing),
            Err(error) => return Err(error.into()),
        };
        if !found.is_file() {
            return Err(Cause::NotAFile);
        }
        let file = OpenOptions::new().read(true).open(&self.path)?;
        // What was opened counts: another file may have taken the place meanwhile.
        let metadata = file.metadata()?;
        check(&metadata, &found)?;
        let mut text = String::new();
        file.take(MAX_BYTES).read_to_string(&mut text).map_err(|_| Cause::Text)?;
        let digits = text.strip_suffix('\n').unwrap_or(&text);
        if digits.len() != 64 {
            return Err(Cause::Text);
        }
        AuditKey::from_hex(self.key_id.clone(), digits).map_err(Cause::NoKey)
    }

    fn error(&self, cause: Cause) -> KeyFileError {
        KeyFileError { path: self.path.clone(), cause }
    }
}

#[cfg(unix)]
fn check(metadata: &Metadata, found: &Metadata) -> Result<(), Cause> {
    use std::os::unix::fs::MetadataExt as _;

    if !metadata.is_file() || (metadata.dev(), metadata.ino()) != (found.dev(), found.ino()) {
        return Err(Cause::NotAFile);
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(Cause::NotPrivate);
    }
    let own = rustix::process::geteuid();
    if metadata.uid() == own.as_raw() || own.is_root() { Ok(()) } else { Err(Cause::NotOurs) }
}

#[cfg(not(unix))]
fn check(metadata: &Metadata, _: &Metadata) -> Result<(), Cause> {
    if metadata.is_file() { Ok(()) } else { Err(Cause::NotAFile) }
}
