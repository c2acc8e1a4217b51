//! Files that are there as a whole or not at all.

use std::fs::{File, Permissions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;

use crate::failure::{Failure, Stop};

/// Writes a file beside its place and moves it there once it is whole. What is no plain file, such as
/// a device, is written to as it stands.
pub(super) fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let failed = |error: std::io::Error| {
        Stop::from(Failure::new(
            ErrorCode::OUTPUT_IO,
            format!("{} cannot be written: {error}", path.display()),
        ))
    };
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let mut sink = BufWriter::new(File::options().write(true).open(path).map_err(failed)?);
        let done = write(&mut sink)?;
        sink.flush().map_err(failed)?;
        return Ok(done);
    }
    // A link stays one: what it leads to is replaced.
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".aether-");
    if let Some(permissions) = permissions(&place) {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(folder).map_err(failed)?;
    let mut sink = BufWriter::new(file);
    let done = write(&mut sink)?;
    let file = sink.into_inner().map_err(|error| failed(error.into_error()))?;
    file.persist(&place).map_err(|error| failed(error.error))?;
    Ok(done)
}

/// Those of the file that is replaced, or of any new file; the system takes its mask off.
#[cfg(unix)]
fn permissions(place: &Path) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;

    Some(place.metadata().map_or_else(|_| Permissions::from_mode(0o666), |metadata| metadata.permissions()))
}

#[cfg(not(unix))]
fn permissions(_place: &Path) -> Option<Permissions> {
    None
}
