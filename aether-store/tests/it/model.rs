//! Random deltas: the store answers like the simplest one, and like one built at once.

use std::collections::BTreeMap;

use aether_core::base::RelPath;
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileDelta, GraphDelta, LineageCause, LineageLink, Resolution,
    SearchQuery, SymbolId, SymbolKind,
};
use aether_core::conformance::MemoryStore;
use aether_core::conformance::fixtures::{FileBuilder, change, full_delta};
use aether_core::port::{EdgeQuery, EdgeRecord, IndexStore, SymbolQuery};
use aether_store::SqliteStore;
use proptest::prelude::*;

use crate::support::Place;

const FILES: [&str; 4] = ["src/a.rs", "src/b.rs", "src/deep/c.rs", "tests/d.rs"];
const NAMES: [&str; 5] = ["alpha", "betaGamma", "delta_epsilon", "new", "Größe"];
const WORDS: [&str; 6] = ["parse", "parsing", "buffer", "line", "the", "zeta"];

/// A symbol: kind, name, whether it lies in the one before, documentation, body.
type Symbol = (u8, usize, bool, Vec<usize>, Vec<usize>);
/// An edge: kind, source, file and symbol of the target (beyond the last: out or nowhere), text.
type Call = (u8, usize, usize, usize, usize);

/// What a file holds.
#[derive(Clone, Debug)]
struct Content {
    module: u8,
    symbols: Vec<Symbol>,
    calls: Vec<Call>,
    imports: Vec<usize>,
}

/// A step: files that get new content, files that go, a link of lineage, whether all starts anew.
#[derive(Clone, Debug)]
struct Step {
    written: Vec<(usize, Content)>,
    removed: Vec<usize>,
    link: Option<(u8, u8)>,
    is_full: bool,
}

fn content() -> impl Strategy<Value = Content> {
    let words = || prop::collection::vec(0..WORDS.len(), 0..4);
    let symbol = (0..7_u8, 0..NAMES.len(), any::<bool>(), words(), words());
    let call = (0..4_u8, 0..6_usize, 0..FILES.len(), 0..9_usize, 0..NAMES.len());
    (
        0..3_u8,
        prop::collection::vec(symbol, 0..6),
        prop::collection::vec(call, 0..6),
        prop::collection::vec(0..NAMES.len(), 0..3),
    )
        .prop_map(|(module, symbols, calls, imports)| Content { module, symbols, calls, imports })
}

fn step() -> impl Strategy<Value = Step> {
    (
        prop::collection::vec((0..FILES.len(), content()), 0..3),
        prop::collection::vec(0..FILES.len(), 0..2),
        prop::option::weighted(0.2, (0..4_u8, 0..4_u8)),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(written, removed, link, is_full)| Step { written, removed, link, is_full })
}

/// The file without edges: ids do not depend on them.
fn builder(file: usize, content: &Content) -> FileBuilder {
    let mut builder = FileBuilder::new(FILES[file]);
    builder.set_module(["", "demo", "demo::deep"][content.module as usize]);
    let kinds = [
        SymbolKind::FUNCTION,
        SymbolKind::METHOD,
        SymbolKind::STRUCT,
        SymbolKind::FIELD,
        SymbolKind::MODULE,
        SymbolKind::TEST,
        SymbolKind::new("widget"),
    ];
    let mut last = None;
    let text = |words: &[usize]| words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ");
    for (kind, name, is_inside, doc, body) in &content.symbols {
        let parent = if *is_inside { last } else { None };
        let symbol = builder.symbol(kinds[*kind as usize].clone(), NAMES[*name], parent);
        builder.set_doc(symbol, &text(doc));
        builder.set_body(symbol, &text(body));
        last = Some(symbol);
    }
    for &name in &content.imports {
        builder.import(&format!("crate::{}", NAMES[name]));
    }
    builder
}

/// The ids of a file's symbols, the file itself first.
fn ids(file: usize, content: &Content) -> Vec<SymbolId> {
    builder(file, content).build().content.map_or_else(Vec::new, |content| content.ids)
}

