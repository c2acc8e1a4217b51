//! Expressions.

use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind, List, LiteralKind};
use tree_sitter::Node;

use super::{Walk, tree};

/// What reads like a call and changes a type.
const CASTS: [&str; 7] = [
    "bit_cast",
    "const_cast",
    "down_cast",
    "dynamic_cast",
    "reinterpret_cast",
    "static_cast",
    "static_cast_with_check",
];

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
            "identifier" | "this" | "qualified_identifier" | "template_function" | "type_identifier" => {
                let parts = self.parts(node);
                if parts.is_empty() {
                    return self.list_of(node);
                }
                self.type_arguments(node);
                self.writer.path_expr(&parts)
            }
            "call_expression" => self.call(node),
            "field_expression" => {
                let object = self.part(node, "argument");
                let field = node.child_by_field_name("field").map(|field| self.parts(field));
                let Some(&(name, at)) = field.as_ref().and_then(|parts| parts.last()) else { return object };
                let name = self.writer.name(name);
                self.writer.expr(at, ExprKind::Field(object, name))
            }
            "parenthesized_expression" => match tree::children(node)[..] {
                [only] => self.expr(only),
                _ => self.list_of(node),
            },
            // Members are found alike through a pointer and through what it points to.
            "pointer_expression" => {
                let value = self.part(node, "argument");
                match node.child_by_field_name("operator").map(|operator| self.text_of(operator)) {
                    Some("&") => self.writer.expr(at, ExprKind::Ref(value)),
                    _ => value,
                }
            }
            "subscript_expression" => {
                let value = self.part(node, "argument");
                let indices =
                    node.child_by_field_name("indices").or_else(|| node.child_by_field_name("index"));
                let index = match indices {
                    Some(indices) => self.expr(indices),
                    None => self.nothing(at),
                };
                self.writer.expr(at, ExprKind::Index(value, index))
            }
            "assignment_expression" => {
                let right = self.part(node, "right");
                let left = self.part(node, "left");
                self.writer.expr(at, ExprKind::Assign(left, right, None))
            }
            "conditional_expression" => {
                let condition = self.part(node, "condition");
                let then = self.part(node, "consequence");
                let otherwise = self.part(node, "alternative");
                self.writer.expr(at, ExprKind::If(condition, then, Some(otherwise)))
            }
            "binary_expression" | "comma_expression" => self.chain(node),
            "cast_expression" => {
                let value = self.part(node, "value");
                self.cast(at, value, node.child_by_field_name("type"))
            }
            "new_expression" => self.new_expression(node),
            "compound_literal_expression" => {
                let Some(ty) = node.child_by_field_name("type") else { return self.list_of(node) };
                let args =
                    node.child_by_field_name("value").map(|value| self.arguments(value)).unwrap_or_default();
                // In C, a structure is made without a call.
                let made = if self.is_cpp() { self.made(ty, args) } else { None };
                match made {
                    Some(made) => made,
                    None => {
                        let value = self.writer.expr(at, ExprKind::Unknown(args));
                        self.cast(at, value, Some(ty))
                    }
                }
            }
            "initializer_pair" => self.part(node, "value"),
            "lambda_expression" => self.lambda(node),
            "co_await_expression" => {
                let value = self.part(node, "argument");
                self.writer.expr(at, ExprKind::Await(value))
            }
            "string_literal" | "raw_string_literal" | "concatenated_string" => {
                self.writer.expr(at, ExprKind::Literal(LiteralKind::Str))
            }
            "char_literal" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Char)),
            "number_literal" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Integer(None))),
            "true" | "false" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Bool)),
            "sizeof_expression"
            | "alignof_expression"
            | "offsetof_expression"
            | "gnu_asm_expression"
            | "requires_expression" => self.nothing(at),
            "type_descriptor"
            | "template_type"
            | "struct_specifier"
            | "primitive_type"
            | "sized_type_specifier" => {
                self.ty(node);
                self.nothing(at)
            }
            "compound_statement" | "declaration" => {
                let mut read = Vec::new();
                self.statement(node, &mut read);
                self.sequence(at, &read)
            }
            _ => self.list_of(node),
        }
    }

    fn part(&mut self, node: Node<'_>, field: &str) -> ExprIdx {
        match node.child_by_field_name(field) {
            Some(part) => self.expr(part),
            None => self.nothing(tree::start(node)),
        }
    }

    /// A form that is not modelled: what is in it, in order.
    fn list_of(&mut self, node: Node<'_>) -> ExprIdx {
        let parts: Vec<ExprIdx> = tree::children(node).into_iter().map(|part| self.expr(part)).collect();
        let list = self.writer.expr_list(&parts);
        self.writer.expr(tree::start(node), ExprKind::Unknown(list))
    }

    /// What an operator gives is not what its operands are. Long sums are read without going deeper.
    fn chain(&mut self, node: Node<'_>) -> ExprIdx {
        let kind = node.kind();
        let (mut front, mut back) = (Vec::new(), Vec::new());
        let mut next = node;
        while next.kind() == kind {
            let (left, right) = (next.child_by_field_name("left"), next.child_by_field_name("right"));
            // One of both sides goes on.
            match (left, right) {
                (Some(left), Some(right)) if left.kind() == kind => {
                    back.push(right);
                    next = left;
                }
                (Some(left), Some(right)) => {
                    front.push(left);
                    next = right;
                }
                _ => break,
            }
        }
        front.push(next);
        front.extend(back.into_iter().rev());
        let read: Vec<ExprIdx> = front.into_iter().map(|operand| self.expr(operand)).collect();
        let list = self.writer.expr_list(&read);
        self.writer.expr(tree::start(node), ExprKind::Unknown(list))
    }

    /// A value of a type; of one that is not known nothing is.
    fn cast(&mut self, at: u32, value: ExprIdx, ty: Option<Node<'_>>) -> ExprIdx {
        match ty.and_then(|ty| self.ty(ty)) {
            Some(ty) => self.writer.expr(at, ExprKind::Cast(value, ty)),
            None => {
                let list = self.writer.expr_list(&[value]);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
        }
    }

    /// The values of a list of arguments or of initial values.
    pub(super) fn arguments(&mut self, node: Node<'_>) -> List {
        let values: Vec<ExprIdx> = tree::children(node).into_iter().map(|value| self.expr(value)).collect();
        self.writer.expr_list(&values)
    }

    /// What a variable begins with: `= value`, `(arguments)` or `{values}`.
    pub(super) fn initial(&mut self, value: Node<'_>, ty: Option<Node<'_>>) -> ExprIdx {
        let is_made =
            value.kind() == "argument_list" || (value.kind() == "initializer_list" && self.is_cpp());
        if !is_made {
            return self.expr(value);
        }
        let args = self.arguments(value);
        match ty.and_then(|ty| self.made(ty, args)) {
            Some(made) => made,
            None => self.writer.expr(tree::start(value), ExprKind::Unknown(args)),
        }
    }

    /// A value that is made of a type by a call of its constructor; `None` for types that have none.
    pub(super) fn made(&mut self, ty: Node<'_>, args: List) -> Option<ExprIdx> {
        let ty = match ty.kind() {
            "type_descriptor" => ty.child_by_field_name("type")?,
            _ => ty,
        };
        if !matches!(ty.kind(), "type_identifier" | "qualified_identifier" | "template_type") {
            return None;
        }
        let parts = self.parts(ty);
        let &(name, at) = parts.last()?;
        if self.type_parameters.contains(&name) {
            return None;
        }
        self.type_arguments(ty);
        let callee = self.writer.path_expr(&parts);
        Some(self.writer.expr(at, ExprKind::Call(callee, args)))
    }

    /// The types that a name is given.
    fn type_arguments(&mut self, node: Node<'_>) {
        let mut node = node;
        while let Some(inner) =
            node.child_by_field_name("name").filter(|_| node.kind() == "qualified_identifier")
        {
            node = inner;
        }
        for argument in node.child_by_field_name("arguments").map(tree::children).unwrap_or_default() {
            if argument.kind() == "type_descriptor" {
                self.ty(argument);
            }
        }
    }

    fn new_expression(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let args = node.child_by_field_name("arguments").map(|args| self.arguments(args)).unwrap_or_default();
        let made = match node.child_by_field_name("type") {
            Some(ty) if node.child_by_field_name("declarator").is_none() => self.made(ty, args),
            _ => None,
        };
        match made {
            Some(made) => made,
            None => self.writer.expr(at, ExprKind::Unknown(args)),
        }
    }

    fn call(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let Some(function) = node.child_by_field_name("function") else { return self.list_of(node) };
        let list = node.child_by_field_name("arguments");
        match function.kind() {
            "field_expression" => {
                let Some(field) = function.child_by_field_name("field") else { return self.list_of(node) };
                let receiver = self.part(function, "argument");
                let args = list.map(|list| self.arguments(list)).unwrap_or_default();
                let Some(&(name, at)) = self.parts(field).last() else {
                    return self.writer.expr(at, ExprKind::Unknown(args));
                };
                self.type_arguments(field);
                let name = self.writer.name(name);
                let kind = ExprKind::MethodCall { receiver, name, type_args: List::default(), args };
                self.writer.expr(at, kind)
            }
            "identifier" | "qualified_identifier" | "template_function" => {
                let parts = self.parts(function);
                let Some(&(name, at)) = parts.last() else { return self.list_of(node) };
                if let Some(value) = self.special_call(function, name, list) {
                    return value;
                }
                if self.type_parameters.contains(&name) {
                    return self.list_of(node);
                }
                self.type_arguments(function);
                let callee = self.writer.path_expr(&parts);
                let args = list.map(|list| self.arguments(list)).unwrap_or_default();
                self.writer.expr(at, ExprKind::Call(callee, args))
            }
            // `int(x)` is no call, and `(*f)(x)` is one of what `f` points to.
            "primitive_type" => self.list_of(node),
            "parenthesized_expression" => {
                let callee = self.expr(function);
                let args = list.map(|list| self.arguments(list)).unwrap_or_default();
                self.writer.expr(self.writer.expr_at(callee), ExprKind::Call(callee, args))
            }
            _ => self.list_of(node),
        }
    }

    /// Casts, and functions that make or hand on what they are given.
    fn special_call(&mut self, function: Node<'_>, name: &str, list: Option<Node<'_>>) -> Option<ExprIdx> {
        let at = tree::start(function);
        let arguments = list.map(tree::children).unwrap_or_default();
        let last = self.template_argument(function);
        match name {
            _ if CASTS.contains(&name) => {
                let value = self.expr(*arguments.first()?);
                Some(self.cast(at, value, last))
            }
            "make_unique" | "make_shared" | "make_ref" | "make_intrusive" => {
                let args = self.arguments(list?);
                self.made(last?, args)
            }
            "move" | "forward" if arguments.len() == 1 && self.text_of(function).starts_with("std::") => {
                let parts = self.parts(function);
                let callee = self.writer.path_expr(&parts);
                let nothing = self.writer.expr_list(&[]);
                let at = self.writer.expr_at(callee);
                let call = self.writer.expr(at, ExprKind::Call(callee, nothing));
                let value = self.expr(arguments[0]);
                let statements = self.writer.expr_list(&[call]);
                let flavour = BlockFlavour::Plain;
                Some(
                    self.writer
                        .expr(at, ExprKind::Block { statements, tail: Some(value), scope: None, flavour }),
                )
            }
            _ => None,
        }
    }

    /// The first type that a function is given.
    fn template_argument<'n>(&self, function: Node<'n>) -> Option<Node<'n>> {
        let mut node = function;
        while node.kind() == "qualified_identifier" {
            node = node.child_by_field_name("name")?;
        }
        node.child_by_field_name("arguments")?
            .named_child(0)
            .filter(|first| first.kind() == "type_descriptor")
    }

    fn lambda(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut before = Vec::new();
        for capture in node.child_by_field_name("captures").map(tree::children).unwrap_or_default() {
            if let Some(value) = capture.child_by_field_name("right") {
                let value = self.expr(value);
                before.push(value);
            }
        }
        let declarator = node.child_by_field_name("declarator");
        let params = declarator.and_then(|declarator| declarator.child_by_field_name("parameters"));
        let mut found = Vec::new();
        for param in params.map(tree::children).unwrap_or_default() {
            self.parameter(param, &mut found);
        }
        let params: Vec<u32> = found.iter().flat_map(|param| [param.pat.0, param.ty.0]).collect();
        let params = self.writer.list(&params);
        let classes = std::mem::take(&mut self.classes);
        let body = match node.child_by_field_name("body") {
            Some(body) => self.body(body),
            None => self.nothing(at),
        };
        self.classes = classes;
        let closure = self.writer.expr(at, ExprKind::Closure(params, None, body));
        if before.is_empty() {
            return closure;
        }
        let statements = self.writer.expr_list(&before);
        let flavour = BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: Some(closure), scope: None, flavour })
    }
}
