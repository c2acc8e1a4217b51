//! What somebody asks to do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Capability, Cost, Resource};
use crate::base::Sha256Hash;

/// Where what led to a request comes from. A request without any tag is taken as one of untrusted input.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ProvenanceTag {
    /// What everybody may know.
    Public,
    /// What was said in this session.
    Session,
    /// What is remembered.
    Durable,
    /// What must not leave the machine.
    Private,
    /// Input that is not trusted.
    UntrustedInput,
    /// Content of strangers, such as pages.
    ScrapedContent,
    /// A preference that nobody stated.
    ExtractedPreference,
}

impl ProvenanceTag {
    /// Each of them.
    pub const ALL: [Self; 7] = [
        Self::Public,
        Self::Session,
        Self::Durable,
        Self::Private,
        Self::UntrustedInput,
        Self::ScrapedContent,
        Self::ExtractedPreference,
    ];
}

/// What somebody asks to do: a capability, on what, and where the wish comes from.
///
/// # Examples
///
/// ```
/// use aether_core::authority::{ActionRequest, Capability, ProvenanceTag, Resource};
/// use aether_core::base::Sha256Hash;
///
/// let mut request = ActionRequest::new("req-1", "fixer", Capability::FilesEdit);
/// request.resources.push(Resource::path("src/lib.rs")?);
/// request.content = Some(Sha256Hash::of(b"the patch"));
/// request.provenance.insert(ProvenanceTag::Session);
/// # Ok::<(), aether_core::authority::ResourceError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ActionRequest {
    /// Id of the request, chosen by the caller; no two requests share one.
    pub id: String,
    /// Name of the agent that asks.
    pub actor: String,
    /// The task that it works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The session that it works in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What it asks for.
    pub capability: Capability,
    /// On what; all of it is allowed or nothing.
    pub resources: Vec<Resource>,
    /// Hash of what would be done, such as that of a patch. A permit is good for this alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Sha256Hash>,
    /// Where the wish comes from. Nothing stands for untrusted input.
    #[serde(default)]
    pub provenance: BTreeSet<ProvenanceTag>,
    /// What it will cost at most, where it costs anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Cost>,
    /// Whether somebody is there who sees what happens.
    #[serde(default)]
    pub is_attended: bool,
}

impl ActionRequest {
    /// A request without resources, content and provenance, which nobody attends.
    #[must_use]
    pub fn new(id: impl Into<String>, actor: impl Into<String>, capability: Capability) -> Self {
        Self {
            id: id.into(),
            actor: actor.into(),
            task: None,
            session: None,
            capability,
            resources: Vec::new(),
            content: None,
            provenance: BTreeSet::new(),
            estimate: None,
            is_attended: false,
        }
    }

    /// Whether its wish comes from somewhere that is not trusted.
    #[must_use]
    pub fn is_tainted(&self) -> bool {
        use ProvenanceTag::{ExtractedPreference, ScrapedContent, UntrustedInput};
        self.provenance.is_empty()
            || [UntrustedInput, ScrapedContent, ExtractedPreference]
                .iter()
                .any(|tag| self.provenance.contains(tag))
    }
}
