//! Declarations.

use aether_core::base::{ByteSpan, LineSpan};
use aether_core::code::facts::{
    BodyFact, FunctionDetail, Generics, ItemDetail, List, NameIdx, ParamFact, PatKind, ScopeFact, ScopeIdx,
    SelfKind, SymbolFact, SymbolIdx, TypeIdx, TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::TreeCursor;

use super::expr::is_item;
use super::{Field, Kind, Walk, collapse, fingerprint_text};

/// The parts that declarations share.
struct Parts<'s> {
    span: ByteSpan,
    visibility: Visibility,
    name: Option<(ByteSpan, NameIdx)>,
    /// Start of the body, where there is one.
    body: Option<ByteSpan>,
    doc: String,
    attributes: Vec<&'s str>,
}

impl<'s> Walk<'s, '_> {
    /// Reads the declarations below the cursor.
    pub(super) fn items(&mut self, cursor: &mut TreeCursor<'_>) {
        let docs = std::mem::take(&mut self.docs);
        let attributes = std::mem::take(&mut self.attributes);
        self.children(cursor, |walk, cursor, kind, _| match kind {
            Kind::LineComment | Kind::BlockComment => walk.comment(cursor),
            Kind::AttributeItem => {
                let text = walk.text_of(cursor);
                walk.attributes.push(text);
            }
            Kind::MacroInvocation => walk.loose_macro(cursor),
            Kind::ExpressionStatement => walk.children(cursor, |walk, cursor, kind, _| match kind {
                Kind::MacroInvocation => walk.loose_macro(cursor),
                // Statements at the top level are broken source, or the arguments of a macro.
                _ => walk.forget_docs(),
            }),
            Kind::Error => {
                // Declarations that error recovery left inside the broken region are kept.
                walk.items(cursor);
            }
            _ if is_item(kind) => walk.item(cursor, kind),
            _ => {}
        });
        self.docs = docs;
        self.attributes = attributes;
    }

    fn loose_macro(&mut self, cursor: &mut TreeCursor<'_>) {
        self.forget_docs();
        self.item_macro(cursor);
    }

    pub(super) fn forget_docs(&mut self) {
        self.docs.clear();
        self.attributes.clear();
    }

    pub(super) fn comment(&mut self, cursor: &TreeCursor<'_>) {
        let text = self.text_of(cursor).trim_end();
        let is_doc = (text.starts_with("///") && !text.starts_with("////"))
            || (text.starts_with("/**") && !text.starts_with("/***") && text.len() > 4);
        if is_doc {
            self.docs.push(text);
        }
    }

    /// Reads the declaration at the cursor, and what it contains.
    pub(super) fn item(&mut self, cursor: &mut TreeCursor<'_>, kind: Kind) {
        match kind {
            Kind::UseDeclaration => {
                self.use_declaration(cursor);
                self.forget_docs();
            }
            Kind::ExternCrateDeclaration => {
                self.extern_crate(cursor);
                self.forget_docs();
            }
            Kind::ForeignModItem => {
                self.forget_docs();
                self.children(cursor, |walk, cursor, kind, _| {
                    if kind == Kind::DeclarationList {
                        walk.items(cursor);
                    }
                });
            }
            Kind::FunctionItem | Kind::FunctionSignatureItem => self.function(cursor),
            Kind::StructItem => self.adt(cursor, SymbolKind::STRUCT),
            Kind::UnionItem => self.adt(cursor, SymbolKind::UNION),
            Kind::EnumItem => self.adt(cursor, SymbolKind::ENUM),
            Kind::TraitItem => self.trait_(cursor),
            Kind::ImplItem => self.impl_(cursor),
            Kind::ModItem => self.module(cursor),
            Kind::ConstItem => self.value(cursor, SymbolKind::CONSTANT),
            Kind::StaticItem => self.value(cursor, SymbolKind::STATIC),
            Kind::TypeItem | Kind::AssociatedType => self.alias(cursor),
            Kind::MacroDefinition => self.macro_definition(cursor),
            _ => {}
        }
    }

    /// Span, name, body and what stands above the declaration at the cursor.
    fn parts(&mut self, cursor: &mut TreeCursor<'_>) -> Parts<'s> {
        let attributes = std::mem::take(&mut self.attributes);
        let docs = std::mem::take(&mut self.docs);
        let span = self.span_of(cursor);
        let mut parts = Parts {
            span,
            visibility: Visibility::Private,
            name: None,
            body: None,
            doc: doc_text(&docs, &attributes),
            attributes,
        };
        self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
            (Kind::VisibilityModifier, _) => parts.visibility = walk.visibility(cursor),
            (_, Field::Name) => parts.name = Some((walk.span_of(cursor), walk.name_at(cursor))),
            (_, Field::Body) => parts.body = Some(walk.span_of(cursor)),
            _ => {}
        });
        parts
    }

    pub(super) fn visibility(&self, cursor: &TreeCursor<'_>) -> Visibility {
        match self
            .text_of(cursor)
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect::<String>()
            .as_str()
        {
            "pub" => Visibility::Public,
            "pub(crate)" | "crate" | "pub(incrate)" => Visibility::Crate,
            "pub(self)" => Visibility::Private,
            _ => Visibility::Restricted,
        }
    }

    /// Adds a symbol; its signature ends where `signature_end` says.
    fn push_symbol(
        &mut self,
        kind: SymbolKind,
        parts: &Parts<'s>,
        name: (ByteSpan, NameIdx),
        signature_end: u32,
        body: Option<ByteSpan>,
    ) -> SymbolIdx {
        let span = parts.span;
        let signature = collapse(self.slice(ByteSpan::new(span.start, signature_end)));
        let last_byte = span.end.saturating_sub(1).max(span.start);
        let symbol = SymbolFact {
            kind,
            name: name.1,
            parent: self.parent,
            scope: self.scope,
            span,
            lines: LineSpan { first: self.line_of(span.start), last: self.line_of(last_byte) },
            name_span: name.0,
            name_line: self.line_of(name.0.start),
            visibility: parts.visibility.clone(),
            signature: signature.trim_end_matches([';', ',', '{', '=', ' ']).to_owned(),
            doc: parts.doc.clone(),
            attributes: parts.attributes.iter().map(|text| attribute_text(text)).collect(),
            ordinal: 0,
            body_fingerprint: body.map_or(0, |body| fingerprint_text(0, self.slice(body))),
            in_macro: self.in_macro,
            detail: ItemDetail::None,
        };
        self.facts.symbols.push(symbol);
        SymbolIdx(self.facts.symbols.len() as u32 - 1)
    }

    fn set_detail(&mut self, symbol: SymbolIdx, detail: ItemDetail) {
        self.facts.symbols[symbol.0 as usize].detail = detail;
    }

    /// Runs `visit` with `symbol` as the parent of what it declares.
    fn inside<T>(&mut self, symbol: SymbolIdx, visit: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.parent.replace(symbol);
        let result = visit(self);
        self.parent = outer;
        result
    }

    fn function(&mut self, cursor: &mut TreeCursor<'_>) {
        let parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let is_member = self.parent.is_some_and(|parent| {
            let parent = &self.facts.symbols[parent.0 as usize].kind;
            *parent == SymbolKind::IMPL || *parent == SymbolKind::TRAIT
        });
        let kind = if parts.attributes.iter().any(|text| is_test_attribute(text)) {
            SymbolKind::TEST
        } else if is_member {
            SymbolKind::METHOD
        } else {
            SymbolKind::FUNCTION
        };
        let end = parts.body.map_or(parts.span.end, |body| body.start);
        let symbol = self.push_symbol(kind, &parts, name, end, parts.body);
        let mut function = FunctionDetail::default();
        let mut root = None;
        self.inside(symbol, |walk| {
            walk.children(cursor, |walk, cursor, kind, field| match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut function.generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut function.generics),
                (_, Field::Parameters) => walk.parameters(cursor, &mut function),
                (_, Field::ReturnType) => function.result = Some(walk.ty(cursor)),
                (_, Field::Body) => {
                    let at = walk.start_of(cursor);
                    let flavour = aether_core::code::facts::BlockFlavour::Plain;
                    root = Some(walk.block(cursor, at, flavour));
                }
                (_, Field::None) if cursor.node().kind() == "function_modifiers" => {
                    function.is_async |= walk.text_of(cursor).split_whitespace().any(|word| word == "async");
                }
                _ => {}
            });
        });
        function.body = root.map(|root| self.push_body(symbol, root));
        self.set_detail(symbol, ItemDetail::Function(Box::new(function)));
    }

    fn push_body(&mut self, owner: SymbolIdx, root: aether_core::code::facts::ExprIdx) -> u32 {
        self.facts.bodies.push(BodyFact { owner, scope: self.scope, root });
        self.facts.bodies.len() as u32 - 1
    }

    fn parameters(&mut self, cursor: &mut TreeCursor<'_>, function: &mut FunctionDetail) {
        self.children(cursor, |walk, cursor, kind, _| match kind {
            Kind::SelfParameter => {
                let text = walk.text_of(cursor);
                function.self_kind =
                    match (text.starts_with('&'), text.split_whitespace().any(|word| word == "mut")) {
                        (false, _) => SelfKind::Value,
                        (true, false) => SelfKind::Ref,
                        (true, true) => SelfKind::RefMut,
                    };
            }
            Kind::Parameter => {
                let at = walk.start_of(cursor);
                let mut pat = None;
                let mut ty = None;
                let mut is_self = false;
                walk.children(cursor, |walk, cursor, kind, field| match field {
                    Field::Pattern => {
                        is_self = kind == Kind::SelfValue;
                        pat = Some(walk.pat(cursor));
                    }
                    Field::Type => ty = Some(walk.ty(cursor)),
                    _ => {}
                });
                let ty = ty.unwrap_or_else(|| walk.push_type(at, TypeKind::Unknown));
                if is_self {
                    function.self_kind = SelfKind::Value;
                    function.self_type = Some(ty);
                } else {
                    let pat = pat.unwrap_or_else(|| walk.push_pat(at, PatKind::Wild));
                    function.params.push(ParamFact { pat, ty });
                }
            }
            // A type alone is a parameter without a name, in traits of the 2015 edition.
            Kind::AttributeItem | Kind::LineComment | Kind::BlockComment => {}
            _ if cursor.node().is_named() => {
                let at = walk.start_of(cursor);
                let ty = walk.ty(cursor);
                let pat = walk.push_pat(at, PatKind::Wild);
                function.params.push(ParamFact { pat, ty });
            }
            _ => {}
        });
    }

    fn adt(&mut self, cursor: &mut TreeCursor<'_>, kind: SymbolKind) {
        let parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let end = parts.body.map_or(parts.span.end, |body| body.start);
        let symbol = self.push_symbol(kind, &parts, name, end, parts.body);
        let mut generics = Generics::default();
        self.inside(symbol, |walk| {
            walk.children(cursor, |walk, cursor, kind, field| match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
                (Kind::FieldDeclarationList, _) => walk.fields(cursor),
                (Kind::OrderedFieldDeclarationList, _) => walk.ordered_fields(cursor),
                (_, Field::Body) => walk.variants(cursor),
                _ => {}
            });
        });
        self.set_detail(symbol, ItemDetail::Adt(generics));
    }

    fn variants(&mut self, cursor: &mut TreeCursor<'_>) {
        self.children(cursor, |walk, cursor, kind, _| match kind {
            Kind::LineComment | Kind::BlockComment => walk.comment(cursor),
            Kind::AttributeItem => {
                let text = walk.text_of(cursor);
                walk.attributes.push(text);
            }
            Kind::EnumVariant => {
                let mut parts = walk.parts(cursor);
                parts.visibility = Visibility::Public;
                let Some(name) = parts.name else { return };
                let symbol = walk.push_symbol(SymbolKind::VARIANT, &parts, name, parts.span.end, None);
                let mut root = None;
                walk.inside(symbol, |walk| {
                    walk.children(cursor, |walk, cursor, kind, field| match (kind, field) {
                        (Kind::FieldDeclarationList, _) => walk.fields(cursor),
                        (Kind::OrderedFieldDeclarationList, _) => walk.ordered_fields(cursor),
                        (_, Field::Value) => root = Some(walk.expr(cursor)),
                        _ => {}
                    });
                });
                if let Some(root) = root {
                    walk.push_body(symbol, root);
                }
                walk.set_detail(symbol, ItemDetail::Adt(Generics::default()));
            }
            _ => {}
        });
    }

    fn fields(&mut self, cursor: &mut TreeCursor<'_>) {
        self.children(cursor, |walk, cursor, kind, _| match kind {
            Kind::LineComment | Kind::BlockComment => walk.comment(cursor),
            Kind::AttributeItem => {
                let text = walk.text_of(cursor);
                walk.attributes.push(text);
            }
            Kind::FieldDeclaration => {
                let parts = walk.parts(cursor);
                let Some(name) = parts.name else { return };
                let symbol = walk.push_symbol(SymbolKind::FIELD, &parts, name, parts.span.end, None);
                let mut ty = None;
                walk.children(cursor, |walk, cursor, _, field| {
                    if field == Field::Type {
                        ty = Some(walk.ty(cursor));
                    }
                });
                if let Some(ty) = ty {
                    walk.set_detail(symbol, ItemDetail::Field(ty));
                }
            }
            _ => {}
        });
    }

    /// Fields without names: `0`, `1`, …
    fn ordered_fields(&mut self, cursor: &mut TreeCursor<'_>) {
        let mut number = 0_u32;
        let mut visibility = Visibility::Private;
        self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
            (Kind::VisibilityModifier, _) => visibility = walk.visibility(cursor),
            (_, Field::Type) => {
                let span = walk.span_of(cursor);
                let index = walk.synthetic_name(&number.to_string());
                number += 1;
                let parts = Parts {
                    span,
                    visibility: std::mem::take(&mut visibility),
                    name: None,
                    body: None,
                    doc: doc_text(&std::mem::take(&mut walk.docs), &[]),
                    attributes: std::mem::take(&mut walk.attributes),
                };
                let name_span = ByteSpan::new(span.start, span.start);
                let symbol = walk.push_symbol(SymbolKind::FIELD, &parts, (name_span, index), span.end, None);
                let ty = walk.ty(cursor);
                walk.set_detail(symbol, ItemDetail::Field(ty));
            }
            (Kind::AttributeItem, _) => {
                let text = walk.text_of(cursor);
                walk.attributes.push(text);
            }
            (Kind::LineComment | Kind::BlockComment, _) => walk.comment(cursor),
            _ => {}
        });
    }

    fn trait_(&mut self, cursor: &mut TreeCursor<'_>) {
        let parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let end = parts.body.map_or(parts.span.end, |body| body.start);
        let symbol = self.push_symbol(SymbolKind::TRAIT, &parts, name, end, parts.body);
        let mut generics = Generics::default();
        let mut supertraits = List::default();
        self.inside(symbol, |walk| {
            walk.children(cursor, |walk, cursor, kind, field| match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
                (_, Field::Bounds) => supertraits = walk.bounds(cursor),
                (_, Field::Body) => walk.items(cursor),
                _ => {}
            });
        });
        self.set_detail(symbol, ItemDetail::Trait { generics, supertraits });
    }

    fn impl_(&mut self, cursor: &mut TreeCursor<'_>) {
        let parts = self.parts(cursor);
        let mut generics = Generics::default();
        let mut of_trait: Option<(TypeIdx, ByteSpan)> = None;
        let mut self_type: Option<(TypeIdx, ByteSpan)> = None;
        let mut is_negative = false;
        self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
            (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
            (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
            (_, Field::Trait) => of_trait = Some((walk.ty(cursor), walk.span_of(cursor))),
            (_, Field::Type) => self_type = Some((walk.ty(cursor), walk.span_of(cursor))),
            _ => is_negative |= cursor.node().kind() == "!",
        });
        let Some((self_type, self_span)) = self_type else { return };
        let self_name = head_text(self.slice(self_span));
        let name = match of_trait {
            Some((_, span)) => format!("<{self_name} as {}>", head_text(self.slice(span))),
            None => self_name,
        };
        let name = self.synthetic_name(&name);
        let end = parts.body.map_or(parts.span.end, |body| body.start);
        let symbol = self.push_symbol(SymbolKind::IMPL, &parts, (self_span, name), end, parts.body);
        let of_trait = of_trait.map(|(ty, _)| ty);
        self.set_detail(symbol, ItemDetail::Impl { generics, of_trait, self_type, is_negative });
        self.inside(symbol, |walk| {
            walk.children(cursor, |walk, cursor, _, field| {
                if field == Field::Body {
                    walk.items(cursor);
                }
            });
        });
    }

    fn module(&mut self, cursor: &mut TreeCursor<'_>) {
        let mut parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let end = parts.body.map_or(parts.span.end, |body| body.start);
        let path = parts.attributes.iter().find_map(|text| path_attribute(text));
        if let Some(body) = parts.body {
            let inner = super::inner_doc(self.slice(ByteSpan::new(body.start + 1, body.end)));
            if parts.doc.is_empty() {
                parts.doc = inner;
            }
        }
        let symbol = self.push_symbol(SymbolKind::MODULE, &parts, name, end, None);
        let mut scope = None;
        if parts.body.is_some() {
            let outer = self.scope;
            self.facts.scopes.push(ScopeFact { parent: Some(outer), owner: Some(symbol), is_module: true });
            let own = ScopeIdx(self.facts.scopes.len() as u32 - 1);
            scope = Some(own);
            self.scope = own;
            self.inside(symbol, |walk| {
                walk.children(cursor, |walk, cursor, _, field| {
                    if field == Field::Body {
                        walk.items(cursor);
                    }
                });
            });
            self.scope = outer;
        }
        self.set_detail(symbol, ItemDetail::Module { scope, path });
    }

    fn value(&mut self, cursor: &mut TreeCursor<'_>, kind: SymbolKind) {
        let parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let mut end = parts.span.end;
        let mut body_span = None;
        self.children(cursor, |walk, cursor, _, field| {
            if field == Field::Value {
                let span = walk.span_of(cursor);
                end = span.start;
                body_span = Some(span);
            }
        });
        let symbol = self.push_symbol(kind, &parts, name, end, body_span);
        let mut ty = None;
        let mut root = None;
        self.inside(symbol, |walk| {
            walk.children(cursor, |walk, cursor, _, field| match field {
                Field::Type => ty = Some(walk.ty(cursor)),
                Field::Value => root = Some(walk.expr(cursor)),
                _ => {}
            });
        });
        let body = root.map(|root| self.push_body(symbol, root));
        self.set_detail(symbol, ItemDetail::Value { ty, body });
    }

    fn alias(&mut self, cursor: &mut TreeCursor<'_>) {
        let parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let symbol = self.push_symbol(SymbolKind::TYPE, &parts, name, parts.span.end, None);
        let mut generics = Generics::default();
        let mut ty = None;
        let mut bounds = List::default();
        self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
            (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
            (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
            (_, Field::Type) => ty = Some(walk.ty(cursor)),
            (_, Field::Bounds) => bounds = walk.bounds(cursor),
            _ => {}
        });
        self.set_detail(symbol, ItemDetail::Alias { generics, ty, bounds });
    }

    fn macro_definition(&mut self, cursor: &mut TreeCursor<'_>) {
        let parts = self.parts(cursor);
        let Some(name) = parts.name else { return };
        let is_exported = parts.attributes.iter().any(|text| text.contains("macro_export"));
        let body = ByteSpan::new(name.0.end, parts.span.end);
        let symbol = self.push_symbol(SymbolKind::MACRO, &parts, name, name.0.end, Some(body));
        self.set_detail(symbol, ItemDetail::Macro { is_exported });
    }
}

