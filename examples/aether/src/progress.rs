//! The progress bar.

use std::time::{Duration, Instant};

use aether_bindings::engine::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// An update that is done sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(200);

/// A bar on standard error, where that is a terminal.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    started: Instant,
}

impl Bar {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg:>9} [{bar:32}] {pos}/{len} {prefix}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, started: Instant::now() }
    }
}

impl Progress for Bar {
    fn report(&self, stage: Stage, done: usize, total: usize) {
        if self.bar.is_hidden() || self.started.elapsed() < PATIENCE {
            return;
        }
        self.bar.set_message(match stage {
            Stage::Parse => "parsing",
            Stage::History => "commits",
            Stage::Records => "records",
            Stage::Resolve if done == total => "storing",
            Stage::Resolve => "resolving",
            _ => "indexing",
        });
        self.bar.set_prefix(if matches!(stage, Stage::History | Stage::Records) { "" } else { "files" });
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
