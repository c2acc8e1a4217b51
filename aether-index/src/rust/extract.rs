//! One walk over the syntax tree of a Rust file: everything that [`FileFacts`] holds.

mod attribute;
mod expr;
mod generics;
mod import;
mod item;
mod macros;
mod pat;
mod path;
mod ty;
mod visibility;

use std::ops::ControlFlow;

use aether_core::base::{ByteSpan, ErrorCode, IndexLimits, LineSpan};
use aether_core::code::facts::{
    ArmFact, FactDiagnostic, FieldInit, FileFacts, ItemDetail, List, NameIdx, PathSegment, ScopeFact,
    ScopeIdx, SymbolFact, SymbolIdx,
};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::{Parser, Tree};

use crate::facts::{Fingerprints, Names, Twins, line_starts, parse};

use super::syntax::{Cursor, Field, Kind, language};

/// Walks Rust files; holds the parsers and the memory of a walk, so that they are made once per
/// thread.
pub(crate) struct RustExtractor {
    parser: Parser,
    inner: Parser,
    memory: Memory,
}

/// What a walk writes to. The vectors grow to the size of the largest file; facts that are kept are
/// copies of the size they need.
#[derive(Default)]
struct Memory {
    facts: FileFacts,
    names: Names,
    fingerprints: Fingerprints,
    twins: Twins,
    line_starts: Vec<u32>,
    /// Entries of the lists being read; nested lists lie above those around them.
    scratch: Vec<u32>,
    /// The same for segments of paths, arms and fields.
    segments: Vec<PathSegment>,
    arms: Vec<ArmFact>,
    fields: Vec<FieldInit>,
}

impl std::fmt::Debug for RustExtractor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RustExtractor").finish_non_exhaustive()
    }
}

impl RustExtractor {
    pub(crate) fn new() -> Self {
        let parser = || {
            let mut parser = Parser::new();
            parser
                .set_language(&language())
                .expect("the grammar and the parser library are built for the same ABI");
            parser
        };
        Self { parser: parser(), inner: parser(), memory: Memory::default() }
    }

    /// The facts of a file named `file_name`.
    pub(crate) fn extract(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        let Some(tree) = parse(&mut self.parser, text) else {
            // Parsing stops early only when a time-out or cancellation flag is set, and none is.
            return FileFacts::default();
        };
        let mut walk = Walk::new(text, limits, &mut self.inner, std::mem::take(&mut self.memory));
        walk.file(file_name);
        if tree.root_node().has_error() {
            walk.note_errors(&tree);
        }
        walk.items(&mut Cursor::new(&tree));
        walk.finish();
        let facts = walk.take_facts();
        self.memory = walk.memory;
        facts
    }
}

/// The state of one walk.
struct Walk<'s, 'p> {
    text: &'s str,
    limits: IndexLimits,
    memory: Memory,
    /// What a byte of the tree at hand must lose to be a byte of `text`: the tree of a macro's
    /// arguments is parsed out of a buffer of its own.
    shift: i64,
    inner: &'p mut Parser,
    depth: u32,
    is_too_deep: bool,
    macro_depth: u32,
    scope: ScopeIdx,
    parent: Option<SymbolIdx>,
    in_macro: bool,
    /// Whether the macro around gives statics another type than they are written with.
    wraps_statics: bool,
    /// Documentation and attributes seen since the last declaration.
    docs: Vec<&'s str>,
    attributes: Vec<&'s str>,
}

/// Token trees nested deeper than this in one another are left alone: each level is parsed again.
const MAX_MACRO_DEPTH: u32 = 8;

impl<'s, 'p> Walk<'s, 'p> {
    fn new(text: &'s str, limits: &IndexLimits, inner: &'p mut Parser, mut memory: Memory) -> Self {
        line_starts(text, &mut memory.line_starts);
        Self {
            text,
            limits: *limits,
            memory,
            shift: 0,
            inner,
            depth: 0,
            is_too_deep: false,
            macro_depth: 0,
            scope: ScopeIdx(0),
            parent: None,
            in_macro: false,
            wraps_statics: false,
            docs: Vec::new(),
            attributes: Vec::new(),
        }
    }

