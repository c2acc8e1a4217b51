//! Object literals whose members are declarations.

use aether_core::code::facts::{ExprIdx, ItemDetail, SelfKind};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::item::Function;
use super::{Walk, tree};
use crate::facts::Declaration;

impl Walk<'_> {
    /// Declares a value that is an object literal, and the functions in it as its methods.
    pub(super) fn object(
        &mut self,
        text: &str,
        name: Node<'_>,
        object: Node<'_>,
        whole: Node<'_>,
        kind: SymbolKind,
        visibility: Visibility,
    ) -> Option<ExprIdx> {
        let mut declaration = Declaration::new(kind, tree::span(name), tree::span(whole));
        declaration.visibility = visibility;
        declaration.doc = self.take_doc();
        declaration.body = Some(tree::span(object));
        let symbol = self.writer.declare_named(text, declaration);
        self.writer.set_detail(symbol, ItemDetail::Value { ty: None, body: None });
        self.writer.enter(symbol);
        let values = self.members_of_object(object, SymbolKind::METHOD);
        self.writer.leave();
        (!values.is_empty()).then(|| self.sequence(tree::start(object), &values))
    }

    /// `module.exports = { … }`: what it holds is known to others by itself.
    pub(super) fn exported_object(&mut self, object: Node<'_>) -> Option<ExprIdx> {
        let values = self.members_of_object(object, SymbolKind::FUNCTION);
        (!values.is_empty()).then(|| self.sequence(tree::start(object), &values))
    }

    /// Declares the functions in an object; what else is in it is evaluated.
    fn members_of_object(&mut self, object: Node<'_>, kind: SymbolKind) -> Vec<ExprIdx> {
        let mut values = Vec::new();
        let self_kind = if kind == SymbolKind::METHOD { SelfKind::Value } else { SelfKind::None };
        for (part, doc) in self.documented(object) {
            let key = part.child_by_field_name("key");
            let value = part.child_by_field_name("value");
            let (name, function) = match part.kind() {
                "method_definition" => (part.child_by_field_name("name"), Some(part)),
                "pair" => (key, value.filter(|value| super::item::is_function(value.kind()))),
                _ => (None, None),
            };
            let is_plain = name.is_some_and(|name| name.kind() != "computed_property_name");
            if let (Some(name), Some(function), true) = (name, function, is_plain) {
                self.hold_doc(doc);
                let text = super::item::member_name(self.text_of(name));
                self.deeper(|walk| {
                    walk.function(Function {
                        text,
                        name,
                        function,
                        whole: part,
                        kind: kind.clone(),
                        visibility: Visibility::Public,
                        attributes: Vec::new(),
                        self_kind,
                    });
                });
                continue;
            }
            if kind == SymbolKind::FUNCTION
                && let (Some(key), Some(value)) = (key, value)
                && value.kind() == "identifier"
            {
                let known = super::item::member_name(self.text_of(key));
                self.export_as(tree::start(key), self.text_of(value), known);
            }
            if kind == SymbolKind::FUNCTION
                && let (Some(key), Some(value)) = (key, value)
                && let Some(specifier) = self.required(value)
            {
                let known = super::item::member_name(self.text_of(key));
                self.add_import(tree::start(key), specifier, &[], Some(known), Visibility::Public);
                continue;
            }
            values.push(self.property(part));
        }
        values
    }
}
