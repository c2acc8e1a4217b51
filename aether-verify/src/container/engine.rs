//! What an engine of containers can do.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use aether_core::base::Cancel;
use aether_core::change::RunLimits;
use async_trait::async_trait;

use super::spec::ContainerSpec;

/// Makes containers: for one command, to its end, or for a service that stays.
///
/// # Examples
///
/// ```no_run
/// // Not run: it needs an engine.
/// use std::time::Instant;
///
/// use aether_verify::{ContainerEngine, ContainerNetwork, ContainerPrivileges, ContainerSpec, DockerEngine};
///
/// # async fn serve() -> Result<(), aether_verify::EngineError> {
/// let engine = DockerEngine::new("/usr/bin/docker", "/run/docker.sock", Instant::now);
/// let mut spec = ContainerSpec::new("database-1", "docker.io/library/postgres:17");
/// spec.privileges = ContainerPrivileges::OfImage;
/// spec.network = ContainerNetwork::Named("bridge".into());
/// spec.ports = vec![5432];
/// spec.labels.insert("example.service".into(), "database".into());
/// engine.start(&spec).await?;
/// let found = engine.containers("example.service", "database").await?;
/// println!("it listens on {:?}", found[0].ports.get(&5432));
/// engine.remove("database-1").await?;
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait ContainerEngine: Send + Sync + fmt::Debug {
    /// What the engine is and what it can hold back; the way to learn whether it is there.
    ///
    /// # Errors
    ///
    /// [`EngineErrorKind::Unavailable`] where it does not answer in a few seconds.
    async fn facts(&self) -> Result<EngineFacts, EngineError>;

    /// The image of this name, if the engine has it. None is fetched.
    ///
    /// # Errors
    ///
    /// [`EngineErrorKind::Refused`] for what is no name of an image, [`EngineErrorKind::Unavailable`].
    async fn image(&self, name: &str) -> Result<Option<ContainerImage>, EngineError>;

    /// Makes a container, runs its command to the end and removes it with all that it wrote.
    ///
    /// Its input is closed. A command that fails or is ended is no error. The time of the limits begins when
    /// the container does.
    ///
    /// # Errors
    ///
    /// [`EngineErrorKind::NoImage`], [`EngineErrorKind::NameTaken`], [`EngineErrorKind::ProgramNotFound`],
    /// [`EngineErrorKind::Refused`], [`EngineErrorKind::Unavailable`], also when the engine ends in between.
    ///
    /// # Cancel safety
    ///
    /// Setting `cancel` kills and removes the container. Dropping the future does the same in the background;
    /// a process that ends before that is done leaves the container behind.
    async fn run(
        &self,
        spec: &ContainerSpec,
        limits: &RunLimits,
        cancel: &Cancel,
    ) -> Result<ContainerEnd, EngineError>;

    /// Makes a container and leaves it running.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run) has them. A container that could not be started is removed.
    ///
    /// # Cancel safety
    ///
    /// Once the future is dropped, the container may come or not: remove it by its name.
    async fn start(&self, spec: &ContainerSpec) -> Result<(), EngineError>;

    /// The containers that have the label `name` with exactly `value`, running or not, by name.
    ///
    /// # Errors
    ///
    /// [`EngineErrorKind::Unavailable`].
    async fn containers(&self, name: &str, value: &str) -> Result<Vec<Container>, EngineError>;

    /// Kills and removes the container of this name. One that is not there is no error.
    ///
    /// # Errors
    ///
    /// [`EngineErrorKind::Refused`], [`EngineErrorKind::Unavailable`].
    async fn remove(&self, name: &str) -> Result<(), EngineError>;
}

/// What an engine is and can hold back.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct EngineFacts {
    /// Its version, as it says it.
    pub version: String,
    /// Whether it has no privileges itself: root in a container is then the user that it runs as.
    pub is_rootless: bool,
    /// Whether it can keep containers from system calls.
    pub filters_calls: bool,
    /// Whether it can limit memory.
    pub limits_memory: bool,
    /// Whether it can limit the number of processes.
    pub limits_processes: bool,
    /// Where it listens on this machine. No container may see that.
    pub sockets: Vec<PathBuf>,
}

impl EngineFacts {
    /// An engine with privileges that can hold back and limit all of it, and listens nowhere.
    #[must_use]
    pub fn new(version: impl Into<String>) -> Self {
        Self {
            version: version.into(),
            is_rootless: false,
            filters_calls: true,
            limits_memory: true,
            limits_processes: true,
            sockets: Vec::new(),
        }
    }
}

/// An image that an engine has.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ContainerImage {
    /// The variables that it sets.
    pub environment: Vec<(String, String)>,
    /// The folders for which the engine makes writable volumes, unless something else is mounted there.
    pub volumes: Vec<PathBuf>,
}

/// A container that is there.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub is_running: bool,
    /// Its labels, with those of its image.
    pub labels: BTreeMap<String, String>,
    /// Where on this machine its ports are reached, by port.
    pub ports: BTreeMap<u16, SocketAddr>,
}

impl Container {
    /// A container without labels and ports.
    #[must_use]
    pub fn new(name: impl Into<String>, is_running: bool) -> Self {
        Self { name: name.into(), is_running, labels: BTreeMap::new(), ports: BTreeMap::new() }
    }
}

/// What came of a container that ran to its end.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ContainerEnd {
    /// The code that it ended with; 128 and more stand for signals, as in a shell. Absent where it never began.
    pub code: Option<i32>,
    /// Why it was ended, if it did not end by itself.
    pub ended_by: Option<EndedBy>,
    /// Whether the limit of memory ended one of its processes.
    pub is_out_of_memory: bool,
    /// Its standard output. Bytes that are not UTF-8 stand as U+FFFD.
    pub stdout: String,
    /// Its standard error. Bytes that are not UTF-8 stand as U+FFFD.
    pub stderr: String,
    /// Whether the middle of an output was left out.
    pub is_truncated: bool,
    /// How long it ran.
    pub duration: Duration,
}

/// Why a container was ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum EndedBy {
    /// Its time was over.
    Timeout,
    /// It was cancelled, or nobody waited any more.
    Cancel,
}

/// An engine did not do what it was asked for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    kind: EngineErrorKind,
    message: String,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum EngineErrorKind {
    /// The engine or its client is not there, or does not answer in time.
    Unavailable,
    /// The engine does not have the image.
    NoImage,
    /// Another container has the name.
    NameTaken,
    /// The program of the command is not in the container or cannot be run.
    ProgramNotFound,
    /// The engine will not do it, for a reason that the message has.
    Refused,
}

impl EngineError {
    /// An error. The message has no full stop and reads after "failed to".
    #[must_use]
    pub fn new(kind: EngineErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> EngineErrorKind {
        self.kind
    }
}
