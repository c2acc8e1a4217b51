//! How a command that is run again differs from what is kept of its first run.

use std::collections::BTreeMap;

use aether_core::change::{
    CheckRole, Diagnostic, DiagnosticDiff, RunReport, StepReport, TestRun, TestStatus,
};
use aether_core::record::trace::{Check, DivergenceClass, Normaliser, compare_outputs};

use crate::diag::{ReadOptions, read_cargo};
use crate::outcome::{RunEnd, read_tests};

/// How a command that is run again differs from its first run: the first of these that fits.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StepClass {
    /// Its program is not there any more.
    ToolMissing,
    /// It was not run.
    NotRun,
    /// Its time was over, as it was not then.
    TimedOut,
    /// The compiler says something else.
    Diagnostics,
    /// A test came out in another way.
    Outcome,
    /// It ended with another code.
    Code,
    /// It came out as it did then, and a test failed in between that passes when it is run again.
    Flaky,
    /// It printed the same.
    Same,
    /// It said the same, and printed other times, paths, or the same in another order.
    Varying,
    /// It ended with the same code and printed something else. Where what it printed then is gone, nothing more can
    /// be said.
    Output,
}

impl StepClass {
    /// Its name, as programs print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToolMissing => "tool_missing",
            Self::NotRun => "missing",
            Self::TimedOut => "timed_out",
            Self::Diagnostics => "diagnostics",
            Self::Outcome => "outcome",
            Self::Code => "code",
            Self::Flaky => "flaky",
            Self::Same => "same",
            Self::Varying => "varying",
            Self::Output => "output",
        }
    }

    /// Whether the command showed what it showed then.
    #[must_use]
    pub fn agrees(self) -> bool {
        matches!(self, Self::Same | Self::Varying | Self::Flaky | Self::Output)
    }
}

/// How a command differs from its first run, and in what.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StepDifference {
    /// How.
    pub class: StepClass,
    /// At most a few lines, those of then with `-` in front and those of now with `+`.
    pub lines: Vec<String>,
}

/// Most lines of a difference.
const MAX_LINES: usize = 6;
/// Longest line of a difference, in characters.
const MAX_WIDTH: usize = 200;

impl StepDifference {
    /// A difference of this class that is not told more closely.
    #[must_use]
    pub fn of(class: StepClass) -> Self {
        Self { class, lines: Vec::new() }
    }

    fn because(class: StepClass, lines: impl IntoIterator<Item = String>) -> Self {
        let cut = |line: String| match line.char_indices().nth(MAX_WIDTH) {
            Some((at, _)) => format!("{}…", &line[..at]),
            None => line,
        };
        let mut lines: Vec<String> = lines.into_iter().map(cut).collect();
        if lines.len() > MAX_LINES {
            let more = lines.len() + 1 - MAX_LINES;
            lines.truncate(MAX_LINES - 1);
            lines.push(format!("… and {more} more"));
        }
        Self { class, lines }
    }
}

/// Compares what a command says now with what a trace says of it, and with what it printed then, where that is kept:
/// its standard output, a NUL byte and its standard error.
#[must_use]
pub fn compare_step(then: &Check, kept: Option<&[u8]>, now: &StepReport) -> StepDifference {
    let run = now.final_run();
    let again = Check::new(then.role, run);
    if run.timed_out && then.exit_code.is_some() {
        return StepDifference::of(StepClass::TimedOut);
    }
    let said = kept.and_then(|kept| Said::then(then, kept));
    let code = |code: Option<i32>| code.map_or_else(|| "no code".to_owned(), |code| format!("code {code}"));
    let codes = [format!("- {}", code(then.exit_code)), format!("+ {}", code(again.exit_code))];
    if let Some(said) = &said {
        let is_now = Said::now(then.role, run);
        let diff = DiagnosticDiff::between(&said.diagnostics, &is_now.diagnostics);
        if !diff.new.is_empty() || !diff.gone.is_empty() {
            let gone = diff.gone.iter().map(|it| format!("- {}", one_line(it)));
            let new = diff.new.iter().map(|it| format!("+ {}", one_line(it)));
            return StepDifference::because(StepClass::Diagnostics, gone.chain(new));
        }
        let lines = outcome_lines(&said.outcomes, &is_now.outcomes);
        if !lines.is_empty() {
            return StepDifference::because(StepClass::Outcome, lines);
        }
    }
    if again.exit_code != then.exit_code {
        return StepDifference::because(StepClass::Code, codes);
    }
    let flaky = flaky_tests(now);
    if !flaky.is_empty() {
        return StepDifference::because(StepClass::Flaky, flaky);
    }
    if again.output == then.output {
        return StepDifference::of(StepClass::Same);
    }
    match &said {
        None => StepDifference::of(StepClass::Output),
        Some(said) => said.text_difference(run),
    }
}

