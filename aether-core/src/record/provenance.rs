//! Where an applied patch comes from and what proved it, so that a stranger can check it without running
//! anything.

mod check;
mod envelope;
mod statement;

use serde::{Deserialize, Serialize};

pub use check::{ProvenanceFinding, ProvenanceState, check_files};
pub use envelope::{Envelope, EnvelopeError, PAYLOAD_TYPE, Signature};
pub use statement::PREDICATE_TYPE;

use super::{AuditReceipt, trace};
use crate::base::{LineSpan, RelPath, Sha256Hash, Timestamp, canonical_json, open_vocabulary};
use crate::change::{CheckStep, FileState, RunMode, SandboxLayer, Verification};
use crate::code::Anchor;

/// Version of the records of provenance. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// The word in front of the token in the message of a commit.
pub const TRAILER: &str = "Aether-Patch";

open_vocabulary! {
    /// What a patch was made by. Open: unknown values survive a round trip.
    ProposerKind {
        /// A person.
        USER = "user";
        /// A rule for repairs.
        RULE = "rule";
        /// A suggestion of the compiler.
        COMPILER = "compiler";
        /// A language model.
        MODEL = "model";
        /// Another tool.
        TOOL = "tool";
        /// A formatter, behind another patch.
        FORMATTER = "formatter";
    }
}

/// Who made a patch.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Proposer {
    /// What kind of author.
    pub kind: ProposerKind,
    /// Its name, such as that of a rule or of a model with its version.
    pub name: String,
}

impl Proposer {
    /// An author.
    #[must_use]
    pub fn new(kind: ProposerKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

/// Lines that a patch made.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MadeLines {
    /// The lines, as they are numbered after the patch.
    pub lines: LineSpan,
    /// SHA-256 of their bytes, with their line breaks.
    pub hash: Sha256Hash,
}

impl MadeLines {
    /// Lines of this hash.
    #[must_use]
    pub fn new(lines: LineSpan, hash: Sha256Hash) -> Self {
        Self { lines, hash }
    }
}

/// What a patch did to a file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProvenFile {
    /// The file before it; absent for one that it makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<FileState>,
    /// The file after it; absent for one that it deletes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<FileState>,
    /// The lines that it made.
    pub made: Vec<MadeLines>,
}

impl ProvenFile {
    /// What became of a file.
    #[must_use]
    pub fn new(before: Option<FileState>, after: Option<FileState>, made: Vec<MadeLines>) -> Self {
        Self { before, after, made }
    }

    /// Where the file is, or was where it is deleted.
    #[must_use]
    pub fn path(&self) -> Option<&RelPath> {
        self.after.as_ref().or(self.before.as_ref()).map(|state| &state.path)
    }
}

/// A command that proved a patch.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProvenCheck {
    /// The command as it was asked for, and what it shows.
    pub step: CheckStep,
    /// The code that it ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// SHA-256 of its standard output, a NUL byte, and its standard error.
    pub output: Sha256Hash,
    /// How many tests passed; absent for a command that runs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<u32>,
    /// Where it ran.
    pub mode: RunMode,
    /// What held it back.
    pub layers: Vec<SandboxLayer>,
}

/// Where an applied patch comes from, and what proved it.
///
/// Its token is the hash of its canonical form, so that whoever has the token can tell that the record is the
/// one that was written.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PatchProvenance {
    /// Version of this record: 1.
    pub v: u32,
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// Names it in the records of the tree that it was applied to.
    pub applied: String,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub proposer: Proposer,
    /// Hash of the tree before.
    pub tree_before: Sha256Hash,
    /// Hash of the tree after it: the one that was verified.
    pub tree_after: Sha256Hash,
    /// What it did to each file.
    pub files: Vec<ProvenFile>,
    /// Lines that it adds, and new ones in the place of others.
    pub added_lines: u32,
    /// Lines that it removes, and those in whose place others are.
    pub removed_lines: u32,
    /// The symbols that it changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchors: Vec<Anchor>,
    /// The commands that were run on the tree with it.
    pub checks: Vec<ProvenCheck>,
    /// The compiler and its version, where one could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// The trace that tells how it came about, by the hash of the line at which it was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Sha256Hash>,
    /// The audit rows that allowed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audit: Vec<AuditReceipt>,
}

impl PatchProvenance {
    /// A record of a patch of which nothing but what it is, who made it and what proved it is known.
    #[must_use]
    pub fn new(
        patch: Sha256Hash,
        applied: impl Into<String>,
        at: Timestamp,
        proposer: Proposer,
        tree_before: Sha256Hash,
        verification: &Verification,
    ) -> Self {
        Self {
            v: SCHEMA_VERSION,
            patch,
            applied: applied.into(),
            at,
            proposer,
            tree_before,
            tree_after: verification.tree,
            files: Vec::new(),
            added_lines: 0,
            removed_lines: 0,
            anchors: Vec::new(),
            checks: checks(verification),
            toolchain: verification.toolchain.clone(),
            trace: None,
            audit: Vec::new(),
        }
    }

    /// The token: SHA-256 of the canonical form (RFC 8785).
    #[must_use]
    pub fn token(&self) -> Sha256Hash {
        Sha256Hash::of(self.canonical().as_bytes())
    }

    /// The canonical form (RFC 8785).
    #[must_use]
    pub fn canonical(&self) -> String {
        // Texts, integers and hashes can always be written.
        canonical_json(self).unwrap_or_default()
    }

    /// A line for the end of the message of a commit, in the form that `git interpret-trailers` reads.
    #[must_use]
    pub fn trailer(&self) -> String {
        format!("{TRAILER}: {}", self.token())
    }

    /// The token in the message of a commit, the last one where there are several.
    #[must_use]
    pub fn token_in(message: &str) -> Option<Sha256Hash> {
        let lines = message.lines().rev();
        lines.filter_map(|line| line.strip_prefix(TRAILER)?.strip_prefix(':')?.trim().parse().ok()).next()
    }

    /// Whether the record says that a check and tests were run and all was green.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        let blocking = || self.checks.iter().filter(|check| check.step.blocks());
        let has = |role| blocking().any(|check| check.step.role == role);
        blocking().all(|check| check.exit_code == Some(0))
            && has(crate::change::CheckRole::Check)
            && has(crate::change::CheckRole::Test)
    }
}

fn checks(verification: &Verification) -> Vec<ProvenCheck> {
    let of = |report: &crate::change::StepReport| {
        let run = report.final_run();
        let check = trace::Check::new(report.step.role, run);
        let tests = report.reruns.last().or(report.tests.as_ref());
        let held = run.sandbox.layers.iter().filter(|layer| layer.held);
        ProvenCheck {
            step: report.step.clone(),
            exit_code: check.exit_code,
            output: check.output,
            passed: tests.map(|tests| tests.counts().passed),
            mode: run.mode.clone(),
            layers: held.map(|layer| layer.layer.clone()).collect(),
        }
    };
    verification.steps.iter().map(of).collect()
}
