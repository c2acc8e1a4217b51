//! A store file of any bytes, or a good one with some of them changed: an error of the store or an
//! answer, never a panic.
#![no_main]

use std::path::Path;
use std::sync::OnceLock;

use aether_core::code::facts::SymbolIdx;
use aether_core::code::{Confidence, EdgeKind, EdgeTarget, SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change, full_delta};
use aether_core::port::{
    EdgeQuery, FactSource as _, GraphStore as _, IndexStore as _, PathQuery, PortError, SymbolQuery,
    SymbolSearch as _,
};
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

fn files() -> [FileBuilder; 2] {
    let mut a = FileBuilder::new("src/a.rs");
    a.set_module("demo::a");
    let callee = a.symbol(SymbolKind::FUNCTION, "callee", None);
    a.set_doc(callee, "Answers.");
    a.import("std::fs");
    let mut b = FileBuilder::new("src/b.rs");
    let caller = b.symbol(SymbolKind::FUNCTION, "caller", None);
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Symbol(a.id(callee)), "callee");
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Unresolved, "lost");
    [a, b]
}

/// A store as it lies on the disk.
fn good() -> &'static Vec<u8> {
    static GOOD: OnceLock<Vec<u8>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("aether.db");
        let store = SqliteStore::open(&path, &StoreOptions::default()).expect("a store");
        store.apply(&full_delta(files().map(FileBuilder::build)), None).expect("a change");
        drop(store);
        std::fs::read(path).expect("the file")
    })
}

fn ask(path: &Path) {
    let Ok(store) = SqliteStore::open(path, &StoreOptions::default().with_busy_timeout_ms(0)) else { return };
    let [a, b] = files();
    let symbol = SymbolIdx(1);
    let (callee, caller) = (a.id(symbol), b.id(symbol));
    let note = |result: Result<(), PortError>| {
        if let Err(error) = result {
            let code = error.code().as_str();
            assert!(code.starts_with("store."), "{code}: {error}");
        }
    };
    note(store.files().map(drop));
    note(store.indexed_files(&[]).map(drop));
    note(store.facts(&[a.clone().build().file.path, b.clone().build().file.path]).map(drop));
    note(store.files_declaring(&["callee"]).map(drop));
    note(store.files_importing(&["fs"]).map(drop));
    note(store.symbols(&[callee, caller]).map(drop));
    note(store.find_symbols(&SymbolQuery::named("callee")).map(drop));
    note(store.find_symbols(&SymbolQuery::default()).map(drop));
    note(store.edges(&EdgeQuery::to(callee, &[])).map(drop));
    note(store.edges(&EdgeQuery::from(caller, &[])).map(drop));
    note(store.unresolved_calls_named("lost").map(drop));
    note(store.impact(callee, 9, Confidence::default()).map(drop));
    note(store.paths(&PathQuery::between(caller, callee)).map(drop));
    note(store.cycles(Confidence::default()).map(drop));
    note(store.lineage(callee).map(drop));
    for text in ["callee", "call*", "", "answers path:src kind:fn", "\"callee\""] {
        note(store.search(&SearchQuery::parse(text, 9)).map(drop));
    }
    note(store.visit_symbols(&mut |_| {}));
    note(store.visit_edges(&mut |_| {}));
    note(store.digest().map(drop));
    note(store.state().map(drop));
    note(store.apply(&change([b.build()]), None).map(drop));
}
