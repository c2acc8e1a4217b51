//! C++: symbols, and what calls lead to.

use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::support::{Repo, check_calls as check, check_updates, edges, outline};

#[test]
fn every_kind_of_declaration_is_a_symbol() {
    let text = "#pragma once
namespace outer::inner {
/// A box.
template <typename T>
class MY_EXPORT Box final : public Base<T>, private Other {
 public:
  /// Makes one.
  explicit Box(int n) : Base(n), n_(n) {}
  Box(const Box&) = delete;
  virtual ~Box();
  virtual int pure(int a, T b = T()) const = 0;
  static Box make();
  bool operator==(const Box& other) const { return true; }
  operator bool() const;
  template <class U> void each(U u) { u(); }
  using value = T;
  enum class Mode { kOne, kTwo };
  enum Loose { kThree };
  struct Inner { int x; };
  enum : int { kFour };
  MY_MACRO(x, y);
 protected:
  int n_ = 0;
 private:
  std::vector<int> list_;
  friend void helper();
};
}
namespace {
int hidden() { return 0; }
}
namespace outer {
constexpr int kLimit = 3;
inline namespace v1 { void versioned(); }
template <> int inner::Box<int>::pure(int a, int b) const { return 1; }
inner::Box<int>::~Box() {}
TEST_F(BoxTest, Works) { hidden(); }
auto trailing(int a) -> inner::Box<int>;
extern \"C\" int plain(void) { return 0; }
}
";
    let engine = Repo::new(&[("src/box.h", text)]).engine();
    assert_eq!(
        outline(&engine),
        [
            "module outer public 2",
            "module outer::inner public 2",
            "class outer::inner::Box public 5",
            "method outer::inner::Box::Box public 8",
            "method outer::inner::Box::Box public 9",
            "declaration outer::inner::Box::~Box public 10",
            "method outer::inner::Box::pure public 11",
            "declaration outer::inner::Box::make public 12",
            "method outer::inner::Box::operator== public 13",
            "declaration outer::inner::Box::operator bool public 14",
            "method outer::inner::Box::each public 15",
            "type outer::inner::Box::value public 16",
            "enum outer::inner::Box::Mode public 17",
            "variant outer::inner::Box::Mode::kOne public 17",
            "variant outer::inner::Box::Mode::kTwo public 17",
            "enum outer::inner::Box::Loose public 18",
            "variant outer::inner::Box::Loose::kThree public 18",
            "struct outer::inner::Box::Inner public 19",
            "field outer::inner::Box::Inner::x public 19",
            "variant outer::inner::Box::kFour public 20",
            "field outer::inner::Box::n_ restricted 23",
            "field outer::inner::Box::list_ private 25",
            "module (anonymous) private 29",
            "function (anonymous)::hidden private 30",
            "module outer public 32",
            "constant outer::kLimit public 33",
            "module outer::v1 public 34",
            "declaration outer::v1::versioned public 34",
            "impl outer::inner public 35",
            "impl outer::inner::Box public 35",
            "method outer::inner::Box::pure public 35",
            "method outer::inner::Box::~Box public 36",
            "impl outer::BoxTest public 37",
            "test outer::BoxTest::Works public 37",
            "declaration outer::trailing public 38",
            "function outer::plain public 39",
        ]
    );
    let class = engine.select("Box").unwrap();
    assert_eq!(
        (class.doc.as_str(), class.signature.as_str(), class.language.as_str()),
        ("A box.", "template <typename T> class MY_EXPORT Box final : public Base<T>, private Other", "cpp")
    );
    assert_eq!((class.lines.first, class.lines.last), (4, 27));
    assert_eq!(engine.symbols_named("outer::inner::Box::Box").unwrap()[0].doc, "Makes one.");
}

