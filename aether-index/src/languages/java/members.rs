//! Methods, constructors, fields and initialisers.

use aether_core::base::ByteSpan;
use aether_core::code::SymbolKind;
use aether_core::code::facts::{FunctionDetail, ItemDetail, ParamFact, SelfKind, TypeKind};
use tree_sitter::Node;

use super::{ClassForm, Walk, tree};
use crate::facts::Declaration;

/// Annotations of methods that a test runner runs.
const TEST_ANNOTATIONS: [&str; 6] =
    ["Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "Property"];

impl Walk<'_> {
    /// Reads what the body of a class holds.
    pub(super) fn members(&mut self, body: Node<'_>) {
        let mut run = Vec::new();
        let outer = self.writer.open_scope();
        self.members_into(body, &mut run);
        // Initialisers run when the class is loaded, or when a value of it is made.
        if !run.is_empty()
            && let Some(class) = self.writer.around()
        {
            let root = self.sequence(tree::start(body), &run);
            self.writer.body(class, root);
        }
        self.writer.close_scope(outer);
    }

    fn members_into(&mut self, body: Node<'_>, run: &mut Vec<aether_core::code::facts::ExprIdx>) {
        self.each_documented(body, |walk, node, doc| match node.kind() {
            "enum_constant" => walk.variant(node, doc),
            "enum_body_declarations" => {
                walk.deeper(|walk| walk.members_into(node, run));
            }
            "block" | "static_initializer" => run.extend(walk.statement(node)),
            _ => {
                walk.deeper(|walk| walk.declaration(node, doc));
            }
        });
    }

    pub(super) fn method(&mut self, node: Node<'_>, doc: String) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let body = node.child_by_field_name("body");
        let class = self.classes.last().copied();
        let is_constructor = node.kind().ends_with("constructor_declaration");
        let head = self.head(node);
        let kind = match class {
            Some(_) if head.has(&TEST_ANNOTATIONS) || self.is_old_test(node, name) => SymbolKind::TEST,
            Some(_) => SymbolKind::METHOD,
            None => SymbolKind::FUNCTION,
        };
        let self_kind = if class.is_none() || is_constructor || head.is_static {
            SelfKind::None
        } else {
            SelfKind::Value
        };
        let span = ByteSpan::new(head.start, node.end_byte() as u32);
        let mut declaration = Declaration::new(kind, tree::span(name), span);
        declaration.body = body.map(tree::span);
        declaration.visibility = head.visibility;
        declaration.doc = doc;
        declaration.attributes = head.annotations;
        let symbol = match is_constructor {
            true => self.writer.declare_named("<init>", declaration),
            false => self.writer.declare(declaration),
        };
        let type_params = self.learn_type_params(node);
        let result = match class {
            Some(class) if is_constructor => Some(class.ty),
            _ => node.child_by_field_name("type").and_then(|ty| self.ty(ty)),
        };
        self.writer.enter(symbol);
        let outer = self.writer.open_scope();
        let own = node.child_by_field_name("parameters");
        // A short constructor of a record takes its components.
        let list = own.or_else(|| node.parent()?.parent()?.child_by_field_name("parameters"));
        let params = list.map(|list| self.parameters(list)).unwrap_or_default();
        let root = body.and_then(|body| self.deeper(|walk| walk.block(body)));
        let body = root.map(|root| self.writer.body(symbol, root));
        self.writer.close_scope(outer);
        self.writer.leave();
        self.forget_type_params(type_params);
        let detail = FunctionDetail { self_kind, params, result, body, ..FunctionDetail::default() };
        self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
    }

    /// Whether a method is a test as JUnit 3 has them: named so, in a class derived from `TestCase`.
    fn is_old_test(&self, method: Node<'_>, name: Node<'_>) -> bool {
        let is_plain =
            method.child_by_field_name("parameters").is_some_and(|list| list.named_child_count() == 0);
        let class = self.classes.last().map(|class| self.writer.symbol(class.symbol));
        is_plain
            && self.text_of(name).starts_with("test")
            && class.is_some_and(|class| class.signature.contains("TestCase"))
    }

    pub(super) fn parameters(&mut self, list: Node<'_>) -> Vec<ParamFact> {
        let mut params = Vec::new();
        for param in tree::children(list) {
            let (Some(name), ty) = self.parameter_parts(param) else { continue };
            let at = tree::start(name);
            let mut ty = ty.and_then(|ty| self.ty(ty));
            // `T... rest` takes any number, `T[] all` one.
            if param.kind() == "spread_parameter" {
                let inner = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
                ty = Some(self.writer.ty(at, TypeKind::Slice(inner)));
            } else if param.child_by_field_name("dimensions").is_some() {
                let inner = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
                ty = Some(self.writer.ty(at, TypeKind::Array(inner)));
            }
            let ty = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
            let pat = self.bound_name(name);
            params.push(ParamFact { pat, ty });
        }
        params
    }

    /// Fields that one declaration declares.
    pub(super) fn fields(&mut self, node: Node<'_>, doc: String) {
        let head = self.head(node);
        let is_interface = self.classes.last().is_some_and(|class| class.form == ClassForm::Interface);
        let kind = match (head.is_static && head.is_final) || is_interface {
            true => SymbolKind::CONSTANT,
            false => SymbolKind::FIELD,
        };
        let ty = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
        let span = ByteSpan::new(head.start, node.end_byte() as u32);
        let mut cursor = node.walk();
        let names: Vec<Node<'_>> = node.children_by_field_name("declarator", &mut cursor).collect();
        let is_only = names.len() == 1;
        for declarator in names {
            let Some(name) = declarator.child_by_field_name("name") else { continue };
            let value = declarator.child_by_field_name("value");
            let mut declaration = Declaration::new(kind.clone(), tree::span(name), span);
            declaration.body = value.filter(|_| is_only).map(tree::span);
            declaration.visibility = head.visibility.clone();
            declaration.doc.clone_from(&doc);
            declaration.attributes.clone_from(&head.annotations);
            let symbol = self.writer.declare(declaration);
            let own = match declarator.child_by_field_name("dimensions") {
                Some(_) => {
                    let at = tree::start(name);
                    let inner = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
                    Some(self.writer.ty(at, TypeKind::Array(inner)))
                }
                None => ty,
            };
            self.writer.enter(symbol);
            let body = value.map(|value| self.expr(value)).map(|root| self.writer.body(symbol, root));
            self.writer.leave();
            self.writer.set_detail(symbol, ItemDetail::Value { ty: own, body });
        }
    }
}
