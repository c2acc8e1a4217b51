//! What of this machine a request names, looked at before anything is started.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::port::{RunError, RunRequest};

/// Most named sockets that are put out of sight one by one. More have not been seen on a machine.
const MAX_SOCKETS: usize = 4096;

/// The folders that a request may write in, by their paths without links.
pub(super) fn writable_folders(request: &RunRequest) -> Result<Vec<PathBuf>, RunError> {
    let writable = request.writable.iter().map(|path| real_folder(path)).collect::<Result<Vec<_>, _>>()?;
    if let Some(root) = writable.iter().find(|path| path.parent().is_none()) {
        return Err(bad(format!("{} cannot be a writable folder", root.display())));
    }
    Ok(writable)
}

/// That the variables of a request are such.
pub(super) fn check_environment(request: &RunRequest) -> Result<(), RunError> {
    for (name, value) in &request.environment {
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(bad(format!("{name:?} is not a variable of an environment")));
        }
    }
    Ok(())
}

/// A path without links, if it is there and can be reached.
pub(super) fn real(path: impl AsRef<Path>) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}

/// A folder by its path without links. A path with links is refused: a command that ran before may have put
/// one where its folder was.
pub(super) fn real_folder(path: &Path) -> Result<PathBuf, RunError> {
    if !path.is_absolute() {
        return Err(bad(format!("{} is not an absolute path", path.display())));
    }
    let real = std::fs::canonicalize(path).map_err(|error| bad(format!("{}: {error}", path.display())))?;
    if real != path {
        return Err(bad(format!("{} is not the plain path of {}", path.display(), real.display())));
    }
    if !real.is_dir() {
        return Err(bad(format!("{} is not a folder", path.display())));
    }
    Ok(real)
}

fn bad(message: String) -> RunError {
    RunError::new(ErrorCode::RUN_IO, message)
}

/// Sockets that have a name in the file system, whoever listens on them; none where the system has no list of them.
pub(super) fn sockets_in_sight() -> Vec<PathBuf> {
    // Without the list there is still what was named.
    let table = std::fs::read("/proc/net/unix").unwrap_or_default();
    let mut sockets: Vec<PathBuf> =
        table.split(|byte| *byte == b'\n').filter_map(socket_path).take(MAX_SOCKETS).collect();
    sockets.sort();
    sockets.dedup();
    sockets
}

/// The path in a line of `/proc/net/unix`: the eighth field, which may hold white space.
fn socket_path(line: &[u8]) -> Option<PathBuf> {
    let at = line.iter().position(|byte| *byte == b'/')?;
    let fields = line[..at].split(|byte| *byte == b' ').filter(|field| !field.is_empty()).count();
    (fields == 7).then(|| PathBuf::from(OsString::from_vec(line[at..].to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_found_by_their_paths() {
        let plain = b"ffff8880 00000002 00000000 00010000 0001 01 16534 /run/docker.sock";
        assert_eq!(socket_path(plain), Some(PathBuf::from("/run/docker.sock")));
        let spaced = b"0000000000000000: 00000002 00000000 00010000 0001 01  1653 /srv/a b";
        assert_eq!(socket_path(spaced), Some(PathBuf::from("/srv/a b")));
        assert_eq!(socket_path(b"0: 00000002 00000000 00010000 0001 01 16534 @/srv/.X11-unix/X0"), None);
        assert_eq!(socket_path(b"0: 00000003 00000000 00000000 0001 03 16534"), None);
        assert_eq!(socket_path(b"Num       RefCount Protocol Flags    Type St Inode Path"), None);
    }
}
