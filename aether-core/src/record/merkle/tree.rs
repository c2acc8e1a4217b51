//! A tree in memory that answers for every size that it had.

use super::{ConsistencyProof, InclusionProof, empty_root, node_hash, split};
use crate::base::Sha256Hash;

/// A tree with the hashes of all its full subtrees, 64 bytes a leaf: roots and proofs of every size so far.
///
/// # Examples
///
/// ```
/// use aether_core::record::{MerkleTree, leaf_hash};
/// let mut tree = MerkleTree::new();
/// for event in ["a", "b", "c"] {
///     tree.push(leaf_hash(event.as_bytes()));
/// }
/// let (root, old) = (tree.root(), tree.root_at(2).expect("the tree had two leaves"));
/// let proof = tree.inclusion_proof(1, 3).expect("the leaf is there");
/// proof.verify(&leaf_hash(b"b"), &root)?;
/// tree.consistency_proof(2, 3).expect("the tree had two leaves").verify(&old, &root)?;
/// # Ok::<(), aether_core::record::ProofError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MerkleTree {
    /// Of each level from the leaves up, the hashes of its full subtrees from the left.
    levels: Vec<Vec<Sha256Hash>>,
}

impl MerkleTree {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends the hash of a leaf.
    pub fn push(&mut self, leaf: Sha256Hash) {
        let mut hash = leaf;
        let mut level = 0;
        loop {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => return,
            }
            level += 1;
        }
    }

    /// The hash of the leaf of this index.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Option<Sha256Hash> {
        self.full(0, index)
    }

    /// The root of the tree as it is now.
    #[must_use]
    pub fn root(&self) -> Sha256Hash {
        self.root_at(self.size()).unwrap_or_else(empty_root)
    }

    /// The root that the tree had with `size` leaves; `None` above the present size.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Sha256Hash> {
        if size == 0 {
            return Some(empty_root());
        }
        if size > self.size() { None } else { self.range(0, size) }
    }

    /// Proves that the leaf `index` is in the tree of the first `size` leaves; `None` unless
    /// `index < size` and the tree has that many leaves.
    #[must_use]
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Option<InclusionProof> {
        if index >= size || size > self.size() {
            return None;
        }
        let mut path = Vec::new();
        // From the root down, in place of the recursion of RFC 9162, section 2.1.3.1.
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            let sibling = if index < middle { (middle, end) } else { (start, middle) };
            path.push(self.range(sibling.0, sibling.1)?);
            if index < middle { end = middle } else { start = middle }
        }
        path.reverse();
        Some(InclusionProof::new(index, size, path))
    }

    /// Proves that the tree of the first `old_size` leaves is the beginning of that of `new_size`; `None`
    /// unless `0 < old_size <= new_size` and the tree has that many leaves.
    #[must_use]
    pub fn consistency_proof(&self, old_size: u64, new_size: u64) -> Option<ConsistencyProof> {
        if old_size == 0 || old_size > new_size || new_size > self.size() {
            return None;
        }
        let mut path = Vec::new();
        // RFC 9162, section 2.1.4.1. As long as nothing was left behind on the left, the old tree is the
        // left edge of the new one, and its root is known to whoever checks.
        let (mut start, mut end) = (0, new_size);
        while end != old_size {
            let middle = start + split(end - start);
            if old_size <= middle {
                path.push(self.range(middle, end)?);
                end = middle;
            } else {
                path.push(self.range(start, middle)?);
                start = middle;
            }
        }
        if start != 0 {
            path.push(self.range(start, end)?);
        }
        path.reverse();
        Some(ConsistencyProof::new(old_size, new_size, path))
    }

    fn full(&self, level: usize, index: u64) -> Option<Sha256Hash> {
        self.levels.get(level)?.get(usize::try_from(index).ok()?).copied()
    }

    /// The hash over the leaves from `start` to `end`, as a split of RFC 9162 yields them: `start` is a
    /// multiple of the smallest power of two that is not below their number.
    fn range(&self, start: u64, end: u64) -> Option<Sha256Hash> {
        let mut left = start;
        let mut peaks = Vec::new();
        while left < end {
            let level = (end - left).ilog2();
            peaks.push(self.full(level as usize, left >> level)?);
            left += 1 << level;
        }
        let last = peaks.pop()?;
        Some(peaks.iter().rev().fold(last, |right, left| node_hash(left, &right)))
    }
}
