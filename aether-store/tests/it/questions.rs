//! Search, and questions to the graph.

use aether_core::code::{Confidence, EdgeKind, EdgeTarget, SearchQuery, SymbolId, SymbolKind};
use aether_core::port::{GraphStore as _, IndexStore as _, SymbolSearch as _};
use aether_store::SqliteStore;

use crate::support::{Source, full, removal, update};

fn store(files: &[&Source]) -> SqliteStore {
    let store = SqliteStore::open_in_memory().expect("a store in memory");
    store.apply(&full(files), None).expect("an index");
    store
}

fn library() -> Source {
    let mut source = Source::new("src/io/reader.rs", "demo::io::reader");
    source.described("readHttpLine", "Reads one line of a request.", "buffer fill until newline");
    source.described("parse_config", "Parses the configuration.", "toml table section");
    source.described("parse", "", "token stream");
    source.add(SymbolKind::STRUCT, "ConfigParser", None);
    source
}

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let store = store(&[&library()]);
    let hits = store.search(&SearchQuery::parse(query, 10)).expect("hits");
    let names: Vec<&str> =
        hits.iter().filter_map(|hit| hit.qualified_name.strip_prefix("demo::io::reader::")).collect();
    assert_eq!(names, expected, "{query}");
}

#[test]
fn identifiers_are_found_by_their_words() {
    check("http line", &["readHttpLine"]);
    check("newline buffer", &["readHttpLine"]);
    check("kind:struct config", &["ConfigParser"]);
}

#[test]
fn the_exact_name_comes_first() {
    let store = store(&[&library()]);
    let hits = store.search(&SearchQuery::parse("parse", 10)).expect("hits");
    assert_eq!(hits[0].qualified_name, "demo::io::reader::parse");
    assert!(hits.len() > 1);
}

#[test]
fn filters_and_limits_hold() {
    check("kind:struct parser", &["ConfigParser"]);
    check("path:src/io/reader http", &["readHttpLine"]);
    check("path:elsewhere http", &[]);
    check("path:src/%/reader http", &[]);
    check("language:python http", &[]);
    let store = store(&[&library()]);
    assert_eq!(store.search(&SearchQuery::parse("config", 1)).expect("hits").len(), 1);
}

#[test]
fn nothing_that_is_typed_is_an_error() {
    let store = store(&[&library()]);
    for query in [
        "", "\"", "'", "a OR", "NEAR(", "*", "-", "name:", "(", "\"\"", "%", "\u{0}", "日本", "kind:", "a*b*",
    ] {
        assert!(store.search(&SearchQuery::parse(query, 5)).is_ok(), "{query:?}");
    }
}

#[test]
fn a_change_is_searchable_at_once() {
    let mut source = library();
    let store = store(&[&source]);
    source.function("brandNewThing");
    store.apply(&update(&[&source]), None).expect("an update");
    let query = SearchQuery::parse("brand thing", 5);
    assert_eq!(store.search(&query).expect("hits").len(), 1);
    store.apply(&removal(&["src/io/reader.rs"]), None).expect("a removal");
    assert!(store.search(&query).expect("hits").is_empty());
}

/// `main` calls `a` and `b`, both call `leaf`, which calls `a`; `check` is a test of `b`.
fn graph() -> (SqliteStore, [SymbolId; 5]) {
    let mut source = Source::new("src/lib.rs", "demo");
    let main = source.function("main");
    let a = source.function("a");
    let b = source.function("b");
    let leaf = source.function("leaf");
    let check = source.add(SymbolKind::TEST, "check", None);
    let ids = [main, a, b, leaf, check].map(|at| source.id(at));
    for (from, to) in
        [(main, ids[1]), (main, ids[2]), (a, ids[3]), (b, ids[3]), (leaf, ids[1]), (check, ids[2])]
    {
        source.call(from, to, "call");
    }
    source.edge(EdgeKind::Calls, main, EdgeTarget::Unresolved, "x.leaf");
    (store(&[&source]), ids)
}

#[test]
fn impact_reaches_callers_and_names_tests() {
    let (store, [main, a, b, leaf, check]) = graph();
    let found = store.impact(leaf, 8, Confidence::default()).expect("impact");
    let rows: Vec<_> = found.iter().map(|entry| (entry.symbol.id, entry.distance, entry.is_test)).collect();
    let mut near: Vec<_> = rows.iter().filter(|row| row.1 == 1).map(|row| row.0).collect();
    near.sort();
    let mut expected = vec![a, b];
    expected.sort();
    assert_eq!(near, expected);
    assert!(rows.contains(&(main, 2, false)) && rows.contains(&(check, 2, true)), "{rows:?}");
    assert!(store.impact(main, 8, Confidence::default()).expect("impact").is_empty());
    assert!(store.impact(leaf, 8, Confidence::CERTAIN).expect("impact").is_empty());
}

#[test]
fn chains_are_shortest_and_circles_are_found() {
    let (store, [main, a, _, leaf, _]) = graph();
    let chains = store.paths(main, leaf, 8, 10).expect("chains");
    assert_eq!(chains.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(chains[0][0].src_id, main);
    assert_eq!(chains[0][1].dst_id, Some(leaf));
    assert!(store.paths(leaf, main, 8, 10).expect("chains").is_empty());

    let circles = store.cycles(Confidence::default()).expect("circles");
    let ids: Vec<Vec<SymbolId>> =
        circles.iter().map(|circle| circle.iter().map(|symbol| symbol.id).collect()).collect();
    assert_eq!(ids, [[a, leaf]]);
}

#[test]
fn unresolved_calls_are_found_by_the_name_they_end_in() {
    let (store, [main, ..]) = graph();
    let found = store.unresolved_calls_named("leaf").expect("calls");
    assert_eq!(found.iter().map(|edge| edge.src_id).collect::<Vec<_>>(), [main]);
    assert!(store.unresolved_calls_named("eaf").expect("calls").is_empty());
}
