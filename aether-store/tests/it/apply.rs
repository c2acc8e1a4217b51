//! Deltas: what the suites of the ports leave open, because it is the business of this store.

use std::sync::Arc;

use aether_core::base::ErrorCode;
use aether_core::code::facts::SymbolIdx;
use aether_core::code::{EdgeKind, EdgeTarget, FileDelta, Resolution, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change, full_delta, removal};
use aether_core::port::{EdgeQuery, FactSource as _, GraphStore as _, IndexStore as _, SymbolQuery};
use aether_store::SqliteStore;

use crate::support::path;

/// `src/b.rs` calls a method of `src/a.rs`, out of the project, and to nowhere.
struct Files {
    a: FileBuilder,
    new: SymbolIdx,
    b: FileBuilder,
    main: SymbolIdx,
}

fn files() -> Files {
    let mut a = FileBuilder::new("src/a.rs");
    a.set_module("demo::a");
    let widget = a.symbol(SymbolKind::STRUCT, "Widget", None);
    let new = a.symbol(SymbolKind::METHOD, "new", Some(widget));
    a.set_doc(new, "Makes a widget.");
    let mut b = FileBuilder::new("src/b.rs");
    b.set_module("demo::b");
    let main = b.symbol(SymbolKind::FUNCTION, "main", None);
    b.import("crate::a::Widget");
    b.edge(main, EdgeKind::Calls, EdgeTarget::Symbol(a.id(new)), "Widget::new");
    b.edge(main, EdgeKind::Calls, EdgeTarget::External("std::fs::read".into()), "fs::read");
    b.edge(main, EdgeKind::Calls, EdgeTarget::Unresolved, "x.unknown");
    b.set_dependencies(vec![3, 70_000]);
    Files { a, new, b, main }
}

fn store(files: impl IntoIterator<Item = FileDelta>) -> SqliteStore {
    let store = SqliteStore::open_in_memory().expect("a store in memory");
    store.apply(&full_delta(files), None).expect("a full index");
    store
}

#[test]
fn attributes_tell_the_condition_of_a_symbol() {
    let files = files();
    let mut delta = files.a.clone().build();
    let content = delta.content.as_mut().expect("content");
    let facts = Arc::make_mut(&mut content.facts);
    facts.symbols[1].attributes = vec!["must_use".to_owned(), "cfg(unix)".to_owned()];
    facts.symbols[2].attributes = vec!["cfg(a)".to_owned(), "cfg( any(b, c) )".to_owned()];
    let store = store([delta]);
    let cfg = |name: &str| {
        let found = store.find_symbols(&SymbolQuery::named(name)).expect("symbols");
        (found[0].cfg.clone(), found[0].attributes.len())
    };
    assert_eq!(cfg("Widget"), (Some("unix".to_owned()), 2));
    assert_eq!(cfg("new"), (Some("all(a, any(b, c))".to_owned()), 2));
    assert_eq!(cfg("a.rs"), (None, 0));
}

#[test]
fn counters_follow_every_change() {
    let mut files = files();
    let store = store([files.a.clone().build(), files.b.clone().build()]);
    let counts = || {
        let state = store.state().expect("the state");
        let coverage = state.coverage;
        (
            state.symbols,
            state.edges,
            coverage.calls,
            coverage.calls_unresolved,
            coverage.files_with_diagnostics,
        )
    };
    assert_eq!(counts(), (5, 6, 3, 1, 0));
    files.b.edge(files.main, EdgeKind::Calls, EdgeTarget::Unresolved, "again");
    files.b.add_diagnostic(ErrorCode::INDEX_SYNTAX_ERROR);
    store.apply(&change([files.b.clone().build()]), None).expect("an update");
    assert_eq!(counts(), (5, 7, 4, 2, 1));
    // The call into the file that goes is one more that leads nowhere.
    store.apply(&removal(&["src/a.rs"]), None).expect("a removal");
    assert_eq!(counts(), (2, 5, 4, 3, 1));
    store.apply(&removal(&["src/b.rs"]), None).expect("a removal");
    assert_eq!(counts(), (0, 0, 0, 0, 0));
}

#[test]
fn a_symbol_that_goes_leaves_an_unresolved_call() {
    let files = files();
    let store = store([files.a.build(), files.b.clone().build()]);
    let mut a = FileBuilder::new("src/a.rs");
    a.set_module("demo::a");
    a.symbol(SymbolKind::STRUCT, "Widget", None);
    store.apply(&change([a.build()]), None).expect("an update");
    let calls = store.edges(&EdgeQuery::from(files.b.id(files.main), &[EdgeKind::Calls])).expect("edges");
    assert_eq!((calls[0].dst_id, calls[0].dst_path.as_deref()), (None, None));
    assert_eq!((calls[0].resolution, calls[0].confidence.thousandths()), (Resolution::Unresolved, 0));
    assert_eq!(store.unresolved_calls_named("new").expect("edges"), calls[..1]);
}

#[test]
fn edges_follow_a_symbol_whose_file_comes_anew() {
    let files = files();
    let store = store([files.a.clone().build(), files.b.clone().build()]);
    let mut delta = removal(&["src/a.rs"]);
    delta.files.push(files.a.clone().build());
    store.apply(&delta, None).expect("an update");
    let callers = store.edges(&EdgeQuery::to(files.a.id(files.new), &[EdgeKind::Calls])).expect("edges");
    assert_eq!(callers.len(), 1);
    let all = store.edges(&EdgeQuery::from(files.b.id(files.main), &[])).expect("edges");
    assert_eq!(all[0].dst_id, Some(files.a.id(files.new)));
}

