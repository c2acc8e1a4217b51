//! Postings: which symbols have a term, and how much it says about each.
//!
//! A posting is one number of 31 bits: the key of the symbol and a level of four bits.

use crate::codec::{Reader, put};
use crate::lookup::MAX_ANSWER;

/// Bits of a level.
const LEVEL_BITS: u32 = 4;
/// The highest level.
pub(crate) const MAX_LEVEL: u8 = (1 << LEVEL_BITS) - 1;

/// A key with a level. Keys have at most 27 bits.
pub(crate) fn pack(key: i64, level: u8) -> u32 {
    (key as u32) << LEVEL_BITS | u32::from(level)
}

/// The key of a posting.
pub(crate) fn key_of(posting: u32) -> u32 {
    posting >> LEVEL_BITS
}

/// The level of a posting.
pub(crate) fn level_of(posting: u32) -> u8 {
    posting as u8 & MAX_LEVEL
}

/// A term of a symbol.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TermOf {
    /// Number of the term.
    pub(crate) term: u32,
    /// The symbol and the level.
    pub(crate) posting: u32,
}

/// Writes the terms of a file's symbols, sorted by key: for each symbol the step from the key before,
/// the number of its terms, and each term with its level below it.
pub(crate) fn write_file(terms: &[TermOf], out: &mut Vec<u8>) {
    let mut last = 0;
    for symbol in terms.chunk_by(|a, b| key_of(a.posting) == key_of(b.posting)) {
        let key = key_of(symbol[0].posting);
        put(out, u64::from(key - last));
        put(out, symbol.len() as u64);
        last = key;
        for one in symbol {
            put(out, u64::from(one.term) << LEVEL_BITS | u64::from(level_of(one.posting)));
        }
    }
}

/// The terms of a file's symbols in the order they were written in; `None` when the bytes are damaged.
pub(crate) fn read_file(bytes: &[u8]) -> Option<Vec<TermOf>> {
    let mut reader = Reader::new(bytes);
    let mut terms = Vec::with_capacity(bytes.len() / 3);
    let mut key = 0_u64;
    while !reader.is_empty() {
        key = key.checked_add(reader.unsigned()?)?;
        if key > MAX_ANSWER.cast_unsigned() {
            return None;
        }
        for _ in 0..reader.unsigned()? {
            let tagged = reader.unsigned()?;
            let term = u32::try_from(tagged >> LEVEL_BITS).ok()?;
            let level = tagged as u8 & MAX_LEVEL;
            terms.push(TermOf { term, posting: pack(key.cast_signed(), level) });
        }
    }
    Some(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_survives_a_round_trip() {
        let term = |term, key, level| TermOf { term, posting: pack(key, level) };
        let terms = [term(7, 5, 1), term(1 << 26, 5, 15), term(0, 9, 0), term(3, MAX_ANSWER, 15)];
        let mut bytes = Vec::new();
        write_file(&terms, &mut bytes);
        assert_eq!(read_file(&bytes).as_deref(), Some(&terms[..]));
        for cut in 1..bytes.len() {
            assert_ne!(read_file(&bytes[..cut]).as_deref(), Some(&terms[..]));
        }
    }
}
