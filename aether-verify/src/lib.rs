//! Safe change: commands run where they can do no harm, what compilers and tests say is read into records,
//! patches are applied as a whole or not at all, and can be taken back.
//!
//! # Concepts
//!
//! | part | what |
//! | --- | --- |
//! | [`HostRunner`] | commands in a sandbox of the system, with limits |
//! | `ContainerRunner` | commands in containers of an engine, `DockerEngine`; on systems of the Unix kind |
//! | `KubernetesRunner` | commands as jobs of a cluster; on systems of the Unix kind |
//! | [`choose_runner`] | the runner that the configuration asks for |
//! | [`read_cargo`], [`read_rustc`], [`read_tests`] | what they say, as records that two runs agree on |
//! | [`RustAnalyzer`] | types, references, definitions and quick-fixes by rust-analyzer, where it is there |
//! | [`Diff`], [`print_patch`] | patches from and to unified diffs as git has them |
//! | [`WorkTree`] | a folder that patches are applied to, and the way back |
//! | [`Scratch`] | a copy in which candidates are tried |
//! | [`Verifier`] | runs the commands that prove a state of a tree |
//! | [`PatchGate`] | the way of a patch into a tree: tried, proven, applied, proven again, or taken back |
//! | [`Shrinker`] | the smallest patch that still does what it should |
//!
//! # Guarantees
//!
//! No file of a [`WorkTree`] changes and no command runs without a permit of the policy gate for exactly that.
//! A patch is there in full or not at all, whatever happens in between, once the tree is opened again. The
//! runner never says that a layer of the sandbox holds which does not.
//!
//! # Untrusted input
//!
//! Diffs, patches, what tools print and what is in a working tree are taken as hostile; sizes, depths and
//! counts have limits.
//!
//! # What it does not do
//!
//! It holds no SQL and no tensors, brings no network client, and depends on no other crate of Aether than
//! `aether-core`. Workspaces, fixing and sessions will have their place here and are not there yet.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

#[cfg(unix)]
mod container;
mod diag;
mod gate;
mod outcome;
mod patch;
mod run;
mod scratch;
mod shrink;
#[cfg(unix)]
mod tools;
mod verifier;

#[cfg(unix)]
pub use container::{
    Container, ContainerEnd, ContainerEngine, ContainerImage, ContainerMount, ContainerNetwork,
    ContainerPrivileges, ContainerSpec, DockerEngine, EmptyFolder, EndedBy, EngineError, EngineErrorKind,
    EngineFacts, MountAccess, Sockets,
};
pub use diag::{Artifact, BuildReport, ReadLimits, ReadOptions, SkippedLines, read_cargo, read_rustc};
pub use gate::{
    GateError, GateErrorKind, KeptPatch, PatchGate, PatchPlanner, TriedPatch, unavailable_event, verify_event,
};
pub use outcome::{RunEnd, read_tests};
pub use patch::{
    AppliedPatch, ApplyError, ApplyErrorKind, BaseFile, BaseFiles, ChangedLines, Diff, PatchOptions,
    PatchStanding, Recovered, WorkTree, print_patch,
};
#[cfg(target_os = "linux")]
pub use run::launch;
#[cfg(unix)]
pub use run::{ContainerRunner, KubernetesCluster, KubernetesRunner};
pub use run::{
    HostRunner, Launcher, RunnerChoice, SandboxKind, UnavailableRunner, choose_runner, secrets_of_cargo,
    secrets_of_home,
};
pub use scratch::{Scratch, ScratchError, ScratchErrorKind, ScratchLimits, Synced};
pub use shrink::Shrinker;
#[cfg(unix)]
pub use tools::{
    QuickFix, RustAnalyzer, TextRange, ToolError, ToolErrorKind, ToolLocation, ToolOptions, ToolPosition,
    find_rust_analyzer,
};
pub use verifier::{Permits, StepClass, StepDifference, Verifier, VerifyError, VerifyPlan, compare_step};
