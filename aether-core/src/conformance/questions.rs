//! Every question that a store takes, for tests of what a damaged or broken one answers.

use super::fixtures::{FileBuilder, change};
use crate::code::facts::SymbolIdx;
use crate::code::{Confidence, EdgeKind, EdgeTarget, SearchQuery, SymbolKind};
use crate::port::{
    CommunityQuery, EdgeQuery, IndexStore, NeighbourhoodQuery, PathQuery, PortError, RankQuery, SymbolQuery,
    UnreachedQuery,
};

/// A project of two files that has something for each question of [`ask_everything`].
///
/// # Panics
///
/// Never: the names in it are valid.
#[must_use]
pub fn two_files() -> [FileBuilder; 2] {
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

/// Puts every kind of question to a store that holds [`two_files`], a change last, and returns what
/// failed. What is answered is not looked at.
pub fn ask_everything(store: &dyn IndexStore) -> Vec<PortError> {
    let [a, b] = two_files();
    let symbol = SymbolIdx(1);
    let (callee, caller) = (a.id(symbol), b.id(symbol));
    let [a, b] = [a, b].map(FileBuilder::build);
    let paths = [a.file.path.clone(), b.file.path.clone()];
    let mut errors = Vec::new();
    let mut note = |result: Result<(), PortError>| errors.extend(result.err());
    note(store.made_by().map(drop));
    note(store.files().map(drop));
    note(store.indexed_files(&[]).map(drop));
    note(store.facts(&paths).map(drop));
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
    note(store.neighbourhood(&NeighbourhoodQuery::around(callee)).map(drop));
    note(store.cycles(Confidence::default()).map(drop));
    note(store.whole_graph().map(drop));
    note(store.page_rank(&RankQuery::around(vec![(callee, 1)])).map(drop));
    note(store.communities(&CommunityQuery::default()).map(drop));
    note(store.unreached(&UnreachedQuery::default()).map(drop));
    note(store.lineage(callee).map(drop));
    for text in ["callee", "call*", "", "answers path:src kind:fn", "\"callee\""] {
        note(store.search(&SearchQuery::parse(text, 9)).map(drop));
    }
    note(store.visit_symbols(&mut |_| {}));
    note(store.visit_edges(&mut |_| {}));
    note(store.visit_project_graph(&mut |_| {}));
    note(store.digest().map(drop));
    note(store.state().map(drop));
    note(store.apply(&change([b]), None).map(drop));
    errors
}
