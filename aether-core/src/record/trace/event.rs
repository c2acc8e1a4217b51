//! An event of a trace, and what one is made of before its place in the chain is known.

use serde::{Deserialize, Serialize};

use super::{Body, Budget, Count, Probe, ProbeOutcome, ProbeTool, TraceId, wire};
use crate::base::{Sha256Hash, Timestamp};
use crate::code::{Anchor, Confidence};

/// One line of a trace behind its header. The row of the confidence ledger is part of it: claim, anchors,
/// evidence and confidence.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceEvent"))]
#[non_exhaustive]
pub struct Event {
    /// The places that the claim cites.
    #[serde(with = "wire", default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<wire::Written>"))]
    pub anchors: Vec<Anchor>,
    /// When it happened; absent where time is to leave no mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What it says.
    pub body: Body,
    /// What the session used up to here.
    pub budget: Budget,
    /// What is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// How likely the claim is right, in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// The probes that the claim rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// SHA-256 of [`super::HASH_DOMAIN`], the hash before and this line without its hash.
    pub hash: Sha256Hash,
    /// Hash of the line before.
    pub prev: Sha256Hash,
    /// Number of the event, from 1.
    pub seq: Count,
    /// The trace.
    pub trace: TraceId,
    /// Version of this record: 1.
    pub v: u32,
}

/// What the ledger keeps of a probe that a claim rests on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceEvidence"))]
#[non_exhaustive]
pub struct Evidence {
    /// How much it makes the claim likely, in thousandths.
    pub confidence: Confidence,
    /// What the probe said.
    pub outcome: ProbeOutcome,
    /// SHA-256 of its answer.
    pub output: Sha256Hash,
    /// Number of its event.
    pub probe: Count,
    /// What was asked.
    pub target: String,
    /// Whom.
    pub tool: ProbeTool,
}

impl Evidence {
    /// What the ledger keeps of the probe that is event number `seq`.
    #[must_use]
    pub fn new(seq: Count, probe: &Probe, confidence: Confidence) -> Self {
        Self {
            confidence,
            outcome: probe.outcome,
            output: probe.output,
            probe: seq,
            target: probe.target.clone(),
            tool: probe.tool.clone(),
        }
    }
}

/// An event before its place in the chain is known.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Draft {
    /// The places that the claim cites.
    pub anchors: Vec<Anchor>,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// What it says.
    pub body: Body,
    /// What the session used up to here.
    pub budget: Budget,
    /// What is claimed.
    pub claim: Option<String>,
    /// How likely the claim is right.
    pub confidence: Option<Confidence>,
    /// The probes that the claim rests on.
    pub evidence: Vec<Evidence>,
}

impl Draft {
    /// An event that claims nothing and used nothing.
    #[must_use]
    pub fn new(body: Body) -> Self {
        Self {
            anchors: Vec::new(),
            at: None,
            body,
            budget: Budget::ZERO,
            claim: None,
            confidence: None,
            evidence: Vec::new(),
        }
    }

    /// The same with a claim, how likely it is right, and the places that it cites.
    #[must_use]
    pub fn with_claim(
        mut self,
        claim: impl Into<String>,
        confidence: Confidence,
        anchors: Vec<Anchor>,
    ) -> Self {
        self.claim = Some(claim.into());
        self.confidence = Some(confidence);
        self.anchors = anchors;
        self
    }

    /// The same with what the session used up to here.
    #[must_use]
    pub fn with_budget(mut self, used: Budget) -> Self {
        self.budget = used;
        self
    }

    /// The same with the time at which it happened.
    #[must_use]
    pub fn with_time(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// The same with the probes that the claim rests on.
    #[must_use]
    pub fn with_evidence(mut self, evidence: Vec<Evidence>) -> Self {
        self.evidence = evidence;
        self
    }

    /// The event in its place, with a hash that is not its own yet.
    pub(super) fn placed(self, trace: TraceId, seq: Count, prev: Sha256Hash) -> Event {
        Event {
            anchors: self.anchors,
            at: self.at,
            body: self.body,
            budget: self.budget,
            claim: self.claim,
            confidence: self.confidence,
            evidence: self.evidence,
            hash: prev,
            prev,
            seq,
            trace,
            v: super::SCHEMA_VERSION,
        }
    }
}

impl Event {
    /// The event out of its place.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        Draft {
            anchors: self.anchors,
            at: self.at,
            body: self.body,
            budget: self.budget,
            claim: self.claim,
            confidence: self.confidence,
            evidence: self.evidence,
        }
    }

    /// The length of its longest free text, in bytes.
    pub(super) fn longest_text(&self) -> usize {
        let evidence =
            self.evidence.iter().map(|it| it.target.len().max(it.tool.as_str().len())).max().unwrap_or(0);
        let claim = self.claim.as_ref().map_or(0, String::len);
        self.body.longest_text().max(evidence).max(claim)
    }
}
