//! The words of a body that search reads.

use aether_core::base::ByteSpan;
use aether_core::code::SymbolKind;
use aether_core::code::facts::{FileFacts, SymbolFact};

/// Words of one body at most: what a search of very long functions would find is found by others.
const MAX_WORDS: usize = 400;
/// Bytes of one body that are read at most: functions can lie in functions, and each reads its own.
const MAX_BYTES: u32 = 64 * 1024;
/// Twice the words of a body and more, so that a search in the table ends soon.
const SLOTS: usize = 1024;

/// Collects the words of bodies; holds the table of words that were seen, so that it is made once per
/// thread.
#[derive(Debug)]
pub(crate) struct BodyWords {
    seen: Vec<Seen>,
    /// Number of the body at hand: an entry of another body is a free one.
    body: u32,
    out: String,
}

/// A word of a body.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    body: u32,
    start: u32,
    len: u32,
    hash: u32,
}

impl BodyWords {
    pub(crate) fn new() -> Self {
        Self { seen: vec![Seen::default(); SLOTS], body: 0, out: String::new() }
    }

    /// The distinct words of the body of each symbol, in lower case and in order of first use; empty
    /// for symbols without a body of their own.
    ///
    /// Identifiers are split at `_` and at changes of case; comments and the words of the signature are
    /// left out, words of string literals are in.
    pub(crate) fn of(&mut self, text: &str, facts: &FileFacts) -> Vec<String> {
        let words = |symbol| match body_of(symbol) {
            Some(body) => self.collect(body.slice(text).unwrap_or("")),
            None => String::new(),
        };
        facts.symbols.iter().map(words).collect()
    }

    fn collect(&mut self, text: &str) -> String {
        self.out.clear();
        self.body = self.body.wrapping_add(1);
        if self.body == 0 {
            self.seen.fill(Seen::default());
            self.body = 1;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut count = 0;
        while at < bytes.len() && count < MAX_WORDS {
            let byte = bytes[at];
            if byte.is_ascii_alphabetic() {
                let (end, hash) = word_end(bytes, at);
                if end - at > 1 && self.is_new(bytes, at, end, hash) {
                    count += 1;
                    if !self.out.is_empty() {
                        self.out.push(' ');
                    }
                    let start = self.out.len();
                    self.out.push_str(&text[at..end]);
                    self.out[start..].make_ascii_lowercase();
                }
                at = end;
            } else if byte == b'/' && bytes.get(at + 1) == Some(&b'/') {
                at = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end);
            } else {
                at += 1;
            }
        }
        self.out.as_str().to_owned()
    }

    /// Whether a word was not seen in the body yet; it is from now on.
    fn is_new(&mut self, bytes: &[u8], start: usize, end: usize, hash: u32) -> bool {
        let mut slot = hash as usize % SLOTS;
        loop {
            let seen = self.seen[slot];
            if seen.body != self.body {
                let (start, len) = (start as u32, (end - start) as u32);
                self.seen[slot] = Seen { body: self.body, start, len, hash };
                return true;
            }
            let at = seen.start as usize;
            if seen.hash == hash && bytes[at..at + seen.len as usize] == bytes[start..end] {
                return false;
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// The bytes of the body of a symbol that has one.
fn body_of(symbol: &SymbolFact) -> Option<ByteSpan> {
    let has_body = symbol.kind.is_callable()
        || symbol.kind == SymbolKind::CONSTANT
        || symbol.kind == SymbolKind::STATIC
        || symbol.kind == SymbolKind::MACRO;
    let start = symbol.name_span.end;
    (has_body && symbol.body_fingerprint != 0)
        .then(|| ByteSpan::new(start, symbol.span.end.min(start.saturating_add(MAX_BYTES))))
}

/// The end of the word that starts at `at`, and a hash of it.
fn word_end(bytes: &[u8], at: usize) -> (usize, u32) {
    let is_at = |at: usize, class: fn(&u8) -> bool| bytes.get(at).is_some_and(class);
    let mut end = at + 1;
    // An upper-case run is one word up to the letter that starts the next: `HTTPServer`.
    if bytes[at].is_ascii_uppercase() && is_at(end, u8::is_ascii_uppercase) {
        while is_at(end, u8::is_ascii_uppercase) {
            end += 1;
        }
        end -= usize::from(is_at(end, u8::is_ascii_lowercase));
    } else {
        while is_at(end, u8::is_ascii_lowercase) {
            end += 1;
        }
    }
    let hash = bytes[at..end].iter().fold(0_u64, |hash, &byte| hash.rotate_left(5) ^ u64::from(byte));
    (end, (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32)
}