const ENGINE_H: &str = "#include \"part.h\"
namespace app {
class Engine : public Base {
 public:
  Engine();
  explicit Engine(int size);
  void Run();
  void Run(const Part& part);
  void Run(int a, int b, int c = 0);
  Part* part() { return &part_; }
  static Engine Make();
 private:
  Part part_;
  std::unique_ptr<Part> owned_;
  std::vector<Part> parts_;
  std::map<int, std::shared_ptr<Part>> by_name_;
  void (*callback_)(int);
};
void Free(const Engine& engine);
}
";
const PART_H: &str = "#pragma once
namespace app {
struct Base { virtual void Close(); virtual void Open() = 0; int size() const { return 0; } };
struct Part { void Spin(); int Count() const { return 1; } Part* next; };
enum Mode { kFast };
enum class Strict { kOn };
int operator+(const Part& a, const Part& b);
struct Twin { int Count() const { return 2; } void Spin() {} };
}
";

#[test]
fn methods_are_found_on_what_receivers_are() {
    let text = "#include \"engine.h\"
namespace app {
Engine::Engine() : Engine(1) {}
Engine::Engine(int size) : part_() { part_.Spin(); }
void Engine::Run() {
  Close();
  this->Open();
  part()->Spin();
  owned_->Spin();
  owned_.get()->Count();
  for (const auto& p : parts_) p.Count();
  by_name_[1]->Spin();
  callback_(1);
  auto local = Engine::Make();
  local.Run(1, 2);
  Part made;
  Run(made);
  Part::missing();
  size();
  parts_.push_back(made);
  auto* n = new Engine(2);
  n->part_.next->next->Spin();
  std::make_unique<Engine>(3)->Close();
  static_cast<Base*>(n)->Close();
  auto f = [this](Part* q) { q->Spin(); Close(); };
}
void Engine::Run(const Part& part) { Free(*this); }
void Engine::Run(int a, int b, int c) { if (Part* p = part()) p->Spin(); }
void Free(const Engine& engine) { engine.size(); }
void Base::Close() {}
void Part::Spin() {}
}
";
    let files = [("engine.h", ENGINE_H), ("part.h", PART_H), ("engine.cc", text)];
    let engine = Repo::new(&files).engine();
    let run = |line: u32| {
        let symbol = engine.select(&format!("engine.cc:{line}")).unwrap();
        let found = engine.callees(symbol.id, Default::default()).unwrap().result;
        let mut known: Vec<String> = found.edges.iter().filter_map(|edge| edge.dst_path.clone()).collect();
        known.extend(found.unresolved.iter().map(|edge| format!("?{}", edge.callee_text)));
        known
    };
    assert_eq!(run(3), ["app::Engine::Engine"]);
    assert_eq!(run(4), ["app::Part::Spin"]);
    assert_eq!(
        run(5),
        [
            "app::Base::Close",
            "app::Base::Open",
            "app::Engine::part",
            "app::Part::Spin",
            "app::Part::Spin",
            "std::unique_ptr::get",
            "app::Part::Count",
            "app::Part::Count",
            "app::Part::Spin",
            "app::Engine::callback_",
            "app::Engine::Make",
            "app::Engine::Run",
            "app::Engine::Run",
            "app::Base::size",
            "std::vector::push_back",
            "app::Engine::Engine",
            "app::Part::Spin",
            "app::Engine::Engine",
            "app::Base::Close",
            "app::Base::Close",
            "app::Part::Spin",
            "app::Base::Close",
            "?Part::missing",
        ]
    );
    assert_eq!(run(27), ["app::Free"]);
    assert_eq!(run(28), ["app::Engine::part", "app::Part::Spin"]);
    // Of overloads the one that fits is meant, and of each its definition.
    let targets = |line: u32| {
        let symbol = engine.select(&format!("engine.cc:{line}")).unwrap();
        let callers = engine.callers(symbol.id, Default::default()).unwrap().result.edges;
        callers.iter().map(|edge| edge.site_line).collect::<Vec<_>>()
    };
    assert_eq!((targets(27), targets(28)), (vec![17], vec![15]));
    assert_eq!(targets(4), [3, 21, 23]);
    let implemented: Vec<String> =
        edges(&engine, "implements").into_iter().filter(|edge| edge.contains("Run")).collect();
    assert_eq!(implemented, ["app::Engine::Run -> app::Engine::Run"]);
}

