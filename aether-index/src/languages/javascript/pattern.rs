//! Patterns: what an assignment or a parameter binds.

use aether_core::code::facts::{ExprIdx, PatIdx, PatKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// Reads a pattern; what its defaults do is added to `values`.
    pub(super) fn pattern(&mut self, node: Node<'_>, values: &mut Vec<ExprIdx>) -> PatIdx {
        let at = tree::start(node);
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => {
                let name = self.writer.name(self.text_of(node));
                self.writer.pat(at, PatKind::Bind(name, None))
            }
            "object_pattern" | "array_pattern" => {
                let inner = self.deeper(|walk| {
                    let parts = tree::children(node);
                    parts.into_iter().map(|part| walk.pattern(part, values).0).collect::<Vec<u32>>()
                });
                let list = self.writer.list(&inner.unwrap_or_default());
                self.writer.pat(at, PatKind::Tuple(list))
            }
            "pair_pattern" | "rest_pattern" | "assignment_pattern" | "object_assignment_pattern" => {
                let inner = match node.kind() {
                    "pair_pattern" => node.child_by_field_name("value"),
                    "rest_pattern" => node.named_child(0),
                    _ => {
                        let default = node.child_by_field_name("right").map(|right| self.expr(right));
                        values.extend(default);
                        node.child_by_field_name("left")
                    }
                };
                let inner = inner.and_then(|inner| self.deeper(|walk| walk.pattern(inner, values)));
                inner.unwrap_or_else(|| self.writer.pat(at, PatKind::Wild))
            }
            _ => self.writer.pat(at, PatKind::Wild),
        }
    }

    /// The names that a pattern binds.
    pub(super) fn bound_names<'n>(&self, pattern: Node<'n>) -> Vec<Node<'n>> {
        let mut names = Vec::new();
        let mut left = vec![pattern];
        while let Some(node) = left.pop() {
            match node.kind() {
                "identifier" | "shorthand_property_identifier_pattern" => names.push(node),
                "pair_pattern" => left.extend(node.child_by_field_name("value")),
                "assignment_pattern" | "object_assignment_pattern" => {
                    left.extend(node.child_by_field_name("left"));
                }
                "object_pattern" | "array_pattern" | "rest_pattern" => {
                    left.extend(tree::children(node).into_iter().rev());
                }
                _ => {}
            }
        }
        names
    }
}
