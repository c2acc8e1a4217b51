//! What the walks of several languages ask of a syntax tree.

use aether_core::base::{ByteSpan, ErrorCode};
use tree_sitter::{Node, Tree};

use crate::facts::FactsWriter;

/// The bytes of a node.
pub(super) fn span(node: Node<'_>) -> ByteSpan {
    ByteSpan::new(node.start_byte() as u32, node.end_byte() as u32)
}

/// The first byte of a node.
pub(super) fn start(node: Node<'_>) -> u32 {
    node.start_byte() as u32
}

/// The text of a node.
pub(super) fn text<'t>(node: Node<'_>, source: &'t str) -> &'t str {
    source.get(node.byte_range()).unwrap_or("")
}

/// The named children of a node, comments left out.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra() || child.is_error()).collect()
}

/// How many bytes of a text do not parse.
pub(super) fn error_bytes(tree: &Tree) -> usize {
    let mut count = 0;
    each_error(tree, |node| count += node.byte_range().len().max(1));
    count
}

/// Notes each outermost region that does not parse.
pub(super) fn note_errors(writer: &mut FactsWriter<'_>, tree: &Tree) {
    each_error(tree, |node| writer.diagnose(ErrorCode::INDEX_SYNTAX_ERROR, span(node)));
}

/// Visits each outermost region that does not parse.
fn each_error<'t>(tree: &'t Tree, mut visit: impl FnMut(Node<'t>)) {
    if !tree.root_node().has_error() {
        return;
    }
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            visit(node);
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