/// `#[a(b)]` without its brackets, runs of white space as one space.
fn attribute_text(text: &str) -> String {
    collapse(text.trim_start_matches('#').trim().trim_start_matches('[').trim_end_matches(']').trim())
}

/// The condition of `#[cfg(…)]`.
pub(super) fn cfg_text(text: &str) -> Option<String> {
    let inner = attribute_text(text);
    Some(inner.strip_prefix("cfg(")?.strip_suffix(')')?.trim().to_owned())
}

/// Whether an attribute makes a test of a function: `#[test]`, `#[tokio::test]`, `#[rstest]`, …
fn is_test_attribute(text: &str) -> bool {
    let inner = text.trim_start_matches('#').trim().trim_start_matches('[').trim_end_matches(']');
    let path = inner.split('(').next().unwrap_or("").trim();
    let last = path.rsplit("::").next().unwrap_or("").trim();
    matches!(
        last,
        "test" | "rstest" | "test_case" | "wasm_bindgen_test" | "quickcheck" | "proptest" | "test_log"
    )
}

/// The value of `#[path = "…"]`.
fn path_attribute(text: &str) -> Option<String> {
    let inner = text.trim_start_matches('#').trim().trim_start_matches('[').trim_end_matches(']').trim();
    let value = inner.strip_prefix("path")?.trim_start().strip_prefix('=')?.trim();
    Some(value.trim_matches('"').to_owned())
}

