//! The simplest store that keeps the rules: everything in memory, every question a scan.

mod graph;
mod history;
mod records;
mod vectors;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::base::{ErrorCode, RelPath, Sha256Hash, Timestamp};
use crate::code::{
    Confidence, Coverage, Edge, EdgeKind, EdgeTarget, FileContent, Freshness, GraphDelta, IndexedFile,
    LineageLink, Resolution, SearchHit, SearchQuery, Symbol, SymbolId,
};
use crate::port::{
    EdgeRecord, FactSource, FactSourceError, FileStamp, IndexStore, PortError, SharedFacts, StoreState,
    SymbolSearch,
};

/// A store in memory: slow, and right. A real store is compared with it.
///
/// Its digest is its own: only digests of two memory stores can be compared.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::MemoryStore;
/// use aether_core::conformance::fixtures::{FileBuilder, full_delta};
/// use aether_core::port::IndexStore;
///
/// let store = MemoryStore::default();
/// store.apply(&full_delta([FileBuilder::new("src/lib.rs").build()]), None)?;
/// assert_eq!(store.state()?.coverage.files_indexed, 1);
/// # Ok::<(), aether_core::port::PortError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Index>);

#[derive(Clone, Debug, Default)]
struct Index {
    generation: u64,
    indexed_at: Option<Timestamp>,
    files_total: u64,
    made_by: Option<String>,
    files: BTreeMap<RelPath, Entry>,
    lineage: Vec<LineageLink>,
    records: records::Records,
    history: history::History,
    vectors: vectors::Spaces,
}

#[derive(Clone, Debug)]
struct Entry {
    file: IndexedFile,
    content: Option<FileContent>,
    edges: Vec<Edge>,
    dependencies: Vec<u32>,
}

impl MemoryStore {
    fn index(&self) -> MutexGuard<'_, Index> {
        // An index is replaced as a whole, so a panic elsewhere leaves none half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index {
    fn apply(&mut self, delta: &GraphDelta) -> Result<(), PortError> {
        if delta.is_full {
            self.files.clear();
            self.files_total = 0;
            self.made_by = None;
        }
        if delta.made_by.is_some() {
            self.made_by.clone_from(&delta.made_by);
        }
        if delta.files_total > 0 {
            self.files_total = delta.files_total;
        }
        for path in &delta.removed {
            self.files.remove(path);
        }
        for change in &delta.files {
            let new = Entry {
                file: change.file.clone(),
                content: None,
                edges: Vec::new(),
                dependencies: Vec::new(),
            };
            let entry = self.files.entry(change.file.path.clone()).or_insert(new);
            entry.file.clone_from(&change.file);
            if let Some(content) = &change.content {
                let count = content.facts.symbols.len();
                if content.ids.len() != count || content.body_words.len() != count {
                    let text = format!("{}: symbols, ids and words differ in number", change.file.path);
                    return Err(PortError::new(ErrorCode::INTERNAL, text));
                }
                entry.content = Some(content.clone());
            }
            if let Some(edges) = &change.edges {
                entry.edges.clone_from(edges);
                entry.dependencies.clone_from(&change.dependencies);
            }
        }
        self.drop_dangling();
        self.lineage.extend(delta.lineage.iter().cloned());
        Ok(())
    }

    /// Edges end at their file; an edge to a symbol that is not there leads nowhere that is known.
    fn drop_dangling(&mut self) {
        let known: BTreeSet<SymbolId> =
            self.contents().flat_map(|(_, content)| content.ids.clone()).collect();
        for entry in self.files.values_mut() {
            let own = entry.content.as_ref().map_or(&[][..], |content| content.ids.as_slice());
            entry.edges.retain(|edge| own.contains(&edge.source));
            for edge in &mut entry.edges {
                if matches!(&edge.target, EdgeTarget::Symbol(id) if !known.contains(id)) {
                    edge.target = EdgeTarget::Unresolved;
                    edge.resolution = Resolution::Unresolved;
                    edge.confidence = Confidence::default();
                }
            }
        }
    }

