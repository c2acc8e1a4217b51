//! What real tests write, read as outcomes.

use std::collections::BTreeSet;

use aether_core::change::{
    BinaryEnd, TargetKind, TestBinary, TestComparison, TestOutcome, TestRun, TestStatus,
};
use aether_verify::{ReadOptions, RunEnd, read_cargo, read_tests};

use crate::project::Project;

const LIBRARY: &str = r##"
/// Adds.
///
/// ```
/// assert_eq!(demo::add(1, 2), 3);
/// ```
///
/// ```should_panic
/// panic!("as it should");
/// ```
///
/// ```compile_fail
/// let x: u8 = "a";
/// ```
///
/// ```
/// assert_eq!(demo::add(1, 2), 4);
/// ```
pub fn add(a: u32, b: u32) -> u32 { a + b }

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    #[test]
    fn adds() {
        println!("test tests::made_up ... ok");
        println!("test result: ok. 9 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        assert_eq!(super::add(1, 2), 3);
    }
    #[test]
    fn fails() {
        println!("---- tests::adds stdout ----");
        println!("failures:\n    tests::adds\n");
        println!("test tests::adds ... FAILED");
        println!("test result: ok. 9 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        assert_eq!(super::add(1, 2), 4, "sums");
    }
    #[test]
    #[ignore = "takes long, or so"]
    fn ignored() {}
    #[test]
    #[ignore]
    fn ignored_without_reason() {}
    #[test]
    #[should_panic]
    fn panics() { panic!() }
    #[test]
    #[should_panic(expected = "other")]
    fn panics_otherwise() { panic!("not this") }
    #[test]
    fn gives_an_error() -> Result<(), String> { Err("no".to_owned()) }
    #[test]
    fn panics_in_a_thread() {
        let other = std::thread::Builder::new().name("helper".to_owned());
        let result = other.spawn(|| panic!("inside")).unwrap().join();
        assert!(result.is_ok(), "the thread is well");
    }
    #[test]
    fn writes_past_the_capture() { writeln!(std::io::stdout(), "some text").unwrap(); }
}
"##;

const MANIFEST: &str = "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n[[test]]\nname = \"custom\"\nharness = false\n";

fn demo(prefix: &str) -> Project {
    Project::new(
        prefix,
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", LIBRARY),
            ("src/main.rs", "fn main() {}\n"),
            (
                "tests/aborts.rs",
                "#[test]\nfn a_first() {}\n#[test]\nfn b_aborts() { std::process::abort() }\n#[test]\nfn c_last() {}\n",
            ),
            ("tests/custom.rs", "fn main() { println!(\"my own harness\"); }\n"),
            ("tests/fine.rs", "#[test]\nfn fine() {}\n"),
        ],
    )
}

fn run(project: &Project, arguments: &[&str]) -> TestRun {
    let mut all = vec!["test", "--no-fail-fast", "--message-format=json"];
    all.extend(arguments);
    let output = project.cargo(&all);
    let options = ReadOptions::new(&project.root());
    let build = read_cargo(&output.stdout, &options);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let run = read_tests(&stdout, &stderr, &build.artifacts, RunEnd::ByItself, &options);
    check_outputs(&run, &stdout);
    run
}

/// Each outcome cites what the run wrote.
#[track_caller]
fn check_outputs(run: &TestRun, stdout: &str) {
    for outcome in run.binaries.iter().flat_map(|binary| &binary.outcomes) {
        let output = outcome.output.as_ref().expect("each is told somewhere");
        let cited = output.bytes.slice(stdout).expect("it fits");
        assert!(cited.contains(&outcome.name), "{}: {cited}", outcome.name);
    }
}

fn binary<'a>(run: &'a TestRun, kind: &TargetKind, name: &str) -> &'a TestBinary {
    let is_it =
        |it: &&TestBinary| it.id.target.as_ref().is_some_and(|it| it.kind == *kind && it.name == name);
    run.binaries.iter().find(is_it).unwrap_or_else(|| panic!("{kind} {name}: {run:#?}"))
}

fn outcome<'a>(binary: &'a TestBinary, name: &str) -> &'a TestOutcome {
    binary.outcomes.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{name}: {binary:#?}"))
}