/// What a run said, as far as it can be read.
struct Said {
    text: String,
    diagnostics: Vec<Diagnostic>,
    outcomes: BTreeMap<(String, String), TestStatus>,
}

impl Said {
    fn then(check: &Check, kept: &[u8]) -> Option<Self> {
        let kept = std::str::from_utf8(kept).ok()?;
        let (stdout, stderr) = kept.split_once('\0')?;
        let end = if check.exit_code.is_some() { RunEnd::ByItself } else { RunEnd::TimedOut };
        Some(Self::of(check.role, stdout, stderr, end))
    }

    fn now(role: CheckRole, run: &RunReport) -> Self {
        Self::of(
            role,
            &run.stdout,
            &run.stderr,
            if run.timed_out { RunEnd::TimedOut } else { RunEnd::ByItself },
        )
    }

    fn of(role: CheckRole, stdout: &str, stderr: &str, end: RunEnd) -> Self {
        let text = format!("{stdout}\n{stderr}");
        let mut options: Option<ReadOptions> = None;
        for copy in copies(&text) {
            let path = std::path::PathBuf::from(copy);
            options = Some(match options {
                None => ReadOptions::new(&path.join("tree")),
                Some(options) => options.with_root(&path.join("tree")),
            });
            options = options.map(|options| options.with_folder(&path.join("target"), "target"));
        }
        let options = options.unwrap_or_else(|| ReadOptions::new(std::path::Path::new("")));
        let build = read_cargo(stdout.as_bytes(), &options);
        let tests =
            (role == CheckRole::Test).then(|| read_tests(stdout, stderr, &build.artifacts, end, &options));
        Self {
            text,
            diagnostics: build.diagnostics,
            outcomes: tests.as_ref().map(outcomes).unwrap_or_default(),
        }
    }

    /// How other texts differ that say the same.
    fn text_difference(&self, run: &RunReport) -> StepDifference {
        let (then, now) = (&self.text, format!("{}\n{}", run.stdout, run.stderr));
        let varies = |text: &str| Normaliser::new(copies(text));
        let (then, now) = ((plain(then), varies(then)), (plain(&now), varies(&now)));
        match compare_outputs(Some((&then.0, &then.1)), Some((&now.0, &now.1))) {
            DivergenceClass::Diverged | DivergenceClass::Unavailable => {
                let (then, now) = (then.1.normalise(&then.0), now.1.normalise(&now.0));
                let lacks = |line: &&str, other: &str| !other.lines().any(|it| it == *line);
                let gone = then.lines().filter(|line| lacks(line, &now)).map(|line| format!("- {line}"));
                let new = now.lines().filter(|line| lacks(line, &then)).map(|line| format!("+ {line}"));
                StepDifference::because(StepClass::Output, gone.chain(new))
            }
            _ => StepDifference::of(StepClass::Varying),
        }
    }
}

/// What a text says apart from how the build went: which parts were there already is another thing each time.
fn plain(text: &str) -> String {
    const PROGRESS: [&str; 9] = [
        "Compiling ",
        "Checking ",
        "Fresh ",
        "Finished ",
        "Running ",
        "Doc-tests ",
        "Blocking ",
        "Locking ",
        "Dirty ",
    ];
    let is_progress = |line: &&str| {
        let line = line.trim_start();
        PROGRESS.iter().any(|word| line.starts_with(word))
            || (line.starts_with("{\"reason\":\"") && !line.starts_with("{\"reason\":\"compiler-message\""))
    };
    text.lines().filter(|line| !is_progress(line)).flat_map(|line| [line, "\n"]).collect()
}

