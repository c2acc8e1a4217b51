//! Files that are stores, that are not, and that several programs use at once.

use aether_core::base::ErrorCode;
use aether_core::port::{GraphStore as _, IndexStore as _, SymbolQuery};
use aether_store::{SqliteStore, StoreErrorKind, StoreOptions};
use rusqlite::Connection;

use crate::support::{Source, full, update};

fn source(path: &str, name: &str) -> Source {
    let mut source = Source::new(path, "demo");
    source.function(name);
    source
}

fn names(store: &SqliteStore) -> Vec<String> {
    let found = store.find_symbols(&SymbolQuery::default()).expect("symbols");
    let mut names: Vec<String> =
        found.into_iter().filter(|symbol| symbol.kind.as_str() != "file").map(|symbol| symbol.name).collect();
    names.sort();
    names
}

#[track_caller]
fn check_refused(prepare: impl FnOnce(&std::path::Path), kind: StoreErrorKind, code: &ErrorCode) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aether.db");
    prepare(&path);
    let before = std::fs::read(&path).expect("the file");
    let error = SqliteStore::open(&path, &StoreOptions::default()).expect_err("a refusal");
    assert_eq!((error.kind(), &error.code()), (kind, code));
    assert_eq!(std::fs::read(&path).expect("the file"), before, "a file that is refused is left as it is");
}

#[test]
fn a_newer_store_is_refused() {
    check_refused(
        |path| {
            drop(SqliteStore::open(path, &StoreOptions::default()).expect("a store"));
            let connection = Connection::open(path).expect("SQLite");
            connection.pragma_update(None, "user_version", 9_999).expect("a newer version");
            connection.pragma_update(None, "wal_checkpoint", "TRUNCATE").ok();
        },
        StoreErrorKind::NewerVersion,
        &ErrorCode::STORE_NEWER,
    );
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    check_refused(
        |path| {
            std::fs::write(path, "not a database at all, but long enough to have a header ".repeat(40))
                .expect("a file")
        },
        StoreErrorKind::Corrupt,
        &ErrorCode::STORE_CORRUPT,
    );
}

#[test]
fn a_database_of_others_is_refused() {
    check_refused(
        |path| {
            let connection = Connection::open(path).expect("SQLite");
            connection
                .execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);")
                .expect("a table");
        },
        StoreErrorKind::NotAStore,
        &ErrorCode::STORE_NOT_A_STORE,
    );
}

#[test]
fn what_is_written_outlives_the_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aether.db");
    let a = source("a.rs", "kept");
    let digest = {
        let store = SqliteStore::open(&path, &StoreOptions::default()).expect("a store");
        store.apply(&full(&[&a]), None).expect("an index");
        store.digest().expect("a digest")
    };
    let store = SqliteStore::open(&path, &StoreOptions::default()).expect("the store again");
    assert_eq!(names(&store), ["kept"]);
    assert_eq!(store.digest().expect("a digest"), digest);
}

#[test]
fn a_reader_sees_the_old_index_until_the_new_one_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aether.db");
    let writer = SqliteStore::open(&path, &StoreOptions::default()).expect("a store");
    writer.apply(&full(&[&source("a.rs", "old")]), None).expect("an index");
    let reader = SqliteStore::open(&path, &StoreOptions::default()).expect("a second store");

    // Another program holds the write lock and has changed everything, but not yet committed.
    let other = Connection::open(&path).expect("SQLite");
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM symbols;").expect("a transaction");
    assert_eq!(names(&reader), ["old"]);
    other.execute_batch("ROLLBACK").expect("the end");

    writer.apply(&update(&[&source("a.rs", "new")]), None).expect("an update");
    assert_eq!(names(&reader), ["new"]);
}

#[test]
fn a_store_that_stays_locked_is_an_error_and_not_a_wait_without_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aether.db");
    let store = SqliteStore::open(&path, &StoreOptions::default().with_busy_timeout_ms(1)).expect("a store");
    let other = Connection::open(&path).expect("SQLite");
    other.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
    let error = store.apply(&full(&[&source("a.rs", "f")]), None).expect_err("a locked store");
    assert_eq!(*error.code(), ErrorCode::STORE_LOCKED);
    other.execute_batch("ROLLBACK").expect("the end");
    store.apply(&full(&[&source("a.rs", "f")]), None).expect("an index");
    assert_eq!(names(&store), ["f"]);
}
