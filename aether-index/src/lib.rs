//! Source text to facts, symbols and resolved edges: the incremental index of Aether.

mod cargo;
mod discover;
mod ids;
mod indexer;
mod interface;
mod options;
mod report;
#[cfg(feature = "rust")]
mod rust;
mod words;

pub use indexer::{Indexer, Sink};
pub use options::IndexOptions;
pub use report::{NoProgress, Progress, Stage, UpdateReport};