/// The folders of scratch copies that a text names: each with its tree and its target inside.
fn copies(text: &str) -> Vec<String> {
    const MARK: &str = "/.aether/scratch/";
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices(MARK) {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '=' | ',' | ';');
        let start = text[..at]
            .rfind(is_end)
            .map_or(0, |end| end + text[end..].chars().next().map_or(0, char::len_utf8));
        // Behind `file+` and the like of an id of cargo.
        let start = text[start..at].find('/').map_or(at, |slash| start + slash);
        let digits = text[at + MARK.len()..].bytes().take_while(u8::is_ascii_digit).count();
        let copy = text[start..at + MARK.len() + digits].trim_start_matches("//").to_owned();
        let copy = if copy.starts_with('/') { copy } else { format!("/{copy}") };
        if digits > 0 && !found.contains(&copy) {
            found.push(copy);
        }
    }
    found
}

fn one_line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.primary().map(|span| format!("{}:{}: ", span.place, span.start.line));
    let code = diagnostic.code.as_ref().map(|code| format!(" [{code}]"));
    let message = diagnostic.message.lines().next().unwrap_or_default();
    format!("{}{message}{}", place.unwrap_or_default(), code.unwrap_or_default())
}

fn outcomes(run: &TestRun) -> BTreeMap<(String, String), TestStatus> {
    let each = run.binaries.iter().flat_map(|binary| {
        binary.outcomes.iter().map(move |it| ((format!("{:?}", binary.id), it.name.clone()), it.status))
    });
    each.collect()
}

fn outcome_lines(
    then: &BTreeMap<(String, String), TestStatus>,
    now: &BTreeMap<(String, String), TestStatus>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let told = |status: Option<&TestStatus>| {
        status.map_or("not run".to_owned(), |it| format!("{it:?}").to_lowercase())
    };
    let all: std::collections::BTreeSet<_> = then.keys().chain(now.keys()).collect();
    for test in all {
        let (was, is) = (then.get(test), now.get(test));
        if was != is {
            lines.push(format!("- {}: {}", test.1, told(was)));
            lines.push(format!("+ {}: {}", test.1, told(is)));
        }
    }
    lines
}

