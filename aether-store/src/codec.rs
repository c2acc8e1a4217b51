//! Variable-length integers and texts inside the blobs of the store.
//!
//! Reading never panics: every read past the end or beyond its range is `None`, which callers turn
//! into "the store is damaged".

/// Appends an unsigned integer, seven bits a byte, lowest first.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed integer with its sign in the lowest bit.
pub(crate) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends a text behind its length.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Sorted numbers as little-endian words.
pub(crate) fn words_to_bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The inverse of [`words_to_bytes`]; bytes past the last whole word are left out.
pub(crate) fn words_of_bytes(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

/// Numbers as little-endian words of eight bytes.
pub(crate) fn longs_to_bytes(longs: &[u64]) -> Vec<u8> {
    longs.iter().flat_map(|long| long.to_le_bytes()).collect()
}

/// The inverse of [`longs_to_bytes`]; bytes past the last whole word are left out.
pub(crate) fn longs_of_bytes(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    bytes.as_chunks().0.iter().map(|&long| u64::from_le_bytes(long))
}

/// Reads what the functions above wrote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes that are left: an upper bound for any count that follows.
    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(byte)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*array)
    }

    #[inline]
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        // Most numbers are small.
        if let Some((&byte, rest)) = self.bytes.split_first()
            && byte < 0x80
        {
            self.bytes = rest;
            return Some(u64::from(byte));
        }
        self.long()
    }

    fn long(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            if shift >= 64 {
                return None;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    pub(crate) fn narrow(&mut self) -> Option<u32> {
        u32::try_from(self.unsigned()?).ok()
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.unsigned()?).ok()?;
        let bytes = self.bytes.get(..length)?;
        self.bytes = &self.bytes[length..];
        std::str::from_utf8(bytes).ok()
    }
}

/// FNV-1a, 32 bits: the hash under which names are looked up. It is part of the file format.
pub(crate) fn name_hash(name: &str) -> u32 {
    hash_bytes(name.bytes())
}

/// [`name_hash`] of the bytes of a name.
pub(crate) fn hash_bytes(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_a_round_trip() {
        for value in [0, 1, -1, 63, -64, 64, 300, -300, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            put_signed(&mut out, value);
            put(&mut out, value as u64);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.signed(), Some(value));
            assert_eq!(reader.unsigned(), Some(value as u64));
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn damaged_bytes_are_refused() {
        assert_eq!(Reader::new(&[0x80]).unsigned(), None);
        assert_eq!(Reader::new(&[0xff; 11]).unsigned(), None);
        assert_eq!(Reader::new(&[5, b'a']).text(), None);
        assert_eq!(Reader::new(&[1, 0xff]).text(), None);
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x7f]).narrow(), None);
    }

    #[test]
    fn name_hashes_are_fixed() {
        assert_eq!(name_hash(""), 0x811c_9dc5);
        assert_eq!(name_hash("a"), 0xe40c_292c);
        assert_ne!(name_hash("NEW"), name_hash("new"));
    }
}
