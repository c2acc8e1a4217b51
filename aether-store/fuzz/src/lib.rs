//! What the targets that read a file have in common: any bytes, or a good file that is damaged.

use arbitrary::Arbitrary;

/// The bytes of a file.
#[derive(Arbitrary, Debug)]
pub enum Case {
    /// Any.
    Bytes(Vec<u8>),
    /// A good file with some bytes changed.
    Changes(Vec<(u16, u8)>),
    /// The beginning of a good file.
    Cut(u16),
}

impl Case {
    /// The bytes, where those of a good file are `good`.
    #[must_use]
    pub fn bytes(self, good: &[u8]) -> Vec<u8> {
        // Every third byte is reached, so that a number of 16 bits leads to all of the file.
        let place = |at: u16| usize::from(at) * 3 % good.len();
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Cut(at) => good[..place(at)].to_vec(),
            Self::Changes(changes) => {
                let mut bytes = good.to_vec();
                for (at, value) in changes {
                    bytes[place(at)] = value;
                }
                bytes
            }
        }
    }
}
