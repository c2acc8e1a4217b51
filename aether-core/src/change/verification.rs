//! What commands say of one state of a tree, and whether a change may be kept because of it.

mod judgement;
mod step;

use serde::{Deserialize, Serialize};

pub use judgement::{Acceptance, Judgement, Objection, ObjectionKind};
pub use step::{CheckRole, CheckStep};

use super::{Diagnostic, RunReport, TestRun};
use crate::base::Sha256Hash;

/// What a command of a verification said.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StepReport {
    /// The command as it was asked for, and what it shows.
    pub step: CheckStep,
    /// What came of it. Its command is the one that ran, which may print more than the one that was asked for.
    pub run: RunReport,
    /// What the compiler said, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
    /// What came of each test; absent for a command that runs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestRun>,
    /// What came of each test when the command was run again on the same files, because some had failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reruns: Vec<TestRun>,
    /// What the command said when it was last run again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_rerun: Option<RunReport>,
}

impl StepReport {
    /// What a command said that gives neither diagnostics nor tests.
    #[must_use]
    pub fn new(step: CheckStep, run: RunReport) -> Self {
        Self { step, run, diagnostics: Vec::new(), tests: None, reruns: Vec::new(), last_rerun: None }
    }

    /// The run that counts: the last one.
    #[must_use]
    pub fn final_run(&self) -> &RunReport {
        self.last_rerun.as_ref().unwrap_or(&self.run)
    }

    /// Whether the command ended well, at the latest when it was run again.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.final_run().is_green()
    }
}

/// What commands said of one state of a tree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verification {
    /// SHA-256 that names the files, as they were before the first command.
    pub tree: Sha256Hash,
    /// The compiler and its version, where one could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// What was run, in this order. Behind a blocking step that failed nothing is run.
    pub steps: Vec<StepReport>,
    /// What was not run because a step before it failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<CheckStep>,
}

impl Verification {
    /// What commands said of the files that `tree` names.
    #[must_use]
    pub fn new(tree: Sha256Hash, steps: Vec<StepReport>) -> Self {
        Self { tree, toolchain: None, steps, skipped: Vec::new() }
    }

    /// Whether something that blocks was run, none of it failed, and none of it was left out.
    #[must_use]
    pub fn is_green(&self) -> bool {
        let mut blocking = self.steps.iter().filter(|report| report.step.blocks()).peekable();
        blocking.peek().is_some()
            && blocking.all(StepReport::is_green)
            && !self.skipped.iter().any(CheckStep::blocks)
    }

    /// The diagnostics of all steps that block, or of all that do not.
    #[must_use]
    pub fn diagnostics(&self, blocking: bool) -> Vec<Diagnostic> {
        let reports = self.steps.iter().filter(|report| report.step.blocks() == blocking);
        let mut all: Vec<Diagnostic> =
            reports.flat_map(|report| report.diagnostics.iter().cloned()).collect();
        Diagnostic::normalise(&mut all);
        all
    }

    /// What was run for `step`.
    #[must_use]
    pub fn report(&self, step: &CheckStep) -> Option<&StepReport> {
        self.steps.iter().find(|report| report.step == *step)
    }
}
