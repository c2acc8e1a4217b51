//! Rules of the questions that look at the whole graph: ranks, communities, what is unreached.

use super::fixtures::{FileBuilder, change, full_delta};
use super::{expect, expect_eq, ok};
use crate::code::facts::SymbolIdx;
use crate::code::{Confidence, EdgeKind, EdgeTarget, Resolution, SymbolId, SymbolKind, Visibility};
use crate::port::{
    Communities, CommunityQuery, IndexStore, RankDirection, RankQuery, UnreachedEntry, UnreachedQuery,
};

type Make<'m> = &'m dyn Fn() -> Box<dyn IndexStore>;

/// Checks the rules; part of [`super::check_graph`].
pub(super) fn check(make: Make<'_>) {
    nothing_is_known_of_nothing(make);
    ranks_follow_the_calls(make);
    ranks_follow_what_is_asked(make);
    ranks_start_at_seeds(make);
    communities_hold_together(make);
    communities_keep_to_the_question(make);
    unreached_is_what_nothing_leads_to(make);
    unreached_knows_who_uses_what(make);
    blocks_live_with_their_types(make);
    what_is_public_lives(make);
    doubts_lower_the_confidence(make);
    mentions_are_doubts(make);
    growing_changes_no_answer(make);
}

fn thousandths(value: u16) -> Confidence {
    Confidence::from_thousandths(value)
}

fn filled(make: Make<'_>, files: impl IntoIterator<Item = FileBuilder>) -> Box<dyn IndexStore> {
    let store = make();
    ok("graph: a delta is taken", store.apply(&full_delta(files.into_iter().map(FileBuilder::build)), None));
    store
}

/// A file of a crate with private functions of these names.
fn functions<const N: usize>(path: &str, names: [&str; N]) -> (FileBuilder, [SymbolIdx; N]) {
    let mut file = FileBuilder::new(path);
    file.set_module("demo");
    let symbols = names.map(|name| private(&mut file, SymbolKind::FUNCTION, name, None));
    (file, symbols)
}

fn private(file: &mut FileBuilder, kind: SymbolKind, name: &str, parent: Option<SymbolIdx>) -> SymbolIdx {
    let symbol = file.symbol(kind, name, parent);
    file.set_visibility(symbol, Visibility::Private);
    symbol
}

fn link(file: &mut FileBuilder, kind: EdgeKind, from: SymbolIdx, to: SymbolIdx, sure: u16) {
    let target = EdgeTarget::Symbol(file.id(to));
    file.edge_with(from, kind, target, "call", thousandths(sure), Resolution::Path);
}

fn call(file: &mut FileBuilder, from: SymbolIdx, to: SymbolIdx) {
    link(file, EdgeKind::Calls, from, to, 1000);
}

fn nothing_is_known_of_nothing(make: Make<'_>) {
    let rule = "graph: an empty index has no ranks, no communities and nothing unreached";
    let store = make();
    expect_eq(rule, ok(rule, store.page_rank(&RankQuery::default())), Vec::new());
    expect_eq(rule, ok(rule, store.communities(&CommunityQuery::default())), Communities::default());
    expect_eq(rule, ok(rule, store.unreached(&UnreachedQuery::default())), Vec::new());
}

fn ranks_of(rule: &str, store: &dyn IndexStore, query: &RankQuery) -> Vec<(SymbolId, u64)> {
    let ranks = ok(rule, store.page_rank(query));
    let sorted = ranks.is_sorted_by_key(|&(id, rank)| (std::cmp::Reverse(rank), id));
    expect(&format!("{rule}: highest first, those of one rank by id"), sorted);
    let sum: u64 = ranks.iter().map(|(_, rank)| rank).sum();
    expect(&format!("{rule}: together a billion at most"), sum <= 1_000_000_000);
    ranks
}

fn rank(ranks: &[(SymbolId, u64)], id: SymbolId) -> u64 {
    ranks.iter().find(|(known, _)| *known == id).map_or(0, |(_, rank)| *rank)
}

