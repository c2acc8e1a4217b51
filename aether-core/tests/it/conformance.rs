//! The suites pass on what is right, and each finds what is wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use aether_core::base::{RelPath, Sha256Hash, Timestamp};
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Confidence, EdgeKind, GraphDelta, IndexedFile, LineageLink, SearchHit, SearchQuery, Symbol, SymbolId,
};
use aether_core::conformance::{
    MemoryStore, MemoryTraceLog, check_fact_source, check_graph, check_search, check_store, check_trace_log,
    fixtures,
};
use aether_core::port::{
    CallPath, Communities, CommunityQuery, Cycle, EdgeQuery, EdgeRecord, FactSource, FileStamp, GraphStore,
    ImpactEntry, IndexStore, MemoryFacts, Neighbourhood, NeighbourhoodQuery, PathQuery, PortError, RankQuery,
    SharedFacts, StoreState, SymbolQuery, SymbolSearch, UnreachedEntry, UnreachedQuery, WholeGraph,
};

fn memory_facts(delta: &GraphDelta) -> MemoryFacts {
    let mut source = MemoryFacts::default();
    for change in &delta.files {
        let mut stamp =
            FileStamp::new(change.file.path.clone(), change.file.language.clone(), change.file.content_hash);
        stamp.size_bytes = change.file.size_bytes;
        stamp.modified_ns = change.file.modified_ns;
        stamp.module_path.clone_from(&change.file.module_path);
        stamp.dependencies = Arc::from(change.dependencies.as_slice());
        source.insert(stamp, change.content.as_ref().map(|content| Arc::clone(&content.facts)));
    }
    source
}

#[test]
fn a_log_of_traces_in_memory_conforms() {
    check_trace_log(&|| Box::<MemoryTraceLog>::default());
}

#[test]
fn facts_in_memory_conform() {
    check_fact_source(&|delta| Box::new(memory_facts(delta)));
}

#[test]
fn facts_in_memory_can_be_removed() {
    let file = fixtures::FileBuilder::new("src/a.rs").build();
    let mut source = memory_facts(&fixtures::change([file.clone()]));
    source.remove(&file.file.path);
    assert_eq!(source.files().expect("memory does not fail"), []);
}

#[test]
fn memory_store_conforms() {
    check_store(&|| Box::new(MemoryStore::default()));
    check_graph(&|| Box::new(MemoryStore::default()));
    check_search(&|| Box::new(MemoryStore::default()));
    check_fact_source(&|delta| {
        let store = MemoryStore::default();
        store.apply(delta, None).expect("memory does not fail");
        Box::new(store)
    });
}

#[test]
fn fixtures_are_valid() {
    assert_eq!(fixtures::every_fact().validate(), Ok(()));
    let stored: FileFacts =
        serde_json::from_value(crate::fixtures::fixture("file-facts")).expect("the fixture loads");
    assert_eq!(fixtures::every_fact(), stored);
    let mut file = fixtures::FileBuilder::new("src/a.rs");
    let outer = file.symbol(aether_core::code::SymbolKind::MODULE, "m", None);
    // Twins have ids of their own.
    let twins = [(); 2].map(|()| file.symbol(aether_core::code::SymbolKind::FUNCTION, "f", Some(outer)));
    assert_ne!(file.id(twins[0]), file.id(twins[1]));
    file.import("std::fs");
    let content = file.build().content.expect("a built file has content");
    assert_eq!(content.facts.validate(), Ok(()));
    assert_eq!(content.facts.local_path(twins[1]), "m::f");
}

#[test]
fn a_delta_that_does_not_fit_together_changes_nothing() {
    let store = MemoryStore::default();
    let mut delta = fixtures::change([fixtures::FileBuilder::new("src/a.rs").build()]);
    delta.files[0].content.as_mut().expect("a built file has content").ids.clear();
    assert!(store.apply(&delta, None).is_err());
    assert_eq!(store.state().expect("memory does not fail").coverage.files_indexed, 0);
}

