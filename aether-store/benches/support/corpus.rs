//! A repository out of thin air: files with symbols, edges and words, distributed as in large Rust
//! repositories, always the same for the same size.

use aether_core::base::{ByteSpan, LineSpan, RelPath};
use aether_core::code::facts::{
    ExprFact, ExprIdx, ExprKind, FileFacts, ItemDetail, LiteralKind, NameTable, ScopeFact, ScopeIdx,
    SymbolFact, SymbolIdx,
};
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileContent, FileDelta, GraphDelta, IndexedFile, Language,
    Resolution, SymbolId, SymbolIdentity, SymbolKind, Visibility,
};

/// Symbols of most files, the file itself included, of each tenth and of each hundredth: 47,400 symbols
/// in 1,480 files, as in rust-analyzer.
const SYMBOLS_OF_FILES: [usize; 3] = [20, 120, 200];
/// Symbols of a hundred files.
const SYMBOLS_OF_HUNDRED: usize = 90 * SYMBOLS_OF_FILES[0] + 9 * SYMBOLS_OF_FILES[1] + SYMBOLS_OF_FILES[2];
/// Edges for each symbol: 332,000 in all.
const EDGES_PER_SYMBOL: usize = 7;
/// Expressions of a function.
const EXPRESSIONS: usize = 60;
/// Different words of names, documentation and bodies.
const VOCABULARY: usize = 20_000;

/// Names that stand everywhere, each with its share of all names in thousandths.
const COMMON_NAMES: [(&str, u64); 8] = [
    ("new", 26),
    ("from", 14),
    ("fmt", 12),
    ("default", 8),
    ("len", 5),
    ("next", 5),
    ("into_iter", 3),
    ("as_ref", 3),
];

/// SplitMix64 (Steele, Lea, Flood, 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number below `end`, small ones more often: Zipf's law.
    fn skewed(&mut self, end: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((end as f64).powf(unit) as usize).saturating_sub(1).min(end - 1)
    }
}

