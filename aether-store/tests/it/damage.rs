//! Damaged files: an error or an answer, never a panic.

use aether_core::code::{Confidence, EdgeKind, EdgeTarget, SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change};
use aether_core::port::{
    EdgeQuery, FactSource as _, GraphStore as _, IndexStore as _, PathQuery, SymbolQuery, SymbolSearch as _,
};
use aether_store::{SqliteStore, StoreOptions};

use crate::support::Place;

fn files() -> [FileBuilder; 2] {
    let mut a = FileBuilder::new("src/a.rs");
    a.set_module("demo::a");
    let callee = a.symbol(SymbolKind::FUNCTION, "callee", None);
    a.set_doc(callee, "Answers.");
    a.import("std::fs");
    let mut b = FileBuilder::new("src/b.rs");
    let caller = b.symbol(SymbolKind::FUNCTION, "caller", None);
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Symbol(a.id(callee)), "callee");
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Unresolved, "lost");
    [a, b]
}

/// Asks everything; what comes back is not looked at.
fn ask_everything(store: &SqliteStore) -> Vec<String> {
    let [a, b] = files();
    let symbol = aether_core::code::facts::SymbolIdx(1);
    let (callee, caller) = (a.id(symbol), b.id(symbol));
    let mut codes = Vec::new();
    let mut note = |result: Result<(), aether_core::port::PortError>| {
        if let Err(error) = result {
            codes.push(error.code().to_string());
        }
    };
    note(store.files().map(drop));
    note(store.indexed_files(&[]).map(drop));
    note(store.facts(&[a.clone().build().file.path, b.clone().build().file.path]).map(drop));
    note(store.files_declaring(&["callee"]).map(drop));
    note(store.files_importing(&["fs"]).map(drop));
    note(store.symbols(&[callee, caller]).map(drop));
    note(store.find_symbols(&SymbolQuery::named("callee")).map(drop));
    note(store.find_symbols(&SymbolQuery::default()).map(drop));
    note(store.edges(&EdgeQuery::to(callee, &[])).map(drop));
    note(store.edges(&EdgeQuery::from(caller, &[])).map(drop));
    note(store.unresolved_calls_named("lost").map(drop));
    note(store.impact(callee, 9, Confidence::default()).map(drop));
    note(store.paths(&PathQuery::between(caller, callee)).map(drop));
    note(store.cycles(Confidence::default()).map(drop));
    note(store.lineage(callee).map(drop));
    for text in ["callee", "call*", "", "answers path:src kind:fn", "\"callee\""] {
        note(store.search(&SearchQuery::parse(text, 9)).map(drop));
    }
    note(store.visit_symbols(&mut |_| {}));
    note(store.visit_edges(&mut |_| {}));
    note(store.digest().map(drop));
    note(store.state().map(drop));
    note(store.apply(&change([b.build()]), None).map(drop));
    codes
}

/// Runs `sql` on a filled store and asks everything; some question must fail, all with `store.corrupt`.
#[track_caller]
fn check_damage(sql: &str) {
    let place = Place::with(files());
    assert_eq!(ask_everything(&place.open()), [""; 0]);
    place.sql(sql);
    let codes = match SqliteStore::open(&place.path(), &StoreOptions::default()) {
        Ok(store) => ask_everything(&store),
        Err(error) => vec![error.code().to_string()],
    };
    assert!(!codes.is_empty(), "nothing noticed {sql}");
    assert!(codes.iter().all(|code| code == "store.corrupt"), "{sql}: {codes:?}");
}

#[test]
fn damaged_blobs_are_told() {
    for table in ["facts", "edges", "file_terms", "packed", "ids", "terms"] {
        check_damage(&format!("UPDATE {table} SET data = substr(data, 1, length(data) - 1) || x'ff'"));
    }
    check_damage("UPDATE outlines SET symbols = x'ff'");
    check_damage("UPDATE symbols SET place = x'80'");
    check_damage("UPDATE symbols SET attributes = x'05'");
}

#[test]
fn wrong_values_are_told() {
    check_damage("UPDATE symbols SET id = x'00'");
    check_damage("UPDATE symbols SET kind = 200");
    check_damage("UPDATE symbols SET kind = x'00'");
    check_damage("UPDATE symbols SET file = 77");
    check_damage("UPDATE files SET path = '../outside' WHERE path = 'src/a.rs'");
    check_damage("UPDATE files SET content_hash = x'00'");
    check_damage("UPDATE files SET language = x'00'");
}

#[test]
fn missing_rows_and_tables_are_told() {
    check_damage("DELETE FROM state");
    check_damage("DELETE FROM symbols WHERE name = 'callee'");
    check_damage("DELETE FROM files");
    check_damage("DROP TABLE packed");
}

#[test]
fn flipped_bytes_never_panic() {
    let place = Place::with(files());
    let whole = std::fs::read(place.path()).expect("the file");
    let damaged = Place::new();
    // Steps that share no factor with the size of a page meet every part of one sooner or later.
    for at in (0..whole.len()).step_by(397) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xa5;
        for name in damaged.files() {
            std::fs::remove_file(damaged.path().with_file_name(name)).expect("a file");
        }
        std::fs::write(damaged.path(), bytes).expect("a file");
        if let Ok(store) = SqliteStore::open(&damaged.path(), &StoreOptions::default()) {
            ask_everything(&store);
        }
    }
}
