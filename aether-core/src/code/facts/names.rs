//! The names of one file, each once.

use serde::{Deserialize, Serialize};

/// Index into a [`NameTable`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct NameIdx(pub u32);

/// Distinct names in order of first use: one text, and how long each name is in it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Stored", into = "Stored")]
#[cfg_attr(feature = "schema", schemars(with = "Stored"))]
pub struct NameTable {
    text: String,
    ends: Vec<u32>,
}

/// The written form of a [`NameTable`].
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Stored {
    /// All names, one behind the other.
    text: String,
    /// Length of each name in bytes.
    lengths: Vec<u32>,
}

impl NameTable {
    /// Appends a name and returns its index. The caller keeps names distinct.
    pub fn push(&mut self, name: &str) -> NameIdx {
        self.text.push_str(name);
        self.ends.push(self.text.len() as u32);
        NameIdx(self.ends.len() as u32 - 1)
    }

    /// Removes all names; the memory stays.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// The text of a name; empty for an index that is not in the table.
    #[must_use]
    pub fn get(&self, index: NameIdx) -> &str {
        let at = index.0 as usize;
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Number of names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The names in index order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(NameIdx(index as u32)))
    }
}

impl TryFrom<Stored> for NameTable {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let mut end = 0_usize;
        let mut ends = Vec::with_capacity(stored.lengths.len());
        for length in stored.lengths {
            end = end.saturating_add(length as usize);
            if !stored.text.is_char_boundary(end) {
                return Err("a name ends outside the text");
            }
            ends.push(end as u32);
        }
        if end != stored.text.len() {
            return Err("names do not cover the text");
        }
        Ok(Self { text: stored.text, ends })
    }
}

impl From<NameTable> for Stored {
    fn from(table: NameTable) -> Self {
        let mut start = 0;
        let lengths = table
            .ends
            .iter()
            .map(|&end| {
                let length = end - start;
                start = end;
                length
            })
            .collect();
        Self { text: table.text, lengths }
    }
}
