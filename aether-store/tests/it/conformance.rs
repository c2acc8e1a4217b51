//! The suites of the ports, on a store in memory and on one in a file.

use aether_core::conformance::{
    check_fact_source, check_graph, check_history, check_records, check_search, check_store,
};
use aether_core::port::{FactSource, IndexStore, Store};
use aether_store::{SqliteStore, StoreOptions};
use tempfile::TempDir;

fn in_memory() -> Box<dyn IndexStore> {
    Box::new(SqliteStore::open_in_memory().expect("a store in memory"))
}

/// Calls `check` with a maker of stores in files of a folder of their own.
fn with_files(check: impl FnOnce(&dyn Fn() -> Box<dyn IndexStore>)) {
    let folder = TempDir::new().expect("a folder");
    let count = std::cell::Cell::new(0);
    check(&|| {
        count.set(count.get() + 1);
        let path = folder.path().join(format!("{}.db", count.get()));
        Box::new(SqliteStore::open(&path, &StoreOptions::default()).expect("a store"))
    });
}

#[test]
fn store_in_memory() {
    check_store(&in_memory);
}

#[test]
fn store_in_a_file() {
    with_files(check_store);
}

#[test]
fn graph_in_memory() {
    check_graph(&in_memory);
}

#[test]
fn graph_in_a_file() {
    with_files(check_graph);
}

#[test]
fn search_in_memory() {
    check_search(&in_memory);
}

#[test]
fn search_in_a_file() {
    with_files(check_search);
}

#[test]
fn fact_source() {
    check_fact_source(&|delta| {
        let store = SqliteStore::open_in_memory().expect("a store in memory");
        store.apply(delta, None).expect("a delta");
        Box::new(store) as Box<dyn FactSource>
    });
}

fn whole_store_in_memory() -> Box<dyn Store> {
    Box::new(SqliteStore::open_in_memory().expect("a store in memory"))
}

/// Calls `check` with a maker of whole stores in files of a folder of their own.
fn with_whole_files(check: impl FnOnce(&dyn Fn() -> Box<dyn Store>)) {
    let folder = TempDir::new().expect("a folder");
    let count = std::cell::Cell::new(0);
    check(&|| {
        count.set(count.get() + 1);
        let path = folder.path().join(format!("{}.db", count.get()));
        Box::new(SqliteStore::open(&path, &StoreOptions::default()).expect("a store"))
    });
}

#[test]
fn records_in_memory() {
    check_records(&whole_store_in_memory);
}

#[test]
fn records_in_a_file() {
    with_whole_files(check_records);
}

#[test]
fn history_in_memory() {
    check_history(&whole_store_in_memory);
}

#[test]
fn history_in_a_file() {
    with_whole_files(check_history);
}
