//! Records as JSON: what loads is written again and loads as the same, and facts say whether they fit.
#![no_main]

use aether_core::base::canonical_json;
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Anchor, Answer, Edge, FileChange, IndexedFile, LineageLink, ProjectGraph, SearchHit, SearchQuery, Symbol,
};
use aether_core::port::{EdgeRecord, ImpactEntry, StoreState};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Loads a record, writes it, and loads what was written.
fn check<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
    let record: T = serde_json::from_str(text).ok()?;
    let written = serde_json::to_string(&record).expect("a record that was loaded can be written");
    let again: T = serde_json::from_str(&written).expect("what was written can be loaded");
    assert_eq!(record, again);
    // Floats and large numbers are refused, and nothing panics.
    let _ = canonical_json(&record);
    Some(record)
}

fuzz_target!(|input: &[u8]| {
    let Some((&which, bytes)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match which % 13 {
        0 => drop(check::<Anchor>(text)),
        1 => drop(check::<Answer<Vec<SearchHit>>>(text)),
        2 => drop(check::<Edge>(text)),
        3 => drop(check::<EdgeRecord>(text)),
        4 => {
            if let Some(facts) = check::<FileFacts>(text)
                && facts.validate().is_ok()
            {
                for symbol in 0..facts.symbols.len() as u32 {
                    let _ = facts.local_path(aether_core::code::facts::SymbolIdx(symbol));
                }
                let _ = (facts.line_starts(), facts.line_of(u32::MAX));
            }
        }
        5 => drop(check::<FileChange>(text)),
        6 => drop(check::<ImpactEntry>(text)),
        7 => drop(check::<IndexedFile>(text)),
        8 => drop(check::<LineageLink>(text)),
        9 => drop(check::<ProjectGraph>(text)),
        10 => drop(check::<SearchQuery>(text)),
        11 => drop(check::<StoreState>(text)),
        _ => drop(check::<Symbol>(text)),
    }
});
