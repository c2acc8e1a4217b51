//! Applying and reverting with the permits that a user would give.

use aether_core::change::Patch;
use aether_core::conformance::{edit_permits, revert_permit};
use aether_verify::{AppliedPatch, ApplyError, PatchOptions, WorkTree};

/// Applies with a permit for everything that the patch needs.
pub(crate) fn apply(tree: &WorkTree, patch: &Patch) -> Result<AppliedPatch, ApplyError> {
    let options = PatchOptions::default();
    let needs = tree.check(patch, &options)?;
    tree.apply(patch, &options, edit_permits(patch, &needs))
}

pub(crate) fn revert(tree: &WorkTree, token: &str) -> Result<AppliedPatch, ApplyError> {
    let known = tree.patches()?.into_iter().find(|known| known.token == token).expect("it is known");
    tree.revert(token, revert_permit(known.patch, &known.paths))
}

pub(crate) fn force_revert(tree: &WorkTree, token: &str) -> Result<AppliedPatch, ApplyError> {
    let known = tree.patches()?.into_iter().find(|known| known.token == token).expect("it is known");
    tree.force_revert(token, revert_permit(known.patch, &known.paths))
}
