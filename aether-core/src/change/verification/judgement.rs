//! Whether a change may be kept, from what commands said before and after it.

use serde::{Deserialize, Serialize};

use super::{CheckRole, StepReport, Verification};
use crate::base::open_vocabulary;
use crate::change::{
    CommandLine, ComparedTest, Diagnostic, DiagnosticDiff, TestComparison, TestRun, TestStatus,
};

/// What a change may do besides keeping everything green.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Acceptance {
    /// Whether tests may be gone or ignored that were run before. Default no: a test that fails can be had
    /// away by removing it.
    pub lost_tests: bool,
    /// Whether a change with a new warning is refused. Default no: it is told.
    pub refuse_warnings: bool,
}

impl Acceptance {
    /// The same, where tests may be gone or ignored.
    #[must_use]
    pub fn with_lost_tests(mut self, allowed: bool) -> Self {
        self.lost_tests = allowed;
        self
    }

    /// The same, where new warnings are refused.
    #[must_use]
    pub fn with_refused_warnings(mut self, refused: bool) -> Self {
        self.refuse_warnings = refused;
        self
    }
}

open_vocabulary! {
    /// Why a change is not kept. Open: unknown values survive a round trip.
    ObjectionKind {
        /// Nothing that blocks was run, or one of the two kinds of it is missing: a check and tests.
        UNPROVEN = "unproven";
        /// A command that blocks did not end well, and its output names nothing that failed.
        COMMAND_FAILED = "command_failed";
        /// A command was ended because its time was over.
        TIMED_OUT = "timed_out";
        /// The compiler reports an error that was not there before.
        NEW_ERROR = "new_error";
        /// The compiler reports an error that was there before.
        ERROR = "error";
        /// A test fails that passed before.
        REGRESSION = "regression";
        /// A test fails that was not run before.
        NEW_TEST_FAILS = "new_test_fails";
        /// A test fails that failed before.
        STILL_FAILS = "still_fails";
        /// A test is not there any more.
        TEST_GONE = "test_gone";
        /// A test is ignored that was run before.
        TEST_SILENCED = "test_silenced";
        /// Nothing is known of a test that was run before.
        TEST_UNKNOWN = "test_unknown";
        /// A program with tests did not say all that it has to say.
        TESTS_BROKEN = "tests_broken";
        /// The compiler or a linter warns of something that it did not warn of before.
        NEW_WARNING = "new_warning";
    }
}

/// One reason why a change is not kept.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Objection {
    /// The kind.
    pub kind: ObjectionKind,
    /// The command that shows it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandLine>,
    /// About what: the name of a test, the message of an error.
    pub about: String,
}

/// What commands say of a change: whether it may be kept, why not, and what it did.
///
/// # Examples
///
/// ```
/// use aether_core::base::Sha256Hash;
/// use aether_core::change::{
///     Acceptance, CheckStep, CommandLine, Judgement, NetworkAccess, ObjectionKind, RunMode, RunReport,
///     SandboxReport, StepReport, Verification,
/// };
/// let report = |text: &str, code| {
///     let command = CommandLine::parse(text)?;
///     let sandbox = SandboxReport::new(vec![], NetworkAccess::None, true);
///     let mut run = RunReport::new(command.clone(), RunMode::HOST, sandbox);
///     run.exit_code = Some(code);
///     Ok::<_, aether_core::change::CommandLineError>(StepReport::new(CheckStep::of(command), run))
/// };
/// let tree = Sha256Hash::of(b"files");
/// let green = Verification::new(tree, vec![report("cargo check", 0)?, report("cargo test", 0)?]);
/// let red = Verification::new(tree, vec![report("cargo check", 101)?]);
/// assert!(Judgement::of(&red, &green, Acceptance::default()).is_accepted());
/// let judgement = Judgement::of(&green, &red, Acceptance::default());
/// assert_eq!(judgement.objections[0].kind, ObjectionKind::COMMAND_FAILED);
/// # Ok::<(), aether_core::change::CommandLineError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Judgement {
    /// Why the change is not kept; none means that it may be.
    pub objections: Vec<Objection>,
    /// What it did to the diagnostics of checks.
    pub diagnostics: DiagnosticDiff,
    /// What it did to those of linters.
    pub lints: DiagnosticDiff,
    /// What it did to the tests.
    pub tests: TestComparison,
    /// Tests that failed and passed on the same files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaky: Vec<ComparedTest>,
}

impl Judgement {
    /// Compares what commands said before a change with what they said after it.
    ///
    /// A change is kept when everything that blocks is green after it, a check and tests among it, and no test
    /// was lost. What was red before and is green now is welcome; what was red before and still is is not: a
    /// change has to prove itself by its own run. A command that fails and is green when it is run again names
    /// the tests that came out differently as flaky, and these do not block.
    #[must_use]
    pub fn of(before: &Verification, after: &Verification, acceptance: Acceptance) -> Self {
        let mut judgement = Self {
            diagnostics: DiagnosticDiff::between(&before.diagnostics(true), &after.diagnostics(true)),
            lints: DiagnosticDiff::between(&before.diagnostics(false), &after.diagnostics(false)),
            ..Self::default()
        };
        let has_green =
            |role: CheckRole| after.steps.iter().any(|report| report.step.role == role && report.is_green());
        for report in after.steps.iter().filter(|report| report.step.blocks()) {
            judgement.judge(before.report(&report.step), report, acceptance);
        }
        for (role, what) in [(CheckRole::Check, "no check was run"), (CheckRole::Test, "no tests were run")] {
            // Where a step failed, that is the reason, and not what was left out because of it.
            if judgement.objections.is_empty() && !has_green(role) {
                judgement.object(ObjectionKind::UNPROVEN, None, what);
            }
        }
        if acceptance.refuse_warnings {
            let new = judgement.new_warnings().map(|warning| warning.message.clone()).collect::<Vec<_>>();
            for message in new {
                judgement.object(ObjectionKind::NEW_WARNING, None, message);
            }
        }
        judgement.objections.sort();
        judgement.objections.dedup();
        judgement
    }

