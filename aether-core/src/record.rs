//! What is written down so that others can check it: the Merkle tree of a ledger, signed checkpoints, bundles.

mod merkle;

pub use merkle::{
    ConsistencyProof, Frontier, InclusionProof, MerkleTree, ProofError, ProofErrorKind, Subtree,
    SubtreeConsistencyProof, SubtreeInclusionProof, empty_root, leaf_hash, node_hash,
};
