//! When a change is kept, and what is said against it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use aether_core::base::Sha256Hash;
use aether_core::change::{
    Acceptance, BinaryEnd, CheckStep, CommandLine, Diagnostic, DiagnosticLevel, Judgement, NetworkAccess,
    ObjectionKind, RunMode, RunReport, SandboxReport, StepReport, TestBinary, TestBinaryId, TestOutcome,
    TestRun, TestStatus, Verification,
};

fn run(command: &CommandLine, code: i32) -> RunReport {
    let sandbox = SandboxReport::new(vec![], NetworkAccess::None, true);
    let mut run = RunReport::new(command.clone(), RunMode::HOST, sandbox);
    run.exit_code = Some(code);
    run
}

fn report(command: &str, code: i32) -> StepReport {
    let command = CommandLine::parse(command).unwrap();
    StepReport::new(CheckStep::of(command.clone()), run(&command, code))
}

/// `a=ok b=FAILED c=ignored`.
fn tests(text: &str) -> TestRun {
    let outcomes: Vec<TestOutcome> = text
        .split_whitespace()
        .map(|word| {
            let (name, status) = word.split_once('=').unwrap();
            let status = match status {
                "ok" => TestStatus::Passed,
                "ignored" => TestStatus::Ignored,
                _ => TestStatus::Failed,
            };
            TestOutcome::new(name, status)
        })
        .collect();
    let mut binary = TestBinary::new(TestBinaryId::default(), u32::try_from(outcomes.len()).unwrap());
    binary.end = BinaryEnd::Complete;
    binary.outcomes = outcomes;
    TestRun::new(vec![binary], vec![])
}

fn tested(text: &str, reruns: &[&str]) -> StepReport {
    let code = |text: &str| if text.contains("FAILED") { 101 } else { 0 };
    let mut tested = report("cargo test", code(text));
    tested.tests = Some(tests(text));
    tested.reruns = reruns.iter().map(|text| tests(text)).collect();
    tested.last_rerun = reruns.last().map(|text| run(&tested.step.command, code(text)));
    tested
}

fn checked(messages: &[(DiagnosticLevel, &str)]) -> StepReport {
    let is_red = messages.iter().any(|(level, _)| *level == DiagnosticLevel::Error);
    let mut checked = report("cargo check", if is_red { 101 } else { 0 });
    checked.diagnostics = messages.iter().map(|(level, text)| Diagnostic::new(*level, None, *text)).collect();
    checked
}

fn verification(steps: Vec<StepReport>) -> Verification {
    Verification::new(Sha256Hash::of(b"tree"), steps)
}

#[track_caller]
fn judge(before: Vec<StepReport>, after: Vec<StepReport>, expected: &[(ObjectionKind, &str)]) {
    judge_by(Acceptance::default(), before, after, expected);
}

#[track_caller]
fn judge_by(
    acceptance: Acceptance,
    before: Vec<StepReport>,
    after: Vec<StepReport>,
    expected: &[(ObjectionKind, &str)],
) {
    let judgement = Judgement::of(&verification(before), &verification(after), acceptance);
    let found: Vec<(ObjectionKind, &str)> =
        judgement.objections.iter().map(|it| (it.kind.clone(), &*it.about)).collect();
    assert_eq!(found, expected, "{judgement:#?}");
    assert_eq!(judgement.is_accepted(), expected.is_empty());
}

#[test]
fn what_is_green_is_kept() {
    let green = || vec![checked(&[]), tested("a=ok b=ignored", &[])];
    judge(green(), green(), &[]);
    judge(vec![checked(&[(DiagnosticLevel::Error, "e")])], green(), &[]);
    judge(vec![checked(&[]), tested("a=FAILED b=ignored", &[])], green(), &[]);
    // Nothing is known of before.
    judge(vec![], green(), &[]);
}

