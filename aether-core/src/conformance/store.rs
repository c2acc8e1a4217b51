//! Rules of [`IndexStore`]: what a delta does, and what can be read back.

use std::collections::BTreeMap;

use super::fixtures::{FileBuilder, change, full_delta, removal};
use super::{expect, expect_eq, ok};
use crate::base::{ErrorCode, RelPath, Timestamp};
use crate::code::facts::SymbolIdx;
use crate::code::{
    Confidence, EdgeKind, EdgeTarget, FileDelta, GraphDelta, IndexedFile, Language, LineageCause,
    LineageLink, ProjectGraph, ProjectGraphBuilder, Resolution, Symbol, SymbolId, SymbolKind,
};
use crate::port::{EdgeQuery, EdgeRecord, IndexStore};

/// Checks a store: `make` gives an empty one, each time another.
///
/// Questions to the graph are the matter of [`super::check_graph`], search of
/// [`super::check_search`], facts of [`super::check_fact_source`].
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_store};
/// check_store(&|| Box::new(MemoryStore::default()));
/// ```
pub fn check_store(make: &dyn Fn() -> Box<dyn IndexStore>) {
    empty_store_answers(make);
    what_is_applied_reads_back(make);
    state_counts(make);
    generations_grow(make);
    update_replaces_one_file(make);
    removal_takes_all_of_a_file(make);
    record_alone_may_change(make);
    module_path_alone_renames(make);
    full_delta_replaces_everything(make);
    files_to_come_are_counted(make);
    incremental_equals_full(make);
    digest_covers_content_alone(make);
    edges_survive_an_update_of_their_target(make);
    edges_without_target_are_unresolved(make);
    edges_and_content_change_apart(make);
    deltas_of_another_generation_are_refused(make);
    makers_are_kept(make);
    project_graph_equals_that_of_the_deltas(make);
}

/// Two files: `src/a.rs` calls into `src/b.rs`, out of the project, and to nowhere.
pub(super) struct Project {
    pub(super) a: FileBuilder,
    pub(super) caller: SymbolIdx,
    pub(super) b: FileBuilder,
    pub(super) callee: SymbolIdx,
    pub(super) field: SymbolIdx,
}

impl Project {
    pub(super) fn new() -> Self {
        let mut b = FileBuilder::new("src/b.rs");
        b.set_module("demo::b");
        let callee = b.symbol(SymbolKind::FUNCTION, "callee", None);
        b.set_doc(callee, "Answers the caller.");
        let record = b.symbol(SymbolKind::STRUCT, "Record", None);
        let field = b.symbol(SymbolKind::FIELD, "count", Some(record));
        let mut a = FileBuilder::new("src/a.rs");
        a.set_module("demo::a");
        let caller = a.symbol(SymbolKind::FUNCTION, "caller", None);
        a.edge(caller, EdgeKind::Calls, EdgeTarget::Symbol(b.id(callee)), "b::callee");
        a.edge(caller, EdgeKind::Calls, EdgeTarget::External("std::fs::read".into()), "fs::read");
        a.edge(caller, EdgeKind::Calls, EdgeTarget::Unresolved, "thing.run");
        a.edge(caller, EdgeKind::Uses, EdgeTarget::Symbol(b.id(record)), "Record");
        Self { a, caller, b, callee, field }
    }

    pub(super) fn delta(&self) -> GraphDelta {
        full_delta([self.a.clone().build(), self.b.clone().build()])
    }

    fn caller_id(&self) -> SymbolId {
        self.a.id(self.caller)
    }
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap_or_else(|error| panic!("fixture: {error}"))
}

fn apply(rule: &str, store: &dyn IndexStore, delta: &GraphDelta) -> u64 {
    ok(rule, store.apply(delta, None))
}

fn all_symbols(rule: &str, store: &dyn IndexStore) -> Vec<Symbol> {
    let mut found = Vec::new();
    ok(rule, store.visit_symbols(&mut |symbol| found.push(symbol.clone())));
    found
}

