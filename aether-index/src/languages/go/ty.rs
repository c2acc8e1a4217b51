//! Types as they are written.

use aether_core::code::facts::{ExprIdx, ExprKind, TypeIdx, TypeKind};
use tree_sitter::Node;

use super::tables::BASIC_TYPES;
use super::{Walk, fields, tree};

impl Walk<'_> {
    /// Reads a type; `None` when it has no members that could be asked for.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        self.deeper(|walk| walk.ty_inside(node)).flatten()
    }

    fn ty_inside(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let at = tree::start(node);
        match node.kind() {
            "type_identifier" | "identifier" => {
                let name = self.text_of(node);
                if let Some(&(_, bound)) = self.type_parameters.iter().rev().find(|(known, _)| *known == name)
                {
                    return bound;
                }
                if BASIC_TYPES.binary_search(&name).is_ok() {
                    return None;
                }
                let path = self.writer.path(&[(name, at)]);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "qualified_type" | "selector_expression" => self.qualified(node, &[]),
            "generic_type" => {
                let mut arguments = Vec::new();
                for argument in
                    node.child_by_field_name("type_arguments").map(tree::children).unwrap_or_default()
                {
                    arguments.extend(self.ty(argument));
                }
                let head = node.child_by_field_name("type")?;
                if head.kind() == "qualified_type" {
                    return self.qualified(head, &arguments);
                }
                let at = tree::start(head);
                let path = self.writer.path_with(&[(self.text_of(head), at)], &arguments);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "pointer_type" | "parenthesized_type" | "type_elem" | "type_constraint" => {
                self.ty(node.named_child(0)?)
            }
            // A map and a channel give values of one type, as a list does.
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                let element = node.child_by_field_name("element").and_then(|element| self.ty(element))?;
                Some(self.writer.ty(at, TypeKind::Slice(element)))
            }
            "map_type" | "channel_type" => {
                node.child_by_field_name("key").and_then(|key| self.ty(key));
                let element = node.child_by_field_name("value").and_then(|value| self.ty(value))?;
                Some(self.writer.ty(at, TypeKind::Slice(element)))
            }
            "function_type" => {
                for param in node.child_by_field_name("parameters").map(tree::children).unwrap_or_default() {
                    param.child_by_field_name("type").and_then(|ty| self.ty(ty));
                }
                self.result(node);
                None
            }
            _ => None,
        }
    }

    /// `package.Name`.
    fn qualified(&mut self, node: Node<'_>, arguments: &[TypeIdx]) -> Option<TypeIdx> {
        let package = node.child_by_field_name("package").or_else(|| node.child_by_field_name("operand"))?;
        let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("field"))?;
        if !matches!(package.kind(), "package_identifier" | "identifier") {
            return None;
        }
        let at = tree::start(name);
        let names = [(self.text_of(package), tree::start(package)), (self.text_of(name), at)];
        let path = self.writer.path_with(&names, arguments);
        Some(self.writer.ty(at, TypeKind::Path(path)))
    }

    /// The bound of a type parameter, where it is one interface.
    pub(super) fn bound(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        match tree::children(node)[..] {
            [only] => self.ty(only),
            _ => None,
        }
    }

    /// The first result of a function; the others are read for what they mention.
    pub(super) fn result(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let result = node.child_by_field_name("result")?;
        if result.kind() != "parameter_list" {
            return self.ty(result);
        }
        let mut first = None;
        for (number, param) in tree::children(result).into_iter().enumerate() {
            let ty = param.child_by_field_name("type").and_then(|ty| self.ty(ty));
            if number == 0 {
                first = ty;
            }
        }
        first
    }

    /// The variables that named results are.
    pub(super) fn named_results(&mut self, node: Node<'_>) -> Vec<ExprIdx> {
        let mut variables = Vec::new();
        let result = node.child_by_field_name("result").filter(|result| result.kind() == "parameter_list");
        for param in result.map(tree::children).unwrap_or_default() {
            let names = fields(param, "name");
            if names.is_empty() {
                continue;
            }
            let ty = param.child_by_field_name("type").and_then(|ty| self.ty(ty));
            for name in names {
                variables.push(self.variable(name, ty, None));
            }
        }
        variables
    }

    /// A variable that is known from now on.
    pub(super) fn variable(&mut self, name: Node<'_>, ty: Option<TypeIdx>, init: Option<ExprIdx>) -> ExprIdx {
        let pat = self.pattern(name);
        self.writer.expr(tree::start(name), ExprKind::Let { pat, ty, init, otherwise: None })
    }
}
