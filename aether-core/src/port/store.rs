//! The store of an index: what is written in one transaction, and what can be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::neighbourhood::neighbourhood;
use super::project_graph::visit_project_graph;
use super::whole_graph::{self, WholeGraph, WholeGraphBuilder};
use super::{
    Communities, CommunityQuery, FactSource, Neighbourhood, NeighbourhoodQuery, RankQuery, SymbolSearch,
    UnreachedEntry, UnreachedQuery, UnreachedSymbol,
};
use crate::base::{ErrorCode, RelPath, Sha256Hash, Timestamp};
use crate::code::{
    Confidence, Coverage, Edge, EdgeKind, EdgeTarget, Freshness, GraphDelta, GraphRecord, IndexedFile,
    LineageLink, Resolution, Symbol, SymbolId, SymbolKind,
};

/// Why a port failed: a stable code and a text.
///
/// # Examples
///
/// ```
/// use aether_core::base::ErrorCode;
/// use aether_core::port::PortError;
/// let error = PortError::new(ErrorCode::STORE_IO, "could not read the store");
/// assert_eq!(error.code().as_str(), "store.io");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct PortError {
    code: ErrorCode,
    message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl PortError {
    /// An error with a stable code.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), source: None }
    }

    /// Adds what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }
}

/// The state of a store.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StoreState {
    /// How fresh it is.
    pub freshness: Freshness,
    /// What it covers.
    pub coverage: Coverage,
    /// Symbols.
    pub symbols: u64,
    /// Edges of all kinds, `defines` included.
    pub edges: u64,
    /// Size on disk in bytes.
    pub size_bytes: u64,
}

impl StoreState {
    /// A state.
    #[must_use]
    pub fn new(freshness: Freshness, coverage: Coverage, symbols: u64, edges: u64, size_bytes: u64) -> Self {
        Self { freshness, coverage, symbols, edges, size_bytes }
    }
}

/// Which symbols are asked for; all conditions must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct SymbolQuery {
    /// Exact name, or a qualified name or any end of one at `::`; an empty one finds nothing.
    pub name: Option<String>,
    /// Kinds to keep; all when empty.
    pub kinds: Vec<SymbolKind>,
    /// The file.
    pub file: Option<RelPath>,
    /// The symbol that contains it.
    pub parent: Option<SymbolId>,
    /// Most symbols; 0 for all.
    pub limit: u32,
}

impl SymbolQuery {
    /// Symbols of a name: exact, qualified, or the end of a qualified one.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// Symbols of a file.
    #[must_use]
    pub fn in_file(file: RelPath) -> Self {
        Self { file: Some(file), ..Self::default() }
    }
}

/// Which edges are asked for; all conditions must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct EdgeQuery {
    /// Where they start.
    pub source: Option<SymbolId>,
    /// Where they lead.
    pub target: Option<SymbolId>,
    /// Kinds to keep; all when empty.
    pub kinds: Vec<EdgeKind>,
    /// Least confidence.
    pub min_confidence: Confidence,
}

impl EdgeQuery {
    /// Edges that start at a symbol.
    #[must_use]
    pub fn from(source: SymbolId, kinds: &[EdgeKind]) -> Self {
        Self { source: Some(source), kinds: kinds.to_vec(), ..Self::default() }
    }

    /// Edges that lead to a symbol.
    #[must_use]
    pub fn to(target: SymbolId, kinds: &[EdgeKind]) -> Self {
        Self { target: Some(target), kinds: kinds.to_vec(), ..Self::default() }
    }
}

/// Which chains of calls are asked for; all conditions must hold.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PathQuery {
    /// Where they start.
    pub from: SymbolId,
    /// Where they lead.
    pub to: SymbolId,
    /// Most calls of a chain.
    pub max_depth: u32,
    /// Least confidence of each call.
    pub min_confidence: Confidence,
    /// Most chains.
    pub limit: u32,
}

impl PathQuery {
    /// Chains from one symbol to another: at most 100 of at most 8 calls, whatever their confidence.
    #[must_use]
    pub fn between(from: SymbolId, to: SymbolId) -> Self {
        Self { from, to, max_depth: 8, min_confidence: Confidence::default(), limit: 100 }
    }
}

