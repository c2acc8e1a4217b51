//! What a session has done so far, and the rules on what it may do next.

use std::collections::HashMap;

use super::validate::AnchorResolver;
use super::{
    AnchorState, Body, Budget, Decide, DecideAction, Event, Header, PatchApplied, Probe, ProbeOutcome,
    ProbeTool, TraceRule, Verify, Violation,
};
use crate::base::{Sha256Hash, Timestamp};
use crate::change::CheckRole;
use crate::code::{Anchor, Confidence};

/// What the rules have to know of the events so far.
#[derive(Clone, Debug)]
pub(super) struct Session {
    header: Header,
    is_planned: bool,
    has_decided: bool,
    has_ended: bool,
    probes: HashMap<u64, ProbeFacts>,
    probes_asked: u64,
    commands_run: u64,
    /// The last decision, while it stands.
    decision: Option<Decision>,
    /// What the last verification of each tree said.
    verified: HashMap<Sha256Hash, Verified>,
    tree: Sha256Hash,
    /// Patches that stand, the last one behind.
    applied: Vec<Applied>,
    is_verified_since_patch: bool,
    used: Budget,
    time: Timestamp,
}

/// What evidence has to say of a probe.
#[derive(Clone, Debug)]
struct ProbeFacts {
    outcome: ProbeOutcome,
    output: Sha256Hash,
    target: String,
    tool: ProbeTool,
}

#[derive(Clone, Copy, Debug)]
struct Decision {
    action: DecideAction,
    patch: Option<Sha256Hash>,
}

#[derive(Clone, Copy, Debug)]
struct Verified {
    is_green: bool,
    /// Whether it had a check and a test.
    is_complete: bool,
}

#[derive(Clone, Copy, Debug)]
struct Applied {
    patch: Sha256Hash,
    before: Sha256Hash,
}

/// Takes what an event breaks, by the rule and the part of the line.
pub(super) struct Findings<'a> {
    pub(super) line: u64,
    pub(super) out: &'a mut Vec<Violation>,
}

impl Findings<'_> {
    fn add(&mut self, rule: TraceRule, at: &str) {
        self.out.push(Violation::new(rule, self.line, at));
    }

    fn unless(&mut self, holds: bool, rule: TraceRule, at: &str) {
        if !holds {
            self.add(rule, at);
        }
    }
}

impl Session {
    /// The state behind the header, which is judged here.
    pub(super) fn start(header: Header, max_text_bytes: u64, findings: &mut Findings<'_>) -> Self {
        let longest = header.task.len().max(header.toolchain.len());
        findings.unless(longest as u64 <= max_text_bytes, TraceRule::TextBytes, "task");
        let policy = &header.policy;
        findings.unless(policy.hash == policy.value_hash(), TraceRule::PolicyHash, "policy.hash");
        let rises = policy.tau_abstain <= policy.tau_answer && policy.tau_answer <= policy.tau_patch;
        findings.unless(rises, TraceRule::PolicyOrder, "policy");
        Self {
            is_planned: false,
            has_decided: false,
            has_ended: false,
            probes: HashMap::new(),
            probes_asked: 0,
            commands_run: 0,
            decision: None,
            verified: HashMap::new(),
            tree: header.snapshot,
            applied: Vec::new(),
            is_verified_since_patch: false,
            used: Budget::ZERO,
            time: header.started,
            header,
        }
    }

