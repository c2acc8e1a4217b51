//! A hash of the normalised index.

use aether_core::base::{RelPath, Sha256Hash, Sha256Hasher};
use aether_core::code::{EdgeKind, Symbol};
use aether_core::port::EdgeRecord;
use rusqlite::Connection;

use crate::error::Outcome;
use crate::fact_source;
use crate::rows;
use crate::visit;

/// Hashes files, facts, symbols and edges, each behind a letter that says which it is.
///
/// Rows are hashed one by one, and their hashes in sorted order: neither numbers of rows nor the
/// order of storage count. `docs/SCHEMAS.md`, section "Digest", lists the fields.
pub(crate) fn digest(connection: &Connection) -> Outcome<Sha256Hash> {
    let mut rows: Vec<[u8; 32]> = Vec::new();
    let no_paths: [RelPath; 0] = [];
    for file in fact_source::indexed_files(connection, &no_paths)? {
        let mut row = Row::new(b"f");
        row.text(file.path.as_str()).text(file.language.as_str()).bytes(&file.content_hash);
        row.text(&file.module_path);
        for code in &file.diagnostics {
            row.text(code.as_str());
        }
        rows.push(row.finish());
    }
    let mut facts = connection.prepare("SELECT files.path, facts.data FROM files JOIN facts USING (file)")?;
    let mut found = facts.query(())?;
    while let Some(fact) = found.next()? {
        let mut row = Row::new(b"c");
        row.text(rows::path(fact.get_ref(0)?)?.as_str()).bytes(rows::blob(fact.get_ref(1)?)?);
        rows.push(row.finish());
    }
    visit::symbols(connection, &mut |symbol| rows.push(symbol_row(symbol)))?;
    visit::edges(connection, &mut |edge| {
        // These follow from the parents of symbols.
        if edge.kind != EdgeKind::Defines {
            rows.push(edge_row(edge));
        }
    })?;
    rows.sort_unstable();
    let mut all = Sha256Hasher::new();
    for row in &rows {
        all.update(row);
    }
    Ok(all.finish())
}

fn symbol_row(symbol: &Symbol) -> [u8; 32] {
    let mut row = Row::new(b"s");
    row.bytes(symbol.id.as_bytes()).text(&symbol.qualified_name).text(symbol.file.as_str());
    row.text(symbol.language.as_str()).text(symbol.kind.as_str()).text(&symbol.name).number(symbol.ordinal);
    row.number(symbol.span.start)
        .number(symbol.span.end)
        .number(symbol.lines.first)
        .number(symbol.lines.last);
    row.number(symbol.name_line).number(symbol.name_span.start).number(symbol.name_span.end);
    row.text(symbol.visibility.as_str()).text(&symbol.signature).text(&symbol.doc);
    row.bytes(symbol.parent.as_ref().map_or(&[][..], |parent| parent.as_bytes()));
    for attribute in &symbol.attributes {
        row.text(attribute);
    }
    row.finish()
}

fn edge_row(edge: &EdgeRecord) -> [u8; 32] {
    let mut row = Row::new(b"e");
    row.bytes(edge.src_id.as_bytes()).text(edge.kind.as_str()).number(edge.site_line);
    row.bytes(edge.dst_id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    row.text(edge.dst_path.as_deref().unwrap_or("")).text(&edge.callee_text);
    row.number(u32::from(edge.confidence.thousandths())).text(edge.resolution.as_str());
    row.finish()
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

    fn number(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn finish(self) -> [u8; 32] {
        *self.0.finish().as_bytes()
    }
}
