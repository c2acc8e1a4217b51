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

    /// The words of the body of each symbol, each way of writing one once, in lower case and in order of
    /// first use; empty
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
        while count < MAX_WORDS {
            at = next_start(bytes, at);
            let Some(byte) = bytes.get(at) else { break };
            if *byte == b'/' {
                let is_comment = bytes.get(at + 1) == Some(&b'/');
                let line = bytes[at..].iter().position(|&byte| is_comment && byte == b'\n');
                at = if is_comment { line.map_or(bytes.len(), |end| at + end) } else { at + 1 };
                continue;
            }
            let end = word_end(bytes, at);
            if end - at > 1 && self.is_new(bytes, at, end) {
                count += 1;
                if !self.out.is_empty() {
                    self.out.push(' ');
                }
                let start = self.out.len();
                self.out.push_str(&text[at..end]);
                self.out[start..].make_ascii_lowercase();
            }
            at = end;
        }
        self.out.as_str().to_owned()
    }

    /// Whether a word was not seen in the body yet; it is from now on.
    fn is_new(&mut self, bytes: &[u8], start: usize, end: usize) -> bool {
        let hash = hash_of(bytes, start, end);
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

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// The same byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Eight bytes from `at` on; 0 behind the end.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = &bytes[at..];
    let mut word = [0; 8];
    match rest.first_chunk() {
        Some(chunk) => word = *chunk,
        None => word[..rest.len()].copy_from_slice(rest),
    }
    u64::from_le_bytes(word)
}

/// The high bit of each byte that is a lower-case letter.
fn lower_case(word: u64) -> u64 {
    let low = word & !HIGH_BITS;
    let from_a = low + each(0x80 - b'a');
    let past_z = low + each(0x7f - b'z');
    from_a & !past_z & !word & HIGH_BITS
}

/// The next letter or slash from `at` on.
fn next_start(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        let word = eight(bytes, at);
        let other = word ^ each(b'/');
        let slashes = !(((other & !HIGH_BITS) + !HIGH_BITS) | other) & HIGH_BITS;
        let found = lower_case(word | each(b' ')) | slashes;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    bytes.len()
}

/// The end of the word that starts at `at`.
fn word_end(bytes: &[u8], at: usize) -> usize {
    let is_at = |at: usize, class: fn(&u8) -> bool| bytes.get(at).is_some_and(class);
    let mut end = at + 1;
    // An upper-case run is one word up to the letter that starts the next: `HTTPServer`.
    if bytes[at].is_ascii_uppercase() && is_at(end, u8::is_ascii_uppercase) {
        while is_at(end, u8::is_ascii_uppercase) {
            end += 1;
        }
        return end - usize::from(is_at(end, u8::is_ascii_lowercase));
    }
    while end < bytes.len() {
        let others = !lower_case(eight(bytes, end)) & HIGH_BITS;
        if others != 0 {
            return end + others.trailing_zeros() as usize / 8;
        }
        end += 8;
    }
    bytes.len()
}

fn hash_of(bytes: &[u8], start: usize, end: usize) -> u32 {
    let mut hash = 0_u64;
    for at in (start..end).step_by(8) {
        let unused = (8 - (end - at).min(8)) * 8;
        let word = eight(bytes, at) << unused >> unused;
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(BodyWords::new().collect(text), expected, "{text}");
    }

    #[test]
    fn words_are_split_at_marks_and_changes_of_case() {
        check("fooBar foo_Bar HTTPServer Ab X1y2zz", "foo bar http server ab zz");
        // Two ways of writing a word count as two.
        check("fooBar bar", "foo bar bar");
        check(
            "alongerword alongerwordstill aVeryLongWordOfEveryKind",
            "alongerword alongerwordstill very long word of every kind",
        );
        check("a/b aa/bb // cc\ndd ee//", "aa bb dd ee");
        check("ab\u{e9}cd \u{130}ef @ab[cd`ef{gh", "ab cd ef gh");
        check("ABCD AB ABc", "abcd ab bc");
        check("", "");
        check("x", "");
    }

    #[test]
    fn each_word_stands_once_and_bodies_do_not_share() {
        let mut words = BodyWords::new();
        assert_eq!(words.collect("ab cd ab"), "ab cd");
        assert_eq!(words.collect("ab"), "ab");
    }

    #[test]
    fn long_bodies_are_cut() {
        let many: Vec<String> = (0..1000_u32)
            .map(|number| {
                number.to_string().bytes().map(|digit| char::from(digit + 49)).collect::<String>() + "xx"
            })
            .collect();
        let found = BodyWords::new().collect(&many.join(" "));
        assert_eq!(found.split(' ').count(), MAX_WORDS);
        assert_eq!(found, many[..MAX_WORDS].join(" "));
    }

    #[test]
    fn classes_of_bytes_are_exact() {
        for byte in 0..=255_u8 {
            for at in 0..8 {
                let mut text = [b'-'; 8];
                text[at] = byte;
                let word = u64::from_le_bytes(text);
                let expected = if byte.is_ascii_lowercase() { 0x80_u64 << (at * 8) } else { 0 };
                assert_eq!(lower_case(word), expected, "{byte} at {at}");
                let is_start = byte.is_ascii_alphabetic() || byte == b'/';
                assert_eq!(next_start(&text, 0), if is_start { at } else { 8 }, "{byte} at {at}");
            }
        }
    }
}
