//! The words of a body that search reads.

use aether_core::base::ByteSpan;
use aether_core::code::SymbolKind;
use aether_core::code::facts::FileFacts;

/// Words of one body at most: what a search of very long functions would find is found by others.
const MAX_WORDS: usize = 400;

/// The distinct lower-case words of the body of each symbol, in order of first use; empty for
/// symbols without a body of their own.
///
/// Identifiers are split at `_` and at changes of case; comments and the words of the signature are
/// left out, words of string literals are in.
pub(crate) fn body_words(text: &str, facts: &FileFacts) -> Vec<String> {
    let mut seen = rustc_hash::FxHashSet::default();
    facts
        .symbols
        .iter()
        .map(|symbol| {
            let has_body = symbol.kind.is_callable()
                || symbol.kind == SymbolKind::CONSTANT
                || symbol.kind == SymbolKind::STATIC
                || symbol.kind == SymbolKind::MACRO;
            if !has_body || symbol.body_fingerprint == 0 {
                return String::new();
            }
            let body = ByteSpan::new(symbol.name_span.end, symbol.span.end);
            seen.clear();
            let mut out = String::new();
            collect(body.slice(text).unwrap_or(""), &mut seen, &mut out);
            out
        })
        .collect()
}

fn collect<'t>(text: &'t str, seen: &mut rustc_hash::FxHashSet<&'t str>, out: &mut String) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && seen.len() < MAX_WORDS {
        let byte = bytes[at];
        if byte == b'/' && bytes.get(at + 1) == Some(&b'/') {
            at = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end);
        } else if byte.is_ascii_alphabetic() {
            let start = at;
            let is_upper = byte.is_ascii_uppercase();
            at += 1;
            // An upper-case run is one word up to the letter that starts the next: `HTTPServer`.
            if is_upper && bytes.get(at).is_some_and(u8::is_ascii_uppercase) {
                while bytes.get(at).is_some_and(u8::is_ascii_uppercase) {
                    at += 1;
                }
                if bytes.get(at).is_some_and(u8::is_ascii_lowercase) {
                    at -= 1;
                }
            } else {
                while bytes.get(at).is_some_and(u8::is_ascii_lowercase) {
                    at += 1;
                }
            }
            let word = &text[start..at];
            if word.len() > 1 && seen.insert(word) {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            }
        } else {
            at += 1;
        }
    }
}
