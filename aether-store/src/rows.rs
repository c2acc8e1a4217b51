//! Rows of the tables as values of the contracts.

use aether_core::base::{ByteSpan, ErrorCode, LineSpan, RelPath};
use aether_core::code::{IndexedFile, Language, Symbol, SymbolId, SymbolKind};
use aether_core::port::FileStamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::codec::{Reader, put, put_signed, put_text, words_of_bytes};
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::kind;
use crate::outline::Outline;

/// A query of symbols with the columns that [`SymbolRow::read`] expects, and more behind them.
macro_rules! select_symbols {
    ($condition:literal $(, $more:literal)?) => {
        concat!(
            "SELECT symbol, id, file, position, parent, kind, visibility, ordinal, place, name, scope, ",
            "signature, doc, attributes",
            $(", ", $more,)?
            " FROM symbols WHERE ",
            $condition
        )
    };
}
pub(crate) use select_symbols;

/// A query of files with the columns that [`FileRow::read`] expects.
macro_rules! select_files {
    ($condition:literal) => {
        concat!("SELECT file, path, language, module_path FROM files WHERE ", $condition)
    };
}

/// Where a symbol stands in its file.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) span: ByteSpan,
    pub(crate) lines: LineSpan,
    pub(crate) name_span: ByteSpan,
    pub(crate) name_line: u32,
}

impl Place {
    /// Seven numbers, most of them a step from the one before: nine bytes for most symbols.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        put(out, u64::from(self.span.start));
        put(out, u64::from(self.span.len()));
        put(out, u64::from(self.lines.first));
        put_signed(out, i64::from(self.lines.last) - i64::from(self.lines.first));
        put_signed(out, i64::from(self.name_span.start) - i64::from(self.span.start));
        put(out, u64::from(self.name_span.len()));
        put_signed(out, i64::from(self.name_line) - i64::from(self.lines.first));
    }

    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let step = |from: u32, step: i64| u32::try_from(i64::from(from).checked_add(step)?).ok();
        let start = reader.narrow()?;
        let span = ByteSpan::new(start, start.checked_add(reader.narrow()?)?);
        let first = reader.narrow()?;
        let lines = LineSpan { first, last: step(first, reader.signed()?)? };
        let name_start = step(start, reader.signed()?)?;
        let name_span = ByteSpan::new(name_start, name_start.checked_add(reader.narrow()?)?);
        let name_line = step(first, reader.signed()?)?;
        Some(Self { span, lines, name_span, name_line })
    }
}

/// What the symbols of a file share.
#[derive(Clone, Debug)]
pub(crate) struct FileRow {
    pub(crate) file: i64,
    pub(crate) path: RelPath,
    pub(crate) language: Language,
    pub(crate) module_path: String,
}

impl FileRow {
    fn read(row: &Row<'_>) -> Outcome<Self> {
        Ok(Self {
            file: row.get(0)?,
            path: path(row.get_ref(1)?)?,
            language: Language::new(row.get_ref(2)?.as_str().map_err(text_error)?),
            module_path: row.get(3)?,
        })
    }

    /// The record of a file by its number.
    pub(crate) fn load(connection: &Connection, file: i64) -> Outcome<Self> {
        let mut statement = connection.prepare_cached(select_files!("file = ?1"))?;
        let mut rows = statement.query([file])?;
        let row = rows.next()?.or_corrupt("a symbol without its file")?;
        Self::read(row)
    }

    /// All files in the order of their paths.
    pub(crate) fn all(connection: &Connection) -> Outcome<Vec<Self>> {
        let mut statement = connection.prepare_cached(select_files!("1 ORDER BY path"))?;
        let mut rows = statement.query(())?;
        let mut files = Vec::new();
        while let Some(row) = rows.next()? {
            files.push(Self::read(row)?);
        }
        Ok(files)
    }
}

/// The outline of a file; empty when it has none.
pub(crate) fn outline(connection: &Connection, file: i64) -> Outcome<Outline> {
    let mut statement = connection.prepare_cached("SELECT symbols FROM outlines WHERE file = ?1")?;
    let mut rows = statement.query([file])?;
    match rows.next()? {
        Some(row) => Outline::read(blob(row.get_ref(0)?)?).or_corrupt("outline"),
        None => Ok(Outline::default()),
    }
}

/// What tells symbols of the same name apart, read in half the time of a whole row.
#[derive(Debug)]
pub(crate) struct NameRow {
    pub(crate) id: SymbolId,
    pub(crate) file: i64,
    name: String,
    scope: Option<String>,
}

