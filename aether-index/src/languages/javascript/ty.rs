//! Types as far as they tell what a value is.

use aether_core::code::facts::{TypeIdx, TypeKind};
use tree_sitter::Node;

use super::{Walk, tree};

/// Types whose value is read as what they hold: a promise is mostly awaited.
const WRAPPERS: [&str; 7] =
    ["Awaited", "NonNullable", "Partial", "Promise", "PromiseLike", "Readonly", "Required"];

impl<'t> Walk<'t> {
    /// Reads a type, or an expression that names one: a name, the one that a union holds.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        self.deeper(|walk| walk.ty_inside(node)).flatten()
    }

    fn ty_inside(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let at = tree::start(node);
        match node.kind() {
            "type_annotation" | "parenthesized_type" | "readonly_type" | "parenthesized_expression" => {
                self.ty(node.named_child(0)?)
            }
            "identifier" | "type_identifier" => {
                let path = self.writer.path(&[(self.text_of(node), at)]);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "nested_type_identifier" | "member_expression" => {
                let names = self.dotted(node)?;
                let path = self.writer.path(&names);
                Some(self.writer.ty(names.last()?.1, TypeKind::Path(path)))
            }
            "generic_type" => {
                let name = node.child_by_field_name("name")?;
                if WRAPPERS.contains(&self.text_of(name)) {
                    let arguments = node.child_by_field_name("type_arguments")?;
                    return self.ty(arguments.named_child(0)?);
                }
                self.arguments_of(node);
                self.ty(name)
            }
            "union_type" => {
                let mut parts = Vec::new();
                union_parts(node, &mut parts);
                // Of several types none is claimed.
                match parts[..] {
                    [only] => self.ty(only),
                    _ => {
                        for part in parts {
                            self.ty(part);
                        }
                        None
                    }
                }
            }
            "array_type" => {
                self.ty(node.named_child(0)?);
                None
            }
            _ => None,
        }
    }

    /// Reads the arguments of a type, which are mentioned there.
    fn arguments_of(&mut self, node: Node<'_>) {
        let arguments = node.child_by_field_name("type_arguments").map(tree::children).unwrap_or_default();
        for argument in arguments {
            self.ty(argument);
        }
    }

    /// The names of `a.b.c`.
    fn dotted(&self, node: Node<'_>) -> Option<Vec<(&'t str, u32)>> {
        let mut parts = Vec::new();
        let mut next = node;
        while matches!(next.kind(), "nested_type_identifier" | "member_expression" | "nested_identifier") {
            parts.push(next.child_by_field_name("name").or_else(|| next.child_by_field_name("property"))?);
            next = next.child_by_field_name("module").or_else(|| next.child_by_field_name("object"))?;
        }
        if next.kind() != "identifier" {
            return None;
        }
        parts.push(next);
        Some(parts.into_iter().rev().map(|part| (self.text_of(part), tree::start(part))).collect())
    }
}

/// The types of a union that have members of their own.
fn union_parts<'n>(union: Node<'n>, parts: &mut Vec<Node<'n>>) {
    let mut left = vec![union];
    while let Some(node) = left.pop() {
        match node.kind() {
            "union_type" => left.extend(tree::children(node)),
            "predefined_type" | "literal_type" => {}
            _ => parts.push(node),
        }
    }
    parts.reverse();
}
