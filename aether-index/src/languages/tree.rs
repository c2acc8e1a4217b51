//! What the walks of several languages ask of a syntax tree.

use aether_core::base::{ByteSpan, ErrorCode};
use aether_core::code::facts::FileFacts;
use tree_sitter::{Language, Node, Parser, Tree};

use crate::facts::FactsWriter;

/// A parser of a grammar that this crate has.
pub(super) fn parser(grammar: &Language) -> Parser {
    let mut parser = Parser::new();
    parser.set_language(grammar).expect("the grammar and the parser library are built for the same ABI");
    parser
}

/// The facts that `walk` takes from the tree of a text; without one, those of the file alone.
pub(super) fn facts<'t>(
    tree: Option<Tree>,
    file_name: &str,
    text: &'t str,
    walk: impl FnOnce(FactsWriter<'t>, Node<'_>) -> FactsWriter<'t>,
) -> FileFacts {
    let mut writer = FactsWriter::new(file_name, text);
    if let Some(tree) = tree {
        note_errors(&mut writer, &tree);
        writer = walk(writer, tree.root_node());
    }
    writer.finish()
}

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

/// Notes each outermost region that does not parse.
pub(super) fn note_errors(writer: &mut FactsWriter<'_>, tree: &Tree) {
    each_error(tree, |node| writer.diagnose(ErrorCode::INDEX_SYNTAX_ERROR, span(node)));
}

/// Visits each outermost region that does not parse.
pub(super) fn each_error<'t>(tree: &'t Tree, mut visit: impl FnMut(Node<'t>)) {
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
