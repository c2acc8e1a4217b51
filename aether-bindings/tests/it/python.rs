//! Python: symbols, imports, and what calls lead to.

use aether_core::base::ErrorCode;
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::support::{Repo, check_updates, edges, outline};

/// The calls that start in `source`, as `target` lines; `^` marks what lies outside.
#[track_caller]
fn check(files: &[(&str, &str)], source: &str, expected: &[&str]) {
    let engine = Repo::new(files).engine();
    let mut found = Vec::new();
    engine
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() != "calls" || edge.src_qualified_name != source {
                return;
            }
            found.push(match (&edge.dst_id, &edge.dst_path) {
                (Some(_), path) => path.clone().unwrap_or_default(),
                (None, Some(path)) => format!("^{path}"),
                (None, None) => format!("?{}", edge.callee_text),
            });
        })
        .unwrap();
    found.sort_by_key(|target| target.trim_start_matches('^').to_owned());
    found.dedup();
    assert_eq!(found, expected);
}

#[test]
fn every_kind_of_declaration_is_a_symbol() {
    let text = "\"\"\"A module.\"\"\"\nLIMIT = 3\nstate: int = 0\nstate = 1\n
@cached\nasync def run(a, b=1):\n    def inner(): pass\n    local = 2\n
class Box(Base, metaclass=Meta):\n    \"\"\"Holds.\n\n    More.\n    \"\"\"\n    size = 1\n    def __init__(self):\n        self.top = None\n        self.top = 2\n
    @property\n    def _part(self): ...\n    class Lid: pass\n
try:\n    import fast\nexcept ImportError:\n    def fallback(): pass\n";
    let repo = Repo::new(&[("pkg/__init__.py", ""), ("pkg/box.py", text)]);
    let engine = repo.engine();
    assert_eq!(
        outline(&engine),
        [
            "constant pkg::box::LIMIT public 2",
            "variable pkg::box::state public 3",
            "function pkg::box::run public 7",
            "function pkg::box::run::inner public 8",
            "class pkg::box::Box public 11",
            "field pkg::box::Box::size public 16",
            "method pkg::box::Box::__init__ public 17",
            "field pkg::box::Box::top public 18",
            "method pkg::box::Box::_part private 22",
            "class pkg::box::Box::Lid public 23",
            "function pkg::box::fallback public 28",
        ]
    );
    let class = engine.select("Box").unwrap();
    assert_eq!(
        (class.doc.as_str(), class.signature.as_str()),
        ("Holds.\n\nMore.", "class Box(Base, metaclass=Meta)")
    );
    assert_eq!((class.lines.first, class.lines.last), (11, 23));
    let run = engine.select("run").unwrap();
    assert_eq!(
        (run.signature.as_str(), run.attributes.as_slice()),
        ("async def run(a, b=1)", &["cached".to_owned()][..])
    );
    assert_eq!(engine.select("_part").unwrap().attributes, ["property"]);
    // A name as the language writes it, and a file, whose name has a dot of its own.
    assert_eq!(engine.select("pkg.box.Box._part").unwrap(), engine.select("Box::_part").unwrap());
    assert_eq!(engine.symbols_named("box.py").unwrap().len(), 1);
    assert_eq!(engine.symbols_named("box.py").unwrap()[0].doc, "A module.");
}

#[test]
fn tests_are_told_by_their_names() {
    let repo = Repo::new(&[
        (
            "tests/test_a.py",
            "def test_one(): go()\ndef helper(): pass\nclass TestB:\n    def test_two(self): go()\n    def make(self): pass\ndef go(): pass\n",
        ),
        (
            "src/plain.py",
            "def test_like(): pass\nclass Case(unittest.TestCase):\n    def testThree(self): pass\n",
        ),
    ]);
    let engine = repo.engine();
    let tests: Vec<String> = outline(&engine).into_iter().filter(|line| line.starts_with("test ")).collect();
    assert_eq!(
        tests,
        [
            "test plain::Case::testThree public 3",
            "test test_a::test_one public 1",
            "test test_a::TestB::test_two public 4",
        ]
    );
    assert_eq!(
        edges(&engine, "tests"),
        ["test_a::TestB::test_two -> test_a::go", "test_a::test_one -> test_a::go"]
    );
}

#[test]
fn names_are_found_in_functions_around_then_the_module_then_imports() {
    check(
        &[(
            "m.py",
            "from other import far\ndef a():\n    def b(): c()\n    b(); near(); far(); len(); gone()\ndef near(): pass\ndef c(): pass\n",
        )],
        "m::a",
        &["?gone", "^builtins::len", "m::a::b", "m::near", "^other::far"],
    );
}

