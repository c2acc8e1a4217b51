//! Random deltas: the store answers like the simplest one, and holds what one built at once does.

use std::collections::BTreeSet;

use aether_core::base::RelPath;
use aether_core::code::{Confidence, EdgeKind, SearchQuery, Symbol, SymbolId, SymbolKind};
use aether_core::conformance::MemoryStore;
use aether_core::port::{Cycle, EdgeQuery, EdgeRecord, IndexStore, PathQuery, SymbolQuery};
use aether_store::SqliteStore;
use proptest::prelude::*;

use crate::deltas::{Expected, FILES, MODULES, NAMES, step};
use crate::support::{Place, path};

/// What is asked after each step, by number: what there is to ask for differs from step to step.
#[derive(Clone, Debug)]
struct Question {
    name: Option<usize>,
    file: Option<usize>,
    symbols: [Option<usize>; 2],
    kinds: usize,
    min_confidence: u16,
    depth: u32,
    limit: u32,
}

fn question() -> impl Strategy<Value = Question> {
    let symbol = || prop::option::weighted(0.6, 0..40_usize);
    (
        prop::option::of(0..40_usize),
        prop::option::weighted(0.3, 0..FILES.len()),
        [symbol(), symbol()],
        0..4_usize,
        prop_oneof![Just(0_u16), Just(450), Just(1000)],
        0..5_u32,
        0..4_u32,
    )
        .prop_map(|(name, file, symbols, kinds, min_confidence, depth, limit)| Question {
            name,
            file,
            symbols,
            kinds,
            min_confidence,
            depth,
            limit,
        })
}

impl Question {
    /// Names, ends of qualified names, and what is neither.
    fn name(&self, symbols: &[Symbol]) -> Option<String> {
        let mut names: Vec<String> = NAMES.iter().chain(&MODULES).map(ToString::to_string).collect();
        names.extend(["d.rs", "lpha", "eep", "::new", "demo::", "ALPHA"].map(str::to_owned));
        names.extend(symbols.iter().map(|symbol| symbol.qualified_name.clone()));
        let ends = symbols.iter().filter_map(|symbol| symbol.qualified_name.split_once("::"));
        names.extend(ends.map(|(_, end)| end.to_owned()));
        self.name.map(|name| names[name % names.len()].clone())
    }

    fn symbol(&self, which: usize, symbols: &[Symbol]) -> Option<SymbolId> {
        let unknown = SymbolId::from_bytes([9; 16]);
        self.symbols[which].map(|at| symbols.get(at).map_or(unknown, |symbol| symbol.id))
    }

    fn of_symbols(&self, symbols: &[Symbol]) -> SymbolQuery {
        let mut query = SymbolQuery::default();
        query.name = self.name(symbols);
        query.file = self.file.map(|file| path(FILES[file]));
        query.parent = if self.kinds == 3 { self.symbol(0, symbols) } else { None };
        query.kinds = match self.kinds {
            1 => vec![SymbolKind::FUNCTION],
            2 => vec![SymbolKind::STRUCT, SymbolKind::new("widget"), SymbolKind::FILE],
            _ => Vec::new(),
        };
        query.limit = self.limit;
        query
    }

    fn of_edges(&self, symbols: &[Symbol]) -> EdgeQuery {
        let mut query = EdgeQuery::default();
        query.source = self.symbol(0, symbols);
        query.target = self.symbol(1, symbols);
        query.kinds = match self.kinds {
            1 => vec![EdgeKind::Calls],
            2 => vec![EdgeKind::Uses, EdgeKind::Tests],
            3 => vec![EdgeKind::Defines],
            _ => Vec::new(),
        };
        query.min_confidence = Confidence::from_thousandths(self.min_confidence);
        query
    }

    fn check(&self, store: &dyn IndexStore, model: &dyn IndexStore, symbols: &[Symbol]) {
        let query = self.of_symbols(symbols);
        let found = |store: &dyn IndexStore| store.find_symbols(&query).expect("symbols");
        assert_eq!(found(store), found(model), "{query:?}");
        let query = self.of_edges(symbols);
        let found = |store: &dyn IndexStore| store.edges(&query).expect("edges");
        assert_eq!(found(store), found(model), "{query:?}");

        let least = query.min_confidence;
        let impact = |store: &dyn IndexStore| match query.target {
            Some(symbol) => store.impact(symbol, self.depth, least).expect("an impact"),
            None => Vec::new(),
        };
        assert_eq!(impact(store), impact(model), "{self:?}");
        assert_eq!(cycles(store, least), cycles(model, least));
        if let (Some(from), Some(to)) = (query.source, query.target) {
            let all = chains(model, from, to, self.depth, u32::MAX);
            let some = chains(store, from, to, self.depth, self.limit);
            assert_eq!(some.len(), all.len().min(self.limit as usize), "{self:?}");
            assert!(some.is_subset(&all), "{self:?}");
        }
    }
}

