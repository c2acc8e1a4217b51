//! The project graph that a store holds.

use super::store::{IndexStore, PortError};
use crate::base::ErrorCode;
use crate::code::{Edge, EdgeKind, GraphFile, GraphRecord, sort_edges};

/// Hands over every part of the graph in its order; see [`IndexStore::visit_project_graph`].
pub(super) fn visit_project_graph<S: IndexStore + ?Sized>(
    store: &S,
    visit: &mut dyn FnMut(GraphRecord<'_>),
) -> Result<(), PortError> {
    let before = store.state()?.freshness.generation;
    for file in store.indexed_files(&[])? {
        visit(GraphRecord::File(&GraphFile::from(&file)));
    }
    store.visit_symbols(&mut |symbol| visit(GraphRecord::Symbol(symbol)))?;
    // A store tells edges by source and site; what stands at one site gets its order here.
    let mut edges: Vec<Edge> = Vec::new();
    let mut flush = |edges: &mut Vec<Edge>| {
        sort_edges(edges);
        edges.drain(..).for_each(|edge| visit(GraphRecord::Edge(&edge)));
    };
    store.visit_edges(&mut |record| {
        if record.kind == EdgeKind::Defines {
            return;
        }
        if edges.last().is_some_and(|last| last.source != record.src_id) {
            flush(&mut edges);
        }
        edges.push(record.edge());
    })?;
    flush(&mut edges);
    if store.state()?.freshness.generation != before {
        let message = "the index changed while it was read; ask again";
        return Err(PortError::new(ErrorCode::STORE_CONFLICT, message));
    }
    Ok(())
}
