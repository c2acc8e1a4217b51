//! Trying and applying a patch.

use std::collections::BTreeSet;

use aether_core::authority::{Capability, EditFiles, Permit, PolicyProfile, Reason};
use aether_core::base::{Cancel, ErrorCode, RelPath, Sha256Hash};
use aether_core::change::{CommandLine, FilePatch, Judgement, Patch, Verification};
use aether_core::record::AuditReceipt;
use aether_core::record::provenance::PatchProvenance;
use aether_verify::{
    ChangedLines, Diff, GateError, GateErrorKind, PatchGate, PatchOptions, PatchPlanner, TriedPatch, WorkTree,
};
use serde::Serialize;

use super::trail::{Trail, anchors};
use super::turn::take_turn;
use super::warrant::refusal;
use super::{Asked, ChangeSession, provenance};
use crate::engine::error::EngineError;

/// What applying a diff would need.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct CheckAnswer {
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// The files that it touches.
    pub paths: Vec<RelPath>,
    /// Lines that it adds, and new ones in the place of others.
    pub added_lines: u32,
    /// Lines that it removes, and those in whose place others are.
    pub removed_lines: u32,
    /// Most lines that the policy allows.
    pub max_changed_lines: u32,
    /// What has to be allowed, and what the policy would say.
    pub needs: Vec<Asked>,
    /// The profile of the policy in force.
    pub profile: PolicyProfile,
}

/// What became of a patch.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ApplyAnswer {
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// Whether it was only tried.
    pub dry_run: bool,
    /// Whether it is applied.
    pub applied: bool,
    /// Names it in the records of the tree, to take it back; absent where it is not applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The token of its provenance; absent where it is not applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Sha256Hash>,
    /// A line for the message of a commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trailer: Option<String>,
    /// The files that it touches.
    pub paths: Vec<RelPath>,
    /// Lines that it adds, and new ones in the place of others.
    pub added_lines: u32,
    /// Lines that it removes, and those in whose place others are.
    pub removed_lines: u32,
    /// What has to be allowed, and what the policy says of it before it is asked.
    pub needs: Vec<Asked>,
    /// What the commands said of the tree before.
    pub before: Verification,
    /// What they said of the copy with the patch.
    pub tried: Verification,
    /// Whether it proved itself, and what it did.
    pub judgement: Judgement,
    /// What they said of the tree with the patch; absent where it was not applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Verification>,
    /// Why it was taken back, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<String>,
    /// What would have to be found out about a patch that does not hold, as the trace has it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_questions: Vec<String>,
    /// What a formatter made of the files that it changed, applied as a patch of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polish: Option<Box<ApplyAnswer>>,
    /// Why there is no formatting although there should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_polished: Option<String>,
    /// The profile of the policy in force.
    pub profile: PolicyProfile,
}

/// What one run of the gate is done with.
struct Run<'r, 'g> {
    tree: &'r WorkTree,
    gate: &'r mut PatchGate<'g>,
    trail: &'r mut Trail<'g>,
    permits: &'r mut aether_verify::Permits<'g>,
    cancel: &'r Cancel,
    dry_run: bool,
}

