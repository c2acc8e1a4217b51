//! The symbols of a file in the order of its facts, as one small blob.
//!
//! It answers "which symbols does this file have, of which kind, inside which other" for a whole
//! repository in a few milliseconds, without touching the rows of the symbols.

use aether_core::code::SymbolKind;

use crate::codec::{Reader, put, put_signed, put_text};
use crate::kind;

/// A symbol in an [`Outline`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OutlineEntry {
    /// Key of its row.
    pub(crate) key: i64,
    /// Kind.
    pub(crate) kind: SymbolKind,
    /// Position of its parent in the outline, always smaller than its own.
    pub(crate) parent: Option<u32>,
}

/// The symbols of a file in the order of its facts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Outline {
    pub(crate) entries: Vec<OutlineEntry>,
}

impl Outline {
    /// Appends the written form: for each symbol the step from the key before, the number of the
    /// kind (its text behind it when it has none), and the distance to the parent or 0.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let mut last = 0;
        for (position, entry) in self.entries.iter().enumerate() {
            put_signed(out, entry.key - last);
            last = entry.key;
            if let Some(number) = kind::number_of(&entry.kind) {
                out.push(number);
            } else {
                out.push(kind::OTHER);
                put_text(out, entry.kind.as_str());
            }
            put(out, entry.parent.map_or(0, |parent| position as u64 - u64::from(parent)));
        }
    }

    /// Reads the written form.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let mut entries = Vec::with_capacity(reader.remaining() / 3);
        let mut last = 0_i64;
        while !reader.is_empty() {
            last = last.checked_add(reader.signed()?)?;
            let kind = match reader.byte()? {
                kind::OTHER => SymbolKind::new(reader.text()?),
                number => kind::of_number(number)?,
            };
            let position = u32::try_from(entries.len()).ok()?;
            let parent = match reader.narrow()? {
                0 => None,
                distance => Some(position.checked_sub(distance)?),
            };
            entries.push(OutlineEntry { key: last, kind, parent });
        }
        Some(Self { entries })
    }

    /// Calls `visit` with the key of each symbol of a written outline.
    pub(crate) fn each_key(bytes: &[u8], mut visit: impl FnMut(i64)) -> Option<()> {
        let mut reader = Reader::new(bytes);
        let mut key = 0_i64;
        while !reader.is_empty() {
            key = key.checked_add(reader.signed()?)?;
            if reader.byte()? == kind::OTHER {
                reader.text()?;
            }
            reader.unsigned()?;
            visit(key);
        }
        Some(())
    }

    /// The position of the symbol that `defines` the one at `position`: its parent, or the file
    /// itself; `None` for the file.
    pub(crate) fn definer(&self, position: usize) -> Option<usize> {
        match self.entries.get(position)?.parent {
            Some(parent) => Some(parent as usize),
            None if position == 0 => None,
            None => Some(0),
        }
    }

    /// Keys in order, as ranges of keys that follow each other.
    pub(crate) fn runs(&self) -> Vec<(i64, i64)> {
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for entry in &self.entries {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == entry.key => *last = entry.key,
                _ => runs.push((entry.key, entry.key)),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline() -> Outline {
        let entry = |key, kind, parent| OutlineEntry { key, kind, parent };
        Outline {
            entries: vec![
                entry(9, SymbolKind::FILE, None),
                entry(10, SymbolKind::MODULE, None),
                entry(4, SymbolKind::new("widget"), Some(1)),
                entry(300, SymbolKind::FIELD, Some(2)),
            ],
        }
    }

    #[test]
    fn bytes_are_the_documented_ones() {
        let mut bytes = Vec::new();
        outline().write(&mut bytes);
        let widget = [&[11, 255, 6][..], b"widget", &[1]].concat();
        assert_eq!(bytes, [&[18, 0, 0, 2, 3, 0], &widget[..], &[0xd0, 4, 11, 1]].concat());
    }

    #[test]
    fn survives_a_round_trip() {
        let mut bytes = Vec::new();
        outline().write(&mut bytes);
        assert_eq!(Outline::read(&bytes), Some(outline()));
        let mut keys = Vec::new();
        assert_eq!(Outline::each_key(&bytes, |key| keys.push(key)), Some(()));
        assert_eq!(keys, [9, 10, 4, 300]);
        for cut in 1..bytes.len() {
            assert_ne!(Outline::read(&bytes[..cut]), Some(outline()));
        }
    }

    #[test]
    fn runs_keep_the_order() {
        assert_eq!(outline().runs(), [(9, 10), (4, 4), (300, 300)]);
        assert_eq!(
            (0..4).map(|at| outline().definer(at)).collect::<Vec<_>>(),
            [None, Some(0), Some(1), Some(2)]
        );
    }
}
