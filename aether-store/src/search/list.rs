//! Searches without words: what the filters keep, by name.

use std::collections::BTreeMap;

use aether_core::code::{SearchHit, SearchQuery, SymbolId};
use rusqlite::Connection;

use super::query::path_matches;
use crate::error::Outcome;
use crate::rows::{self, FileRow};
use crate::symbols::Loader;

/// The files whose path has one of `patterns` in it.
pub(super) fn files_at(connection: &Connection, patterns: &[String]) -> Outcome<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT file, path FROM files ORDER BY path")?;
    let mut found = statement.query(())?;
    let mut files = Vec::new();
    while let Some(row) = found.next()? {
        let path = rows::path(row.get_ref(1)?)?;
        if patterns.iter().any(|pattern| path_matches(path.as_str(), pattern)) {
            files.push(row.get(0)?);
        }
    }
    Ok(files)
}

/// The first `limit` symbols that the filters keep, in the order of qualified name and id, all with
/// the score 0.
pub(super) fn list(connection: &Connection, query: &SearchQuery, limit: usize) -> Outcome<Vec<SearchHit>> {
    let mut first: BTreeMap<(String, SymbolId), i64> = BTreeMap::new();
    let mut statement =
        connection.prepare_cached("SELECT symbol, id, name, scope FROM symbols WHERE symbol = ?1")?;
    for file in FileRow::all(connection)? {
        let is_kept = (query.paths.is_empty()
            || query.paths.iter().any(|pattern| path_matches(file.path.as_str(), pattern)))
            && (query.languages.is_empty() || query.languages.contains(&file.language));
        if !is_kept {
            continue;
        }
        for entry in &rows::outline(connection, file.file)?.entries {
            if !query.kinds.is_empty() && !query.kinds.contains(&entry.kind) {
                continue;
            }
            let mut found = statement.query([entry.key])?;
            if let Some(row) = found.next()? {
                let scope: Option<String> = row.get(3)?;
                let name = rows::qualified(&file.module_path, scope.as_deref(), &row.get::<_, String>(2)?);
                first.insert((name, rows::symbol_id(row.get_ref(1)?)?), row.get(0)?);
                if first.len() > limit {
                    first.pop_last();
                }
            }
        }
    }
    let mut loader = Loader::new(connection);
    first.into_values().map(|key| Ok(SearchHit::new(&loader.symbol(key)?, 0.0))).collect()
}
