//! What stands outside of functions: namespaces, types, variables.

use aether_core::base::ByteSpan;
use aether_core::code::facts::{ExprIdx, Generics, ImportKind, ItemDetail, TypeIdx};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::name::MOST_PARTS;
use super::preprocessor::{is_condition, is_head};
use super::{Walk, tree};
use crate::facts::Declaration;

/// The name of a namespace that has none.
pub(super) const ANONYMOUS: &str = "(anonymous)";

/// A declaration with what belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Whole<'n, 'c> {
    /// The node that it spans: with the parameters of a template.
    pub(super) node: Node<'n>,
    pub(super) comments: &'c [Node<'n>],
}

impl<'t> Walk<'t> {
    /// Reads what a node holds; what it evaluates outside of functions goes to `read`.
    pub(super) fn items(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        for (child, comments) in self.documented(node) {
            if !is_head(node, child) {
                self.deeper(|walk| walk.item(child, Whole { node: child, comments: &comments }, read));
            }
        }
    }

    /// Reads an item. `whole` is what it spans.
    pub(super) fn item<'n>(&mut self, node: Node<'n>, whole: Whole<'n, '_>, read: &mut Vec<ExprIdx>) {
        match node.kind() {
            "preproc_include" => self.include(node),
            "preproc_def" | "preproc_function_def" => self.define(node, whole.comments),
            kind if is_condition(kind) => self.items(node, read),
            "ERROR" | "declaration_list" => self.items(node, read),
            "linkage_specification" => {
                let Some(body) = node.child_by_field_name("body") else { return };
                match body.kind() {
                    "declaration_list" => self.items(body, read),
                    _ => {
                        self.deeper(|walk| walk.item(body, Whole { node: body, ..whole }, read));
                    }
                }
            }
            "namespace_definition" => self.namespace(node, whole, read),
            "namespace_alias_definition" => self.namespace_alias(node),
            "using_declaration" => self.using(node),
            "template_declaration" => self.template(node, whole, read),
            "function_definition" => self.function(node, whole, read),
            "declaration" => self.declaration(node, whole, read),
            "type_definition" => self.type_definition(node, whole),
            "alias_declaration" => self.alias(node, whole),
            "class_specifier" | "struct_specifier" | "union_specifier" | "enum_specifier" => {
                self.type_specifier(node, Some(whole), None);
            }
            "friend_declaration" => {
                for child in
                    tree::children(node).into_iter().filter(|child| child.kind() == "function_definition")
                {
                    self.function(child, whole, read);
                }
            }
            "expression_statement" | "call_expression" => {
                let value = self.expr(node);
                read.push(value);
            }
            _ => {}
        }
    }

    fn namespace(&mut self, node: Node<'_>, whole: Whole<'_, '_>, read: &mut Vec<ExprIdx>) {
        let Some(body) = node.child_by_field_name("body") else { return };
        let mut names = Vec::new();
        let mut next = node.child_by_field_name("name");
        while let Some(name) = next {
            next = None;
            if name.kind() == "nested_namespace_specifier" {
                for part in tree::children(name) {
                    match part.kind() {
                        "nested_namespace_specifier" => next = Some(part),
                        _ => names.push(tree::span(part)),
                    }
                }
            } else {
                names.push(tree::span(name));
            }
        }
        names.truncate(MOST_PARTS);
        let was_hidden = self.is_hidden;
        let is_unnamed = names.is_empty();
        if is_unnamed {
            self.is_hidden = true;
            names.push(ByteSpan::new(tree::start(node), tree::start(node) + "namespace".len() as u32));
        }
        let count = names.len();
        for name in names {
            let mut declaration = Declaration::new(SymbolKind::MODULE, name, tree::span(whole.node));
            declaration.body = Some(tree::span(body));
            declaration.doc = self.doc(whole.comments);
            declaration.visibility = self.visibility(Visibility::Public);
            let symbol = match is_unnamed {
                true => self.writer.declare_named(ANONYMOUS, declaration),
                false => self.writer.declare(declaration),
            };
            self.writer.set_detail(symbol, ItemDetail::Module { scope: None, path: None });
            self.writer.enter(symbol);
        }
        self.items(body, read);
        for _ in 0..count {
            self.writer.leave();
        }
        self.is_hidden = was_hidden;
    }

    /// How far a declaration can be seen that would be seen as `otherwise` says.
    pub(super) fn visibility(&self, otherwise: Visibility) -> Visibility {
        match self.classes.last() {
            Some(class) => class.access.clone(),
            None if self.is_hidden => Visibility::Private,
            None => otherwise,
        }
    }

    /// `namespace a = b::c;`
    fn namespace_alias(&mut self, node: Node<'_>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let Some(of) = tree::children(node).into_iter().rfind(|child| *child != name) else { return };
        let text = self.text_of(of);
        let segments: Vec<&str> = text.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
        let known = self.writer.name(self.text_of(name));
        self.writer.import(tree::start(name), false, &segments, ImportKind::Name(known), Visibility::Private);
    }

    /// `using a::b;` and `using namespace a;`
    pub(super) fn using(&mut self, node: Node<'_>) {
        let Some(name) = tree::children(node).into_iter().last() else { return };
        let text = self.text_of(node).trim_start_matches("using").trim_start();
        let parts = self.parts(name);
        let segments: Vec<&str> = parts.iter().map(|&(part, _)| part).collect();
        let Some(&(last, at)) = parts.last() else { return };
        let kind = match text.starts_with("namespace") {
            true => ImportKind::Glob,
            // A member of a base that is made known in a class is found there anyway.
            false if !self.classes.is_empty() => return,
            false => ImportKind::Name(self.writer.name(last)),
        };
        self.writer.import(at, false, &segments, kind, Visibility::Private);
    }

    /// A declaration with parameters for types.
    pub(super) fn template<'n>(&mut self, node: Node<'n>, whole: Whole<'n, '_>, read: &mut Vec<ExprIdx>) {
        let known = self.type_parameters.len();
        for param in node.child_by_field_name("parameters").map(tree::children).unwrap_or_default() {
            let name = param
                .child_by_field_name("name")
                .or_else(|| tree::children(param).into_iter().rfind(|part| part.kind() == "type_identifier"));
            let is_type = param.kind().contains("type_parameter") || param.kind().contains("template");
            if let Some(name) = name.filter(|_| is_type) {
                self.type_parameters.push(self.text_of(name));
            }
        }
        for child in tree::children(node) {
            match child.kind() {
                "template_parameter_list" | "requires_clause" => {}
                "declaration" | "field_declaration" if !self.classes.is_empty() => {
                    self.deeper(|walk| walk.member(child, whole));
                }
                _ => {
                    self.deeper(|walk| walk.item(child, whole, read));
                }
            }
        }
        self.type_parameters.truncate(known);
    }

    /// Variables, functions that are defined elsewhere, and types that stand in front of them.
    fn declaration(&mut self, node: Node<'_>, whole: Whole<'_, '_>, read: &mut Vec<ExprIdx>) {
        let declarators = self.declarators(node);
        let written = self.written_type(node, &declarators, whole);
        let is_constant = self.has_word(node, "type_qualifier", &["const", "constexpr", "constinit"]);
        let is_external = self.has_word(node, "storage_class_specifier", &["extern"]);
        let otherwise = self.linkage(node);
        for declarator in declarators {
            let found = self.declarator(declarator);
            let Some(name) = found.name else { continue };
            if found.function.is_some() {
                self.declared_function(node, declarator, whole, otherwise.clone());
                continue;
            }
            if name.kind() == "qualified_identifier" && found.value.is_none() {
                continue;
            }
            let at = tree::start(name);
            let kind = match () {
                () if is_external && found.value.is_none() => SymbolKind::DECLARATION,
                () if is_constant && !found.is_pointer_to_function => SymbolKind::CONSTANT,
                () => SymbolKind::VARIABLE,
            };
            let last = self.last_of(name);
            let mut declaration = Declaration::new(kind, tree::span(last), tree::span(whole.node));
            // A long value is no signature.
            const LONGEST: usize = 120;
            let long = found.value.filter(|value| value.byte_range().len() > LONGEST);
            declaration.body = long.map(tree::span).or_else(|| body_in_front(node));
            declaration.visibility = self.visibility(otherwise.clone());
            declaration.doc = self.doc(whole.comments);
            let parts = self.parts(name);
            let entered = self.enter_holders(&parts, whole.node);
            let symbol = self.writer.declare(declaration);
            self.leave_holders(entered);
            let ty = if found.is_pointer_to_function { None } else { written };
            let ty = self.declared_type(ty, found.is_array, at);
            let body = found.value.map(|value| {
                let value = self.initial(value, node.child_by_field_name("type"));
                self.writer.body(symbol, value)
            });
            self.writer.set_detail(symbol, ItemDetail::Value { ty, body });
        }
        if let Some(value) = node.child_by_field_name("value") {
            let value = self.expr(value);
            read.push(value);
        }
    }

    /// How far what a declaration names can be seen outside of its file.
    pub(super) fn linkage(&self, node: Node<'_>) -> Visibility {
        match self.has_word(node, "storage_class_specifier", &["static"]) {
            true => Visibility::Private,
            false => Visibility::Public,
        }
    }

    /// The declarators of a declaration.
    pub(super) fn declarators<'n>(&self, node: Node<'n>) -> Vec<Node<'n>> {
        let mut cursor = node.walk();
        node.children_by_field_name("declarator", &mut cursor).filter(Node::is_named).collect()
    }

    /// Whether one of some words stands in front of what is declared.
    pub(super) fn has_word(&self, node: Node<'_>, kind: &str, words: &[&str]) -> bool {
        let mut cursor = node.walk();
        let mut children = node.named_children(&mut cursor);
        children.any(|child| child.kind() == kind && words.contains(&self.text_of(child)))
    }

    /// The type in front of some declarators; one that is made there is declared.
    pub(super) fn written_type<'n>(
        &mut self,
        node: Node<'n>,
        declarators: &[Node<'n>],
        whole: Whole<'n, '_>,
    ) -> Option<TypeIdx> {
        let ty = node.child_by_field_name("type")?;
        if ty.child_by_field_name("body").is_none() {
            return self.ty(ty);
        }
        let first = declarators.first().and_then(|&declarator| self.declarator(declarator).name);
        let of = if declarators.is_empty() { Some(whole) } else { None };
        self.type_specifier(ty, of.or(Some(Whole { node: ty, comments: whole.comments })), first)
    }

    /// `typedef`: each declarator is another name of a type.
    pub(super) fn type_definition(&mut self, node: Node<'_>, whole: Whole<'_, '_>) {
        let declarators = self.declarators(node);
        let written = self.written_type(node, &declarators, whole);
        for declarator in declarators {
            let found = self.declarator(declarator);
            let Some(name) = found.name else { continue };
            let ty = node.child_by_field_name("type");
            let own = ty.and_then(|ty| ty.child_by_field_name("name"));
            let is_made = ty.is_some_and(|ty| ty.child_by_field_name("body").is_some());
            // A type without a name is called by its first other one, and `typedef struct A A` says nothing.
            let says_nothing = match own {
                None => is_made && found.function.is_none() && self.is_named_by(name, node),
                Some(own) => self.text_of(own) == self.text_of(name),
            };
            if says_nothing {
                continue;
            }
            let is_function = found.function.is_some() || found.is_pointer_to_function;
            let ty = written.filter(|_| !is_function);
            let ty = self.declared_type(ty, found.is_array, tree::start(name));
            self.named_type(name, ty, whole, body_in_front(node));
        }
    }

    /// Whether a name is the first one of a definition of types.
    fn is_named_by(&self, name: Node<'_>, node: Node<'_>) -> bool {
        let first = self.declarators(node).first().copied();
        first.and_then(|first| self.declarator(first).name) == Some(name)
    }

    /// `using A = B;`
    pub(super) fn alias(&mut self, node: Node<'_>, whole: Whole<'_, '_>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let of = node.child_by_field_name("type");
        let ty = of.and_then(|of| self.ty(of));
        self.named_type(name, ty, whole, None);
    }

    fn named_type(
        &mut self,
        name: Node<'_>,
        ty: Option<TypeIdx>,
        whole: Whole<'_, '_>,
        body: Option<ByteSpan>,
    ) {
        let mut declaration = Declaration::new(SymbolKind::TYPE, tree::span(name), tree::span(whole.node));
        declaration.doc = self.doc(whole.comments);
        declaration.visibility = self.visibility(Visibility::Public);
        declaration.body = body;
        let symbol = self.writer.declare(declaration);
        let bounds = self.writer.list(&[]);
        self.writer.set_detail(symbol, ItemDetail::Alias { generics: Generics::default(), ty, bounds });
    }
}

/// The body of the type that stands in front of what is declared.
pub(super) fn body_in_front(node: Node<'_>) -> Option<ByteSpan> {
    node.child_by_field_name("type")?.child_by_field_name("body").map(tree::span)
}