fn all_edges(rule: &str, store: &dyn IndexStore) -> Vec<EdgeRecord> {
    let mut found = Vec::new();
    ok(rule, store.visit_edges(&mut |edge| found.push(edge.clone())));
    found
}

/// The edges of deltas, as text: `defines` edges follow from the facts.
fn shown(edges: &[EdgeRecord]) -> Vec<String> {
    let text = |edge: &EdgeRecord| {
        let target = match (&edge.dst_id, &edge.dst_path) {
            (Some(_), Some(path)) => format!("to {path}"),
            (None, Some(path)) => format!("out to {path}"),
            _ => "to nowhere".to_owned(),
        };
        format!("{} {} {target} by {}", edge.src_qualified_name, edge.kind.as_str(), edge.callee_text)
    };
    edges.iter().filter(|edge| edge.kind != EdgeKind::Defines).map(text).collect()
}

fn empty_store_answers(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let rule = "store: an empty one answers every question with nothing";
    let store = make();
    let state = ok(rule, store.state());
    expect_eq(rule, (state.symbols, state.edges, state.coverage.files_indexed), (0, 0, 0));
    expect_eq(rule, all_symbols(rule, &*store).len(), 0);
    expect_eq(rule, all_edges(rule, &*store).len(), 0);
    expect_eq(rule, ok(rule, store.indexed_files(&[])), Vec::new());
    expect_eq(rule, ok(rule, store.indexed_files(&[path("src/a.rs")])), Vec::new());
    let digest = ok(rule, store.digest());
    expect_eq("store: all empty stores have the same digest", ok(rule, make().digest()), digest);
}

fn what_is_applied_reads_back(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    project.b.add_diagnostic(ErrorCode::INDEX_SYNTAX_ERROR);
    project.b.set_modified(42);
    let mut delta = project.delta();
    delta.files.push(FileDelta::new(IndexedFile::new(path("a.png"), Language::UNKNOWN, [3; 32])));
    delta.files.reverse();
    let store = make();
    apply("store: a delta is taken", &*store, &delta);

    let rule = "store: records of files come back, sorted by path";
    let mut files: Vec<IndexedFile> = delta.files.iter().map(|change| change.file.clone()).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    expect_eq(rule, ok(rule, store.indexed_files(&[])), files.clone());
    let asked = ["src/b.rs", "missing.rs", "a.png"].map(path);
    files.retain(|file| asked.contains(&file.path));
    expect_eq(rule, ok(rule, store.indexed_files(&asked)), files);

    let rule = "store: symbols come back in the order of file and position";
    let mut contents: Vec<_> =
        delta.files.iter().filter_map(|it| Some((&it.file, it.content.as_ref()?))).collect();
    contents.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let wanted: Vec<Symbol> = contents.iter().flat_map(|(file, content)| content.symbols(file)).collect();
    expect_eq(rule, all_symbols(rule, &*store), wanted);

    let rule = "store: edges come back in the order of file, source and site";
    let edges = all_edges(rule, &*store);
    let wanted = [
        "demo::a::caller calls to demo::b::callee by b::callee",
        "demo::a::caller calls out to std::fs::read by fs::read",
        "demo::a::caller calls to nowhere by thing.run",
        "demo::a::caller uses to demo::b::Record by Record",
    ];
    expect_eq(rule, shown(&edges), wanted.map(str::to_owned).to_vec());

    let rule = "store: an edge tells both of its ends";
    let call = edges
        .iter()
        .find(|edge| edge.dst_id == Some(project.b.id(project.callee)) && edge.kind == EdgeKind::Calls);
    let ends = call.map(|call| {
        (call.src_id, call.src_file.as_str(), call.src_name_line, call.dst_file.as_ref().map(RelPath::as_str))
    });
    expect_eq(rule, ends, Some((project.caller_id(), "src/a.rs", 1, Some("src/b.rs"))));
    let site = call.map(|call| {
        (call.dst_name_line, call.site_line, call.site_at, call.resolution, call.confidence.thousandths())
    });
    let at = project.a.clone().build().edges.into_iter().flatten().map(|edge| edge.at).next();
    expect_eq(rule, site, at.map(|at| (Some(1), 2, at, Resolution::Path, 1000)));

    let rule = "store: `defines` edges follow from the facts: from the parent, or else from the file";
    let mut defined: Vec<(String, Option<String>)> = edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Defines)
        .map(|edge| (edge.src_qualified_name.clone(), edge.dst_path.clone()))
        .collect();
    defined.sort();
    let wanted = [
        ("demo::a", "demo::a::caller"),
        ("demo::b", "demo::b::Record"),
        ("demo::b", "demo::b::callee"),
        ("demo::b::Record", "demo::b::Record::count"),
    ];
    expect_eq(rule, defined, wanted.map(|(from, to)| (from.to_owned(), Some(to.to_owned()))).to_vec());
    let names: BTreeMap<_, _> =
        all_symbols(rule, &*store).into_iter().map(|symbol| (symbol.id, symbol.name_span.start)).collect();
    let is_at_name = |edge: &EdgeRecord| edge.dst_id.and_then(|id| names.get(&id)) == Some(&edge.site_at);
    let mut defining = edges.iter().filter(|edge| edge.kind == EdgeKind::Defines);
    expect("store: the site of a `defines` edge is the name", defining.all(is_at_name));
}

