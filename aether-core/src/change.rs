//! Changes of a repository: what is to become of which file, and whether that is a change at all.

mod content;
mod diag;
mod outcome;
mod patch;
mod verification;
mod verify;

pub use content::Content;
pub use diag::{
    Applicability, BuildTarget, Diagnostic, DiagnosticChild, DiagnosticClass, DiagnosticDiff,
    DiagnosticLevel, DiagnosticSpan, MacroStep, Place, Position, SCHEMA_VERSION as DIAGNOSTIC_SCHEMA_VERSION,
    SuggestedEdit, Suggestion, TargetKind,
};
pub use outcome::{
    BinaryEnd, ComparedTest, OutputAnchor, OutputStream, PanicSite, SCHEMA_VERSION as TEST_SCHEMA_VERSION,
    TestBinary, TestBinaryId, TestComparison, TestCounts, TestOutcome, TestRun, TestStatus,
};
pub use patch::{
    Change, Edit, EditError, EditErrorKind, FileMode, FilePatch, FileState, Patch, PatchError,
    PatchErrorKind, SCHEMA_VERSION as PATCH_SCHEMA_VERSION,
};
pub use verification::{
    Acceptance, CheckRole, CheckStep, Judgement, Objection, ObjectionKind, StepReport, Verification,
};
pub use verify::{
    CommandLine, CommandLineError, LayerReport, NetworkAccess, RunLimits, RunMode, RunReport,
    SCHEMA_VERSION as VERIFY_SCHEMA_VERSION, SandboxLayer, SandboxReport,
};
