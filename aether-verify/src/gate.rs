//! The gate that every change goes through: proven in a scratch copy, applied as a whole, proven again, and taken
//! back where it does not hold.

mod baseline;
mod error;
mod planner;
mod polish;
mod shrink;

use std::collections::{BTreeMap, BTreeSet};

use aether_core::authority::{Capability, EditFiles, Permit};
use aether_core::base::{Cancel, RelPath, Timestamp};
use aether_core::change::{Acceptance, Judgement, Patch, Verification};
use aether_core::record::provenance::{PatchProvenance, Proposer, ProvenFile};

use crate::patch::{AppliedPatch, ChangedLines, PatchOptions, WorkTree, proven_files};
use crate::scratch::Scratch;
use crate::verifier::{Permits, Verifier};

pub use error::{GateError, GateErrorKind};
pub use planner::{PatchPlanner, unavailable_event, verify_event};

use error::Cause;

/// Tries patches in a scratch copy, and applies those that prove themselves there.
///
/// Nothing is applied that did not keep the check and the tests green in the copy; what is applied is verified
/// once more, on the files of the tree, and taken back at once where that fails or cannot be done.
#[derive(Debug)]
pub struct PatchGate<'a> {
    tree: &'a WorkTree,
    scratch: Scratch,
    verifier: Verifier<'a>,
    acceptance: Acceptance,
    options: PatchOptions,
    max_changed_lines: u32,
}

/// A patch that was tried, and what came of it. Only [`PatchGate::try_patch`] makes one.
#[derive(Clone, Debug)]
pub struct TriedPatch {
    patch: Patch,
    needs: BTreeMap<Capability, BTreeSet<RelPath>>,
    changed: ChangedLines,
    files: Vec<ProvenFile>,
    before: Verification,
    after: Verification,
    judgement: Judgement,
}

/// A patch that was applied, and what came of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeptPatch {
    /// The patch in the records of the tree.
    pub applied: AppliedPatch,
    /// What the commands said of the tree with the patch.
    pub verification: Verification,
    /// The same compared with the tree without it.
    pub judgement: Judgement,
}

impl TriedPatch {
    /// The patch.
    #[must_use]
    pub fn patch(&self) -> &Patch {
        &self.patch
    }

    /// What has to be allowed before it may be applied.
    #[must_use]
    pub fn needs(&self) -> &BTreeMap<Capability, BTreeSet<RelPath>> {
        &self.needs
    }

    /// How many lines it changes.
    #[must_use]
    pub fn changed(&self) -> ChangedLines {
        self.changed
    }

    /// What the commands said of the tree without it.
    #[must_use]
    pub fn before(&self) -> &Verification {
        &self.before
    }

    /// What they said of the copy with it.
    #[must_use]
    pub fn after(&self) -> &Verification {
        &self.after
    }

    /// What it does to each file.
    #[must_use]
    pub fn files(&self) -> &[ProvenFile] {
        &self.files
    }

    /// Where it comes from and what proved it, once it is applied.
    #[must_use]
    pub fn provenance(&self, kept: &KeptPatch, proposer: Proposer, at: Timestamp) -> PatchProvenance {
        let (patch, before) = (self.patch.hash(), self.before.tree);
        let mut provenance =
            PatchProvenance::new(patch, &kept.applied.token, at, proposer, before, &kept.verification);
        provenance.files.clone_from(&self.files);
        provenance.added_lines = self.changed.added;
        provenance.removed_lines = self.changed.removed;
        provenance
    }

    /// Whether it may be applied, and why not.
    #[must_use]
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }
}

impl<'a> PatchGate<'a> {
    /// A gate in front of `tree`, with a copy of it.
    #[must_use]
    pub fn new(tree: &'a WorkTree, scratch: Scratch, verifier: Verifier<'a>) -> Self {
        Self {
            tree,
            scratch,
            verifier,
            acceptance: Acceptance::default(),
            options: PatchOptions::default(),
            max_changed_lines: aether_core::authority::Thresholds::default().max_changed_lines,
        }
    }

    /// Allows a patch what `acceptance` says besides keeping everything green.
    #[must_use]
    pub fn with_acceptance(mut self, acceptance: Acceptance) -> Self {
        self.acceptance = acceptance;
        self
    }

    /// Refuses patches that change more lines. Default 20.
    #[must_use]
    pub fn with_max_changed_lines(mut self, lines: u32) -> Self {
        self.max_changed_lines = lines;
        self
    }

    /// Other limits of patches.
    #[must_use]
    pub fn with_patch_options(mut self, options: PatchOptions) -> Self {
        self.options = options;
        self
    }