/// The graph that a store tells.
fn graph_of(rule: &str, store: &dyn IndexStore) -> ProjectGraph {
    let mut graph = ProjectGraph::new(None);
    ok(rule, store.visit_project_graph(&mut |record| graph.push(record)));
    graph
}

fn project_graph_equals_that_of_the_deltas(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    // Two edges at one site, handed over against their order.
    let source = project.caller;
    project.a.edge(source, EdgeKind::Uses, EdgeTarget::Unresolved, "z");
    let mut delta = project.delta();
    for file in &mut delta.files {
        let Some(edges) = &mut file.edges else { continue };
        edges.reverse();
        edges.iter_mut().for_each(|edge| edge.at = edge.at.min(7));
    }
    let (store, mut builder) = (make(), ProjectGraphBuilder::default());
    let mut step = |rule: &str, delta: GraphDelta| {
        apply(rule, &*store, &delta);
        builder.apply(delta);
        let (told, built) = (graph_of(rule, &*store), builder.build(None));
        expect_eq(rule, &told, &built);
        expect(
            rule,
            !built.files.is_empty() && built.edges.iter().all(|edge| edge.kind != EdgeKind::Defines),
        );
    };
    step("store: the project graph is that of the deltas", delta);
    step("store: also after a change", change([FileBuilder::new("src/b.rs").build()]));
    step("store: also after a removal", removal(&["src/b.rs"]));
}

fn state_counts(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    project.b.add_diagnostic(ErrorCode::INDEX_SYNTAX_ERROR);
    let store = make();
    let now = Timestamp::from_unix_ms(1_700_000_000_000);
    let generation = ok("store: a delta is taken", store.apply(&project.delta(), Some(now)));
    let rule = "store: the state counts what was applied";
    let state = ok(rule, store.state());
    expect_eq(rule, (state.symbols, state.edges), (6, 8));
    let coverage = state.coverage;
    expect_eq(rule, (coverage.files_indexed, coverage.files_with_diagnostics), (2, 1));
    expect_eq(rule, (coverage.calls, coverage.calls_unresolved), (3, 1));
    let rule = "store: the state tells when and how often the index changed";
    expect_eq(rule, (state.freshness.generation, state.freshness.indexed_at), (generation, Some(now)));
}

