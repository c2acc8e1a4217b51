//! What the gate decides, from what its tools said: without any effect, so that a trace of it can be replayed.

use aether_core::code::{Anchor, Confidence};
use aether_core::record::trace::{
    Abstain, Body, Candidate, Check, Count, Decide, DecideAction, Decider, Draft, Event, Evidence, Header,
    PatchApplied, Plan, Probe, ProbeOutcome, ProbeTool, Scratch, Verify,
};

use super::TriedPatch;
use aether_core::change::{CommandLine, Verification};

/// What the compiler and the tests have shown is as certain as a trace can say.
const PROVEN: Confidence = Confidence::from_thousandths(1000);
const CLAIM: &str = "the patch keeps the check and the tests green";
const NO_CLAIM: &str = "the patch does not keep the check and the tests green";
const STEPS: [&str; 4] = [
    "run the check and the tests on the tree as it is, in a copy",
    "make the patch in the copy and run them again",
    "apply it to the tree where both are green, and run them once more",
    "take it back where they are not",
];

/// Decides as the gate does: a plan first, a patch where its trial confirms it, what stays open where the patch
/// does not hold, and the end.
///
/// # Examples
///
/// A trace that the gate wrote is replayed by `replay_recorded(bytes, &mut PatchPlanner)`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PatchPlanner;

impl PatchPlanner {
    /// What a session is asked that applies a patch.
    pub const APPLY: &'static str = "apply a patch";
    /// What a session is asked that only tries one.
    pub const TRY: &'static str = "try a patch";
    /// The segment of the scratchpad that says what is not known of a patch that does not hold.
    pub const TRIAL: &'static str = "trial";

    /// The next decision, behind these events.
    #[must_use]
    pub fn decide(header: &Header, events: &[Event]) -> Draft {
        let used = events.last().map(|event| event.budget).unwrap_or_default();
        decision(header, events).with_budget(used)
    }
}

impl Decider for PatchPlanner {
    fn next(&mut self, header: &Header, events: &[Event]) -> Result<Draft, String> {
        Ok(Self::decide(header, events))
    }
}

fn decision(header: &Header, events: &[Event]) -> Draft {
    if events.is_empty() {
        return Draft::new(Body::Plan(Plan::new(STEPS)));
    }
    let probe = events.iter().rev().find_map(|event| match &event.body {
        Body::Probe(probe) => Some((event, probe)),
        _ => None,
    });
    let standing = events.iter().fold(0_u32, |count, event| match &event.body {
        Body::Patch(patch) if patch.reverts.is_some() => count.saturating_sub(1),
        Body::Patch(_) => count + 1,
        _ => count,
    });
    if let Some((event, probe)) = probe {
        let later = events.iter().filter(|other| other.seq > event.seq);
        let is_open = !later.clone().any(|other| matches!(other.body, Body::Decide(_) | Body::Patch(_)));
        let is_green = later.clone().any(|other| matches!(&other.body, Body::Verify(it) if it.green));
        if probe.outcome == ProbeOutcome::Unavailable {
            let reason = "a tool could not be asked to the end";
            let next = Abstain::new(reason, ProbeTool::CARGO.as_str(), "aether verify");
            return Draft::new(Body::Abstain(next));
        }
        if let Some(candidate) = &probe.candidate
            && is_open
            && is_green
            && probe.outcome == ProbeOutcome::Confirmed
            && header.task == PatchPlanner::APPLY
        {
            let decide = Decide::patch(candidate.patch, "it proved itself in the copy");
            let evidence = Evidence::new(event.seq, probe, PROVEN);
            return Draft::new(Body::Decide(decide))
                .with_claim(CLAIM, PROVEN, event.anchors.clone())
                .with_evidence(vec![evidence]);
        }
    }
    if let Some((event, probe)) = probe
        && let Some(open) = left_open(event, probe, events)
    {
        return Draft::new(Body::Scratch(Scratch::new(PatchPlanner::TRIAL, open)))
            .with_claim(NO_CLAIM, PROVEN, event.anchors.clone())
            .with_evidence(vec![Evidence::new(event.seq, probe, PROVEN)]);
    }
    if standing > 0 {
        return Draft::new(Body::Decide(Decide::new(DecideAction::Finish, "the patch stands")));
    }
    let is_proven = probe.is_some_and(|(_, probe)| probe.outcome == ProbeOutcome::Confirmed);
    let (claim, reason) = match (is_proven, header.task == PatchPlanner::TRY) {
        (true, true) => (CLAIM, "it was only tried"),
        (true, false) => (NO_CLAIM, "it did not hold in the tree and was taken back"),
        (false, _) => (NO_CLAIM, "it did not prove itself in the copy"),
    };
    let answer = Draft::new(Body::Decide(Decide::new(DecideAction::Answer, reason)));
    match probe {
        Some((event, probe)) => answer
            .with_claim(claim, PROVEN, event.anchors.clone())
            .with_evidence(vec![Evidence::new(event.seq, probe, PROVEN)]),
        None => answer,
    }
}

