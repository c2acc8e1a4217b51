//! Source that is nested or chained without end, from a thread with a small stack.

use std::time::{Duration, Instant};

use aether_core::base::ErrorCode;

use crate::support::facts;

/// The stack of a thread that a program makes without saying more.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Reads `text` between two functions and says which diagnostics came of it.
#[track_caller]
fn check(name: &str, text: String) {
    // Whatever lies between must not take what stands above it along.
    let text = format!("fn above() {{}}\n{text}\n");
    let start = Instant::now();
    let read = move || {
        let facts = facts(&text);
        let names: Vec<String> =
            facts.symbols.iter().map(|symbol| facts.name(symbol.name).to_owned()).collect();
        let codes: Vec<ErrorCode> = facts.diagnostics.iter().map(|found| found.code.clone()).collect();
        (names, codes)
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(read).unwrap();
    let (names, codes) = thread.join().unwrap();
    assert_eq!(names[1], "above", "{name}");
    let is_expected =
        |code: &ErrorCode| [ErrorCode::INDEX_TOO_DEEP, ErrorCode::INDEX_SYNTAX_ERROR].contains(code);
    assert!(codes.iter().all(is_expected), "{name}: {codes:?}");
    // A bound for a machine under load; time that grows with the square would take minutes.
    assert!(start.elapsed() < Duration::from_secs(60), "{name} took {:?}", start.elapsed());
}

const MANY: usize = 100_000;

fn nested(open: &str, inner: &str, close: &str) -> String {
    [open.repeat(MANY), inner.to_owned(), close.repeat(MANY)].concat()
}

#[test]
fn nesting_without_end_is_read_as_far_as_it_goes() {
    check("brackets", format!("fn f() {{ {} }}", nested("(", "x", ")")));
    check("arrays", format!("fn f() {{ {} }}", nested("[", "x", "]")));
    check("blocks", format!("fn f() {{ {} }}", nested("{", "x", "}")));
    check("calls", format!("fn f() {{ {} }}", nested("g(", "x", ")")));
    check("references", format!("fn f() {{ {}x }}", "&".repeat(MANY)));
    check("closures", format!("fn f() {{ {}x }}", "|| ".repeat(MANY)));
    check("types", format!("type T = {};", nested("Vec<", "u8", ">")));
    check("tuples", format!("fn f(x: {}) {{}}", nested("(", "u8,", ")")));
    check("patterns", format!("fn f() {{ let {} = x; }}", nested("(", "y,", ")")));
    check("imports", format!("use {};", nested("a::{", "b", "}")));
    check("modules", nested("mod a {", "", "}"));
    check("functions", nested("fn a() {", "", "}"));
    check("unclosed", "fn f() { if x {".repeat(MANY / 4));
}

#[test]
fn macros_in_macros_without_end_are_read_as_far_as_they_go() {
    check("among expressions", format!("fn f() {{ {} }}", nested("m!(", "x.y()", ")")));
    check("as items", nested("m! { fn a() {} ", "", "}"));
    check("brackets in a macro", format!("fn f() {{ m!({}); }}", nested("(", "x.y()", ")")));
}

#[test]
fn chains_without_end_are_read_as_far_as_they_go() {
    check("calls", format!("fn f() {{ a{} }}", ".b()".repeat(MANY)));
    check("sums", format!("fn f() {{ a{} }}", " + a".repeat(MANY)));
    check("else if", format!("fn f() {{ if a {{}}{} }}", " else if a {}".repeat(MANY)));
    check("paths", format!("use a{};", "::b".repeat(MANY)));
    check("marks", format!("fn f() {{ a{} }}", "?".repeat(MANY)));
    check("casts", format!("fn f() {{ a{} }}", " as u8".repeat(MANY)));
    check("assignments", format!("fn f() {{ {}a }}", "a = ".repeat(MANY)));
}

#[test]
fn long_flat_source_is_read_in_linear_time() {
    check("functions on one line", "fn f() { g(a.b, c) } ".repeat(90_000));
    check("statements", format!("fn f() {{ {} }}", "g(a.b); ".repeat(MANY)));
    check("fields", format!("struct S {{ {} }}", "a: u8, ".repeat(MANY)));
    check("arguments", format!("fn f() {{ g({}) }}", "a, ".repeat(MANY)));
    check("comments", "/// a\n".repeat(MANY));
    check("attributes", "#[a]".repeat(MANY));
    check("quotes", format!("fn f() {{ m!({}) }}", "'".repeat(MANY)));
    check("hashes", format!("fn f() {{ m!({}) }}", "r#\"".repeat(MANY)));
    check("NUL", "\0".repeat(MANY));
    check("line breaks", "\r\n".repeat(MANY));
}
