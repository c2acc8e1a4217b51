//! The keys of symbol ids, sorted and packed by the dozen into rows.
//!
//! A row is keyed by its first id and holds what follows up to the next row.

use aether_core::code::SymbolId;
use rusqlite::{Connection, params};
use rustc_hash::FxHashMap;

use crate::codec::{Reader, put};
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::rows::{blob, symbol_id};

/// Ids in a row when it is written at once.
const ROW_IDS: usize = 64;
/// Ids in a row beyond which it is split.
const MAX_ROW_IDS: usize = 128;
/// Ids that a writer remembers from one delta to the next at most: 100 MB.
const MAX_REMEMBERED: usize = 2_000_000;

type Entry = (SymbolId, i64);

fn write_row(connection: &Connection, entries: &[Entry]) -> Outcome<()> {
    let Some((first, _)) = entries.first() else { return Ok(()) };
    let mut data = Vec::with_capacity(entries.len() * 20);
    for (id, key) in entries {
        data.extend_from_slice(id.as_bytes());
        put(&mut data, key.cast_unsigned());
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO ids (first, data) VALUES (?1, ?2)")?
        .execute(params![first.as_bytes().as_slice(), data])?;
    Ok(())
}

fn read_row(data: &[u8], mut visit: impl FnMut(SymbolId, i64)) -> Option<()> {
    let mut reader = Reader::new(data);
    while !reader.is_empty() {
        let id = SymbolId::from_bytes(reader.array()?);
        visit(id, i64::try_from(reader.unsigned()?).ok()?);
    }
    Some(())
}

/// The key of a symbol.
pub(crate) fn key_of(connection: &Connection, id: &SymbolId) -> Outcome<Option<i64>> {
    let mut statement =
        connection.prepare_cached("SELECT data FROM ids WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
    let mut found = statement.query([id.as_bytes().as_slice()])?;
    let mut key = None;
    if let Some(row) = found.next()? {
        read_row(blob(row.get_ref(0)?)?, |known, of_known| {
            if known == *id {
                key = Some(of_known);
            }
        })
        .or_corrupt("ids")?;
    }
    Ok(key)
}

/// Adds ids with their keys, and removes those without. An id that has a key and was not removed is an
/// error.
pub(crate) fn change(connection: &Connection, mut changes: Vec<(SymbolId, Option<i64>)>) -> Outcome<()> {
    // Removals first: an id may move from one file to another.
    changes.sort_unstable_by_key(|&(id, key)| (id, key.is_some()));
    let mut rest = changes.as_slice();
    while let Some(&(id, _)) = rest.first() {
        let (first, mut entries) = row_around(connection, &id)?;
        let next: Option<Vec<u8>> = connection
            .prepare_cached("SELECT min(first) FROM ids WHERE first > ?1")?
            .query_row([id.as_bytes().as_slice()], |row| row.get(0))?;
        let is_here = |&(id, _): &(SymbolId, _)| {
            next.as_ref().is_none_or(|next| id.as_bytes().as_slice() < next.as_slice())
        };
        let (now, later) = rest.split_at(rest.partition_point(is_here));
        rest = later;
        merge(&mut entries, now)?;
        if let Some(first) = first
            && entries.first().is_none_or(|&(id, _)| id != first)
        {
            connection
                .prepare_cached("DELETE FROM ids WHERE first = ?1")?
                .execute([first.as_bytes().as_slice()])?;
        }
        let size = if entries.len() > MAX_ROW_IDS { ROW_IDS } else { MAX_ROW_IDS };
        entries.chunks(size).try_for_each(|row| write_row(connection, row))?;
    }
    Ok(())
}

/// The last row that starts at or before `id`, and its first id.
fn row_around(connection: &Connection, id: &SymbolId) -> Outcome<(Option<SymbolId>, Vec<Entry>)> {
    let mut statement = connection
        .prepare_cached("SELECT first, data FROM ids WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
    let mut found = statement.query([id.as_bytes().as_slice()])?;
    let Some(row) = found.next()? else { return Ok((None, Vec::new())) };
    let mut entries = Vec::with_capacity(MAX_ROW_IDS);
    read_row(blob(row.get_ref(1)?)?, |id, key| entries.push((id, key))).or_corrupt("ids")?;
    Ok((Some(symbol_id(row.get_ref(0)?)?), entries))
}

fn merge(entries: &mut Vec<Entry>, changes: &[(SymbolId, Option<i64>)]) -> Outcome<()> {
    let mut merged = Vec::with_capacity(entries.len() + changes.len());
    let mut old = entries.iter().copied().peekable();
    for same in changes.chunk_by(|a, b| a.0 == b.0) {
        let id = same[0].0;
        while let Some(before) = old.next_if(|before| before.0 < id) {
            merged.push(before);
        }
        let mut key = old.next_if(|before| before.0 == id).map(|(_, key)| key);
        for &(_, new) in same {
            if let (Some(key), Some(_)) = (key, new) {
                return Err(Cause::TakenId { key });
            }
            key = new;
        }
        merged.extend(key.map(|key| (id, key)));
    }
    merged.extend(old);
    *entries = merged;
    Ok(())
}

/// Keys that a writer has asked for or given out, for one state of the store.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    keys: FxHashMap<SymbolId, Option<i64>>,
}

impl Cache {
    /// The key of a symbol; `read` tells it of one that was not asked for before.
    pub(crate) fn get(
        &mut self,
        id: &SymbolId,
        read: impl FnOnce() -> Outcome<Option<i64>>,
    ) -> Outcome<Option<i64>> {
        if let Some(&key) = self.keys.get(id) {
            return Ok(key);
        }
        let key = read()?;
        self.set(id, key);
        Ok(key)
    }

    /// Notes the key of a symbol, or that there is none.
    pub(crate) fn set(&mut self, id: &SymbolId, key: Option<i64>) {
        self.keys.insert(*id, key);
    }

    /// Forgets all keys.
    pub(crate) fn clear(&mut self) {
        self.keys.clear();
    }

    /// Forgets all keys when they are too many, which must not happen inside a transaction: until its
    /// end they are what only this knows.
    pub(crate) fn trim(&mut self) {
        if self.keys.len() > MAX_REMEMBERED {
            self.keys = FxHashMap::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn id(number: u64) -> SymbolId {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        SymbolId::from_bytes(bytes)
    }

    #[test]
    fn changes_equal_those_of_a_map() {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE ids (first BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID")
            .expect("a table");
        let mut model = BTreeMap::new();
        for round in 0..60_u64 {
            let mut changes = Vec::new();
            for at in 0..100 {
                let id = id((round * 37 + at * 11) % 1500);
                let key = (round * 1000 + at).cast_signed();
                if model.remove(&id).is_some() {
                    changes.push((id, None));
                }
                if (round + at) % 3 > 0 {
                    changes.push((id, Some(key)));
                    model.insert(id, key);
                }
            }
            change(&connection, changes).expect("changes");
            for at in 0..1500 {
                let id = id(at);
                assert_eq!(
                    key_of(&connection, &id).expect("a key"),
                    model.get(&id).copied(),
                    "round {round}"
                );
            }
        }
        let taken = *model.keys().next().expect("an id");
        assert!(change(&connection, vec![(taken, Some(1))]).is_err());
    }
}
