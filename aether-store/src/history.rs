//! Versions of semantic records, by commit.

use aether_core::base::{RelPath, Sha256Hash, Timestamp};
use aether_core::code::{Commit, LineageCause, LineageLink, Sir, SirVersion, SymbolId};
use aether_core::port::CommitVersions;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::connections::begin_write;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::schema::{self, Found};

/// Adds commits in one transaction.
pub(crate) fn apply(connection: &mut Connection, maker: &str, commits: &[CommitVersions]) -> Outcome<()> {
    let transaction = begin_write(connection)?;
    schema::inspect(&transaction)?;
    if commits.iter().any(|told| !told.commit.is_seen()) {
        drop_other_makers(&transaction, maker)?;
    }
    for commit in commits {
        write(&transaction, maker, commit)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Drops what another maker derived of commits. What was seen cannot be derived again.
fn drop_other_makers(connection: &Connection, maker: &str) -> Outcome<()> {
    let is_other: bool = connection
        .prepare_cached("SELECT exists(SELECT 1 FROM commits WHERE maker <> ?1 AND NOT id GLOB 'seen:*')")?
        .query_row([maker], |row| row.get(0))?;
    if is_other {
        connection.execute_batch(
            "DELETE FROM versions WHERE number IN (SELECT number FROM commits WHERE NOT id GLOB 'seen:*');
             DELETE FROM version_links
                 WHERE number IN (SELECT number FROM commits WHERE NOT id GLOB 'seen:*');
             DELETE FROM commits WHERE NOT id GLOB 'seen:*';",
        )?;
    }
    Ok(())
}

/// All states that were seen, oldest first, with what derived their records.
pub(crate) fn seen_states(connection: &Connection) -> Outcome<Vec<(Commit, String)>> {
    if !is_there(connection)? {
        return Ok(Vec::new());
    }
    let mut all = connection.prepare_cached(
        "SELECT id, parent, committed_at, author, summary, maker FROM commits WHERE id GLOB 'seen:*'
         ORDER BY number",
    )?;
    let states = all.query_map((), |row| {
        let committed_at = Timestamp::from_unix_ms(row.get(2)?);
        let (id, parent, author, summary) = (row.get(0)?, row.get(1)?, row.get(3)?, row.get(4)?);
        Ok((Commit { id, parent, committed_at, author, summary }, row.get(5)?))
    })?;
    Ok(states.collect::<Result<_, _>>()?)
}

/// The hash of the record of each symbol in the last state that was seen and tells of it.
pub(crate) fn last_seen(connection: &Connection) -> Outcome<Vec<(SymbolId, Option<Sha256Hash>)>> {
    if !is_there(connection)? {
        return Ok(Vec::new());
    }
    // A bare column stands in the row that has the maximum.
    let mut all = connection.prepare_cached(
        "SELECT symbol, sir_hash, max(number) FROM versions JOIN commits USING (number)
         WHERE id GLOB 'seen:*' GROUP BY symbol ORDER BY symbol",
    )?;
    let mut rows = all.query(())?;
    let mut last = Vec::new();
    while let Some(row) = rows.next()? {
        last.push((id(row, 0)?, hash(row, 1)?));
    }
    Ok(last)
}

fn write(connection: &Connection, maker: &str, told: &CommitVersions) -> Outcome<()> {
    let Commit { id, parent, committed_at, author, summary } = &told.commit;
    let known: Option<i64> = connection
        .prepare_cached("SELECT number FROM commits WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    // What was seen stays: whoever looked at the same time has to look again.
    if known.is_some() && told.commit.is_seen() {
        return Err(Cause::SeenTwice);
    }
    if let Some(number) = known {
        for table in ["versions", "version_links"] {
            connection
                .prepare_cached(&format!("DELETE FROM {table} WHERE number = ?1"))?
                .execute([number])?;
        }
    }
    let number: i64 = connection
        .prepare_cached(
            "INSERT OR REPLACE INTO commits (number, id, parent, committed_at, author, summary, maker,
                 is_from_nothing)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING number",
        )?
        .query_row(
            params![known, id, parent, committed_at.unix_ms(), author, summary, maker, told.is_from_nothing],
            |row| row.get(0),
        )?;
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO versions (symbol, number, qualified_name, path, sir, sir_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for version in &told.versions {
        if version.commit.as_ref() != Some(id) {
            return Err(Cause::BadDelta("a version is of another commit"));
        }
        let sir = version.sir.as_ref().map(Sir::canonical).transpose();
        insert.execute(params![
            version.symbol.as_bytes().as_slice(),
            number,
            version.qualified_name,
            version.file.as_str(),
            sir.map_err(|_| Cause::BadDelta("a record has no canonical form"))?,
            version.sir_hash.as_ref().map(|hash| hash.as_bytes().as_slice()),
        ])?;
    }
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO version_links (source, target, number, cause) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for link in &told.links {
        let (from, to) = (link.from.as_bytes().as_slice(), link.to.as_bytes().as_slice());
        insert.execute(params![from, to, number, link.cause as u8])?;
    }
    Ok(())
}

/// The commits that `maker` derived records of.
pub(crate) fn known_commits(connection: &Connection, maker: &str) -> Outcome<Vec<(String, bool)>> {
    if !is_there(connection)? {
        return Ok(Vec::new());
    }
    let mut all = connection.prepare_cached(
        "SELECT id, is_from_nothing FROM commits WHERE maker = ?1
             AND NOT id GLOB 'seen:*' ORDER BY id",
    )?;
    let ids = all.query_map([maker], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// All versions of symbols.
pub(crate) fn versions(connection: &Connection, symbols: &[SymbolId]) -> Outcome<Vec<SirVersion>> {
    if !is_there(connection)? {
        return Ok(Vec::new());
    }
    let mut find = connection.prepare_cached(
        "SELECT qualified_name, path, sir, sir_hash, id FROM versions JOIN commits USING (number)
         WHERE symbol = ?1 ORDER BY number",
    )?;
    let mut versions = Vec::new();
    for &symbol in symbols {
        let mut rows = find.query([symbol.as_bytes().as_slice()])?;
        while let Some(row) = rows.next()? {
            versions.push(version(row, symbol)?);
        }
    }
    Ok(versions)
}

fn version(row: &Row<'_>, symbol: SymbolId) -> Outcome<SirVersion> {
    let (name, path, commit): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(4)?);
    let path = RelPath::new(&path).ok().or_corrupt("path of a version")?;
    let sir = match row.get::<_, Option<String>>(2)? {
        Some(text) => Some(serde_json::from_str::<Sir>(&text).ok().or_corrupt("version")?),
        None => None,
    };
    let mut version = SirVersion::new(symbol, &name, path, Some(&commit), None);
    version.sir = sir;
    version.sir_hash = hash(row, 3)?;
    Ok(version)
}

/// The links that lead to or from symbols, with the commits that made them.
pub(crate) fn links(connection: &Connection, symbols: &[SymbolId]) -> Outcome<Vec<(LineageLink, String)>> {
    if !is_there(connection)? {
        return Ok(Vec::new());
    }
    let mut find = connection.prepare_cached(
        "SELECT source, target, cause, id FROM version_links JOIN commits USING (number)
         WHERE source = ?1 OR target = ?1 ORDER BY number, source, target",
    )?;
    let mut links = Vec::new();
    for symbol in symbols {
        let mut rows = find.query([symbol.as_bytes().as_slice()])?;
        while let Some(row) = rows.next()? {
            let cause = LineageCause::from_number(row.get(2)?).or_corrupt("cause of a link")?;
            links.push((LineageLink::new(id(row, 0)?, id(row, 1)?, cause), row.get(3)?));
        }
    }
    links.sort();
    links.dedup();
    Ok(links)
}

fn hash(row: &Row<'_>, column: usize) -> Outcome<Option<Sha256Hash>> {
    let Some(bytes) = row.get::<_, Option<Vec<u8>>>(column)? else { return Ok(None) };
    let bytes = <[u8; 32]>::try_from(bytes).ok().or_corrupt("hash of a version")?;
    Ok(Some(Sha256Hash::from_bytes(bytes)))
}

fn id(row: &Row<'_>, column: usize) -> Outcome<SymbolId> {
    let bytes = <[u8; 16]>::try_from(row.get::<_, Vec<u8>>(column)?).ok().or_corrupt("symbol of a link")?;
    Ok(SymbolId::from_bytes(bytes))
}

/// Whether a store has history at all: one of an older version that is open for reading only has none.
fn is_there(connection: &Connection) -> Outcome<bool> {
    Ok(matches!(schema::inspect(connection)?, Found::Store(version) if version >= 3))
}
