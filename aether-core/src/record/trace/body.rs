//! What an event says, by its kind.
//!
//! Fields stand in the order of their names, so that the plain written form of each record is the
//! canonical one.

use serde::{Deserialize, Serialize};

use super::Count;
use crate::base::{Sha256Hash, open_vocabulary};
use crate::change::{CheckRole, RunReport};
use crate::code::Confidence;

/// What an event says. Its kind is the one key of the written form: `{"plan": {…}}`.
///
/// An old reader takes an unknown kind for an error, so a new one comes with a new schema version.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceBody"))]
#[non_exhaustive]
pub enum Body {
    /// What is to be found out, and how.
    Plan(Plan),
    /// A read-only question to a tool, with its answer.
    Probe(Probe),
    /// What to do next, and why.
    Decide(Decide),
    /// A patch that was applied, or taken back.
    Patch(PatchApplied),
    /// Commands that were run on a tree.
    Verify(Verify),
    /// The end without an answer.
    Abstain(Abstain),
    /// A remark.
    Note(Note),
    /// A segment of the scratchpad.
    Scratch(Scratch),
}

/// The kind of an event.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum EventKind {
    /// [`Body::Plan`].
    Plan,
    /// [`Body::Probe`].
    Probe,
    /// [`Body::Decide`].
    Decide,
    /// [`Body::Patch`].
    Patch,
    /// [`Body::Verify`].
    Verify,
    /// [`Body::Abstain`].
    Abstain,
    /// [`Body::Note`].
    Note,
    /// [`Body::Scratch`].
    Scratch,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Plan,
        Self::Probe,
        Self::Decide,
        Self::Patch,
        Self::Verify,
        Self::Abstain,
        Self::Note,
        Self::Scratch,
    ];

    /// Its written name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Probe => "probe",
            Self::Decide => "decide",
            Self::Patch => "patch",
            Self::Verify => "verify",
            Self::Abstain => "abstain",
            Self::Note => "note",
            Self::Scratch => "scratch",
        }
    }
}

impl Body {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Plan(_) => EventKind::Plan,
            Self::Probe(_) => EventKind::Probe,
            Self::Decide(_) => EventKind::Decide,
            Self::Patch(_) => EventKind::Patch,
            Self::Verify(_) => EventKind::Verify,
            Self::Abstain(_) => EventKind::Abstain,
            Self::Note(_) => EventKind::Note,
            Self::Scratch(_) => EventKind::Scratch,
        }
    }

    /// Whether the session ends with it: an abstention, an answer, a finish.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Abstain(_) => true,
            Self::Decide(decide) => matches!(decide.action, DecideAction::Answer | DecideAction::Finish),
            _ => false,
        }
    }

    /// The length of the longest free text in it, in bytes.
    pub(super) fn longest_text(&self) -> usize {
        fn longest(texts: &[String]) -> usize {
            texts.iter().map(String::len).max().unwrap_or(0)
        }
        match self {
            Self::Plan(plan) => longest(&plan.steps),
            Self::Probe(probe) => {
                let template = probe.candidate.as_ref().map_or(0, |candidate| candidate.template.len());
                probe.target.len().max(probe.tool.as_str().len()).max(template)
            }
            Self::Decide(decide) => {
                let rejected = decide.candidates.iter().filter_map(|it| it.rejected.as_ref());
                rejected.map(String::len).max().unwrap_or(0).max(decide.reason.len())
            }
            Self::Patch(_) => 0,
            Self::Verify(verify) => {
                let checks = verify.checks.iter();
                checks.map(|it| it.program.len().max(longest(&it.arguments))).max().unwrap_or(0)
            }
            Self::Abstain(abstain) => abstain.reason.len().max(abstain.next_target.len()),
            Self::Note(note) => note.text.len(),
            Self::Scratch(scratch) => longest(&scratch.open_questions).max(scratch.segment.len()),
        }
    }
}

/// What is to be found out, and how.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TracePlan"))]
#[non_exhaustive]
pub struct Plan {
    /// SHA-256 of the TraceScript that says the same, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Sha256Hash>,
    /// The steps, in words.
    pub steps: Vec<String>,
}

impl Plan {
    /// A plan.
    #[must_use]
    pub fn new(steps: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { script: None, steps: steps.into_iter().map(Into::into).collect() }
    }
}

