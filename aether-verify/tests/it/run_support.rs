//! What the tests of the runner share.

use std::path::{Path, PathBuf};
use std::time::Instant;

use aether_core::base::Cancel;
use aether_core::change::{CommandLine, RunReport};
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{HostRunner, Launcher, SandboxKind};

/// Both sandboxes.
pub(crate) const KINDS: [SandboxKind; 2] = [SandboxKind::Namespaces, SandboxKind::Restricted];

/// A runner with the launcher that was built with the tests, which allows `command` alone.
pub(crate) fn runner(kind: SandboxKind, command: &CommandLine) -> HostRunner {
    let launcher = Launcher::new(env!("CARGO_BIN_EXE_aether-sandbox-launch"), [] as [&str; 0]);
    HostRunner::new(launcher, Instant::now).with_allowed([command.clone()]).with_sandbox(kind)
}

/// A scratch folder by its plain path.
pub(crate) fn scratch() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = std::fs::canonicalize(folder.path()).unwrap();
    (folder, path)
}

/// A request for `program` with a search path.
pub(crate) fn request(command: &CommandLine, folder: &Path) -> RunRequest {
    let mut request = RunRequest::new(command.clone(), folder);
    request.environment = vec![("PATH".into(), std::env::var("PATH").unwrap())];
    request
}

/// A command of the shell. It is the program that is run, with arguments like any other.
pub(crate) fn sh(script: &str) -> CommandLine {
    CommandLine::new("sh", ["-c", script])
}

pub(crate) fn run(runner: &HostRunner, request: &RunRequest) -> Result<RunReport, RunError> {
    futures::executor::block_on(runner.run(request, &Cancel::new()))
}

/// Runs a script in a scratch folder.
#[track_caller]
pub(crate) fn run_script(kind: SandboxKind, script: &str) -> RunReport {
    let (_keep, folder) = scratch();
    let command = sh(script);
    run(&runner(kind, &command), &request(&command, &folder)).unwrap()
}