    /// Whether the event that ends the session was there.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Judges an event and takes it in. Gives the number of anchors that nobody could resolve.
    pub(super) fn take(
        &mut self,
        event: Event,
        max_text_bytes: u64,
        resolver: Option<&dyn AnchorResolver>,
        findings: &mut Findings<'_>,
    ) -> u64 {
        if self.has_ended {
            findings.add(TraceRule::AfterEnd, "");
            return 0;
        }
        findings.unless(event.longest_text() as u64 <= max_text_bytes, TraceRule::TextBytes, "");
        if let Some(at) = event.at {
            findings.unless(at >= self.time, TraceRule::Backwards, "at");
            self.time = self.time.max(at);
        }
        self.take_budget(&event, findings);
        let unchecked = check_anchors(&event, resolver, findings);
        self.check_evidence(&event, findings);
        let seq = event.seq.get();
        let (claim, confidence) = (event.claim.is_some(), event.confidence);
        self.has_ended = event.body.is_terminal();
        match event.body {
            Body::Plan(_) => {
                self.is_planned = true;
                self.decision = None;
            }
            Body::Probe(probe) => self.take_probe(seq, probe, findings),
            Body::Decide(decide) => self.take_decision(&decide, claim, confidence, findings),
            Body::Patch(patch) => self.take_patch(&patch, findings),
            Body::Verify(verify) => self.take_verification(&verify, findings),
            Body::Scratch(_) => findings.unless(claim, TraceRule::ClaimMissing, "claim"),
            Body::Abstain(_) => self.check_end(false, findings),
            Body::Note(_) => {}
        }
        unchecked
    }

    fn take_budget(&mut self, event: &Event, findings: &mut Findings<'_>) {
        match &event.body {
            Body::Probe(probe) if !probe.cache_hit => self.probes_asked += 1,
            Body::Verify(verify) => self.commands_run += verify.checks.len() as u64,
            _ => {}
        }
        let used = &event.budget;
        if let Some(name) = self.used.first_above(used) {
            findings.add(TraceRule::BudgetDecreased, &format!("budget.{name}"));
        } else if used.probes.get() < self.probes_asked {
            findings.add(TraceRule::BudgetUncounted, "budget.probes");
        } else if used.commands.get() < self.commands_run {
            findings.add(TraceRule::BudgetUncounted, "budget.commands");
        }
        if let Some(name) = used.first_above(&self.header.policy.budget) {
            findings.add(TraceRule::BudgetExceeded, &format!("budget.{name}"));
        }
        self.used = self.used.max(used);
    }

    fn check_evidence(&self, event: &Event, findings: &mut Findings<'_>) {
        for (index, evidence) in event.evidence.iter().enumerate() {
            let rule = match self.probes.get(&evidence.probe.get()) {
                None => TraceRule::EvidenceUnknown,
                Some(facts)
                    if facts.outcome == evidence.outcome
                        && facts.output == evidence.output
                        && facts.target == evidence.target
                        && facts.tool == evidence.tool =>
                {
                    continue;
                }
                Some(_) => TraceRule::EvidenceMismatch,
            };
            findings.add(rule, &format!("evidence.{index}"));
        }
    }

    fn take_probe(&mut self, seq: u64, probe: Probe, findings: &mut Findings<'_>) {
        findings.unless(self.is_planned, TraceRule::ProbeBeforePlan, "body.probe");
        let Probe { outcome, output, target, tool, .. } = probe;
        self.probes.insert(seq, ProbeFacts { outcome, output, target, tool });
    }

    fn take_decision(
        &mut self,
        decide: &Decide,
        has_claim: bool,
        confidence: Option<Confidence>,
        findings: &mut Findings<'_>,
    ) {
        let at = "body.decide";
        findings.unless(self.is_planned, TraceRule::DecideBeforePlan, at);
        let policy = &self.header.policy;
        let threshold = match decide.action {
            DecideAction::Answer => Some((policy.tau_answer, TraceRule::AnswerThreshold)),
            DecideAction::Patch => Some((policy.tau_patch, TraceRule::PatchThreshold)),
            DecideAction::Probe | DecideAction::Abstain | DecideAction::Finish => None,
        };
        if let Some((least, rule)) = threshold {
            findings.unless(!self.probes.is_empty(), TraceRule::DecideBeforeProbe, at);
            findings.unless(has_claim, TraceRule::ClaimMissing, "claim");
            match confidence {
                None => findings.add(TraceRule::ConfidenceMissing, "confidence"),
                Some(confidence) => findings.unless(confidence >= least, rule, "confidence"),
            }
        }
        let names_patch = decide.patch.is_some() == (decide.action == DecideAction::Patch);
        findings.unless(names_patch, TraceRule::DecisionPatch, "body.decide.patch");
        let is_rejected = decide.candidates.iter().any(|candidate| {
            candidate.rejected.is_some() && decide.patch.is_some_and(|chosen| chosen == candidate.patch)
        });
        findings.unless(!is_rejected, TraceRule::DecisionRejected, "body.decide.patch");
        self.has_decided = true;
        self.decision = Some(Decision { action: decide.action, patch: decide.patch });
        match decide.action {
            DecideAction::Answer => self.check_end(false, findings),
            DecideAction::Finish => self.check_end(true, findings),
            _ => {}
        }
    }

