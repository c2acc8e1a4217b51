//! Why file changes do not make a patch.

use crate::base::{ErrorCode, RelPath};

/// File changes that do not make a patch, whatever the files hold.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", self.text())]
pub struct PatchError {
    kind: PatchErrorKind,
    path: Option<RelPath>,
}

impl PatchError {
    pub(super) fn new(kind: PatchErrorKind, path: Option<&RelPath>) -> Self {
        Self { kind, path: path.cloned() }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> PatchErrorKind {
        self.kind
    }

    /// The path that it is about.
    #[must_use]
    pub fn path(&self) -> Option<&RelPath> {
        self.path.as_ref()
    }

    fn text(&self) -> String {
        let reason = self.kind.reason();
        self.path.as_ref().map_or_else(|| format!("patch {reason}"), |path| format!("{path} {reason}"))
    }
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PatchErrorKind {
    /// The patch has no files.
    Empty,
    /// The record is of a version that this build does not know.
    UnknownVersion,
    /// Two files of the patch touch one path, or one path lies inside another.
    PathConflict,
    /// The path is the root of the repository.
    RootPath,
    /// Nothing of the file changes.
    NoChange,
    /// The file is neither there before nor after.
    Nothing,
    /// Before, after and the change between them do not fit together.
    Inconsistent,
    /// Edits overlap, are out of order, change nothing or lie outside of the file.
    BadEdits,
    /// The file is not the one that the patch was made for.
    StaleBase,
    /// What comes out is not what the patch says.
    WrongResult,
}

impl PatchErrorKind {
    /// The stable code of this kind.
    #[must_use]
    pub fn code(self) -> ErrorCode {
        match self {
            Self::PathConflict => ErrorCode::PATCH_PATH_CONFLICT,
            Self::RootPath => ErrorCode::PATCH_BAD_PATH,
            Self::Empty | Self::NoChange => ErrorCode::PATCH_NO_CHANGE,
            Self::BadEdits => ErrorCode::PATCH_OVERLAP,
            Self::StaleBase => ErrorCode::PATCH_STALE_BASE,
            Self::UnknownVersion | Self::Nothing | Self::Inconsistent | Self::WrongResult => {
                ErrorCode::PATCH_SYNTAX
            }
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Empty => "changes no file",
            Self::UnknownVersion => "is of a version that this build does not know",
            Self::PathConflict => "is touched twice, or another file of the patch lies inside it",
            Self::RootPath => "names the root of the repository",
            Self::NoChange => "stays as it is",
            Self::Nothing => "names a file that is neither there before nor after",
            Self::Inconsistent => "has a change that does not fit what it is before and after",
            Self::StaleBase => "is another version than the one that the patch was made for",
            Self::WrongResult => "would become something else than the patch says",
            Self::BadEdits => {
                "has edits that overlap, are out of order, change nothing or lie outside of the file"
            }
        }
    }
}
