//! What is checked and found out about a request before anything is started.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::change::NetworkAccess;
use aether_core::port::{RunError, RunRequest};
use rustix::fs::{Access, AtFlags, CWD};

use super::host::HostRunner;
use super::order::Job;

/// Most named sockets that are put out of sight one by one. More have not been seen on a machine.
const MAX_SOCKETS: usize = 4096;

/// The job of a request, in which its sandbox has no folder for temporary files yet.
pub(super) fn job_of(runner: &HostRunner, request: &RunRequest) -> Result<Job, RunError> {
    let folder = real_folder(&request.folder)?;
    let writable = request.writable.iter().map(|path| real_folder(path)).collect::<Result<Vec<_>, _>>()?;
    if let Some(root) = writable.iter().find(|path| path.parent().is_none()) {
        return Err(bad(format!("{} cannot be a writable folder", root.display())));
    }
    for (name, value) in &request.environment {
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(bad(format!("{name:?} is not a variable of an environment")));
        }
    }
    let program = find_program(request, &folder)?;
    let mut job = empty_job(runner, request.network);
    job.visible.push(folder.clone());
    job.program = Some(program);
    job.arguments = std::iter::once(&request.command.program)
        .chain(&request.command.arguments)
        .map(OsString::from)
        .collect();
    job.environment = request.environment.iter().map(|(name, value)| (name.into(), value.into())).collect();
    job.folder = folder;
    job.writable = writable;
    job.allow_unconfined = request.allow_unconfined;
    Ok(job)
}

/// A job without a command, which is a probe.
pub(super) fn empty_job(runner: &HostRunner, network: NetworkAccess) -> Job {
    let mut hidden: Vec<PathBuf> = runner.hidden.iter().chain(&sockets_in_sight()).filter_map(real).collect();
    hidden.sort();
    hidden.dedup();
    let mut visible: Vec<PathBuf> = runner.visible.iter().filter_map(real).collect();
    if network == NetworkAccess::Full {
        // Where names are looked up is often written in a file below /run.
        visible.extend(real(&PathBuf::from("/etc/resolv.conf")));
    }
    Job {
        program: None,
        arguments: Vec::new(),
        environment: Vec::new(),
        folder: PathBuf::from("/"),
        writable: Vec::new(),
        hidden,
        visible,
        network,
        temporary_bytes: runner.temporary_bytes,
        allow_unconfined: false,
    }
}

fn bad(message: String) -> RunError {
    RunError::new(ErrorCode::RUN_IO, message)
}

/// A path without links, if it is there and can be reached.
fn real(path: &PathBuf) -> Option<PathBuf> {
    std::fs::canonicalize(path).ok()
}

/// A folder by its path without links. A path with links is refused: a command that ran before may have put
/// one where its folder was.
fn real_folder(path: &Path) -> Result<PathBuf, RunError> {
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

/// The program of a request: an absolute path, a path from its folder, or a name on the `PATH` of its
/// environment, of which relative folders are left out.
fn find_program(request: &RunRequest, folder: &Path) -> Result<PathBuf, RunError> {
    let name = &request.command.program;
    let not_found = |message: String| RunError::new(ErrorCode::RUN_NOT_FOUND, message);
    if name.is_empty() || name.contains('\0') {
        return Err(not_found(format!("{name:?} is not the name of a program")));
    }
    if name.contains('/') {
        let path = folder.join(name);
        return match can_run(&path) {
            Ok(()) => Ok(path),
            Err(error) => Err(not_found(format!("{}: {error}", path.display()))),
        };
    }
    // The last one counts, as for the system.
    let Some((_, search)) = request.environment.iter().rev().find(|(name, _)| name == "PATH") else {
        return Err(not_found(format!("there is no PATH in the environment to find {name} on")));
    };
    search
        .split(':')
        .map(Path::new)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| can_run(path).is_ok())
        .ok_or_else(|| not_found(format!("{name} is in no folder of the PATH {search}")))
}

fn can_run(path: &Path) -> io::Result<()> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    Ok(rustix::fs::accessat(CWD, path, Access::EXEC_OK, AtFlags::EACCESS)?)
}

/// Sockets that have a name in the file system, whoever listens on them.
fn sockets_in_sight() -> Vec<PathBuf> {
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
