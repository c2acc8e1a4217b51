//! Lines are taken apart as they were written, and nothing else is.

use proptest::prelude::*;

use crate::ledger::line::{GENESIS, Line, write_line};

fn written(seq: u64, event: &str) -> String {
    let mut text = String::new();
    write_line(&mut text, &GENESIS, seq, event);
    text
}

#[test]
fn a_line_is_canonical_json() {
    let text = written(12, r#"{"a":[1,"},\"seq\":3}"]}"#);
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(aether_core::base::canonical_json(&value).expect("canonical"), text);
    assert_eq!(value["seq"], 12);
    let zeros = format!("sha256:{}", "0".repeat(64));
    assert_eq!(value["prev"], zeros);
}

proptest! {
    #[test]
    fn a_line_is_taken_apart_as_it_was_written(seq in any::<u64>(), event in r#"\{[a-z"{}:,0-9]{0,40}\}"#) {
        let text = written(seq, &event);
        let line = Line::parse(text.as_bytes()).expect("a line");
        prop_assert_eq!((line.seq, line.event, line.prev), (seq, event.as_bytes(), GENESIS));
        prop_assert!(line.is_sound());
    }

    #[test]
    fn a_flipped_bit_is_no_line_or_an_unsound_one(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = written(345, r#"{"text":"a line"}"#).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Line::parse(&bytes).is_none_or(|line| !line.is_sound()));
    }

    #[test]
    fn strange_bytes_are_no_line(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Line::parse(&bytes).is_none());
    }
}