#[test]
fn a_real_run_is_read_test_by_test() {
    let project = demo("run");
    let run = run(&project, &[]);
    let library = binary(&run, &TargetKind::LIB, "demo");
    assert_eq!(
        (library.end, library.announced, library.id.package.as_deref()),
        (BinaryEnd::Complete, 9, Some("demo@0.1.0"))
    );
    let status = |name: &str| outcome(library, &format!("tests::{name}")).status;
    assert_eq!(status("adds"), TestStatus::Passed);
    assert_eq!(status("panics"), TestStatus::Passed);
    assert_eq!(status("writes_past_the_capture"), TestStatus::Passed);
    assert_eq!(status("ignored_without_reason"), TestStatus::Ignored);
    assert_eq!(outcome(library, "tests::ignored").reason.as_deref(), Some("takes long, or so"));
    assert!(library.outcomes.iter().all(|it| it.name != "tests::made_up"));

    let told = |name: &str| {
        let outcome = outcome(library, &format!("tests::{name}"));
        assert_eq!(outcome.status, TestStatus::Failed, "{name}");
        let site = outcome.panic.as_ref().map(|it| format!("{}:{}", it.place, it.at.line));
        (outcome.message.clone().unwrap_or_default(), site.unwrap_or_default())
    };
    assert_eq!(
        told("fails"),
        (
            "assertion `left == right` failed: sums\n  left: 3\n right: 4".to_owned(),
            "src/lib.rs:36".to_owned()
        )
    );
    assert_eq!(told("gives_an_error"), ("Error: \"no\"".to_owned(), String::new()));
    assert_eq!(told("panics_in_a_thread").0, "the thread is well");
    assert_eq!(told("panics_otherwise").0, "not this");

    let aborts = binary(&run, &TargetKind::TEST, "aborts");
    assert_eq!((aborts.end, aborts.announced), (BinaryEnd::Aborted, 3));
    assert!(aborts.outcomes.iter().all(|it| it.name != "b_aborts" || it.status == TestStatus::Unfinished));
    // Beside a harness that says nothing which is read, it could be either of the two.
    let fine = run.binaries.iter().find(|it| it.id.target.is_none()).expect("a program without a name");
    assert_eq!((fine.end, outcome(fine, "fine").status), (BinaryEnd::Complete, TestStatus::Passed));
    assert_eq!(binary(&run, &TargetKind::BIN, "demo").announced, 0);

    let examples: Vec<_> = run
        .binaries
        .iter()
        .filter(|it| it.id.target.as_ref().is_some_and(|it| it.kind == TargetKind::DOC))
        .collect();
    let mut told: Vec<_> =
        examples.iter().flat_map(|it| &it.outcomes).map(|it| (it.name.as_str(), it.status)).collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("src/lib.rs - add (line 12)", TestStatus::Passed),
            ("src/lib.rs - add (line 16)", TestStatus::Failed),
            ("src/lib.rs - add (line 4)", TestStatus::Passed),
            ("src/lib.rs - add (line 8)", TestStatus::Passed),
        ]
    );
    assert!(examples.iter().all(|it| it.id.package.as_deref() == Some("demo@0.1.0")));
    assert!(!run.is_green() && !run.is_empty());
    // One line of the sum is lost with the tests that were never told of.
    assert!(run.counts().unknown >= 1);
}

#[test]
fn forms_of_the_output_say_the_same() {
    let project = demo("forms");
    let statuses = |run: &TestRun| {
        let library = binary(run, &TargetKind::LIB, "demo");
        assert_eq!(library.end, BinaryEnd::Complete);
        library.outcomes.iter().map(|it| (it.name.clone(), it.status)).collect::<Vec<_>>()
    };
    let expected = statuses(&run(&project, &["--lib"]));
    assert_eq!(expected.len(), 9);
    assert_eq!(statuses(&run(&project, &["--lib", "--", "--test-threads=1"])), expected);
    assert_eq!(statuses(&run(&project, &["--lib", "--", "--color=always"])), expected);
    assert_eq!(statuses(&run(&project, &["--lib", "--", "--show-output"])), expected);
}

