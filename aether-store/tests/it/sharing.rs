//! Several stores on one file: readers see one state, writers take turns.

use std::sync::Arc;

use aether_core::base::ErrorCode;
use aether_core::code::{EdgeKind, EdgeTarget, GraphDelta, SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change, full_delta, removal};
use aether_core::port::{GraphStore as _, IndexStore as _, SymbolQuery, SymbolSearch as _};
use aether_store::SqliteStore;

use crate::support::{Place, file};

fn lib(function: &str) -> FileBuilder {
    file("src/lib.rs", function)
}

fn has(store: &SqliteStore, name: &str) -> bool {
    let is_searched = !store.search(&SearchQuery::parse(name, 5)).expect("hits").is_empty();
    let is_found = !store.find_symbols(&SymbolQuery::named(name)).expect("symbols").is_empty();
    assert_eq!(is_searched, is_found);
    is_found
}

#[test]
fn another_store_sees_a_change_at_once() {
    let place = Place::with([lib("first")]);
    let (writer, reader) = (place.open(), place.open());
    assert!(has(&reader, "first"));
    writer.apply(&change([lib("second").build()]), None).expect("a delta");
    assert!(!has(&reader, "first") && has(&reader, "second"));
}

#[test]
fn writers_take_turns() {
    let place = Place::with([lib("first")]);
    let (one, other) = (place.open(), place.open());
    // Each has to notice what the other wrote: terms, symbols and keys.
    let names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
    for (round, name) in names.into_iter().enumerate() {
        let store = if round % 2 == 0 { &other } else { &one };
        let next = file(&format!("src/f{round}.rs"), &format!("{name}_word"));
        store.apply(&change([next.build(), lib(&format!("{name}s")).build()]), None).expect("a delta");
        for store in [&one, &other] {
            assert!(has(store, &format!("{name}_word")) && has(store, &format!("{name}s")));
            let before = round.checked_sub(1).map(|before| format!("\"{}s\"", names[before]));
            let hits = |text: &str| store.search(&SearchQuery::parse(text, 20)).expect("hits").len();
            assert_eq!(before.map_or(0, |before| hits(&before)), 0);
            assert_eq!(hits("word"), round + 1);
        }
    }
}

#[test]
fn of_two_changes_of_one_state_the_second_is_refused() {
    let mut a = lib("callee");
    let callee = a.symbol(SymbolKind::FUNCTION, "target", None);
    let place = Place::with([a.clone()]);
    let (one, other) = (place.open(), place.open());
    let base = other.state().expect("the state").freshness.generation;
    // Both were computed from the same state: one takes a symbol away to which the other leads.
    let mut b = FileBuilder::new("src/b.rs");
    let caller = b.symbol(SymbolKind::FUNCTION, "caller", None);
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Symbol(a.id(callee)), "target");
    let first = GraphDelta { base: Some(base), ..change([lib("callee").build()]) };
    let second = GraphDelta { base: Some(base), ..change([b.build()]) };
    let now = one.apply(&first, None).expect("a delta");
    let error = other.apply(&second, None).expect_err("a refusal");
    assert_eq!(error.code(), &ErrorCode::STORE_CONFLICT);
    assert_eq!(error.to_string(), format!("delta was computed from generation {base}, the index has {now}"));
    assert!(!has(&one, "caller") && !has(&other, "caller"));
    other.apply(&GraphDelta { base: Some(now), ..second }, None).expect("a delta");
    assert!(has(&one, "caller"));
}

#[test]
fn a_writer_that_waits_too_long_fails() {
    let place = Place::with([lib("first")]);
    let store = place.open();
    let other = place.sqlite();
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let error = store.apply(&change([lib("second").build()]), None).expect_err("a refusal");
    assert_eq!(error.code(), &ErrorCode::STORE_LOCKED);
    assert!(has(&store, "first"));
    other.execute_batch("ROLLBACK").expect("an end");
    store.apply(&change([lib("second").build()]), None).expect("a delta");
    assert!(has(&store, "second"));
}

#[test]
fn readers_see_the_old_state_while_one_writes() {
    let place = Place::with([lib("first")]);
    let store = place.open();
    // A transaction that has changed everything and not ended.
    let writer = place.sqlite();
    writer
        .execute_batch("BEGIN IMMEDIATE; DELETE FROM symbols; DELETE FROM packed; DELETE FROM files")
        .expect("a write");
    assert!(has(&store, "first"));
    assert!(has(&place.open(), "first"));
    writer.execute_batch("ROLLBACK").expect("an end");
}

#[test]
fn a_walk_sees_one_state_and_may_ask_the_store() {
    for is_file in [true, false] {
        let place = Place::new();
        let store = if is_file { place.open() } else { SqliteStore::open_in_memory().expect("a store") };
        let files = (0..20).map(|number| file(&format!("src/f{number:02}.rs"), &format!("f{number}")));
        store.apply(&full_delta(files.map(FileBuilder::build)), None).expect("a delta");
        let mut seen = 0;
        store
            .visit_symbols(&mut |symbol| {
                if seen == 0 {
                    store.apply(&removal(&["src/f19.rs", "src/f07.rs"]), None).expect("a removal");
                }
                seen += 1;
                let is_left = store.symbols(&[symbol.id]).expect("symbols").len();
                assert_eq!(
                    is_left,
                    usize::from(!matches!(symbol.file.as_str(), "src/f19.rs" | "src/f07.rs"))
                );
            })
            .expect("a walk");
        assert_eq!(seen, 40);
        assert_eq!(store.state().expect("the state").symbols, 36);
    }
}

#[test]
fn threads_share_a_store() {
    let place = Place::with([lib("start")]);
    let store = &place.open();
    std::thread::scope(|scope| {
        let writer = Arc::new(scope.spawn(|| {
            for round in 0..30 {
                store.apply(&change([lib(&format!("round{round}")).build()]), None).expect("a delta");
            }
        }));
        for _ in 0..4 {
            let writer = Arc::clone(&writer);
            scope.spawn(move || {
                while !writer.is_finished() {
                    // One symbol beside the file, whatever its name is now.
                    let hits = store.search(&SearchQuery::parse("kind:fn", 9)).expect("hits");
                    assert_eq!(hits.len(), 1);
                }
            });
        }
    });
    assert!(has(store, "round29"));
}
