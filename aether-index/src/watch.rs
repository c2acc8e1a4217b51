//! Watching a repository: events of files to batches of paths.

mod batcher;
mod events;
mod version_control;
mod watcher;

pub use batcher::{Batch, Batcher};
pub use watcher::{WatchMode, WatchOptions, Watcher};