#[test]
fn names_are_looked_up_through_namespaces() {
    let files = [
        (
            "a.h",
            "#include <string>\nnamespace lib { void one(); namespace deep { void two(); class C { public: static void go() {} }; } inline namespace v1 { } }\nnamespace lib { void three() {} }\n",
        ),
        (
            "a.cc",
            "#include \"a.h\"\nnamespace lib { void one() { two(); deep::two(); three(); } namespace deep { void two() { one(); three(); C::go(); ::global(); } } }\nvoid global() {}\n",
        ),
        (
            "b.cc",
            "#include \"a.h\"\nusing namespace lib::deep;\nusing lib::one;\nnamespace d = lib::deep;\nnamespace {\nvoid hidden() {}\n}\nvoid use() { two(); one(); d::two(); three(); lib::three(); hidden(); std::move(1); std::string s; s.size(); d::C::go(); lib::gone(); }\n",
        ),
    ];
    check(&files, "lib::one", &["?two", "lib::deep::two", "lib::three"]);
    check(&files, "lib::deep::two", &["global", "lib::deep::C::go", "lib::one", "lib::three"]);
    check(
        &files,
        "use",
        &[
            "(anonymous)::hidden",
            "?lib::gone",
            "?three",
            "lib::deep::C::go",
            "lib::deep::two",
            "lib::one",
            "lib::three",
            "std::move",
            "std::string::size",
        ],
    );
}

#[test]
fn what_is_made_calls_the_constructor_that_takes_it() {
    let files = [(
        "a.cc",
        "namespace n {\nstruct M { M() {} void self() { auto m = M(1); m.other(); } void other() {} explicit M(int n) {} M(const char* a, int b) {} };\nstruct Plain { int x; };\nvoid helper(const M& m) {}\n}\nvoid use() {\n  n::M a(1);\n  n::M b(a);\n  n::M c(\"\", 2);\n  auto d = n::M();\n  n::Plain e{1};\n  helper(d);\n}\n",
    )];
    let engine = Repo::new(&files).engine();
    let symbol = engine.select("use").unwrap();
    let calls = engine.callees(symbol.id, Default::default()).unwrap().result.edges;
    let called: Vec<_> = calls.iter().map(|edge| (edge.site_line, edge.dst_name_line.unwrap())).collect();
    // A copy is made by what nobody wrote: the class. A function is found beside the type of its argument.
    assert_eq!(called, [(7, 2), (8, 2), (9, 2), (10, 2), (11, 3), (12, 4)]);
    check(&files, "n::M::self", &["n::M::M", "n::M::other"]);
    let kinds: Vec<_> = calls.iter().map(|edge| edge.dst_path.as_deref().unwrap()).collect();
    assert_eq!(kinds, ["n::M::M", "n::M", "n::M::M", "n::M::M", "n::Plain", "n::helper"]);
}

#[test]
fn tests_belong_to_their_class_and_are_never_called() {
    let files = [(
        "a_test.cc",
        "class BoxTest : public testing::Test { protected: void Fill() {} int Open() { return 1; } };\nTEST_F(BoxTest, Fill) { Fill(); Open(); }\nTEST_F(BoxTest, Open) { Fill(); }\nTEST(Plain, Open) { free_function(); }\nstatic void free_function() {}\n",
    )];
    check(&files, "BoxTest::Fill", &["BoxTest::Fill", "BoxTest::Open"]);
    check(&files, "Plain::Open", &["free_function"]);
    let engine = Repo::new(&files).engine();
    assert_eq!(
        edges(&engine, "tests"),
        [
            "BoxTest::Fill -> BoxTest::Fill",
            "BoxTest::Fill -> BoxTest::Open",
            "BoxTest::Open -> BoxTest::Fill",
            "Plain::Open -> free_function"
        ]
    );
}

