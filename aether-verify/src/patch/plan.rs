//! What an application is going to do, written down before the first file of the repository moves.

use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::{FileMode, FileState};
use serde::{Deserialize, Serialize};

/// Version of the record.
pub(super) const VERSION: u32 = 1;

/// The steps of one patch. The record of it says how far they are by its name.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) version: u32,
    /// Tells the folder of the record from all others of its file system: a record that came with the files, from
    /// a stranger, is of another one.
    pub(super) home: u64,
    /// Identity of the patch.
    pub(super) patch: Sha256Hash,
    /// One for each path that the patch touches; its position is the name of its slot.
    pub(super) steps: Vec<Step>,
    /// The folders that a removed file stands in, for when they are empty, the deepest first.
    pub(super) emptied: Vec<Folder>,
    /// The folders that have to be made for new files, the outermost first.
    pub(super) made: Vec<Folder>,
}

/// What happens at one path. The other version of the file is in the slot of the step.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) path: RelPath,
    pub(super) before: Option<Version>,
    pub(super) after: Option<Version>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) hash: Sha256Hash,
    pub(super) bytes: u64,
    pub(super) mode: FileMode,
}

/// A folder.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct Folder {
    pub(super) path: RelPath,
    /// Its permissions; `None` for those that any program gives a new folder.
    pub(super) mode: Option<u32>,
}

impl Version {
    pub(super) fn of(state: &FileState) -> Self {
        Self { hash: state.hash, bytes: state.bytes, mode: state.mode }
    }
}

impl Plan {
    /// The way back: what was made is removed, what was removed is made.
    pub(super) fn inverted(&self) -> Self {
        let steps = self.steps.iter().map(|step| Step {
            path: step.path.clone(),
            before: step.after,
            after: step.before,
        });
        let made = self.emptied.iter().rev().cloned().collect();
        let emptied = self.made.iter().rev().cloned().collect();
        Self {
            version: self.version,
            home: self.home,
            patch: self.patch,
            steps: steps.collect(),
            emptied,
            made,
        }
    }
}
