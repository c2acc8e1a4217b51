//! What one row of the audit log says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Sha256Hash, Timestamp, open_vocabulary};

open_vocabulary! {
    /// What a row is about. Open: unknown values survive a round trip.
    AuditKind {
        /// A request and what was decided, also when it was denied.
        DECISION = "decision";
        /// A request for a lease and what was decided.
        LEASE = "lease";
        /// Somebody answered a ticket.
        TICKET_ANSWERED = "ticket_answered";
        /// A grant came to be.
        GRANT_ISSUED = "grant_issued";
        /// Grants were taken back.
        GRANTS_REVOKED = "grants_revoked";
        /// Every grant, or every grant of a class, was taken back at once.
        EMERGENCY_REVOKE = "emergency_revoke";
        /// Another policy is in force.
        POLICY_CHANGED = "policy_changed";
        /// What a call cost in the end.
        COST_SETTLED = "cost_settled";
        /// Rows behind this one are sealed with the key that the detail `next_key` names.
        KEY_ROTATED = "key_rotated";
    }
}

impl AuditKind {
    /// Name of the detail of [`AuditKind::KEY_ROTATED`] that holds the id of the next key.
    pub const NEXT_KEY: &'static str = "next_key";
}

/// Who acts.
///
/// A closed set: a reader refuses a variant that it does not know.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AuditActor {
    /// The person at the keyboard.
    User,
    /// Aether itself.
    System,
    /// An agent, by its name.
    Agent(String),
}

/// One stage of a decision and how it came out.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuditStage {
    /// Name of the stage.
    pub stage: String,
    /// How it came out: `pass`, or the id of a reason.
    pub outcome: String,
}

impl AuditStage {
    /// A stage.
    #[must_use]
    pub fn new(stage: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self { stage: stage.into(), outcome: outcome.into() }
    }
}

/// What happened: the part of a row that whoever asks for it decides.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuditEntry {
    /// What the row is about.
    pub kind: AuditKind,
    /// Who asked, answered or revoked.
    pub actor: AuditActor,
    /// The request that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The task that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// What was asked for, by the name of the capability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    /// On what, in the written form of resources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Hash of the content that was asked for, such as that of a patch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Sha256Hash>,
    /// What was decided: `allow`, `ask`, `draft_only`, `deny`, `needs_upgrade`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// Stable id of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The stages of the decision, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<AuditStage>,
    /// Hash of the policy that was in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Sha256Hash>,
    /// Grants that were used, issued or revoked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// What else is worth knowing, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
}

impl AuditEntry {
    /// An entry that says no more than what it is about and who acted.
    #[must_use]
    pub fn new(kind: AuditKind, actor: AuditActor) -> Self {
        Self {
            kind,
            actor,
            request: None,
            task: None,
            capability: None,
            resources: Vec::new(),
            content: None,
            decision: None,
            reason: None,
            stages: Vec::new(),
            policy: None,
            grants: Vec::new(),
            details: BTreeMap::new(),
        }
    }

    /// The entry with one more detail.
    #[must_use]
    pub fn with_detail(mut self, name: &str, value: impl Into<String>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// The payload of a row: everything that is hashed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuditRecord {
    /// Version of this record: 1.
    pub schema_version: u32,
    /// Place in the log, from 1 and without gaps.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    pub entry: AuditEntry,
}

impl AuditRecord {
    /// A record of this version.
    #[must_use]
    pub fn new(seq: u64, at: Timestamp, entry: AuditEntry) -> Self {
        Self { schema_version: super::SCHEMA_VERSION, seq, at, entry }
    }
}
