//! Where events of the system arrive: what they mean for the batch that is gathered.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::batcher::Batcher;
use super::version_control::VersionControl;
use crate::discover::{is_ignore_file, lies_in_skipped, relative};

/// The time, handed in.
pub(super) type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// What the thread of the system's events and the one that waits for batches share. It is locked for
/// moments only: the watcher of the system waits for its thread when a folder is added, so nobody holds
/// this while he adds one.
#[derive(Debug)]
pub(super) struct Inbox {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) batcher: Batcher,
    pub(super) version_control: VersionControl,
    /// Folders at which something happened: they may be others than those that were watched.
    pub(super) unsure: HashSet<PathBuf>,
    /// Whether events were lost, so that no folder is sure to be watched.
    pub(super) has_lost: bool,
}

impl Inbox {
    pub(super) fn new(quiet: Duration) -> Self {
        let state = State {
            batcher: Batcher::new(quiet),
            version_control: VersionControl::default(),
            unsure: HashSet::new(),
            has_lost: false,
        };
        Self { state: Mutex::new(state), arrived: Condvar::new() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something arrives where nothing was, at most for `time`.
    pub(super) fn wait<'g>(&self, state: MutexGuard<'g, State>, time: Duration) -> MutexGuard<'g, State> {
        self.arrived.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Turns events into changes.
pub(super) struct Receiver {
    pub(super) root: PathBuf,
    pub(super) excluded: Vec<String>,
    pub(super) clock: Clock,
    pub(super) inbox: Arc<Inbox>,
}

impl notify::EventHandler for Receiver {
    fn handle_event(&mut self, event: notify::Result<notify::Event>) {
        let now = (self.clock)();
        let mut state = self.inbox.lock();
        let was_empty = state.batcher.is_empty();
        match event {
            Ok(event) if event.need_rescan() => state.lose(now),
            Ok(event) => {
                for path in &event.paths {
                    self.receive(path, &mut state, now);
                }
            }
            Err(_) => state.lose(now),
        }
        let has_arrived = was_empty && !state.batcher.is_empty();
        drop(state);
        if has_arrived {
            self.inbox.arrived.notify_all();
        }
    }
}

impl Receiver {
    fn receive(&self, path: &Path, state: &mut State, now: Instant) {
        if state.version_control.owns(path) {
            if state.version_control.ignore_file.as_deref() == Some(path) {
                state.batcher.push_everything(now);
            }
            state.batcher.touch(now);
            return;
        }
        let Ok(tail) = path.strip_prefix(&self.root) else { return };
        if lies_in_skipped(tail, &self.excluded) {
            return;
        }
        match relative(&self.root, path) {
            Some(path) if !is_ignore_file(&path) && path.file_name().is_some() => {
                state.batcher.push(path, now);
            }
            // The root itself, a list of what to ignore, or no path of a repository.
            _ => state.batcher.push_everything(now),
        }
        // Whether it is a folder is looked at when the batch is due: then it counts what is there.
        state.unsure.insert(path.to_owned());
        if state.unsure.len() > super::batcher::MAX_PATHS {
            state.lose(now);
        }
    }
}

impl State {
    fn lose(&mut self, now: Instant) {
        self.unsure.clear();
        self.has_lost = true;
        self.batcher.push_everything(now);
    }
}
