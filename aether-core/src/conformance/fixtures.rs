//! Small valid inputs, made by hand: files with symbols, edges and imports, and deltas of them.

use std::collections::BTreeMap;

use crate::base::{ByteSpan, ErrorCode, LineSpan, RelPath, Sha256Hash};
use crate::code::facts::{
    ArmFact, BlockFlavour, BodyFact, ExprFact, ExprIdx, ExprKind, FactDiagnostic, FieldInit, FileFacts,
    FunctionDetail, GenericParam, Generics, ImportFact, ImportKind, ItemDetail, List, LiteralKind, NameIdx,
    OperatorKind, ParamFact, PatFact, PatIdx, PatKind, PathFact, PathRoot, PathSegment, ScopeFact, ScopeIdx,
    SelfKind, SymbolFact, SymbolIdx, TypeFact, TypeIdx, TypeKind, WherePredicate,
};
use crate::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileContent, FileDelta, GraphDelta, IndexedFile, Language,
    Resolution, SymbolId, SymbolIdentity, SymbolKind, Visibility,
};

/// Builds a file of the index: each declaration has twenty lines to itself, and each of its edges the
/// next of them.
///
/// Every method that takes a symbol panics when it was made by another builder and does not exist
/// here.
///
/// # Examples
///
/// ```
/// use aether_core::code::{EdgeKind, EdgeTarget, SymbolKind};
/// use aether_core::conformance::fixtures::{FileBuilder, full_delta};
///
/// let mut io = FileBuilder::new("src/io.rs");
/// let read = io.symbol(SymbolKind::FUNCTION, "read_line", None);
/// io.set_doc(read, "Reads one line.");
/// let mut main = FileBuilder::new("src/main.rs");
/// let start = main.symbol(SymbolKind::FUNCTION, "main", None);
/// main.edge(start, EdgeKind::Calls, EdgeTarget::Symbol(io.id(read)), "io::read_line");
/// let delta = full_delta([io.build(), main.build()]);
/// assert_eq!(delta.files.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct FileBuilder {
    file: IndexedFile,
    facts: FileFacts,
    names: BTreeMap<String, NameIdx>,
    ids: Vec<SymbolId>,
    words: Vec<String>,
    edges: Vec<Edge>,
    dependencies: Vec<u32>,
}

/// Bytes of each line.
const LINE: u32 = 30;
/// Lines of each declaration.
const LINES: u32 = 20;

