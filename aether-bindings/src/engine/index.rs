//! Bringing the index up to date.

use std::sync::PoisonError;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::code::{Answer, FileChange, GraphDelta};
use aether_core::port::{IndexStore, PortError};
use aether_index::{Indexer, Progress, Sink, UpdateReport};
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;

/// What an update did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IndexSummary {
    /// Files of the repository.
    pub files: u64,
    /// Files whose content was new.
    pub files_parsed: u64,
    /// Files that were gone.
    pub files_removed: u64,
    /// Files whose edges were resolved.
    pub files_resolved: u64,
    /// Bytes of the files that were parsed.
    pub bytes_parsed: u64,
    /// Whether the index changed.
    pub has_changed: bool,
}

/// Updates that are computed at most while other programs keep changing the index.
const MAX_TRIES: u32 = 8;

/// An indexer, and the generation of the store that it holds the facts of.
#[derive(Debug)]
pub(super) struct StampedIndexer {
    indexer: Indexer,
    generation: Option<u64>,
}

impl From<Indexer> for StampedIndexer {
    fn from(indexer: Indexer) -> Self {
        Self { indexer, generation: None }
    }
}

impl Engine {
    /// Compares the repository with its index and brings the index up to date: in one transaction, or in
    /// several while the first index is built, so that questions are answered meanwhile. When another
    /// program changes the index meanwhile, the update is computed again from what that one left.
    ///
    /// # Errors
    ///
    /// What the indexer and the store fail with; the index is as it was then.
    /// [`ErrorCode::STORE_CONFLICT`] when other programs changed the index during each of eight tries.
    pub fn index(
        &self,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Answer<IndexSummary>, EngineError> {
        Ok(self.index_changes(cancel, progress)?.0)
    }

    /// [`Engine::index`], and what changed for the symbols of each file.
    pub(super) fn index_changes(
        &self,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(Answer<IndexSummary>, Vec<FileChange>), EngineError> {
        let (mut answer, changes) =
            self.update_index(|indexer, store, sink| indexer.update(store, sink, cancel, progress))?;
        answer.freshness.is_checked = true;
        Ok((answer, changes))
    }

    /// Brings the index up to date with a few files, for who is told what changes: no walk of the
    /// repository, so that a changed file costs milliseconds. Any path is allowed; a folder and a list of
    /// what to ignore lead to a walk. The rest of the repository is not looked at, so the answer does not
    /// say that it is checked.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::index`].
    pub fn index_files(
        &self,
        paths: &[RelPath],
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Answer<IndexSummary>, EngineError> {
        Ok(self.index_file_changes(paths, cancel, progress)?.0)
    }

    /// [`Engine::index_files`], and what changed for the symbols of each file.
    pub(super) fn index_file_changes(
        &self,
        paths: &[RelPath],
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(Answer<IndexSummary>, Vec<FileChange>), EngineError> {
        self.update_index(|indexer, store, sink| indexer.update_files(paths, store, sink, cancel, progress))
    }

    /// Whether this engine brought the index up to date before.
    #[cfg(feature = "watch")]
    pub(super) fn has_updated(&self) -> bool {
        self.indexer.lock().unwrap_or_else(PoisonError::into_inner).generation.is_some()
    }

    /// From now on, updates also tell what other programs changed in the index.
    #[cfg(feature = "watch")]
    pub(super) fn follow(&self) -> Result<(), EngineError> {
        let mut guard = self.indexer.lock().unwrap_or_else(PoisonError::into_inner);
        let StampedIndexer { indexer, generation: held } = &mut *guard;
        let base = self.store().state()?.freshness.generation;
        if held.replace(base) != Some(base) {
            indexer.reload();
        }
        Ok(indexer.follow(self.store())?)
    }

    fn update_index(
        &self,
        update: impl Fn(&mut Indexer, &dyn IndexStore, &mut Sink<'_>) -> Result<UpdateReport, PortError>,
    ) -> Result<(Answer<IndexSummary>, Vec<FileChange>), EngineError> {
        let mut guard = self.indexer.lock().unwrap_or_else(PoisonError::into_inner);
        let StampedIndexer { indexer, generation: held } = &mut *guard;
        let mut has_changed = false;
        let mut tries = 1;
        let report = loop {
            // Asked for before the indexer reads the store, so a change in between is noticed.
            let mut base = self.store().state()?.freshness.generation;
            if held.replace(base) != Some(base) {
                indexer.reload();
            }
            let mut sink = |delta: GraphDelta| {
                let delta = GraphDelta { base: Some(base), ..delta };
                base = self.store().apply(&delta, (self.ports.clock)())?;
                has_changed = true;
                Ok(())
            };
            let result = update(indexer, self.store(), &mut sink);
            *held = Some(base);
            match result {
                Err(error) if *error.code() == ErrorCode::STORE_CONFLICT && tries < MAX_TRIES => tries += 1,
                result => break result?,
            }
        };
        let summary = IndexSummary {
            files: report.files as u64,
            files_parsed: report.files_parsed as u64,
            files_removed: report.files_removed as u64,
            files_resolved: report.files_resolved as u64,
            bytes_parsed: report.bytes_parsed,
            has_changed,
        };
        Ok((self.answer(summary)?, report.changes))
    }

    /// Wraps a result with the freshness and coverage of the index.
    pub(super) fn answer<T>(&self, result: T) -> Result<Answer<T>, EngineError> {
        let state = self.store().state()?;
        Ok(Answer::new(result, state.freshness, state.coverage))
    }
}