    fn contents(&self) -> impl Iterator<Item = (&IndexedFile, &FileContent)> {
        self.files.values().filter_map(|entry| Some((&entry.file, entry.content.as_ref()?)))
    }

    /// All symbols in the order of file and position.
    fn symbols(&self) -> Vec<Symbol> {
        self.contents().flat_map(|(file, content)| content.symbols(file)).collect()
    }

    /// All edges in the order of file, source and site: `defines`, which follow from the facts, and
    /// those of the deltas.
    fn edges(&self) -> Vec<EdgeRecord> {
        let symbols: BTreeMap<SymbolId, Symbol> =
            self.symbols().into_iter().map(|symbol| (symbol.id, symbol)).collect();
        let mut all = Vec::new();
        for entry in self.files.values() {
            let Some(content) = &entry.content else { continue };
            let mut edges = entry.edges.clone();
            edges.extend(defines(&entry.file, content));
            let position: BTreeMap<SymbolId, usize> =
                content.ids.iter().enumerate().map(|(position, id)| (*id, position)).collect();
            edges.sort_by_cached_key(|edge| (position.get(&edge.source).copied(), edge.at));
            all.extend(edges.iter().filter_map(|edge| record(edge, &symbols)));
        }
        all
    }
}

/// What contains what: a symbol its children, and the file what has no other parent.
fn defines(file: &IndexedFile, content: &FileContent) -> Vec<Edge> {
    let symbols = content.symbols(file);
    let Some(whole) = symbols.first().map(|file| file.id) else { return Vec::new() };
    let edge = |symbol: &Symbol| Edge {
        source: symbol.parent.unwrap_or(whole),
        kind: EdgeKind::Defines,
        line: symbol.name_line,
        at: symbol.name_span.start,
        target: EdgeTarget::Symbol(symbol.id),
        confidence: Confidence::CERTAIN,
        resolution: Resolution::Syntax,
        text: symbol.name.clone(),
    };
    symbols.iter().skip(1).map(edge).collect()
}

fn record(edge: &Edge, symbols: &BTreeMap<SymbolId, Symbol>) -> Option<EdgeRecord> {
    let mut record = EdgeRecord::new(edge.kind, symbols.get(&edge.source)?, edge.line, edge.text.clone());
    record.site_at = edge.at;
    record.confidence = edge.confidence;
    record.resolution = edge.resolution;
    match &edge.target {
        EdgeTarget::Symbol(id) => {
            let target = symbols.get(id)?;
            record.dst_id = Some(*id);
            record.dst_file = Some(target.file.clone());
            record.dst_name_line = Some(target.name_line);
            record.dst_path = Some(target.qualified_name.clone());
        }
        EdgeTarget::External(path) => record.dst_path = Some(path.to_string()),
        EdgeTarget::Unresolved => {}
    }
    Some(record)
}

impl IndexStore for MemoryStore {
    fn apply(&self, delta: &GraphDelta, now: Option<Timestamp>) -> Result<u64, PortError> {
        let mut index = self.index();
        if delta.base.is_some_and(|base| base != index.generation) {
            let text = format!("the index has generation {}", index.generation);
            return Err(PortError::new(ErrorCode::STORE_CONFLICT, text));
        }
        let mut next = index.clone();
        next.apply(delta)?;
        next.generation += 1;
        next.indexed_at = now;
        *index = next;
        Ok(index.generation)
    }

    fn state(&self) -> Result<StoreState, PortError> {
        let index = self.index();
        let edges = index.edges();
        let calls = edges.iter().filter(|edge| edge.kind == EdgeKind::Calls);
        let files = index.files.len() as u64;
        let coverage = Coverage {
            files_indexed: files,
            files_total: files.max(index.files_total),
            files_with_diagnostics: index
                .files
                .values()
                .filter(|entry| !entry.file.diagnostics.is_empty())
                .count() as u64,
            calls: calls.clone().count() as u64,
            calls_unresolved: calls.filter(|call| call.dst_path.is_none()).count() as u64,
        };
        let freshness = Freshness::new(index.generation, index.indexed_at);
        Ok(StoreState::new(freshness, coverage, index.symbols().len() as u64, edges.len() as u64, 0))
    }

