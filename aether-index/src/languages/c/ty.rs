//! Types as they are written.

use aether_core::code::facts::{TypeIdx, TypeKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// Reads a type; `None` when it has no members that could be asked for. Pointers and references are
    /// what they lead to, because members are found alike.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        self.deeper(|walk| walk.ty_inside(node)).flatten()
    }

    fn ty_inside(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        match node.kind() {
            "type_identifier" => {
                let name = self.text_of(node);
                if self.type_parameters.contains(&name) {
                    return None;
                }
                self.named(node)
            }
            "struct_specifier" | "class_specifier" | "union_specifier" | "enum_specifier" => {
                let name = node.child_by_field_name("name")?;
                self.named(name)
            }
            "qualified_identifier" | "template_type" => self.generic(node),
            "dependent_type" | "type_descriptor" => {
                let inner = node.child_by_field_name("type").or_else(|| node.named_child(0))?;
                let ty = self.ty(inner)?;
                let is_array = node
                    .child_by_field_name("declarator")
                    .is_some_and(|declarator| declarator.kind() == "abstract_array_declarator");
                if is_array {
                    return Some(self.writer.ty(tree::start(node), TypeKind::Array(ty)));
                }
                Some(ty)
            }
            _ => None,
        }
    }

    /// A type by its name.
    fn named(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let parts = self.parts(node);
        let &(_, at) = parts.last()?;
        let path = self.writer.path(&parts);
        Some(self.writer.ty(at, TypeKind::Path(path)))
    }

    /// A type with arguments.
    fn generic(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let mut last = node;
        while last.kind() == "qualified_identifier" {
            last = last.child_by_field_name("name")?;
        }
        let parts = self.parts(node);
        let &(_, at) = parts.last()?;
        let mut arguments = Vec::new();
        if last.kind() == "template_type" {
            for argument in last.child_by_field_name("arguments").map(tree::children).unwrap_or_default() {
                // Each keeps its place.
                let ty = self.ty(argument);
                arguments.push(ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown)));
            }
        }
        let path = self.writer.path_with(&parts, &arguments);
        Some(self.writer.ty(at, TypeKind::Path(path)))
    }

    /// The type that a declaration gives to a name.
    pub(super) fn declared_type(&mut self, ty: Option<TypeIdx>, is_array: bool, at: u32) -> Option<TypeIdx> {
        match ty {
            Some(ty) if is_array => Some(self.writer.ty(at, TypeKind::Array(ty))),
            other => other,
        }
    }
}
