//! Walks over the whole index: every symbol, every edge.

use std::sync::Arc;

use aether_core::code::{Symbol, SymbolId};
use aether_core::port::EdgeRecord;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::edge_block::{self, Target};
use crate::ends::{self, End, Site};
use crate::error::{OrCorrupt as _, Outcome};
use crate::rows::{self, FileRow, SymbolRow, select_symbols};

/// Hands every symbol to `visit`, in the order of file and position.
pub(crate) fn symbols(connection: &Connection, visit: &mut dyn FnMut(&Symbol)) -> Outcome<()> {
    keyed_symbols(connection, &mut |_, symbol| visit(symbol))
}

/// The same with the key of each symbol.
pub(crate) fn keyed_symbols(connection: &Connection, visit: &mut dyn FnMut(i64, &Symbol)) -> Outcome<()> {
    for file in FileRow::all(connection)? {
        let mut ids: FxHashMap<i64, SymbolId> = FxHashMap::default();
        each_row(connection, &file, |row| {
            ids.insert(row.key, row.id);
            let parent = row.parent.and_then(|parent| ids.get(&parent).copied());
            visit(row.key, &row.into_symbol(&file, parent));
        })?;
    }
    Ok(())
}

/// The rows of a file's symbols in the order of its facts.
fn each_row(connection: &Connection, file: &FileRow, mut visit: impl FnMut(SymbolRow)) -> Outcome<()> {
    let mut statement =
        connection.prepare_cached(select_symbols!("symbol BETWEEN ?1 AND ?2 ORDER BY symbol"))?;
    for (first, last) in rows::outline(connection, file.file)?.runs() {
        let mut found = statement.query([first, last])?;
        while let Some(row) = found.next()? {
            visit(SymbolRow::read(row)?);
        }
    }
    Ok(())
}

/// Hands every edge to `visit`, in the order of file, source and site; `defines` edges included, at
/// the name of what is defined.
pub(crate) fn edges(connection: &Connection, visit: &mut dyn FnMut(&EdgeRecord)) -> Outcome<()> {
    let files: Vec<Arc<FileRow>> = FileRow::all(connection)?.into_iter().map(Arc::new).collect();
    let mut ends: FxHashMap<i64, End> = FxHashMap::default();
    for file in &files {
        each_row(connection, file, |row| {
            ends.insert(row.key, End::of(row, file));
        })?;
    }
    for file in &files {
        let mut records = records_of(connection, file, &ends)?;
        records.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| ends::order(x).cmp(&ends::order(y))));
        records.iter().for_each(|(_, record)| visit(record));
    }
    Ok(())
}

fn records_of(
    connection: &Connection,
    file: &FileRow,
    ends: &FxHashMap<i64, End>,
) -> Outcome<Vec<(Site, EdgeRecord)>> {
    let block = edge_block::load(connection, file.file)?;
    let mut records = Vec::new();
    let mut is_whole = true;
    edge_block::read(&block, |edge| {
        let target = match edge.target {
            Target::Symbol(key) => ends.get(&key),
            _ => None,
        };
        let is_known = target.is_some() || !matches!(edge.target, Target::Symbol(_));
        match ends.get(&edge.source) {
            Some(source) if is_known => {
                let site = Site { position: source.position, at: edge.at };
                records.push((site, ends::record(&edge, source, target)));
            }
            _ => is_whole = false,
        }
    })
    .filter(|()| is_whole)
    .or_corrupt("edges")?;
    let outline = rows::outline(connection, file.file)?;
    let end_at = |position: usize| ends.get(&outline.entries.get(position)?.key);
    for position in 0..outline.entries.len() {
        let Some(definer) = outline.definer(position) else { continue };
        let source = end_at(definer).or_corrupt("outline")?;
        let target = end_at(position).or_corrupt("outline")?;
        let site = Site { position: source.position, at: target.name_at };
        records.push((site, ends::defines(source, target)));
    }
    Ok(records)
}
