//! What is known of each file of a scratch copy and of its original, so that most need not be read again.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use aether_core::base::{RelPath, Sha256Hash};
use serde::{Deserialize, Serialize};

/// Its file in the home of the copy.
pub(super) const FILE: &str = "manifest.json";
const VERSION: u32 = 1;

/// Which state of a file it was: changed when any of these did.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) bytes: u64,
    /// Last change of the content, in nanoseconds since 1970.
    pub(super) modified_ns: i128,
    /// Last change of anything, which no program can set.
    pub(super) changed_ns: i128,
    pub(super) inode: u64,
    pub(super) mode: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) hash: Sha256Hash,
    /// The original when it had this hash.
    pub(super) original: Stamp,
    /// The copy when it had this hash.
    pub(super) copy: Stamp,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    version: u32,
    files: BTreeMap<RelPath, Entry>,
    #[serde(skip)]
    is_changed: bool,
}

impl Manifest {
    /// What was written the last time; nothing where that cannot be read, so that everything is compared.
    pub(super) fn read(path: &Path) -> Self {
        let known: Option<Self> =
            std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        known.filter(|manifest| manifest.version == VERSION).unwrap_or_default()
    }

    pub(super) fn write(&mut self, path: &Path) -> io::Result<()> {
        if !self.is_changed {
            return Ok(());
        }
        self.version = VERSION;
        let aside = path.with_extension("new");
        std::fs::write(&aside, serde_json::to_vec(self)?)?;
        std::fs::rename(&aside, path)?;
        self.is_changed = false;
        Ok(())
    }

    pub(super) fn get(&self, path: &RelPath) -> Option<&Entry> {
        self.files.get(path)
    }

    pub(super) fn set(&mut self, path: RelPath, entry: Entry) {
        if self.files.get(&path) != Some(&entry) {
            self.files.insert(path, entry);
            self.is_changed = true;
        }
    }

    pub(super) fn forget(&mut self, path: &RelPath) {
        self.is_changed |= self.files.remove(path).is_some();
    }
}
