//! Rules of [`SymbolSearch`](crate::port::SymbolSearch).

use super::fixtures::{FileBuilder, change, full_delta, removal};
use super::{expect, expect_eq, ok};
use crate::code::facts::SymbolIdx;
use crate::code::{GraphDelta, Language, SearchHit, SearchQuery, SymbolKind};
use crate::port::IndexStore;

/// Checks the search of a store: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_search};
/// check_search(&|| Box::new(MemoryStore::default()));
/// ```
pub fn check_search(make: &dyn Fn() -> Box<dyn IndexStore>) {
    empty_store_has_no_hits(make);
    symbols_are_found_by_their_words(make);
    exact_name_comes_first(make);
    prefix_and_quotes_match_as_said(make);
    filters_keep_what_they_name(make);
    filters_alone_list(make);
    limit_cuts_the_tail(make);
    hits_describe_their_symbol(make);
    equal_questions_have_equal_answers(make);
    no_text_is_an_error(make);
    changes_are_found_at_once(make);
    punctuation_finds_nothing(make);
}

fn project() -> GraphDelta {
    let mut io = FileBuilder::new("src/io.rs");
    io.set_module("demo::io");
    let read = io.symbol(SymbolKind::FUNCTION, "read_line", None);
    io.set_doc(read, "Fetches one row of input. Blocks.");
    io.set_body(read, "buffer until zanzibar");
    let reader = io.symbol(SymbolKind::STRUCT, "LineReader", None);
    io.symbol(SymbolKind::METHOD, "readAhead", Some(reader));
    io.symbol(SymbolKind::FUNCTION, "parse", None);
    let mut util = FileBuilder::new("tests/util.rs");
    util.set_module("util");
    let other = util.symbol(SymbolKind::FUNCTION, "decode", None);
    util.set_doc(other, "Calls parse on each record.");
    util.symbol(SymbolKind::FUNCTION, "parse_all", None);
    full_delta([io.build(), util.build()])
}

fn filled(make: &dyn Fn() -> Box<dyn IndexStore>) -> Box<dyn IndexStore> {
    let store = make();
    ok("search: a delta is taken", store.apply(&project(), None));
    store
}

fn search(rule: &str, store: &dyn IndexStore, text: &str) -> Vec<SearchHit> {
    ok(rule, store.search(&SearchQuery::parse(text, 20)))
}

fn names(hits: &[SearchHit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.qualified_name.as_str()).collect()
}

#[track_caller]
fn expect_found(rule: &str, hits: &[SearchHit], wanted: &str) {
    let names = names(hits);
    assert!(names.contains(&wanted), "{rule}\n    got: {names:?}\n wanted: {wanted} among them");
}

fn empty_store_has_no_hits(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let rule = "search: an empty store has no hits";
    for text in ["", "word", "kind:fn", "pre*", "\"name\""] {
        expect_eq(rule, search(rule, &*make(), text), Vec::new());
    }
}

fn symbols_are_found_by_their_words(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    for (what, text, wanted) in [
        ("their name", "read_line", "demo::io::read_line"),
        ("a part of a snake case name", "line", "demo::io::read_line"),
        ("a part of a camel case name", "ahead", "demo::io::LineReader::readAhead"),
        ("several parts in any order", "line read", "demo::io::read_line"),
        ("another case", "LINEREADER", "demo::io::LineReader"),
        ("their documentation", "row", "demo::io::read_line"),
        ("words of their body", "zanzibar", "demo::io::read_line"),
    ] {
        let rule = format!("search: symbols are found by {what}");
        expect_found(&rule, &search(&rule, &*store, text), wanted);
    }
    let rule = "search: what nothing holds is not found";
    expect_eq(rule, search(rule, &*store, "xylophone"), Vec::new());
}

fn exact_name_comes_first(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: a symbol of exactly that name comes first";
    for (text, wanted) in [
        ("parse", "demo::io::parse"),
        ("read_line", "demo::io::read_line"),
        ("LineReader", "demo::io::LineReader"),
        ("decode", "util::decode"),
    ] {
        let hits = search(rule, &*store, text);
        expect_eq(&format!("{rule}: {text}"), names(&hits).first().copied(), Some(wanted));
    }
}

fn prefix_and_quotes_match_as_said(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: a word that ends in `*` matches as a prefix";
    let hits = search(rule, &*store, "rea*");
    expect_found(rule, &hits, "demo::io::read_line");
    expect_found(rule, &hits, "demo::io::LineReader::readAhead");
    let rule = "search: a word without `*` is no prefix";
    expect_eq(rule, search(rule, &*store, "zanz"), Vec::new());
    let rule = "search: a word in double quotes matches only as a name";
    expect_eq(rule, names(&search(rule, &*store, "\"parse\"")), vec!["demo::io::parse"]);
    expect_eq(rule, search(rule, &*store, "\"zanzibar\""), Vec::new());
}

fn filters_keep_what_they_name(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    for (text, kept) in [
        ("parse kind:fn", true),
        ("parse kind:struct", false),
        ("parse kind:struct,fn", true),
        ("parse kind:interface", false),
        ("parse path:src/", true),
        ("parse path:io", true),
        ("parse path:tests", false),
        ("parse path:tests,src", true),
        ("parse path:%", false),
        ("parse path:s_c", false),
        ("parse path:src/*.rs", true),
        ("parse path:s*/io", true),
        ("parse path:io*src", false),
        ("parse language:rust", true),
        ("parse language:go", false),
        ("parse language:go path:io kind:fn", false),
    ] {
        let rule = format!("search: filters keep what they name and all must hold: {text}");
        let hits = search(&rule, &*store, text);
        expect_eq(&rule, names(&hits).contains(&"demo::io::parse"), kept);
    }
    let rule = "search: no hit passes a filter that it does not meet";
    let hits = search(rule, &*store, "parse kind:fn path:tests");
    expect(
        rule,
        hits.iter().all(|hit| hit.kind == SymbolKind::FUNCTION && hit.file.as_str().starts_with("tests/")),
    );
    expect_found(rule, &hits, "util::parse_all");
}