fn ranks_follow_the_calls(make: Make<'_>) {
    let rule = "graph: attention follows the calls";
    let (mut file, [a, b, c, hub, end]) = functions("src/lib.rs", ["a", "b", "c", "hub", "end"]);
    for caller in [a, b, c] {
        call(&mut file, caller, hub);
    }
    call(&mut file, hub, end);
    let ids = [a, b, c, hub, end].map(|symbol| file.id(symbol));
    let store = filled(make, [file]);
    let ranks = ranks_of(rule, &*store, &RankQuery::default());
    let [a, b, c, hub, end] = ids.map(|id| rank(&ranks, id));
    // By hand: x = 1/5 of what starts again; a = x, hub = x + 3 · 0.85 a, end = x + 0.85 hub.
    expect_eq(rule, (a, b), (b, c));
    let about = |value: u64, wanted: f64| (value as f64 - wanted * a as f64).abs() < 0.001 * value as f64;
    expect(rule, about(hub, 3.55) && about(end, 4.0175));
    let sum = a + b + c + hub + end;
    expect("graph: no attention is lost", (999_000_000..=1_000_000_000).contains(&sum));
}

fn ranks_follow_what_is_asked(make: Make<'_>) {
    let (mut file, [from, sure, doubtful, used]) =
        functions("src/lib.rs", ["from", "sure", "doubtful", "used"]);
    let test = file.symbol(SymbolKind::TEST, "test", None);
    link(&mut file, EdgeKind::Calls, from, sure, 900);
    link(&mut file, EdgeKind::Calls, from, doubtful, 300);
    link(&mut file, EdgeKind::Uses, from, used, 1000);
    for _ in 0..3 {
        call(&mut file, test, used);
    }
    let [start, sure, doubtful, used, test] = [from, sure, doubtful, used, test].map(|it| file.id(it));
    let store = filled(make, [file]);
    let ask = |rule: &str, change: &dyn Fn(&mut RankQuery)| {
        let mut query = RankQuery { seeds: vec![(start, 7)], ..RankQuery::default() };
        change(&mut query);
        ranks_of(rule, &*store, &query)
    };
    let rule = "graph: attention is shared by confidence";
    let ranks = ask(rule, &|_| {});
    expect(rule, rank(&ranks, sure).abs_diff(3 * rank(&ranks, doubtful)) < 100);
    let rule = "graph: attention follows the kinds of edges that are asked for";
    expect_eq(rule, rank(&ranks, used), 0);
    expect(rule, rank(&ask(rule, &|query| query.kinds.push(EdgeKind::Uses)), used) > 0);
    let rule = "graph: attention follows no edge that is less likely than asked";
    expect_eq(rule, rank(&ask(rule, &|query| query.min_confidence = thousandths(301)), doubtful), 0);
    expect(rule, rank(&ask(rule, &|query| query.min_confidence = thousandths(300)), doubtful) > 0);
    let rule = "graph: tests have no part in ranks unless asked";
    let mut query = RankQuery::default();
    let without = ranks_of(rule, &*store, &query);
    expect_eq(rule, (rank(&without, test), rank(&without, used)), (0, rank(&without, start)));
    query.with_tests = true;
    let with = ranks_of(rule, &*store, &query);
    expect(rule, rank(&with, test) > 0 && rank(&with, used) > rank(&with, start));
}

