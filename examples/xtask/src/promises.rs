//! The commands that documents name for what they promise run tests: a filter that fits no test passes as well, and
//! so does a module that needs a feature nobody asked for.

use std::collections::BTreeMap;
use std::path::Path;

use crate::child::Child;
use crate::violation::Violation;

/// Documents whose rows have a command that shows them.
const DOCUMENTS: [&str; 2] = ["docs/requirements.md", "docs/SECURITY-MODEL.md"];

/// Options of `cargo test` that a word follows.
const WITH_VALUE: [&str; 6] = ["-p", "--package", "--test", "--features", "--bin", "--example"];

/// Lists the tests of each command, and finds those that have none, or none for one of their filters.
pub(crate) fn check(root: &Path) -> Vec<Violation> {
    let mut known = BTreeMap::new();
    let list = |command: &[&str]| {
        let child = Child::cargo(&command[1..]);
        child.output(root).map_err(|error| format!("{error:#}"))
    };
    let mut found = Vec::new();
    for path in DOCUMENTS {
        let text = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        if text.is_empty() {
            found.push(Violation::of_file("unshown-promise", path, "there is no such document"));
        }
        for (line, command) in commands(&text) {
            let fault = known.entry(command.to_owned()).or_insert_with(|| fault(command, list));
            if let Some(fault) = fault {
                let message = format!("`{command}`: {fault}");
                found.push(Violation::at_line("unshown-promise", path, line, message));
            }
        }
    }
    found
}

/// The code spans that run tests, with their lines.
fn commands(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(number, line)| {
        let spans = line.split('`').skip(1).step_by(2);
        spans.filter(|span| span.starts_with("cargo test ")).map(move |span| (number + 1, span))
    })
}

/// What is wrong with a command, given what lists the tests that a command line runs.
fn fault(command: &str, list: impl Fn(&[&str]) -> Result<String, String>) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let (own, behind) = match words.iter().position(|word| *word == "--") {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (&words[..], &[][..]),
    };
    let listed = match list(&[own, &["--"], behind, &["--list"]].concat()) {
        Ok(listed) => listed,
        Err(error) => return Some(error),
    };
    let tests: Vec<&str> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    if tests.is_empty() {
        return Some("it runs no test".to_owned());
    }
    let none = filters(own, behind).find(|filter| !tests.iter().any(|test| test.contains(filter)))?;
    Some(format!("no test fits {none:?}"))
}

/// The words that choose among the tests.
fn filters<'w>(own: &'w [&'w str], behind: &'w [&'w str]) -> impl Iterator<Item = &'w str> {
    let positional = own
        .iter()
        .enumerate()
        .skip(2)
        .filter(|(at, word)| !word.starts_with('-') && !WITH_VALUE.contains(&own[at - 1]));
    let positional = positional.map(|(_, word)| *word);
    positional.chain(behind.iter().copied().filter(|word| !word.starts_with('-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tests(_: &[&str]) -> Result<String, String> {
        Ok("a::b: test\nsrc/c.rs - c (line 3): test\n\n2 tests, 0 benchmarks\n".to_owned())
    }

    #[track_caller]
    fn check_fault(command: &str, expected: Option<&str>) {
        assert_eq!(fault(command, tests).as_deref(), expected, "{command}");
    }

    #[test]
    fn each_filter_fits_a_test() {
        check_fault("cargo test -p a", None);
        check_fault("cargo test -p a --features f,g --test it b", None);
        check_fault("cargo test -p a -- a::b c", None);
        check_fault("cargo test -p a --test it d", Some("no test fits \"d\""));
        check_fault("cargo test -p a -- b d --nocapture", Some("no test fits \"d\""));
    }

    #[test]
    fn a_command_without_tests_is_found() {
        assert_eq!(fault("cargo test x", |_| Ok("0 tests\n".to_owned())).as_deref(), Some("it runs no test"));
        assert_eq!(fault("cargo test x y", |_| Err("bad".to_owned())).as_deref(), Some("bad"));
    }

    #[test]
    fn tests_are_listed_and_not_run() {
        let seen = std::cell::RefCell::new(Vec::new());
        let list = |words: &[&str]| {
            seen.borrow_mut().push(words.join(" "));
            tests(words)
        };
        assert_eq!(fault("cargo test -p a", list), None);
        assert_eq!(fault("cargo test -p a -- b", list), None);
        assert_eq!(*seen.borrow(), ["cargo test -p a -- --list", "cargo test -p a -- b --list"]);
    }

    #[test]
    fn commands_stand_in_code_spans() {
        let text =
            "| X | `cargo test -p a`, `cargo bench` |\ncargo test -p b\n| Y | as root `cargo test b` (c) |\n";
        let found: Vec<(usize, &str)> = commands(text).collect();
        assert_eq!(found, [(1, "cargo test -p a"), (3, "cargo test b")]);
    }
}
