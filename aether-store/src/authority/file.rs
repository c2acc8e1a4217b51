//! Opening the file: its tables, its version, and who may read it.

use std::path::Path;
use std::time::Duration;

use aether_core::record::{AuditKey, AuditTip};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::{Cause, Outcome};

/// Marks our files: "AETA".
const APPLICATION_ID: i64 = 0x4145_5441;
const VERSION: i64 = 1;
/// Above the number of different statements.
const STATEMENTS: usize = 48;

pub(super) fn open(path: &Path, key: &AuditKey, busy_timeout_ms: u32) -> Outcome<Connection> {
    make_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_millis(busy_timeout_ms.into()))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A file may come from anywhere: its schema must not run anything but what is harmless.
    connection.pragma_update(None, "trusted_schema", false)?;
    // Look before the first write: a file of someone else stays as it is.
    let is_made = inspect(&connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode", (), |row| row.get(0))?;
    if mode != "wal" {
        connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
    }
    // Each commit waits until it is on disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    if !is_made {
        make(&mut connection, key)?;
    }
    Ok(connection)
}

/// Makes the file where there is none, readable by its owner alone. SQLite gives the same mode to what it puts
/// beside it.
fn make_private(path: &Path) -> Outcome<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether the tables are there.
fn inspect(connection: &Connection) -> Outcome<bool> {
    let application: i64 = connection.query_row("PRAGMA application_id", (), |row| row.get(0))?;
    let version: i64 = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    if application == APPLICATION_ID {
        return match version {
            VERSION => Ok(true),
            found if found > VERSION => Err(Cause::Newer { found, known: VERSION }),
            _ => Err(Cause::Corrupt("schema version")),
        };
    }
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if application == 0 && version == 0 && tables == 0 { Ok(false) } else { Err(Cause::NotAStore) }
}

fn make(connection: &mut Connection, key: &AuditKey) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been here between the look and the lock.
    if inspect(&transaction)? {
        return Ok(());
    }
    transaction.execute_batch(include_str!("v1.sql"))?;
    let tip = AuditTip::EMPTY.sealed(key);
    transaction.execute(
        "INSERT INTO audit_tip (id, seq, event_hash, key_id, hmac) VALUES (0, 0, ?1, ?2, ?3)",
        (tip.tip.event_hash.to_string(), &tip.key_id, tip.hmac.to_string()),
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

pub(super) fn has_rows(path: &Path) -> bool {
    if !path.exists() {
        return false;
    }
    let looked = || -> Outcome<bool> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        if !inspect(&connection)? {
            return Ok(false);
        }
        let rows =
            "SELECT EXISTS (SELECT 1 FROM audit_rows) OR EXISTS (SELECT 1 FROM audit_tip WHERE seq > 0)";
        Ok(connection.query_row(rows, (), |row| row.get(0))?)
    };
    looked().unwrap_or(true)
}
