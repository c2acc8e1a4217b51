//! The records of where applied patches come from, one file each, and checking one without running anything.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/provenance"))]

use std::io;
use std::path::{Path, PathBuf};

use aether_core::base::{ErrorCode, RelPath, Sha256Hash};
use aether_core::record::provenance::{PatchProvenance, ProvenanceFinding, ProvenanceState, check_files};
use aether_verify::{AppliedPatch, BaseFiles as _, PatchStanding, WorkTree};
use serde::Serialize;

use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// Largest record that is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A patch in the records of a tree.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct StandingPatch {
    /// Names it when it is to be taken back.
    pub token: String,
    /// Hash of the patch.
    pub patch: Sha256Hash,
    /// `applied`, `reverted` or `torn`.
    pub standing: &'static str,
    /// The token of its provenance; absent where it was not verified after it was applied, as when the program
    /// was killed meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Sha256Hash>,
    /// The files that it touches.
    pub paths: Vec<RelPath>,
}

impl StandingPatch {
    pub(super) fn of(patch: AppliedPatch, known: &[PatchProvenance]) -> Self {
        let is_it = |record: &&PatchProvenance| record.applied == patch.token && record.patch == patch.patch;
        let standing = match patch.standing {
            PatchStanding::Applied => "applied",
            PatchStanding::Reverted => "reverted",
            PatchStanding::Torn => "torn",
            _ => "unknown",
        };
        let provenance = known.iter().find(is_it).map(PatchProvenance::token);
        Self { token: patch.token, patch: patch.patch, standing, provenance, paths: patch.paths }
    }
}

/// What a token of provenance is worth now.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ProvenanceAnswer {
    /// The token.
    pub token: Sha256Hash,
    /// The record that it names.
    pub record: PatchProvenance,
    /// Whether the record says that a check and tests were run on the tree with the patch, and all was green.
    pub proven: bool,
    /// How each file of it stands now.
    pub files: Vec<ProvenanceFinding>,
    /// Later patches of this repository that went on from what this one left, where the files are as they left
    /// them: the formatting of what it changed, as a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub continued_by: Vec<Sha256Hash>,
    /// How the patch stands in the records of the tree: `applied`, `reverted` or `torn`; absent where they do not
    /// know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<&'static str>,
    /// Whether the trace that it names is in the log and holds the patch; absent where it names none or there is
    /// no log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traced: Option<bool>,
}

impl ProvenanceAnswer {
    /// Whether everything fits: the record is proven, its trace is there, and all of the patch still stands.
    #[must_use]
    pub fn holds(&self) -> bool {
        let stands = |finding: &ProvenanceFinding| {
            matches!(finding.state, ProvenanceState::Stands | ProvenanceState::Changed)
        };
        self.proven && self.traced != Some(false) && self.files.iter().all(stands)
    }
}

impl Engine {
    /// Checks a token of provenance: the record that it names, the trace that this names, and the files of today.
    /// Nothing is run.
    ///
    /// # Errors
    ///
    /// `patch.unknown_token` where there is no such record, or it is another than the token says.
    pub fn verify_provenance(
        &self,
        token: &Sha256Hash,
        traces: Option<&dyn aether_core::port::TraceLog>,
    ) -> Result<ProvenanceAnswer, EngineError> {
        let Some(record) = find(self.workspace(), token) else {
            let message = format!("no record of a patch has the token {token}");
            return Err(EngineError::new(ErrorCode::PATCH_UNKNOWN_TOKEN, message));
        };
        let tree = WorkTree::open(self.workspace())?;
        let read = |path: &RelPath| Some(tree.base_file(path).ok()??.bytes);
        let mut files = check_files(&record, read);
        let mut continued_by = Vec::new();
        let others = all(self.workspace());
        for (finding, file) in files.iter_mut().zip(&record.files) {
            let Some(now) = read(&finding.path).map(|bytes| Sha256Hash::of(&bytes)) else { continue };
            let Some(after) = &file.after else { continue };
            if let Some(chain) = continuation(&finding.path, after.hash, now, &others) {
                finding.state = ProvenanceState::Stands;
                continued_by.extend(
                    chain.into_iter().filter(|token| !continued_by.contains(token)).collect::<Vec<_>>(),
                );
            }
        }
        let known = std::slice::from_ref(&record);
        let standing = tree.patches()?.into_iter().map(|patch| StandingPatch::of(patch, known));
        let standing =
            standing.filter(|patch| patch.provenance.is_some()).map(|patch| patch.standing).next_back();
        let traced = match (record.trace, traces) {
            (Some(line), Some(log)) => Some(holds_patch(log, &line, &record)?),
            _ => None,
        };
        Ok(ProvenanceAnswer {
            token: *token,
            proven: record.is_proven(),
            files,
            continued_by,
            standing,
            traced,
            record,
        })
    }
}

