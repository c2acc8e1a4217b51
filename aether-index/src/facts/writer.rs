//! Writes the facts of a file, declaration by declaration.

use aether_core::base::{ByteSpan, ErrorCode, LineSpan};
use aether_core::code::facts::{
    BodyFact, ExprFact, ExprIdx, ExprKind, FactDiagnostic, FileFacts, ImportFact, ImportKind, ItemDetail,
    List, NameIdx, PatFact, PatIdx, PatKind, PathFact, PathRoot, PathSegment, ScopeFact, ScopeIdx,
    SymbolFact, SymbolIdx, TypeFact, TypeIdx, TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};

use super::{Fingerprints, Names, Twins, collapse, line_starts};

/// What the signature of a file starts with that names its package.
const PACKAGE: &str = "package ";

/// The package that a file says it is of, joined by `::`.
pub(crate) fn package_of(facts: &FileFacts) -> Option<String> {
    let name = facts.symbols.first()?.signature.strip_prefix(PACKAGE)?;
    Some(name.replace('.', "::"))
}

/// A declaration as a walk finds it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Declaration {
    /// Kind.
    pub kind: SymbolKind,
    /// Bytes of the name.
    pub name: ByteSpan,
    /// Bytes of the declaration, without documentation and attributes.
    pub span: ByteSpan,
    /// Bytes of the body. The signature is what stands in front of it.
    pub body: Option<ByteSpan>,
    /// Visibility.
    pub visibility: Visibility,
    /// Documentation, without comment markers.
    pub doc: String,
    /// Attributes, decorators or annotations, without what marks them as such.
    pub attributes: Vec<String>,
}

impl Declaration {
    /// A public declaration without a body.
    #[must_use]
    pub fn new(kind: SymbolKind, name: ByteSpan, span: ByteSpan) -> Self {
        Self {
            kind,
            name,
            span,
            body: None,
            visibility: Visibility::Public,
            doc: String::new(),
            attributes: Vec::new(),
        }
    }
}

/// Writes the facts of one file.
///
/// What is written refers to what was written before: parts of an expression come before the whole,
/// what contains a declaration before the declaration.
///
/// # Examples
///
/// ```
/// use aether_core::base::ByteSpan;
/// use aether_core::code::SymbolKind;
/// use aether_core::code::facts::ExprKind;
/// use aether_index::{Declaration, FactsWriter};
/// let text = "task build calls clean";
/// let mut writer = FactsWriter::new("tasks.txt", text);
/// let whole = ByteSpan::new(0, text.len() as u32);
/// let build = writer.declare(Declaration::new(SymbolKind::FUNCTION, ByteSpan::new(5, 10), whole));
/// let clean = writer.path_expr(&[("clean", 17)]);
/// let call = writer.expr(17, ExprKind::Call(clean, Default::default()));
/// writer.body(build, call);
/// let facts = writer.finish();
/// assert_eq!(facts.local_path(build), "build");
/// assert!(facts.validate().is_ok());
/// ```
#[derive(Debug)]
pub struct FactsWriter<'t> {
    text: &'t str,
    facts: FileFacts,
    names: Names,
    fingerprints: Fingerprints,
    line_starts: Vec<u32>,
    /// The declarations around the place that the walk is at.
    open: Vec<SymbolIdx>,
    /// The scope around it.
    scope: ScopeIdx,
}

impl<'t> FactsWriter<'t> {
    /// A writer for a file of the name `file_name`, which is its first symbol.
    #[must_use]
    pub fn new(file_name: &str, text: &'t str) -> Self {
        let mut starts = Vec::new();
        line_starts(text, &mut starts);
        let mut writer = Self {
            text,
            facts: FileFacts::default(),
            names: Names::default(),
            fingerprints: Fingerprints::default(),
            line_starts: starts,
            open: Vec::new(),
            scope: ScopeIdx(0),
        };
        writer.facts.scopes.push(ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true });
        let name = writer.facts.names.push(file_name);
        let length = text.len() as u32;
        let last = writer.line_of(length);
        writer.facts.symbols.push(SymbolFact {
            kind: SymbolKind::FILE,
            name,
            parent: None,
            scope: ScopeIdx(0),
            span: ByteSpan::new(0, length),
            lines: LineSpan { first: 1, last },
            name_span: ByteSpan::default(),
            name_line: 1,
            visibility: Visibility::Public,
            signature: String::new(),
            doc: String::new(),
            attributes: Vec::new(),
            ordinal: 0,
            body_fingerprint: 0,
            in_macro: false,
            detail: ItemDetail::None,
        });
        writer
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Sets the documentation of the file.
    pub fn set_file_doc(&mut self, doc: String) {
        self.facts.symbols[0].doc = doc;
    }

    /// Says of which package the file is, with dots. It becomes the signature of the file.
    pub fn set_package(&mut self, name: &str) {
        self.facts.symbols[0].signature = format!("{PACKAGE}{name}");
    }