    fn digest(&self) -> Result<Sha256Hash, PortError> {
        let index = self.index();
        let facts: Vec<_> = index.contents().map(|(file, content)| (&file.path, &*content.facts)).collect();
        let text = serde_json::to_vec(&(index.symbols(), index.edges(), facts))
            .map_err(|error| PortError::new(ErrorCode::INTERNAL, "index is not JSON").with_source(error))?;
        Ok(Sha256Hash::of(&text))
    }

    fn indexed_files(&self, paths: &[RelPath]) -> Result<Vec<IndexedFile>, PortError> {
        let index = self.index();
        let files = index.files.values().map(|entry| &entry.file);
        Ok(files.filter(|file| paths.is_empty() || paths.contains(&file.path)).cloned().collect())
    }

    fn visit_symbols(&self, visit: &mut dyn FnMut(&Symbol)) -> Result<(), PortError> {
        // Not under the lock: the visitor may ask the store.
        let symbols = self.index().symbols();
        symbols.iter().for_each(visit);
        Ok(())
    }

    fn visit_edges(&self, visit: &mut dyn FnMut(&EdgeRecord)) -> Result<(), PortError> {
        let edges = self.index().edges();
        edges.iter().for_each(visit);
        Ok(())
    }
}

impl FactSource for MemoryStore {
    fn files(&self) -> Result<Vec<FileStamp>, FactSourceError> {
        let stamp = |entry: &Entry| FileStamp {
            size_bytes: entry.file.size_bytes,
            modified_ns: entry.file.modified_ns,
            module_path: entry.file.module_path.clone(),
            dependencies: Arc::from(entry.dependencies.as_slice()),
            ..FileStamp::new(entry.file.path.clone(), entry.file.language.clone(), entry.file.content_hash)
        };
        Ok(self.index().files.values().map(stamp).collect())
    }

    fn made_by(&self) -> Result<Option<String>, FactSourceError> {
        Ok(self.index().made_by.clone())
    }

    fn facts(&self, paths: &[RelPath]) -> Result<Vec<Option<SharedFacts>>, FactSourceError> {
        let index = self.index();
        let facts = |path: &RelPath| Some(Arc::clone(&index.files.get(path)?.content.as_ref()?.facts));
        Ok(paths.iter().map(facts).collect())
    }

    fn files_declaring(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError> {
        let index = self.index();
        let declares = |content: &FileContent| {
            content.facts.symbols.iter().any(|symbol| names.contains(&content.facts.name(symbol.name)))
        };
        let found = index.contents().filter(|(_, content)| declares(content));
        Ok(found.map(|(file, _)| file.path.clone()).collect())
    }

    fn files_importing(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError> {
        let index = self.index();
        let imports = |content: &FileContent| {
            let mut segments = content.facts.imports.iter().flat_map(|import| &import.segments);
            segments.any(|&segment| names.contains(&content.facts.name(segment)))
        };
        let found = index.contents().filter(|(_, content)| imports(content));
        Ok(found.map(|(file, _)| file.path.clone()).collect())
    }
}

impl SymbolSearch for MemoryStore {
    fn search(&self, query: &SearchQuery) -> Result<Vec<SearchHit>, PortError> {
        let index = self.index();
        let mut hits = Vec::new();
        for (file, content) in index.contents() {
            for (symbol, body) in content.symbols(file).iter().zip(&content.body_words) {
                if let Some(score) = words::score(query, symbol, body) {
                    hits.push(SearchHit::new(symbol, score));
                }
            }
        }
        hits.sort_by(|a, b| {
            let by_name = || (&a.qualified_name, a.id).cmp(&(&b.qualified_name, b.id));
            b.score.total_cmp(&a.score).then_with(by_name)
        });
        hits.truncate(query.limit.max(1) as usize);
        Ok(hits)
    }
}