/// A type without its arguments: `a::B<C>` is `B`, `&'a mut [T]` is `[T]`.
fn head_text(text: &str) -> String {
    let text = text.trim_start_matches(['&', ' ']);
    let text =
        if text.starts_with('\'') { text.split_once(' ').map_or(text, |(_, rest)| rest) } else { text };
    let text = text.trim_start().strip_prefix("mut ").unwrap_or(text).trim();
    if !text.starts_with(|character: char| character.is_alphabetic() || character == '_')
        || text.starts_with("dyn ")
    {
        return collapse(text);
    }
    let head = text.split('<').next().unwrap_or(text).trim().trim_end_matches("::");
    head.rsplit("::").next().unwrap_or(head).trim().to_owned()
}

/// The text of documentation comments and `#[doc = "…"]`.
fn doc_text(docs: &[&str], attributes: &[&str]) -> String {
    let mut out = String::new();
    for doc in docs {
        if let Some(line) = doc.strip_prefix("///") {
            out.push_str(line.strip_prefix(' ').unwrap_or(line));
            out.push('\n');
        } else {
            let inner = doc.trim_start_matches("/**").trim_end_matches("*/");
            for line in inner.lines() {
                let line = line.trim();
                let line = line.strip_prefix('*').unwrap_or(line);
                out.push_str(line.strip_prefix(' ').unwrap_or(line));
                out.push('\n');
            }
        }
    }
    for attribute in attributes {
        let inner =
            attribute.trim_start_matches('#').trim().trim_start_matches('[').trim_end_matches(']').trim();
        let value = inner.strip_prefix("doc").map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        if let Some(value) = value {
            out.push_str(value.trim().trim_matches('"'));
            out.push('\n');
        }
    }
    out.trim().to_owned()
}
