//! What a copy holds, and a hash that names it.

use std::collections::BTreeMap;

use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::FileMode;

/// What stands at a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Held {
    File(FileMode, Sha256Hash),
    /// A symbolic link, by the hash of its target.
    Link(Sha256Hash),
}

/// The files of a copy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct TreeState {
    held: BTreeMap<RelPath, Held>,
}

impl TreeState {
    pub(super) fn set(&mut self, path: RelPath, held: Held) {
        self.held.insert(path, held);
    }

    pub(super) fn remove(&mut self, path: &RelPath) {
        self.held.remove(path);
    }

    /// SHA-256 over each file in the order of the paths: its kind, its hash, its path and a NUL byte, which no
    /// path has. Folders without files leave no mark.
    pub(super) fn hash(&self) -> Sha256Hash {
        let mut text = String::from("aether.tree.v1\0");
        for (path, held) in &self.held {
            let (kind, hash) = match held {
                Held::File(FileMode::Regular, hash) => ("file", hash),
                Held::File(FileMode::Executable, hash) => ("program", hash),
                Held::Link(hash) => ("link", hash),
            };
            text.push_str(&format!("{kind} {hash} {}\0", path.as_str()));
        }
        Sha256Hash::of(text.as_bytes())
    }
}