#[test]
fn a_library_that_is_added_to_stays_outside() {
    let files = [(
        "a.cc",
        "namespace std { template <> struct hash<int> { int operator()(int) { return 0; } }; }\nvoid use() { std::to_string(1); std::vector<int> v; v.size(); }\n",
    )];
    check(&files, "use", &["std::to_string", "std::vector::size"]);
}

#[test]
fn c_and_cpp_see_each_other() {
    let files = [
        (
            "c.h",
            "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint plain(int a);\n#ifdef __cplusplus\n}\n#endif\n",
        ),
        ("c.c", "#include \"c.h\"\nint plain(int a) { return a; }\n"),
        ("use.cpp", "#include \"c.h\"\nint use() { return plain(1); }\n"),
    ];
    let engine = Repo::new(&files).engine();
    let plain = engine.select("plain").unwrap();
    assert_eq!((plain.file.as_str(), plain.kind.as_str()), ("c.c", "function"));
    assert_eq!(engine.callers(plain.id, Default::default()).unwrap().result.edges.len(), 1);
}

const BASE: &[(&str, &str)] = &[
    ("engine.h", ENGINE_H),
    ("part.h", PART_H),
    (
        "engine.cc",
        "#include \"engine.h\"\nnamespace app {\nEngine::Engine() {}\nvoid Engine::Run() { Close(); part()->Spin(); owned_->Count(); Helper(); Free(*this); }\nvoid Part::Spin() { Spin(); }\n}\n",
    ),
    (
        "use.cc",
        "#include \"engine.h\"\nusing namespace app;\nstatic void Helper() {}\nvoid Use(Engine& e) { e.Run(); e.part()->next->Spin(); Helper(); e.Close(); Free(e); Mode m = kFast; }\n",
    ),
    (
        "free.cc",
        "#include \"engine.h\"\nnamespace app { void Free(const Engine& engine) { engine.size(); } void Base::Close() {} }\n",
    ),
];

fn changes() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    prop_oneof![
        Just(("engine.h", " : public Base", "")),
        Just(("engine.h", "  void Run();", "  void Run() { part_.Count(); }")),
        Just(("engine.h", "Part* part()", "Base* part()")),
        Just(("engine.h", "std::unique_ptr<Part>", "Engine*")),
        Just(("engine.h", "namespace app", "namespace other")),
        Just(("engine.h", "#include \"part.h\"", "")),
        Just(("part.h", "enum Mode", "enum class Mode")),
        Just(("part.h", "void Spin();", "void Spin() {}")),
        Just(("part.h", "struct Part", "struct Piece")),
        Just(("engine.cc", "void Part::Spin", "int Part::Spin")),
        Just(("engine.cc", "namespace app {", "namespace app { namespace {\nvoid Helper() {}\n}")),
        Just(("use.cc", "using namespace app;", "using app::Engine;")),
        Just(("use.cc", "static void Helper() {}", "")),
        Just(("free.cc", "Free(const Engine& engine)", "Free(int x)")),
        Just(("part.h", "", "remove")),
        Just(("free.cc", "", "remove")),
        Just(("engine.h", "", "remove")),
        Just(("part.h", "", "restore")),
        Just(("free.cc", "", "restore")),
        Just(("engine.h", "", "restore")),
        Just(("engine.cc", "", "restore")),
        Just(("use.cc", "", "restore")),
        Just(("lib/part.h", "", "namespace app { struct Part { void Spin() {} Part* next; }; }\n")),
        Just(("lib/part.h", "", "remove")),
        Just((
            "more.cc",
            "",
            "#include \"part.h\"\nnamespace app { void Part::Spin() {} void Helper() {} }\n"
        )),
        Just(("more.cc", "", "remove")),
    ]
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    check_updates(BASE, changes());
}
