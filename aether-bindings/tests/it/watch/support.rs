//! A watch in a thread of its own, and what it told.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use aether_bindings::engine::{
    Changes, Engine, EngineError, EngineOptions, Ports, WatchEvent, WatchMode, WatchOptions,
};
use aether_core::base::{Cancel, ErrorCode, RelPath};

use crate::support::Repo;

/// Nothing takes that long, even where many tests share few cores.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn options() -> WatchOptions {
    WatchOptions::default().with_debounce_ms(60)
}

/// A watch over a repository.
pub(super) struct Watched<'r> {
    repo: &'r Repo,
    pub(super) engine: Engine,
    cancel: Cancel,
    batches: Receiver<Changes>,
    failures: Arc<Mutex<Vec<String>>>,
    modes: Arc<Mutex<Vec<WatchMode>>>,
    thread: Option<JoinHandle<Result<(), EngineError>>>,
}

impl<'r> Watched<'r> {
    /// Starts a watch, and waits until its index is up to date.
    pub(super) fn start(repo: &'r Repo) -> Self {
        Self::start_with(repo, &options())
    }

    pub(super) fn start_with(repo: &'r Repo, options: &WatchOptions) -> Self {
        let engine = Engine::open(EngineOptions::new(repo.root()), Ports::in_memory().unwrap()).unwrap();
        Self::over(repo, engine, options)
    }

    pub(super) fn over(repo: &'r Repo, engine: Engine, options: &WatchOptions) -> Self {
        let (cancel, options) = (Cancel::new(), options.clone());
        let failures: Arc<Mutex<Vec<String>>> = Arc::default();
        let modes: Arc<Mutex<Vec<WatchMode>>> = Arc::default();
        let (batch, batches) = channel();
        let (started, is_started) = channel();
        let thread = std::thread::spawn({
            let (engine, cancel) = (engine.clone(), cancel.clone());
            let (failures, modes) = (Arc::clone(&failures), Arc::clone(&modes));
            move || {
                engine.watch(&options, Instant::now, &cancel, &mut |event| {
                    match event {
                        WatchEvent::Started(_) => started.send(()).unwrap(),
                        WatchEvent::Mode(mode) => modes.lock().unwrap().push(mode),
                        // A test that has ended listens no more.
                        WatchEvent::Changed(answer) => _ = batch.send(answer.result),
                        WatchEvent::Failed(error) => {
                            failures.lock().unwrap().push(error.code().to_string());
                        }
                        event => panic!("{event:?}"),
                    }
                    ControlFlow::Continue(())
                })
            }
        });
        is_started.recv_timeout(PATIENCE).unwrap();
        Self { repo, engine, cancel, batches, failures, modes, thread: Some(thread) }
    }

    #[track_caller]
    pub(super) fn next_batch(&self) -> Changes {
        self.batches.recv_timeout(PATIENCE).expect("a batch")
    }

    pub(super) fn batch_that_came(&self) -> Option<Changes> {
        self.batches.try_recv().ok()
    }

    /// Waits until all of these were told: `+` a file that came, `-` one that went, `~` one in which
    /// something changed.
    #[track_caller]
    pub(super) fn until(&self, wanted: &[&str]) {
        let mut missing: BTreeSet<String> = wanted.iter().map(|&it| it.to_owned()).collect();
        while !missing.is_empty() {
            let Ok(batch) = self.batches.recv_timeout(PATIENCE) else { panic!("{missing:?} did not come") };
            for change in &batch.files {
                let has_file = |list: &[aether_core::code::ChangedSymbol]| {
                    list.iter().any(|symbol| symbol.kind.as_str() == "file")
                };
                let sign = match (has_file(&change.added), has_file(&change.removed)) {
                    (true, _) => '+',
                    (_, true) => '-',
                    _ => '~',
                };
                missing.remove(&format!("{sign}{}", change.file));
            }
        }
    }

    /// Waits until a symbol of this name was told as new.
    #[track_caller]
    pub(super) fn until_name(&self, name: &str) {
        while self.engine.select(name).is_err() {
            self.next_batch();
        }
    }

    pub(super) fn modes(&self) -> Vec<WatchMode> {
        self.modes.lock().unwrap().clone()
    }

    pub(super) fn failures(&self) -> Vec<String> {
        self.failures.lock().unwrap().clone()
    }

    /// What the watch failed with.
    pub(super) fn error_code(mut self) -> String {
        let result = self.thread.take().unwrap().join().unwrap();
        result.unwrap_err().code().to_string()
    }

    /// Waits until the index is what an index made from nothing is, and ends the watch.
    #[track_caller]
    pub(super) fn ends_as_a_fresh_index(mut self) {
        let wanted = crate::support::fresh_digest(self.repo);
        let started = Instant::now();
        while self.engine.digest().unwrap() != wanted {
            assert!(started.elapsed() < PATIENCE, "the index is not that of the files");
            // Whatever is left to do, such as a file that was written twice.
            let _ = self.batches.recv_timeout(Duration::from_millis(100));
        }
        self.cancel.cancel();
        let result = self.thread.take().unwrap().join().unwrap();
        if let Err(error) = result {
            assert_eq!(*error.code(), ErrorCode::CANCELLED, "{error}");
        }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// The files that a batch tells of.
pub(super) fn files(batch: &Changes) -> BTreeSet<RelPath> {
    batch.files.iter().map(|change| change.file.clone()).collect()
}
