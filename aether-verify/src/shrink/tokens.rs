//! Texts as words, blanks and signs.

/// The tokens of `text`, which together are the text: words of letters, digits and underscores, blanks, and
/// single other characters.
pub(super) fn tokens(text: &[u8]) -> Vec<&[u8]> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(&first) = rest.first() {
        let same = |class: fn(u8) -> bool| rest.iter().take_while(|&&byte| class(byte)).count();
        let length = match first {
            _ if is_word(first) => same(is_word),
            b'\n' => 1,
            _ if first.is_ascii_whitespace() => same(|byte| byte.is_ascii_whitespace() && byte != b'\n'),
            _ => 1,
        };
        let (token, tail) = rest.split_at(length);
        tokens.push(token);
        rest = tail;
    }
    tokens
}

/// A byte of a character beyond ASCII belongs to a word, so no character is cut.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