impl FileBuilder {
    /// A Rust file without declarations.
    ///
    /// # Panics
    ///
    /// When `path` is not a path.
    #[must_use]
    pub fn new(path: &str) -> Self {
        let path = RelPath::new(path).unwrap_or_else(|error| panic!("fixture: {error}"));
        let name = path.file_name().unwrap_or_default().to_owned();
        let mut builder = Self {
            file: IndexedFile::new(path, Language::RUST, [0; 32]),
            facts: FileFacts::default(),
            names: BTreeMap::new(),
            ids: Vec::new(),
            words: Vec::new(),
            edges: Vec::new(),
            dependencies: Vec::new(),
        };
        builder.facts.scopes.push(ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true });
        builder.push_symbol(SymbolKind::FILE, &name, None);
        builder
    }

    /// Sets the path of the module that the file is, such as `crate_name::io`.
    pub fn set_module(&mut self, module_path: &str) {
        module_path.clone_into(&mut self.file.module_path);
    }

    /// Sets the modification time of the file.
    pub fn set_modified(&mut self, modified_ns: i64) {
        self.file.modified_ns = modified_ns;
    }

    /// Notes that a part of the file was not read.
    pub fn add_diagnostic(&mut self, code: ErrorCode) {
        self.facts.diagnostics.push(FactDiagnostic {
            code: code.clone(),
            span: ByteSpan::new(0, 1),
            line: 1,
        });
        self.file.diagnostics.push(code);
    }

    /// Adds a declaration below the others.
    pub fn symbol(&mut self, kind: SymbolKind, name: &str, parent: Option<SymbolIdx>) -> SymbolIdx {
        self.push_symbol(kind, name, parent)
    }

    /// Sets the documentation of a declaration.
    pub fn set_doc(&mut self, symbol: SymbolIdx, doc: &str) {
        doc.clone_into(&mut self.facts.symbols[symbol.0 as usize].doc);
    }

    /// Sets how far a declaration can be seen; they are public else.
    pub fn set_visibility(&mut self, symbol: SymbolIdx, visibility: Visibility) {
        self.facts.symbols[symbol.0 as usize].visibility = visibility;
    }

    /// Sets the attributes of a declaration, without their brackets.
    pub fn set_attributes(&mut self, symbol: SymbolIdx, attributes: &[&str]) {
        let attributes = attributes.iter().map(|&attribute| attribute.to_owned()).collect();
        self.facts.symbols[symbol.0 as usize].attributes = attributes;
    }

    /// Sets the signature of a declaration; its id stays.
    pub fn set_signature(&mut self, symbol: SymbolIdx, signature: &str) {
        signature.clone_into(&mut self.facts.symbols[symbol.0 as usize].signature);
    }

    /// Sets the words of a body, between spaces.
    pub fn set_body(&mut self, symbol: SymbolIdx, words: &str) {
        words.clone_into(&mut self.words[symbol.0 as usize]);
        let hash = Sha256Hash::of(words.as_bytes());
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&hash.as_bytes()[..8]);
        self.facts.symbols[symbol.0 as usize].body_fingerprint = u64::from_be_bytes(fingerprint);
    }

    /// Imports a path such as `std::fs::File` in the scope of the file.
    pub fn import(&mut self, path: &str) {
        let segments: Vec<NameIdx> = path.split("::").map(|segment| self.name(segment)).collect();
        let last = segments.last().copied().unwrap_or_default();
        self.facts.imports.push(ImportFact {
            scope: ScopeIdx(0),
            at: 0,
            is_global: false,
            segments,
            kind: ImportKind::Name(last),
            visibility: Visibility::Private,
            cfg: Vec::new(),
        });
    }

    /// Adds an edge from a declaration, behind the others: certain, or without any confidence when it
    /// leads nowhere.
    pub fn edge(&mut self, source: SymbolIdx, kind: EdgeKind, target: EdgeTarget, text: &str) {
        let (confidence, resolution) = match target {
            EdgeTarget::Unresolved => (Confidence::default(), Resolution::Unresolved),
            _ => (Confidence::CERTAIN, Resolution::Path),
        };
        self.edge_with(source, kind, target, text, confidence, resolution);
    }

    /// Adds an edge of the given confidence.
    pub fn edge_with(
        &mut self,
        source: SymbolIdx,
        kind: EdgeKind,
        target: EdgeTarget,
        text: &str,
        confidence: Confidence,
        resolution: Resolution,
    ) {
        let id = self.ids[source.0 as usize];
        let before = self.edges.iter().filter(|edge| edge.source == id).count() as u32;
        let line = self.facts.symbols[source.0 as usize].name_line + 1 + before.min(LINES - 2);
        self.edges.push(Edge {
            source: id,
            kind,
            line,
            at: (line - 1) * LINE + before.saturating_sub(LINES - 2),
            target,
            confidence,
            resolution,
            text: text.to_owned(),
        });
    }

    /// Sets the hashes of the names that the edges depend on.
    pub fn set_dependencies(&mut self, mut hashes: Vec<u32>) {
        hashes.sort_unstable();
        self.dependencies = hashes;
    }

    /// The id of a declaration.
    #[must_use]
    pub fn id(&self, symbol: SymbolIdx) -> SymbolId {
        self.ids[symbol.0 as usize]
    }

    /// The file as it would stand in an index: content, edges and record.
    #[must_use]
    pub fn build(mut self) -> FileDelta {
        let count = (self.facts.symbols.len() as u32 - 1) * LINES;
        self.facts.line_lengths = vec![LINE; count as usize];
        self.facts.symbols[0].span = ByteSpan::new(0, count * LINE);
        self.facts.symbols[0].lines = LineSpan { first: 1, last: count.max(1) };
        self.file.size_bytes = u64::from(count * LINE);
        // The edges are part of what the source says.
        let content = format!("{:?}{:?}{:?}", self.facts, self.words, self.edges);
        self.file.content_hash = *Sha256Hash::of(content.as_bytes()).as_bytes();
        // In the order of source and site.
        let position = |edge: &Edge| self.ids.iter().position(|id| *id == edge.source);
        self.edges.sort_by_cached_key(|edge| (position(edge), edge.at));
        FileDelta {
            content: Some(FileContent::new(self.facts, self.ids, self.words)),
            edges: Some(self.edges),
            dependencies: self.dependencies,
            ..FileDelta::new(self.file)
        }
    }

    fn name(&mut self, name: &str) -> NameIdx {
        let facts = &mut self.facts;
        *self.names.entry(name.to_owned()).or_insert_with(|| facts.names.push(name))
    }

    fn push_symbol(&mut self, kind: SymbolKind, name: &str, parent: Option<SymbolIdx>) -> SymbolIdx {
        let index = SymbolIdx(self.facts.symbols.len() as u32);
        let before = index.0.saturating_sub(1) * LINES;
        let (line, start) = (before + 1, before * LINE);
        let name_idx = self.name(name);
        let is_file = kind == SymbolKind::FILE;
        let signature = if is_file { String::new() } else { format!("{kind} {name}") };
        let detail = match kind.is_callable() {
            true => ItemDetail::Function(Box::default()),
            false => ItemDetail::None,
        };
        self.facts.symbols.push(SymbolFact {
            kind,
            name: name_idx,
            parent,
            scope: ScopeIdx(0),
            span: ByteSpan::new(start, start + LINES * LINE - 1),
            lines: LineSpan { first: line, last: line + LINES - 1 },
            name_span: ByteSpan::new(start + 1, start + 1 + name.len() as u32),
            name_line: line,
            visibility: Visibility::Public,
            signature,
            doc: String::new(),
            attributes: Vec::new(),
            ordinal: 0,
            body_fingerprint: 0,
            in_macro: false,
            detail,
        });
        let mut ordinal = 0;
        let id = loop {
            let id = self.derive_id(index, ordinal);
            if !self.ids.contains(&id) {
                break id;
            }
            ordinal += 1;
        };
        self.facts.symbols[index.0 as usize].ordinal = ordinal;
        self.ids.push(id);
        self.words.push(String::new());
        index
    }

    fn derive_id(&self, symbol: SymbolIdx, ordinal: u32) -> SymbolId {
        let fact = &self.facts.symbols[symbol.0 as usize];
        SymbolId::derive(&SymbolIdentity {
            language: &self.file.language,
            path: &self.file.path,
            kind: &fact.kind,
            local_path: &self.facts.local_path(symbol),
            signature_fingerprint: &fact.signature.replace(' ', ""),
            ordinal,
        })
    }
}

