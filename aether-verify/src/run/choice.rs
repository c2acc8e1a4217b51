//! Which runner runs commands, by the configuration.

use std::sync::Arc;

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::{Cancel, ErrorCode, VerifyConfig};
use aether_core::change::{RunMode, RunReport};
use aether_core::port::{RunError, RunRequest, Runner};
use async_trait::async_trait;

use super::unavailable::UnavailableRunner;

/// Where commands are to run, and where else they may.
///
/// # Examples
///
/// ```
/// use aether_core::base::Config;
/// use aether_core::change::RunMode;
/// use aether_verify::RunnerChoice;
///
/// let (config, _) = Config::parse("[verify]\nmode = \"docker\"\nfallback = \"host\"")?;
/// let choice = RunnerChoice::of(&config.verify);
/// assert_eq!((choice.mode, choice.fallback), (RunMode::CONTAINER, Some(RunMode::HOST)));
/// # Ok::<(), aether_core::base::ConfigError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RunnerChoice {
    /// Where commands are to run.
    pub mode: RunMode,
    /// Where they may run when the first is not there.
    pub fallback: Option<RunMode>,
}

impl RunnerChoice {
    /// What the section `[verify]` of a configuration says.
    #[must_use]
    pub fn of(config: &VerifyConfig) -> Self {
        let mode = mode_of(&config.mode);
        let fallback = (config.fallback != VerifyConfig::NO_FALLBACK).then(|| mode_of(&config.fallback));
        Self { fallback: fallback.filter(|other| *other != mode), mode }
    }
}

/// A mode by the word of the configuration.
fn mode_of(word: &str) -> RunMode {
    match word {
        "docker" | "container" => RunMode::CONTAINER,
        other => RunMode::new(other),
    }
}

/// The runner of a choice. `make` gives the runner of a mode, if this program has one.
///
/// This is where an embedder hands in a runner of its own: for small virtual machines, which have none here, or in the
/// place of any other. A runner that says another mode than the one it was asked for is not taken, so that nothing runs
/// where nobody wanted it.
///
/// A mode without a runner is a runner that says so: `run.microvm_not_enabled` for small virtual machines, else
/// `run.unavailable`. Only a choice with a fallback ever runs commands anywhere else than in its mode; before each
/// command it asks whether the first is there.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Cancel, Config, ErrorCode};
/// use aether_core::change::{CommandLine, RunMode};
/// use aether_core::conformance::run_permit;
/// use aether_core::port::{RunRequest, Runner};
/// use aether_verify::{RunnerChoice, choose_runner};
///
/// let (config, _) = Config::parse("[verify]\nmode = \"microvm\"")?;
/// let runner = choose_runner(&RunnerChoice::of(&config.verify), |_| None);
/// assert_eq!(runner.mode(), RunMode::MICROVM);
/// let command = CommandLine::new("cargo", ["check"]);
/// // A test gets its permits from a gate of its own.
/// let permit = run_permit(&command);
/// let request = RunRequest::new(command, "/work");
/// let error = futures::executor::block_on(runner.run(permit, &request, &Cancel::new())).unwrap_err();
/// assert_eq!(error.code, ErrorCode::RUN_MICROVM_NOT_ENABLED);
///
/// // Handing in a runner is what enables them.
/// # use std::sync::Arc;
/// # use aether_verify::UnavailableRunner;
/// let own: Arc<dyn Runner> = Arc::new(UnavailableRunner::new(RunMode::MICROVM)); // one that can run commands
/// let choice = RunnerChoice::of(&config.verify);
/// let runner = choose_runner(&choice, |mode| (*mode == RunMode::MICROVM).then(|| own.clone()));
/// assert!(Arc::ptr_eq(&runner, &own));
/// # Ok::<(), aether_core::base::ConfigError>(())
/// ```
#[must_use]
pub fn choose_runner(
    choice: &RunnerChoice,
    mut make: impl FnMut(&RunMode) -> Option<Arc<dyn Runner>>,
) -> Arc<dyn Runner> {
    let mut runner = |mode: &RunMode| -> Arc<dyn Runner> {
        match make(mode) {
            Some(runner) if runner.mode() == *mode => runner,
            Some(other) => Arc::new(UnavailableRunner::mistaken(mode.clone(), &other.mode())),
            None if *mode == RunMode::MICROVM => Arc::new(UnavailableRunner::microvm()),
            None => Arc::new(UnavailableRunner::new(mode.clone())),
        }
    };
    let first = runner(&choice.mode);
    match &choice.fallback {
        None => first,
        Some(mode) => Arc::new(FallbackRunner { first, second: runner(mode) }),
    }
}

/// Runs commands with the first of two runners, or with the second where the first is not there.
#[derive(Debug)]
struct FallbackRunner {
    first: Arc<dyn Runner>,
    second: Arc<dyn Runner>,
}

/// Whether an error says that a way of running commands is not there, so that another one may be taken. One that says
/// that the command may not run, or cannot be held back, is no reason.
fn is_absent(error: &RunError) -> bool {
    [ErrorCode::RUN_UNAVAILABLE, ErrorCode::RUN_MICROVM_NOT_ENABLED].contains(&error.code)
}

#[async_trait]
impl Runner for FallbackRunner {
    fn mode(&self) -> RunMode {
        self.first.mode()
    }

    async fn ready(&self) -> Result<(), RunError> {
        match self.first.ready().await {
            Err(error) if is_absent(&error) => self.second.ready().await,
            ready => ready,
        }
    }

    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        let reason = match self.first.ready().await {
            Ok(()) => return self.first.run(permit, request, cancel).await,
            Err(error) if is_absent(&error) => error.message,
            Err(error) => return Err(error),
        };
        match self.second.run(permit, request, cancel).await {
            Ok(mut report) => {
                report.fallback_reason = Some(match report.fallback_reason {
                    Some(further) => format!("{reason}; {further}"),
                    None => reason,
                });
                Ok(report)
            }
            Err(mut error) => {
                error.message = format!("{reason}; instead of it, {}: {}", self.second.mode(), error.message);
                Err(error)
            }
        }
    }
}
