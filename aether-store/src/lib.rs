//! One SQLite file that holds an index: facts, symbols, edges, search and lineage; another that holds what was
//! asked, decided and granted; and the ledger of events.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod authority;
mod codec;
mod connections;
mod digest;
mod directory;
mod ed25519;
mod edge_block;
mod ends;
mod error;
mod fact_source;
mod folders;
mod graph;
mod history;
mod ids;
mod kept;
mod kind;
mod ledger;
mod lookup;
mod options;
mod outline;
mod output_files;
mod packed;
mod record_files;
mod records;
mod rows;
mod schema;
mod search;
mod secret_file;
mod signing_key;
mod state;
mod store;
mod symbols;
mod vectors;
mod visit;
mod write;

#[cfg(feature = "keyring")]
pub use authority::AuditKeyring;
pub use authority::{
    AuditExport, AuditKeyError, AuditKeyErrorKind, AuditKeyFile, AuditKeyFiles, AuditLog, AuditTrust,
    PolicyStore, PolicyStoreError, PolicyStoreErrorKind, PolicyStoreOptions, audit_key,
};
pub use ed25519::{Ed25519Signer, Ed25519Verifier};
pub use error::{StoreError, StoreErrorKind};
pub use ledger::{
    Damage, Doubt, Ledger, LedgerError, LedgerErrorKind, LedgerOptions, Recovered, Trust, Verdict,
    verify_ledger,
};
pub use options::StoreOptions;
pub use output_files::OutputFiles;
pub use record_files::RecordFiles;
pub use signing_key::{SigningKeyError, SigningKeyErrorKind, SigningKeyFile};
pub use store::SqliteStore;