impl NameRow {
    /// The symbol of a key.
    pub(crate) fn load(connection: &Connection, key: i64) -> Outcome<Self> {
        let mut statement =
            connection.prepare_cached("SELECT id, file, name, scope FROM symbols WHERE symbol = ?1")?;
        let mut rows = statement.query([key])?;
        let row = rows.next()?.or_corrupt("a symbol that is missing")?;
        Ok(Self { id: symbol_id(row.get_ref(0)?)?, file: row.get(1)?, name: row.get(2)?, scope: row.get(3)? })
    }

    /// The qualified name, given the module path of the file.
    pub(crate) fn qualified_name(&self, module_path: &str) -> String {
        qualified(module_path, self.scope.as_deref(), &self.name)
    }
}

/// A row of `symbols`, its file and parent still by number.
#[derive(Debug)]
pub(crate) struct SymbolRow {
    pub(crate) key: i64,
    pub(crate) id: SymbolId,
    pub(crate) file: i64,
    pub(crate) position: u32,
    pub(crate) parent: Option<i64>,
    pub(crate) kind: SymbolKind,
    pub(crate) place: Place,
    pub(crate) name: String,
    /// Qualified name of the parent inside the file; `None` for the file itself.
    pub(crate) scope: Option<String>,
    visibility: u8,
    ordinal: u32,
    signature: String,
    doc: String,
    attributes: Vec<String>,
}

impl SymbolRow {
    /// Reads a row of [`select_symbols`].
    pub(crate) fn read(row: &Row<'_>) -> Outcome<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: symbol_id(row.get_ref(1)?)?,
            file: row.get(2)?,
            position: row.get(3)?,
            parent: row.get(4)?,
            kind: symbol_kind(row.get_ref(5)?)?,
            visibility: row.get(6)?,
            ordinal: row.get(7)?,
            place: Place::read(blob(row.get_ref(8)?)?).or_corrupt("place of a symbol")?,
            name: row.get(9)?,
            scope: row.get(10)?,
            signature: row.get(11)?,
            doc: row.get(12)?,
            attributes: read_texts(blob(row.get_ref(13)?)?).or_corrupt("attributes")?,
        })
    }

    /// The symbol of a key.
    pub(crate) fn load(connection: &Connection, key: i64) -> Outcome<Self> {
        let mut statement = connection.prepare_cached(select_symbols!("symbol = ?1"))?;
        let mut rows = statement.query([key])?;
        let row = rows.next()?.or_corrupt("a symbol that is missing")?;
        Self::read(row)
    }

    /// The symbol of a key, with the id of its parent: one statement costs less than two.
    pub(crate) fn load_with_parent(connection: &Connection, key: i64) -> Outcome<(Self, Option<SymbolId>)> {
        let mut statement = connection.prepare_cached(select_symbols!(
            "symbol = ?1",
            "(SELECT above.id FROM symbols AS above WHERE above.symbol = symbols.parent)"
        ))?;
        let mut rows = statement.query([key])?;
        let row = rows.next()?.or_corrupt("a symbol that is missing")?;
        let symbol = Self::read(row)?;
        let parent = match symbol.parent {
            Some(_) if row.get_ref(14)? == ValueRef::Null => None.or_corrupt("a symbol that is missing")?,
            Some(_) => Some(symbol_id(row.get_ref(14)?)?),
            None => None,
        };
        Ok((symbol, parent))
    }

    /// The qualified name, given the module path of the file.
    pub(crate) fn qualified_name(&self, module_path: &str) -> String {
        qualified(module_path, self.scope.as_deref(), &self.name)
    }

    /// The symbol, given its file and the id of its parent.
    pub(crate) fn into_symbol(self, file: &FileRow, parent: Option<SymbolId>) -> Symbol {
        let qualified_name = self.qualified_name(&file.module_path);
        let mut symbol = Symbol::new(self.id, file.language.clone(), self.kind, self.name, file.path.clone());
        symbol.qualified_name = qualified_name;
        symbol.span = self.place.span;
        symbol.lines = self.place.lines;
        symbol.name_line = self.place.name_line;
        symbol.name_span = self.place.name_span;
        symbol.visibility = kind::visibility_of(self.visibility);
        symbol.signature = self.signature;
        symbol.doc = self.doc;
        symbol.cfg = Symbol::condition_of(&self.attributes);
        symbol.attributes = self.attributes;
        symbol.parent = parent;
        symbol.ordinal = self.ordinal;
        symbol
    }
}