fn files_to_come_are_counted(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let rule = "store: files that are known to be there count before they are indexed";
    let total = |store: &dyn IndexStore| {
        let coverage = ok(rule, store.state()).coverage;
        (coverage.files_indexed, coverage.files_total)
    };
    let step = |files: Vec<FileDelta>, files_total| GraphDelta { files_total, ..change(files) };
    apply(rule, &*store, &GraphDelta { is_full: true, ..step(vec![project.b.clone().build()], 2) });
    expect_eq(rule, total(&*store), (1, 2));
    let rule = "store: a delta that tells no number of files leaves the one that was known";
    apply(rule, &*store, &step(vec![project.b.clone().build()], 0));
    expect_eq(rule, total(&*store), (1, 2));
    let rule = "store: there are never fewer files than are indexed";
    apply(rule, &*store, &step(vec![project.a.clone().build()], 1));
    expect_eq(rule, total(&*store), (2, 2));
    let rule = "store: a full delta forgets the number of files";
    apply(rule, &*store, &step(vec![], 9));
    expect_eq(rule, total(&*store), (2, 9));
    apply(rule, &*store, &project.delta());
    expect_eq(rule, total(&*store), (2, 2));
}

fn makers_are_kept(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let made_by = |rule: &str| ok(rule, store.made_by());
    let rule = "store: nothing made an empty store";
    expect_eq(rule, made_by(rule), None);
    let rule = "store: what made the index is kept until an index from nothing";
    let made = |name: &str| GraphDelta { made_by: Some(name.to_owned()), ..project.delta() };
    apply(rule, &*store, &made("one"));
    apply(rule, &*store, &removal(&["src/a.rs"]));
    expect_eq(rule, made_by(rule), Some("one".to_owned()));
    apply(rule, &*store, &made("two"));
    expect_eq(rule, made_by(rule), Some("two".to_owned()));
    apply(rule, &*store, &project.delta());
    expect_eq(rule, made_by(rule), None);
}

fn generations_grow(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let rule = "store: every change has a larger generation";
    let first = apply(rule, &*store, &project.delta());
    let second = apply(rule, &*store, &removal(&["src/a.rs"]));
    expect(rule, second > first);
    expect_eq(rule, ok(rule, store.state()).freshness.generation, second);
}

fn update_replaces_one_file(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let rule = "store: an update replaces the symbols and edges of its file and no others";
    apply(rule, &*store, &project.delta());
    let mut a = FileBuilder::new("src/a.rs");
    a.set_module("demo::a");
    let helper = a.symbol(SymbolKind::FUNCTION, "helper", None);
    a.edge(helper, EdgeKind::Calls, EdgeTarget::External("std::mem::swap".into()), "swap");
    let update = a.build();
    apply(rule, &*store, &change([update.clone()]));
    let names: Vec<String> =
        all_symbols(rule, &*store).into_iter().map(|symbol| symbol.qualified_name).collect();
    let wanted = [
        "demo::a",
        "demo::a::helper",
        "demo::b",
        "demo::b::callee",
        "demo::b::Record",
        "demo::b::Record::count",
    ];
    expect_eq(rule, names, wanted.map(str::to_owned).to_vec());
    let edges = shown(&all_edges(rule, &*store));
    expect_eq(rule, edges, vec!["demo::a::helper calls out to std::mem::swap by swap".to_owned()]);
    expect_eq(rule, ok(rule, store.indexed_files(&[path("src/a.rs")])), vec![update.file]);
    let rule = "store: an update replaces the facts of its file";
    let facts = ok(rule, store.facts(&[path("src/a.rs")]));
    let found = facts.into_iter().next().flatten();
    expect_eq(rule, found, update.content.map(|content| content.facts));
    let rule = "store: counts follow an update";
    let state = ok(rule, store.state());
    expect_eq(rule, (state.symbols, state.edges, state.coverage.calls), (6, 5, 1));
}

