//! From which confidence on something is said or done.

use serde::{Deserialize, Serialize};

/// Whether thresholds may be looser than their defaults. Every answer shows it.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PolicyProfile {
    /// No threshold is looser than its default.
    #[default]
    Strict,
    /// Thresholds are what the policy says.
    Relaxed,
}

impl PolicyProfile {
    /// `STRICT` or `RELAXED`, as answers show it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "STRICT",
            Self::Relaxed => "RELAXED",
        }
    }
}

/// Thresholds and budgets of work that ends in an answer or a patch. Confidence is in thousandths.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Thresholds {
    /// Least confidence of an answer. Default 700.
    pub tau_answer: u16,
    /// Least confidence of a patch. Default 850.
    pub tau_patch: u16,
    /// Confidence below which nothing is answered and no more is tried. Default 500.
    pub tau_abstain: u16,
    /// Most changed lines of a patch, K. Default 20.
    pub max_changed_lines: u32,
    /// Most rounds of a search for a fix, B. Default 3.
    pub max_rounds: u32,
    /// Longest a probe takes before a costlier one is asked, in milliseconds. Default 2,000.
    pub probe_ms: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            tau_answer: 700,
            tau_patch: 850,
            tau_abstain: 500,
            max_changed_lines: 20,
            max_rounds: 3,
            probe_ms: 2000,
        }
    }
}

impl Thresholds {
    /// Whether none is looser than in `other`.
    #[must_use]
    pub fn is_as_strict_as(&self, other: &Self) -> bool {
        self.tau_answer >= other.tau_answer
            && self.tau_patch >= other.tau_patch
            && self.tau_abstain >= other.tau_abstain
            && self.max_changed_lines <= other.max_changed_lines
            && self.max_rounds <= other.max_rounds
            && self.probe_ms <= other.probe_ms
    }

    /// Whether they are in order: `tau_abstain`, `tau_answer`, `tau_patch`, none above 1,000, and budgets
    /// that allow something.
    #[must_use]
    pub fn are_in_order(&self) -> bool {
        self.tau_abstain <= self.tau_answer
            && self.tau_answer <= self.tau_patch
            && self.tau_patch <= 1000
            && self.max_changed_lines > 0
            && self.max_rounds > 0
            && self.probe_ms > 0
    }
}
