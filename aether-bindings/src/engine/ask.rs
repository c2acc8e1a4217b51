//! Questions.

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{
    Answer, Confidence, EdgeKind, LineageLink, Symbol, SymbolId, SymbolKind, SyntaxMatches, SyntaxQuery,
};
use aether_core::port::{
    CallPath, Cycle, EdgeQuery, EdgeRecord, ImpactEntry, Neighbourhood, NeighbourhoodQuery, PathQuery,
    SymbolQuery,
};
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;

/// How far a question to the graph goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct GraphOptions {
    /// Edges that are less likely are left out. Default 0: all.
    pub min_confidence: Confidence,
    /// Longest chain of edges. Default 8.
    pub max_depth: u32,
    /// Most results. Default 100.
    pub limit: u32,
}

impl Default for GraphOptions {
    fn default() -> Self {
        Self { min_confidence: Confidence::default(), max_depth: 8, limit: 100 }
    }
}

impl GraphOptions {
    /// Sets the least confidence.
    #[must_use]
    pub fn with_min_confidence(mut self, min_confidence: Confidence) -> Self {
        self.min_confidence = min_confidence;
        self
    }

    /// Sets the longest chain of edges.
    #[must_use]
    pub fn with_max_depth(mut self, max_depth: u32) -> Self {
        self.max_depth = max_depth;
        self
    }

    /// Sets the most results.
    #[must_use]
    pub fn with_limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }
}

/// Callers or callees of a symbol.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EdgesAnswer {
    /// The symbol.
    pub symbol: Symbol,
    /// The edges, sorted by file and line of the site.
    pub edges: Vec<EdgeRecord>,
    /// How many there are; more than `edges` holds when the limit left the less likely ones out.
    pub edges_total: u64,
    /// Calls whose target is not known: of callers those that go by the symbol's name, of callees
    /// those that the symbol makes. What is asked for may be among them.
    pub unresolved: Vec<EdgeRecord>,
    /// How many there are.
    pub unresolved_total: u64,
}

impl EdgesAnswer {
    /// Keeps at most `limit` edges of each list, the most likely ones, in the order that they have.
    fn new(symbol: Symbol, edges: Vec<EdgeRecord>, unresolved: Vec<EdgeRecord>, limit: u32) -> Self {
        let (edges_total, unresolved_total) = (edges.len() as u64, unresolved.len() as u64);
        let (edges, unresolved) = (most_likely(edges, limit), most_likely(unresolved, limit));
        Self { symbol, edges, edges_total, unresolved, unresolved_total }
    }
}

fn most_likely(edges: Vec<EdgeRecord>, limit: u32) -> Vec<EdgeRecord> {
    let mut placed: Vec<(usize, EdgeRecord)> = edges.into_iter().enumerate().collect();
    placed.sort_by_key(|(place, edge)| (std::cmp::Reverse(edge.confidence), *place));
    placed.truncate(limit as usize);
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, edge)| edge).collect()
}

/// Chains of calls between two symbols.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PathsAnswer {
    /// Where they start.
    pub from: Symbol,
    /// Where they lead.
    pub to: Symbol,
    /// The chains, shortest first.
    pub paths: Vec<CallPath>,
}

/// A symbol with what surrounds it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SymbolAnswer {
    /// The symbol.
    pub symbol: Symbol,
    /// The symbol that contains it.
    pub parent: Option<Symbol>,
    /// The symbols that it contains, then those of the blocks of its module that implement methods for
    /// it, each in the order of the source.
    pub members: Vec<Symbol>,
    /// Calls of it.
    pub callers: u64,
    /// Calls that it makes, to targets inside and outside the project.
    pub callees: u64,
    /// Calls whose target is not known and that go by its name.
    pub unresolved_callers: u64,
    /// Calls that it makes whose target is not known.
    pub unresolved_callees: u64,
}

impl Engine {
    /// What a pattern matches in the syntax trees of the indexed files; see
    /// [`aether_index::search_syntax`]. The search ends when `is_over` says so, and the answer says that
    /// it did; the engine looks at no clock. Files that changed since the index are counted, not
    /// searched: bring it up to date first.
    ///
    /// # Errors
    ///
    /// `query.bad_syntax`, `query.no_grammar`, `cancelled`, and when the store cannot be read.
    pub fn syntax(
        &self,
        query: &SyntaxQuery,
        is_over: &(dyn Fn() -> bool + Sync),
        cancel: &Cancel,
    ) -> Result<Answer<SyntaxMatches>, EngineError> {
        let (root, index) = (&self.options.workspace, &self.options.index);
        let found = aether_index::search_syntax(root, index, self.store(), query, is_over, cancel)?;
        self.answer(found)
    }

