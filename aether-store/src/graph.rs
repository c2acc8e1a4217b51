//! Questions to the graph.

use std::collections::BTreeSet;
use std::sync::Arc;

use aether_core::code::{Confidence, EdgeKind, LineageCause, LineageLink, SymbolId};
use aether_core::port::{CallPath, Cycle, EdgeQuery, EdgeRecord, ImpactEntry};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::codec::name_hash;
use crate::edge_block::{self, Target};
use crate::error::{OrCorrupt as _, Outcome};
use crate::fact_source::lookup_each;
use crate::ids;
use crate::lookup::Space;
use crate::rows::{self, FileRow, SymbolRow, blob};
use crate::visit::{self, End};

/// Reads the ends of edges, each once.
pub(crate) struct Ends<'c> {
    connection: &'c Connection,
    files: FxHashMap<i64, Arc<FileRow>>,
    ends: FxHashMap<i64, End>,
}

impl<'c> Ends<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, files: FxHashMap::default(), ends: FxHashMap::default() }
    }

    pub(crate) fn get(&mut self, key: i64) -> Outcome<End> {
        if let Some(end) = self.ends.get(&key) {
            return Ok(end.clone());
        }
        let row = SymbolRow::load(self.connection, key)?;
        let file = match self.files.get(&row.file) {
            Some(file) => Arc::clone(file),
            None => {
                let file = Arc::new(FileRow::load(self.connection, row.file)?);
                self.files.insert(row.file, Arc::clone(&file));
                file
            }
        };
        let end = End::of(row, &file);
        self.ends.insert(key, end.clone());
        Ok(end)
    }
}

/// The edge block of a file; empty when it has none.
pub(crate) fn block(connection: &Connection, file: i64) -> Outcome<Vec<u8>> {
    let mut statement = connection.prepare_cached("SELECT data FROM edges WHERE file = ?1")?;
    let mut found = statement.query([file])?;
    match found.next()? {
        Some(row) => Ok(blob(row.get_ref(0)?)?.to_vec()),
        None => Ok(Vec::new()),
    }
}

/// Edges that match, sorted by file and line of the site.
pub(crate) fn edges(connection: &Connection, query: &EdgeQuery) -> Outcome<Vec<EdgeRecord>> {
    let wants = |kind: EdgeKind| query.kinds.is_empty() || query.kinds.contains(&kind);
    if query.source.is_none() && query.target.is_none() {
        let mut found = Vec::new();
        visit::edges(connection, &mut |edge| {
            if wants(edge.kind) && edge.confidence >= query.min_confidence {
                found.push(edge.clone());
            }
        })?;
        sort(&mut found);
        return Ok(found);
    }
    let (source, target) = (find_key(connection, query.source)?, find_key(connection, query.target)?);
    let (Ok(source), Ok(target)) = (source, target) else { return Ok(Vec::new()) };
    let mut files = BTreeSet::new();
    match (source, target) {
        (Some(source), _) => {
            files.insert(SymbolRow::load(connection, source)?.file);
        }
        (None, Some(target)) => lookup_each(connection, Space::Target, target, |file| {
            files.insert(file);
        })?,
        (None, None) => {}
    }
    let mut ends = Ends::new(connection);
    let mut found = Vec::new();
    for file in files {
        let block = block(connection, file)?;
        let mut kept = Vec::new();
        edge_block::read(&block, |edge| {
            if source.is_none_or(|source| edge.source == source)
                && target.is_none_or(|target| edge.target == Target::Symbol(target))
                && wants(edge.kind)
                && edge.confidence >= query.min_confidence
            {
                kept.push(edge);
            }
        })
        .or_corrupt("edges")?;
        for edge in kept {
            let start = ends.get(edge.source)?;
            let end = match edge.target {
                Target::Symbol(key) => Some(ends.get(key)?),
                _ => None,
            };
            found.push(visit::record(&edge, &start, end.as_ref()));
        }
    }
    if wants(EdgeKind::Defines) {
        add_defines(connection, source, target, &mut ends, &mut found)?;
    }
    sort(&mut found);
    Ok(found)
}

/// The key of an id that was asked for: `Err` when one was and it is unknown.
fn find_key(connection: &Connection, id: Option<SymbolId>) -> Outcome<Result<Option<i64>, ()>> {
    match id {
        None => Ok(Ok(None)),
        Some(id) => Ok(ids::key_of(connection, &id)?.map(Some).ok_or(())),
    }
}

fn add_defines(
    connection: &Connection,
    source: Option<i64>,
    target: Option<i64>,
    ends: &mut Ends<'_>,
    found: &mut Vec<EdgeRecord>,
) -> Outcome<()> {
    let Some(any) = source.or(target) else { return Ok(()) };
    let outline = rows::outline(connection, SymbolRow::load(connection, any)?.file)?;
    for (position, entry) in outline.entries.iter().enumerate() {
        let Some(definer) = outline.definer(position) else { continue };
        let definer = outline.entries[definer].key;
        if source.is_none_or(|source| source == definer) && target.is_none_or(|target| target == entry.key) {
            found.push(visit::defines(&ends.get(definer)?, &ends.get(entry.key)?));
        }
    }
    Ok(())
}

fn sort(records: &mut [EdgeRecord]) {
    records.sort_by(|a, b| {
        (&a.src_file, a.site_line).cmp(&(&b.src_file, b.site_line)).then_with(|| {
            (a.src_name_line, a.src_id)
                .cmp(&(b.src_name_line, b.src_id))
                .then_with(|| visit::order(a).cmp(&visit::order(b)))
        })
    });
}

/// Unresolved calls whose text ends in `name`, sorted like edges.
pub(crate) fn unresolved_calls_named(connection: &Connection, name: &str) -> Outcome<Vec<EdgeRecord>> {
    let mut files = Vec::new();
    lookup_each(connection, Space::Unresolved, i64::from(name_hash(name)), |file| files.push(file))?;
    let mut ends = Ends::new(connection);
    let mut found = Vec::new();
    for file in files {
        let block = block(connection, file)?;
        let mut kept = Vec::new();
        edge_block::read(&block, |edge| {
            if edge.unresolved_call_name() == Some(name) {
                kept.push(edge);
            }
        })
        .or_corrupt("edges")?;
        for edge in kept {
            found.push(visit::record(&edge, &ends.get(edge.source)?, None));
        }
    }
    sort(&mut found);
    Ok(found)
}

pub(crate) fn impact(
    _connection: &Connection,
    _symbol: SymbolId,
    _max_depth: u32,
    _min_confidence: Confidence,
) -> Outcome<Vec<ImpactEntry>> {
    Ok(Vec::new())
}

pub(crate) fn paths(
    _connection: &Connection,
    _from: SymbolId,
    _to: SymbolId,
    _max_depth: u32,
    _limit: u32,
) -> Outcome<Vec<CallPath>> {
    Ok(Vec::new())
}

pub(crate) fn cycles(_connection: &Connection, _min_confidence: Confidence) -> Outcome<Vec<Cycle>> {
    Ok(Vec::new())
}

/// The links that lead to and from a symbol, oldest first.
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
        links.push(LineageLink::new(
            rows::symbol_id(row.get_ref(0)?)?,
            rows::symbol_id(row.get_ref(1)?)?,
            cause,
        ));
    }
    Ok(links)
}