/// Module path, enclosing symbols and name joined by `::`; of a file, which has no scope, the module
/// path alone.
pub(crate) fn qualified(module_path: &str, scope: Option<&str>, name: &str) -> String {
    let (scope, name) = scope.map_or(("", ""), |scope| (scope, name));
    let mut text = String::with_capacity(module_path.len() + scope.len() + name.len() + 4);
    for part in [module_path, scope, name] {
        if !part.is_empty() {
            if !text.is_empty() {
                text.push_str("::");
            }
            text.push_str(part);
        }
    }
    text
}

/// The id of a key.
pub(crate) fn id_of(connection: &Connection, key: i64) -> Outcome<SymbolId> {
    let mut statement = connection.prepare_cached("SELECT id FROM symbols WHERE symbol = ?1")?;
    let mut rows = statement.query([key])?;
    let row = rows.next()?.or_corrupt("a symbol that is missing")?;
    symbol_id(row.get_ref(0)?)
}

/// Reads path, language, content hash, size, time, module path and diagnostics.
pub(crate) fn indexed_file(row: &Row<'_>) -> Outcome<IndexedFile> {
    let language = Language::new(row.get_ref(1)?.as_str().map_err(text_error)?);
    let mut file = IndexedFile::new(path(row.get_ref(0)?)?, language, content_hash(row.get_ref(2)?)?);
    file.size_bytes = row.get::<_, i64>(3)?.cast_unsigned();
    file.modified_ns = row.get(4)?;
    file.module_path = row.get(5)?;
    let diagnostics = row.get_ref(6)?.as_str().map_err(text_error)?;
    file.diagnostics = diagnostics.lines().map(ErrorCode::new).collect();
    Ok(file)
}

/// Reads path, language, content hash, size, time, dependencies and module path.
pub(crate) fn file_stamp(row: &Row<'_>) -> Outcome<FileStamp> {
    let language = Language::new(row.get_ref(1)?.as_str().map_err(text_error)?);
    let mut stamp = FileStamp::new(path(row.get_ref(0)?)?, language, content_hash(row.get_ref(2)?)?);
    stamp.size_bytes = row.get::<_, i64>(3)?.cast_unsigned();
    stamp.modified_ns = row.get(4)?;
    stamp.dependencies = words_of_bytes(blob(row.get_ref(5)?)?).collect();
    stamp.module_path = row.get(6)?;
    Ok(stamp)
}

pub(crate) fn path(value: ValueRef<'_>) -> Outcome<RelPath> {
    RelPath::new(value.as_str().map_err(text_error)?).ok().or_corrupt("path of a file")
}

pub(crate) fn symbol_id(value: ValueRef<'_>) -> Outcome<SymbolId> {
    let bytes = blob(value)?.try_into().ok().or_corrupt("id of a symbol")?;
    Ok(SymbolId::from_bytes(bytes))
}

fn content_hash(value: ValueRef<'_>) -> Outcome<[u8; 32]> {
    blob(value)?.try_into().ok().or_corrupt("hash of a file")
}

fn symbol_kind(value: ValueRef<'_>) -> Outcome<SymbolKind> {
    match value {
        ValueRef::Integer(number) => {
            u8::try_from(number).ok().and_then(kind::of_number).or_corrupt("kind of a symbol")
        }
        text => Ok(SymbolKind::new(text.as_str().map_err(text_error)?)),
    }
}

pub(crate) fn blob(value: ValueRef<'_>) -> Outcome<&[u8]> {
    value.as_blob().map_err(|_| Cause::Corrupt("a column has another type"))
}

fn text_error(_: rusqlite::types::FromSqlError) -> Cause {
    Cause::Corrupt("a column has another type")
}

/// A list of texts, each behind its length.
pub(crate) fn write_texts(texts: &[String], out: &mut Vec<u8>) {
    for text in texts {
        put_text(out, text);
    }
}

fn read_texts(bytes: &[u8]) -> Option<Vec<String>> {
    let mut reader = Reader::new(bytes);
    let mut texts = Vec::new();
    while !reader.is_empty() {
        texts.push(reader.text()?.to_owned());
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_place_are_the_documented_ones() {
        let place = Place {
            span: ByteSpan::new(100, 130),
            lines: LineSpan { first: 5, last: 7 },
            name_span: ByteSpan::new(97, 103),
            name_line: 6,
        };
        let mut bytes = Vec::new();
        place.write(&mut bytes);
        assert_eq!(bytes, [100, 30, 5, 4, 5, 6, 2]);
        assert_eq!(Place::read(&bytes), Some(place));
        for cut in 0..bytes.len() {
            assert_eq!(Place::read(&bytes[..cut]), None);
        }
    }
}
