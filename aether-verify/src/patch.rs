//! Patches: applied as a whole or not at all, and taken back.

mod build_files;
mod check;
mod diff;
mod disk;
mod error;
mod motion;
mod names;
mod options;
mod plan;
mod record;
mod step;
mod work_tree;

pub(crate) use diff::proven_files;
pub use diff::{BaseFile, BaseFiles, ChangedLines, Diff, print_patch};
pub use error::{ApplyError, ApplyErrorKind};
pub use options::PatchOptions;
pub use work_tree::{AppliedPatch, PatchStanding, Recovered, WorkTree};

#[cfg(test)]
mod tests;