fn ranks_start_at_seeds(make: Make<'_>) {
    let rule = "graph: attention starts at the seeds, by their weights";
    let (mut file, [a, b, near, far]) = functions("src/lib.rs", ["a", "b", "near", "far"]);
    call(&mut file, a, near);
    call(&mut file, far, near);
    let [a, b, near, far] = [a, b, near, far].map(|symbol| file.id(symbol));
    let store = filled(make, [file]);
    let ask = |seeds: &[(SymbolId, u32)]| {
        ranks_of(rule, &*store, &RankQuery { seeds: seeds.to_vec(), ..RankQuery::default() })
    };
    let ranks = ask(&[(a, 1), (b, 3), (SymbolId::from_bytes([9; 16]), 50)]);
    expect_eq(rule, rank(&ranks, far), 0);
    expect(rule, rank(&ranks, near) > 0);
    expect(rule, rank(&ranks, b).abs_diff(3 * rank(&ranks, a)) < 1000);
    expect_eq(rule, ask(&[(SymbolId::from_bytes([9; 16]), 1), (a, 0)]), Vec::new());
    let rule = "graph: attention goes the way that is asked for";
    let along = |seed, direction| {
        let query = RankQuery { seeds: vec![(seed, 1)], direction, ..RankQuery::default() };
        let ranks = ranks_of(rule, &*store, &query);
        [a, b, near, far].map(|id| rank(&ranks, id) > 0)
    };
    expect_eq(rule, along(near, RankDirection::Forward), [false, false, true, false]);
    expect_eq(rule, along(near, RankDirection::Backward), [true, false, true, true]);
    expect_eq(rule, along(a, RankDirection::Backward), [true, false, false, false]);
    expect_eq(rule, along(a, RankDirection::Both), [true, false, true, true]);
}

/// Two rings of three functions, a call between them, a test and a function alone.
fn rings() -> (FileBuilder, [SymbolIdx; 8]) {
    let mut file = FileBuilder::new("src/lib.rs");
    file.set_module("demo");
    let mut all = Vec::new();
    for module in ["left", "right"] {
        let module = file.symbol(SymbolKind::MODULE, module, None);
        let ring = ["x", "y", "z"].map(|name| file.symbol(SymbolKind::FUNCTION, name, Some(module)));
        for (from, to) in [(0, 1), (1, 2), (2, 0)] {
            call(&mut file, ring[from], ring[to]);
        }
        all.extend(ring);
    }
    let [x, y, z, a, b, c] = [0, 1, 2, 3, 4, 5].map(|at| all[at]);
    call(&mut file, y, x);
    link(&mut file, EdgeKind::Calls, z, a, 400);
    let test = file.symbol(SymbolKind::TEST, "test", None);
    let lonely = file.symbol(SymbolKind::FUNCTION, "lonely", None);
    call(&mut file, test, x);
    call(&mut file, test, a);
    (file, [x, y, z, a, b, c, test, lonely])
}

fn communities_hold_together(make: Make<'_>) {
    let rule = "graph: communities are groups that call one another more than the rest";
    let (file, symbols) = rings();
    let [x, y, z, a, b, c, ..] = symbols.map(|symbol| file.id(symbol));
    let store = filled(make, [file]);
    let found = ok(rule, store.communities(&CommunityQuery::default()));
    let names: Vec<&str> = found.communities.iter().map(|it| it.name.as_str()).collect();
    expect_eq(rule, names, vec!["demo::left", "demo::right"]);
    let [left, right] = &found.communities[..] else { panic!("{rule}") };
    let sorted = |members: &[SymbolId]| {
        let mut members = members.to_vec();
        members.sort_unstable();
        members
    };
    expect_eq(rule, sorted(&left.members), sorted(&[x, y, z]));
    expect_eq(rule, sorted(&right.members), sorted(&[a, b, c]));
    let rule = "graph: the most central member of a community comes first, and five are told in full";
    expect_eq(rule, left.members[0], x);
    let central: Vec<SymbolId> = left.central.iter().map(|symbol| symbol.id).collect();
    expect_eq(rule, central, left.members.clone());
    let rule = "graph: a community counts the pairs inside and those that leave it";
    expect_eq(rule, (left.edges_inside, left.edges_leaving), (4, 1));
    expect_eq(rule, (right.edges_inside, right.edges_leaving), (3, 1));
    // Four certain calls inside, one of 0.4 that leaves.
    expect_eq(rule, (left.cohesion.thousandths(), right.cohesion.thousandths()), (909, 882));
    let rule = "graph: symbols without a community are counted";
    expect_eq(rule, (found.symbols, found.alone), (7, 1));
    let rule = "graph: modularity is told of the partition";
    // By hand, in units of 0.4 calls: 17.5 of 18.5 inside; ends 21 and 16 of 37.
    let wanted = 17.5 / 18.5 - (21.0 * 21.0 + 16.0 * 16.0) / (37.0 * 37.0);
    expect(rule, (found.modularity - wanted).abs() < 1e-9);
}

