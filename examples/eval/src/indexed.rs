//! An index of a corpus in a store of its own, made through the engine.

use std::path::Path;
use std::sync::Arc;

use aether_bindings::engine::{Engine, EngineOptions, IndexSummary, NoProgress, Ports};
use aether_core::base::{Cancel, RelPath};
use aether_core::code::{Language, SymbolKind};
use aether_core::port::{FactSource as _, SharedFacts};
use aether_store::{SqliteStore, StoreOptions};
use anyhow::{Context as _, Result};
use tempfile::TempDir;

/// An index of a corpus. Nothing is written into the corpus; the store goes with this value.
#[derive(Debug)]
pub(crate) struct Indexed {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) summary: IndexSummary,
    _folder: TempDir,
}

impl Indexed {
    /// Indexes the repository at `root`.
    pub(crate) fn build(root: &Path, threads: usize) -> Result<Self> {
        let folder = tempfile::tempdir().context("no folder for a store")?;
        let (engine, store) = open(root, &folder.path().join(Engine::STORE_FILE), threads)?;
        let summary =
            engine.index(&Cancel::new(), &NoProgress).context("the corpus cannot be indexed")?.result;
        Ok(Self { engine, store, summary, _folder: folder })
    }

    /// The Rust files of the index, by path.
    pub(crate) fn rust_files(&self) -> Result<Vec<RelPath>> {
        rust_files(&self.engine)
    }

    /// The facts of files.
    pub(crate) fn facts(&self, paths: &[RelPath]) -> Result<Vec<Option<SharedFacts>>> {
        Ok(self.store.facts(paths)?)
    }
}

/// The Rust files of an index, by path.
pub(crate) fn rust_files(engine: &Engine) -> Result<Vec<RelPath>> {
    let mut files = Vec::new();
    engine.visit_symbols(&mut |symbol| {
        if symbol.kind == SymbolKind::FILE && symbol.language == Language::RUST {
            files.push(symbol.file.clone());
        }
    })?;
    Ok(files)
}

/// An engine for the repository at `root` over the store at `path`.
pub(crate) fn open(root: &Path, path: &Path, threads: usize) -> Result<(Engine, Arc<SqliteStore>)> {
    let store = Arc::new(SqliteStore::open(path, &StoreOptions::default())?);
    let mut options = EngineOptions::new(root);
    options.index = options.index.with_threads(threads);
    let engine = Engine::open(options, Ports::new(Arc::clone(&store) as Arc<_>))?;
    Ok((engine, store))
}
