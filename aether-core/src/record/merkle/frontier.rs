//! The right edge of a tree: all that is needed to go on, in one hash for each bit of its size.

use super::{empty_root, node_hash};
use crate::base::Sha256Hash;

/// A tree that grows leaf by leaf and keeps only the roots of its full subtrees: at most 64 hashes.
///
/// # Examples
///
/// ```
/// use aether_core::record::{Frontier, leaf_hash, node_hash};
/// let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
/// let mut frontier = Frontier::new();
/// frontier.push(a);
/// frontier.push(b);
/// assert_eq!(frontier.root(), node_hash(&a, &b));
/// assert_eq!(frontier.size(), 2);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Frontier {
    size: u64,
    /// Roots of the full subtrees, the largest first; one for each set bit of `size`.
    peaks: Vec<Sha256Hash>,
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on from a size and the roots of its full subtrees, the largest first.
    ///
    /// `None` unless there is one root for each set bit of `size`. Whether they are the right ones shows
    /// in [`Frontier::root`].
    #[must_use]
    pub fn from_peaks(size: u64, peaks: Vec<Sha256Hash>) -> Option<Self> {
        (u32::try_from(peaks.len()) == Ok(size.count_ones())).then_some(Self { size, peaks })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the full subtrees, the largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Sha256Hash] {
        &self.peaks
    }

    /// Appends the hash of a leaf. A tree of 2^64 - 1 leaves is full, and stays as it is: `false`.
    pub fn push(&mut self, leaf: Sha256Hash) -> bool {
        let Some(size) = self.size.checked_add(1) else { return false };
        let mut hash = leaf;
        // One full subtree is merged for each bit that the sum carries over.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size = size;
        true
    }

    /// The root of the tree as it is now.
    #[must_use]
    pub fn root(&self) -> Sha256Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(last, |right, left| node_hash(&left, &right))
    }
}