fn filters_alone_list(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: without words, what the filters keep is listed by qualified name";
    let listed = search(rule, &*store, "kind:fn path:src");
    expect_eq(rule, names(&listed), vec!["demo::io::parse", "demo::io::read_line"]);
}

fn punctuation_finds_nothing(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: a text without letters and digits finds nothing";
    for text in ["\"", "\"\"", "***", ":: . -", "kind:fn %"] {
        expect_eq(rule, search(rule, &*store, text), Vec::new());
    }
}

fn limit_cuts_the_tail(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: a limit cuts the tail and changes nothing else";
    let all = ok(rule, store.search(&SearchQuery::parse("parse", 100)));
    expect(rule, all.len() >= 2);
    for limit in 1..=all.len() as u32 {
        let cut = ok(rule, store.search(&SearchQuery::parse("parse", limit)));
        expect_eq(rule, names(&cut), names(&all[..limit as usize]));
    }
}

fn hits_describe_their_symbol(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: a hit tells what its symbol is and where";
    for hit in search(rule, &*store, "read_line") {
        let symbols = ok(rule, store.symbols(&[hit.id]));
        expect_eq(rule, symbols.len(), 1);
        expect_eq(rule, hit.clone(), SearchHit::new(&symbols[0], hit.score));
    }
    let rule = "search: a hit tells the first sentence of the documentation";
    let first = search(rule, &*store, "read_line").into_iter().next();
    let told = first.map(|hit| (hit.language, hit.line, hit.intent));
    let wanted = (Language::RUST, 1, Some("Fetches one row of input.".to_owned()));
    expect_eq(rule, told, Some(wanted));
}

fn equal_questions_have_equal_answers(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let (store, other) = (filled(make), filled(make));
    let rule = "search: scores fall, equal ones in the order of qualified name, the same in every store";
    for text in ["parse", "read", "line", "e*", "kind:fn"] {
        let hits = search(rule, &*store, text);
        let falls = |pair: &[SearchHit]| {
            let by_name = || (&pair[0].qualified_name, pair[0].id) < (&pair[1].qualified_name, pair[1].id);
            pair[0].score > pair[1].score || (pair[0].score == pair[1].score && by_name())
        };
        expect(&format!("{rule}: {text}"), hits.windows(2).all(falls));
        expect(&format!("{rule}: {text}"), hits.iter().all(|hit| hit.score.is_finite()));
        expect_eq(&format!("{rule}: {text}"), names(&search(rule, &*other, text)), names(&hits));
    }
}

fn no_text_is_an_error(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: no text is an error";
    let long = "word ".repeat(5000);
    for text in [
        "",
        " ",
        "\"",
        "\"\"",
        "\"parse",
        "*",
        "**",
        "a*b",
        "(",
        ")",
        "AND",
        "OR parse",
        "NOT",
        "NEAR(a b)",
        "-parse",
        "+parse",
        "^parse",
        "name:parse",
        "{a b}:c",
        "parse'",
        "'; --",
        "%",
        "_",
        "\\",
        "\0",
        "é",
        "日本語",
        "🦀",
        "kind:",
        "path:,",
        "::",
        "a::b",
        &long,
    ] {
        search(&format!("{rule}: {text:.40}"), &*store, text);
    }
    let rule = "search: what is no word to an index does not hide the words beside it";
    expect_found(rule, &search(rule, &*store, "( parse )"), "demo::io::parse");
}

fn changes_are_found_at_once(make: &dyn Fn() -> Box<dyn IndexStore>) {
    let store = filled(make);
    let rule = "search: a changed file is found by its new words at once, and no longer by its old ones";
    let mut io = FileBuilder::new("src/io.rs");
    io.set_module("demo::io");
    let read: SymbolIdx = io.symbol(SymbolKind::FUNCTION, "read_line", None);
    io.set_doc(read, "Fetches a quokka.");
    ok(rule, store.apply(&change([io.build()]), None));
    expect_eq(rule, names(&search(rule, &*store, "quokka")), vec!["demo::io::read_line"]);
    expect_eq(rule, search(rule, &*store, "zanzibar"), Vec::new());
    expect_eq(rule, search(rule, &*store, "\"LineReader\""), Vec::new());
    expect_found(rule, &search(rule, &*store, "decode"), "util::decode");
    let rule = "search: a removed file is not found";
    ok(rule, store.apply(&removal(&["src/io.rs"]), None));
    expect_eq(rule, search(rule, &*store, "quokka"), Vec::new());
    let rule = "search: a full delta leaves nothing of the old words";
    let mut fresh = FileBuilder::new("src/fresh.rs");
    fresh.symbol(SymbolKind::FUNCTION, "wombat", None);
    ok(rule, store.apply(&full_delta([fresh.build()]), None));
    expect_eq(rule, search(rule, &*store, "decode"), Vec::new());
    expect_eq(rule, names(&search(rule, &*store, "wombat")), vec!["wombat"]);
}