open_vocabulary! {
    /// Whom a probe asks. Open: unknown values survive a round trip.
    ProbeTool {
        /// The index of the repository.
        INDEX = "index";
        /// The project's build tool and compiler.
        CARGO = "cargo";
        /// The language server.
        RUST_ANALYZER = "rust_analyzer";
        /// The documentation of the toolchain and of dependencies.
        DOCS = "docs";
        /// The history of the repository.
        HISTORY = "history";
        /// What earlier sessions left.
        MEMORY = "memory";
    }
}

/// What a probe said of what it was asked.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ProbeOutcome {
    /// It is so.
    Confirmed,
    /// It is not so.
    Refuted,
    /// It may be either.
    Inconclusive,
    /// The tool could not be asked.
    Unavailable,
}

impl ProbeOutcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Confirmed, Self::Refuted, Self::Inconclusive, Self::Unavailable];

    /// Its written name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refuted => "refuted",
            Self::Inconclusive => "inconclusive",
            Self::Unavailable => "unavailable",
        }
    }
}

/// A read-only question to a tool, with its answer. The answer itself is kept beside the trace, by its hash.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceProbe"))]
#[non_exhaustive]
pub struct Probe {
    /// Whether the answer was remembered and nobody was asked.
    pub cache_hit: bool,
    /// The change that was tried, when the probe is the trial of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Candidate>,
    /// SHA-256 of the diagnostics in the answer, in their normal form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostics: Option<Sha256Hash>,
    /// How long it took, in milliseconds.
    pub duration_ms: Count,
    /// The code that the tool ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// What it said.
    pub outcome: ProbeOutcome,
    /// SHA-256 of the answer.
    pub output: Sha256Hash,
    /// Length of the answer, in bytes.
    pub output_bytes: Count,
    /// What was asked: a symbol, a command, a place in the documentation.
    pub target: String,
    /// Whom.
    pub tool: ProbeTool,
    /// SHA-256 that names the tree that was asked about.
    pub tree: Sha256Hash,
}

impl Probe {
    /// A probe whose answer is `output`.
    #[must_use]
    pub fn new(
        tool: ProbeTool,
        target: impl Into<String>,
        tree: Sha256Hash,
        outcome: ProbeOutcome,
        output: &[u8],
    ) -> Self {
        Self {
            cache_hit: false,
            candidate: None,
            diagnostics: None,
            duration_ms: Count::default(),
            exit_code: None,
            outcome,
            output: Sha256Hash::of(output),
            output_bytes: Count::new(output.len() as u64),
            target: target.into(),
            tool,
            tree,
        }
    }
}

/// A change that was tried.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceCandidate"))]
#[non_exhaustive]
pub struct Candidate {
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// How likely it was taken for, when it was chosen to be tried.
    pub rank: Confidence,
    /// The rule that proposed it.
    pub template: String,
}

impl Candidate {
    /// A change that was tried.
    #[must_use]
    pub fn new(patch: Sha256Hash, rank: Confidence, template: impl Into<String>) -> Self {
        Self { patch, rank, template: template.into() }
    }
}

/// What is done next.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum DecideAction {
    /// Ask more.
    Probe,
    /// Apply a patch.
    Patch,
    /// Abstain; the event that says so follows.
    Abstain,
    /// End with an answer, which is the claim of this event.
    Answer,
    /// End with the patches that stand.
    Finish,
}

/// What to do next, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceDecide"))]
#[non_exhaustive]
pub struct Decide {
    /// What is done next.
    pub action: DecideAction,
    /// What there was to choose from, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<RankedCandidate>,
    /// Hash of the patch that is applied, when one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<Sha256Hash>,
    /// Why.
    pub reason: String,
}

impl Decide {
    /// A decision for something else than a patch.
    #[must_use]
    pub fn new(action: DecideAction, reason: impl Into<String>) -> Self {
        Self { action, candidates: Vec::new(), patch: None, reason: reason.into() }
    }

    /// The decision to apply the patch of this hash.
    #[must_use]
    pub fn patch(patch: Sha256Hash, reason: impl Into<String>) -> Self {
        Self { patch: Some(patch), ..Self::new(DecideAction::Patch, reason) }
    }
}

/// A change that there was to choose from.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceRankedCandidate"))]
#[non_exhaustive]
pub struct RankedCandidate {
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// Why it is out of the question: the clause of a guard, the diagnostic. Absent while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<String>,
    /// How likely it is right.
    pub score: Confidence,
}

