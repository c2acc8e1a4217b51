//! Deltas: what is written is read back, and symbols that stay keep their edges.

use aether_core::base::Timestamp;
use aether_core::code::{EdgeKind, EdgeTarget, Resolution, SymbolKind};
use aether_core::port::{EdgeQuery, FactSource as _, GraphStore as _, IndexStore as _, SymbolQuery};
use aether_store::SqliteStore;

use crate::support::{Source, full, path, removal, update};

fn two_files() -> (Source, Source) {
    let mut a = Source::new("src/a.rs", "demo::a");
    let widget = a.add(SymbolKind::STRUCT, "Widget", None);
    let new = a.add(SymbolKind::METHOD, "new", Some(widget));
    a.symbols[new].doc = "Makes a widget.".into();
    a.symbols[new].attributes = vec!["must_use".into(), "cfg(unix)".into()];
    let mut b = Source::new("src/b.rs", "demo::b");
    let main = b.function("main");
    b.imports.push("crate::a::Widget".into());
    b.call(main, a.id(new), "Widget::new");
    b.edge(EdgeKind::Calls, main, EdgeTarget::External("std::fs::read".into()), "fs::read");
    b.edge(EdgeKind::Calls, main, EdgeTarget::Unresolved, "x.unknown");
    b.dependencies = vec![3, 70_000];
    (a, b)
}

fn store(files: &[&Source]) -> SqliteStore {
    let store = SqliteStore::open_in_memory().expect("a store in memory");
    store.apply(&full(files), Some(Timestamp::from_unix_ms(1000))).expect("a full index");
    store
}

#[test]
fn a_full_index_is_read_back() {
    let (a, b) = two_files();
    let store = store(&[&b, &a]);

    let mut names = Vec::new();
    store.visit_symbols(&mut |symbol| names.push(symbol.qualified_name.clone())).expect("symbols");
    assert_eq!(names, ["demo::a", "demo::a::Widget", "demo::a::Widget::new", "demo::b", "demo::b::main"]);

    let new = store.symbols(&[a.id(2)]).expect("a symbol").remove(0);
    assert_eq!(new.doc, "Makes a widget.");
    assert_eq!(new.cfg.as_deref(), Some("unix"));
    assert_eq!(new.attributes, ["must_use", "cfg(unix)"]);
    assert_eq!(new.parent, Some(a.id(1)));
    assert_eq!((new.name_line, new.lines.first, new.lines.last), (20, 20, 22));
    assert_eq!((new.span.start, new.span.end), (800, 830));
    assert_eq!((new.name_span.start, new.name_span.end), (803, 809));

    let state = store.state().expect("the state");
    assert_eq!((state.symbols, state.edges), (5, 6));
    assert_eq!((state.coverage.calls, state.coverage.calls_unresolved), (3, 1));
    assert_eq!(state.freshness.generation, 1);
    assert_eq!(state.freshness.indexed_at, Some(Timestamp::from_unix_ms(1000)));

    let stamps = store.files().expect("stamps");
    assert_eq!(stamps.iter().map(|stamp| stamp.path.as_str()).collect::<Vec<_>>(), ["src/a.rs", "src/b.rs"]);
    assert_eq!(stamps[1].dependencies.as_ref(), [3, 70_000]);
    assert_eq!(stamps[0].content_hash, a.record().content_hash);
    let facts = store.facts(&[path("src/b.rs"), path("src/c.rs"), path("src/a.rs")]).expect("facts");
    assert_eq!(facts[0].as_deref(), Some(&b.facts()));
    assert_eq!(facts[1], None);
    assert_eq!(facts[2].as_deref(), Some(&a.facts()));
    assert_eq!(store.files_declaring(&["new", "nothing"]).expect("files"), [path("src/a.rs")]);
    assert_eq!(store.files_importing(&["Widget"]).expect("files"), [path("src/b.rs")]);
}

