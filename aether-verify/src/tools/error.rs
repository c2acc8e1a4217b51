//! Why a tool gave no answer.

use aether_core::base::ErrorCode;
use aether_core::port::RunError;

/// A tool gave no answer.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ToolError(#[from] pub(super) Cause);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ToolErrorKind {
    /// The tool is not there or could not be started: whatever can goes on without it.
    ToolUnavailable,
    /// It did not answer in time.
    Timeout,
    /// It answered that it cannot.
    Failed,
    /// It said what no such tool says, or ended.
    Broken,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error("{tool} is not there: {why}")]
    Missing { tool: &'static str, why: String },
    #[error("{tool} could not be run")]
    Run {
        tool: &'static str,
        #[source]
        source: RunError,
    },
    #[error("no answer to {method} within {ms} ms")]
    Timeout { method: String, ms: u64 },
    #[error("{method} failed: {message}")]
    Failed { method: String, message: String },
    #[error("the tool has ended, or says what no tool says: {0}")]
    Broken(String),
}

impl ToolError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ToolErrorKind {
        match &self.0 {
            Cause::Missing { .. } | Cause::Run { .. } => ToolErrorKind::ToolUnavailable,
            Cause::Timeout { .. } => ToolErrorKind::Timeout,
            Cause::Failed { .. } => ToolErrorKind::Failed,
            Cause::Broken(_) => ToolErrorKind::Broken,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind() {
            ToolErrorKind::ToolUnavailable => ErrorCode::TOOL_UNAVAILABLE,
            ToolErrorKind::Timeout => ErrorCode::TOOL_TIMEOUT,
            ToolErrorKind::Failed => ErrorCode::TOOL_FAILED,
            ToolErrorKind::Broken => ErrorCode::TOOL_BROKEN,
        }
    }
}
