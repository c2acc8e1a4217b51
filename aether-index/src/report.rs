//! What an update did, and how far it is.

use aether_core::code::FileChange;

/// Told how far an update is.
pub trait Progress: Sync {
    /// `done` of `total` files are through `stage`. May be called from several threads.
    fn report(&self, stage: Stage, done: usize, total: usize);
}

/// Stages of an update.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Stage {
    /// Files are read and parsed.
    Parse,
    /// Edges are resolved.
    Resolve,
    /// Records of past commits are derived; commits are counted in place of files.
    History,
    /// Records are asked of a provider; symbols are counted in place of files.
    Records,
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn report(&self, _stage: Stage, _done: usize, _total: usize) {}
}

/// What an update did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct UpdateReport {
    /// Files of the repository.
    pub files: usize,
    /// Files whose content is new.
    pub files_parsed: usize,
    /// Files that are gone.
    pub files_removed: usize,
    /// Files whose edges were resolved again, the new ones included.
    pub files_resolved: usize,
    /// Bytes of the files that were parsed.
    pub bytes_parsed: u64,
    /// What changed for the symbols of each file, sorted by file; empty for the update that builds the
    /// first index.
    pub changes: Vec<FileChange>,
}
