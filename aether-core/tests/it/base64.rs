//! Base 64: the examples of RFC 4648, and one text for each value.

use aether_core::base::{decode_base64, encode_base64};
use proptest::prelude::*;

#[test]
fn examples_of_the_rfc() {
    let examples = [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ];
    for (bytes, text) in examples {
        assert_eq!(encode_base64(bytes.as_bytes()), text);
        assert_eq!(decode_base64(text).as_deref(), Some(bytes.as_bytes()));
    }
    assert_eq!(encode_base64(&[0xfb, 0xff, 0xfe]), "+//+");
}

#[test]
fn only_the_one_text_of_a_value_is_read() {
    for text in [
        "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "=", "Zm9v\n", " Zm9v", "Zm-_", "Zm9vZ",
        "Z=g=", "Zm8=Zm8=", "Zmé=",
    ] {
        assert_eq!(decode_base64(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn bytes_survive(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(decode_base64(&encode_base64(&bytes)), Some(bytes));
    }

    #[test]
    fn what_is_read_is_written_again(text in "[A-Za-z0-9+/=]{0,12}|.{0,8}") {
        if let Some(bytes) = decode_base64(&text) {
            prop_assert_eq!(encode_base64(&bytes), text);
        }
    }
}