fn communities_keep_to_the_question(make: Make<'_>) {
    let (file, symbols) = rings();
    let test = file.id(symbols[6]);
    let store = filled(make, [file]);
    let rule = "graph: tests belong to no community unless asked";
    let has_test = |found: &Communities| found.communities.iter().any(|it| it.members.contains(&test));
    let mut query = CommunityQuery::default();
    expect(rule, !has_test(&ok(rule, store.communities(&query))));
    query.with_tests = true;
    expect(rule, has_test(&ok(rule, store.communities(&query))));
    let rule = "graph: edges that are less likely than asked make no community";
    let query = CommunityQuery::with_confidence(thousandths(401));
    let found = ok(rule, store.communities(&query));
    let leaving: Vec<u64> = found.communities.iter().map(|it| it.edges_leaving).collect();
    expect_eq(rule, leaving, vec![0, 0]);
}

fn unreached(rule: &str, store: &dyn IndexStore, query: &UnreachedQuery) -> Vec<UnreachedEntry> {
    ok(rule, store.unreached(query))
}

fn names(entries: &[UnreachedEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.symbol.name.as_str()).collect()
}

fn unreached_is_what_nothing_leads_to(make: Make<'_>) {
    let rule = "graph: unreached is what nothing leads to from main, tests and what attributes hand out";
    let (mut file, [main, used, far, unused, exported, inlined]) =
        functions("src/main.rs", ["main", "used", "far", "unused", "exported", "inlined"]);
    let test = private(&mut file, SymbolKind::TEST, "test", None);
    let [guarded, mentioned, ignored] =
        ["guarded", "mentioned", "_ignored"].map(|name| private(&mut file, SymbolKind::FUNCTION, name, None));
    let [limit, kind] = [(SymbolKind::CONSTANT, "LIMIT"), (SymbolKind::STRUCT, "Kind")]
        .map(|(kind, name)| private(&mut file, kind, name, None));
    file.set_attributes(exported, &["no_mangle"]);
    file.set_attributes(inlined, &["inline(always)", "must_use"]);
    call(&mut file, main, used);
    link(&mut file, EdgeKind::Calls, used, far, 1);
    call(&mut file, test, guarded);
    link(&mut file, EdgeKind::Uses, used, mentioned, 500);
    // One that calls itself is not used by that.
    call(&mut file, unused, unused);
    let kept = private(&mut file, SymbolKind::FUNCTION, "kept", None);
    call(&mut file, ignored, kept);
    private(&mut file, SymbolKind::FUNCTION, "serialize", None);
    let _ = (limit, kind);
    let store = filled(make, [file]);
    let found = unreached(rule, &*store, &UnreachedQuery::default());
    expect_eq(rule, names(&found), vec!["Kind", "LIMIT", "inlined", "unused"]);
    let rule = "graph: what is unreached is told the surest first, of one confidence by name";
    let sure: Vec<u16> = found.iter().map(|entry| entry.confidence.thousandths()).collect();
    expect_eq(rule, sure, vec![900; 4]);
}

fn unreached_knows_who_uses_what(make: Make<'_>) {
    let rule = "graph: what only unreached symbols use is unreached, and it is told by which";
    let (mut file, [first, second, ring]) = functions("src/main.rs", ["first", "second", "ring"]);
    call(&mut file, first, second);
    call(&mut file, ring, second);
    call(&mut file, second, ring);
    file.edge(first, EdgeKind::Calls, EdgeTarget::Unresolved, "what.ring");
    let store = filled(make, [file]);
    let found = unreached(rule, &*store, &UnreachedQuery::default());
    let mut by: Vec<(&str, Option<&str>)> = found
        .iter()
        .map(|entry| (entry.symbol.name.as_str(), entry.by.as_ref().map(|by| by.name.as_str())))
        .collect();
    by.sort_unstable();
    expect_eq(rule, by.len(), 3);
    expect_eq(rule, (by[0], by[1]), (("first", None), ("ring", Some("second"))));
    expect(rule, by[2].1.is_some());
    let rule = "graph: it is no surer that nothing uses a symbol than that nothing uses its unreached users";
    let sure = |name: &str| {
        found
            .iter()
            .find(|it| it.symbol.name == name)
            .map(|it| (it.confidence.thousandths(), it.unresolved_calls))
    };
    expect_eq(
        rule,
        (sure("first"), sure("ring"), sure("second")),
        (Some((900, 0)), Some((300, 1)), Some((300, 0))),
    );
}

