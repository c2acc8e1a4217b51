//! Documentation: the comments in front of a declaration.

use tree_sitter::Node;

use super::Walk;

impl Walk<'_> {
    /// The named children of a node, each with the comments that end on the line in front of it. What an
    /// error holds stands in its place.
    pub(super) fn documented<'n>(&self, node: Node<'n>) -> Vec<(Node<'n>, Vec<Node<'n>>)> {
        let mut found = Vec::new();
        let mut comments: Vec<Node<'n>> = Vec::new();
        let mut last_row = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            let row = child.start_position().row;
            if comments.last().is_some_and(|comment| comment.end_position().row + 1 < row) {
                comments.clear();
            }
            if child.kind() == "comment" {
                // Behind something on its line, a comment is about that.
                if last_row != Some(row) {
                    comments.push(child);
                }
                continue;
            }
            // A directive ends where the next line begins.
            let end = child.end_position();
            last_row = if end.column == 0 { end.row.checked_sub(1) } else { Some(end.row) };
            found.push((child, std::mem::take(&mut comments)));
        }
        found
    }

    /// The text of comments without their markers.
    pub(super) fn doc(&self, comments: &[Node<'_>]) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for &comment in comments {
            let text = self.text_of(comment).trim_end();
            if let Some(block) = text.strip_prefix("/*") {
                let block = block.strip_suffix("*/").unwrap_or(block);
                lines.extend(block.lines().map(|line| {
                    let line = line.trim().trim_start_matches(['*', '!']);
                    line.strip_prefix(' ').unwrap_or(line).trim_end()
                }));
            } else {
                for line in text.lines() {
                    let line = line.trim().trim_start_matches(['/', '!']);
                    lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end());
                }
            }
        }
        lines.join("\n").trim().to_owned()
    }
}