impl ChangeSession<'_> {
    /// Reads a diff and binds it to the files as they are.
    ///
    /// # Errors
    ///
    /// `patch.*` where it cannot be read or does not fit.
    pub fn read(&self, diff: &[u8]) -> Result<Patch, EngineError> {
        let tree = self.tree()?;
        let options = PatchOptions::default();
        Ok(Diff::parse(diff, &options)?.bind(&tree, &options)?)
    }

    /// Whether a patch fits the tree, and what applying it would need. Nothing is run and nothing is changed.
    ///
    /// # Errors
    ///
    /// `patch.*` where it is refused.
    pub fn check(&self, patch: &Patch) -> Result<CheckAnswer, EngineError> {
        let tree = self.tree()?;
        let needs = tree.check(patch, &PatchOptions::default())?;
        let changed = ChangedLines::of(patch, &tree)?;
        let asked = needs.iter().map(|(capability, paths)| {
            self.foresee(&self.edit_request(*capability, paths, patch.hash()), paths)
        });
        Ok(CheckAnswer {
            patch: patch.hash(),
            paths: paths_of(patch).into_iter().collect(),
            added_lines: changed.added,
            removed_lines: changed.removed,
            max_changed_lines: self.options.policy.thresholds.max_changed_lines,
            needs: asked.collect(),
            profile: self.profile(),
        })
    }

    /// Tries a patch in a scratch copy, and where it proves itself, and unless `dry_run` is set, applies it,
    /// verifies the tree, takes it back where it does not hold, and writes down where it comes from.
    ///
    /// What `formatter`, where there is one, makes of the changed files follows as a patch of its own.
    ///
    /// Sessions that apply take turns; this one waits on the thread that polls.
    ///
    /// # Errors
    ///
    /// `patch.*` where it is refused, `policy.*` where it is not allowed, `gate.*` and `run.*` where it could not
    /// be tried, `gate.not_reverted` where it should have been taken back and could not be. That a patch does not
    /// prove itself, or was taken back, is an answer.
    pub async fn apply(
        &self,
        patch: &Patch,
        formatter: Option<&CommandLine>,
        dry_run: bool,
        cancel: &Cancel,
    ) -> Result<ApplyAnswer, EngineError> {
        if self.draft(patch)?.is_some() {
            let request = self.edit_request(Capability::FilesEdit, &paths_of(patch), patch.hash());
            return Err(refusal(&request, Some(Reason::NoCompiler), None).into());
        }
        // A trial may go on beside another one; what it says of the tree holds only while nobody changes it.
        let _turn = if dry_run { None } else { Some(take_turn(self.engine.workspace(), cancel)?) };
        let tree = self.tree()?;
        let plan = &self.options.plan;
        let mut gate = self.patch_gate(&tree, plan)?;
        // Once before, in the copy, and after; once more each for the formatting.
        let mut commands = plan.commands();
        commands.extend(formatter.cloned());
        let runs = plan.max_permits().saturating_mul(6).saturating_add(1);
        let mut lease = self.lease(commands, runs)?;
        let mut permits = |command: &CommandLine| lease.next(self.now(), &command.clone().into(), None);
        let tried = gate.try_patch(patch, &mut permits, cancel).await?;
        let task = if dry_run { PatchPlanner::TRY } else { PatchPlanner::APPLY };
        let mut trail = Trail::begin(self.ports, self.options, task, tried.before())?;
        let formatter = formatter.filter(|_| !dry_run);
        let mut run =
            Run { tree: &tree, gate: &mut gate, trail: &mut trail, permits: &mut permits, cancel, dry_run };
        match self.all(&mut run, tried, formatter).await {
            Ok(mut answer) => {
                answer.open_questions = trail.end()?;
                Ok(answer)
            }
            Err(error) => {
                trail.abandon(&error.to_string())?;
                Err(error)
            }
        }
    }

    /// The patch, and what a formatter makes of it. What goes wrong with the formatting alone is told in the
    /// answer: the patch stands.
    async fn all(
        &self,
        run: &mut Run<'_, '_>,
        tried: TriedPatch,
        formatter: Option<&CommandLine>,
    ) -> Result<ApplyAnswer, EngineError> {
        let mut answer = self.one(run, &tried).await?;
        if let Some(formatter) = formatter.filter(|_| answer.applied) {
            match self.polish(run, &tried, formatter).await {
                Ok(polish) => answer.polish = polish.map(Box::new),
                Err(error) if *error.code() == ErrorCode::GATE_NOT_REVERTED => return Err(error),
                Err(error) => answer.not_polished = Some(error.to_string()),
            }
        }
        Ok(answer)
    }

    async fn polish(
        &self,
        run: &mut Run<'_, '_>,
        tried: &TriedPatch,
        formatter: &CommandLine,
    ) -> Result<Option<ApplyAnswer>, EngineError> {
        let made = run.gate.polish(tried.patch(), formatter, run.permits, run.cancel).await?;
        let Some(polish) = made else { return Ok(None) };
        let tried = run.gate.try_patch(&polish, run.permits, run.cancel).await?;
        self.one(run, &tried).await.map(Some)
    }

    async fn one(&self, run: &mut Run<'_, '_>, tried: &TriedPatch) -> Result<ApplyAnswer, EngineError> {
        let mut answer = self.answer(tried, run.dry_run);
        let places = anchors(run.tree, tried, |path, line| {
            Some(self.engine.select(&format!("{path}:{line}")).ok()?.id)
        })?;
        run.trail.tried(tried, &self.options.proposer.name, places.clone())?;
        if !tried.judgement().is_accepted() || run.dry_run {
            return Ok(answer);
        }
        let (edits, back) = self.warrants(tried)?;
        let rows: Vec<AuditReceipt> = edits.iter().map(Permit::audit).chain([back.audit()]).collect();
        run.trail.decide()?;
        match run.gate.apply(tried, edits, back, run.permits, run.cancel).await {
            Ok(kept) => {
                let line = run.trail.kept(tried, &kept)?;
                let mut provenance = tried.provenance(&kept, self.options.proposer.clone(), self.now());
                provenance.anchors = places;
                provenance.audit = rows;
                provenance.trace = self.ports.traces.as_ref().map(|_| line);
                self.keep_provenance(&provenance)?;
                answer.applied = true;
                answer.token = Some(kept.applied.token);
                answer.after = Some(kept.verification);
                answer.provenance = Some(provenance.token());
                answer.trailer = Some(provenance.trailer());
            }
            Err(error) if error.kind() == GateErrorKind::Reverted => {
                run.trail.taken_back(tried)?;
                answer.taken_back = Some(why(&error));
                if let Some(judgement) = error.judgement() {
                    answer.judgement = judgement.clone();
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(answer)
    }

    /// Permits for all that a patch needs, and for the way back.
    fn warrants(
        &self,
        tried: &TriedPatch,
    ) -> Result<(Vec<Permit<EditFiles>>, Permit<EditFiles>), EngineError> {
        let hash = tried.patch().hash();
        let back = self.warrant_edit(Capability::FilesEdit, &paths_of(tried.patch()), hash)?;
        let edits =
            tried.needs().iter().map(|(capability, paths)| self.warrant_edit(*capability, paths, hash));
        Ok((edits.collect::<Result<_, _>>()?, back))
    }

    fn answer(&self, tried: &TriedPatch, dry_run: bool) -> ApplyAnswer {
        let hash = tried.patch().hash();
        let needs = tried
            .needs()
            .iter()
            .map(|(capability, paths)| self.foresee(&self.edit_request(*capability, paths, hash), paths));
        ApplyAnswer {
            patch: hash,
            dry_run,
            applied: false,
            token: None,
            provenance: None,
            trailer: None,
            paths: paths_of(tried.patch()).into_iter().collect(),
            added_lines: tried.changed().added,
            removed_lines: tried.changed().removed,
            needs: needs.collect(),
            before: tried.before().clone(),
            tried: tried.after().clone(),
            judgement: tried.judgement().clone(),
            after: None,
            taken_back: None,
            open_questions: Vec::new(),
            polish: None,
            not_polished: None,
            profile: self.profile(),
        }
    }

    fn keep_provenance(&self, record: &PatchProvenance) -> Result<(), EngineError> {
        provenance::keep(self.engine.workspace(), record)
            .map_err(|error| EngineError::new(ErrorCode::PATCH_IO, error.to_string()).with_source(error))
    }
}

pub(super) fn paths_of(patch: &Patch) -> BTreeSet<RelPath> {
    patch.files().iter().flat_map(FilePatch::paths).cloned().collect()
}

fn why(error: &GateError) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), ToString::to_string)
}
