//! Folders whose names survive a loss of power.
#![cfg_attr(
    not(test),
    expect(clippy::disallowed_methods, reason = "the folders of the policy file and the ledger")
)]

use std::fs::File;
use std::io;
use std::path::Path;

/// Makes the names in a folder safe, where the system has a way to.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(or_here(path))?.sync_all() } else { Ok(()) }
}

/// Makes a folder, and those around it, where it is not there; and makes its name safe.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    if or_here(path).try_exists()? {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    match std::fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    path.parent().map_or(Ok(()), sync_folder)
}

/// The parent of a bare name is written as nothing.
pub(crate) fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}