#[test]
fn what_is_red_is_not_kept_and_each_reason_is_named() {
    use ObjectionKind as Kind;
    let before = || vec![checked(&[]), tested("a=ok b=ok", &[])];
    let error = (DiagnosticLevel::Error, "e");
    let old = vec![checked(&[error])];
    judge(before(), vec![checked(&[error])], &[(Kind::NEW_ERROR, "e")]);
    judge(old, vec![checked(&[error])], &[(Kind::ERROR, "e")]);
    judge(before(), vec![report("cargo check", 101)], &[(Kind::COMMAND_FAILED, "ended with 101")]);
    let mut killed = report("cargo check", 0);
    (killed.run.exit_code, killed.run.signal) = (None, Some(9));
    judge(before(), vec![killed.clone()], &[(Kind::COMMAND_FAILED, "was ended by signal 9")]);
    killed.run.signal = None;
    judge(before(), vec![killed.clone()], &[(Kind::COMMAND_FAILED, "did not end")]);
    (killed.run.timed_out, killed.run.duration_ms) = (true, 5);
    judge(before(), vec![killed], &[(Kind::TIMED_OUT, "after 5 ms")]);

    let tests = |text: &str| vec![checked(&[]), tested(text, &[])];
    judge(before(), tests("a=FAILED b=ok"), &[(Kind::REGRESSION, "a")]);
    judge(tests("a=FAILED b=ok"), tests("a=FAILED b=ok"), &[(Kind::STILL_FAILS, "a")]);
    judge(before(), tests("a=ok b=ok c=FAILED"), &[(Kind::NEW_TEST_FAILS, "c")]);
    judge(before(), tests("a=ok"), &[(Kind::TEST_GONE, "b")]);
    judge(before(), tests("a=ok b=ignored"), &[(Kind::TEST_SILENCED, "b")]);
    let mut aborted = tested("a=ok", &[]);
    let binary = &mut aborted.tests.as_mut().unwrap().binaries[0];
    (binary.announced, binary.end) = (2, BinaryEnd::Aborted);
    aborted.run.exit_code = Some(101);
    judge(before(), vec![checked(&[]), aborted], &[(Kind::TEST_UNKNOWN, "b"), (Kind::TESTS_BROKEN, "?")]);
    // A program that lists all of its tests as passed, and fails.
    let mut failed = tested("a=ok b=ok", &[]);
    failed.run.exit_code = Some(1);
    judge(before(), vec![checked(&[]), failed], &[(Kind::COMMAND_FAILED, "ended with 1")]);
}

#[test]
fn lost_tests_are_allowed_to_who_asks_for_it() {
    let before = vec![checked(&[]), tested("a=ok b=ok c=ok", &[])];
    let after = vec![checked(&[]), tested("a=ok b=ignored", &[])];
    judge_by(Acceptance::default().with_lost_tests(true), before, after, &[]);
}

#[test]
fn tests_that_no_longer_run_at_all_are_lost() {
    // Green, and not a word of a test.
    let silent = || vec![checked(&[]), report("cargo test", 0)];
    let before = || vec![checked(&[]), tested("a=ok b=ok", &[])];
    judge(before(), silent(), &[(ObjectionKind::TEST_GONE, "a"), (ObjectionKind::TEST_GONE, "b")]);
    judge_by(Acceptance::default().with_lost_tests(true), before(), silent(), &[]);
    // Where there were none before, none are lost.
    judge(silent(), silent(), &[]);
    // Where the command fails, that is what is told.
    let failed = vec![checked(&[]), report("cargo test", 101)];
    judge(before(), failed, &[(ObjectionKind::COMMAND_FAILED, "ended with 101")]);
}

#[test]
fn both_a_check_and_tests_have_to_be_run() {
    use ObjectionKind as Kind;
    judge(vec![], vec![], &[(Kind::UNPROVEN, "no check was run")]);
    judge(vec![], vec![checked(&[])], &[(Kind::UNPROVEN, "no tests were run")]);
    judge(vec![], vec![tested("a=ok", &[])], &[(Kind::UNPROVEN, "no check was run")]);
    judge(vec![], vec![report("cargo fmt", 0)], &[(Kind::UNPROVEN, "no check was run")]);
    // A package without tests has none that fail.
    judge(vec![], vec![checked(&[]), report("cargo test", 0)], &[]);
}

