//! All edges that start in one file, as one blob.
//!
//! A row per edge would cost an index four times the writing time and three times the space. Inside
//! a block texts are kept once, and everything else is a step from the edge before. Who leads *to* a
//! symbol is answered by the lookup table, which names the files whose blocks to read.

use aether_core::code::{Confidence, EdgeKind, Resolution};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::codec::{Reader, put, put_signed, put_text};
use crate::error::Outcome;
use crate::rows::blob;

/// Where a stored edge leads.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Target<'a> {
    /// Key of a symbol.
    Symbol(i64),
    /// Canonical path.
    External(&'a str),
    /// Nowhere.
    Unresolved,
}

/// A stored edge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct StoredEdge<'a> {
    /// Key of the symbol it starts at.
    pub(crate) source: i64,
    pub(crate) kind: EdgeKind,
    pub(crate) at: u32,
    pub(crate) line: u32,
    pub(crate) target: Target<'a>,
    pub(crate) confidence: Confidence,
    pub(crate) resolution: Resolution,
    pub(crate) text: &'a str,
}

impl StoredEdge<'_> {
    /// This edge with a target that is not known (any more).
    pub(crate) fn unresolved(self) -> Self {
        Self {
            target: Target::Unresolved,
            confidence: Confidence::default(),
            resolution: Resolution::Unresolved,
            ..self
        }
    }

    /// The identifier by which an unresolved call is found again.
    pub(crate) fn unresolved_call_name(&self) -> Option<&str> {
        (is_call(self.kind) && self.target == Target::Unresolved).then(|| last_identifier(self.text))
    }
}

/// Whether an edge counts as a call: the edge of a test to what it calls is one as well, but it
/// stands beside the `calls` edge of the same site.
pub(crate) fn is_call(kind: EdgeKind) -> bool {
    kind == EdgeKind::Calls
}

/// The last identifier of a callee: `push` in `self.queue.push`, `new` in `Vec::<u8>::new`.
pub(crate) fn last_identifier(text: &str) -> &str {
    let is_identifier = |character: char| character.is_alphanumeric() || character == '_';
    // A macro is called with `!`, a turbofish may follow the name.
    let mut end = text.len();
    let mut depth = 0_u32;
    for (at, character) in text.char_indices().rev() {
        match character {
            '>' => depth += 1,
            '<' if depth > 0 => depth -= 1,
            _ if depth == 0 && is_identifier(character) => {
                end = at + character.len_utf8();
                break;
            }
            _ => {}
        }
        end = at;
    }
    let head = &text[..end];
    let start = head
        .char_indices()
        .rev()
        .take_while(|&(_, character)| is_identifier(character))
        .last()
        .map_or(end, |(at, _)| at);
    &head[start..]
}

/// Writes a block: texts, then groups of edges with the same source; nothing when there are none.
///
/// Edges come sorted as they are to be read back: by the position of their source, then by site.
pub(crate) fn write<'a>(edges: &[StoredEdge<'a>], out: &mut Vec<u8>) {
    if edges.is_empty() {
        return;
    }
    let mut indexes: FxHashMap<&str, u64> = FxHashMap::default();
    let mut texts: Vec<&str> = Vec::new();
    let mut intern = |text: &'a str| {
        *indexes.entry(text).or_insert_with(|| {
            texts.push(text);
            texts.len() as u64 - 1
        })
    };
    let mut body = Vec::with_capacity(edges.len() * 12);
    let mut last_source = 0;
    for group in edges.chunk_by(|a, b| a.source == b.source) {
        let source = group[0].source;
        put_signed(&mut body, source - last_source);
        put(&mut body, group.len() as u64);
        last_source = source;
        let (mut at, mut line) = (0_u32, 0_u32);
        for edge in group {
            body.push(edge.kind as u8 | (edge.resolution as u8) << 4);
            let tag = match edge.target {
                Target::Symbol(_) => 0,
                Target::External(_) => 1,
                Target::Unresolved => 2,
            };
            put(&mut body, u64::from(edge.confidence.thousandths()) << 2 | tag);
            put_signed(&mut body, i64::from(edge.at) - i64::from(at));
            put_signed(&mut body, i64::from(edge.line) - i64::from(line));
            (at, line) = (edge.at, edge.line);
            put(&mut body, intern(edge.text));
            match edge.target {
                Target::Symbol(key) => put_signed(&mut body, key - source),
                Target::External(path) => put(&mut body, intern(path)),
                Target::Unresolved => {}
            }
        }
    }
    put(out, texts.len() as u64);
    for text in texts {
        put_text(out, text);
    }
    out.extend_from_slice(&body);
}