/// A delta that builds an index of `files` and nothing else.
#[must_use]
pub fn full_delta(files: impl IntoIterator<Item = FileDelta>) -> GraphDelta {
    GraphDelta { is_full: true, ..change(files) }
}

/// A delta that adds or replaces `files`.
#[must_use]
pub fn change(files: impl IntoIterator<Item = FileDelta>) -> GraphDelta {
    GraphDelta { files: files.into_iter().collect(), ..GraphDelta::default() }
}

/// A delta that removes files.
///
/// # Panics
///
/// When one of `paths` is not a path.
#[must_use]
pub fn removal(paths: &[&str]) -> GraphDelta {
    let path = |path: &&str| RelPath::new(*path).unwrap_or_else(|error| panic!("fixture: {error}"));
    GraphDelta { removed: paths.iter().map(path).collect(), ..GraphDelta::default() }
}

/// Valid facts in which every form of declaration, import, type, pattern and expression occurs.
#[must_use]
pub fn every_fact() -> FileFacts {
    let mut facts = FileFacts::default();
    let names: Vec<NameIdx> = ["every.rs", "alpha", "beta", "Gamma", "délta", "u8"]
        .into_iter()
        .map(|name| facts.names.push(name))
        .collect();
    facts.scopes = vec![
        ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true },
        ScopeFact { parent: Some(ScopeIdx(0)), owner: Some(SymbolIdx(1)), is_module: false },
    ];
    add_types(&mut facts, &names);
    add_patterns(&mut facts, &names);
    add_expressions(&mut facts, &names);
    let root = ExprIdx(facts.exprs.len() as u32 - 1);
    facts.bodies = vec![
        BodyFact { owner: SymbolIdx(1), scope: ScopeIdx(0), root },
        BodyFact { owner: SymbolIdx(5), scope: ScopeIdx(1), root: ExprIdx(0) },
    ];
    add_symbols(&mut facts, &names);
    let kinds = [
        ImportKind::Name(names[1]),
        ImportKind::Glob,
        ImportKind::Anonymous,
        ImportKind::ExternCrate(names[2]),
    ];
    facts.imports = kinds
        .into_iter()
        .map(|kind| ImportFact {
            scope: ScopeIdx(0),
            at: 4,
            is_global: kind == ImportKind::Glob,
            segments: vec![names[2], names[1]],
            kind,
            visibility: Visibility::Crate,
            cfg: vec!["unix".to_owned(), "feature = \"x\"".to_owned()],
        })
        .collect();
    facts.line_lengths = vec![20, 1, 40];
    facts.diagnostics =
        vec![FactDiagnostic { code: ErrorCode::INDEX_SYNTAX_ERROR, span: ByteSpan::new(21, 30), line: 3 }];
    facts
}

