//! Queries and answers.

use aether_core::base::{RelPath, Timestamp};
use aether_core::code::{
    ANSWER_SCHEMA_VERSION, Answer, Coverage, Freshness, Language, SearchHit, SearchQuery, Symbol, SymbolId,
    SymbolKind,
};

/// A query as one line: words, then the filters that it has.
#[track_caller]
fn check(text: &str, expected: &str) {
    let query = SearchQuery::parse(text, 20);
    let mut shown = format!("[{}]", query.text);
    let mut filter = |name: &str, values: Vec<&str>| {
        if !values.is_empty() {
            shown += &format!(" {name}={}", values.join("+"));
        }
    };
    filter("language", query.languages.iter().map(Language::as_str).collect());
    filter("kind", query.kinds.iter().map(SymbolKind::as_str).collect());
    filter("path", query.paths.iter().map(String::as_str).collect());
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn words_and_filters_come_apart() {
    check("", "[]");
    check("  read \t line\n", "[read line]");
    check("read kind:struct line", "[read line] kind=struct");
    check("kind:struct,enum", "[] kind=struct+enum");
    check("kind:struct kind:enum", "[] kind=struct+enum");
    check("path:src/io,tests file:benches", "[] path=src/io+tests+benches");
    check("language:rust lang:go x", "[x] language=rust+go");
    check("kind:struct,,enum,", "[] kind=struct+enum");
}

#[test]
fn kinds_have_short_names() {
    check("kind:fn", "[] kind=function");
    check("kind:func,mod,const", "[] kind=function+module+constant");
    check("kind:interface", "[] kind=interface");
}

#[test]
fn languages_and_kinds_are_taken_in_lower_case() {
    check(
        "language:Rust kind:FN,Struct path:README.md",
        "[] language=rust kind=function+struct path=README.md",
    );
}

#[test]
fn what_is_no_filter_is_a_word() {
    check("kind:", "[kind:]");
    check("kind:, path:,,", "[kind:, path:,,]");
    check("std::fs::read", "[std::fs::read]");
    check("kind::fn", "[kind::fn]");
    check("colour:red", "[colour:red]");
    check(":fn", "[:fn]");
    check("::", "[::]");
    check("rea* \"exact\" a:b:c", "[rea* \"exact\" a:b:c]");
    check("\"kind:fn\"", "[\"kind:fn\"]");
    check("größe 名前:値", "[größe 名前:値]");
}

#[test]
fn a_query_has_at_least_one_hit() {
    assert_eq!([0, 1, 50].map(|limit| SearchQuery::parse("x", limit).limit), [1, 1, 50]);
}

#[track_caller]
fn check_intent(doc: &str, expected: Option<&str>) {
    let path = RelPath::new("src/lib.rs").expect("a path");
    let id = SymbolId::from_bytes([1; 16]);
    let mut symbol = Symbol::new(id, Language::RUST, SymbolKind::FUNCTION, "f".to_owned(), path);
    symbol.doc = doc.to_owned();
    assert_eq!(SearchHit::new(&symbol, 1.0).intent.as_deref(), expected);
}

#[test]
fn intent_is_the_first_sentence_of_the_documentation() {
    check_intent("", None);
    check_intent(" \n", None);
    check_intent("Reads a line.", Some("Reads a line."));
    check_intent("Reads a\nline. Blocks.", Some("Reads a line."));
    check_intent("Reads a line\n\nBlocks.", Some("Reads a line"));
    check_intent("Version 1.2 reads. More.", Some("Version 1.2 reads."));
}

#[test]
fn coverage_is_a_share() {
    let coverage =
        |files_indexed, files_total| Coverage { files_indexed, files_total, ..Coverage::default() };
    let shares = [coverage(0, 0), coverage(0, 4), coverage(1, 4), coverage(4, 4)].map(|it| it.fraction());
    assert!(
        shares.iter().zip([1.0, 0.0, 0.25, 1.0]).all(|(a, b)| (a - b).abs() < f64::EPSILON),
        "{shares:?}"
    );
}

#[test]
fn an_answer_carries_its_version_and_freshness() {
    let freshness = Freshness::new(3, Some(Timestamp::from_unix_ms(0)));
    let answer = Answer::new(vec![1, 2], freshness, Coverage::default());
    let json = serde_json::to_value(&answer).expect("an answer is JSON");
    assert_eq!(json["schema_version"], ANSWER_SCHEMA_VERSION);
    assert_eq!(json["freshness"]["indexed_at"], "1970-01-01T00:00:00.000Z");
    assert_eq!(json["freshness"]["is_checked"], false);
    assert_eq!(serde_json::from_value::<Answer<Vec<u8>>>(json).expect("what was written reads"), answer);
}
