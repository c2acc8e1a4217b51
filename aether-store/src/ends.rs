//! Edges with what an answer needs of both ends.

use std::sync::Arc;

use aether_core::code::{Confidence, EdgeKind, Resolution, Symbol, SymbolId, SymbolKind};
use aether_core::port::EdgeRecord;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::edge_block::{StoredEdge, Target};
use crate::error::Outcome;
use crate::rows::{FileRow, SymbolRow};

/// What an edge tells of a symbol at one of its ends.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) id: SymbolId,
    pub(crate) position: u32,
    pub(crate) name_at: u32,
    name_line: u32,
    name: Arc<str>,
    qualified_name: Arc<str>,
    file: Arc<FileRow>,
}

impl End {
    pub(crate) fn of(row: SymbolRow, file: &Arc<FileRow>) -> Self {
        Self {
            id: row.id,
            position: row.position,
            name_at: row.place.name_span.start,
            name_line: row.place.name_line,
            qualified_name: row.qualified_name(&file.module_path).into(),
            name: row.name.into(),
            file: Arc::clone(file),
        }
    }

    pub(crate) fn qualified_name(&self) -> &str {
        &self.qualified_name
    }
}

/// Where in its file an edge is said.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Site {
    /// Position of the source among the symbols of the file.
    pub(crate) position: u32,
    /// Byte.
    pub(crate) at: u32,
}

/// Reads ends, each once.
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

/// A stored edge with its ends.
pub(crate) fn record(edge: &StoredEdge<'_>, source: &End, target: Option<&End>) -> EdgeRecord {
    let mut record = blank(edge.kind, source, edge.line, edge.text.to_owned());
    record.site_at = edge.at;
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
    record.site_at = target.name_at;
    record.confidence = Confidence::CERTAIN;
    record.resolution = Resolution::Syntax;
    set_target(&mut record, Some(target));
    record
}

fn blank(kind: EdgeKind, source: &End, line: u32, text: String) -> EdgeRecord {
    let file = &source.file;
    let (language, path) = (file.language.clone(), file.path.clone());
    // The record takes no more of its source than what is set here.
    let mut symbol = Symbol::new(source.id, language, SymbolKind::FILE, String::new(), path);
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

/// The order of edges at one site.
pub(crate) fn order(record: &EdgeRecord) -> impl Ord + '_ {
    (record.kind, record.dst_id, record.dst_path.as_deref(), record.callee_text.as_str())
}
