//! Declarations.

use aether_core::base::{ByteSpan, LineSpan};
use aether_core::code::facts::{
    BlockFlavour, BodyFact, ExprIdx, FunctionDetail, Generics, ItemDetail, List, NameIdx, ParamFact, PatKind,
    ScopeFact, SelfKind, SymbolFact, SymbolIdx, TypeIdx, TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};

use super::expr::is_item;
use super::{Cursor, Field, Kind, Walk, attribute};
use crate::facts::collapse;

/// What is known of a declaration before its name is read.
struct Head<'s> {
    span: ByteSpan,
    visibility: Visibility,
    doc: String,
    attributes: Vec<&'s str>,
}

impl<'s> Walk<'s, '_> {
    /// Reads the declarations below the cursor.
    pub(super) fn items(&mut self, cursor: &mut Cursor<'_>) {
        let docs = std::mem::take(&mut self.docs);
        let attributes = std::mem::take(&mut self.attributes);
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::LineComment | Kind::BlockComment => walk.comment(cursor),
            Kind::AttributeItem => walk.attribute(cursor),
            Kind::MacroInvocation => walk.loose_macro(cursor),
            Kind::ExpressionStatement => walk.nodes(cursor, |walk, cursor, kind| match kind {
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

    fn loose_macro(&mut self, cursor: &mut Cursor<'_>) {
        self.forget_docs();
        self.item_macro(cursor);
    }

    pub(super) fn forget_docs(&mut self) {
        self.docs.clear();
        self.attributes.clear();
    }

    pub(super) fn attribute(&mut self, cursor: &Cursor<'_>) {
        let text = self.text_of(cursor);
        self.attributes.push(text);
    }

    pub(super) fn comment(&mut self, cursor: &Cursor<'_>) {
        let text = self.text_of(cursor).trim_end();
        let is_doc = (text.starts_with("///") && !text.starts_with("////"))
            || (text.starts_with("/**") && !text.starts_with("/***") && text.len() > 4);
        if is_doc {
            self.docs.push(text);
        }
    }

    /// Reads the declaration at the cursor, and what it contains.
    pub(super) fn item(&mut self, cursor: &mut Cursor<'_>, kind: Kind) {
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
            Kind::StructItem => self.adt(cursor, &SymbolKind::STRUCT),
            Kind::UnionItem => self.adt(cursor, &SymbolKind::UNION),
            Kind::EnumItem => self.adt(cursor, &SymbolKind::ENUM),
            Kind::TraitItem => self.trait_(cursor),
            Kind::ImplItem => self.impl_(cursor),
            Kind::ModItem => self.module(cursor),
            Kind::ConstItem => self.value(cursor, &SymbolKind::CONSTANT),
            Kind::StaticItem => self.value(cursor, &SymbolKind::STATIC),
            Kind::TypeItem | Kind::AssociatedType => self.alias(cursor),
            Kind::MacroDefinition => self.macro_definition(cursor),
            _ => {}
        }
    }

    /// Takes what stands above the declaration at the cursor.
    fn head(&mut self, cursor: &Cursor<'_>) -> Head<'s> {
        let doc = doc_text(&self.docs, &self.attributes);
        self.docs.clear();
        let attributes = std::mem::take(&mut self.attributes);
        Head { span: self.span_of(cursor), visibility: Visibility::Private, doc, attributes }
    }

    /// Reads the declaration at the cursor in one pass: its symbol is there as soon as its name is
    /// read, and `visit` sees what comes behind the name, with the symbol as the parent of what that
    /// declares. The signature ends where `body` starts. Without a name there is no declaration.
    fn declaration(
        &mut self,
        cursor: &mut Cursor<'_>,
        mut head: Head<'s>,
        kind: &SymbolKind,
        body: Field,
        mut visit: impl FnMut(&mut Self, &mut Cursor<'_>, Kind, Field),
    ) -> Option<SymbolIdx> {
        let outer = self.parent;
        let span = head.span;
        let mut symbol = None;
        let mut body_span = None;
        self.children(cursor, |walk, cursor, node, field| match symbol {
            None if node == Kind::VisibilityModifier => head.visibility = walk.visibility(cursor),
            None if field == Field::Name => {
                let name = (walk.span_of(cursor), walk.name_at(cursor));
                symbol = Some(walk.push_symbol(kind, &mut head, name));
                walk.parent = symbol;
            }
            None => {}
            Some(_) => {
                if field == body && field != Field::None {
                    body_span = Some(walk.span_of(cursor));
                }
                visit(walk, cursor, node, field);
            }
        });
        self.parent = outer;
        let end = body_span.map_or(span.end, |body| body.start);
        // A module has no body of its own: what is in it has.
        let own_body = body_span.filter(|_| *kind != SymbolKind::MODULE);
        self.close(symbol?, end, own_body);
        symbol
    }

    pub(super) fn visibility(&self, cursor: &Cursor<'_>) -> Visibility {
        let text = self.text_of(cursor);
        if text == "pub" {
            return Visibility::Public;
        }
        match text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().as_str() {
            "pub(crate)" | "crate" | "pub(incrate)" => Visibility::Crate,
            "pub(self)" => Visibility::Private,
            _ => Visibility::Restricted,
        }
    }

    /// Adds a symbol, which [`Walk::close`] completes.
    fn push_symbol(
        &mut self,
        kind: &SymbolKind,
        head: &mut Head<'s>,
        name: (ByteSpan, NameIdx),
    ) -> SymbolIdx {
        let span = head.span;
        let last_byte = span.end.saturating_sub(1).max(span.start);
        let symbol = SymbolFact {
            kind: kind.clone(),
            name: name.1,
            parent: self.parent,
            scope: self.scope,
            span,
            lines: LineSpan { first: self.line_of(span.start), last: self.line_of(last_byte) },
            name_span: name.0,
            name_line: self.line_of(name.0.start),
            visibility: std::mem::take(&mut head.visibility),
            signature: String::new(),
            doc: std::mem::take(&mut head.doc),
            attributes: head.attributes.iter().map(|text| attribute::text(text)).collect(),
            ordinal: 0,
            body_fingerprint: 0,
            in_macro: self.in_macro,
            detail: ItemDetail::None,
        };
        self.memory.facts.symbols.push(symbol);
        SymbolIdx(self.memory.facts.symbols.len() as u32 - 1)
    }

    /// Says where the signature of a symbol ends, and what its body is.
    fn close(&mut self, symbol: SymbolIdx, signature_end: u32, body: Option<ByteSpan>) {
        let start = self.symbol(symbol).span.start;
        let mut signature = collapse(self.slice(ByteSpan::new(start, signature_end)));
        signature.truncate(signature.trim_end_matches([';', ',', '{', '=', ' ']).len());
        self.symbol(symbol).signature = signature;
        if let Some(body) = body {
            self.memory.fingerprints.want(body, symbol.0);
        }
    }

    fn symbol(&mut self, index: SymbolIdx) -> &mut SymbolFact {
        &mut self.memory.facts.symbols[index.0 as usize]
    }

    fn function(&mut self, cursor: &mut Cursor<'_>) {
        let is_member = self.parent.is_some_and(|parent| {
            let parent = &self.symbol(parent).kind;
            *parent == SymbolKind::IMPL || *parent == SymbolKind::TRAIT
        });
        let head = self.head(cursor);
        let kind = if head.attributes.iter().any(|text| attribute::is_test(text)) {
            SymbolKind::TEST
        } else if is_member {
            SymbolKind::METHOD
        } else {
            SymbolKind::FUNCTION
        };
        let mut function = FunctionDetail::default();
        let mut root = None;
        let symbol = self.declaration(cursor, head, &kind, Field::Body, |walk, cursor, kind, field| {
            match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut function.generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut function.generics),
                (_, Field::Parameters) => walk.parameters(cursor, &mut function),
                (_, Field::ReturnType) => function.result = Some(walk.ty(cursor)),
                (_, Field::Body) => {
                    let at = walk.start_of(cursor);
                    root = Some(walk.block(cursor, at, BlockFlavour::Plain));
                }
                _ => {}
            }
        });
        let Some(symbol) = symbol else { return };
        let SymbolFact { span, name_span, .. } = *self.symbol(symbol);
        let modifiers = self.slice(ByteSpan::new(span.start, name_span.start));
        function.is_async = modifiers.split_ascii_whitespace().any(|word| word == "async");
        function.body = root.map(|root| self.push_body(symbol, root));
        self.symbol(symbol).detail = ItemDetail::Function(Box::new(function));
    }

    fn push_body(&mut self, owner: SymbolIdx, root: ExprIdx) -> u32 {
        self.memory.facts.bodies.push(BodyFact { owner, scope: self.scope, root });
        self.memory.facts.bodies.len() as u32 - 1
    }

    fn parameters(&mut self, cursor: &mut Cursor<'_>, function: &mut FunctionDetail) {
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
            _ if kind.is_named() => {
                let at = walk.start_of(cursor);
                let ty = walk.ty(cursor);
                let pat = walk.push_pat(at, PatKind::Wild);
                function.params.push(ParamFact { pat, ty });
            }
            _ => {}
        });
    }

    fn adt(&mut self, cursor: &mut Cursor<'_>, kind: &SymbolKind) {
        let head = self.head(cursor);
        let mut generics = Generics::default();
        let symbol = self.declaration(cursor, head, kind, Field::Body, |walk, cursor, kind, field| {
            match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
                (Kind::FieldDeclarationList, _) => walk.fields(cursor),
                (Kind::OrderedFieldDeclarationList, _) => walk.ordered_fields(cursor),
                (_, Field::Body) => walk.variants(cursor),
                _ => {}
            }
        });
        if let Some(symbol) = symbol {
            self.symbol(symbol).detail = ItemDetail::Adt(generics);
        }
    }

    fn variants(&mut self, cursor: &mut Cursor<'_>) {
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::LineComment | Kind::BlockComment => walk.comment(cursor),
            Kind::AttributeItem => walk.attribute(cursor),
            Kind::EnumVariant => walk.variant(cursor),
            _ => {}
        });
    }

    fn variant(&mut self, cursor: &mut Cursor<'_>) {
        let head = self.head(cursor);
        let mut root = None;
        let symbol =
            self.declaration(cursor, head, &SymbolKind::VARIANT, Field::None, |walk, cursor, kind, field| {
                match (kind, field) {
                    (Kind::FieldDeclarationList, _) => walk.fields(cursor),
                    (Kind::OrderedFieldDeclarationList, _) => walk.ordered_fields(cursor),
                    (_, Field::Value) => root = Some(walk.expr(cursor)),
                    _ => {}
                }
            });
        let Some(symbol) = symbol else { return };
        if let Some(root) = root {
            self.push_body(symbol, root);
        }
        self.symbol(symbol).detail = ItemDetail::Adt(Generics::default());
    }

    fn fields(&mut self, cursor: &mut Cursor<'_>) {
        self.nodes(cursor, |walk, cursor, kind| match kind {
            Kind::LineComment | Kind::BlockComment => walk.comment(cursor),
            Kind::AttributeItem => walk.attribute(cursor),
            Kind::FieldDeclaration => {
                let head = walk.head(cursor);
                let mut ty = None;
                let visit = |walk: &mut Self, cursor: &mut Cursor<'_>, _, field| {
                    if field == Field::Type {
                        ty = Some(walk.ty(cursor));
                    }
                };
                let symbol = walk.declaration(cursor, head, &SymbolKind::FIELD, Field::None, visit);
                if let (Some(symbol), Some(ty)) = (symbol, ty) {
                    walk.symbol(symbol).detail = ItemDetail::Field(ty);
                }
            }
            _ => {}
        });
    }

    /// Fields without names: `0`, `1`, …
    fn ordered_fields(&mut self, cursor: &mut Cursor<'_>) {
        let mut number = 0_u32;
        let mut visibility = Visibility::Private;
        self.children(cursor, |walk, cursor, kind, field| match (kind, field) {
            (Kind::VisibilityModifier, _) => visibility = walk.visibility(cursor),
            (_, Field::Type) => {
                let index = walk.synthetic_name(&number.to_string());
                number += 1;
                let mut head = walk.head(cursor);
                head.visibility = std::mem::take(&mut visibility);
                let span = head.span;
                let name = (ByteSpan::new(span.start, span.start), index);
                let symbol = walk.push_symbol(&SymbolKind::FIELD, &mut head, name);
                walk.close(symbol, span.end, None);
                let ty = walk.ty(cursor);
                walk.symbol(symbol).detail = ItemDetail::Field(ty);
            }
            (Kind::AttributeItem, _) => walk.attribute(cursor),
            (Kind::LineComment | Kind::BlockComment, _) => walk.comment(cursor),
            _ => {}
        });
    }

    fn trait_(&mut self, cursor: &mut Cursor<'_>) {
        let head = self.head(cursor);
        let mut generics = Generics::default();
        let mut supertraits = List::default();
        let symbol = self.declaration(
            cursor,
            head,
            &SymbolKind::TRAIT,
            Field::Body,
            |walk, cursor, kind, field| match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
                (_, Field::Bounds) => supertraits = walk.bounds(cursor),
                (_, Field::Body) => walk.items(cursor),
                _ => {}
            },
        );
        if let Some(symbol) = symbol {
            self.symbol(symbol).detail = ItemDetail::Trait { generics, supertraits };
        }
    }

    fn impl_(&mut self, cursor: &mut Cursor<'_>) {
        let mut head = self.head(cursor);
        let span = head.span;
        let outer = self.parent;
        let mut generics = Generics::default();
        let mut of_trait: Option<(TypeIdx, ByteSpan)> = None;
        let mut self_type: Option<(TypeIdx, ByteSpan)> = None;
        let mut is_negative = false;
        let mut symbol = None;
        let mut body = None;
        // All children, because `!` is punctuation.
        self.tokens(cursor, |walk, cursor| match (cursor.kind(), cursor.field()) {
            (Kind::Token, _) => is_negative |= walk.text_of(cursor) == "!",
            (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
            (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
            (_, Field::Trait) => of_trait = Some((walk.ty(cursor), walk.span_of(cursor))),
            (_, Field::Type) => self_type = Some((walk.ty(cursor), walk.span_of(cursor))),
            (_, Field::Body) => {
                body = Some(walk.span_of(cursor));
                symbol = walk.push_impl(&mut head, of_trait, self_type);
                if symbol.is_some() {
                    walk.parent = symbol;
                    walk.items(cursor);
                }
            }
            _ => {}
        });
        self.parent = outer;
        let symbol = symbol.or_else(|| self.push_impl(&mut head, of_trait, self_type));
        let (Some(symbol), Some((self_type, _))) = (symbol, self_type) else { return };
        self.close(symbol, body.map_or(span.end, |body| body.start), body);
        let of_trait = of_trait.map(|(ty, _)| ty);
        self.symbol(symbol).detail = ItemDetail::Impl { generics, of_trait, self_type, is_negative };
    }

    /// Adds the symbol of an implementation, named after its type and trait.
    fn push_impl(
        &mut self,
        head: &mut Head<'s>,
        of_trait: Option<(TypeIdx, ByteSpan)>,
        self_type: Option<(TypeIdx, ByteSpan)>,
    ) -> Option<SymbolIdx> {
        let (_, self_span) = self_type?;
        let self_name = head_text(self.slice(self_span));
        let name = match of_trait {
            Some((_, span)) => format!("<{self_name} as {}>", head_text(self.slice(span))),
            None => self_name,
        };
        let name = self.synthetic_name(&name);
        Some(self.push_symbol(&SymbolKind::IMPL, head, (self_span, name)))
    }

    fn module(&mut self, cursor: &mut Cursor<'_>) {
        let head = self.head(cursor);
        let path = head.attributes.iter().find_map(|text| attribute::path(text));
        let mut own = None;
        let mut inner_doc = String::new();
        let symbol =
            self.declaration(cursor, head, &SymbolKind::MODULE, Field::Body, |walk, cursor, _, field| {
                if field != Field::Body {
                    return;
                }
                let body = walk.span_of(cursor);
                inner_doc = super::inner_doc(walk.slice(ByteSpan::new(body.start + 1, body.end)));
                let (outer, owner) = (walk.scope, walk.parent);
                walk.scope = walk.push_scope(ScopeFact { parent: Some(outer), owner, is_module: true });
                own = Some(walk.scope);
                walk.items(cursor);
                walk.scope = outer;
            });
        let Some(symbol) = symbol else { return };
        let symbol = self.symbol(symbol);
        if symbol.doc.is_empty() {
            symbol.doc = inner_doc;
        }
        symbol.detail = ItemDetail::Module { scope: own, path };
    }

    fn value(&mut self, cursor: &mut Cursor<'_>, kind: &SymbolKind) {
        let head = self.head(cursor);
        let mut ty = None;
        let mut root = None;
        let symbol =
            self.declaration(cursor, head, kind, Field::Value, |walk, cursor, _, field| match field {
                Field::Type => ty = Some(walk.ty(cursor)),
                Field::Value => root = Some(walk.expr(cursor)),
                _ => {}
            });
        let Some(symbol) = symbol else { return };
        if self.wraps_statics && *kind == SymbolKind::STATIC {
            ty = None;
        }
        let body = root.map(|root| self.push_body(symbol, root));
        self.symbol(symbol).detail = ItemDetail::Value { ty, body };
    }

    fn alias(&mut self, cursor: &mut Cursor<'_>) {
        let head = self.head(cursor);
        let mut generics = Generics::default();
        let mut ty = None;
        let mut bounds = List::default();
        let symbol = self.declaration(
            cursor,
            head,
            &SymbolKind::TYPE,
            Field::None,
            |walk, cursor, kind, field| match (kind, field) {
                (_, Field::TypeParameters) => walk.type_parameters(cursor, &mut generics),
                (Kind::WhereClause, _) => walk.where_clause(cursor, &mut generics),
                (_, Field::Type) => ty = Some(walk.ty(cursor)),
                (_, Field::Bounds) => bounds = walk.bounds(cursor),
                _ => {}
            },
        );
        if let Some(symbol) = symbol {
            self.symbol(symbol).detail = ItemDetail::Alias { generics, ty, bounds };
        }
    }

    fn macro_definition(&mut self, cursor: &mut Cursor<'_>) {
        let head = self.head(cursor);
        let is_exported = head.attributes.iter().any(|text| attribute::is_macro_export(text));
        let symbol = self.declaration(cursor, head, &SymbolKind::MACRO, Field::None, |_, _, _, _| {});
        let Some(symbol) = symbol else { return };
        let SymbolFact { span, name_span, .. } = *self.symbol(symbol);
        self.close(symbol, name_span.end, Some(ByteSpan::new(name_span.end, span.end)));
        self.symbol(symbol).detail = ItemDetail::Macro { is_exported };
    }
}

/// A type without its arguments: `a::B<C>` and `::B` are `B`, `&'a mut [T]` is `[T]`.
fn head_text(text: &str) -> String {
    let text = text.trim_start_matches(['&', ' ', ':']);
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
            out.push_str(&super::block_comment(doc.trim_start_matches("/**").trim_end_matches("*/")));
        }
    }
    for text in attributes.iter().filter_map(|text| attribute::doc(text)) {
        out.push_str(&text);
        out.push('\n');
    }
    out.trim().to_owned()
}
