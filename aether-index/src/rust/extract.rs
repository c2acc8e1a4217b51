//! One walk over the syntax tree of a Rust file: everything that [`FileFacts`] holds.

mod expr;
mod generics;
mod import;
mod item;
mod macros;
mod pat;
mod path;
mod ty;

use aether_core::base::{ByteSpan, ErrorCode, IndexLimits, LineSpan};
use aether_core::code::facts::{
    FactDiagnostic, FileFacts, ItemDetail, List, NameIdx, ScopeFact, ScopeIdx, SymbolFact, SymbolIdx,
};
use aether_core::code::{SymbolKind, Visibility};
use rustc_hash::FxHashMap;
use tree_sitter::{Parser, TreeCursor};

use super::syntax::{Field, Kind, Syntax, language};

/// Walks Rust files; holds the parser so that it is made once per thread.
pub(crate) struct RustExtractor {
    parser: Parser,
    inner: Parser,
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
        Self { parser: parser(), inner: parser() }
    }

    /// The facts of a file named `file_name`.
    pub(crate) fn extract(&mut self, file_name: &str, text: &str, limits: &IndexLimits) -> FileFacts {
        let Some(tree) = self.parser.parse(text, None) else {
            // Parsing stops early only when a time-out or cancellation flag is set, and none is.
            return FileFacts::default();
        };
        let mut walk = Walk::new(text, limits, &mut self.inner);
        walk.file(file_name);
        if tree.root_node().has_error() {
            walk.note_errors(&mut tree.walk());
        }
        walk.items(&mut tree.walk());
        walk.finish()
    }
}

/// The state of one walk.
struct Walk<'s, 'p> {
    text: &'s str,
    syntax: Syntax,
    limits: IndexLimits,
    facts: FileFacts,
    names: FxHashMap<&'s str, NameIdx>,
    line_starts: Vec<u32>,
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
    /// Entries of the lists being read; nested lists lie above those around them.
    scratch: Vec<u32>,
    /// Documentation and attributes seen since the last declaration.
    docs: Vec<&'s str>,
    attributes: Vec<&'s str>,
}

/// Token trees nested deeper than this in one another are left alone: each level is parsed again.
const MAX_MACRO_DEPTH: u32 = 8;

