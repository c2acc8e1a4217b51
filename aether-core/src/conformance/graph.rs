//! Rules of [`GraphStore`](crate::port::GraphStore): questions to the project graph.

use super::fixtures::{FileBuilder, change, full_delta};
use super::store::Project;
use super::{expect, expect_eq, ok};
use crate::base::RelPath;
use crate::code::facts::SymbolIdx;
use crate::code::{
    Confidence, EdgeKind, EdgeTarget, GraphDelta, LineageCause, LineageLink, Resolution, Symbol, SymbolId,
    SymbolKind,
};
use crate::port::{
    CallPath, EdgeQuery, EdgeRecord, IndexStore, Neighbourhood, NeighbourhoodQuery, PathQuery, SymbolQuery,
};

/// Checks what a store answers about its graph: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_graph};
/// check_graph(&|| Box::new(MemoryStore::default()));
/// ```
pub fn check_graph(make: &dyn Fn() -> Box<dyn IndexStore>) {
    unknown_ids_are_no_error(make);
    symbols_come_in_the_order_asked(make);
    symbols_are_found_by_every_condition(make);
    edges_are_found_by_every_condition(make);
    unresolved_calls_are_found_by_name(make);
    impact_reaches_back_by_distance(make);
    impact_ends_in_cycles(make);
    paths_are_the_shortest(make);
    paths_take_the_likeliest_calls(make);
    neighbourhoods_go_both_ways(make);
    neighbourhoods_keep_the_nearest(make);
    cycles_are_sorted(make);
    lineage_is_what_leads_to_and_from(make);
    super::whole_graph::check(make);
}

fn filled(make: &dyn Fn() -> Box<dyn IndexStore>, delta: &GraphDelta) -> Box<dyn IndexStore> {
    let store = make();
    ok("graph: a delta is taken", store.apply(delta, None));
    store
}

fn names(symbols: &[Symbol]) -> Vec<&str> {
    symbols.iter().map(|symbol| symbol.qualified_name.as_str()).collect()
}

fn thousandths(value: u16) -> Confidence {
    Confidence::from_thousandths(value)
}

fn unknown_ids_are_no_error(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let rule = "graph: an unknown id finds nothing and is no error";
    let unknown = SymbolId::from_bytes([0xee; 16]);
    let project = Project::new();
    let known = project.a.id(project.caller);
    for store in [make(), filled(make, &project.delta())] {
        expect_eq(rule, ok(rule, store.symbols(&[unknown])), Vec::new());
        expect_eq(rule, ok(rule, store.edges(&EdgeQuery::from(unknown, &[]))), Vec::new());
        expect_eq(rule, ok(rule, store.edges(&EdgeQuery::to(unknown, &[]))), Vec::new());
        expect_eq(rule, ok(rule, store.impact(unknown, 5, Confidence::default())), Vec::new());
        expect_eq(rule, ok(rule, store.paths(&PathQuery::between(unknown, known))), Vec::new());
        expect_eq(rule, ok(rule, store.paths(&PathQuery::between(known, unknown))), Vec::new());
        expect_eq(
            rule,
            ok(rule, store.neighbourhood(&NeighbourhoodQuery::around(unknown))),
            Neighbourhood::default(),
        );
        expect_eq(rule, ok(rule, store.lineage(unknown)), Vec::new());
        expect_eq(rule, ok(rule, store.unresolved_calls_named("unheard_of")), Vec::new());
        expect_eq(rule, ok(rule, store.find_symbols(&SymbolQuery::named("unheard_of"))), Vec::new());
    }
}

fn symbols_come_in_the_order_asked(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let rule = "graph: symbols come in the order asked, unknown ids left out";
    let project = Project::new();
    let store = filled(make, &project.delta());
    let asked = [project.b.id(project.field), SymbolId::from_bytes([1; 16]), project.a.id(project.caller)];
    let found = ok(rule, store.symbols(&asked));
    expect_eq(rule, names(&found), vec!["demo::b::Record::count", "demo::a::caller"]);
    expect_eq(rule, ok(rule, store.symbols(&[])), Vec::new());
}

