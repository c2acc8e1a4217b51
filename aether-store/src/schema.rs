//! Tables, versions and migrations.

use aether_core::code::facts;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::error::{Cause, Outcome};

/// Marks our files: "AETH".
const APPLICATION_ID: i64 = 0x4145_5448;

/// Version of the tables, kept in `user_version`.
pub(crate) const SCHEMA_VERSION: i64 = 3;

/// The steps from each version to the next, the first from an empty file: tables; fingerprints of what
/// search read of each symbol; semantic records, their history, and levels of terms on another scale.
const MIGRATIONS: [&str; SCHEMA_VERSION as usize] =
    [include_str!("schema/v1.sql"), include_str!("schema/v2.sql"), include_str!("schema/v3.sql")];

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// Nothing is in it yet.
    Empty,
    /// A store of this or an older version.
    Store(i64),
}

/// Looks at a file without changing it.
pub(crate) fn inspect(connection: &Connection) -> Outcome<Found> {
    let application: i64 = connection.query_row("PRAGMA application_id", (), |row| row.get(0))?;
    let version: i64 = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    if application == APPLICATION_ID {
        return match version {
            1..=SCHEMA_VERSION => Ok(Found::Store(version)),
            found if found > SCHEMA_VERSION => Err(Cause::Newer { found, known: SCHEMA_VERSION }),
            _ => Err(Cause::Corrupt("schema version")),
        };
    }
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if application == 0 && version == 0 && tables == 0 { Ok(Found::Empty) } else { Err(Cause::NotAStore) }
}

/// Brings a file to the current version in one transaction, and empties it when its facts have
/// another version than the one this program writes.
pub(crate) fn migrate(connection: &mut Connection) -> Outcome<()> {
    if is_current(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been here between the look and the lock.
    let from = match inspect(&transaction)? {
        Found::Empty => 0,
        Found::Store(version) => version,
    };
    for step in MIGRATIONS.iter().skip(from as usize) {
        transaction.execute_batch(step)?;
    }
    if from == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction
            .execute("INSERT INTO state (id, facts_version) VALUES (0, ?1)", [facts::SCHEMA_VERSION])?;
    }
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    if facts_version(&transaction)? != i64::from(facts::SCHEMA_VERSION) {
        clear(&transaction)?;
        transaction.execute(
            "UPDATE state SET facts_version = ?1, generation = generation + 1, indexed_at = NULL",
            [facts::SCHEMA_VERSION],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

fn is_current(connection: &Connection) -> Outcome<bool> {
    Ok(inspect(connection)? == Found::Store(SCHEMA_VERSION)
        && facts_version(connection)? == i64::from(facts::SCHEMA_VERSION))
}

/// The version of the facts that a store holds.
pub(crate) fn facts_version(connection: &Connection) -> Outcome<i64> {
    connection
        .prepare_cached("SELECT facts_version FROM state WHERE id = 0")?
        .query_row((), |row| row.get(0))
        .optional()?
        .ok_or(Cause::Corrupt("state"))
}

/// Removes everything but lineage, semantic records and the counters of generations and keys.
pub(crate) fn clear(connection: &Connection) -> Outcome<()> {
    connection.execute_batch(include_str!("schema/clear.sql"))?;
    Ok(())
}
