//! Why a text is no script, or statements make none.

use crate::base::ErrorCode;

/// Why a text is no script, or statements make none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", self.text())]
pub struct ScriptError {
    kind: ScriptErrorKind,
    place: Option<(u32, u32)>,
    detail: String,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ScriptErrorKind {
    /// Something else stands there than the grammar asks for.
    Unexpected,
    /// A text in quotes is not closed, or has an unknown escape or a control character.
    BadText,
    /// A number has a leading zero or is not below 2^53.
    BadNumber,
    /// A name has another form than `[a-z][a-z0-9_]*`, or more than 64 bytes.
    BadName,
    /// The text has more than 256 KiB, or the script more than 10,000 statements.
    TooLong,
    /// Branches are nested deeper than 32 levels.
    TooDeep,
}

impl ScriptError {
    pub(super) fn new(kind: ScriptErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, place: None, detail: detail.into() }
    }

    pub(super) fn at(mut self, line: u32, column: u32) -> Self {
        self.place = Some((line, column));
        self
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ScriptErrorKind {
        self.kind
    }

    /// Line and column, both from 1, where it is about a text; columns count characters.
    #[must_use]
    pub fn place(&self) -> Option<(u32, u32)> {
        self.place
    }

    /// The stable code of this kind.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            ScriptErrorKind::TooLong | ScriptErrorKind::TooDeep => ErrorCode::SCRIPT_TOO_LARGE,
            _ => ErrorCode::SCRIPT_SYNTAX,
        }
    }

    fn text(&self) -> String {
        match self.place {
            Some((line, column)) => format!("line {line}, column {column}: {}", self.detail),
            None => self.detail.clone(),
        }
    }
}
