//! Why a bundle is refused.

use crate::base::ErrorCode;

/// Files that make no bundle, or bytes that are none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("bundle {}{}", .kind.reason(), about(.path.as_deref()))]
pub struct BundleError {
    kind: BundleErrorKind,
    path: Option<String>,
}

impl BundleError {
    pub(super) fn new(kind: BundleErrorKind, path: Option<&str>) -> Self {
        // A path of a stranger may be anything and is shown escaped, at a length that fits a line.
        Self { kind, path: path.map(|path| path.chars().take(255).collect()) }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> BundleErrorKind {
        self.kind
    }

    /// The path that it is about, as the bundle has it.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            BundleErrorKind::TooLarge => ErrorCode::BUNDLE_TOO_LARGE,
            _ => ErrorCode::BUNDLE_REFUSED,
        }
    }
}

fn about(path: Option<&str>) -> String {
    path.map_or_else(String::new, |path| format!(": {path:?}"))
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BundleErrorKind {
    /// A path that leads out, that some system does not take, or that is too long.
    BadPath,
    /// Two paths that are one on some system, or one of which lies inside the other.
    Collision,
    /// A kind of content that is none.
    BadMediaType,
    /// An entry that is no file: a link, a folder, a device, an extension.
    NotAFile,
    /// The bytes are not those that an export writes for what is in them.
    NotCanonical,
    /// The manifest is missing, is no manifest, or does not fit the files.
    Manifest,
    /// More files or bytes than the limits allow.
    TooLarge,
}

impl BundleErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::BadPath => "has a path that it may not have",
            Self::Collision => "has two paths that are one on some system",
            Self::BadMediaType => "has a kind of content that is none",
            Self::NotAFile => "has an entry that is no file",
            Self::NotCanonical => "is not written as an export writes it",
            Self::Manifest => "has a manifest that does not fit it",
            Self::TooLarge => "is above the limits",
        }
    }
}
