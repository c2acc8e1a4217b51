//! The runner that uses containers.

pub(super) mod shape;

use std::path::PathBuf;
use std::sync::Arc;

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{CommandLine, RunMode, RunReport};
use aether_core::port::{RunError, RunRequest, Runner};
use async_trait::async_trait;

use self::shape::{Shape, report_of};
use super::allowlist;
use super::owner::{self, Ownership};
use crate::container::{ContainerEngine, ContainerImage, EngineError, EngineErrorKind, EngineFacts};

/// Runs commands in containers, each in a new one that goes with it.
///
/// A command is confined as its request says, and runs at all only if it is one of
/// [`with_allowed`](Self::with_allowed). It sees the image, read-only, and of this machine only its folders, at their
/// own paths. Its user is the owner of its folder. It has no capabilities and can gain none; its processes, memory and
/// temporary files have limits.
///
/// # What is left behind
///
/// Nothing, once a run has ended or was cancelled. The containers of a process that was killed are removed by the next
/// runner with the same state folder: before its first run, or by [`clean_up`](Self::clean_up).
///
/// # What it does not keep out
///
/// The kernel is shared. A command that writes in its folder as root can make files there that root owns, and that are
/// not programs with privileges of somebody else. Sockets that come to lie in its folders after it began can be
/// connected. `docs/adr/0020-containers-through-the-client-of-docker.md` has the list.
///
/// # Examples
///
/// ```no_run
/// // Not run: it needs an engine.
/// use std::sync::Arc;
/// use std::time::Instant;
///
/// use aether_core::base::Cancel;
/// use aether_core::change::CommandLine;
/// use aether_core::port::{RunRequest, Runner};
/// use aether_verify::{ContainerRunner, DockerEngine};
///
/// # use aether_core::authority::{Permit, RunCommand};
/// # async fn check(permit: Permit<RunCommand>) -> Result<(), aether_core::port::RunError> {
/// let check = CommandLine::new("cargo", ["check", "--offline"]);
/// let engine = Arc::new(DockerEngine::new("/usr/bin/docker", "/run/docker.sock", Instant::now));
/// let runner = ContainerRunner::new(engine, "docker.io/library/rust:1.95", "/srv/project/.aether/run")
///     .with_allowed([check.clone()]);
/// let mut request = RunRequest::new(check, "/srv/scratch");
/// // What the image says: its own `PATH`, and where its toolchain lies.
/// request.environment = runner.image_environment().await?;
/// let report = runner.run(permit, &request, &Cancel::new()).await?;
/// assert!(report.is_green());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ContainerRunner {
    engine: Arc<dyn ContainerEngine>,
    shape: Shape,
    allowed: Vec<CommandLine>,
    ownership: Arc<Ownership>,
}

impl ContainerRunner {
    /// A runner that allows no command yet.
    ///
    /// `state_folder` is made where it is not there. In it lies a file for each process that runs containers, by which
    /// it is known which of them are left behind.
    #[must_use]
    pub fn new(
        engine: Arc<dyn ContainerEngine>,
        image: impl Into<String>,
        state_folder: impl Into<PathBuf>,
    ) -> Self {
        Self {
            engine,
            shape: Shape::new(image.into()),
            allowed: Vec::new(),
            ownership: Arc::new(Ownership::new(state_folder.into())),
        }
    }

    /// Allows these commands in addition, each exactly as it is: program and all arguments.
    #[must_use]
    pub fn with_allowed(mut self, commands: impl IntoIterator<Item = CommandLine>) -> Self {
        self.allowed.extend(commands);
        self
    }

