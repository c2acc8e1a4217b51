//! Statements.

use aether_core::code::facts::{ExprIdx, ExprKind, PatKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// The statements of a body as one block.
    pub(super) fn suite(&mut self, node: Node<'_>, at: u32) -> ExprIdx {
        let mut read = Vec::new();
        for (statement, doc) in self.documented(node) {
            self.hold_doc(doc);
            read.extend(self.statement(statement));
        }
        self.doc.clear();
        self.sequence(at, &read)
    }

    /// Reads a statement; `None` when it evaluates nothing.
    pub(super) fn statement(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        self.deeper(|walk| walk.statement_inside(node)).flatten()
    }

    fn statement_inside(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        let at = tree::start(node);
        match node.kind() {
            "import_statement" => {
                self.import(node);
                None
            }
            "export_statement" => self.export(node),
            "expression_statement" => self.expression_statement(node),
            "return_statement" => {
                let value = node.named_child(0).map(|value| self.expr(value));
                Some(self.writer.expr(at, ExprKind::Return(value)))
            }
            "statement_block" => Some(self.nested(|walk| walk.suite(node, at))),
            "if_statement" => {
                let condition = node.child_by_field_name("condition").map(|node| self.expr(node));
                let then = node.child_by_field_name("consequence").and_then(|node| self.inner(node));
                let otherwise = node.child_by_field_name("alternative").and_then(|node| self.inner(node));
                let condition = condition.unwrap_or_else(|| self.nothing(at));
                let then = then.unwrap_or_else(|| self.nothing(at));
                Some(self.writer.expr(at, ExprKind::If(condition, then, otherwise)))
            }
            "for_in_statement" => {
                let value = node.child_by_field_name("right").map(|node| self.expr(node));
                let mut values = Vec::new();
                let pat = match node.child_by_field_name("left") {
                    Some(left) => self.pattern(left, &mut values),
                    None => self.writer.pat(at, PatKind::Wild),
                };
                let body = node.child_by_field_name("body").and_then(|node| self.inner(node));
                let value = value.unwrap_or_else(|| self.nothing(at));
                let body = body.unwrap_or_else(|| self.nothing(at));
                values.push(self.writer.expr(at, ExprKind::For(pat, value, body)));
                Some(self.sequence(at, &values))
            }
            "catch_clause" => {
                let mut values = Vec::new();
                if let Some(parameter) = node.child_by_field_name("parameter") {
                    let pat = self.pattern(parameter, &mut values);
                    let kind = ExprKind::Let { pat, ty: None, init: None, otherwise: None };
                    values.push(self.writer.expr(at, kind));
                }
                values.extend(node.child_by_field_name("body").and_then(|body| self.statement(body)));
                Some(self.sequence(at, &values))
            }
            "ambient_declaration" => self.ambient(node, None),
            "break_statement" | "continue_statement" | "empty_statement" | "debugger_statement"
            | "comment" | "hash_bang_line" | "decorator" => None,
            kind if is_declaration(kind) => self.declaration(node, None),
            // Loops, `switch`, `try`, `throw`, labels: what is in them, in order.
            kind if kind.ends_with("_statement") || kind.ends_with("_clause") || is_part(kind) => {
                Some(self.nested(|walk| walk.parts(node)))
            }
            _ => Some(self.expr(node)),
        }
    }

    /// A statement that stands in another one: what it declares is not of the module.
    fn inner(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        self.nested(|walk| walk.statement(node))
    }

    pub(super) fn nested<T>(&mut self, visit: impl FnOnce(&mut Self) -> T) -> T {
        self.closures += 1;
        let value = visit(self);
        self.closures -= 1;
        value
    }

    fn parts(&mut self, node: Node<'_>) -> ExprIdx {
        let mut parts = Vec::new();
        for child in tree::children(node) {
            if !matches!(child.kind(), "statement_identifier" | "type_annotation") {
                parts.extend(self.statement(child));
            }
        }
        self.sequence(tree::start(node), &parts)
    }

    fn expression_statement(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        let value = node.named_child(0)?;
        match value.kind() {
            "internal_module" => self.namespace(value, None),
            "assignment_expression" => {
                let left = value.child_by_field_name("left")?;
                let right = value.child_by_field_name("right")?;
                if let Some(name) = self.exported_name(left)
                    && let Some(done) = self.export_assignment(name, left, right, node)
                {
                    return done;
                }
                Some(self.expr(value))
            }
            _ => Some(self.expr(value)),
        }
    }

    /// A declaration, with the `export` around it if there is one.
    pub(super) fn declaration(&mut self, node: Node<'_>, export: Option<Node<'_>>) -> Option<ExprIdx> {
        let whole = export.unwrap_or(node);
        match node.kind() {
            "function_declaration" | "generator_function_declaration" | "function_signature" => {
                let name = node.child_by_field_name("name")?;
                let text = self.text_of(name);
                let visibility = self.visibility(text, export);
                self.function_named(text, name, node, whole, visibility);
                if export.is_some_and(|export| self.has_word(export, "default")) {
                    self.export_as(tree::start(name), text, "default");
                }
                None
            }
            "class_declaration" | "abstract_class_declaration" => {
                self.class(node, export);
                None
            }
            "lexical_declaration" | "variable_declaration" => self.variables(node, export),
            "interface_declaration" => {
                self.interface(node, export);
                None
            }
            "enum_declaration" => self.enumeration(node, export),
            "type_alias_declaration" => {
                self.alias(node, export);
                None
            }
            "internal_module" | "module" => self.namespace(node, export),
            "import_alias" => {
                self.import_alias(node);
                None
            }
            "ambient_declaration" => self.ambient(node, export),
            _ => Some(self.expr(node)),
        }
    }

    /// `declare …`, and `declare global { … }`.
    fn ambient(&mut self, node: Node<'_>, export: Option<Node<'_>>) -> Option<ExprIdx> {
        let inner = node.named_child(0)?;
        match inner.kind() {
            "statement_block" => {
                let ambient = std::mem::replace(&mut self.is_ambient, true);
                let read = self.suite(inner, tree::start(inner));
                self.is_ambient = ambient;
                Some(read)
            }
            _ => self.declaration(inner, export),
        }
    }
}

fn is_declaration(kind: &str) -> bool {
    kind.ends_with("_declaration")
        || matches!(kind, "function_signature" | "internal_module" | "module" | "import_alias")
}

/// Whether a node is a part of a statement that holds statements.
fn is_part(kind: &str) -> bool {
    matches!(kind, "switch_body" | "switch_case" | "switch_default")
}
