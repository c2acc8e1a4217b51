//! What actions cost, and how much they may.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

/// An amount of tokens and of money. Both are whole numbers: money in millionths of the currency that the
/// caps are in, because one call costs less than a hundredth of it.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Cost {
    /// Tokens, in and out.
    pub tokens: u64,
    /// Money, in millionths.
    pub micros: u64,
}

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self { tokens: 0, micros: 0 };

    /// An amount.
    #[must_use]
    pub const fn new(tokens: u64, micros: u64) -> Self {
        Self { tokens, micros }
    }

    /// The sum, which stays at the largest number instead of overflowing.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(other.tokens),
            micros: self.micros.saturating_add(other.micros),
        }
    }

    /// The difference, which stays at zero instead of overflowing.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_sub(other.tokens),
            micros: self.micros.saturating_sub(other.micros),
        }
    }

    /// Whether a part of it is at or above the same part of `cap`.
    #[must_use]
    pub const fn reaches(self, cap: Self) -> bool {
        self.tokens >= cap.tokens || self.micros >= cap.micros
    }

    /// Whether a part of it is above the same part of `cap`.
    #[must_use]
    pub const fn exceeds(self, cap: Self) -> bool {
        self.tokens > cap.tokens || self.micros > cap.micros
    }

    /// Whether a part of it is at or above 80 % of the same part of `cap`.
    #[must_use]
    pub const fn is_near(self, cap: Self) -> bool {
        is_near(self.tokens, cap.tokens) || is_near(self.micros, cap.micros)
    }
}

/// Where the warning begins: the soft cap of the companion's design.
const SOFT_CAP_PERCENT: u128 = 80;

const fn is_near(value: u64, cap: u64) -> bool {
    value as u128 * 100 >= cap as u128 * SOFT_CAP_PERCENT
}

/// What a cap counts over.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CostWindow {
    /// One request.
    Request,
    /// One task.
    Task,
    /// One day, UTC.
    Day,
}

impl CostWindow {
    /// The name, such as `day`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Task => "task",
            Self::Day => "day",
        }
    }
}

/// How much may be spent. A cap that is reached denies the next request, never one that is on its way: what
/// is spent in the end is above a cap by one call at most, if estimates are not too low.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CostCaps {
    /// Most that one request may be estimated at. None by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Cost>,
    /// Most for a task. None by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Cost>,
    /// Most for a day, UTC. None by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Cost>,
}

impl CostCaps {
    /// The first cap that denies a request of `estimate` where `spend` is gone already.
    #[must_use]
    pub fn reached(&self, estimate: Cost, spend: &Spend) -> Option<CostWindow> {
        if self.request.is_some_and(|cap| estimate.exceeds(cap)) {
            return Some(CostWindow::Request);
        }
        if self.task.is_some_and(|cap| spend.task.reaches(cap)) {
            return Some(CostWindow::Task);
        }
        self.day.is_some_and(|cap| spend.day.reaches(cap)).then_some(CostWindow::Day)
    }

    /// The windows of which at least 80 % would be gone with a request of `estimate`.
    pub fn near(&self, estimate: Cost, spend: &Spend) -> impl Iterator<Item = CostWindow> {
        let near = |cap: Option<Cost>, cost: Cost| cap.is_some_and(|cap| cost.is_near(cap));
        let windows = [
            near(self.request, estimate).then_some(CostWindow::Request),
            near(self.task, spend.task.plus(estimate)).then_some(CostWindow::Task),
            near(self.day, spend.day.plus(estimate)).then_some(CostWindow::Day),
        ];
        windows.into_iter().flatten()
    }

    /// Whether what was spent before matters.
    #[must_use]
    pub fn count(&self) -> bool {
        self.task.is_some() || self.day.is_some()
    }
}

/// What is spent already, calls on their way included with their estimates.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Spend {
    /// For the task.
    pub task: Cost,
    /// On the day.
    pub day: Cost,
}

impl Spend {
    /// What is spent.
    #[must_use]
    pub const fn new(task: Cost, day: Cost) -> Self {
        Self { task, day }
    }
}

/// An estimate that counts as spent until the call is settled.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CostReservation {
    /// The request; a second reservation of it is refused.
    pub request: String,
    /// The task, where there is one; requests without one share one count.
    pub task: Option<String>,
    /// When it begins; it counts on the day, UTC, of this time.
    pub at: Timestamp,
    /// The estimate.
    pub estimate: Cost,
}

impl CostReservation {
    /// A reservation.
    #[must_use]
    pub fn new(request: impl Into<String>, task: Option<String>, at: Timestamp, estimate: Cost) -> Self {
        Self { request: request.into(), task, at, estimate }
    }

    /// Days since 1970-01-01 of its time, UTC.
    #[must_use]
    pub fn day(&self) -> i64 {
        self.at.unix_ms().div_euclid(86_400_000)
    }
}
