//! From text to the words that are looked for: identifiers taken apart, lower case, light stems.

/// Longest word in bytes; the rest of a longer one is cut off.
pub const MAX_WORD_BYTES: usize = 64;

/// Words that say nothing in documentation and in questions. Names keep them: `from` is a name.
const STOP_WORDS: [&str; 80] = [
    "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "crate", "do", "does", "each", "for", "from", "get", "given", "has", "have", "how", "if", "in", "into",
    "is", "it", "its", "let", "may", "more", "must", "mut", "no", "not", "of", "on", "one", "only", "or",
    "other", "our", "pub", "return", "returned", "returns", "s", "self", "should", "so", "some", "such",
    "super", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "use",
    "used", "was", "we", "what", "when", "where", "which", "will", "with", "you", "your",
];

/// Whether a lower-case word is one that documentation is full of.
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Calls `visit` with the words of a text in lower case: runs of letters or of digits, taken apart
/// where a small letter meets a capital one (`readLine`) and before the last of several capitals
/// (`HTTPServer`).
///
/// # Examples
///
/// ```
/// let mut words = Vec::new();
/// aether_core::code::words::each_word("readLine(HTTPServer)", |word| words.push(word.to_owned()));
/// assert_eq!(words, ["read", "line", "http", "server"]);
/// ```
pub fn each_word(text: &str, mut visit: impl FnMut(&str)) {
    let mut buffer = String::new();
    if text.is_ascii() {
        each_ascii_word(text, &mut buffer, &mut visit);
    } else {
        each_unicode_word(text, &mut buffer, &mut visit);
    }
}

fn each_ascii_word(text: &str, buffer: &mut String, visit: &mut impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'0'..=b'9' => at = run(bytes, at, u8::is_ascii_digit),
            b'a'..=b'z' => at = run(bytes, at, u8::is_ascii_lowercase),
            b'A'..=b'Z' => {
                at = run(bytes, at, u8::is_ascii_uppercase);
                if bytes.get(at).is_some_and(u8::is_ascii_lowercase) {
                    if at - start > 1 {
                        // The last capital starts the next word.
                        at -= 1;
                    } else {
                        at = run(bytes, at, u8::is_ascii_lowercase);
                    }
                }
            }
            _ => {
                at += 1;
                continue;
            }
        }
        buffer.clear();
        buffer.extend(
            bytes[start..at].iter().take(MAX_WORD_BYTES).map(|byte| byte.to_ascii_lowercase() as char),
        );
        visit(buffer);
    }
}

fn run(bytes: &[u8], from: usize, is_inside: impl Fn(&u8) -> bool) -> usize {
    bytes[from..].iter().position(|byte| !is_inside(byte)).map_or(bytes.len(), |length| from + length)
}

fn each_unicode_word(text: &str, buffer: &mut String, visit: &mut impl FnMut(&str)) {
    #[derive(Clone, Copy, PartialEq)]
    enum Class {
        Digit,
        Upper,
        Other,
    }
    let class = |character: char| {
        if character.is_numeric() {
            Some(Class::Digit)
        } else if character.is_uppercase() {
            Some(Class::Upper)
        } else {
            character.is_alphabetic().then_some(Class::Other)
        }
    };
    buffer.clear();
    let mut before: Option<Class> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let this = class(character);
        let next = characters.peek().copied().and_then(class);
        let is_start = match (before, this) {
            (Some(old), Some(new)) if old == new => new == Class::Upper && next == Some(Class::Other),
            (Some(Class::Upper), Some(Class::Other)) => false,
            _ => true,
        };
        if is_start && !buffer.is_empty() {
            visit(cut(buffer));
            buffer.clear();
        }
        if this.is_some() {
            buffer.extend(character.to_lowercase());
        }
        before = this;
    }
    if !buffer.is_empty() {
        visit(cut(buffer));
    }
}

/// The text without what is beyond the longest word.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_WORD_BYTES.min(text.len()))]
}

