//! Any text as what people and files write: configuration, paths, times, hashes, ids, search queries.
//! What is read is written again, and read as the same.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use aether_core::base::{Config, RelPath, Sha256Hash, Timestamp};
use aether_core::code::{SearchQuery, SymbolId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(path) = RelPath::from_bytes(data) {
        assert_eq!(path.to_bytes(), data, "a path keeps its bytes");
        let written = RelPath::new(path.as_str()).expect("the written form is one");
        assert_eq!(written, path);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(path) = RelPath::new(text) {
        assert_eq!(path.as_str(), text, "a path has one written form");
        let again = RelPath::from_bytes(&path.to_bytes()).expect("bytes of a path");
        assert_eq!(again, path);
    }
    if let Ok((config, warnings)) = Config::parse(text) {
        assert_eq!(Config::parse(text).expect("it was read before"), (config, warnings));
    }
    same_again::<Timestamp>(text);
    same_again::<Sha256Hash>(text);
    same_again::<SymbolId>(text);
    let query = SearchQuery::parse(text, 0);
    assert!(query.limit > 0 && query.text.len() <= text.len());
});

fn same_again<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        let again = value.to_string().parse::<T>().ok();
        assert_eq!(again, Some(value));
    }
}
