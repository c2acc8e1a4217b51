//! A command of a verification, and what it shows.

use serde::{Deserialize, Serialize};

use crate::change::CommandLine;

/// What a command shows.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CheckRole {
    /// That the project compiles.
    Check,
    /// That its tests pass.
    Test,
    /// That a linter is content.
    Lint,
    /// That it is formatted.
    Format,
}

/// A command of a verification.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CheckStep {
    /// The command.
    pub command: CommandLine,
    /// What it shows.
    pub role: CheckRole,
}

impl CheckStep {
    /// A command that shows this.
    #[must_use]
    pub fn new(command: CommandLine, role: CheckRole) -> Self {
        Self { command, role }
    }

    /// A command whose words tell what it shows: `fmt` a format, `clippy` and `lint` a lint, a word with
    /// `test` in it tests, and anything else that the project compiles.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::change::{CheckRole, CheckStep, CommandLine};
    /// let role = |text: &str| Ok::<_, Box<dyn std::error::Error>>(CheckStep::of(CommandLine::parse(text)?).role);
    /// assert_eq!(role("cargo check --workspace")?, CheckRole::Check);
    /// assert_eq!(role("cargo test -p format")?, CheckRole::Test);
    /// assert_eq!(role("pytest -q")?, CheckRole::Test);
    /// assert_eq!(role("cargo clippy --tests")?, CheckRole::Lint);
    /// assert_eq!(role("cargo +stable fmt --check")?, CheckRole::Format);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(command: CommandLine) -> Self {
        let name = command.program.rsplit('/').next().unwrap_or_default();
        // What a program is told to do is its first word that is no option and no toolchain.
        let is_word = |word: &&String| !word.starts_with(['-', '+']);
        let task = command.arguments.iter().find(is_word).map_or("", String::as_str);
        let role = [name, task].iter().find_map(|word| match *word {
            "fmt" | "rustfmt" => Some(CheckRole::Format),
            "clippy" | "lint" => Some(CheckRole::Lint),
            word if word.contains("test") => Some(CheckRole::Test),
            _ => None,
        });
        Self { command, role: role.unwrap_or(CheckRole::Check) }
    }

    /// Whether a change is refused when it fails: linters and formatters never block.
    #[must_use]
    pub fn blocks(&self) -> bool {
        matches!(self.role, CheckRole::Check | CheckRole::Test)
    }
}
