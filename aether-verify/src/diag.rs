//! Readers of what cargo and rustc say: lines of JSON, made into records that two machines agree on.

mod build;
mod convert;
mod options;
mod places;
mod raw;

pub use build::{Artifact, BuildReport, SkippedLines, read_cargo, read_rustc};
pub use options::{ReadLimits, ReadOptions};
