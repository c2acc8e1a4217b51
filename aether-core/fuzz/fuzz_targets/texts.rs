//! Texts that people and other programs write: configuration, paths, queries, times, ids.
#![no_main]

use aether_core::base::{Config, RelPath, Timestamp};
use aether_core::code::{SearchQuery, SymbolId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The written form of a path reads back as the same path, and so do its bytes.
    if let Ok(path) = RelPath::from_bytes(bytes) {
        assert_eq!(RelPath::new(path.as_str()).as_ref(), Ok(&path));
        assert_eq!(path.to_bytes(), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(path) = RelPath::new(text) {
        assert_eq!(RelPath::from_bytes(&path.to_bytes()).as_ref(), Ok(&path));
    }
    let _ = Config::parse(text);
    let query = SearchQuery::parse(text, 20);
    assert!(query.limit <= 20);
    if let Ok(time) = text.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse::<Timestamp>().ok(), Some(time));
    }
    if let Ok(id) = text.parse::<SymbolId>() {
        assert_eq!(id.to_string(), text);
    }
});
