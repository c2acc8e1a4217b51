//! Fingerprints of bodies, in one pass over the text.
//!
//! Bodies lie in one another: hashed one by one, deep nesting would cost the square of its depth.
//! Here one hash runs over the text, `h · B + byte` with white space left out, and a body between two
//! places is the difference of what the hash was there: `h₂ − h₁ · Bⁿ` for the `n` bytes between.

use aether_core::base::ByteSpan;

/// An odd number without a pattern in its bits.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The running hash at a place.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    at: u32,
    /// Bodies that start here, less those that end here.
    opens: i32,
    hash: u64,
    count: u32,
}

/// Hashes ranges of one text.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    wanted: Vec<(ByteSpan, u32)>,
    marks: Vec<Mark>,
}

impl Fingerprints {
    /// Asks for the fingerprint of `span`, which is the body of the symbol of this number.
    pub(crate) fn want(&mut self, span: ByteSpan, symbol: u32) {
        self.wanted.push((span, symbol));
    }

    /// Tells `found` the number and fingerprint of all that was asked for, and forgets it. A
    /// fingerprint is never 0.
    pub(crate) fn tell(&mut self, text: &str, mut found: impl FnMut(u32, u64)) {
        self.marks.clear();
        for (span, _) in &self.wanted {
            self.marks.push(Mark { at: span.start, opens: 1, ..Mark::default() });
            self.marks.push(Mark { at: span.end, opens: -1, ..Mark::default() });
        }
        self.marks.sort_unstable_by_key(|mark| mark.at);
        let (mut hash, mut count, mut depth, mut at) = (0_u64, 0_u32, 0_i32, 0_u32);
        for mark in &mut self.marks {
            if depth > 0 {
                let part = text.as_bytes().get(at as usize..mark.at as usize).unwrap_or(&[]);
                for &byte in part.iter().filter(|byte| !byte.is_ascii_whitespace()) {
                    hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
                    count += 1;
                }
            }
            depth += mark.opens;
            at = mark.at;
            (mark.hash, mark.count) = (hash, count);
        }
        for (span, symbol) in self.wanted.drain(..) {
            let mark_at = |at| self.marks[self.marks.partition_point(|mark| mark.at < at)];
            let (start, end) = (mark_at(span.start), mark_at(span.end));
            let count = end.count - start.count;
            let difference = end.hash.wrapping_sub(start.hash.wrapping_mul(BASE.wrapping_pow(count)));
            // The low bits of such a hash depend on the low bits of the bytes alone.
            let mixed = (difference ^ (difference >> 32) ^ u64::from(count)).wrapping_mul(BASE);
            found(symbol, (mixed ^ (mixed >> 29)).max(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fingerprints of the ranges between each pair of `at`.
    fn all(text: &str, at: &[(u32, u32)]) -> Vec<u64> {
        let mut fingerprints = Fingerprints::default();
        for (number, &(start, end)) in at.iter().enumerate() {
            fingerprints.want(ByteSpan::new(start, end), number as u32);
        }
        let mut found = vec![0; at.len()];
        fingerprints.tell(text, |number, fingerprint| found[number as usize] = fingerprint);
        found
    }

    #[test]
    fn equal_texts_have_equal_fingerprints_wherever_they_stand() {
        let text = "ab{cd}  x a b{ c\nd }";
        // The whole, twice, and nested in a larger range.
        let found = all(text, &[(0, 6), (10, 20), (8, 20), (1, 6), (11, 20), (3, 5), (3, 3)]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[3], found[4]);
        for other in [2, 3, 5, 6] {
            assert_ne!(found[0], found[other]);
        }
        assert!(found.iter().all(|&fingerprint| fingerprint != 0));
        assert_eq!(found[0], all("ab{cd}", &[(0, 6)])[0]);
    }

    #[test]
    fn one_byte_or_the_order_makes_another() {
        let of = |text: &str| all(text, &[(0, text.len() as u32)])[0];
        let long = "x".repeat(200);
        for (one, other) in [("ab", "ba"), ("a", "aa"), ("", "a"), (&long, &long[1..]), ("a\0", "a")] {
            assert_ne!(of(one), of(other), "{one} {other}");
        }
    }
}