#[test]
fn edges_are_found_from_both_ends() {
    let (a, b) = two_files();
    let store = store(&[&a, &b]);
    let calls = store.edges(&EdgeQuery::from(b.id(1), &[EdgeKind::Calls])).expect("edges");
    let targets: Vec<_> = calls.iter().map(|edge| edge.dst_path.as_deref()).collect();
    assert_eq!(targets, [Some("demo::a::Widget::new"), Some("std::fs::read"), None]);
    assert_eq!(calls[0].dst_id, Some(a.id(2)));
    assert_eq!(calls[0].dst_name_line, Some(20));
    assert_eq!(calls[0].src_qualified_name, "demo::b::main");

    let callers = store.edges(&EdgeQuery::to(a.id(2), &[EdgeKind::Calls])).expect("edges");
    assert_eq!(callers, calls[..1]);
    let all = store.edges(&EdgeQuery::to(a.id(2), &[])).expect("edges");
    assert_eq!(all.iter().map(|edge| edge.kind).collect::<Vec<_>>(), [EdgeKind::Defines, EdgeKind::Calls]);
    assert_eq!(all[0].src_id, a.id(1));
    assert_eq!(store.unresolved_calls_named("unknown").expect("edges"), calls[2..]);

    let mut visited = Vec::new();
    store.visit_edges(&mut |edge| visited.push((edge.kind, edge.src_id))).expect("edges");
    assert_eq!(visited.len(), 6);
    assert_eq!(visited[0], (EdgeKind::Defines, a.id(0)));
}

#[test]
fn edges_of_other_files_stay_when_a_symbol_stays() {
    let (mut a, b) = two_files();
    let store = store(&[&a, &b]);
    a.symbols[2].line = 77;
    a.function("more");
    store.apply(&update(&[&a]), None).expect("an update");
    let callers = store.edges(&EdgeQuery::to(a.id(2), &[EdgeKind::Calls])).expect("edges");
    assert_eq!(callers.len(), 1);
    assert_eq!(callers[0].dst_name_line, Some(77));
}

#[test]
fn edges_to_a_symbol_that_goes_become_unresolved() {
    let (mut a, b) = two_files();
    let store = store(&[&a, &b]);
    a.symbols.truncate(2);
    store.apply(&update(&[&a]), None).expect("an update");
    let calls = store.edges(&EdgeQuery::from(b.id(1), &[EdgeKind::Calls])).expect("edges");
    assert_eq!(calls[0].resolution, Resolution::Unresolved);
    assert_eq!((calls[0].dst_id, calls[0].dst_path.as_deref()), (None, None));
    assert_eq!(store.unresolved_calls_named("new").expect("edges").len(), 1);
    assert_eq!(store.state().expect("the state").coverage.calls_unresolved, 2);
}

#[test]
fn a_removed_file_leaves_nothing() {
    let (a, b) = two_files();
    let store = store(&[&a, &b]);
    store.apply(&removal(&["src/b.rs", "src/none.rs"]), None).expect("a removal");
    assert!(store.edges(&EdgeQuery::to(a.id(2), &[EdgeKind::Calls])).expect("edges").is_empty());
    assert!(store.find_symbols(&SymbolQuery::named("main")).expect("symbols").is_empty());
    assert!(store.files_importing(&["Widget"]).expect("files").is_empty());
    let state = store.state().expect("the state");
    assert_eq!((state.symbols, state.edges, state.coverage.files_indexed), (3, 2, 1));
    assert_eq!((state.coverage.calls, state.coverage.calls_unresolved), (0, 0));
}

#[test]
fn names_are_found_exactly_and_by_their_end() {
    let (a, b) = two_files();
    let store = store(&[&a, &b]);
    let find = |name: &str| -> Vec<String> {
        let found = store.find_symbols(&SymbolQuery::named(name)).expect("symbols");
        found.into_iter().map(|symbol| symbol.qualified_name).collect()
    };
    assert_eq!(find("new"), ["demo::a::Widget::new"]);
    assert_eq!(find("Widget::new"), ["demo::a::Widget::new"]);
    assert_eq!(find("demo::a::Widget::new"), ["demo::a::Widget::new"]);
    assert_eq!(find("idget::new"), [""; 0]);
    assert_eq!(find("NEW"), [""; 0]);
    assert_eq!(find("a"), ["demo::a"]);
    assert_eq!(find("demo::b"), ["demo::b"]);
    assert_eq!(find("b.rs"), ["demo::b"]);
    assert_eq!(find(""), [""; 0]);
}
