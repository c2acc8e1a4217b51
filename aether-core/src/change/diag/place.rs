//! Where a diagnostic points, without anything of the machine that it was made on.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{ByteSpan, RelPath, Sha256Hash};
use crate::code::{Anchor, AnchorTarget};

/// A file, or what the compiler takes for one. An old reader takes an unknown form for an error, so a new
/// one comes with a new schema version.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Place {
    /// A file of the workspace.
    File(RelPath),
    /// A file of the standard library, such as `core/src/option.rs`.
    Std(RelPath),
    /// A file of a package that is not part of the workspace, such as `serde-1.0.228/src/lib.rs`.
    Package(RelPath),
    /// No file: what the compiler calls a text that a macro or a tool made, such as `<macro>`.
    Virtual(String),
    /// A file that is in none of these; only its name, because where it is says the machine.
    Elsewhere(String),
}

impl Place {
    /// The path, where it is a file of the workspace.
    #[must_use]
    pub fn file(&self) -> Option<&RelPath> {
        match self {
            Self::File(path) => Some(path),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{path}"),
            Self::Std(path) => write!(f, "<std>/{path}"),
            Self::Package(path) => write!(f, "<package>/{path}"),
            Self::Virtual(name) => write!(f, "{name}"),
            Self::Elsewhere(name) => write!(f, "<elsewhere>/{name}"),
        }
    }
}

/// A place in a text as people count it.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters (Unicode scalar values); a byte order mark counts for nothing.
    pub column: u32,
}

impl Position {
    /// A position.
    #[must_use]
    pub const fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }
}

/// One macro on the way from what the user wrote to what the compiler speaks of.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MacroStep {
    /// The macro, as the compiler writes it: `vec!`, `#[derive(Debug)]`, `desugaring of operator`.
    pub macro_name: String,
    /// Where the place inside of it is.
    pub place: Place,
    /// Its bytes there.
    pub bytes: ByteSpan,
    /// Where it begins.
    pub start: Position,
}

impl MacroStep {
    /// A step.
    #[must_use]
    pub fn new(macro_name: impl Into<String>, place: Place, bytes: ByteSpan, start: Position) -> Self {
        Self { macro_name: macro_name.into(), place, bytes, start }
    }
}

/// A place that a diagnostic is about.
///
/// What a macro made is told by the outermost call of it that stands in the workspace, which is what a user
/// wrote; the places inside are kept in [`DiagnosticSpan::expansion`].
///
/// # Examples
///
/// ```
/// use aether_core::base::{ByteSpan, RelPath};
/// use aether_core::change::{DiagnosticSpan, Place, Position};
/// let place = Place::File(RelPath::new("src/lib.rs")?);
/// let mut span = DiagnosticSpan::new(place, ByteSpan::new(8, 9), Position::new(1, 9), Position::new(1, 10));
/// span.set_lines(["let a = b;"]);
/// assert!(span.fits("let a = b;\nlet c = a;\n"));
/// assert!(!span.fits("let a = c;\n"));
/// # Ok::<(), aether_core::base::RelPathError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DiagnosticSpan {
    /// The file.
    pub place: Place,
    /// Its bytes, as the file has them on disk.
    pub bytes: ByteSpan,
    /// Where it begins.
    pub start: Position,
    /// One past where it ends.
    pub end: Position,
    /// Whether the diagnostic is about this place, or about another one that this one explains.
    pub is_primary: bool,
    /// What is said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// SHA-256 of its whole lines, without their ends, joined by line feeds. Absent where the compiler does
    /// not tell them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines_hash: Option<Sha256Hash>,
    /// The places inside of macros, from the innermost one, where this place is a call of a macro.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expansion: Vec<MacroStep>,
}

impl DiagnosticSpan {
    /// A place that is not primary and of whose text nothing is known.
    #[must_use]
    pub fn new(place: Place, bytes: ByteSpan, start: Position, end: Position) -> Self {
        Self {
            place,
            bytes,
            start,
            end,
            is_primary: false,
            label: None,
            lines_hash: None,
            expansion: Vec::new(),
        }
    }

    /// Notes the whole lines of the place, without their ends.
    pub fn set_lines<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        let lines: Vec<&str> = lines.into_iter().collect();
        self.lines_hash = (!lines.is_empty()).then(|| hash_of(&lines));
    }

    /// Whether `text`, the present content of the file, has the same lines here as when the compiler read
    /// it. Not where the compiler did not tell them.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let (Some(hash), Some(skipped)) = (self.lines_hash, self.start.line.checked_sub(1)) else {
            return false;
        };
        let Some(count) = self.end.line.checked_sub(skipped) else { return false };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // The compiler takes a carriage return before a line feed for a part of the end of a line.
        let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let lines: Vec<&str> = lines.skip(skipped as usize).take(count as usize).collect();
        lines.len() == count as usize && hash_of(&lines) == hash
    }

    /// Cites the place in `text`, the present content of the file, as a part of `target`. Nothing where the
    /// place is not a file of the workspace or its lines are not those that the compiler read.
    #[must_use]
    pub fn anchor(&self, target: AnchorTarget, text: &str) -> Option<Anchor> {
        let file = self.place.file()?;
        if !self.fits(text) {
            return None;
        }
        Anchor::new(file.clone(), target, text, self.bytes).ok()
    }
}

fn hash_of(lines: &[&str]) -> Sha256Hash {
    Sha256Hash::of(lines.join("\n").as_bytes())
}
