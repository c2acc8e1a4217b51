//! Names in the form in which they are looked up, and words that a question asks for.

use aether_core::code::words::MAX_WORD_BYTES;

use crate::codec::{hash_bytes, name_hash};

/// Words behind which `is` makes a sentence, and in front of which it is no part of a name.
const BEFORE_IS: [&str; 11] =
    ["how", "it", "that", "there", "this", "what", "when", "where", "which", "who", "why"];

/// Whether a stop word of a question is looked for all the same, by the word in front of it: "whether a
/// token is cancelled" asks for `is_cancelled`, "where is it cancelled" does not.
pub(crate) fn is_asked_for(before: &str, word: &str) -> bool {
    word == "is" && !BEFORE_IS.contains(&before)
}

/// A name in lower case without anything between its words: `read_line` and `readLine` are `readline`.
pub(crate) fn joined(name: &str) -> String {
    if name.is_ascii() {
        let is_kept = |byte: &u8| byte.is_ascii_alphanumeric();
        return name
            .bytes()
            .filter(is_kept)
            .take(MAX_WORD_BYTES)
            .map(|byte| byte.to_ascii_lowercase() as char)
            .collect();
    }
    let mut text: String =
        name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    text.truncate(text.floor_char_boundary(MAX_WORD_BYTES.min(text.len())));
    text
}

/// The hash under which a joined name is found.
pub(crate) fn joined_hash(name: &str) -> i64 {
    if !name.is_ascii() {
        return i64::from(name_hash(&joined(name)));
    }
    let is_kept = |byte: &u8| byte.is_ascii_alphanumeric();
    i64::from(hash_bytes(
        name.bytes().filter(is_kept).take(MAX_WORD_BYTES).map(|byte| byte.to_ascii_lowercase()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_asks_for_a_name_unless_it_makes_a_sentence() {
        assert!(is_asked_for("token", "is") && is_asked_for("", "is"));
        assert!(!is_asked_for("where", "is") && !is_asked_for("token", "the"));
        assert!(BEFORE_IS.is_sorted());
        assert_eq!(joined(&"é".repeat(100)).len(), MAX_WORD_BYTES);
    }

    #[test]
    fn joined_names_ignore_style() {
        assert_eq!(joined("read_line"), joined("readLine"));
        assert_eq!(joined("<Vec as Clone>"), "vecasclone");
        for name in ["read_line", "<Vec as Clone>", "GrößeMessen", "", &"Ab_".repeat(50), &"é".repeat(50)]
        {
            assert_eq!(joined_hash(name), i64::from(name_hash(&joined(name))), "{name}");
        }
    }
}
