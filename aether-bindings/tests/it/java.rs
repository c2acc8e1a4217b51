//! Java: symbols, imports, and what calls lead to.

use aether_core::base::ErrorCode;
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::support::{Repo, check_calls as check, check_updates, edges, outline};

#[test]
fn every_kind_of_declaration_is_a_symbol() {
    let text = "/** The file. */\npackage a.b;\n
/**\n * Holds.\n *\n * More.\n */\n@Deprecated\n@SuppressWarnings(\"x\")\npublic final class Box<T extends Item> extends Base<T> implements Lid, c.Other {
    static final int LIMIT = 3;\n    private T kept, other;\n    protected Box(T kept) { this.kept = kept; }\n    @Override public String toString() { return \"\"; }
    @Test void works() {}\n    interface Inner { int SIZE = 1; void run(); default void go() {} }\n    enum Color implements Inner { RED, /** Green. */ GREEN(2) { public void run() {} }; Color(int... n) {} public void run() {} }
    record Point(int x, Item y) { Point { x = 1; } static Point of() { return null; } }\n    @interface Mark { String value() default \"\"; }
    void local() { class Here { void m() {} } Runnable r = new Runnable() { public void run() {} }; }\n}\nclass Second {}\n";
    let engine = Repo::new(&[("src/Box.java", text), ("Bare.java", "class Bare { int x; }")]).engine();
    assert_eq!(
        outline(&engine),
        [
            "class Bare::Bare crate 1",
            "field Bare::Bare::x crate 1",
            "class a::b::Box public 11",
            "constant a::b::Box::LIMIT crate 12",
            "field a::b::Box::kept private 13",
            "field a::b::Box::other private 13",
            "method a::b::Box::<init> restricted 14",
            "method a::b::Box::toString public 15",
            "test a::b::Box::works crate 16",
            "trait a::b::Box::Inner crate 17",
            "constant a::b::Box::Inner::SIZE public 17",
            "method a::b::Box::Inner::run public 17",
            "method a::b::Box::Inner::go public 17",
            "enum a::b::Box::Color crate 18",
            "variant a::b::Box::Color::RED crate 18",
            "variant a::b::Box::Color::GREEN crate 18",
            "method a::b::Box::Color::GREEN::run public 18",
            "method a::b::Box::Color::<init> crate 18",
            "method a::b::Box::Color::run public 18",
            "class a::b::Box::Point crate 19",
            "field a::b::Box::Point::x private 19",
            "field a::b::Box::Point::y private 19",
            "method a::b::Box::Point::<init> crate 19",
            "method a::b::Box::Point::of crate 19",
            "trait a::b::Box::Mark crate 20",
            "method a::b::Box::Mark::value public 20",
            "method a::b::Box::local crate 21",
            "class a::b::Box::local::Here crate 21",
            "method a::b::Box::local::Here::m crate 21",
            "class a::b::Box::local::<anonymous> private 21",
            "method a::b::Box::local::<anonymous>::run public 21",
            "class a::b::Second crate 23",
        ]
    );
    let class = engine.select("Box").unwrap();
    assert_eq!(
        (class.doc.as_str(), class.signature.as_str()),
        ("Holds.\n\nMore.", "public final class Box<T extends Item> extends Base<T> implements Lid, c.Other")
    );
    assert_eq!(class.attributes, ["Deprecated", "SuppressWarnings(\"x\")"]);
    assert_eq!((class.lines.first, class.lines.last), (11, 22));
    let method = engine.select("toString").unwrap();
    assert_eq!(method.signature, "public String toString()");
    assert_eq!(engine.select("GREEN").unwrap().doc, "Green.");
    assert_eq!(engine.symbols_named("Box.java").unwrap()[0].doc, "The file.");
}

#[test]
fn tests_are_told_by_annotations_and_old_ones_by_name() {
    let text = "package a;\nclass T { @Test(timeout = 1) void one() { go(); } @org.junit.jupiter.params.ParameterizedTest void two() {} void testThree() {} void go() {} }\nclass Old extends TestCase { public void testFour() {} void testIt(int x) {} }\n";
    let engine = Repo::new(&[("T.java", text)]).engine();
    let tests: Vec<String> = outline(&engine).into_iter().filter(|line| line.starts_with("test ")).collect();
    assert_eq!(tests, ["test a::T::one crate 2", "test a::T::two crate 2", "test a::Old::testFour public 3"]);
    assert_eq!(edges(&engine, "tests"), ["a::T::one -> a::T::go"]);
}

#[test]
fn imports_lead_to_classes_members_and_outside() {
    let files = [
        (
            "core/src/main/java/a/b/Tool.java",
            "package a.b;\npublic class Tool { public static void help() {} public static class Part { public static void spin() {} } }\nclass Hidden { static void peek() {} }\n",
        ),
        (
            "core/src/test/java/a/b/ToolTest.java",
            "package a.b;\nclass ToolTest { void t() { Tool.help(); Hidden.peek(); new Hidden(); } }\n",
        ),
        (
            "app/src/main/java/c/Use.java",
            "package c;\nimport a.b.Tool;\nimport a.b.Tool.Part;\nimport static a.b.Tool.help;\nimport java.util.List;\nimport a.x.Gone;\nclass Use { void u() { Tool.help(); Part.spin(); Tool.Part.spin(); help(); List.of(); Gone.away(); String.valueOf(1); Nope.no(); java.util.Map.of(); } }\n",
        ),
        (
            "app/src/main/java/c/Globs.java",
            "package c;\nimport a.b.*;\nimport static a.b.Tool.*;\nclass Globs { void g() { help(); Part.spin(); Tool.Part.spin(); new Use().u(); } }\n",
        ),
    ];
    check(&files, "a::b::ToolTest::t", &["a::b::Hidden", "a::b::Hidden::peek", "a::b::Tool::help"]);
    check(
        &files,
        "c::Use::u",
        &[
            "?Nope.no",
            "a::b::Tool::Part::spin",
            "a::b::Tool::help",
            "a::x::Gone::away",
            "java::lang::String::valueOf",
            "java::util::List::of",
            "java::util::Map::of",
        ],
    );
    check(&files, "c::Globs::g", &["a::b::Tool::Part::spin", "a::b::Tool::help", "c::Use", "c::Use::u"]);
    let engine = Repo::new(&files).engine();
    let imports = edges(&engine, "imports");
    for line in ["c -> a::b::Tool", "c -> a::b::Tool::Part", "c -> a::b::Tool::help", "c -> java::util::List"]
    {
        assert!(imports.iter().any(|edge| edge.ends_with(&line[5..])), "{line} in {imports:?}");
    }
}

#[test]
fn receivers_are_known_by_declarations_construction_and_results() {
    let text = "package m;\nclass Part { Part spin() { return this; } static Part make() { return null; } }\nclass Engine<T extends Part> {\n    Part kept; T bound; Part[] many; final Part made = new Part();\n    int size; int size() { return size; }
    void go(Part p, Object o) {\n        kept.spin(); this.made.spin(); p.spin().spin(); bound.spin(); var x = Part.make(); x.spin(); ((Part) o).spin();
        if (o instanceof Part q) q.spin(); for (Part e : many) e.spin(); try { } catch (Oops oops) { oops.say(); } size();\n    }
    void lambdas(java.util.function.Supplier s) { run((Part z) -> z.spin()); Runnable r = Part::make; s.get(); new Thread(Part::new); }
    void run(Object o) {}\n}\nclass Oops extends Exception { void say() {} }\n";
    let files = [("m/Part.java", text)];
    check(&files, "m::Engine::go", &["m::Engine::size", "m::Oops::say", "m::Part::make", "m::Part::spin"]);
    check(
        &files,
        "m::Engine::lambdas",
        &[
            "java::lang::Thread",
            "java::util::function::Supplier::get",
            "m::Engine::run",
            "m::Part",
            "m::Part::make",
            "m::Part::spin",
        ],
    );
    check(&files, "m::Engine::made", &["m::Part"]);
}

#[test]
fn members_come_from_bases_and_classes_around() {
    let text = "package m;\nimport lib.Outside;\nabstract class Base { Base(int n) {} void close() {} void both() {} static void util() {} }\ninterface Named { default void name() {} }
class Engine extends Base implements Named {\n    Engine() { this(1); }\n    Engine(int n) { super(n); }\n    void both() { super.both(); close(); name(); util(); gone(); Named.super.name(); }
    class Inner { void in() { close(); both(); Engine.this.both(); new Inner(); }\n        Runnable r = new Named() { public void x() { name(); both(); } };\n    }\n}
class Far extends Outside { void f() { super.reach(); this.reach(); reach(); } }\n";
    let files = [("m/M.java", text)];
    check(
        &files,
        "m::Engine::both",
        &["?gone", "m::Base::both", "m::Base::close", "m::Base::util", "m::Named::name"],
    );
    check(&files, "m::Engine::<init>", &["m::Base::<init>", "m::Engine::<init>"]);
    check(&files, "m::Engine::Inner::in", &["m::Base::close", "m::Engine::Inner", "m::Engine::both"]);
    check(&files, "m::Engine::Inner::r::<anonymous>::x", &["m::Engine::both", "m::Named::name"]);
    check(&files, "m::Far::f", &["?reach", "lib::Outside::reach"]);
    let engine = Repo::new(&files).engine();
    assert_eq!(
        edges(&engine, "implements"),
        [
            "m::Engine -> m::Base",
            "m::Engine -> m::Named",
            "m::Engine::Inner::r::<anonymous> -> m::Named",
            "m::Far -> lib::Outside",
        ]
    );
}

#[test]
fn of_overloads_the_one_that_fits_is_called() {
    let text = "package m;\nclass A {\n    void put(int a) {}\n    void put(String a) {}\n    void put(int a, B b) {}\n    void put(int a, String... rest) {}\n
    void one() { put(1); }\n    void two() { put(\"x\"); }\n    void three() { put(1, new B()); }\n    void four() { put(1, \"a\", \"b\"); }\n}\nclass B {}\n";
    let engine = Repo::new(&[("m/A.java", text)]).engine();
    let mut lines = Vec::new();
    let mut at = std::collections::BTreeMap::new();
    engine
        .visit_symbols(&mut |symbol| {
            at.insert(symbol.id, symbol.name_line);
        })
        .unwrap();
    engine
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() == "calls" && edge.callee_text == "put" {
                lines.push((edge.src_qualified_name.clone(), at[edge.dst_id.as_ref().unwrap()]));
            }
        })
        .unwrap();
    lines.sort();
    let found: Vec<(&str, u32)> = lines.iter().map(|(name, line)| (name.as_str(), *line)).collect();
    assert_eq!(found, [("m::A::four", 6), ("m::A::one", 3), ("m::A::three", 5), ("m::A::two", 4)]);
}

#[test]
fn what_is_not_known_is_not_guessed_from_common_names() {
    let text = "package m;\nclass Store { void get() {} void fetchAllRows() {} void fetchTwo(int a) {} }\nclass U { void f(Some x) { x.get(); x.fetchAllRows(); x.fetchTwo(); } }\n";
    check(&[("m/S.java", text)], "m::U::f", &["?x.fetchTwo", "?x.get", "m::Store::fetchAllRows"]);
}

#[test]
fn broken_and_deep_files_keep_what_can_be_read() {
    let deep =
        format!("class A {{ int x = {}1{}; }}\nclass Below {{ }}\n", "(".repeat(20_000), ")".repeat(20_000));
    let repo = Repo::new(&[
        (
            "Broken.java",
            "class Ok { void fine() {} void bad( { ]] }\n  void after() { fine(); }\n}\nclass Last { }\n",
        ),
        ("Deep.java", &deep),
        ("Empty.java", ""),
        ("package-info.java", "/** All of it. */\npackage p;\n"),
        ("Bom.java", "\u{feff}class Bom {\r\n  void first() {}\r\n  void crlf() { first(); }\r\n}\r\n"),
    ]);
    let engine = repo.engine();
    for name in ["fine", "Last", "Below", "crlf"] {
        assert_eq!(engine.select(name).unwrap().name, name);
    }
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert!(
        codes.contains(&ErrorCode::INDEX_SYNTAX_ERROR) && codes.contains(&ErrorCode::INDEX_TOO_DEEP),
        "{codes:?}"
    );
    assert!(edges(&engine, "calls").contains(&"Bom::Bom::crlf -> Bom::Bom::first".to_owned()));
}

const BASE: &[(&str, &str)] = &[
    (
        "src/main/java/app/core/Engine.java",
        "package app.core;\nimport app.util.Part;\nimport static app.util.Help.helper;\nimport app.extra.*;\npublic class Engine extends Base {\n    Part part = new Part();\n    public Engine() { super(1); }\n    void go() { part.spin(); close(); helper(); Extra.run(this); near(1); new Near(); }\n}\n",
    ),
    (
        "src/main/java/app/core/Near.java",
        "package app.core;\nclass Near { Near() {} void peek(Engine e) { e.go(); e.part.spin(1); e.rareName(); } }\n",
    ),
    (
        "src/main/java/app/util/Part.java",
        "package app.util;\npublic class Part { public Part spin() { return Help.helper(); } }\n",
    ),
    (
        "src/main/java/app/util/Help.java",
        "package app.util;\npublic class Help { public static Part helper() { return null; } }\n",
    ),
    (
        "src/main/java/app/extra/Base.java",
        "package app.extra;\npublic class Base { public Base(int n) {} protected void close() { app(); } void near(int x) {} void near(String x) {} }\n",
    ),
    (
        "src/main/java/app/extra/Extra.java",
        "package app.extra;\nimport app.core.Engine;\npublic class Extra { static void run(Engine e) { e.go(); e.close(); } }\n",
    ),
    (
        "src/test/java/app/core/EngineTest.java",
        "package app.core;\nimport app.util.*;\nclass EngineTest { @Test void goes() { Engine e = new Engine(); e.go(); Help.helper().spin(); new Near().peek(e); } }\n",
    ),
];

const ENGINE: &str = "src/main/java/app/core/Engine.java";
const NEAR: &str = "src/main/java/app/core/Near.java";
const PART: &str = "src/main/java/app/util/Part.java";
const HELP: &str = "src/main/java/app/util/Help.java";
const EXTRA_BASE: &str = "src/main/java/app/extra/Base.java";
const TEST: &str = "src/test/java/app/core/EngineTest.java";

fn changes() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    prop_oneof![
        Just((HELP, "public static Part helper", "public static app.core.Engine helper")),
        Just((HELP, "package app.util;", "package app.other;")),
        Just((PART, "spin()", "turn()")),
        Just((
            PART,
            "class Part {",
            "class Part extends app.extra.Base { public Part spin(int n) { return this; }"
        )),
        Just((PART, "\"never\"", "")),
        Just((ENGINE, "new Part()", "helper()")),
        Just((ENGINE, "import app.extra.*;", "import app.extra.Extra;")),
        Just((ENGINE, " extends Base", "")),
        Just((ENGINE, "void go", "void rareName() {} void go")),
        Just((ENGINE, "package app.core;", "package app.extra;")),
        Just((ENGINE, "public Engine() { super(1); }", "public Engine() { this(1); } Engine(int n) { }")),
        Just((ENGINE, "static app.util.Help.helper", "static app.util.Help.*")),
        Just((EXTRA_BASE, "void near(int x)", "void near(long x)")),
        Just((EXTRA_BASE, "void near(String x) {}", "class Near { }")),
        Just((NEAR, "Near() {}", "")),
        Just((NEAR, "class Near {", "class Near { static class Part { void spin(int n) {} }")),
        Just((TEST, "import app.util.*;", "import app.util.Help;")),
        Just((NEAR, "", "remove")),
        Just((HELP, "", "remove")),
        Just((EXTRA_BASE, "", "remove")),
        Just((NEAR, "", "restore")),
        Just((HELP, "", "restore")),
        Just((EXTRA_BASE, "", "restore")),
        Just((ENGINE, "", "restore")),
        Just((
            "other/app/core/Copy.java",
            "",
            "package app.core;\nclass Near { void peek(Engine e) {} }\nclass Help { }\n"
        )),
        Just(("other/app/core/Copy.java", "", "remove")),
        Just((
            "Loose.java",
            "",
            "package app;\nclass util { static class Help { static void helper() {} } }\n"
        )),
        Just(("Loose.java", "", "remove")),
    ]
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    check_updates(BASE, changes());
}