/// The patches that lead from what a file held to what it holds, each proven and going on from the one before.
fn continuation(
    path: &RelPath,
    from: Sha256Hash,
    to: Sha256Hash,
    others: &[PatchProvenance],
) -> Option<Vec<Sha256Hash>> {
    let mut chain = Vec::new();
    let mut held = from;
    while held != to {
        let next = others.iter().filter(|other| other.is_proven()).find_map(|other| {
            let file = other.files.iter().find(|file| file.path() == Some(path))?;
            let goes_on = file.before.as_ref().is_some_and(|before| before.hash == held);
            Some((other.token(), file.after.as_ref().filter(|_| goes_on)?.hash))
        });
        let (token, after) = next?;
        // Patches may lead back to where they began.
        if chain.contains(&token) {
            return None;
        }
        chain.push(token);
        held = after;
    }
    Some(chain)
}

/// Whether the line of this hash is in the log and says that the patch was applied.
fn holds_patch(
    log: &dyn aether_core::port::TraceLog,
    hash: &Sha256Hash,
    record: &PatchProvenance,
) -> Result<bool, EngineError> {
    let (hash, patch) = (hash.to_string(), record.patch.to_string());
    for number in (0..log.len()).rev() {
        let line = log
            .line(number)
            .map_err(|error| EngineError::new(error.code().clone(), error.to_string()).with_source(error))?;
        let Some(line) = line.filter(|line| line.contains(&hash) && line.contains(&patch)) else { continue };
        let value: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        if value["hash"] == *hash && value["body"]["patch"]["patch"] == *patch {
            return Ok(true);
        }
    }
    Ok(false)
}

fn folder(workspace: &Path) -> PathBuf {
    workspace.join(Engine::FOLDER).join(Engine::PROVENANCE_FOLDER)
}

fn file_name(token: &Sha256Hash) -> String {
    format!("{}.json", token.to_string().replace("sha256:", ""))
}

/// Writes a record, durable when this returns.
pub(super) fn keep(workspace: &Path, record: &PatchProvenance) -> io::Result<()> {
    use std::io::Write as _;

    let folder = folder(workspace);
    std::fs::create_dir_all(&folder)?;
    let at = folder.join(file_name(&record.token()));
    let aside = at.with_extension("new");
    let mut file = std::fs::File::create(&aside)?;
    file.write_all(record.canonical().as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&aside, &at)?;
    std::fs::File::open(&folder)?.sync_all()
}

/// The record of this token, unless it is another one than it was.
pub(super) fn find(workspace: &Path, token: &Sha256Hash) -> Option<PatchProvenance> {
    read(&folder(workspace).join(file_name(token))).filter(|record| record.token() == *token)
}

/// All records that are what they were, in no particular order.
pub(super) fn all(workspace: &Path) -> Vec<PatchProvenance> {
    let Ok(entries) = std::fs::read_dir(folder(workspace)) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let tokens = names.filter_map(|name| format!("sha256:{}", name.strip_suffix(".json")?).parse().ok());
    tokens.filter_map(|token| find(workspace, &token)).collect()
}

fn read(path: &Path) -> Option<PatchProvenance> {
    if std::fs::metadata(path).ok()?.len() > MAX_BYTES {
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
