//! Files that are no store, or a damaged one: each question has an answer or an error, and none panics.
#![no_main]

use std::sync::OnceLock;

use aether_core::code::facts::SymbolIdx;
use aether_core::code::{Confidence, EdgeKind, EdgeTarget, SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change, full_delta};
use aether_core::port::{
    EdgeQuery, FactSource as _, GraphStore as _, IndexStore as _, PathQuery, SymbolQuery, SymbolSearch as _,
};
use aether_store::{SqliteStore, StoreOptions};
use libfuzzer_sys::fuzz_target;

fn files() -> [FileBuilder; 2] {
    let mut a = FileBuilder::new("src/a.rs");
    let callee = a.symbol(SymbolKind::FUNCTION, "callee", None);
    a.set_doc(callee, "Answers.");
    a.import("std::fs");
    let mut b = FileBuilder::new("src/b.rs");
    let caller = b.symbol(SymbolKind::FUNCTION, "caller", None);
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Symbol(a.id(callee)), "callee");
    b.edge(caller, EdgeKind::Calls, EdgeTarget::Unresolved, "lost");
    [a, b]
}

/// The bytes of a store that is as it should be.
fn valid() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder is made");
        let path = folder.path().join("a.db");
        let store = SqliteStore::open(&path, &StoreOptions::default()).expect("a store is made");
        store.apply(&full_delta(files().map(FileBuilder::build)), None).expect("a delta is applied");
        drop(store);
        std::fs::read(path).expect("a store is read")
    })
}

fuzz_target!(|input: (bool, Vec<(u16, u8)>, &[u8])| {
    let (is_damaged, damage, other) = input;
    let mut bytes = if is_damaged { valid().to_vec() } else { other.to_vec() };
    for (at, value) in damage {
        let length = bytes.len();
        if length > 0 {
            bytes[at as usize * 7 % length] = value;
        }
    }
    let folder = tempfile::tempdir().expect("a folder is made");
    let path = folder.path().join("a.db");
    std::fs::write(&path, bytes).expect("a file is written");
    let Ok(store) = SqliteStore::open(&path, &StoreOptions::default()) else { return };
    let [a, b] = files();
    let (callee, caller) = (a.id(SymbolIdx(1)), b.id(SymbolIdx(1)));
    let paths = [a.build().file.path, b.clone().build().file.path];
    let _ =
        (store.files(), store.indexed_files(&[]), store.facts(&paths), store.files_declaring(&["callee"]));
    let _ = (store.files_importing(&["fs"]), store.symbols(&[callee, caller]));
    let _ = (store.find_symbols(&SymbolQuery::named("callee")), store.find_symbols(&SymbolQuery::default()));
    let _ = (store.edges(&EdgeQuery::to(callee, &[])), store.edges(&EdgeQuery::from(caller, &[])));
    let _ = (store.unresolved_calls_named("lost"), store.impact(callee, 9, Confidence::default()));
    let _ = (store.paths(&PathQuery::between(caller, callee)), store.cycles(Confidence::default()));
    let _ = (store.lineage(callee), store.search(&SearchQuery::parse("call*", 9)));
    let _ = (store.visit_symbols(&mut |_| {}), store.visit_edges(&mut |_| {}), store.digest(), store.state());
    let _ = store.apply(&change([b.build()]), None);
});
