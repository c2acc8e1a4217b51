//! Types, type parameters and patterns.

use aether_core::code::facts::{ExprIdx, ExprKind, PatIdx, PatKind, TypeIdx, TypeKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl<'t> Walk<'t> {
    /// Reads a type; a type parameter stands for its first bound. `None` when nothing is known of it.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        self.deeper(|walk| walk.ty_inside(node)).flatten()
    }

    fn ty_inside(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let at = tree::start(node);
        match node.kind() {
            "type_identifier" | "identifier" => {
                let name = self.text_of(node);
                if let Some(&(_, bound)) = self.type_params.iter().rev().find(|(known, _)| *known == name) {
                    return bound;
                }
                if name == "var" {
                    return None;
                }
                let path = self.writer.path(&[(name, at)]);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "integral_type" | "floating_point_type" | "boolean_type" => {
                let path = self.writer.path(&[(self.text_of(node), at)]);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "scoped_type_identifier" | "scoped_identifier" => {
                let mut names = Vec::new();
                self.names_of(node, &mut names);
                let at = names.last()?.1;
                let path = self.writer.path(&names);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "generic_type" => {
                let parts = tree::children(node);
                let head = *parts.first()?;
                let arguments = parts.iter().find(|part| part.kind() == "type_arguments");
                let arguments = arguments.map(|list| tree::children(*list)).unwrap_or_default();
                let arguments: Vec<TypeIdx> =
                    arguments.into_iter().filter_map(|argument| self.ty(argument)).collect();
                let mut names = Vec::new();
                self.names_of(head, &mut names);
                let at = names.last()?.1;
                let path = self.writer.path_with(&names, &arguments);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "array_type" => {
                let element = node.child_by_field_name("element").and_then(|element| self.ty(element));
                let element = element.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
                Some(self.writer.ty(at, TypeKind::Array(element)))
            }
            // The first that is a type: what an annotation stands in front of, a bound, one of several.
            "annotated_type" | "wildcard" | "type_bound" | "catch_type" | "superclass" => {
                tree::children(node).into_iter().find_map(|part| self.ty(part))
            }
            _ => None,
        }
    }

    /// The names of `a.b.C`, type arguments left out.
    pub(super) fn names_of(&self, node: Node<'_>, names: &mut Vec<(&'t str, u32)>) {
        let mut next = Some(node);
        let mut found = Vec::new();
        while let Some(at) = next {
            next = None;
            match at.kind() {
                "identifier" | "type_identifier" => found.push((self.text_of(at), tree::start(at))),
                "scoped_identifier" | "scoped_type_identifier" => {
                    let parts = tree::children(at);
                    if let Some(last) = parts.last().filter(|_| parts.len() > 1) {
                        found.push((self.text_of(*last), tree::start(*last)));
                    }
                    next = parts.first().copied();
                }
                "generic_type" => next = at.named_child(0),
                _ => {}
            }
        }
        names.extend(found.into_iter().rev());
    }

    /// Makes the type parameters of a declaration known. They are forgotten with
    /// [`Walk::forget_type_params`].
    pub(super) fn learn_type_params(&mut self, node: Node<'_>) -> usize {
        let mark = self.type_params.len();
        let params = node.child_by_field_name("type_parameters").map(tree::children).unwrap_or_default();
        for param in params {
            let parts = tree::children(param);
            let Some(name) = parts.iter().find(|part| part.kind() == "type_identifier") else { continue };
            let name = self.text_of(*name);
            // A bound may name the parameter itself.
            self.type_params.push((name, None));
            let own = self.type_params.len() - 1;
            let bound = parts.iter().find(|part| part.kind() == "type_bound");
            self.type_params[own].1 = bound.and_then(|bound| self.ty(*bound));
        }
        mark
    }

    pub(super) fn forget_type_params(&mut self, mark: usize) {
        self.type_params.truncate(mark);
    }

    /// The name that a node binds.
    pub(super) fn bound_name(&mut self, node: Node<'_>) -> PatIdx {
        let at = tree::start(node);
        if node.kind() != "identifier" {
            return self.writer.pat(at, PatKind::Wild);
        }
        let name = self.writer.name(self.text_of(node));
        self.writer.pat(at, PatKind::Bind(name, None))
    }

    /// What a name with a type in front of it binds.
    pub(super) fn declared(&mut self, name: Node<'_>, ty: Option<TypeIdx>, init: Option<ExprIdx>) -> ExprIdx {
        let pat = self.bound_name(name);
        self.writer.expr(tree::start(name), ExprKind::Let { pat, ty, init, otherwise: None })
    }

    /// What a pattern of `switch` or `instanceof` binds.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Vec<ExprIdx> {
        self.deeper(|walk| walk.pattern_inside(node)).unwrap_or_default()
    }

    fn pattern_inside(&mut self, node: Node<'_>) -> Vec<ExprIdx> {
        let parts = tree::children(node);
        match node.kind() {
            "type_pattern" | "record_pattern_component" => {
                let ty = parts.first().and_then(|part| self.ty(*part));
                let name = parts.get(1).copied();
                name.map(|name| self.declared(name, ty, None)).into_iter().collect()
            }
            "record_pattern" => {
                // What is taken apart is a type that the code mentions.
                if let Some(head) = parts.first() {
                    self.ty(*head);
                }
                parts.into_iter().skip(1).flat_map(|part| self.pattern(part)).collect()
            }
            _ => parts.into_iter().flat_map(|part| self.pattern(part)).collect(),
        }
    }
}
