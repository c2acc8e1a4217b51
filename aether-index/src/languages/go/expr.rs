//! Expressions.

use aether_core::code::facts::{BlockFlavour, ExprIdx, ExprKind, List, LiteralKind, ParamFact, TypeIdx};
use tree_sitter::Node;

use super::tables::BASIC_TYPES;
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
            "identifier" | "type_identifier" => self.writer.path_expr(&[(self.text_of(node), at)]),
            "selector_expression" => {
                let Some(name) = node.child_by_field_name("field") else { return self.list_of(node) };
                let object = self.part(node, "operand");
                let text = self.writer.name(self.text_of(name));
                self.writer.expr(tree::start(name), ExprKind::Field(object, text))
            }
            "call_expression" => self.call(node),
            "composite_literal" => self.composite(node),
            "func_literal" => self.closure(node),
            "parenthesized_expression" | "literal_element" | "variadic_argument" => {
                match tree::children(node)[..] {
                    [only] => self.expr(only),
                    _ => self.list_of(node),
                }
            }
            "unary_expression" => self.unary(node),
            "binary_expression" => self.binary(node),
            "index_expression" => {
                let value = self.part(node, "operand");
                let index = self.part(node, "index");
                self.writer.expr(at, ExprKind::Index(value, index))
            }
            // A part of a list is a list.
            "slice_expression" => {
                let value = self.part(node, "operand");
                let mut others = Vec::new();
                for field in ["start", "end", "capacity"] {
                    if let Some(part) = node.child_by_field_name(field) {
                        others.push(self.expr(part));
                    }
                }
                self.with_value(at, &others, value)
            }
            // `f[T](x)` reads like a conversion to a type of that name.
            "type_conversion_expression"
                if node.child_by_field_name("type").is_some_and(|ty| ty.kind() == "generic_type") =>
            {
                let arguments: Vec<Node<'_>> = node.child_by_field_name("operand").into_iter().collect();
                let ty = node.child_by_field_name("type");
                let call = ty.and_then(|ty| self.call_of_type(ty, &arguments));
                call.unwrap_or_else(|| self.list_of(node))
            }
            "type_assertion_expression" | "type_conversion_expression" => {
                let value = self.part(node, "operand");
                let ty = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
                self.cast(at, value, ty)
            }
            "type_instantiation_expression" => match node.child_by_field_name("type") {
                Some(ty) => self.expr(ty),
                None => self.list_of(node),
            },
            "keyed_element" => {
                // The name of a field is no value; an entry of a map may be a call.
                let key = node.child_by_field_name("key").and_then(|key| key.named_child(0));
                let key = key.filter(|key| key.kind() != "identifier").map(|key| self.expr(key));
                let value = self.part(node, "value");
                match key {
                    Some(key) => self.with_value(at, &[key], value),
                    None => value,
                }
            }
            "interpreted_string_literal" | "raw_string_literal" => {
                self.writer.expr(at, ExprKind::Literal(LiteralKind::Str))
            }
            "int_literal" | "iota" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Integer(None))),
            "float_literal" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Float(None))),
            "rune_literal" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Char)),
            "true" | "false" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Bool)),
            kind if kind.ends_with("_type") => {
                self.ty(node);
                self.nothing(at)
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

    /// Some expressions, of which the last is the value of the whole.
    fn with_value(&mut self, at: u32, others: &[ExprIdx], value: ExprIdx) -> ExprIdx {
        if others.is_empty() {
            return value;
        }
        let statements = self.writer.expr_list(others);
        let flavour = BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: Some(value), scope: None, flavour })
    }

    /// A value of a type; of one that is not known nothing is.
    fn cast(&mut self, at: u32, value: ExprIdx, ty: Option<TypeIdx>) -> ExprIdx {
        match ty {
            Some(ty) => self.writer.expr(at, ExprKind::Cast(value, ty)),
            None => {
                let list = self.writer.expr_list(&[value]);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
        }
    }

    /// Members are found alike through a pointer and through what it points to.
    fn unary(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let value = self.part(node, "operand");
        match node.child_by_field_name("operator").map(|operator| self.text_of(operator)) {
            Some("*") => value,
            Some("&") => self.writer.expr(at, ExprKind::Ref(value)),
            // What a channel gives.
            Some("<-") => {
                let index = self.nothing(at);
                self.writer.expr(at, ExprKind::Index(value, index))
            }
            _ => {
                let list = self.writer.expr_list(&[value]);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
        }
    }

    /// What an operator gives is not what its operands are. Long sums are read without going deeper.
    fn binary(&mut self, node: Node<'_>) -> ExprIdx {
        let mut operands = Vec::new();
        let mut next = node;
        while next.kind() == "binary_expression" {
            operands.extend(next.child_by_field_name("right"));
            match next.child_by_field_name("left") {
                Some(left) => next = left,
                None => break,
            }
        }
        operands.push(next);
        let read: Vec<ExprIdx> = operands.into_iter().rev().map(|operand| self.expr(operand)).collect();
        let list = self.writer.expr_list(&read);
        self.writer.expr(tree::start(node), ExprKind::Unknown(list))
    }

    fn call(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let Some(function) = node.child_by_field_name("function") else { return self.list_of(node) };
        let arguments = node.child_by_field_name("arguments").map(tree::children).unwrap_or_default();
        for ty in node.child_by_field_name("type_arguments").map(tree::children).unwrap_or_default() {
            self.ty(ty);
        }
        let mut callee = function;
        // `f[T](x)` may be written like an entry of a list that is called.
        while let Some(inner) = match callee.kind() {
            "type_instantiation_expression" => callee.child_by_field_name("type"),
            _ => None,
        } {
            callee = inner;
        }
        match callee.kind() {
            "selector_expression" => {
                let Some(name) = callee.child_by_field_name("field") else { return self.list_of(node) };
                let receiver = self.part(callee, "operand");
                let args = self.exprs_of(&arguments);
                let text = self.writer.name(self.text_of(name));
                let kind = ExprKind::MethodCall { receiver, name: text, type_args: List::default(), args };
                self.writer.expr(tree::start(name), kind)
            }
            "identifier" => {
                let name = self.text_of(callee);
                match (name, &arguments[..]) {
                    ("new" | "make", [ty, others @ ..]) => return self.made(callee, *ty, others),
                    // A conversion is no call.
                    _ if BASIC_TYPES.binary_search(&name).is_ok() => {
                        let args = self.exprs_of(&arguments);
                        return self.writer.expr(at, ExprKind::Unknown(args));
                    }
                    _ => {}
                }
                self.plain_call(callee, &arguments)
            }
            // `func() { … }()`: what runs is there to be read.
            "func_literal" => {
                let args: Vec<ExprIdx> = arguments.iter().map(|&argument| self.expr(argument)).collect();
                let closure = self.expr(callee);
                self.with_value(at, &args, closure)
            }
            // `(*T)(x)`.
            "parenthesized_expression" if self.text_of(callee).starts_with("(*") => {
                let value = arguments.first().map(|&value| self.expr(value));
                let value = value.unwrap_or_else(|| self.nothing(at));
                let inner = callee.named_child(0).and_then(|inner| inner.child_by_field_name("operand"));
                let ty = inner.and_then(|inner| self.ty(inner));
                self.cast(at, value, ty)
            }
            _ => self.plain_call(callee, &arguments),
        }
    }

    fn plain_call(&mut self, callee: Node<'_>, arguments: &[Node<'_>]) -> ExprIdx {
        // `f[T](x)`, which without its types reads like an entry of a list.
        let head = match callee.kind() {
            "index_expression" => {
                callee.child_by_field_name("operand").filter(|head| self.is_function(*head))
            }
            _ => None,
        };
        let value = self.expr(head.unwrap_or(callee));
        let args = self.exprs_of(arguments);
        let at = self.writer.expr_at(value);
        self.writer.expr(at, ExprKind::Call(value, args))
    }

    /// Whether a name is that of a function of the file that has type parameters.
    fn is_function(&self, head: Node<'_>) -> bool {
        head.kind() == "identifier" && self.writer.has_top(self.text_of(head))
    }

    fn exprs_of(&mut self, nodes: &[Node<'_>]) -> List {
        let values: Vec<ExprIdx> = nodes.iter().map(|&node| self.expr(node)).collect();
        self.writer.expr_list(&values)
    }

    /// `new(T)` and `make(T, …)`: a call of what is built in, and a value of the type.
    fn made(&mut self, callee: Node<'_>, ty: Node<'_>, others: &[Node<'_>]) -> ExprIdx {
        let at = tree::start(callee);
        let call = self.plain_call(callee, others);
        let ty = self.ty(ty);
        self.cast(at, call, ty)
    }

    /// `T{…}` is a call of `T`; of a list or a map nothing is called.
    fn composite(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let Some(ty) = node.child_by_field_name("type") else { return self.list_of(node) };
        let elements = node.child_by_field_name("body").map(tree::children).unwrap_or_default();
        if let Some(call) = self.call_of_type(ty, &elements) {
            return call;
        }
        let list = self.exprs_of(&elements);
        let value = self.writer.expr(at, ExprKind::Unknown(list));
        let ty = self.ty(ty);
        self.cast(at, value, ty)
    }

    /// A call of what a type names; `None` when it names nothing, as that of a list.
    fn call_of_type(&mut self, ty: Node<'_>, arguments: &[Node<'_>]) -> Option<ExprIdx> {
        let named = if ty.kind() == "generic_type" { ty.child_by_field_name("type")? } else { ty };
        match named.kind() {
            "type_identifier" => {
                let at = tree::start(named);
                let callee = self.writer.path_expr(&[(self.text_of(named), at)]);
                self.ty(ty);
                let args = self.exprs_of(arguments);
                Some(self.writer.expr(at, ExprKind::Call(callee, args)))
            }
            "qualified_type" => {
                let package = named.child_by_field_name("package")?;
                let name = named.child_by_field_name("name")?;
                let receiver = self.writer.path_expr(&[(self.text_of(package), tree::start(package))]);
                self.ty(ty);
                let args = self.exprs_of(arguments);
                let text = self.writer.name(self.text_of(name));
                let kind = ExprKind::MethodCall { receiver, name: text, type_args: List::default(), args };
                Some(self.writer.expr(tree::start(name), kind))
            }
            _ => None,
        }
    }

    fn closure(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut params: Vec<ParamFact> = Vec::new();
        for param in node.child_by_field_name("parameters").map(tree::children).unwrap_or_default() {
            self.parameter(param, &mut params);
        }
        let pairs: Vec<u32> = params.iter().flat_map(|param| [param.pat.0, param.ty.0]).collect();
        let params = self.writer.list(&pairs);
        let result = self.result(node);
        let mut statements = self.named_results(node);
        if let Some(body) = node.child_by_field_name("body") {
            self.statements(body, &mut statements);
        }
        let body = self.sequence(at, &statements);
        self.writer.expr(at, ExprKind::Closure(params, result, body))
    }
}
