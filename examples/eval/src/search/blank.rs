//! Rust source without what people wrote about it.

use anyhow::{Context as _, Result};
use tree_sitter::{Node, Parser};

/// Overwrites each comment and each `doc` attribute with blanks. Line breaks stay, and so every byte of
/// code stays where it was: a symbol of the result is the symbol of the original at the same byte.
pub(crate) fn blank_comments(parser: &mut Parser, source: &mut [u8]) -> Result<()> {
    let tree = parser.parse(&*source, None).context("the parser gave up")?;
    let mut spans = Vec::new();
    let mut cursor = tree.walk();
    // Written as a loop over a cursor: recursion would follow the nesting of the source.
    'walk: loop {
        let node = cursor.node();
        if matches!(node.kind(), "line_comment" | "block_comment") || is_doc_attribute(node, source) {
            spans.push(node.byte_range());
        } else if node.kind() == "token_tree" && is_doc_token_tree(node, source) {
            spans.push(start_of_attribute(node)..node.end_byte());
        } else if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                break 'walk;
            }
        }
    }
    for span in spans {
        for byte in source[span].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            *byte = b' ';
        }
    }
    Ok(())
}

fn is_doc_attribute(node: Node<'_>, source: &[u8]) -> bool {
    matches!(node.kind(), "attribute_item" | "inner_attribute_item")
        && node
            .named_child(0)
            .and_then(|attribute| attribute.named_child(0))
            .is_some_and(|path| &source[path.byte_range()] == b"doc")
}

/// Whether this is the bracket of an attribute `doc` among the arguments of a macro.
fn is_doc_token_tree(node: Node<'_>, source: &[u8]) -> bool {
    source[node.start_byte()] == b'['
        && start_of_attribute(node) < node.start_byte()
        && node.named_child(0).is_some_and(|first| &source[first.byte_range()] == b"doc")
}

/// Where the `#` or `#!` in front of a bracket starts; the bracket itself without one.
fn start_of_attribute(node: Node<'_>) -> usize {
    let before = node.prev_sibling().filter(|sibling| sibling.kind() != "!").or_else(|| {
        let mark = node.prev_sibling()?;
        mark.prev_sibling()
    });
    before.filter(|sibling| sibling.kind() == "#").map_or(node.start_byte(), |mark| mark.start_byte())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::parser;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let mut bytes = source.as_bytes().to_vec();
        blank_comments(&mut parser().unwrap(), &mut bytes).unwrap();
        assert_eq!(bytes.len(), source.len());
        let lines = |text: &str| text.lines().count();
        let found = String::from_utf8(bytes).unwrap();
        assert_eq!(lines(&found), lines(source));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&found), words(expected), "{found}");
    }

    #[test]
    fn comments_of_all_kinds_go() {
        check("//! a\n/// b é\nfn f() { 1 // c\n}\n", "fn f() { 1 }");
        check("/* a /* b */ c */ fn f(/* d\n e */ x: u8) {}", "fn f( x: u8) {}");
        check("/** a */ fn f() { /*! b */ }", "fn f() { }");
    }

    #[test]
    fn what_only_looks_like_a_comment_stays() {
        let source = "fn f() { g(\"// a\", r#\"/* b */\"#, '/', b'/'); }";
        check(source, source);
    }

    #[test]
    fn attributes_that_document_go() {
        check("#[doc = \"a\"]\n#[inline]\nfn f() {}", "#[inline] fn f() {}");
        check("#![doc(html_root_url = \"a\")]\nmod m {}", "mod m {}");
        check("#[doc(alias = \"a\")] fn f() {}", "fn f() {}");
        check("#[document] fn f() {}", "#[document] fn f() {}");
    }

    #[test]
    fn arguments_of_macros_are_code_too() {
        check(
            "m! { /// a\n #[doc = \"b\"] #[inline] fn f() { x[doc] } // c\n }",
            "m! { #[inline] fn f() { x[doc] } }",
        );
        check("m! { #![doc = \"b\"] #!x }", "m! { #!x }");
    }

    #[test]
    fn broken_source_is_blanked_as_far_as_it_goes() {
        check("fn f( { // a\n let = ; /* b */ }", "fn f( { let = ; }");
    }
}
