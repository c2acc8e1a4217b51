//! A store file of any bytes, or a good one with some of them changed: an error of the store or an
//! answer, never a panic.
#![no_main]

use std::path::Path;
use std::sync::OnceLock;

use aether_core::conformance::fixtures::{FileBuilder, full_delta};
use aether_core::conformance::questions::{ask_everything, two_files};
use aether_core::port::IndexStore as _;
use aether_store::{SqliteStore, StoreOptions};
use aether_store_fuzz::Case;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|case: Case| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aether.db");
    std::fs::write(&path, case.bytes(good())).expect("a file");
    ask(&path);
});

/// A store as it lies on the disk.
fn good() -> &'static Vec<u8> {
    static GOOD: OnceLock<Vec<u8>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("aether.db");
        let store = SqliteStore::open(&path, &StoreOptions::default()).expect("a store");
        store.apply(&full_delta(two_files().map(FileBuilder::build)), None).expect("a change");
        drop(store);
        std::fs::read(path).expect("the file")
    })
}

fn ask(path: &Path) {
    let Ok(store) = SqliteStore::open(path, &StoreOptions::default().with_busy_timeout_ms(0)) else { return };
    for error in ask_everything(&store) {
        let code = error.code().as_str();
        assert!(code.starts_with("store."), "{code}: {error}");
    }
}