/// What has to be asked about the last patch, where it does not hold and nobody has written that down yet.
fn left_open(event: &Event, probe: &Probe, events: &[Event]) -> Option<Vec<String>> {
    let later = || events.iter().filter(|other| other.seq > event.seq);
    let is_written = later().any(|other| matches!(other.body, Body::Scratch(_)));
    let is_taken_back =
        later().any(|other| matches!(&other.body, Body::Patch(patch) if patch.reverts.is_some()));
    if is_written || (probe.outcome != ProbeOutcome::Refuted && !is_taken_back) {
        return None;
    }
    if is_taken_back {
        return Some(vec!["what does the tree have that its copy has not?".to_owned()]);
    }
    let checks = later().find_map(|other| match &other.body {
        Body::Verify(verify) => Some(&verify.checks),
        _ => None,
    });
    let red = checks.into_iter().flatten().filter(|check| !check.is_green());
    let mut open: Vec<String> = red
        .map(|check| {
            let command = CommandLine::new(&check.program, &check.arguments);
            match check.exit_code {
                Some(code) => format!("why does `{command}` end with {code} once the patch is there?"),
                None => format!("why does `{command}` not end once the patch is there?"),
            }
        })
        .collect();
    if open.is_empty() {
        // Green commands are not enough: a test is gone, or a warning is new.
        open.push("what did the check and the tests show before that they do not show now?".to_owned());
    }
    Some(open)
}

impl TriedPatch {
    /// The trial as a probe of a trace, with the places that the patch changes.
    #[must_use]
    pub fn to_probe(&self, proposer: &str, anchors: Vec<Anchor>) -> Draft {
        let after = self.after();
        let is_proven = self.judgement().is_accepted();
        let outcome = if is_proven { ProbeOutcome::Confirmed } else { ProbeOutcome::Refuted };
        let answer = serde_json::to_vec(self.judgement()).unwrap_or_default();
        let mut probe = Probe::new(ProbeTool::CARGO, CLAIM, self.before().tree, outcome, &answer);
        probe.candidate = Some(Candidate::new(self.patch().hash(), PROVEN, proposer));
        let ms = after.steps.iter().map(|report| report.final_run().duration_ms).sum();
        probe.duration_ms = Count::new(ms);
        Draft::new(Body::Probe(probe)).with_claim(CLAIM, PROVEN, anchors)
    }

    /// That the patch was applied, as an event of a trace.
    #[must_use]
    pub fn to_applied(&self) -> Draft {
        Draft::new(Body::Patch(self.applied()))
    }

    /// That the patch was taken back, as an event of a trace.
    #[must_use]
    pub fn to_taken_back(&self) -> Draft {
        let mut back = self.applied();
        std::mem::swap(&mut back.before, &mut back.after);
        back.reverts = Some(back.patch);
        Draft::new(Body::Patch(back))
    }

    fn applied(&self) -> PatchApplied {
        let lines = Count::new(self.changed().total().into());
        PatchApplied::new(self.patch().hash(), self.before().tree, self.after().tree, lines)
    }
}

/// A verification as an event of a trace: what blocks, and nothing else.
#[must_use]
pub fn verify_event(verification: &Verification) -> Draft {
    let blocking = verification.steps.iter().filter(|report| report.step.blocks());
    let checks = blocking.map(|report| Check::new(report.step.role, report.final_run())).collect();
    Draft::new(Body::Verify(Verify::new(verification.tree, checks)))
}

/// That a tool could not be asked to the end, as a probe of a trace.
#[must_use]
pub fn unavailable_event(tree: aether_core::base::Sha256Hash, reason: &str) -> Draft {
    let outcome = ProbeOutcome::Unavailable;
    Draft::new(Body::Probe(Probe::new(ProbeTool::CARGO, CLAIM, tree, outcome, reason.as_bytes())))
}
