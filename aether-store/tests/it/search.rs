//! Search: what the suite of the port leaves to a store, that is how hits are ranked.

use std::sync::Arc;

use aether_core::code::facts::{FileFacts, SymbolIdx};
use aether_core::code::{FileDelta, Language, SearchQuery, SymbolKind};
use aether_core::conformance::fixtures::{FileBuilder, change};
use aether_core::port::{IndexStore as _, SymbolSearch as _};
use aether_store::SqliteStore;

use crate::support::in_memory;

fn names(store: &SqliteStore, text: &str, limit: u32) -> Vec<String> {
    let hits = store.search(&SearchQuery::parse(text, limit)).expect("hits");
    hits.into_iter().map(|hit| hit.qualified_name).collect()
}

#[test]
fn fields_weigh_as_they_should() {
    let mut file = FileBuilder::new("src/work.rs");
    let body = file.symbol(SymbolKind::FUNCTION, "one", None);
    file.set_body(body, "token other words");
    let doc = file.symbol(SymbolKind::FUNCTION, "two", None);
    file.set_doc(doc, "Reads a token.");
    let owner = file.symbol(SymbolKind::STRUCT, "TokenOwner", None);
    file.symbol(SymbolKind::METHOD, "three", Some(owner));
    file.symbol(SymbolKind::FUNCTION, "next_token", None);
    file.symbol(SymbolKind::FUNCTION, "token", None);
    let found = names(&in_memory([file]), "token", 10);
    // A name of two words weighs the same whatever it names; then come what is said about a symbol and
    // the type around it, and its body.
    assert_eq!(found[..3], ["token", "TokenOwner", "next_token"]);
    assert_eq!(found[5], "one");
}

#[test]
fn parts_of_types_come_behind_what_is_called() {
    let mut file = FileBuilder::new("src/unit.rs");
    for kind in [SymbolKind::IMPL, SymbolKind::FIELD, SymbolKind::VARIANT, SymbolKind::FUNCTION] {
        file.symbol(kind, "token_stream", None);
    }
    let store = in_memory([file]);
    for text in ["token", "tok*", "token_stream", "stream token"] {
        let hits = store.search(&SearchQuery::parse(text, 10)).expect("hits");
        assert_eq!(hits.len(), 4, "{text}");
        assert_eq!(hits[0].kind, SymbolKind::FUNCTION, "{text}");
        assert_eq!(hits[3].kind, SymbolKind::IMPL, "{text}");
    }
}

#[test]
fn a_type_comes_before_its_methods() {
    let mut file = FileBuilder::new("src/unit.rs");
    let owner = file.symbol(SymbolKind::STRUCT, "ConfigParser", None);
    for name in ["len", "next", "parse"] {
        file.symbol(SymbolKind::METHOD, name, Some(owner));
    }
    file.symbol(SymbolKind::FUNCTION, "parse_config_file", None);
    let found = names(&in_memory([file]), "config parser", 10);
    assert_eq!(found[0], "ConfigParser");
    assert_eq!(found.len(), 5);
}

#[test]
fn tests_come_behind_what_they_test() {
    let mut file = FileBuilder::new("src/unit.rs");
    file.symbol(SymbolKind::TEST, "reads_a_line", None);
    file.symbol(SymbolKind::FUNCTION, "really_reads_the_line", None);
    assert_eq!(names(&in_memory([file]), "reads line", 5), ["really_reads_the_line", "reads_a_line"]);
}

#[test]
fn a_sentence_finds_what_asks_whether_it_is_so() {
    let mut file = FileBuilder::new("src/unit.rs");
    file.symbol(SymbolKind::FUNCTION, "cancelled", None);
    file.symbol(SymbolKind::FUNCTION, "is_cancelled", None);
    let store = in_memory([file]);
    assert_eq!(names(&store, "Returns true if the token is cancelled", 5)[0], "is_cancelled");
    assert_eq!(names(&store, "where is it cancelled", 5)[0], "cancelled");
}

