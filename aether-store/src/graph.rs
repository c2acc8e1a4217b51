//! Questions to the graph.
//!
//! What is asked of one symbol is answered from the blocks of the files around it; what follows edges
//! further is answered from all edges inside the project, held in memory for one generation.

mod cycles;
mod edges;
mod impact;
mod links;
mod paths;
mod whole;

pub(crate) use cycles::cycles;
pub(crate) use edges::{edges, unresolved_calls_named};
pub(crate) use impact::impact;
pub(crate) use links::Links;
pub(crate) use paths::paths;
pub(crate) use whole::whole;

use aether_core::code::{LineageCause, LineageLink, SymbolId};
use rusqlite::Connection;

use crate::error::{OrCorrupt as _, Outcome};
use crate::rows;

/// The links of which a symbol is one end, oldest first.
pub(crate) fn lineage(connection: &Connection, symbol: SymbolId) -> Outcome<Vec<LineageLink>> {
    let mut statement = connection.prepare_cached(
        "SELECT source, target, cause, generation FROM lineage WHERE source = ?1
         UNION SELECT source, target, cause, generation FROM lineage WHERE target = ?1
         ORDER BY generation, source, target",
    )?;
    let mut found = statement.query([symbol.as_bytes().as_slice()])?;
    let mut links = Vec::new();
    while let Some(row) = found.next()? {
        let cause = LineageCause::from_number(row.get(2)?).or_corrupt("cause of a lineage")?;
        let (source, target) = (rows::symbol_id(row.get_ref(0)?)?, rows::symbol_id(row.get_ref(1)?)?);
        links.push(LineageLink::new(source, target, cause));
    }
    Ok(links)
}
