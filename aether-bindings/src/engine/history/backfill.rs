//! Versions of past commits.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::code::{Commit, GraphDelta, LineageLink, SirVersion};
use aether_core::port::{CommitVersions, MemoryFacts, PortError};
use aether_index::{Derived, GitRepository, Indexer, NoProgress, Progress, SirDeriver, Stage};
use serde::Serialize;

use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// Which commits get versions.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct BackfillOptions {
    /// The oldest commit, a revision. Default: the first one there is.
    pub since: Option<String>,
    /// Commits that are looked at at once. Default 0: one for each core.
    pub threads: usize,
}

/// What a back-fill did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BackfillSummary {
    /// Commits that were asked for.
    pub commits: u64,
    /// Of these, commits that were known before.
    pub known: u64,
    /// Commits that were derived now.
    pub derived: u64,
    /// Versions that were written now.
    pub versions: u64,
}

/// Commits that are stored in one transaction.
const BATCH: usize = 32;
/// Least commits that one thread takes: before the first it indexes the state in front of it.
const LEAST_CHUNK: usize = 24;

/// Commits in a row, oldest first, and the one in front of them when their changes are told from it.
struct Chunk {
    base: Option<String>,
    commits: Vec<Commit>,
}

impl Engine {
    /// Derives the records of past commits, along the first parents of `HEAD`, and stores what changed with
    /// each. Commits that are known are left out, and what was derived is stored a few commits at a time,
    /// so that one that is cut short goes on where it ended. The oldest commit tells all symbols as new.
    ///
    /// # Errors
    ///
    /// The `git.*` codes, what the store fails with, and [`ErrorCode::CANCELLED`]; what was derived until
    /// then is kept.
    pub fn backfill(
        &self,
        options: &BackfillOptions,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<BackfillSummary, EngineError> {
        let repository = GitRepository::open(&self.options.workspace)?;
        let mut chain = repository.log("HEAD", options.since.as_deref(), cancel)?;
        if let Some(since) = &options.since {
            chain.push(repository.commit(since)?);
        }
        chain.reverse();
        let known: HashMap<String, bool> =
            self.ports.store.known_commits(&self.static_model())?.into_iter().collect();
        let threads = match options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let mut summary = BackfillSummary { commits: chain.len() as u64, ..BackfillSummary::default() };
        let chunks = chunks(chain, &known, threads);
        let total: usize = chunks.iter().map(|chunk| chunk.commits.len()).sum();
        summary.known = summary.commits - total as u64;
        self.derive_chunks(&repository, chunks, threads, total, cancel, progress, &mut summary)?;
        Ok(summary)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one loop")]
    fn derive_chunks(
        &self,
        repository: &GitRepository,
        chunks: VecDeque<Chunk>,
        threads: usize,
        total: usize,
        cancel: &Cancel,
        progress: &dyn Progress,
        summary: &mut BackfillSummary,
    ) -> Result<(), EngineError> {
        let model = self.static_model();
        let queue = Mutex::new(chunks);
        let done = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::sync_channel::<CommitVersions>(BATCH);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1))
                .map(|_| {
                    let (sender, queue, done) = (sender.clone(), &queue, &done);
                    scope.spawn(move || -> Result<(), EngineError> {
                        loop {
                            let chunk = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                            let Some(chunk) = chunk else { return Ok(()) };
                            let mut tell = |told| {
                                let number = done.fetch_add(1, Ordering::Relaxed) + 1;
                                progress.report(Stage::History, number, total);
                                // Whoever stores them has failed, and tells.
                                sender.send(told).is_ok()
                            };
                            self.derive_chunk(repository, &chunk, cancel, &mut tell)?;
                        }
                    })
                })
                .collect();
            drop(sender);
            let mut stored = Ok(());
            let mut batch = Vec::with_capacity(BATCH);
            for told in receiver {
                summary.derived += 1;
                summary.versions += told.versions.len() as u64;
                batch.push(told);
                if batch.len() == BATCH {
                    stored = self.ports.store.apply_history(&model, &batch);
                    batch.clear();
                    if stored.is_err() {
                        break;
                    }
                }
            }
            // Also what came before a failure: it is right as it is.
            if stored.is_ok() && !batch.is_empty() {
                stored = self.ports.store.apply_history(&model, &batch);
            }
            let mut derived = Ok(());
            for worker in workers {
                let result = worker.join().unwrap_or_else(|_| {
                    Err(EngineError::new(ErrorCode::INTERNAL, "deriving records of a commit panicked"))
                });
                derived = derived.and(result);
            }
            stored?;
            derived
        })
    }

    fn derive_chunk(
        &self,
        repository: &GitRepository,
        chunk: &Chunk,
        cancel: &Cancel,
        tell: &mut dyn FnMut(CommitVersions) -> bool,
    ) -> Result<(), EngineError> {
        let mut walk = CommitWalk::new(self, repository)?;
        if let Some(base) = &chunk.base {
            walk.go_to(base, cancel)?;
        }
        for (place, commit) in chunk.commits.iter().enumerate() {
            let before = walk.derived.clone();
            let links = walk.go_to(&commit.id, cancel)?;
            let changed = walk.derived.changed_since(&before);
            let versions = changed.into_iter().filter_map(|(id, sir)| {
                let (name, file) = if sir.is_some() { walk.derived.place(id) } else { before.place(id) }?;
                Some(SirVersion::new(id, name, file.clone(), Some(&commit.id), sir))
            });
            let mut told = CommitVersions::new(commit.clone(), versions.collect(), links);
            told.is_from_nothing = place == 0 && chunk.base.is_none() && commit.parent.is_some();
            if !tell(told) {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// An index in memory that goes from commit to commit, with the records of where it is.
pub(super) struct CommitWalk<'e> {
    engine: &'e Engine,
    repository: &'e GitRepository,
    indexer: Indexer,
    deriver: SirDeriver,
    pub(super) derived: Derived,
}

impl<'e> CommitWalk<'e> {
    pub(super) fn new(engine: &'e Engine, repository: &'e GitRepository) -> Result<Self, EngineError> {
        let options = engine.options.index.clone().with_threads(1);
        let deriver = SirDeriver::new(engine.options.effects.clone());
        let derived = deriver.derive();
        let indexer = Indexer::new(&engine.options.workspace, options)?;
        Ok(Self { engine, repository, indexer, deriver, derived })
    }

    /// Goes to a commit; gives the symbols that live on under another id. A commit without the folder that
    /// is indexed has nothing.
    pub(super) fn go_to(&mut self, revision: &str, cancel: &Cancel) -> Result<Vec<LineageLink>, EngineError> {
        let snapshot = match self.repository.snapshot(revision, &self.engine.options.index, cancel) {
            Err(error) if *error.code() == ErrorCode::GIT_UNKNOWN_FOLDER => {
                let at = self.repository;
                *self = Self::new(self.engine, at)?;
                return Ok(Vec::new());
            }
            result => result?,
        };
        self.update(|indexer, sink| {
            let facts = MemoryFacts::default();
            indexer.index_snapshot(&snapshot, &facts, sink, cancel, &NoProgress).map(|_| ())
        })
    }

    /// Goes to what is on disk.
    pub(super) fn go_to_working_copy(&mut self, cancel: &Cancel) -> Result<Vec<LineageLink>, EngineError> {
        self.update(|indexer, sink| {
            indexer.update(&MemoryFacts::default(), sink, cancel, &NoProgress).map(|_| ())
        })
    }

    fn update(
        &mut self,
        update: impl FnOnce(&mut Indexer, &mut aether_index::Sink<'_>) -> Result<(), PortError>,
    ) -> Result<Vec<LineageLink>, EngineError> {
        let (indexer, deriver) = (&mut self.indexer, &mut self.deriver);
        let mut links = Vec::new();
        let mut sink = |delta: GraphDelta| {
            deriver.apply(&delta);
            links.extend(delta.lineage);
            Ok(())
        };
        update(indexer, &mut sink)?;
        self.derived = self.deriver.derive();
        Ok(links)
    }
}

/// The commits that are not known, in rows without gaps that keep all threads busy. One that is told from
/// nothing has to be told again when there is one in front of it.
fn chunks(chain: Vec<Commit>, known: &HashMap<String, bool>, threads: usize) -> VecDeque<Chunk> {
    let is_known = |place: usize, commit: &Commit| {
        known.get(&commit.id).is_some_and(|is_from_nothing| place == 0 || !is_from_nothing)
    };
    let open = chain.iter().enumerate().filter(|(place, commit)| !is_known(*place, commit)).count();
    let size = open.div_ceil(threads.max(1)).max(LEAST_CHUNK);
    let mut chunks: VecDeque<Chunk> = VecDeque::new();
    let mut before: Option<String> = None;
    let mut is_row = false;
    for (place, commit) in chain.into_iter().enumerate() {
        let id = commit.id.clone();
        if is_known(place, &commit) {
            is_row = false;
        } else {
            match chunks.back_mut().filter(|chunk| is_row && chunk.commits.len() < size) {
                Some(chunk) => chunk.commits.push(commit),
                None => chunks.push_back(Chunk { base: before.clone(), commits: vec![commit] }),
            }
            is_row = true;
        }
        before = Some(id);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use aether_core::base::Timestamp;

    use super::*;

    fn shape(count: usize, known: &[usize], threads: usize) -> Vec<(Option<String>, usize)> {
        let commit = |number: usize| Commit {
            id: number.to_string(),
            parent: None,
            committed_at: Timestamp::from_unix_ms(0),
            author: String::new(),
            summary: String::new(),
        };
        let known = known.iter().map(|number| (number.to_string(), *number == 5)).collect();
        let chunks = chunks((0..count).map(commit).collect(), &known, threads);
        chunks.into_iter().map(|chunk| (chunk.base, chunk.commits.len())).collect()
    }

    #[test]
    fn commits_are_shared_out_in_rows_without_gaps() {
        assert_eq!(shape(100, &[], 2), [(None, 50), (Some("49".to_owned()), 50)]);
        assert_eq!(shape(10, &[], 2), [(None, 10)]);
        assert_eq!(shape(10, &[0, 1, 6], 2), [(Some("1".to_owned()), 4), (Some("6".to_owned()), 3)]);
        // The fifth is told from nothing, and there are others in front of it now.
        assert_eq!(shape(10, &[0, 1, 5], 2), [(Some("1".to_owned()), 8)]);
        assert_eq!(shape(3, &[0, 1, 2], 2), []);
        assert_eq!(shape(0, &[], 2), []);
    }
}