#[test]
fn forms_of_a_word_meet() {
    let mut file = FileBuilder::new("src/unit.rs");
    let parser = file.symbol(SymbolKind::FUNCTION, "parse_entries", None);
    file.set_doc(parser, "Maps lines.");
    let store = in_memory([file]);
    for text in ["parsing entry", "parsed", "mapping", "line", "parseentries", "PARSE_ENTRIES", "parsee*"] {
        assert_eq!(names(&store, text, 5), ["parse_entries"], "{text}");
    }
    assert_eq!(names(&store, "parser", 5), [""; 0]);
}

#[test]
fn stop_words_are_names_only() {
    let mut file = FileBuilder::new("src/unit.rs");
    file.symbol(SymbolKind::FUNCTION, "from", None);
    let other = file.symbol(SymbolKind::FUNCTION, "other", None);
    file.set_doc(other, "Takes it from the user.");
    let store = in_memory([file]);
    assert_eq!(names(&store, "from", 5), ["from"]);
    assert_eq!(names(&store, "from the user", 5)[0], "other");
    assert_eq!(names(&store, "the", 5), [""; 0]);
}

#[test]
fn a_path_of_names_finds_its_end() {
    let mut file = FileBuilder::new("src/unit.rs");
    for owner in ["Alpha", "Beta", "Gamma"] {
        let owner = file.symbol(SymbolKind::STRUCT, owner, None);
        file.symbol(SymbolKind::METHOD, "new", Some(owner));
    }
    let store = in_memory([file]);
    assert_eq!(names(&store, "Beta::new", 5)[0], "Beta::new");
    assert_eq!(names(&store, "gamma new", 5)[0], "Gamma::new");
}

#[test]
fn filters_hold_before_the_limit() {
    let mut files = Vec::new();
    for number in 0..300 {
        let mut file = FileBuilder::new(&format!("src/f{number}.rs"));
        file.symbol(SymbolKind::FUNCTION, "common", None);
        files.push(file);
    }
    // The only one of its kind, and worse than all others.
    let mut last = FileBuilder::new("zzz/rare.rs");
    let rare = last.symbol(SymbolKind::FIELD, "rare_thing_of_many_words", None);
    last.set_doc(rare, "Much is said here before the word common is used at the end of it.");
    files.push(last);
    let store = in_memory(files);
    assert_eq!(names(&store, "common kind:field", 1), ["rare_thing_of_many_words"]);
    assert_eq!(names(&store, "common path:zzz", 1), ["rare_thing_of_many_words"]);
    assert_eq!(names(&store, "common", 1), ["common"]);
    assert_eq!(names(&store, "common", 1000).len(), 301);
}

#[test]
fn many_equal_hits_come_by_name() {
    let mut file = FileBuilder::new("src/unit.rs");
    for number in (0..50).rev() {
        let owner = file.symbol(SymbolKind::MODULE, &format!("m{number:02}"), None);
        file.symbol(SymbolKind::FUNCTION, "same", Some(owner));
    }
    let store = in_memory([file]);
    let found = names(&store, "same", 10);
    assert_eq!(found.len(), 10);
    assert_eq!(found[0], "m00::same");
    assert!(found.is_sorted());
}

#[test]
fn no_query_is_taken_for_a_command() {
    let mut file = FileBuilder::new("src/unit.rs");
    file.symbol(SymbolKind::FUNCTION, "near", None);
    let store = in_memory([file]);
    for text in
        ["near OR \"", "NEAR(a b, 2)", "near -far", "near^2", "{near} : far", "near\u{0}", "near); DELETE"]
    {
        assert_eq!(names(&store, text, 5), ["near"], "{text}");
    }
}

