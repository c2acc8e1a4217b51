//! Taking applied patches back, and what stands.

use std::collections::BTreeSet;

use aether_core::authority::{Capability, PolicyProfile};
use aether_core::base::{ErrorCode, RelPath, Sha256Hash};
use serde::Serialize;

use super::{Asked, ChangeSession, StandingPatch, provenance};
use crate::engine::error::EngineError;

/// What became of a patch that was to be taken back.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RevertAnswer {
    /// Names it in the records of the tree.
    pub token: String,
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// Whether it would be taken back and was not.
    pub dry_run: bool,
    /// Whether it is taken back.
    pub reverted: bool,
    /// Whether its files were to be overwritten whatever they hold.
    pub forced: bool,
    /// The files that it touches.
    pub paths: Vec<RelPath>,
    /// What has to be allowed, and what the policy says of it before it is asked.
    pub needs: Vec<Asked>,
    /// The profile of the policy in force.
    pub profile: PolicyProfile,
}

impl ChangeSession<'_> {
    /// Takes a patch back. `token` is that of the records, or that of its provenance. With `force` it does so
    /// whatever the files hold by now; what they hold is kept. With `dry_run` it says what would come of that, and
    /// nothing is written.
    ///
    /// # Errors
    ///
    /// `patch.unknown_token`, `patch.moved_on`, `policy.*`, `patch.io`.
    pub fn revert(&self, token: &str, force: bool, dry_run: bool) -> Result<RevertAnswer, EngineError> {
        let tree = self.tree()?;
        let unknown = || {
            let message = format!("no patch {token} is applied here");
            EngineError::new(ErrorCode::PATCH_UNKNOWN_TOKEN, message)
        };
        let named = token.parse::<Sha256Hash>().ok();
        let named = named.and_then(|hash| provenance::find(self.engine.workspace(), &hash));
        let token = named.as_ref().map_or(token, |record| &record.applied);
        let known = tree.patches()?.into_iter().find(|patch| patch.token == token).ok_or_else(unknown)?;
        let applied = tree.check_revert(&known.token, force)?;
        let paths: BTreeSet<RelPath> = applied.paths.iter().cloned().collect();
        let request = self.edit_request(Capability::FilesEdit, &paths, applied.patch);
        let mut answer = RevertAnswer {
            token: applied.token.clone(),
            patch: applied.patch,
            dry_run,
            reverted: false,
            forced: force,
            paths: applied.paths,
            needs: vec![self.foresee(&request, &paths)],
            profile: self.profile(),
        };
        if dry_run {
            return Ok(answer);
        }
        let permit = self.warrant(request)?;
        if force {
            tree.force_revert(&applied.token, permit)?;
        } else {
            tree.revert(&applied.token, permit)?;
        }
        answer.reverted = true;
        Ok(answer)
    }

    /// The patches in the records of the tree, the oldest first.
    ///
    /// # Errors
    ///
    /// `patch.undo_damaged`, `patch.newer_version`, `patch.io`.
    pub fn patches(&self) -> Result<Vec<StandingPatch>, EngineError> {
        let known = provenance::all(self.engine.workspace());
        let patches = self.tree()?.patches()?;
        Ok(patches.into_iter().map(|patch| StandingPatch::of(patch, &known)).collect())
    }
}
