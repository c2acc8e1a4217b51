//! Keeping the index up to date for as long as somebody watches.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::code::{Answer, FileChange};
use aether_index::{Batch, NoProgress, WatchMode, WatchOptions, Watcher};

use super::error::EngineError;
use super::index::IndexSummary;
use super::lifecycle::Engine;

/// What a watch tells its caller.
#[derive(Debug)]
#[non_exhaustive]
pub enum WatchEvent {
    /// The index is up to date, and changes are waited for.
    Started(Answer<IndexSummary>),
    /// How changes are learned of: told first, and again when it is another way.
    Mode(WatchMode),
    /// A batch of changes is in the index.
    Changed(Answer<Changes>),
    /// A batch could not be taken in. It is tried again, at the next change or after a while, so nothing
    /// is lost.
    Failed(EngineError),
}

/// A batch of changes.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// What the update did; nothing where another program was first.
    pub summary: IndexSummary,
    /// What changed for the symbols of each file since the last batch, sorted by file, whichever program
    /// took it in.
    pub files: Vec<FileChange>,
}

/// Time to the first new try after a failure; it doubles with each failure that follows.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Longest time to a new try.
const LAST_RETRY: Duration = Duration::from_secs(60);

impl Engine {
    /// Brings the index up to date and keeps it so: waits for changes of files, takes each batch in and
    /// tells `on_event`, until `cancel` is set or `on_event` breaks off. Blocks; `clock` tells the time.
    ///
    /// What changes while the index is brought up to date is in the first batch; an engine that updated
    /// it before tells what changed since then, too. Other programs may ask and update the same index
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// What [`Engine::index`] fails with while the index is first brought up to date, and
    /// [`ErrorCode::WORKSPACE_NOT_FOUND`] once the repository is gone. [`ErrorCode::CANCELLED`] when
    /// `cancel` was set during an update; the index is as it was before it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use std::time::Instant;
    /// use aether_bindings::engine::{Engine, EngineOptions, Ports, WatchEvent, WatchOptions};
    /// use aether_core::base::Cancel;
    /// # let folder = tempfile::tempdir()?;
    /// # let file = folder.path().join("lib.rs");
    /// # std::fs::write(&file, "fn a() {}\n")?;
    /// let engine = Engine::open(EngineOptions::new(folder.path()), Ports::in_memory()?)?;
    /// let options = WatchOptions::default().with_debounce_ms(20);
    /// let mut added = Vec::new();
    /// engine.watch(&options, Instant::now, &Cancel::new(), &mut |event| match event {
    ///     WatchEvent::Started(_) => {
    ///         // Somebody edits a file.
    ///         std::fs::write(&file, "fn a() {}\nfn b() {}\n").map_or(ControlFlow::Break(()), ControlFlow::Continue)
    ///     }
    ///     WatchEvent::Changed(answer) => {
    ///         added = answer.result.files[0].added.clone();
    ///         ControlFlow::Break(())
    ///     }
    ///     _ => ControlFlow::Continue(()),
    /// })?;
    /// assert_eq!(added[0].name, "b");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn watch(
        &self,
        options: &WatchOptions,
        clock: impl Fn() -> Instant + Send + Sync + 'static,
        cancel: &Cancel,
        on_event: &mut dyn FnMut(WatchEvent) -> ControlFlow<()>,
    ) -> Result<(), EngineError> {
        // Before the files are looked at, so that no change falls in between.
        let mut watcher = Watcher::open(self.workspace(), &self.options.index, options, clock);
        let was_up_to_date = self.has_updated();
        if was_up_to_date {
            self.follow()?;
        }
        let (started, files) = self.index_changes(cancel, &NoProgress)?;
        if !was_up_to_date {
            self.follow()?;
        }
        let mut tell = |event| on_event(event).is_break();
        let mut mode = watcher.mode().clone();
        let since = was_up_to_date.then(|| changed(&started, files)).flatten();
        if tell(WatchEvent::Mode(mode.clone()))
            || tell(WatchEvent::Started(started))
            || since.is_some_and(|changes| tell(WatchEvent::Changed(changes)))
        {
            return Ok(());
        }
        let mut retry = FIRST_RETRY;
        let mut has_failed = false;
        while let Some(batch) = watcher.next_batch(cancel) {
            if *watcher.mode() != mode {
                mode = watcher.mode().clone();
                if tell(WatchEvent::Mode(mode.clone())) {
                    return Ok(());
                }
            }
            let result = match &batch {
                // What a failed update left out may be anywhere.
                Batch::Files(paths) if !has_failed => self.index_file_changes(paths, cancel, &NoProgress),
                _ => self.index_changes(cancel, &NoProgress),
            };
            has_failed = result.is_err();
            let event = match result {
                Ok((answer, files)) => {
                    retry = FIRST_RETRY;
                    let Some(changes) = changed(&answer, files) else { continue };
                    WatchEvent::Changed(changes)
                }
                Err(error)
                    if [ErrorCode::CANCELLED, ErrorCode::WORKSPACE_NOT_FOUND].contains(error.code()) =>
                {
                    return Err(error);
                }
                Err(error) => {
                    watcher.retry_after(retry);
                    retry = (retry * 2).min(LAST_RETRY);
                    WatchEvent::Failed(error)
                }
            };
            if tell(event) {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// What there is to tell of a batch, if anything.
fn changed(answer: &Answer<IndexSummary>, files: Vec<FileChange>) -> Option<Answer<Changes>> {
    let summary = answer.result;
    let is_nothing = files.is_empty() && summary.files_parsed == 0 && summary.files_removed == 0;
    let changes = Changes { summary, files };
    (!is_nothing).then(|| Answer::new(changes, answer.freshness.clone(), answer.coverage))
}
