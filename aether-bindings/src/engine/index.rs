//! Bringing the index up to date.

use std::sync::PoisonError;

use aether_core::base::Cancel;
use aether_core::code::Answer;
use aether_index::Progress;
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

impl Engine {
    /// Compares the repository with its index and brings the index up to date, in one transaction.
    ///
    /// # Errors
    ///
    /// What the indexer and the store fail with; the index is as it was then.
    pub fn index(
        &self,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Answer<IndexSummary>, EngineError> {
        let mut indexer = self.indexer.lock().unwrap_or_else(PoisonError::into_inner);
        let update = indexer.update(self.store(), cancel, progress)?;
        let delta = &update.delta;
        let has_changed = !delta.files.is_empty() || !delta.removed.is_empty();
        if has_changed && let Err(error) = self.store().apply(delta, (self.ports.clock)()) {
            indexer.forget();
            return Err(error.into());
        }
        let summary = IndexSummary {
            files: update.report.files as u64,
            files_parsed: update.report.files_parsed as u64,
            files_removed: update.report.files_removed as u64,
            files_resolved: update.report.files_resolved as u64,
            bytes_parsed: update.report.bytes_parsed,
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