/// What a broken store does wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    DropsEdges,
    LosesSites,
    LosesSitesOfDefinitions,
    DropsEdgesIntoUpdatedFiles,
    KeepsRemovedFiles,
    AppendsFullDeltas,
    KeepsOldFacts,
    DigestsTheGeneration,
    DigestsNothing,
    StandsStill,
    ForgetsTimes,
    CountsNoUnresolved,
    CountsIndexedFilesOnly,
    UnsortedFiles,
    IgnoresBases,
    ForgetsMakers,
    SearchesTheLastIndex,
    IgnoresFilters,
    IgnoresLimits,
    FailsOnQuotes,
    ListsHitsBackwards,
    MatchesPartsOfNames,
    IgnoresConfidence,
    KnowsSelfCalls,
    GoesTooDeep,
    FindsOnePath,
    FollowsDoubtfulPaths,
    CutsSilently,
    WandersOff,
    TellsOriginsOnly,
    KeepsTheFirstGraph,
    RanksByDoubtfulCalls,
    RanksTests,
    IgnoresSeeds,
    GroupsTests,
    GroupsByDoubtfulCalls,
    TellsTheCentralBackwards,
    TellsDoubtfulSymbols,
    ForgetsWhatIsPublic,
    ForgetsMentions,
    SortsFacts,
    SaysTwice,
}

/// A store with one defect.
#[derive(Debug)]
struct Broken {
    defect: Defect,
    inner: MemoryStore,
    /// One delta behind.
    last: MemoryStore,
    pending: Mutex<GraphDelta>,
    graph: Mutex<Option<Arc<WholeGraph>>>,
}

impl Broken {
    fn new(defect: Defect) -> Self {
        Self {
            defect,
            inner: MemoryStore::default(),
            last: MemoryStore::default(),
            pending: Mutex::default(),
            graph: Mutex::default(),
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defect == defect
    }
}

impl IndexStore for Broken {
    fn apply(&self, delta: &GraphDelta, now: Option<Timestamp>) -> Result<u64, PortError> {
        let mut delta = delta.clone();
        if self.has(Defect::KeepsRemovedFiles) {
            delta.removed.clear();
        }
        if self.has(Defect::AppendsFullDeltas) {
            delta.is_full = false;
        }
        if self.has(Defect::IgnoresBases) {
            delta.base = None;
        }
        if self.has(Defect::ForgetsMakers) {
            delta.made_by = None;
        }
        for change in &mut delta.files {
            if self.has(Defect::DropsEdges) {
                change.edges = None;
            }
            let is_known = !self.inner.indexed_files(std::slice::from_ref(&change.file.path))?.is_empty();
            if self.has(Defect::KeepsOldFacts) && is_known {
                change.content = None;
            }
        }
        if self.has(Defect::DropsEdgesIntoUpdatedFiles) && !delta.is_full {
            // As if rows were deleted and inserted again: whatever pointed at them points nowhere.
            let changed = delta.files.iter().filter(|change| change.content.is_some());
            let removed = changed.map(|change| change.file.path.clone()).collect();
            self.inner.apply(&GraphDelta { removed, ..GraphDelta::default() }, now)?;
        }
        self.last.apply(&self.pending.lock().expect("no test panics here"), now)?;
        *self.pending.lock().expect("no test panics here") = GraphDelta { base: None, ..delta.clone() };
        let now = if self.has(Defect::ForgetsTimes) { None } else { now };
        let generation = self.inner.apply(&delta, now)?;
        Ok(if self.has(Defect::StandsStill) { 1 } else { generation })
    }

    fn state(&self) -> Result<StoreState, PortError> {
        let mut state = self.inner.state()?;
        if self.has(Defect::CountsNoUnresolved) {
            state.coverage.calls_unresolved = 0;
        }
        if self.has(Defect::CountsIndexedFilesOnly) {
            state.coverage.files_total = state.coverage.files_indexed;
        }
        Ok(state)
    }

    fn digest(&self) -> Result<Sha256Hash, PortError> {
        match self.defect {
            Defect::DigestsTheGeneration => {
                let generation = self.inner.state()?.freshness.generation;
                Ok(Sha256Hash::of(format!("{}{generation}", self.inner.digest()?).as_bytes()))
            }
            Defect::DigestsNothing => Ok(Sha256Hash::of(b"")),
            _ => self.inner.digest(),
        }
    }

