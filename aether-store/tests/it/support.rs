//! Hand-made facts: files, symbols and edges in a few words.

use aether_core::base::{ByteSpan, LineSpan, RelPath};
use aether_core::code::facts::{
    FileFacts, ImportFact, ImportKind, ItemDetail, NameTable, ScopeFact, ScopeIdx, SymbolFact, SymbolIdx,
};
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileContent, FileDelta, GraphDelta, IndexedFile, Language,
    Resolution, SymbolId, SymbolIdentity, SymbolKind, Visibility,
};

/// A symbol to be.
#[derive(Clone, Debug)]
pub(crate) struct Sym {
    pub(crate) kind: SymbolKind,
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    pub(crate) signature: String,
    pub(crate) doc: String,
    pub(crate) body: String,
    pub(crate) attributes: Vec<String>,
    pub(crate) line: u32,
}

/// A file to be; symbol 0 is the file itself.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) path: RelPath,
    pub(crate) language: Language,
    pub(crate) module: String,
    pub(crate) symbols: Vec<Sym>,
    pub(crate) imports: Vec<String>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) dependencies: Vec<u32>,
}

pub(crate) fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a valid path")
}

impl Source {
    pub(crate) fn new(file: &str, module: &str) -> Self {
        let name = path(file).file_name().unwrap_or("").to_owned();
        Self {
            path: path(file),
            language: Language::RUST,
            module: module.to_owned(),
            symbols: vec![sym(SymbolKind::FILE, &name, None, 1)],
            imports: Vec::new(),
            edges: Vec::new(),
            dependencies: Vec::new(),
        }
    }

    /// Adds a symbol and returns its position.
    pub(crate) fn add(&mut self, kind: SymbolKind, name: &str, parent: Option<usize>) -> usize {
        let line = self.symbols.len() as u32 * 10;
        self.symbols.push(sym(kind, name, parent, line));
        self.symbols.len() - 1
    }

    /// Adds a function at the top and returns its position.
    pub(crate) fn function(&mut self, name: &str) -> usize {
        self.add(SymbolKind::FUNCTION, name, None)
    }

    /// Adds a documented function with a body.
    pub(crate) fn described(&mut self, name: &str, doc: &str, body: &str) -> usize {
        let at = self.function(name);
        doc.clone_into(&mut self.symbols[at].doc);
        body.clone_into(&mut self.symbols[at].body);
        at
    }

    pub(crate) fn local_path(&self, at: usize) -> String {
        self.facts().local_path(SymbolIdx(at as u32))
    }

    pub(crate) fn id(&self, at: usize) -> SymbolId {
        let symbol = &self.symbols[at];
        let earlier = self.symbols[..at]
            .iter()
            .enumerate()
            .filter(|(other, same)| {
                same.kind == symbol.kind
                    && same.signature == symbol.signature
                    && self.local_path(*other) == self.local_path(at)
            })
            .count();
        SymbolId::derive(&SymbolIdentity {
            language: &self.language,
            path: &self.path,
            kind: &symbol.kind,
            local_path: &self.local_path(at),
            signature_fingerprint: &symbol.signature,
            ordinal: earlier as u32,
        })
    }

    pub(crate) fn edge(&mut self, kind: EdgeKind, from: usize, target: EdgeTarget, text: &str) {
        let at = self.edges.len() as u32 * 7 + 3;
        let is_known = target != EdgeTarget::Unresolved;
        self.edges.push(Edge {
            source: self.id(from),
            kind,
            line: at / 5 + 1,
            at,
            target,
            confidence: Confidence::from_thousandths(if is_known { 900 } else { 0 }),
            resolution: if is_known { Resolution::Path } else { Resolution::Unresolved },
            text: text.to_owned(),
        });
    }

    pub(crate) fn call(&mut self, from: usize, to: SymbolId, text: &str) {
        self.edge(EdgeKind::Calls, from, EdgeTarget::Symbol(to), text);
    }

    pub(crate) fn facts(&self) -> FileFacts {
        let mut names = NameTable::default();
        let symbols = self
            .symbols
            .iter()
            .map(|symbol| SymbolFact {
                kind: symbol.kind.clone(),
                name: names.push(&symbol.name),
                parent: symbol.parent.map(|parent| SymbolIdx(parent as u32)),
                scope: ScopeIdx(0),
                span: ByteSpan::new(symbol.line * 40, symbol.line * 40 + 30),
                lines: LineSpan { first: symbol.line, last: symbol.line + 2 },
                name_span: ByteSpan::new(symbol.line * 40 + 3, symbol.line * 40 + 9),
                name_line: symbol.line,
                visibility: Visibility::Public,
                signature: symbol.signature.clone(),
                doc: symbol.doc.clone(),
                attributes: symbol.attributes.clone(),
                ordinal: 0,
                body_fingerprint: 0,
                in_macro: false,
                detail: ItemDetail::None,
            })
            .collect();
        let imports = self
            .imports
            .iter()
            .map(|import| {
                let segments: Vec<_> = import.split("::").map(|segment| names.push(segment)).collect();
                let last = segments[segments.len() - 1];
                ImportFact {
                    scope: ScopeIdx(0),
                    at: 0,
                    is_global: false,
                    segments,
                    kind: ImportKind::Name(last),
                    visibility: Visibility::Private,
                    cfg: Vec::new(),
                }
            })
            .collect();
        FileFacts {
            names,
            symbols,
            scopes: vec![ScopeFact { parent: None, owner: None, is_module: true }],
            imports,
            line_lengths: vec![40; self.symbols.len() * 10 + 10],
            ..FileFacts::default()
        }
    }

    pub(crate) fn record(&self) -> IndexedFile {
        let mut hash = [0; 32];
        for (at, byte) in format!("{self:?}").bytes().enumerate() {
            hash[at % 32] = byte.wrapping_add(hash[at % 32]).rotate_left(3);
        }
        let mut file = IndexedFile::new(self.path.clone(), self.language.clone(), hash);
        file.size_bytes = 1000;
        file.modified_ns = 12;
        file.module_path.clone_from(&self.module);
        file
    }

    pub(crate) fn delta(&self) -> FileDelta {
        let mut delta = FileDelta::new(self.record());
        let ids = (0..self.symbols.len()).map(|at| self.id(at)).collect();
        let words = self.symbols.iter().map(|symbol| symbol.body.clone()).collect();
        delta.content = Some(FileContent::new(self.facts(), ids, words));
        delta.edges = Some(self.edges.clone());
        delta.dependencies.clone_from(&self.dependencies);
        delta
    }
}

fn sym(kind: SymbolKind, name: &str, parent: Option<usize>, line: u32) -> Sym {
    let signature = match kind.as_str() {
        "file" | "field" | "variant" => String::new(),
        "function" | "method" | "test" => format!("fn {name}()"),
        other => format!("{other} {name}"),
    };
    Sym {
        kind,
        name: name.to_owned(),
        parent,
        signature,
        doc: String::new(),
        body: String::new(),
        attributes: Vec::new(),
        line,
    }
}

/// A delta that builds an index of `files` from nothing.
pub(crate) fn full(files: &[&Source]) -> GraphDelta {
    let mut delta = update(files);
    delta.is_full = true;
    delta
}

/// A delta that replaces `files`.
pub(crate) fn update(files: &[&Source]) -> GraphDelta {
    GraphDelta { files: files.iter().map(|file| file.delta()).collect(), ..GraphDelta::default() }
}

/// A delta that removes files.
pub(crate) fn removal(paths: &[&str]) -> GraphDelta {
    GraphDelta { removed: paths.iter().map(|text| path(text)).collect(), ..GraphDelta::default() }
}
