//! The pairs of the packed set: which symbols and files answer to a number.
//!
//! A pair is one 63-bit number: three bits for the space, then the value asked for, then what answers.

/// The largest symbol key or file number that fits.
pub(crate) const MAX_ANSWER: i64 = (1 << 27) - 1;
/// The largest number of a term that fits.
pub(crate) const MAX_TERM: u32 = (1 << 29) - 1;

const SPACE_SHIFT: u32 = 60;
const VALUE_SHIFT: u32 = 28;
const TERM_SHIFT: u32 = 31;

/// What a pair says. Part of the file format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(crate) enum Space {
    /// Symbol key → files with an edge to it.
    Target = 0,
    /// Hash of the last identifier of an unresolved call → files with such a call.
    Unresolved = 1,
    /// Hash of a segment of an import → files with such an import.
    Import = 2,
    /// Hash of a name → files that declare it.
    Declares = 3,
    /// Hash of a joined name → symbols that have it.
    Name = 4,
    /// Number of a term → postings. The last space.
    Term = 5,
}

/// The pair that says that `answer` answers to `value`, of 32 bits, in any space but that of terms.
pub(crate) fn pair(space: Space, value: i64, answer: i64) -> i64 {
    debug_assert!((0..=MAX_ANSWER).contains(&answer) && (0..1 << 32).contains(&value));
    i64::from(space as u8) << SPACE_SHIFT | value << VALUE_SHIFT | answer
}

/// First and last pair that can answer to `value`.
pub(crate) fn range(space: Space, value: i64) -> (i64, i64) {
    (pair(space, value, 0), pair(space, value, MAX_ANSWER))
}

/// What a pair answers with.
pub(crate) fn answer(pair: i64) -> i64 {
    pair & MAX_ANSWER
}

/// The pair that says that a term has a posting.
pub(crate) fn term_pair(term: u32, posting: u32) -> i64 {
    debug_assert!(term <= MAX_TERM && posting < 1 << TERM_SHIFT);
    i64::from(Space::Term as u8) << SPACE_SHIFT | i64::from(term) << TERM_SHIFT | i64::from(posting)
}

/// First and last pair of the terms from `first` to `last`, both included.
pub(crate) fn term_range(first: u32, last: u32) -> (i64, i64) {
    (term_pair(first, 0), term_pair(last, (1 << TERM_SHIFT) - 1))
}

/// The posting of a pair.
pub(crate) fn posting(pair: i64) -> u32 {
    (pair & ((1 << TERM_SHIFT) - 1)) as u32
}

/// What changes when `old` pairs make way for `new` ones, sorted.
pub(crate) fn difference(mut old: Vec<i64>, mut new: Vec<i64>, changes: &mut Vec<(i64, bool)>) {
    for pairs in [&mut old, &mut new] {
        pairs.sort_unstable();
        pairs.dedup();
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                i += 1;
                j += 1;
            }
            (Some(a), b) if b.is_none_or(|b| a < b) => {
                changes.push((*a, false));
                i += 1;
            }
            (_, Some(b)) => {
                changes.push((*b, true));
                j += 1;
            }
            (_, None) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_value_are_neighbours() {
        let value = i64::from(u32::MAX);
        let (first, last) = range(Space::Name, value);
        let inside = pair(Space::Name, value, 77);
        assert!(first < inside && inside < last);
        assert_eq!(answer(inside), 77);
        assert!(range(Space::Target, 0).0 == 0);
        assert!(range(Space::Declares, value).1 < range(Space::Name, 0).0);
        assert!(last < term_range(0, 0).0 && term_range(MAX_TERM, MAX_TERM).1 > 0);
        assert!(term_range(3, 3).1 < term_range(4, 4).0);
        assert_eq!(posting(term_pair(7, 0x7fff_ffff)), 0x7fff_ffff);
    }

    #[test]
    fn difference_finds_both_sides() {
        let mut changes = Vec::new();
        difference(vec![5, 2, 1, 1], vec![3, 2, 9, 5], &mut changes);
        assert_eq!(changes, [(1, false), (3, true), (9, true)]);
        changes.clear();
        difference(vec![4], vec![], &mut changes);
        assert_eq!(changes, [(4, false)]);
    }
}
