//! What is kept of what was done, so that a stranger can check it afterwards: traces and the scripts that say
//! beforehand what is to be done, the provenance of patches, the audit log and its chain, the Merkle tree of a
//! ledger, signed checkpoints, bundles.

pub mod provenance;
pub mod script;
pub mod trace;

mod audit;
mod bundle;
mod checkpoint;
mod logged;
mod merkle;
mod note;
mod rules;
mod secrets;
mod signing;

pub use audit::{
    AuditActor, AuditChain, AuditEntry, AuditError, AuditErrorKind, AuditFinding, AuditFlaw, AuditGap,
    AuditKey, AuditKind, AuditMac, AuditMacError, AuditQuery, AuditReceipt, AuditRecord, AuditRow,
    AuditStage, AuditTip, AuditVerdict, AuditVerifier, ExpectedTip,
    MAX_PAYLOAD_BYTES as MAX_AUDIT_PAYLOAD_BYTES, SCHEMA_VERSION as AUDIT_SCHEMA_VERSION, SealedTip,
};
pub use bundle::{
    Bundle, BundleError, BundleErrorKind, BundleFile, BundleLimits, BundleManifest, ManifestFile,
    SCHEMA_VERSION as BUNDLE_SCHEMA_VERSION,
};
pub use checkpoint::Checkpoint;
pub use logged::{LoggedExtension, LoggedProof};
pub use merkle::{
    ConsistencyProof, Frontier, InclusionProof, MerkleNodes, MerkleTree, ProofError, ProofErrorKind, Subtree,
    SubtreeConsistencyProof, SubtreeInclusionProof, empty_root, leaf_hash, node_hash,
};
pub use note::{NoteError, NoteErrorKind, SignedNote};
pub use secrets::{Secret, SecretKind, find_secrets, redact_secrets};
pub use signing::{PublicKey, Signer, Verifier};
