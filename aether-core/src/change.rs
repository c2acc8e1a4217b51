//! Changes of a repository: what is to become of which file, and whether that is a change at all.

mod content;
mod patch;
mod verify;

pub use content::Content;
pub use patch::{
    Change, Edit, EditError, EditErrorKind, FileMode, FilePatch, FileState, Patch, PatchError,
    PatchErrorKind, SCHEMA_VERSION as PATCH_SCHEMA_VERSION,
};
pub use verify::{
    CommandLine, CommandLineError, LayerReport, NetworkAccess, RunLimits, RunMode, RunReport,
    SCHEMA_VERSION as VERIFY_SCHEMA_VERSION, SandboxLayer, SandboxReport,
};