#[test]
fn imports_lead_to_files_packages_and_what_those_import() {
    let files = [
        ("app/__init__.py", "from .core import start as begin\nfrom . import deep\n"),
        (
            "app/core.py",
            "from .deep.tools import *\nimport app.deep.tools as t\nfrom .. import outside\ndef start(): shared(); t.shared(); outside.x()\n",
        ),
        ("app/deep/__init__.py", ""),
        ("app/deep/tools.py", "from ...elsewhere import thing\ndef shared(): pass\n"),
        (
            "use.py",
            "import app\nimport app.deep.tools\nfrom app import begin, deep\nimport os.path as p\nfrom json import dumps\ndef u():\n    begin(); app.begin(); app.deep.tools.shared(); deep.tools.shared(); p.join(); dumps()\n    from app.core import start\n    start()\ndef v(): start(); shared()\n",
        ),
        ("src/late.py", "def f(): pass\n"),
        ("other.py", "import late\ndef g(): late.f()\n"),
    ];
    check(
        &files,
        "use::u",
        &["app::core::start", "app::deep::tools::shared", "^json::dumps", "^os::path::join"],
    );
    check(&files, "app::core::start", &["?outside.x", "app::deep::tools::shared"]);
    check(&files, "other::g", &["late::f"]);
    // An import inside of a function is known there alone, and one of a module brings no names of it.
    check(&files, "use::v", &["?shared", "?start"]);
    // An import of everything brings names, one of a module does not.
    let module = ("a.py", "def x(): pass");
    check(&[("m.py", "from a import *\ndef f(): x()\n"), module], "m::f", &["a::x"]);
    check(&[("m.py", "import a\ndef f(): x()\n"), module], "m::f", &["?x"]);
    // Of two imports of one name the last one counts.
    let text = "from a import x\nfrom b import x\ndef f(): x()\n";
    check(&[("m.py", text), ("a.py", "def x(): pass"), ("b.py", "def x(): pass")], "m::f", &["b::x"]);
}

#[test]
fn receivers_are_known_by_self_annotation_construction_and_result() {
    let text = "from typing import Optional\nimport lib\n
class Part:\n    def spin(self): pass\n
class Base:\n    def close(self): pass\n    def both(self): pass\n
class Engine(Base, lib.Outer):\n    kept: 'Part'\n    def __init__(self, other: Optional['Part'], plain):\n        self.made = Part()\n        self.given = other\n        self.plain = plain\n
    def go(self, p: Part, q: 'Part | None' = None):\n        self.made.spin(); self.kept.spin(); p.spin(); q.spin(); x = Part(); x.spin(); find().spin(); self.part.spin()\n
    def stop(self):\n        self.close(); self.both(); super().both(); self.foreign(); self.plain.spin2()\n        cls = Engine; cls.make().go(None)\n
    def both(self): pass\n    @property\n    def part(self) -> Part: ...\n    @classmethod\n    def make(cls) -> 'Engine': return cls(None, None)\n
def find() -> Part: ...\n";
    let files = [("m.py", text)];
    check(&files, "m::Engine::go", &["m::Part", "m::Part::spin", "m::find"]);
    check(
        &files,
        "m::Engine::stop",
        &[
            "?self.plain.spin2",
            "^lib::Outer::foreign",
            "m::Base::both",
            "m::Base::close",
            "m::Engine::both",
            "m::Engine::go",
            "m::Engine::make",
        ],
    );
    check(&files, "m::Engine::make", &["m::Engine::__init__"]);
    let engine = Repo::new(&files).engine();
    assert_eq!(edges(&engine, "implements"), ["m::Engine -> lib::Outer", "m::Engine -> m::Base"]);
}

#[test]
fn what_is_not_known_is_not_guessed_from_common_names() {
    let text = "class Store:\n    def get(self): pass\n    def fetch_all_rows(self): pass\n
def f(x):\n    x.get(); x.fetch_all_rows(); 'a'.join([]); x['k'].get(); x.both_have()\n
class One:\n    def both_have(self): pass\nclass Two:\n    def both_have(self): pass\n";
    check(
        &[("m.py", text)],
        "m::f",
        &["?get", "?x.both_have", "?x.get", "m::Store::fetch_all_rows", "^str::join"],
    );
}

#[test]
fn what_is_guessed_says_so() {
    let text = "class Store:\n    def rare(self): pass\n    def own(self): self.rare()\nclass Sub(Store):\n    def up(self): self.rare()\ndef f(x): x.rare(); Store()\n";
    let mut found = Vec::new();
    let engine = Repo::new(&[("m.py", text)]).engine();
    engine
        .visit_edges(&mut |edge| {
            if edge.kind.as_str() == "calls" {
                let how = edge.resolution.as_str().to_owned();
                found.push((edge.src_qualified_name.clone(), how, edge.confidence.thousandths()));
            }
        })
        .unwrap();
    found.sort();
    let told = |name: &str, how: &str, confidence| (name.to_owned(), how.to_owned(), confidence);
    assert_eq!(
        found,
        [
            told("m::Store::own", "inherent", 930),
            told("m::Sub::up", "trait_declaration", 850),
            told("m::f", "path", 950),
            told("m::f", "unique_name", 600),
        ]
    );
}