/// Tests that failed when the command was run first, and passed when it was run again.
fn flaky_tests(now: &StepReport) -> Vec<String> {
    let (Some(first), Some(last)) = (&now.tests, now.reruns.last()) else { return Vec::new() };
    let last = outcomes(last);
    let changed =
        outcomes(first).into_iter().filter(|(test, status)| last.get(test).is_some_and(|it| it != status));
    changed
        .map(|((_, name), status)| format!("{name}: first {}", format!("{status:?}").to_lowercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use aether_core::change::{CheckStep, CommandLine, NetworkAccess, RunMode, SandboxReport};

    use super::*;

    fn report(command: &str, code: i32, stdout: &str, stderr: &str) -> StepReport {
        let step = CheckStep::of(CommandLine::parse(command).expect("a command"));
        let mut run = RunReport::new(
            step.command.clone(),
            RunMode::HOST,
            SandboxReport::new(Vec::new(), NetworkAccess::default(), false),
        );
        (run.exit_code, run.stdout, run.stderr) = (Some(code), stdout.to_owned(), stderr.to_owned());
        StepReport::new(step, run)
    }

    #[track_caller]
    fn check(then: &StepReport, now: &StepReport, class: StepClass, lines: &[&str]) {
        let kept = Check::output_of(then.final_run());
        let recorded = Check::new(then.step.role, then.final_run());
        let found = compare_step(&recorded, Some(&kept), now);
        assert_eq!(
            (found.class, found.lines.iter().map(String::as_str).collect::<Vec<_>>()),
            (class, lines.to_vec())
        );
        // Without what was printed, codes and hashes are left.
        let blind = compare_step(&recorded, None, now).class;
        let expected = match class {
            StepClass::Varying | StepClass::Output => StepClass::Output,
            StepClass::Diagnostics | StepClass::Outcome
                if recorded.exit_code == now.final_run().exit_code =>
            {
                StepClass::Output
            }
            StepClass::Diagnostics | StepClass::Outcome => StepClass::Code,
            other => other,
        };
        assert_eq!(blind, expected);
    }

    fn message(text: &str, copy: &str) -> String {
        format!(
            "{{\"reason\":\"compiler-message\",\"package_id\":\"path+file://{copy}/tree#a@0.1.0\",\"manifest_path\":\"{copy}/tree/Cargo.toml\",\"target\":{{\"kind\":[\"lib\"],\"crate_types\":[\"lib\"],\"name\":\"a\",\"src_path\":\"{copy}/tree/src/lib.rs\",\"edition\":\"2024\",\"doc\":true,\"doctest\":true,\"test\":true}},\"message\":{{\"rendered\":\"{text}\",\"$message_type\":\"diagnostic\",\"children\":[],\"code\":null,\"level\":\"warning\",\"message\":\"{text}\",\"spans\":[]}}}}\n"
        )
    }

    const TESTS: &str = "\nrunning 2 tests\ntest adds ... ok\ntest divides ... ok\n\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n";

    #[test]
    fn each_class_is_told_from_the_others() {
        let (one, two) = ("/builds/a/.aether/scratch/1", "/other/b/.aether/scratch/12");
        let same = report("cargo check", 0, &message("unused", one), "    Finished in 0.20s\n");
        check(&same, &same.clone(), StepClass::Same, &[]);
        let elsewhere =
            report("cargo check", 0, &message("unused", two), "    Checking a\n    Finished in 1.00s\n");
        check(&same, &elsewhere, StepClass::Varying, &[]);
        let other = report("cargo check", 0, &message("unread", two), "");
        check(&same, &other, StepClass::Diagnostics, &["- unused", "+ unread"]);
        let failed = report("cargo check", 101, &(message("unread", one) + &message("unused", one)), "");
        check(&same, &failed, StepClass::Diagnostics, &["+ unread"]);
        let code = report("cargo check", 101, &message("unused", one), "");
        check(&same, &code, StepClass::Code, &["- code 0", "+ code 101"]);
        let text = report("cargo check", 0, &message("unused", two), "killed a fly\n");
        check(&same, &text, StepClass::Output, &["+ killed a fly"]);
        let mut late = same.clone();
        late.run.timed_out = true;
        check(&same, &late, StepClass::TimedOut, &[]);
    }

    #[test]
    fn tests_are_compared_one_by_one() {
        let good = report("cargo test", 0, TESTS, "");
        let failed = TESTS
            .replace("divides ... ok", "divides ... FAILED")
            .replace("result: ok. 2 passed; 0", "result: FAILED. 1 passed; 1");
        let bad = report("cargo test", 101, &failed, "");
        check(&good, &bad, StepClass::Outcome, &["- divides: passed", "+ divides: failed"]);
        let swapped =
            TESTS.replace("test adds ... ok\ntest divides ... ok", "test divides ... ok\ntest adds ... ok");
        check(
            &good,
            &report("cargo test", 0, &swapped.replace("0.00s", "1.31s"), ""),
            StepClass::Varying,
            &[],
        );
        let mut flaky = bad.clone();
        flaky.tests = Some(read_tests(
            &failed,
            "",
            &[],
            RunEnd::ByItself,
            &ReadOptions::new(std::path::Path::new("/w")),
        ));
        flaky.reruns =
            vec![read_tests(TESTS, "", &[], RunEnd::ByItself, &ReadOptions::new(std::path::Path::new("/w")))];
        flaky.last_rerun = Some(good.run.clone());
        check(&good, &flaky, StepClass::Flaky, &["divides: first failed"]);
    }

    #[test]
    fn a_difference_is_short() {
        let many: String = (0..40).map(|number| format!("line {number} {}\n", "x".repeat(300))).collect();
        let found = compare_step(
            &Check::new(CheckRole::Check, &report("make", 0, "", "").run),
            Some(b"\0"),
            &report("make", 0, &many, ""),
        );
        assert_eq!((found.class, found.lines.len()), (StepClass::Output, MAX_LINES));
        assert!(
            found.lines[0].chars().count() == MAX_WIDTH + 1 && found.lines[5] == "… and 35 more",
            "{found:?}"
        );
        // Bytes that are no output of a command are of no help.
        let then = Check::new(CheckRole::Check, &report("make", 0, "a", "").run);
        assert_eq!(compare_step(&then, Some(b"\xff"), &report("make", 0, "b", "")).class, StepClass::Output);
    }
}
