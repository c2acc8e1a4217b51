//! A pattern as text: its predicates, and how often it repeats parts.

use std::ops::Range;

/// What a look at the text of a pattern tells, before it is compiled.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The names of predicates, without `#`, in their order.
    pub(super) predicates: Vec<Range<usize>>,
    /// How many marks of repetition each outermost pair of brackets has, those behind it included.
    pub(super) repetitions: Vec<usize>,
    /// Where a zero byte stands, itself or as `\0` in a string.
    pub(super) zero: Option<usize>,
}

/// Looks over `text`; notes and strings hold neither predicates nor marks.
pub(super) fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let zero = bytes.iter().position(|&byte| byte == 0);
    let mut found = Scan { repetitions: vec![0], zero, ..Scan::default() };
    let mut depth = 0_usize;
    // Whether nothing but white space lies behind an opening parenthesis: there a predicate begins.
    let mut is_first = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let was_first = std::mem::take(&mut is_first);
        match byte {
            b'"' => {
                let end = string_end(bytes, at);
                found.zero = found.zero.or_else(|| escaped_zero(&bytes[..end.min(bytes.len())], at));
                at = end;
            }
            b';' => {
                at = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end);
                is_first = was_first;
            }
            b'#' | b'.' if was_first => {
                let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.?!".contains(byte);
                let end = at + bytes[at..].iter().take_while(|byte| is_name(byte)).count();
                found.predicates.push(at..end);
                at = end;
            }
            b'(' | b'[' => {
                if depth == 0 {
                    found.repetitions.push(0);
                }
                depth += 1;
                is_first = byte == b'(';
            }
            b')' | b']' => depth = depth.saturating_sub(1),
            b'*' | b'+' | b'?' => {
                if let Some(last) = found.repetitions.last_mut() {
                    *last += 1;
                }
            }
            // White space as C has it.
            _ => is_first = was_first && matches!(byte, b' ' | b'\t'..=b'\r'),
        }
    }
    found
}

/// The byte behind the end of a string whose inside begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => break,
            b'\\' => at += 1,
            _ => {}
        }
    }
    at
}

/// Where `\0` stands in a string whose inside begins at `at`.
fn escaped_zero(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' {
            if bytes.get(at + 1) == Some(&b'0') {
                return Some(at);
            }
            at += 1;
        }
        at += 1;
    }
    None
}
