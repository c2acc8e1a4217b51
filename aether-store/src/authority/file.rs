//! The file: how it comes to be as a whole, how it is opened, and whether it is one of ours.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/authority.db"))]

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aether_core::record::{AuditKey, AuditTip};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags, TransactionBehavior};

use super::error::Fault;
use super::head;
use super::options::PolicyStoreOptions;
use crate::folders::{make_folder, or_here, sync_folder};

/// Marks our files: "AETP".
const APPLICATION_ID: i64 = 0x4145_5450;
/// Version of the tables, kept in `user_version`.
pub(super) const SCHEMA_VERSION: i64 = 1;
const TABLES: &str = include_str!("v1.sql");
/// Statements each connection keeps prepared: above the number of different statements of this module.
const STATEMENTS: usize = 48;
/// Bytes of the log that stay on disk after it was copied into the file.
const LOG_BYTES: i64 = 4 << 20;

/// What `sqlite_schema` tells of a file: type, name, table and text of each part, in order.
type Parts = Vec<(String, String, String, Option<String>)>;

/// What a file of this version looks like.
#[derive(Clone, Debug)]
pub(super) struct Shape(Arc<Parts>);

impl Shape {
    pub(super) fn new() -> Result<Self, Fault> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(TABLES)?;
        Ok(Self(Arc::new(parts(&connection)?)))
    }
}

fn parts(connection: &Connection) -> Result<Parts, Fault> {
    let mut statement = connection.prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' \
         ORDER BY type, name",
    )?;
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes the file when it is not there: written under another name, safe on disk, and only then given its
/// own. So nobody ever sees half of one, and a file without a head was not left by a crash.
pub(super) fn create(path: &Path, key: &AuditKey) -> Result<(), Fault> {
    if path.try_exists()? {
        return Ok(());
    }
    let folder = or_here(path.parent().unwrap_or(Path::new("")));
    make_folder(folder)?;
    // What is left of a file that somebody removed would be taken for a part of the new one.
    if beside(path, "-wal").try_exists()? || beside(path, "-journal").try_exists()? {
        // Another program may have made the file since the first look.
        return match path.try_exists()? {
            true => Ok(()),
            false => Err(Fault::Damaged("its write-ahead log is there without it")),
        };
    }
    let file = tempfile::Builder::new().prefix(".new-policy-").tempfile_in(folder)?;
    let mut connection = Connection::open_with_flags(file.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(TABLES)?;
    head::insert(&transaction, &AuditTip::EMPTY.sealed(key))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        // Another program was faster.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error.into()),
        Ok(_) => {}
    }
    Ok(sync_folder(folder)?)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Which file a path leads to, where the system can tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct FileId(Option<(u64, u64)>);

impl FileId {
    pub(super) fn of(path: &Path) -> Result<Self, Fault> {
        match std::fs::metadata(path) {
            Ok(metadata) => Ok(Self(device_and_inode(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Fault::Missing),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(unix)]
fn device_and_inode(metadata: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn device_and_inode(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}

/// A connection that works on a file of this version and of this shape, and on no other.
#[derive(Debug)]
pub(super) struct Session {
    connection: Connection,
    shape: Shape,
    /// The count of changes to tables and triggers at which the file was found to be in shape.
    in_shape_at: Option<i64>,
}

impl Session {
    /// Opens a connection that writes.
    pub(super) fn writer(path: &Path, shape: &Shape, options: &PolicyStoreOptions) -> Result<Self, Fault> {
        let connection = connect(path, options)?;
        inspect(&connection)?;
        let mode: String = connection.query_row("PRAGMA journal_mode", (), |row| row.get(0))?;
        if mode != "wal" {
            connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
        }
        // A commit is safe on disk when it returns: with FULL, the log is synced at each.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        if let Some(bytes) = options.max_bytes() {
            let page_bytes: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let pages = bytes.div_ceil(page_bytes.max(1).cast_unsigned());
            // SQLite never goes below the pages that there are.
            connection.pragma_update_and_check(None, "max_page_count", pages.cast_signed(), |_| Ok(()))?;
        }
        Ok(Self { connection, shape: shape.clone(), in_shape_at: None })
    }

    /// Opens a connection that changes nothing.
    pub(super) fn reader(path: &Path, shape: &Shape, options: &PolicyStoreOptions) -> Result<Self, Fault> {
        if !path.try_exists()? {
            return Err(Fault::Missing);
        }
        let connection = connect(path, options)?;
        inspect(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self { connection, shape: shape.clone(), in_shape_at: None })
    }

    /// Whether the file can only be read.
    pub(super) fn is_write_protected(&self) -> Result<bool, Fault> {
        Ok(self.connection.is_readonly(MAIN_DB)?)
    }

    /// Runs `work` on one state of a file that is in shape.
    pub(super) fn read<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        let Self { connection, shape, in_shape_at } = self;
        let transaction = connection.transaction()?;
        check_shape(&transaction, shape, in_shape_at)?;
        work(&transaction)
    }

    /// Runs `work` on one state of a file whatever its tables look like, to say what is wrong with them.
    pub(super) fn read_any<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let transaction = self.connection.transaction()?;
        work(&transaction)
    }

    /// Runs `work` as the only writer; what it did is safe on disk, or none of it is there.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let Self { connection, shape, in_shape_at } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        check_shape(&transaction, shape, in_shape_at)?;
        let value = work(&transaction)?;
        transaction.commit().map_err(Fault::Commit)?;
        Ok(value)
    }

    /// Whether the whole file holds together: tables and triggers are ours, and indexes fit their tables.
    pub(super) fn check_file(&mut self) -> Result<(), Fault> {
        self.in_shape_at = None;
        self.read(|connection| {
            let told: String = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get(0))?;
            if told == "ok" {
                Ok(())
            } else {
                Err(Fault::Damaged("its pages or indexes do not fit together"))
            }
        })
    }
}

fn connect(path: &Path, options: &PolicyStoreOptions) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout())?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // The file may have been changed by anybody: its schema must not run anything of theirs.
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// Looks whether a file is one of ours and of this version, without changing it.
fn inspect(connection: &Connection) -> Result<(), Fault> {
    let application: i64 = connection.query_row("PRAGMA application_id", (), |row| row.get(0))?;
    let found: i64 = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    match (application, found) {
        (APPLICATION_ID, SCHEMA_VERSION) => Ok(()),
        (APPLICATION_ID, found) if found > SCHEMA_VERSION => {
            Err(Fault::Newer { found, known: SCHEMA_VERSION })
        }
        (APPLICATION_ID, _) => Err(Fault::Damaged("it has no version")),
        // One of ours always has tables: it is made as a whole.
        _ => Err(Fault::NotAPolicyFile),
    }
}

/// Looks again whenever tables or triggers were changed, be it by another program.
fn check_shape(connection: &Connection, shape: &Shape, in_shape_at: &mut Option<i64>) -> Result<(), Fault> {
    let count = connection.prepare_cached("PRAGMA schema_version")?.query_row((), |row| row.get(0))?;
    if *in_shape_at == Some(count) {
        return Ok(());
    }
    // A newer program may have come in between.
    inspect(connection)?;
    if parts(connection)? != *shape.0 {
        return Err(Fault::Damaged("its tables or triggers were changed"));
    }
    *in_shape_at = Some(count);
    Ok(())
}