/// The stem of a lower-case English word: without plural `s`, `ed`, `ing` and a last `e`, so that
/// "parses", "parsed", "parsing" and "parse" meet. Words with anything but ASCII letters, and short
/// ones, stay as they are.
///
/// Lighter than Porter's algorithm, which also takes `-ation` and `-er` apart: in names a parser is not
/// what it parses.
pub fn stem(word: &mut String) {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return;
    }
    if let Some(head) = word.strip_suffix("ies") {
        let length = head.len();
        word.truncate(length);
        word.push('y');
    } else if word.ends_with("sses")
        || word.ends_with("shes")
        || word.ends_with("ches")
        || word.ends_with("xes")
    {
        word.truncate(word.len() - 2);
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        word.pop();
    }
    for suffix in ["ing", "ed"] {
        if let Some(head) = word.strip_suffix(suffix) {
            // `string`, `bring`, `shed`: what is left must be able to stand alone.
            if head.len() >= 3 && head.bytes().any(is_vowel) && !word.ends_with("eed") {
                let length = head.len();
                word.truncate(length);
                undouble(word);
            }
            break;
        }
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
}

/// `mapp` of "mapping" becomes `map`; `pass` and `fill` stay.
fn undouble(word: &mut String) {
    let bytes = word.as_bytes();
    if let [.., before, last] = bytes
        && before == last
        && !matches!(last, b'l' | b's' | b'z')
        && !is_vowel(*last)
        && bytes.len() > 3
    {
        word.pop();
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_words(text: &str, expected: &[&str]) {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word.to_owned()));
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn identifiers_are_taken_apart() {
        check_words("read_line", &["read", "line"]);
        check_words("readLine2Buffer", &["read", "line", "2", "buffer"]);
        check_words("HTTPServer", &["http", "server"]);
        check_words("ParseURL", &["parse", "url"]);
        check_words("__init__", &["init"]);
        check_words("fn f(x: &Vec<u8>) -> A", &["fn", "f", "x", "vec", "u", "8", "a"]);
        check_words("", &[]);
        check_words("größeMessen ÄÖTest", &["größe", "messen", "äö", "test"]);
        check_words("naïveHTTPServer", &["naïve", "http", "server"]);
    }

    #[test]
    fn ascii_and_unicode_ways_agree() {
        for text in ["read_line", "HTTPServer", "a1B2c", "XMLHttpRequest", "ABC", "aB", "Ab", "x86_64"] {
            let (mut ascii, mut unicode) = (Vec::new(), Vec::new());
            each_ascii_word(text, &mut String::new(), &mut |word| ascii.push(word.to_owned()));
            each_unicode_word(text, &mut String::new(), &mut |word| unicode.push(word.to_owned()));
            assert_eq!(ascii, unicode, "{text}");
        }
    }

    #[test]
    fn long_words_are_cut_at_a_character() {
        let long = "é".repeat(100);
        check_words(&long, &["é".repeat(32).as_str()]);
        check_words(&"a".repeat(100), &["a".repeat(64).as_str()]);
    }

    #[test]
    fn forms_of_a_word_meet() {
        for group in [
            &["parse", "parses", "parsed", "parsing"][..],
            &["map", "maps", "mapped", "mapping"],
            &["entry", "entries"],
            &["match", "matches", "matched", "matching"],
            &["index", "indexes", "indexed"],
            &["file", "files"],
            &["call", "calls", "called", "calling"],
        ] {
            let stems: Vec<String> = group
                .iter()
                .map(|word| {
                    let mut word = (*word).to_owned();
                    stem(&mut word);
                    word
                })
                .collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{group:?} {stems:?}");
        }
        for word in ["string", "parser", "class", "status", "this", "need", "is", "80s", "größen"] {
            let mut stemmed = word.to_owned();
            stem(&mut stemmed);
            assert_eq!(stemmed, word);
        }
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && !is_stop_word("parse"));
    }
}