fn add_list(facts: &mut FileFacts, entries: &[u32]) -> List {
    let start = facts.lists.len() as u32;
    facts.lists.extend_from_slice(entries);
    List { start, len: entries.len() as u32 }
}

fn add_types(facts: &mut FileFacts, names: &[NameIdx]) {
    let plain = |name, at| PathSegment { name, at, args: List::default(), bindings: List::default() };
    facts.segments.push(plain(names[3], 1));
    facts.paths.push(PathFact { root: PathRoot::Plain, segments: List { start: 0, len: 1 } });
    let kinds = [TypeKind::Path(0), TypeKind::Ref(TypeIdx(0)), TypeKind::Pointer(TypeIdx(0))];
    let kinds = kinds.into_iter().chain([TypeKind::Slice(TypeIdx(1)), TypeKind::Array(TypeIdx(1))]);
    facts.types.extend(kinds.map(|kind| TypeFact { at: 2, kind }));
    let pair = add_list(facts, &[0, 1]);
    let kinds = [
        TypeKind::Tuple(pair),
        TypeKind::Function(pair),
        TypeKind::ImplTrait(pair),
        TypeKind::DynTrait(pair),
        TypeKind::Never,
        TypeKind::Infer,
        TypeKind::Unknown,
    ];
    facts.types.extend(kinds.map(|kind| TypeFact { at: 3, kind }));
    let bindings = add_list(facts, &[names[1].0, 2]);
    facts.segments.push(PathSegment { name: names[2], at: 5, args: pair, bindings });
    facts.paths.push(PathFact { root: PathRoot::Global, segments: List { start: 0, len: 2 } });
    let qualified = PathRoot::Qualified(TypeIdx(3), Some(TypeIdx(4)));
    facts.paths.push(PathFact { root: qualified, segments: List { start: 1, len: 1 } });
    facts.types.push(TypeFact { at: 6, kind: TypeKind::Path(2) });
}

