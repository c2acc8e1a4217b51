//! Connections to one file: one that writes, and a pool of readers that never wait for it.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "the folder of the store"))]

use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::{Cause, Outcome};
use crate::options::StoreOptions;
use crate::schema::{self, Found};
use crate::write::WriterMemory;

/// Readers kept open between questions. More may be open at once; they are closed after use.
const MAX_IDLE_READERS: usize = 8;
/// Statements each connection keeps prepared: above the number of different statements of this crate.
const STATEMENTS: usize = 96;
/// Pages of the write-ahead log after which it is copied into the file, which waits for the disk: a
/// change of one file writes some fifty, so one in eighty pays for it.
const LOG_PAGES: i64 = 4096;
/// Bytes of the log that stay on disk after it was copied.
const LOG_BYTES: i64 = LOG_PAGES * PAGE_BYTES;
/// Bytes of a page of a new file: larger ones make a small change write more.
const PAGE_BYTES: i64 = 4096;

/// The connections. Lock order: `writer` before `idle`; neither is held while callers' code runs,
/// except that a store in memory has the writer alone.
pub(crate) struct Connections {
    /// `None` for a store that is only read.
    writer: Option<Mutex<Writer>>,
    idle: Mutex<Vec<Connection>>,
    /// `None` for a store in memory, which has no readers of its own.
    path: Option<PathBuf>,
    options: StoreOptions,
}

/// The connection that writes, with what it remembers from one change to the next.
struct Writer {
    connection: Connection,
    memory: WriterMemory,
}

impl Writer {
    fn new(connection: Connection) -> Mutex<Self> {
        Mutex::new(Self { connection, memory: WriterMemory::default() })
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("path", &self.path)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Connections {
    pub(crate) fn open(path: &Path, options: &StoreOptions) -> Outcome<Self> {
        let writer = if options.is_read_only() {
            if !path.try_exists()? {
                return Err(Cause::Missing);
            }
            let reader = open_reader(path, options)?;
            match schema::inspect(&reader)? {
                // No question needs what was added since version 1.
                Found::Store(_) => {}
                // Somebody is about to make a store of it, or never came to it.
                Found::Empty => return Err(Cause::Missing),
            }
            None
        } else {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            Some(Writer::new(open_writer(path, options)?))
        };
        Ok(Self { writer, idle: Mutex::default(), path: Some(path.to_owned()), options: options.clone() })
    }

    pub(crate) fn open_in_memory() -> Outcome<Self> {
        let mut connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        harden(&connection)?;
        schema::migrate(&mut connection)?;
        Ok(Self {
            writer: Some(Writer::new(connection)),
            idle: Mutex::default(),
            path: None,
            options: StoreOptions::default(),
        })
    }

    /// Whether callers' code must not run while a connection is held, because there is only one.
    pub(crate) fn is_single(&self) -> bool {
        self.path.is_none()
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Runs `work` on one consistent state of the store.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        let connection = self.reader()?;
        let snapshot = Snapshot::begin(&connection)?;
        let result = work(&connection);
        drop(snapshot);
        result
    }

    /// Runs `work` in a transaction that it commits itself.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Connection, &mut WriterMemory) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut writer = lock(self.writer.as_ref().ok_or(Cause::ReadOnly)?);
        let Writer { connection, memory } = &mut *writer;
        work(connection, memory)
    }

    fn reader(&self) -> Outcome<Reader<'_>> {
        let Some(path) = &self.path else {
            let writer = self.writer.as_ref().ok_or(Cause::ReadOnly)?;
            return Ok(Reader::Shared(lock(writer)));
        };
        let idle = lock(&self.idle).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open_reader(path, &self.options)?,
        };
        Ok(Reader::Owned { connection: Some(connection), home: &self.idle })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Transactions roll back when a panic unwinds through them, so a connection stays usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection to read from, given back when dropped.
enum Reader<'a> {
    Owned { connection: Option<Connection>, home: &'a Mutex<Vec<Connection>> },
    Shared(MutexGuard<'a, Writer>),
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Self::Owned { connection, .. } => connection.as_ref().expect("taken only when dropped"),
            Self::Shared(writer) => &writer.connection,
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Self::Owned { connection, home } = self
            && let Some(connection) = connection.take()
        {
            let mut idle = lock(home);
            if idle.len() < MAX_IDLE_READERS {
                idle.push(connection);
            }
        }
    }
}

/// A read transaction, ended when dropped.
struct Snapshot<'a>(&'a Connection);

impl<'a> Snapshot<'a> {
    fn begin(connection: &'a Connection) -> Outcome<Self> {
        connection.prepare_cached("BEGIN DEFERRED")?.execute(())?;
        Ok(Self(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written, and a connection on which this fails fails again at its next use.
        let _ = self.0.prepare_cached("ROLLBACK").and_then(|mut statement| statement.execute(()));
    }
}

fn open_writer(path: &Path, options: &StoreOptions) -> Outcome<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout())?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    harden(&connection)?;
    // Look before the first write: a file of someone else stays as it is.
    if schema::inspect(&connection)? == Found::Empty {
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    }
    let mode: String = connection.query_row("PRAGMA journal_mode", (), |row| row.get(0))?;
    if mode != "wal" {
        connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()))?;
    }
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    schema::migrate(&mut connection)?;
    if let Some(bytes) = options.max_bytes() {
        let page_bytes: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = bytes.div_ceil(page_bytes.max(1).cast_unsigned());
        // SQLite never goes below the pages that there are.
        connection.pragma_update_and_check(None, "max_page_count", pages.cast_signed(), |_| Ok(()))?;
    }
    Ok(connection)
}

fn open_reader(path: &Path, options: &StoreOptions) -> Outcome<Connection> {
    // Not `READ_ONLY`: whoever closes a file last copies its log and removes it, which such a
    // connection cannot. SQLite opens a file that is write protected for reading all the same.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout())?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    harden(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    Ok(connection)
}

/// A store file may come from anywhere: its schema must not run anything.
fn harden(connection: &Connection) -> Outcome<()> {
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    Ok(())
}

/// Starts the transaction of a writer.
pub(crate) fn begin_write(connection: &mut Connection) -> Outcome<rusqlite::Transaction<'_>> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}
