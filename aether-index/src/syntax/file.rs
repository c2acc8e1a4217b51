//! One file: read, compared with the index, parsed and searched.

use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::Path;

use aether_core::base::ByteSpan;
use aether_core::code::{SyntaxLimit, SyntaxQuery};
use aether_core::port::FileStamp;
use tree_sitter::{Node, Parser, QueryCursor, QueryCursorOptions, QueryCursorState, StreamingIterator as _};

use super::pattern::{Compiled, Pattern};
use super::{MAX_ANSWER_BYTES, RECORD_BYTES, Stop};
use crate::contents::open_file;
use crate::discover::{find_file, on_disk};
use crate::facts::parse_until;
use crate::options::IndexOptions;

/// Most matches of one file that are followed at once. Each of them costs at every node, so it decides
/// how slow the worst pattern is.
const MAX_STATES: u32 = 512;
/// Most work on one file, in units of tree-sitter's: the entering or leaving of a node, and as much for
/// each match that is followed. Where nobody looks at a clock it ends what would not end: after seconds
/// for most patterns, minutes for the worst. A file of 2 MiB needs a tenth of it for usual patterns.
const MAX_WORK: u64 = 100_000_000;
/// Units of work between two calls of the callback (`WORK_PER_QUERY_CALLBACK_CHECK` of tree-sitter).
const WORK_PER_CALL: u64 = 1000;
/// Bytes of texts that predicates compare between two questions for the time.
const COMPARED_BYTES: u64 = 1024 * 1024;

/// What became of a file.
#[derive(Debug)]
pub(super) enum Outcome {
    Searched(Searched),
    /// Too large, or of a dialect that has not what the pattern names.
    Skipped,
    Unreadable,
    /// It is not what the index knows.
    Changed,
    /// The search had to end before it.
    NotBegun,
}

/// A file that was searched.
#[derive(Debug)]
pub(super) struct Searched {
    /// Kept for the anchors; empty when nothing was found.
    pub(super) text: String,
    /// In the order of place and pattern.
    pub(super) found: Vec<Found>,
    pub(super) reached: Vec<SyntaxLimit>,
}

/// A match; never without captures.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) pattern: u32,
    pub(super) captures: Vec<Captured>,
}

/// A captured node: the number of its name, its kind, its bytes.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) name: u32,
    pub(super) kind: u16,
    pub(super) span: ByteSpan,
}

impl Found {
    /// Bytes of the answer that it takes, about.
    pub(super) fn cost(&self, query: &SyntaxQuery) -> u64 {
        let cost =
            |captured: &Captured| RECORD_BYTES + u64::from(captured.span.len().min(query.max_text_bytes));
        self.captures.iter().map(cost).sum()
    }

    fn of(pattern: usize, captures: &[tree_sitter::QueryCapture<'_>]) -> Option<Self> {
        let mut captures: Vec<Captured> = captures
            .iter()
            .map(|captured| Captured {
                name: captured.index,
                kind: captured.node.kind_id(),
                span: span(captured.node),
            })
            .collect();
        captures.sort_by_key(|captured| (captured.span.start, std::cmp::Reverse(captured.span.end)));
        (!captures.is_empty()).then_some(Self { pattern: pattern as u32, captures })
    }
}

fn span(node: Node<'_>) -> ByteSpan {
    ByteSpan::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// What a thread searches with.
pub(super) struct Reader<'s> {
    root: &'s Path,
    options: &'s IndexOptions,
    query: &'s SyntaxQuery,
    parser: Parser,
    cursor: QueryCursor,
}

impl<'s> Reader<'s> {
    pub(super) fn new(root: &'s Path, options: &'s IndexOptions, query: &'s SyntaxQuery) -> Self {
        let mut cursor = QueryCursor::new();
        cursor.set_match_limit(MAX_STATES);
        Self { root, options, query, parser: Parser::new(), cursor }
    }

    pub(super) fn search(&mut self, pattern: &Pattern, stamp: &FileStamp, stop: &Stop<'_>) -> Outcome {
        if stop.is_due() {
            return Outcome::NotBegun;
        }
        let Some((grammar, compiled)) = pattern.of(&stamp.path) else { return Outcome::Skipped };
        let text = match self.read(stamp) {
            Ok(text) => text,
            Err(missed) => return missed,
        };
        if self.parser.set_language(grammar.parser()).is_err() {
            return Outcome::Skipped;
        }
        match parse_until(&mut self.parser, &text, &mut || stop.is_due()) {
            Some(tree) => Outcome::Searched(self.matches(compiled, tree.root_node(), text, stop)),
            None => {
                // Else the next text would be taken for the rest of this one.
                self.parser.reset();
                Outcome::NotBegun
            }
        }
    }

    /// The text that the index knows.
    fn read(&self, stamp: &FileStamp) -> Result<String, Outcome> {
        let Some(Some(found)) = find_file(self.root, &stamp.path) else { return Err(Outcome::Changed) };
        let limit = self.options.limits.max_file_bytes.min(u64::from(u32::MAX));
        let file = open_file(&on_disk(self.root, &stamp.path)).map_err(|_| Outcome::Unreadable)?;
        let mut bytes = Vec::with_capacity(found.size_bytes.min(limit) as usize);
        // One byte more than allowed, to notice what has grown since it was found.
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| Outcome::Unreadable)?;
        if bytes.len() as u64 > limit {
            return Err(Outcome::Skipped);
        }
        if <[u8; 32]>::from(blake3::hash(&bytes)) != stamp.content_hash {
            return Err(Outcome::Changed);
        }
        String::from_utf8(bytes).map_err(|_| Outcome::Unreadable)
    }

    fn matches(&mut self, compiled: &Compiled, root: Node<'_>, text: String, stop: &Stop<'_>) -> Searched {
        let mut reached = Vec::new();
        let mut work = 0;
        let mut ended = None;
        let mut ask = |_: &QueryCursorState| {
            work += WORK_PER_CALL;
            if stop.is_due() {
                ended = Some(SyntaxLimit::Time);
            } else if work >= MAX_WORK {
                ended = Some(SyntaxLimit::Work);
            }
            if ended.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = QueryCursorOptions::new().progress_callback(&mut ask);
        let mut found = Vec::new();
        let mut left = MAX_ANSWER_BYTES;
        let mut compared = 0;
        let mut matches = self.cursor.matches_with_options(&compiled.query, root, text.as_bytes(), options);
        // One match beyond the limit tells that there are more.
        while found.len() <= self.query.limit as usize
            && left > 0
            && let Some(next) = matches.next()
        {
            let (pattern, captures) = (next.pattern_index, next.captures());
            let mut predicates = compiled.predicates.get(pattern).into_iter().flatten();
            if !predicates.all(|predicate| predicate.holds(captures, &text)) {
                // Between two calls of the callback, many long texts can be compared.
                compared += captures.iter().map(|captured| u64::from(span(captured.node).len())).sum::<u64>();
                if compared >= COMPARED_BYTES {
                    compared = 0;
                    if stop.is_due() {
                        reached.push(SyntaxLimit::Time);
                        break;
                    }
                }
                continue;
            }
            let Some(next) = Found::of(pattern, captures) else { continue };
            left = left.saturating_sub(next.cost(self.query));
            found.push(next);
        }
        drop(matches);
        reached.extend(ended);
        if self.cursor.did_exceed_match_limit() {
            reached.push(SyntaxLimit::States);
        }
        found.sort_by_key(|found| (found.captures[0].span.start, found.pattern));
        let text = if found.is_empty() { String::new() } else { text };
        Searched { text, found, reached }
    }
}
