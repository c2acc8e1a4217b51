//! How well a symbol answers the words of a query.

use crate::code::{SearchQuery, Symbol};

/// The score of a symbol, or `None` when it does not match.
pub(super) fn score(query: &SearchQuery, symbol: &Symbol, body: &str) -> Option<f64> {
    let is_kept = (query.kinds.is_empty() || query.kinds.contains(&symbol.kind))
        && (query.languages.is_empty() || query.languages.contains(&symbol.language))
        && query.keeps_path(symbol.file.as_str());
    if !is_kept {
        return None;
    }
    let fields = [
        (16, words_of(&symbol.name)),
        (4, words_of(&symbol.qualified_name)),
        (2, words_of(&symbol.signature)),
        (1, words_of(&symbol.doc)),
        (1, words_of(symbol.file.as_str())),
        (1, words_of(body)),
    ];
    let mut total = 0;
    for word in query.text.split_whitespace() {
        if let Some(name) = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
            total += u32::from(!name.is_empty() && name == symbol.name) * 32;
            continue;
        }
        let is_prefix = word.ends_with('*');
        let parts = words_of(word);
        total += u32::from(word == symbol.name) * 32;
        for part in parts {
            let matches = |found: &String| if is_prefix { found.starts_with(&part) } else { *found == part };
            let weights = fields.iter().filter(|(_, words)| words.iter().any(matches));
            total += weights.map(|(weight, _)| weight).sum::<u32>();
        }
    }
    (total > 0 || query.text.trim().is_empty()).then(|| f64::from(total))
}

/// The words of a text in lower case: whole, and where they are written in `camelCase` also taken
/// apart. An underscore ends a word.
fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for whole in text.split(|character: char| !character.is_alphanumeric()).filter(|it| !it.is_empty()) {
        words.push(whole.to_lowercase());
        let mut part = String::new();
        let mut was_lower = false;
        for character in whole.chars() {
            if character.is_uppercase() && was_lower {
                words.push(std::mem::take(&mut part));
            }
            part.extend(character.to_lowercase());
            was_lower = character.is_lowercase();
        }
        if part.len() < whole.len() {
            words.push(part);
        }
    }
    words
}
