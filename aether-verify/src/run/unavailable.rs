//! Ways of running commands that are not there.

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{RunMode, RunReport};
use aether_core::port::{RunError, RunRequest, Runner};
use async_trait::async_trait;

/// A runner for a mode that is not there: it says so, and never runs anything anywhere else.
///
/// Whoever brings small virtual machines implements [`Runner`] with [`RunMode::MICROVM`] and hands that in
/// instead, to [`choose_runner`](crate::choose_runner). What such a runner owes: the folder and the writable folders of the request at the same paths, no
/// network but a loopback, an end of everything when the machine is switched off, and a report whose layers say
/// what holds.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Cancel, ErrorCode};
/// use aether_core::change::CommandLine;
/// use aether_core::conformance::run_permit;
/// use aether_core::port::{RunRequest, Runner};
/// use aether_verify::UnavailableRunner;
///
/// let runner = UnavailableRunner::microvm();
/// let command = CommandLine::new("cargo", ["check"]);
/// // A test gets its permits from a gate of its own.
/// let permit = run_permit(&command);
/// let request = RunRequest::new(command, "/work");
/// let error = futures::executor::block_on(runner.run(permit, &request, &Cancel::new())).unwrap_err();
/// assert_eq!(error.code, ErrorCode::RUN_MICROVM_NOT_ENABLED);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnavailableRunner {
    mode: RunMode,
    error: RunError,
}

impl UnavailableRunner {
    /// Small virtual machines that were not enabled. Every run is `run.microvm_not_enabled`.
    #[must_use]
    pub fn microvm() -> Self {
        Self {
            mode: RunMode::MICROVM,
            error: RunError::new(
                ErrorCode::RUN_MICROVM_NOT_ENABLED,
                "small virtual machines are experimental and not enabled; use the mode `host` or `container`",
            ),
        }
    }

    /// Any other mode that this program has no runner for. Every run is `run.unavailable`.
    #[must_use]
    pub fn new(mode: RunMode) -> Self {
        let error = RunError::new(
            ErrorCode::RUN_UNAVAILABLE,
            format!("this program cannot run commands in the mode `{mode}`"),
        );
        Self { mode, error }
    }

    /// A mode for which the program has a runner of another one. Every run is `run.unavailable`.
    pub(super) fn mistaken(mode: RunMode, other: &RunMode) -> Self {
        let error = RunError::new(
            ErrorCode::RUN_UNAVAILABLE,
            format!("the runner that this program has for the mode `{mode}` is one for `{other}`"),
        );
        Self { mode, error }
    }
}

#[async_trait]
impl Runner for UnavailableRunner {
    fn mode(&self) -> RunMode {
        self.mode.clone()
    }

    async fn ready(&self) -> Result<(), RunError> {
        Err(self.error.clone())
    }

    async fn run(
        &self,
        _permit: Permit<RunCommand>,
        _request: &RunRequest,
        _cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        Err(self.error.clone())
    }
}
