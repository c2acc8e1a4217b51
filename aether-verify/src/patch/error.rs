//! Why a patch was not applied or not reverted.

use std::fmt;
use std::io;

use aether_core::base::{ErrorCode, RelPath};
use aether_core::change::{PatchError, PatchErrorKind};

/// Why a patch was not applied, not reverted, or cannot be. Unless it says otherwise nothing was changed.
#[derive(Debug)]
pub struct ApplyError {
    kind: ApplyErrorKind,
    path: Option<RelPath>,
    detail: Option<String>,
    source: Option<io::Error>,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ApplyErrorKind {
    /// The patch, or a file that it touches, is above a limit.
    TooLarge,
    /// The diff or the record cannot be read, or its parts do not fit together.
    Syntax,
    /// The diff asks for links, submodules, special modes or an editor's script.
    Unsupported,
    /// A path leads out of the repository, or could on some system.
    BadPath,
    /// A path is one that only a tool may change, such as `.git`.
    ProtectedPath,
    /// A path looks like a protected one.
    LookAlike,
    /// A file runs when the project is built or opened, and there is no permit for that.
    RunsAtBuild,
    /// There is no permit for this patch and all that it touches.
    NotPermitted,
    /// A path differs from another one only in case or in the form of its letters.
    CaseTwin,
    /// A path is a symbolic link or leads through one.
    Symlink,
    /// A file has another name, maybe outside of the repository.
    HardLink,
    /// A path is a folder, a device, a pipe or a socket, or leads through a file.
    NotAFile,
    /// A path lies on another file system than the root of the repository.
    OtherFileSystem,
    /// A file that is to be made is there already.
    Exists,
    /// A file that is to be changed is not there.
    Missing,
    /// A file is another version than the one that the patch was made for.
    StaleBase,
    /// Lines of the diff are not those of the file.
    Mismatch,
    /// Parts of the patch overlap, are out of order or lie outside of the file.
    Overlap,
    /// Two parts of the patch touch one path, or one path lies inside another.
    PathConflict,
    /// The patch changes nothing.
    NoChange,
    /// No patch with this token was applied here, or it was reverted already.
    UnknownToken,
    /// Files changed since the patch was applied.
    MovedOn,
    /// What was kept to revert a patch, or to finish what was interrupted, is not what it was.
    UndoDamaged,
    /// A record was written by a newer version of Aether.
    NewerVersion,
    /// There is no space left.
    DiskFull,
    /// A file could not be read or written.
    Io,
}

impl ApplyErrorKind {
    /// The stable code of this kind.
    #[must_use]
    pub fn code(self) -> ErrorCode {
        match self {
            Self::TooLarge => ErrorCode::PATCH_TOO_LARGE,
            Self::Syntax => ErrorCode::PATCH_SYNTAX,
            Self::Unsupported => ErrorCode::PATCH_UNSUPPORTED,
            Self::BadPath => ErrorCode::PATCH_BAD_PATH,
            Self::ProtectedPath => ErrorCode::PATCH_PROTECTED_PATH,
            Self::LookAlike => ErrorCode::PATCH_LOOK_ALIKE,
            Self::RunsAtBuild => ErrorCode::PATCH_RUNS_AT_BUILD,
            Self::NotPermitted => ErrorCode::PATCH_NOT_PERMITTED,
            Self::CaseTwin => ErrorCode::PATCH_CASE_TWIN,
            Self::Symlink => ErrorCode::PATCH_SYMLINK,
            Self::HardLink => ErrorCode::PATCH_HARD_LINK,
            Self::NotAFile => ErrorCode::PATCH_NOT_A_FILE,
            Self::OtherFileSystem => ErrorCode::PATCH_OTHER_FILE_SYSTEM,
            Self::Exists => ErrorCode::PATCH_EXISTS,
            Self::Missing => ErrorCode::PATCH_MISSING,
            Self::StaleBase => ErrorCode::PATCH_STALE_BASE,
            Self::Mismatch => ErrorCode::PATCH_MISMATCH,
            Self::Overlap => ErrorCode::PATCH_OVERLAP,
            Self::PathConflict => ErrorCode::PATCH_PATH_CONFLICT,
            Self::NoChange => ErrorCode::PATCH_NO_CHANGE,
            Self::UnknownToken => ErrorCode::PATCH_UNKNOWN_TOKEN,
            Self::MovedOn => ErrorCode::PATCH_MOVED_ON,
            Self::UndoDamaged => ErrorCode::PATCH_UNDO_DAMAGED,
            Self::NewerVersion => ErrorCode::PATCH_NEWER,
            Self::DiskFull => ErrorCode::PATCH_FULL,
            Self::Io => ErrorCode::PATCH_IO,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::TooLarge => "is above the limit",
            Self::Syntax => "cannot be read",
            Self::Unsupported => "asks for what no patch may do here",
            Self::BadPath => "leads out of the repository, or could on some system",
            Self::ProtectedPath => "may be changed by its own tool only",
            Self::LookAlike => "looks like a protected path",
            Self::RunsAtBuild => "runs when the project is built or opened, which was not granted",
            Self::NotPermitted => "may not be changed without a permit for this patch",
            Self::CaseTwin => "differs from another path only in case or in the form of its letters",
            Self::Symlink => "is a symbolic link or leads through one",
            Self::HardLink => "has another name, maybe outside of the repository",
            Self::NotAFile => "is not a file",
            Self::OtherFileSystem => "lies on another file system than the root of the repository",
            Self::Exists => "is there already",
            Self::Missing => "is not there",
            Self::StaleBase => "is another version than the one that the patch was made for",
            Self::Mismatch => "does not have the lines of the diff",
            Self::Overlap => "has changes that overlap, are out of order or lie outside of it",
            Self::PathConflict => "is touched twice, or another path of the patch lies inside it",
            Self::NoChange => "stays as it is",
            Self::UnknownToken => "is no token of a patch that is applied here",
            Self::MovedOn => "changed since the patch was applied",
            Self::UndoDamaged => "is not what was kept of it",
            Self::NewerVersion => "was written by a newer version",
            Self::DiskFull => "does not fit: no space is left",
            Self::Io => "could not be read or written",
        }
    }
}

impl ApplyError {
    pub(crate) fn new(kind: ApplyErrorKind, path: &RelPath) -> Self {
        Self { kind, path: Some(path.clone()), detail: None, source: None }
    }