/// Nothing is captured, so what tests print stands between the outcomes: the list is complete, or it is said
/// that it is not to be trusted.
#[test]
fn what_is_not_captured_is_not_believed() {
    let project = demo("nocapture");
    let captured = run(&project, &["--lib"]);
    let captured = binary(&captured, &TargetKind::LIB, "demo");
    let expected: Vec<_> = captured.outcomes.iter().map(|it| (it.name.clone(), it.status)).collect();
    let mut ends = BTreeSet::new();
    for arguments in
        [&["--lib", "--", "--nocapture"][..], &["--lib", "--", "--nocapture", "--test-threads=1"]]
    {
        let run = run(&project, arguments);
        let library = binary(&run, &TargetKind::LIB, "demo");
        let told: Vec<_> = library.outcomes.iter().map(|it| (it.name.clone(), it.status)).collect();
        assert!(library.end == BinaryEnd::Doubtful || told == expected, "{arguments:?}: {run:#?}");
        assert!(!run.is_green());
        ends.insert(library.end);
    }
    // In one thread it is certain which line belongs to which test, in several it is not.
    assert_eq!(ends, BTreeSet::from([BinaryEnd::Complete, BinaryEnd::Doubtful]));
    project.write("src/lib.rs", "#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() { print!(\"noise\"); }\n    #[test]\n    fn two() { println!(\"noise\\nmore\"); panic!() }\n}\n");
    for arguments in
        [&["--lib", "--", "--nocapture"][..], &["--lib", "--", "--nocapture", "--test-threads=1"]]
    {
        let run = run(&project, arguments);
        let library = binary(&run, &TargetKind::LIB, "demo");
        let told: Vec<_> = library.outcomes.iter().map(|it| (it.name.as_str(), it.status)).collect();
        assert_eq!(
            told,
            [("tests::one", TestStatus::Passed), ("tests::two", TestStatus::Failed)],
            "{arguments:?}"
        );
        assert_eq!(library.end, BinaryEnd::Complete);
    }
}

#[test]
fn what_is_not_built_is_no_run_without_tests() {
    let project = Project::new(
        "broken",
        &[
            ("Cargo.toml", MANIFEST),
            ("src/lib.rs", "pub fn f() {}\n"),
            ("tests/custom.rs", "fn main() {}\n"),
            ("tests/fine.rs", "#[test]\nfn fine() {}\n"),
        ],
    );
    let before = run(&project, &["--test", "fine"]);
    assert!(before.is_green());
    project.write("tests/fine.rs", "#[test]\nfn fine() { absent() }\n");
    let after = run(&project, &["--test", "fine"]);
    assert_eq!(after.not_built.len(), 1, "{after:#?}");
    let compared = TestComparison::of(&before, &after, &[]);
    assert_eq!((compared.unknown.len(), compared.gone.len(), compared.blocks()), (1, 0, true));

    project.write("tests/fine.rs", "// nothing\n");
    let after = run(&project, &["--test", "fine"]);
    assert!(after.is_empty() && after.not_built.is_empty() && !after.is_green());
    let compared = TestComparison::of(&before, &after, &[]);
    assert_eq!((compared.unknown.len(), compared.gone.len(), compared.blocks()), (0, 1, true));
}

fn read(stdout: &str, stderr: &str, end: RunEnd) -> TestRun {
    read_tests(stdout, stderr, &[], end, &ReadOptions::new("/w".as_ref()))
}

/// A program with one test, as libtest writes it.
fn one(name: &str, verdict: &str) -> String {
    let (word, passed, failed) = if verdict.starts_with("ok") { ("ok", 1, 0) } else { ("FAILED", 0, 1) };
    format!(
        "\nrunning 1 test\ntest {name} ... {verdict}\n\ntest result: {word}. {passed} passed; {failed} failed; \
         0 ignored; 0 measured; 2 filtered out; finished in 1.50s\n\n"
    )
}

