//! Source text to facts, symbols and resolved edges: the incremental index of Aether.
//!
//! # Example
//!
//! ```
//! use aether_core::base::Cancel;
//! use aether_core::code::GraphDelta;
//! use aether_core::port::MemoryFacts;
//! use aether_index::{IndexOptions, Indexer, NoProgress};
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("lib.rs"), "fn a() { b() }\nfn b() {}\n")?;
//! let mut calls = 0;
//! let mut sink = |delta: GraphDelta| {
//!     let edges = delta.files.iter().flat_map(|file| file.edges.iter().flatten());
//!     calls += edges.filter(|edge| edge.kind.as_str() == "calls").count();
//!     Ok(())
//! };
//! let mut indexer = Indexer::new(folder.path(), IndexOptions::default())?;
//! indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress)?;
//! assert_eq!(calls, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Concepts
//!
//! | type | what it is |
//! | --- | --- |
//! | [`Indexer`] | compares a repository with what is known and says what changes |
//! | [`Sink`] | takes a change; usually a store |
//! | [`IndexOptions`] | what is read, and how |
//! | `GitRepository`, `Snapshot` | the files of a commit, with the feature `git` |
//! | [`Language`] | a language: how its files are walked, where its modules lie |
//! | [`FactsWriter`] | writes the facts of a file, for who walks one |
//! | [`UpdateReport`], [`Progress`] | what was done, and how far it is |
//! | `Watcher`, `Batcher` | says which files changed, a batch at a time (feature `watch`) |
//! | [`search_syntax`] | puts a pattern to the syntax trees of indexed files |
//!
//! Files are walked once; the facts that come out are all that resolution reads. Calls of Rust are
//! resolved by type inference over facts (`docs/adr/0005`), those of other languages by scopes,
//! imports, classes and annotations (`docs/adr/0010`); the files that an edit concerns are found by
//! the names that their answers asked for (`docs/adr/0006`).
//!
//! # Guarantees
//!
//! Equal repositories give equal deltas, whatever the number of threads. An updated index equals one
//! made from nothing. A file that cannot be read or parsed is kept with a diagnostic.
//!
//! # Untrusted input
//!
//! Size, depth and number of what is read are bounded by
//! [`IndexLimits`](aether_core::base::IndexLimits). Links are not followed. Nothing of the repository
//! is run. The cost of a pattern is bounded too; see [`search_syntax`].
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `c`, `cpp`, `go`, `java`, `javascript`, `python`, `typescript` | a language each beside Rust, all on by default |
//! | `watch` | `Watcher` and `Batcher`: waits for changes of files (`notify`), off by default |
//!
//! `git` reads commits of a git repository in place of the working copy. It brings `gix` without
//! anything that talks to a network.
//!
//! # What it does not do
//!
//! It stores nothing (`aether-store` does) and expands no macro: items in the arguments of item
//! macros are read, what a macro makes of its arguments is not.
#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod cargo;
mod contents;
mod discover;
mod documents;
mod effects;
mod facts;
mod general;
#[cfg(feature = "git")]
mod git;
mod ids;
mod indexer;
mod interface;
mod language;
mod languages;
mod mentions;
mod options;
mod report;
mod rust;
mod sir;
mod syntax;
#[cfg(feature = "watch")]
mod watch;
mod words;

pub use contents::read_indexed;
pub use documents::{DocumentMention, find_doc_comment, find_in_documents};
pub use effects::{EffectTable, EffectTableError, Effects};
pub use facts::{Declaration, FactsWriter};
#[cfg(feature = "git")]
pub use git::{BlobId, GitRepository, Snapshot};
pub use indexer::{Indexer, Sink};
pub use language::{Files, Language, Module, Walker};
#[cfg(feature = "c")]
pub use languages::C;
#[cfg(feature = "cpp")]
pub use languages::Cpp;
#[cfg(feature = "go")]
pub use languages::Go;
#[cfg(feature = "java")]
pub use languages::Java;
#[cfg(feature = "javascript")]
pub use languages::JavaScript;
#[cfg(feature = "python")]
pub use languages::Python;
#[cfg(feature = "typescript")]
pub use languages::TypeScript;
pub use mentions::{FileMentions, find_mentions};
pub use options::IndexOptions;
pub use report::{NoProgress, Progress, Stage, UpdateReport};
pub use sir::{Derived, RecordedSymbol, STATIC_PROVIDER, SirDeriver, derive, static_model};
pub use syntax::search_syntax;
#[cfg(feature = "watch")]
pub use watch::{Batch, Batcher, WatchMode, WatchOptions, Watcher};