    /// An error about something that is not a path, named by `what`.
    pub(crate) fn about(kind: ApplyErrorKind, what: impl Into<String>) -> Self {
        Self { kind, path: None, detail: Some(what.into()), source: None }
    }

    /// The error of a call on `path`.
    pub(crate) fn of_call(path: &RelPath, source: io::Error) -> Self {
        Self { kind: kind_of(&source), path: Some(path.clone()), detail: None, source: Some(source) }
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ApplyErrorKind {
        self.kind
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.kind.code()
    }

    /// The path that it is about.
    #[must_use]
    pub fn path(&self) -> Option<&RelPath> {
        self.path.as_ref()
    }
}

/// What the system says, in the words of patches.
fn kind_of(error: &io::Error) -> ApplyErrorKind {
    use rustix::io::Errno;

    match Errno::from_io_error(error) {
        Some(Errno::LOOP) => ApplyErrorKind::Symlink,
        Some(Errno::XDEV) => ApplyErrorKind::OtherFileSystem,
        Some(Errno::NOTDIR | Errno::ISDIR | Errno::INVAL | Errno::NXIO) => ApplyErrorKind::NotAFile,
        Some(Errno::NOSPC | Errno::DQUOT) => ApplyErrorKind::DiskFull,
        Some(Errno::NAMETOOLONG) => ApplyErrorKind::BadPath,
        _ => match error.kind() {
            io::ErrorKind::NotFound => ApplyErrorKind::Missing,
            io::ErrorKind::AlreadyExists => ApplyErrorKind::Exists,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ApplyErrorKind::DiskFull,
            io::ErrorKind::FileTooLarge => ApplyErrorKind::TooLarge,
            _ => ApplyErrorKind::Io,
        },
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, &self.detail) {
            (Some(path), None) => write!(f, "{path} {}", self.kind.reason()),
            (Some(path), Some(detail)) => write!(f, "{path} {}: {detail}", self.kind.reason()),
            (None, Some(detail)) => write!(f, "{detail} {}", self.kind.reason()),
            (None, None) => write!(f, "patch {}", self.kind.reason()),
        }
    }
}

impl std::error::Error for ApplyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl From<PatchError> for ApplyError {
    fn from(error: PatchError) -> Self {
        let kind = match error.kind() {
            PatchErrorKind::PathConflict => ApplyErrorKind::PathConflict,
            PatchErrorKind::RootPath => ApplyErrorKind::BadPath,
            PatchErrorKind::Empty | PatchErrorKind::NoChange => ApplyErrorKind::NoChange,
            PatchErrorKind::BadEdits => ApplyErrorKind::Overlap,
            PatchErrorKind::StaleBase => ApplyErrorKind::StaleBase,
            _ => ApplyErrorKind::Syntax,
        };
        Self { kind, path: error.path().cloned(), detail: None, source: None }
    }
}
