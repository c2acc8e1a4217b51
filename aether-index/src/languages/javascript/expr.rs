//! Expressions.

use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind, List, LiteralKind, OperatorKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    pub(super) fn expr(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        if self.is_full() {
            return self.nothing(at);
        }
        match self.deeper(|walk| walk.expr_inside(node)) {
            Some(expr) => expr,
            None => self.nothing(at),
        }
    }

    /// The expression in a field of a node; nothing where there is none.
    fn part(&mut self, node: Node<'_>, field: &str) -> ExprIdx {
        match node.child_by_field_name(field) {
            Some(part) => self.expr(part),
            None => self.nothing(tree::start(node)),
        }
    }

    fn expr_inside(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => {
                self.writer.path_expr(&[(self.text_of(node), at)])
            }
            // In a function with a `this` of its own it is not known.
            "this" | "super" if self.has_this => self.writer.path_expr(&[(self.text_of(node), at)]),
            "member_expression" => {
                let Some(name) = node.child_by_field_name("property") else { return self.list_of(node) };
                let object = self.part(node, "object");
                let text = self.writer.name(self.text_of(name));
                self.writer.expr(tree::start(name), ExprKind::Field(object, text))
            }
            "subscript_expression" => {
                let object = self.part(node, "object");
                let index = self.part(node, "index");
                self.writer.expr(at, ExprKind::Index(object, index))
            }
            "call_expression" => self.call(node),
            "new_expression" => {
                let callee = self.part(node, "constructor");
                let args = self.arguments(node.child_by_field_name("arguments"));
                let at = self.writer.expr_at(callee);
                self.writer.expr(at, ExprKind::Call(callee, args))
            }
            "assignment_expression" => self.assignment(node),
            "augmented_assignment_expression" => {
                let left = self.part(node, "left");
                let right = self.part(node, "right");
                self.writer.expr(at, ExprKind::Assign(left, right, Some(OperatorKind::Add)))
            }
            "await_expression" => {
                if let Some(specifier) = self.required(node) {
                    return self.required_module(at, specifier);
                }
                let inner = node.named_child(0).map(|inner| self.expr(inner));
                let inner = inner.unwrap_or_else(|| self.nothing(at));
                self.writer.expr(at, ExprKind::Await(inner))
            }
            "parenthesized_expression" | "non_null_expression" | "satisfies_expression" => {
                match node.named_child(0) {
                    Some(inner) => self.expr(inner),
                    None => self.nothing(at),
                }
            }
            "as_expression" => self.cast(node, 0, 1),
            "type_assertion" => self.cast(node, 1, 0),
            "binary_expression" => self.binary(node),
            "ternary_expression" => {
                let condition = self.part(node, "condition");
                let then = self.part(node, "consequence");
                let otherwise = self.part(node, "alternative");
                self.writer.expr(at, ExprKind::If(condition, then, Some(otherwise)))
            }
            "sequence_expression" => {
                let parts: Vec<ExprIdx> = self.each(node);
                self.with_tail(at, &parts)
            }
            "arrow_function" | "function_expression" | "generator_function" => self.closure(node),
            "class" => self.class_expression(node),
            "array" => {
                let parts = self.each(node);
                let list = self.writer.expr_list(&parts);
                self.writer.expr(at, ExprKind::Array(list, false))
            }
            "object" => {
                let parts: Vec<ExprIdx> =
                    tree::children(node).into_iter().map(|part| self.property(part)).collect();
                let list = self.writer.expr_list(&parts);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
            "string" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Str)),
            "template_string" => {
                let parts: Vec<ExprIdx> = tree::children(node)
                    .into_iter()
                    .filter(|part| part.kind() == "template_substitution")
                    .map(|part| self.list_of(part))
                    .collect();
                let literal = self.writer.expr(at, ExprKind::Literal(LiteralKind::Str));
                let parts: Vec<ExprIdx> = parts.into_iter().chain([literal]).collect();
                self.with_tail(at, &parts)
            }
            "number" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Integer(None))),
            "true" | "false" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Bool)),
            "jsx_element" | "jsx_self_closing_element" => self.jsx(node),
            "statement_block" => self.nested(|walk| walk.suite(node, at)),
            "type_arguments"
            | "type_annotation"
            | "type_parameters"
            | "regex"
            | "null"
            | "undefined"
            | "property_identifier"
            | "meta_property"
            | "this"
            | "super" => self.nothing(at),
            _ => self.list_of(node),
        }
    }

    fn each(&mut self, node: Node<'_>) -> Vec<ExprIdx> {
        tree::children(node).into_iter().map(|part| self.expr(part)).collect()
    }

    /// A form that is not modelled: what is in it, in order.
    fn list_of(&mut self, node: Node<'_>) -> ExprIdx {
        let parts = self.each(node);
        let list = self.writer.expr_list(&parts);
        self.writer.expr(tree::start(node), ExprKind::Unknown(list))
    }

    /// Several expressions, of which the last one is the value.
    fn with_tail(&mut self, at: u32, parts: &[ExprIdx]) -> ExprIdx {
        let Some((tail, statements)) = parts.split_last() else { return self.nothing(at) };
        let statements = self.writer.expr_list(statements);
        let flavour = BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: Some(*tail), scope: None, flavour })
    }

    /// `value as Type`; both are children of a number.
    fn cast(&mut self, node: Node<'_>, value: u32, ty: u32) -> ExprIdx {
        let at = tree::start(node);
        let inner = match node.named_child(value) {
            Some(inner) => self.expr(inner),
            None => self.nothing(at),
        };
        let written = node.named_child(ty).map(|ty| match ty.kind() {
            "type_arguments" => ty.named_child(0).unwrap_or(ty),
            _ => ty,
        });
        match written.and_then(|written| self.ty(written)) {
            Some(ty) => self.writer.expr(at, ExprKind::Cast(inner, ty)),
            None => inner,
        }
    }

    fn binary(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let left = self.part(node, "left");
        let right = self.part(node, "right");
        match node.child_by_field_name("operator").map(|operator| operator.kind()) {
            Some("||" | "??") => self.writer.expr(at, ExprKind::Binary(OperatorKind::Logic, left, right)),
            Some("&&") => self.with_tail(at, &[left, right]),
            // What another operator gives is not what its operands are.
            _ => {
                let list = self.writer.expr_list(&[left, right]);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
        }
    }

    /// A part of an object.
    pub(super) fn property(&mut self, part: Node<'_>) -> ExprIdx {
        match part.kind() {
            "pair" => {
                let key = part.child_by_field_name("key");
                let key = key.filter(|key| key.kind() == "computed_property_name");
                let mut parts: Vec<ExprIdx> = key.map(|key| self.expr(key)).into_iter().collect();
                parts.push(self.part(part, "value"));
                self.with_tail(tree::start(part), &parts)
            }
            "method_definition" => self.closure(part),
            _ => self.expr(part),
        }
    }

    /// A function without a name of its own; only an arrow has the `this` around it.
    fn closure(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let has_this = self.has_this;
        self.has_this &= node.kind() == "arrow_function";
        let mut values = Vec::new();
        let params = self.closure_parameters(node, &mut values);
        let body = node.child_by_field_name("body");
        let body = body.map(|body| self.nested(|walk| walk.function_body(body)));
        self.has_this = has_this;
        values.push(body.unwrap_or_else(|| self.nothing(at)));
        let body = self.with_tail(at, &values);
        self.writer.expr(at, ExprKind::Closure(params, None, body))
    }

    /// A class in an expression: a declaration when it has a name, else what its methods do.
    fn class_expression(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        if let Some(name) = node.child_by_field_name("name") {
            let visibility = aether_core::code::Visibility::Private;
            self.class_of(node, Some(name), node, visibility);
            return self.writer.path_expr(&[(self.text_of(name), tree::start(name))]);
        }
        let has_this = std::mem::replace(&mut self.has_this, false);
        let members = node.child_by_field_name("body").map(tree::children).unwrap_or_default();
        let mut values = Vec::new();
        for member in members {
            match member.kind() {
                "method_definition" => values.push(self.closure(member)),
                _ => values.extend(member.child_by_field_name("value").map(|value| self.expr(value))),
            }
        }
        self.has_this = has_this;
        let list = self.writer.expr_list(&values);
        self.writer.expr(at, ExprKind::Unknown(list))
    }

    fn call(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        if let Some(specifier) = self.required(node) {
            return self.required_module(at, specifier);
        }
        let Some(function) = node.child_by_field_name("function") else { return self.list_of(node) };
        let function = super::item::unwrapped(function);
        let arguments = node.child_by_field_name("arguments");
        let named = match function.kind() {
            "member_expression" => function.child_by_field_name("property"),
            // `super(…)` runs the constructor of the class that this one is derived from.
            "super" if self.has_this => Some(function),
            _ => None,
        };
        if let Some(name) = named {
            let (receiver, text) = match function.kind() {
                "super" => (self.expr(function), "constructor"),
                _ => (self.part(function, "object"), self.text_of(name)),
            };
            let args = self.arguments(arguments);
            let text = self.writer.name(text);
            let kind = ExprKind::MethodCall { receiver, name: text, type_args: List::default(), args };
            return self.writer.expr(tree::start(name), kind);
        }
        let callee = self.expr(function);
        let args = self.arguments(arguments);
        let at = self.writer.expr_at(callee);
        self.writer.expr(at, ExprKind::Call(callee, args))
    }

    fn arguments(&mut self, node: Option<Node<'_>>) -> List {
        let values: Vec<ExprIdx> = match node {
            Some(node) if node.kind() == "template_string" => vec![self.expr(node)],
            Some(node) => self.each(node),
            None => Vec::new(),
        };
        self.writer.expr_list(&values)
    }

    fn assignment(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        else {
            return self.list_of(node);
        };
        if left.kind() == "member_expression"
            && left.child_by_field_name("object").is_some_and(|object| object.kind() == "this")
            && let Some(name) = left.child_by_field_name("property")
        {
            let made = self.constructed(right);
            self.given_field(name, node, made);
        }
        let init = self.expr(right);
        // A variable that is given something known stands for it from there on.
        if left.kind() == "identifier" && right.kind() == "new_expression" {
            let pat = self.pattern(left, &mut Vec::new());
            return self.writer.expr(at, ExprKind::Let { pat, ty: None, init: Some(init), otherwise: None });
        }
        if matches!(left.kind(), "object_pattern" | "array_pattern") {
            let mut values = vec![init];
            let pat = self.pattern(left, &mut values);
            values.push(self.writer.expr(at, ExprKind::Let { pat, ty: None, init: None, otherwise: None }));
            return self.sequence(at, &values);
        }
        let target = self.expr(left);
        self.writer.expr(at, ExprKind::Assign(target, init, None))
    }
}
