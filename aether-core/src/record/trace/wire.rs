//! How anchors are written in a trace: the members of each object in the order of their names, and none
//! that is unknown.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{ByteSpan, LineSpan, RelPath, Sha256Hash};
use crate::code::{Anchor, AnchorTarget};

/// An anchor as a trace writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceAnchor"))]
pub(super) struct Written {
    /// File.
    file: RelPath,
    /// Hash of the cited bytes.
    hash: Sha256Hash,
    /// Lines of the citation, from 1.
    lines: Lines,
    /// Bytes of the citation.
    span: Span,
    /// What of the file.
    target: AnchorTarget,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceLines"))]
struct Lines {
    /// First line, from 1.
    first: u32,
    /// Last line, inclusive.
    last: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "TraceSpan"))]
struct Span {
    /// One past the last byte.
    end: u32,
    /// First byte.
    start: u32,
}

impl From<Written> for Anchor {
    fn from(written: Written) -> Self {
        Self {
            file: written.file,
            target: written.target,
            // Not `ByteSpan::new`, which would mend an end before the start: the rules name it.
            span: ByteSpan { start: written.span.start, end: written.span.end },
            lines: LineSpan { first: written.lines.first, last: written.lines.last },
            hash: written.hash,
        }
    }
}

#[derive(Serialize)]
struct Borrowed<'a> {
    file: &'a RelPath,
    hash: Sha256Hash,
    lines: Lines,
    span: Span,
    target: &'a AnchorTarget,
}

pub(super) fn serialize<S: Serializer>(anchors: &[Anchor], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(anchors.iter().map(|anchor| Borrowed {
        file: &anchor.file,
        hash: anchor.hash,
        lines: Lines { first: anchor.lines.first, last: anchor.lines.last },
        span: Span { end: anchor.span.end, start: anchor.span.start },
        target: &anchor.target,
    }))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Anchor>, D::Error> {
    Ok(Vec::<Written>::deserialize(deserializer)?.into_iter().map(Anchor::from).collect())
}
