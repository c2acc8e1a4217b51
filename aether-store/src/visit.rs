//! Whole-index walks: every symbol, every edge.

use std::sync::Arc;

use aether_core::code::{Confidence, EdgeKind, Resolution, Symbol, SymbolId};
use aether_core::port::EdgeRecord;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::edge_block::{self, StoredEdge, Target};
use crate::error::{OrCorrupt as _, Outcome};
use crate::rows::{self, FileRow, SymbolRow, select_symbols};

/// Hands every symbol to `visit`, in the order of file and position.
pub(crate) fn symbols(connection: &Connection, visit: &mut dyn FnMut(&Symbol)) -> Outcome<()> {
    for file in FileRow::all(connection)? {
        let mut ids: FxHashMap<i64, SymbolId> = FxHashMap::default();
        each_row(connection, &file, |row| {
            ids.insert(row.key, row.id);
            let parent = row.parent.and_then(|parent| ids.get(&parent).copied());
            visit(&row.into_symbol(&file, parent));
            Ok(())
        })?;
    }
    Ok(())
}

/// The rows of a file's symbols in the order of its facts.
fn each_row(
    connection: &Connection,
    file: &FileRow,
    mut visit: impl FnMut(SymbolRow) -> Outcome<()>,
) -> Outcome<()> {
    let mut statement =
        connection.prepare_cached(select_symbols!("symbol BETWEEN ?1 AND ?2 ORDER BY symbol"))?;
    for (first, last) in rows::outline(connection, file.file)?.runs() {
        let mut found = statement.query([first, last])?;
        while let Some(row) = found.next()? {
            visit(SymbolRow::read(row)?)?;
        }
    }
    Ok(())
}

/// What an edge says of a symbol at one of its ends.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) id: SymbolId,
    pub(crate) qualified_name: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) name_line: u32,
    pub(crate) file: Arc<FileRow>,
}

impl End {
    pub(crate) fn of(row: SymbolRow, file: &Arc<FileRow>) -> Self {
        Self {
            id: row.id,
            qualified_name: row.qualified_name(&file.module_path).into(),
            name_line: row.place.name_line,
            name: row.name.into(),
            file: Arc::clone(file),
        }
    }
}

/// A stored edge with its ends.
pub(crate) fn record(edge: &StoredEdge<'_>, source: &End, target: Option<&End>) -> EdgeRecord {
    let mut record = blank(edge.kind, source, edge.line, edge.text.to_owned());
    record.confidence = edge.confidence;
    record.resolution = edge.resolution;
    match edge.target {
        Target::Symbol(_) => set_target(&mut record, target),
        Target::External(path) => record.dst_path = Some(path.to_owned()),
        Target::Unresolved => {}
    }
    record
}

/// The edge by which a symbol is defined in another.
pub(crate) fn defines(source: &End, target: &End) -> EdgeRecord {
    let mut record = blank(EdgeKind::Defines, source, target.name_line, target.name.to_string());
    record.confidence = Confidence::CERTAIN;
    record.resolution = Resolution::Syntax;
    set_target(&mut record, Some(target));
    record
}

fn blank(kind: EdgeKind, source: &End, line: u32, text: String) -> EdgeRecord {
    let file = &source.file;
    let mut symbol = Symbol::new(
        source.id,
        file.language.clone(),
        aether_core::code::SymbolKind::FILE,
        String::new(),
        file.path.clone(),
    );
    symbol.qualified_name = source.qualified_name.to_string();
    symbol.name_line = source.name_line;
    EdgeRecord::new(kind, &symbol, line, text)
}

fn set_target(record: &mut EdgeRecord, target: Option<&End>) {
    if let Some(target) = target {
        record.dst_id = Some(target.id);
        record.dst_file = Some(target.file.path.clone());
        record.dst_name_line = Some(target.name_line);
        record.dst_path = Some(target.qualified_name.to_string());
    }
}

/// Hands every edge to `visit`, in the order of file, source and site; `defines` edges included, at
/// the name of what is defined.
pub(crate) fn edges(connection: &Connection, visit: &mut dyn FnMut(&EdgeRecord)) -> Outcome<()> {
    let files: Vec<Arc<FileRow>> = FileRow::all(connection)?.into_iter().map(Arc::new).collect();
    let mut ends: FxHashMap<i64, End> = FxHashMap::default();
    for file in &files {
        each_row(connection, file, |row| {
            ends.insert(row.key, End::of(row, file));
            Ok(())
        })?;
    }
    let mut block_of = connection.prepare_cached("SELECT data FROM edges WHERE file = ?1")?;
    for file in &files {
        let outline = rows::outline(connection, file.file)?;
        let positions: FxHashMap<i64, usize> =
            outline.entries.iter().enumerate().map(|(at, entry)| (entry.key, at)).collect();
        let mut found = block_of.query([file.file])?;
        let block = match found.next()? {
            Some(row) => rows::blob(row.get_ref(0)?)?,
            None => &[],
        };
        let mut records = Vec::new();
        let mut is_whole = true;
        edge_block::read(block, |edge| {
            let target = match edge.target {
                Target::Symbol(key) => ends.get(&key),
                _ => None,
            };
            let is_known = target.is_some() || !matches!(edge.target, Target::Symbol(_));
            match (ends.get(&edge.source), positions.get(&edge.source)) {
                (Some(source), Some(&position)) if is_known => {
                    records.push(((position, edge.line, edge.at), record(&edge, source, target)));
                }
                _ => is_whole = false,
            }
        })
        .filter(|()| is_whole)
        .or_corrupt("edges")?;
        for (position, entry) in outline.entries.iter().enumerate() {
            let Some(definer) = outline.definer(position) else { continue };
            let source = ends.get(&outline.entries[definer].key).or_corrupt("outline")?;
            let target = ends.get(&entry.key).or_corrupt("outline")?;
            records.push(((definer, target.name_line, 0), defines(source, target)));
        }
        records.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| order(x).cmp(&order(y))));
        for (_, record) in &records {
            visit(record);
        }
    }
    Ok(())
}

/// The order of edges at one site.
pub(crate) fn order(record: &EdgeRecord) -> impl Ord + '_ {
    (record.kind, record.dst_id, record.dst_path.as_deref(), record.callee_text.as_str())
}
