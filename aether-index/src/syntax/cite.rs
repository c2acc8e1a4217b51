//! From matches of a file to what an answer says of them: names, texts, columns, anchors.

use aether_core::base::{ByteSpan, RelPath};
use aether_core::code::facts::FileFacts;
use aether_core::code::{Anchor, AnchorTarget, SymbolId, SyntaxCapture, SyntaxMatch, SyntaxQuery};

use super::Stop;
use super::file::{Captured, Found};
use super::pattern::Pattern;
use crate::ids::symbol_ids;

/// The matches of a file as an answer has them.
#[derive(Debug)]
pub(super) enum Cited {
    All(Vec<SyntaxMatch>),
    /// As many as there was time for.
    Some(Vec<SyntaxMatch>),
    /// The facts are no longer those of the text: the index moved on meanwhile.
    Changed,
}

/// Anchors the matches of `path`, whose content is `text`, in the symbols of `facts`.
pub(super) fn cite(
    pattern: &Pattern,
    path: &RelPath,
    text: &str,
    found: &[Found],
    facts: Option<&FileFacts>,
    query: &SyntaxQuery,
    stop: &Stop<'_>,
) -> Cited {
    let is_of_text =
        |facts: &&FileFacts| facts.symbols.first().is_some_and(|file| file.span.end as usize == text.len());
    let (Some(facts), Some((grammar, compiled))) = (facts.filter(is_of_text), pattern.of(path)) else {
        return Cited::Changed;
    };
    let symbols = Symbols::of(facts, symbol_ids(path, pattern.language(), facts));
    let capture = |captured: &Captured| {
        let target = AnchorTarget::Symbol(symbols.around(captured.span)?);
        // Nodes end where characters do, so their bytes can always be cited.
        let anchor = Anchor::new(path.clone(), target, text, captured.span).ok()?;
        let name = compiled.query.capture_names().get(captured.name as usize)?;
        let kind = grammar.parser().node_kind_for_id(captured.kind).unwrap_or("");
        let cited = clip(captured.span.slice(text)?, query.max_text_bytes as usize);
        Some(SyntaxCapture::new(*name, kind, cited, column(text, captured.span.start), anchor))
    };
    let mut matches = Vec::with_capacity(found.len());
    for found in found {
        if stop.is_due() {
            return Cited::Some(matches);
        }
        let captures: Vec<SyntaxCapture> = found.captures.iter().filter_map(capture).collect();
        if !captures.is_empty() {
            matches.push(SyntaxMatch::new(found.pattern, captures));
        }
    }
    Cited::All(matches)
}

/// The first bytes of a text, up to a character.
fn clip(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The column of a byte, from 1, in characters.
fn column(text: &str, offset: u32) -> u32 {
    let before = text.get(..offset as usize).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    line.chars().count() as u32 + 1
}

/// The symbols of a file by where they stand.
struct Symbols {
    /// By first byte, those around others before them.
    places: Vec<Place>,
}

struct Place {
    span: ByteSpan,
    id: SymbolId,
    /// The innermost place around it, which is not always the parent: a method may stand outside of its
    /// type.
    around: Option<usize>,
}

impl Symbols {
    fn of(facts: &FileFacts, ids: Vec<SymbolId>) -> Self {
        let mut places: Vec<Place> = facts
            .symbols
            .iter()
            .zip(ids)
            .map(|(symbol, id)| Place { span: symbol.span, id, around: None })
            .collect();
        // Stable, so the file stays in front of a symbol that is all of it.
        places.sort_by_key(|place| (place.span.start, std::cmp::Reverse(place.span.end)));
        let mut open: Vec<usize> = Vec::new();
        for at in 0..places.len() {
            while open.last().is_some_and(|&last| places[last].span.end < places[at].span.end) {
                open.pop();
            }
            places[at].around = open.last().copied();
            open.push(at);
        }
        Self { places }
    }

    /// The innermost symbol around some bytes; the file for bytes outside all others.
    fn around(&self, span: ByteSpan) -> Option<SymbolId> {
        let behind = self.places.partition_point(|place| place.span.start <= span.start);
        let mut at = behind.checked_sub(1);
        while let Some(place) = at.and_then(|at| self.places.get(at)) {
            if place.span.end >= span.end {
                return Some(place.id);
            }
            at = place.around;
        }
        self.places.first().map(|file| file.id)
    }
}