fn blocks_live_with_their_types(make: Make<'_>) {
    let rule = "graph: a block that implements a trait lives when its type does, and its methods with it";
    let (mut file, [main]) = functions("src/main.rs", ["main"]);
    for (name, is_used) in [("Used", true), ("Unused", false)] {
        let ty = private(&mut file, SymbolKind::STRUCT, name, None);
        let block = private(&mut file, SymbolKind::IMPL, &format!("<{name} as Display>"), None);
        let method = private(&mut file, SymbolKind::METHOD, "fmt", Some(block));
        let helper = private(&mut file, SymbolKind::FUNCTION, &format!("show_{name}"), None);
        let own = private(&mut file, SymbolKind::IMPL, name, None);
        let part = private(&mut file, SymbolKind::METHOD, &format!("part_of_{name}"), Some(own));
        link(&mut file, EdgeKind::Uses, block, ty, 950);
        link(&mut file, EdgeKind::Uses, own, ty, 950);
        call(&mut file, method, helper);
        let _ = part;
        if is_used {
            link(&mut file, EdgeKind::Uses, main, ty, 1000);
        }
    }
    let store = filled(make, [file]);
    let found = unreached(rule, &*store, &UnreachedQuery::default());
    expect_eq(rule, names(&found), vec!["Unused", "part_of_Unused", "part_of_Used", "show_Unused"]);

    let rule = "graph: a type lives when one of its methods does, and the members of a trait with the trait";
    let (mut file, [main]) = functions("src/main.rs", ["main"]);
    let ty = private(&mut file, SymbolKind::STRUCT, "Type", None);
    let block = private(&mut file, SymbolKind::IMPL, "Type", None);
    let make_it = private(&mut file, SymbolKind::METHOD, "make", Some(block));
    let shape = private(&mut file, SymbolKind::TRAIT, "Shape", None);
    private(&mut file, SymbolKind::METHOD, "area", Some(shape));
    link(&mut file, EdgeKind::Uses, block, ty, 950);
    call(&mut file, main, make_it);
    link(&mut file, EdgeKind::Uses, main, shape, 950);
    let store = filled(make, [file]);
    expect_eq(rule, names(&unreached(rule, &*store, &UnreachedQuery::default())), Vec::new());
}

/// A manifest with one crate.
fn manifest(kind: &str, root: &str) -> FileBuilder {
    let mut file = FileBuilder::new("Cargo.toml");
    let package = file.symbol(SymbolKind::PACKAGE, "demo", None);
    let target = file.symbol(SymbolKind::CRATE, "demo", Some(package));
    file.set_signature(target, &format!("{kind} demo ({root})"));
    file
}

