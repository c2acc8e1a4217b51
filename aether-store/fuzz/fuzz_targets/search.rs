//! Any query over a small store: hits that keep to the filters and the limit, the same each time.
#![no_main]

use std::sync::OnceLock;

use aether_core::code::{SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, full_delta};
use aether_core::port::{IndexStore as _, SymbolSearch as _};
use aether_store::SqliteStore;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] =
    ["parse", "parseConfig", "parse_line", "HTTPServer", "größe", "x", "new", "a_very_long_name_of_words"];

fn store() -> &'static SqliteStore {
    static STORE: OnceLock<SqliteStore> = OnceLock::new();
    STORE.get_or_init(|| {
        let store = SqliteStore::open_in_memory().expect("a store");
        let files = ["src/a.rs", "src/io/b.rs", "tests/c.rs"].map(|path| {
            let mut file = FileBuilder::new(path);
            file.set_module("demo");
            for name in NAMES {
                let symbol = file.symbol(SymbolKind::FUNCTION, name, None);
                file.set_doc(symbol, "Reads a line. Fails on é and 中文.");
            }
            file.build()
        });
        store.apply(&full_delta(files), None).expect("a change");
        store
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((&limit, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let query = SearchQuery::parse(text, u32::from(limit));
    let hits = store().search(&query).expect("no query is an error");
    assert!(hits.len() <= query.limit as usize);
    for hit in &hits {
        assert!(hit.score.is_finite());
        assert!(query.kinds.is_empty() || query.kinds.contains(&hit.kind));
        assert!(query.languages.is_empty() || query.languages.contains(&hit.language));
        assert!(query.keeps_path(hit.file.as_str()));
    }
    assert_eq!(store().search(&query).expect("it was answered before"), hits);
});
