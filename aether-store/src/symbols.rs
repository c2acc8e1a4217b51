//! Symbols by id, name, file and parent.

use aether_core::code::{Symbol, SymbolId, SymbolKind};
use aether_core::port::SymbolQuery;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::directory::Directory;
use crate::error::Outcome;
use crate::fact_source::file_number;
use crate::ids;
use crate::kept::Kept;
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
        let (row, parent) = SymbolRow::load_with_parent(self.connection, key)?;
        self.complete(row, parent)
    }

    /// A row with its file.
    fn complete(&mut self, row: SymbolRow, parent: Option<SymbolId>) -> Outcome<Symbol> {
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

/// Symbols with one name from which on they are put in order before their rows are read.
const MANY: usize = 64;

/// Symbols that match, sorted by file and position.
pub(crate) fn find(
    connection: &Connection,
    directory: &Kept<Directory>,
    query: &SymbolQuery,
) -> Outcome<Vec<Symbol>> {
    let Some(conditions) = Conditions::of(connection, query)? else { return Ok(Vec::new()) };
    let limit = if query.limit == 0 { usize::MAX } else { query.limit as usize };
    let mut loader = Loader::new(connection);
    let Some(name) = &query.name else {
        let keys = conditions.keys(connection, limit)?;
        return keys.into_iter().map(|key| loader.symbol(key)).collect();
    };
    let mut keys = keys_named(connection, name)?;
    let is_ordered = keys.len() > MANY;
    if is_ordered {
        let directory = directory.get(connection, Directory::load)?;
        keys.sort_by_cached_key(|&key| directory.place(key));
    }
    let mut rows = Vec::new();
    for key in keys {
        let (row, parent) = SymbolRow::load_with_parent(connection, key)?;
        let is_named =
            row.name == *name || has_end(&row.qualified_name(&loader.file(row.file)?.module_path), name);
        if is_named && conditions.hold(&row) {
            rows.push((row, parent));
            if is_ordered && rows.len() == limit {
                break;
            }
        }
    }
    if !is_ordered && rows.len() > 1 {
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            placed.push((loader.file(row.0.file)?.path.clone(), row));
        }
        placed.sort_unstable_by(|(a, x), (b, y)| (a, x.0.position).cmp(&(b, y.0.position)));
        placed.truncate(limit);
        rows = placed.into_iter().map(|(_, row)| row).collect();
    }
    rows.into_iter().map(|(row, parent)| loader.complete(row, parent)).collect()
}

/// What a query asks for beside a name, by number.
struct Conditions<'q> {
    kinds: &'q [SymbolKind],
    file: Option<i64>,
    parent: Option<i64>,
}

impl<'q> Conditions<'q> {
    /// `None` when nothing can meet them.
    fn of(connection: &Connection, query: &'q SymbolQuery) -> Outcome<Option<Self>> {
        let file = match &query.file {
            Some(path) => match file_number(connection, path)? {
                Some(file) => Some(file),
                None => return Ok(None),
            },
            None => None,
        };
        let parent = match &query.parent {
            Some(id) => match ids::key_of(connection, id)? {
                Some(key) => Some(key),
                None => return Ok(None),
            },
            None => None,
        };
        Ok(Some(Self { kinds: &query.kinds, file, parent }))
    }

    fn wants(&self, kind: &SymbolKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(kind)
    }

    fn hold(&self, row: &SymbolRow) -> bool {
        self.wants(&row.kind)
            && self.file.is_none_or(|file| row.file == file)
            && self.parent.is_none_or(|parent| row.parent == Some(parent))
    }

    /// The first keys that meet them, in the order of file and position.
    fn keys(&self, connection: &Connection, limit: usize) -> Outcome<Vec<i64>> {
        let parent_file = match self.parent {
            Some(parent) => Some(NameRow::load(connection, parent)?.file),
            None => None,
        };
        let files = match self.file.or(parent_file) {
            Some(file) => vec![file],
            None => FileRow::all(connection)?.iter().map(|file| file.file).collect(),
        };
        let mut keys = Vec::new();
        for file in files {
            let outline = rows::outline(connection, file)?;
            let parent_of = |entry: &OutlineEntry| Some(outline.entries.get(entry.parent? as usize)?.key);
            let is_child = |entry: &OutlineEntry| self.parent.is_none() || parent_of(entry) == self.parent;
            let kept = outline.entries.iter().filter(|entry| self.wants(&entry.kind) && is_child(entry));
            keys.extend(kept.map(|entry| entry.key).take(limit - keys.len()));
            if keys.len() == limit {
                break;
            }
        }
        Ok(keys)
    }
}

/// The keys of all symbols whose name, or the end of whose qualified name, may be `text`.
fn keys_named(connection: &Connection, text: &str) -> Outcome<Vec<i64>> {
    // A name may hold `::` itself, as that of an implementation: every end may be the name.
    let starts = std::iter::once(0).chain(text.match_indices("::").map(|(at, _)| at + 2));
    let mut keys = Vec::new();
    for start in starts {
        search::whole_name_keys(connection, &text[start..], |key| keys.push(key))?;
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Whether a qualified name is `end` or ends in it behind a `::`.
fn has_end(qualified_name: &str, end: &str) -> bool {
    !end.is_empty()
        && qualified_name.strip_suffix(end).is_some_and(|head| head.is_empty() || head.ends_with("::"))
}
