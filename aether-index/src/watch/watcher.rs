//! The watcher of a repository: which folders are watched, and how its batches come to the caller.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aether_core::base::Cancel;
use notify::{EventKindMask, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::batcher::Batch;
use super::events::{Clock, Inbox, Receiver};
use super::version_control::VersionControl;
use crate::discover::{lies_in_skipped, on_disk, visit_folders};
use crate::options::IndexOptions;

/// How often somebody who waits looks whether he was cancelled.
const PATIENCE: Duration = Duration::from_millis(100);
/// Walks in search of folders that came while folders were being watched. Each finds what came during
/// the one before it, so that two will do unless somebody makes folders all the time.
const MAX_WALKS: usize = 8;
/// Whether the system watches each folder by itself. Elsewhere one watch holds all that lies below it.
const IS_PER_FOLDER: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// How a repository is watched.
///
/// # Examples
///
/// ```
/// use aether_index::WatchOptions;
/// let options = WatchOptions::default().with_debounce_ms(50);
/// assert_eq!((options.debounce_ms, options.poll_ms), (50, 2000));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct WatchOptions {
    /// How long files must rest before a change is handed over, in milliseconds.
    pub debounce_ms: u32,
    /// Time between two looks at all files where the system tells of no changes, in milliseconds.
    pub poll_ms: u32,
    /// Most folders that are watched one by one; a repository with more is looked at every `poll_ms`.
    pub max_folders: u32,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self { debounce_ms: 300, poll_ms: 2000, max_folders: 100_000 }
    }
}

impl WatchOptions {
    /// Sets how long files must rest. Default: 300 ms.
    #[must_use]
    pub fn with_debounce_ms(mut self, debounce_ms: u32) -> Self {
        self.debounce_ms = debounce_ms;
        self
    }

    /// Sets the time between two looks where the system tells of no changes. Default: 2,000 ms.
    #[must_use]
    pub fn with_poll_ms(mut self, poll_ms: u32) -> Self {
        self.poll_ms = poll_ms;
        self
    }

    /// Sets how many folders are watched at most; 0 to look at all files every `poll_ms`, as on a disk
    /// of another machine whose changes the system does not tell. Default: 100,000, which costs about
    /// 100 MB in the kernel.
    #[must_use]
    pub fn with_max_folders(mut self, max_folders: u32) -> Self {
        self.max_folders = max_folders;
        self
    }
}

/// How a watcher learns of changes.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum WatchMode {
    /// The system tells of each.
    Events,
    /// All files are looked at again and again, for this reason.
    Polling(String),
}

/// Waits for changes of the files of a repository.
///
/// It watches the folders that a walk of the index enters, so what is ignored costs nothing, and hands
/// over what changed when it rests, as [`Batcher`](super::Batcher) says. A change after
/// [`Watcher::open`] is never lost: a caller that brings its index up to date behind `open`, and again
/// with each batch, has them all. Where the system cannot watch so many folders, the watcher asks for a
/// look at everything every few seconds, and says so ([`Watcher::mode`]).
pub struct Watcher {
    root: PathBuf,
    index: IndexOptions,
    options: WatchOptions,
    clock: Clock,
    inbox: Arc<Inbox>,
    system: Option<RecommendedWatcher>,
    mode: WatchMode,
    /// The folders that are watched, without those of a version control.
    folders: HashSet<PathBuf>,
    version_control: HashSet<PathBuf>,
    look_at: Option<Instant>,
    retry_at: Option<Instant>,
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher")
            .field("root", &self.root)
            .field("mode", &self.mode)
            .field("folders", &self.folders.len())
            .finish_non_exhaustive()
    }
}

