//! `import`, `require` and `export … from`.

use aether_core::code::Visibility;
use aether_core::code::facts::{ExprIdx, ImportKind};
use tree_sitter::Node;

use super::{Walk, tree};

impl<'t> Walk<'t> {
    /// The text of a string that names a module.
    pub(super) fn specifier(&self, string: Node<'_>) -> Option<&'t str> {
        let text = self.text_of(string);
        let inside = text.get(1..text.len().checked_sub(1)?)?;
        (string.kind() == "string" && !inside.is_empty()).then_some(inside)
    }

    /// Adds an import of `names` in the module of a specifier, known as `known`.
    pub(super) fn add_import(
        &mut self,
        at: u32,
        specifier: &str,
        names: &[&str],
        known: Option<&str>,
        visibility: Visibility,
    ) {
        let is_global = !specifier.starts_with('.') && !specifier.starts_with('/');
        let mut segments: Vec<&str> = if is_global {
            let bare = specifier.strip_prefix("node:").unwrap_or(specifier);
            bare.split('/').filter(|part| !part.is_empty()).collect()
        } else {
            vec![specifier]
        };
        segments.extend(names);
        let kind = match known {
            Some(known) => ImportKind::Name(self.writer.name(known)),
            None => ImportKind::Glob,
        };
        self.writer.import(at, is_global, &segments, kind, visibility);
    }

    /// What a name that is imported is for others.
    fn import_visibility(&self, name: &str) -> Visibility {
        let is_exported = self.writer.around().is_none() && self.exported.contains(name);
        if is_exported { Visibility::Public } else { Visibility::Private }
    }

    fn add_name(&mut self, name: Node<'_>, specifier: &str, names: &[&str]) {
        let text = self.text_of(name);
        let visibility = self.import_visibility(text);
        self.add_import(tree::start(name), specifier, names, Some(text), visibility);
    }

    pub(super) fn import(&mut self, node: Node<'_>) {
        let source = node.child_by_field_name("source");
        for clause in tree::children(node) {
            match clause.kind() {
                "import_clause" => {
                    let Some(specifier) = source.and_then(|source| self.specifier(source)) else { return };
                    self.import_clause(clause, specifier);
                }
                // `import name = require('…')`.
                "import_require_clause" => {
                    let source = clause.child_by_field_name("source");
                    if let Some(specifier) = source.and_then(|source| self.specifier(source))
                        && let Some(name) = clause.named_child(0)
                    {
                        self.add_name(name, specifier, &[]);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_clause(&mut self, clause: Node<'_>, specifier: &str) {
        for part in tree::children(clause) {
            match part.kind() {
                "identifier" => self.add_name(part, specifier, &["default"]),
                "namespace_import" => {
                    if let Some(name) = part.named_child(0) {
                        self.add_name(name, specifier, &[]);
                    }
                }
                "named_imports" => {
                    for name in tree::children(part) {
                        let Some(of) = name.child_by_field_name("name") else { continue };
                        let known = name.child_by_field_name("alias").unwrap_or(of);
                        let of = self.text_of(of).trim_matches(['"', '\'']);
                        self.add_name(known, specifier, &[of]);
                    }
                }
                _ => {}
            }
        }
    }

    /// `import name = a.b.c`, which stands for what it names.
    pub(super) fn import_alias(&mut self, node: Node<'_>) {
        let (Some(name), Some(path)) = (node.named_child(0), node.named_child(1)) else { return };
        let names: Vec<&str> = self.text_of(path).split('.').map(str::trim).collect();
        let own = self.own.clone();
        self.add_name(name, &own, &names);
    }

    /// The specifier of `require('…')` or `import('…')`, awaited or not.
    pub(super) fn required(&self, value: Node<'_>) -> Option<&'t str> {
        let mut call = value;
        if call.kind() == "await_expression" {
            call = call.named_child(0)?;
        }
        if call.kind() != "call_expression" {
            return None;
        }
        let function = call.child_by_field_name("function")?;
        let is_require = function.kind() == "import" || self.text_of(function) == "require";
        let arguments = call.child_by_field_name("arguments").filter(|_| is_require)?;
        self.specifier(arguments.named_child(0)?)
    }

    /// `const a = require('…')` and its kind: whether it was one.
    pub(super) fn require(&mut self, pattern: Node<'_>, value: Node<'_>) -> bool {
        let (call, member) = match value.kind() {
            "member_expression" => {
                let object = value.child_by_field_name("object");
                (object.unwrap_or(value), value.child_by_field_name("property"))
            }
            _ => (value, None),
        };
        let Some(specifier) = self.required(call) else { return false };
        let members: Vec<&str> = member.map(|member| self.text_of(member)).into_iter().collect();
        match pattern.kind() {
            "identifier" => self.add_name(pattern, specifier, &members),
            "object_pattern" => {
                for part in tree::children(pattern) {
                    let (key, name) = match part.kind() {
                        "shorthand_property_identifier_pattern" => (Some(part), Some(part)),
                        "pair_pattern" => {
                            (part.child_by_field_name("key"), part.child_by_field_name("value"))
                        }
                        _ => continue,
                    };
                    let Some((key, name)) = key.zip(name.filter(|name| !name.kind().starts_with("object")))
                    else {
                        continue;
                    };
                    let mut names = members.clone();
                    names.push(self.text_of(key));
                    self.add_name(name, specifier, &names);
                }
            }
            _ => return false,
        }
        true
    }

    /// A module that is required in an expression: an import under the name of the module.
    pub(super) fn required_module(&mut self, at: u32, specifier: &str) -> ExprIdx {
        self.add_import(at, specifier, &[], Some(specifier), Visibility::Private);
        self.writer.path_expr(&[(specifier, at)])
    }
}
