//! Functions, classes, variables and imports.

use aether_core::code::facts::{
    ExprIdx, ExprKind, FunctionDetail, Generics, ImportKind, ItemDetail, ParamFact, PatKind, SelfKind,
    SymbolIdx, TypeIdx, TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::{Walk, tree};
use crate::facts::{Declaration, collapse};

impl<'t> Walk<'t> {
    /// Declares a function. Decorators stand in front of it and are read by whoever holds it.
    pub(super) fn function(&mut self, node: Node<'_>, attributes: Vec<String>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let body = node.child_by_field_name("body");
        let statements = body.map(tree::children).unwrap_or_default();
        let class =
            self.writer.around().filter(|&around| self.writer.symbol(around).kind == SymbolKind::CLASS);
        let text = self.text_of(name);
        let is_test = text.starts_with("test")
            && match class {
                Some(class) => self.is_test_class(class),
                None => self.is_test_file && text.starts_with("test_"),
            };
        let kind = match (is_test, class) {
            (true, _) => SymbolKind::TEST,
            (false, Some(_)) => SymbolKind::METHOD,
            (false, None) => SymbolKind::FUNCTION,
        };
        let mut declaration = Declaration::new(kind, tree::span(name), tree::span(node));
        declaration.body = body.map(tree::span);
        declaration.visibility = visibility(text);
        declaration.doc = self.docstring(&statements).unwrap_or_default();
        let self_kind = match class {
            Some(_) if attributes.iter().any(|text| text == "staticmethod") => SelfKind::None,
            Some(_) if text == "__new__" || attributes.iter().any(|text| text == "classmethod") => {
                SelfKind::Ref
            }
            Some(_) => SelfKind::Value,
            None => SelfKind::None,
        };
        declaration.attributes = attributes;
        let symbol = self.writer.declare(declaration);
        let result = node.child_by_field_name("return_type").and_then(|node| self.ty(node));
        let is_async = self.text_of(node).starts_with("async");
        self.writer.enter(symbol);
        let outer = self.writer.open_scope();
        let params =
            node.child_by_field_name("parameters").map(|node| self.parameters(node)).unwrap_or_default();
        let root = self.deeper(|walk| walk.suite(&statements, tree::start(node)));
        let body = root.map(|root| self.writer.body(symbol, root));
        self.writer.close_scope(outer);
        self.writer.leave();
        let detail =
            FunctionDetail { self_kind, params, result, is_async, body, ..FunctionDetail::default() };
        self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
    }

    /// Whether a class holds tests: by its name, or by the name of what it is derived from.
    fn is_test_class(&self, class: SymbolIdx) -> bool {
        let symbol = self.writer.symbol(class);
        let name = symbol.name_span.slice(self.text).unwrap_or("");
        name.starts_with("Test") || symbol.signature.contains("TestCase")
    }

    fn parameters(&mut self, node: Node<'_>) -> Vec<ParamFact> {
        let mut params = Vec::new();
        for param in tree::children(node) {
            let (name, ty) = match param.kind() {
                "identifier" => (Some(param), None),
                "typed_parameter" => (param.named_child(0), param.child_by_field_name("type")),
                "default_parameter" | "typed_default_parameter" => {
                    (param.child_by_field_name("name"), param.child_by_field_name("type"))
                }
                // `*args` and `**kwargs` are of types outside.
                "list_splat_pattern" | "dictionary_splat_pattern" => (param.named_child(0), None),
                _ => continue,
            };
            let Some(name) = name else { continue };
            let (at, text) = (tree::start(name), self.text_of(name));
            let ty = ty.and_then(|ty| self.ty(ty));
            let ty = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
            let name = self.writer.name(text.trim_start_matches('*'));
            let pat = self.writer.pat(at, PatKind::Bind(name, None));
            params.push(ParamFact { pat, ty });
        }
        params
    }

    /// The defaults of parameters, which the code around a function evaluates.
    pub(super) fn defaults(&mut self, node: Node<'_>) -> Vec<ExprIdx> {
        let params = node.child_by_field_name("parameters").map(tree::children).unwrap_or_default();
        let values = params.iter().filter_map(|param| param.child_by_field_name("value"));
        values.map(|value| self.expr(value)).collect()
    }

    pub(super) fn class(&mut self, node: Node<'_>, attributes: Vec<String>) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let body = node.child_by_field_name("body");
        let statements = body.map(tree::children).unwrap_or_default();
        let mut declaration = Declaration::new(SymbolKind::CLASS, tree::span(name), tree::span(node));
        declaration.body = body.map(tree::span);
        declaration.visibility = visibility(self.text_of(name));
        declaration.doc = self.docstring(&statements).unwrap_or_default();
        declaration.attributes = attributes;
        let symbol = self.writer.declare(declaration);
        let mut bases: Vec<u32> = Vec::new();
        if let Some(list) = node.child_by_field_name("superclasses") {
            for base in tree::children(list) {
                // `metaclass=…` is no base.
                if base.kind() != "keyword_argument"
                    && let Some(ty) = self.ty(base)
                {
                    bases.push(ty.0);
                }
            }
        }
        let bases = self.writer.list(&bases);
        self.writer.set_detail(symbol, ItemDetail::Class { generics: Generics::default(), bases });
        self.writer.enter(symbol);
        let root = self.deeper(|walk| walk.suite(&statements, tree::start(node)));
        if let Some(root) = root {
            self.writer.body(symbol, root);
        }
        self.writer.leave();
    }

    /// A variable of a module or class that an assignment declares, the first time.
    pub(super) fn variable(&mut self, name: Node<'_>, statement: Node<'_>, ty: Option<TypeIdx>) {
        let text = self.text_of(name);
        let kind = match self.writer.around() {
            None if text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase) => {
                SymbolKind::CONSTANT
            }
            None => SymbolKind::VARIABLE,
            Some(around) if self.writer.symbol(around).kind == SymbolKind::CLASS => SymbolKind::FIELD,
            // A variable of a function is nobody else's.
            Some(_) => return,
        };
        let is_known = match self.writer.around() {
            Some(around) => self.writer.has_member(around, text),
            None => self.writer.has_top(text),
        };
        if is_known {
            return;
        }
        let symbol = self.declare_value(kind, name, statement);
        self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
    }

    /// An attribute that a method gives to its class: `self.name = …`.
    pub(super) fn attribute(&mut self, name: Node<'_>, statement: Node<'_>, ty: Option<TypeIdx>) {
        let Some(method) = self.writer.around() else { return };
        let Some(class) = self.writer.symbol(method).parent else { return };
        let is_method = self.writer.symbol(class).kind == SymbolKind::CLASS;
        if !is_method || self.writer.has_member(class, self.text_of(name)) {
            return;
        }
        let declaration = self.value_declaration(SymbolKind::FIELD, name, statement);
        let symbol = self.writer.declare_inside(class, declaration);
        self.writer.set_detail(symbol, ItemDetail::Value { ty, body: None });
    }

    fn declare_value(&mut self, kind: SymbolKind, name: Node<'_>, statement: Node<'_>) -> SymbolIdx {
        let declaration = self.value_declaration(kind, name, statement);
        self.writer.declare(declaration)
    }

    fn value_declaration(&self, kind: SymbolKind, name: Node<'_>, statement: Node<'_>) -> Declaration {
        let mut declaration = Declaration::new(kind, tree::span(name), tree::span(statement));
        declaration.visibility = visibility(self.text_of(name));
        if let Some(value) = statement.child_by_field_name("right") {
            // A long value is no signature.
            const LONGEST: usize = 120;
            if value.byte_range().len() > LONGEST {
                declaration.body = Some(tree::span(value));
            }
        }
        declaration
    }

    /// The class of a value that is made where it is assigned, as a type: `Name(…)`.
    pub(super) fn constructed(&mut self, value: Node<'_>) -> Option<TypeIdx> {
        if value.kind() != "call" {
            return None;
        }
        let function = value.child_by_field_name("function")?;
        let last = match function.kind() {
            "identifier" => function,
            "attribute" => function.child_by_field_name("attribute")?,
            _ => return None,
        };
        // By convention a class starts in upper case; what a function gives back is not known.
        let is_class = self.text_of(last).trim_start_matches('_').starts_with(char::is_uppercase);
        if is_class { self.ty(function) } else { None }
    }

    pub(super) fn import(&mut self, node: Node<'_>) {
        for name in tree::children(node) {
            let (path, alias) = match name.kind() {
                "aliased_import" => (name.child_by_field_name("name"), name.child_by_field_name("alias")),
                "dotted_name" => (Some(name), None),
                _ => continue,
            };
            let Some(path) = path else { continue };
            let segments = self.dotted(path);
            match alias {
                Some(alias) => self.add_import(alias, true, &segments),
                // `import a.b` makes `a` known.
                None => self.add_import(
                    path.named_child(0).unwrap_or(path),
                    true,
                    &segments[..1.min(segments.len())],
                ),
            }
        }
    }

    pub(super) fn import_from(&mut self, node: Node<'_>) {
        let Some(module) = node.child_by_field_name("module_name") else { return };
        let mut segments: Vec<&str> = Vec::new();
        let is_global = module.kind() != "relative_import";
        if is_global {
            segments = self.dotted(module);
        } else {
            for part in tree::children(module) {
                if part.kind() == "import_prefix" {
                    segments.extend(self.text_of(part).bytes().filter(|&byte| byte == b'.').map(|_| "."));
                } else {
                    segments.extend(self.dotted(part));
                }
            }
        }
        let mut cursor = node.walk();
        let names: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
        for name in names {
            let (path, alias) = match name.kind() {
                "aliased_import" => (name.child_by_field_name("name"), name.child_by_field_name("alias")),
                _ => (Some(name), None),
            };
            let Some(path) = path else { continue };
            let mut all = segments.clone();
            all.extend(self.dotted(path));
            self.add_import(alias.unwrap_or(path), is_global, &all);
        }
        if tree::children(node).iter().any(|child| child.kind() == "wildcard_import") {
            let at = tree::start(node);
            self.writer.import(at, is_global, &segments, ImportKind::Glob, Visibility::Public);
        }
    }

    fn add_import(&mut self, name: Node<'_>, is_global: bool, segments: &[&str]) {
        let text = self.text_of(name);
        let known = self.writer.name(text);
        // Whatever a module imports, others can name in it.
        let kind = ImportKind::Name(known);
        self.writer.import(tree::start(name), is_global, segments, kind, Visibility::Public);
    }

    fn dotted(&self, node: Node<'_>) -> Vec<&'t str> {
        self.text_of(node).split('.').map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// Reads an annotation: a name, a dotted name, the first of several, what `Optional` holds.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        self.deeper(|walk| walk.ty_inside(node)).flatten()
    }

    fn ty_inside(&mut self, node: Node<'_>) -> Option<TypeIdx> {
        let at = tree::start(node);
        match node.kind() {
            "type" | "parenthesized_expression" => self.ty(node.named_child(0)?),
            "identifier" => {
                let path = self.writer.path(&[(self.text_of(node), at)]);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            "attribute" => {
                let mut names = Vec::new();
                self.attribute_names(node, &mut names)?;
                let path = self.writer.path(&names);
                Some(self.writer.ty(names.last()?.1, TypeKind::Path(path)))
            }
            // `'Name'`, which is declared further below.
            "string" => {
                let content = node.named_child(1).or_else(|| node.named_child(0))?;
                let text = self.text_of(content);
                let is_name = |part: &str| {
                    !part.is_empty() && part.chars().all(|letter| letter == '_' || letter.is_alphanumeric())
                };
                if !text.split('.').all(is_name) {
                    return None;
                }
                let at = tree::start(content);
                let names: Vec<(&str, u32)> = text.split('.').map(|part| (part, at)).collect();
                let path = self.writer.path(&names);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            // `A | None`.
            "binary_operator" | "union_type" => {
                let parts = tree::children(node);
                self.first_type(&parts)
            }
            "generic_type" | "subscript" => {
                let head = node.child_by_field_name("value").or_else(|| node.named_child(0))?;
                let name = self.text_of(head).rsplit('.').next().unwrap_or("");
                if matches!(name, "Optional" | "Union" | "Annotated" | "Final" | "ClassVar" | "Type" | "type")
                {
                    let inner = tree::children(node).into_iter().skip(1);
                    let inner = inner.flat_map(|child| {
                        if child.kind() == "type_parameter" { tree::children(child) } else { vec![child] }
                    });
                    let inner: Vec<Node<'_>> = inner.collect();
                    return self.first_type(&inner);
                }
                self.ty(head)
            }
            _ => None,
        }
    }

    /// The first of some types that is one.
    fn first_type(&mut self, parts: &[Node<'_>]) -> Option<TypeIdx> {
        let mut parts = parts
            .iter()
            .filter(|part| tree::text(**part, self.text) != "None")
            .copied()
            .collect::<Vec<_>>()
            .into_iter();
        parts.find_map(|part| self.ty(part))
    }

    /// The names of `a.b.c`.
    fn attribute_names(&self, node: Node<'_>, names: &mut Vec<(&'t str, u32)>) -> Option<()> {
        let mut parts = Vec::new();
        let mut next = node;
        while next.kind() == "attribute" {
            parts.push(next.child_by_field_name("attribute")?);
            next = next.child_by_field_name("object")?;
        }
        if next.kind() != "identifier" {
            return None;
        }
        parts.push(next);
        names.extend(parts.into_iter().rev().map(|part| (tree::text(part, self.text), tree::start(part))));
        Some(())
    }

    /// Decorators, without their `@`.
    pub(super) fn decorators(&self, node: Node<'_>) -> Vec<String> {
        let decorators = tree::children(node).into_iter().filter(|child| child.kind() == "decorator");
        decorators.map(|child| collapse(self.text_of(child).trim_start_matches('@').trim())).collect()
    }

    /// A block of some statements.
    pub(super) fn sequence(&mut self, at: u32, statements: &[ExprIdx]) -> ExprIdx {
        let statements = self.writer.expr_list(statements);
        let flavour = aether_core::code::facts::BlockFlavour::Plain;
        self.writer.expr(at, ExprKind::Block { statements, tail: None, scope: None, flavour })
    }
}

/// A name that starts with an underscore is not for others, unless it is one of the language.
fn visibility(name: &str) -> Visibility {
    let is_dunder = name.starts_with("__") && name.ends_with("__") && name.len() > 4;
    if name.starts_with('_') && !is_dunder { Visibility::Private } else { Visibility::Public }
}
