//! A rule of the repository that a file breaks.

use std::fmt;

/// One breach of one rule, at one place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Violation {
    /// Stable name of the rule, for tests and for exceptions.
    pub(crate) rule: &'static str,
    /// Path from the root of the repository, with `/` on every system.
    pub(crate) path: String,
    /// Line, counted from one; absent when the file as a whole is meant.
    pub(crate) line: Option<usize>,
    /// What is wrong, and what to do where that is not obvious.
    pub(crate) message: String,
}

impl Violation {
    /// A violation that concerns a file as a whole.
    pub(crate) fn of_file(rule: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { rule, path: path.into(), line: None, message: message.into() }
    }

    /// A violation at a line, counted from one.
    pub(crate) fn at_line(
        rule: &'static str,
        path: impl Into<String>,
        line: usize,
        message: impl Into<String>,
    ) -> Self {
        Self { rule, path: path.into(), line: Some(line), message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: [{}] {}", self.path, self.rule, self.message),
            None => write!(f, "{}: [{}] {}", self.path, self.rule, self.message),
        }
    }
}
