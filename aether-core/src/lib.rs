//! Contracts of Aether: the words that its crates share, the rules on those words, and the ports
//! between them.
//!
//! This crate performs no I/O, reads no clock and starts no thread. It is what an embedder, a
//! third-party tool and every other Aether crate agree on.
//!
//! # Example
//!
//! ```
//! use aether_core::code::{Language, SymbolId, SymbolIdentity, SymbolKind};
//! use aether_core::base::RelPath;
//!
//! let path = RelPath::new("src/lib.rs")?;
//! let identity = SymbolIdentity {
//!     language: &Language::RUST,
//!     path: &path,
//!     kind: &SymbolKind::FUNCTION,
//!     local_path: "answer",
//!     signature_fingerprint: "fnanswer()->u32",
//!     ordinal: 0,
//! };
//! let id = SymbolId::derive(&identity);
//! assert!(id.to_string().starts_with("sym:"));
//! # Ok::<(), aether_core::base::RelPathError>(())
//! ```
//!
//! # Concepts
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`base`] | hashes, canonical JSON, paths, spans, time stamps, limits, cancellation, error codes, configuration |
//! | [`code`] | symbols, facts of a file, the project graph, anchors, lineage, changes, queries and answers |
//! | [`change`] | what is to become of which file, and the rules that make it a change |
//! | [`record`] | what is kept of what was done: the audit log and its chain, the Merkle tree of a ledger, signed checkpoints |
//! | [`authority`] | who may do what: policy, grants, the gate and the permits that it makes |
//! | [`record`] | traces of sessions and the scripts that plan them |
//! | [`rpc`] | messages of JSON-RPC 2.0 |
//! | [`port`] | the traits through which the other crates meet |
//! | `conformance` | suites that any implementation of a port can run (feature `conformance`) |
//! | `schema` | JSON Schemas of the contract types (feature `schema`) |
//!
//! # Guarantees
//!
//! Equal values serialise to equal bytes. A validated type cannot be deserialised into an invalid
//! value. Open vocabularies (languages, kinds) keep values they do not know.
//!
//! # Untrusted input
//!
//! Deserialising is bounded by the caller's buffer; [`base::canonical_json`] refuses what it cannot
//! represent exactly, and [`base::RelPath`] refuses what could leave the repository.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `schema` | module `schema`: JSON Schemas of the contract types (`schemars` 1.x) |
//! | `proptest1` | `base::strategies` and `code::strategies`: valid values for `proptest` 1.x |
//! | `conformance` | module `conformance`: suites for implementations of the ports, and inputs for tests |
//!
//! None is on by default.
//!
//! # What it does not do
//!
//! It finds no files, parses no source and stores nothing: see `aether-index` and `aether-store`.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod authority;
pub mod base;
pub mod change;
pub mod code;
pub mod port;
pub mod record;
pub mod rpc;

#[cfg(feature = "conformance")]
pub mod conformance;

#[cfg(feature = "schema")]
pub mod schema;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
