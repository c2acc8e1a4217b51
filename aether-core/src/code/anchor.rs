//! Anchors: verified places that a claim cites.

use std::ops::Range;

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

/// What an anchor points at inside its file. An old reader takes an unknown value for an error, so a
/// new one comes with a new schema version.
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
        let first = 1 + count_breaks(&text[..span.start as usize]);
        // The break that ends the citation ends its last line and begins no other.
        let last = first + count_breaks(cited.strip_suffix('\n').unwrap_or(cited));
        let hash = Sha256Hash::of(cited.as_bytes());
        Ok(Self { file, target, span, lines: LineSpan { first, last }, hash })
    }

    /// Finds the cited bytes in `text`, the present content of the file: first at the byte where they
    /// were, then at the nearest line where they stand.
    ///
    /// Away from its old byte, a citation is found only as whole words: neither end may lie inside a
    /// word of the text. Near means by lines, from the first line it had. The search hashes at most
    /// 64 MiB, nearest places first, so that a hostile text costs a bounded time; a citation of 10 KB
    /// in a file of 2 MiB stays far below that.
    ///
    /// # Errors
    ///
    /// [`AnchorErrorKind::Changed`] when they are nowhere, or not among the places that were hashed;
    /// [`AnchorErrorKind::Ambiguous`] when two places are equally near.
    pub fn locate(&self, text: &str) -> Result<ByteSpan, AnchorError> {
        let len = self.span.len() as usize;
        let old = self.span.start as usize;
        if self.is_at(text, old) {
            return Ok(ByteSpan::new(self.span.start, self.span.start + self.span.len()));
        }
        if len == 0 || len > text.len() {
            return Err(AnchorError(AnchorErrorKind::Changed));
        }
        let lines = Lines::of(text);
        // Beyond the end, all lines lie on one side: their order by distance is the same.
        let old_line = (self.lines.first as usize).saturating_sub(1).min(lines.count() - 1);
        let breaks = self.lines.last.saturating_sub(self.lines.first) as usize;
        let mut budget = MAX_HASHED_BYTES;
        for distance in 0..lines.count() {
            let above = old_line.checked_sub(distance);
            let below = (distance > 0).then(|| old_line + distance);
            let mut found = None;
            for line in above.into_iter().chain(below) {
                for start in lines.starts_of(line, breaks, len) {
                    if !is_whole_words(text, start, start + len) {
                        continue;
                    }
                    budget = budget.saturating_sub(len.max(64));
                    if budget == 0 {
                        return Err(AnchorError(AnchorErrorKind::Changed));
                    }
                    if self.is_at(text, start) && found.replace(start).is_some() {
                        return Err(AnchorError(AnchorErrorKind::Ambiguous));
                    }
                }
            }
            if let Some(start) = found.and_then(|start| u32::try_from(start).ok()) {
                return Ok(ByteSpan::new(start, start.saturating_add(self.span.len())));
            }
        }
        Err(AnchorError(AnchorErrorKind::Changed))
    }

    fn is_at(&self, text: &str, start: usize) -> bool {
        start
            .checked_add(self.span.len() as usize)
            .and_then(|end| text.get(start..end))
            .is_some_and(|cited| Sha256Hash::of(cited.as_bytes()) == self.hash)
    }
}

/// Most bytes that one search hashes: about a third of a second without hardware support.
const MAX_HASHED_BYTES: usize = 64 * 1024 * 1024;

/// Where each line of a text starts, the end of the text behind them.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let mut starts: Vec<usize> = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        starts.push(text.len());
        Self(starts)
    }

    fn count(&self) -> usize {
        self.0.len() - 1
    }

    /// The bytes of `line` at which a citation of `len` bytes and `breaks` line breaks, one at its
    /// very end left out, may start: its last byte lies `breaks` lines further down.
    fn starts_of(&self, line: usize, breaks: usize, len: usize) -> Range<usize> {
        let bounds = |line: usize| Some((*self.0.get(line)?, *self.0.get(line.checked_add(1)?)?));
        let last = line.checked_add(breaks).and_then(bounds);
        let (Some((start, end)), Some((last_start, last_end))) = (bounds(line), last) else { return 0..0 };
        start.max((last_start + 1).saturating_sub(len))..end.min((last_end + 1).saturating_sub(len))
    }
}

/// Whether neither end of `start..end` lies inside a character or a word.
fn is_whole_words(text: &str, start: usize, end: usize) -> bool {
    let (Some(before), Some(cited), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return false;
    };
    let is_word = |character: Option<char>| character.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let splits = |left: &str, right: &str| is_word(left.chars().next_back()) && is_word(right.chars().next());
    !splits(before, cited) && !splits(cited, after)
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
