//! Roots and proofs out of the hashes of full subtrees, wherever these are kept.

use super::{ConsistencyProof, InclusionProof, empty_root, node_hash, split};
use crate::base::Sha256Hash;

/// The hashes of the full subtrees of a tree: all that roots and proofs of any size are made of.
///
/// # Examples
///
/// ```
/// use aether_core::record::{MerkleNodes, MerkleTree, leaf_hash};
/// let mut tree = MerkleTree::new();
/// for event in ["a", "b", "c"] {
///     tree.push(leaf_hash(event.as_bytes()));
/// }
/// assert_eq!(MerkleNodes::root_at(&tree, 2), tree.node(1, 0), "two leaves are a full subtree");
/// assert_eq!(tree.node(1, 1), None, "a fourth leaf is missing");
/// ```
pub trait MerkleNodes {
    /// The hash over the `2^level` leaves from `index * 2^level` on; `None` unless all of them are there.
    fn node(&self, level: u32, index: u64) -> Option<Sha256Hash>;

    /// The root over the first `size` leaves; `None` where a node is missing.
    fn root_at(&self, size: u64) -> Option<Sha256Hash> {
        if size == 0 { Some(empty_root()) } else { range(self, 0, size) }
    }

    /// Proves that the leaf `index` is in the tree of the first `size` leaves; `None` unless
    /// `index < size`, and where a node is missing.
    fn inclusion_proof(&self, index: u64, size: u64) -> Option<InclusionProof> {
        if index >= size || !has(self, size) {
            return None;
        }
        let mut path = Vec::new();
        // From the root down, in place of the recursion of RFC 9162, section 2.1.3.1.
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            let sibling = if index < middle { (middle, end) } else { (start, middle) };
            path.push(range(self, sibling.0, sibling.1)?);
            if index < middle { end = middle } else { start = middle }
        }
        path.reverse();
        Some(InclusionProof::new(index, size, path))
    }

    /// Proves that the tree of the first `old_size` leaves is the beginning of that of `new_size`; `None`
    /// unless `0 < old_size <= new_size`, and where a node is missing.
    fn consistency_proof(&self, old_size: u64, new_size: u64) -> Option<ConsistencyProof> {
        if old_size == 0 || old_size > new_size || !has(self, new_size) {
            return None;
        }
        let mut path = Vec::new();
        // RFC 9162, section 2.1.4.1. As long as nothing was left behind on the left, the old tree is the
        // left edge of the new one, and its root is known to whoever checks.
        let (mut start, mut end) = (0, new_size);
        while end != old_size {
            let middle = start + split(end - start);
            if old_size <= middle {
                path.push(range(self, middle, end)?);
                end = middle;
            } else {
                path.push(range(self, start, middle)?);
                start = middle;
            }
        }
        if start != 0 {
            path.push(range(self, start, end)?);
        }
        path.reverse();
        Some(ConsistencyProof::new(old_size, new_size, path))
    }
}

/// Whether the tree has `size` leaves, which is one or more: a proof need not touch the last one.
fn has<N: MerkleNodes + ?Sized>(nodes: &N, size: u64) -> bool {
    nodes.node(0, size - 1).is_some()
}

/// The hash over the leaves from `start` to `end`, as a split of RFC 9162 yields them: `start` is a
/// multiple of the smallest power of two that is not below their number.
fn range<N: MerkleNodes + ?Sized>(nodes: &N, start: u64, end: u64) -> Option<Sha256Hash> {
    let mut left = start;
    let mut peaks = Vec::new();
    while left < end {
        let level = (end - left).ilog2();
        peaks.push(nodes.node(level, left >> level)?);
        left += 1 << level;
    }
    let last = peaks.pop()?;
    Some(peaks.iter().rev().fold(last, |right, left| node_hash(left, &right)))
}
