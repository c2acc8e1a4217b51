//! Anchors.

use aether_core::base::{ByteSpan, RelPath};
use aether_core::code::{Anchor, AnchorErrorKind, AnchorTarget};
use proptest::prelude::*;

fn anchor(text: &str, span: ByteSpan) -> Result<Anchor, AnchorErrorKind> {
    let file = RelPath::new("src/lib.rs").expect("a path");
    let target = AnchorTarget::Heading(vec!["Part".to_owned()]);
    Anchor::new(file, target, text, span).map_err(aether_core::code::AnchorError::kind)
}

/// A text with `«` and `»` around a place, taken apart.
fn marked(text: &str) -> (String, ByteSpan) {
    let start = text.find('«').expect("a start");
    let end = text.find('»').expect("an end");
    let plain = text.replace(['«', '»'], "");
    (plain, ByteSpan::new(start as u32, (end - '«'.len_utf8()) as u32))
}

/// The citation that is marked in `old` is found in `new` where it is marked there.
#[track_caller]
fn check(old: &str, new: &str) {
    let (old, span) = marked(old);
    let anchor = anchor(&old, span).expect("the span fits");
    assert_eq!(anchor.locate(&old).expect("it is where it was"), span);
    let (new, expected) = marked(new);
    assert_eq!(anchor.locate(&new).expect("it is found"), expected, "{new}");
}

#[track_caller]
fn check_lost(old: &str, new: &str, expected: AnchorErrorKind) {
    let (old, span) = marked(old);
    let anchor = anchor(&old, span).expect("the span fits");
    assert_eq!(anchor.locate(new).expect_err("it is lost").kind(), expected, "{new}");
}

#[test]
fn a_citation_that_moved_is_found() {
    check("«fn b() {}»\n", "// new\n«fn b() {}»\n");
    check("// old\n// older\n«fn b() {}»\n", "«fn b() {}»\n");
    check("«fn b() {\n    1\n}»\n", "mod m;\n\n«fn b() {\n    1\n}»\n");
    check("    «fn b() {}»", "mod m {\n        «fn b() {}»\n}");
    check("a\n«# Part\n\ntext\n»", "# Other\n\n«# Part\n\ntext\n»# Last\n");
    check("«x»", "\n\n\n\n\n\n«x»");
}

#[test]
fn a_citation_inside_a_line_is_found() {
    check("enum E { «A», B }", "enum E { C, «A», B }");
    check("#[inline] «fn a() {\n}»\n", "\n#[inline(always)] «fn a() {\n}»\n");
    check("let x = «f(1)»;", "let total = g(«f(1)»);");
}

#[test]
fn text_of_several_bytes_is_found() {
    check("«fn größe() {}» // ü", "// äöü 🦀\n«fn größe() {}»\n");
    check("// 🦀 «日本»", "// 🦀🦀 (日) «日本»");
    check("ß«ß»ß", "ß«ß»ß");
}

#[test]
fn the_old_place_wins_and_then_the_nearest() {
    check("a\n«b»\nc\nb\n", "a\n«b»\nb\nb\n");
    check("a\na\na\n«b»\na\na\n", "b\na\n«b»\na\na\na\nb\n");
    check("a\n«b»", "a\na\n\n«b»\n\n\n\n\nb");
}

#[test]
fn equally_near_places_are_ambiguous() {
    check_lost("a\n«bb»\nc", "bb\n x\nbb", AnchorErrorKind::Ambiguous);
    check_lost("a\n«bb»\nc", "aaaa\n bb bb\nc", AnchorErrorKind::Ambiguous);
}

#[test]
fn a_citation_that_changed_is_lost() {
    check_lost("«fn b() {}»", "fn b() { }", AnchorErrorKind::Changed);
    check_lost("«fn b() {}»", "", AnchorErrorKind::Changed);
    check_lost("«fn b() {}»", "fn b() {", AnchorErrorKind::Changed);
    check_lost("«fn b()\n{}»", "\nfn b()\r\n{}", AnchorErrorKind::Changed);
}

/// Elsewhere only as whole words: `total` in `subtotal` is another thing.
#[test]
fn a_citation_is_not_found_inside_a_word() {
    check_lost("«total»", "subtotal totals _total total_ x1total", AnchorErrorKind::Changed);
    check("«total»", "subtotal («total»-1)");
    check_lost("«ß»", "aß", AnchorErrorKind::Changed);
    // Where it was made, half a word is still there.
    check("sub«total»", "sub«total»s");
}

#[test]
fn an_empty_citation_is_found_at_its_byte_only() {
    check("ab«»", "ab«»cd");
    check_lost("ab«»", "a", AnchorErrorKind::Changed);
    check_lost("ab«»", "a\u{10ffff}", AnchorErrorKind::Changed);
}

#[track_caller]
fn check_lines(text: &str, first: u32, last: u32) {
    let (text, span) = marked(text);
    let anchor = anchor(&text, span).expect("the span fits");
    assert_eq!((anchor.lines.first, anchor.lines.last), (first, last));
}

