//! Expressions.

use aether_core::code::facts::{ExprIdx, ExprKind, List, LiteralKind, OperatorKind};
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

    fn expr_inside(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        match node.kind() {
            "identifier" | "this" | "super" | "type_identifier" => {
                self.writer.path_expr(&[(self.text_of(node), at)])
            }
            "method_invocation" => self.call(node),
            "object_creation_expression" => self.creation(node),
            "method_reference" => self.reference(node),
            "field_access" => self.field(node),
            "lambda_expression" => self.lambda(node),
            "parenthesized_expression" => match tree::children(node)[..] {
                [only] => self.expr(only),
                _ => self.list_of(node),
            },
            "assignment_expression" => {
                let left = self.expr_of(node, "left");
                let right = self.expr_of(node, "right");
                self.writer.expr(at, ExprKind::Assign(left, right, None))
            }
            "ternary_expression" => {
                let condition = self.expr_of(node, "condition");
                let then = self.expr_of(node, "consequence");
                let otherwise = self.expr_of(node, "alternative");
                self.writer.expr(at, ExprKind::If(condition, then, Some(otherwise)))
            }
            "cast_expression" => {
                let inner = self.expr_of(node, "value");
                match node.child_by_field_name("type").and_then(|ty| self.ty(ty)) {
                    Some(ty) => self.writer.expr(at, ExprKind::Cast(inner, ty)),
                    None => inner,
                }
            }
            "instanceof_expression" => self.instance_of(node),
            "array_access" => {
                let of = self.expr_of(node, "array");
                let index = self.expr_of(node, "index");
                self.writer.expr(at, ExprKind::Index(of, index))
            }
            "array_creation_expression" => {
                if let Some(ty) = node.child_by_field_name("type") {
                    self.ty(ty);
                }
                let parts = tree::children(node);
                let parts = parts
                    .into_iter()
                    .filter(|part| matches!(part.kind(), "dimensions_expr" | "array_initializer"));
                let parts: Vec<ExprIdx> = parts.map(|part| self.list_of(part)).collect();
                let list = self.writer.expr_list(&parts);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
            "class_literal" => {
                if let Some(ty) = node.named_child(0) {
                    self.ty(ty);
                }
                self.nothing(at)
            }
            "unary_expression" => {
                let inner = self.expr_of(node, "operand");
                self.writer.expr(at, ExprKind::Unary(OperatorKind::Not, inner))
            }
            "switch_expression" => {
                let condition = self.expr_of(node, "condition");
                let body = node.child_by_field_name("body").and_then(|body| self.statement(body));
                let parts: Vec<ExprIdx> = std::iter::once(condition).chain(body).collect();
                self.sequence(at, &parts)
            }
            "string_literal" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Str)),
            "character_literal" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Char)),
            "true" | "false" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Bool)),
            kind if kind.ends_with("integer_literal") => {
                let suffix = self.text_of(node).ends_with(['l', 'L']).then(|| self.writer.name("long"));
                self.writer.expr(at, ExprKind::Literal(LiteralKind::Integer(suffix)))
            }
            kind if kind.ends_with("floating_point_literal") => {
                let suffix = self.text_of(node).ends_with(['f', 'F']).then(|| self.writer.name("float"));
                self.writer.expr(at, ExprKind::Literal(LiteralKind::Float(suffix)))
            }
            "block" => self.block(node),
            "annotation" | "marker_annotation" => self.nothing(at),
            _ => self.list_of(node),
        }
    }

    /// The expression of a field of a node.
    fn expr_of(&mut self, node: Node<'_>, field: &str) -> ExprIdx {
        match node.child_by_field_name(field) {
            Some(part) => self.expr(part),
            None => self.nothing(tree::start(node)),
        }
    }

    /// A form that is not modelled: what is in it, in order.
    pub(super) fn list_of(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let parts: Vec<ExprIdx> = tree::children(node).into_iter().map(|part| self.expr(part)).collect();
        let list = self.writer.expr_list(&parts);
        self.writer.expr(at, ExprKind::Unknown(list))
    }

    pub(super) fn arguments(&mut self, node: Option<Node<'_>>) -> List {
        let values: Vec<ExprIdx> = match node {
            Some(node) => tree::children(node).into_iter().map(|value| self.expr(value)).collect(),
            None => Vec::new(),
        };
        self.writer.expr_list(&values)
    }

    fn call(&mut self, node: Node<'_>) -> ExprIdx {
        let Some(name) = node.child_by_field_name("name") else { return self.list_of(node) };
        let (at, text) = (tree::start(name), self.text_of(name));
        let Some(object) = node.child_by_field_name("object") else {
            let callee = self.writer.path_expr(&[(text, at)]);
            let args = self.arguments(node.child_by_field_name("arguments"));
            return self.writer.expr(at, ExprKind::Call(callee, args));
        };
        // `Outer.super.close()` asks a class around, or an interface.
        let is_outer_super =
            object.kind() != "super" && tree::children(node).iter().any(|part| part.kind() == "super");
        let receiver = if is_outer_super { self.this_as(object) } else { self.expr(object) };
        let args = self.arguments(node.child_by_field_name("arguments"));
        let name = self.writer.name(text);
        self.writer.expr(at, ExprKind::MethodCall { receiver, name, type_args: Default::default(), args })
    }

    /// `this` as a value of a class that is named.
    fn this_as(&mut self, class: Node<'_>) -> ExprIdx {
        let at = tree::start(class);
        let this = self.writer.path_expr(&[("this", at)]);
        let ty = match class.kind() {
            "field_access" => class.child_by_field_name("field").and_then(|name| self.ty(name)),
            _ => self.ty(class),
        };
        match ty {
            Some(ty) => self.writer.expr(at, ExprKind::Cast(this, ty)),
            None => self.nothing(at),
        }
    }

    fn field(&mut self, node: Node<'_>) -> ExprIdx {
        let (Some(object), Some(name)) =
            (node.child_by_field_name("object"), node.child_by_field_name("field"))
        else {
            return self.list_of(node);
        };
        if name.kind() == "this" {
            return self.this_as(object);
        }
        let object = self.expr(object);
        let text = self.writer.name(self.text_of(name));
        self.writer.expr(tree::start(name), ExprKind::Field(object, text))
    }

    /// `new Type(…)`, with or without a body.
    fn creation(&mut self, node: Node<'_>) -> ExprIdx {
        let Some(ty) = node.child_by_field_name("type") else { return self.list_of(node) };
        let at = tree::start(ty);
        let mut before = Vec::new();
        let mut body = None;
        let mut cursor = node.walk();
        for (index, child) in node.children(&mut cursor).enumerate() {
            match child.kind() {
                "class_body" => body = Some(child),
                // `outer.new Inner()`.
                "new" | "annotation" | "marker_annotation" | "argument_list" | "type_arguments" => {}
                _ if index == 0 && child.is_named() => before.push(self.expr(child)),
                _ => {}
            }
        }
        let mut names = Vec::new();
        self.names_of(ty, &mut names);
        if let Some(list) = tree::children(ty).into_iter().find(|part| part.kind() == "type_arguments") {
            for argument in tree::children(list) {
                self.ty(argument);
            }
        }
        let callee = self.writer.path_expr(&names);
        let args = self.arguments(node.child_by_field_name("arguments"));
        let at = names.last().map_or(at, |&(_, at)| at);
        let made = self.writer.expr(at, ExprKind::Call(callee, args));
        if let Some(body) = body {
            self.anonymous(ty, body);
        }
        if before.is_empty() {
            return made;
        }
        let statements = self.writer.expr_list(&before);
        let flavour = aether_core::code::facts::BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: Some(made), scope: None, flavour })
    }

    /// `A::b` counts as a call of `b`, `A::new` as one of its constructor.
    fn reference(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut cursor = node.walk();
        let parts: Vec<Node<'_>> = node.children(&mut cursor).filter(|part| !part.is_extra()).collect();
        let (Some(object), Some(name)) = (parts.first().copied(), parts.last().copied()) else {
            return self.nothing(at);
        };
        let args = self.writer.expr_list(&[]);
        if name.kind() == "new" {
            let mut names = Vec::new();
            self.names_of(object, &mut names);
            if names.is_empty() {
                return self.nothing(at);
            }
            let callee = self.writer.path_expr(&names);
            let at = self.writer.expr_at(callee);
            return self.writer.expr(at, ExprKind::Call(callee, args));
        }
        let mut names = Vec::new();
        self.names_of(object, &mut names);
        let receiver = if names.is_empty() { self.expr(object) } else { self.writer.path_expr(&names) };
        let text = self.writer.name(self.text_of(name));
        let kind = ExprKind::MethodCall { receiver, name: text, type_args: Default::default(), args };
        let call = self.writer.expr(tree::start(name), kind);
        // Its value is a function, not what that gives.
        let list = self.writer.expr_list(&[call]);
        self.writer.expr(at, ExprKind::Unknown(list))
    }

    fn lambda(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut list: Vec<u32> = Vec::new();
        if let Some(params) = node.child_by_field_name("parameters") {
            let params = if params.kind() == "identifier" { vec![params] } else { tree::children(params) };
            for param in params {
                let (name, ty) = match param.kind() {
                    "identifier" => (Some(param), None),
                    _ => self.parameter_parts(param),
                };
                let ty = ty.and_then(|ty| self.ty(ty));
                let pat = match name {
                    Some(name) => self.bound_name(name),
                    None => self.unnamed(at),
                };
                list.extend([pat.0, ty.map_or(u32::MAX, |ty| ty.0)]);
            }
        }
        let body = self.expr_of(node, "body");
        let params = self.writer.list(&list);
        self.writer.expr(at, ExprKind::Closure(params, None, body))
    }

    /// `x instanceof Type name`.
    fn instance_of(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut parts = vec![self.expr_of(node, "left")];
        let ty = node.child_by_field_name("right").and_then(|ty| self.ty(ty));
        if let Some(name) = node.child_by_field_name("name") {
            parts.push(self.declared(name, ty, None));
        }
        if let Some(pattern) = node.child_by_field_name("pattern") {
            parts.extend(self.pattern(pattern));
        }
        let list = self.writer.expr_list(&parts);
        self.writer.expr(at, ExprKind::Unknown(list))
    }
}
