//! Symbols by id, name, file and parent.

use std::collections::BTreeSet;

use aether_core::code::{Symbol, SymbolId};
use aether_core::port::SymbolQuery;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::error::Outcome;
use crate::fact_source::file_number;
use crate::ids;
use crate::outline::Outline;
use crate::rows::{self, FileRow, SymbolRow};
use crate::search;

/// Reads symbols with their files and parents, each file and outline once.
pub(crate) struct Loader<'c> {
    connection: &'c Connection,
    files: FxHashMap<i64, FileRow>,
    outlines: FxHashMap<i64, Outline>,
}

impl<'c> Loader<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, files: FxHashMap::default(), outlines: FxHashMap::default() }
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

    /// The outline of a file.
    pub(crate) fn outline(&mut self, file: i64) -> Outcome<&Outline> {
        if !self.outlines.contains_key(&file) {
            self.outlines.insert(file, rows::outline(self.connection, file)?);
        }
        Ok(&self.outlines[&file])
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
    let mut rows = candidates(connection, query, &mut loader)?;
    if !query.kinds.is_empty() {
        rows.retain(|row| query.kinds.contains(&row.kind));
    }
    if let Some(file) = &query.file {
        let file = file_number(connection, file)?;
        rows.retain(|row| Some(row.file) == file);
    }
    if let Some(parent) = &query.parent {
        let parent = ids::key_of(connection, parent)?;
        rows.retain(|row| row.parent.is_some() && row.parent == parent);
    }
    let mut placed = Vec::with_capacity(rows.len());
    let is_single_file = rows.windows(2).all(|pair| pair[0].file == pair[1].file);
    for row in rows {
        let path =
            if is_single_file { String::new() } else { loader.file(row.file)?.path.as_str().to_owned() };
        placed.push((path, row));
    }
    // Byte order of the start follows the position, save for the file itself, which starts with its
    // first symbol, and for what one macro declares in one place: their keys tell.
    if placed.len() > 1 {
        let mut positions = FxHashMap::default();
        for (_, row) in &placed {
            positions.entry(row.file).or_insert_with(FxHashMap::default);
        }
        for (&file, of_file) in &mut positions {
            let entries = &loader.outline(file)?.entries;
            of_file.extend(entries.iter().enumerate().map(|(at, entry)| (entry.key, at)));
        }
        placed.sort_by_cached_key(|(path, row)| (path.clone(), positions[&row.file].get(&row.key).copied()));
    }
    if query.limit > 0 {
        placed.truncate(query.limit as usize);
    }
    placed.into_iter().map(|(_, row)| loader.complete(row)).collect()
}

fn candidates(
    connection: &Connection,
    query: &SymbolQuery,
    loader: &mut Loader<'_>,
) -> Outcome<Vec<SymbolRow>> {
    if let Some(name) = &query.name {
        return named(connection, name, loader);
    }
    let parent_file = match &query.parent {
        Some(parent) => match ids::key_of(connection, parent)? {
            Some(key) => Some(SymbolRow::load(connection, key)?.file),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let files = match (&query.file, parent_file) {
        (Some(path), _) => file_number(connection, path)?.into_iter().collect(),
        (None, Some(file)) => vec![file],
        (None, None) => FileRow::all(connection)?.iter().map(|file| file.file).collect(),
    };
    let mut found = Vec::new();
    for file in files {
        for entry in &rows::outline(connection, file)?.entries {
            if query.kinds.is_empty() || query.kinds.contains(&entry.kind) {
                found.push(SymbolRow::load(connection, entry.key)?);
            }
        }
    }
    Ok(found)
}

/// Symbols whose name is `text`, or whose qualified name is `text` or ends in it behind a `::`.
pub(crate) fn named(connection: &Connection, text: &str, loader: &mut Loader<'_>) -> Outcome<Vec<SymbolRow>> {
    // A name may hold `::` itself, as that of an implementation: every end may be the name.
    let starts = std::iter::once(0).chain(text.match_indices("::").map(|(at, _)| at + 2));
    let mut keys = BTreeSet::new();
    for start in starts {
        search::whole_name_keys(connection, &text[start..], |key| {
            keys.insert(key);
        })?;
    }
    let mut found = Vec::new();
    for key in keys {
        let row = SymbolRow::load(connection, key)?;
        if row.name == text || {
            let qualified = row.qualified_name(&loader.file(row.file)?.module_path);
            qualified
                .strip_suffix(text)
                .is_some_and(|head| !text.is_empty() && (head.is_empty() || head.ends_with("::")))
        } {
            found.push(row);
        }
    }
    Ok(found)
}
