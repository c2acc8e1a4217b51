//! Safe change: patches that are applied as a whole or not at all, and the way back.

mod patch;
mod scratch;
mod shrink;

pub use patch::{
    AppliedPatch, ApplyError, ApplyErrorKind, BaseFile, BaseFiles, Diff, PatchOptions, PatchStanding,
    Recovered, WorkTree, print_patch,
};
pub use scratch::{Scratch, ScratchError, ScratchErrorKind, ScratchLimits, Synced};
pub use shrink::Shrinker;
