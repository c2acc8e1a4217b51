//! Token soup: no text makes a walk panic or write facts that do not fit together.

use aether_core::base::IndexLimits;
use aether_index::Language;

/// SplitMix64: soups that are the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Pieces that every language is fed beside its own.
const PIECES: [&str; 26] = [
    "(", ")", "{", "}", "[", "]", "<", ">", ",", ";", ":", "::", ".", "=", "->", "=>", "\"", "'", "\n",
    "\r\n", " ", "é", "\u{feff}", "\0", "#", "@",
];

/// How many soups are made of each kind.
fn rounds() -> usize {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

/// Feeds a language soups of `words`, and `source` with pieces cut out, doubled and swapped.
fn check(language: &dyn Language, file_name: &str, words: &[&str], source: &str) {
    let mut walker = language.walker();
    let mut limits = IndexLimits::default();
    (limits.max_depth, limits.max_expressions) = (64, 500);
    let mut random = Random(7);
    let words: Vec<&str> = words.iter().chain(&PIECES).copied().collect();
    let mut check = |text: &str| {
        let facts = walker.walk(file_name, text, &limits);
        assert_eq!(facts.validate(), Ok(()), "{text:?}");
        for symbol in &facts.symbols {
            let fits = symbol.span.slice(text).is_some() && symbol.name_span.slice(text).is_some();
            assert!(fits, "{symbol:?} of {text:?}");
        }
    };
    check(source);
    for _ in 0..rounds() {
        let length = random.below(60);
        let soup: Vec<&str> = (0..length).map(|_| words[random.below(words.len())]).collect();
        check(&soup.join(if random.below(2) == 0 { " " } else { "" }));

        let mut pieces: Vec<&str> = source.split_inclusive([' ', '\n', '(', ')', '{', '}', ':']).collect();
        for _ in 0..1 + random.below(6) {
            let (at, other) = (random.below(pieces.len()), random.below(pieces.len()));
            match random.below(4) {
                0 => drop(pieces.remove(at)),
                1 => pieces.insert(at, pieces[other]),
                2 => pieces.swap(at, other),
                _ => pieces.insert(at, words[random.below(words.len())]),
            }
            if pieces.is_empty() {
                break;
            }
        }
        check(&pieces.concat());
    }
}

#[test]
fn python_survives_soup() {
    let words = [
        "def", "class", "async", "await", "lambda", "import", "from", "as", "with", "for", "in", "if",
        "else", "try:", "except", "match", "case", "yield", "return", "global", "self", "super()", "x",
        "f\"{x}\"", "*", "**", ":=", "\n    ", "\t", "\"\"\"", "type", "None", "1", "...", "not", "\\\n",
    ];
    let source = "import a.b as c\nfrom .x import (y, z as w)\n@deco(1)\nclass C(B, metaclass=M):\n    \"\"\"Doc.\"\"\"\n    x: int = f()\n    def m(self, a, *b, c=1, **d) -> 'C':\n        self.y = D(a)\n        with open(a) as f, g: f.read(x[1:2], *b, k=c)\n        return [i.go() for i in self.y if i] or super().m(lambda q=1: q)\nasync def n():\n    async for p, (q, r) in s(): await p\n    try:\n        pass\n    except E as e:\n        raise F() from e\n";
    check(&aether_index::Python, "x.py", &words, source);
}

#[test]
fn go_survives_soup() {
    let words = [
        "package",
        "import",
        "func",
        "type",
        "struct",
        "interface",
        "map",
        "chan",
        "<-",
        ":=",
        "...",
        "var",
        "const",
        "iota",
        "go",
        "defer",
        "select",
        "switch",
        "case",
        "range",
        "return",
        "*",
        "&",
        "`tag`",
        "x",
        "T",
        "any",
        "~",
        "//go:build x",
        "/*",
        "*/",
        "0x1p-2",
        "'a'",
        "nil",
    ];
    let source = "// Doc.\npackage p\n\nimport (\n\tm \"a/b/v2\"\n\t. \"c\"\n)\n\ntype T[K comparable] struct {\n\t*m.B\n\tx, y map[K][]int `json:\"x\"`\n}\n\ntype I interface { Go(a int, b ...string) (n T[int], err error) }\n\nfunc (t *T[K]) Run(f func(int) bool) (r []K) {\n\tdefer t.x.Close()\n\tfor i, v := range t.y { go func() { m.F(v, i) }() }\n\tswitch s := any(t).(type) { case *T[int]: s.Run(nil) }\n\treturn\n}\n\nconst (\n\tA = iota\n\tB\n)\nvar c = &T[int]{x: nil}\n";
    check(&aether_index::Go, "x.go", &words, source);
}

#[test]
fn java_survives_soup() {
    let words = [
        "package a.b;",
        "import static",
        "class",
        "interface",
        "enum",
        "record",
        "@interface",
        "extends",
        "implements",
        "public",
        "private",
        "static",
        "final",
        "void",
        "int",
        "new",
        "this",
        "super",
        "->",
        "::",
        "return",
        "switch",
        "case",
        "instanceof",
        "var",
        "throws",
        "? extends T",
        "T",
        "x",
        "@A(1)",
        "/**",
        "*/",
        "\"\"\"",
        "'c'",
        "0L",
        "default",
    ];
    let source = "package a.b;\n\nimport static c.D.*;\nimport e.F;\n\n/** Doc. */\n@A(x = 1)\npublic class T<K extends F> extends G<K> implements H, I {\n  private static final int X = f();\n  enum E { ONE(1) { void m() {} }, TWO; E(int... n) { this(); } }\n  record R(int a, String b) { R { a = 1; } }\n  T(int a) { super(a); this.b = new F[] { new F(a) { void n() { T.this.m(); } } }; }\n  <V> V m(K k, V... v) throws Q {\n    for (var i : k.list()) { i.go(x -> x.y(), F::new); }\n    return switch (k) { case R(int a, var b) -> g(a); default -> null; };\n  }\n}\n";
    check(&aether_index::Java, "x.java", &words, source);
}

/// Sources and words of JavaScript that TypeScript reads too.
const SCRIPT: (&[&str], &str) = (
    &[
        "function",
        "class",
        "extends",
        "const",
        "let",
        "async",
        "await",
        "=>",
        "import",
        "export",
        "default",
        "from",
        "require('a')",
        "new",
        "this",
        "super",
        "?.",
        "??",
        "...",
        "`a${",
        "}`",
        "/x/g",
        "<A b={c}>",
        "</A>",
        "#p",
        "get",
        "set",
        "static",
        "yield*",
        "x",
        "T",
        "in",
        "of",
        "typeof",
        "module.exports",
        "label:",
    ],
    "import a, { b as c, default as d } from './m.js';\nexport * as n from \"./n\";\nconst { e, ...f } = require('g');\n/** Doc. */\nexport default class T extends a.B {\n  #p = new c();\n  static get q() { return this.#p?.r ?? super.s; }\n  async *m([x, { y }], z = () => y) {\n    for await (const w of this.l()) yield w.go(`t${x}`);\n    return <A b={z()} {...f}><d.E/></A>;\n  }\n}\nmodule.exports = { u() { this.v(); }, v: function () {} };\nif (e) { label: for (;;) break label; }\n",
);

#[test]
fn javascript_survives_soup() {
    let (words, source) = SCRIPT;
    for name in ["x.js", "x.jsx", "x.cjs"] {
        check(&aether_index::JavaScript, name, words, source);
    }
}

/// Words of C++, and of C among them.
const CPP_WORDS: [&str; 58] = [
    "#include \"a.h\"\n",
    "#include <b>\n",
    "#define X(a) a\n",
    "#define Y\n",
    "#if A\n",
    "#ifdef __cplusplus\n",
    "#else\n",
    "#elif B\n",
    "#endif\n",
    "\\\n",
    "struct",
    "union",
    "enum",
    "enum class",
    "typedef",
    "static",
    "extern \"C\"",
    "const",
    "int",
    "void",
    "...",
    "*",
    "&",
    "&&",
    "(*f)",
    "[3]",
    "x",
    "T",
    "MY_API",
    "MY_API(1)",
    "return",
    "if",
    "else",
    "for",
    "while",
    "switch",
    "case 1:",
    "goto",
    "sizeof",
    "class",
    "namespace",
    "template",
    "typename",
    "public:",
    "virtual",
    "operator==",
    "operator",
    "~T",
    "using",
    "using namespace",
    "new",
    "delete",
    "try",
    "catch",
    "auto",
    "[&]",
    "decltype",
    "R\"(x)\"",
];

const CPP_SOURCE: &str = "#include <a/b.h>\n#include \"c.h\"\nnamespace a::b {\n/// Doc.\ntemplate <class T, int N>\nclass MY_API C : public B<T>, virtual D {\n public:\n  explicit C(int n = 1) : B(n), n_{n} {}\n  virtual ~C() = 0;\n  bool operator==(const C& o) const noexcept { return n_ == o.n_; }\n  using V = std::vector<std::unique_ptr<T>>;\n  enum E { k1 = f(), k2 };\n private:\n  int n_, *m_ = nullptr;\n  union { int u; struct { int v; } w; };\n};\n}\nstatic auto f(int a, ...) -> int try { for (auto& [k, v] : m) g<int>(k)->h(v); return [x = 1](int q) { return q; }(2); } catch (E& e) { throw; }\n#ifdef A\nint C<int>::g() {\n#else\nint C<long>::g() {\n#endif\n  if (auto p = new T(1)) { delete p; } T t(a, b); T s{1}; return (int)x ? *p : static_cast<T>(y); }\ntypedef struct { int a; } s_t, *p_t;\nint (*fp)(int), arr[2] = {1, 2};\n";

#[test]
fn cpp_survives_soup() {
    check(&aether_index::Cpp, "x.cc", &CPP_WORDS, CPP_SOURCE);
}

#[test]
fn c_survives_soup() {
    check(&aether_index::C, "x.c", &CPP_WORDS, CPP_SOURCE);
}

#[test]
fn typescript_survives_soup() {
    let words = [
        "interface",
        "type",
        "enum",
        "namespace",
        "declare",
        "abstract",
        "private",
        "readonly",
        "as",
        "is",
        "keyof",
        "infer",
        "satisfies",
        "!",
        "?:",
        "<T>",
        "unknown",
        "import type",
        "@dec()",
        "implements",
        "export =",
    ];
    let words: Vec<&str> = words.iter().chain(SCRIPT.0).copied().collect();
    let source = "import type { A } from './a';\n@dec()\nexport abstract class T<K extends keyof A> implements I<K> {\n  constructor(private readonly x: A, y?: K[]) { super(); }\n  abstract m(this: T<K>): asserts x is A;\n  get z(): Promise<A | null> { return (this.x as A)!.go<K>(); }\n}\ninterface I<K> extends J { (a: K): void; b?: { c: K }; new (): I<K> }\nenum E { A = 1, B = A << 1 }\nnamespace n.m { export const f = <V,>(v: V): v is V => true; }\ndeclare module 'q' { export = E; }\ntype U = A extends infer V ? `x${V}` : [a: A, ...b: V[]];\n";
    for name in ["x.ts", "x.tsx", "x.d.ts"] {
        check(&aether_index::TypeScript, name, &words, source);
    }
}
