//! Imports, constants and variables.

use aether_core::code::facts::{ImportKind, ItemDetail, TypeIdx};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::{Walk, fields, tree, visibility};
use crate::facts::Declaration;

impl<'t> Walk<'t> {
    pub(super) fn imports(&mut self, node: Node<'_>) {
        for child in tree::children(node) {
            if child.kind() == "import_spec_list" {
                for spec in tree::children(child) {
                    self.import(spec);
                }
            } else {
                self.import(child);
            }
        }
    }

    fn import(&mut self, spec: Node<'_>) {
        let Some(path) = spec.child_by_field_name("path") else { return };
        let name = spec.child_by_field_name("name");
        let text = self.text_of(path).trim_matches(['"', '`']);
        let segments: Vec<&str> = text.split('/').filter(|segment| !segment.is_empty()).collect();
        let Some(&first) = segments.first() else { return };
        let is_global = first != "." && first != "..";
        let kind = match name.map(|name| (name.kind(), self.text_of(name))) {
            Some(("dot", _)) => ImportKind::Glob,
            Some((_, "_")) => ImportKind::Anonymous,
            Some((_, name)) => ImportKind::Name(self.writer.name(name)),
            None => ImportKind::Name(self.writer.name(package_name(&segments))),
        };
        let at = tree::start(name.unwrap_or(path));
        self.writer.import(at, is_global, &segments, kind, Visibility::Private);
    }

    /// Declares constants or variables outside of functions.
    pub(super) fn values(&mut self, node: Node<'_>, comments: &[Node<'_>], kind: SymbolKind) {
        let mut specs = self.documented(node);
        if let [(list, _)] = specs[..]
            && list.kind() == "var_spec_list"
        {
            specs = self.documented(list);
        }
        let is_alone = !self.is_grouped(node);
        for (spec, own) in specs {
            let (whole, comments) = if is_alone { (node, comments) } else { (spec, own.as_slice()) };
            self.value_spec(spec, whole, comments, &kind);
        }
    }

    /// Whether declarations stand in parentheses behind one word.
    pub(super) fn is_grouped(&self, node: Node<'_>) -> bool {
        let rest = self.text_of(node).trim_start_matches(|letter: char| letter.is_ascii_lowercase());
        rest.trim_start().starts_with('(')
    }

    fn value_spec(&mut self, spec: Node<'_>, whole: Node<'_>, comments: &[Node<'_>], kind: &SymbolKind) {
        let value = spec.child_by_field_name("value");
        let values = value.map(tree::children).unwrap_or_default();
        let names = fields(spec, "name");
        let written = spec.child_by_field_name("type").and_then(|ty| self.ty(ty));
        let mut last = None;
        for (number, &name) in names.iter().enumerate() {
            if self.text_of(name) == "_" {
                continue;
            }
            let mut declaration = Declaration::new(kind.clone(), tree::span(name), tree::span(whole));
            declaration.visibility = visibility(self.text_of(name));
            declaration.doc = self.doc(comments);
            declaration.attributes = self.directives(comments);
            // A long value is no signature.
            const LONGEST: usize = 120;
            declaration.body = value.filter(|value| value.byte_range().len() > LONGEST).map(tree::span);
            let symbol = self.writer.declare(declaration);
            let made = values.get(number).filter(|_| written.is_none() && values.len() == names.len());
            let ty = written.or_else(|| made.and_then(|&value| self.constructed(value)));
            self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
            last = Some((symbol, ty));
        }
        if values.is_empty() {
            return;
        }
        let evaluated: Vec<_> = values.iter().map(|&value| self.expr(value)).collect();
        let root = self.sequence(tree::start(spec), &evaluated);
        // What is evaluated for names that nobody can ask for is evaluated by the file.
        let body = self.writer.body(last.map(|(symbol, _)| symbol).unwrap_or_default(), root);
        if let Some((symbol, ty)) = last {
            self.writer.set_detail(symbol, ItemDetail::Value { ty, body: Some(body) });
        }
    }

    /// The type of a value that is made where it is assigned: `T{}`, `&T{}`, `new(T)`.
    pub(super) fn constructed(&mut self, value: Node<'_>) -> Option<TypeIdx> {
        match value.kind() {
            "composite_literal" => {
                let ty = value.child_by_field_name("type")?;
                self.ty(ty)
            }
            "unary_expression" => {
                let operand = value.child_by_field_name("operand")?;
                if operand.kind() == "composite_literal" { self.constructed(operand) } else { None }
            }
            "call_expression" => {
                let function = value.child_by_field_name("function")?;
                if !matches!(self.text_of(function), "new" | "make") {
                    return None;
                }
                let argument = value.child_by_field_name("arguments")?.named_child(0)?;
                self.ty(argument)
            }
            _ => None,
        }
    }
}

/// The name by which a package is known that is imported without one: the last segment, without a
/// version and without what says that it is Go.
fn package_name<'s>(segments: &[&'s str]) -> &'s str {
    let is_version = |text: &str| {
        text.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let name = match *segments {
        [.., before, last] if is_version(last) => before,
        [.., last] => last,
        [] => "",
    };
    let name = match name.rsplit_once('.') {
        Some((stem, version)) if is_version(version) || version == "go" => stem,
        _ => name,
    };
    let name = name.strip_prefix("go-").or_else(|| name.strip_prefix("go.")).unwrap_or(name);
    let name = name.strip_suffix("-go").unwrap_or(name);
    name.rsplit(['-', '.']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::package_name;

    #[test]
    fn packages_are_named_without_versions_and_prefixes() {
        let name = |path: &'static str| package_name(&path.split('/').collect::<Vec<_>>());
        assert_eq!(name("encoding/json"), "json");
        assert_eq!(name("github.com/owner/thing/v2"), "thing");
        assert_eq!(name("gopkg.in/yaml.v3"), "yaml");
        assert_eq!(name("github.com/owner/go-thing"), "thing");
        assert_eq!(name("github.com/owner/thing-go"), "thing");
        assert_eq!(name("v"), "v");
    }
}
