//! A picture in the DOT language of Graphviz.

use std::fmt::Write as _;

use super::Picture;

/// The graph as DOT: boxes are named by the ids of their symbols, calls that are in doubt are dashed.
pub(crate) fn dot(picture: &Picture) -> String {
    let mut text = "digraph aether {\n".to_owned();
    text.push_str("  rankdir=LR;\n");
    text.push_str("  node [shape=box, style=rounded, fontname=monospace];\n");
    for node in &picture.boxes {
        let label = quoted(&node.lines().collect::<Vec<_>>().join("\n"));
        let style = if node.is_middle { ", style=\"rounded,bold\"" } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "  {} [label={label}, tooltip={}{style}];",
            quoted(&node.id.to_string()),
            quoted(&node.hint)
        );
    }
    for arrow in &picture.arrows {
        let [from, to] = [arrow.from, arrow.to].map(|at| quoted(&picture.boxes[at].id.to_string()));
        let style = if arrow.is_doubtful { ", style=dashed" } else { "" };
        let _ = writeln!(text, "  {from} -> {to} [tooltip={}{style}];", quoted(&arrow.hint));
    }
    text.push_str("}\n");
    text
}

/// A text in double quotes, which a label shows as it is: a backslash would start an escape of
/// Graphviz, and `&` one of HTML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => quoted.push('\u{fffd}'),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
