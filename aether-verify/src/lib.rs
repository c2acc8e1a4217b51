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
//! The home of Aether's verification and patch machinery. So far it reads what compilers and tests say:
//! [`read_cargo`], [`read_rustc`] and [`read_tests`].
//!
//! # What it will own
//!
//! | part | what |
//! | --- | --- |
//! | run | commands in a sandbox with limits, on the host or in a container |
//! | patch | atomic, journalled application of a patch, and its way back |
//! | fix | candidates for a repair, each judged by the real compiler and the real tests |
//! | session | the driver that turns plans into probes, patches and records |
//! | tools | the client of rust-analyzer |
//! | workspace | working copies with infrastructure of their own |
//!
//! The contracts of these parts, and the pure rules on them, will be declared in `aether-core`.
//! The requirements are those whose ids begin with `SC` and `WS` in `docs/requirements.md`.
//!
//! # What it will not do
//!
//! It will not depend on the other crates of Aether but `aether-core`, hold no SQL and no tensors, and
//! bring no network client in its default build. It will change no file without a permit of the policy
//! gate.

mod diag;
mod outcome;

pub use diag::{Artifact, BuildReport, ReadLimits, ReadOptions, SkippedLines, read_cargo, read_rustc};
pub use outcome::{RunEnd, read_tests};
