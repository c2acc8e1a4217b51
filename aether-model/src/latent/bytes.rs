//! What was learned, as bytes: little-endian, eight bits a dimension.

use super::matrix::Rows;
use super::{DIMENSIONS, Latent, MAX_WORDS};

/// The beginning, with the version of the form.
const MAGIC: [u8; 4] = *b"LSA1";

impl Latent {
    /// What was learned, to be kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut words: Vec<(&String, &u32)> = self.words.iter().collect();
        words.sort_unstable_by_key(|(_, row)| **row);
        let mut bytes = MAGIC.to_vec();
        bytes.extend((words.len() as u32).to_le_bytes());
        for ((word, _), weight) in words.into_iter().zip(&self.weights) {
            // A word has 64 bytes at most.
            bytes.push(word.len() as u8);
            bytes.extend(word.as_bytes());
            bytes.extend(weight.to_le_bytes());
        }
        self.basis.write(&mut bytes);
        bytes
    }

    /// What [`Latent::to_bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&MAGIC)?;
        let count = u32::from_le_bytes(take(&mut rest)?) as usize;
        if count > MAX_WORDS {
            return None;
        }
        let mut model = Self::default();
        for row in 0..count {
            let [length] = take(&mut rest)?;
            let (word, behind) = rest.split_at_checked(usize::from(length))?;
            rest = behind;
            model.weights.push(Some(f32::from_le_bytes(take(&mut rest)?)).filter(|it| it.is_finite())?);
            let is_new = model.words.insert(std::str::from_utf8(word).ok()?.to_owned(), row as u32).is_none();
            is_new.then_some(())?;
        }
        model.basis = Rows::read(count, DIMENSIONS, rest)?;
        Some(model)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}
