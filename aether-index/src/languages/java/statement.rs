//! Statements.

use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// A block of some statements.
    pub(super) fn sequence(&mut self, at: u32, statements: &[ExprIdx]) -> ExprIdx {
        let statements = self.writer.expr_list(statements);
        self.writer
            .expr(at, ExprKind::Block { statements, tail: None, scope: None, flavour: BlockFlavour::Plain })
    }

    pub(super) fn block(&mut self, node: Node<'_>) -> ExprIdx {
        let mut read = Vec::new();
        self.each_documented(node, |walk, statement, doc| {
            if !walk.deeper(|walk| walk.declaration(statement, doc)).unwrap_or(true) {
                read.extend(walk.statement(statement));
            }
        });
        self.sequence(tree::start(node), &read)
    }

    /// Reads a statement; `None` when it evaluates nothing.
    pub(super) fn statement(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        if self.is_full() {
            return None;
        }
        self.deeper(|walk| walk.statement_inside(node)).flatten()
    }

    fn statement_inside(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        let at = tree::start(node);
        match node.kind() {
            "block" | "constructor_body" => Some(self.block(node)),
            "local_variable_declaration" => self.locals(node),
            "enhanced_for_statement" => {
                let value = node.child_by_field_name("value").map(|value| self.expr(value));
                let ty = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
                let name = node.child_by_field_name("name");
                let bound = name.map(|name| self.declared(name, ty, None));
                let body = node.child_by_field_name("body").and_then(|body| self.statement(body));
                let parts: Vec<ExprIdx> = value.into_iter().chain(bound).chain(body).collect();
                Some(self.sequence(at, &parts))
            }
            "catch_clause" => {
                let param =
                    tree::children(node).into_iter().find(|part| part.kind() == "catch_formal_parameter");
                let bound = param.and_then(|param| {
                    let ty = tree::children(param).into_iter().find(|part| part.kind() == "catch_type");
                    let ty = ty.and_then(|ty| self.ty(ty));
                    Some(self.declared(param.child_by_field_name("name")?, ty, None))
                });
                let body = node.child_by_field_name("body").map(|body| self.block(body));
                let parts: Vec<ExprIdx> = bound.into_iter().chain(body).collect();
                Some(self.sequence(at, &parts))
            }
            "resource" => {
                let init = node.child_by_field_name("value").map(|value| self.expr(value));
                let ty = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
                match node.child_by_field_name("name") {
                    Some(name) => Some(self.declared(name, ty, init)),
                    None => Some(self.list_of(node)),
                }
            }
            "explicit_constructor_invocation" => {
                let constructor = node.child_by_field_name("constructor")?;
                let receiver =
                    self.writer.path_expr(&[(self.text_of(constructor), tree::start(constructor))]);
                let args = self.arguments(node.child_by_field_name("arguments"));
                let name = self.writer.name("<init>");
                let kind = ExprKind::MethodCall { receiver, name, type_args: Default::default(), args };
                Some(self.writer.expr(tree::start(constructor), kind))
            }
            "return_statement" | "yield_statement" => {
                let value = tree::children(node).first().map(|value| self.expr(*value));
                Some(self.writer.expr(at, ExprKind::Return(value)))
            }
            "expression_statement" => tree::children(node).first().map(|value| self.expr(*value)),
            "switch_label" => {
                let mut parts = Vec::new();
                for part in tree::children(node) {
                    match part.kind() {
                        "pattern" => parts.extend(self.pattern(part)),
                        // The names of variants are those of what is switched on.
                        "identifier" => {}
                        _ => parts.push(self.expr(part)),
                    }
                }
                Some(self.sequence(at, &parts))
            }
            "break_statement" | "continue_statement" | ";" | "import_declaration" | "package_declaration" => {
                None
            }
            "labeled_statement" => {
                let body = tree::children(node).into_iter().nth(1)?;
                self.statement(body)
            }
            kind if kind.ends_with("_declaration") => {
                self.declaration(node, String::new());
                None
            }
            // `if`, `while`, `for`, `try`, `switch`, `synchronized`: what is in them, in order.
            kind if kind.ends_with("_statement")
                || kind.ends_with("_clause")
                || matches!(
                    kind,
                    "switch_block"
                        | "switch_rule"
                        | "switch_block_statement_group"
                        | "resource_specification"
                        | "static_initializer"
                        | "ERROR"
                ) =>
            {
                let parts: Vec<ExprIdx> =
                    tree::children(node).into_iter().filter_map(|part| self.statement(part)).collect();
                Some(self.sequence(at, &parts))
            }
            _ => Some(self.expr(node)),
        }
    }

    /// Variables that a statement declares.
    fn locals(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        let ty = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
        let mut cursor = node.walk();
        let declarators: Vec<Node<'_>> = node.children_by_field_name("declarator", &mut cursor).collect();
        let mut bound = Vec::new();
        for declarator in declarators {
            let init = declarator.child_by_field_name("value").map(|value| self.expr(value));
            let is_array = declarator.child_by_field_name("dimensions").is_some();
            let ty = ty.filter(|_| !is_array);
            let Some(name) = declarator.child_by_field_name("name") else { continue };
            bound.push(self.declared(name, ty, init));
        }
        match bound[..] {
            [] => None,
            [only] => Some(only),
            _ => Some(self.sequence(tree::start(node), &bound)),
        }
    }
}
