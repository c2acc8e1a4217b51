//! The store: opening it, and the ports it implements.

use std::path::Path;
use std::sync::Arc;

use aether_core::base::{RelPath, Sha256Hash, Timestamp};
use aether_core::code::{
    Commit, Confidence, Coverage, Freshness, GraphDelta, IndexedFile, LineageLink, SearchHit, SearchQuery,
    SirVersion, StoredRecord, Symbol, SymbolId,
};
use aether_core::port::{
    CallPath, CommitVersions, Cycle, EdgeQuery, EdgeRecord, FactSource, FactSourceError, FileStamp,
    GraphStore, HistoryStore, ImpactEntry, IndexStore, PathQuery, PortError, RecordDelta, RecordStamp,
    RecordStore, SharedFacts, StoreState, SymbolQuery, SymbolSearch, VectorDelta, VectorSpace, VectorStore,
    WholeGraph,
};

use crate::connections::Connections;
use crate::directory::Directory;
use crate::error::StoreError;
use crate::graph::Links;
use crate::kept::Kept;
use crate::options::StoreOptions;
use crate::vectors::KeptMatrix;
use crate::{digest, fact_source, graph, history, records, search, state, symbols, vectors, visit, write};

/// An index in one SQLite file.
///
/// Cheap to share: put it into an `Arc`. One thread writes at a time; any number read, each the state
/// before or after a delta, never one in between. Several processes may have the same file open.
#[derive(Debug)]
pub struct SqliteStore {
    connections: Connections,
    links: Kept<Links>,
    directory: Kept<Directory>,
    vectors: KeptMatrix,
    whole: Kept<WholeGraph>,
}

impl From<Connections> for SqliteStore {
    fn from(connections: Connections) -> Self {
        Self {
            connections,
            links: Kept::default(),
            directory: Kept::default(),
            vectors: KeptMatrix::default(),
            whole: Kept::default(),
        }
    }
}

impl SqliteStore {
    /// Opens the store at `path`, by custom `.aether/aether.db` in the root of a repository; creates
    /// it, and the folder it lies in, when it does not exist and the options do not forbid it.
    ///
    /// A file of an older version is brought to this one in one transaction. A store whose facts have
    /// another version than this program writes is emptied, so that the next index builds it anew;
    /// opened for reading only, it answers everything but [`FactSource::facts`].
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind`](crate::StoreErrorKind) lists them; a file that is not a store is never
    /// changed.
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Self, StoreError> {
        Ok(Connections::open(path, options)?.into())
    }

    /// Opens an empty store in memory, for tests and short lives. It has one connection: readers and
    /// the writer take turns.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`](crate::StoreErrorKind::Io) when there is no memory for it.
    pub fn open_in_memory() -> Result<Self, StoreError> {
        Ok(Connections::open_in_memory()?.into())
    }
}

impl FactSource for SqliteStore {
    fn files(&self) -> Result<Vec<FileStamp>, FactSourceError> {
        Ok(self.connections.read(fact_source::files)?)
    }

    fn made_by(&self) -> Result<Option<String>, FactSourceError> {
        Ok(self.connections.read(fact_source::made_by)?)
    }

    fn facts(&self, paths: &[RelPath]) -> Result<Vec<Option<SharedFacts>>, FactSourceError> {
        Ok(self.connections.read(|connection| fact_source::facts(connection, paths))?)
    }

