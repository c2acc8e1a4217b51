//! Symbols by id, name, file and parent.

use aether_core::code::{Symbol, SymbolId, SymbolKind};
use aether_core::port::SymbolQuery;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::error::Outcome;
use crate::fact_source::file_number;
use crate::ids;
use crate::outline::OutlineEntry;
use crate::rows::{self, FileRow, NameRow, SymbolRow};
use crate::search;

/// Reads symbols with their files and parents, each file once.
pub(crate) struct Loader<'c> {
    connection: &'c Connection,
    files: FxHashMap<i64, FileRow>,
}

impl<'c> Loader<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, files: FxHashMap::default() }
    }

    /// The symbol of a key.
    pub(crate) fn symbol(&mut self, key: i64) -> Outcome<Symbol> {
        let row = SymbolRow::load(self.connection, key)?;
        self.complete(row)
    }

    /// A row with its file and parent.
    pub(crate) fn complete(&mut self, row: SymbolRow) -> Outcome<Symbol> {
        let parent = match row.parent {
            Some(parent) => Some(rows::id_of(self.connection, parent)?),
            None => None,
        };
        let file = self.file(row.file)?;
        Ok(row.into_symbol(file, parent))
    }

    /// The record of a file.
    pub(crate) fn file(&mut self, file: i64) -> Outcome<&FileRow> {
        if !self.files.contains_key(&file) {
            self.files.insert(file, FileRow::load(self.connection, file)?);
        }
        Ok(&self.files[&file])
    }
}

/// Symbols by id, in the order asked; unknown ids are left out.
pub(crate) fn by_ids(connection: &Connection, ids: &[SymbolId]) -> Outcome<Vec<Symbol>> {
    let mut loader = Loader::new(connection);
    let mut symbols = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(key) = ids::key_of(connection, id)? {
            symbols.push(loader.symbol(key)?);
        }
    }
    Ok(symbols)
}

/// Symbols that match, sorted by file and position.
pub(crate) fn find(connection: &Connection, query: &SymbolQuery) -> Outcome<Vec<Symbol>> {
    let mut loader = Loader::new(connection);
    let file = match &query.file {
        Some(path) => match file_number(connection, path)? {
            Some(file) => Some(file),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let parent = match &query.parent {
        Some(id) => match ids::key_of(connection, id)? {
            Some(key) => Some(key),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let wants = |kind: &SymbolKind| query.kinds.is_empty() || query.kinds.contains(kind);
    let mut keys = match &query.name {
        Some(name) => {
            let mut rows = named(connection, name, &mut loader)?;
            rows.retain(|row| {
                wants(&row.kind)
                    && file.is_none_or(|file| row.file == file)
                    && parent.is_none_or(|parent| row.parent == Some(parent))
            });
            in_order(rows, &mut loader)?
        }
        None => {
            let parent_file = match parent {
                Some(parent) => Some(NameRow::load(connection, parent)?.file),
                None => None,
            };
            let files = match file.or(parent_file) {
                Some(file) => vec![file],
                None => FileRow::all(connection)?.iter().map(|file| file.file).collect(),
            };
            let mut keys = Vec::new();
            for file in files {
                let outline = rows::outline(connection, file)?;
                let parent_of = |entry: &OutlineEntry| Some(outline.entries.get(entry.parent? as usize)?.key);
                let is_child = |entry: &OutlineEntry| parent.is_none() || parent_of(entry) == parent;
                let kept = outline.entries.iter().filter(|entry| wants(&entry.kind) && is_child(entry));
                keys.extend(kept.map(|entry| entry.key));
            }
            keys
        }
    };
    if query.limit > 0 {
        keys.truncate(query.limit as usize);
    }
    keys.into_iter().map(|key| loader.symbol(key)).collect()
}

/// The keys of rows in the order of file and position.
fn in_order(rows: Vec<NameRow>, loader: &mut Loader<'_>) -> Outcome<Vec<i64>> {
    let mut placed = Vec::with_capacity(rows.len());
    for row in rows {
        placed.push((loader.file(row.file)?.path.clone(), row.position, row.key));
    }
    placed.sort_unstable();
    Ok(placed.into_iter().map(|(_, _, key)| key).collect())
}

/// Symbols whose name is `text`, or whose qualified name is `text` or ends in it behind a `::`.
fn named(connection: &Connection, text: &str, loader: &mut Loader<'_>) -> Outcome<Vec<NameRow>> {
    // A name may hold `::` itself, as that of an implementation: every end may be the name.
    let starts = std::iter::once(0).chain(text.match_indices("::").map(|(at, _)| at + 2));
    let mut keys = Vec::new();
    for start in starts {
        search::whole_name_keys(connection, &text[start..], |key| keys.push(key))?;
    }
    keys.sort_unstable();
    keys.dedup();
    let mut found = Vec::new();
    for key in keys {
        let row = NameRow::load(connection, key)?;
        if row.name == text || has_end(&row.qualified_name(&loader.file(row.file)?.module_path), text) {
            found.push(row);
        }
    }
    Ok(found)
}

/// Whether a qualified name is `end` or ends in it behind a `::`.
fn has_end(qualified_name: &str, end: &str) -> bool {
    !end.is_empty()
        && qualified_name.strip_suffix(end).is_some_and(|head| head.is_empty() || head.ends_with("::"))
}