#[test]
fn words_of_every_language_are_found() {
    let mut file = FileBuilder::new("src/unit.rs");
    let symbol = file.symbol(SymbolKind::FUNCTION, "größe_messen", None);
    file.set_doc(symbol, "Измеряет размер.");
    let store = in_memory([file]);
    for text in ["größe", "GRÖSSE_MESSEN größe", "размер", "ИЗМЕР*"] {
        assert_eq!(names(&store, text, 5), ["größe_messen"], "{text}");
    }
}

#[test]
fn everything_that_search_reads_is_read_again_when_it_changes() {
    let build = |change_it: &dyn Fn(&mut FileBuilder, SymbolIdx)| {
        let mut file = FileBuilder::new("src/unit.rs");
        let owner = file.symbol(SymbolKind::STRUCT, "Owner", None);
        let symbol = file.symbol(SymbolKind::METHOD, "work", Some(owner));
        change_it(&mut file, symbol);
        file
    };
    let plain = || build(&|_, _| {});
    type Change<'a> = &'a dyn Fn(&mut FileBuilder, SymbolIdx);
    let changes: [Change<'_>; 2] =
        [&|file, symbol| file.set_doc(symbol, "zebra"), &|file, symbol| file.set_body(symbol, "zebra")];
    for change_it in changes {
        let store = in_memory([plain()]);
        for _ in 0..2 {
            store.apply(&change([build(change_it).build()]), None).expect("a delta");
            assert_eq!(names(&store, "zebra", 5), ["Owner::work"]);
        }
        store.apply(&change([plain().build()]), None).expect("a delta");
        assert_eq!(names(&store, "zebra", 5), [""; 0]);
        assert_eq!(names(&store, "work", 5), ["Owner::work"]);
    }
    // The id stays, its words do not: what is around it, its signature, the language of its file.
    type DeltaChange<'a> = (&'a str, &'a dyn Fn(&mut FileDelta));
    let changes: [DeltaChange<'_>; 3] = [
        ("zebra", &|delta| facts_of(delta).symbols[2].signature = "fn work(zebra: u8)".to_owned()),
        ("work kind:function", &|delta| facts_of(delta).symbols[2].kind = SymbolKind::FUNCTION),
        ("work language:zebra", &|delta| delta.file.language = Language::new("zebra")),
    ];
    for (text, change_it) in changes {
        let store = in_memory([plain()]);
        let mut delta = plain().build();
        change_it(&mut delta);
        store.apply(&change([delta]), None).expect("a delta");
        assert_eq!(names(&store, text, 5), ["Owner::work"], "{text}");
    }
    let store = in_memory([plain()]);
    assert_eq!(names(&store, "owner kind:method", 5), ["Owner::work"]);
    let mut delta = plain().build();
    facts_of(&mut delta).symbols[2].parent = None;
    store.apply(&change([delta]), None).expect("a delta");
    assert_eq!(names(&store, "owner kind:method", 5), [""; 0]);
}

fn facts_of(delta: &mut FileDelta) -> &mut FileFacts {
    Arc::make_mut(&mut delta.content.as_mut().expect("content").facts)
}

#[test]
fn a_symbol_is_found_by_new_words_and_not_by_old_ones() {
    let build = |doc: &str| {
        let mut file = FileBuilder::new("src/unit.rs");
        let symbol = file.symbol(SymbolKind::FUNCTION, "work", None);
        file.set_doc(symbol, doc);
        file.symbol(SymbolKind::FUNCTION, "steady", None);
        file
    };
    let word = |round: u8| format!("w{}{}z", char::from(b'a' + round / 20), char::from(b'a' + round % 20));
    let store = in_memory([build("alpha beta")]);
    for round in 0..50 {
        let doc = format!("beta {} gamma", word(round));
        store.apply(&change([build(&doc).build()]), None).expect("a delta");
        assert_eq!(names(&store, &word(round), 5), ["work"]);
        assert_eq!(names(&store, "alpha", 5), [""; 0]);
        assert_eq!(names(&store, "steady", 5), ["steady"]);
        if round > 0 {
            assert_eq!(names(&store, &word(round - 1), 5), [""; 0]);
        }
    }
}
