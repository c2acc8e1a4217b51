//! The trace of a session: each step is written down, durably, when it happens.

use aether_core::base::{ByteSpan, ErrorCode, RelPath, Sha256Hash, Timestamp};
use aether_core::change::Verification;
use aether_core::code::{Anchor, AnchorTarget, Confidence, SymbolId};
use aether_core::port::TraceLog;
use aether_core::record::trace::{
    Abstain, Body, Budget, Candidate, Check, Count, Decide, DecideAction, Draft, Evidence, Header,
    PatchApplied, Plan, Policy, Probe, ProbeOutcome, ProbeTool, TraceBuilder, Verify,
};
use aether_verify::{BaseFiles as _, KeptPatch, TriedPatch, WorkTree};

use super::ports::{ChangeOptions, ChangePorts};
use crate::engine::error::EngineError;

/// What the compiler and the tests have shown is certain as far as a trace can say.
const PROVEN: Confidence = Confidence::from_thousandths(1000);

/// Writes the trace of one change.
pub(super) struct Trail<'a> {
    log: Option<&'a dyn TraceLog>,
    builder: TraceBuilder,
    clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    started: Timestamp,
    used: Budget,
}

impl<'a> Trail<'a> {
    /// Begins a trace: the tree was looked at, and this is what is to be done.
    pub(super) fn begin(
        ports: &'a ChangePorts,
        options: &ChangeOptions,
        task: &str,
        before: &Verification,
        steps: &[&str],
    ) -> Result<Self, EngineError> {
        let thresholds = &options.policy.thresholds;
        let [abstain, answer, patch] = [thresholds.tau_abstain, thresholds.tau_answer, thresholds.tau_patch]
            .map(Confidence::from_thousandths);
        let policy = Policy::default()
            .with_thresholds(abstain, answer, patch)
            .with_max_changed_lines(Count::new(thresholds.max_changed_lines.into()));
        let started = (ports.clock)();
        let toolchain = before.toolchain.clone().unwrap_or_else(|| "unknown".to_owned());
        let header = Header::new(options.session.clone(), task, before.tree, toolchain, policy, started);
        let builder = TraceBuilder::new(header).map_err(invalid)?;
        let mut trail =
            Self { log: ports.traces.as_deref(), builder, clock: &*ports.clock, started, used: Budget::ZERO };
        let header = String::from_utf8_lossy(trail.builder.as_bytes()).into_owned();
        trail.write(&header)?;
        trail.event(Body::Plan(Plan::new(steps.iter().copied())))?;
        Ok(trail)
    }

    /// The trial of a patch in the copy: a probe that says whether it proved itself, and the verification.
    pub(super) fn tried(&mut self, tried: &TriedPatch, proposer: &str) -> Result<Evidence, EngineError> {
        let after = tried.after();
        let is_proven = tried.judgement().is_accepted();
        let outcome = if is_proven { ProbeOutcome::Confirmed } else { ProbeOutcome::Refuted };
        let answer = serde_json::to_vec(after).unwrap_or_default();
        let target = "the patch keeps the check and the tests green";
        let mut probe = Probe::new(ProbeTool::CARGO, target, tried.before().tree, outcome, &answer);
        probe.candidate = Some(Candidate::new(tried.patch().hash(), PROVEN, proposer));
        let ms = after.steps.iter().map(|report| report.final_run().duration_ms).sum();
        probe.duration_ms = Count::new(ms);
        self.used.probes = self.used.probes.plus(1);
        self.used.candidates = self.used.candidates.plus(1);
        self.event(Body::Probe(probe.clone()))?;
        let evidence = Evidence::new(self.builder.seq(), &probe, PROVEN);
        self.verified(after)?;
        Ok(evidence)
    }

    /// What the commands said of a tree. Linters do not count.
    pub(super) fn verified(&mut self, verification: &Verification) -> Result<(), EngineError> {
        let blocking = verification.steps.iter().filter(|report| report.step.blocks());
        let checks: Vec<Check> =
            blocking.map(|report| Check::new(report.step.role, report.final_run())).collect();
        self.used.commands = self.used.commands.plus(checks.len() as u64);
        self.event(Body::Verify(Verify::new(verification.tree, checks)))
    }

    /// The decision to apply a patch, because it proved itself.
    pub(super) fn decided(
        &mut self,
        tried: &TriedPatch,
        anchors: Vec<Anchor>,
        evidence: Evidence,
    ) -> Result<(), EngineError> {
        let decide = Decide::patch(tried.patch().hash(), "it proved itself in the copy");
        let claim = "the patch keeps the check and the tests green";
        let draft = Draft::new(Body::Decide(decide)).with_claim(claim, PROVEN, anchors);
        self.draft(draft.with_evidence(vec![evidence]))
    }

