//! Canonical JSON, with the examples of RFC 8785.

use std::collections::BTreeMap;

use aether_core::base::{CanonicalJsonErrorKind, canonical_json};
use serde_json::{Value, json};

#[track_caller]
fn check(value: &str, expected: &str) {
    let value: Value = serde_json::from_str(value).expect("the input is JSON");
    let text = canonical_json(&value).expect("the input has a canonical form");
    assert_eq!(text, expected);
    // What was written reads as the same value, and stays as it is.
    assert_eq!(serde_json::from_str::<Value>(&text).expect("what was written is JSON"), value);
}

#[track_caller]
fn check_refused<T: serde::Serialize>(value: T, expected: CanonicalJsonErrorKind) {
    let error = canonical_json(&value).expect_err("there is no canonical form");
    assert_eq!(error.kind(), expected, "{error}");
}

/// Section 3.2.3, the example of sorting: the order is that of UTF-16 code units.
#[test]
fn keys_are_sorted_as_in_the_rfc() {
    check(
        r#"{
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
         \"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\
         \"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    );
}

/// By code points (and by bytes of UTF-8) U+FB33 comes before U+1F600; by UTF-16, whose surrogates
/// begin at D800, it comes behind.
#[test]
fn surrogate_pairs_sort_before_the_end_of_the_basic_plane() {
    check("{\"\u{fb33}\":1,\"\u{1f600}\":2}", "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    check("{\"\u{ffff}\":1,\"\u{10000}\":2}", "{\"\u{10000}\":2,\"\u{ffff}\":1}");
    check("{\"\u{d7ff}\":1,\"\u{10ffff}\":2}", "{\"\u{d7ff}\":1,\"\u{10ffff}\":2}");
}

#[test]
fn a_key_sorts_before_those_it_begins() {
    check(r#"{"ab":1,"a":2,"":3,"B":4}"#, r#"{"":3,"B":4,"a":2,"ab":1}"#);
}

/// Section 3.2.2, without its floating-point numbers.
#[test]
fn strings_carry_only_the_escapes_of_the_rfc() {
    check(
        r#"{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#,
        "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
    );
}

#[test]
fn control_characters_have_one_form_each() {
    check(
        r#""\u0000\u0001\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u001f\u007f\u0080\u2028""#,
        "\"\\u0000\\u0001\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u001f\u{7f}\u{80}\u{2028}\"",
    );
}

#[test]
fn white_space_goes_and_order_of_arrays_stays() {
    check(" [ 3 , [ ] , { } , 1 ] ", "[3,[],{},1]");
}

#[test]
fn whole_numbers_are_kept_up_to_two_to_the_53() {
    check("[0,-1,9007199254740992,-9007199254740992]", "[0,-1,9007199254740992,-9007199254740992]");
    check_refused(9_007_199_254_740_993_u64, CanonicalJsonErrorKind::UnsafeInteger);
    check_refused(-9_007_199_254_740_993_i64, CanonicalJsonErrorKind::UnsafeInteger);
    check_refused(u64::MAX, CanonicalJsonErrorKind::UnsafeInteger);
    check_refused(i64::MIN, CanonicalJsonErrorKind::UnsafeInteger);
    check_refused(u128::MAX, CanonicalJsonErrorKind::Serialize);
}

#[test]
fn floating_point_numbers_are_refused() {
    check_refused(0.5, CanonicalJsonErrorKind::Float);
    check_refused(1.0, CanonicalJsonErrorKind::Float);
    check_refused(-0.0_f32, CanonicalJsonErrorKind::Float);
    check_refused(json!({"a": [1, 1e30]}), CanonicalJsonErrorKind::Float);
}

/// A JSON tree holds `null` in their place, so two different records would have one hash.
#[test]
fn numbers_that_json_cannot_write_are_refused() {
    #[derive(serde::Serialize)]
    struct Record {
        name: &'static str,
        score: Option<f32>,
    }
    check_refused(f64::NAN, CanonicalJsonErrorKind::Float);
    check_refused(vec![f64::INFINITY], CanonicalJsonErrorKind::Float);
    check_refused((1, "a", f32::NEG_INFINITY), CanonicalJsonErrorKind::Float);
    check_refused(Record { name: "a", score: Some(f32::NAN) }, CanonicalJsonErrorKind::Float);
    check_refused(BTreeMap::from([("key", [f64::NAN])]), CanonicalJsonErrorKind::Float);
    let text = canonical_json(&Record { name: "a", score: None }).expect("nothing floats");
    assert_eq!(text, r#"{"name":"a","score":null}"#);
}

/// Every form that a record may take is searched for numbers.
#[test]
fn records_of_every_form_are_written() {
    #[derive(serde::Serialize)]
    enum Form {
        Unit,
        New(u8),
        Tuple(bool, char),
        Struct { bytes: [u8; 2], nothing: () },
    }
    #[derive(serde::Serialize)]
    struct New(i8);
    #[derive(serde::Serialize)]
    struct Two(i16, i32);
    #[derive(serde::Serialize)]
    struct Nothing;
    let forms = (
        [Form::Unit, Form::New(1)],
        Form::Tuple(true, 'ü'),
        Form::Struct { bytes: [1, 2], nothing: () },
        (New(-1), Two(2, 3), Nothing),
        BTreeMap::from([(2_u16, 1_i64), (10, 2)]),
    );
    assert_eq!(
        canonical_json(&forms).expect("all of it is JSON"),
        r#"[["Unit",{"New":1}],{"Tuple":[true,"ü"]},{"Struct":{"bytes":[1,2],"nothing":null}},[-1,[2,3],null],{"10":2,"2":1}]"#,
    );
    #[derive(serde::Serialize)]
    enum Float {
        New(f32),
        Tuple(u8, f32),
        Struct { value: f32 },
    }
    #[derive(serde::Serialize)]
    struct NewFloat(f32);
    #[derive(serde::Serialize)]
    struct TwoFloats(u8, f32);
    check_refused(Float::New(1.0), CanonicalJsonErrorKind::Float);
    check_refused(Float::Tuple(1, 1.0), CanonicalJsonErrorKind::Float);
    check_refused(Float::Struct { value: 1.0 }, CanonicalJsonErrorKind::Float);
    check_refused(NewFloat(f32::NAN), CanonicalJsonErrorKind::Float);
    check_refused(TwoFloats(1, f32::NAN), CanonicalJsonErrorKind::Float);
}

#[test]
fn what_is_not_json_is_refused() {
    check_refused(BTreeMap::from([(vec![1], 1)]), CanonicalJsonErrorKind::Serialize);
}
