//! Parsing within bounds.

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// Bytes that the parser is handed at a time.
const CHUNK_BYTES: usize = 16 * 1024;
/// How often the parser may go over a text. Hand-written files of the measured corpora need less than
/// 2; a literal without an end, begun again and again, would be read to the end of the file each time.
const MAX_READINGS: usize = 16;

/// Parses `text` in time that is linear in its length: a text that would take longer ends where the
/// parser has read enough, and the rest of it is an error.
pub(crate) fn parse(parser: &mut Parser, text: &str) -> Option<Tree> {
    parse_with(parser, text, None)
}

/// The same, until `is_over` says that it is enough: then there is no tree, and the parser must be
/// reset.
pub(crate) fn parse_until(
    parser: &mut Parser,
    text: &str,
    is_over: &mut dyn FnMut() -> bool,
) -> Option<Tree> {
    let mut ask = |_: &ParseState| if is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    parse_with(parser, text, Some(ParseOptions::new().progress_callback(&mut ask)))
}

fn parse_with(parser: &mut Parser, text: &str, options: Option<ParseOptions<'_>>) -> Option<Tree> {
    let bytes = text.as_bytes();
    let mut left = (bytes.len() + CHUNK_BYTES) * MAX_READINGS;
    let mut read = |at: usize, _| {
        let chunk = bytes.get(at..bytes.len().min(at + CHUNK_BYTES)).unwrap_or(&[]);
        let is_enough = left < chunk.len();
        left = left.saturating_sub(chunk.len());
        if is_enough { &[] } else { chunk }
    };
    parser.parse_with_options(&mut read, None, options)
}