    fn indexed_files(&self, paths: &[RelPath]) -> Result<Vec<IndexedFile>, PortError> {
        let mut files = self.inner.indexed_files(paths)?;
        if self.has(Defect::UnsortedFiles) {
            files.reverse();
        }
        Ok(files)
    }

    fn visit_symbols(&self, visit: &mut dyn FnMut(&Symbol)) -> Result<(), PortError> {
        self.inner.visit_symbols(visit)
    }

    fn visit_edges(&self, visit: &mut dyn FnMut(&EdgeRecord)) -> Result<(), PortError> {
        self.inner.visit_edges(&mut |edge| {
            let mut edge = edge.clone();
            let defect = match edge.kind {
                EdgeKind::Defines => Defect::LosesSitesOfDefinitions,
                _ => Defect::LosesSites,
            };
            if self.has(defect) {
                edge.site_at = 0;
            }
            visit(&edge);
        })
    }
}

impl GraphStore for Broken {
    fn symbols(&self, ids: &[SymbolId]) -> Result<Vec<Symbol>, PortError> {
        self.inner.symbols(ids)
    }

    fn find_symbols(&self, query: &SymbolQuery) -> Result<Vec<Symbol>, PortError> {
        if self.has(Defect::MatchesPartsOfNames) {
            let mut wide = query.clone();
            wide.name = None;
            let mut found = self.inner.find_symbols(&wide)?;
            let name = query.name.clone().unwrap_or_default();
            found.retain(|symbol| symbol.qualified_name.ends_with(&name));
            return Ok(found);
        }
        self.inner.find_symbols(query)
    }

    fn edges(&self, query: &EdgeQuery) -> Result<Vec<EdgeRecord>, PortError> {
        let mut query = query.clone();
        if self.has(Defect::IgnoresConfidence) {
            query.min_confidence = Confidence::default();
        }
        self.inner.edges(&query)
    }

    fn unresolved_calls_named(&self, name: &str) -> Result<Vec<EdgeRecord>, PortError> {
        self.inner.unresolved_calls_named(name)
    }

    fn impact(
        &self,
        symbol: SymbolId,
        max_depth: u32,
        min_confidence: Confidence,
    ) -> Result<Vec<ImpactEntry>, PortError> {
        let max_depth = if self.has(Defect::GoesTooDeep) { u32::MAX } else { max_depth };
        self.inner.impact(symbol, max_depth, min_confidence)
    }

    fn paths(&self, query: &PathQuery) -> Result<Vec<CallPath>, PortError> {
        let mut query = query.clone();
        if self.has(Defect::FindsOnePath) {
            query.limit = 1;
        }
        if self.has(Defect::FollowsDoubtfulPaths) {
            query.min_confidence = Confidence::default();
        }
        self.inner.paths(&query)
    }

    fn neighbourhood(&self, query: &NeighbourhoodQuery) -> Result<Neighbourhood, PortError> {
        let mut query = query.clone();
        query.max_depth += u32::from(self.has(Defect::WandersOff));
        let mut found = self.inner.neighbourhood(&query)?;
        found.has_more &= !self.has(Defect::CutsSilently);
        Ok(found)
    }

    fn cycles(&self, min_confidence: Confidence) -> Result<Vec<Cycle>, PortError> {
        let mut cycles = self.inner.cycles(min_confidence)?;
        if self.has(Defect::KnowsSelfCalls) {
            for edge in self.inner.edges(&EdgeQuery::default())? {
                if edge.kind == EdgeKind::Calls && edge.dst_id == Some(edge.src_id) {
                    cycles.push(self.inner.symbols(&[edge.src_id])?);
                }
            }
        }
        Ok(cycles)
    }

    fn lineage(&self, symbol: SymbolId) -> Result<Vec<LineageLink>, PortError> {
        let mut links = self.inner.lineage(symbol)?;
        if self.has(Defect::TellsOriginsOnly) {
            links.retain(|link| link.to == symbol);
        }
        Ok(links)
    }

