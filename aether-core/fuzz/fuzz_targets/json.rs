//! Any bytes as each contract type: what loads is written, loads again, and is written the same. JSON has
//! one canonical form.
#![no_main]

use aether_core::base::canonical_json;
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Anchor, Answer, Edge, FileChange, IndexedFile, LineageLink, ProjectGraph, SearchHit, SearchQuery, Symbol,
    SyntaxMatches, SyntaxQuery,
};
use aether_core::port::{EdgeRecord, ImpactEntry, StoreState};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|data: &[u8]| {
    let Some((&first, json)) = data.split_first() else { return };
    match first % 17 {
        0 => check::<Anchor>(json),
        1 => check::<Answer<Vec<SearchHit>>>(json),
        2 => check::<Edge>(json),
        3 => check::<EdgeRecord>(json),
        4 => check::<ImpactEntry>(json),
        5 => check::<IndexedFile>(json),
        6 => check::<LineageLink>(json),
        7 => check::<SearchHit>(json),
        8 => check::<SearchQuery>(json),
        9 => check::<StoreState>(json),
        10 => check::<Symbol>(json),
        11 => check::<SyntaxMatches>(json),
        12 => check::<SyntaxQuery>(json),
        13 => check::<FileChange>(json),
        14 => check::<ProjectGraph>(json),
        15 => {
            check::<FileFacts>(json);
            if let Ok(facts) = serde_json::from_slice::<FileFacts>(json) {
                // Whether they hold or not, it is said and not thrown.
                let _ = facts.validate();
            }
        }
        _ => canonical(json),
    }
});

fn check<T: Serialize + DeserializeOwned>(json: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(json) else { return };
    let written = serde_json::to_string(&value).expect("a contract type is JSON");
    let again: T = serde_json::from_str(&written).expect("what was written loads");
    assert_eq!(serde_json::to_string(&again).expect("a contract type is JSON"), written);
}

fn canonical(json: &[u8]) {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(json) else { return };
    let Ok(text) = canonical_json(&value) else { return };
    let again: serde_json::Value = serde_json::from_str(&text).expect("the canonical form is JSON");
    assert_eq!(again, value);
    assert_eq!(canonical_json(&again).expect("it has a canonical form"), text);
}
