//! A tree in memory that answers for every size that it had.

use super::{ConsistencyProof, InclusionProof, MerkleNodes, empty_root, node_hash};
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
        self.node(0, index)
    }

    /// The root of the tree as it is now.
    #[must_use]
    pub fn root(&self) -> Sha256Hash {
        self.root_at(self.size()).unwrap_or_else(empty_root)
    }

    /// The root that the tree had with `size` leaves; `None` above the present size.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Sha256Hash> {
        MerkleNodes::root_at(self, size)
    }

    /// Proves that the leaf `index` is in the tree of the first `size` leaves; `None` unless
    /// `index < size` and the tree has that many leaves.
    #[must_use]
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Option<InclusionProof> {
        MerkleNodes::inclusion_proof(self, index, size)
    }

    /// Proves that the tree of the first `old_size` leaves is the beginning of that of `new_size`; `None`
    /// unless `0 < old_size <= new_size` and the tree has that many leaves.
    #[must_use]
    pub fn consistency_proof(&self, old_size: u64, new_size: u64) -> Option<ConsistencyProof> {
        MerkleNodes::consistency_proof(self, old_size, new_size)
    }
}

impl MerkleNodes for MerkleTree {
    fn node(&self, level: u32, index: u64) -> Option<Sha256Hash> {
        self.levels.get(level as usize)?.get(usize::try_from(index).ok()?).copied()
    }
}
