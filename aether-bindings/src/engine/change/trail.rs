//! The trace of a session: each step is written down, durably, when it happens. What is decided is for the
//! planner of the gate to say, so that the trace can be replayed.

use aether_core::base::{ByteSpan, ErrorCode, RelPath, Sha256Hash, Timestamp};
use aether_core::change::Verification;
use aether_core::code::{Anchor, AnchorTarget, Confidence, SymbolId};
use aether_core::port::{OutputStore, TraceLog};
use aether_core::record::trace::{
    Body, Budget, Check, Count, Draft, Event, Header, Policy, Scratchpad, TraceBuilder,
};
use aether_verify::{
    BaseFiles as _, KeptPatch, PatchPlanner, TriedPatch, WorkTree, unavailable_event, verify_event,
};

use super::ports::{ChangeOptions, ChangePorts};
use crate::engine::error::EngineError;

/// Writes the trace of one session.
pub(super) struct Trail<'a> {
    log: Option<&'a dyn TraceLog>,
    outputs: Option<&'a dyn OutputStore>,
    builder: TraceBuilder,
    header: Header,
    events: Vec<Event>,
    scratchpad: Scratchpad,
    clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// Times do not go back, whatever the clock does.
    last: Timestamp,
    used: Budget,
}

impl<'a> Trail<'a> {
    /// Begins a trace with its plan.
    pub(super) fn begin(
        ports: &'a ChangePorts,
        options: &ChangeOptions,
        task: &str,
        before: &Verification,
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
        let builder = TraceBuilder::new(header.clone()).map_err(invalid)?;
        let mut trail = Self {
            log: ports.traces.as_deref(),
            outputs: ports.outputs.as_deref(),
            builder,
            header,
            events: Vec::new(),
            scratchpad: Scratchpad::default(),
            clock: &*ports.clock,
            last: started,
            used: Budget::ZERO,
        };
        let header = String::from_utf8_lossy(trail.builder.as_bytes()).into_owned();
        trail.write(&header)?;
        trail.decide()?;
        Ok(trail)
    }

    /// The trial of a patch in the copy.
    pub(super) fn tried(
        &mut self,
        tried: &TriedPatch,
        proposer: &str,
        anchors: Vec<Anchor>,
    ) -> Result<(), EngineError> {
        self.used.probes = self.used.probes.plus(1);
        self.used.candidates = self.used.candidates.plus(1);
        self.happened(tried.to_probe(proposer, anchors))?;
        self.verified(tried.after())
    }

    fn verified(&mut self, verification: &Verification) -> Result<(), EngineError> {
        if let Some(outputs) = self.outputs {
            for report in verification.steps.iter().filter(|report| report.step.blocks()) {
                // A trace holds without them, so a full disk does not stop the session here.
                let _ = outputs.keep(&Check::output_of(report.final_run()));
            }
        }
        let event = verify_event(verification);
        if let Body::Verify(verify) = &event.body {
            self.used.commands = self.used.commands.plus(verify.checks.len() as u64);
        }
        self.happened(event)
    }

    /// That a patch was applied, and verified after it. Gives the hash of the line that says so.
    pub(super) fn kept(&mut self, tried: &TriedPatch, kept: &KeptPatch) -> Result<Sha256Hash, EngineError> {
        self.happened(tried.to_applied())?;
        let head = self.builder.head();
        self.verified(&kept.verification)?;
        Ok(head)
    }

    /// That a patch was applied, did not hold, and was taken back.
    pub(super) fn taken_back(&mut self, tried: &TriedPatch) -> Result<(), EngineError> {
        self.happened(tried.to_applied())?;
        self.happened(tried.to_taken_back())
    }

    /// That a tool could not be asked to the end, and the end because of that.
    pub(super) fn abandon(mut self, reason: &str) -> Result<(), EngineError> {
        self.used.probes = self.used.probes.plus(1);
        self.happened(unavailable_event(self.header.snapshot, reason))?;
        self.end().map(drop)
    }

    /// The next decision.
    pub(super) fn decide(&mut self) -> Result<(), EngineError> {
        self.append(PatchPlanner::decide(&self.header, &self.events))
    }