fn symbols_are_found_by_every_condition(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    // A name that ends like another, but not at `::`.
    project.b.symbol(SymbolKind::FUNCTION, "my_callee", None);
    project.a.symbol(SymbolKind::FUNCTION, "callee", None);
    let store = filled(make, &project.delta());
    let in_b = || SymbolQuery::in_file(RelPath::new("src/b.rs").unwrap_or_else(|error| panic!("{error}")));
    let record = project.b.id(SymbolIdx(2));
    for (what, query, wanted) in [
        ("a name", SymbolQuery::named("callee"), vec!["demo::a::callee", "demo::b::callee"]),
        ("a qualified name", SymbolQuery::named("demo::b::callee"), vec!["demo::b::callee"]),
        ("the end of a qualified name", SymbolQuery::named("Record::count"), vec!["demo::b::Record::count"]),
        ("no part of a component", SymbolQuery::named("allee"), vec![]),
        ("no pattern", SymbolQuery::named("%"), vec![]),
        (
            "a file",
            in_b(),
            vec![
                "demo::b",
                "demo::b::callee",
                "demo::b::Record",
                "demo::b::Record::count",
                "demo::b::my_callee",
            ],
        ),
        (
            "a kind",
            SymbolQuery { kinds: vec![SymbolKind::STRUCT, SymbolKind::FIELD], ..SymbolQuery::default() },
            vec!["demo::b::Record", "demo::b::Record::count"],
        ),
        (
            "a parent",
            SymbolQuery { parent: Some(record), ..SymbolQuery::default() },
            vec!["demo::b::Record::count"],
        ),
        (
            "all conditions at once",
            SymbolQuery { name: Some("callee".to_owned()), ..in_b() },
            vec!["demo::b::callee"],
        ),
        ("a limit", SymbolQuery { limit: 2, ..in_b() }, vec!["demo::b", "demo::b::callee"]),
    ] {
        let rule = format!("graph: symbols are found by {what}, in the order of file and position");
        expect_eq(&rule, names(&ok(&rule, store.find_symbols(&query))), wanted);
    }
}

fn edges_are_found_by_every_condition(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    let second = project.a.symbol(SymbolKind::FUNCTION, "second", None);
    let callee = project.b.id(project.callee);
    project.a.edge_with(
        second,
        EdgeKind::Calls,
        EdgeTarget::Symbol(callee),
        "maybe",
        thousandths(400),
        Resolution::BestName,
    );
    let store = filled(make, &project.delta());
    let caller = project.a.id(project.caller);
    for (what, query, wanted) in [
        (
            "where they start",
            EdgeQuery::from(caller, &[]),
            vec!["b::callee", "fs::read", "thing.run", "Record"],
        ),
        ("where they lead", EdgeQuery::to(callee, &[EdgeKind::Calls]), vec!["b::callee", "maybe"]),
        ("their kind", EdgeQuery::from(caller, &[EdgeKind::Uses, EdgeKind::Imports]), vec!["Record"]),
        (
            "their confidence",
            EdgeQuery { min_confidence: thousandths(401), ..EdgeQuery::to(callee, &[EdgeKind::Calls]) },
            vec!["b::callee"],
        ),
        (
            "confidence up to the bound",
            EdgeQuery { min_confidence: thousandths(400), ..EdgeQuery::to(callee, &[EdgeKind::Calls]) },
            vec!["b::callee", "maybe"],
        ),
        (
            "both ends",
            EdgeQuery { source: Some(caller), ..EdgeQuery::to(callee, &[EdgeKind::Calls]) },
            vec!["b::callee"],
        ),
        (
            "a kind alone",
            EdgeQuery { kinds: vec![EdgeKind::Calls], ..EdgeQuery::default() },
            vec!["b::callee", "fs::read", "thing.run", "maybe"],
        ),
    ] {
        let rule = format!("graph: edges are found by {what}, in the order of file and line");
        let found = ok(&rule, store.edges(&query));
        let texts: Vec<&str> = found.iter().map(|edge| edge.callee_text.as_str()).collect();
        expect_eq(&rule, texts, wanted);
    }
    let rule = "graph: the edge that defines a symbol leads to it";
    let parents = ok(rule, store.edges(&EdgeQuery::to(project.b.id(project.field), &[EdgeKind::Defines])));
    let parents: Vec<&str> = parents.iter().map(|edge| edge.src_qualified_name.as_str()).collect();
    expect_eq(rule, parents, vec!["demo::b::Record"]);
}

