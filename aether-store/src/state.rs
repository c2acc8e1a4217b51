//! Counters and freshness.

use std::path::Path;

use aether_core::base::Timestamp;
use aether_core::code::{Coverage, Freshness};
use aether_core::port::StoreState;
use rusqlite::Connection;

use crate::error::Outcome;

/// The state of the store at `path`, or of one in memory.
pub(crate) fn state(connection: &Connection, path: Option<&Path>) -> Outcome<StoreState> {
    let (symbols, edges) = connection
        .prepare_cached("SELECT symbols, edges FROM state WHERE id = 0")?
        .query_row((), |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?))))?;
    let size = size_bytes(connection, path)?;
    Ok(StoreState::new(freshness(connection)?, coverage(connection)?, symbols, edges, size))
}

pub(crate) fn freshness(connection: &Connection) -> Outcome<Freshness> {
    let (generation, indexed_at) = connection
        .prepare_cached("SELECT generation, indexed_at FROM state WHERE id = 0")?
        .query_row((), |row| Ok((unsigned(row.get(0)?), row.get::<_, Option<i64>>(1)?)))?;
    Ok(Freshness::new(generation, indexed_at.map(Timestamp::from_unix_ms)))
}

pub(crate) fn coverage(connection: &Connection) -> Outcome<Coverage> {
    Ok(connection
        .prepare_cached(
            "SELECT files, files_with_diagnostics, calls, calls_unresolved, files_total
             FROM state WHERE id = 0",
        )?
        .query_row((), |row| {
            let files = unsigned(row.get(0)?);
            Ok(Coverage {
                files_indexed: files,
                files_total: files.max(unsigned(row.get(4)?)),
                files_with_diagnostics: unsigned(row.get(1)?),
                calls: unsigned(row.get(2)?),
                calls_unresolved: unsigned(row.get(3)?),
            })
        })?)
}

/// Bytes on disk: the file, and its write-ahead log.
fn size_bytes(connection: &Connection, path: Option<&Path>) -> Outcome<u64> {
    let Some(path) = path else {
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let bytes: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        return Ok(unsigned(pages.saturating_mul(bytes)));
    };
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let log_bytes = std::fs::metadata(log).map_or(0, |metadata| metadata.len());
    Ok(std::fs::metadata(path)?.len() + log_bytes)
}

/// Counters are never negative; a damaged one counts as 0.
fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