/// An edge with what an export and an answer need of both ends.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EdgeRecord {
    /// Kind.
    pub kind: EdgeKind,
    /// Where it starts.
    pub src_id: SymbolId,
    /// Qualified name of the source.
    pub src_qualified_name: String,
    /// File of the source.
    pub src_file: RelPath,
    /// Line of the source's name, from 1.
    pub src_name_line: u32,
    /// Where it leads, inside the project.
    pub dst_id: Option<SymbolId>,
    /// File of the target.
    pub dst_file: Option<RelPath>,
    /// Line of the target's name, from 1.
    pub dst_name_line: Option<u32>,
    /// Canonical path of the target, inside or outside the project; `None` when unresolved.
    pub dst_path: Option<String>,
    /// The text at the site.
    pub callee_text: String,
    /// Line of the site, from 1.
    pub site_line: u32,
    /// Byte of the site in the file of the source; of a `defines` edge that of the name. 0 in records
    /// that were written before there was this field.
    #[serde(default)]
    pub site_at: u32,
    /// How likely it is right.
    pub confidence: Confidence,
    /// How it was found.
    pub resolution: Resolution,
}

impl EdgeRecord {
    /// A record whose target is not known.
    #[must_use]
    pub fn new(kind: EdgeKind, source: &Symbol, site_line: u32, callee_text: String) -> Self {
        Self {
            kind,
            src_id: source.id,
            src_qualified_name: source.qualified_name.clone(),
            src_file: source.file.clone(),
            src_name_line: source.name_line,
            dst_id: None,
            dst_file: None,
            dst_name_line: None,
            dst_path: None,
            callee_text,
            site_line,
            site_at: 0,
            confidence: Confidence::default(),
            resolution: Resolution::Unresolved,
        }
    }

    /// The edge as an indexer hands it over: without what it tells of both ends.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::base::RelPath;
    /// use aether_core::code::{EdgeKind, EdgeTarget, Language, Symbol, SymbolId, SymbolKind};
    /// use aether_core::port::EdgeRecord;
    /// let (id, file) = (SymbolId::from_bytes([1; 16]), RelPath::new("src/lib.rs")?);
    /// let source = Symbol::new(id, Language::RUST, SymbolKind::FUNCTION, "main".to_owned(), file);
    /// let mut record = EdgeRecord::new(EdgeKind::Calls, &source, 3, "fs::read".to_owned());
    /// record.dst_path = Some("std::fs::read".to_owned());
    /// assert_eq!(record.edge().target, EdgeTarget::External("std::fs::read".into()));
    /// # Ok::<(), aether_core::base::RelPathError>(())
    /// ```
    #[must_use]
    pub fn edge(&self) -> Edge {
        let target = match (self.dst_id, &self.dst_path) {
            (Some(id), _) => EdgeTarget::Symbol(id),
            (None, Some(path)) => EdgeTarget::External(path.as_str().into()),
            (None, None) => EdgeTarget::Unresolved,
        };
        Edge {
            source: self.src_id,
            kind: self.kind,
            line: self.site_line,
            at: self.site_at,
            target,
            confidence: self.confidence,
            resolution: self.resolution,
            text: self.callee_text.clone(),
        }
    }
}

/// A symbol that a change of another may affect.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ImpactEntry {
    /// The symbol.
    pub symbol: Symbol,
    /// Edges between it and the changed symbol, from 1.
    pub distance: u32,
    /// The next symbol on the way to the changed one, which it is itself at distance 1.
    pub via: SymbolId,
    /// Least confidence on the way.
    pub confidence: Confidence,
    /// Whether it is a test, so that running it guards the change.
    pub is_test: bool,
}

impl ImpactEntry {
    /// An entry.
    #[must_use]
    pub fn new(symbol: Symbol, distance: u32, via: SymbolId, confidence: Confidence) -> Self {
        let is_test = symbol.kind == SymbolKind::TEST;
        Self { symbol, distance, via, confidence, is_test }
    }
}

/// A chain of calls, from the first symbol to the last.
pub type CallPath = Vec<EdgeRecord>;

/// Symbols that reach one another; sorted by qualified name.
pub type Cycle = Vec<Symbol>;

