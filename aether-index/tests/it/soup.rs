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

#[cfg(feature = "python")]
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
