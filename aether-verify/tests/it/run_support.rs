//! What the tests of the runner share.

use std::path::{Path, PathBuf};
use std::time::Instant;

use aether_core::base::Cancel;
use aether_core::change::{CommandLine, RunReport};
use aether_core::conformance::{run_permit, skip};
use aether_core::port::{RunError, RunRequest, Runner};
use aether_verify::{HostRunner, Launcher, SandboxKind};

/// Both sandboxes.
pub(crate) const KINDS: [SandboxKind; 2] = [SandboxKind::Namespaces, SandboxKind::Restricted];

/// A runner with the launcher that was built with the tests, which allows `command` alone.
pub(crate) fn runner(kind: SandboxKind, command: &CommandLine) -> HostRunner {
    let launcher = Launcher::new(launcher(), [] as [&str; 0]);
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
    futures::executor::block_on(runner.run(run_permit(&request.command), request, &Cancel::new()))
}

/// Runs a script in a scratch folder.
#[track_caller]
pub(crate) fn run_script(kind: SandboxKind, script: &str) -> RunReport {
    let (_keep, folder) = scratch();
    let command = sh(script);
    run(&runner(kind, &command), &request(&command, &folder)).unwrap()
}

/// Why this system lets no namespaces be made; a test that needs them prints it and is skipped.
pub(crate) fn lacks_namespaces() -> Option<String> {
    let command = sh("true");
    runner(SandboxKind::Namespaces, &command).probe().err().map(|error| error.to_string())
}

/// The numbers of the processes whose command line begins so; its words are separated by NUL.
pub(crate) fn processes_of(start_of_command: &str) -> Vec<String> {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let line = std::fs::read(entry.path().join("cmdline")).ok()?;
            line.starts_with(start_of_command.as_bytes())
                .then(|| entry.file_name().to_str().map(str::to_owned))?
        })
        .collect()
}

/// A number that no other process of this machine sleeps for.
pub(crate) fn odd_number() -> String {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("{}{}", 80_000 + number, std::process::id())
}

/// Waits until `condition` holds, for ten seconds at most.
#[track_caller]
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed().as_secs() < 10, "waited in vain until {what}");
        std::thread::yield_now();
    }
}

/// The variable that tells the tests, when they run again as a user without privileges, where they may write.
pub(crate) const FOLDER_OF_NOBODY: &str = "AETHER_TEST_FOLDER_OF_NOBODY";

/// The launcher that was built with the tests.
pub(crate) fn launcher() -> PathBuf {
    let built = || PathBuf::from(env!("CARGO_BIN_EXE_aether-sandbox-launch"));
    std::env::var_os(FOLDER_OF_NOBODY).map_or_else(built, |folder| launcher_in(folder.as_ref()))
}

/// The environment in which cargo finds its packages and its compiler.
pub(crate) fn toolchain() -> Vec<(String, String)> {
    let in_home = |name: &str, below: &str| {
        let found = std::env::var(name)
            .map_or_else(|_| Path::new(&std::env::var("HOME").unwrap()).join(below), PathBuf::from);
        (name.to_owned(), found.display().to_string())
    };
    let mut environment = vec![in_home("CARGO_HOME", ".cargo"), in_home("RUSTUP_HOME", ".rustup")];
    for name in ["PATH", "RUSTUP_TOOLCHAIN"] {
        environment.extend(std::env::var(name).ok().map(|value| (name.to_owned(), value)));
    }
    environment
}

/// Where the launcher lies for a user who may not reach what was built.
pub(crate) fn launcher_in(folder: &Path) -> PathBuf {
    folder.join("aether-sandbox-launch")
}

/// A folder that every user of this system can reach, that is not below `/tmp` either. What was built may lie in
/// a home that only its owner may enter.
pub(crate) fn for_everybody() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let built = built_elsewhere();
    let may_enter = |folder: &Path| {
        std::fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0)
    };
    let base = if built.ancestors().all(may_enter) { built } else { Path::new("/var/tmp") };
    let folder = tempfile::tempdir_in(base).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    folder
}

/// A folder that is not below `/tmp`, where a private `/tmp` would hide what a test wants to see protected.
pub(crate) fn elsewhere() -> tempfile::TempDir {
    let base = std::env::var_os(FOLDER_OF_NOBODY).map_or_else(|| built_elsewhere().to_owned(), PathBuf::from);
    tempfile::tempdir_in(base).unwrap()
}

/// Where tests may write, or another place where that is below `/tmp`, as in a clone in a temporary folder.
fn built_elsewhere() -> &'static Path {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR"));
    if built.starts_with("/tmp") { Path::new("/var/tmp") } else { built }
}

/// Makes runners with namespaces, or says why the test is skipped.
pub(crate) fn in_namespaces(test: &str) -> Option<impl Fn(&CommandLine) -> HostRunner> {
    if let Some(reason) = lacks_namespaces() {
        skip(test, reason);
        return None;
    }
    Some(|command: &CommandLine| runner(SandboxKind::Namespaces, command))
}
