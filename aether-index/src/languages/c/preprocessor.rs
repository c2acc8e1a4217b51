//! Includes and macros.

use aether_core::code::facts::{ImportKind, ItemDetail};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::{Walk, tree};
use crate::facts::Declaration;

impl Walk<'_> {
    /// `#include`: what the file declares is known from here on, under no name of its own.
    pub(super) fn include(&mut self, node: Node<'_>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let is_global = path.kind() == "system_lib_string";
        if !is_global && path.kind() != "string_literal" {
            return;
        }
        let text = self.text_of(path).trim_matches(['"', '<', '>']);
        let segments: Vec<&str> = text.split('/').filter(|segment| !segment.is_empty()).collect();
        if !segments.is_empty() {
            let at = tree::start(path) + 1;
            self.writer.import(at, is_global, &segments, ImportKind::Anonymous, Visibility::Public);
        }
    }

    /// `#define`: known under its name whatever it stands in.
    pub(super) fn define(&mut self, node: Node<'_>, comments: &[Node<'_>]) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let value = node.child_by_field_name("value");
        let end = value.map_or(name.end_byte(), |value| value.end_byte()) as u32;
        let mut span = tree::span(node);
        span.end = end.max(name.end_byte() as u32);
        let mut declaration = Declaration::new(SymbolKind::MACRO, tree::span(name), span);
        // The value of a macro is no part of what it is called by.
        declaration.body = value.map(tree::span);
        declaration.doc = self.doc(comments);
        let symbol = self.writer.declare_at_top(declaration);
        self.writer.set_detail(symbol, ItemDetail::Macro { is_exported: true });
    }
}

/// Whether a node is a condition of the preprocessor, whose branches all hold what stands around them.
pub(super) fn is_condition(kind: &str) -> bool {
    matches!(kind, "preproc_if" | "preproc_ifdef" | "preproc_else" | "preproc_elif" | "preproc_elifdef")
}

/// Whether a child of a node is a condition itself, or the name that is asked for.
pub(super) fn is_head(parent: Node<'_>, child: Node<'_>) -> bool {
    is_condition(parent.kind())
        && ["condition", "name"].iter().any(|field| parent.child_by_field_name(field) == Some(child))
}
