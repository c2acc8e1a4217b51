//! An anchor made in one text and looked for in another: where it is found, the cited bytes stand.
#![no_main]

use aether_core::base::{ByteSpan, RelPath};
use aether_core::code::{Anchor, AnchorTarget};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    text: &'a str,
    start: u16,
    end: u16,
    before: &'a str,
    behind: &'a str,
    other: &'a str,
}

fuzz_target!(|case: Case<'_>| {
    let span = ByteSpan::new(case.start.into(), case.end.into());
    let file = RelPath::new("a.md").expect("a path");
    let target = AnchorTarget::Heading(Vec::new());
    let Ok(anchor) = Anchor::new(file, target, case.text, span) else {
        assert!(span.slice(case.text).is_none(), "a span that fits can be cited");
        return;
    };
    let cited = span.slice(case.text).expect("a span that was taken fits");
    assert_eq!(anchor.locate(case.text), Ok(span));
    let moved = [case.before, case.text, case.behind].concat();
    for text in [moved.as_str(), case.other] {
        if let Ok(found) = anchor.locate(text) {
            assert_eq!(found.slice(text), Some(cited));
        }
    }
});
