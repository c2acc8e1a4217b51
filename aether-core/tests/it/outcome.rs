//! Outcomes of tests: which are regressions, flaky, gone or unknown.

use aether_core::change::{
    BinaryEnd, BuildTarget, ComparedTest, TargetKind, TestBinary, TestBinaryId, TestComparison, TestOutcome,
    TestRun, TestStatus,
};
use proptest::prelude::*;

fn id(target: &str) -> TestBinaryId {
    TestBinaryId::new(Some("demo@0.1.0".to_owned()), Some(BuildTarget::new(TargetKind::TEST, target)))
}

fn outcome(name: &str, status: &str) -> TestOutcome {
    let status = match status {
        "ok" => TestStatus::Passed,
        "failed" => TestStatus::Failed,
        "ignored" => TestStatus::Ignored,
        "slow" => TestStatus::TimedOut,
        "open" => TestStatus::Unfinished,
        other => panic!("{other}"),
    };
    TestOutcome::new(name, status)
}

/// A complete program with a test for each word of the form `name=status`.
fn binary(target: &str, text: &str) -> TestBinary {
    let outcomes = text.split_whitespace().map(|word| word.split_once('=').expect("name=status"));
    let outcomes: Vec<_> = outcomes.map(|(name, status)| outcome(name, status)).collect();
    let mut binary = TestBinary::new(id(target), outcomes.len() as u32);
    binary.end = BinaryEnd::Complete;
    binary.outcomes = outcomes;
    binary
}

fn run(text: &str) -> TestRun {
    TestRun::new(vec![binary("it", text)], vec![])
}

fn render(compared: &TestComparison) -> String {
    let lists: [(&str, &[ComparedTest]); 8] = [
        ("regressions", &compared.regressions),
        ("fixed", &compared.fixed),
        ("still_failing", &compared.still_failing),
        ("flaky", &compared.flaky),
        ("new", &compared.new),
        ("gone", &compared.gone),
        ("silenced", &compared.silenced),
        ("unknown", &compared.unknown),
    ];
    let told = lists.iter().filter(|(_, list)| !list.is_empty()).map(|(name, list)| {
        let names: Vec<&str> = list.iter().map(|test| test.name.as_str()).collect();
        format!("{name}: {}", names.join(" "))
    });
    told.collect::<Vec<_>>().join("; ")
}

#[track_caller]
fn check(before: &str, after: &str, reruns: &[&str], expected: &str, blocks: bool) {
    let reruns: Vec<TestRun> = reruns.iter().map(|text| run(text)).collect();
    let compared = TestComparison::of(&run(before), &run(after), &reruns);
    assert_eq!(render(&compared), expected);
    assert_eq!(compared.blocks(), blocks, "{expected}");
}

#[test]
fn a_test_that_fails_now_is_a_regression_unless_it_passes_once() {
    check("a=ok b=ok", "a=ok b=ok", &[], "", false);
    check("a=ok", "a=failed", &[], "regressions: a", true);
    check("a=ok", "a=slow", &[], "regressions: a", true);
    check("a=ok", "a=failed", &["a=failed", "a=failed"], "regressions: a", true);
    check("a=ok", "a=failed", &["a=failed", "a=ok"], "flaky: a", false);
    check("a=ok", "a=failed", &["b=ok"], "regressions: a", true);
}

#[test]
fn a_test_that_failed_before_is_no_regression() {
    check("a=failed", "a=failed", &[], "still_failing: a", false);
    check("a=slow", "a=failed", &["a=ok"], "still_failing: a", false);
    check("a=failed", "a=ok", &["a=ok"], "fixed: a", false);
    check("a=open", "a=ok", &[], "fixed: a", false);
    check("a=failed", "a=ok", &["a=failed"], "flaky: a", false);
}

#[test]
fn a_test_that_does_not_run_any_more_is_not_green() {
    check("a=ok b=ok", "a=ok", &[], "gone: b", true);
    check("a=failed b=ok", "b=ok", &[], "gone: a", true);
    check("a=ok", "a=ignored", &[], "silenced: a", true);
    check("a=failed", "a=ignored", &[], "silenced: a", true);
    check("a=ignored", "", &[], "gone: a", true);
    check("a=ignored", "a=ignored", &[], "", false);
}

#[test]
fn new_tests_must_pass() {
    check("a=ok", "a=ok b=ok", &[], "new: b", false);
    check("a=ok", "a=ok b=failed", &[], "new: b", true);
    check("a=ok", "a=ok b=ignored", &[], "new: b", false);
    check("a=ignored", "a=failed", &[], "new: a", true);
    check("a=ignored", "a=ok", &[], "new: a", false);
}

#[test]
fn what_an_aborted_program_did_not_tell_is_unknown() {
    let before = run("a=ok b=ok c=ok");
    let mut after = run("a=ok b=open");
    after.binaries[0].announced = 3;
    after.binaries[0].end = BinaryEnd::Aborted;
    let compared = TestComparison::of(&before, &after, &[]);
    assert_eq!(render(&compared), "unknown: b c");
    assert_eq!(compared.broken, [id("it")]);
    assert!(compared.blocks());
    assert_eq!((after.counts().passed, after.counts().unknown), (1, 2));
    // It ends well when it is run again, but for one.
    let again = TestComparison::of(&before, &after, &[run("a=ok b=ok")]);
    assert_eq!(render(&again), "flaky: b; unknown: c");
    // A program that never said all is no reason to refuse a change.
    let as_before = TestComparison::of(&after, &after, &[]);
    assert_eq!((render(&as_before).as_str(), as_before.blocks()), ("still_failing: b", false));
}

