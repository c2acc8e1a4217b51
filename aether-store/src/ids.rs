//! The keys of symbol ids, in buckets by the first bits of the id.

use aether_core::code::SymbolId;
use rusqlite::{Connection, params};

use crate::codec::{Reader, put};
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::rows::blob;

/// Buckets: a million symbols make 2 KiB of each.
const BUCKET_BITS: u32 = 13;
const ID_BYTES: usize = 16;

fn bucket_of(id: &SymbolId) -> i64 {
    let bytes = id.as_bytes();
    i64::from(u16::from_be_bytes([bytes[0], bytes[1]]) >> (16 - BUCKET_BITS))
}

fn write_bucket(connection: &Connection, bucket: i64, entries: &[(SymbolId, i64)]) -> Outcome<()> {
    if entries.is_empty() {
        connection.prepare_cached("DELETE FROM ids WHERE bucket = ?1")?.execute([bucket])?;
        return Ok(());
    }
    let mut data = Vec::with_capacity(entries.len() * (ID_BYTES + 4));
    for (id, key) in entries {
        data.extend_from_slice(id.as_bytes());
        put(&mut data, key.cast_unsigned());
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO ids (bucket, data) VALUES (?1, ?2)")?
        .execute(params![bucket, data])?;
    Ok(())
}

/// Reads the entries of a bucket in the order of their ids until `visit` says that it has enough.
fn read(data: &[u8], mut visit: impl FnMut(SymbolId, i64) -> bool) -> Option<()> {
    let mut reader = Reader::new(data);
    while !reader.is_empty() {
        let id = SymbolId::from_bytes(reader.array()?);
        if !visit(id, i64::try_from(reader.unsigned()?).ok()?) {
            break;
        }
    }
    Some(())
}

/// The key of a symbol.
pub(crate) fn key_of(connection: &Connection, id: &SymbolId) -> Outcome<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT data FROM ids WHERE bucket = ?1")?;
    let mut found = statement.query([bucket_of(id)])?;
    let mut key = None;
    if let Some(row) = found.next()? {
        read(blob(row.get_ref(0)?)?, |known, of_known| {
            if known == *id {
                key = Some(of_known);
            }
            known < *id
        })
        .or_corrupt("ids")?;
    }
    Ok(key)
}

/// Writes an empty table.
pub(crate) fn build(connection: &Connection, mut entries: Vec<(SymbolId, i64)>) -> Outcome<()> {
    entries.sort_unstable();
    for bucket in entries.chunk_by(|a, b| bucket_of(&a.0) == bucket_of(&b.0)) {
        write_bucket(connection, bucket_of(&bucket[0].0), bucket)?;
    }
    Ok(())
}

/// Adds ids with their keys, and removes those without.
pub(crate) fn change(connection: &Connection, mut changes: Vec<(SymbolId, Option<i64>)>) -> Outcome<()> {
    // Removals first: an id may move from one file to another.
    changes.sort_by_key(|&(id, key)| (id, key.is_some()));
    for group in changes.chunk_by(|a, b| bucket_of(&a.0) == bucket_of(&b.0)) {
        let bucket = bucket_of(&group[0].0);
        let mut entries = Vec::new();
        {
            let mut statement = connection.prepare_cached("SELECT data FROM ids WHERE bucket = ?1")?;
            let mut found = statement.query([bucket])?;
            if let Some(row) = found.next()? {
                read(blob(row.get_ref(0)?)?, |id, key| {
                    entries.push((id, key));
                    true
                })
                .or_corrupt("ids")?;
            }
        }
        for &(id, key) in group {
            match (entries.binary_search_by_key(&id, |&(known, _)| known), key) {
                (Ok(at), None) => {
                    entries.remove(at);
                }
                (Err(at), Some(key)) => entries.insert(at, (id, key)),
                (Ok(_), Some(_)) => return Err(Cause::BadDelta("two symbols have the same id")),
                (Err(_), None) => {}
            }
        }
        write_bucket(connection, bucket, &entries)?;
    }
    Ok(())
}