/// Chains of calls by the symbols on the way.
fn chains(
    store: &dyn IndexStore,
    from: SymbolId,
    to: SymbolId,
    depth: u32,
    limit: u32,
) -> BTreeSet<Vec<SymbolId>> {
    let mut query = PathQuery::between(from, to);
    (query.max_depth, query.limit) = (depth, limit);
    let paths = store.paths(&query).expect("paths");
    let symbols = |path: Vec<EdgeRecord>| path.iter().filter_map(|edge| edge.dst_id).collect();
    paths.into_iter().map(symbols).collect()
}

/// Circles; those of one size whose first names are the same come in any order.
fn cycles(store: &dyn IndexStore, least: Confidence) -> Vec<Cycle> {
    let mut cycles = store.cycles(least).expect("cycles");
    let key = |cycle: &Cycle| {
        let symbols = cycle.iter().map(|symbol| (symbol.qualified_name.clone(), symbol.id));
        (std::cmp::Reverse(cycle.len()), symbols.collect::<Vec<_>>())
    };
    assert!(cycles.is_sorted_by_key(|cycle| (key(cycle).0, cycle[0].qualified_name.clone())));
    cycles.sort_by_cached_key(key);
    cycles
}

fn symbols_of(store: &dyn IndexStore) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    store.visit_symbols(&mut |symbol| symbols.push(symbol.clone())).expect("symbols");
    symbols
}

fn edges_of(store: &dyn IndexStore) -> Vec<EdgeRecord> {
    let mut edges = Vec::new();
    store.visit_edges(&mut |edge| edges.push(edge.clone())).expect("edges");
    edges
}

/// Compares all that two stores hold.
fn check_contents(store: &dyn IndexStore, model: &dyn IndexStore) {
    assert_eq!(symbols_of(store), symbols_of(model));
    assert_eq!(edges_of(store), edges_of(model));
    assert_eq!(store.files().expect("files"), model.files().expect("files"));
    assert_eq!(store.indexed_files(&[]).expect("files"), model.indexed_files(&[]).expect("files"));
    let counts = |store: &dyn IndexStore| {
        let state = store.state().expect("the state");
        (state.symbols, state.edges, state.coverage, state.freshness)
    };
    assert_eq!(counts(store), counts(model));
    let paths: Vec<RelPath> = FILES.iter().rev().map(|file| path(file)).collect();
    assert_eq!(store.facts(&paths).expect("facts"), model.facts(&paths).expect("facts"));
    let some = &paths[1..3];
    assert_eq!(store.indexed_files(some).expect("files"), model.indexed_files(some).expect("files"));
    for name in NAMES {
        let names = [name, "nothing"];
        assert_eq!(
            store.files_declaring(&names).expect("files"),
            model.files_declaring(&names).expect("files")
        );
        assert_eq!(
            store.files_importing(&names).expect("files"),
            model.files_importing(&names).expect("files")
        );
        let unresolved = |store: &dyn IndexStore| store.unresolved_calls_named(name).expect("edges");
        assert_eq!(unresolved(store), unresolved(model), "{name}");
    }
    let ids: Vec<SymbolId> = symbols_of(model).iter().rev().map(|symbol| symbol.id).collect();
    assert_eq!(store.symbols(&ids).expect("symbols"), model.symbols(&ids).expect("symbols"));
    for byte in 0..4 {
        let links = |store: &dyn IndexStore| {
            let mut links = store.lineage(SymbolId::from_bytes([byte; 16])).expect("lineage");
            links.sort_by_key(|link| (link.from, link.to));
            // The same link may be told twice.
            links.dedup();
            links
        };
        assert_eq!(links(store), links(model));
    }
}

fn check_searches(store: &dyn IndexStore, fresh: &dyn IndexStore) {
    for text in ["parse", "alpha", "beta*", "\"new\"", "line buffer kind:fn", "größe", "src path:deep", ""]
    {
        let query = SearchQuery::parse(text, 50);
        assert_eq!(store.search(&query).expect("hits"), fresh.search(&query).expect("hits"), "{text}");
    }
}

/// Few cases, unless the environment asks for more.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: 48, ..config } }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_deltas_equal_the_model_and_a_fresh_store(
        steps in prop::collection::vec(step(), 1..8),
        questions in prop::collection::vec(question(), 8),
    ) {
        let place = Place::new();
        let mut store = place.open();
        let model = MemoryStore::default();
        let mut expected = Expected::default();
        for (number, step) in steps.iter().enumerate() {
            let delta = expected.advance(step);
            store.apply(&delta, None).expect("a delta");
            model.apply(&delta, None).expect("a delta");
            check_contents(&store, &model);
            let symbols = symbols_of(&model);
            questions.iter().for_each(|question| question.check(&store, &model, &symbols));
            if number % 3 == 2 {
                store = place.open();
            }
        }
        let (fresh, fresh_model) = (SqliteStore::open_in_memory().expect("a store"), MemoryStore::default());
        for fresh in [&fresh as &dyn IndexStore, &fresh_model] {
            fresh.apply(&expected.full(), None).expect("a full delta");
        }
        prop_assert_eq!(store.digest().expect("a digest"), fresh.digest().expect("a digest"));
        prop_assert_eq!(model.digest().expect("a digest"), fresh_model.digest().expect("a digest"));
        check_searches(&store, &fresh);
    }
}
