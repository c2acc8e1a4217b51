//! Group commit: whoever comes first writes for all who wait, and one wait for the disk serves them all.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::disk::Held;
use super::error::{Fault, LedgerError, io_fault};
use super::line::write_line;
use super::options::MAX_BATCH_BYTES;
use super::shared::Shared;

/// Those who wait. There is no thread and no clock behind it: while one batch is on its way to the disk,
/// the next one gathers.
#[derive(Debug, Default)]
pub(super) struct Commits {
    queue: Mutex<Queue>,
    /// Told whenever a batch is done.
    done: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Request>,
    /// Whether somebody writes.
    is_busy: bool,
    /// Whether nothing may be written any more.
    is_stopped: bool,
}

/// Events of one caller.
#[derive(Debug)]
struct Request {
    events: Vec<String>,
    /// Upper bound of the length of their lines.
    bytes: usize,
    outcome: Arc<Mutex<Option<Outcome>>>,
}

type Outcome = Result<Range<u64>, LedgerError>;

/// Why a batch was not written, and whether the next one may be.
#[derive(Debug)]
pub(super) struct Failed {
    fault: Fault,
    stops: bool,
}

impl Commits {
    /// Hands events in and waits for their outcome. `begin` waits until nobody else writes; `write` writes a
    /// batch, lets others write again, and gives the number of its first event.
    pub(super) fn append<H>(
        &self,
        events: &[&str],
        bytes: usize,
        begin: impl Fn() -> Result<H, Fault>,
        write: impl Fn(H, &[&str]) -> Result<u64, Failed>,
    ) -> Outcome {
        let outcome = Arc::new(Mutex::new(None));
        let events = events.iter().map(|event| (*event).to_owned()).collect();
        let mut queue = lock(&self.queue);
        queue.waiting.push_back(Request { events, bytes, outcome: Arc::clone(&outcome) });
        loop {
            if let Some(outcome) = lock(&outcome).take() {
                return outcome;
            }
            if queue.is_busy {
                queue = self.done.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let is_stopped = queue.is_stopped;
            queue.is_busy = true;
            drop(queue);
            let begun = if is_stopped { Err(Fault::Stopped) } else { begin() };
            // Taken after the wait, in which more have gathered; who waited together is told together.
            let mut queue_again = lock(&self.queue);
            let batch = match &begun {
                Ok(_) => queue_again.next_batch(),
                Err(_) => queue_again.waiting.drain(..).collect(),
            };
            drop(queue_again);
            let stops = match begun {
                Ok(held) => settle(&batch, |events| write(held, events)),
                Err(fault) => settle(&batch, |_| Err(Failed { fault, stops: is_stopped })),
            };
            queue = lock(&self.queue);
            queue.is_stopped |= stops;
            queue.is_busy = false;
            self.done.notify_all();
        }
    }
}

impl Commits {
    /// Writes something by itself, while nobody else can.
    pub(super) fn alone(&self, write: impl FnOnce() -> Result<u64, Failed>) -> Result<u64, LedgerError> {
        if lock(&self.queue).is_stopped {
            return Err(Fault::Stopped.into());
        }
        write().map_err(|Failed { fault, stops }| {
            lock(&self.queue).is_stopped |= stops;
            fault.into()
        })
    }
}

impl Queue {
    /// The oldest requests, as many as are written at once; the first in any case.
    fn next_batch(&mut self) -> Vec<Request> {
        let mut bytes = 0;
        let mut count = 0;
        for request in &self.waiting {
            bytes += request.bytes;
            if count > 0 && bytes > MAX_BATCH_BYTES {
                break;
            }
            count += 1;
        }
        self.waiting.drain(..count).collect()
    }
}

/// Writes a batch and tells everybody in it; whether nothing may be written any more.
fn settle(batch: &[Request], write: impl FnOnce(&[&str]) -> Result<u64, Failed>) -> bool {
    let events: Vec<&str> = batch.iter().flat_map(|request| &request.events).map(String::as_str).collect();
    let written = write(&events);
    let tell = |request: &Request, outcome| *lock(&request.outcome) = Some(outcome);
    match written {
        Ok(mut first) => {
            for request in batch {
                let end = first + request.events.len() as u64;
                tell(request, Ok(first..end));
                first = end;
            }
            false
        }
        Err(Failed { fault, stops }) => {
            batch.iter().for_each(|request| tell(request, Err(fault.clone().into())));
            stops
        }
    }
}

/// Writes events behind the last line and makes them safe; only then the state has them.
pub(super) fn write(shared: &Shared, mut held: Box<dyn Held>, events: &[&str]) -> Result<u64, Failed> {
    let goes_on = |fault| Failed { fault, stops: false };
    let stops = |fault| Failed { fault, stops: true };
    let disk = &*shared.disk;
    // Who holds the lock alone changes the state, so nothing of this changes below.
    let (size, last_hash, tail) = {
        let state = shared.state.read().unwrap_or_else(PoisonError::into_inner);
        (state.size(), state.last_hash(), state.tail())
    };
    let is_full = |(_, length): &(u64, u64)| *length >= shared.options.segment_bytes();
    let (segment, length) = match tail.filter(|tail| !is_full(tail)) {
        Some(tail) => tail,
        None => {
            disk.create(size).map_err(io_fault("begin a segment of")).map_err(goes_on)?;
            // Like below: a name that the disk did not confirm may be gone, whatever it says next time.
            disk.sync_folder().map_err(io_fault("begin a segment of")).map_err(stops)?;
            shared.state.write().unwrap_or_else(PoisonError::into_inner).start_segment();
            (size, 0)
        }
    };
    let mut text = String::new();
    let mut lines = Vec::with_capacity(events.len());
    let mut prev = last_hash;
    for (seq, event) in (size..).zip(events) {
        let start = text.len();
        prev = write_line(&mut text, &prev, seq, event);
        lines.push((start..text.len(), prev));
        text.push('\n');
    }
    if let Err(error) = disk.write(segment, length, text.as_bytes()) {
        let fault = io_fault("write")(error);
        // Part of it may stand there, and must not come in front of what is written next.
        return match disk.truncate(segment, length) {
            Ok(()) => Err(goes_on(fault)),
            Err(_) => Err(stops(fault)),
        };
    }
    if let Err(error) = disk.sync(segment) {
        // The system may have dropped what it could not write and say yes the next time, so no later yes
        // counts. Cutting it off is for the next one who reads; whether it works changes nothing here.
        let _ = disk.truncate(segment, length);
        return Err(stops(io_fault("sync")(error)));
    }
    // Where this fails, the next one makes the end safe once more.
    let _ = held.set_end(segment, length + text.len() as u64);
    let mut state = shared.state.write().unwrap_or_else(PoisonError::into_inner);
    for ((range, hash), event) in lines.into_iter().zip(events) {
        state.push(text.get(range).unwrap_or_default().as_bytes(), event.as_bytes(), hash);
    }
    shared.feed_index(&mut state);
    Ok(size)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
