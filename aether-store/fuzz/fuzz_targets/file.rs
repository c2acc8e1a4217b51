//! A store file of any bytes, or a good one with some of them changed: an error of the store or an
//! answer, never a panic.
#![no_main]

use std::path::Path;
use std::sync::OnceLock;

use aether_core::conformance::fixtures::{FileBuilder, full_delta};
use aether_core::conformance::questions::{ask_everything, two_files};
use aether_core::port::IndexStore as _;
use aether_store::{SqliteStore, StoreOptions};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Case {
    Bytes(Vec<u8>),
    Changes(Vec<(u16, u8)>),
    Cut(u16),
}

fuzz_target!(|case: Case| {
    let good = good();
    let bytes = match case {
        Case::Bytes(bytes) => bytes,
        Case::Cut(at) => good[..usize::from(at) % good.len()].to_vec(),
        Case::Changes(changes) => {
            let mut bytes = good.clone();
            for (at, value) in changes {
                // Every fourth byte of a file of this size is reached twice as often.
                let at = usize::from(at) * 3 % bytes.len();
                bytes[at] = value;
            }
            bytes
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("aether.db");
    std::fs::write(&path, bytes).expect("a file");
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
