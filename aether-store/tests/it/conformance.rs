//! The suites of the ports, on a store in memory and on one in a file.

use aether_core::conformance::{
    check_fact_source, check_graph, check_history, check_records, check_search, check_store, check_vectors,
};
use aether_core::port::{FactSource, IndexStore as _};
use aether_store::{SqliteStore, StoreOptions};
use tempfile::TempDir;

fn in_memory() -> SqliteStore {
    SqliteStore::open_in_memory().expect("a store in memory")
}

/// Calls `check` with a maker of stores in files of a folder of their own.
fn with_files(check: impl FnOnce(&dyn Fn() -> SqliteStore)) {
    let folder = TempDir::new().expect("a folder");
    let count = std::cell::Cell::new(0);
    check(&|| {
        count.set(count.get() + 1);
        let path = folder.path().join(format!("{}.db", count.get()));
        SqliteStore::open(&path, &StoreOptions::default()).expect("a store")
    });
}

#[test]
fn store_in_memory() {
    check_store(&|| Box::new(in_memory()));
}

#[test]
fn store_in_a_file() {
    with_files(|make| check_store(&|| Box::new(make())));
}

#[test]
fn graph_in_memory() {
    check_graph(&|| Box::new(in_memory()));
}

#[test]
fn graph_in_a_file() {
    with_files(|make| check_graph(&|| Box::new(make())));
}

#[test]
fn search_in_memory() {
    check_search(&|| Box::new(in_memory()));
}

#[test]
fn search_in_a_file() {
    with_files(|make| check_search(&|| Box::new(make())));
}

#[test]
fn fact_source() {
    check_fact_source(&|delta| {
        let store = SqliteStore::open_in_memory().expect("a store in memory");
        store.apply(delta, None).expect("a delta");
        Box::new(store) as Box<dyn FactSource>
    });
}

#[test]
fn records_in_memory() {
    check_records(&|| Box::new(in_memory()));
}

#[test]
fn records_in_a_file() {
    with_files(|make| check_records(&|| Box::new(make())));
}

#[test]
fn history_in_memory() {
    check_history(&|| Box::new(in_memory()));
}

#[test]
fn history_in_a_file() {
    with_files(|make| check_history(&|| Box::new(make())));
}

#[test]
fn vectors_in_memory() {
    check_vectors(&|| Box::new(in_memory()));
}

#[test]
fn vectors_in_a_file() {
    with_files(|make| check_vectors(&|| Box::new(make())));
}
