//! What a file exports.

use aether_core::code::facts::ExprIdx;
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::{Walk, tree};

impl<'t> Walk<'t> {
    /// Notes the names that statements export which are declared elsewhere in the file.
    pub(super) fn note_exports(&mut self, statements: &[Node<'_>]) {
        for &statement in statements {
            match statement.kind() {
                "export_statement" if statement.child_by_field_name("source").is_none() => {
                    for part in tree::children(statement) {
                        match part.kind() {
                            "export_clause" => {
                                for name in tree::children(part) {
                                    let name = name.child_by_field_name("name");
                                    self.exported.extend(name.map(|name| self.text_of(name)));
                                }
                            }
                            "identifier" => {
                                self.exported.insert(self.text_of(part));
                            }
                            _ => {}
                        }
                    }
                }
                "expression_statement" => {
                    let Some(assignment) =
                        statement.named_child(0).filter(|node| node.kind() == "assignment_expression")
                    else {
                        continue;
                    };
                    let left = assignment.child_by_field_name("left");
                    let right = assignment.child_by_field_name("right");
                    if let Some((left, right)) = left.zip(right)
                        && self.exported_name(left).is_some()
                    {
                        self.note_exported_value(right);
                    }
                }
                _ => {}
            }
        }
    }

    /// The names in `module.exports = { a, b: c }` and `exports.a = b`.
    fn note_exported_value(&mut self, value: Node<'_>) {
        match value.kind() {
            "identifier" => {
                self.exported.insert(self.text_of(value));
            }
            "object" => {
                for part in tree::children(value) {
                    let name = match part.kind() {
                        "shorthand_property_identifier" => Some(part),
                        "pair" => {
                            part.child_by_field_name("value").filter(|value| value.kind() == "identifier")
                        }
                        _ => None,
                    };
                    self.exported.extend(name.map(|name| self.text_of(name)));
                }
            }
            _ => {}
        }
    }

    /// The name that an assignment exports: of `exports.a` and `module.exports.a` it is `a`, of
    /// `module.exports` that whole.
    pub(super) fn exported_name(&self, left: Node<'_>) -> Option<&'t str> {
        if left.kind() != "member_expression" || self.writer.around().is_some() || self.closures > 0 {
            return None;
        }
        let text = self.text_of(left);
        if text == "module.exports" {
            return Some(text);
        }
        let object = self.text_of(left.child_by_field_name("object")?);
        let is_exports = matches!(object, "exports" | "module.exports");
        is_exports.then(|| left.child_by_field_name("property").map(|name| self.text_of(name))).flatten()
    }

    /// Makes a name of the file known to others as another one.
    pub(super) fn export_as(&mut self, at: u32, name: &str, known: &str) {
        if name != known {
            let own = self.own.clone();
            self.add_import(at, &own, &[name], Some(known), Visibility::Public);
        }
    }

    pub(super) fn export(&mut self, node: Node<'_>) -> Option<ExprIdx> {
        if let Some(declaration) = node.child_by_field_name("declaration") {
            return self.declaration(declaration, Some(node));
        }
        let parts = tree::children(node);
        if let Some(source) = node.child_by_field_name("source") {
            self.export_from(node, &parts, source);
            return None;
        }
        for part in &parts {
            match part.kind() {
                "export_clause" => {
                    for name in tree::children(*part) {
                        let Some(of) = name.child_by_field_name("name") else { continue };
                        let known = name.child_by_field_name("alias").unwrap_or(of);
                        let known_text = self.text_of(known).trim_matches(['"', '\'']);
                        self.export_as(tree::start(known), self.text_of(of), known_text);
                    }
                    return None;
                }
                "namespace_export" => return None,
                _ => {}
            }
        }
        let is_default = node.child_by_field_name("value").is_some();
        let value = node
            .child_by_field_name("value")
            .or_else(|| parts.into_iter().find(|part| part.kind() != "decorator"))?;
        if value.kind() == "identifier" {
            let known = if is_default { "default" } else { "module.exports" };
            self.export_as(tree::start(value), self.text_of(value), known);
            return None;
        }
        self.default_value(node, value)
    }

    /// `export default …` of a value that is written there.
    fn default_value(&mut self, node: Node<'_>, value: Node<'_>) -> Option<ExprIdx> {
        let mut cursor = node.walk();
        let default = node.children(&mut cursor).find(|child| child.kind() == "default");
        let name = default.unwrap_or(value);
        match value.kind() {
            "arrow_function" | "function_expression" | "generator_function" => {
                self.function_named("default", name, value, node, Visibility::Public);
                None
            }
            "class" => {
                self.class(value, Some(node));
                None
            }
            "object" => self.object("default", name, value, node, SymbolKind::CONSTANT, Visibility::Public),
            _ => Some(self.expr(value)),
        }
    }

    /// `export … from '…'`.
    fn export_from(&mut self, node: Node<'_>, parts: &[Node<'_>], source: Node<'_>) {
        let Some(specifier) = self.specifier(source) else { return };
        let mut is_glob = true;
        for part in parts {
            match part.kind() {
                "export_clause" => {
                    is_glob = false;
                    for name in tree::children(*part) {
                        let Some(of) = name.child_by_field_name("name") else { continue };
                        let known = name.child_by_field_name("alias").unwrap_or(of);
                        let (of, text) = (self.text_of(of), self.text_of(known).trim_matches(['"', '\'']));
                        let at = tree::start(known);
                        self.add_import(at, specifier, &[of], Some(text), Visibility::Public);
                    }
                }
                "namespace_export" => {
                    is_glob = false;
                    if let Some(name) = part.named_child(0) {
                        let text = self.text_of(name).trim_matches(['"', '\'']);
                        self.add_import(tree::start(name), specifier, &[], Some(text), Visibility::Public);
                    }
                }
                _ => {}
            }
        }
        if is_glob {
            self.add_import(tree::start(node), specifier, &[], None, Visibility::Public);
        }
    }

    /// `module.exports = …` and `exports.a = …`: what it declares, or that it declares nothing.
    pub(super) fn export_assignment(
        &mut self,
        name: &'t str,
        left: Node<'_>,
        right: Node<'_>,
        statement: Node<'_>,
    ) -> Option<Option<ExprIdx>> {
        let at = tree::start(left);
        let is_whole = name == "module.exports";
        let name_node = left.child_by_field_name("property").unwrap_or(left);
        match right.kind() {
            "identifier" => {
                self.export_as(at, self.text_of(right), name);
                Some(None)
            }
            "object" if is_whole => Some(self.exported_object(right)),
            "arrow_function" | "function_expression" | "generator_function" => {
                // What is exported as a whole goes by the name that it has itself.
                let own = right.child_by_field_name("name").filter(|_| is_whole);
                let text = own.map_or(name, |own| self.text_of(own));
                let named = own.unwrap_or(name_node);
                self.function_named(text, named, right, statement, Visibility::Public);
                self.export_as(at, text, name);
                Some(None)
            }
            "class" => {
                let own = right.child_by_field_name("name").unwrap_or(name_node);
                if let Some(text) = self.class_of(right, Some(own), statement, Visibility::Public) {
                    self.export_as(at, text, name);
                }
                Some(None)
            }
            "call_expression" | "member_expression" if self.required(right).is_some() => {
                let specifier = self.required(right)?;
                let known = Some(name);
                self.add_import(at, specifier, &[], known, Visibility::Public);
                Some(None)
            }
            _ => None,
        }
    }
}
