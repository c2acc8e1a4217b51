//! Classes and interfaces.

use aether_core::code::facts::{
    ExprIdx, FunctionDetail, Generics, ItemDetail, SelfKind, SymbolIdx, TypeIdx, TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::doc::head;
use super::item::{Function, is_function, is_long, member_name, span_of, unwrapped};
use super::{Walk, tree};
use crate::facts::Declaration;

impl<'t> Walk<'t> {
    /// A class as a statement.
    pub(super) fn class(&mut self, node: Node<'_>, export: Option<Node<'_>>) {
        let name = node.child_by_field_name("name");
        let visibility = name.map_or(Visibility::Public, |name| self.visibility(self.text_of(name), export));
        let is_default = export.is_some_and(|export| self.has_word(export, "default"));
        let text = self.class_of(node, name, export.unwrap_or(node), visibility);
        if let (Some(text), true, Some(export)) = (text, is_default, export) {
            self.export_as(tree::start(export), text, "default");
        }
    }

    /// Declares a class under a name, `default` when it has none. Returns the name.
    pub(super) fn class_of(
        &mut self,
        node: Node<'_>,
        name: Option<Node<'_>>,
        whole: Node<'_>,
        visibility: Visibility,
    ) -> Option<&'t str> {
        let text = name.map(|name| self.text_of(name));
        let named = name.unwrap_or(node);
        let name_span = match name {
            Some(name) => tree::span(name),
            None => {
                let start = tree::start(named);
                aether_core::base::ByteSpan::new(start, start + "class".len() as u32)
            }
        };
        let body = node.child_by_field_name("body");
        let mut declaration = Declaration::new(SymbolKind::CLASS, name_span, span_of(whole));
        if whole == node {
            declaration.span.start = head(node);
        }
        declaration.body = body.map(tree::span);
        declaration.visibility = visibility;
        declaration.doc = self.take_doc();
        let mut values = Vec::new();
        let mut holders = vec![whole];
        if whole != node {
            holders.push(node);
        }
        for holder in holders {
            let decorators = tree::children(holder).into_iter().filter(|child| child.kind() == "decorator");
            for decorator in decorators {
                declaration.attributes.push(self.decorator_text(decorator));
                values.extend(decorator.named_child(0).map(|value| self.expr(value)));
            }
        }
        let symbol = self.writer.declare_named(text.unwrap_or("default"), declaration);
        let bases = self.bases(node, &mut values);
        let bases = self.writer.list(&bases);
        self.writer.set_detail(symbol, ItemDetail::Class { generics: Generics::default(), bases });
        self.writer.enter(symbol);
        let closures = std::mem::take(&mut self.closures);
        let has_this = std::mem::replace(&mut self.has_this, true);
        if let Some(body) = body {
            self.deeper(|walk| walk.class_body(body, &mut values));
        }
        let root = self.sequence(tree::start(node), &values);
        self.writer.body(symbol, root);
        self.has_this = has_this;
        self.closures = closures;
        self.writer.leave();
        text
    }

    /// What a class is derived from: classes, then interfaces.
    fn bases(&mut self, node: Node<'_>, values: &mut Vec<ExprIdx>) -> Vec<u32> {
        let heritage = tree::children(node).into_iter().find(|child| child.kind() == "class_heritage");
        let mut bases = Vec::new();
        let mut add = |walk: &mut Self, base: Node<'_>| match walk.ty(base) {
            Some(ty) => bases.push(ty.0),
            None => values.push(walk.expr(base)),
        };
        for clause in heritage.map(tree::children).unwrap_or_default() {
            match clause.kind() {
                "extends_clause" => {
                    if let Some(base) = clause.child_by_field_name("value") {
                        add(self, base);
                    }
                }
                "implements_clause" => tree::children(clause).into_iter().for_each(|base| add(self, base)),
                _ => add(self, clause),
            }
        }
        bases
    }

    fn class_body(&mut self, body: Node<'_>, values: &mut Vec<ExprIdx>) {
        let mut attributes = Vec::new();
        for (member, doc) in self.documented(body) {
            if member.kind() == "decorator" {
                attributes.push(self.decorator_text(member));
                values.extend(member.named_child(0).map(|value| self.expr(value)));
                continue;
            }
            let mut own = std::mem::take(&mut attributes);
            for decorator in tree::children(member).into_iter().filter(|child| child.kind() == "decorator") {
                own.push(self.decorator_text(decorator));
                values.extend(decorator.named_child(0).map(|value| self.expr(value)));
            }
            self.hold_doc(doc);
            self.member(member, own, values);
        }
    }

    /// A member of a class.
    fn member(&mut self, member: Node<'_>, attributes: Vec<String>, values: &mut Vec<ExprIdx>) {
        let name = member.child_by_field_name("name").or_else(|| member.child_by_field_name("property"));
        match (member.kind(), name) {
            ("class_static_block", _) => {
                let body = member.child_by_field_name("body");
                values.extend(body.map(|body| self.suite(body, tree::start(body))));
            }
            ("method_definition" | "method_signature" | "abstract_method_signature", Some(name)) => {
                if name.kind() == "computed_property_name" {
                    values.extend(name.named_child(0).map(|value| self.expr(value)));
                }
                let text = member_name(self.text_of(name));
                if text == "constructor" {
                    self.parameter_properties(member);
                }
                self.method(text, name, member, member, attributes);
            }
            ("field_definition" | "public_field_definition", Some(name)) => {
                let value = member.child_by_field_name("value");
                let inner = value.map(unwrapped).filter(|value| is_function(value.kind()));
                let text = member_name(self.text_of(name));
                if let Some(function) = inner {
                    self.method(text, name, function, member, attributes);
                    return;
                }
                let ty = match member.child_by_field_name("type") {
                    Some(ty) => self.ty(ty),
                    None => value.and_then(|value| self.constructed(value)),
                };
                self.field(name, member, value, attributes, ty);
                values.extend(value.map(|value| self.expr(value)));
            }
            _ => {}
        }
    }

    fn method(
        &mut self,
        text: &str,
        name: Node<'_>,
        function: Node<'_>,
        whole: Node<'_>,
        attributes: Vec<String>,
    ) {
        let self_kind = if self.has_word(whole, "static") { SelfKind::Ref } else { SelfKind::Value };
        let visibility = self.member_visibility(text, whole);
        let kind = SymbolKind::METHOD;
        self.function(Function { text, name, function, whole, kind, visibility, attributes, self_kind });
    }

    /// What a member is for others, by its modifier or its `#`.
    fn member_visibility(&self, text: &str, member: Node<'_>) -> Visibility {
        let modifiers =
            tree::children(member).into_iter().filter(|child| child.kind() == "accessibility_modifier");
        let modifier = modifiers.map(|child| self.text_of(child)).next();
        match modifier {
            Some("private") => Visibility::Private,
            Some("protected") => Visibility::Restricted,
            _ if text.starts_with('#') => Visibility::Private,
            _ => Visibility::Public,
        }
    }

    fn field(
        &mut self,
        name: Node<'_>,
        member: Node<'_>,
        value: Option<Node<'_>>,
        attributes: Vec<String>,
        ty: Option<TypeIdx>,
    ) {
        let text = member_name(self.text_of(name));
        let mut declaration = Declaration::new(SymbolKind::FIELD, tree::span(name), span_of(member));
        declaration.visibility = self.member_visibility(text, member);
        declaration.doc = self.take_doc();
        declaration.attributes = attributes;
        declaration.body = value.filter(is_long).map(tree::span);
        let symbol = self.writer.declare_named(text, declaration);
        self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
    }

    /// The fields that a constructor declares: `constructor(private name: Type)`.
    fn parameter_properties(&mut self, constructor: Node<'_>) {
        let doc = self.take_doc();
        let params = constructor.child_by_field_name("parameters").map(tree::children).unwrap_or_default();
        for param in params {
            let is_property = tree::children(param)
                .iter()
                .any(|child| matches!(child.kind(), "accessibility_modifier" | "override_modifier"))
                || self.has_word(param, "readonly");
            let name = param.child_by_field_name("pattern").filter(|name| name.kind() == "identifier");
            if let (true, Some(name)) = (is_property, name) {
                let ty = param.child_by_field_name("type").and_then(|ty| self.ty(ty));
                self.field(name, param, None, Vec::new(), ty);
            }
        }
        self.doc = doc;
    }

    /// A field that a method gives to its class: `this.name = …`.
    pub(super) fn given_field(&mut self, name: Node<'_>, assignment: Node<'_>, ty: Option<TypeIdx>) {
        let Some(method) = self.writer.around().filter(|_| self.has_this) else { return };
        let Some(class) = self.writer.symbol(method).parent else { return };
        let is_class = self.writer.symbol(class).kind == SymbolKind::CLASS;
        let text = self.text_of(name);
        if !is_class || self.writer.has_member(class, text) {
            return;
        }
        let mut declaration = Declaration::new(SymbolKind::FIELD, tree::span(name), tree::span(assignment));
        declaration.body = assignment.child_by_field_name("right").filter(is_long).map(tree::span);
        if text.starts_with('#') {
            declaration.visibility = Visibility::Private;
        }
        let symbol = self.writer.declare_inside(class, declaration);
        self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
    }

    pub(super) fn interface(&mut self, node: Node<'_>, export: Option<Node<'_>>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let body = node.child_by_field_name("body");
        let visibility = self.visibility(self.text_of(name), export);
        let whole = export.unwrap_or(node);
        let symbol = self.declare_block(SymbolKind::TRAIT, name, whole, body, visibility.clone());
        if export.is_some_and(|export| self.has_word(export, "default")) {
            self.export_as(tree::start(name), self.text_of(name), "default");
        }
        let mut supertraits: Vec<u32> = Vec::new();
        for clause in tree::children(node).into_iter().filter(|child| child.kind() == "extends_type_clause") {
            for base in tree::children(clause) {
                supertraits.extend(self.ty(base).map(|ty| ty.0));
            }
        }
        let supertraits = self.writer.list(&supertraits);
        self.writer.set_detail(symbol, ItemDetail::Trait { generics: Generics::default(), supertraits });
        let members = body.map(|body| self.documented(body)).unwrap_or_default();
        self.writer.enter(symbol);
        for (member, doc) in members {
            self.hold_doc(doc);
            self.interface_member(member, visibility.clone());
        }
        self.writer.leave();
    }

    fn interface_member(&mut self, member: Node<'_>, visibility: Visibility) -> Option<SymbolIdx> {
        let name = member.child_by_field_name("name")?;
        let text = member_name(self.text_of(name));
        let kind = match member.kind() {
            "method_signature" => SymbolKind::METHOD,
            "property_signature" => SymbolKind::FIELD,
            _ => return None,
        };
        let mut declaration = Declaration::new(kind.clone(), tree::span(name), tree::span(member));
        declaration.visibility = visibility;
        declaration.doc = self.take_doc();
        let symbol = self.writer.declare_named(text, declaration);
        let detail = if kind == SymbolKind::METHOD {
            let result = member.child_by_field_name("return_type").and_then(|node| self.ty(node));
            let detail = FunctionDetail { self_kind: SelfKind::Value, result, ..FunctionDetail::default() };
            ItemDetail::Function(Box::new(detail))
        } else {
            let ty = member.child_by_field_name("type").and_then(|ty| self.ty(ty));
            ItemDetail::Field(ty.unwrap_or_else(|| self.writer.ty(tree::start(name), TypeKind::Unknown)))
        };
        self.writer.set_detail(symbol, detail);
        Some(symbol)
    }
}
