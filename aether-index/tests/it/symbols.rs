//! The symbols of a file.

use std::fmt::Write as _;

use aether_core::code::facts::{FileFacts, ItemDetail, SymbolFact, SymbolIdx};

use crate::support::facts;

/// One line per symbol: depth by indentation, kind, name.
fn outline(facts: &FileFacts) -> String {
    let mut out = String::new();
    for symbol in facts.symbols.iter().skip(1) {
        let mut depth = 0;
        let mut next = symbol.parent;
        while let Some(parent) = next {
            depth += 1;
            next = facts.symbols[parent.0 as usize].parent;
        }
        writeln!(out, "{}{} {}", "  ".repeat(depth), symbol.kind, facts.name(symbol.name)).unwrap();
    }
    out
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(outline(&facts(text)), expected);
}

#[test]
fn every_kind_is_found() {
    check(
        "mod m { const C: u8 = 1; static S: u8 = 2; } type T = u8; union U { a: u8 }
         enum E { A, B(u8), C { x: u8 } } struct P(u8, pub u16); trait R { type I; fn f(&self); const K: u8; }
         impl R for P { type I = u8; fn f(&self) {} const K: u8 = 1; } impl P { fn n() {} }
         macro_rules! mac { () => {} } #[test] fn t() {} #[tokio::test] async fn u() {} extern \"C\" { fn c(); }",
        "module m\n  constant C\n  static S\ntype T\nunion U\n  field a\nenum E\n  variant A\n  variant B\n    field 0\n  variant C\n    field x\nstruct P\n  field 0\n  field 1\ntrait R\n  type I\n  method f\n  constant K\nimpl <P as R>\n  type I\n  method f\n  constant K\nimpl P\n  method n\nmacro mac\ntest t\ntest u\nfunction c\n",
    );
}

#[test]
fn inner_functions_keep_their_parent() {
    check("fn a() { fn b() {} let f = || { fn c() {} }; }", "function a\n  function b\n  function c\n");
}

#[test]
fn items_inside_item_macros_are_found_where_they_stand() {
    let text = "wrap! {\n    /// Doc.\n    pub fn f(x: u8) -> u8 {\n        x\n    }\n\n    impl S { fn m(&self) {} }\n}\n";
    let facts = facts(text);
    assert_eq!(outline(&facts), "function f\nimpl S\n  method m\n");
    let symbol = &facts.symbols[1];
    assert_eq!((symbol.name_line, symbol.lines.first, symbol.lines.last), (3, 3, 5));
    assert_eq!(symbol.name_span.slice(text), Some("f"));
    assert_eq!((symbol.signature.as_str(), symbol.doc.as_str()), ("pub fn f(x: u8) -> u8", "Doc."));
    assert!(symbol.in_macro);
}

#[test]
fn what_stands_above_a_declaration_belongs_to_it() {
    let facts = facts(
        "//! The file.\n\n/// First.\n///\n/// Second.\n#[must_use]\n#[cfg(unix)]\npub(crate) fn f() {}\n\n// not doc\nfn g() {}\n",
    );
    assert_eq!(facts.symbols[0].doc, "The file.");
    let f = &facts.symbols[1];
    assert_eq!(f.doc, "First.\n\nSecond.");
    assert_eq!(f.attributes, ["must_use", "cfg(unix)"]);
    assert_eq!(f.visibility.as_str(), "crate");
    assert_eq!(f.lines.first, 8);
    assert_eq!((facts.symbols[2].doc.as_str(), facts.symbols[2].attributes.len()), ("", 0));
}

#[test]
fn documentation_is_read_in_every_form() {
    let text = "\u{feff}#![allow(dead_code)]\n// licence\n/*!\n * One.\n *\n * Two.\n */\n/* not doc */\n//! Three.\n
        /** A block.\n  * More. */\n#[doc = \"Said \\\"so\\\".\"]\nfn f() {}\n#[doc = include_str!(\"f.md\")]\nfn g() {}\nmod m { /*! Inside. */ }\n//! late\n";
    let facts = facts(text);
    let docs: Vec<&str> = facts.symbols.iter().map(|symbol| symbol.doc.as_str()).collect();
    assert_eq!(docs, ["One.\n\nTwo.\n\nThree.", "A block.\nMore.\nSaid \"so\".", "", "Inside."]);
    let attributes: Vec<_> = facts.symbols[1].attributes.iter().map(String::as_str).collect();
    assert_eq!(attributes, ["doc = \"Said \\\"so\\\".\""]);
}

#[test]
fn twins_are_numbered() {
    let facts = facts("#[cfg(unix)] fn f() {} #[cfg(windows)] fn f() {} fn f(x: u8) {}");
    let ordinals: Vec<u32> = facts.symbols.iter().skip(1).map(|symbol| symbol.ordinal).collect();
    assert_eq!(ordinals, [0, 1, 0]);
}

