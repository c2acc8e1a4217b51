//! Anchors of one text looked for in another one.
#![no_main]

use aether_core::base::{ByteSpan, RelPath};
use aether_core::code::{Anchor, AnchorTarget};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u32, u32, &str, &str)| {
    let (start, length, text, other) = input;
    let span = ByteSpan::new(start % 4096, (start % 4096).saturating_add(length % 4096));
    let file = RelPath::new("a.rs").expect("a path");
    let Ok(anchor) = Anchor::new(file, AnchorTarget::Heading(vec!["h".to_owned()]), text, span) else {
        return;
    };
    // Where it was made it is found, and what is found says the same.
    assert_eq!(anchor.locate(text).ok(), Some(span));
    if let Ok(found) = anchor.locate(other) {
        assert_eq!(found.slice(other), span.slice(text));
    }
});
