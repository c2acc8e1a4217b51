//! Any text as the record of a patch: it is refused, or it survives being written and read again, and applying
//! it to the bytes that the seeds are made for gives what it says or an error.
#![no_main]

use aether_core::change::Patch;
use libfuzzer_sys::fuzz_target;

const OLD: [&[u8]; 3] = [b"one\ntwo\nthree\n", b"\x00\xff", b""];

fuzz_target!(|json: &str| {
    let Ok(patch) = serde_json::from_str::<Patch>(json) else { return };
    let written = serde_json::to_string(&patch).expect("a patch can be written");
    let again: Patch = serde_json::from_str(&written).expect("what was written reads");
    assert_eq!(again, patch);
    assert_eq!(again.hash(), patch.hash());
    for file in patch.files() {
        for old in OLD.into_iter().map(Some).chain([None]) {
            let Ok(new) = file.apply(old) else { continue };
            assert_eq!(new.is_some(), file.after().is_some());
            assert!(file.after().zip(new.as_deref()).is_none_or(|(after, new)| after.holds(new)));
            let back = file.invert(old).expect("what was applied can be taken back");
            assert_eq!(back.apply(new.as_deref()).expect("the way back fits").as_deref(), old);
        }
    }
});
