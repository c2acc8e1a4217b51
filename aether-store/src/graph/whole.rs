//! All symbols and edges, in memory.

use std::sync::Arc;

use aether_core::port::{WholeGraph, WholeGraphBuilder};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::edge_block::{self, Target};
use crate::error::{OrCorrupt as _, Outcome};
use crate::kept::Kept;
use crate::rows::blob;
use crate::visit;

/// The graph of the generation that `connection` sees.
pub(crate) fn whole(connection: &Connection, kept: &Kept<WholeGraph>) -> Outcome<Arc<WholeGraph>> {
    kept.get(connection, load)
}

fn load(connection: &Connection) -> Outcome<WholeGraph> {
    let mut builder = WholeGraphBuilder::default();
    let mut numbers: FxHashMap<i64, u32> = FxHashMap::default();
    visit::keyed_symbols(connection, &mut |key, symbol| {
        numbers.insert(key, builder.symbol(symbol));
    })?;
    let mut statement = connection.prepare_cached("SELECT data FROM edges")?;
    let mut found = statement.query(())?;
    while let Some(row) = found.next()? {
        edge_block::read(blob(row.get_ref(0)?)?, |edge| {
            if let Target::Symbol(target) = edge.target {
                if let (Some(&from), Some(&to)) = (numbers.get(&edge.source), numbers.get(&target)) {
                    builder.edge(from, edge.kind, to, edge.confidence);
                }
            } else if let Some(name) = edge.unresolved_call_name() {
                builder.unresolved_call(name);
            }
        })
        .or_corrupt("edges")?;
    }
    Ok(builder.finish())
}
