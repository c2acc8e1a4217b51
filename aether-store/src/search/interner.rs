//! Numbers for texts.

use rustc_hash::FxHashMap;

/// Texts shorter than this are keys by value: most words are, and looking one up follows no pointer.
const SHORT: usize = 16;

/// A map from texts to numbers.
#[derive(Debug, Default)]
pub(crate) struct TextMap {
    short: FxHashMap<[u32; SHORT / 4], u32>,
    long: FxHashMap<Box<str>, u32>,
}

impl TextMap {
    pub(crate) fn get(&self, text: &str) -> Option<u32> {
        match short_key(text) {
            Some(key) => self.short.get(&key).copied(),
            None => self.long.get(text).copied(),
        }
    }

    pub(crate) fn insert(&mut self, text: &str, number: u32) {
        match short_key(text) {
            Some(key) => self.short.insert(key, number),
            None => self.long.insert(text.into(), number),
        };
    }
}

/// The bytes of a short text as one value, its length in the last byte, so that a text differs from
/// itself with zero bytes behind it.
fn short_key(text: &str) -> Option<[u32; SHORT / 4]> {
    let bytes = text.as_bytes();
    if bytes.len() >= SHORT {
        return None;
    }
    let mut key = [0; SHORT];
    key[..bytes.len()].copy_from_slice(bytes);
    key[SHORT - 1] = bytes.len() as u8;
    let word = |at: usize| u32::from_le_bytes([key[at], key[at + 1], key[at + 2], key[at + 3]]);
    Some([word(0), word(4), word(8), word(12)])
}

/// Numbers texts in the order in which they are first seen.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: TextMap,
    /// All texts one behind the other, and where each ends.
    text: String,
    ends: Vec<u32>,
}

impl Interner {
    /// The number of a text; a new one gets the next.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return number;
        }
        let next = self.ends.len() as u32;
        self.numbers.insert(text, next);
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        next
    }

    /// The texts by their numbers.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut start = 0;
        self.ends
            .iter()
            .map(|&end| {
                let text = &self.text[start..end as usize];
                start = end as usize;
                text
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_numbers() {
        let mut interner = Interner::default();
        let texts = ["", "a", "a\0", "fifteen letters", "sixteen letters!", "seventeen letters", "ä"];
        let numbers: Vec<u32> = texts.iter().map(|text| interner.number(text)).collect();
        assert_eq!(numbers, (0..7).collect::<Vec<_>>());
        let again: Vec<u32> = texts.iter().map(|text| interner.number(text)).collect();
        assert_eq!(again, numbers);
        assert_eq!(interner.texts(), texts);
    }
}