/// A store of one index.
///
/// Writing: one [`GraphDelta`] is one transaction; after a crash the store holds either the old index
/// or the new one. Readers, also of other processes, see one of the two and are never blocked. What
/// was written is found at once, by search as well.
///
/// What the index holds depends on its content alone and not on the deltas that led there: an index
/// that grew by changes and one that was built at once answer alike and have the same digest.
///
/// `check_store`, `check_graph`, `check_search` and `check_fact_source` of the module `conformance`
/// (feature `conformance`) hold a store to its rules; `MemoryStore` there is the simplest that keeps
/// them.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "conformance")]
/// # fn main() -> Result<(), aether_core::port::PortError> {
/// use aether_core::code::{EdgeKind, EdgeTarget, SymbolKind};
/// use aether_core::conformance::MemoryStore;
/// use aether_core::conformance::fixtures::{FileBuilder, full_delta};
/// use aether_core::port::{EdgeQuery, GraphStore, IndexStore};
///
/// let mut file = FileBuilder::new("src/lib.rs");
/// let callee = file.symbol(SymbolKind::FUNCTION, "callee", None);
/// let caller = file.symbol(SymbolKind::FUNCTION, "caller", None);
/// let target = file.id(callee);
/// file.edge(caller, EdgeKind::Calls, EdgeTarget::Symbol(target), "callee");
///
/// let store = MemoryStore::default();
/// let generation = store.apply(&full_delta([file.build()]), None)?;
/// assert_eq!(store.state()?.freshness.generation, generation);
/// let callers = store.edges(&EdgeQuery::to(target, &[EdgeKind::Calls]))?;
/// assert_eq!(callers[0].src_qualified_name, "caller");
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "conformance"))]
/// # fn main() {}
/// ```
pub trait IndexStore: FactSource + SymbolSearch + GraphStore {
    /// Applies a change in one transaction and returns the new generation, larger than all before.
    /// Removing a file that is not there is no error.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::STORE_CONFLICT`] when the delta names another base than the present generation:
    /// compute it again. [`ErrorCode::STORE_LOCKED`], [`ErrorCode::STORE_FULL`],
    /// [`ErrorCode::STORE_IO`], [`ErrorCode::STORE_CORRUPT`]. Nothing was changed then.
    fn apply(&self, delta: &GraphDelta, now: Option<Timestamp>) -> Result<u64, PortError>;

    /// Counts and freshness.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn state(&self) -> Result<StoreState, PortError>;

    /// A hash of the normalised index: symbols, edges and facts, independent of order, time and place
    /// of the checkout (`docs/SCHEMAS.md`, section "Digest").
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn digest(&self) -> Result<Sha256Hash, PortError>;

    /// Records of files, sorted by path; all of them for an empty list. Unknown paths are left out.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn indexed_files(&self, paths: &[RelPath]) -> Result<Vec<IndexedFile>, PortError>;

    /// Hands every symbol to `visit`, in the order of file and position.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn visit_symbols(&self, visit: &mut dyn FnMut(&Symbol)) -> Result<(), PortError>;

    /// Hands every edge to `visit`, in the order of file, source and site; `defines` edges included.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn visit_edges(&self, visit: &mut dyn FnMut(&EdgeRecord)) -> Result<(), PortError>;

    /// Hands every part of the project graph to `visit`, in the order of `docs/SCHEMAS.md`, section
    /// "Project graph".
    ///
    /// # Errors
    ///
    /// When the store cannot be read; [`ErrorCode::STORE_CONFLICT`] when it was written meanwhile, so
    /// that what was handed over does not fit together.
    fn visit_project_graph(&self, visit: &mut dyn FnMut(GraphRecord<'_>)) -> Result<(), PortError> {
        visit_project_graph(self, visit)
    }
}

/// Questions to the project graph. An unknown id finds nothing and is no error.
///
/// # Examples
///
/// ```
/// use aether_core::code::{EdgeKind, SymbolId};
/// use aether_core::port::{EdgeQuery, GraphStore, PortError};
///
/// /// The qualified names of what calls a symbol.
/// fn callers(graph: &dyn GraphStore, symbol: SymbolId) -> Result<Vec<String>, PortError> {
///     let calls = graph.edges(&EdgeQuery::to(symbol, &[EdgeKind::Calls]))?;
///     Ok(calls.into_iter().map(|call| call.src_qualified_name).collect())
/// }
/// ```
pub trait GraphStore: Send + Sync + std::fmt::Debug {
    /// Symbols by id, in the order asked; unknown ids are left out.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn symbols(&self, ids: &[SymbolId]) -> Result<Vec<Symbol>, PortError>;

    /// Symbols that match, sorted by file and position.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn find_symbols(&self, query: &SymbolQuery) -> Result<Vec<Symbol>, PortError>;

    /// Edges that match, sorted by file and line of the site.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn edges(&self, query: &EdgeQuery) -> Result<Vec<EdgeRecord>, PortError>;

    /// Unresolved calls whose last name is `name`, sorted like edges: those that may call a symbol of
    /// that name. The last name of `self.queue.push` and of `push::<u8>` is `push`.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn unresolved_calls_named(&self, name: &str) -> Result<Vec<EdgeRecord>, PortError>;

