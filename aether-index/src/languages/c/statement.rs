//! Statements.

use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind, PatKind};
use tree_sitter::Node;

use super::item::Whole;
use super::preprocessor::{is_condition, is_head};
use super::{Walk, tree};

impl Walk<'_> {
    /// A block of some statements.
    pub(super) fn sequence(&mut self, at: u32, statements: &[ExprIdx]) -> ExprIdx {
        let statements = self.writer.expr_list(statements);
        let flavour = BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: None, scope: None, flavour })
    }

    /// The body of a function.
    pub(super) fn body(&mut self, node: Node<'_>) -> ExprIdx {
        let mut read = Vec::new();
        self.statement(node, &mut read);
        self.sequence(tree::start(node), &read)
    }

    /// Adds what a statement evaluates.
    pub(super) fn statement(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        if !self.is_full() {
            self.deeper(|walk| walk.statement_inside(node, read));
        }
    }

    fn statements(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        for child in tree::children(node) {
            if !is_head(node, child) {
                self.statement(child, read);
            }
        }
    }

    /// What some parts evaluate, with variables of their own.
    fn block(&mut self, node: Node<'_>) -> ExprIdx {
        let mut read = Vec::new();
        self.statements(node, &mut read);
        self.sequence(tree::start(node), &read)
    }

    fn statement_inside(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        match node.kind() {
            "compound_statement" => {
                let block = self.block(node);
                read.push(block);
            }
            "declaration" => self.locals(node, read),
            "for_range_loop" => self.range_loop(node, read),
            "return_statement" | "co_return_statement" => {
                let value = node.named_child(0).map(|value| self.expr(value));
                read.push(self.writer.expr(tree::start(node), ExprKind::Return(value)));
            }
            "function_definition"
            | "template_declaration"
            | "alias_declaration"
            | "type_definition"
            | "struct_specifier"
            | "class_specifier"
            | "union_specifier"
            | "enum_specifier"
            | "using_declaration"
            | "namespace_alias_definition"
            | "preproc_def"
            | "preproc_function_def"
            | "preproc_include" => self.item(node, Whole { node, comments: &[] }, read),
            "catch_clause" => self.catch(node, read),
            "break_statement"
            | "continue_statement"
            | "goto_statement"
            | "statement_identifier"
            | "preproc_call"
            | "static_assert_declaration"
            | "attribute_declaration"
            | "type_descriptor" => {}
            // `if`, `while`, `for`, `do`, `switch`: variables of their heads are known in all of their parts.
            "if_statement" | "while_statement" | "for_statement" | "do_statement" | "switch_statement"
            | "try_statement" | "seh_try_statement" => {
                let block = self.block(node);
                read.push(block);
            }
            kind if is_condition(kind)
                || kind.ends_with("_statement")
                || kind.ends_with("_clause")
                || matches!(kind, "ERROR" | "init_statement" | "declaration_list") =>
            {
                self.statements(node, read);
            }
            _ => {
                let value = self.expr(node);
                read.push(value);
            }
        }
    }

    /// Variables of a function.
    fn locals(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let declarators = self.declarators(node);
        let whole = Whole { node, comments: &[] };
        let ty_node = node.child_by_field_name("type");
        let written = self.written_type(node, &declarators, whole);
        // The variable of a condition has its value beside it.
        let beside = node.child_by_field_name("value").or_else(|| node.child_by_field_name("default_value"));
        for declarator in declarators {
            if declarator.kind() == "structured_binding_declarator" {
                self.bindings(declarator, beside, read);
                continue;
            }
            let inner = declarator.child_by_field_name("declarator");
            if let Some(inner) = inner.filter(|inner| inner.kind() == "structured_binding_declarator") {
                self.bindings(inner, declarator.child_by_field_name("value"), read);
                continue;
            }
            let found = self.declarator(declarator);
            let Some(name) = found.name else {
                read.extend(found.value.map(|value| self.expr(value)));
                continue;
            };
            let at = tree::start(name);
            let mut ty = if found.is_pointer_to_function { None } else { written };
            ty = self.declared_type(ty, found.is_array, at);
            let value = found.value.or(beside);
            let init = match (value, found.function) {
                (Some(value), _) => Some(self.initial(value, ty_node)),
                // `A a(b);` reads like a function that takes a `b`.
                (None, Some(function)) if self.is_cpp() => self.made_by_names(function, ty_node),
                (None, Some(_)) => continue,
                (None, None) => None,
            };
            let pat = self.variable_pattern(Some(name), at, false);
            read.push(self.writer.expr(at, ExprKind::Let { pat, ty, init, otherwise: None }));
        }
    }

    /// `auto [a, b] = value;`
    fn bindings(&mut self, node: Node<'_>, value: Option<Node<'_>>, read: &mut Vec<ExprIdx>) {
        let init = value.map(|value| self.expr(value));
        let mut pats = Vec::new();
        for name in tree::children(node) {
            pats.push(self.variable_pattern(Some(name), tree::start(name), false).0);
        }
        let list = self.writer.list(&pats);
        let pat = self.writer.pat(tree::start(node), PatKind::Tuple(list));
        read.push(
            self.writer.expr(tree::start(node), ExprKind::Let { pat, ty: None, init, otherwise: None }),
        );
    }

    /// What a type is made of that names of values stand behind; `None` when they are types.
    fn made_by_names(&mut self, function: Node<'_>, ty: Option<Node<'_>>) -> Option<ExprIdx> {
        let params = function.child_by_field_name("parameters").map(tree::children).unwrap_or_default();
        let mut args = Vec::new();
        for param in params {
            let name = param.child_by_field_name("type")?;
            let is_name = matches!(name.kind(), "type_identifier" | "qualified_identifier")
                && param.child_by_field_name("declarator").is_none();
            if !is_name {
                return None;
            }
            let parts = self.parts(name);
            if parts.is_empty() {
                return None;
            }
            args.push(self.writer.path_expr(&parts));
        }
        let args = self.writer.expr_list(&args);
        self.made(ty?, args)
    }

    /// `for (a : b)`.
    fn range_loop(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let mut inside = Vec::new();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, &mut inside);
        }
        let written = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
        let right = node.child_by_field_name("right").map(|right| self.expr(right));
        let right = right.unwrap_or_else(|| self.nothing(at));
        let declarator = node.child_by_field_name("declarator");
        let found = declarator.map(|declarator| self.declarator(declarator)).unwrap_or_default();
        let mut each = Vec::new();
        let pat = match (found.name, written) {
            (Some(name), Some(ty)) => {
                let pat = self.variable_pattern(Some(name), tree::start(name), false);
                let variable = ExprKind::Let { pat, ty: Some(ty), init: None, otherwise: None };
                each.push(self.writer.expr(tree::start(name), variable));
                self.writer.pat(at, PatKind::Wild)
            }
            (Some(name), None) => self.variable_pattern(Some(name), tree::start(name), false),
            (None, _) => self.writer.pat(at, PatKind::Wild),
        };
        if let Some(body) = node.child_by_field_name("body") {
            self.statement(body, &mut each);
        }
        let body = self.sequence(at, &each);
        inside.push(self.writer.expr(at, ExprKind::For(pat, right, body)));
        read.push(self.sequence(at, &inside));
    }

    fn catch(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let mut inside = Vec::new();
        let params = node.child_by_field_name("parameters").map(tree::children).unwrap_or_default();
        for param in params {
            let ty = param.child_by_field_name("type").and_then(|ty| self.ty(ty));
            let declarator = param.child_by_field_name("declarator");
            let name = declarator.and_then(|declarator| self.declarator(declarator).name);
            let pat = self.variable_pattern(name, at, false);
            inside.push(self.writer.expr(at, ExprKind::Let { pat, ty, init: None, otherwise: None }));
        }
        if let Some(body) = node.child_by_field_name("body") {
            self.statement(body, &mut inside);
        }
        read.push(self.sequence(at, &inside));
    }
}