fn what_is_public_lives(make: Make<'_>) {
    let library = || {
        let mut file = FileBuilder::new("src/lib.rs");
        file.set_module("demo");
        file.symbol(SymbolKind::FUNCTION, "open", None);
        let hidden = private(&mut file, SymbolKind::MODULE, "hidden", None);
        file.symbol(SymbolKind::FUNCTION, "inside", Some(hidden));
        let ty = file.symbol(SymbolKind::STRUCT, "Type", None);
        let block = private(&mut file, SymbolKind::IMPL, "Type", None);
        file.symbol(SymbolKind::METHOD, "offered", Some(block));
        private(&mut file, SymbolKind::METHOD, "kept", Some(block));
        link(&mut file, EdgeKind::Uses, block, ty, 950);
        file
    };
    let ask = |rule: &str, store: &dyn IndexStore, with_public| {
        let query = UnreachedQuery { with_public, ..UnreachedQuery::default() };
        let mut found: Vec<(String, u16, bool)> = unreached(rule, store, &query)
            .into_iter()
            .map(|entry| (entry.symbol.name, entry.confidence.thousandths(), entry.is_exported))
            .collect();
        found.sort_unstable();
        found
    };
    let told = |name: &str, sure, is_exported| (name.to_owned(), sure, is_exported);
    let rule = "graph: what is public in a library is used from outside, unless its module is private";
    let store = filled(make, [manifest("lib", "src/lib.rs"), library()]);
    let hidden = vec![told("inside", 550, false), told("kept", 900, false)];
    expect_eq(rule, ask(rule, &*store, false), hidden);
    let rule = "graph: what is public in a library has to be used when that is asked for";
    let all = ask(rule, &*store, true);
    let names: Vec<(&str, bool)> =
        all.iter().map(|(name, _, is_exported)| (name.as_str(), *is_exported)).collect();
    let wanted = [("Type", true), ("inside", false), ("kept", false), ("offered", true), ("open", true)];
    expect_eq(rule, names, wanted.to_vec());
    let rule = "graph: what is public in a program is used by nobody else";
    let store = filled(make, [manifest("bin", "src/lib.rs"), library()]);
    let names: Vec<String> = ask(rule, &*store, false).into_iter().map(|(name, ..)| name).collect();
    expect_eq(rule, names, ["Type", "inside", "kept", "offered", "open"].map(str::to_owned).to_vec());
    let rule = "graph: what an import leads to is not hidden";
    let mut file = library();
    let target = EdgeTarget::Symbol(file.id(SymbolIdx(2)));
    file.edge(SymbolIdx(0), EdgeKind::Imports, target, "hidden::*");
    let store = filled(make, [manifest("lib", "src/lib.rs"), file]);
    expect_eq(rule, ask(rule, &*store, false), vec![told("kept", 900, false)]);
}

fn doubts_lower_the_confidence(make: Make<'_>) {
    let (mut file, [sure, behind, called, outer]) =
        functions("src/main.rs", ["sure", "behind", "called", "outer"]);
    file.set_attributes(behind, &["cfg(unix)"]);
    let tests = private(&mut file, SymbolKind::MODULE, "tests", None);
    file.set_attributes(tests, &["cfg(test)"]);
    private(&mut file, SymbolKind::FUNCTION, "helper", Some(tests));
    let other = private(&mut file, SymbolKind::MODULE, "other", None);
    file.set_attributes(other, &["cfg(windows)"]);
    private(&mut file, SymbolKind::FUNCTION, "elsewhere", Some(other));
    private(&mut file, SymbolKind::FUNCTION, "inner", Some(outer));
    file.edge(sure, EdgeKind::Calls, EdgeTarget::Unresolved, "self.thing.called");
    let mut stray = FileBuilder::new("src/stray.rs");
    private(&mut stray, SymbolKind::FUNCTION, "stray", None);
    let _ = called;
    let store = filled(make, [file, stray]);
    let rule =
        "graph: conditions, calls by name, functions around it and files of no crate lower the confidence";
    let found = unreached(rule, &*store, &UnreachedQuery::default());
    let told: Vec<(&str, u16, bool)> = found
        .iter()
        .map(|entry| (entry.symbol.name.as_str(), entry.confidence.thousandths(), entry.is_conditional))
        .collect();
    // `inner` would make `outer` live.
    let wanted = [
        ("sure", 900, false),
        ("helper", 900, false),
        ("behind", 500, true),
        ("elsewhere", 500, true),
        ("outer", 500, false),
        ("inner", 500, false),
        ("stray", 400, false),
        ("called", 300, false),
    ];
    let by_name = |list: &[(&str, u16, bool)]| {
        let mut list: Vec<(String, u16, bool)> = list
            .iter()
            .map(|(name, sure, is_conditional)| ((*name).to_owned(), *sure, *is_conditional))
            .collect();
        list.sort_unstable();
        list
    };
    expect_eq(rule, by_name(&told), by_name(&wanted));
    let rule = "graph: what is less sure to be unreached than asked is left out";
    let found = unreached(rule, &*store, &UnreachedQuery::with_confidence(thousandths(501)));
    expect_eq(rule, names(&found), vec!["sure", "helper"]);

    let rule = "graph: symbols of one qualified name live together";
    let (mut file, [main, first, second]) = functions("src/main.rs", ["main", "twin", "twin"]);
    file.set_attributes(second, &["cfg(not(unix))"]);
    call(&mut file, main, first);
    let store = filled(make, [file]);
    expect_eq(rule, names(&unreached(rule, &*store, &UnreachedQuery::default())), Vec::new());
}