/// The file as it stands among all: its edges lead to symbols that are there, out, or to nowhere.
fn delta_of(file: usize, all: &BTreeMap<usize, Content>) -> FileDelta {
    let content = &all[&file];
    let own = ids(file, content);
    let mut delta = builder(file, content).build();
    let edges = content.calls.iter().enumerate().map(|(at, &(kind, source, target_file, target, name))| {
        let targets = all.get(&target_file).map_or_else(Vec::new, |content| ids(target_file, content));
        let (target, resolution, confidence) = match targets.get(target) {
            Some(&id) => (EdgeTarget::Symbol(id), Resolution::Path, 400 + 100 * kind as u16),
            None if target == 7 => {
                (EdgeTarget::External(format!("std::{}", NAMES[name]).into()), Resolution::Path, 900)
            }
            None => (EdgeTarget::Unresolved, Resolution::Unresolved, 0),
        };
        Edge {
            source: own[source % own.len()],
            kind: [EdgeKind::Calls, EdgeKind::Uses, EdgeKind::Calls, EdgeKind::Tests][kind as usize],
            line: at as u32 + 1,
            at: at as u32 * 10,
            target,
            confidence: Confidence::from_thousandths(confidence),
            resolution,
            text: format!("x.{}", NAMES[name]),
        }
    });
    delta.edges = Some(edges.collect());
    delta
}

fn path(file: usize) -> RelPath {
    RelPath::new(FILES[file]).expect("a path")
}

/// The delta that leads from the files `before` to those `after`: an index resolves all files whose
/// targets may have changed.
fn delta(step: &Step, before: &BTreeMap<usize, Content>, after: &BTreeMap<usize, Content>) -> GraphDelta {
    let mut delta = GraphDelta { is_full: step.is_full, ..GraphDelta::default() };
    for &file in after.keys() {
        let is_written = step.is_full || step.written.iter().any(|(written, _)| *written == file);
        let mut of_file = delta_of(file, after);
        if !is_written && before.contains_key(&file) {
            of_file.content = None;
        }
        delta.files.push(of_file);
    }
    delta.removed = before.keys().filter(|file| !after.contains_key(file)).map(|&file| path(file)).collect();
    if let Some((from, to)) = step.link {
        let id = |byte| SymbolId::from_bytes([byte; 16]);
        delta.lineage.push(LineageLink::new(id(from), id(to), LineageCause::Rename));
    }
    delta
}

fn edges_of(store: &dyn IndexStore) -> Vec<EdgeRecord> {
    let mut edges = Vec::new();
    store.visit_edges(&mut |edge| edges.push(edge.clone())).expect("edges");
    edges
}

fn first_edge(delta: &mut FileDelta) -> Edge {
    delta.edges.as_mut().expect("edges")[0].clone()
}

/// Compares all that two stores answer, apart from what each may decide.
fn check_alike(store: &dyn IndexStore, model: &dyn IndexStore) {
    let symbols_of = |store: &dyn IndexStore| {
        let mut symbols = Vec::new();
        store.visit_symbols(&mut |symbol| symbols.push(symbol.clone())).expect("symbols");
        symbols
    };
    let symbols = symbols_of(store);
    assert_eq!(symbols, symbols_of(model));
    assert_eq!(edges_of(store), edges_of(model));
    assert_eq!(store.files().expect("files"), model.files().expect("files"));
    assert_eq!(store.indexed_files(&[]).expect("files"), model.indexed_files(&[]).expect("files"));
    let (state, expected) = (store.state().expect("the state"), model.state().expect("the state"));
    assert_eq!(
        (state.symbols, state.edges, state.coverage),
        (expected.symbols, expected.edges, expected.coverage)
    );
    let paths: Vec<RelPath> = (0..FILES.len()).map(path).collect();
    assert_eq!(store.facts(&paths).expect("facts"), model.facts(&paths).expect("facts"));
    for name in NAMES {
        assert_eq!(
            store.files_declaring(&[name]).expect("files"),
            model.files_declaring(&[name]).expect("files")
        );
        assert_eq!(
            store.files_importing(&[name]).expect("files"),
            model.files_importing(&[name]).expect("files")
        );
        let query = SymbolQuery::named(name);
        assert_eq!(
            store.find_symbols(&query).expect("symbols"),
            model.find_symbols(&query).expect("symbols")
        );
        // The model leaves them in the order of a walk.
        let mut expected = model.unresolved_calls_named(name).expect("edges");
        expected.sort_by(|a, b| (&a.src_file, a.site_line).cmp(&(&b.src_file, b.site_line)));
        assert_eq!(store.unresolved_calls_named(name).expect("edges"), expected);
    }
    for symbol in &symbols {
        for query in [EdgeQuery::from(symbol.id, &[]), EdgeQuery::to(symbol.id, &[EdgeKind::Calls])] {
            assert_eq!(store.edges(&query).expect("edges"), model.edges(&query).expect("edges"));
        }
        let least = Confidence::from_thousandths(500);
        assert_eq!(
            store.impact(symbol.id, 3, least).expect("an impact"),
            model.impact(symbol.id, 3, least).expect("an impact")
        );
    }
    assert_eq!(
        store.cycles(Confidence::default()).expect("cycles"),
        model.cycles(Confidence::default()).expect("cycles")
    );
}

