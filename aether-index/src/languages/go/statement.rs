//! Statements.

use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind, OperatorKind, PatIdx, PatKind};
use tree_sitter::Node;

use super::{Walk, fields, tree};

impl Walk<'_> {
    /// Adds what a block or list of statements evaluates.
    pub(super) fn statements(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        for child in tree::children(node) {
            self.statement(child, read);
        }
    }

    /// A block with variables of its own.
    fn block(&mut self, node: Node<'_>) -> ExprIdx {
        let mut read = Vec::new();
        self.deeper(|walk| walk.statements(node, &mut read));
        self.sequence(tree::start(node), &read)
    }

    fn block_or_nothing(&mut self, node: Option<Node<'_>>, at: u32) -> ExprIdx {
        match node {
            Some(node) => self.block(node),
            None => self.nothing(at),
        }
    }

    /// A block of some statements.
    pub(super) fn sequence(&mut self, at: u32, statements: &[ExprIdx]) -> ExprIdx {
        let statements = self.writer.expr_list(statements);
        let flavour = BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: None, scope: None, flavour })
    }

    fn statement(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        if !self.is_full() {
            self.deeper(|walk| walk.statement_inside(node, read));
        }
    }

    fn statement_inside(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        match node.kind() {
            "statement_list" | "labeled_statement" | "ERROR" => self.statements(node, read),
            "block" => read.push(self.block(node)),
            "label_name"
            | "break_statement"
            | "continue_statement"
            | "goto_statement"
            | "fallthrough_statement"
            | "empty_statement" => {}
            "short_var_declaration" => self.bind_all(node, None, read),
            "receive_statement" => {
                if self.declares(node) {
                    self.bind_all(node, None, read);
                } else {
                    self.assign_all(node, None, read);
                }
            }
            "assignment_statement" => {
                let operator = node.child_by_field_name("operator").map(|operator| self.text_of(operator));
                let operator = operator.filter(|&operator| operator != "=").map(|_| OperatorKind::Add);
                self.assign_all(node, operator, read);
            }
            "var_declaration" => {
                for child in tree::children(node) {
                    if child.kind() == "var_spec_list" {
                        for spec in tree::children(child) {
                            self.local(spec, read);
                        }
                    } else {
                        self.local(child, read);
                    }
                }
            }
            "const_declaration" => {
                for spec in tree::children(node) {
                    self.local(spec, read);
                }
            }
            "type_declaration" => self.local_types(node),
            "return_statement" => {
                let values = node.named_child(0).map(|list| self.exprs(list)).unwrap_or_default();
                let value = match values[..] {
                    [] => None,
                    [only] => Some(only),
                    _ => {
                        let list = self.writer.expr_list(&values);
                        Some(self.writer.expr(at, ExprKind::Tuple(list)))
                    }
                };
                read.push(self.writer.expr(at, ExprKind::Return(value)));
            }
            "if_statement" => self.if_statement(node, read),
            "for_statement" => self.for_statement(node, read),
            "expression_switch_statement" | "select_statement" => self.switch(node, read),
            "type_switch_statement" => self.type_switch(node, read),
            // `go`, `defer`, `ch <- x`, `x++`: what is in them, in order.
            _ => {
                let parts = tree::children(node).into_iter();
                let parts: Vec<ExprIdx> = parts.map(|part| self.expr(part)).collect();
                read.extend(parts);
            }
        }
    }

    /// Whether a statement makes new variables: `:=`.
    fn declares(&self, node: Node<'_>) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| child.kind() == ":=")
    }

    /// The expressions of a list, or the one that stands in place of it.
    fn exprs(&mut self, node: Node<'_>) -> Vec<ExprIdx> {
        if node.kind() != "expression_list" {
            return vec![self.expr(node)];
        }
        tree::children(node).into_iter().map(|part| self.expr(part)).collect()
    }

    /// `a, b := x, y`, or `a, b := f()`, of which the first is known.
    fn bind_all(&mut self, node: Node<'_>, ty: Option<Node<'_>>, read: &mut Vec<ExprIdx>) {
        let right = node.child_by_field_name("right").or_else(|| node.child_by_field_name("value"));
        let values = right.map(|right| self.exprs(right)).unwrap_or_default();
        let names = match node.child_by_field_name("left") {
            Some(left) => tree::children(left),
            None => fields(node, "name"),
        };
        let ty = ty.and_then(|ty| self.ty(ty));
        for (number, &name) in names.iter().enumerate() {
            read.push(self.variable(name, ty, values.get(number).copied()));
        }
        read.extend(values.iter().skip(names.len()));
    }

    fn assign_all(&mut self, node: Node<'_>, operator: Option<OperatorKind>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let right = node.child_by_field_name("right").map(|right| self.exprs(right)).unwrap_or_default();
        let left = node.child_by_field_name("left").map(|left| self.exprs(left)).unwrap_or_default();
        for (number, &target) in left.iter().enumerate() {
            match right.get(number) {
                Some(&value) => read.push(self.writer.expr(at, ExprKind::Assign(target, value, operator))),
                None => read.push(target),
            }
        }
        read.extend(right.iter().skip(left.len()));
    }

    /// A variable or constant of a function.
    fn local(&mut self, spec: Node<'_>, read: &mut Vec<ExprIdx>) {
        let ty = spec.child_by_field_name("type");
        self.bind_all(spec, ty, read);
    }

    fn if_statement(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let mut inside = Vec::new();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, &mut inside);
        }
        let condition = node.child_by_field_name("condition").map(|condition| self.expr(condition));
        let condition = condition.unwrap_or_else(|| self.nothing(at));
        let then = self.block_or_nothing(node.child_by_field_name("consequence"), at);
        let otherwise = node.child_by_field_name("alternative").map(|otherwise| {
            let mut read = Vec::new();
            self.statement(otherwise, &mut read);
            self.sequence(at, &read)
        });
        inside.push(self.writer.expr(at, ExprKind::If(condition, then, otherwise)));
        read.push(self.sequence(at, &inside));
    }

    fn for_statement(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let body = node.child_by_field_name("body");
        let head = tree::children(node).into_iter().find(|child| Some(*child) != body);
        let mut inside = Vec::new();
        let whole = match head.map(|head| (head, head.kind())) {
            Some((head, "range_clause")) => self.range(head, body, &mut inside),
            Some((head, "for_clause")) => {
                if let Some(initializer) = head.child_by_field_name("initializer") {
                    self.statement(initializer, &mut inside);
                }
                let condition = head.child_by_field_name("condition").map(|condition| self.expr(condition));
                let condition = condition.unwrap_or_else(|| self.nothing(at));
                let mut each = vec![self.block_or_nothing(body, at)];
                if let Some(update) = head.child_by_field_name("update") {
                    self.statement(update, &mut each);
                }
                let each = self.sequence(at, &each);
                self.writer.expr(at, ExprKind::While(condition, each))
            }
            Some((condition, _)) => {
                let condition = self.expr(condition);
                let body = self.block_or_nothing(body, at);
                self.writer.expr(at, ExprKind::While(condition, body))
            }
            None => {
                let body = self.block_or_nothing(body, at);
                self.writer.expr(at, ExprKind::Loop(body))
            }
        };
        inside.push(whole);
        read.push(self.sequence(at, &inside));
    }

    /// `for key, value := range values`: of two names the second is an element.
    fn range(&mut self, head: Node<'_>, body: Option<Node<'_>>, inside: &mut Vec<ExprIdx>) -> ExprIdx {
        let at = tree::start(head);
        let value = head.child_by_field_name("right").map(|right| self.expr(right));
        let value = value.unwrap_or_else(|| self.nothing(at));
        let names = head.child_by_field_name("left").map(tree::children).unwrap_or_default();
        let mut pat = None;
        if self.declares(head) {
            if let Some(&key) = names.first() {
                inside.push(self.variable(key, None, None));
            }
            pat = names.get(1).map(|&name| self.pattern(name));
        } else {
            for &name in &names {
                inside.push(self.expr(name));
            }
        }
        let pat = pat.unwrap_or_else(|| self.writer.pat(at, PatKind::Wild));
        let body = self.block_or_nothing(body, at);
        self.writer.expr(at, ExprKind::For(pat, value, body))
    }

    /// The cases of `switch` and `select`, each with variables of its own.
    fn switch(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let mut inside = Vec::new();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, &mut inside);
        }
        if let Some(value) = node.child_by_field_name("value") {
            inside.push(self.expr(value));
        }
        for case in tree::children(node) {
            if !case.kind().ends_with("_case") {
                continue;
            }
            let value = case.child_by_field_name("value");
            let mut parts = value.map(|value| self.exprs(value)).unwrap_or_default();
            for part in tree::children(case) {
                if Some(part) != value {
                    self.statement(part, &mut parts);
                }
            }
            inside.push(self.sequence(tree::start(case), &parts));
        }
        read.push(self.sequence(at, &inside));
    }

    /// `switch name := value.(type)`: in a case of one type the name is of that type.
    fn type_switch(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let at = tree::start(node);
        let mut inside = Vec::new();
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, &mut inside);
        }
        if let Some(value) = node.child_by_field_name("value") {
            inside.push(self.expr(value));
        }
        let alias = node.child_by_field_name("alias").and_then(|alias| alias.named_child(0));
        for case in tree::children(node) {
            if !case.kind().ends_with("_case") {
                continue;
            }
            let types = fields(case, "type");
            let known: Vec<_> = types.iter().map(|&ty| self.ty(ty)).collect();
            let mut parts = Vec::new();
            if let Some(alias) = alias {
                let ty = if let [only] = known[..] { only } else { None };
                parts.push(self.variable(alias, ty, None));
            }
            for part in tree::children(case) {
                if !types.contains(&part) {
                    self.statement(part, &mut parts);
                }
            }
            inside.push(self.sequence(tree::start(case), &parts));
        }
        read.push(self.sequence(at, &inside));
    }

    /// The variable of a name.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> PatIdx {
        let at = tree::start(node);
        let text = self.text_of(node);
        if node.kind() != "identifier" || text == "_" {
            return self.writer.pat(at, PatKind::Wild);
        }
        let name = self.writer.name(text);
        self.writer.pat(at, PatKind::Bind(name, None))
    }
}
