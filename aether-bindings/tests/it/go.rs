//! Go: symbols, imports, and what calls lead to.

use aether_core::base::{ErrorCode, RelPath};
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::support::{Repo, check_calls as check, check_updates, edges, outline};

#[test]
fn every_kind_of_declaration_is_a_symbol() {
    let text = "// Package box holds.\npackage box\n
import \"fmt\"\n
const Limit = 3\nconst (\n\t// First one.\n\tfirst = iota // trailing\n\tsecond\n)\nvar State, other int = 0, 1\nvar (\n\tmade = New()\n\t_ = New()\n)\n
// Box holds.\n//\n// More.\n//go:notinheap\ntype Box struct {\n\tBase\n\t*pkg.Other\n\tName, alias string `json:\"name\"`\n\tinner struct {\n\t\tdeep int\n\t}\n}\n
/* Open opens. */\nfunc (b *Box) Open(n int) error {\n\ttype local struct{ x int }\n\tvar hidden int\n\treturn nil\n}\n
type (\n\t// Reader reads.\n\tReader interface {\n\t\tfmt.Stringer\n\t\tRead(p []byte) (n int, err error)\n\t}\n\tNames []string\n\tAlias = Box\n)\n
func New[T any](x T) *Box { return nil }\nfunc (Late) before() {}\ntype Late int\n";
    let repo = Repo::new(&[("pkg/box/box.go", text)]);
    let engine = repo.engine();
    assert_eq!(
        outline(&engine),
        [
            "constant pkg::box::Limit public 6",
            "constant pkg::box::first private 9",
            "constant pkg::box::second private 10",
            "variable pkg::box::State public 12",
            "variable pkg::box::other private 12",
            "variable pkg::box::made private 14",
            "struct pkg::box::Box public 22",
            "field pkg::box::Box::Base public 23",
            "field pkg::box::Box::Other public 24",
            "field pkg::box::Box::Name public 25",
            "field pkg::box::Box::alias private 25",
            "field pkg::box::Box::inner private 26",
            "field pkg::box::Box::inner::deep private 27",
            "method pkg::box::Box::Open public 32",
            "struct pkg::box::Box::Open::local private 33",
            "field pkg::box::Box::Open::local::x private 33",
            "trait pkg::box::Reader public 40",
            "method pkg::box::Reader::Read public 42",
            "type pkg::box::Names public 44",
            "type pkg::box::Alias public 45",
            "function pkg::box::New public 48",
            "method pkg::box::before private 49",
            "type pkg::box::Late public 50",
        ]
    );
    let class = engine.select("Box").unwrap();
    assert_eq!((class.doc.as_str(), class.signature.as_str()), ("Box holds.\n\nMore.", "type Box struct"));
    assert_eq!(class.attributes, ["go:notinheap"]);
    assert_eq!((class.lines.first, class.lines.last), (22, 29));
    let open = engine.select("Open").unwrap();
    assert_eq!(
        (open.signature.as_str(), open.doc.as_str()),
        ("func (b *Box) Open(n int) error", "Open opens.")
    );
    assert_eq!(engine.select("Name").unwrap().attributes, ["json:\"name\""]);
    assert_eq!(engine.select("first").unwrap().doc, "First one.");
    assert_eq!(engine.select("second").unwrap().doc, "");
    let reader = engine.select("Reader").unwrap();
    assert_eq!((reader.signature.as_str(), reader.doc.as_str()), ("Reader interface", "Reader reads."));
    assert_eq!(engine.symbols_named("box.go").unwrap()[0].doc, "Package box holds.");
}

#[test]
fn tests_are_told_by_their_names() {
    let text = "package p\nfunc TestOne(t *testing.T) { run(); helper() }\nfunc BenchmarkTwo(b *testing.B) {}\nfunc FuzzThree(f *testing.F) {}\nfunc Example() {}\nfunc Testing() {}\nfunc TestMain(m *testing.M) {}\nfunc (s suite) TestFour() {}\nfunc helper() {}\n";
    let plain = "package p\nfunc TestLike() { helper() }\nfunc run() {}\n";
    let files = [("p/a_test.go", text), ("p/a.go", plain)];
    let engine = Repo::new(&files).engine();
    let tests: Vec<String> = outline(&engine).into_iter().filter(|line| line.starts_with("test ")).collect();
    assert_eq!(
        tests,
        [
            "test p::TestOne public 2",
            "test p::BenchmarkTwo public 3",
            "test p::FuzzThree public 4",
            "test p::Example public 5",
        ]
    );
    assert_eq!(edges(&engine, "tests"), ["p::TestOne -> p::helper", "p::TestOne -> p::run"]);
    // What stands in tests is not seen by what is no test.
    check(&files, "p::TestLike", &["?helper"]);
}

#[test]
fn imports_lead_to_folders() {
    let files = [
        (
            "cmd/use.go",
            "package main\nimport (\n\t\"fmt\"\n\t\"net/http\"\n\t\"example.com/app/model/labels\"\n\tl \"example.com/app/model/labels\"\n\t. \"example.com/app/dotted\"\n\t_ \"example.com/app/blank\"\n\t\"example.com/app/go-thing\"\n\t\"example.com/app/deep/v2\"\n\t\"github.com/other/labels\"\n\t\"labels\"\n\t\"../near\"\n)\nfunc use() { fmt.Println(); http.Get(\"\"); l.New(); FromDot(); thing.Make(); deep.Go(); near.By(); l.hidden() }\n",
        ),
        (
            "cmd/again.go",
            "package main\nimport \"github.com/other/labels\"\nfunc again() { labels.New(); use() }\n",
        ),
        (
            "model/labels/a.go",
            "package labels\nimport \"strings\"\nfunc New() { other(); strings.ToLower(\"\") }\n",
        ),
        ("model/labels/b.go", "package labels\nfunc other() { New() }\n"),
        ("model/labels/b_test.go", "package labels\nfunc hidden() {}\n"),
        ("dotted/d.go", "package dotted\nfunc FromDot() {}\n"),
        ("blank/d.go", "package blank\n"),
        ("go-thing/d.go", "package thing\nfunc Make() {}\n"),
        ("deep/v2/d.go", "package deep\nfunc Go() {}\n"),
        ("near/d.go", "package near\nfunc By() {}\n"),
        ("labels/d.go", "package labels\nfunc New() {}\n"),
    ];
    check(
        &files,
        "cmd::use",
        &[
            "?l.hidden",
            "deep::v2::Go",
            "dotted::FromDot",
            "fmt::Println",
            "go-thing::Make",
            "model::labels::New",
            "near::By",
            "net::http::Get",
        ],
    );
    check(&files, "cmd::again", &["cmd::use", "github.com::other::labels::New"]);
    check(&files, "model::labels::New", &["model::labels::other", "strings::ToLower"]);
    let imports = edges(&Repo::new(&files).engine(), "imports");
    assert!(imports.contains(&"cmd -> github.com::other::labels".to_owned()), "{imports:?}");
}

#[test]
fn receivers_are_known_by_parameter_declaration_construction_and_result() {
    let text = "package m\nimport \"example.com/app/lib\"\n
type Part struct{ next *Part; many []Part; by map[string]*Part; out chan Part }\nfunc (p *Part) Spin() {}\n
func Make() (*Part, error) { return nil, nil }\nvar global = &Part{}\nvar written Part\n
func params(a Part, b, c *Part, d ...Part) { a.Spin(); b.next.Spin(); c.many[0].Spin(); d[0].Spin() }\nfunc made() {\n\tx := Part{}; x.Spin()\n\ty := new(Part); y.Spin()\n\tz, err := Make(); z.Spin(); err.Error()\n}\nfunc pointers() { var v Part; w := &v; (*w).Spin(); u := v.by[\"\"]; u.Spin(); t := <-v.out; t.Spin() }\nfunc loops(ps []*Part) {\n\tfor _, p := range ps { p.Spin() }\n\tfor i := range ps { i.Spin2() }\n}\nfunc globals() { global.Spin(); written.Spin() }\nfunc asserted(i any) {\n\tif p, ok := i.(*Part); ok { p.Spin() }\n\tswitch q := i.(type) {\n\tcase *Part:\n\t\tq.Spin()\n\tcase int, string:\n\t\tq.Spin3()\n\t}\n}\nfunc outside(o *lib.Thing, s lib.Known) { o.Run(); s.Go() }\nfunc closures() { f := func(p *Part) { p.Spin() }; f(nil); defer func() { written.Spin() }(); go written.Spin() }\nfunc named() (p *Part) { p.Spin(); return }\nfunc generic[T Spinner](t T) { t.Turn(); Both[int](1) }\nfunc Both[T any](t T) {}\ntype Spinner interface { Turn() }\nfunc value(p Part) { f := p.Spin; _ = f; Part.Spin(p); (*Part)(nil).Spin() }\nfunc made2() { a := make([]*Part, 1); a[0].Spin(); b := a[1:]; b[0].Spin(); len(b); _ = string(rune(1)) }\n";
    let lib = "package lib\ntype Known struct{}\nfunc (Known) Go() {}\n";
    let files = [("m/m.go", text), ("lib/l.go", lib)];
    let spin = "m::Part::Spin";
    check(&files, "m::params", &[spin]);
    check(&files, "m::made", &["?err.Error", "builtin::new", "m::Make", "m::Part", spin]);
    for source in ["m::pointers", "m::globals", "m::named"] {
        check(&files, source, &[spin]);
    }
    check(&files, "m::loops", &["?i.Spin2", spin]);
    check(&files, "m::asserted", &["?q.Spin3", spin]);
    check(&files, "m::outside", &["?o.Run", "lib::Known::Go"]);
    check(&files, "m::closures", &["?f", spin]);
    check(&files, "m::generic", &["m::Both", "m::Spinner::Turn"]);
    check(&files, "m::value", &[spin]);
    check(&files, "m::made2", &["builtin::len", "builtin::make", spin]);
    check(&files, "m::global", &["m::Part"]);
}

#[test]
fn embedded_types_give_their_methods() {
    let a = "package m\nimport \"io\"\n
type Engine struct {\n\tBase\n\t*Part\n\tio.Reader\n\tkept Shape\n}\n
func (e *Engine) Go() { e.Close(); e.Spin(); e.Read(nil); e.Base.Close(); e.Own(); e.kept.Area(); e.kept.Name() }\ntype Shape interface {\n\tNamed\n\tArea() int\n}\ntype Named interface{ Name() string }\n";
    let b = "package m\nfunc (b Base) Close() {}\ntype Base struct{}\ntype Part struct{}\nfunc (p *Part) Spin() {}\nfunc (e Engine) Own() {}\ntype List[T any] struct{ first T }\nfunc (l *List[T]) Add(x T) *List[T] { return l.Add(x) }\nfunc lists() { l := &List[int]{}; l.Add(1).Add(2); var k Kinds; k.All() }\ntype Kinds []string\nfunc (k Kinds) All() {}\n";
    let files = [("m/a.go", a), ("m/b.go", b)];
    check(
        &files,
        "m::Engine::Go",
        &["io::Reader::Read", "m::Close", "m::Named::Name", "m::Own", "m::Part::Spin", "m::Shape::Area"],
    );
    check(&files, "m::lists", &["m::Kinds::All", "m::List", "m::List::Add"]);
    check(&files, "m::List::Add", &["m::List::Add"]);
    let engine = Repo::new(&files).engine();
    assert_eq!(
        edges(&engine, "implements"),
        ["m::Engine -> io::Reader", "m::Engine -> m::Base", "m::Engine -> m::Part", "m::Shape -> m::Named",]
    );
}

#[test]
fn names_of_types_and_of_what_has_them_may_be_the_same() {
    let text = "package m\ntype node struct {\n\tnode *node\n}\ntype Loop = Pool\ntype Pool = Loop\nfunc (n *node) walk(node *node, x Loop) { node.walk(nil, x); n.node.walk(nil, x); x.gone() }\n";
    check(&[("m/m.go", text)], "m::node::walk", &["?x.gone", "m::node::walk"]);
}

#[test]
fn of_declarations_for_several_systems_the_own_one_comes_first() {
    let files = [
        ("m/file_darwin.go", "package m\nfunc open() { darwin() }\nfunc darwin() {}\n"),
        ("m/file_unix.go", "package m\nfunc open() { common() }\n"),
        ("m/file_windows.go", "package m\nfunc shut() {}\nfunc Up() {}\n"),
        ("m/more_windows.go", "package m\nfunc use() { shut() }\n"),
        ("m/file_aix.go", "package m\nfunc shut() {}\nfunc Up() {}\n"),
        ("m/up_linux.go", "package m\nfunc Up() {}\n"),
        ("m/m.go", "package m\nfunc common() { open() }\n"),
        ("n/n.go", "package n\nimport \"example.com/m\"\nfunc far() { m.Up() }\n"),
    ];
    let engine = Repo::new(&files).engine();
    let mut found = Vec::new();
    engine
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() == "calls" {
                let to = edge.dst_file.as_ref().map_or("", RelPath::as_str);
                found.push(format!("{} {to}", edge.callee_text));
            }
        })
        .unwrap();
    found.sort();
    assert_eq!(
        found,
        [
            "common m/m.go",
            "darwin m/file_darwin.go",
            "m.Up m/up_linux.go",
            "open m/file_unix.go",
            "shut m/file_windows.go",
        ]
    );
}

#[test]
fn what_is_not_known_is_not_guessed_from_common_names() {
    let text = "package m\ntype Store struct{}\nfunc (Store) Close() {}\nfunc (Store) FetchAllRows() {}\nfunc f(x any) { x.Close(); x.FetchAllRows(); gone() }\n";
    check(&[("m/m.go", text)], "m::f", &["?gone", "?x.Close", "m::Store::FetchAllRows"]);
}

#[test]
fn variables_are_known_in_their_blocks() {
    let text = "package m\ntype A struct{}\nfunc (A) One() {}\ntype B struct{}\nfunc (B) One() {}\nfunc f() {\n\tx := A{}\n\tif x := (B{}); true { _ = x }\n\tfor x := (B{}); ; { _ = x }\n\tswitch x := (B{}); { case true: x := B{}; _ = x }\n\tx.One()\n}\n";
    check(&[("m/m.go", text)], "m::f", &["m::A", "m::A::One", "m::B"]);
}

#[test]
fn broken_and_deep_files_keep_what_can_be_read() {
    let deep = format!(
        "package d\nfunc a() {{\n\tx := {}1{}\n\t_ = x\n}}\nfunc b() {{}}\n",
        "(".repeat(20_000),
        ")".repeat(20_000)
    );
    let types = format!("package d\ntype T {}int\n", "[]".repeat(20_000));
    let blocks = format!("package d\nfunc c() {}{}\n", "{".repeat(20_000), "}".repeat(20_000));
    let sum = format!("package d\nfunc sum() {{ _ = {}last() }}\nfunc last() {{}}\n", "1 + ".repeat(3_000));
    let repo = Repo::new(&[
        (
            "x/broken.go",
            "package x\nfunc ok() {}\nfunc bad() {\n\tx := ]]\n}\ntype Fine struct{}\nfunc (f Fine) m() { ok() }\n",
        ),
        ("d/deep.go", &deep),
        ("d/types.go", &types),
        ("d/blocks.go", &blocks),
        ("s/sum.go", &sum),
        ("empty.go", ""),
        (
            "bom/bom.go",
            "\u{feff}package bom\r\n\r\n// After it.\r\nfunc after() {}\r\nfunc crlf() {\r\n\tafter()\r\n}\r\n",
        ),
    ]);
    let engine = repo.engine();
    for name in ["ok", "Fine", "after", "crlf"] {
        assert_eq!(engine.select(name).unwrap().name, name);
    }
    assert_eq!(engine.select("after").unwrap().doc, "After it.");
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert!(
        codes.contains(&ErrorCode::INDEX_SYNTAX_ERROR) && codes.contains(&ErrorCode::INDEX_TOO_DEEP),
        "{codes:?}"
    );
    let calls = edges(&engine, "calls");
    assert!(calls.contains(&"bom::crlf -> bom::after".to_owned()));
    assert!(calls.contains(&"s::sum -> s::last".to_owned()));
}

const BASE: &[(&str, &str)] = &[
    (
        "core/engine.go",
        "package core\nimport \"example.com/app/util\"\ntype Engine struct {\n\tutil.Base\n\tpart *util.Part\n}\nfunc (e *Engine) Go() { e.part.Spin(); e.Close(); helper(); util.Run(e); e.RareName() }\n",
    ),
    ("core/helper.go", "package core\nfunc helper() *Engine { return &Engine{} }\nvar shared = Engine{}\n"),
    (
        "core/engine_test.go",
        "package core\nfunc TestGo(t *testing.T) { helper().Go(); shared.Go(); helper().part.Spin() }\n",
    ),
    (
        "util/util.go",
        "package util\ntype Part struct{}\nfunc (p *Part) Spin() *Part { return p.Spin() }\ntype Base struct{ Inner }\ntype Shape interface {\n\tNamed\n}\nfunc Run(s Shape) { s.Name(); s.Close() }\n",
    ),
    (
        "util/inner.go",
        "package util\ntype Inner struct{}\nfunc (Inner) Close() {}\ntype Named interface{ Name() string; Close() }\n",
    ),
];

fn changes() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    prop_oneof![
        Just(("core/helper.go", "func helper() *Engine", "func helper() *util.Part")),
        Just(("core/helper.go", "var shared = Engine{}", "var shared = &helper{}")),
        Just(("core/engine.go", "\tutil.Base\n", "")),
        Just(("core/engine.go", "util.Base", "*util.Inner")),
        Just(("core/engine.go", "part *util.Part", "part util.Shape")),
        Just(("core/engine.go", "import \"", "import util2 \"")),
        Just(("core/engine.go", "type Engine struct", "type Motor struct")),
        Just(("util/util.go", "Spin()", "Turn()")),
        Just(("util/util.go", "type Base struct{ Inner }", "type Base struct{ Part }")),
        Just(("util/util.go", "\tNamed\n", "\tOther\n")),
        Just(("util/util.go", "func Run(s Shape)", "func Run(s *Base)")),
        Just(("util/inner.go", "Close()", "RareName()")),
        Just(("util/inner.go", "type Inner struct{}", "type Inner []Part")),
        Just(("core/engine_test.go", "package core", "package core_test")),
        Just(("util/util.go", "", "remove")),
        Just(("util/inner.go", "", "remove")),
        Just(("core/helper.go", "", "remove")),
        Just(("core/engine.go", "", "remove")),
        Just(("util/util.go", "", "restore")),
        Just(("util/inner.go", "", "restore")),
        Just(("core/helper.go", "", "restore")),
        Just(("core/engine.go", "", "restore")),
        Just((
            "util/a.go",
            "",
            "package util\nfunc Run() {}\nfunc (b Base) Close() {}\ntype Other interface{ Name() }\n"
        )),
        Just(("util/a.go", "", "remove")),
        Just(("core/a_test.go", "", "package core\nfunc helper() {}\n")),
        Just((
            "core/app/util/u.go",
            "",
            "package util\nfunc Run() {}\ntype Part struct{}\nfunc (Part) Spin() {}\n"
        )),
        Just(("core/app/util/u.go", "", "remove")),
    ]
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    check_updates(BASE, changes());
}