fn removal_takes_all_of_a_file(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let rule = "store: removal takes a file with its symbols, edges and facts";
    apply(rule, &*store, &project.delta());
    apply(rule, &*store, &removal(&["src/a.rs", "src/never-seen.rs"]));
    expect(rule, all_symbols(rule, &*store).iter().all(|symbol| symbol.file.as_str() == "src/b.rs"));
    expect_eq(rule, shown(&all_edges(rule, &*store)), Vec::new());
    expect_eq(rule, ok(rule, store.facts(&[path("src/a.rs")])), vec![None]);
    expect_eq(rule, ok(rule, store.indexed_files(&[])).len(), 1);
    expect_eq(rule, ok(rule, store.files()).len(), 1);
    expect_eq(rule, ok(rule, store.files_declaring(&["caller"])), Vec::new());
    apply(rule, &*store, &removal(&["src/b.rs"]));
    let rule = "store: a store that was emptied equals one that never held anything";
    expect_eq(rule, ok(rule, store.digest()), ok(rule, make().digest()));
    let state = ok(rule, store.state());
    expect_eq(rule, (state.symbols, state.edges, state.coverage.calls), (0, 0, 0));
}

fn record_alone_may_change(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let rule = "store: a delta without content and edges changes the record of a file alone";
    apply(rule, &*store, &project.delta());
    let (symbols, edges) = (all_symbols(rule, &*store), all_edges(rule, &*store));
    let mut touched = project.a.clone().build().file;
    touched.modified_ns = 99;
    apply(rule, &*store, &change([FileDelta::new(touched.clone())]));
    expect_eq(rule, ok(rule, store.indexed_files(&[path("src/a.rs")])), vec![touched]);
    expect_eq(rule, all_symbols(rule, &*store), symbols);
    expect_eq(rule, all_edges(rule, &*store), edges);
}

fn module_path_alone_renames(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    let store = make();
    let rule = "store: a record with another module path gives its symbols other qualified names";
    apply(rule, &*store, &project.delta());
    project.b.set_module("moved");
    let mut record = project.b.clone().build();
    record.content = None;
    record.edges = None;
    apply(rule, &*store, &change([record]));
    let fresh = make();
    apply(rule, &*fresh, &project.delta());
    expect_eq(rule, all_symbols(rule, &*store), all_symbols(rule, &*fresh));
    expect_eq(rule, all_edges(rule, &*store), all_edges(rule, &*fresh));
    expect_eq(rule, ok(rule, store.digest()), ok(rule, fresh.digest()));
}

fn full_delta_replaces_everything(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let rule = "store: after a full delta nothing is left of what was there before";
    let link = LineageLink::new(SymbolId::from_bytes([7; 16]), project.caller_id(), LineageCause::Rename);
    let mut first = change([FileBuilder::new("src/old.rs").build(), project.a.clone().build()]);
    first.lineage.push(link.clone());
    apply(rule, &*store, &first);
    apply(rule, &*store, &project.delta());
    let fresh = make();
    apply(rule, &*fresh, &project.delta());
    expect_eq("store: lineage outlives a full delta", ok(rule, store.lineage(link.to)), vec![link]);
    expect_eq(rule, ok(rule, store.indexed_files(&[])), ok(rule, fresh.indexed_files(&[])));
    expect_eq(rule, all_symbols(rule, &*store), all_symbols(rule, &*fresh));
    expect_eq(rule, ok(rule, store.digest()), ok(rule, fresh.digest()));
}