    /// The scope and symbol of the file itself.
    fn file(&mut self, file_name: &str) {
        self.memory.facts.scopes.push(ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true });
        let name = self.memory.facts.names.push(file_name);
        let length = self.text.len() as u32;
        self.memory.facts.symbols.push(SymbolFact {
            kind: SymbolKind::FILE,
            name,
            parent: None,
            scope: ScopeIdx(0),
            span: ByteSpan::new(0, length),
            lines: LineSpan { first: 1, last: self.line_of(length) },
            name_span: ByteSpan::default(),
            name_line: 1,
            visibility: Visibility::Public,
            signature: String::new(),
            doc: inner_doc(self.text),
            attributes: Vec::new(),
            ordinal: 0,
            body_fingerprint: 0,
            in_macro: false,
            detail: ItemDetail::None,
        });
    }

    fn finish(&mut self) {
        let end = self.text.len() as u32;
        let ends = self.memory.line_starts.iter().skip(1).copied().chain([end]);
        let lengths = self.memory.line_starts.iter().zip(ends).map(|(start, end)| end - start);
        self.memory.facts.line_lengths.extend(lengths);
        if self.is_too_deep {
            self.diagnose(ErrorCode::INDEX_TOO_DEEP, ByteSpan::new(0, end));
        }
        if self.memory.facts.exprs.len() > self.limits.max_expressions as usize {
            self.diagnose(ErrorCode::INDEX_TOO_MANY_EXPRESSIONS, ByteSpan::new(0, end));
        }
        let Memory { facts, fingerprints, .. } = &mut self.memory;
        fingerprints.tell(self.text, |symbol, fingerprint| {
            facts.symbols[symbol as usize].body_fingerprint = fingerprint;
        });
        let Memory { facts, twins, .. } = &mut self.memory;
        twins.number(facts);
        visibility::inherit(&mut self.memory.facts);
    }

    /// The facts, at the size they need; what they were written to is left empty, with its memory.
    fn take_facts(&mut self) -> FileFacts {
        fn taken<T>(from: &mut Vec<T>) -> Vec<T> {
            let mut facts = Vec::with_capacity(from.len());
            facts.append(from);
            facts
        }
        self.memory.names.clear();
        let facts = &mut self.memory.facts;
        let names = facts.names.clone();
        facts.names.clear();
        FileFacts {
            names,
            symbols: taken(&mut facts.symbols),
            scopes: taken(&mut facts.scopes),
            imports: taken(&mut facts.imports),
            types: taken(&mut facts.types),
            paths: taken(&mut facts.paths),
            segments: taken(&mut facts.segments),
            bodies: taken(&mut facts.bodies),
            exprs: taken(&mut facts.exprs),
            pats: taken(&mut facts.pats),
            lists: taken(&mut facts.lists),
            arms: taken(&mut facts.arms),
            fields: taken(&mut facts.fields),
            line_lengths: taken(&mut facts.line_lengths),
            diagnostics: taken(&mut facts.diagnostics),
        }
    }

    fn diagnose(&mut self, code: ErrorCode, span: ByteSpan) {
        let line = self.line_of(span.start);
        self.memory.facts.diagnostics.push(FactDiagnostic { code, span, line });
    }

    /// Notes each outermost region that does not parse.
    fn note_errors(&mut self, tree: &Tree) {
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                let span = ByteSpan::new(self.offset(node.start_byte()), self.offset(node.end_byte()));
                self.diagnose(ErrorCode::INDEX_SYNTAX_ERROR, span);
            } else if node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// Calls `visit` with the cursor at each child of the node it is at, keywords and punctuation
    /// left out.
    fn children(
        &mut self,
        cursor: &mut Cursor<'_>,
        mut visit: impl FnMut(&mut Self, &mut Cursor<'_>, Kind, Field),
    ) {
        self.tokens(cursor, |walk, cursor| {
            let kind = cursor.kind();
            if kind != Kind::Token {
                let field = cursor.field();
                visit(walk, cursor, kind, field);
            }
        });
    }

    /// The same for a visit that asks for no fields, which cost a search each.
    fn nodes(&mut self, cursor: &mut Cursor<'_>, mut visit: impl FnMut(&mut Self, &mut Cursor<'_>, Kind)) {
        self.tokens(cursor, |walk, cursor| {
            let kind = cursor.kind();
            if kind != Kind::Token {
                visit(walk, cursor, kind);
            }
        });
    }

    /// The same, up to the child that `last` holds: what comes behind it is not asked for.
    fn children_to(
        &mut self,
        cursor: &mut Cursor<'_>,
        last: Field,
        mut visit: impl FnMut(&mut Self, &mut Cursor<'_>, Kind, Field),
    ) {
        self.descend(cursor, |walk, cursor| {
            let kind = cursor.kind();
            if kind == Kind::Token {
                return ControlFlow::Continue(());
            }
            let field = cursor.field();
            visit(walk, cursor, kind, field);
            if field == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    /// Calls `visit` with the cursor at each child of the node it is at, keywords and punctuation too.
    fn tokens(&mut self, cursor: &mut Cursor<'_>, mut visit: impl FnMut(&mut Self, &mut Cursor<'_>)) {
        self.descend(cursor, |walk, cursor| {
            visit(walk, cursor);
            ControlFlow::Continue(())
        });
    }

    /// Calls `visit` with the cursor at each child of the node it is at until it breaks off. Stops
    /// descending past the depth limit: the recursion of the walk is the recursion of the tree.
    fn descend(
        &mut self,
        cursor: &mut Cursor<'_>,
        mut visit: impl FnMut(&mut Self, &mut Cursor<'_>) -> ControlFlow<()>,
    ) {
        if self.depth >= self.limits.max_depth {
            self.is_too_deep = true;
            return;
        }
        let place = cursor.place();
        if !cursor.first_child() {
            return;
        }
        self.depth += 1;
        while visit(self, cursor).is_continue() && cursor.next_sibling() {}
        self.depth -= 1;
        cursor.back_to(place);
    }

    /// The bytes of `text` that the node at the cursor covers.
    fn span_of(&self, cursor: &Cursor<'_>) -> ByteSpan {
        ByteSpan::new(self.offset(cursor.start()), self.offset(cursor.end()))
    }

    fn offset(&self, byte: usize) -> u32 {
        (byte as i64 - self.shift).clamp(0, self.text.len() as i64) as u32
    }

    fn start_of(&self, cursor: &Cursor<'_>) -> u32 {
        self.offset(cursor.start())
    }

    fn slice(&self, span: ByteSpan) -> &'s str {
        span.slice(self.text).unwrap_or("")
    }

    fn text_of(&self, cursor: &Cursor<'_>) -> &'s str {
        self.slice(self.span_of(cursor))
    }

    /// The index of a name; `r#` is not part of it.
    fn name(&mut self, text: &str) -> NameIdx {
        let text = text.strip_prefix("r#").unwrap_or(text);
        self.memory.names.intern(&mut self.memory.facts.names, text)
    }

    /// The index of a name that does not stand in the file as such.
    fn synthetic_name(&mut self, text: &str) -> NameIdx {
        self.memory.names.intern(&mut self.memory.facts.names, text)
    }

    /// Whether a comma stands in front of the bracket that ends the node at the cursor.
    fn ends_in_comma(&self, cursor: &Cursor<'_>) -> bool {
        let mut bytes = self.text_of(cursor).bytes().rev().skip(1);
        bytes.find(|byte| !byte.is_ascii_whitespace()) == Some(b',')
    }

    fn name_at(&mut self, cursor: &Cursor<'_>) -> NameIdx {
        let text = self.text_of(cursor);
        self.name(text)
    }

    /// The line of a byte, from 1.
    fn line_of(&self, offset: u32) -> u32 {
        self.memory.line_starts.partition_point(|&start| start <= offset) as u32
    }

    fn push_scope(&mut self, scope: ScopeFact) -> ScopeIdx {
        self.memory.facts.scopes.push(scope);
        ScopeIdx(self.memory.facts.scopes.len() as u32 - 1)
    }

    /// Takes the scratch entries from `mark` on as a list.
    fn list_from(&mut self, mark: usize) -> List {
        let Memory { facts, scratch, .. } = &mut self.memory;
        moved(scratch, mark, &mut facts.lists)
    }
}

/// Moves the entries of `from` behind `mark` to the end of `to`.
fn moved<T: Copy>(from: &mut Vec<T>, mark: usize, to: &mut Vec<T>) -> List {
    let list = List { start: to.len() as u32, len: (from.len() - mark) as u32 };
    to.extend_from_slice(&from[mark..]);
    from.truncate(mark);
    list
}

/// The `//!` and `/*! … */` comments at the head of a text, attributes and other comments between them
/// left out.
fn inner_doc(text: &str) -> String {
    let mut doc = String::new();
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        if let Some(line) = line.strip_prefix("//!") {
            doc.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            doc.push('\n');
        } else if rest.starts_with("/*") {
            let Some(end) = rest.find("*/") else { break };
            if let Some(inner) = rest[..end].strip_prefix("/*!") {
                doc.push_str(&block_comment(inner));
            }
            rest = rest[end + 2..].trim_start();
            continue;
        } else if !(line.starts_with("//") || line.starts_with("#!")) {
            break;
        }
        rest = behind.trim_start();
    }
    doc.trim().to_owned()
}

/// The lines of a block comment without the stars that they start with.
fn block_comment(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    for line in inner.lines() {
        let line = line.trim();
        let line = line.strip_prefix('*').unwrap_or(line);
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text
}
