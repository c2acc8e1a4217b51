//! JSX: an element of a component calls it.

use aether_core::code::facts::{ExprIdx, ExprKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// `<Name …>…</Name>`.
    pub(super) fn jsx(&mut self, node: Node<'_>) -> ExprIdx {
        let at = tree::start(node);
        let open = node.child_by_field_name("open_tag").unwrap_or(node);
        let mut inside = Vec::new();
        for part in tree::children(open) {
            match part.kind() {
                "jsx_attribute" => {
                    let value = part.named_child(1).filter(|value| value.kind() != "string");
                    inside.extend(value.map(|value| self.expr(value)));
                }
                "jsx_expression" => inside.push(self.expr(part)),
                _ => {}
            }
        }
        if open != node {
            for part in tree::children(node) {
                if matches!(part.kind(), "jsx_element" | "jsx_self_closing_element" | "jsx_expression") {
                    inside.push(self.expr(part));
                }
            }
        }
        let name = open.child_by_field_name("name");
        let component = name.filter(|name| match name.kind() {
            // In lower case it is an element of the page.
            "identifier" => !self.text_of(*name).starts_with(|letter: char| letter.is_ascii_lowercase()),
            kind => kind == "member_expression",
        });
        let inside_list = self.writer.expr_list(&inside);
        match component {
            Some(name) => {
                let callee = self.expr(name);
                let at = self.writer.expr_at(callee);
                self.writer.expr(at, ExprKind::Call(callee, inside_list))
            }
            None => self.writer.expr(at, ExprKind::Unknown(inside_list)),
        }
    }
}
