//! Documentation: `/** … */`.

use tree_sitter::Node;

use super::{Walk, tree};

impl Walk<'_> {
    /// The parts of a node, each with the comment in front of it that documents it.
    pub(super) fn documented<'n>(&self, node: Node<'n>) -> Vec<(Node<'n>, Option<Node<'n>>)> {
        let mut cursor = node.walk();
        let mut parts = Vec::new();
        let mut doc = None;
        for child in node.named_children(&mut cursor) {
            if child.kind() == "comment" {
                let is_doc = self.text_of(child).starts_with("/**");
                doc = if is_doc { Some(child) } else { doc };
            } else if child.kind() == "decorator" {
                parts.push((child, None));
            } else {
                parts.push((child, doc.take()));
            }
        }
        parts
    }

    /// Keeps what documents the statement that is read next.
    pub(super) fn hold_doc(&mut self, comment: Option<Node<'_>>) {
        self.doc = comment.map(|comment| doc_text(self.text_of(comment))).unwrap_or_default();
    }

    /// The documentation that a declaration takes.
    pub(super) fn take_doc(&mut self) -> String {
        std::mem::take(&mut self.doc)
    }

    /// The documentation of the file: a comment at its start that does not belong to a declaration.
    pub(super) fn file_doc(&self, root: Node<'_>) -> Option<String> {
        let mut cursor = root.walk();
        let mut children = root.named_children(&mut cursor).filter(|child| child.kind() != "hash_bang_line");
        let first = children.next().filter(|child| child.kind() == "comment")?;
        let text = self.text_of(first);
        let next = children.next();
        let is_for_file = next.is_none_or(|next| {
            matches!(next.kind(), "comment" | "import_statement")
                || (next.kind() == "expression_statement"
                    && next.named_child(0).is_some_and(|child| child.kind() == "string"))
        });
        (text.starts_with("/**") && is_for_file).then(|| doc_text(text))
    }
}

/// The text of a comment without its markers.
fn doc_text(comment: &str) -> String {
    let text = comment.trim_start_matches("/**");
    let text = text.strip_suffix("*/").unwrap_or(text);
    let lines = text.lines().map(|line| {
        let line = line.trim();
        line.strip_prefix('*').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)).trim_end()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The first byte of a node behind its decorators.
pub(super) fn head(node: Node<'_>) -> u32 {
    let mut cursor = node.walk();
    let first = node.children(&mut cursor).find(|child| !matches!(child.kind(), "decorator" | "comment"));
    first.map_or_else(|| tree::start(node), tree::start)
}

#[cfg(test)]
mod tests {
    use super::doc_text;

    #[test]
    fn documentation_loses_its_stars() {
        assert_eq!(doc_text("/** One. */"), "One.");
        assert_eq!(doc_text("/**\n * One.\n *\n *   Two\n */"), "One.\n\n  Two");
    }
}