    fn files_declaring(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError> {
        Ok(self.connections.read(|connection| fact_source::files_declaring(connection, names))?)
    }

    fn files_importing(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError> {
        Ok(self.connections.read(|connection| fact_source::files_importing(connection, names))?)
    }
}

impl SymbolSearch for SqliteStore {
    fn search(&self, query: &SearchQuery) -> Result<Vec<SearchHit>, PortError> {
        Ok(self.connections.read(|connection| search::search(connection, query))?)
    }
}

impl GraphStore for SqliteStore {
    fn symbols(&self, ids: &[SymbolId]) -> Result<Vec<Symbol>, PortError> {
        Ok(self.connections.read(|connection| symbols::by_ids(connection, ids))?)
    }

    fn find_symbols(&self, query: &SymbolQuery) -> Result<Vec<Symbol>, PortError> {
        Ok(self.connections.read(|connection| symbols::find(connection, &self.directory, query))?)
    }

    fn edges(&self, query: &EdgeQuery) -> Result<Vec<EdgeRecord>, PortError> {
        Ok(self.connections.read(|connection| graph::edges(connection, query))?)
    }

    fn unresolved_calls_named(&self, name: &str) -> Result<Vec<EdgeRecord>, PortError> {
        Ok(self.connections.read(|connection| graph::unresolved_calls_named(connection, name))?)
    }

    fn impact(
        &self,
        symbol: SymbolId,
        max_depth: u32,
        min_confidence: Confidence,
    ) -> Result<Vec<ImpactEntry>, PortError> {
        Ok(self
            .connections
            .read(|connection| graph::impact(connection, &self.links, symbol, max_depth, min_confidence))?)
    }

    fn paths(&self, query: &PathQuery) -> Result<Vec<CallPath>, PortError> {
        Ok(self.connections.read(|connection| graph::paths(connection, &self.links, query))?)
    }

    fn cycles(&self, min_confidence: Confidence) -> Result<Vec<Cycle>, PortError> {
        Ok(self.connections.read(|connection| graph::cycles(connection, &self.links, min_confidence))?)
    }

    fn lineage(&self, symbol: SymbolId) -> Result<Vec<LineageLink>, PortError> {
        Ok(self.connections.read(|connection| graph::lineage(connection, symbol))?)
    }

    fn whole_graph(&self) -> Result<Arc<WholeGraph>, PortError> {
        Ok(self.connections.read(|connection| graph::whole(connection, &self.whole))?)
    }
}

impl IndexStore for SqliteStore {
    fn apply(&self, delta: &GraphDelta, now: Option<Timestamp>) -> Result<u64, PortError> {
        Ok(self.connections.write(|connection, memory| write::apply(connection, memory, delta, now))?)
    }

    fn state(&self) -> Result<StoreState, PortError> {
        let path = self.connections.path();
        Ok(self.connections.read(|connection| state::state(connection, path))?)
    }

    fn digest(&self) -> Result<Sha256Hash, PortError> {
        Ok(self.connections.read(digest::digest)?)
    }

    fn indexed_files(&self, paths: &[RelPath]) -> Result<Vec<IndexedFile>, PortError> {
        Ok(self.connections.read(|connection| fact_source::indexed_files(connection, paths))?)
    }

    fn visit_symbols(&self, visit: &mut dyn FnMut(&Symbol)) -> Result<(), PortError> {
        if self.connections.is_single() {
            // The caller may ask the store again from inside the callback.
            let mut found = Vec::new();
            self.connections
                .read(|connection| visit::symbols(connection, &mut |symbol| found.push(symbol.clone())))?;
            found.iter().for_each(visit);
            return Ok(());
        }
        Ok(self.connections.read(|connection| visit::symbols(connection, visit))?)
    }

    fn visit_edges(&self, visit: &mut dyn FnMut(&EdgeRecord)) -> Result<(), PortError> {
        if self.connections.is_single() {
            let mut found = Vec::new();
            self.connections
                .read(|connection| visit::edges(connection, &mut |edge| found.push(edge.clone())))?;
            found.iter().for_each(visit);
            return Ok(());
        }
        Ok(self.connections.read(|connection| visit::edges(connection, visit))?)
    }
}

impl RecordStore for SqliteStore {
    fn apply_records(&self, delta: &RecordDelta) -> Result<(), PortError> {
        Ok(self.connections.write(|connection, _| records::apply(connection, delta))?)
    }

    fn records(&self, provider: &str, symbols: &[SymbolId]) -> Result<Vec<Option<StoredRecord>>, PortError> {
        Ok(self.connections.read(|connection| records::find(connection, provider, symbols))?)
    }

    fn record_stamps(&self, provider: &str) -> Result<Vec<RecordStamp>, PortError> {
        Ok(self.connections.read(|connection| records::stamps(connection, provider))?)
    }

    fn records_generation(&self, provider: &str) -> Result<Option<u64>, PortError> {
        Ok(self.connections.read(|connection| records::generation(connection, provider))?)
    }
}

impl HistoryStore for SqliteStore {
    fn apply_history(&self, maker: &str, commits: &[CommitVersions]) -> Result<(), PortError> {
        Ok(self.connections.write(|connection, _| history::apply(connection, maker, commits))?)
    }

    fn known_commits(&self, maker: &str) -> Result<Vec<(String, bool)>, PortError> {
        Ok(self.connections.read(|connection| history::known_commits(connection, maker))?)
    }

    fn seen_states(&self) -> Result<Vec<(Commit, String)>, PortError> {
        Ok(self.connections.read(history::seen_states)?)
    }

    fn last_seen(&self) -> Result<Vec<(SymbolId, Option<Sha256Hash>)>, PortError> {
        Ok(self.connections.read(history::last_seen)?)
    }

    fn versions(&self, symbols: &[SymbolId]) -> Result<Vec<SirVersion>, PortError> {
        Ok(self.connections.read(|connection| history::versions(connection, symbols))?)
    }

    fn version_links(&self, symbols: &[SymbolId]) -> Result<Vec<(LineageLink, String)>, PortError> {
        Ok(self.connections.read(|connection| history::links(connection, symbols))?)
    }
}

impl VectorStore for SqliteStore {
    fn apply_vectors(&self, delta: &VectorDelta) -> Result<(), PortError> {
        Ok(self.connections.write(|connection, _| vectors::apply(connection, delta))?)
    }

    fn vector_spaces(&self) -> Result<Vec<String>, PortError> {
        Ok(self.connections.read(vectors::spaces)?)
    }

    fn vector_space(&self, space: &str) -> Result<Option<VectorSpace>, PortError> {
        Ok(self.connections.read(|connection| vectors::space(connection, space))?)
    }

    fn learned(&self, space: &str) -> Result<Option<Vec<u8>>, PortError> {
        Ok(self.connections.read(|connection| vectors::learned(connection, space))?)
    }

    fn vector_stamps(&self, space: &str) -> Result<Vec<(SymbolId, Sha256Hash)>, PortError> {
        Ok(self.connections.read(|connection| vectors::stamps(connection, space))?)
    }

    fn nearest(&self, space: &str, vector: &[f32], limit: usize) -> Result<Vec<(SymbolId, f32)>, PortError> {
        let kept = &self.vectors;
        Ok(self.connections.read(|connection| vectors::nearest(connection, kept, space, vector, limit))?)
    }

    fn cosines(
        &self,
        space: &str,
        vector: &[f32],
        symbols: &[SymbolId],
    ) -> Result<Vec<(SymbolId, f32)>, PortError> {
        let kept = &self.vectors;
        Ok(self.connections.read(|connection| vectors::cosines(connection, kept, space, vector, symbols))?)
    }
}

impl SqliteStore {
    /// Counts the changes of the index, as [`IndexStore::state`] does, in a few microseconds: for
    /// callers that ask before every answer.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn freshness(&self) -> Result<Freshness, PortError> {
        Ok(self.connections.read(state::freshness)?)
    }

    /// What the index covers, from the same counters.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn coverage(&self) -> Result<Coverage, PortError> {
        Ok(self.connections.read(state::coverage)?)
    }
}