fn unresolved_calls_are_found_by_name(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut file = FileBuilder::new("src/lib.rs");
    let source = file.symbol(SymbolKind::FUNCTION, "source", None);
    for text in
        ["self.queue.push", "push", "Vec::push", "push::<u8>", "unpush", "push_all", "push.x", "x.push_1%"]
    {
        file.edge(source, EdgeKind::Calls, EdgeTarget::Unresolved, text);
    }
    file.edge(source, EdgeKind::Calls, EdgeTarget::External("std::vec::Vec::push".into()), "known.push");
    file.edge(source, EdgeKind::Uses, EdgeTarget::Unresolved, "used.push");
    let store = filled(make, &full_delta([file.build()]));
    let rule = "graph: unresolved calls are found by the whole last name of their text";
    for (name, wanted) in [
        ("push", vec!["Vec::push", "push", "push::<u8>", "self.queue.push"]),
        ("ush", vec![]),
        ("push_%", vec![]),
    ] {
        let found = ok(rule, store.unresolved_calls_named(name));
        let mut texts: Vec<&str> = found.iter().map(|edge| edge.callee_text.as_str()).collect();
        texts.sort_unstable();
        expect_eq(&format!("{rule}: {name}"), texts, wanted);
    }
}

/// `test` → `top` → `middle` → `base` ← `doubtful`.
struct Chain {
    file: FileBuilder,
    base: SymbolIdx,
    middle: SymbolIdx,
    top: SymbolIdx,
    test: SymbolIdx,
}

fn chain() -> Chain {
    let mut file = FileBuilder::new("src/chain.rs");
    let [base, middle, top, doubtful] =
        ["base", "middle", "top", "doubtful"].map(|name| file.symbol(SymbolKind::FUNCTION, name, None));
    let test = file.symbol(SymbolKind::TEST, "guards", None);
    for (source, target) in [(middle, base), (top, middle), (test, top)] {
        let target = EdgeTarget::Symbol(file.id(target));
        file.edge(source, EdgeKind::Calls, target, "call");
    }
    let target = EdgeTarget::Symbol(file.id(base));
    file.edge_with(doubtful, EdgeKind::Calls, target, "guess", thousandths(300), Resolution::BestName);
    Chain { file, base, middle, top, test }
}

fn impact_reaches_back_by_distance(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let chain = chain();
    let [base, middle, top, test] =
        [chain.base, chain.middle, chain.top, chain.test].map(|symbol| chain.file.id(symbol));
    let store = filled(make, &full_delta([chain.file.build()]));
    let rule = "graph: impact is what reaches a symbol, the nearest first, with the step that leads there";
    let entries = ok(rule, store.impact(base, 10, thousandths(500)));
    let found: Vec<_> =
        entries.iter().map(|entry| (entry.symbol.id, entry.distance, entry.via, entry.is_test)).collect();
    expect_eq(rule, found, vec![(middle, 1, base, false), (top, 2, middle, false), (test, 3, top, true)]);

    let rule = "graph: impact goes no deeper than asked";
    let shallow = ok(rule, store.impact(base, 1, thousandths(500)));
    expect_eq(rule, shallow.iter().map(|entry| entry.symbol.id).collect::<Vec<_>>(), vec![middle]);
    expect_eq(rule, ok(rule, store.impact(base, 0, Confidence::default())), Vec::new());

    let rule = "graph: impact keeps to edges of the confidence asked and tells the least on the way";
    let all = ok(rule, store.impact(base, 1, Confidence::default()));
    let mut found: Vec<_> =
        all.iter().map(|entry| (entry.symbol.name.as_str(), entry.confidence.thousandths())).collect();
    found.sort_unstable();
    expect_eq(rule, found, vec![("doubtful", 300), ("middle", 1000)]);
}

/// A circle of three, a circle of two, and a function that calls itself.
fn circles() -> (FileBuilder, [SymbolIdx; 3]) {
    let mut file = FileBuilder::new("src/circles.rs");
    let [x, y, z, ping, pong, me] =
        ["x", "y", "z", "ping", "pong", "me"].map(|name| file.symbol(SymbolKind::FUNCTION, name, None));
    for (source, target) in [(y, z), (x, y), (z, x), (pong, ping), (ping, pong), (me, me), (x, ping)] {
        let target = EdgeTarget::Symbol(file.id(target));
        file.edge(source, EdgeKind::Calls, target, "call");
    }
    (file, [x, y, z])
}

fn impact_ends_in_cycles(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let (file, [x, y, z]) = circles();
    let ids = [x, z, y].map(|symbol| file.id(symbol));
    let store = filled(make, &full_delta([file.build()]));
    let rule = "graph: impact tells each symbol once, the changed one never";
    let entries = ok(rule, store.impact(ids[0], u32::MAX, Confidence::default()));
    let found: Vec<_> = entries.iter().map(|entry| (entry.symbol.id, entry.distance)).collect();
    expect_eq(rule, found, vec![(ids[1], 1), (ids[2], 2)]);
}