    fn whole_graph(&self) -> Result<Arc<WholeGraph>, PortError> {
        let graph = self.inner.whole_graph()?;
        let mut first = self.graph.lock().expect("no test panics here");
        let first = first.get_or_insert_with(|| Arc::clone(&graph));
        Ok(if self.has(Defect::KeepsTheFirstGraph) { Arc::clone(first) } else { graph })
    }

    fn page_rank(&self, query: &RankQuery) -> Result<Vec<(SymbolId, u64)>, PortError> {
        let mut query = query.clone();
        query.with_tests |= self.has(Defect::RanksTests);
        if self.has(Defect::RanksByDoubtfulCalls) {
            query.min_confidence = Confidence::default();
        }
        if self.has(Defect::IgnoresSeeds) && query.seeds.len() > 1 {
            query.seeds.clear();
        }
        Ok(self.whole_graph()?.page_rank(&query))
    }

    fn communities(&self, query: &CommunityQuery) -> Result<Communities, PortError> {
        let mut query = query.clone();
        query.with_tests |= self.has(Defect::GroupsTests) && query.min_confidence == Confidence::default();
        if self.has(Defect::GroupsByDoubtfulCalls) {
            query.min_confidence = Confidence::default();
        }
        let mut found = self.inner.communities(&query)?;
        if self.has(Defect::TellsTheCentralBackwards) {
            found.communities.iter_mut().for_each(|community| community.central.reverse());
        }
        Ok(found)
    }

    fn unreached(&self, query: &UnreachedQuery) -> Result<Vec<UnreachedEntry>, PortError> {
        let mut query = query.clone();
        query.with_public &= !self.has(Defect::ForgetsWhatIsPublic);
        if self.has(Defect::TellsDoubtfulSymbols) {
            query.min_confidence = Confidence::default();
        }
        if self.has(Defect::ForgetsMentions) {
            query.mentions.clear();
        }
        self.inner.unreached(&query)
    }
}

impl SymbolSearch for Broken {
    fn search(&self, query: &SearchQuery) -> Result<Vec<SearchHit>, PortError> {
        let mut query = query.clone();
        match self.defect {
            Defect::SearchesTheLastIndex => return self.last.search(&query),
            Defect::IgnoresFilters => query.kinds.clear(),
            Defect::IgnoresLimits => query.limit = 1000,
            Defect::FailsOnQuotes if query.text == "\"" => {
                let code = aether_core::base::ErrorCode::QUERY_BAD_SYNTAX;
                return Err(PortError::new(code, "unbalanced quote"));
            }
            _ => {}
        }
        let mut hits = self.inner.search(&query)?;
        if self.has(Defect::ListsHitsBackwards) {
            hits.reverse();
        }
        Ok(hits)
    }
}

impl FactSource for Broken {
    fn files(&self) -> Result<Vec<FileStamp>, PortError> {
        self.inner.files()
    }

    fn made_by(&self) -> Result<Option<String>, PortError> {
        self.inner.made_by()
    }

    fn facts(&self, paths: &[RelPath]) -> Result<Vec<Option<SharedFacts>>, PortError> {
        let mut paths = paths.to_vec();
        if self.has(Defect::SortsFacts) {
            paths.sort();
        }
        self.inner.facts(&paths)
    }

    fn files_declaring(&self, names: &[&str]) -> Result<Vec<RelPath>, PortError> {
        let mut found = self.inner.files_declaring(names)?;
        if self.has(Defect::SaysTwice) && names.len() > 1 {
            found.extend(found.clone());
        }
        Ok(found)
    }

