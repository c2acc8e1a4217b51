//! The header of a trace: what the session was asked, and what was in force.

use serde::{Deserialize, Serialize};

use super::{Budget, Count, TraceId};
use crate::base::{Sha256Hash, Timestamp, canonical_text};
use crate::code::Confidence;

/// The canonical form that the hashes are taken over. An old reader takes an unknown one for an error.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CanonVersion {
    /// RFC 8785 without fractions and with integers below 2^53.
    #[default]
    #[serde(rename = "rfc8785.1")]
    Rfc8785V1,
}

/// The first line of a trace.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceHeader"))]
#[non_exhaustive]
pub struct Header {
    /// The canonical form of this trace.
    pub canon: CanonVersion,
    /// SHA-256 of [`super::HASH_DOMAIN`], 32 zero bytes and this line without its hash.
    pub hash: Sha256Hash,
    /// What was in force.
    pub policy: Policy,
    /// SHA-256 of the TraceScript that the session followed, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Sha256Hash>,
    /// SHA-256 that names the tree at the start.
    pub snapshot: Sha256Hash,
    /// When the session started.
    pub started: Timestamp,
    /// What was asked.
    pub task: String,
    /// The toolchain, as it names itself.
    pub toolchain: String,
    /// Name of the trace.
    pub trace: TraceId,
    /// Version of this record: 1.
    pub v: u32,
}

impl Header {
    /// A header; [`TraceBuilder::new`](super::TraceBuilder::new) gives it its hash.
    #[must_use]
    pub fn new(
        trace: TraceId,
        task: impl Into<String>,
        snapshot: Sha256Hash,
        toolchain: impl Into<String>,
        policy: Policy,
        started: Timestamp,
    ) -> Self {
        Self {
            canon: CanonVersion::default(),
            hash: Sha256Hash::from_bytes([0; 32]),
            policy,
            script: None,
            snapshot,
            started,
            task: task.into(),
            toolchain: toolchain.into(),
            trace,
            v: super::SCHEMA_VERSION,
        }
    }

    /// The same with the hash of the script that the session followed.
    #[must_use]
    pub fn with_script(mut self, script: Sha256Hash) -> Self {
        self.script = Some(script);
        self
    }
}

/// The thresholds and bounds that were in force (SC-A-02), with the hash of these values.
///
/// # Examples
///
/// ```
/// use aether_core::record::trace::Policy;
/// let policy = Policy::default();
/// assert_eq!((policy.tau_answer.thousandths(), policy.tau_patch.thousandths()), (700, 850));
/// assert_eq!(policy.hash, policy.value_hash());
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TracePolicy"))]
#[non_exhaustive]
pub struct Policy {
    /// What the session may use.
    pub budget: Budget,
    /// SHA-256 of the canonical JSON of the other values.
    pub hash: Sha256Hash,
    /// Most lines that one patch may change. Default 20.
    pub max_changed_lines: Count,
    /// Confidence below which the session abstains. Default 500 thousandths.
    pub tau_abstain: Confidence,
    /// Least confidence of an answer. Default 700 thousandths.
    pub tau_answer: Confidence,
    /// Least confidence of a patch. Default 850 thousandths.
    pub tau_patch: Confidence,
}

#[derive(Serialize)]
struct PolicyValues<'a> {
    budget: &'a Budget,
    max_changed_lines: Count,
    tau_abstain: Confidence,
    tau_answer: Confidence,
    tau_patch: Confidence,
}

impl Default for Policy {
    fn default() -> Self {
        let mut policy = Self {
            budget: Budget::UNLIMITED,
            hash: Sha256Hash::from_bytes([0; 32]),
            max_changed_lines: Count::new(20),
            tau_abstain: Confidence::from_thousandths(500),
            tau_answer: Confidence::from_thousandths(700),
            tau_patch: Confidence::from_thousandths(850),
        };
        policy.hash = policy.value_hash();
        policy
    }
}

impl Policy {
    /// The same with other limits of what the session may use. Default: no limits.
    #[must_use]
    pub fn with_budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self.hash = self.value_hash();
        self
    }

    /// The same with other thresholds: of abstaining, answering, patching.
    #[must_use]
    pub fn with_thresholds(mut self, abstain: Confidence, answer: Confidence, patch: Confidence) -> Self {
        (self.tau_abstain, self.tau_answer, self.tau_patch) = (abstain, answer, patch);
        self.hash = self.value_hash();
        self
    }

    /// The same with another bound of the lines that one patch may change.
    #[must_use]
    pub fn with_max_changed_lines(mut self, lines: Count) -> Self {
        self.max_changed_lines = lines;
        self.hash = self.value_hash();
        self
    }

    /// SHA-256 of the canonical JSON of the values, which is what [`Policy::hash`] has to be.
    #[must_use]
    pub fn value_hash(&self) -> Sha256Hash {
        let values = PolicyValues {
            budget: &self.budget,
            max_changed_lines: self.max_changed_lines,
            tau_abstain: self.tau_abstain,
            tau_answer: self.tau_answer,
            tau_patch: self.tau_patch,
        };
        // Five numbers and a record of numbers always have a written form.
        Sha256Hash::of(canonical_text(&values).unwrap_or_default().as_bytes())
    }
}