    /// The symbols of a file, in the order of the source.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn outline(&self, file: &RelPath) -> Result<Answer<Vec<Symbol>>, EngineError> {
        let symbols = self.store().find_symbols(&SymbolQuery::in_file(file.clone()))?;
        self.answer(symbols)
    }

    /// A symbol with what contains it, what it contains, and how often it calls and is called.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn describe(&self, id: SymbolId) -> Result<Answer<SymbolAnswer>, EngineError> {
        let symbol = self.symbol(id)?;
        let parent = match symbol.parent {
            Some(parent) => self.store().symbols(&[parent])?.pop(),
            None => None,
        };
        // A block that implements methods for a type goes by the name of the type.
        let blocks = self.store().find_symbols(&SymbolQuery::named(symbol.qualified_name.as_str()))?;
        let blocks = blocks.iter().filter(|block| {
            block.kind == SymbolKind::IMPL
                && symbol.kind != SymbolKind::IMPL
                && block.qualified_name == symbol.qualified_name
        });
        let mut members = Vec::new();
        for holder in std::iter::once(&symbol).chain(blocks) {
            let mut inside = SymbolQuery::default();
            inside.parent = Some(holder.id);
            members.extend(self.store().find_symbols(&inside)?);
        }
        let callers = self.store().edges(&EdgeQuery::to(id, &[EdgeKind::Calls]))?.len() as u64;
        let calls = self.store().edges(&EdgeQuery::from(id, &[EdgeKind::Calls]))?;
        let callees = calls.iter().filter(|edge| edge.dst_path.is_some()).count() as u64;
        let unresolved_callers = self.store().unresolved_calls_named(&symbol.name)?.len() as u64;
        let unresolved_callees = calls.len() as u64 - callees;
        self.answer(SymbolAnswer {
            symbol,
            parent,
            members,
            callers,
            callees,
            unresolved_callers,
            unresolved_callees,
        })
    }

    /// Who calls a symbol, and which unresolved calls may.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn callers(&self, id: SymbolId, options: GraphOptions) -> Result<Answer<EdgesAnswer>, EngineError> {
        let symbol = self.symbol(id)?;
        let mut query = EdgeQuery::to(id, &[EdgeKind::Calls]);
        query.min_confidence = options.min_confidence;
        let edges = self.store().edges(&query)?;
        let unresolved = self.store().unresolved_calls_named(&symbol.name)?;
        self.answer(EdgesAnswer::new(symbol, edges, unresolved, options.limit))
    }

    /// Whom a symbol calls, and which of its calls are not resolved.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn callees(&self, id: SymbolId, options: GraphOptions) -> Result<Answer<EdgesAnswer>, EngineError> {
        let symbol = self.symbol(id)?;
        let all = self.store().edges(&EdgeQuery::from(id, &[EdgeKind::Calls]))?;
        let (edges, unresolved): (Vec<_>, Vec<_>) = all.into_iter().partition(|edge| edge.dst_path.is_some());
        let edges = edges.into_iter().filter(|edge| edge.confidence >= options.min_confidence).collect();
        self.answer(EdgesAnswer::new(symbol, edges, unresolved, options.limit))
    }

    /// What a change of a symbol may affect, nearest first, with the tests that guard it.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn impact(
        &self,
        id: SymbolId,
        options: GraphOptions,
    ) -> Result<Answer<Vec<ImpactEntry>>, EngineError> {
        self.symbol(id)?;
        let mut entries = self.store().impact(id, options.max_depth, options.min_confidence)?;
        entries.truncate(options.limit as usize);
        self.answer(entries)
    }

    /// Shortest chains of calls from one symbol to another.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn paths(
        &self,
        from: SymbolId,
        to: SymbolId,
        options: GraphOptions,
    ) -> Result<Answer<PathsAnswer>, EngineError> {
        let (from, to) = (self.symbol(from)?, self.symbol(to)?);
        let mut query = PathQuery::between(from.id, to.id);
        query.max_depth = options.max_depth;
        query.min_confidence = options.min_confidence;
        query.limit = options.limit;
        let paths = self.store().paths(&query)?;
        self.answer(PathsAnswer { from, to, paths })
    }

    /// The callers and callees of a symbol with the calls between them, as a picture shows them.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn neighbourhood(&self, query: &NeighbourhoodQuery) -> Result<Answer<Neighbourhood>, EngineError> {
        self.symbol(query.symbol)?;
        let found = self.store().neighbourhood(query)?;
        self.answer(found)
    }

    /// Groups of symbols that call one another in a circle.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn cycles(&self, options: GraphOptions) -> Result<Answer<Vec<Cycle>>, EngineError> {
        let mut cycles = self.store().cycles(options.min_confidence)?;
        cycles.truncate(options.limit as usize);
        self.answer(cycles)
    }

    /// The links that lead to and from a symbol, oldest first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn lineage(&self, id: SymbolId) -> Result<Answer<Vec<LineageLink>>, EngineError> {
        let links = self.store().lineage(id)?;
        self.answer(links)
    }

    pub(super) fn symbol(&self, id: SymbolId) -> Result<Symbol, EngineError> {
        self.store().symbols(&[id])?.into_iter().next().ok_or_else(|| {
            EngineError::new(
                aether_core::base::ErrorCode::QUERY_UNKNOWN_SYMBOL,
                format!("no symbol has the id {id}"),
            )
        })
    }
}