fn incremental_equals_full(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let rule = "store: an index that grew by changes equals the same index built at once";
    let grown = make();
    // In an order in which every edge finds its target.
    apply(rule, &*grown, &full_delta([FileBuilder::new("src/gone.rs").build()]));
    let mut early = FileBuilder::new("src/b.rs");
    early.symbol(SymbolKind::CONSTANT, "EARLY", None);
    apply(rule, &*grown, &change([early.build()]));
    apply(rule, &*grown, &change([project.b.clone().build()]));
    apply(rule, &*grown, &change([project.a.clone().build()]));
    apply(rule, &*grown, &removal(&["src/gone.rs"]));
    let fresh = make();
    apply(rule, &*fresh, &project.delta());
    expect_eq(rule, all_symbols(rule, &*grown), all_symbols(rule, &*fresh));
    expect_eq(rule, all_edges(rule, &*grown), all_edges(rule, &*fresh));
    expect_eq(rule, ok(rule, grown.digest()), ok(rule, fresh.digest()));
    let counts = |store: &dyn IndexStore| {
        let state = ok(rule, store.state());
        (state.symbols, state.edges, state.coverage)
    };
    expect_eq(rule, counts(&*grown), counts(&*fresh));
}

fn digest_covers_content_alone(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let digest_of = |delta: &GraphDelta, now: Option<Timestamp>| {
        let store = make();
        ok("store: a delta is taken", store.apply(delta, now));
        ok("store: digest", store.digest())
    };
    let project = Project::new();
    let digest = digest_of(&project.delta(), None);
    let rule = "store: the digest depends neither on times nor on the order of files nor on lineage";
    let mut delta = Project::new().delta();
    delta.files.reverse();
    delta.files.iter_mut().for_each(|change| change.file.modified_ns = 5);
    let gone = SymbolId::from_bytes([7; 16]);
    delta.lineage.push(LineageLink::new(gone, project.caller_id(), LineageCause::Rename));
    expect_eq(rule, digest_of(&delta, Some(Timestamp::from_unix_ms(1))), digest);

    let rule = "store: the digest depends on symbols, edges and facts";
    let mut changed = Project::new();
    changed.b.set_doc(changed.callee, "Answers nobody.");
    expect(&format!("{rule}: documentation"), digest_of(&changed.delta(), None) != digest);
    let mut changed = Project::new();
    changed.a.edge(changed.caller, EdgeKind::Calls, EdgeTarget::Unresolved, "another");
    expect(&format!("{rule}: an edge"), digest_of(&changed.delta(), None) != digest);
    let mut changed = Project::new();
    changed.a.import("std::io");
    expect(&format!("{rule}: an import"), digest_of(&changed.delta(), None) != digest);
    let mut changed = Project::new();
    changed.b.set_module("other");
    expect(&format!("{rule}: a module path"), digest_of(&changed.delta(), None) != digest);
}

fn edges_survive_an_update_of_their_target(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    let store = make();
    let rule = "store: edges of other files survive an update of their target whose id stays";
    apply(rule, &*store, &project.delta());
    let before = shown(&all_edges(rule, &*store));
    // Above the others, so that lines and positions move as well.
    let mut b = FileBuilder::new("src/b.rs");
    b.set_module("demo::b");
    b.symbol(SymbolKind::CONSTANT, "NEW", None);
    let callee = b.symbol(SymbolKind::FUNCTION, "callee", None);
    b.symbol(SymbolKind::STRUCT, "Record", None);
    b.set_body(callee, "another body");
    expect_eq("fixture: the id stays", b.id(callee), project.b.id(project.callee));
    project.b = b.clone();
    apply(rule, &*store, &change([b.build()]));
    expect_eq(rule, shown(&all_edges(rule, &*store)), before);
    let rule = "store: an edge tells the present line of its target";
    let to_callee = EdgeQuery::to(project.b.id(callee), &[EdgeKind::Calls]);
    let lines: Vec<_> = ok(rule, store.edges(&to_callee)).iter().map(|edge| edge.dst_name_line).collect();
    expect_eq(rule, lines, vec![Some(21)]);
}

