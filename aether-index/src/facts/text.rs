//! What every walk needs to know of a text.

use aether_core::code::facts::FileFacts;
use rustc_hash::FxHashMap;

/// The first byte of each line.
pub(crate) fn line_starts(text: &str, starts: &mut Vec<u32>) {
    const LOW_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const BREAKS: u64 = 0x0a0a_0a0a_0a0a_0a0a;
    starts.clear();
    starts.push(0);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let differing = u64::from_le_bytes(*word) ^ BREAKS;
        // The high bit of each byte that does not differ, and no other.
        let mut found = !(((differing & LOW_BITS) + LOW_BITS) | differing | LOW_BITS);
        while found != 0 {
            starts.push((number as u32 * 8) + found.trailing_zeros() / 8 + 1);
            found &= found - 1;
        }
    }
    let done = words.len() * 8;
    starts.extend((done..).zip(rest).filter(|&(_, &byte)| byte == b'\n').map(|(at, _)| at as u32 + 1));
}

/// `text` with each run of white space as one space.
pub(crate) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Counts declarations that nothing but their order tells apart.
#[derive(Debug, Default)]
pub(crate) struct Twins {
    /// How often each was seen.
    seen: FxHashMap<u64, u32>,
    /// Fingerprints of qualified names.
    qualified: Vec<u64>,
}

impl Twins {
    /// Gives each symbol its number among those of its name, kind and signature.
    pub(crate) fn number(&mut self, facts: &mut FileFacts) {
        self.seen.clear();
        self.qualified.clear();
        for symbol in &mut facts.symbols {
            let parent = symbol.parent.map_or(0, |parent| self.qualified[parent.0 as usize]);
            let path = fingerprint_text(parent, facts.names.get(symbol.name));
            // Not the whole identity of the parent: two impl blocks of one type share its path.
            self.qualified.push(path);
            let key = fingerprint_text(fingerprint_text(path, symbol.kind.as_str()), &symbol.signature);
            let count = self.seen.entry(key).or_insert(0);
            symbol.ordinal = *count;
            *count += 1;
        }
    }
}

/// FNV-1a over `text` without its white space, going on from `seed`.
fn fingerprint_text(seed: u64, text: &str) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    hash
}
