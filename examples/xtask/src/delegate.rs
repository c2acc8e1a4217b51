//! Commands that need our crates: they run `examples/eval` as a child.

use std::process::ExitCode;

use anyhow::Result;

use crate::child::Child;
use crate::repository::Repository;

/// Whether a command is passed on: `eval`, `bench` and everything under `data:`.
pub(crate) fn is_delegated(command: &str) -> bool {
    command == "eval" || command == "bench" || command.starts_with("data:")
}

/// Passes all words on, the command first, and returns the answer of the child.
pub(crate) fn run(repository: &Repository, words: &[String]) -> Result<ExitCode> {
    child(words).run(repository.root())?;
    Ok(ExitCode::SUCCESS)
}

fn child(words: &[String]) -> Child {
    // Release mode, because figures from an unoptimised build mean nothing.
    let run = Child::cargo(&["run", "--quiet", "--release", "--package", "aether-eval", "--"]);
    words.iter().fold(run, Child::with_argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_commands_of_eval_are_passed_on() {
        for command in ["eval", "bench", "data:snapshot"] {
            assert!(is_delegated(command), "{command}");
        }
        for command in ["evaluate", "check", "data"] {
            assert!(!is_delegated(command), "{command}");
        }
    }

    #[test]
    fn all_words_go_along() {
        let words = ["bench", "index", "--json"].map(str::to_owned);
        assert_eq!(
            child(&words).shown(),
            "cargo run --quiet --release --package aether-eval -- bench index --json"
        );
    }
}
