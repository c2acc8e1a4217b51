//! The lookup table: which symbols and files answer to a number.
//!
//! One row is one 63-bit integer, the primary key of a table without further columns: 3 bits for the
//! space, 33 for the value asked for, 27 for the symbol or file that answers. A lookup is a range
//! scan of neighbouring rows, a full index appends them in order, and a change of one file touches
//! only the rows that differ.

/// Bits of the answer.
const ANSWER_BITS: u32 = 27;
/// Bits of the value.
const VALUE_BITS: u32 = 33;

/// The largest symbol key or file number that fits.
pub(crate) const MAX_ANSWER: i64 = (1 << ANSWER_BITS) - 1;

/// What a row of the lookup table says. Part of the file format.
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
}

/// The row that says that `answer` answers to `value`.
pub(crate) fn row(space: Space, value: i64, answer: i64) -> i64 {
    debug_assert!((0..=MAX_ANSWER).contains(&answer) && (0..1 << VALUE_BITS).contains(&value));
    (i64::from(space as u8) << (VALUE_BITS + ANSWER_BITS)) | (value << ANSWER_BITS) | answer
}

/// First and last row that can answer to `value`.
pub(crate) fn range(space: Space, value: i64) -> (i64, i64) {
    (row(space, value, 0), row(space, value, MAX_ANSWER))
}

/// What a row answers with.
pub(crate) fn answer(row: i64) -> i64 {
    row & MAX_ANSWER
}

/// Calls `visit` with what is only in `old` and only in `new`; both sorted, each row once.
pub(crate) fn difference<E>(
    old: &[i64],
    new: &[i64],
    mut gone: impl FnMut(i64) -> Result<(), E>,
    mut added: impl FnMut(i64) -> Result<(), E>,
) -> Result<(), E> {
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                i += 1;
                j += 1;
            }
            (Some(a), Some(b)) if a < b => {
                gone(*a)?;
                i += 1;
            }
            (Some(a), None) => {
                gone(*a)?;
                i += 1;
            }
            (_, Some(b)) => {
                added(*b)?;
                j += 1;
            }
            (None, None) => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_value_are_neighbours() {
        let (first, last) = range(Space::Declares, i64::from(u32::MAX));
        let inside = row(Space::Declares, i64::from(u32::MAX), 77);
        assert!(first < inside && inside < last);
        assert_eq!(answer(inside), 77);
        assert!(last < i64::MAX && range(Space::Target, 0).0 == 0);
        assert!(range(Space::Import, i64::from(u32::MAX)).1 < range(Space::Declares, 0).0);
    }

    #[test]
    fn difference_finds_both_sides() {
        let (mut gone, mut added) = (Vec::new(), Vec::new());
        let done: Result<(), ()> = difference(
            &[1, 2, 5],
            &[2, 3, 5, 9],
            |row| {
                gone.push(row);
                Ok(())
            },
            |row| {
                added.push(row);
                Ok(())
            },
        );
        assert_eq!((done, gone, added), (Ok(()), vec![1], vec![3, 9]));
    }
}
