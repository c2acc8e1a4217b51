//! A bare parse: what every index of these files costs at least.

use std::path::Path;

use aether_core::base::RelPath;
use anyhow::{Context as _, Result};
use tree_sitter::{Node, Parser};

use crate::measure::{Sorted, cpu_seconds};

/// A parser of Rust.
pub(crate) fn parser() -> Result<Parser> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_rust::LANGUAGE.into()).context("the grammar does not fit the parser")?;
    Ok(parser)
}

/// The texts of files, read ahead of a parse.
pub(crate) fn texts(root: &Path, files: &[RelPath]) -> Result<Vec<Vec<u8>>> {
    files
        .iter()
        .map(|file| std::fs::read(root.join(file.as_str())).with_context(|| format!("cannot read {file}")))
        .collect()
}

/// CPU seconds of a parse of all `texts` on one thread, the median of `runs`.
pub(super) fn cpu_seconds_of_parse(texts: &[Vec<u8>], runs: usize) -> Result<f64> {
    let mut parser = parser()?;
    let mut seconds = Vec::with_capacity(runs);
    for _ in 0..runs.max(1) {
        let start = cpu_seconds()?;
        for text in texts {
            // Dropping a tree is part of what a parse costs.
            drop(parser.parse(text, None));
        }
        seconds.push(cpu_seconds()? - start);
    }
    Ok(Sorted::new(seconds).median())
}

/// A function with a body, as far as edits need it; offsets are bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Function {
    pub(super) start: usize,
    pub(super) name: (usize, usize),
    /// The closing bracket of the parameters.
    pub(super) parameters_end: usize,
    /// Behind the brace that opens the body.
    pub(super) body_start: usize,
}

/// All functions with a body of a text, nested ones included, macros left alone.
pub(super) fn functions(parser: &mut Parser, text: &str) -> Vec<Function> {
    let Some(tree) = parser.parse(text, None) else { return Vec::new() };
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    // Written as a loop over a cursor: recursion would follow the nesting of the source.
    loop {
        found.extend(function(cursor.node()));
        if cursor.node().kind() != "token_tree" && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

/// Whether a text parses without an error.
pub(super) fn parses(parser: &mut Parser, text: &str) -> bool {
    parser.parse(text, None).is_some_and(|tree| !tree.root_node().has_error())
}

fn function(node: Node<'_>) -> Option<Function> {
    if node.kind() != "function_item" {
        return None;
    }
    let field = |name| node.child_by_field_name(name);
    let name = field("name")?;
    Some(Function {
        start: node.start_byte(),
        name: (name.start_byte(), name.end_byte()),
        parameters_end: field("parameters")?.end_byte() - 1,
        body_start: field("body")?.start_byte() + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_wherever_they_stand() {
        let text = "trait T { fn no(&self); fn yes(&self) {} }\nmod m { fn a() { fn b(x: u8) {} } }\nm! { fn c() {} }\n";
        let found = functions(&mut parser().unwrap(), text);
        let names: Vec<&str> = found.iter().map(|function| &text[function.name.0..function.name.1]).collect();
        assert_eq!(names, ["yes", "a", "b"]);
        assert_eq!(&text[found[2].parameters_end..found[2].parameters_end + 1], ")");
        assert_eq!(&text[found[2].body_start - 1..found[2].body_start], "{");
    }
}
