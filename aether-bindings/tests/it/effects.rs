//! What functions are said to do, and the way to it.

use aether_bindings::engine::{EffectTable, Engine, EngineOptions, Ports};

use crate::support::{Repo, update};

/// The effects of a function as `kind confidence: line text ← line text`.
fn effects(engine: &Engine, name: &str) -> Vec<String> {
    let symbol = engine.select(name).unwrap();
    let found = engine.effects(symbol.id).unwrap().result;
    let shown = found.iter().map(|effect| {
        let steps: Vec<String> =
            effect.steps.iter().map(|step| format!("{} {}", step.line, step.text)).collect();
        format!("{} {}: {}", effect.kind, effect.confidence.thousandths(), steps.join(" ← "))
    });
    shown.collect()
}

#[track_caller]
fn check(text: &str, name: &str, expected: &[&str]) {
    let repo = Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
        ("src/lib.rs", text),
    ]);
    assert_eq!(effects(&repo.engine(), name), expected);
}

#[test]
fn what_a_body_calls_and_says_has_effects() {
    check("fn f() { std::fs::read(\"x\").ok(); }", "f", &["files_read 1000: 1 std::fs::read"]);
    check("fn f() { println!(\"x\"); }", "f", &["output 1000: 1 println!"]);
    check(
        "fn f(p: &std::path::Path) -> bool { p.exists() }",
        "f",
        &["files_read 1000: 1 std::path::Path::exists"],
    );
    check(
        "fn f(x: Option<u8>, y: &[u8]) -> u8 {\n    let z = x.unwrap();\n    y[0] + z\n}",
        "f",
        &["assertion 900: 2 std::option::Option::unwrap", "index 200: 3 […]", "arithmetic 50: 3 arithmetic"],
    );
    // The first place of a kind is told.
    check(
        "fn f(x: Option<u8>) {\n    x.unwrap();\n    x.expect(\"x\");\n}",
        "f",
        &["assertion 900: 2 std::option::Option::unwrap"],
    );
    check("fn f(p: *const u8) -> u8 { unsafe { *p } }", "f", &["unsafe 1000: 1 unsafe"]);
    check("fn f(x: u8) -> bool { x == 1 }", "f", &[]);
    check("fn f() { todo!() }", "f", &["panic 950: 1 todo!"]);
    check("fn f(x: bool) { debug_assert!(x); }", "f", &["unreachable 100: 1 debug_assert!"]);
}

#[test]
fn effects_spread_to_callers_with_the_way() {
    let text = "\
fn a() { b() }
fn b() { if true { c() } else { a() } }
fn c() { std::env::var(\"X\").unwrap(); }
fn apart() {}
";
    check(
        text,
        "a",
        &[
            "environment 960: 1 b ← 2 c ← 3 std::env::var",
            // 0.9, and for each of two calls 0.7 of 0.98.
            "assertion 423: 1 b ← 2 c ← 3 std::result::Result::unwrap",
        ],
    );
    check(text, "apart", &[]);
}

#[test]
fn of_all_ways_the_likeliest_is_told() {
    let text = "\
fn far() { one(); two() }
fn one() { assert!(true) }
fn two() { three() }
#[track_caller]
fn three() { four() }
#[track_caller]
fn four() { assert!(false) }
";
    // Through those that blame their callers nothing is lost but what the calls themselves are unsure of.
    check(text, "far", &["assertion 617: 1 one ← 2 assert!"]);
    check(text, "two", &["assertion 864: 3 three ← 5 four ← 7 assert!"]);
}

#[test]
fn what_is_not_known_is_told() {
    check("fn f(g: impl Fn()) { g() }", "f", &["unknown 1000: 1 g"]);
    check("struct S { g: fn() }\nimpl S { fn f(&self) { (self.g)() } }", "f", &["unknown 1000: 2 (…)()"]);
    // What a closure of its own does stands in the body.
    check("fn f() { let g = || (); g(); }", "f", &[]);
    check("struct S(u8);\nfn f() -> Option<S> { Some(S(1)) }", "f", &[]);
    check("trait T { fn m(&self); }\nfn f(t: &dyn T) { t.m() }", "f", &["unknown 1000: 2 t.m"]);
    check("fn f() { other_crate::g() }\nfn h() { f() }", "h", &["unknown 980: 2 f ← 1 other_crate::g"]);
}

#[test]
fn crates_that_many_use_are_known() {
    let repo = Repo::new(&[
        (
            "Cargo.toml",
            "[package]\nname = \"demo\"\nedition = \"2024\"\n[dependencies]\nmemchr = \"2\"\ntokio = \"1\"\nrand = \"0.9\"\n",
        ),
        (
            "src/lib.rs",
            "fn f(x: &[u8]) { memchr::memchr(1, x); }\nfn g() { tokio::spawn(async {}); }\n\
             fn h() { tokio::nothing_of_that_name(); }\nfn i() { rand::rng().random::<u8>(); }\n",
        ),
    ]);
    let engine = repo.engine();
    assert_eq!(effects(&engine, "f"), [""; 0]);
    assert_eq!(effects(&engine, "g"), ["threads 1000: 2 tokio::spawn"]);
    assert_eq!(effects(&engine, "h"), ["unknown 1000: 3 tokio::nothing_of_that_name"]);
    // What the method does, the maker of the generator has.
    assert_eq!(effects(&engine, "i"), ["random 1000: 4 rand::rng"]);
}

#[test]
fn a_call_that_was_guessed_may_lead_anywhere() {
    let text = "struct S;\nimpl S { fn only_here(&self) { panic!() } }\nfn f() { other_crate::make().only_here() }\n";
    check(text, "f", &["unknown 1000: 3 other_crate::make"]);
    check(text, "only_here", &["panic 950: 2 panic!"]);
}

#[test]
fn a_table_of_ones_own_adds_to_what_is_known() {
    let repo = Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n[dependencies]\nweb = \"1\"\n"),
        ("src/lib.rs", "fn f() { web::get(\"x\"); }\nfn g() { web::log::line(); }\nfn h() { probe!() }\n"),
    ]);
    let mut table = EffectTable::standard();
    table
        .add(
            "[network]\npaths = [\"web::*\"]\n[output]\npaths = [\"web::log::*\"]\n[traced]\nmacros = [\"probe\"]\n",
        )
        .unwrap();
    let options = EngineOptions::new(repo.root()).with_effects(table);
    let engine = Engine::open(options, Ports::in_memory().unwrap()).unwrap();
    update(&engine);
    assert_eq!(effects(&engine, "f"), ["network 1000: 1 web::get"]);
    // The longest beginning counts.
    assert_eq!(effects(&engine, "g"), ["output 1000: 2 web::log::line"]);
    assert_eq!(effects(&engine, "h"), ["traced 1000: 3 probe!"]);
    for wrong in ["[network]\nroads = []", "network = 1", "[network"] {
        assert!(EffectTable::standard().add(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn effects_follow_an_edit() {
    let repo = Repo::new(&[
        ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n"),
        ("src/lib.rs", "mod b;\nfn f() { b::g() }\n"),
        ("src/b.rs", "pub fn g() {}\n"),
    ]);
    let engine = repo.engine();
    assert_eq!(effects(&engine, "demo::f"), [""; 0]);
    repo.write("src/b.rs", "pub fn g() { std::process::exit(1) }\n");
    update(&engine);
    assert_eq!(effects(&engine, "demo::f"), ["exit 980: 2 b::g ← 1 std::process::exit"]);
}
