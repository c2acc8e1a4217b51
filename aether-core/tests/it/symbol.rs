//! Symbols and their identity.

use std::collections::BTreeSet;

use aether_core::base::RelPath;
use aether_core::code::{Language, Symbol, SymbolId, SymbolIdError, SymbolIdentity, SymbolKind, Visibility};
use proptest::prelude::*;

/// Language, path, kind, local path, signature fingerprint, ordinal.
#[derive(Clone, Copy)]
struct Parts<'a>(&'a str, &'a str, &'a str, &'a str, &'a str, u32);

const BASE: Parts<'static> =
    Parts("rust", "src/lib.rs", "function", "outer::answer", "pubfnanswer(x:u32)->u32", 0);

fn id(parts: Parts<'_>) -> SymbolId {
    let Parts(language, path, kind, local_path, signature_fingerprint, ordinal) = parts;
    SymbolId::derive(&SymbolIdentity {
        language: &Language::new(language),
        path: &RelPath::new(path).expect("a path"),
        kind: &SymbolKind::new(kind),
        local_path,
        signature_fingerprint,
        ordinal,
    })
}

/// An id that changes by itself would cut every history.
#[test]
fn an_id_never_changes() {
    assert_eq!(id(BASE).to_string(), "sym:e733a1ae67f1e8a9aaaaf1e8fe586baa");
}

/// The id from the description of it, without the code that makes it.
#[test]
fn an_id_is_the_hash_of_its_parts_behind_their_lengths() {
    let mut bytes = Vec::new();
    let Parts(language, path, kind, local_path, signature, ordinal) = BASE;
    for part in [language, path, kind, local_path, signature].map(str::as_bytes) {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part);
    }
    bytes.extend(4_u64.to_le_bytes());
    bytes.extend(ordinal.to_le_bytes());
    let hash = aether_core::base::Sha256Hash::of(&bytes);
    assert_eq!(id(BASE).as_bytes()[..], hash.as_bytes()[..16]);
}

#[test]
fn every_part_is_part_of_the_identity() {
    let variants = [
        BASE,
        Parts { 0: "python", ..BASE },
        Parts { 1: "src/main.rs", ..BASE },
        Parts { 2: "method", ..BASE },
        Parts { 3: "answer", ..BASE },
        Parts { 4: "fnanswer(x:u32)->u32", ..BASE },
        Parts { 5: 1, ..BASE },
        // Parts that run together to the same text.
        Parts("rust", "a", "b", "cd", "e", 0),
        Parts("rust", "a", "b", "c", "de", 0),
        Parts("rust", "ab", "", "cd", "e", 0),
        Parts("rusta", "b", "c", "d", "e", 0),
    ];
    let ids: BTreeSet<SymbolId> = variants.into_iter().map(id).collect();
    assert_eq!(ids.len(), variants.len());
}

#[track_caller]
fn check_not_an_id(text: &str) {
    assert_eq!(text.parse::<SymbolId>(), Err(SymbolIdError), "{text}");
    assert!(serde_json::from_value::<SymbolId>(text.into()).is_err(), "{text}");
}

#[test]
fn refuses_other_texts_as_id() {
    check_not_an_id("");
    check_not_an_id("sym:");
    check_not_an_id("00112233445566778899aabbccddeeff");
    check_not_an_id("sym:00112233445566778899aabbccddeef");
    check_not_an_id("sym:00112233445566778899aabbccddeeff0");
    check_not_an_id("sym:00112233445566778899AABBCCDDEEFF");
    check_not_an_id("Sym:00112233445566778899aabbccddeeff");
    check_not_an_id("sym:00112233445566778899aabbccddeefg");
}

#[test]
fn open_vocabularies_keep_what_they_do_not_know() {
    for text in ["rust", "cobol", "", "Ünicode"] {
        let language = Language::new(text);
        assert_eq!((language.as_str(), language.to_string()), (text, text.to_owned()));
        let json = serde_json::to_string(&language).expect("a language is JSON");
        assert_eq!(serde_json::from_str::<Language>(&json).expect("any text is a language"), language);
    }
    let kind: SymbolKind = serde_json::from_str("\"interface\"").expect("any text is a kind");
    assert_eq!(kind, SymbolKind::new("interface"));
    assert!(!SymbolKind::KNOWN.contains(&kind));
    // Read and made values are equal, however they came to be.
    let kind: SymbolKind = serde_json::from_str("\"function\"").expect("any text is a kind");
    assert_eq!(kind, SymbolKind::FUNCTION);
}

#[test]
fn kinds_that_call() {
    let callable: Vec<&str> =
        SymbolKind::KNOWN.iter().filter(|kind| kind.is_callable()).map(SymbolKind::as_str).collect();
    assert_eq!(callable, ["function", "method", "test"]);
}

#[test]
fn visibility_is_written_as_it_is_called() {
    for visibility in [Visibility::Public, Visibility::Crate, Visibility::Restricted, Visibility::Private] {
        let json = serde_json::to_string(&visibility).expect("a visibility is JSON");
        assert_eq!(json, format!("\"{}\"", visibility.as_str()));
        assert_eq!(serde_json::from_str::<Visibility>(&json).expect("what was written reads"), visibility);
    }
    assert!(serde_json::from_str::<Visibility>("\"protected\"").is_err());
}

#[test]
fn a_new_symbol_has_its_identity_and_nothing_else() {
    let path = RelPath::new("src/lib.rs").expect("a path");
    let symbol = Symbol::new(id(BASE), Language::RUST, SymbolKind::FUNCTION, "answer".to_owned(), path);
    assert_eq!((symbol.name.as_str(), symbol.qualified_name.as_str()), ("answer", "answer"));
    assert_eq!((symbol.parent, symbol.doc.as_str(), symbol.ordinal), (None, "", 0));
}

proptest! {
    #[test]
    fn ids_survive(bytes in any::<[u8; 16]>()) {
        let id = SymbolId::from_bytes(bytes);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(format!("{id:?}"), id.to_string());
        let json = serde_json::to_string(&id).expect("an id is JSON");
        prop_assert_eq!(serde_json::from_str::<SymbolId>(&json).ok(), Some(id));
    }

    /// No way to cut one text into parts gives the id of another.
    #[test]
    fn parts_do_not_run_into_each_other(text in "[ab]{4,10}", a in 0_usize..4, b in 0_usize..4) {
        let cut = |at: usize| Parts("rust", "p", "function", &text[..at], &text[at..], 0);
        prop_assert_eq!(id(cut(a)) == id(cut(b)), a == b);
    }
}
