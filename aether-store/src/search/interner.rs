//! Numbers for texts, in the order in which they are first seen.

use rustc_hash::FxHashMap;

/// Texts shorter than this are keys by value: most words are, and looking one up follows no pointer.
const SHORT: usize = 16;

/// Numbers for texts.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    short: FxHashMap<u128, u32>,
    long: FxHashMap<Box<str>, u32>,
    /// All texts one behind the other, and where each ends.
    text: String,
    ends: Vec<u32>,
}

impl Interner {
    /// The number of a text; a new one gets the next.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        let next = self.ends.len() as u32;
        let number = match short_key(text) {
            Some(key) => *self.short.entry(key).or_insert(next),
            None => match self.long.get(text) {
                Some(&number) => number,
                None => {
                    self.long.insert(text.into(), next);
                    next
                }
            },
        };
        if number == next {
            self.text.push_str(text);
            self.ends.push(self.text.len() as u32);
        }
        number
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

/// The bytes of a short text as one number, its length in the last byte, so that a text differs from
/// itself with zero bytes behind it.
fn short_key(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    if bytes.len() >= SHORT {
        return None;
    }
    let mut key = [0; SHORT];
    key[..bytes.len()].copy_from_slice(bytes);
    key[SHORT - 1] = bytes.len() as u8;
    Some(u128::from_le_bytes(key))
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
