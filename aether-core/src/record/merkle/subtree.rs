//! Parts of a tree that are trees themselves, and proofs about them (draft-ietf-plants-merkle-tree-certs).

use super::{InclusionProof, ProofError, ProofErrorKind, empty_root, node_hash};
use crate::base::Sha256Hash;

/// The leaves from `start` to before `end`, which hash to one root whatever stands beside them: `start` is
/// a multiple of the smallest power of two that is not below their number.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Subtree {
    start: u64,
    end: u64,
}

impl Subtree {
    /// The leaves from `start` to before `end`; `None` when they are no subtree.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::record::Subtree;
    /// assert!(Subtree::new(4, 7).is_some());
    /// assert!(Subtree::new(2, 5).is_none());
    /// ```
    #[must_use]
    pub fn new(start: u64, end: u64) -> Option<Self> {
        let length = end.checked_sub(start)?;
        let fits = start == 0
            || length == 0
            || length.checked_next_power_of_two().is_some_and(|power| start.is_multiple_of(power));
        fits.then_some(Self { start, end })
    }

    /// The first leaf.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The first leaf behind it.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }
}

/// The hashes that lead from one leaf to the root of a subtree.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SubtreeInclusionProof {
    /// The leaf, counted from the first of the whole tree.
    pub index: u64,
    /// The subtree.
    pub subtree: Subtree,
    /// From the sibling of the leaf up.
    pub path: Vec<Sha256Hash>,
}

impl SubtreeInclusionProof {
    /// A proof for a leaf of a subtree; nothing is checked yet.
    #[must_use]
    pub fn new(index: u64, subtree: Subtree, path: Vec<Sha256Hash>) -> Self {
        Self { index, subtree, path }
    }

    /// Checks that the subtree with this root has this leaf, given as its hash, at the index of the proof.
    ///
    /// # Errors
    ///
    /// Every [`ProofErrorKind`].
    pub fn verify(&self, leaf: &Sha256Hash, root: &Sha256Hash) -> Result<(), ProofError> {
        let Subtree { start, end } = self.subtree;
        let index = self.index.checked_sub(start).ok_or(ProofErrorKind::OutOfRange)?;
        InclusionProof::new(index, end - start, self.path.clone()).verify(leaf, root)
    }
}

/// The hashes that show a subtree to be part of a tree.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SubtreeConsistencyProof {
    /// The subtree.
    pub subtree: Subtree,
    /// Number of leaves of the tree.
    pub size: u64,
    /// From the lowest node up.
    pub path: Vec<Sha256Hash>,
}

impl SubtreeConsistencyProof {
    /// A proof between a subtree and a tree of `size` leaves; nothing is checked yet.
    #[must_use]
    pub fn new(subtree: Subtree, size: u64, path: Vec<Sha256Hash>) -> Self {
        Self { subtree, size, path }
    }

    /// Checks that the subtree with the root `part` is part of the tree with the root `whole`. A subtree
    /// without leaves is part of every tree.
    ///
    /// # Errors
    ///
    /// Every [`ProofErrorKind`].
    pub fn verify(&self, part: &Sha256Hash, whole: &Sha256Hash) -> Result<(), ProofError> {
        let Subtree { start, end } = self.subtree;
        if end > self.size {
            return Err(ProofErrorKind::OutOfRange.into());
        }
        if start == end {
            if !self.path.is_empty() {
                return Err(ProofErrorKind::WrongLength.into());
            }
            let is_empty = *part == empty_root();
            return if is_empty { Ok(()) } else { Err(ProofErrorKind::RootMismatch.into()) };
        }
        check_consistency(self.subtree, self.size, &self.path, part, whole)
    }
}

/// Checks a proof between a subtree with leaves and a tree of `size` leaves, which has all of them.
pub(super) fn check_consistency(
    subtree: Subtree,
    size: u64,
    path: &[Sha256Hash],
    part: &Sha256Hash,
    whole: &Sha256Hash,
) -> Result<(), ProofError> {
    let Subtree { start, end } = subtree;
    // Positions, on the present level, of the first and the last node of the subtree and of the last of
    // the tree. The proof starts at the largest full subtree at the right end of the subtree, or at the
    // subtree itself where that is a node of the tree.
    let (mut first, mut node, mut last) = (start, end - 1, size - 1);
    let is_at_end = node == last;
    while first != node && (is_at_end || node % 2 == 1) {
        first >>= 1;
        node >>= 1;
        last >>= 1;
    }
    let (mut path, seed) = match path {
        path if first == node => (path.iter(), *part),
        [seed, rest @ ..] => (rest.iter(), *seed),
        [] => return Err(ProofErrorKind::WrongLength.into()),
    };
    let (mut part_hash, mut whole_hash) = (seed, seed);
    for sibling in &mut path {
        if last == 0 {
            return Err(ProofErrorKind::WrongLength.into());
        }
        if node % 2 == 1 || node == last {
            if first < node {
                part_hash = node_hash(sibling, &part_hash);
            }
            whole_hash = node_hash(sibling, &whole_hash);
            while node % 2 == 0 && node != 0 {
                first >>= 1;
                node >>= 1;
                last >>= 1;
            }
        } else {
            whole_hash = node_hash(&whole_hash, sibling);
        }
        first >>= 1;
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofErrorKind::WrongLength.into());
    }
    if part_hash == *part && whole_hash == *whole { Ok(()) } else { Err(ProofErrorKind::RootMismatch.into()) }
}
