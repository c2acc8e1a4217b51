//! That a leaf is in a tree, and that a tree is the beginning of another: proofs, checked against roots.

use super::node_hash;
use super::subtree::{Subtree, check_consistency};
use crate::base::{ErrorCode, Sha256Hash};

/// The hashes that lead from one leaf to the root of a tree (RFC 9162, section 2.1.3).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct InclusionProof {
    /// The leaf, counted from 0.
    pub index: u64,
    /// Number of leaves of the tree.
    pub size: u64,
    /// From the sibling of the leaf up.
    pub path: Vec<Sha256Hash>,
}

impl InclusionProof {
    /// A proof for the leaf `index` of a tree of `size` leaves; nothing is checked yet.
    #[must_use]
    pub fn new(index: u64, size: u64, path: Vec<Sha256Hash>) -> Self {
        Self { index, size, path }
    }

    /// Checks that the tree with this root has this leaf, given as its hash, at the index of the proof.
    ///
    /// The size must come from where the root comes from, such as a checkpoint: a path of one shape fits
    /// several sizes.
    ///
    /// # Errors
    ///
    /// Every [`ProofErrorKind`].
    pub fn verify(&self, leaf: &Sha256Hash, root: &Sha256Hash) -> Result<(), ProofError> {
        if self.root(leaf)? == *root { Ok(()) } else { Err(ProofErrorKind::RootMismatch.into()) }
    }

    /// The root of the tree that this proof leads to from the hash of a leaf.
    ///
    /// # Errors
    ///
    /// [`ProofErrorKind::OutOfRange`] and [`ProofErrorKind::WrongLength`].
    pub fn root(&self, leaf: &Sha256Hash) -> Result<Sha256Hash, ProofError> {
        if self.index >= self.size {
            return Err(ProofErrorKind::OutOfRange.into());
        }
        // Positions, on the present level, of the node on the way and of the last node (RFC 9162,
        // section 2.1.3.2).
        let (mut node, mut last) = (self.index, self.size - 1);
        let mut hash = *leaf;
        for sibling in &self.path {
            if last == 0 {
                return Err(ProofErrorKind::WrongLength.into());
            }
            if node % 2 == 1 || node == last {
                hash = node_hash(sibling, &hash);
                // A last node without a sibling moves up as it is.
                while node % 2 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node_hash(&hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if last == 0 { Ok(hash) } else { Err(ProofErrorKind::WrongLength.into()) }
    }
}

/// The hashes that show one tree to be the beginning of another (RFC 9162, section 2.1.4).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ConsistencyProof {
    /// Number of leaves of the older tree.
    pub old_size: u64,
    /// Number of leaves of the newer tree.
    pub new_size: u64,
    /// From the lowest node up.
    pub path: Vec<Sha256Hash>,
}

impl ConsistencyProof {
    /// A proof between trees of these sizes; nothing is checked yet.
    #[must_use]
    pub fn new(old_size: u64, new_size: u64, path: Vec<Sha256Hash>) -> Self {
        Self { old_size, new_size, path }
    }

    /// Checks that the tree with the root `new` begins with the leaves of that with the root `old`.
    ///
    /// # Errors
    ///
    /// Every [`ProofErrorKind`]. A proof from the tree without leaves is
    /// [`ProofErrorKind::OutOfRange`]: it would say nothing.
    pub fn verify(&self, old: &Sha256Hash, new: &Sha256Hash) -> Result<(), ProofError> {
        if self.old_size == 0 || self.old_size > self.new_size {
            return Err(ProofErrorKind::OutOfRange.into());
        }
        let beginning = Subtree::new(0, self.old_size).ok_or(ProofErrorKind::OutOfRange)?;
        check_consistency(beginning, self.new_size, &self.path, old, new)
    }
}

/// A proof that does not prove what it is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", .kind.reason())]
pub struct ProofError {
    kind: ProofErrorKind,
}

impl ProofError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ProofErrorKind {
        self.kind
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::LEDGER_BAD_PROOF
    }
}

impl From<ProofErrorKind> for ProofError {
    fn from(kind: ProofErrorKind) -> Self {
        Self { kind }
    }
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ProofErrorKind {
    /// The leaf is not in a tree of that size, or the sizes are in no order.
    OutOfRange,
    /// The proof has more or fewer hashes than its sizes ask for.
    WrongLength,
    /// The proof leads to another root.
    RootMismatch,
}

impl ProofErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::OutOfRange => "proof is for a leaf or a size that the tree does not have",
            Self::WrongLength => "proof has another number of hashes than its sizes ask for",
            Self::RootMismatch => "proof leads to another root",
        }
    }
}
