//! What is left of an applied patch in the files of today.

use serde::{Deserialize, Serialize};

use super::{PatchProvenance, ProvenFile};
use crate::base::{RelPath, Sha256Hash};

/// How a file that a patch changed stands now. An old reader takes an unknown value for an error, so a new one
/// comes with a new schema version.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ProvenanceState {
    /// It is as the patch left it.
    Stands,
    /// It was changed since, and the lines that the patch made are all there.
    Changed,
    /// It was changed since, and of the lines that the patch made some are gone.
    Overwritten,
    /// It is as it was before the patch.
    Undone,
    /// It is not there, though the patch left it there.
    Gone,
}

/// How one file stands.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProvenanceFinding {
    /// The file.
    pub path: RelPath,
    /// How it stands.
    pub state: ProvenanceState,
}

/// Compares the files of today with what a patch made of them. `read` gives the bytes of a file, or nothing
/// where there is none.
pub fn check_files(
    provenance: &PatchProvenance,
    mut read: impl FnMut(&RelPath) -> Option<Vec<u8>>,
) -> Vec<ProvenanceFinding> {
    let mut findings = Vec::new();
    for file in &provenance.files {
        if let Some(path) = file.path() {
            let state = state_of(file, read(path).as_deref());
            findings.push(ProvenanceFinding { path: path.clone(), state });
        }
    }
    findings
}

fn state_of(file: &ProvenFile, now: Option<&[u8]>) -> ProvenanceState {
    let was_here = file.before.as_ref().filter(|before| Some(&before.path) == file.path());
    match (&file.after, now) {
        (None, None) => ProvenanceState::Stands,
        (Some(_), None) if file.before.is_none() => ProvenanceState::Undone,
        (Some(_), None) => ProvenanceState::Gone,
        (after, Some(now)) => {
            let hash = Sha256Hash::of(now);
            let is = |state: &crate::change::FileState| state.hash == hash;
            if after.as_ref().is_some_and(is) {
                ProvenanceState::Stands
            } else if was_here.is_some_and(is) {
                ProvenanceState::Undone
            } else if after.is_some() && file.made.iter().all(|made| is_there(made, now)) {
                ProvenanceState::Changed
            } else {
                ProvenanceState::Overwritten
            }
        }
    }
}

/// Most bytes that looking for the lines of one place hashes.
const MAX_HASHED_BYTES: usize = 64 * 1024 * 1024;

/// Whether lines of this hash stand in a text: where they were, or elsewhere. In a large text, lines that moved
/// far may not be found.
fn is_there(made: &super::MadeLines, text: &[u8]) -> bool {
    let count = (made.lines.last.saturating_sub(made.lines.first) as usize).saturating_add(1);
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    let is_it = |window: &[&[u8]]| Sha256Hash::of(&window.concat()) == made.hash;
    let first = (made.lines.first as usize).saturating_sub(1);
    if lines.get(first..first.saturating_add(count)).is_some_and(is_it) {
        return true;
    }
    let mut budget = MAX_HASHED_BYTES;
    lines.windows(count).any(|window| {
        let bytes: usize = window.iter().map(|line| line.len()).sum();
        budget = budget.saturating_sub(bytes.max(64));
        budget > 0 && is_it(window)
    })
}
