//! What is decided, and how it came to that.

use super::{Capability, CostWindow, PolicyProfile, Preset, Reason, Ticket};
use crate::record::AuditReceipt;

/// A stage of a decision. They run in this order.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Stage {
    /// Whether the audit log is in order.
    Audit,
    /// Whether grants can be read.
    Ledger,
    /// What is blocked whatever is granted.
    HardBlocks,
    /// What may leave the machine.
    Privacy,
    /// Where the wish comes from.
    Provenance,
    /// What it costs.
    Cost,
    /// Whether the capability is there.
    Feature,
    /// Whether it fits the agent and the effect.
    Action,
    /// Whether the resource is open.
    Resource,
    /// How it is approved.
    Mode,
    /// Whether a grant covers it and still holds.
    Duration,
}

impl Stage {
    /// Each of them, in their order.
    pub const ALL: [Self; 11] = [
        Self::Audit,
        Self::Ledger,
        Self::HardBlocks,
        Self::Privacy,
        Self::Provenance,
        Self::Cost,
        Self::Feature,
        Self::Action,
        Self::Resource,
        Self::Mode,
        Self::Duration,
    ];

    /// The name, such as `hard_blocks`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Ledger => "ledger",
            Self::HardBlocks => "hard_blocks",
            Self::Privacy => "privacy",
            Self::Provenance => "provenance",
            Self::Cost => "cost",
            Self::Feature => "feature",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Mode => "mode",
            Self::Duration => "duration",
        }
    }
}

/// How a stage came out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum StageOutcome {
    /// It had nothing against the request.
    Pass,
    /// It left no more than a draft, or decided: with this reason.
    Held(Reason),
}

impl StageOutcome {
    /// `pass`, or the id of the reason.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Held(reason) => reason.id(),
        }
    }
}

/// A stage and how it came out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct StageResult {
    /// The stage.
    pub stage: Stage,
    /// How it came out.
    pub outcome: StageOutcome,
}

impl StageResult {
    pub(super) fn new(stage: Stage, outcome: StageOutcome) -> Self {
        Self { stage, outcome }
    }
}

/// Something that is allowed and should be known.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// At least 80 % of a cap is gone.
    NearCap(CostWindow),
}

/// What comes of a request. `T` is the proof that an allowed one gives.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<T> {
    /// It may be done, once, by whoever holds this.
    Allow(T),
    /// Somebody has to answer this first.
    Ask(Box<Ticket>),
    /// No more than a draft may be made of it.
    DraftOnly(Reason),
    /// It may not be done.
    Deny(Reason),
    /// Another preset has the capability.
    NeedsUpgrade {
        /// The capability.
        capability: Capability,
        /// The least preset that has it.
        preset: Preset,
    },
}

impl<T> Outcome<T> {
    /// The name, such as `draft_only`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Allow(_) => "allow",
            Self::Ask(_) => "ask",
            Self::DraftOnly(_) => "draft_only",
            Self::Deny(_) => "deny",
            Self::NeedsUpgrade { .. } => "needs_upgrade",
        }
    }
}

/// What comes of a request, and how it came to that.
#[derive(Debug)]
#[must_use = "an allowed request is not done yet, and a denied one must not be"]
#[non_exhaustive]
pub struct Decision<T> {
    /// What comes of it.
    pub outcome: Outcome<T>,
    /// The reason; `None` for what is simply allowed.
    pub reason: Option<Reason>,
    /// The stages up to the one that decided.
    pub stages: Vec<StageResult>,
    /// What should be known.
    pub warnings: Vec<Warning>,
    /// The profile of the policy in force, to be shown.
    pub profile: PolicyProfile,
    /// The audit row; `None` where none could be written, which is never so for what is allowed.
    pub audit: Option<AuditReceipt>,
}

impl<T> Decision<T> {
    pub(super) fn new(outcome: Outcome<T>, reason: Option<Reason>, profile: PolicyProfile) -> Self {
        Self { outcome, reason, stages: Vec::new(), warnings: Vec::new(), profile, audit: None }
    }

    /// The proof, where it was allowed.
    #[must_use]
    pub fn allowed(self) -> Option<T> {
        match self.outcome {
            Outcome::Allow(proof) => Some(proof),
            _ => None,
        }
    }
}