fn paths_are_the_shortest(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut chain = chain();
    // A detour that is longer, and a second way that is as short.
    let detour = chain.file.symbol(SymbolKind::FUNCTION, "detour", None);
    let other = chain.file.symbol(SymbolKind::FUNCTION, "other", None);
    for (source, target) in
        [(chain.top, other), (other, chain.base), (chain.top, detour), (detour, chain.middle)]
    {
        let target = EdgeTarget::Symbol(chain.file.id(target));
        chain.file.edge(source, EdgeKind::Calls, target, "call");
    }
    let [base, top, test] = [chain.base, chain.top, chain.test].map(|symbol| chain.file.id(symbol));
    let store = filled(make, &full_delta([chain.file.build()]));
    let steps = |path: &Vec<EdgeRecord>| {
        let names = path.iter().map(|edge| edge.src_qualified_name.as_str());
        names.chain(path.last().and_then(|edge| edge.dst_path.as_deref())).collect::<Vec<_>>().join(" ")
    };
    let rule = "graph: paths are the shortest chains of calls";
    let find = |rule: &str, from, to, max_depth, limit| {
        ok(rule, store.paths(&PathQuery { max_depth, limit, ..PathQuery::between(from, to) }))
    };
    let found = find(rule, test, base, 10, 10);
    let mut shown: Vec<String> = found.iter().map(steps).collect();
    shown.sort();
    expect_eq(rule, shown, vec!["guards top middle base".to_owned(), "guards top other base".to_owned()]);
    let rule = "graph: no more paths than asked, and none longer than asked";
    expect_eq(rule, find(rule, test, base, 10, 1).len(), 1);
    expect_eq(rule, find(rule, test, base, 2, 10), Vec::new());
    expect_eq(rule, find(rule, top, base, 2, 10).len(), 2);
    let rule = "graph: calls are followed forward only";
    expect_eq(rule, find(rule, base, test, 10, 10), Vec::new());
}

fn paths_take_the_likeliest_calls(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut file = FileBuilder::new("src/lib.rs");
    let [start, end] = ["start", "end"].map(|name| file.symbol(SymbolKind::FUNCTION, name, None));
    let target = EdgeTarget::Symbol(file.id(end));
    for (thousandths, text) in [(300, "doubtful"), (800, "likely"), (800, "as_likely")] {
        let confidence = Confidence::from_thousandths(thousandths);
        file.edge_with(start, EdgeKind::Calls, target.clone(), text, confidence, Resolution::Path);
    }
    let (start, end) = (file.id(start), file.id(end));
    let store = filled(make, &full_delta([file.build()]));
    let find = |rule: &str, thousandths| {
        let min_confidence = Confidence::from_thousandths(thousandths);
        ok(rule, store.paths(&PathQuery { min_confidence, ..PathQuery::between(start, end) }))
    };
    let rule = "graph: of several calls between two symbols a path shows the most likely one";
    let texts =
        |paths: Vec<CallPath>| paths.into_iter().flatten().map(|edge| edge.callee_text).collect::<Vec<_>>();
    expect_eq(rule, texts(find(rule, 0)), vec!["likely".to_owned()]);
    let rule = "graph: paths leave out calls that are less likely than asked";
    expect_eq(rule, texts(find(rule, 801)), Vec::new());
}

/// The symbols of a neighbourhood, and its calls as `caller callee text`.
fn drawn(found: &Neighbourhood) -> (Vec<&str>, Vec<String>) {
    let name = |id: Option<SymbolId>| {
        found.symbols.iter().find(|symbol| Some(symbol.id) == id).map_or("?", |symbol| symbol.name.as_str())
    };
    let call =
        |edge: &EdgeRecord| format!("{} {} {}", name(Some(edge.src_id)), name(edge.dst_id), edge.callee_text);
    (names(&found.symbols), found.edges.iter().map(call).collect())
}

