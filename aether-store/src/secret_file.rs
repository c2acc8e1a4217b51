//! Files of secrets: readable by their owner alone, and never replaced.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::folders::{make_folder, or_here, sync_folder};

/// Why a file of a secret is not taken.
#[derive(Debug)]
pub(crate) enum SecretFault {
    /// There is none.
    Missing,
    /// There is one already.
    Exists,
    /// It is a link, a folder or something else that is no file.
    NotAFile,
    /// Others than its owner may use it: its mode.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has modes"))]
    OpenToOthers(u32),
    /// It belongs to this user.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has owners by number"))]
    NotOwned(u32),
    /// It is longer than the limit.
    TooLong,
    Io(io::Error),
}

impl From<io::Error> for SecretFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file of at most `max_bytes`. On systems other than Unix, neither owner nor permissions are looked at.
pub(crate) fn read(path: &Path, max_bytes: usize) -> Result<Vec<u8>, SecretFault> {
    // First, because opening a link or a pipe leads elsewhere or waits.
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SecretFault::Missing),
        Err(error) => return Err(error.into()),
        Ok(metadata) if !metadata.is_file() => return Err(SecretFault::NotAFile),
        Ok(_) => {}
    }
    let file = open(path)?;
    // What is open is what counts, whatever stands at the path by now.
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(SecretFault::NotAFile);
    }
    check_owner(&metadata)?;
    let mut secret = Vec::with_capacity(max_bytes + 1);
    file.take(max_bytes as u64 + 1).read_to_end(&mut secret)?;
    if secret.len() > max_bytes { Err(SecretFault::TooLong) } else { Ok(secret) }
}

/// Keeps a secret: the file is complete and safe on disk before it has its name, and one that is there stays.
pub(crate) fn create(path: &Path, secret: &[u8]) -> Result<(), SecretFault> {
    let folder = or_here(path.parent().unwrap_or(Path::new("")));
    make_folder(folder)?;
    // Readable by its owner alone from its first moment on.
    let mut file = tempfile::Builder::new().prefix(".new-key-").tempfile_in(folder)?;
    file.write_all(secret)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Err(SecretFault::Exists),
        Err(error) => return Err(error.error.into()),
    }
    Ok(sync_folder(folder)?)
}

#[cfg(unix)]
fn check_owner(metadata: &Metadata) -> Result<(), SecretFault> {
    use std::os::unix::fs::MetadataExt as _;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(SecretFault::NotOwned(metadata.uid()));
    }
    match metadata.mode() & 0o7777 {
        mode if mode & 0o077 != 0 => Err(SecretFault::OpenToOthers(mode)),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn check_owner(_: &Metadata) -> Result<(), SecretFault> {
    Ok(())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options.open(path)
}
