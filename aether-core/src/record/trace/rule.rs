//! The rules of a trace, as data: each with a stable id and what it asks for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::record::rules::rules;

rules! {
    /// A rule that every trace keeps to. Ids are never renamed or reused; an old reader takes an
    /// unknown one for an error, so a new one comes with a new schema version.
    TraceRule {
        LineBytes = "trace.limit.line_bytes": "A line is not longer than the limit.";
        Events = "trace.limit.events": "A trace has no more events than the limit.";
        TextBytes = "trace.limit.text_bytes": "No text is longer than the limit: outputs are named by their hash.";
        Torn = "trace.text.torn": "Every line ends with a line break.";
        Utf8 = "trace.text.utf8": "A line is UTF-8.";
        Syntax = "trace.json.syntax": "A line is one JSON object whose texts are valid Unicode.";
        DuplicateKey = "trace.json.duplicate_key": "No object has a key twice.";
        Float = "trace.json.float": "No number is a fraction or has an exponent.";
        BigInteger = "trace.json.big_integer": "Every number is below 2^53.";
        Version = "trace.version": "The version is one that the reader knows.";
        UnknownKind = "trace.schema.unknown_kind": "The kind of an event is one of the eight.";
        UnknownField = "trace.schema.unknown_field": "No object has a field that the schema does not name.";
        MissingField = "trace.schema.missing_field": "Every object has the fields that the schema asks for.";
        BadValue = "trace.schema.value": "Every value has the type and the range of the schema.";
        Canonical = "trace.canonical": "The bytes of a line are the canonical form of its value.";
        HeaderFirst = "trace.header.first": "The first line is a header, and no other line is.";
        PolicyHash = "trace.header.policy_hash": "The hash of the policy is that of its values.";
        PolicyOrder = "trace.header.thresholds": "The thresholds rise from abstaining over answering to patching.";
        Foreign = "trace.chain.foreign": "Every event names the trace of the header.";
        Gap = "trace.chain.gap": "No event is left out: each number is one above the last.";
        Repeated = "trace.chain.repeated": "No number comes a second time.";
        Prev = "trace.chain.prev": "Every event names the hash of the line before.";
        Hash = "trace.chain.hash": "The hash of a line is that of its content and of the hash before.";
        AfterEnd = "trace.end.after_terminal": "Nothing stands behind the event that ends the session.";
        Backwards = "trace.time.backwards": "Times do not go back, also not before the start.";
        BudgetDecreased = "trace.budget.decreased": "What was used never becomes less.";
        BudgetUncounted = "trace.budget.uncounted": "Every probe and every command is counted as used.";
        BudgetExceeded = "trace.budget.exceeded": "Nothing is used beyond the budget of the policy.";
        AnchorMissing = "trace.anchor.missing": "A claim has an anchor.";
        AnchorMalformed = "trace.anchor.malformed": "An anchor has a place: a span and lines that can be.";
        AnchorUnknown = "trace.anchor.unknown": "The file and the symbol or heading of an anchor are there.";
        AnchorStale = "trace.anchor.stale": "The cited text is the one that the anchor was made of.";
        EvidenceUnknown = "trace.evidence.unknown_probe": "Evidence names a probe that was made before.";
        EvidenceMismatch = "trace.evidence.mismatch": "Evidence says what its probe said.";
        ProbeBeforePlan = "trace.order.probe_before_plan": "No probe and no verification comes before a plan.";
        DecideBeforePlan = "trace.order.decide_before_plan": "No decision comes before a plan.";
        DecideBeforeProbe = "trace.order.decide_before_probe": "No answer and no patch is decided before a probe.";
        PatchBeforeDecide = "trace.order.patch_before_decide": "No patch comes before a decision.";
        ClaimMissing = "trace.claim.missing": "A decision to answer or to patch, and a scratch, makes a claim.";
        ConfidenceMissing = "trace.confidence.missing": "A decision to answer or to patch says how sure it is.";
        AnswerThreshold = "trace.threshold.answer": "Below the threshold of answers a decision probes or abstains.";
        PatchThreshold = "trace.threshold.patch": "A decision to patch is as sure as the threshold of patches.";
        DecisionPatch = "trace.decide.patch": "A decision names a patch when it is to patch, and else none.";
        DecisionRejected = "trace.decide.rejected": "The patch that was decided for is not one that was rejected.";
        VerifyContradiction = "trace.verify.contradiction": "A verification is green when all of its checks ended with 0.";
        PatchUndecided = "trace.patch.undecided": "The last decision is to make this very patch.";
        PatchBase = "trace.patch.wrong_base": "A patch starts at the tree that is there.";
        PatchLines = "trace.patch.too_large": "A patch changes no more lines than the policy allows.";
        PatchUnverified = "trace.patch.unverified": "The last verification of the tree that a patch makes was green.";
        PatchIncomplete = "trace.patch.incomplete_verify": "The verification of a patch has a check and a test.";
        RevertMismatch = "trace.patch.bad_revert": "A revert undoes the last patch that stands.";
        EndUnverified = "trace.end.unverified": "A session that ends in a patch verified it green once more.";
        EndMissing = "trace.end.missing": "A trace ends with an answer, a finish or an abstention.";
    }
}

impl TraceRule {
    /// The rule of this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// Whether it only bounds a size.
    #[must_use]
    pub fn is_limit(self) -> bool {
        matches!(self, Self::LineBytes | Self::Events | Self::TextBytes)
    }

    /// Whether it is about the form of a line or the chain: behind such a breach nothing can be judged.
    #[must_use]
    pub fn is_structural(self) -> bool {
        self <= Self::Hash && !matches!(self, Self::TextBytes | Self::PolicyHash | Self::PolicyOrder)
    }
}

/// A rule that a line breaks.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Violation {
    /// The rule.
    pub rule: TraceRule,
    /// The line, from 1; the header is line 1. One past the last for what is missing at the end.
    pub line: u64,
    /// What of the line, such as `budget.probes`; empty for the whole line.
    pub at: String,
}

impl Violation {
    pub(super) fn new(rule: TraceRule, line: u64, at: impl Into<String>) -> Self {
        Self { rule, line, at: at.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} breaks {}", self.line, self.rule)?;
        if self.at.is_empty() { Ok(()) } else { write!(f, " at {}", self.at) }
    }
}