/// The repository.
#[derive(Debug)]
pub(crate) struct Corpus {
    random: Random,
    words: Vec<String>,
    files: Vec<Vec<SymbolId>>,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        let mut random = Random(7);
        let syllables = [
            "re", "ad", "par", "se", "con", "text", "no", "de", "ty", "pe", "fi", "le", "in", "dex", "res",
            "olve", "sym", "bol", "tok", "en", "str", "eam", "que", "ue", "lo", "ck", "map", "set", "bu",
            "ild",
        ];
        let words = (0..VOCABULARY)
            .map(|at| {
                let count = 2 + random.below(3);
                let mut word: String = (0..count).map(|_| syllables[random.below(syllables.len())]).collect();
                // The first words are plain, the others differ for sure.
                if at > 2000 {
                    word.push((b'a' + random.below(26) as u8) as char);
                    word.push((b'a' + random.below(26) as u8) as char);
                }
                word
            })
            .collect();
        Self { random, words, files: Vec::new() }
    }

    /// A word.
    pub(crate) fn word(&mut self) -> String {
        let at = self.random.skewed(VOCABULARY);
        self.words[at].clone()
    }

    fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for _ in 0..words {
            text.push_str(&self.word());
            text.push(' ');
        }
        text.trim_end().to_owned()
    }

    /// A full delta of about `symbols` symbols.
    pub(crate) fn full(&mut self, symbols: usize) -> GraphDelta {
        let count = symbols * 100 / SYMBOLS_OF_HUNDRED;
        let files = (0..count).map(|file| self.file(file)).collect();
        let mut delta = GraphDelta { is_full: true, files, ..GraphDelta::default() };
        for file in 0..count {
            delta.files[file].edges = Some(self.edges(file));
        }
        delta
    }

    /// A delta that changes one function of a file: its words, its documentation, and where everything
    /// below it stands.
    pub(crate) fn edit(&mut self, file: &FileDelta) -> GraphDelta {
        let mut changed = file.clone();
        let new_words = self.text(8);
        if let Some(content) = &mut changed.content {
            let at = content.facts.symbols.len() / 2;
            let facts = std::sync::Arc::make_mut(&mut content.facts);
            facts.symbols[at].doc.push_str(" changed");
            content.body_words[at].push_str(&format!(" {new_words}"));
            facts.symbols[at].span.end += 40;
            facts.symbols[at].lines.last += 1;
            for symbol in &mut facts.symbols[at + 1..] {
                symbol.lines = LineSpan { first: symbol.lines.first + 1, last: symbol.lines.last + 1 };
                symbol.name_line += 1;
                symbol.span = ByteSpan::new(symbol.span.start + 40, symbol.span.end + 40);
                symbol.name_span = ByteSpan::new(symbol.name_span.start + 40, symbol.name_span.end + 40);
            }
            let (from, end) = (facts.symbols[at].span.start, content.ids.len());
            let below: Vec<SymbolId> = content.ids[at..end].to_vec();
            for edge in changed.edges.iter_mut().flatten() {
                if below.contains(&edge.source) && edge.at >= from {
                    edge.at += 40;
                    edge.line += 1;
                }
            }
        }
        changed.file.content_hash[0] = changed.file.content_hash[0].wrapping_add(1);
        GraphDelta { files: vec![changed], ..GraphDelta::default() }
    }

    fn file(&mut self, file: usize) -> FileDelta {
        let folder = self.words[file % 97].clone();
        let module = self.words[100 + file % 1500].clone();
        let path = RelPath::new(format!("crates/{folder}/src/{module}_{file}.rs")).expect("a valid path");
        let mut facts = FileFacts {
            scopes: vec![ScopeFact { parent: None, owner: None, is_module: true }],
            ..FileFacts::default()
        };
        let mut names = NameTable::default();
        let mut body_words = Vec::new();
        let mut parent = None;
        let count = symbols_of(file);
        for position in 0..count {
            let (kind, has_body) = match position {
                0 => (SymbolKind::FILE, false),
                at if at % 7 == 1 => (SymbolKind::STRUCT, false),
                at if at % 7 <= 3 => (SymbolKind::FIELD, false),
                at if at % 7 == 4 => (SymbolKind::FUNCTION, true),
                _ => (SymbolKind::METHOD, true),
            };
            let name = self.name(&kind);
            let of = match kind.as_str() {
                "field" | "method" => parent,
                _ => None,
            };
            let (signature, doc, body) = if has_body {
                let words = 20 + self.random.below(40);
                let types = self.text(3);
                let doc_words = self.random.below(16);
                (format!("pub fn {name}(&self, {types}: usize)"), self.text(doc_words), self.text(words))
            } else {
                (format!("{kind} {name}"), String::new(), String::new())
            };
            let line = position as u32 * 12 + 1;
            facts.symbols.push(SymbolFact {
                kind: kind.clone(),
                name: names.push(&name),
                parent: of,
                scope: ScopeIdx(0),
                span: ByteSpan::new(line * 35, line * 35 + 300),
                lines: LineSpan { first: line, last: line + 9 },
                name_span: ByteSpan::new(line * 35 + 4, line * 35 + 4 + name.len() as u32),
                name_line: line,
                visibility: Visibility::Public,
                signature,
                doc,
                attributes: Vec::new(),
                ordinal: 0,
                body_fingerprint: self.random.next(),
                in_macro: false,
                detail: ItemDetail::None,
            });
            body_words.push(body);
            if kind == SymbolKind::STRUCT {
                parent = Some(SymbolIdx(position as u32));
            }
            if has_body {
                add_expressions(&mut facts, line);
            }
        }
        facts.names = names;
        facts.line_lengths = vec![35; count * 12];
        let ids = ids(&facts, &path);
        self.files.push(ids.clone());
        let mut record = IndexedFile::new(path, Language::RUST, [file as u8; 32]);
        record.size_bytes = 11_700;
        record.modified_ns = 1;
        record.module_path = format!("{folder}::{module}_{file}");
        let mut delta = FileDelta::new(record);
        delta.content = Some(FileContent::new(facts, ids, body_words));
        delta.dependencies = (0..150).map(|at| at * 28_000_000 + file as u32).collect();
        delta
    }

    fn name(&mut self, kind: &SymbolKind) -> String {
        if *kind == SymbolKind::METHOD || *kind == SymbolKind::FUNCTION {
            // Methods and functions are 13 in 30 symbols; the shares are of all of them.
            let mut at = self.random.next() % 433;
            for (name, share) in COMMON_NAMES {
                if at < share {
                    return name.to_owned();
                }
                at -= share;
            }
        }
        let count = 1 + self.random.below(3);
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        if *kind == SymbolKind::STRUCT {
            words.iter().map(|word| word[..1].to_uppercase() + &word[1..]).collect()
        } else {
            words.join("_")
        }
    }

    fn edges(&mut self, file: usize) -> Vec<Edge> {
        let count = self.files.len();
        let symbols = symbols_of(file);
        let mut edges: Vec<Edge> = (0..symbols * EDGES_PER_SYMBOL)
            .map(|at| {
                let source = self.files[file][at / EDGES_PER_SYMBOL];
                let text = self.word();
                let (target, resolution) = match self.random.below(10) {
                    0..4 => {
                        let near = if self.random.below(2) == 0 { file } else { self.random.skewed(count) };
                        let symbol = self.files[near][self.random.below(symbols_of(near))];
                        (EdgeTarget::Symbol(symbol), Resolution::Path)
                    }
                    4..8 => (EdgeTarget::External(format!("std::{text}::{text}").into()), Resolution::Path),
                    _ => (EdgeTarget::Unresolved, Resolution::Unresolved),
                };
                Edge {
                    source,
                    kind: if at % 3 == 0 { EdgeKind::Uses } else { EdgeKind::Calls },
                    line: at as u32 * 2 + 1,
                    at: at as u32 * 60,
                    target,
                    confidence: Confidence::from_thousandths(900),
                    resolution,
                    text: format!("self.{text}"),
                }
            })
            .collect();
        edges.sort();
        edges
    }
}

/// Symbols of a file by its number.
fn symbols_of(file: usize) -> usize {
    SYMBOLS_OF_FILES[usize::from(file.is_multiple_of(10)) + usize::from(file.is_multiple_of(100))]
}

fn add_expressions(facts: &mut FileFacts, line: u32) {
    for at in 0..EXPRESSIONS as u32 {
        let kind = match at % 3 {
            0 => ExprKind::Literal(LiteralKind::Str),
            1 => ExprKind::Ref(ExprIdx(facts.exprs.len() as u32 - 1)),
            _ => ExprKind::Try(ExprIdx(facts.exprs.len() as u32 - 1)),
        };
        facts.exprs.push(ExprFact { at: line * 35 + at * 4, kind });
    }
}

fn ids(facts: &FileFacts, path: &RelPath) -> Vec<SymbolId> {
    let derive = |at: usize| {
        let fact = &facts.symbols[at];
        SymbolId::derive(&SymbolIdentity {
            language: &Language::RUST,
            path,
            kind: &fact.kind,
            local_path: &facts.local_path(SymbolIdx(at as u32)),
            signature_fingerprint: &fact.signature,
            // Every symbol differs, whatever its name.
            ordinal: at as u32,
        })
    };
    (0..facts.symbols.len()).map(derive).collect()
}
