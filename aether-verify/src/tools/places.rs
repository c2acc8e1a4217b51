//! Places as a tool tells them, and as the files have them.

use std::path::{Path, PathBuf};

use aether_core::base::RelPath;
use serde_json::{Value, json};

/// A place in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct ToolPosition {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl ToolPosition {
    /// A place.
    #[must_use]
    pub fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }
}

/// A part of a text, from its first place to the one behind its last.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct TextRange {
    /// Where it begins.
    pub start: ToolPosition,
    /// Where it ends; not included.
    pub end: ToolPosition,
}

impl TextRange {
    /// A part.
    #[must_use]
    pub fn new(start: ToolPosition, end: ToolPosition) -> Self {
        Self { start, end }
    }
}

/// A part of a file.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct ToolLocation {
    /// The file below the root; `None` for one elsewhere, such as of the standard library.
    pub file: Option<RelPath>,
    /// Its absolute path.
    pub path: PathBuf,
    /// The part.
    pub range: TextRange,
}

/// A change that a tool proposes.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct QuickFix {
    /// What it does, in words.
    pub title: String,
    /// Whether the tool prefers it.
    pub is_preferred: bool,
    /// Parts of files, and what is to stand there.
    pub edits: Vec<(ToolLocation, String)>,
}

/// How columns are counted on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    fn units(self, character: char) -> u32 {
        match self {
            Self::Utf8 => character.len_utf8() as u32,
            Self::Utf16 => character.len_utf16() as u32,
        }
    }
}

/// A place on the wire, from 0, of a place in `text`.
pub(super) fn to_wire(text: &str, at: ToolPosition, encoding: Encoding) -> Value {
    let line = text.lines().nth(at.line.saturating_sub(1) as usize).unwrap_or_default();
    let before = line.chars().take(at.column.saturating_sub(1) as usize);
    let column: u32 = before.map(|character| encoding.units(character)).sum();
    json!({ "line": at.line.saturating_sub(1), "character": column })
}

fn from_wire(text: &str, place: &Value, encoding: Encoding) -> Option<ToolPosition> {
    let line = u32::try_from(place["line"].as_u64()?).ok()?;
    let wanted = u32::try_from(place["character"].as_u64()?).ok()?;
    let held = text.lines().nth(line as usize).unwrap_or_default();
    let mut column = 1;
    let mut units = 0;
    for character in held.chars() {
        if units >= wanted {
            break;
        }
        units += encoding.units(character);
        column += 1;
    }
    Some(ToolPosition { line: line.checked_add(1)?, column })
}

/// A part of a file on the wire. Its text is read to count columns; a file that cannot be read counts each unit.
pub(super) fn location(root: &Path, uri: &Value, range: &Value, encoding: Encoding) -> Option<ToolLocation> {
    let path = path_of(uri.as_str()?)?;
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let range = TextRange {
        start: from_wire(&text, &range["start"], encoding)?,
        end: from_wire(&text, &range["end"], encoding)?,
    };
    let below = path.strip_prefix(root).ok();
    let file = below.and_then(|path| RelPath::new(path.to_str()?).ok());
    Some(ToolLocation { file, path, range })
}

/// `file:///a%20b` of `/a b`.
pub(super) fn uri_of(path: &Path) -> String {
    let mut uri = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn path_of(uri: &str) -> Option<PathBuf> {
    let mut rest = uri.strip_prefix("file://")?.bytes();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = PathBuf::from(String::from_utf8(bytes).ok()?);
    path.is_absolute().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_the_wire_does() {
        let text = "a\n\u{e9}\u{1F980}x = 1\n";
        for (encoding, expected) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3)] {
            let place = to_wire(text, ToolPosition::new(2, 3), encoding);
            assert_eq!(place, json!({ "line": 1, "character": expected }));
            assert_eq!(from_wire(text, &place, encoding), Some(ToolPosition::new(2, 3)));
        }
        assert_eq!(
            to_wire(text, ToolPosition::new(9, 9), Encoding::Utf8),
            json!({ "line": 8, "character": 0 })
        );
        assert_eq!(from_wire(text, &json!({ "line": -1, "character": 0 }), Encoding::Utf8), None);
        assert_eq!(from_wire(text, &json!({ "line": u64::MAX, "character": 0 }), Encoding::Utf8), None);
    }

    #[test]
    fn paths_are_written_as_addresses() {
        for path in ["/a b/\u{e9}%.rs", "/plain/src/lib.rs"] {
            assert_eq!(path_of(&uri_of(Path::new(path))), Some(PathBuf::from(path)));
        }
        for uri in ["http://a/b", "file://a", "file:///%", "file:///%zz", "file:///%ff", ""] {
            assert_eq!(path_of(uri), None, "{uri}");
        }
    }
}