    /// Runs the commands on the tree as it is, in the copy.
    ///
    /// # Errors
    ///
    /// [`GateErrorKind::Verify`], [`GateErrorKind::Scratch`].
    pub async fn verify(
        &mut self,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<Verification, GateError> {
        self.scratch.sync(cancel).map_err(Cause::Scratch)?;
        let verification = self.verifier.verify(&self.scratch, true, permits, cancel).await?;
        baseline::keep(&self.scratch, self.verifier.plan(), &verification);
        Ok(verification)
    }

    /// Tries `patch` in the copy; the tree is not touched.
    ///
    /// What the commands say without the patch is kept beside the copy, and asked again only for other files,
    /// other commands or another compiler.
    ///
    /// # Errors
    ///
    /// [`GateErrorKind::Patch`] for what [`WorkTree::check`] refuses, [`GateErrorKind::TooManyLines`],
    /// [`GateErrorKind::Verify`], [`GateErrorKind::Scratch`]. A patch that does not prove itself is no error:
    /// [`TriedPatch::judgement`] says so.
    pub async fn try_patch(
        &mut self,
        patch: &Patch,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<TriedPatch, GateError> {
        let needs = self.tree.check(patch, &self.options).map_err(Cause::Patch)?;
        let changed = ChangedLines::of(patch, self.tree).map_err(Cause::Patch)?;
        if changed.total() > self.max_changed_lines {
            let (lines, limit) = (changed.total(), self.max_changed_lines);
            return Err(Cause::TooManyLines { lines, limit }.into());
        }
        let files = proven_files(patch, self.tree).map_err(Cause::Patch)?;
        self.scratch.sync(cancel).map_err(Cause::Scratch)?;
        let before = self.baseline(permits, cancel).await?;
        // Commands may have written into the copy.
        self.scratch.sync(cancel).map_err(Cause::Scratch)?;
        self.scratch.try_patch(patch).map_err(Cause::Scratch)?;
        let after = self.verifier.verify(&self.scratch, true, permits, cancel).await?;
        let judgement = Judgement::of(&before, &after, self.acceptance);
        Ok(TriedPatch { patch: patch.clone(), needs, changed, files, before, after, judgement })
    }

    async fn baseline(
        &mut self,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<Verification, GateError> {
        let toolchain = self.verifier.toolchain(&self.scratch, permits, cancel).await?;
        let plan = self.verifier.plan();
        if let Some(known) = baseline::find(&self.scratch, plan, toolchain.as_deref()) {
            return Ok(known);
        }
        let verification = self.verifier.verify(&self.scratch, false, permits, cancel).await?;
        baseline::keep(&self.scratch, plan, &verification);
        Ok(verification)
    }

    /// Applies a patch that proved itself, and verifies the tree with it. `edits` are for what
    /// [`TriedPatch::needs`] names, and `back` is for taking it back: it is asked for before, so that there is
    /// no way in without a way out.
    ///
    /// # Errors
    ///
    /// [`GateErrorKind::NotProven`] for a patch that did not; [`GateErrorKind::Patch`] where it does not fit the
    /// tree any more or is not permitted: nothing is changed then. [`GateErrorKind::Reverted`] where it did not
    /// hold, or could not be verified, and was taken back. [`GateErrorKind::NotReverted`] where it could not be
    /// taken back, because its files were changed meanwhile.
    pub async fn apply(
        &mut self,
        tried: &TriedPatch,
        edits: Vec<Permit<EditFiles>>,
        back: Permit<EditFiles>,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<KeptPatch, GateError> {
        if !tried.judgement.is_accepted() {
            return Err(Cause::NotProven(Box::new(tried.judgement.clone())).into());
        }
        if !back.covers_content(&tried.patch.hash()) {
            return Err(Cause::NoWayBack.into());
        }
        let applied = self.tree.apply(&tried.patch, &self.options, edits).map_err(Cause::Patch)?;
        let why = match self.confirm(tried, permits, cancel).await {
            Ok((verification, judgement)) if judgement.is_accepted() => {
                baseline::keep(&self.scratch, self.verifier.plan(), &verification);
                return Ok(KeptPatch { applied, verification, judgement });
            }
            Ok((_, judgement)) => Cause::NotProven(Box::new(judgement)).into(),
            Err(error) => error,
        };
        match self.tree.revert(&applied.token, back) {
            Ok(_) => Err(Cause::Reverted { token: applied.token, why: Box::new(why) }.into()),
            Err(source) => {
                let source = Box::new(source);
                Err(Cause::NotReverted { token: applied.token, why: Box::new(why), source }.into())
            }
        }
    }

    async fn confirm(
        &mut self,
        tried: &TriedPatch,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<(Verification, Judgement), GateError> {
        self.scratch.sync(cancel).map_err(Cause::Scratch)?;
        let verification = self.verifier.verify(&self.scratch, true, permits, cancel).await?;
        let judgement = Judgement::of(&tried.before, &verification, self.acceptance);
        Ok((verification, judgement))
    }
}