fn add_patterns(facts: &mut FileFacts, names: &[NameIdx]) {
    let kinds = [PatKind::Wild, PatKind::Rest, PatKind::Bind(names[1], Some(PatIdx(0))), PatKind::Path(1)];
    facts.pats.extend(kinds.map(|kind| PatFact { at: 7, kind }));
    let pair = add_list(facts, &[0, 2]);
    let fields = List { start: facts.fields.len() as u32, len: 1 };
    facts.fields.push(FieldInit { name: names[4], value: 2 });
    let kinds = [
        PatKind::TupleStruct(0, pair),
        PatKind::Struct(0, fields),
        PatKind::Tuple(pair),
        PatKind::Slice(pair),
        PatKind::Ref(PatIdx(4)),
        PatKind::Or(pair),
    ];
    facts.pats.extend(kinds.map(|kind| PatFact { at: 8, kind }));
}

fn add_expressions(facts: &mut FileFacts, names: &[NameIdx]) {
    let literals = [
        LiteralKind::Integer(Some(names[5])),
        LiteralKind::Float(None),
        LiteralKind::Str,
        LiteralKind::ByteStr,
        LiteralKind::CStr,
        LiteralKind::Char,
        LiteralKind::Byte,
        LiteralKind::Bool,
    ];
    let mut kinds = vec![ExprKind::Path(0), ExprKind::Path(2)];
    kinds.extend(literals.map(ExprKind::Literal));
    let (a, b) = (ExprIdx(0), ExprIdx(1));
    let operators = [
        OperatorKind::Add,
        OperatorKind::Sub,
        OperatorKind::Mul,
        OperatorKind::Div,
        OperatorKind::Rem,
        OperatorKind::Bit,
        OperatorKind::Shift,
        OperatorKind::Logic,
        OperatorKind::Compare,
    ];
    kinds.extend(operators.map(|operator| ExprKind::Binary(operator, a, b)));
    let operators = [OperatorKind::Neg, OperatorKind::Not, OperatorKind::Deref];
    kinds.extend(operators.map(|operator| ExprKind::Unary(operator, a)));
    let pair = add_list(facts, &[0, 1]);
    let params = add_list(facts, &[2, 0, 0, u32::MAX]);
    let types = add_list(facts, &[0]);
    let fields = List { start: facts.fields.len() as u32, len: 1 };
    facts.fields.push(FieldInit { name: names[4], value: 1 });
    let flavours = [BlockFlavour::Plain, BlockFlavour::Unsafe, BlockFlavour::Async, BlockFlavour::Const];
    kinds.extend(flavours.map(|flavour| ExprKind::Block {
        statements: pair,
        tail: Some(b),
        scope: Some(ScopeIdx(1)),
        flavour,
    }));
    facts.arms.push(ArmFact { pat: PatIdx(4), guard: Some(a), body: b });
    kinds.extend([
        ExprKind::Unknown(pair),
        ExprKind::Call(a, pair),
        ExprKind::MethodCall { receiver: a, name: names[1], type_args: types, args: pair },
        ExprKind::Field(a, names[4]),
        ExprKind::Index(a, b),
        ExprKind::Try(a),
        ExprKind::Await(a),
        ExprKind::Ref(a),
        ExprKind::Assign(a, b, Some(OperatorKind::Add)),
        ExprKind::Tuple(pair),
        ExprKind::Array(pair, true),
        ExprKind::Let { pat: PatIdx(2), ty: Some(TypeIdx(0)), init: Some(a), otherwise: Some(b) },
        ExprKind::If(a, b, Some(b)),
        ExprKind::Match(a, List { start: 0, len: 1 }),
        ExprKind::While(a, b),
        ExprKind::Loop(b),
        ExprKind::For(PatIdx(2), a, b),
        ExprKind::Closure(params, Some(TypeIdx(1)), b),
        ExprKind::Struct(0, fields, Some(a)),
        ExprKind::Cast(a, TypeIdx(0)),
        ExprKind::Range(Some(a), None),
        ExprKind::Return(Some(a)),
        ExprKind::Break(None),
        ExprKind::Continue,
        ExprKind::Macro(1, pair),
    ]);
    facts.exprs.extend(kinds.into_iter().map(|kind| ExprFact { at: 9, kind }));
    let all: Vec<u32> = (0..facts.exprs.len() as u32).collect();
    let all = add_list(facts, &all);
    facts.exprs.push(ExprFact { at: 9, kind: ExprKind::Unknown(all) });
}

