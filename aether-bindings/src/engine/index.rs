//! Bringing the index up to date.

use std::sync::PoisonError;

use aether_core::base::{Cancel, ErrorCode};
use aether_core::code::{Answer, GraphDelta};
use aether_index::{Indexer, Progress};
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
        let mut guard = self.indexer.lock().unwrap_or_else(PoisonError::into_inner);
        let StampedIndexer { indexer, generation: held } = &mut *guard;
        let mut has_changed = false;
        let mut tries = 1;
        let report = loop {
            // Asked for before the indexer reads the store, so a change in between is noticed.
            let mut base = self.store().state()?.freshness.generation;
            if held.replace(base) != Some(base) {
                indexer.forget();
            }
            let mut sink = |delta: GraphDelta| {
                let delta = GraphDelta { base: Some(base), ..delta };
                base = self.store().apply(&delta, (self.ports.clock)())?;
                has_changed = true;
                Ok(())
            };
            let result = indexer.update(self.store(), &mut sink, cancel, progress);
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
        let mut answer = self.answer(summary)?;
        answer.freshness.is_checked = true;
        Ok(answer)
    }

    /// Wraps a result with the freshness and coverage of the index.
    pub(super) fn answer<T>(&self, result: T) -> Result<Answer<T>, EngineError> {
        let state = self.store().state()?;
        Ok(Answer::new(result, state.freshness, state.coverage))
    }
}
