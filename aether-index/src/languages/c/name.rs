//! Names with what they are qualified by.

use tree_sitter::Node;

use super::{Walk, tree};

/// The parts of a name as written, each with its first byte; the last one is the name itself.
pub(super) type Parts<'t> = Vec<(&'t str, u32)>;

/// Most parts of a name; what people write has less than ten.
pub(super) const MOST_PARTS: usize = 64;

impl<'t> Walk<'t> {
    /// The parts of a name: `a::b<int>::c` is `a`, `b`, `c`. Empty where something is computed.
    pub(super) fn parts(&self, node: Node<'_>) -> Parts<'t> {
        let mut parts = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next {
            next = None;
            if parts.len() > MOST_PARTS {
                return Vec::new();
            }
            match node.kind() {
                "qualified_identifier" => {
                    if let Some(scope) = node.child_by_field_name("scope") {
                        match self.plain(scope) {
                            Some(part) => parts.push(part),
                            None => return Vec::new(),
                        }
                    }
                    next = node.child_by_field_name("name");
                }
                "dependent_name" | "dependent_type" => next = node.named_child(0),
                _ => match self.plain(node) {
                    Some(part) => parts.push(part),
                    None => return Vec::new(),
                },
            }
        }
        parts
    }

    /// A name without its arguments.
    fn plain(&self, node: Node<'_>) -> Option<(&'t str, u32)> {
        match node.kind() {
            "identifier"
            | "field_identifier"
            | "type_identifier"
            | "namespace_identifier"
            | "statement_identifier"
            | "primitive_type"
            | "destructor_name"
            | "this" => Some((self.text_of(node), tree::start(node))),
            "operator_name" => Some((operator(self.text_of(node)), tree::start(node))),
            "template_function" | "template_method" | "template_type" => {
                self.plain(node.child_by_field_name("name")?)
            }
            _ => None,
        }
    }

    /// The node that a name is, without what it is qualified by and without arguments.
    pub(super) fn last_of<'n>(&self, node: Node<'n>) -> Node<'n> {
        let mut node = node;
        loop {
            let inner = match node.kind() {
                "qualified_identifier" | "template_function" | "template_method" | "template_type" => {
                    node.child_by_field_name("name")
                }
                "dependent_name" | "dependent_type" => node.named_child(0),
                _ => None,
            };
            match inner {
                Some(inner) => node = inner,
                None => return node,
            }
        }
    }
}

/// The name of an operator: as written, when nothing but the operator stands there.
fn operator(text: &str) -> &str {
    text.trim_end()
}
