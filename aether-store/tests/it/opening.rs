//! Opening: what is a store, what is not, and what is left when it is closed.

use aether_core::base::ErrorCode;
use aether_core::code::{SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change, full_delta};
use aether_core::port::{
    FactSource as _, HistoryStore as _, IndexStore as _, RecordStore as _, SymbolSearch as _,
    VectorStore as _,
};
use aether_store::{SqliteStore, StoreError, StoreErrorKind, StoreOptions};

use crate::support::{Place, file, path};

fn filled() -> Place {
    Place::with([file("src/lib.rs", "first")])
}

fn open_for_reading(place: &Place) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(&place.path(), &StoreOptions::default().with_read_only())
}

#[track_caller]
fn check_refused(place: &Place, expected: StoreErrorKind, code: &ErrorCode) {
    let before = std::fs::read(place.path()).expect("the file");
    let options = StoreOptions::default().with_busy_timeout_ms(1);
    for options in [options.clone(), options.with_read_only()] {
        let error = SqliteStore::open(&place.path(), &options).expect_err("a refusal");
        assert_eq!((error.kind(), &error.code()), (expected, code), "{error:?}");
        assert_eq!(std::fs::read(place.path()).expect("the file"), before, "the file was changed");
    }
}

#[test]
fn a_store_survives_reopening() {
    let place = Place::new();
    let store = place.open();
    store.apply(&full_delta([file("src/lib.rs", "first").build()]), None).expect("a delta");
    let digest = store.digest().expect("a digest");
    drop(store);
    let store = place.open();
    let state = store.state().expect("the state");
    assert_eq!((state.symbols, state.freshness.generation), (2, 1));
    assert!(state.size_bytes > 0);
    assert_eq!(store.digest().expect("a digest"), digest);
    let mode: String = place.sqlite().query_row("PRAGMA journal_mode", (), |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");
}

#[test]
fn the_folder_of_a_store_is_made() {
    let place = Place::new();
    let path = place.path().with_file_name("deep").join("down").join("aether.db");
    SqliteStore::open(&path, &StoreOptions::default()).expect("a store");
    assert!(path.is_file());
}

#[test]
fn only_the_file_is_left_when_all_have_closed_it() {
    for is_writer_last in [true, false] {
        let place = filled();
        assert_eq!(place.files(), ["aether.db"]);
        let (writer, reader) = (place.open(), open_for_reading(&place).expect("a reader"));
        writer.apply(&change([file("src/lib.rs", "second").build()]), None).expect("a delta");
        for store in [&writer, &reader] {
            // A store that was asked keeps connections that read.
            assert_eq!(store.state().expect("the state").symbols, 2);
        }
        assert_eq!(place.files(), ["aether.db", "aether.db-shm", "aether.db-wal"]);
        let (first, last) = if is_writer_last { (reader, writer) } else { (writer, reader) };
        drop(first);
        assert_eq!(last.state().expect("the state").freshness.generation, 2);
        drop(last);
        assert_eq!(place.files(), ["aether.db"]);
        assert_eq!(place.open().state().expect("the state").freshness.generation, 2);
    }
}

#[test]
fn a_newer_store_is_refused() {
    let place = filled();
    place.sql("PRAGMA user_version = 99");
    check_refused(&place, StoreErrorKind::NewerVersion, &ErrorCode::STORE_NEWER);
}

#[test]
fn an_older_store_is_read_as_it_is_and_brought_up_to_date_when_written() {
    let place = filled();
    place.sql(
        "ALTER TABLE outlines DROP COLUMN searched; ALTER TABLE state DROP COLUMN made_by;
         DROP TABLE records; DROP TABLE record_generations; DROP TABLE commits; DROP TABLE versions;
         DROP TABLE version_links; DROP TABLE vector_spaces; DROP TABLE vectors; PRAGMA user_version = 1",
    );
    let version = || -> i64 {
        place.sqlite().query_row("PRAGMA user_version", (), |row| row.get(0)).expect("a version")
    };
    let reader = open_for_reading(&place).expect("a reader");
    assert_eq!(reader.made_by().expect("an answer"), None);
    assert_eq!(reader.record_stamps("static").expect("an answer"), []);
    assert_eq!(reader.records_generation("static").expect("an answer"), None);
    assert_eq!(reader.known_commits("m").expect("an answer"), []);
    assert_eq!(reader.seen_states().expect("an answer"), []);
    assert_eq!(reader.last_seen().expect("an answer"), []);
    assert_eq!(reader.vector_spaces().expect("an answer"), Vec::<String>::new());
    assert_eq!(reader.vector_space("space").expect("an answer"), None);
    assert_eq!(reader.nearest("space", &[1.0], 5).expect("an answer"), []);
    assert_eq!(reader.state().expect("the state").symbols, 2);
    assert_eq!(version(), 1);
    let store = place.open();
    assert_eq!(version(), 3);
    // Its levels are not ours, so the index is built again.
    let state = store.state().expect("the state");
    assert_eq!((state.symbols, state.freshness.generation), (0, 2));
    for name in ["first", "second"] {
        store.apply(&change([file("src/lib.rs", name).build()]), None).expect("a delta");
        assert_eq!(store.search(&SearchQuery::parse(name, 5)).expect("hits").len(), 1, "{name}");
    }
    assert!(store.search(&SearchQuery::parse("first", 5)).expect("hits").is_empty());
    assert_eq!(reader.state().expect("the state").freshness.generation, 4);
}

#[test]
fn a_store_that_turns_newer_takes_no_delta() {
    let place = filled();
    let store = place.open();
    place.sql("PRAGMA user_version = 99");
    let error = store.apply(&change([]), None).expect_err("a refusal");
    assert_eq!(error.code(), &ErrorCode::STORE_NEWER);
}

#[test]
fn a_store_without_a_version_is_damaged() {
    let place = filled();
    place.sql("PRAGMA user_version = 0");
    check_refused(&place, StoreErrorKind::Corrupt, &ErrorCode::STORE_CORRUPT);
}

#[test]
fn a_database_of_something_else_is_refused() {
    let place = Place::new();
    place.sql("CREATE TABLE notes (text TEXT)");
    check_refused(&place, StoreErrorKind::NotAStore, &ErrorCode::STORE_NOT_A_STORE);
    place.sql("DROP TABLE notes; PRAGMA application_id = 77");
    check_refused(&place, StoreErrorKind::NotAStore, &ErrorCode::STORE_NOT_A_STORE);
    place.sql("PRAGMA application_id = 0; PRAGMA user_version = 1");
    check_refused(&place, StoreErrorKind::NotAStore, &ErrorCode::STORE_NOT_A_STORE);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let place = Place::new();
    std::fs::write(place.path(), "no database, but a text that is long enough ".repeat(100)).expect("a file");
    check_refused(&place, StoreErrorKind::Corrupt, &ErrorCode::STORE_CORRUPT);
    std::fs::write(place.path(), "short").expect("a file");
    check_refused(&place, StoreErrorKind::Corrupt, &ErrorCode::STORE_CORRUPT);
}

#[test]
fn half_a_store_is_damaged() {
    let place = filled();
    let whole = std::fs::read(place.path()).expect("the file");
    for end in [50, 100, 4096, whole.len() / 2, whole.len() - 1] {
        std::fs::write(place.path(), &whole[..end]).expect("a file");
        // What is asked first may lie in the half that is left.
        let result = SqliteStore::open(&place.path(), &StoreOptions::default())
            .map_err(Into::into)
            .and_then(|store| store.apply(&full_delta([file("src/lib.rs", "again").build()]), None));
        if let Err(error) = result {
            assert_eq!(error.code(), &ErrorCode::STORE_CORRUPT, "{end}: {error:?}");
        } else {
            assert_eq!(end, whole.len() - 1, "nothing noticed that {end} bytes are left");
        }
    }
}

#[test]
fn an_empty_file_becomes_a_store() {
    let place = Place::new();
    std::fs::write(place.path(), "").expect("a file");
    assert_eq!(place.open().state().expect("the state").symbols, 0);
}

#[test]
fn a_folder_is_refused() {
    let place = Place::new();
    std::fs::create_dir_all(place.path()).expect("a folder");
    for options in [StoreOptions::default(), StoreOptions::default().with_read_only()] {
        let error = SqliteStore::open(&place.path(), &options).expect_err("a refusal");
        assert_eq!((error.kind(), error.code()), (StoreErrorKind::Io, ErrorCode::STORE_IO));
    }
}

#[test]
fn facts_of_another_version_empty_the_store() {
    let place = filled();
    place.sql("UPDATE state SET facts_version = 0");
    let reader = open_for_reading(&place).expect("a reader");
    assert_eq!(reader.facts(&[path("src/lib.rs")]).expect("facts"), [None]);
    assert_eq!(reader.state().expect("the state").symbols, 2);
    let store = place.open();
    assert!(store.files().expect("files").is_empty());
    let state = store.state().expect("the state");
    assert_eq!((state.symbols, state.freshness.generation), (0, 2));
    assert_eq!(place.open().state().expect("the state").freshness.generation, 2);
}

#[test]
fn facts_of_another_version_take_only_a_full_delta() {
    let place = filled();
    let store = place.open();
    place.sql("UPDATE state SET facts_version = 99");
    assert_eq!(store.apply(&change([]), None).expect_err("a refusal").code(), &ErrorCode::STORE_NEWER);
    store.apply(&full_delta([]), None).expect("a full delta");
    store.apply(&change([]), None).expect("a delta");
}

#[test]
fn what_is_not_there_yet_cannot_be_read() {
    let place = Place::new();
    let error = open_for_reading(&place).expect_err("a refusal");
    assert_eq!((error.kind(), error.code()), (StoreErrorKind::Missing, ErrorCode::STORE_MISSING));
    assert_eq!(error.to_string(), "there is no store yet");
    assert_eq!(place.files(), [""; 0]);
    // What a program leaves that was stopped before it wrote anything.
    std::fs::write(place.path(), "").expect("a file");
    assert_eq!(open_for_reading(&place).expect_err("a refusal").kind(), StoreErrorKind::Missing);
    assert_eq!(std::fs::read(place.path()).expect("the file"), b"");
    assert_eq!(place.files(), ["aether.db"]);
}

#[test]
fn a_store_for_reading_is_never_written() {
    let place = filled();
    let before = std::fs::read(place.path()).expect("the file");
    let store = open_for_reading(&place).expect("a reader");
    assert_eq!(store.state().expect("the state").symbols, 2);
    assert_eq!(store.apply(&change([]), None).expect_err("a refusal").code(), &ErrorCode::STORE_IO);
    drop(store);
    assert_eq!(std::fs::read(place.path()).expect("the file"), before);
    assert_eq!(place.files(), ["aether.db"]);
}

#[test]
fn a_file_that_may_not_grow_is_a_full_disk() {
    let place = filled();
    let store =
        SqliteStore::open(&place.path(), &StoreOptions::default().with_max_bytes(1 << 20)).expect("a store");
    let mut file = FileBuilder::new("src/large.rs");
    let large = file.symbol(SymbolKind::FUNCTION, "large", None);
    file.set_doc(large, &"many words of documentation ".repeat(100_000));
    let digest = store.digest().expect("a digest");
    let error = store.apply(&change([file.build()]), None).expect_err("a refusal");
    assert_eq!(error.code(), &ErrorCode::STORE_FULL);
    assert_eq!(store.digest().expect("a digest"), digest);
    store.apply(&change([]), None).expect("a small delta");
}
