//! Functions, variables, enumerations, aliases and namespaces.

use aether_core::base::ByteSpan;
use aether_core::code::facts::{
    ExprIdx, ExprKind, FunctionDetail, Generics, ItemDetail, List, ParamFact, PatKind, SelfKind, TypeIdx,
    TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::doc::head;
use super::{Walk, tree};
use crate::facts::{Declaration, collapse};

/// A function as it is found.
pub(super) struct Function<'n, 't> {
    pub(super) text: &'t str,
    pub(super) name: Node<'n>,
    /// What has the parameters and the body.
    pub(super) function: Node<'n>,
    /// The whole declaration.
    pub(super) whole: Node<'n>,
    pub(super) kind: SymbolKind,
    pub(super) visibility: Visibility,
    pub(super) attributes: Vec<String>,
    pub(super) self_kind: SelfKind,
}

/// Whether an expression is a function.
pub(super) fn is_function(kind: &str) -> bool {
    matches!(kind, "arrow_function" | "function_expression" | "generator_function")
}

/// The name of a member, without the quotes that it may have.
pub(super) fn member_name(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

/// The bytes of a declaration without its decorators.
pub(super) fn span_of(whole: Node<'_>) -> ByteSpan {
    ByteSpan::new(head(whole), whole.end_byte() as u32)
}

impl<'t> Walk<'t> {
    /// What a declaration is for others.
    pub(super) fn visibility(&self, text: &str, export: Option<Node<'_>>) -> Visibility {
        let is_listed = self.writer.around().is_none() && self.closures == 0 && self.exported.contains(text);
        if export.is_some() || is_listed || self.is_ambient {
            Visibility::Public
        } else {
            Visibility::Private
        }
    }

    /// Declares a function, and reads its body.
    pub(super) fn function(&mut self, item: Function<'_, '_>) {
        let Function { text, name, function, whole, kind, visibility, attributes, self_kind } = item;
        let body = function.child_by_field_name("body");
        let mut declaration = Declaration::new(kind, tree::span(name), span_of(whole));
        declaration.body = body.map(tree::span);
        declaration.visibility = visibility;
        declaration.doc = self.take_doc();
        declaration.attributes = attributes;
        let symbol = self.writer.declare_named(text, declaration);
        let is_async = self.has_word(function, "async");
        let (closures, ambient) = (self.closures, self.is_ambient);
        self.closures = 0;
        self.is_ambient = false;
        let has_this = self.has_this;
        self.has_this = self_kind != SelfKind::None || (has_this && function.kind() == "arrow_function");
        self.writer.enter(symbol);
        let outer = self.writer.open_scope();
        let mut params = Vec::new();
        if self_kind != SelfKind::None {
            let at = tree::start(name);
            let this = self.writer.name("this");
            let pat = self.writer.pat(at, PatKind::Bind(this, None));
            let ty = self.writer.ty(at, TypeKind::Unknown);
            params.push(ParamFact { pat, ty });
        }
        let mut defaults = Vec::new();
        self.parameters(function, &mut params, &mut defaults);
        let result = function.child_by_field_name("return_type").and_then(|node| self.ty(node));
        let root = match body {
            Some(body) => self.deeper(|walk| walk.function_body(body)),
            None => None,
        };
        let root = match (root, defaults.is_empty()) {
            (Some(root), false) => {
                defaults.push(root);
                Some(self.sequence(tree::start(function), &defaults))
            }
            (root, _) => root,
        };
        let body = root.map(|root| self.writer.body(symbol, root));
        self.writer.close_scope(outer);
        self.writer.leave();
        self.has_this = has_this;
        self.closures = closures;
        self.is_ambient = ambient;
        let detail =
            FunctionDetail { self_kind, params, result, is_async, body, ..FunctionDetail::default() };
        self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
    }

    /// A function that is no member.
    pub(super) fn function_named(
        &mut self,
        text: &str,
        name: Node<'_>,
        function: Node<'_>,
        whole: Node<'_>,
        visibility: Visibility,
    ) {
        self.function(Function {
            text,
            name,
            function,
            whole,
            kind: SymbolKind::FUNCTION,
            visibility,
            attributes: Vec::new(),
            self_kind: SelfKind::None,
        });
    }

    /// The body of a function: a block, or an expression that it gives back.
    pub(super) fn function_body(&mut self, body: Node<'_>) -> ExprIdx {
        match body.kind() {
            "statement_block" => self.suite(body, tree::start(body)),
            _ => self.expr(body),
        }
    }

    /// Whether one of the first words of a node is `word`.
    pub(super) fn has_word(&self, node: Node<'_>, word: &str) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| child.kind() == word)
    }

    /// The parameters of a function, and what their defaults do.
    fn parameters(&mut self, function: Node<'_>, params: &mut Vec<ParamFact>, defaults: &mut Vec<ExprIdx>) {
        for (pattern, ty, default) in parameter_parts(function) {
            let at = tree::start(pattern);
            // `this: Type` is no parameter.
            if pattern.kind() == "this" {
                continue;
            }
            if let Some(default) = default {
                defaults.push(self.expr(default));
            }
            let ty = match (ty, default) {
                (Some(ty), _) => self.ty(ty),
                (None, Some(default)) => self.constructed(default),
                (None, None) => None,
            };
            let ty = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
            let pat = self.pattern(pattern, defaults);
            params.push(ParamFact { pat, ty });
        }
    }

    /// The parameters of a closure as it holds them: patterns and types in turn.
    pub(super) fn closure_parameters(&mut self, function: Node<'_>, values: &mut Vec<ExprIdx>) -> List {
        let mut list: Vec<u32> = Vec::new();
        for (pattern, ty, default) in parameter_parts(function) {
            if let Some(default) = default {
                values.push(self.expr(default));
            }
            let ty = ty.and_then(|ty| self.ty(ty));
            let pat = self.pattern(pattern, values);
            list.extend([pat.0, ty.map_or(u32::MAX, |ty| ty.0)]);
        }
        self.writer.list(&list)
    }

    /// `const`, `let` and `var`: variables of a module are symbols, and functions everywhere.
    pub(super) fn variables(&mut self, node: Node<'_>, export: Option<Node<'_>>) -> Option<ExprIdx> {
        let declarators: Vec<Node<'_>> =
            tree::children(node).into_iter().filter(|child| child.kind() == "variable_declarator").collect();
        let is_constant = self.has_word(node, "const");
        let kind = if is_constant { SymbolKind::CONSTANT } else { SymbolKind::VARIABLE };
        let is_only = declarators.len() == 1;
        let mut values = Vec::new();
        for declarator in declarators {
            let whole = if is_only { export.unwrap_or(node) } else { declarator };
            values.extend(self.variable(declarator, whole, &kind, export));
        }
        match values[..] {
            [] => None,
            [only] => Some(only),
            _ => Some(self.sequence(tree::start(node), &values)),
        }
    }

    fn variable(
        &mut self,
        declarator: Node<'_>,
        whole: Node<'_>,
        kind: &SymbolKind,
        export: Option<Node<'_>>,
    ) -> Option<ExprIdx> {
        let name = declarator.child_by_field_name("name")?;
        let value = declarator.child_by_field_name("value");
        let annotation = declarator.child_by_field_name("type");
        if let Some(value) = value
            && self.require(name, value)
        {
            return None;
        }
        let text = self.text_of(name);
        let visibility = self.visibility(text, export);
        if name.kind() == "identifier"
            && let Some(value) = value
        {
            let inner = unwrapped(value);
            if is_function(inner.kind()) {
                self.function_named(text, name, inner, whole, visibility);
                return None;
            }
            if inner.kind() == "class" {
                self.class_of(inner, Some(name), whole, visibility);
                return None;
            }
            if inner.kind() == "object" && annotation.is_none() && self.is_module_level() {
                return self.object(text, name, inner, whole, kind.clone(), visibility);
            }
        }
        let ty = annotation.and_then(|ty| self.ty(ty));
        let made = ty.or_else(|| value.and_then(|value| self.constructed(value)));
        if self.is_module_level() {
            let doc = self.take_doc();
            for (number, bound) in self.bound_names(name).into_iter().enumerate() {
                let text = self.text_of(bound);
                let mut declaration = Declaration::new(kind.clone(), tree::span(bound), span_of(whole));
                declaration.visibility = self.visibility(text, export);
                if number == 0 {
                    declaration.doc.clone_from(&doc);
                }
                declaration.body = value.filter(is_long).map(tree::span);
                let symbol = self.writer.declare(declaration);
                let ty = made.filter(|_| bound == name);
                self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
            }
        }
        let mut values = Vec::new();
        let init = value.map(|value| self.expr(value));
        let pat = self.pattern(name, &mut values);
        values.push(self.writer.expr(tree::start(name), ExprKind::Let { pat, ty, init, otherwise: None }));
        Some(self.sequence(tree::start(declarator), &values))
    }

    /// Whether what is declared here is known in the whole module or namespace.
    fn is_module_level(&self) -> bool {
        let around = self.writer.around();
        self.closures == 0
            && around.is_none_or(|around| self.writer.symbol(around).kind == SymbolKind::MODULE)
    }

    /// The class of a value that is made where it is assigned, as a type: `new Name(…)`.
    pub(super) fn constructed(&mut self, value: Node<'_>) -> Option<TypeIdx> {
        let value = unwrapped(value);
        let class = value.child_by_field_name("constructor").filter(|_| value.kind() == "new_expression")?;
        self.ty(class)
    }

    pub(super) fn enumeration(&mut self, node: Node<'_>, export: Option<Node<'_>>) -> Option<ExprIdx> {
        let name = node.child_by_field_name("name")?;
        let body = node.child_by_field_name("body");
        let visibility = self.visibility(self.text_of(name), export);
        let symbol =
            self.declare_block(SymbolKind::ENUM, name, export.unwrap_or(node), body, visibility.clone());
        self.writer.set_detail(symbol, ItemDetail::Adt(Generics::default()));
        self.writer.enter(symbol);
        let mut values = Vec::new();
        let members = body.map(|body| self.documented(body)).unwrap_or_default();
        for (member, doc) in members {
            self.hold_doc(doc);
            let name = match member.kind() {
                "enum_assignment" => member.child_by_field_name("name"),
                _ => Some(member),
            };
            let Some(name) = name else { continue };
            let mut declaration = Declaration::new(SymbolKind::VARIANT, tree::span(name), tree::span(member));
            declaration.visibility = visibility.clone();
            declaration.doc = self.take_doc();
            self.writer.declare_named(member_name(self.text_of(name)), declaration);
            values.extend(member.child_by_field_name("value").map(|value| self.expr(value)));
        }
        self.writer.leave();
        (!values.is_empty()).then(|| self.sequence(tree::start(node), &values))
    }

    /// Declares something whose body is a block of declarations.
    pub(super) fn declare_block(
        &mut self,
        kind: SymbolKind,
        name: Node<'_>,
        whole: Node<'_>,
        body: Option<Node<'_>>,
        visibility: Visibility,
    ) -> aether_core::code::facts::SymbolIdx {
        let mut declaration = Declaration::new(kind, tree::span(name), span_of(whole));
        declaration.body = body.map(tree::span);
        declaration.visibility = visibility;
        declaration.doc = self.take_doc();
        self.writer.declare_named(member_name(self.text_of(name)), declaration)
    }

    pub(super) fn alias(&mut self, node: Node<'_>, export: Option<Node<'_>>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let mut declaration =
            Declaration::new(SymbolKind::TYPE, tree::span(name), span_of(export.unwrap_or(node)));
        declaration.visibility = self.visibility(self.text_of(name), export);
        declaration.doc = self.take_doc();
        let value = node.child_by_field_name("value");
        declaration.body = value.filter(is_long).map(tree::span);
        let symbol = self.writer.declare(declaration);
        self.writer.enter(symbol);
        let ty = value.and_then(|value| self.ty(value));
        self.writer.leave();
        let bounds = self.writer.list(&[]);
        self.writer.set_detail(symbol, ItemDetail::Alias { generics: Generics::default(), ty, bounds });
    }

    /// A namespace, or what is declared of a module outside.
    pub(super) fn namespace(&mut self, node: Node<'_>, export: Option<Node<'_>>) -> Option<ExprIdx> {
        let name = node.child_by_field_name("name")?;
        let body = node.child_by_field_name("body");
        let visibility = self.visibility(self.text_of(name), export);
        let symbol = self.declare_block(SymbolKind::MODULE, name, export.unwrap_or(node), body, visibility);
        let ambient = std::mem::replace(&mut self.is_ambient, name.kind() == "string");
        self.writer.enter(symbol);
        let outer = self.writer.open_scope();
        let root = body.and_then(|body| self.deeper(|walk| walk.suite(body, tree::start(body))));
        if let Some(root) = root {
            self.writer.body(symbol, root);
        }
        self.writer.close_scope(outer);
        self.writer.leave();
        self.is_ambient = ambient;
        None
    }

    /// Decorators, without their `@`.
    pub(super) fn decorator_text(&self, decorator: Node<'_>) -> String {
        collapse(self.text_of(decorator).trim_start_matches('@').trim())
    }
}

/// Patterns, types and defaults of the parameters of a function.
fn parameter_parts(function: Node<'_>) -> Vec<(Node<'_>, Option<Node<'_>>, Option<Node<'_>>)> {
    if let Some(only) = function.child_by_field_name("parameter") {
        return vec![(only, None, None)];
    }
    let params = function.child_by_field_name("parameters").map(tree::children).unwrap_or_default();
    params
        .into_iter()
        .filter_map(|param| match param.kind() {
            "required_parameter" | "optional_parameter" => Some((
                param.child_by_field_name("pattern").or_else(|| param.child_by_field_name("name"))?,
                param.child_by_field_name("type"),
                param.child_by_field_name("value"),
            )),
            "assignment_pattern" => {
                Some((param.child_by_field_name("left")?, None, param.child_by_field_name("right")))
            }
            _ => Some((param, None, None)),
        })
        .collect()
}

/// A value without what only the compiler reads.
pub(super) fn unwrapped(value: Node<'_>) -> Node<'_> {
    let mut inner = value;
    while matches!(
        inner.kind(),
        "parenthesized_expression" | "as_expression" | "satisfies_expression" | "non_null_expression"
    ) {
        match inner.named_child(0) {
            Some(child) => inner = child,
            None => break,
        }
    }
    inner
}

/// Whether a value is too long for a signature.
pub(super) fn is_long(value: &Node<'_>) -> bool {
    const LONGEST: usize = 120;
    value.byte_range().len() > LONGEST
}
