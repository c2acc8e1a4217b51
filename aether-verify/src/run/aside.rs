//! Work on a thread of its own, which is told when nobody waits for it any more.

use std::io::{self, PipeReader};
use std::os::fd::AsFd;
use std::time::Duration;

use aether_core::base::Cancel;
use futures_channel::oneshot;
use rustix::event::{PollFd, PollFlags, Timespec};

/// How often it is looked whether work that waits was cancelled.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What makes work end before its time.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) cancel: Cancel,
    /// Closed by the other side when nobody waits any more.
    pub(crate) dropped: PipeReader,
}

impl Stop {
    /// Whether the work was cancelled, or nobody waits for it.
    pub(crate) fn is_set(&self) -> bool {
        self.cancel.is_cancelled() || self.is_dropped_within(Duration::ZERO)
    }

    /// Lets time pass, less where nobody waits any more, and not much more than [`LOOK_EVERY`] where it is cancelled.
    pub(crate) fn wait(&self, time: Duration) {
        let mut left = time;
        while !left.is_zero() && !self.cancel.is_cancelled() {
            let step = left.min(LOOK_EVERY);
            if self.is_dropped_within(step) {
                return;
            }
            left -= step;
        }
    }

    fn is_dropped_within(&self, time: Duration) -> bool {
        let time = Timespec::try_from(time).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
        let mut dropped = [PollFd::from_borrowed_fd(self.dropped.as_fd(), PollFlags::IN)];
        rustix::event::poll(&mut dropped, Some(&time)).is_ok_and(|ready| ready > 0)
    }
}

/// Does `work` on a new thread. Dropping the future sets its [`Stop`] and does not wait.
///
/// # Errors
///
/// The system has no thread or pipe left, or the thread ended without a result.
pub(crate) async fn aside<T: Send + 'static>(
    cancel: &Cancel,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> io::Result<T> {
    let (dropped, alive) = io::pipe()?;
    let (send, receive) = oneshot::channel();
    let stop = Stop { cancel: cancel.clone(), dropped };
    std::thread::Builder::new().name("aether-run".to_owned()).spawn(move || {
        // Nobody waits any more when the future is dropped.
        let _ = send.send(work(&stop));
    })?;
    let result = receive.await;
    drop(alive);
    result.map_err(|_| io::Error::other("the thread that did it ended without a result"))
}
