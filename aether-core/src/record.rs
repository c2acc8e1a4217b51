//! What is written down so that others can check it: the Merkle tree of a ledger, signed checkpoints, bundles.

mod bundle;
mod checkpoint;
mod logged;
mod merkle;
mod note;
mod secrets;
mod signing;

pub use bundle::{
    Bundle, BundleError, BundleErrorKind, BundleFile, BundleLimits, BundleManifest, ManifestFile,
    SCHEMA_VERSION as BUNDLE_SCHEMA_VERSION,
};
pub use checkpoint::Checkpoint;
pub use logged::LoggedProof;
pub use merkle::{
    ConsistencyProof, Frontier, InclusionProof, MerkleTree, ProofError, ProofErrorKind, Subtree,
    SubtreeConsistencyProof, SubtreeInclusionProof, empty_root, leaf_hash, node_hash,
};
pub use note::{NoteError, NoteErrorKind, SignedNote};
pub use secrets::{Secret, SecretKind, find_secrets, redact_secrets};
pub use signing::{PublicKey, Signer, Verifier};
