//! The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: hashes, roots, proofs and what they prove.

mod frontier;
mod nodes;
mod proof;
mod subtree;
mod tree;

pub use frontier::Frontier;
pub use nodes::MerkleNodes;
pub use proof::{ConsistencyProof, InclusionProof, ProofError, ProofErrorKind};
pub use subtree::{Subtree, SubtreeConsistencyProof, SubtreeInclusionProof};
pub use tree::MerkleTree;

use crate::base::{Sha256Hash, Sha256Hasher};

/// Set in front of a leaf and of a node, so that neither passes for the other (RFC 9162, section 2.1.1).
const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// The hash of a leaf: SHA-256 over `0x00` and its bytes.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(LEAF);
    hasher.update(leaf);
    hasher.finish()
}

/// The hash of a node: SHA-256 over `0x01` and the hashes of its two children.
#[must_use]
pub fn node_hash(left: &Sha256Hash, right: &Sha256Hash) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(NODE);
    hasher.update(left.as_bytes());
    hasher.update(right.as_bytes());
    hasher.finish()
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Sha256Hash {
    Sha256Hash::of(b"")
}

/// The largest power of two below `size`, which is 2 or more: where RFC 9162 splits a tree.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}
