//! Hashes, spans, cancellation, error codes.

use std::collections::BTreeSet;

use aether_core::base::{ByteSpan, Cancel, Cancelled, ErrorCode, Sha256Hash, Sha256HashError, Sha256Hasher};

#[track_caller]
fn check_hash(bytes: &[u8], hex: &str) {
    let hash = Sha256Hash::of(bytes);
    let text = format!("sha256:{hex}");
    assert_eq!(hash.to_string(), text);
    assert_eq!(format!("{hash:?}"), text);
    assert_eq!(text.parse(), Ok(hash));
    assert_eq!(Sha256Hash::from_bytes(*hash.as_bytes()), hash);
    let json = serde_json::to_string(&hash).expect("a hash is JSON");
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<Sha256Hash>(&json).expect("what was written reads"), hash);
    // In pieces, it is the same hash.
    let mut hasher = Sha256Hasher::new();
    bytes.iter().for_each(|&byte| hasher.update(&[byte]));
    assert_eq!(hasher.finish(), hash);
}

/// Examples of FIPS 180-4.
#[test]
fn hashes_known_texts() {
    check_hash(b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_hash(b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_hash(
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
}

#[track_caller]
fn check_not_a_hash(text: &str) {
    assert_eq!(text.parse::<Sha256Hash>(), Err(Sha256HashError), "{text}");
    assert!(serde_json::from_value::<Sha256Hash>(text.into()).is_err(), "{text}");
}

#[test]
fn refuses_other_texts_as_hash() {
    let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    check_not_a_hash("");
    check_not_a_hash(digits);
    check_not_a_hash(&format!("sha256:{}", &digits[1..]));
    check_not_a_hash(&format!("sha256:{digits}0"));
    check_not_a_hash(&format!("sha256:{}", digits.to_uppercase()));
    check_not_a_hash(&format!("SHA256:{digits}"));
    check_not_a_hash(&format!("blake3:{digits}"));
    check_not_a_hash(&format!("sha256:{}g", &digits[1..]));
    check_not_a_hash(&format!("sha256: {}", &digits[1..]));
    check_not_a_hash(&format!("sha256:{}é", &digits[2..]));
}

#[track_caller]
fn check_fields_differ(a: &[&str], b: &[&str]) {
    let hash = |fields: &[&str]| {
        let mut hasher = Sha256Hasher::new();
        fields.iter().for_each(|field| hasher.update_field(field.as_bytes()));
        hasher.finish()
    };
    assert_ne!(hash(a), hash(b));
}

#[test]
fn fields_do_not_run_into_each_other() {
    check_fields_differ(&["ab", "c"], &["a", "bc"]);
    check_fields_differ(&["a", ""], &["", "a"]);
    check_fields_differ(&["a"], &["a", ""]);
}

#[track_caller]
fn check_span(start: u32, end: u32, expected: Option<&str>) {
    let text = "aß🦀b";
    let span = ByteSpan { start, end };
    assert_eq!(span.slice(text), expected, "{start}..{end}");
    assert_eq!(span.is_empty(), end <= start, "{start}..{end}");
    assert_eq!(span.len(), end.saturating_sub(start));
}

#[test]
fn spans_slice_whole_characters() {
    check_span(0, 1, Some("a"));
    check_span(1, 3, Some("ß"));
    check_span(3, 7, Some("🦀"));
    check_span(0, 8, Some("aß🦀b"));
    check_span(8, 8, Some(""));
    check_span(0, 9, None);
    check_span(0, 2, None);
    check_span(4, 7, None);
    // From outside, a span may be anything.
    check_span(5, 1, None);
    check_span(u32::MAX, u32::MAX, None);
}

#[test]
fn spans_contain_their_bytes() {
    let span = ByteSpan::new(2, 4);
    assert_eq!([1, 2, 3, 4].map(|at| span.contains(at)), [false, true, true, false]);
    assert_eq!(ByteSpan::new(7, 3), ByteSpan { start: 7, end: 7 });
    assert!(!ByteSpan::new(7, 3).contains(7));
}

#[test]
fn cancelling_reaches_every_clone() {
    let cancel = Cancel::new();
    let other = cancel.clone();
    assert_eq!((other.check(), other.is_cancelled()), (Ok(()), false));
    cancel.cancel();
    assert_eq!((other.check(), other.is_cancelled()), (Err(Cancelled), true));
    assert_eq!(Cancel::new().check(), Ok(()));
}

#[test]
fn error_codes_are_distinct_and_well_formed() {
    let mut seen = BTreeSet::new();
    for (code, meaning) in ErrorCode::ALL {
        let text = code.as_str();
        assert!(seen.insert(text), "{text} twice");
        assert!(meaning.ends_with('.'), "{text}");
        let parts: Vec<&str> = text.split('.').collect();
        assert!(parts.len() <= 2, "{text}");
        for part in parts {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            assert!(!part.is_empty() && part.bytes().all(is_plain), "{text}");
        }
        let json = serde_json::to_string(code).expect("a code is JSON");
        assert_eq!(json, format!("\"{text}\""));
    }
}

/// A renamed code breaks the programs that read it.
#[test]
fn error_codes_are_never_renamed() {
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(|(code, _)| code.as_str()).collect();
    for code in [
        "index.file_too_large",
        "index.syntax_error",
        "store.newer_version",
        "store.corrupt",
        "query.unknown_symbol",
        "config.syntax",
        "cancelled",
        "internal",
    ] {
        assert!(codes.contains(&code), "{code}");
    }
}

#[test]
fn unknown_error_codes_survive() {
    let code: ErrorCode = serde_json::from_str("\"future.code\"").expect("any text is a code");
    assert_eq!(code, ErrorCode::new("future.code"));
    assert_eq!(serde_json::to_string(&code).expect("a code is JSON"), "\"future.code\"");
}

/// Tables of a program align them.
#[test]
fn words_of_the_contracts_keep_a_width() {
    use aether_core::base::RelPath;
    use aether_core::code::{Language, SymbolKind};

    assert_eq!(format!("{:<10}|", SymbolKind::FUNCTION), "function  |");
    assert_eq!(format!("{:>6}|", Language::RUST), "  rust|");
    assert_eq!(format!("{:<8}|", RelPath::new("a.rs").expect("a path")), "a.rs    |");
    assert_eq!(format!("{:<12}|", ErrorCode::CANCELLED), "cancelled   |");
}