#[test]
fn what_is_not_built_is_unknown_and_what_is_removed_is_gone() {
    let before = TestRun::new(vec![binary("it", "a=ok"), binary("other", "b=ok")], vec![]);
    let mut package = id("other");
    package.package = Some("demo".to_owned());
    let after = TestRun::new(vec![binary("it", "a=ok")], vec![package.clone()]);
    let compared = TestComparison::of(&before, &after, &[]);
    assert_eq!((render(&compared).as_str(), &compared.broken[..]), ("unknown: b", &[package][..]));
    let after = TestRun::new(vec![binary("it", "a=ok")], vec![]);
    assert_eq!(render(&TestComparison::of(&before, &after, &[])), "gone: b");
}

#[test]
fn another_version_of_the_package_has_the_same_tests() {
    let mut after = run("a=ok");
    after.binaries[0].id.package = Some("demo@0.2.0".to_owned());
    assert_eq!(render(&TestComparison::of(&run("a=ok"), &after, &[])), "");
    after.binaries[0].id.package = Some("demolition@0.1.0".to_owned());
    assert_eq!(render(&TestComparison::of(&run("a=ok"), &after, &[])), "new: a; gone: a");
}

/// The line of an example in documentation moves with what is above it.
#[test]
fn examples_are_paired_by_their_item() {
    let examples = |told: &[(&str, &str)]| {
        let mut run = run("");
        run.binaries[0].outcomes = told.iter().map(|(name, status)| outcome(name, status)).collect();
        run
    };
    let before = examples(&[("src/a.rs - f (line 10)", "ok"), ("src/a.rs - f (line 9)", "failed")]);
    let after = examples(&[("src/a.rs - f (line 109)", "failed"), ("src/a.rs - f (line 110)", "ok")]);
    assert_eq!(render(&TestComparison::of(&before, &after, &[])), "still_failing: src/a.rs - f (line 109)");
    let fewer = examples(&[("src/a.rs - f (line 9)", "failed")]);
    let compared = TestComparison::of(&before, &fewer, &[]);
    assert_eq!(render(&compared), "still_failing: src/a.rs - f (line 9); gone: src/a.rs - f (line 10)");
}

#[test]
fn a_run_is_green_only_with_a_test_that_passed() {
    assert!(run("a=ok b=ignored").is_green());
    assert!(!run("a=ignored").is_green() && !run("a=ignored").is_empty());
    assert!(run("").is_empty() && !run("").is_green());
    for text in ["a=ok b=failed", "a=ok b=slow", "a=ok b=open"] {
        assert!(!run(text).is_green(), "{text}");
    }
    let mut doubtful = run("a=ok");
    doubtful.binaries[0].end = BinaryEnd::Doubtful;
    assert!(!doubtful.is_green());
    let mut short = run("a=ok");
    short.binaries[0].announced = u32::MAX;
    assert!(!short.is_green());
    let mut not_built = run("a=ok");
    not_built.not_built.push(id("other"));
    assert!(!not_built.is_green());
}

fn some_run() -> impl Strategy<Value = TestRun> {
    let one = ("[a-e]", prop::sample::select(&["ok", "failed", "ignored", "slow", "open"][..]));
    let end = prop::sample::select(&[BinaryEnd::Complete, BinaryEnd::Doubtful, BinaryEnd::Aborted][..]);
    (prop::collection::btree_map(one.0, one.1, 0..5), end).prop_map(|(told, end)| {
        let mut run = run("");
        run.binaries[0].outcomes = told.iter().map(|(name, status)| outcome(name, status)).collect();
        run.binaries[0].announced = told.len() as u32;
        run.binaries[0].end = end;
        run
    })
}

proptest! {
    /// Each test is in one list at most, and whatever does not block leaves every test that passed well.
    #[test]
    fn nothing_that_passed_is_lost_in_silence(before in some_run(), after in some_run(), again in some_run()) {
        let compared = TestComparison::of(&before, &after, &[again]);
        let lists = [&compared.regressions, &compared.fixed, &compared.still_failing, &compared.flaky,
            &compared.new, &compared.gone, &compared.silenced, &compared.unknown];
        let mut names: Vec<_> = lists.iter().flat_map(|list| list.iter()).map(|test| &test.name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), count);
        if !compared.blocks() {
            for old in before.binaries[0].outcomes.iter().filter(|it| it.status == TestStatus::Passed) {
                let is_well = after.binaries[0].outcomes.iter().any(|new| new.name == old.name && new.status == TestStatus::Passed);
                let is_flaky = compared.flaky.iter().any(|test| test.name == old.name);
                prop_assert!(is_well || is_flaky, "{} {:?}", old.name, compared);
            }
        }
    }
}
