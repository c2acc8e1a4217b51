//! From a patch that proves itself to the smallest part of it that does, by the compiler and the tests.

use aether_core::base::Cancel;
use aether_core::change::{Judgement, Patch};

use super::error::Cause;
use super::{GateError, PatchGate, TriedPatch};
use crate::patch::ChangedLines;
use crate::scratch::ScratchErrorKind;
use crate::shrink::Shrinker;
use crate::verifier::Permits;

impl PatchGate<'_> {
    /// Tries `patch` like [`PatchGate::try_patch`], whatever its size, and leaves out of it what is not needed to
    /// make green what was red: whole runs of lines, then lines, then tokens. Each part is left out by trying the
    /// rest in the copy, and `max_candidates` at most are tried. What comes out is a patch of which, where that
    /// was enough, no single part can be left out.
    ///
    /// A patch of a tree that is green without it has nothing that it could be measured by, and stays as it is.
    ///
    /// # Errors
    ///
    /// Those of [`PatchGate::try_patch`]; [`GateErrorKind::TooManyLines`](super::GateErrorKind::TooManyLines) where
    /// what comes out is still too large.
    pub async fn try_smallest(
        &mut self,
        patch: &Patch,
        max_candidates: u32,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<TriedPatch, GateError> {
        let limit = std::mem::replace(&mut self.max_changed_lines, u32::MAX);
        let tried = self.try_patch(patch, permits, cancel).await;
        self.max_changed_lines = limit;
        let tried = tried?;
        if !tried.judgement.is_accepted() || tried.before.is_green() {
            return self.within_limit(tried);
        }
        let mut shrinker = Shrinker::new(patch, self.tree).map_err(Cause::Patch)?;
        for _ in 0..max_candidates {
            let Some(candidate) = shrinker.candidate().cloned() else { break };
            let holds = self.holds(&candidate, &tried, permits, cancel).await?;
            shrinker.judge(holds);
        }
        let smallest = shrinker.into_patch();
        let lines = ChangedLines::of(&smallest, self.tree).map_err(Cause::Patch)?.total();
        if lines > self.max_changed_lines {
            return Err(Cause::TooManyLines { lines, limit: self.max_changed_lines }.into());
        }
        if smallest.hash() == patch.hash() {
            return Ok(tried);
        }
        self.try_patch(&smallest, permits, cancel).await
    }

    fn within_limit(&self, tried: TriedPatch) -> Result<TriedPatch, GateError> {
        let (lines, limit) = (tried.changed.total(), self.max_changed_lines);
        if lines > limit { Err(Cause::TooManyLines { lines, limit }.into()) } else { Ok(tried) }
    }

    /// Whether a part of a patch still does what all of it does.
    async fn holds(
        &mut self,
        candidate: &Patch,
        tried: &TriedPatch,
        permits: &mut Permits<'_>,
        cancel: &Cancel,
    ) -> Result<bool, GateError> {
        self.scratch.sync(cancel).map_err(Cause::Scratch)?;
        match self.scratch.try_patch(candidate) {
            Ok(()) => {}
            // A part of a patch may be none.
            Err(error) if error.kind() == ScratchErrorKind::BadPatch => return Ok(false),
            Err(error) => return Err(Cause::Scratch(error).into()),
        }
        // Once: a part that holds only sometimes does not hold.
        let after = self.verifier.verify(&self.scratch, false, permits, cancel).await?;
        Ok(Judgement::of(&tried.before, &after, self.acceptance).is_accepted())
    }
}
