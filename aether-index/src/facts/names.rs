//! Which names a file holds already.

use aether_core::code::facts::{NameIdx, NameTable};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// Finds names of a [`NameTable`]: an open table of their numbers. It borrows nothing, so one serves
/// all files of a thread.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Hash of each name, by its number.
    hashes: Vec<u32>,
    /// One more than the number of a name, or 0; the length is a power of two.
    slots: Vec<u32>,
}

const FIRST_SLOTS: usize = 256;

impl Names {
    /// Forgets all names.
    pub(crate) fn clear(&mut self) {
        self.hashes.clear();
        self.slots.clear();
    }

    /// The number of a name, which is added when it is new.
    pub(crate) fn intern(&mut self, table: &mut NameTable, text: &str) -> NameIdx {
        // At most half of the slots are taken, so that a search ends soon.
        if self.hashes.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash_of(text);
        let slot = self.slot_of(table, text, hash);
        if let Some(known) = self.slots[slot].checked_sub(1) {
            return NameIdx(known);
        }
        let index = table.push(text);
        self.hashes.resize(index.0 as usize, 0);
        self.hashes.push(hash);
        self.slots[slot] = index.0 + 1;
        index
    }

    /// The slot of a name, or the free one that it goes to.
    fn slot_of(&self, table: &NameTable, text: &str, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while let Some(known) = self.slots[slot].checked_sub(1) {
            if self.hashes[known as usize] == hash && table.get(NameIdx(known)) == text {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(FIRST_SLOTS);
        let old = std::mem::take(&mut self.slots);
        self.slots.resize(length, 0);
        for entry in old.into_iter().filter(|&entry| entry != 0) {
            let mut slot = self.hashes[entry as usize - 1] as usize & (length - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (length - 1);
            }
            self.slots[slot] = entry;
        }
    }
}

fn hash_of(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    // The low half picks the slot, and the upper half of the product is the better mixed one.
    (hasher.finish() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number_while_the_table_grows() {
        let (mut names, mut table) = (Names::default(), NameTable::default());
        let texts: Vec<String> = (0..5 * FIRST_SLOTS).map(|number| format!("name{number}")).collect();
        for _ in 0..2 {
            for (number, text) in texts.iter().enumerate() {
                assert_eq!(names.intern(&mut table, text).0 as usize, number);
                assert_eq!(names.intern(&mut table, &texts[number / 2]).0 as usize, number / 2);
            }
        }
        names.clear();
        table.clear();
        assert_eq!(names.intern(&mut table, "name7"), NameIdx(0));
    }
}
