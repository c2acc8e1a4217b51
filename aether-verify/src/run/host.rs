//! The runner of this machine.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::Cancel;
use aether_core::change::{CommandLine, RunMode, RunReport, SandboxReport};
use aether_core::port::{RunError, RunRequest, Runner};
use async_trait::async_trait;

use super::allowlist;

/// The folders where services of a system have their sockets.
const FOLDERS_OF_SERVICES: [&str; 2] = ["/run", "/var/run"];

/// The program that puts the sandbox in force: one whose `main` calls [`launch`](crate::launch).
///
/// It may be the program that embeds this crate, with an argument that leads it there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Launcher {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
}

impl Launcher {
    /// A launcher by its absolute path, and the arguments that make it launch.
    #[must_use]
    pub fn new(
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        Self { program: program.into(), arguments: arguments.into_iter().map(Into::into).collect() }
    }
}

/// Which sandbox to use.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SandboxKind {
    /// Namespaces; where they cannot be made, what can be done without, and the report says so.
    #[default]
    Strongest,
    /// Namespaces, or the run is refused.
    Namespaces,
    /// Landlock and seccomp alone, also where namespaces could be made.
    Restricted,
}

/// Runs commands on this machine, each in a sandbox of its own.
///
/// A command is confined as its request says, and runs at all only if it is one of
/// [`with_allowed`](Self::with_allowed). It sees the files of the machine read-only but for its folders; what
/// it starts ends with it. The threads that follow a command are threads of their own: `run` needs no
/// particular executor.
///
/// # What it keeps out
///
/// `docs/adr/0018-how-commands-are-confined.md` has the whole list, and what it does not keep out: a command
/// can read what the user can read, can use as much memory and processor time as the user, and shares the
/// kernel.
///
/// # Examples
///
/// ```no_run
/// // Not run: it needs a launcher.
/// use std::time::Instant;
///
/// use aether_core::base::Cancel;
/// use aether_core::change::CommandLine;
/// use aether_core::port::{RunRequest, Runner};
/// use aether_verify::{HostRunner, Launcher};
///
/// # use aether_core::authority::{Permit, RunCommand};
/// # async fn check(permit: Permit<RunCommand>) -> Result<(), aether_core::port::RunError> {
/// let check = CommandLine::new("cargo", ["check", "--offline"]);
/// let launcher = Launcher::new("/usr/bin/aether", ["sandbox-launch"]);
/// let runner = HostRunner::new(launcher, Instant::now).with_allowed([check.clone()]);
/// let mut request = RunRequest::new(check, "/srv/scratch");
/// request.environment = vec![("PATH".into(), "/usr/bin:/bin".into())];
/// let report = runner.run(permit, &request, &Cancel::new()).await?;
/// assert!(report.is_green());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct HostRunner {
    pub(super) launcher: Launcher,
    pub(super) clock: fn() -> Instant,
    pub(super) allowed: Vec<CommandLine>,
    pub(super) hidden: Vec<PathBuf>,
    pub(super) visible: Vec<PathBuf>,
    pub(super) kind: SandboxKind,
    pub(super) temporary_folder: PathBuf,
    pub(super) temporary_bytes: u64,
}

impl HostRunner {
    /// A runner that allows no command yet. `clock` tells the time for limits, as `Instant::now` does.
    #[must_use]
    pub fn new(launcher: Launcher, clock: fn() -> Instant) -> Self {
        Self {
            launcher,
            clock,
            allowed: Vec::new(),
            hidden: FOLDERS_OF_SERVICES.map(PathBuf::from).to_vec(),
            visible: Vec::new(),
            kind: SandboxKind::default(),
            temporary_folder: PathBuf::from("/tmp"),
            temporary_bytes: 2 * 1024 * 1024 * 1024,
        }
    }

    /// Allows these commands in addition, each exactly as it is: program and all arguments.
    #[must_use]
    pub fn with_allowed(mut self, commands: impl IntoIterator<Item = CommandLine>) -> Self {
        self.allowed.extend(commands);
        self
    }

    /// Puts these folders, files and sockets out of sight in addition to `/run`, `/var/run` and every socket
    /// that has a name in the file system when a run begins. What is not there is no error.
    ///
    /// [`secrets_of_home`](crate::secrets_of_home) and [`secrets_of_cargo`](crate::secrets_of_cargo) name what
    /// should not be read. Without a mount namespace nothing can be put out of sight: files can be read then,
    /// which the report says, and no socket can be connected.
    #[must_use]
    pub fn with_hidden(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.hidden.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Keeps these in sight although they lie below something that is out of sight: `/run`, `/tmp`, `/dev`,
    /// or one of [`with_hidden`](Self::with_hidden). They are read-only. The folders of a request need no
    /// mention.
    #[must_use]
    pub fn with_visible(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.visible.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Uses this sandbox. Default: the strongest one that the system has.
    #[must_use]
    pub fn with_sandbox(mut self, kind: SandboxKind) -> Self {
        self.kind = kind;
        self
    }

    /// Makes the temporary folders of commands in this folder where there is no mount namespace. Default
    /// `/tmp`. In a mount namespace `/tmp` itself is private and in memory.
    #[must_use]
    pub fn with_temporary_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.temporary_folder = folder.into();
        self
    }

    /// Lets the private `/tmp` of a command, and its shared memory, grow to this many bytes each. Default
    /// 2 GiB. Without a mount namespace there is no such limit.
    #[must_use]
    pub fn with_temporary_bytes(mut self, bytes: u64) -> Self {
        self.temporary_bytes = bytes;
        self
    }

    /// What the sandbox of this system holds back: puts it in force for real, and starts nothing in it. It
    /// waits for a few milliseconds.
    ///
    /// # Errors
    ///
    /// `run.unconfined` where the system can hold nothing back, `run.unavailable` where there is no launcher
    /// or no sandbox for this system, `run.io`.
    pub fn probe(&self) -> Result<SandboxReport, RunError> {
        #[cfg(target_os = "linux")]
        return super::supervise::probe(self);
        #[cfg(not(target_os = "linux"))]
        return Err(unknown_system());
    }

    /// The body of `run`: whoever calls it has shown that the command may run.
    async fn execute(&self, request: &RunRequest, cancel: &Cancel) -> Result<RunReport, RunError> {
        #[cfg(target_os = "linux")]
        return super::supervise::run(self, request, cancel).await;
        #[cfg(not(target_os = "linux"))]
        {
            let _ = cancel;
            Err(unknown_system())
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn unknown_system() -> RunError {
    RunError::new(aether_core::base::ErrorCode::RUN_UNAVAILABLE, "there is no sandbox for this system yet")
}

#[async_trait]
impl Runner for HostRunner {
    fn mode(&self) -> RunMode {
        RunMode::HOST
    }

    async fn ready(&self) -> Result<(), RunError> {
        self.probe().map(drop)
    }

    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        allowlist::check(permit, &request.command, &self.allowed)?;
        self.execute(request, cancel).await
    }
}
