//! When changes are taken in, and which at once: a rule over instants that the caller hands in.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aether_core::base::RelPath;

/// Paths of one batch; from here on a walk of the repository is cheaper than looking at each.
pub(super) const MAX_PATHS: usize = 1024;
/// How many quiet times a change waits at most, however long its file keeps being written.
const MAX_DELAYS: u32 = 10;
/// Rest after which a version control at work counts as waiting for a person, as in a rebase that met a
/// conflict. The steps of git follow one another within a fraction of a second.
const HELD_QUIET: Duration = Duration::from_secs(3);
/// How long a change is held back at most while a version control is at work.
const MAX_HELD: Duration = Duration::from_secs(60);

/// Changes that are taken in at once.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Batch {
    /// Something may have changed at these paths, sorted; nothing elsewhere.
    Files(Vec<RelPath>),
    /// Anything may have changed.
    Everything,
}

/// Gathers changes until they rest.
///
/// A batch is due once nothing happened for the quiet time, or ten quiet times after its first change
/// when something keeps happening. While a version control is at work the batch is held back, so that a
/// switch of branches, a pull or a rebase is one batch: until the work ends, until nothing happened for
/// 3 seconds, or for 60 seconds at most.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use aether_core::base::RelPath;
/// use aether_index::{Batch, Batcher};
///
/// let start = Instant::now();
/// let at = |ms| start + Duration::from_millis(ms);
/// let mut batcher = Batcher::new(Duration::from_millis(300));
/// batcher.push(RelPath::new("src/lib.rs")?, at(0));
/// batcher.push(RelPath::new("src/a.rs")?, at(200));
/// assert_eq!(batcher.due_at(false), Some(at(500)));
/// assert_eq!(batcher.take(at(499), false), None);
/// let Some(Batch::Files(paths)) = batcher.take(at(500), false) else { panic!("a batch is due") };
/// assert_eq!(paths.len(), 2);
/// assert_eq!(batcher.due_at(false), None);
/// # Ok::<(), aether_core::base::RelPathError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batcher {
    quiet: Duration,
    paths: BTreeSet<RelPath>,
    is_everything: bool,
    times: Option<Times>,
}

/// When the changes of a batch came.
#[derive(Clone, Copy, Debug)]
struct Times {
    first: Instant,
    last: Instant,
    /// When a version control was last seen at work.
    held: Option<Instant>,
}

impl Batcher {
    /// A batcher with nothing in it. `quiet` is the time for which files must rest.
    #[must_use]
    pub fn new(quiet: Duration) -> Self {
        Self { quiet, paths: BTreeSet::new(), is_everything: false, times: None }
    }

    /// Something happened at `path`.
    pub fn push(&mut self, path: RelPath, now: Instant) {
        self.begin(now);
        if self.is_everything {
            return;
        }
        self.paths.insert(path);
        if self.paths.len() > MAX_PATHS {
            self.push_everything(now);
        }
    }

    /// Something happened, and nobody knows where.
    pub fn push_everything(&mut self, now: Instant) {
        self.begin(now);
        self.is_everything = true;
        self.paths.clear();
    }

    /// Something happened that changes no file of the repository, such as a step of a version control:
    /// what waits goes on waiting.
    pub fn touch(&mut self, now: Instant) {
        if let Some(times) = &mut self.times {
            times.last = times.last.max(now);
        }
    }

    /// Whether anything waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_none()
    }

    /// When the batch is due unless more happens; `None` when nothing waits. `is_held` says whether a
    /// version control is at work.
    #[must_use]
    pub fn due_at(&self, is_held: bool) -> Option<Instant> {
        let Times { first, last, held } = self.times?;
        Some(if is_held {
            (last + HELD_QUIET.max(self.quiet)).min(first + MAX_HELD.max(self.quiet))
        } else {
            let held = held.unwrap_or(first);
            (last.max(held) + self.quiet).min(held + self.quiet * MAX_DELAYS)
        })
    }

    /// Takes the batch when it is due. Asking while a version control is at work also notes that it is.
    pub fn take(&mut self, now: Instant, is_held: bool) -> Option<Batch> {
        if let Some(times) = self.times.as_mut().filter(|_| is_held) {
            times.held = Some(now);
        }
        if self.due_at(is_held).is_none_or(|due| now < due) {
            return None;
        }
        self.times = None;
        let paths = std::mem::take(&mut self.paths);
        let is_everything = std::mem::take(&mut self.is_everything);
        Some(if is_everything { Batch::Everything } else { Batch::Files(paths.into_iter().collect()) })
    }

    fn begin(&mut self, now: Instant) {
        let times = self.times.get_or_insert(Times { first: now, last: now, held: None });
        times.last = times.last.max(now);
    }
}

#[cfg(test)]
mod tests;
