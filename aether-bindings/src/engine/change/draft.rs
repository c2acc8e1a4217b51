//! What stays a draft: a change that nothing here can prove.

use aether_core::authority::{Capability, DegradedMode, EditFiles, Outcome, PolicyProfile, Reason};
use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::Patch;
use aether_verify::{ChangedLines, PatchOptions};
use serde::Serialize;

use super::apply::paths_of;
use super::{Asked, ChangeSession};
use crate::engine::error::EngineError;

/// A patch that was looked at and neither tried nor applied.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct DraftAnswer {
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// What the policy decided: `draft_only`.
    pub decision: &'static str,
    /// Why, such as `degraded.no_compiler`.
    pub reason: &'static str,
    /// The same for people.
    pub message: String,
    /// Whether it is applied: never.
    pub applied: bool,
    /// The files that it touches.
    pub paths: Vec<RelPath>,
    /// Lines that it adds, and new ones in the place of others.
    pub added_lines: u32,
    /// Lines that it removes, and those in whose place others are.
    pub removed_lines: u32,
    /// What has to be allowed, and what the policy says of it.
    pub needs: Vec<Asked>,
    /// The profile of the policy in force.
    pub profile: PolicyProfile,
}

impl ChangeSession<'_> {
    /// What a patch is as long as what would prove it cannot be run: a draft, which the policy decides and the audit
    /// log tells. `None` where it can be run.
    ///
    /// # Errors
    ///
    /// `patch.*` where it is refused, and `policy.*` where it is not even a draft.
    pub fn draft(&self, patch: &Patch) -> Result<Option<DraftAnswer>, EngineError> {
        if !self.options.degraded.contains(&DegradedMode::NoCompiler) {
            return Ok(None);
        }
        let tree = self.tree()?;
        let needs = tree.check(patch, &PatchOptions::default())?;
        let changed = ChangedLines::of(patch, &tree)?;
        let request = self.edit_request(Capability::FilesEdit, &paths_of(patch), patch.hash());
        let outcome = self.policy_gate().authorize::<EditFiles>(&request, self.now()).outcome;
        let Outcome::DraftOnly(reason) = outcome else {
            let reason = match outcome {
                Outcome::Deny(reason) => reason,
                Outcome::NeedsUpgrade { .. } => Reason::NotInPreset,
                _ => Reason::NoCompiler,
            };
            return Err(super::warrant::refusal(&request, Some(reason), None).into());
        };
        let asked = needs.iter().map(|(capability, paths)| {
            self.foresee(&self.edit_request(*capability, paths, patch.hash()), paths)
        });
        Ok(Some(DraftAnswer {
            patch: patch.hash(),
            decision: "draft_only",
            reason: reason.id(),
            message: reason.sentence().to_owned(),
            applied: false,
            paths: paths_of(patch).into_iter().collect(),
            added_lines: changed.added,
            removed_lines: changed.removed,
            needs: asked.collect(),
            profile: self.profile(),
        }))
    }
}
