//! C: symbols, includes, and what calls lead to.

use aether_bindings::engine::{Engine, EngineOptions, StoreOptions};
use aether_core::code::SymbolKind;
use aether_core::port::EdgeRecord;
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::support::{Repo, check_calls as check, check_updates, edges, outline, update};

#[test]
fn every_kind_of_declaration_is_a_symbol() {
    let text = "#include <stdio.h>
#define LIMIT 10
/* Squares. */
#define SQUARE(x) ((x) * (x))

/**
 * A point.
 *
 * More.
 */
struct point {
    int x, *y;
    struct { int deep; } inner;
    union { int flat; };
    int (*compare)(int, int);
};

typedef struct { int a; } named;
typedef struct point point_t;
typedef int (*callback)(void);
typedef struct same { int b; } same;
union both { int i; float f; };
enum color { RED, GREEN = 2 };
enum { LOOSE };

// Counts.
static int counter = 0;
const char *const label = \"x\";
extern int elsewhere;
int listed[3], *second;

int declared(int a);
static int (hidden)(int a) { return a; }
char *found(const char *text, ...) { return 0; }
#ifdef OTHER
int twin(void) { return 1; }
#else
int twin(void) { return 2; }
#endif
";
    let engine = Repo::new(&[("src/a.c", text)]).engine();
    assert_eq!(
        outline(&engine),
        [
            "macro LIMIT public 2",
            "macro SQUARE public 4",
            "struct point public 11",
            "field point::x public 12",
            "field point::y public 12",
            "struct point::inner public 13",
            "field point::inner::deep public 13",
            "field point::inner public 13",
            "field point::flat public 14",
            "field point::compare public 15",
            "struct named public 18",
            "field named::a public 18",
            "type point_t public 19",
            "type callback public 20",
            "struct same public 21",
            "field same::b public 21",
            "union both public 22",
            "field both::i public 22",
            "field both::f public 22",
            "enum color public 23",
            "variant color::RED public 23",
            "variant color::GREEN public 23",
            "variant LOOSE public 24",
            "variable counter private 27",
            "constant label public 28",
            "declaration elsewhere public 29",
            "variable listed public 30",
            "variable second public 30",
            "declaration declared public 32",
            "function hidden private 33",
            "function found public 34",
            "function twin public 36",
            "function twin public 38",
        ]
    );
    let point = engine.select("point").unwrap();
    assert_eq!((point.doc.as_str(), point.signature.as_str()), ("A point.\n\nMore.", "struct point"));
    assert_eq!((point.lines.first, point.lines.last), (11, 16));
    assert_eq!(engine.select("counter").unwrap().doc, "Counts.");
    assert_eq!(engine.select("SQUARE").unwrap().doc, "Squares.");
    assert_eq!(engine.select("found").unwrap().signature, "char *found(const char *text, ...)");
    assert_eq!(engine.select("point").unwrap().language.as_str(), "c");
}