fn add_symbols(facts: &mut FileFacts, names: &[NameIdx]) {
    let bounds = add_list(facts, &[0, 5]);
    let generics = Generics {
        params: vec![GenericParam { name: names[3], bounds, default: Some(TypeIdx(2)) }],
        predicates: vec![WherePredicate { ty: TypeIdx(0), bounds }],
    };
    let function = FunctionDetail {
        generics: generics.clone(),
        self_kind: SelfKind::RefMut,
        self_type: Some(TypeIdx(1)),
        params: vec![ParamFact { pat: PatIdx(2), ty: TypeIdx(0) }],
        result: Some(TypeIdx(5)),
        is_async: true,
        body: Some(0),
    };
    let by_value = |self_kind| FunctionDetail { self_kind, ..FunctionDetail::default() };
    let details = [
        (SymbolKind::FILE, ItemDetail::None),
        (SymbolKind::METHOD, ItemDetail::Function(Box::new(function))),
        (SymbolKind::METHOD, ItemDetail::Function(Box::new(by_value(SelfKind::Value)))),
        (SymbolKind::METHOD, ItemDetail::Function(Box::new(by_value(SelfKind::Ref)))),
        (SymbolKind::STRUCT, ItemDetail::Adt(generics.clone())),
        (SymbolKind::CONSTANT, ItemDetail::Value { ty: Some(TypeIdx(0)), body: Some(1) }),
        (SymbolKind::FIELD, ItemDetail::Field(TypeIdx(4))),
        (SymbolKind::TYPE, ItemDetail::Alias { generics: generics.clone(), ty: Some(TypeIdx(3)), bounds }),
        (SymbolKind::TRAIT, ItemDetail::Trait { generics: generics.clone(), supertraits: bounds }),
        (
            SymbolKind::IMPL,
            ItemDetail::Impl {
                generics: generics.clone(),
                of_trait: Some(TypeIdx(0)),
                self_type: TypeIdx(1),
                is_negative: true,
            },
        ),
        (
            SymbolKind::MODULE,
            ItemDetail::Module { scope: Some(ScopeIdx(1)), path: Some("other.rs".to_owned()) },
        ),
        (SymbolKind::MACRO, ItemDetail::Macro { is_exported: true }),
        (SymbolKind::CLASS, ItemDetail::Class { generics, bases: bounds }),
        // A kind that this version does not name survives.
        (SymbolKind::new("interface"), ItemDetail::None),
    ];
    let visibilities = [Visibility::Public, Visibility::Crate, Visibility::Restricted, Visibility::Private]
        .into_iter()
        .cycle();
    for (index, ((kind, detail), visibility)) in details.into_iter().zip(visibilities).enumerate() {
        facts.symbols.push(SymbolFact {
            kind,
            name: if index == 0 { names[0] } else { names[1 + index % 4] },
            parent: (index == 6).then_some(SymbolIdx(4)),
            scope: ScopeIdx(u32::from(index == 6)),
            span: ByteSpan::new(1, 19),
            lines: LineSpan { first: 1, last: 3 },
            name_span: ByteSpan::new(4, 9),
            name_line: 1,
            visibility,
            signature: format!("signature {index}"),
            doc: "First line.\n\nSecond part.".to_owned(),
            attributes: vec!["inline".to_owned(), "cfg(unix)".to_owned()],
            ordinal: index as u32,
            body_fingerprint: 0xfeed_beef_0000_0001,
            in_macro: index == 2,
            detail,
        });
    }
}