fn mentions_are_doubts(make: Make<'_>) {
    let (file, [main, first, second, third]) = functions("src/main.rs", ["main", "first", "second", "third"]);
    let [main, first, second, third] = [main, first, second, third].map(|symbol| file.id(symbol));
    let store = filled(make, [file]);
    let ask = |rule: &str, mentions: &[(SymbolId, SymbolId)]| {
        let query = UnreachedQuery { mentions: mentions.to_vec(), ..UnreachedQuery::default() };
        let found = unreached(rule, &*store, &query);
        let mut told: Vec<(String, u16, bool)> = found
            .into_iter()
            .map(|entry| (entry.symbol.name, entry.confidence.thousandths(), entry.is_mentioned))
            .collect();
        told.sort_unstable();
        told
    };
    let told = |name: &str, sure, is_mentioned| (name.to_owned(), sure, is_mentioned);
    let rule = "graph: it is not sure that nothing uses what something reached mentions";
    expect_eq(
        rule,
        ask(rule, &[(main, first), (first, second), (SymbolId::from_bytes([7; 16]), third)]),
        vec![told("first", 350, true), told("second", 350, false), told("third", 900, false)],
    );
    let rule = "graph: it is not sure that nothing uses what a macro is given";
    let query = UnreachedQuery { given: vec![second], ..UnreachedQuery::default() };
    let found = unreached(rule, &*store, &query);
    let sure: Vec<u16> = found.iter().map(|entry| entry.confidence.thousandths()).collect();
    expect_eq(rule, (names(&found), sure), (vec!["first", "third", "second"], vec![900, 900, 500]));
    let rule = "graph: what unreached symbols mention is as sure as they are";
    expect_eq(
        rule,
        ask(rule, &[(first, second), (second, first), (third, third)]),
        vec![told("first", 900, false), told("second", 900, false), told("third", 900, false)],
    );
}

fn growing_changes_no_answer(make: Make<'_>) {
    let rule = "graph: an index that grew answers like one that was built at once";
    let files = || {
        let (mut a, _) = rings();
        a.set_module("demo");
        let (mut b, [one, two, main]) = functions("src/b.rs", ["one", "two", "main"]);
        b.set_module("demo::b");
        let x = EdgeTarget::Symbol(a.id(SymbolIdx(2)));
        b.edge(one, EdgeKind::Calls, x.clone(), "x");
        b.edge(main, EdgeKind::Calls, x, "x");
        call(&mut b, one, two);
        [a, b].map(FileBuilder::build)
    };
    let whole = make();
    ok(rule, whole.apply(&full_delta(files()), None));
    let grown = make();
    let [a, b] = files();
    ok(rule, grown.apply(&full_delta([]), None));
    ok(rule, grown.apply(&change([b.clone()]), None));
    ok(rule, grown.page_rank(&RankQuery::default()));
    ok(rule, grown.apply(&change([a]), None));
    ok(rule, grown.page_rank(&RankQuery::default()));
    // The edges into the other file came before it was there.
    ok(rule, grown.apply(&change([b]), None));
    let all = |store: &dyn IndexStore| {
        (
            ok(rule, store.page_rank(&RankQuery::default())),
            ok(rule, store.communities(&CommunityQuery::default())),
            ok(rule, store.unreached(&UnreachedQuery::default())),
        )
    };
    expect_eq(rule, all(&*grown), all(&*whole));
}