#[test]
fn lines_are_counted_from_1_and_their_break_belongs_to_them() {
    check_lines("«»", 1, 1);
    check_lines("«a»", 1, 1);
    check_lines("a\n«b»", 2, 2);
    check_lines("a\n«b\n»", 2, 2);
    check_lines("a\n«b\nc\n»d", 2, 3);
    check_lines("«a\n\n»b", 1, 2);
    check_lines("«\n»", 1, 1);
    check_lines("«\n\n\n»", 1, 3);
}

#[track_caller]
fn check_out_of_range(text: &str, start: u32, end: u32) {
    assert_eq!(anchor(text, ByteSpan { start, end }), Err(AnchorErrorKind::OutOfRange));
}

#[test]
fn a_span_must_fit_the_text() {
    check_out_of_range("abc", 0, 4);
    check_out_of_range("abc", 4, 4);
    check_out_of_range("abc", 2, 1);
    check_out_of_range("äbc", 1, 2);
    check_out_of_range("abä", 0, 3);
    check_out_of_range("", 1, 1);
}

#[test]
fn errors_read_after_failed_to() {
    let kinds = [
        anchor("a", ByteSpan::new(0, 2)).expect_err("out of range"),
        AnchorErrorKind::Changed,
        AnchorErrorKind::Ambiguous,
    ];
    assert_eq!(kinds[0], AnchorErrorKind::OutOfRange);
    let error = Anchor::new(RelPath::root(), AnchorTarget::Heading(vec![]), "", ByteSpan::new(0, 1));
    assert_eq!(error.expect_err("out of range").to_string(), "span does not fit the text");
}

/// An anchor from outside may say anything about its span and lines.
#[test]
fn a_forged_anchor_is_changed_and_not_a_crash() {
    let (text, span) = marked("a\n«b b»\nc\n");
    let honest = anchor(&text, span).expect("the span fits");
    for (start, end, first, last) in [
        (5, 2, 1, 1),
        (u32::MAX, u32::MAX, u32::MAX, u32::MAX),
        (0, u32::MAX, 0, u32::MAX),
        (1, 2, u32::MAX, 0),
        (u32::MAX - 1, u32::MAX, 0, 0),
    ] {
        let mut value = serde_json::to_value(&honest).expect("an anchor is JSON");
        value["span"] = serde_json::json!({"start": start, "end": end});
        value["lines"] = serde_json::json!({"first": first, "last": last});
        let forged: Anchor = serde_json::from_value(value).expect("any numbers are an anchor");
        assert_eq!(forged.locate(&text).expect_err("it is lost").kind(), AnchorErrorKind::Changed);
    }
}

/// Half of a large file cannot be moved around in it for every byte; hashing must stay bounded.
#[test]
fn a_large_text_costs_a_bounded_time() {
    let line = "let value = compute(value, other);\n";
    let text = line.repeat(60_000);
    let half = ByteSpan::new(0, (line.len() * 30_000) as u32);
    let anchor = anchor(&text, half).expect("the span fits");
    let changed = text.replace("other", "third");
    assert_eq!(anchor.locate(&changed).expect_err("it changed").kind(), AnchorErrorKind::Changed);
    // All in one line, every byte is a start.
    let flat = "a ".repeat(1_000_000);
    let anchor = self::anchor(&flat, ByteSpan::new(0, 1_000_000)).expect("the span fits");
    let changed = flat.replace('a', "b");
    assert_eq!(anchor.locate(&changed).expect_err("it changed").kind(), AnchorErrorKind::Changed);
}

proptest! {
    /// Lines put above or below never lose a citation of whole lines that stands once.
    #[test]
    fn lines_around_do_not_matter(
        above in prop::collection::vec("[a-d ]{0,6}", 0..6),
        below in prop::collection::vec("[a-d ]{0,6}", 0..6),
        cited in prop::collection::vec("[e-h]{1,6}( [e-h]{1,6}){0,2}", 1..5),
        indent in 0_usize..4,
    ) {
        let cited = cited.join("\n");
        let old = format!("x\n{cited}\ny\n");
        let anchor = anchor(&old, ByteSpan::new(2, 2 + cited.len() as u32)).expect("the span fits");
        let lines = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let before = lines(&above) + &" ".repeat(indent);
        let new = format!("{before}{cited}\n{}", lines(&below));
        let start = before.len() as u32;
        prop_assert_eq!(anchor.locate(&new).ok(), Some(ByteSpan::new(start, start + cited.len() as u32)));
    }

    /// Whatever the texts, what is found is what was cited, and nothing panics.
    #[test]
    fn what_is_found_is_what_was_cited(old in "[ab\nß ]{0,12}", new in "[ab\nß ]{0,24}", a in 0_usize..12, b in 0_usize..12) {
        let span = ByteSpan::new(a.min(b) as u32, a.max(b) as u32);
        if let Ok(anchor) = anchor(&old, span) {
            prop_assert_eq!(anchor.locate(&old).ok(), Some(span));
            if let Ok(found) = anchor.locate(&new) {
                prop_assert_eq!(found.slice(&new), span.slice(&old));
            }
        }
    }
}