    fn files_importing(&self, names: &[&str]) -> Result<Vec<RelPath>, PortError> {
        self.inner.files_importing(names)
    }
}

type Suite = dyn Fn(&dyn Fn() -> Box<dyn IndexStore>);

/// Runs a suite on a store with a defect; the rule that is reported starts with `rule`.
#[track_caller]
fn check_found(defect: Defect, suite: &Suite, rule: &str) {
    let run = || suite(&|| Box::new(Broken::new(defect)));
    let Err(panic) = catch_unwind(AssertUnwindSafe(run)) else { panic!("{defect:?} was not found") };
    let text = panic.downcast_ref::<String>().map_or("", String::as_str);
    assert!(text.starts_with(rule), "{defect:?} was found by another rule: {text}");
}

fn check_facts(make: &dyn Fn() -> Box<dyn IndexStore>) {
    check_fact_source(&|delta| {
        let store = make();
        store.apply(delta, None).expect("memory does not fail");
        store
    });
}

#[test]
fn store_suite_finds_defects() {
    for (defect, rule) in [
        (Defect::DropsEdges, "store: edges come back"),
        (Defect::LosesSites, "store: an edge tells both of its ends"),
        (Defect::LosesSitesOfDefinitions, "store: the site of a `defines` edge"),
        (Defect::DropsEdgesIntoUpdatedFiles, "store: edges of other files survive"),
        (Defect::KeepsRemovedFiles, "store: removal takes"),
        (Defect::AppendsFullDeltas, "store: after a full delta"),
        (Defect::KeepsOldFacts, "store: an update replaces"),
        (Defect::DigestsTheGeneration, "store: a store that was emptied"),
        (Defect::DigestsNothing, "store: the digest depends on symbols"),
        (Defect::StandsStill, "store: every change has a larger generation"),
        (Defect::ForgetsTimes, "store: the state tells when"),
        (Defect::CountsNoUnresolved, "store: the state counts"),
        (Defect::CountsIndexedFilesOnly, "store: files that are known to be there"),
        (Defect::UnsortedFiles, "store: records of files come back, sorted"),
        (Defect::IgnoresBases, "store: a delta that was computed from another generation"),
        (Defect::ForgetsMakers, "store: what made the index is kept"),
    ] {
        check_found(defect, &check_store, rule);
    }
}

#[test]
fn graph_suite_finds_defects() {
    for (defect, rule) in [
        (Defect::MatchesPartsOfNames, "graph: symbols are found by a name"),
        (Defect::IgnoresConfidence, "graph: edges are found by their confidence"),
        (Defect::GoesTooDeep, "graph: impact goes no deeper"),
        (Defect::FindsOnePath, "graph: paths are the shortest"),
        (Defect::FollowsDoubtfulPaths, "graph: paths leave out calls"),
        (Defect::WandersOff, "graph: a neighbourhood is callers and callees"),
        (Defect::CutsSilently, "graph: a neighbourhood that is cut"),
        (Defect::KnowsSelfCalls, "graph: cycles come the largest first"),
        (Defect::TellsOriginsOnly, "graph: lineage is the links"),
        (Defect::KeepsTheFirstGraph, "graph: an index that grew answers"),
        (Defect::RanksByDoubtfulCalls, "graph: attention follows no edge that is less likely"),
        (Defect::RanksTests, "graph: tests have no part in ranks"),
        (Defect::IgnoresSeeds, "graph: attention starts at the seeds"),
        (Defect::GroupsTests, "graph: communities are groups"),
        (Defect::GroupsByDoubtfulCalls, "graph: edges that are less likely than asked make no"),
        (Defect::TellsTheCentralBackwards, "graph: the most central member"),
        (Defect::TellsDoubtfulSymbols, "graph: what is less sure to be unreached"),
        (Defect::ForgetsWhatIsPublic, "graph: what is public in a library has to be used"),
        (Defect::ForgetsMentions, "graph: it is not sure that nothing uses"),
    ] {
        check_found(defect, &check_graph, rule);
    }
}

#[test]
fn search_suite_finds_defects() {
    for (defect, rule) in [
        (Defect::SearchesTheLastIndex, "search: symbols are found by their name"),
        (Defect::IgnoresFilters, "search: filters keep what they name"),
        (Defect::IgnoresLimits, "search: a limit cuts"),
        (Defect::FailsOnQuotes, "search: no text is an error"),
        (Defect::ListsHitsBackwards, "search: a symbol of exactly that name"),
    ] {
        check_found(defect, &check_search, rule);
    }
}

#[test]
fn fact_source_suite_finds_defects() {
    for (defect, rule) in [
        (Defect::SortsFacts, "fact source: facts come in the order asked"),
        (Defect::SaysTwice, "fact source: files that declare"),
    ] {
        check_found(defect, &check_facts, rule);
    }
}
