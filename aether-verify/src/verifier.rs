//! Runs the commands that prove a state of a tree, and reads what they say.

mod cargo;
mod compare;
mod plan;

use std::path::Path;

use aether_core::authority::{LeaseError, Permit, RunCommand};
use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{CheckRole, CheckStep, CommandLine, StepReport, TestRun, Verification};
use aether_core::port::{RunError, RunRequest, Runner};

use crate::diag::{ReadOptions, read_cargo};
use crate::outcome::{RunEnd, read_tests};
use crate::scratch::Scratch;

pub use compare::{StepClass, StepDifference, compare_step};
pub use plan::VerifyPlan;

/// Gives a permit for each command that is run: usually a lease of the policy gate.
pub type Permits<'a> = dyn FnMut(&CommandLine) -> Result<Permit<RunCommand>, LeaseError> + Send + 'a;

/// Runs the commands of a plan on a scratch copy.
///
/// Commands of cargo are run with `--message-format=json` and without stopping at the first failure, so that
/// what they say can be read; [`Verifier::commands`] names them as they are run.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    runner: &'a dyn Runner,
    plan: &'a VerifyPlan,
}

/// A verification did not come to its end. What a command says is never an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A command was not run.
    #[error("could not run {command}")]
    Run {
        /// The command.
        command: CommandLine,
        /// Why not.
        source: RunError,
    },
    /// The permits do not reach so far.
    #[error("may not run {command}")]
    NotPermitted {
        /// The command.
        command: CommandLine,
        /// Why not.
        source: LeaseError,
    },
    /// It was cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl VerifyError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Run { source, .. } => source.code.clone(),
            Self::NotPermitted { .. } => ErrorCode::RUN_NOT_ALLOWED,
            Self::Cancelled => ErrorCode::CANCELLED,
        }
    }
}

impl<'a> Verifier<'a> {
    /// A verifier that runs `plan` by `runner`.
    #[must_use]
    pub fn new(runner: &'a dyn Runner, plan: &'a VerifyPlan) -> Self {
        Self { runner, plan }
    }

    /// What it runs.
    #[must_use]
    pub fn plan(&self) -> &'a VerifyPlan {
        self.plan
    }

    /// The commands as they are run: what a runner has to allow, and permits have to be for.
    #[must_use]
    pub fn commands(&self) -> Vec<CommandLine> {
        commands(self.plan)
    }

    /// Runs the commands on the files of `scratch` as they are. Those that block come first; once one of them
    /// fails, no more is run. Tests that fail are run again, as often as the plan says, and not where `reruns`
    /// is false.
    ///
    /// File work is done on the thread that polls.
    ///
    /// # Errors
    ///
    /// [`VerifyError`]. A command that fails or is ended because its time is over is a report.
    pub async fn verify(
        &self,
        scratch: &Scratch,
        reruns: bool,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<Verification, VerifyError> {
        let mut verification = Verification::new(scratch.tree_hash(), Vec::new());
        verification.toolchain = self.toolchain(scratch, permits, cancel).await?;
        let mut steps: Vec<&CheckStep> = self.plan.steps.iter().collect();
        steps.sort_by_key(|step| !step.blocks());
        let mut has_failed = false;
        for step in steps {
            if has_failed {
                verification.skipped.push(step.clone());
                continue;
            }
            let report = self.step(step, scratch, reruns, permits, cancel).await?;
            has_failed = step.blocks() && !report.is_green();
            verification.steps.push(report);
        }
        Ok(verification)
    }

    /// The compiler and its version, where the plan asks for it.
    pub(crate) async fn toolchain(
        &self,
        scratch: &Scratch,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<Option<String>, VerifyError> {
        let Some(command) = &self.plan.toolchain else { return Ok(None) };
        let report = self.run(command, scratch, permits, cancel).await?;
        let version = report.stdout.lines().next().map(str::to_owned);
        Ok(version.filter(|_| report.is_green()))
    }

    async fn step(
        &self,
        step: &CheckStep,
        scratch: &Scratch,
        reruns: bool,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<StepReport, VerifyError> {
        let command = cargo::readable(&step.command);
        let run = self.run(&command, scratch, permits, cancel).await?;
        let mut report = StepReport::new(step.clone(), run);
        let is_read = command != step.command;
        if is_read {
            report.diagnostics = read_cargo(report.run.stdout.as_bytes(), &options(scratch)).diagnostics;
        }
        if step.role != CheckRole::Test {
            return Ok(report);
        }
        let tests = tests(&report.run, scratch);
        // Where nothing ran, it was not the tests that failed.
        let has_run = !tests.is_empty();
        report.tests = has_run.then_some(tests);
        let attempts = if reruns && has_run { self.plan.reruns } else { 0 };
        for _ in 0..attempts {
            if report.is_green() || report.final_run().timed_out {
                break;
            }
            let again = self.run(&command, scratch, permits, cancel).await?;
            report.reruns.push(self::tests(&again, scratch));
            report.last_rerun = Some(again);
        }
        Ok(report)
    }

    /// Runs one command in the copy.
    pub(crate) async fn run(
        &self,
        command: &CommandLine,
        scratch: &Scratch,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<aether_core::change::RunReport, VerifyError> {
        let permit = permits(command)
            .map_err(|source| VerifyError::NotPermitted { command: command.clone(), source })?;
        let mut request = RunRequest::new(command.clone(), scratch.folder());
        request.writable = vec![scratch.folder(), scratch.target()];
        request.environment.clone_from(&self.plan.environment);
        request.environment.extend(cargo::environment(&scratch.target()));
        request.network = self.plan.network;
        request.allow_unconfined = self.plan.allow_unconfined;
        request.limits = self.plan.limits;
        let report = self
            .runner
            .run(permit, &request, cancel)
            .await
            .map_err(|source| VerifyError::Run { command: command.clone(), source })?;
        if report.cancelled { Err(VerifyError::Cancelled) } else { Ok(report) }
    }
}

/// The commands of a plan as they are run.
pub(crate) fn commands(plan: &VerifyPlan) -> Vec<CommandLine> {
    let steps = plan.steps.iter().map(|step| cargo::readable(&step.command));
    plan.toolchain.iter().cloned().chain(steps).collect()
}

fn options(scratch: &Scratch) -> ReadOptions {
    ReadOptions::new(&scratch.folder()).with_folder(&scratch.target(), "target")
}

fn tests(run: &aether_core::change::RunReport, scratch: &Scratch) -> TestRun {
    let options = options(scratch);
    let artifacts = read_cargo(run.stdout.as_bytes(), &options).artifacts;
    let end = if run.timed_out { RunEnd::TimedOut } else { RunEnd::ByItself };
    read_tests(&run.stdout, &run.stderr, &artifacts, end, &options)
}

/// The name of a program without its folder.
fn program_name(command: &CommandLine) -> &str {
    Path::new(&command.program).file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
