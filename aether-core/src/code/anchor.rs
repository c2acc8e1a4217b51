//! Anchors: verified places that a claim cites.

use serde::{Deserialize, Serialize};

use super::SymbolId;
use crate::base::{ByteSpan, LineSpan, RelPath, Sha256Hash};

/// Version of the anchor records. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A place that a claim cites.
///
/// Its identity is the file and the symbol or heading in it; the hash only verifies, because equal
/// text may stand in many places.
///
/// # Examples
///
/// ```
/// use aether_core::base::{ByteSpan, RelPath};
/// use aether_core::code::{Anchor, AnchorTarget};
/// let text = "fn a() {}\nfn b() {}\n";
/// let target = AnchorTarget::Heading(vec!["b".to_owned()]);
/// let anchor = Anchor::new(RelPath::new("src/lib.rs")?, target, text, ByteSpan::new(10, 19))?;
/// assert_eq!(anchor.lines.first, 2);
/// // Lines were added above: the place moved and is found again.
/// let moved = format!("// new\n{text}");
/// assert_eq!(anchor.locate(&moved)?, ByteSpan::new(17, 26));
/// assert!(anchor.locate("fn a() {}").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Anchor {
    /// File.
    pub file: RelPath,
    /// What of the file.
    pub target: AnchorTarget,
    /// Bytes it had when it was made.
    pub span: ByteSpan,
    /// Lines it had when it was made, from 1.
    pub lines: LineSpan,
    /// Hash of the bytes it had when it was made.
    pub hash: Sha256Hash,
}

/// What an anchor points at inside its file.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnchorTarget {
    /// A symbol.
    Symbol(SymbolId),
    /// A section of a document, by its headings from the outermost.
    Heading(Vec<String>),
}

impl Anchor {
    /// Cites `span` of `text`, the content of `file`.
    ///
    /// # Errors
    ///
    /// [`AnchorErrorKind::OutOfRange`] when the span does not fit the text.
    pub fn new(file: RelPath, target: AnchorTarget, text: &str, span: ByteSpan) -> Result<Self, AnchorError> {
        let cited = span.slice(text).ok_or(AnchorError(AnchorErrorKind::OutOfRange))?;
        let first = line_at(text, span.start);
        let lines = LineSpan { first, last: first + count_breaks(cited.trim_end_matches('\n')) };
        Ok(Self { file, target, span, lines, hash: Sha256Hash::of(cited.as_bytes()) })
    }

    /// Finds the cited bytes in `text`, the present content of the file: first where they were, then
    /// at the nearest start of a line that has the same indentation and the same bytes.
    ///
    /// # Errors
    ///
    /// [`AnchorErrorKind::Changed`] when they are nowhere, [`AnchorErrorKind::Ambiguous`] when two
    /// places are equally near.
    pub fn locate(&self, text: &str) -> Result<ByteSpan, AnchorError> {
        if self.is_at(text, self.span.start) {
            return Ok(self.span);
        }
        let candidates: Vec<u32> = text
            .char_indices()
            .filter(|&(at, _)| {
                at == 0
                    || text.as_bytes()[at - 1] == b'\n'
                    || !text.as_bytes()[at - 1].is_ascii_alphanumeric()
            })
            .map(|(at, _)| at as u32)
            .filter(|&at| self.is_at(text, at))
            .collect();
        let distance = |at: u32| line_at(text, at).abs_diff(self.lines.first);
        let nearest = candidates.iter().copied().min_by_key(|&at| distance(at));
        let Some(start) = nearest else { return Err(AnchorError(AnchorErrorKind::Changed)) };
        if candidates.iter().filter(|&&at| distance(at) == distance(start)).count() > 1 {
            return Err(AnchorError(AnchorErrorKind::Ambiguous));
        }
        Ok(ByteSpan::new(start, start + self.span.len()))
    }

    fn is_at(&self, text: &str, start: u32) -> bool {
        let Some(end) = start.checked_add(self.span.len()) else { return false };
        ByteSpan::new(start, end)
            .slice(text)
            .is_some_and(|cited| Sha256Hash::of(cited.as_bytes()) == self.hash)
    }
}

fn line_at(text: &str, offset: u32) -> u32 {
    1 + count_breaks(text.get(..offset as usize).unwrap_or(text))
}

fn count_breaks(text: &str) -> u32 {
    text.bytes().filter(|&byte| byte == b'\n').count() as u32
}

/// Why an anchor does not resolve.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", .0.reason())]
pub struct AnchorError(AnchorErrorKind);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AnchorErrorKind {
    /// The span does not fit the text.
    OutOfRange,
    /// The cited bytes are not in the file any more.
    Changed,
    /// Two places match equally well.
    Ambiguous,
}

impl AnchorError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(self) -> AnchorErrorKind {
        self.0
    }
}

impl AnchorErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::OutOfRange => "span does not fit the text",
            Self::Changed => "cited text is not in the file any more",
            Self::Ambiguous => "cited text stands in two places that are equally near",
        }
    }
}
