//! What a session may use and what it has used.

use serde::{Deserialize, Serialize};

use super::Count;

/// Amounts of what a session uses: as a limit in the policy, and as the sum so far in each event.
///
/// # Examples
///
/// ```
/// use aether_core::record::trace::{Budget, Count};
/// let used = Budget { probes: Count::new(3), ..Budget::ZERO };
/// let limit = Budget { probes: Count::new(2), ..Budget::UNLIMITED };
/// assert_eq!(used.first_above(&limit), Some("probes"));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceBudget"))]
// Fields of every record of a trace stand in the order of their names: then the plain written form is the
// canonical one.
pub struct Budget {
    /// Changes that were tried.
    pub candidates: Count,
    /// Commands that were run.
    pub commands: Count,
    /// Time since the start, in milliseconds.
    pub elapsed_ms: Count,
    /// Probes that were made.
    pub probes: Count,
    /// Tokens that a model read and wrote.
    pub tokens: Count,
}

impl Budget {
    /// Nothing.
    pub const ZERO: Self = Self::all(Count::new(0));
    /// The most that can be written.
    pub const UNLIMITED: Self = Self::all(Count::MAX);

    const fn all(amount: Count) -> Self {
        Self { candidates: amount, commands: amount, elapsed_ms: amount, probes: amount, tokens: amount }
    }

    /// Each amount with its name, in the order of the names.
    #[must_use]
    pub fn amounts(&self) -> [(&'static str, Count); 5] {
        [
            ("candidates", self.candidates),
            ("commands", self.commands),
            ("elapsed_ms", self.elapsed_ms),
            ("probes", self.probes),
            ("tokens", self.tokens),
        ]
    }

    /// The amount of this name, to be changed.
    pub(crate) fn amount_mut(&mut self, name: &str) -> Option<&mut Count> {
        match name {
            "candidates" => Some(&mut self.candidates),
            "commands" => Some(&mut self.commands),
            "elapsed_ms" => Some(&mut self.elapsed_ms),
            "probes" => Some(&mut self.probes),
            "tokens" => Some(&mut self.tokens),
            _ => None,
        }
    }

    /// The name of the first amount that is above that of `limit`.
    #[must_use]
    pub fn first_above(&self, limit: &Self) -> Option<&'static str> {
        let pairs = self.amounts().into_iter().zip(limit.amounts());
        pairs.into_iter().find(|((_, used), (_, most))| used > most).map(|((name, _), _)| name)
    }

    /// Both together, amount by amount.
    #[must_use]
    pub fn plus(&self, more: &Self) -> Self {
        Self {
            candidates: self.candidates.plus(more.candidates.get()),
            commands: self.commands.plus(more.commands.get()),
            elapsed_ms: self.elapsed_ms.plus(more.elapsed_ms.get()),
            probes: self.probes.plus(more.probes.get()),
            tokens: self.tokens.plus(more.tokens.get()),
        }
    }

    /// The larger of the two, amount by amount.
    #[must_use]
    pub fn max(&self, other: &Self) -> Self {
        Self {
            candidates: self.candidates.max(other.candidates),
            commands: self.commands.max(other.commands),
            elapsed_ms: self.elapsed_ms.max(other.elapsed_ms),
            probes: self.probes.max(other.probes),
            tokens: self.tokens.max(other.tokens),
        }
    }
}
