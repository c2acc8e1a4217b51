//! Why a trace cannot be written or read.

use super::{TraceRule, Violation};
use crate::base::ErrorCode;

/// Why a trace cannot be written or read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", self.text())]
pub struct TraceError {
    kind: TraceErrorKind,
    violation: Option<Violation>,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TraceErrorKind {
    /// The name of the trace has another form.
    BadId,
    /// A line breaks a rule of the form or of the chain; [`TraceError::violation`] says which.
    Malformed,
    /// The line would be longer than a reader takes.
    LineTooLong,
    /// The trace ended, so it takes no more events.
    Ended,
}

impl TraceError {
    pub(super) fn new(kind: TraceErrorKind) -> Self {
        Self { kind, violation: None }
    }

    pub(super) fn malformed(violation: Violation) -> Self {
        Self { kind: TraceErrorKind::Malformed, violation: Some(violation) }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> TraceErrorKind {
        self.kind
    }

    /// The rule that a line breaks.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match (self.kind, self.violation.as_ref().map(|violation| violation.rule)) {
            (_, Some(TraceRule::Version)) => ErrorCode::TRACE_UNKNOWN_VERSION,
            (TraceErrorKind::LineTooLong, _) => ErrorCode::TRACE_TOO_LARGE,
            (_, Some(rule)) if rule.is_limit() => ErrorCode::TRACE_TOO_LARGE,
            _ => ErrorCode::TRACE_INVALID,
        }
    }

    fn text(&self) -> String {
        match (&self.violation, self.kind) {
            (Some(violation), _) => violation.to_string(),
            (None, TraceErrorKind::BadId) => {
                "name of a trace is not 16 to 128 of a to z, digits, `-`, `_` and `.`".to_owned()
            }
            (None, TraceErrorKind::LineTooLong) => "line of a trace is above its limit".to_owned(),
            (None, TraceErrorKind::Ended) => "trace ended and takes no more events".to_owned(),
            (None, TraceErrorKind::Malformed) => "line of a trace is malformed".to_owned(),
        }
    }
}
