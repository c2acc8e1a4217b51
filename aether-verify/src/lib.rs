//! Safe change: commands run where they can do no harm, patches are applied as a whole or not at all, and
//! can be taken back.

mod patch;
mod run;
mod scratch;
mod shrink;

pub use patch::{
    AppliedPatch, ApplyError, ApplyErrorKind, BaseFile, BaseFiles, Diff, PatchOptions, PatchStanding,
    Recovered, WorkTree, print_patch,
};
#[cfg(target_os = "linux")]
pub use run::launch;
pub use run::{HostRunner, Launcher, SandboxKind, UnavailableRunner, secrets_of_cargo, secrets_of_home};
pub use scratch::{Scratch, ScratchError, ScratchErrorKind, ScratchLimits, Synced};
pub use shrink::Shrinker;
