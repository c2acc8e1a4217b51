//! The engine that joins the crates of Aether, and the surfaces over it.
//!
//! # Example
//!
//! ```
//! use aether_bindings::engine::{Engine, EngineOptions, Ports};
//! use aether_core::base::Cancel;
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("lib.rs"), "/// Adds.\npub fn add() { one() }\nfn one() {}\n")?;
//! let options = EngineOptions::new(folder.path());
//! let engine = Engine::open(options.clone(), Ports::in_memory()?)?;
//! engine.index(&Cancel::new(), &aether_bindings::engine::NoProgress)?;
//! let symbol = engine.select("one")?;
//! let callers = engine.callers(symbol.id, Default::default())?;
//! assert_eq!(callers.result.edges[0].src_qualified_name, "add");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Concepts
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`engine`] | use cases: open, index, ask, export |
//! | `provider` | providers of semantic records within limits, with the feature of that name |
//! | `scip` | the index in the format of SCIP, with the feature of that name |
//!
//! # Guarantees
//!
//! The engine starts no async runtime, opens no network connection and prints nothing. Every answer
//! carries how fresh it is and how much it covers.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `git` | the project graph of a past commit; builds `gix`, without its network |
//! | `change` | sessions that change a repository behind the policy gate, and files that are exported |
//! | `keyring` | keys of the audit log in the keyring of the system |
//! | `provider` | the module `provider` and `Engine::infer_records`: records by models and services |
//! | `scip` | the module `scip`: the project graph as a SCIP index |
//! | `watch` | `Engine::watch`: an index that follows the files (`notify`) |
//!
//! None is on by default. Each further surface (MCP, LSP, HTTP, JSON-RPC) will be a feature of its own.
//!
//! # What it does not do
//!
//! No rule, formula or ranking lives here: see `aether-core`, `aether-index` and `aether-store`.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod engine;
#[cfg(feature = "provider")]
pub mod provider;
#[cfg(feature = "scip")]
pub mod scip;
