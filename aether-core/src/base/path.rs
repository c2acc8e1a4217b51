//! Paths inside a repository, the same text on every system.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A path relative to the root of a repository.
///
/// Components are separated by `/`; there is no leading or trailing `/`, no `.`, no `..` and no
/// empty component, so it cannot leave the repository. A byte of a file name that is not UTF-8 is
/// written `\xNN` and a backslash `\\`, so every file name survives a round trip
/// ([`RelPath::from_bytes`], [`RelPath::to_bytes`]). The empty path is the root.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// let path = RelPath::from_bytes(b"src/caf\xe9.rs")?;
/// assert_eq!(path.as_str(), r"src/caf\xe9.rs");
/// assert_eq!(path.to_bytes(), b"src/caf\xe9.rs");
/// assert!(RelPath::new("../secret").is_err());
/// # Ok::<(), aether_core::base::RelPathError>(())
/// ```
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct RelPath(String);

impl RelPath {
    /// Takes a path that is already in the written form.
    ///
    /// # Errors
    ///
    /// Every [`RelPathErrorKind`].
    pub fn new(text: impl Into<String>) -> Result<Self, RelPathError> {
        let text = text.into();
        if text.is_empty() {
            return Ok(Self(text));
        }
        if text.contains('\0') {
            return Err(RelPathError::new(RelPathErrorKind::Nul, &text));
        }
        if text.starts_with('/') {
            return Err(RelPathError::new(RelPathErrorKind::Absolute, &text));
        }
        for component in text.split('/') {
            let kind = match component {
                "" | "." => RelPathErrorKind::EmptyComponent,
                ".." => RelPathErrorKind::Escapes,
                _ => continue,
            };
            return Err(RelPathError::new(kind, &text));
        }
        if decode(&text).is_none() {
            return Err(RelPathError::new(RelPathErrorKind::BadEscape, &text));
        }
        Ok(Self(text))
    }

    /// Takes the bytes of a path whose components are separated by `/`.
    ///
    /// # Errors
    ///
    /// Every [`RelPathErrorKind`] but `BadEscape`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RelPathError> {
        Self::new(encode(bytes))
    }

    /// The root of the repository.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// The written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes of the path on disk, components separated by `/`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // The constructor refused whatever does not decode.
        decode(&self.0).unwrap_or_default()
    }

    /// The last component, or `None` at the root.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.0.rsplit('/').next().filter(|name| !name.is_empty())
    }

    /// The folder that holds this path; the root for a path of one component.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()))
    }

    /// Appends `tail`, in the written form, resolving `.`, `..` and empty components against this
    /// path.
    ///
    /// # Errors
    ///
    /// [`RelPathErrorKind::Escapes`] when `..` leads out of the repository,
    /// [`RelPathErrorKind::Absolute`] when `tail` starts with `/`, and what [`RelPath::new`] refuses.
    ///
    /// # Examples
    ///
    /// ```
    /// # use aether_core::base::RelPath;
    /// let folder = RelPath::new("src/io")?;
    /// assert_eq!(folder.join("../lib.rs")?.as_str(), "src/lib.rs");
    /// assert!(folder.join("../../../etc").is_err());
    /// # Ok::<(), aether_core::base::RelPathError>(())
    /// ```
    pub fn join(&self, tail: &str) -> Result<Self, RelPathError> {
        if tail.starts_with('/') {
            return Err(RelPathError::new(RelPathErrorKind::Absolute, tail));
        }
        let mut components: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        for part in tail.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    if components.pop().is_none() {
                        return Err(RelPathError::new(RelPathErrorKind::Escapes, tail));
                    }
                }
                name => components.push(name),
            }
        }
        Self::new(components.join("/"))
    }

    /// Whether this path is `folder` or lies below it.
    #[must_use]
    pub fn starts_with(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self.0.strip_prefix(&folder.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn encode(bytes: &[u8]) -> String {
    use fmt::Write as _;

    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character == '\\' {
                out.push_str("\\\\");
            } else {
                out.push(character);
            }
        }
        for byte in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = &rest[at + 1..];
        if let Some(tail) = escape.strip_prefix('\\') {
            out.push(b'\\');
            rest = tail;
        } else {
            let digits = escape.strip_prefix('x')?;
            let mut byte = [0];
            super::hash::read_hex(digits.get(..2)?, &mut byte)?;
            out.extend_from_slice(&byte);
            rest = &digits[2..];
        }
    }
    out.extend_from_slice(rest.as_bytes());
    // One path has one written form: an escape of bytes that are UTF-8 is not it.
    (encode(&out) == text).then_some(out)
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl TryFrom<String> for RelPath {
    type Error = RelPathError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<RelPath> for String {
    fn from(path: RelPath) -> Self {
        path.0
    }
}

/// Why a text is not a path inside a repository.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("path {text:?} {reason}", reason = kind.reason())]
pub struct RelPathError {
    kind: RelPathErrorKind,
    text: String,
}

impl RelPathError {
    fn new(kind: RelPathErrorKind, text: &str) -> Self {
        Self { kind, text: text.to_owned() }
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> RelPathErrorKind {
        self.kind
    }
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RelPathErrorKind {
    /// Starts at the root of the file system.
    Absolute,
    /// Leads out of the repository.
    Escapes,
    /// Holds an empty component or `.`.
    EmptyComponent,
    /// Holds a NUL byte.
    Nul,
    /// Holds a backslash that is not a valid escape.
    BadEscape,
}

impl RelPathErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::Absolute => "is absolute",
            Self::Escapes => "leads out of the repository",
            Self::EmptyComponent => "has an empty component",
            Self::Nul => "holds a NUL byte",
            Self::BadEscape => "holds an invalid escape",
        }
    }
}