impl Watcher {
    /// Watches the repository at `root`, from now on. `clock` tells the time.
    ///
    /// Nothing fails: a folder that is not there, or goes later, is what the next update tells of.
    #[must_use]
    pub fn open(
        root: &Path,
        index: &IndexOptions,
        options: &WatchOptions,
        clock: impl Fn() -> Instant + Send + Sync + 'static,
    ) -> Self {
        let clock: Clock = Arc::new(clock);
        let inbox = Arc::new(Inbox::new(Duration::from_millis(u64::from(options.debounce_ms))));
        let receiver = Receiver {
            root: root.to_owned(),
            excluded: index.exclude.clone(),
            clock: Arc::clone(&clock),
            inbox: Arc::clone(&inbox),
        };
        let mut watcher = Self {
            root: root.to_owned(),
            index: index.clone(),
            options: options.clone(),
            clock,
            inbox,
            system: None,
            mode: WatchMode::Events,
            folders: HashSet::new(),
            version_control: HashSet::new(),
            look_at: None,
            retry_at: None,
        };
        // Who reads a file changes nothing, and who closes one that he wrote to does: writes through
        // memory are told by nothing else.
        let kinds = EventKindMask::CORE | EventKindMask::ACCESS_CLOSE;
        let config = notify::Config::default().with_event_kinds(kinds).with_follow_symlinks(false);
        match RecommendedWatcher::new(receiver, config) {
            Ok(system) => watcher.system = Some(system),
            Err(error) => watcher.poll(&error.to_string()),
        }
        watcher.watch_folders();
        watcher
    }

    /// How changes are learned of.
    #[must_use]
    pub fn mode(&self) -> &WatchMode {
        &self.mode
    }

    /// Number of folders that are watched.
    #[must_use]
    pub fn folders(&self) -> usize {
        self.folders.len()
    }

    /// Waits for the next batch; `None` once `cancel` is set, which is noticed within a tenth of a
    /// second.
    pub fn next_batch(&mut self, cancel: &Cancel) -> Option<Batch> {
        loop {
            if cancel.is_cancelled() {
                return None;
            }
            let now = (self.clock)();
            let inbox = Arc::clone(&self.inbox);
            let mut state = inbox.lock();
            let is_time = |at: &mut Option<Instant>| at.take_if(|at| *at <= now).is_some();
            if is_time(&mut self.retry_at) | (state.batcher.is_empty() && is_time(&mut self.look_at)) {
                state.batcher.push_everything(now);
            }
            let is_held = !state.batcher.is_empty() && state.version_control.is_at_work();
            if let Some(batch) = state.batcher.take(now, is_held) {
                let unsure = std::mem::take(&mut state.unsure);
                let has_lost = std::mem::take(&mut state.has_lost);
                drop(state);
                match self.settle(batch, unsure, has_lost) {
                    Batch::Files(paths) if paths.is_empty() => continue,
                    batch => return Some(batch),
                }
            }
            let times = [state.batcher.due_at(is_held), self.retry_at, self.look_at];
            let next = times.into_iter().flatten().min();
            let time = next.map_or(PATIENCE, |at| at.saturating_duration_since(now).min(PATIENCE));
            // A moment at least, for a clock that stands still.
            drop(inbox.wait(state, time.max(Duration::from_millis(1))));
        }
    }

    /// Hands over a batch of everything when `delay` has passed: for a caller that could not take one
    /// in.
    pub fn retry_after(&mut self, delay: Duration) {
        self.retry_at = Some((self.clock)() + delay);
    }

    /// Follows the folders that came and went, before the caller looks at files: what changes from here
    /// on makes another batch.
    fn settle(&mut self, batch: Batch, unsure: HashSet<PathBuf>, has_lost: bool) -> Batch {
        if matches!(self.mode, WatchMode::Polling(_)) {
            self.look_again();
            // A version control may have come or gone.
            self.inbox.lock().version_control = VersionControl::find(&self.root);
            return Batch::Everything;
        }
        let (gone, others): (Vec<_>, Vec<_>) =
            unsure.into_iter().partition(|path| self.folders.contains(path));
        if has_lost {
            self.folders.clear();
            self.version_control.clear();
        } else {
            // A folder of the same name may be another one, which nobody watches.
            self.folders.retain(|folder| !gone.iter().any(|gone| folder.starts_with(gone)));
        }
        let is_new = |path: &PathBuf| VersionControl::is_folder_of_one(path) || self.is_folder(path);
        let has_new = others.iter().any(is_new);
        let Batch::Files(mut paths) = batch else {
            self.watch_folders();
            return Batch::Everything;
        };
        if has_lost || has_new || !gone.is_empty() {
            self.watch_folders();
            return Batch::Everything;
        }
        paths.retain(|path| !is_real_folder(&on_disk(&self.root, path)));
        Batch::Files(paths)
    }