fn edges_without_target_are_unresolved(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let rule = "store: an edge to an id that the index does not hold leads nowhere";
    let unresolved = |rule: &str, store: &dyn IndexStore| {
        let edges = all_edges(rule, store);
        let wanted = [
            "demo::a::caller calls to nowhere by b::callee",
            "demo::a::caller calls out to std::fs::read by fs::read",
            "demo::a::caller calls to nowhere by thing.run",
            "demo::a::caller uses to nowhere by Record",
        ];
        expect_eq(rule, shown(&edges), wanted.map(str::to_owned).to_vec());
        let nowhere = edges.iter().filter(|edge| edge.dst_path.is_none());
        let is_certain = |edge: &EdgeRecord| {
            edge.resolution != Resolution::Unresolved || edge.confidence != Confidence::default()
        };
        expect(&format!("{rule}: and is not taken for sure"), !nowhere.into_iter().any(is_certain));
        let coverage = ok(rule, store.state()).coverage;
        expect_eq(rule, (coverage.calls, coverage.calls_unresolved), (3, 2));
    };
    let project = Project::new();
    let store = make();
    apply(rule, &*store, &full_delta([project.a.clone().build()]));
    unresolved(rule, &*store);
    let rule = "store: an edge whose target was removed leads nowhere";
    let store = make();
    apply(rule, &*store, &project.delta());
    apply(rule, &*store, &removal(&["src/b.rs"]));
    unresolved(rule, &*store);
    let rule = "store: an edge whose target lost its id leads nowhere";
    let store = make();
    apply(rule, &*store, &project.delta());
    apply(rule, &*store, &change([FileBuilder::new("src/b.rs").build()]));
    unresolved(rule, &*store);
}

fn edges_and_content_change_apart(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let mut project = Project::new();
    let store = make();
    apply("store: a delta is taken", &*store, &project.delta());
    let rule = "store: edges alone are replaced, facts stay";
    let before = all_symbols(rule, &*store);
    project.a = Project::new().a;
    project.a.edge(project.caller, EdgeKind::Calls, EdgeTarget::Symbol(project.caller_id()), "caller");
    let mut edges_alone = project.a.clone().build();
    edges_alone.content = None;
    apply(rule, &*store, &change([edges_alone]));
    expect_eq(rule, shown(&all_edges(rule, &*store)).len(), 5);
    expect_eq(rule, all_symbols(rule, &*store), before);
    let rule = "store: content alone is replaced, the edges of symbols that stay remain";
    let edges = shown(&all_edges(rule, &*store));
    project.a.set_doc(project.caller, "New text.");
    let mut content_alone = project.a.clone().build();
    content_alone.edges = None;
    apply(rule, &*store, &change([content_alone]));
    expect_eq(rule, shown(&all_edges(rule, &*store)), edges);
    let docs: Vec<String> = all_symbols(rule, &*store).into_iter().map(|symbol| symbol.doc).collect();
    expect(rule, docs.contains(&"New text.".to_owned()));
}

fn deltas_of_another_generation_are_refused(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let project = Project::new();
    let store = make();
    let generation =
        |store: &dyn IndexStore| ok("store: the state is told", store.state()).freshness.generation;
    let based = |base, delta: GraphDelta| GraphDelta { base: Some(base), ..delta };
    let rule = "store: a delta that was computed from the present generation is taken";
    let empty = generation(&*store);
    let first = apply(rule, &*store, &based(empty, project.delta()));
    let second = apply(rule, &*store, &based(first, change([project.a.clone().build()])));
    let rule = "store: a delta that was computed from another generation is refused and changes nothing";
    let digest = ok(rule, store.digest());
    for base in [empty, first, second + 1] {
        for delta in [removal(&["src/a.rs"]), full_delta([])] {
            let refused = store.apply(&based(base, delta), None);
            let code = refused.err().map(|error| error.code().clone());
            expect_eq(rule, code, Some(ErrorCode::STORE_CONFLICT));
            expect_eq(rule, (ok(rule, store.digest()), generation(&*store)), (digest, second));
        }
    }
    let rule = "store: after a delta was refused, one that was computed anew is taken";
    apply(rule, &*store, &based(second, removal(&["src/a.rs"])));
    expect(rule, ok(rule, store.indexed_files(&[])).len() == 1);
}
