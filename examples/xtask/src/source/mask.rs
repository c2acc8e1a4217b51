//! Splits a Rust text into code, comments and literals, each with the rest blanked out.

/// The three parts; each as long as the original, line breaks in place.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) code: String,
    pub(super) comments: String,
    pub(super) literals: String,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Class {
    Code,
    Comment,
    Literal,
}

/// Takes a text apart by the lexical rules of Rust.
///
/// A text that ends inside a comment or a literal belongs to that part to its end.
pub(super) fn split(text: &str) -> Parts {
    let classes = classify(text.as_bytes());
    let keep = |class: Class| {
        let mut part = text.as_bytes().to_vec();
        for (byte, of) in part.iter_mut().zip(&classes) {
            if *of != class {
                blank(std::slice::from_mut(byte));
            }
        }
        // Classes change only next to ASCII, so every character is kept or blanked whole.
        String::from_utf8_lossy(&part).into_owned()
    };
    Parts { code: keep(Class::Code), comments: keep(Class::Comment), literals: keep(Class::Literal) }
}

/// Overwrites everything but line breaks with spaces.
pub(super) fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn classify(bytes: &[u8]) -> Vec<Class> {
    let mut classes = vec![Class::Code; bytes.len()];
    let mut at = 0;
    while at < bytes.len() {
        let (class, end) = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => (Class::Comment, line_end(bytes, at)),
            b'/' if bytes.get(at + 1) == Some(&b'*') => (Class::Comment, block_end(bytes, at)),
            b'"' => (Class::Literal, quoted_end(bytes, at + 1, b'"')),
            b'\'' => match char_end(bytes, at) {
                Some(end) => (Class::Literal, end),
                None => (Class::Code, at + 1),
            },
            byte if is_word(byte) => match raw_string_end(bytes, at) {
                Some(end) => (Class::Literal, end),
                None => (Class::Code, word_end(bytes, at)),
            },
            _ => (Class::Code, at + 1),
        };
        let end = end.min(bytes.len());
        classes[at..end].fill(class);
        at = end;
    }
    classes
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
    at + length.max(1)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().take_while(|byte| **byte != b'\n').count();
    at + length
}

fn block_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => {
                depth += 1;
                at += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// End of a literal whose contents start at `at`, behind its closing quote.
fn quoted_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// End of a character literal, or nothing where the quote starts a lifetime.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    let first = *bytes.get(at + 1)?;
    if first == b'\\' {
        return Some(quoted_end(bytes, at + 1, b'\''));
    }
    let width = match first {
        0x00..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xFF => 4,
    };
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + width + 2)
}

/// End of a raw string literal that starts with the word at `at`, if one does.
fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let prefix = [b"r".as_slice(), b"br", b"cr"]
        .into_iter()
        .find(|prefix| rest.starts_with(prefix) && matches!(rest.get(prefix.len()), Some(b'#' | b'"')))?
        .len();
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    let contents = at + prefix + hashes + 1;
    if bytes.get(contents - 1) != Some(&b'"') {
        return None; // a raw identifier
    }
    let mut end = contents;
    while end < bytes.len() {
        let closes = bytes[end] == b'"'
            && bytes[end + 1..].iter().take(hashes).filter(|byte| **byte == b'#').count() == hashes;
        if closes {
            return Some(end + 1 + hashes);
        }
        end += 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the parts with all white space squeezed.
    #[track_caller]
    fn check_parts(source: &str, code: &str, comments: &str, literals: &str) {
        let squeeze = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
        let parts = split(source);
        assert_eq!(squeeze(&parts.code), code);
        assert_eq!(squeeze(&parts.comments), comments);
        assert_eq!(squeeze(&parts.literals), literals);
        assert_eq!(parts.code.len(), source.len());
        assert_eq!(parts.code.lines().count(), source.lines().count());
    }

    #[test]
    fn line_and_block_comments() {
        check_parts("a // b\nc /* d /* e */ f */ g", "a c g", "// b /* d /* e */ f */", "");
    }

    #[test]
    fn strings_with_escapes() {
        check_parts(r#"a "b \" // c" d"#, "a d", "", r#""b \" // c""#);
    }

    #[test]
    fn raw_strings_and_raw_identifiers() {
        check_parts("a r#\"b \" c\"# br\"d\" r#e", "a r#e", "", "r#\"b \" c\"# br\"d\"");
    }

    #[test]
    fn characters_and_lifetimes() {
        check_parts(r"'a 'b' '\'' 'é' &'c d", "'a &'c d", "", r"'b' '\'' 'é'");
    }

    #[test]
    fn an_open_literal_goes_on_to_the_end() {
        check_parts("a \"b // c", "a", "", "\"b // c");
    }

    #[test]
    fn a_quote_inside_a_comment_opens_nothing() {
        check_parts("// don't\na", "a", "// don't", "");
    }
}
