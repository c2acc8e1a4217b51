//! Running a command where it can do no harm.

use std::path::PathBuf;

use async_trait::async_trait;

use crate::authority::{Permit, RunCommand};
use crate::base::{Cancel, ErrorCode};
use crate::change::{CommandLine, NetworkAccess, RunLimits, RunMode, RunReport};

/// A command, what it may touch, and for how long.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RunRequest {
    /// The command.
    pub command: CommandLine,
    /// The folder that it runs in; absolute.
    pub folder: PathBuf,
    /// The folders that it may write in, and everything below them; absolute. A private temporary folder
    /// is there in addition.
    pub writable: Vec<PathBuf>,
    /// Its environment variables, all of them: it inherits none.
    pub environment: Vec<(String, String)>,
    /// What it may reach over the network at most.
    pub network: NetworkAccess,
    /// Whether it may run where the system cannot keep it from writing or from the network.
    pub allow_unconfined: bool,
    /// Its limits.
    pub limits: RunLimits,
}

impl RunRequest {
    /// A command that may write in `folder` alone, reach nothing but a loopback of its own, and has no
    /// environment variables.
    #[must_use]
    pub fn new(command: CommandLine, folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            command,
            writable: vec![folder.clone()],
            folder,
            environment: Vec::new(),
            network: NetworkAccess::default(),
            allow_unconfined: false,
            limits: RunLimits::default(),
        }
    }
}

/// A command was not run.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct RunError {
    /// One of the `run.*` codes.
    pub code: ErrorCode,
    /// The same in words.
    pub message: String,
}

impl RunError {
    /// An error.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Runs commands to their end and tells what came of them.
///
/// A command that fails, is killed or is cut short is a report, not an error: an error means that it did not
/// run. Whatever it started has ended when the report is there.
#[async_trait]
pub trait Runner: Send + Sync + std::fmt::Debug {
    /// Where it runs commands.
    fn mode(&self) -> RunMode;

    /// Whether it could run a command now. It starts none, and what it found may change at any time.
    ///
    /// Unless it is implemented: yes.
    ///
    /// # Errors
    ///
    /// `run.unavailable` and what else [`run`](Self::run) would say of any command.
    async fn ready(&self) -> Result<(), RunError> {
        Ok(())
    }

    /// Runs one command. The permit has to be for this command, exactly.
    ///
    /// # Errors
    ///
    /// `run.not_allowed`, `run.not_found`, `run.unconfined` where the system cannot hold the command back as
    /// the request asks, `run.unavailable` where this way of running is not there, `run.io`.
    ///
    /// # Cancel safety
    ///
    /// Setting `cancel` kills the command and everything that it started; the report says so. Dropping the
    /// future does the same without a report.
    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError>;
}
