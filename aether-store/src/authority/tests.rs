//! What cannot be seen from outside: which indexes answer, and what stops a store.

use std::sync::atomic::Ordering;

use aether_core::base::Timestamp;
use aether_core::port::AuditSink as _;
use aether_core::record::{AuditActor, AuditEntry, AuditKey, AuditKind};
use rusqlite::ffi;
use tempfile::TempDir;

use super::error::Fault;
use super::{PolicyStore, PolicyStoreErrorKind, PolicyStoreOptions, grants, log};

fn open(folder: &TempDir) -> PolicyStore {
    let key = AuditKey::new("k", &[7; 32]).expect("a key");
    let path = folder.path().join("authority.db");
    PolicyStore::open(&path, key, &PolicyStoreOptions::default()).expect("a policy file")
}

fn entry() -> AuditEntry {
    AuditEntry::new(AuditKind::DECISION, AuditActor::User)
}

/// How SQLite goes about a statement.
fn plan(store: &PolicyStore, statement: &str) -> String {
    let steps = store.read(|connection| {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}"))?;
        let count = plan.parameter_count();
        let steps = plan.query_map(rusqlite::params_from_iter((0..count).map(|_| 1)), |row| row.get(3))?;
        Ok(steps.collect::<Result<Vec<String>, _>>()?)
    });
    steps.expect("a plan").join("\n")
}

#[test]
fn questions_are_answered_by_indexes() {
    let folder = TempDir::new().expect("a folder");
    let store = open(&folder);
    let window = plan(&store, &log::window_statement());
    assert!(window.contains("audit_by_time (at>? AND at<?"), "{window}");
    assert!(!window.contains("SCAN") && !window.contains("TEMP B-TREE"), "{window}");
    let rows = plan(&store, &log::rows_statement());
    assert!(rows.contains("PRIMARY KEY (rowid>?)") && !rows.contains("TEMP B-TREE"), "{rows}");
    let active = plan(&store, &grants::active_statement());
    assert!(
        active.contains("grants_active_by_actor (actor=? AND capability=? AND expires_at>?)"),
        "{active}"
    );
    let ended = plan(&store, &grants::ended_statement());
    assert!(ended.contains("grants_by_actor (actor=? AND capability=?)"), "{ended}");
    assert!(!ended.contains("TEMP B-TREE"), "{ended}");
}

/// A wait for the disk that failed says nothing of what the disk has: what follows could stand behind a row
/// that is not there.
#[test]
fn a_commit_that_may_or_may_not_be_there_stops_the_store() {
    let sqlite = |code| rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
    for (fault, stops) in [
        (Fault::Commit(sqlite(ffi::SQLITE_IOERR_FSYNC)), true),
        (Fault::Commit(sqlite(ffi::SQLITE_IOERR_WRITE)), true),
        (Fault::Commit(sqlite(ffi::SQLITE_FULL)), false),
        (Fault::Commit(sqlite(ffi::SQLITE_BUSY)), false),
        (Fault::Sqlite(sqlite(ffi::SQLITE_IOERR_READ)), false),
    ] {
        let folder = TempDir::new().expect("a folder");
        let store = open(&folder);
        let told = format!("{fault:?}");
        store.write::<()>(|_| Err(fault)).expect_err("it fails");
        assert_eq!(store.is_stopped.load(Ordering::Acquire), stops, "{told}");
        let appended = store.append(entry(), Timestamp::from_unix_ms(1));
        assert_eq!((appended.is_err(), store.check().is_err()), (stops, stops), "{told}");
        if stops {
            let fault = store.write(|_| Ok(())).expect_err("stopped");
            assert_eq!(super::PolicyStoreError(fault).kind(), PolicyStoreErrorKind::Stopped);
        }
        drop(store);
        open(&folder).append(entry(), Timestamp::from_unix_ms(2)).expect("opened again, it goes on");
    }
}

#[test]
fn each_commit_waits_for_the_disk() {
    let folder = TempDir::new().expect("a folder");
    let store = open(&folder);
    let settings = store.write(|connection| {
        let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        Ok((mode, number("synchronous")?, number("fullfsync")?))
    });
    // 2 is FULL.
    assert_eq!(settings.expect("settings"), ("wal".to_owned(), 2, 1));
}