fn check_searches(store: &dyn IndexStore, fresh: &dyn IndexStore) {
    for text in ["parse", "alpha", "beta*", "\"new\"", "line buffer kind:fn", "größe", "src path:deep", ""]
    {
        let query = SearchQuery::parse(text, 50);
        assert_eq!(store.search(&query).expect("hits"), fresh.search(&query).expect("hits"), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_deltas_equal_the_model_and_a_fresh_store(steps in prop::collection::vec(step(), 1..8)) {
        let place = Place::new();
        let mut store = place.open();
        let model = MemoryStore::default();
        let mut files: BTreeMap<usize, Content> = BTreeMap::new();
        for (number, step) in steps.iter().enumerate() {
            let before = if step.is_full { BTreeMap::new() } else { files.clone() };
            let mut after = before.clone();
            for file in &step.removed {
                after.remove(file);
            }
            for (file, content) in &step.written {
                after.insert(*file, content.clone());
            }
            let delta = delta(step, &before, &after);
            files = after;
            store.apply(&delta, None).expect("a delta");
            model.apply(&delta, None).expect("a delta");
            check_alike(&store, &model);
            if number % 3 == 2 {
                store = place.open();
            }
        }
        let fresh = SqliteStore::open_in_memory().expect("a store");
        fresh.apply(&full_delta(files.keys().map(|&file| delta_of(file, &files))), None).expect("a delta");
        prop_assert_eq!(store.digest().expect("a digest"), fresh.digest().expect("a digest"));
        check_searches(&store, &fresh);
    }
}

#[test]
fn the_digest_tells_every_change() {
    let content =
        |symbols: Vec<Symbol>| Content { module: 1, symbols, calls: vec![(0, 0, 0, 0, 0)], imports: vec![] };
    let base = content(vec![(0, 0, false, vec![0], vec![]), (1, 1, true, vec![], vec![])]);
    let digest = |content: &Content, change_it: &dyn Fn(&mut FileDelta)| {
        let all = BTreeMap::from([(0, content.clone())]);
        let mut delta = delta_of(0, &all);
        change_it(&mut delta);
        let store = SqliteStore::open_in_memory().expect("a store");
        store.apply(&change([delta]), None).expect("a delta");
        store.digest().expect("a digest")
    };
    let same = digest(&base, &|_| {});
    assert_eq!(digest(&base, &|delta| delta.file.modified_ns = 99), same);
    type Change = Box<dyn Fn(&mut FileDelta)>;
    let with_edge = |alter: fn(&mut Edge)| -> Change {
        Box::new(move |delta| {
            let mut changed = first_edge(delta);
            alter(&mut changed);
            delta.edges = Some(vec![changed]);
        })
    };
    let changes: Vec<Change> = vec![
        Box::new(|delta| delta.file.content_hash[3] ^= 1),
        Box::new(|delta| delta.file.module_path = "demo::other".to_owned()),
        Box::new(|delta| delta.file.diagnostics.push(aether_core::base::ErrorCode::INDEX_TOO_DEEP)),
        Box::new(|delta| delta.edges = Some(Vec::new())),
        with_edge(|edge| edge.kind = EdgeKind::Uses),
        with_edge(|edge| edge.at += 1),
        with_edge(|edge| edge.line += 1),
        with_edge(|edge| edge.text.push('x')),
        with_edge(|edge| edge.confidence = Confidence::from_thousandths(1)),
        with_edge(|edge| edge.resolution = Resolution::UniqueName),
        with_edge(|edge| edge.target = EdgeTarget::External("std::x".into())),
        with_edge(|edge| edge.target = EdgeTarget::Unresolved),
        Box::new(|delta| {
            let twice = first_edge(delta);
            delta.edges = Some(vec![twice.clone(), twice]);
        }),
        Box::new(|delta| {
            let content = delta.content.as_mut().expect("content");
            std::sync::Arc::make_mut(&mut content.facts).line_lengths.push(7);
        }),
    ];
    for (number, change_it) in changes.iter().enumerate() {
        assert_ne!(digest(&base, change_it), same, "change {number}");
    }
}