#[test]
fn line_breaks_and_marks_do_not_shift_places() {
    for (text, line) in
        [("\r\n\r\nfn f() {}\r\n", 3), ("\u{feff}fn f() {}", 1), ("// \u{1f980}\nfn f() {}", 2)]
    {
        let facts = facts(text);
        let symbol = &facts.symbols[1];
        assert_eq!((symbol.name_line, symbol.name_span.slice(text)), (line, Some("f")), "{text:?}");
    }
}

#[test]
fn raw_names_are_names() {
    let facts = facts("fn r#match() {}");
    assert_eq!(facts.local_path(SymbolIdx(1)), "match");
}

#[test]
fn nothing_is_a_file() {
    for text in ["", "\n", "   ", "]]]]", "fn", "impl", "macro_rules!", "#![", "\u{0}", "fn f( {"] {
        let facts = facts(text);
        assert_eq!(facts.symbols[0].kind.as_str(), "file", "{text:?}");
    }
}

/// Name and visibility of each symbol.
fn visibilities(text: &str) -> Vec<String> {
    let facts = facts(text);
    let of = |symbol: &SymbolFact| format!("{} {}", facts.name(symbol.name), symbol.visibility.as_str());
    facts.symbols.iter().skip(1).map(of).collect()
}

#[test]
fn what_belongs_to_an_enumeration_is_as_visible_as_it() {
    for (written, seen) in [("pub", "public"), ("pub(crate)", "crate"), ("", "private")] {
        let found = visibilities(&format!("{written} enum E {{ A(u8), B {{ x: u8 }} }}"));
        let expected = ["E", "A", "0", "B", "x"].map(|name| format!("{name} {seen}"));
        assert_eq!(found, expected, "{written}");
    }
    assert_eq!(visibilities("pub struct S { pub a: u8, b: u8 }"), ["S public", "a public", "b private"]);
}

#[test]
fn items_of_a_trait_are_as_visible_as_it() {
    let text = "pub(crate) trait T { type A; const C: u8; fn f() { fn inner() {} } }
         mod m { impl T for u8 { fn f() {} } impl u8 { fn own() {} pub fn open() {} } }
         impl std::fmt::Debug for S { fn fmt() {} } impl Other for S { fn g() {} }
         fn h() { trait Hidden { fn i(); } impl Hidden for u8 { fn i() {} } }
         impl Hidden for u16 { fn i() {} }";
    assert_eq!(
        visibilities(text),
        [
            "T crate",
            "A crate",
            "C crate",
            "f crate",
            "inner private",
            "m private",
            "<u8 as T> private",
            "f crate",
            "u8 private",
            "own private",
            "open public",
            "<S as Debug> private",
            "fmt public",
            "<S as Other> private",
            "g public",
            "h private",
            "Hidden private",
            "i private",
            "<u8 as Hidden> private",
            "i private",
            "<u16 as Hidden> private",
            "i public",
        ]
    );
}

#[test]
fn implementations_are_named_by_last_segments() {
    check(
        "impl ::core::fmt::Display for ::a::X<u8> {} impl a::T for &'a mut b::Y {}",
        "impl <X as Display>\nimpl <Y as T>\n",
    );
}

#[test]
fn items_among_the_arguments_of_a_macro_are_marked() {
    let text =
        "fn f() { quote! { fn g() {} }; select! { x = { struct S { a: u8 } static N: u8 = 1; } => {} } }
         thread_local! { static K: u8 = 1 } fn h() {}";
    let facts = facts(text);
    let found: Vec<(&str, bool)> =
        facts.symbols.iter().skip(1).map(|symbol| (facts.name(symbol.name), symbol.in_macro)).collect();
    for (name, in_macro) in [("f", false), ("g", true), ("S", true), ("a", true), ("N", true), ("h", false)] {
        assert!(found.contains(&(name, in_macro)), "{name} in {found:?}");
    }
    assert_eq!(found.iter().filter(|(_, in_macro)| !in_macro).count(), 2, "{found:?}");
}

#[test]
fn names_are_kept_once() {
    let facts = facts("struct A(u8, u8); struct B(u8); fn f(b: B) -> u8 { b.0 } impl Fn(u8) -> u8 for B {}");
    let mut names: Vec<&str> = facts.names.iter().collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn a_static_that_a_macro_wraps_has_no_known_type() {
    let facts = facts(
        "thread_local! { static A: u8 = 1; } fn f() { std::thread_local! { static B: u8 = g(); } } static C: u8 = 1;",
    );
    let of = |name: &str| {
        let found = facts.symbols.iter().find(|symbol| facts.name(symbol.name) == name).unwrap();
        matches!(found.detail, ItemDetail::Value { ty: Some(_), .. })
    };
    assert_eq!(["A", "B", "C"].map(of), [false, false, true]);
}

#[test]
fn async_is_told_wherever_it_stands() {
    let facts =
        facts("pub async unsafe fn a() {} fn b() { async {} } impl S { async fn c() {} fn r#async() {} }");
    let found: Vec<bool> = facts
        .symbols
        .iter()
        .filter_map(|symbol| match &symbol.detail {
            ItemDetail::Function(function) => Some(function.is_async),
            _ => None,
        })
        .collect();
    assert_eq!(found, [true, false, true, false]);
}
