//! What the steps came to.

use std::collections::BTreeSet;
use std::fmt;

/// How a step ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    Ok,
    /// The change must not go in.
    Failed(String),
    /// Something to look at, which blocks nothing.
    Warned(String),
    /// The step did not run, for this reason.
    Skipped(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Failed(reason) => write!(f, "FAILED: {reason}"),
            Self::Warned(reason) => write!(f, "warned: {reason}"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
        }
    }
}

/// The outcomes of a run, in order.
#[derive(Debug, Default)]
pub(super) struct Summary {
    outcomes: Vec<(String, Outcome)>,
    /// What tests said that were skipped, each once.
    pub(super) skipped_tests: BTreeSet<String>,
}

impl Summary {
    pub(super) fn add(&mut self, step: &str, outcome: Outcome) {
        self.outcomes.push((step.to_owned(), outcome));
    }

    /// Whether nothing failed.
    pub(super) fn is_green(&self) -> bool {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_))) == 0
    }

    /// One line with the number of steps of each outcome; skipped ones are never silent.
    pub(super) fn counts(&self) -> String {
        format!(
            "{} passed, {} failed, {} warned, {} skipped; {} tests or parts of tests skipped",
            self.count(|outcome| *outcome == Outcome::Ok),
            self.count(|outcome| matches!(outcome, Outcome::Failed(_))),
            self.count(|outcome| matches!(outcome, Outcome::Warned(_))),
            self.count(|outcome| matches!(outcome, Outcome::Skipped(_))),
            self.skipped_tests.len(),
        )
    }

    fn count(&self, is_counted: impl Fn(&Outcome) -> bool) -> usize {
        self.outcomes.iter().filter(|(_, outcome)| is_counted(outcome)).count()
    }
}

/// Every step that did not simply pass, and every test that was skipped, with its reason.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcomes
            .iter()
            .filter(|(_, outcome)| *outcome != Outcome::Ok)
            .try_for_each(|(step, outcome)| writeln!(f, "{step} {outcome}"))?;
        self.skipped_tests.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        let mut summary = Summary::default();
        summary.add("fmt", Outcome::Ok);
        summary.add("deny", Outcome::Skipped("cargo-deny is not installed".to_owned()));
        summary.add("advisories", Outcome::Warned("2 found".to_owned()));
        summary.skipped_tests.insert("SKIPPED (a): b".to_owned());
        summary
    }

    #[test]
    fn skipped_and_warned_steps_are_green_and_counted() {
        let summary = summary();
        assert!(summary.is_green());
        assert_eq!(
            summary.counts(),
            "1 passed, 0 failed, 1 warned, 1 skipped; 1 tests or parts of tests skipped"
        );
        assert_eq!(
            summary.to_string(),
            "deny skipped: cargo-deny is not installed\nadvisories warned: 2 found\nSKIPPED (a): b\n"
        );
    }

    #[test]
    fn one_failure_is_red() {
        let mut summary = summary();
        summary.add("clippy", Outcome::Failed("exit status: 101".to_owned()));
        assert!(!summary.is_green());
        assert!(summary.to_string().contains("\nclippy FAILED: exit status: 101\n"));
    }
}
