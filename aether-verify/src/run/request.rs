//! What is checked and found out about a request before anything is started.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::change::NetworkAccess;
use aether_core::port::{RunError, RunRequest};
use rustix::fs::{Access, AtFlags, CWD};

use super::host::HostRunner;
use super::order::Job;
use super::sight::{check_environment, real, real_folder, sockets_in_sight, writable_folders};

/// The job of a request, in which its sandbox has no folder for temporary files yet.
pub(super) fn job_of(runner: &HostRunner, request: &RunRequest) -> Result<Job, RunError> {
    let folder = real_folder(&request.folder)?;
    let writable = writable_folders(request)?;
    check_environment(request)?;
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
        visible.extend(real("/etc/resolv.conf"));
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