#[test]
fn code_outside_of_functions_calls_too() {
    let text = "def deco(f): return f\ndef value(): pass\nclass A:\n    x = value()\n    @deco\n    def m(self, y=value()): pass\n@deco\nclass B: pass\nif value():\n    value()\nz = [value() for _ in value()]\nw = lambda: value()\n";
    let engine = Repo::new(&[("m.py", text)]).engine();
    assert_eq!(edges(&engine, "calls"), ["m -> m::value", "m::A -> m::value"]);
    assert_eq!(edges(&engine, "imports"), [""; 0]);
}

#[test]
fn broken_and_deep_files_keep_what_can_be_read() {
    let deep = format!("def a():\n    x = {}1{}\ndef b(): pass\n", "(".repeat(20_000), ")".repeat(20_000));
    let repo = Repo::new(&[
        ("broken.py", "def ok(): pass\ndef bad(:\n  ]]\nclass Fine:\n    def m(self): ok()\n"),
        ("deep.py", &deep),
        ("empty.py", ""),
        ("bom.py", "\u{feff}def after(): pass\r\ndef crlf():\r\n    after()\r\n"),
    ]);
    let engine = repo.engine();
    for name in ["ok", "Fine", "after", "crlf"] {
        assert_eq!(engine.select(name).unwrap().name, name);
    }
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert!(
        codes.contains(&ErrorCode::INDEX_SYNTAX_ERROR) && codes.contains(&ErrorCode::INDEX_TOO_DEEP),
        "{codes:?}"
    );
    assert!(edges(&engine, "calls").contains(&"bom::crlf -> bom::after".to_owned()));
}

const BASE: &[(&str, &str)] = &[
    ("app/__init__.py", "from .core import Engine\nfrom .util import *\n"),
    (
        "app/core.py",
        "from .util import Part, helper\nfrom . import extra\nclass Engine(extra.Base):\n    def __init__(self):\n        self.part = Part()\n    def go(self):\n        self.part.spin(); self.close(); helper(); extra.run(self)\n",
    ),
    ("app/util.py", "class Part:\n    def spin(self): return helper()\ndef helper() -> Part: ...\n"),
    (
        "app/extra.py",
        "import app\nclass Base:\n    def close(self): app.helper().spin()\ndef run(e: 'app.Engine'): e.go(); e.close(); e.rare_name()\ndef loose(x): x.rare_name()\n",
    ),
    (
        "tests/test_app.py",
        "from app import Engine, helper\ndef test_go():\n    e = Engine()\n    e.go(); helper().spin()\n",
    ),
];

fn changes() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    prop_oneof![
        Just(("app/util.py", "def helper() -> Part", "def helper() -> 'app.core.Engine'")),
        Just(("app/util.py", "def spin", "def turn")),
        Just(("app/util.py", "class Part:", "class Part(extra.Base):")),
        Just(("app/util.py", "\"never\"", "")),
        Just(("app/core.py", "self.part = Part()", "self.part = helper()")),
        Just(("app/core.py", "from . import extra", "import app.extra as extra")),
        Just(("app/core.py", "(extra.Base)", "")),
        Just(("app/core.py", "def go", "def rare_name(self): pass\n    def go")),
        Just(("app/util.py", "def helper", "class Other:\n    def rare_name(self): pass\ndef helper")),
        Just(("app/__init__.py", "from .util import *", "")),
        Just(("app/__init__.py", "from .core import Engine", "from .core import Engine as Engine, helper")),
        Just(("app/extra.py", "class Base", "def helper(): pass\nclass Base")),
        Just(("app/extra.py", "import app\n", "from app import util as app\n")),
        Just(("tests/test_app.py", "from app import", "from app.core import")),
        Just(("app/__init__.py", "", "remove")),
        Just(("app/util.py", "", "remove")),
        Just(("app/extra.py", "", "remove")),
        Just(("app/util.py", "", "restore")),
        Just(("app/__init__.py", "", "restore")),
        Just(("app/extra.py", "", "restore")),
        Just(("util.py", "", "def helper(): pass\n")),
        Just(("app/util/__init__.py", "", "def helper(): pass\nclass Part: pass\n")),
        Just(("app/util/__init__.py", "", "remove")),
    ]
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    check_updates(BASE, changes());
}
