//! What the words behind `check` choose.

use anyhow::{Result, bail};

use super::plan::{Extent, Step};

/// The choice of steps.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Options {
    /// Also what needs extra tools.
    full: bool,
    /// Leave the tests to someone else.
    no_tests: bool,
    /// Names of steps, or the parts of names in front of a colon; empty for all.
    only: Vec<String>,
    /// Print the steps and run nothing.
    pub(super) list: bool,
}

impl Options {
    /// Reads the words behind `check`.
    ///
    /// # Errors
    ///
    /// When a word is unknown.
    pub(super) fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--full" => options.full = true,
                "--no-tests" => options.no_tests = true,
                "--list" => options.list = true,
                "--only" => {
                    let Some(names) = words.next() else {
                        bail!("--only needs the names of steps; see --list");
                    };
                    options.only.extend(names.split(',').map(str::to_owned));
                }
                unknown => bail!("`check` does not know {unknown:?}"),
            }
        }
        Ok(options)
    }

    /// Keeps the steps that are asked for, in their order.
    ///
    /// # Errors
    ///
    /// When a name fits no step: a gate that is misspelt must not pass.
    pub(super) fn choose(&self, steps: Vec<Step>) -> Result<Vec<Step>> {
        let fits = |step: &Step, name: &str| step.name == name || step.name.split(':').next() == Some(name);
        for name in &self.only {
            if !steps.iter().any(|step| fits(step, name)) {
                let known: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
                bail!("there is no step {name:?}; known are {}", known.join(", "));
            }
        }
        Ok(steps
            .into_iter()
            .filter(|step| {
                if !self.only.is_empty() {
                    return self.only.iter().any(|name| fits(step, name));
                }
                match step.extent {
                    Extent::Always => true,
                    Extent::Tests => !self.no_tests,
                    Extent::Full => self.full,
                }
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::plan::Action;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[track_caller]
    fn check_choice(line: &str, expected: &[&str]) {
        let steps = [
            ("fmt", Extent::Always),
            ("test", Extent::Tests),
            ("feature-tests:a", Extent::Tests),
            ("feature-tests:b", Extent::Tests),
            ("deny", Extent::Full),
        ]
        .map(|(name, extent)| Step { name: name.to_owned(), extent, action: Action::Tidy });
        let options = Options::parse(&words(line)).expect("known words");
        let chosen = options.choose(steps.into()).expect("known steps");
        let names: Vec<&str> = chosen.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn everything_but_the_extra_tools_by_default() {
        check_choice("", &["fmt", "test", "feature-tests:a", "feature-tests:b"]);
    }

    #[test]
    fn full_adds_the_extra_tools() {
        check_choice("--full", &["fmt", "test", "feature-tests:a", "feature-tests:b", "deny"]);
    }

    #[test]
    fn without_tests() {
        check_choice("--no-tests", &["fmt"]);
    }

    #[test]
    fn by_name_and_by_the_front_of_a_name() {
        check_choice("--only deny,fmt", &["fmt", "deny"]);
        check_choice("--only feature-tests", &["feature-tests:a", "feature-tests:b"]);
        check_choice("--only feature-tests:b", &["feature-tests:b"]);
    }

    #[test]
    fn unknown_words_and_names_are_errors() {
        assert!(Options::parse(&words("--fast")).is_err());
        assert!(Options::parse(&words("--only")).is_err());
        let options = Options::parse(&words("--only clipy")).expect("known words");
        assert!(options.choose(Vec::new()).is_err());
    }
}