#[test]
fn edges_alone_wait_for_their_file() {
    let files = files();
    let mut edges_alone = files.b.clone().build();
    edges_alone.content = None;
    let store = store([files.a.clone().build(), edges_alone]);
    assert_eq!(store.state().expect("the state").coverage.calls, 0);
    assert_eq!(store.facts(&[path("src/b.rs")]).expect("facts"), [None]);
    assert_eq!(store.files().expect("files")[1].dependencies.as_ref(), [3, 70_000]);
}

#[test]
fn a_first_index_in_steps_equals_one_at_once() {
    let files = files();
    let (a, b) = (files.a.build(), files.b.build());
    let at_once = store([a.clone(), b.clone()]);
    let in_steps = SqliteStore::open_in_memory().expect("a store in memory");
    let without_edges = |file: &FileDelta| {
        let mut file = file.clone();
        file.edges = None;
        file.dependencies = Vec::new();
        file
    };
    let mut first = full_delta([without_edges(&a)]);
    first.files_total = 2;
    in_steps.apply(&first, None).expect("the first step");
    let coverage = in_steps.state().expect("the state").coverage;
    assert_eq!((coverage.files_indexed, coverage.files_total), (1, 2));
    in_steps.apply(&change([without_edges(&b)]), None).expect("the second step");
    for mut file in [a, b] {
        file.content = None;
        in_steps.apply(&change([file]), None).expect("a step with edges");
    }
    assert_eq!(in_steps.digest().expect("a digest"), at_once.digest().expect("a digest"));
    assert_eq!(in_steps.files().expect("files"), at_once.files().expect("files"));
}

#[test]
fn module_paths_are_found_by_their_end() {
    let mut files = files();
    let store = store([files.a.clone().build(), files.b.clone().build()]);
    let find = |name: &str| -> Vec<String> {
        let found = store.find_symbols(&SymbolQuery::named(name)).expect("symbols");
        found.into_iter().map(|symbol| symbol.qualified_name).collect()
    };
    assert_eq!(find("a"), ["demo::a"]);
    assert_eq!(find("demo::b"), ["demo::b"]);
    assert_eq!(find("b.rs"), ["demo::b"]);
    assert_eq!(find("NEW"), [""; 0]);
    assert_eq!(find(""), [""; 0]);
    assert_eq!(find("idget::new"), [""; 0]);
    // A file that moves in the tree of modules, without new content.
    files.a.set_module("demo::other");
    let mut moved = files.a.clone().build();
    (moved.content, moved.edges) = (None, None);
    store.apply(&change([moved]), None).expect("an update");
    assert_eq!(find("a"), [""; 0]);
    assert_eq!(find("other"), ["demo::other"]);
    assert_eq!(find("other::Widget::new"), ["demo::other::Widget::new"]);
    // And back, now with content.
    files.a.set_module("demo::a");
    store.apply(&change([files.a.build()]), None).expect("an update");
    assert_eq!(find("other"), [""; 0]);
    assert_eq!(find("a"), ["demo::a"]);
}

#[test]
fn names_of_many_symbols_come_in_order() {
    let files = (0..90).rev().map(|number| {
        let mut file = FileBuilder::new(&format!("src/f{number:02}.rs"));
        file.set_module(&format!("m{number:02}"));
        file.symbol(SymbolKind::FUNCTION, "Same", None);
        file.symbol(SymbolKind::FUNCTION, "same", None);
        file
    });
    let mut files: Vec<FileBuilder> = files.collect();
    let store = store(files.iter().take(60).map(|file| file.clone().build()));
    store.apply(&change(files.iter().skip(60).map(|file| file.clone().build())), None).expect("an update");
    // A symbol above the others, whose row comes last.
    let mut first = FileBuilder::new("src/f00.rs");
    first.set_module("m00");
    let owner = first.symbol(SymbolKind::STRUCT, "Owner", None);
    first.symbol(SymbolKind::METHOD, "same", Some(owner));
    first.symbol(SymbolKind::FUNCTION, "same", None);
    files[89] = first;
    store.apply(&change([files[89].clone().build()]), None).expect("an update");
    let mut query = SymbolQuery::named("same");
    let all: Vec<String> = store
        .find_symbols(&query)
        .expect("symbols")
        .into_iter()
        .map(|symbol| symbol.qualified_name)
        .collect();
    assert_eq!(all[..3], ["m00::Owner::same", "m00::same", "m01::same"]);
    assert_eq!(all.len(), 91);
    assert!(all.is_sorted());
    query.limit = 2;
    assert_eq!(store.find_symbols(&query).expect("symbols").len(), 2);
}

#[test]
fn a_delta_that_does_not_fit_together_changes_nothing() {
    let files = files();
    let store = store([files.a.clone().build()]);
    let digest = store.digest().expect("a digest");
    let mut short = files.b.clone().build();
    short.content.as_mut().expect("content").ids.pop();
    let mut twice = files.b.clone().build();
    let ids = &mut twice.content.as_mut().expect("content").ids;
    ids[1] = ids[0];
    let mut stolen = files.b.build();
    stolen.content.as_mut().expect("content").ids[1] = files.a.id(files.new);
    for wrong in [short, twice, stolen] {
        let error = store.apply(&change([wrong]), None).expect_err("a refusal");
        assert_eq!(error.code(), &ErrorCode::INTERNAL);
        assert_eq!(store.digest().expect("a digest"), digest);
        assert_eq!(store.state().expect("the state").freshness.generation, 1);
    }
}
