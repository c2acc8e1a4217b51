//! Source that is nested or chained without end, from a thread with a small stack.

use aether_core::base::{ErrorCode, IndexLimits};
use aether_index::Language;

use crate::support::facts;

/// The stack of a thread that a program makes without saying more.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Reads `text` between two functions and says which diagnostics came of it.
#[track_caller]
fn check(name: &str, text: String) {
    // Whatever lies between must not take what stands above it along.
    let text = format!("fn above() {{}}\n{text}\n");
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
fn long_flat_source_is_read_to_its_end() {
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

/// Walks texts as files of a language, each below a declaration of `above`.
fn check_language(language: &dyn Language, file_name: &'static str, above: &str, texts: &[String]) {
    for text in texts {
        let shown: String = text.chars().take(40).collect();
        let text = &format!("{above}\n{text}\n");
        // Only workers walk, and their stack is made for the nesting that limits allow.
        let read = || language.walker().walk(file_name, text, &IndexLimits::default());
        let facts = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(256 * 1024 * 1024);
            thread.spawn_scoped(scope, read).unwrap().join().unwrap()
        });
        assert_eq!(facts.validate(), Ok(()), "{shown}");
        assert_eq!(facts.symbols.get(1).map(|symbol| facts.name(symbol.name)), Some("above"), "{shown}");
    }
}

/// What most languages can nest and chain, inside a function.
fn common(function: impl Fn(&str) -> String) -> Vec<String> {
    [
        nested("(", "x", ")"),
        nested("f(", "x", ")"),
        nested("[", "x", "]"),
        nested("{", "", "}"),
        "-".repeat(MANY) + "x",
        "x".to_owned() + &".y()".repeat(MANY),
        "x".to_owned() + &"[0]".repeat(MANY),
        "x".to_owned() + &" + x".repeat(MANY),
        "if (x) {} else ".repeat(MANY / 4),
        "\"".repeat(MANY),
    ]
    .into_iter()
    .map(|text| function(&text))
    .collect()
}

#[test]
fn go_is_read_as_far_as_it_goes() {
    let above = "package a\nvar above int";
    let mut texts = common(|text| format!("func f() {{ g({text}) }}"));
    texts.extend(common(|text| format!("func f() {{ {text} }}")));
    texts.push(format!("type T {}int", "[]".repeat(MANY)));
    texts.push(format!("func f() {{ {} }}", nested("func() {", "", "}()")));
    check_language(&aether_index::Go, "a.go", above, &texts);
}

#[test]
fn java_is_read_as_far_as_it_goes() {
    let mut texts = common(|text| format!("class A {{ void f() {{ g({text}); }} }}"));
    texts.extend(common(|text| format!("class A {{ void f() {{ {text} }} }}")));
    texts.push(nested("class A {", "", "}"));
    texts.push(format!("class A {{ {}int{} x; }}", "A<".repeat(MANY / 10), ">".repeat(MANY / 10)));
    texts.push(format!("class A {{ void f() {{ g({}); }} }}", nested("() -> {", "", "}")));
    check_language(&aether_index::Java, "A.java", "class above {}", &texts);
}

#[test]
fn javascript_and_typescript_are_read_as_far_as_they_go() {
    let above = "let above = 1;";
    let mut texts = common(|text| format!("function f() {{ g({text}); }}"));
    texts.extend(common(|text| format!("function f() {{ {text} }}")));
    texts.push(format!("f({})", nested("() => {", "", "}")));
    texts.push(format!("f({})", "x => ".repeat(MANY)));
    texts.push(format!("f({})", nested("`${", "x", "}`")));
    texts.push(format!("let {} = x;", nested("[", "y", "]")));
    check_language(&aether_index::JavaScript, "a.js", above, &texts);
    texts.push(format!("let x: {}y{};", "A<".repeat(MANY / 10), ">".repeat(MANY / 10)));
    texts.push(nested("namespace A {", "", "}"));
    check_language(&aether_index::TypeScript, "a.ts", above, &texts);
    let texts = [format!("let x = {};", nested("<a>", "", "</a>"))];
    check_language(&aether_index::TypeScript, "a.tsx", above, &texts);
    check_language(&aether_index::JavaScript, "a.jsx", above, &texts);
}

#[test]
fn python_is_read_as_far_as_it_goes() {
    let mut texts = common(|text| format!("def f():\n    g({text})"));
    texts.push(format!("f({}x)", "lambda: ".repeat(MANY)));
    texts.push(format!("f({}x)", "not ".repeat(MANY)));
    // A level of a block is a line with as many spaces.
    texts.push((0..1000).map(|level| format!("{}if x:\n", " ".repeat(level))).collect());
    check_language(&aether_index::Python, "a.py", "above = 1", &texts);
}

#[test]
fn c_and_cpp_are_read_as_far_as_they_go() {
    let texts = [
        format!("int f() {{ return {}; }}", nested("(", "x", ")")),
        format!("int f() {}", nested("{", "x;", "}")),
        format!("int f() {{ {} }}", nested("g(", "x", ")")),
        format!("int f() {{ {}x; }}", "if (a) ".repeat(MANY)),
        format!("int f() {{ {}x; }}", "*".repeat(MANY)),
        nested("struct a {", "int x;", "} b;"),
        format!("int {}x;", "(*".repeat(MANY)),
        "#if A\n".repeat(MANY / 4),
        format!("int f() {{ {} }}", "if (a) {} else ".repeat(MANY / 4)),
    ];
    check_language(&aether_index::C, "a.c", "int above;", &texts);
    check_language(&aether_index::Cpp, "a.cc", "int above;", &texts);
    let texts = [
        nested("namespace a {", "int x;", "}"),
        nested("class a {", "int x;", "};"),
        format!("{}int{} x;", "A<".repeat(MANY / 10), ">".repeat(MANY / 10)),
        format!("void f() {{ {}; }}", nested("[] { ", "x();", " }();")),
        format!("int {}x() {{}}", "a::".repeat(MANY)),
        "template <class T> ".repeat(MANY / 4),
    ];
    check_language(&aether_index::Cpp, "a.cc", "int above;", &texts);
}