impl<'s, 'p> Walk<'s, 'p> {
    fn new(text: &'s str, limits: &IndexLimits, inner: &'p mut Parser) -> Self {
        let mut line_starts = vec![0];
        line_starts
            .extend(text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1));
        Self {
            text,
            syntax: Syntax::new(),
            limits: *limits,
            facts: FileFacts::default(),
            names: FxHashMap::default(),
            line_starts,
            shift: 0,
            inner,
            depth: 0,
            is_too_deep: false,
            macro_depth: 0,
            scope: ScopeIdx(0),
            parent: None,
            in_macro: false,
            scratch: Vec::new(),
            docs: Vec::new(),
            attributes: Vec::new(),
        }
    }

    /// The scope and symbol of the file itself.
    fn file(&mut self, file_name: &str) {
        self.facts.scopes.push(ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true });
        let name = self.facts.names.push(file_name);
        let length = self.text.len() as u32;
        self.facts.symbols.push(SymbolFact {
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

    fn finish(mut self) -> FileFacts {
        let end = self.text.len() as u32;
        let ends = self.line_starts.iter().skip(1).copied().chain([end]);
        self.facts.line_lengths = self.line_starts.iter().zip(ends).map(|(start, end)| end - start).collect();
        if self.is_too_deep {
            self.diagnose(ErrorCode::INDEX_TOO_DEEP, ByteSpan::new(0, end));
        }
        if self.facts.exprs.len() > self.limits.max_expressions as usize {
            self.diagnose(ErrorCode::INDEX_TOO_MANY_EXPRESSIONS, ByteSpan::new(0, end));
        }
        self.number_twins();
        self.facts
    }

    /// Counts declarations that nothing but their order tells apart.
    fn number_twins(&mut self) {
        let mut paths: Vec<u64> = Vec::with_capacity(self.facts.symbols.len());
        let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
        for index in 0..self.facts.symbols.len() {
            let symbol = &self.facts.symbols[index];
            let parent = symbol.parent.map_or(0, |parent| paths[parent.0 as usize]);
            let path = fingerprint_text(parent, self.facts.names.get(symbol.name));
            // Not the whole identity of the parent: two impl blocks of one type share its path.
            paths.push(path);
            let key = fingerprint_text(fingerprint_text(path, symbol.kind.as_str()), &symbol.signature);
            let count = seen.entry(key).or_insert(0);
            self.facts.symbols[index].ordinal = *count;
            *count += 1;
        }
    }

    fn diagnose(&mut self, code: ErrorCode, span: ByteSpan) {
        let line = self.line_of(span.start);
        self.facts.diagnostics.push(FactDiagnostic { code, span, line });
    }

    /// Notes each outermost region that does not parse.
    fn note_errors(&mut self, cursor: &mut TreeCursor<'_>) {
        loop {
            let node = cursor.node();
            if node.is_error() || node.is_missing() {
                let span = self.span_of(cursor);
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

    /// Calls `visit` with the cursor at each child of the node it is at. Stops descending past the
    /// depth limit: the recursion of the walk is the recursion of the tree.
    fn children(
        &mut self,
        cursor: &mut TreeCursor<'_>,
        mut visit: impl FnMut(&mut Self, &mut TreeCursor<'_>, Kind, Field),
    ) {
        if self.depth >= self.limits.max_depth {
            self.is_too_deep = true;
            return;
        }
        if !cursor.goto_first_child() {
            return;
        }
        self.depth += 1;
        loop {
            let kind = self.syntax.kind(cursor);
            let field = self.syntax.field(cursor);
            visit(self, cursor, kind, field);
            if !cursor.goto_next_sibling() {
                break;
            }
        }
        self.depth -= 1;
        cursor.goto_parent();
    }

    /// The bytes of `text` that the node at the cursor covers.
    fn span_of(&self, cursor: &TreeCursor<'_>) -> ByteSpan {
        let node = cursor.node();
        ByteSpan::new(self.offset(node.start_byte()), self.offset(node.end_byte()))
    }

    fn offset(&self, byte: usize) -> u32 {
        (byte as i64 - self.shift).clamp(0, self.text.len() as i64) as u32
    }

    fn start_of(&self, cursor: &TreeCursor<'_>) -> u32 {
        self.offset(cursor.node().start_byte())
    }

    fn slice(&self, span: ByteSpan) -> &'s str {
        span.slice(self.text).unwrap_or("")
    }

    fn text_of(&self, cursor: &TreeCursor<'_>) -> &'s str {
        self.slice(self.span_of(cursor))
    }

    /// The index of a name; `r#` is not part of it.
    fn name(&mut self, text: &'s str) -> NameIdx {
        let text = text.strip_prefix("r#").unwrap_or(text);
        *self.names.entry(text).or_insert_with(|| self.facts.names.push(text))
    }

    /// The index of a name that does not stand in the file as such.
    fn synthetic_name(&mut self, text: &str) -> NameIdx {
        let known = self.names.get(text).copied();
        known.unwrap_or_else(|| {
            // Not entered into the map, which borrows from the text: a rare duplicate is harmless to
            // readers, which compare the texts of names.
            self.facts.names.push(text)
        })
    }

    fn name_at(&mut self, cursor: &TreeCursor<'_>) -> NameIdx {
        let text = self.text_of(cursor);
        self.name(text)
    }

    /// The line of a byte, from 1.
    fn line_of(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&start| start <= offset) as u32
    }

    /// Takes the scratch entries from `mark` on as a list.
    fn list_from(&mut self, mark: usize) -> List {
        let start = self.facts.lists.len() as u32;
        self.facts.lists.extend(self.scratch.drain(mark..));
        List { start, len: self.facts.lists.len() as u32 - start }
    }
}

/// The `//!` and `/*! */` comments at the head of a text.
fn inner_doc(text: &str) -> String {
    let mut doc = String::new();
    for line in text.lines().map(str::trim_start) {
        if let Some(line) = line.strip_prefix("//!") {
            doc.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            doc.push('\n');
        } else if !(line.is_empty() || line.starts_with("//") || line.starts_with("#!")) {
            break;
        }
    }
    doc.truncate(doc.trim_end().len());
    doc
}

/// FNV-1a over `text` without its white space, going on from `seed`.
fn fingerprint_text(seed: u64, text: &str) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    hash
}

/// `text` with each run of white space as one space.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
