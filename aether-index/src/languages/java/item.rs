//! Packages, imports and classes.

use aether_core::base::ByteSpan;
use aether_core::code::facts::{Generics, ImportKind, ItemDetail, PatKind, TypeIdx, TypeKind};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::{ClassAround, ClassForm, Walk, tree};
use crate::facts::{Declaration, collapse};

/// What stands in front of a declaration.
pub(super) struct Head {
    /// First byte behind the annotations that come first.
    pub(super) start: u32,
    pub(super) visibility: Visibility,
    pub(super) annotations: Vec<String>,
    pub(super) is_static: bool,
    pub(super) is_final: bool,
}

impl Head {
    /// Whether an annotation of one of some names is there.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.annotations.iter().any(|text| {
            let name = text.split('(').next().unwrap_or("").rsplit('.').next().unwrap_or("");
            names.contains(&name.trim())
        })
    }
}

impl<'t> Walk<'t> {
    /// Notes the package of the file. Documentation in front of it is that of the file.
    pub(super) fn package(&mut self, node: Node<'_>, doc: String) {
        let mut names = Vec::new();
        for part in tree::children(node) {
            self.names_of(part, &mut names);
        }
        let names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
        self.writer.set_package(&names.join("."));
        if !doc.is_empty() {
            self.writer.set_file_doc(doc);
        }
    }

    pub(super) fn import(&mut self, node: Node<'_>) {
        let parts = tree::children(node);
        let Some(path) = parts.first() else { return };
        let mut names = Vec::new();
        self.names_of(*path, &mut names);
        let Some(&(last, at)) = names.last() else { return };
        let is_glob = parts.iter().any(|part| part.kind() == "asterisk");
        let segments: Vec<&str> = names.iter().map(|&(name, _)| name).collect();
        let kind = if is_glob { ImportKind::Glob } else { ImportKind::Name(self.writer.name(last)) };
        self.writer.import(at, true, &segments, kind, Visibility::Private);
    }

    /// Reads a declaration; `false` when the node is none.
    pub(super) fn declaration(&mut self, node: Node<'_>, doc: String) -> bool {
        match node.kind() {
            "class_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "annotation_type_declaration" => self.class(node, doc),
            "method_declaration"
            | "constructor_declaration"
            | "compact_constructor_declaration"
            | "annotation_type_element_declaration" => self.method(node, doc),
            "field_declaration" | "constant_declaration" => self.fields(node, doc),
            _ => return false,
        }
        true
    }

    fn class(&mut self, node: Node<'_>, doc: String) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let body = node.child_by_field_name("body");
        let (kind, form) = match node.kind() {
            "interface_declaration" | "annotation_type_declaration" => {
                (SymbolKind::TRAIT, ClassForm::Interface)
            }
            "enum_declaration" => (SymbolKind::ENUM, ClassForm::Enum),
            _ => (SymbolKind::CLASS, ClassForm::Class),
        };
        let head = self.head(node);
        let span = ByteSpan::new(head.start, node.end_byte() as u32);
        let mut declaration = Declaration::new(kind, tree::span(name), span);
        declaration.body = body.map(tree::span);
        declaration.visibility = head.visibility;
        declaration.doc = doc;
        declaration.attributes = head.annotations;
        let symbol = self.writer.declare(declaration);
        let params = self.learn_type_params(node);
        let mut bases = Vec::new();
        for part in tree::children(node) {
            match part.kind() {
                "superclass" => bases.extend(self.ty(part)),
                "super_interfaces" | "extends_interfaces" => {
                    let types = tree::children(part).into_iter().flat_map(tree::children);
                    bases.extend(types.collect::<Vec<_>>().into_iter().filter_map(|ty| self.ty(ty)));
                }
                _ => {}
            }
        }
        let path = self.writer.path(&[(self.text_of(name), tree::start(name))]);
        let ty = self.writer.ty(tree::start(name), TypeKind::Path(path));
        self.set_bases(symbol, form, &bases);
        self.writer.enter(symbol);
        self.classes.push(ClassAround { symbol, ty, form });
        if let Some(params) = node.child_by_field_name("parameters") {
            self.components(params);
        }
        if let Some(body) = body {
            self.deeper(|walk| walk.members(body));
        }
        self.classes.pop();
        self.writer.leave();
        self.forget_type_params(params);
    }

    fn set_bases(&mut self, symbol: aether_core::code::facts::SymbolIdx, form: ClassForm, bases: &[TypeIdx]) {
        let bases: Vec<u32> = bases.iter().map(|base| base.0).collect();
        let bases = self.writer.list(&bases);
        let generics = Generics::default();
        let detail = match form {
            ClassForm::Interface => ItemDetail::Trait { generics, supertraits: bases },
            _ => ItemDetail::Class { generics, bases },
        };
        self.writer.set_detail(symbol, detail);
    }

