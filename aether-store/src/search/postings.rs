//! Postings: which symbols have a term, and how much it says about each.
//!
//! A posting is one number: the key of the symbol and a level of four bits. Lists are cut into chunks
//! of 8,192 keys, so that a change of one symbol rewrites a few kilobytes at most, and a query scores
//! one chunk at a time in 32 KiB of memory.

use crate::codec::{Reader, put};

/// Bits of a key inside its chunk.
pub(crate) const CHUNK_BITS: u32 = 13;
/// Keys in a chunk.
pub(crate) const CHUNK: usize = 1 << CHUNK_BITS;
/// Bits of a level.
const LEVEL_BITS: u32 = 4;
/// The highest level.
pub(crate) const MAX_LEVEL: u8 = (1 << LEVEL_BITS) - 1;
/// Bits of the number of a chunk in the key of a row.
const ROW_CHUNK_BITS: u32 = 20;

/// A key with a level. Keys have at most 27 bits.
pub(crate) fn pack(key: i64, level: u8) -> u32 {
    (key as u32) << LEVEL_BITS | u32::from(level)
}

/// The key of a posting.
pub(crate) fn key_of(posting: u32) -> i64 {
    i64::from(posting >> LEVEL_BITS)
}

/// The level of a posting.
pub(crate) fn level_of(posting: u32) -> u8 {
    posting as u8 & MAX_LEVEL
}

/// The chunk of a posting.
pub(crate) fn chunk_of(posting: u32) -> u32 {
    posting >> (LEVEL_BITS + CHUNK_BITS)
}

/// The key of the row that holds a chunk of a term.
pub(crate) fn row_key(term: u32, chunk: u32) -> i64 {
    i64::from(term) << ROW_CHUNK_BITS | i64::from(chunk)
}

/// First and last key of the rows of a term.
pub(crate) fn row_range(term: u32) -> (i64, i64) {
    (row_key(term, 0), row_key(term, (1 << ROW_CHUNK_BITS) - 1))
}

/// The chunk in the key of a row.
pub(crate) fn chunk_of_row(row: i64) -> u32 {
    (row & ((1 << ROW_CHUNK_BITS) - 1)) as u32
}

/// The term in the key of a row.
pub(crate) fn term_of_row(row: i64) -> u32 {
    (row >> ROW_CHUNK_BITS) as u32
}

/// Writes the postings of one chunk, sorted by key: their number, and for each the step from the key
/// before with the level below it.
pub(crate) fn write(postings: &[u32], out: &mut Vec<u8>) {
    put(out, postings.len() as u64);
    let mut last = 0;
    for &posting in postings {
        let at = (posting >> LEVEL_BITS) & (CHUNK as u32 - 1);
        put(out, u64::from((at - last) << LEVEL_BITS | u32::from(level_of(posting))));
        last = at;
    }
}

/// How many postings a written chunk has.
pub(crate) fn count(bytes: &[u8]) -> Option<u64> {
    Reader::new(bytes).unsigned()
}

/// Calls `visit` with the place in the chunk and the level of each posting; `None` when the bytes are
/// damaged.
pub(crate) fn read(bytes: &[u8], mut visit: impl FnMut(usize, u8)) -> Option<()> {
    let mut reader = Reader::new(bytes);
    let mut at = 0_usize;
    for _ in 0..reader.unsigned()? {
        let step = reader.narrow()?;
        at += (step >> LEVEL_BITS) as usize;
        if at >= CHUNK {
            return None;
        }
        visit(at, step as u8 & MAX_LEVEL);
    }
    reader.is_empty().then_some(())
}

/// The postings of a written chunk.
pub(crate) fn read_all(chunk: u32, bytes: &[u8]) -> Option<Vec<u32>> {
    let base = i64::from(chunk) << CHUNK_BITS;
    let mut postings = Vec::new();
    read(bytes, |at, level| postings.push(pack(base + at as i64, level)))?;
    Some(postings)
}

/// Writes the terms of a file's symbols: for each symbol the step from the key before, the number of
/// its terms, and each term with its level. Sorted by key; rows as in [`file_rows`].
pub(crate) fn write_file(rows: &[u64], out: &mut Vec<u8>) {
    let mut last = 0;
    for symbol in rows.chunk_by(|a, b| key_of(*a as u32) == key_of(*b as u32)) {
        let key = key_of(symbol[0] as u32);
        put(out, (key - last).cast_unsigned());
        put(out, symbol.len() as u64);
        last = key;
        for row in symbol {
            put(out, (row >> 32) << LEVEL_BITS | u64::from(level_of(*row as u32)));
        }
    }
}

/// The terms of a file's symbols, each a term above a posting, in the order they were written in;
/// `None` when the bytes are damaged.
pub(crate) fn file_rows(bytes: &[u8]) -> Option<Vec<u64>> {
    let mut reader = Reader::new(bytes);
    let mut rows = Vec::with_capacity(bytes.len() / 3);
    let mut key = 0_u64;
    while !reader.is_empty() {
        key = key.checked_add(reader.unsigned()?)?;
        if key > crate::lookup::MAX_ANSWER.cast_unsigned() {
            return None;
        }
        for _ in 0..reader.unsigned()? {
            let term = reader.unsigned()?;
            let number = u32::try_from(term >> LEVEL_BITS).ok()?;
            rows.push(row(number, pack(key.cast_signed(), term as u8 & MAX_LEVEL)));
        }
    }
    Some(rows)
}

/// A term above a posting.
pub(crate) fn row(term: u32, posting: u32) -> u64 {
    u64::from(term) << 32 | u64::from(posting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_survives_a_round_trip() {
        let postings: Vec<u32> =
            [(8192, 3), (8193, 15), (9000, 0), (16383, 7)].map(|(key, level)| pack(key, level)).to_vec();
        assert!(postings.iter().all(|&posting| chunk_of(posting) == 1));
        let mut bytes = Vec::new();
        write(&postings, &mut bytes);
        assert_eq!(count(&bytes), Some(4));
        assert_eq!(read_all(1, &bytes), Some(postings.clone()));
        for cut in 0..bytes.len() {
            assert_ne!(read_all(1, &bytes[..cut]), Some(postings.clone()));
        }
    }

    #[test]
    fn a_file_survives_a_round_trip() {
        let rows = [row(7, pack(5, 1)), row(1 << 26, pack(5, 15)), row(0, pack(9, 0))];
        let mut bytes = Vec::new();
        write_file(&rows, &mut bytes);
        assert_eq!(file_rows(&bytes).as_deref(), Some(&rows[..]));
    }

    #[test]
    fn row_keys_hold_term_and_chunk() {
        let key = row_key(77, 12);
        assert_eq!((term_of_row(key), chunk_of_row(key)), (77, 12));
        assert!(row_range(77).0 <= key && key <= row_range(77).1 && row_range(77).1 < row_range(78).0);
    }
}