    /// Decides until the session has ended. Gives the questions that stayed open.
    pub(super) fn end(mut self) -> Result<Vec<String>, EngineError> {
        let mut open = Vec::new();
        // What is written down before the end is the planner's to say; it ends in any case.
        while !self.events.last().is_some_and(|event| event.body.is_terminal()) {
            open = self.scratchpad.open_questions().map(str::to_owned).collect();
            self.decide()?;
        }
        Ok(open)
    }

    /// What a tool said or did, with its time: a decision has none, so that it can be made again.
    fn happened(&mut self, draft: Draft) -> Result<(), EngineError> {
        self.last = (self.clock)().max(self.last);
        self.append(draft.with_budget(self.used).with_time(self.last))
    }

    fn append(&mut self, draft: Draft) -> Result<(), EngineError> {
        let line = self.builder.event(draft).map_err(invalid)?;
        let line = String::from_utf8_lossy(line).into_owned();
        let event: Event = serde_json::from_str(&line).map_err(|error| {
            EngineError::new(ErrorCode::TRACE_INVALID, error.to_string()).with_source(error)
        })?;
        self.scratchpad.take(&event);
        self.events.push(event);
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

/// Files that say what the check and the tests of the files below them are.
const MANIFESTS: [&str; 5] = ["Cargo.toml", "package.json", "pyproject.toml", "go.mod", "Makefile"];

/// The places that a patch changes, as they are before it: the innermost symbol that `symbol` knows around each,
/// or else the line alone. Of a file that it makes, the first line as it will be.
///
/// Only text can be cited. A patch of bytes or of empty files alone cites the manifest above them, which says what
/// was checked.
pub(super) fn anchors(
    tree: &WorkTree,
    tried: &TriedPatch,
    mut symbol: impl FnMut(&RelPath, u32) -> Option<SymbolId>,
) -> Result<Vec<Anchor>, EngineError> {
    let mut anchors: Vec<Anchor> = Vec::new();
    let mut cite = |path: &RelPath, bytes: Vec<u8>, lines: &[u32], anchors: &mut Vec<Anchor>| {
        let Ok(text) = String::from_utf8(bytes) else { return };
        for &line in lines {
            let target =
                symbol(path, line).map_or_else(|| AnchorTarget::Heading(Vec::new()), AnchorTarget::Symbol);
            if let Some(span) = line_of(&text, line)
                && let Ok(anchor) = Anchor::new(path.clone(), target, &text, span)
                && !anchors.contains(&anchor)
            {
                anchors.push(anchor);
            }
        }
    };
    for (file, proven) in tried.patch().files().iter().zip(tried.files()) {
        let (path, bytes) = match file.before() {
            Some(before) => (&before.path, tree.base_file(&before.path)?.map(|file| file.bytes)),
            None => (file.path(), file.apply(None).ok().flatten()),
        };
        let made = proven.made.iter().map(|made| made.lines.first);
        let mut lines: Vec<u32> = made.filter(|_| file.before().is_some()).collect();
        if lines.is_empty() {
            lines.push(1);
        }
        cite(path, bytes.unwrap_or_default(), &lines, &mut anchors);
    }
    if anchors.is_empty() {
        for manifest in tried.patch().files().iter().flat_map(|file| manifests_above(file.path())) {
            if let Some(file) = tree.base_file(&manifest)? {
                cite(&manifest, file.bytes, &[1], &mut anchors);
                break;
            }
        }
    }
    Ok(anchors)
}

/// Where a manifest of a file can be, the nearest first.
fn manifests_above(file: &RelPath) -> impl Iterator<Item = RelPath> {
    let above = |folder: &RelPath| (!folder.as_str().is_empty()).then(|| folder.parent());
    std::iter::successors(Some(file.parent()), move |folder| above(folder))
        .flat_map(|folder| MANIFESTS.map(|name| folder.join(name)))
        .filter_map(Result::ok)
}

/// The span of a line, from 1, or of the last one; of an empty one its line break. `None` where there is no text.
fn line_of(text: &str, line: u32) -> Option<ByteSpan> {
    let mut start = 0;
    let mut span = None;
    for piece in text.split_inclusive('\n').take(line as usize) {
        let held = piece.trim_end_matches('\n').len();
        span = Some((start, start + if held == 0 { piece.len() } else { held }));
        start += piece.len();
    }
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    span.map(|(start, end)| ByteSpan::new(byte(start), byte(end)))
}
