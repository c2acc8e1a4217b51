//! Texts of queries put to a small store.
#![no_main]

use std::sync::OnceLock;

use aether_core::code::{SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, full_delta};
use aether_core::port::{GraphStore as _, IndexStore as _, SymbolQuery, SymbolSearch as _};
use aether_store::SqliteStore;
use libfuzzer_sys::fuzz_target;

fn store() -> &'static SqliteStore {
    static STORE: OnceLock<SqliteStore> = OnceLock::new();
    STORE.get_or_init(|| {
        let mut file = FileBuilder::new("src/straße.rs");
        for name in ["parse_config", "ParseConfig2", "é", "x", "HTTPServer", "_", "日本語"] {
            let symbol = file.symbol(SymbolKind::FUNCTION, name, None);
            file.set_doc(symbol, "Reads a config, 42 times.");
            file.set_body(symbol, "read write config");
        }
        let store = SqliteStore::open_in_memory().expect("a store is made");
        store.apply(&full_delta([file.build()]), None).expect("a delta is applied");
        store
    })
}

fuzz_target!(|text: &str| {
    let query = SearchQuery::parse(text, 3);
    match store().search(&query) {
        Ok(hits) => assert!(hits.len() <= 3),
        Err(error) => assert_eq!(error.code().as_str(), "query.bad_syntax"),
    }
    store().find_symbols(&SymbolQuery::named(text)).expect("any name can be asked for");
    store().unresolved_calls_named(text).expect("any name can be asked for");
});
