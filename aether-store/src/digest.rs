//! A hash of the normalised index.

use aether_core::base::{Sha256Hash, Sha256Hasher};
use aether_core::code::{Symbol, SymbolId};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::edge_block::{self, StoredEdge, Target};
use crate::error::{OrCorrupt as _, Outcome};
use crate::fact_source;
use crate::rows::{self, FileRow};
use crate::visit;

/// Hashes records of files, facts, symbols and edges.
///
/// Each row is hashed behind a letter that says which it is, and the hashes are hashed in sorted order:
/// neither keys nor the order of storage count. `docs/SCHEMAS.md`, section "Digest", lists the fields.
pub(crate) fn digest(connection: &Connection) -> Outcome<Sha256Hash> {
    let mut rows: Vec<[u8; 32]> = Vec::new();
    add_files(connection, &mut rows)?;
    let mut ids: FxHashMap<i64, SymbolId> = FxHashMap::default();
    visit::keyed_symbols(connection, &mut |key, symbol| {
        ids.insert(key, symbol.id);
        rows.push(symbol_row(symbol));
    })?;
    add_edges(connection, &ids, &mut rows)?;
    rows.sort_unstable();
    let mut all = Sha256Hasher::new();
    for row in &rows {
        all.update(row);
    }
    Ok(all.finish())
}

fn add_files(connection: &Connection, rows: &mut Vec<[u8; 32]>) -> Outcome<()> {
    for file in fact_source::indexed_files(connection, &[])? {
        let mut row = Row::new(b"f");
        row.text(file.path.as_str()).text(file.language.as_str()).bytes(&file.content_hash);
        row.text(&file.module_path);
        for code in &file.diagnostics {
            row.text(code.as_str());
        }
        rows.push(row.finish());
    }
    let mut statement =
        connection.prepare_cached("SELECT files.path, facts.data FROM files JOIN facts USING (file)")?;
    let mut found = statement.query(())?;
    while let Some(fact) = found.next()? {
        let mut row = Row::new(b"c");
        row.text(rows::path(fact.get_ref(0)?)?.as_str()).bytes(rows::blob(fact.get_ref(1)?)?);
        rows.push(row.finish());
    }
    Ok(())
}

fn symbol_row(symbol: &Symbol) -> [u8; 32] {
    let mut row = Row::new(b"s");
    row.id(Some(&symbol.id)).text(symbol.language.as_str()).text(symbol.kind.as_str()).text(&symbol.name);
    row.text(&symbol.qualified_name).text(symbol.file.as_str());
    row.number(symbol.span.start).number(symbol.span.end);
    row.number(symbol.lines.first).number(symbol.lines.last).number(symbol.name_line);
    row.number(symbol.name_span.start).number(symbol.name_span.end);
    row.text(symbol.visibility.as_str()).text(&symbol.signature).text(&symbol.doc);
    row.id(symbol.parent.as_ref()).number(symbol.ordinal);
    for attribute in &symbol.attributes {
        row.text(attribute);
    }
    row.finish()
}

/// Adds all edges but `defines`, which follow from the parents of symbols.
fn add_edges(
    connection: &Connection,
    ids: &FxHashMap<i64, SymbolId>,
    rows: &mut Vec<[u8; 32]>,
) -> Outcome<()> {
    for file in FileRow::all(connection)? {
        let block = edge_block::load(connection, file.file)?;
        let mut is_whole = true;
        edge_block::read(&block, |edge| match edge_row(&edge, ids) {
            Some(row) => rows.push(row),
            None => is_whole = false,
        })
        .filter(|()| is_whole)
        .or_corrupt("edges")?;
    }
    Ok(())
}

/// `None` when an end is not there.
fn edge_row(edge: &StoredEdge<'_>, ids: &FxHashMap<i64, SymbolId>) -> Option<[u8; 32]> {
    let mut row = Row::new(b"e");
    row.id(Some(ids.get(&edge.source)?)).text(edge.kind.as_str()).number(edge.line).number(edge.at);
    match edge.target {
        Target::Symbol(key) => row.id(Some(ids.get(&key)?)).text(""),
        Target::External(path) => row.id(None).text(path),
        Target::Unresolved => row.id(None).text(""),
    };
    row.number(u32::from(edge.confidence.thousandths())).text(edge.resolution.as_str()).text(edge.text);
    Some(row.finish())
}

/// One row, field by field, each behind its length.
struct Row(Sha256Hasher);

impl Row {
    fn new(kind: &[u8]) -> Self {
        let mut hasher = Sha256Hasher::new();
        hasher.update(kind);
        Self(hasher)
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update_field(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    fn id(&mut self, id: Option<&SymbolId>) -> &mut Self {
        self.bytes(id.map_or(&[][..], |id| id.as_bytes()))
    }

    fn number(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn finish(self) -> [u8; 32] {
        *self.0.finish().as_bytes()
    }
}