    /// Shows these files and folders of this machine at their own paths, read-only, without what is mounted below
    /// them. What is not there is no error.
    #[must_use]
    pub fn with_visible(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.shape.visible.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Puts these files and folders out of sight where they lie in something that is visible.
    /// [`secrets_of_cargo`](crate::secrets_of_cargo) names what should not be read.
    #[must_use]
    pub fn with_hidden(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.shape.hidden.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Limits the memory of all processes of a command to this many bytes. Default 8 GiB.
    #[must_use]
    pub fn with_max_memory_bytes(mut self, bytes: u64) -> Self {
        self.shape.max_memory_bytes = bytes;
        self
    }

    /// Limits the processes and threads of a command to this many at a time. Default 4,096.
    #[must_use]
    pub fn with_max_processes(mut self, number: u32) -> Self {
        self.shape.max_processes = number;
        self
    }

    /// Lets the private `/tmp` of a command, and its shared memory, grow to this many bytes each; they are part of its
    /// memory. Default 2 GiB.
    #[must_use]
    pub fn with_temporary_bytes(mut self, bytes: u64) -> Self {
        self.shape.temporary_bytes = bytes;
        self
    }

    /// Uses this network of the engine for commands that may reach the network. Default `bridge`.
    #[must_use]
    pub fn with_network(mut self, name: impl Into<String>) -> Self {
        self.shape.network = name.into();
        self
    }

    /// The variables that the image sets. No command has them unless its request names them.
    ///
    /// # Errors
    ///
    /// `run.unavailable` where the engine or the image is not there.
    pub async fn image_environment(&self) -> Result<Vec<(String, String)>, RunError> {
        Ok(self.image().await?.environment)
    }

    /// Removes the containers that processes left behind which used the same state folder and are no more. Returns
    /// their names.
    ///
    /// # Errors
    ///
    /// `run.unavailable` where the engine is not there, `run.io`.
    pub async fn clean_up(&self) -> Result<Vec<String>, RunError> {
        let owner = self.ownership.owner()?;
        let mut removed = Vec::new();
        for container in self.engine.containers(owner::STATE_LABEL, owner.state()).await.map_err(error_of)? {
            // Held until the container is gone, so that the file that stands for its owner is removed last.
            let its_owner = container.labels.get(owner::OWNER_LABEL).map(String::as_str);
            let Some(_left_behind) = owner.left_behind(&container.name, its_owner) else {
                continue;
            };
            self.engine.remove(&container.name).await.map_err(error_of)?;
            removed.push(container.name);
        }
        self.ownership.cleaned_up();
        Ok(removed)
    }

    async fn image(&self) -> Result<ContainerImage, RunError> {
        let name = &self.shape.image;
        self.engine.image(name).await.map_err(error_of)?.ok_or_else(|| no_image(name))
    }

    /// The body of `run`: whoever calls it has shown that the command may run.
    async fn execute(&self, request: &RunRequest, cancel: &Cancel) -> Result<RunReport, RunError> {
        let owner = self.ownership.owner()?;
        let mut shown = self.shape.look(request)?;
        let (facts, image) = self.ready_engine().await?;
        if !self.ownership.has_cleaned_up() {
            // What cannot be removed now is tried again before the next run; this one does not depend on it.
            let _ = self.clean_up().await;
        }
        let number = self.ownership.next_number();
        shown.own_user = Some(owner.user());
        let mut spec = self.shape.spec(request, &shown, &facts, &image, owner.container_name(number))?;
        spec.labels = owner.labels();
        let end = self.engine.run(&spec, &request.limits, cancel).await.map_err(|error| {
            match error.kind() {
                // It was there a moment ago.
                EngineErrorKind::NoImage => no_image(&self.shape.image),
                _ => error_of(error),
            }
        })?;
        Ok(report_of(request, &facts, &end, self.shape.max_memory_bytes))
    }

    async fn ready_engine(&self) -> Result<(EngineFacts, ContainerImage), RunError> {
        let facts = self.engine.facts().await.map_err(error_of)?;
        Ok((facts, self.image().await?))
    }
}

fn no_image(name: &str) -> RunError {
    RunError::new(
        ErrorCode::RUN_UNAVAILABLE,
        format!(
            "the image {name} is not there, and none is fetched; fetch it (`docker pull {name}`) or name another one"
        ),
    )
}

fn error_of(error: EngineError) -> RunError {
    let code = match error.kind() {
        EngineErrorKind::Unavailable | EngineErrorKind::NoImage => ErrorCode::RUN_UNAVAILABLE,
        EngineErrorKind::ProgramNotFound => ErrorCode::RUN_NOT_FOUND,
        EngineErrorKind::NameTaken | EngineErrorKind::Refused => ErrorCode::RUN_IO,
    };
    RunError::new(code, error.to_string())
}

#[async_trait]
impl Runner for ContainerRunner {
    fn mode(&self) -> RunMode {
        RunMode::CONTAINER
    }

    async fn ready(&self) -> Result<(), RunError> {
        self.ready_engine().await.map(drop)
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