    /// The class without a name that stands behind `new Base(…)`.
    pub(super) fn anonymous(&mut self, base: Node<'_>, body: Node<'_>) {
        let span = ByteSpan::new(tree::start(base), body.end_byte() as u32);
        let mut declaration = Declaration::new(SymbolKind::CLASS, tree::span(base), span);
        declaration.body = Some(tree::span(body));
        declaration.visibility = Visibility::Private;
        let symbol = self.writer.declare_named("<anonymous>", declaration);
        let bases: Vec<TypeIdx> = self.ty(base).into_iter().collect();
        self.set_bases(symbol, ClassForm::Class, &bases);
        let ty =
            bases.first().copied().unwrap_or_else(|| self.writer.ty(tree::start(base), TypeKind::Unknown));
        self.writer.enter(symbol);
        self.classes.push(ClassAround { symbol, ty, form: ClassForm::Class });
        self.deeper(|walk| walk.members(body));
        self.classes.pop();
        self.writer.leave();
    }

    /// What the components of a record are called, and their types.
    fn components(&mut self, params: Node<'_>) {
        for param in tree::children(params) {
            let (Some(name), ty) = self.parameter_parts(param) else { continue };
            let mut declaration = Declaration::new(SymbolKind::FIELD, tree::span(name), tree::span(param));
            declaration.visibility = Visibility::Private;
            let symbol = self.writer.declare(declaration);
            let ty = ty.and_then(|ty| self.ty(ty));
            self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
        }
    }

    /// The name and the type of a parameter.
    pub(super) fn parameter_parts<'n>(&self, param: Node<'n>) -> (Option<Node<'n>>, Option<Node<'n>>) {
        if param.kind() == "spread_parameter" {
            let parts = tree::children(param);
            let name = parts.iter().find(|part| part.kind() == "variable_declarator");
            let ty = parts.iter().find(|part| {
                !matches!(
                    part.kind(),
                    "modifiers" | "variable_declarator" | "annotation" | "marker_annotation"
                )
            });
            return (name.and_then(|name| name.child_by_field_name("name")), ty.copied());
        }
        (param.child_by_field_name("name"), param.child_by_field_name("type"))
    }

    /// Reads what stands in front of a declaration.
    pub(super) fn head(&self, node: Node<'_>) -> Head {
        let form = self.classes.last().map(|class| class.form);
        let mut head = Head {
            start: tree::start(node),
            visibility: match form {
                Some(ClassForm::Interface) => Visibility::Public,
                _ => Visibility::Crate,
            },
            annotations: Vec::new(),
            is_static: false,
            is_final: false,
        };
        let mut cursor = node.walk();
        let modifiers = node.children(&mut cursor).find(|child| child.kind() == "modifiers");
        let Some(modifiers) = modifiers else { return head };
        let mut cursor = modifiers.walk();
        let mut start = None;
        for part in modifiers.children(&mut cursor) {
            match part.kind() {
                "annotation" | "marker_annotation" => {
                    let text = self.text_of(part).trim_start_matches('@').trim_start();
                    head.annotations.push(collapse(text));
                    continue;
                }
                "line_comment" | "block_comment" => continue,
                "public" => head.visibility = Visibility::Public,
                "protected" => head.visibility = Visibility::Restricted,
                "private" => head.visibility = Visibility::Private,
                "static" => head.is_static = true,
                "final" => head.is_final = true,
                _ => {}
            }
            start = start.or(Some(tree::start(part)));
        }
        let mut next = modifiers.next_sibling();
        while let Some(behind) = next.filter(|next| next.is_extra()) {
            next = behind.next_sibling();
        }
        head.start = start.or_else(|| next.map(tree::start)).unwrap_or(head.start);
        head
    }

    /// A variant of an enumeration; its class body may override methods.
    pub(super) fn variant(&mut self, node: Node<'_>, doc: String) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let body = node.child_by_field_name("body");
        let head = self.head(node);
        let span = ByteSpan::new(head.start, node.end_byte() as u32);
        let mut declaration = Declaration::new(SymbolKind::VARIANT, tree::span(name), span);
        declaration.body = body.map(tree::span);
        declaration.visibility = Visibility::Public;
        declaration.doc = doc;
        declaration.attributes = head.annotations;
        let around = self.classes.last().copied();
        if let Some(around) = around {
            declaration.visibility = self.writer.symbol(around.symbol).visibility.clone();
        }
        let symbol = self.writer.declare(declaration);
        self.writer.enter(symbol);
        let arguments = node.child_by_field_name("arguments").map(|list| self.arguments(Some(list)));
        let index = match (arguments, around) {
            (Some(args), Some(class)) => {
                // A variant with arguments calls the constructor of its enumeration.
                let text = self.writer.symbol(class.symbol).name_span.slice(self.text).unwrap_or("");
                let callee = self.writer.path_expr(&[(text, tree::start(name))]);
                let kind = aether_core::code::facts::ExprKind::Call(callee, args);
                let call = self.writer.expr(tree::start(name), kind);
                Some(self.writer.body(symbol, call))
            }
            _ => None,
        };
        if let Some(body) = body {
            self.deeper(|walk| walk.members(body));
        }
        self.writer.leave();
        let ty = around.map(|class| class.ty);
        self.writer.set_detail(symbol, ItemDetail::Value { ty, body: index });
    }

    /// A name without a place of its own.
    pub(super) fn unnamed(&mut self, at: u32) -> aether_core::code::facts::PatIdx {
        self.writer.pat(at, PatKind::Wild)
    }
}