/// Reads a block and hands over each edge in order; `None` when it is damaged.
pub(crate) fn read<'a>(bytes: &'a [u8], mut visit: impl FnMut(StoredEdge<'a>)) -> Option<()> {
    if bytes.is_empty() {
        return Some(());
    }
    let mut reader = Reader::new(bytes);
    let count = usize::try_from(reader.unsigned()?).ok()?;
    let mut texts = Vec::with_capacity(count.min(reader.remaining()));
    for _ in 0..count {
        texts.push(reader.text()?);
    }
    let text_at = |index: u64| texts.get(usize::try_from(index).ok()?).copied();
    let mut source = 0_i64;
    while !reader.is_empty() {
        source = source.checked_add(reader.signed()?)?;
        let (mut at, mut line) = (0_i64, 0_i64);
        for _ in 0..reader.unsigned()? {
            let head = reader.byte()?;
            let tagged = reader.unsigned()?;
            at = at.checked_add(reader.signed()?)?;
            line = line.checked_add(reader.signed()?)?;
            let text = text_at(reader.unsigned()?)?;
            let target = match tagged & 3 {
                0 => Target::Symbol(source.checked_add(reader.signed()?)?),
                1 => Target::External(text_at(reader.unsigned()?)?),
                2 => Target::Unresolved,
                _ => return None,
            };
            visit(StoredEdge {
                source,
                kind: EdgeKind::from_number(head & 0x0f)?,
                at: u32::try_from(at).ok()?,
                line: u32::try_from(line).ok()?,
                target,
                confidence: Confidence::try_from(u16::try_from(tagged >> 2).ok()?).ok()?,
                resolution: Resolution::from_number(head >> 4)?,
                text,
            });
        }
    }
    Some(())
}

/// The block of a file; empty when it has no edges.
pub(crate) fn load(connection: &Connection, file: i64) -> Outcome<Vec<u8>> {
    let mut statement = connection.prepare_cached("SELECT data FROM edges WHERE file = ?1")?;
    let mut found = statement.query([file])?;
    match found.next()? {
        Some(row) => Ok(blob(row.get_ref(0)?)?.to_vec()),
        None => Ok(Vec::new()),
    }
}

/// Reads a block into a list.
pub(crate) fn read_all(bytes: &[u8]) -> Option<Vec<StoredEdge<'_>>> {
    let mut edges = Vec::new();
    read(bytes, |edge| edges.push(edge))?;
    Some(edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge<'a>(source: i64, at: u32, target: Target<'a>, text: &'a str) -> StoredEdge<'a> {
        StoredEdge {
            source,
            kind: EdgeKind::Calls,
            at,
            line: at / 10,
            target,
            confidence: Confidence::from_thousandths(950),
            resolution: Resolution::Path,
            text,
        }
    }

    fn edges() -> Vec<StoredEdge<'static>> {
        vec![
            edge(7, 40, Target::Symbol(3), "a::b"),
            edge(7, 12, Target::External("std::fs::read"), "fs::read"),
            edge(2, 4_000_000_000, Target::Symbol(99_000_000), "a::b"),
            edge(2, 0, Target::Unresolved, "").unresolved(),
        ]
    }

    #[test]
    fn survives_a_round_trip() {
        let mut bytes = Vec::new();
        write(&edges(), &mut bytes);
        assert_eq!(read_all(&bytes), Some(edges()));
    }

    #[test]
    fn bytes_are_the_documented_ones() {
        let mut bytes = Vec::new();
        write(&[], &mut bytes);
        assert!(bytes.is_empty());
        let edges = [
            edge(7, 40, Target::Symbol(3), "a"),
            edge(7, 12, Target::External("b"), "a"),
            edge(2, 0, Target::Unresolved, "a").unresolved(),
        ];
        write(&edges, &mut bytes);
        let texts = [2, 1, b'a', 1, b'b'];
        let to_symbol = [0x11, 0xd8, 0x1d, 80, 8, 0, 7];
        let outside = [0x11, 0xd9, 0x1d, 55, 5, 0, 1];
        let nowhere = [0x81, 2, 0, 0, 0];
        let expected = [&texts[..], &[14, 2], &to_symbol, &outside, &[9, 1], &nowhere].concat();
        assert_eq!(bytes, expected);
    }

    #[test]
    fn a_damaged_block_is_refused_or_read_without_panic() {
        let mut bytes = Vec::new();
        write(&edges(), &mut bytes);
        for cut in 1..bytes.len() {
            assert_ne!(read_all(&bytes[..cut]), Some(edges()));
            let mut damaged = bytes.clone();
            damaged[cut] ^= 0xff;
            let _ = read_all(&damaged);
        }
    }

    #[test]
    fn last_identifier_is_what_is_called() {
        for (text, expected) in [
            ("self.queue.push", "push"),
            ("new", "new"),
            ("Vec::<u8>::new", "new"),
            ("iter.collect::<Vec<_>>", "collect"),
            ("println!", "println"),
            ("<T as Trait>::make", "make"),
            ("größe", "größe"),
            ("", ""),
            ("(f)", "f"),
        ] {
            assert_eq!(last_identifier(text), expected, "{text}");
        }
    }
}