    /// Whether the change may be kept.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.objections.is_empty()
    }

    /// What is warned of now and was not before. Whatever a linter says is a warning, also where it is told to
    /// fail because of it.
    pub fn new_warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        let warnings = self.diagnostics.new.iter().filter(|it| !it.is_error());
        // A linter says what the compiler says as well.
        let is_said =
            |it: &&Diagnostic| self.diagnostics.new.iter().any(|said| said.fingerprint() == it.fingerprint());
        warnings.chain(self.lints.new.iter().filter(move |it| !is_said(it)))
    }

    fn object(&mut self, kind: ObjectionKind, of: Option<&StepReport>, about: impl Into<String>) {
        let command = of.map(|report| report.step.command.clone());
        self.objections.push(Objection { kind, command, about: about.into() });
    }

    fn judge(&mut self, before: Option<&StepReport>, report: &StepReport, acceptance: Acceptance) {
        let known = self.objections.len();
        let run = report.final_run();
        if run.timed_out {
            self.object(ObjectionKind::TIMED_OUT, Some(report), format!("after {} ms", run.duration_ms));
        }
        self.judge_errors(report);
        let was = before.and_then(|report| report.tests.as_ref());
        let none = TestRun::default();
        // Tests that no longer run at all are lost as well, however green that is. Where it failed, it was not the
        // tests that did.
        let lost = was.filter(|_| report.is_green()).map(|_| &none);
        if let Some(tests) = report.tests.as_ref().or(lost) {
            self.judge_tests(was, tests, report, acceptance);
        }
        if !report.is_green() && self.objections.len() == known {
            let about = match (run.exit_code, run.signal) {
                (Some(code), _) => format!("ended with {code}"),
                (None, Some(signal)) => format!("was ended by signal {signal}"),
                (None, None) => "did not end".to_owned(),
            };
            self.object(ObjectionKind::COMMAND_FAILED, Some(report), about);
        }
    }

    fn judge_errors(&mut self, report: &StepReport) {
        let errors: Vec<&Diagnostic> = report.diagnostics.iter().filter(|it| it.is_error()).collect();
        for error in errors {
            let kind = if self.diagnostics.new.contains(error) {
                ObjectionKind::NEW_ERROR
            } else {
                ObjectionKind::ERROR
            };
            self.object(kind, Some(report), error.message.clone());
        }
    }

    fn judge_tests(
        &mut self,
        before: Option<&TestRun>,
        after: &TestRun,
        report: &StepReport,
        acceptance: Acceptance,
    ) {
        let unknown = TestRun::default();
        let compared = TestComparison::of(before.unwrap_or(&unknown), after, &report.reruns);
        // A command that is green when it is run again settles what failed the first time, also what failed
        // before the change: that is said of each test by its name.
        let is_settled = report.is_green() && !report.reruns.is_empty();
        let fails =
            |test: &&ComparedTest| !matches!(test.after, Some(TestStatus::Passed | TestStatus::Ignored));
        let mut lists: Vec<(ObjectionKind, Vec<ComparedTest>)> = vec![
            (ObjectionKind::REGRESSION, compared.regressions.clone()),
            (ObjectionKind::STILL_FAILS, compared.still_failing.clone()),
            (ObjectionKind::NEW_TEST_FAILS, compared.new.iter().filter(fails).cloned().collect()),
        ];
        self.flaky.extend(compared.flaky.iter().cloned());
        if is_settled {
            self.flaky.extend(lists.drain(..).flat_map(|(_, tests)| tests));
            self.flaky.sort();
            self.flaky.dedup();
        }
        lists.push((ObjectionKind::TEST_UNKNOWN, compared.unknown.clone()));
        if !acceptance.lost_tests {
            lists.push((ObjectionKind::TEST_GONE, compared.gone.clone()));
            lists.push((ObjectionKind::TEST_SILENCED, compared.silenced.clone()));
        }
        for (kind, tests) in lists {
            for test in tests {
                self.object(kind.clone(), Some(report), test.name);
            }
        }
        if !is_settled {
            for binary in &compared.broken {
                let name = binary.target.as_ref().map_or("?", |target| &target.name);
                self.object(ObjectionKind::TESTS_BROKEN, Some(report), name);
            }
        }
        merge(&mut self.tests, compared);
    }
}

/// Adds what a second command that runs tests says.
fn merge(all: &mut TestComparison, more: TestComparison) {
    all.regressions.extend(more.regressions);
    all.fixed.extend(more.fixed);
    all.still_failing.extend(more.still_failing);
    all.flaky.extend(more.flaky);
    all.new.extend(more.new);
    all.gone.extend(more.gone);
    all.silenced.extend(more.silenced);
    all.unknown.extend(more.unknown);
    all.broken.extend(more.broken);
}