fn neighbourhoods_go_both_ways(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut chain = chain();
    // What `top` calls beside `middle` is not near `middle`, but a call of a caller by a callee is told.
    let beside = chain.file.symbol(SymbolKind::FUNCTION, "beside", None);
    for (source, target, text) in [
        (chain.top, beside, "call"),
        (chain.base, chain.top, "back"),
        (chain.middle, chain.base, "later"),
        (chain.middle, chain.middle, "itself"),
    ] {
        let target = EdgeTarget::Symbol(chain.file.id(target));
        chain.file.edge(source, EdgeKind::Calls, target, text);
    }
    let base = EdgeTarget::Symbol(chain.file.id(chain.base));
    chain.file.edge(beside, EdgeKind::Uses, base, "use");
    chain.file.edge(chain.middle, EdgeKind::Calls, EdgeTarget::External("std::fs::read".into()), "read");
    let middle = chain.file.id(chain.middle);
    let store = filled(make, &full_delta([chain.file.build()]));
    let rule = "graph: a neighbourhood is callers and callees, with the calls between them";
    let find = |max_depth| {
        let query = NeighbourhoodQuery { max_depth, ..NeighbourhoodQuery::around(middle) };
        ok(rule, store.neighbourhood(&query))
    };
    let near = find(1);
    let (mut symbols, mut calls) = drawn(&near);
    expect_eq(rule, symbols.first().copied(), Some("middle"));
    symbols.sort_unstable();
    calls.sort_unstable();
    expect_eq(rule, symbols, vec!["base", "middle", "top"]);
    let wanted = ["base top back", "middle base call", "middle middle itself", "top middle call"];
    expect_eq(rule, calls, wanted.map(str::to_owned).to_vec());
    expect(rule, !near.has_more);

    let rule = "graph: a neighbourhood goes as deep as asked, over callers alone and callees alone";
    let far = find(2);
    let mut symbols = names(&far.symbols);
    symbols.sort_unstable();
    expect_eq(rule, symbols, vec!["base", "guards", "middle", "top"]);
    expect_eq(rule, drawn(&find(0)), (vec!["middle"], vec!["middle middle itself".to_owned()]));
}

fn neighbourhoods_keep_the_nearest(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let chain = chain();
    let base = chain.file.id(chain.base);
    let store = filled(make, &full_delta([chain.file.build()]));
    let rule = "graph: a neighbourhood that is cut keeps the nearest symbols, of these the likeliest";
    let find = |limit, min_confidence| {
        let query =
            NeighbourhoodQuery { max_depth: 9, limit, min_confidence, ..NeighbourhoodQuery::around(base) };
        let found = ok(rule, store.neighbourhood(&query));
        let symbols: Vec<String> = names(&found.symbols).iter().map(|&name| name.to_owned()).collect();
        (symbols.join(" "), found.has_more)
    };
    let all = Confidence::default();
    expect_eq(rule, find(0, all), ("base".to_owned(), true));
    expect_eq(rule, find(1, all), ("base".to_owned(), true));
    expect_eq(rule, find(2, all), ("base middle".to_owned(), true));
    expect_eq(rule, find(3, all), ("base middle doubtful".to_owned(), true));
    expect_eq(rule, find(5, all), ("base middle doubtful top guards".to_owned(), false));
    let (file, [x, ..]) = circles();
    let middle = file.id(x);
    let store_of_circles = filled(make, &full_delta([file.build()]));
    let query = NeighbourhoodQuery { max_depth: u32::MAX, ..NeighbourhoodQuery::around(middle) };
    let found = ok(rule, store_of_circles.neighbourhood(&query));
    expect_eq(rule, found.symbols.len(), 5);
    let rule = "graph: a neighbourhood leaves out calls that are less likely than asked";
    expect_eq(rule, find(9, thousandths(301)), ("base middle top guards".to_owned(), false));
}

fn cycles_are_sorted(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let (file, _) = circles();
    let store = filled(make, &full_delta([file.build()]));
    let rule = "graph: cycles come the largest first, sorted by name inside, without self calls";
    let cycles = ok(rule, store.cycles(Confidence::default()));
    let found: Vec<Vec<&str>> = cycles.iter().map(|cycle| names(cycle)).collect();
    expect_eq(rule, found, vec![vec!["x", "y", "z"], vec!["ping", "pong"]]);
    let empty = ok(rule, make().cycles(Confidence::default()));
    expect(rule, empty.is_empty());
}

fn lineage_is_what_leads_to_and_from(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let rule = "graph: lineage is the links that lead to and from a symbol, the oldest first";
    let id = |byte| SymbolId::from_bytes([byte; 16]);
    // By their ids, they would come in another order.
    let links = [
        LineageLink::new(id(9), id(5), LineageCause::Rename),
        LineageLink::new(id(5), id(3), LineageCause::Move),
        LineageLink::new(id(3), id(4), LineageCause::Signature),
    ];
    let store = make();
    for link in &links {
        let delta = GraphDelta { lineage: vec![link.clone()], ..change([]) };
        ok(rule, store.apply(&delta, None));
    }
    for (asked, wanted) in [(9, &links[..1]), (5, &links[..2]), (3, &links[1..]), (4, &links[2..]), (1, &[])]
    {
        expect_eq(rule, ok(rule, store.lineage(id(asked))), wanted.to_vec());
    }
}
