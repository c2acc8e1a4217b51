//! What an action is done to, and whether one resource lies inside another.

mod url;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use url::UrlScope;

use crate::base::RelPath;
use crate::change::CommandLine;

/// What an action is done to, or the scope that a grant or a policy gives.
///
/// As a scope, a path covers itself and what lies below it, a URL covers the same host and what lies below
/// its path, [`Resource::Any`] covers everything, and everything else covers its equal alone. Nothing is ever
/// compared by the beginning of its text.
///
/// A closed set: a reader refuses a variant that it does not know.
///
/// # Examples
///
/// ```
/// use aether_core::authority::Resource;
/// let scope = Resource::path("/srv/a")?;
/// assert!(scope.covers(&Resource::path("/srv/a/b")?));
/// assert!(!scope.covers(&Resource::path("/srv/abc")?));
/// assert!(Resource::path("/srv/../etc").is_err());
/// let host = Resource::url("https://example.com/api")?;
/// assert!(host.covers(&Resource::url("https://example.com/api/v1")?));
/// assert!(!host.covers(&Resource::url("https://example.com.evil.net/api")?));
/// # Ok::<(), aether_core::authority::ResourceError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Resource {
    /// Nothing: the action has no object. Covers nothing but itself.
    None,
    /// A file or folder.
    Path(ScopePath),
    /// A place on the network.
    Url(UrlScope),
    /// A command, exactly.
    Command(CommandLine),
    /// A provider of inference or another service, by name.
    Provider(String),
    /// A part of the memory, by name.
    MemoryScope(String),
    /// Anything.
    Any,
}

impl Resource {
    /// A file or folder: relative to the root of the workspace, or absolute.
    ///
    /// # Errors
    ///
    /// [`ResourceErrorKind::BadPath`].
    pub fn path(text: &str) -> Result<Self, ResourceError> {
        ScopePath::parse(text).map(Self::Path)
    }

    /// A place on the network.
    ///
    /// # Errors
    ///
    /// [`ResourceErrorKind::BadUrl`].
    pub fn url(text: &str) -> Result<Self, ResourceError> {
        UrlScope::parse(text).map(Self::Url)
    }

    /// Whether everything that `other` stands for lies in this one.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Path(scope), Self::Path(path)) => scope.covers(path),
            (Self::Url(scope), Self::Url(url)) => scope.covers(url),
            _ => self == other,
        }
    }
}

impl From<RelPath> for Resource {
    fn from(path: RelPath) -> Self {
        Self::Path(ScopePath::in_workspace(path))
    }
}

impl From<CommandLine> for Resource {
    fn from(command: CommandLine) -> Self {
        Self::Command(command)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Path(path) => write!(f, "path:{path}"),
            Self::Url(url) => write!(f, "url:{url}"),
            Self::Command(command) => write!(f, "command:{command}"),
            Self::Provider(name) => write!(f, "provider:{name}"),
            Self::MemoryScope(name) => write!(f, "memory:{name}"),
            Self::Any => f.write_str("any"),
        }
    }
}

/// A path in the workspace or on the machine, by component. `..` and `.` are refused, so a path cannot mean
/// another one than it says; links are the business of whoever opens it.
///
/// Written `src/lib.rs`, `/etc/hosts`, `.` for the root of the workspace and `/` for that of the machine.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct ScopePath {
    is_absolute: bool,
    path: RelPath,
}

impl ScopePath {
    /// A path inside the workspace.
    #[must_use]
    pub fn in_workspace(path: RelPath) -> Self {
        Self { is_absolute: false, path }
    }

    /// Reads the written form.
    ///
    /// # Errors
    ///
    /// [`ResourceErrorKind::BadPath`] for an empty text, `..`, empty components, NUL, and what
    /// [`RelPath::new`] refuses.
    pub fn parse(text: &str) -> Result<Self, ResourceError> {
        let bad = || ResourceError::new(ResourceErrorKind::BadPath, text);
        let (is_absolute, rest) = match text.strip_prefix('/') {
            Some(rest) => (true, rest),
            None if text.is_empty() => return Err(bad()),
            None => (false, if text == "." { "" } else { text }),
        };
        let path = RelPath::new(rest).map_err(|_| bad())?;
        Ok(Self { is_absolute, path })
    }

    /// Whether it is the root of the machine: everything that has a path.
    #[must_use]
    pub fn is_whole_machine(&self) -> bool {
        self.is_absolute && self.path == RelPath::root()
    }

    /// The path in the workspace, for one that lies in it by its form.
    #[must_use]
    pub fn workspace_path(&self) -> Option<&RelPath> {
        (!self.is_absolute).then_some(&self.path)
    }

    /// Whether `other` is this path or lies below it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.is_absolute == other.is_absolute && other.path.starts_with(&self.path)
    }
}

impl fmt::Display for ScopePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_absolute, self.path.as_str()) {
            (false, "") => f.write_str("."),
            (false, path) => f.write_str(path),
            (true, path) => write!(f, "/{path}"),
        }
    }
}

impl TryFrom<String> for ScopePath {
    type Error = ResourceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ScopePath> for String {
    fn from(path: ScopePath) -> Self {
        path.to_string()
    }
}

/// Why a text is no resource.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{} is not {}", excerpt(.text), .kind.wanted())]
pub struct ResourceError {
    kind: ResourceErrorKind,
    text: String,
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ResourceErrorKind {
    /// Not a path without `.`, `..` and empty components.
    BadPath,
    /// Not a URL of scheme, host, port and plain path.
    BadUrl,
}

impl ResourceErrorKind {
    fn wanted(self) -> &'static str {
        match self {
            Self::BadPath => "a path without `.`, `..` and empty components",
            Self::BadUrl => "a url of scheme, host, port and plain path",
        }
    }
}

impl ResourceError {
    fn new(kind: ResourceErrorKind, text: &str) -> Self {
        Self { kind, text: text.to_owned() }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ResourceErrorKind {
        self.kind
    }
}

/// A text from outside, short enough for a message.
fn excerpt(text: &str) -> String {
    format!("{:?}", &text[..text.floor_char_boundary(120)])
}