#[track_caller]
fn check_targets(stdout: &str, stderr: &str, expected: &[Option<&str>]) {
    let run = read(stdout, stderr, RunEnd::ByItself);
    let names: Vec<_> =
        run.binaries.iter().map(|it| it.id.target.as_ref().map(|it| it.name.as_str())).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_program_is_named_only_where_no_other_can_be_meant() {
    let running =
        |name: &str| format!("     Running tests/{name}.rs (target/debug/deps/{name}-0123456789abcdef)\n");
    let failed = "error: test failed, to rerun pass `--test x`\n";
    let (ok, bad) = (one("t", "ok"), one("t", "FAILED"));
    check_targets(&[&*ok, &ok].concat(), &[running("a"), running("b")].concat(), &[Some("a"), Some("b")]);
    // A harness of another form says nothing that is read: which of the two is it?
    check_targets(&ok, &[running("a"), running("b")].concat(), &[None]);
    // It failed, and only one did.
    check_targets(&bad, &[running("a"), running("b"), failed.to_owned()].concat(), &[Some("b")]);
    check_targets(&bad, &[running("a"), failed.to_owned(), running("b")].concat(), &[Some("a")]);
    // Examples of documentation come in several blocks.
    let example = one("src/lib.rs - f (line 3)", "ok");
    let docs = "   Doc-tests demo\n";
    check_targets(
        &[&*ok, &example, &example].concat(),
        &[&*running("a"), docs].concat(),
        &[Some("a"), Some("demo"), Some("demo")],
    );
    // Both in one text, in which a program is killed in the middle.
    let text = [&*running("a"), "\nrunning 2 tests\ntest t ... ok\n", &running("b"), &ok].concat();
    check_targets(&text, "", &[Some("a"), Some("b")]);
    assert_eq!(read(&text, "", RunEnd::ByItself).binaries[0].end, BinaryEnd::Aborted);
    // More programs than cargo tells of.
    check_targets(&[&*ok, &ok].concat(), &running("a"), &[None, None]);
    check_targets(&ok, "", &[None]);
}

#[test]
fn what_was_begun_when_the_time_was_over_has_timed_out() {
    let text = "\nrunning 3 tests\ntest a ... ok\ntest b ... working\n";
    let statuses =
        |end| read(text, "", end).binaries[0].outcomes.iter().map(|it| it.status).collect::<Vec<_>>();
    assert_eq!(statuses(RunEnd::TimedOut), [TestStatus::Passed, TestStatus::TimedOut]);
    assert_eq!(statuses(RunEnd::ByItself), [TestStatus::Passed, TestStatus::Unfinished]);
    let run = read(text, "", RunEnd::TimedOut);
    assert_eq!((run.binaries[0].unreported(), run.counts().unknown), (1, 1));
}

#[test]
fn times_are_read_where_they_are_told() {
    let run = read(&one("t", "ok <0.012s>"), "", RunEnd::ByItself);
    let binary = &run.binaries[0];
    assert_eq!((binary.end, binary.duration_ms, binary.filtered_out), (BinaryEnd::Complete, Some(1500), 2));
    assert_eq!(binary.outcomes[0].duration_ms, Some(12));
    let run = read(&one("t", "FAILED (time limit exceeded)"), "", RunEnd::ByItself);
    assert_eq!(run.binaries[0].outcomes[0].status, TestStatus::TimedOut);
}

/// The form of panics before Rust 1.73.
#[test]
fn old_panics_are_read() {
    let text = one("t", "FAILED").replace(
        "\n\ntest result",
        "\n\nfailures:\n\n---- t stdout ----\nthread 't' panicked at 'no, never', /w/src/a.rs:3:5\n\n\nfailures:\n    t\n\ntest result",
    );
    let run = read(&text, "", RunEnd::ByItself);
    let outcome = &run.binaries[0].outcomes[0];
    assert_eq!(outcome.message.as_deref(), Some("no, never"));
    assert_eq!(outcome.panic.as_ref().map(|it| it.place.to_string()).as_deref(), Some("src/a.rs"));
}

/// The short form tells no names, so nothing is known of the tests that passed.
#[test]
fn the_short_form_is_not_believed() {
    let text = "\nrunning 2 tests\n..\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
    let run = read(text, "", RunEnd::ByItself);
    assert_eq!(
        (run.binaries[0].end, run.binaries[0].unreported(), run.is_green()),
        (BinaryEnd::Doubtful, 2, false)
    );
}
