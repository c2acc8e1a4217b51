//! The symbols of a file.

use std::fmt::Write as _;

use aether_core::code::facts::{FileFacts, SymbolIdx};

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
