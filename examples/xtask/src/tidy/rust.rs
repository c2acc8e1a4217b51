//! Rules on Rust files: their first line, their length, and a few traps.

use crate::source::{SourceFile, line_of, matching};
use crate::violation::Violation;

/// Lines of code, tests and comments not counted, from which on a file holds two ideas.
const MAX_CODE_LINES: usize = 800;

/// Checks one file.
pub(super) fn check(path: &str, text: &str, found: &mut Vec<Violation>) {
    let summary = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("//!"))
        .is_some_and(|summary| !summary.trim().is_empty());
    if !summary {
        found.push(Violation::at_line(
            "summary-line",
            path,
            1,
            "the first line of a file is a `//!` summary",
        ));
    }
    if path == "mod.rs" || path.ends_with("/mod.rs") {
        found.push(Violation::of_file("mod-file", path, "a module `foo` is `foo.rs`, with `foo/` beside it"));
    }
    let file = SourceFile::new(path, text);
    let lines = file.code_lines();
    if lines > MAX_CODE_LINES {
        found.push(Violation::of_file(
            "file-length",
            path,
            format!("{lines} lines of code; split by concept at {MAX_CODE_LINES}"),
        ));
    }
    open_ends(&file, found);
    bare_matches(&file, found);
    ignored_tests(&file, found);
}

/// A note about work to do names its issue: `TODO` is followed by `(#` and a number.
fn open_ends(file: &SourceFile, found: &mut Vec<Violation>) {
    const WORDS: [&str; 3] = ["TODO", "FIXME", "XXX"];
    for word in WORDS {
        for (start, _) in file.comments.match_indices(word) {
            let end = start + word.len();
            let whole = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            if !whole(file.comments[..start].chars().next_back())
                || !whole(file.comments[end..].chars().next())
            {
                continue;
            }
            let has_issue = word == "TODO"
                && file.comments[end..].strip_prefix("(#").and_then(|rest| rest.split_once(')')).is_some_and(
                    |(issue, _)| !issue.is_empty() && issue.bytes().all(|byte| byte.is_ascii_digit()),
                );
            // In backticks the word is spoken of, not used.
            let is_quoted = file.comments[..start].ends_with('`');
            if !has_issue && !is_quoted {
                found.push(Violation::at_line(
                    "open-end",
                    &file.path,
                    line_of(&file.comments, start),
                    format!("{word} without an issue; write TODO(#number)"),
                ));
            }
        }
    }
}

/// `matches!(…);` as a statement drops its answer, and asserts nothing.
fn bare_matches(file: &SourceFile, found: &mut Vec<Violation>) {
    for (start, name) in file.code.match_indices("matches!") {
        let before = file.code[..start].trim_end().chars().next_back();
        if !matches!(before, None | Some(';' | '{' | '}')) {
            continue;
        }
        let after = start + name.len();
        let open = after + file.code[after..].len() - file.code[after..].trim_start().len();
        let close = matching(file.code.as_bytes(), open);
        let is_statement = file.code.get(close + 1..).is_some_and(|rest| rest.trim_start().starts_with(';'));
        if is_statement {
            found.push(Violation::at_line(
                "bare-matches",
                &file.path,
                line_of(&file.code, start),
                "this drops its answer; write assert!(matches!(…))",
            ));
        }
    }
}

fn ignored_tests(file: &SourceFile, found: &mut Vec<Violation>) {
    for (start, _) in file.code.match_indices("#[ignore") {
        found.push(Violation::at_line(
            "ignored-test",
            &file.path,
            line_of(&file.code, start),
            "assert what happens today with a note, or mend it; nothing is ignored",
        ));
    }
}
