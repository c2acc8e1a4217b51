//! Damaged files: an error or an answer, never a panic.

use aether_core::conformance::questions::{self, two_files};
use aether_store::{SqliteStore, StoreOptions};

use crate::support::Place;

/// Asks everything; what comes back is not looked at.
fn ask_everything(store: &SqliteStore) -> Vec<String> {
    questions::ask_everything(store).iter().map(|error| error.code().to_string()).collect()
}

/// Runs `sql` on a filled store and asks everything; some question must fail, all with `store.corrupt`.
#[track_caller]
fn check_damage(sql: &str) {
    let place = Place::with(two_files());
    assert_eq!(ask_everything(&place.open()), [""; 0]);
    place.sql(sql);
    let codes = match SqliteStore::open(&place.path(), &StoreOptions::default()) {
        Ok(store) => ask_everything(&store),
        Err(error) => vec![error.code().to_string()],
    };
    assert!(!codes.is_empty(), "nothing noticed {sql}");
    assert!(codes.iter().all(|code| code == "store.corrupt"), "{sql}: {codes:?}");
}

#[test]
fn damaged_blobs_are_told() {
    for table in ["facts", "edges", "file_terms", "packed", "ids", "terms"] {
        check_damage(&format!("UPDATE {table} SET data = substr(data, 1, length(data) - 1) || x'ff'"));
    }
    check_damage("UPDATE outlines SET symbols = x'ff'");
    check_damage("UPDATE symbols SET place = x'80'");
    check_damage("UPDATE symbols SET attributes = x'05'");
}

#[test]
fn wrong_values_are_told() {
    check_damage("UPDATE symbols SET id = x'00'");
    check_damage("UPDATE symbols SET kind = 200");
    check_damage("UPDATE symbols SET kind = x'00'");
    check_damage("UPDATE symbols SET file = 77");
    check_damage("UPDATE files SET path = '../outside' WHERE path = 'src/a.rs'");
    check_damage("UPDATE files SET content_hash = x'00'");
    check_damage("UPDATE files SET language = x'00'");
}

#[test]
fn missing_rows_and_tables_are_told() {
    check_damage("DELETE FROM state");
    check_damage("DELETE FROM symbols WHERE name = 'callee'");
    check_damage("DELETE FROM files");
    check_damage("DROP TABLE packed");
}

#[test]
fn flipped_bytes_never_panic() {
    let place = Place::with(two_files());
    let whole = std::fs::read(place.path()).expect("the file");
    let damaged = Place::new();
    // Steps that share no factor with the size of a page meet every part of one sooner or later.
    for at in (0..whole.len()).step_by(397) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xa5;
        for name in damaged.files() {
            std::fs::remove_file(damaged.path().with_file_name(name)).expect("a file");
        }
        std::fs::write(damaged.path(), bytes).expect("a file");
        if let Ok(store) = SqliteStore::open(&damaged.path(), &StoreOptions::default()) {
            ask_everything(&store);
        }
    }
}