    /// Adds a declaration inside of those that are open.
    pub fn declare(&mut self, declaration: Declaration) -> SymbolIdx {
        let Declaration { kind, name, span, body, visibility, doc, attributes } = declaration;
        let name_text = name.slice(self.text).unwrap_or("");
        self.declare_as(name_text, kind, name, span, body, visibility, doc, attributes)
    }

    /// Adds a declaration inside of `owner`, wherever the walk is.
    pub fn declare_inside(&mut self, owner: SymbolIdx, declaration: Declaration) -> SymbolIdx {
        let open = std::mem::replace(&mut self.open, vec![owner]);
        let scope = std::mem::replace(&mut self.scope, self.facts.symbols[owner.0 as usize].scope);
        let symbol = self.declare(declaration);
        self.open = open;
        self.scope = scope;
        symbol
    }

    /// Adds a declaration that stands in no other, wherever the walk is.
    pub fn declare_at_top(&mut self, declaration: Declaration) -> SymbolIdx {
        let open = std::mem::take(&mut self.open);
        let symbol = self.declare(declaration);
        self.open = open;
        symbol
    }

    /// Adds a declaration under a name that does not stand in the file as such.
    pub fn declare_named(&mut self, name: &str, declaration: Declaration) -> SymbolIdx {
        let Declaration { kind, name: at, span, body, visibility, doc, attributes } = declaration;
        self.declare_as(name, kind, at, span, body, visibility, doc, attributes)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one declaration, taken apart above")]
    fn declare_as(
        &mut self,
        name: &str,
        kind: SymbolKind,
        name_span: ByteSpan,
        span: ByteSpan,
        body: Option<ByteSpan>,
        visibility: Visibility,
        doc: String,
        attributes: Vec<String>,
    ) -> SymbolIdx {
        let name = self.name(name);
        let last_byte = span.end.saturating_sub(1).max(span.start);
        let head = ByteSpan::new(span.start, body.map_or(span.end, |body| body.start));
        let mut signature = collapse(head.slice(self.text).unwrap_or(""));
        signature.truncate(signature.trim_end_matches([';', ',', '{', ':', '=', ' ']).len());
        let index = self.facts.symbols.len() as u32;
        if let Some(body) = body {
            self.fingerprints.want(body, index);
        }
        self.facts.symbols.push(SymbolFact {
            kind,
            name,
            parent: self.open.last().copied(),
            scope: self.scope,
            span,
            lines: LineSpan { first: self.line_of(span.start), last: self.line_of(last_byte) },
            name_span,
            name_line: self.line_of(name_span.start),
            visibility,
            signature,
            doc,
            attributes,
            ordinal: 0,
            body_fingerprint: 0,
            in_macro: false,
            detail: ItemDetail::None,
        });
        SymbolIdx(index)
    }

    /// What was written of a declaration.
    #[must_use]
    pub fn symbol(&self, symbol: SymbolIdx) -> &SymbolFact {
        &self.facts.symbols[symbol.0 as usize]
    }

    /// Says what resolution needs of a declaration.
    pub fn set_detail(&mut self, symbol: SymbolIdx, detail: ItemDetail) {
        self.facts.symbols[symbol.0 as usize].detail = detail;
    }

    /// The innermost declaration that is open.
    #[must_use]
    pub fn around(&self) -> Option<SymbolIdx> {
        self.open.last().copied()
    }

    /// Whether `owner` has a member of a name already.
    #[must_use]
    pub fn has_member(&self, owner: SymbolIdx, name: &str) -> bool {
        self.facts.symbols[owner.0 as usize..]
            .iter()
            .any(|symbol| symbol.parent == Some(owner) && self.facts.names.get(symbol.name) == name)
    }

    /// Whether the file has a declaration of a name outside of all others.
    #[must_use]
    pub fn has_top(&self, name: &str) -> bool {
        let mut symbols = self.facts.symbols.iter().skip(1);
        symbols.any(|symbol| symbol.parent.is_none() && self.facts.names.get(symbol.name) == name)
    }

    /// What is declared from now on stands in `symbol`, until [`FactsWriter::leave`].
    pub fn enter(&mut self, symbol: SymbolIdx) {
        self.open.push(symbol);
    }

    /// Ends the innermost declaration that is open.
    pub fn leave(&mut self) {
        self.open.pop();
    }

    /// Opens a scope of the innermost declaration: what is imported from now on is known in it alone.
    /// Returns the scope around it, for [`FactsWriter::close_scope`].
    pub fn open_scope(&mut self) -> ScopeIdx {
        let owner = Some(self.open.last().copied().unwrap_or(SymbolIdx(0)));
        let outer = self.scope;
        self.facts.scopes.push(ScopeFact { parent: Some(outer), owner, is_module: false });
        self.scope = ScopeIdx(self.facts.scopes.len() as u32 - 1);
        outer
    }

    /// Goes back to the scope around the present one.
    pub fn close_scope(&mut self, outer: ScopeIdx) {
        self.scope = outer;
    }

    /// Adds an import of `segments`, known under the name in `kind`; `at` is the first byte of that
    /// name.
    pub fn import(
        &mut self,
        at: u32,
        is_global: bool,
        segments: &[&str],
        kind: ImportKind,
        visibility: Visibility,
    ) {
        let segments = segments.iter().map(|segment| self.name(segment)).collect();
        let scope = self.scope;
        self.facts.imports.push(ImportFact {
            scope,
            at,
            is_global,
            segments,
            kind,
            visibility,
            cfg: Vec::new(),
        });
    }

    /// The index of a name.
    pub fn name(&mut self, text: &str) -> NameIdx {
        self.names.intern(&mut self.facts.names, text)
    }

    /// Adds a list of indexes.
    pub fn list(&mut self, entries: &[u32]) -> List {
        let start = self.facts.lists.len() as u32;
        self.facts.lists.extend_from_slice(entries);
        List { start, len: entries.len() as u32 }
    }

    /// Adds a list of expressions.
    pub fn expr_list(&mut self, entries: &[ExprIdx]) -> List {
        let start = self.facts.lists.len() as u32;
        self.facts.lists.extend(entries.iter().map(|entry| entry.0));
        List { start, len: entries.len() as u32 }
    }

    /// Adds a path of names, each with its first byte.
    pub fn path(&mut self, segments: &[(&str, u32)]) -> u32 {
        self.path_with(segments, &[])
    }

    /// Adds a path whose last segment has type arguments.
    pub fn path_with(&mut self, segments: &[(&str, u32)], arguments: &[TypeIdx]) -> u32 {
        let arguments: Vec<u32> = arguments.iter().map(|argument| argument.0).collect();
        let arguments = self.list(&arguments);
        let start = self.facts.segments.len() as u32;
        for (at, &(name, byte)) in segments.iter().enumerate() {
            let name = self.name(name);
            let args = if at + 1 == segments.len() { arguments } else { List::default() };
            self.facts.segments.push(PathSegment { name, at: byte, args, bindings: List::default() });
        }
        let segments = List { start, len: segments.len() as u32 };
        self.facts.paths.push(PathFact { root: PathRoot::Plain, segments });
        self.facts.paths.len() as u32 - 1
    }

    /// Adds a type.
    pub fn ty(&mut self, at: u32, kind: TypeKind) -> TypeIdx {
        self.facts.types.push(TypeFact { at, kind });
        TypeIdx(self.facts.types.len() as u32 - 1)
    }

    /// Whether a type is a slice.
    #[must_use]
    pub fn is_slice(&self, ty: TypeIdx) -> bool {
        self.facts.types.get(ty.0 as usize).is_some_and(|ty| matches!(ty.kind, TypeKind::Slice(_)))
    }

    /// Adds an expression; `at` is the byte that answers cite, of a call the name that is called.
    pub fn expr(&mut self, at: u32, kind: ExprKind) -> ExprIdx {
        self.facts.exprs.push(ExprFact { at, kind });
        ExprIdx(self.facts.exprs.len() as u32 - 1)
    }

    /// The byte that answers cite of an expression.
    #[must_use]
    pub fn expr_at(&self, expr: ExprIdx) -> u32 {
        self.facts.exprs[expr.0 as usize].at
    }

    /// Adds a path of names as an expression.
    pub fn path_expr(&mut self, segments: &[(&str, u32)]) -> ExprIdx {
        let path = self.path(segments);
        let at = segments.last().map_or(0, |&(_, at)| at);
        self.expr(at, ExprKind::Path(path))
    }

    /// How many expressions were written.
    #[must_use]
    pub fn expressions(&self) -> usize {
        self.facts.exprs.len()
    }

    /// Adds a pattern.
    pub fn pat(&mut self, at: u32, kind: PatKind) -> PatIdx {
        self.facts.pats.push(PatFact { at, kind });
        PatIdx(self.facts.pats.len() as u32 - 1)
    }

    /// Says what the body of a declaration does, or of the file, which is symbol 0. Returns its index.
    pub fn body(&mut self, owner: SymbolIdx, root: ExprIdx) -> u32 {
        self.facts.bodies.push(BodyFact { owner, scope: self.scope, root });
        self.facts.bodies.len() as u32 - 1
    }

    /// Notes what could not be read.
    pub fn diagnose(&mut self, code: ErrorCode, span: ByteSpan) {
        let line = self.line_of(span.start);
        self.facts.diagnostics.push(FactDiagnostic { code, span, line });
    }

    /// The line of a byte, from 1.
    fn line_of(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= offset) as u32
    }

    /// The facts of a file of which nothing but itself is known: without its lines.
    #[must_use]
    pub(crate) fn alone(self) -> FileFacts {
        self.facts
    }

    /// The facts.
    #[must_use]
    pub fn finish(mut self) -> FileFacts {
        let end = self.text.len() as u32;
        let ends = self.line_starts.iter().skip(1).copied().chain([end]);
        let lengths = self.line_starts.iter().zip(ends).map(|(start, end)| end - start);
        self.facts.line_lengths.extend(lengths);
        let facts = &mut self.facts;
        self.fingerprints.tell(self.text, |symbol, fingerprint| {
            facts.symbols[symbol as usize].body_fingerprint = fingerprint;
        });
        Twins::default().number(facts);
        self.facts
    }
}