    fn take_patch(&mut self, patch: &PatchApplied, findings: &mut Findings<'_>) {
        let at = "body.patch";
        let starts_here = patch.before == self.tree && patch.after != patch.before;
        if let Some(reverted) = patch.reverts {
            let undone = self.applied.pop();
            let fits = undone.is_some_and(|it| it.patch == reverted && it.before == patch.after);
            findings.unless(fits, TraceRule::RevertMismatch, "body.patch.reverts");
            findings.unless(starts_here, TraceRule::PatchBase, "body.patch.before");
        } else {
            let is_decided = self.decision.is_some_and(|decision| {
                decision.action == DecideAction::Patch && decision.patch == Some(patch.patch)
            });
            findings.unless(self.has_decided, TraceRule::PatchBeforeDecide, at);
            findings.unless(is_decided, TraceRule::PatchUndecided, at);
            findings.unless(starts_here, TraceRule::PatchBase, "body.patch.before");
            let most = self.header.policy.max_changed_lines;
            findings.unless(patch.changed_lines <= most, TraceRule::PatchLines, "body.patch.changed_lines");
            match self.verified.get(&patch.after) {
                Some(Verified { is_green: true, is_complete: true }) => {}
                Some(Verified { is_green: true, .. }) => findings.add(TraceRule::PatchIncomplete, at),
                _ => findings.add(TraceRule::PatchUnverified, "body.patch.after"),
            }
            self.applied.push(Applied { patch: patch.patch, before: patch.before });
        }
        self.tree = patch.after;
        self.decision = None;
        self.is_verified_since_patch = false;
    }

    fn take_verification(&mut self, verify: &Verify, findings: &mut Findings<'_>) {
        findings.unless(self.is_planned, TraceRule::ProbeBeforePlan, "body.verify");
        let is_green = Verify::all_green(&verify.checks);
        let is_consistent = verify.green == is_green;
        findings.unless(is_consistent, TraceRule::VerifyContradiction, "body.verify.green");
        let is_complete = verify.has(CheckRole::Check) && verify.has(CheckRole::Test);
        self.verified.insert(verify.tree, Verified { is_green, is_complete });
        if verify.tree == self.tree {
            self.is_verified_since_patch = is_green && is_complete;
        }
    }

    /// What stands when a session ends was verified behind the last patch.
    fn check_end(&self, needs_patch: bool, findings: &mut Findings<'_>) {
        let holds = if self.applied.is_empty() { !needs_patch } else { self.is_verified_since_patch };
        findings.unless(holds, TraceRule::EndUnverified, "");
    }
}

fn check_anchors(event: &Event, resolver: Option<&dyn AnchorResolver>, findings: &mut Findings<'_>) -> u64 {
    let has_none = event.claim.is_some() && event.anchors.is_empty();
    findings.unless(!has_none, TraceRule::AnchorMissing, "anchors");
    let mut unchecked = 0;
    for (index, anchor) in event.anchors.iter().enumerate() {
        let rule = if !is_a_place(anchor) {
            TraceRule::AnchorMalformed
        } else {
            match resolver.map(|resolver| resolver.resolve(anchor)) {
                None => {
                    unchecked += 1;
                    continue;
                }
                Some(AnchorState::Resolves) => continue,
                Some(AnchorState::Unknown) => TraceRule::AnchorUnknown,
                Some(AnchorState::Stale) => TraceRule::AnchorStale,
            }
        };
        findings.add(rule, &format!("anchors.{index}"));
    }
    unchecked
}

fn is_a_place(anchor: &Anchor) -> bool {
    anchor.span.start < anchor.span.end
        && 1 <= anchor.lines.first
        && anchor.lines.first <= anchor.lines.last
        && !anchor.file.as_str().is_empty()
}