#[test]
fn what_fails_only_sometimes_is_named() {
    let flaky = |before: &str, after: &str, reruns: &[&str]| {
        let before = verification(vec![checked(&[]), tested(before, &[])]);
        let after = verification(vec![checked(&[]), tested(after, reruns)]);
        let judgement = Judgement::of(&before, &after, Acceptance::default());
        let names: Vec<String> = judgement.flaky.iter().map(|test| test.name.clone()).collect();
        (judgement.is_accepted(), names.join(" "))
    };
    let named = |name: &str| (true, name.to_owned());
    assert_eq!(flaky("a=ok b=ok", "a=FAILED b=ok", &["a=ok b=ok"]), named("a"));
    assert_eq!(flaky("a=FAILED b=ok", "a=FAILED b=ok", &["a=ok b=ok"]), named("a"));
    assert_eq!(flaky("b=ok", "a=FAILED b=ok", &["a=ok b=ok"]), named("a"));
    assert_eq!(flaky("a=ok b=ok", "a=FAILED b=ok", &["a=FAILED b=ok", "a=ok b=ok"]), named("a"));
    // What fails each time is no less named because it was run again.
    judge(
        vec![checked(&[]), tested("a=ok b=ok", &[])],
        vec![checked(&[]), tested("a=FAILED b=ok", &["a=FAILED b=ok"])],
        &[(ObjectionKind::REGRESSION, "a")],
    );
    // Now this and now that fails, so it is green at no time.
    let (accepted, names) = flaky("a=ok b=ok", "a=FAILED b=ok", &["a=ok b=FAILED"]);
    assert!(!accepted);
    assert_eq!(names, "a");
}

#[test]
fn warnings_are_told_and_block_where_that_is_asked_for() {
    let warning = (DiagnosticLevel::Warning, "w");
    let before = || vec![checked(&[warning]), tested("a=ok", &[])];
    let mut lint = report("cargo clippy", 101);
    // Said by the compiler as well, and as an error because the linter was told so.
    lint.diagnostics.push(Diagnostic::new(DiagnosticLevel::Warning, None, "new"));
    lint.diagnostics.push(Diagnostic::new(DiagnosticLevel::Error, None, "lint"));
    let new = (DiagnosticLevel::Warning, "new");
    let after = || vec![checked(&[warning, new]), tested("a=ok", &[]), lint.clone()];
    let judgement = Judgement::of(&verification(before()), &verification(after()), Acceptance::default());
    assert!(judgement.is_accepted(), "a linter does not block");
    let told: Vec<&str> = judgement.new_warnings().map(|it| &*it.message).collect();
    assert_eq!(told, ["new", "lint"]);
    let strict = Acceptance::default().with_refused_warnings(true);
    judge_by(
        strict,
        before(),
        after(),
        &[(ObjectionKind::NEW_WARNING, "lint"), (ObjectionKind::NEW_WARNING, "new")],
    );
    judge_by(strict, before(), before(), &[]);
}

#[test]
fn a_verification_is_green_when_all_that_blocks_was_run_and_is() {
    let step = |text: &str| CheckStep::of(CommandLine::parse(text).unwrap());
    assert!(!verification(vec![]).is_green());
    assert!(!verification(vec![report("cargo clippy", 0)]).is_green());
    assert!(verification(vec![report("cargo check", 0), report("cargo clippy", 101)]).is_green());
    assert!(!verification(vec![report("cargo check", 1)]).is_green());
    let mut cut = verification(vec![report("cargo check", 0)]);
    cut.skipped.push(step("cargo clippy"));
    assert!(cut.is_green());
    cut.skipped.push(step("cargo test"));
    assert!(!cut.is_green());
}
