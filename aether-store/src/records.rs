//! Semantic records: one row for each symbol and provider.

use aether_core::base::{ErrorCode, Sha256Hash, Timestamp};
use aether_core::code::{RecordAttempt, RecordStatus, Sir, StoredRecord, SymbolId};
use aether_core::port::{RecordDelta, RecordStamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::connections::begin_write;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::schema::{self, Found};

/// Applies a change in one transaction.
pub(crate) fn apply(connection: &mut Connection, delta: &RecordDelta) -> Outcome<()> {
    if delta.put.iter().any(|record| record.provider != delta.provider) {
        return Err(Cause::BadDelta("a record is of another provider"));
    }
    let transaction = begin_write(connection)?;
    schema::inspect(&transaction)?;
    write(&transaction, delta)?;
    transaction.commit()?;
    Ok(())
}

fn write(connection: &Connection, delta: &RecordDelta) -> Outcome<()> {
    let mut remove = connection.prepare_cached("DELETE FROM records WHERE provider = ?1 AND symbol = ?2")?;
    for symbol in &delta.removed {
        remove.execute(params![delta.provider, symbol.as_bytes().as_slice()])?;
    }
    let mut put = connection.prepare_cached(
        "INSERT OR REPLACE INTO records (provider, symbol, model, sir, sir_hash, source_hash, is_stale,
             updated_at, error_code, error_message, error_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    // In the order of the table, which takes rows behind its last one cheaply.
    let mut records: Vec<_> = delta.put.iter().collect();
    records.sort_by_key(|record| record.symbol);
    for record in records {
        let sir = record.sir.as_ref().map(Sir::canonical).transpose();
        let sir = sir.map_err(|_| Cause::BadDelta("a record has no canonical form"))?;
        let error = record.last_error.as_ref();
        put.execute(params![
            delta.provider,
            record.symbol.as_bytes().as_slice(),
            record.model,
            sir,
            record.sir_hash.as_ref().map(|hash| hash.as_bytes().as_slice()),
            record.source_hash.as_bytes().as_slice(),
            record.sir_status == RecordStatus::Stale,
            record.updated_at.map(Timestamp::unix_ms),
            error.map(|error| error.code.as_str()),
            error.map(|error| error.message.as_str()),
            error.and_then(|error| error.at).map(Timestamp::unix_ms),
        ])?;
    }
    let generation = delta.generation.map(u64::cast_signed);
    connection
        .prepare_cached("INSERT OR REPLACE INTO record_generations (provider, generation) VALUES (?1, ?2)")?
        .execute(params![delta.provider, generation])?;
    Ok(())
}

/// The records of symbols, in the order asked.
pub(crate) fn find(
    connection: &Connection,
    provider: &str,
    symbols: &[SymbolId],
) -> Outcome<Vec<Option<StoredRecord>>> {
    if !are_there(connection)? {
        return Ok(vec![None; symbols.len()]);
    }
    let mut find = connection.prepare_cached(
        "SELECT model, sir, sir_hash, source_hash, is_stale, updated_at, error_code, error_message, error_at
         FROM records WHERE provider = ?1 AND symbol = ?2",
    )?;
    let mut found = Vec::with_capacity(symbols.len());
    for &symbol in symbols {
        let row = find.query_row(params![provider, symbol.as_bytes().as_slice()], |row| {
            Ok(record(row, provider, symbol))
        });
        found.push(row.optional()?.transpose()?);
    }
    Ok(found)
}

fn record(row: &Row<'_>, provider: &str, symbol: SymbolId) -> Outcome<StoredRecord> {
    let sir: Option<Sir> = match row.get::<_, Option<String>>(1)? {
        Some(text) => Some(serde_json::from_str(&text).ok().or_corrupt("record")?),
        None => None,
    };
    let code: Option<String> = row.get(6)?;
    let last_error = match code {
        Some(code) => {
            let message: String = row.get(7)?;
            Some(RecordAttempt::new(ErrorCode::new(code), message, time(row.get(8)?)))
        }
        None => None,
    };
    let source_hash = hash(row.get(3)?)?.or_corrupt("record source")?;
    let attempt = RecordAttempt::new(ErrorCode::INTERNAL, "", None);
    let mut record = StoredRecord::missing(symbol, provider, row.get::<_, String>(0)?, source_hash, attempt);
    record.sir = sir;
    record.sir_hash = hash(row.get(2)?)?;
    record.sir_status = if row.get(4)? { RecordStatus::Stale } else { RecordStatus::Fresh };
    record.updated_at = time(row.get(5)?);
    record.last_error = last_error;
    Ok(record)
}

/// The stamps of a provider, sorted by symbol.
pub(crate) fn stamps(connection: &Connection, provider: &str) -> Outcome<Vec<RecordStamp>> {
    if !are_there(connection)? {
        return Ok(Vec::new());
    }
    let mut all = connection.prepare_cached(
        "SELECT symbol, sir_hash, source_hash FROM records WHERE provider = ?1 ORDER BY symbol",
    )?;
    let mut rows = all.query([provider])?;
    let mut stamps = Vec::new();
    while let Some(row) = rows.next()? {
        let symbol: Vec<u8> = row.get(0)?;
        let symbol = <[u8; 16]>::try_from(symbol).ok().or_corrupt("record symbol")?;
        let source = hash(row.get(2)?)?.or_corrupt("record source")?;
        stamps.push(RecordStamp::new(SymbolId::from_bytes(symbol), hash(row.get(1)?)?, source));
    }
    Ok(stamps)
}

/// The generation that the records of a provider stand for.
pub(crate) fn generation(connection: &Connection, provider: &str) -> Outcome<Option<u64>> {
    if !are_there(connection)? {
        return Ok(None);
    }
    let found: Option<Option<i64>> = connection
        .prepare_cached("SELECT generation FROM record_generations WHERE provider = ?1")?
        .query_row([provider], |row| row.get(0))
        .optional()?;
    Ok(found.flatten().map(i64::cast_unsigned))
}

/// Whether a store has records at all: one of an older version that is open for reading only has none.
fn are_there(connection: &Connection) -> Outcome<bool> {
    Ok(matches!(schema::inspect(connection)?, Found::Store(version) if version >= 3))
}

fn hash(bytes: Option<Vec<u8>>) -> Outcome<Option<Sha256Hash>> {
    let Some(bytes) = bytes else { return Ok(None) };
    let bytes = <[u8; 32]>::try_from(bytes).ok().or_corrupt("record hash")?;
    Ok(Some(Sha256Hash::from_bytes(bytes)))
}

fn time(ms: Option<i64>) -> Option<Timestamp> {
    ms.map(Timestamp::from_unix_ms)
}
