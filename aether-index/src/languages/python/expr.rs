//! Statements and expressions.

use aether_core::code::facts::{ExprIdx, ExprKind, LiteralKind, OperatorKind, PatIdx, PatKind, TypeIdx};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// The statements of a body as one block.
    pub(super) fn suite(&mut self, statements: &[Node<'_>], at: u32) -> ExprIdx {
        let read: Vec<ExprIdx> = statements.iter().filter_map(|&node| self.statement(node)).collect();
        self.sequence(at, &read)
    }

    /// Reads a statement; `None` when it evaluates nothing.
    fn statement(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        self.deeper(|walk| walk.statement_inside(node)).flatten()
    }

    fn statement_inside(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        let at = tree::start(node);
        match node.kind() {
            "function_definition" => {
                let defaults = self.defaults(node);
                self.function(node, Vec::new());
                (!defaults.is_empty()).then(|| self.sequence(at, &defaults))
            }
            "class_definition" => {
                self.class(node, Vec::new());
                None
            }
            "decorated_definition" => {
                let attributes = self.decorators(node);
                let mut evaluated: Vec<ExprIdx> = Vec::new();
                for child in tree::children(node) {
                    if child.kind() == "decorator"
                        && let Some(value) = child.named_child(0)
                    {
                        evaluated.push(self.expr(value));
                    }
                }
                let definition = node.child_by_field_name("definition")?;
                if definition.kind() == "class_definition" {
                    self.class(definition, attributes);
                } else {
                    evaluated.extend(self.defaults(definition));
                    self.function(definition, attributes);
                }
                (!evaluated.is_empty()).then(|| self.sequence(at, &evaluated))
            }
            "import_statement" => {
                self.import(node);
                None
            }
            "import_from_statement" | "future_import_statement" => {
                self.import_from(node);
                None
            }
            "expression_statement" => {
                let values: Vec<ExprIdx> =
                    tree::children(node).into_iter().map(|child| self.expr(child)).collect();
                match values[..] {
                    [only] => Some(only),
                    _ => Some(self.sequence(at, &values)),
                }
            }
            "return_statement" => {
                let value = node.named_child(0).map(|value| self.expr(value));
                Some(self.writer.expr(at, ExprKind::Return(value)))
            }
            "if_statement" | "elif_clause" => {
                let condition = node.child_by_field_name("condition").map(|node| self.expr(node));
                let then = node.child_by_field_name("consequence").map(|node| self.block(node));
                let mut cursor = node.walk();
                let others: Vec<Node<'_>> = node.children_by_field_name("alternative", &mut cursor).collect();
                let others: Vec<ExprIdx> =
                    others.into_iter().filter_map(|node| self.statement(node)).collect();
                let condition = condition.unwrap_or_else(|| self.nothing(at));
                let then = then.unwrap_or_else(|| self.nothing(at));
                let otherwise = (!others.is_empty()).then(|| self.sequence(at, &others));
                Some(self.writer.expr(at, ExprKind::If(condition, then, otherwise)))
            }
            "while_statement" => {
                let condition = node.child_by_field_name("condition").map(|node| self.expr(node));
                let body = node.child_by_field_name("body").map(|node| self.block(node));
                let condition = condition.unwrap_or_else(|| self.nothing(at));
                let body = body.unwrap_or_else(|| self.nothing(at));
                let whole = self.writer.expr(at, ExprKind::While(condition, body));
                Some(self.with_else(node, at, whole))
            }
            "for_statement" => {
                let value = node.child_by_field_name("right").map(|node| self.expr(node));
                let pat = node.child_by_field_name("left").map(|node| self.pattern(node));
                let body = node.child_by_field_name("body").map(|node| self.block(node));
                let value = value.unwrap_or_else(|| self.nothing(at));
                let pat = pat.unwrap_or_else(|| self.writer.pat(at, PatKind::Wild));
                let body = body.unwrap_or_else(|| self.nothing(at));
                let whole = self.writer.expr(at, ExprKind::For(pat, value, body));
                Some(self.with_else(node, at, whole))
            }
            "type_alias_statement"
            | "global_statement"
            | "nonlocal_statement"
            | "pass_statement"
            | "comment" => None,
            "block" => Some(self.block(node)),
            // `try`, `with`, `match`, `del`, `assert`, `raise`: what is in them, in order.
            _ => Some(self.parts(node)),
        }
    }

    fn with_else(&mut self, node: Node<'_>, at: u32, whole: ExprIdx) -> ExprIdx {
        match node.child_by_field_name("alternative").and_then(|node| self.statement(node)) {
            Some(otherwise) => self.sequence(at, &[whole, otherwise]),
            None => whole,
        }
    }

    fn block(&mut self, node: Node<'_>) -> ExprIdx {
        let statements = tree::children(node);
        self.suite(&statements, tree::start(node))
    }

    /// What a statement or clause consists of: blocks, clauses, bindings, expressions.
    fn parts(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut parts = Vec::new();
        for child in tree::children(node) {
            let part = match child.kind() {
                "block" => Some(self.block(child)),
                "as_pattern" => Some(self.as_pattern(child)),
                "case_pattern" | "as_pattern_target" => None,
                kind if kind.ends_with("_clause")
                    || kind.ends_with("_item")
                    || kind.ends_with("_statement") =>
                {
                    self.statement(child)
                }
                _ => Some(self.expr(child)),
            };
            parts.extend(part);
        }
        self.sequence(at, &parts)
    }

    /// `value as name`.
    fn as_pattern(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let init = node.named_child(0).map(|value| self.expr(value));
        let target = node.child_by_field_name("alias").and_then(|alias| alias.named_child(0));
        let pat = match target {
            Some(target) => self.pattern(target),
            None => self.writer.pat(at, PatKind::Wild),
        };
        self.writer.expr(at, ExprKind::Let { pat, ty: None, init, otherwise: None })
    }

    /// The names that an assignment binds.
    fn pattern(&mut self, node: Node<'_>) -> PatIdx {
        let at = tree::start(node);
        match node.kind() {
            "identifier" => {
                let name = self.writer.name(self.text_of(node));
                self.writer.pat(at, PatKind::Bind(name, None))
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "list_splat_pattern" | "tuple" | "list" => {
                let inner = self.deeper(|walk| {
                    let parts = tree::children(node);
                    parts.into_iter().map(|part| walk.pattern(part).0).collect::<Vec<u32>>()
                });
                let list = self.writer.list(&inner.unwrap_or_default());
                self.writer.pat(at, PatKind::Tuple(list))
            }
            _ => self.writer.pat(at, PatKind::Wild),
        }
    }

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
            "identifier" => self.writer.path_expr(&[(self.text_of(node), at)]),
            "attribute" => {
                let Some(name) = node.child_by_field_name("attribute") else { return self.list_of(node) };
                let object = node.child_by_field_name("object").map(|object| self.expr(object));
                let object = object.unwrap_or_else(|| self.nothing(at));
                let text = self.writer.name(self.text_of(name));
                self.writer.expr(tree::start(name), ExprKind::Field(object, text))
            }
            "call" => self.call(node),
            "assignment" => self.assignment(node),
            "augmented_assignment" => {
                let left = node.child_by_field_name("left").map(|left| self.expr(left));
                let right = node.child_by_field_name("right").map(|right| self.expr(right));
                let left = left.unwrap_or_else(|| self.nothing(at));
                let right = right.unwrap_or_else(|| self.nothing(at));
                self.writer.expr(at, ExprKind::Assign(left, right, Some(OperatorKind::Add)))
            }
            "named_expression" => {
                let init = node.child_by_field_name("value").map(|value| self.expr(value));
                let pat = node.child_by_field_name("name").map(|name| self.pattern(name));
                let pat = pat.unwrap_or_else(|| self.writer.pat(at, PatKind::Wild));
                self.writer.expr(at, ExprKind::Let { pat, ty: None, init, otherwise: None })
            }
            "await" => {
                let inner = node.named_child(0).map(|inner| self.expr(inner));
                let inner = inner.unwrap_or_else(|| self.nothing(at));
                self.writer.expr(at, ExprKind::Await(inner))
            }
            "parenthesized_expression" => match tree::children(node)[..] {
                [only] => self.expr(only),
                _ => self.list_of(node),
            },
            "boolean_operator" | "binary_operator" => {
                let left = node.child_by_field_name("left").map(|left| self.expr(left));
                let right = node.child_by_field_name("right").map(|right| self.expr(right));
                let left = left.unwrap_or_else(|| self.nothing(at));
                let right = right.unwrap_or_else(|| self.nothing(at));
                if node.kind() == "boolean_operator" {
                    return self.writer.expr(at, ExprKind::Binary(OperatorKind::Logic, left, right));
                }
                // What an operator gives is not what its operands are.
                let list = self.writer.expr_list(&[left, right]);
                self.writer.expr(at, ExprKind::Unknown(list))
            }
            "conditional_expression" => {
                let parts: Vec<ExprIdx> =
                    tree::children(node).into_iter().map(|part| self.expr(part)).collect();
                match parts[..] {
                    [then, condition, otherwise] => {
                        self.writer.expr(at, ExprKind::If(condition, then, Some(otherwise)))
                    }
                    _ => {
                        let list = self.writer.expr_list(&parts);
                        self.writer.expr(at, ExprKind::Unknown(list))
                    }
                }
            }
            "subscript" => {
                let value = node.child_by_field_name("value").map(|value| self.expr(value));
                let value = value.unwrap_or_else(|| self.nothing(at));
                let mut cursor = node.walk();
                let indexes: Vec<Node<'_>> = node.children_by_field_name("subscript", &mut cursor).collect();
                let indexes: Vec<ExprIdx> = indexes.into_iter().map(|index| self.expr(index)).collect();
                let list = self.writer.expr_list(&indexes);
                let index = self.writer.expr(at, ExprKind::Tuple(list));
                self.writer.expr(at, ExprKind::Index(value, index))
            }
            "lambda" => {
                let params = node.child_by_field_name("parameters").map(tree::children).unwrap_or_default();
                let mut list: Vec<u32> = Vec::new();
                for param in params {
                    let name = match param.kind() {
                        "identifier" => Some(param),
                        _ => param.child_by_field_name("name").or_else(|| param.named_child(0)),
                    };
                    if let Some(name) = name {
                        let pat = self.pattern(name);
                        list.extend([pat.0, u32::MAX]);
                    }
                }
                let body = node.child_by_field_name("body").map(|body| self.expr(body));
                let body = body.unwrap_or_else(|| self.nothing(at));
                let params = self.writer.list(&list);
                self.writer.expr(at, ExprKind::Closure(params, None, body))
            }
            "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => self.comprehension(node),
            "as_pattern" => self.as_pattern(node),
            "string" | "concatenated_string" => self.string(node),
            "integer" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Integer(None))),
            "float" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Float(None))),
            "true" | "false" => self.writer.expr(at, ExprKind::Literal(LiteralKind::Bool)),
            "keyword_argument" => match node.child_by_field_name("value") {
                Some(value) => self.expr(value),
                None => self.nothing(at),
            },
            _ => self.list_of(node),
        }
    }

    /// A form that is not modelled: what is in it, in order.
    fn list_of(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let parts: Vec<ExprIdx> = tree::children(node).into_iter().map(|part| self.expr(part)).collect();
        let list = self.writer.expr_list(&parts);
        self.writer.expr(at, ExprKind::Unknown(list))
    }

    /// A string: the values that are formatted into it are read.
    fn string(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut values = Vec::new();
        for part in tree::children(node) {
            match part.kind() {
                "interpolation" => values.push(self.list_of(part)),
                "string" => values.push(self.expr(part)),
                _ => {}
            }
        }
        let is_bytes = self.text_of(node).get(..2).is_some_and(|head| head.contains(['b', 'B']));
        let kind = if is_bytes { LiteralKind::ByteStr } else { LiteralKind::Str };
        let literal = self.writer.expr(at, ExprKind::Literal(kind));
        if values.is_empty() {
            return literal;
        }
        let statements = self.writer.expr_list(&values);
        let flavour = aether_core::code::facts::BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: Some(literal), scope: None, flavour })
    }

    /// `[value for name in values if condition]`: the loops come first.
    fn comprehension(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let mut parts = Vec::new();
        for clause in tree::children(node).into_iter().skip(1) {
            match clause.kind() {
                "for_in_clause" => {
                    let value = clause.child_by_field_name("right").map(|right| self.expr(right));
                    let pat = clause.child_by_field_name("left").map(|left| self.pattern(left));
                    let value = value.unwrap_or_else(|| self.nothing(at));
                    let pat = pat.unwrap_or_else(|| self.writer.pat(at, PatKind::Wild));
                    let body = self.nothing(at);
                    parts.push(self.writer.expr(at, ExprKind::For(pat, value, body)));
                }
                _ => parts.push(self.list_of(clause)),
            }
        }
        if let Some(body) = node.child_by_field_name("body") {
            parts.push(self.expr(body));
        }
        let list = self.writer.expr_list(&parts);
        self.writer.expr(at, ExprKind::Unknown(list))
    }

    fn call(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let Some(function) = node.child_by_field_name("function") else { return self.list_of(node) };
        let arguments = node.child_by_field_name("arguments");
        let is_super = function.kind() == "attribute"
            && function.child_by_field_name("object").is_some_and(|object| {
                object.kind() == "call"
                    && object
                        .child_by_field_name("function")
                        .is_some_and(|name| self.text_of(name) == "super")
            });
        if function.kind() == "attribute"
            && let Some(name) = function.child_by_field_name("attribute")
        {
            let receiver = match function.child_by_field_name("object") {
                // `super().name()` calls what a base has.
                Some(object) if is_super => self.writer.path_expr(&[("super", tree::start(object))]),
                Some(object) => self.expr(object),
                None => self.nothing(at),
            };
            let args = self.arguments(arguments);
            let text = self.writer.name(self.text_of(name));
            let kind = ExprKind::MethodCall { receiver, name: text, type_args: Default::default(), args };
            return self.writer.expr(tree::start(name), kind);
        }
        let callee = self.expr(function);
        let args = self.arguments(arguments);
        let at = self.writer.expr_at(callee);
        self.writer.expr(at, ExprKind::Call(callee, args))
    }

    fn arguments(&mut self, node: Option<Node<'_>>) -> aether_core::code::facts::List {
        let values: Vec<ExprIdx> = match node {
            Some(node) if node.kind() == "generator_expression" => vec![self.expr(node)],
            Some(node) => tree::children(node).into_iter().map(|value| self.expr(value)).collect(),
            None => Vec::new(),
        };
        self.writer.expr_list(&values)
    }

    fn assignment(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let Some(left) = node.child_by_field_name("left") else { return self.list_of(node) };
        let right = node.child_by_field_name("right");
        let init = right.map(|right| self.expr(right));
        let annotation = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
        let made: Option<TypeIdx> = match annotation {
            Some(ty) => Some(ty),
            None => right.and_then(|right| self.constructed(right)),
        };
        match left.kind() {
            "identifier" => self.variable(left, node, made),
            "attribute" => {
                let object = left.child_by_field_name("object");
                let is_self = object.is_some_and(|object| self.text_of(object) == "self");
                if is_self && let Some(name) = left.child_by_field_name("attribute") {
                    self.attribute(name, node, made);
                }
            }
            _ => {}
        }
        if left.kind() == "attribute" || left.kind() == "subscript" {
            let target = self.expr(left);
            let init = init.unwrap_or_else(|| self.nothing(at));
            return self.writer.expr(at, ExprKind::Assign(target, init, None));
        }
        let pat = self.pattern(left);
        self.writer.expr(at, ExprKind::Let { pat, ty: annotation, init, otherwise: None })
    }
}