#[test]
fn calls_lead_to_what_the_file_sees() {
    let files = [
        (
            "src/main.c",
            "#include \"lib/list.h\"\n#include <string.h>\n#include \"gone.h\"\nstatic int helper(void) { return 0; }\nint main(void) { helper(); list_new(); GROW(1); strlen(\"\"); unknown(); inlined(); other_helper(); secret(); return 0; }\n",
        ),
        ("src/lib/list.h", "#include \"base.h\"\nstruct list *list_new(void);\n#define GROW(n) (n)\n"),
        ("src/lib/base.h", "static inline int inlined(void) { return 1; }\n"),
        (
            "src/lib/list.c",
            "#include \"list.h\"\nstruct list *list_new(void) { return helper(); }\nstatic int helper(void) { return 2; }\n",
        ),
        (
            "src/other.c",
            "int other_helper(void) { return list_new(); }\nint list_new(void);\nstatic int secret(void) { return 1; }\n",
        ),
        ("test/list.c", "static struct list *list_new(void) { return 0; }\n"),
    ];
    check(
        &files,
        "main",
        &["?secret", "?unknown", "GROW", "helper", "inlined", "list_new", "other_helper", "strlen"],
    );
    // Of equal names that of the file comes first, and a declaration is led to its definition.
    let engine = Repo::new(&files).engine();
    let callers = |place: &str| {
        let symbol = engine.select(place).unwrap();
        assert_ne!(symbol.kind, SymbolKind::DECLARATION);
        let found = engine.callers(symbol.id, Default::default()).unwrap().result.edges;
        found.iter().map(|edge| edge.src_file.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(callers("src/lib/list.c:2"), ["src/main.c", "src/other.c"]);
    assert_eq!(callers("src/lib/list.c:3"), ["src/lib/list.c"]);
    assert_eq!(callers("src/main.c:4"), ["src/main.c"]);
    assert_eq!(callers("test/list.c:1"), [""; 0]);
    assert_eq!(edges(&engine, "implements"), ["list_new -> list_new"]);
    assert_eq!(
        edges(&engine, "imports"),
        [" -> ", " -> ?gone.h", " -> string.h"],
        "files have no names of their own"
    );
}

/// The places that the calls of `caller` lead to.
fn places(engine: &Engine, caller: &str) -> Vec<String> {
    let symbol = engine.select(caller).unwrap();
    let calls = engine.callees(symbol.id, Default::default()).unwrap().result.edges;
    let place = |edge: &EdgeRecord| Some(format!("{}:{}", edge.dst_file.as_ref()?, edge.dst_name_line?));
    calls.iter().filter_map(place).collect()
}

#[test]
fn a_declaration_leads_to_the_definition_that_belongs_to_it() {
    let files = [
        ("api.h", "int twice(void);\nint lonely(void);\nint near(void);\n"),
        ("aaa.c", "int twice(void) { return 1; }\nstatic int lonely(void) { return 2; }\n"),
        ("api.c", "#include \"api.h\"\nint twice(void) { return 3; }\n"),
        ("lib/near.c", "int near(void) { return 4; }\n"),
        ("use.c", "#include \"api.h\"\nint use(void) { return twice() + lonely() + near(); }\n"),
    ];
    let engine = Repo::new(&files).engine();
    // That of the file of the same name; what is static elsewhere is another function.
    assert_eq!(places(&engine, "use"), ["api.c:2", "api.h:2", "lib/near.c:1"]);
}

#[test]
fn an_include_leads_to_the_nearest_file() {
    let header = "static int p(void) { return 1; }\n";
    let files = [
        ("src/a/use.c", "#include \"../x.h\"\nint up(void) { return p(); }\n"),
        ("src/a/plain.c", "#include \"x.h\"\nint here(void) { return p(); }\n"),
        ("src/b/c/far.c", "#include \"x.h\"\nint far(void) { return p(); }\n"),
        ("lib/y.c", "#include <x.h>\n#include \"inc/z.h\"\nint outside(void) { return p() + q(); }\n"),
        ("a/x.h", header),
        ("src/x.h", header),
        ("src/a/x.h", header),
        ("deep/inc/z.h", "static int q(void) { return 2; }\n"),
        ("other/z.h", "static int q(void) { return 3; }\n"),
    ];
    let engine = Repo::new(&files).engine();
    assert_eq!(places(&engine, "up"), ["src/x.h:1"]);
    assert_eq!(places(&engine, "here"), ["src/a/x.h:1"]);
    assert_eq!(places(&engine, "far"), ["src/x.h:1"]);
    // A name alone in angle brackets is of the library, unless it lies in a folder for headers.
    assert_eq!(places(&engine, "outside"), ["deep/inc/z.h:1"]);
}

#[test]
fn a_header_that_appears_changes_what_files_around_it_see() {
    let repo = Repo::new(&[
        // Resolved after the header, so that what that includes is known already.
        ("z.c", "#include \"b.h\"\nint use(void) { return p(); }\n"),
        ("b.h", "#include \"g.h\"\nstatic int q(void) { return p(); }\n"),
        ("f.h", "static int p(void) { return 1; }\n"),
        ("h.h", "static int p(void) { return 2; }\n"),
    ]);
    let engine = repo.engine();
    assert_eq!(places(&engine, "use"), [""; 0]);
    repo.write("g.h", "#include \"f.h\"\n");
    update(&engine);
    assert_eq!(places(&engine, "use"), ["f.h:1"]);
}

#[test]
fn receivers_are_found_by_their_types() {
    let files = [
        (
            "a.c",
            "#include \"a.h\"\nvoid run(struct loop *loop, handler_t *handler) {\n    loop->api.poll(loop);\n    handler->done();\n    entries[0].done();\n    global.api.poll(0);\n    struct loop local = { 0 };\n    local.api.missing();\n    loop->make->done();\n    cb();\n    (*cb)();\n    if (sizeof(struct loop) > 1) return;\n}\n",
        ),
        (
            "a.h",
            "struct api { int (*poll)(void *); };\nstruct loop { struct api api; struct handler *(*make)(void); };\ntypedef struct handler { void (*done)(void); } handler_t;\nextern struct handler entries[4];\nextern struct loop global;\nstatic void (*cb)(void);\n",
        ),
        ("g.c", "#include \"a.h\"\nstruct loop global;\n"),
    ];
    check(&files, "run", &["?local.api.missing", "?loop.make.done", "api::poll", "cb", "handler::done"]);
}

#[test]
fn headers_are_read_as_what_they_are_written_in() {
    let files = [
        (
            "c.h",
            "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint plain(void);\n#ifdef __cplusplus\n}\n#endif\n",
        ),
        ("cpp.h", "#pragma once\nnamespace n { class A { public: void go(); }; }\n"),
    ];
    let engine = Repo::new(&files).engine();
    let language = |name: &str| engine.select(name).unwrap().language.as_str().to_owned();
    assert_eq!((language("plain"), language("n::A")), ("c".to_owned(), "cpp".to_owned()));
    // Still so for who opens the index again, and updates something else.
    let repo = Repo::new(&files);
    let open = || {
        let options = EngineOptions::new(repo.root());
        Engine::open_workspace(options, &StoreOptions::default(), || None).unwrap()
    };
    update(&open());
    repo.write("use.cpp", "#include \"cpp.h\"\nvoid n::A::go() {}\n");
    let engine = open();
    update(&engine);
    assert_eq!(engine.select("n::A").unwrap().language.as_str(), "cpp");
    assert_eq!(edges(&engine, "implements"), ["n::A::go -> n::A::go"]);
}

#[test]
fn conditions_and_macros_do_not_hide_what_is_behind_them() {
    let text = "#ifdef A\nint first(int a) {\n    if (a) {\n#else\nint first(long a) {\n    if (!a) {\n#endif\n        second();\n    }\n    return 0;\n}\nMY_EXPORT int second(void);\nMY_EXPORT(1) int second(void) MY_ATTRIBUTE(\"x\") { return third(); }\nint third(void) { return 0; }\n";
    check(&[("a.c", text)], "first", &["second"]);
    check(&[("a.c", text)], "second", &["third"]);
}

const BASE: &[(&str, &str)] = &[
    (
        "src/main.c",
        "#include \"lib/list.h\"\n#include <config.h>\nint main(void) { struct list *l = list_new(); l->free(l); grow(l); FLAG(); return helper(); }\nstatic int helper(void) { return 1; }\n",
    ),
    ("src/lib/list.h", "#include \"base.h\"\nstruct list *list_new(void);\nint grow(struct list *l);\n"),
    ("src/lib/base.h", "struct list { void (*free)(struct list *); int n; };\n#define FLAG() 1\n"),
    (
        "src/lib/list.c",
        "#include \"list.h\"\nstruct list *list_new(void) { grow(0); return 0; }\nint grow(struct list *l) { return l->n + helper(); }\n",
    ),
    ("include/config.h", "int helper(void);\n"),
    ("src/other.c", "int helper(void) { return list_new(); }\n"),
];

fn changes() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    const MAIN: &str = "src/main.c";
    const HEADER: &str = "src/lib/list.h";
    const INNER: &str = "src/lib/base.h";
    const LIST: &str = "src/lib/list.c";
    prop_oneof![
        Just((MAIN, "static int helper", "int helper")),
        Just((MAIN, "\"lib/list.h\"", "\"list.h\"")),
        Just((MAIN, "#include <config.h>", "")),
        Just((HEADER, "\"base.h\"", "\"../base.h\"")),
        Just((HEADER, "struct list *list_new(void);", "static int list_new(void) { return 0; }")),
        Just((HEADER, "grow(struct list *l)", "grow(struct list *l, int by)")),
        Just((INNER, "free", "release")),
        Just((INNER, "struct list {", "struct list_item {")),
        Just((INNER, "#define FLAG() 1", "static int FLAG(void) { return 1; }")),
        Just((INNER, "#define FLAG() 1", "class FLAG {};")),
        Just((LIST, "int grow", "static int grow")),
        Just((LIST, "list_new", "list_make")),
        Just((LIST, "", "remove")),
        Just((HEADER, "", "remove")),
        Just((INNER, "", "remove")),
        Just((LIST, "", "restore")),
        Just((HEADER, "", "restore")),
        Just((INNER, "", "restore")),
        Just((MAIN, "", "restore")),
        Just(("src/base.h", "", "struct list { int (*free)(void); };\n#define FLAG() 2\n")),
        Just(("src/base.h", "", "remove")),
        Just(("include/list.h", "", "int list_new(void);\n")),
        Just(("include/list.h", "", "remove")),
        Just(("test/list.c", "", "int grow(struct list *l) { return 0; }\nint helper(void) { return 3; }\n")),
        Just(("test/list.c", "", "remove")),
    ]
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    check_updates(BASE, changes());
}