    /// What a change of a symbol may affect: everything that reaches it over at most `max_depth`
    /// edges of any kind but `defines`, nearest first, each symbol once and `symbol` itself never.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn impact(
        &self,
        symbol: SymbolId,
        max_depth: u32,
        min_confidence: Confidence,
    ) -> Result<Vec<ImpactEntry>, PortError>;

    /// Shortest chains of calls from one symbol to another, all of the same length. A chain goes by the
    /// symbols on the way: of several calls between two of them it shows the most likely one, of equally
    /// likely ones the first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn paths(&self, query: &PathQuery) -> Result<Vec<CallPath>, PortError>;

    /// The callers of a symbol and theirs, its callees and theirs, over at most `max_depth` calls, and
    /// the calls between all of them. Where there are more symbols than asked for, those that the
    /// surest calls lead to are kept of the last distance. Empty for an unknown symbol.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn neighbourhood(&self, query: &NeighbourhoodQuery) -> Result<Neighbourhood, PortError> {
        neighbourhood(self, query)
    }

    /// Groups of symbols that call one another in a circle, largest first, those of one size in the
    /// order of their first name; a function that only calls itself is left out.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn cycles(&self, min_confidence: Confidence) -> Result<Vec<Cycle>, PortError>;

    /// The links of which a symbol is one end, oldest first; the whole chain is found by following
    /// them.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn lineage(&self, symbol: SymbolId) -> Result<Vec<LineageLink>, PortError>;

    /// All symbols and the edges between them, in memory, for questions that look at everything. A store
    /// that is asked more than once keeps it for as long as its content stays.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn whole_graph(&self) -> Result<Arc<WholeGraph>, PortError> {
        let mut builder = WholeGraphBuilder::default();
        let mut numbers = BTreeMap::new();
        for symbol in self.find_symbols(&SymbolQuery::default())? {
            numbers.insert(symbol.id, builder.symbol(&symbol));
        }
        for edge in self.edges(&EdgeQuery::default())? {
            match (numbers.get(&edge.src_id), edge.dst_id.and_then(|id| numbers.get(&id))) {
                (Some(&from), Some(&to)) => builder.edge(from, edge.kind, to, edge.confidence),
                _ if edge.kind == EdgeKind::Calls && edge.dst_path.is_none() => {
                    builder.unresolved_call(last_name(&edge.callee_text));
                }
                _ => {}
            }
        }
        Ok(Arc::new(builder.finish()))
    }

    /// How much of all attention each symbol gets when attention follows the edges, in billionths, highest
    /// first: [`WholeGraph::page_rank`].
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn page_rank(&self, query: &RankQuery) -> Result<Vec<(SymbolId, u64)>, PortError> {
        Ok(self.whole_graph()?.page_rank(query))
    }

    /// Groups of symbols that call and use one another more than the rest, largest first:
    /// [`WholeGraph::communities`].
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn communities(&self, query: &CommunityQuery) -> Result<Communities, PortError> {
        let found = self.whole_graph()?.communities(query);
        whole_graph::complete(found, |ids| self.symbols(ids))
    }

    /// What nothing in the repository leads to, the surest first, those of one confidence by name:
    /// [`WholeGraph::unreached`].
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn unreached(&self, query: &UnreachedQuery) -> Result<Vec<UnreachedEntry>, PortError> {
        let found = self.whole_graph()?.unreached(query);
        let ids: Vec<SymbolId> =
            found.iter().flat_map(|found| [Some(found.id), found.by]).flatten().collect();
        let known: BTreeMap<SymbolId, Symbol> =
            self.symbols(&ids)?.into_iter().map(|symbol| (symbol.id, symbol)).collect();
        let entry = |found: &UnreachedSymbol| {
            let by = found.by.and_then(|by| known.get(&by).cloned());
            Some(UnreachedEntry::new(known.get(&found.id)?.clone(), by, found))
        };
        let mut entries: Vec<UnreachedEntry> = found.iter().filter_map(entry).collect();
        entries.sort_by(|a, b| {
            let name = |entry: &UnreachedEntry| (entry.symbol.qualified_name.clone(), entry.symbol.id);
            b.confidence.cmp(&a.confidence).then_with(|| name(a).cmp(&name(b)))
        });
        Ok(entries)
    }
}

/// The last name of the text of a call: `push` of `self.queue.push` and of `push::<u8>`, `vec` of `vec!`.
fn last_name(text: &str) -> &str {
    let text = match text.strip_suffix('>').and_then(|text| text.split_once("::<")) {
        Some((before, _)) => before,
        None => text.trim_end_matches('!'),
    };
    text.rsplit(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or(text)
}
