//! Searches without words: what the filters keep, by name.

use std::collections::BTreeMap;

use aether_core::code::{SearchHit, SearchQuery, SymbolId};
use rusqlite::Connection;

use crate::error::{OrCorrupt as _, Outcome};
use crate::outline::Outline;
use crate::rows::{self, FileRow, NameRow, blob};
use crate::symbols::Loader;

/// The keys of the symbols of the files that a query keeps by their paths.
pub(super) fn keys_at(connection: &Connection, query: &SearchQuery) -> Outcome<Vec<u32>> {
    let mut statement = connection.prepare_cached("SELECT path, file FROM files ORDER BY path")?;
    let mut outline = connection.prepare_cached("SELECT symbols FROM outlines WHERE file = ?1")?;
    let mut found = statement.query(())?;
    let mut keys = Vec::new();
    while let Some(row) = found.next()? {
        let path = row.get_ref(0)?.as_str().ok().or_corrupt("path of a file")?;
        if query.keeps_path(path) {
            let mut of_file = outline.query([row.get::<_, i64>(1)?])?;
            if let Some(row) = of_file.next()? {
                Outline::each_key(blob(row.get_ref(0)?)?, |key| keys.push(key as u32))
                    .or_corrupt("outline")?;
            }
        }
    }
    Ok(keys)
}

/// The first `limit` symbols that the filters keep, in the order of qualified name and id, all with
/// the score 0.
pub(super) fn list(connection: &Connection, query: &SearchQuery, limit: usize) -> Outcome<Vec<SearchHit>> {
    let mut first: BTreeMap<(String, SymbolId), i64> = BTreeMap::new();
    for file in FileRow::all(connection)? {
        let is_kept = query.keeps_path(file.path.as_str())
            && (query.languages.is_empty() || query.languages.contains(&file.language));
        if !is_kept {
            continue;
        }
        for entry in &rows::outline(connection, file.file)?.entries {
            if !query.kinds.is_empty() && !query.kinds.contains(&entry.kind) {
                continue;
            }
            let row = NameRow::load(connection, entry.key)?;
            first.insert((row.qualified_name(&file.module_path), row.id), entry.key);
            if first.len() > limit {
                first.pop_last();
            }
        }
    }
    let mut loader = Loader::new(connection);
    first.into_values().map(|key| Ok(SearchHit::new(&loader.symbol(key)?, 0.0))).collect()
}