    /// Whether a folder is there that a walk may enter.
    fn is_folder(&self, path: &Path) -> bool {
        let is_skipped = || {
            let inside = path.strip_prefix(&self.root).map(|tail| tail.join("_"));
            inside.is_ok_and(|inside| lies_in_skipped(&inside, &self.index.exclude))
        };
        is_real_folder(path) && !is_skipped()
    }

    /// Watches every folder that a walk enters, each before it is read, and no other.
    fn watch_folders(&mut self) {
        let version_control = VersionControl::find(&self.root);
        for folder in &version_control.folders {
            if !self.version_control.contains(folder) && self.watch(folder, RecursiveMode::NonRecursive) {
                self.version_control.insert(folder.clone());
            }
        }
        self.inbox.lock().version_control = version_control;
        for _ in 0..MAX_WALKS {
            let mut walked = HashSet::new();
            let mut has_new = false;
            let (root, index) = (self.root.clone(), self.index.clone());
            visit_folders(&root, &index, &mut |folder| {
                walked.insert(folder.to_owned());
                if !self.folders.contains(folder) && self.watch_folder(folder) {
                    self.folders.insert(folder.to_owned());
                    has_new = true;
                }
                self.mode == WatchMode::Events
            });
            if self.mode != WatchMode::Events {
                return;
            }
            let stale: Vec<PathBuf> =
                self.folders.iter().filter(|folder| !walked.contains(*folder)).cloned().collect();
            for folder in stale {
                self.folders.remove(&folder);
                if let Some(system) = self.system.as_mut().filter(|_| IS_PER_FOLDER) {
                    // The system stops by itself where a folder is gone.
                    let _ = system.unwatch(&folder);
                }
            }
            if !has_new {
                return;
            }
        }
        let now = (self.clock)();
        self.inbox.lock().batcher.push_everything(now);
    }

    fn watch_folder(&mut self, folder: &Path) -> bool {
        if self.folders.len() >= self.options.max_folders as usize {
            self.poll(&format!("there are more than {} folders", self.options.max_folders));
            return false;
        }
        match IS_PER_FOLDER {
            true => self.watch(folder, RecursiveMode::NonRecursive),
            false => folder != self.root || self.watch(folder, RecursiveMode::Recursive),
        }
    }

    /// Whether the system watches a folder from now on.
    fn watch(&mut self, folder: &Path, mode: RecursiveMode) -> bool {
        let Some(system) = &mut self.system else { return false };
        let Err(error) = system.watch(folder, mode) else { return true };
        let is_unreadable = match &error.kind {
            notify::ErrorKind::PathNotFound => true,
            notify::ErrorKind::Io(error) => matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
            ),
            _ => false,
        };
        // A folder that cannot be read is not part of the index.
        if !is_unreadable {
            let reason = match error.kind {
                notify::ErrorKind::MaxFilesWatch => "the system watches no more folders".to_owned(),
                _ => error.to_string(),
            };
            self.poll(&reason);
        }
        false
    }

    /// Gives up on events of the system.
    fn poll(&mut self, reason: &str) {
        self.system = None;
        self.folders.clear();
        self.version_control.clear();
        self.mode = WatchMode::Polling(reason.to_owned());
        self.look_again();
    }

    fn look_again(&mut self) {
        self.look_at = Some((self.clock)() + Duration::from_millis(u64::from(self.options.poll_ms)));
    }
}

fn is_real_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}