    /// That a patch was applied, and verified after it. Gives the hash of the line that says so.
    pub(super) fn kept(&mut self, tried: &TriedPatch, kept: &KeptPatch) -> Result<Sha256Hash, EngineError> {
        let lines = Count::new(tried.changed().total().into());
        let (before, after) = (tried.before().tree, tried.after().tree);
        self.event(Body::Patch(PatchApplied::new(tried.patch().hash(), before, after, lines)))?;
        let head = self.builder.head();
        self.verified(&kept.verification)?;
        Ok(head)
    }

    /// That a patch was applied, did not hold, and was taken back.
    pub(super) fn taken_back(&mut self, tried: &TriedPatch) -> Result<(), EngineError> {
        let lines = Count::new(tried.changed().total().into());
        let (before, after) = (tried.before().tree, tried.after().tree);
        let patch = tried.patch().hash();
        self.event(Body::Patch(PatchApplied::new(patch, before, after, lines)))?;
        let mut back = PatchApplied::new(patch, after, before, lines);
        back.reverts = Some(patch);
        self.event(Body::Patch(back))
    }

    /// The end.
    pub(super) fn finish(mut self, reason: &str) -> Result<(), EngineError> {
        self.event(Body::Decide(Decide::new(DecideAction::Finish, reason)))
    }

    /// The end where something went wrong.
    pub(super) fn abandon(mut self, reason: &str) -> Result<(), EngineError> {
        self.event(Body::Abstain(Abstain::new(reason, ProbeTool::CARGO.as_str(), "aether verify")))
    }

    fn event(&mut self, body: Body) -> Result<(), EngineError> {
        self.draft(Draft::new(body))
    }

    fn draft(&mut self, draft: Draft) -> Result<(), EngineError> {
        let now = (self.clock)();
        // A clock that was set back does not make a trace invalid.
        let at = now.max(self.started);
        self.started = at;
        let line = self.builder.event(draft.with_budget(self.used).with_time(at)).map_err(invalid)?;
        let line = String::from_utf8_lossy(line).into_owned();
        self.write(&line)
    }

    fn write(&self, line: &str) -> Result<(), EngineError> {
        let Some(log) = self.log else { return Ok(()) };
        log.append(&[line.trim_end_matches('\n')])
            .map_err(|error| EngineError::new(error.code().clone(), error.to_string()).with_source(error))
    }
}

fn invalid(error: aether_core::record::trace::TraceError) -> EngineError {
    EngineError::new(ErrorCode::TRACE_INVALID, error.to_string()).with_source(error)
}

/// The places that a patch changes, as they are before it: the innermost symbol that `symbol` knows around each,
/// or else the line alone. Of a file that it makes, the first line as it will be.
pub(super) fn anchors(
    tree: &WorkTree,
    tried: &TriedPatch,
    mut symbol: impl FnMut(&RelPath, u32) -> Option<SymbolId>,
) -> Result<Vec<Anchor>, EngineError> {
    let mut anchors: Vec<Anchor> = Vec::new();
    for (file, proven) in tried.patch().files().iter().zip(tried.files()) {
        let (path, bytes) = match file.before() {
            Some(before) => (&before.path, tree.base_file(&before.path)?.map(|file| file.bytes)),
            None => (file.path(), file.apply(None).ok().flatten()),
        };
        // Only text has places that can be cited.
        let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
        let made = proven.made.iter().map(|made| made.lines.first);
        let mut lines: Vec<u32> = made.filter(|_| file.before().is_some()).collect();
        if lines.is_empty() {
            lines.push(1);
        }
        for line in lines {
            let target =
                symbol(path, line).map_or_else(|| AnchorTarget::Heading(Vec::new()), AnchorTarget::Symbol);
            if let Ok(anchor) = Anchor::new(path.clone(), target, &text, line_of(&text, line))
                && !anchors.contains(&anchor)
            {
                anchors.push(anchor);
            }
        }
    }
    Ok(anchors)
}

/// The bytes of a line, from 1, or of the last one.
fn line_of(text: &str, line: u32) -> ByteSpan {
    let mut start = 0;
    let mut span = (0, 0);
    for piece in text.split_inclusive('\n').take(line as usize) {
        span = (start, start + piece.trim_end_matches('\n').len());
        start += piece.len();
    }
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    ByteSpan::new(byte(span.0), byte(span.1))
}