impl RankedCandidate {
    /// A change that there was to choose from.
    #[must_use]
    pub fn new(patch: Sha256Hash, score: Confidence) -> Self {
        Self { patch, rejected: None, score }
    }
}

/// A patch that was applied, or taken back.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TracePatch"))]
#[non_exhaustive]
pub struct PatchApplied {
    /// SHA-256 that names the tree afterwards.
    pub after: Sha256Hash,
    /// SHA-256 that names the tree before.
    pub before: Sha256Hash,
    /// Lines that it adds and lines that it removes, together.
    pub changed_lines: Count,
    /// Hash of the patch, as `Patch::hash` gives it.
    pub patch: Sha256Hash,
    /// Hash of the patch that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverts: Option<Sha256Hash>,
}

impl PatchApplied {
    /// A patch that was applied.
    #[must_use]
    pub fn new(patch: Sha256Hash, before: Sha256Hash, after: Sha256Hash, changed_lines: Count) -> Self {
        Self { after, before, changed_lines, patch, reverts: None }
    }
}

/// A command that was run on a tree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceCheck"))]
#[non_exhaustive]
pub struct Check {
    /// Arguments of the command.
    pub arguments: Vec<String>,
    /// The code that it ended with; absent when it did not end by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// SHA-256 of its standard output, a NUL byte, and its standard error.
    pub output: Sha256Hash,
    /// Program of the command.
    pub program: String,
    /// What it shows.
    pub role: CheckRole,
}

impl Check {
    /// The facts of a run that a trace keeps.
    #[must_use]
    pub fn new(role: CheckRole, report: &RunReport) -> Self {
        let output = Self::output_of(report);
        // A command that was killed says nothing of the tree, whatever code the system gave it.
        let ended = !report.timed_out && !report.cancelled;
        Self {
            arguments: report.command.arguments.clone(),
            exit_code: report.exit_code.filter(|_| ended),
            output: Sha256Hash::of(&output),
            program: report.command.program.clone(),
            role,
        }
    }

    /// What `output` is the hash of: what the command printed.
    #[must_use]
    pub fn output_of(report: &RunReport) -> Vec<u8> {
        [report.stdout.as_bytes(), b"\0", report.stderr.as_bytes()].concat()
    }

    /// Whether the command ended by itself and said that all is well.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.exit_code == Some(0)
    }
}

/// Commands that were run on a tree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceVerify"))]
#[non_exhaustive]
pub struct Verify {
    /// The commands, in the order in which they ran.
    pub checks: Vec<Check>,
    /// Whether there is a command and all of them are green.
    pub green: bool,
    /// SHA-256 that names the tree.
    pub tree: Sha256Hash,
}

impl Verify {
    /// What these commands say of the tree.
    #[must_use]
    pub fn new(tree: Sha256Hash, checks: Vec<Check>) -> Self {
        let green = Self::all_green(&checks);
        Self { checks, green, tree }
    }

    pub(super) fn all_green(checks: &[Check]) -> bool {
        !checks.is_empty() && checks.iter().all(Check::is_green)
    }

    /// Whether one of the commands has this role.
    #[must_use]
    pub fn has(&self, role: CheckRole) -> bool {
        self.checks.iter().any(|check| check.role == role)
    }
}

/// The end without an answer: what would have to be asked next.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceAbstain"))]
#[non_exhaustive]
pub struct Abstain {
    /// What to ask next.
    pub next_target: String,
    /// Whom to ask next.
    pub next_tool: ProbeTool,
    /// Why there is no answer.
    pub reason: String,
}

impl Abstain {
    /// An abstention.
    #[must_use]
    pub fn new(reason: impl Into<String>, next_tool: &str, next_target: impl Into<String>) -> Self {
        Self { next_target: next_target.into(), next_tool: ProbeTool::new(next_tool), reason: reason.into() }
    }
}

/// A remark.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceNote"))]
#[non_exhaustive]
pub struct Note {
    /// The remark.
    pub text: String,
}

impl Note {
    /// A remark.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// A segment of the scratchpad: its claim and its citations are those of the event.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceScratch"))]
#[non_exhaustive]
pub struct Scratch {
    /// What is not known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open_questions: Vec<String>,
    /// Name of the segment; a later one of this name replaces it.
    pub segment: String,
}

impl Scratch {
    /// A segment.
    #[must_use]
    pub fn new(segment: impl Into<String>, open_questions: Vec<String>) -> Self {
        Self { open_questions, segment: segment.into() }
    }
}
