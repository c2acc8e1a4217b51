//! The same as a statement of in-toto, which other tools can read.

use serde_json::{Value, json};

use super::PatchProvenance;

/// What the predicate is (in-toto Attestation Framework, Statement v1).
pub const PREDICATE_TYPE: &str = "urn:aether:patch-provenance:1";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

impl PatchProvenance {
    /// The record as a statement of in-toto (Statement v1): the files that the patch left are its subjects, the
    /// record is its predicate.
    #[must_use]
    pub fn statement(&self) -> Value {
        let subject = |file: &super::ProvenFile| {
            let after = file.after.as_ref()?;
            let hash = after.hash.to_string();
            let digest = hash.strip_prefix("sha256:")?;
            Some(json!({ "name": after.path.as_str(), "digest": { "sha256": digest } }))
        };
        json!({
            "_type": STATEMENT_TYPE,
            "subject": self.files.iter().filter_map(subject).collect::<Vec<_>>(),
            "predicateType": PREDICATE_TYPE,
            // A record can always be written.
            "predicate": serde_json::to_value(self).unwrap_or_default(),
        })
    }
}
