//! Functions, methods and types.

use aether_core::code::SymbolKind;
use aether_core::code::facts::{
    FunctionDetail, GenericParam, Generics, ItemDetail, ParamFact, PatKind, SelfKind, SymbolIdx, TypeIdx,
    TypeKind,
};
use tree_sitter::Node;

use super::{Walk, fields, tree, visibility};
use crate::facts::Declaration;

impl<'t> Walk<'t> {
    /// Reads what stands outside of functions.
    pub(super) fn top(&mut self, node: Node<'_>, comments: &[Node<'_>]) {
        match node.kind() {
            "import_declaration" => self.imports(node),
            "function_declaration" => self.function(node, comments),
            "method_declaration" => self.method(node, comments),
            "type_declaration" => self.types(node, comments),
            "const_declaration" => self.values(node, comments, SymbolKind::CONSTANT),
            "var_declaration" => self.values(node, comments, SymbolKind::VARIABLE),
            // What is in a part that does not parse may be whole.
            "ERROR" => {
                self.deeper(|walk| {
                    for (child, comments) in walk.documented(node) {
                        walk.top(child, &comments);
                    }
                });
            }
            _ => {}
        }
    }

    fn function(&mut self, node: Node<'_>, comments: &[Node<'_>]) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let kind = if self.is_test_file && is_test(self.text_of(name)) {
            SymbolKind::TEST
        } else {
            SymbolKind::FUNCTION
        };
        let declaration = self.callable(kind, name, node, comments);
        let symbol = self.writer.declare(declaration);
        let known = self.type_parameters.len();
        self.finish_function(symbol, node, None);
        self.type_parameters.truncate(known);
    }

    /// Declares a method: in its type, if that stands above.
    fn method(&mut self, node: Node<'_>, comments: &[Node<'_>]) {
        let Some(name) = node.child_by_field_name("name") else { return };
        let receiver = node.child_by_field_name("receiver");
        let receiver = receiver.and_then(|list| tree::children(list).into_iter().next());
        let known = self.type_parameters.len();
        let owner = receiver.and_then(|receiver| self.receiver_name(receiver));
        let declaration = self.callable(SymbolKind::METHOD, name, node, comments);
        let symbol = match owner.and_then(|name| self.top_types.get(name).copied()) {
            Some(owner) => self.writer.declare_inside(owner, declaration),
            None => self.writer.declare(declaration),
        };
        self.finish_function(symbol, node, receiver);
        self.type_parameters.truncate(known);
    }

    /// The name of the type of a receiver; notes the names of its type arguments.
    fn receiver_name(&mut self, receiver: Node<'_>) -> Option<&'t str> {
        let mut ty = receiver.child_by_field_name("type")?;
        while matches!(ty.kind(), "pointer_type" | "parenthesized_type") {
            ty = ty.named_child(0)?;
        }
        if ty.kind() == "generic_type" {
            for argument in ty.child_by_field_name("type_arguments").map(tree::children).unwrap_or_default() {
                self.type_parameters.push((self.text_of(argument), None));
            }
            ty = ty.child_by_field_name("type")?;
        }
        Some(self.text_of(ty))
    }

    fn callable(
        &self,
        kind: SymbolKind,
        name: Node<'_>,
        node: Node<'_>,
        comments: &[Node<'_>],
    ) -> Declaration {
        let mut declaration = Declaration::new(kind, tree::span(name), tree::span(node));
        declaration.body = node.child_by_field_name("body").map(tree::span);
        declaration.visibility = visibility(self.text_of(name));
        declaration.doc = self.doc(comments);
        declaration.attributes = self.directives(comments);
        declaration
    }

    /// Reads type parameters, parameters, results and the body of a function that is declared.
    fn finish_function(&mut self, symbol: SymbolIdx, node: Node<'_>, receiver: Option<Node<'_>>) {
        self.writer.enter(symbol);
        let outer = self.writer.open_scope();
        let generics = self.generics(node);
        let mut params = Vec::new();
        if let Some(receiver) = receiver {
            self.parameter(receiver, &mut params);
        }
        let self_type = params.first().map(|param: &ParamFact| param.ty);
        for param in node.child_by_field_name("parameters").map(tree::children).unwrap_or_default() {
            self.parameter(param, &mut params);
        }
        let result = self.result(node);
        let body = node.child_by_field_name("body").map(|body| {
            let mut statements = self.named_results(node);
            self.statements(body, &mut statements);
            let root = self.sequence(tree::start(body), &statements);
            self.writer.body(symbol, root)
        });
        self.writer.close_scope(outer);
        self.writer.leave();
        let self_kind = if self_type.is_some() { SelfKind::Value } else { SelfKind::None };
        let detail = FunctionDetail { generics, self_kind, self_type, params, result, is_async: false, body };
        self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
    }

    /// The type parameters of a declaration, which are known from now on.
    fn generics(&mut self, node: Node<'_>) -> Generics {
        let mut generics = Generics::default();
        let list = node.child_by_field_name("type_parameters").map(tree::children).unwrap_or_default();
        for declaration in list {
            let bound = declaration.child_by_field_name("type").and_then(|bound| self.bound(bound));
            for name in fields(declaration, "name") {
                let name = self.text_of(name);
                self.type_parameters.push((name, bound));
                let bounds: Vec<u32> = bound.iter().map(|bound| bound.0).collect();
                let bounds = self.writer.list(&bounds);
                let name = self.writer.name(name);
                generics.params.push(GenericParam { name, bounds, default: None });
            }
        }
        generics
    }

    /// Adds the parameters of a declaration, which may have several names or none.
    pub(super) fn parameter(&mut self, node: Node<'_>, params: &mut Vec<ParamFact>) {
        let at = tree::start(node);
        let ty = node.child_by_field_name("type").and_then(|ty| self.ty(ty));
        let mut ty = ty.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
        if node.kind() == "variadic_parameter_declaration" {
            ty = self.writer.ty(at, TypeKind::Slice(ty));
        }
        let names = fields(node, "name");
        if names.is_empty() {
            let pat = self.writer.pat(at, PatKind::Wild);
            params.push(ParamFact { pat, ty });
        }
        for name in names {
            let pat = self.pattern(name);
            params.push(ParamFact { pat, ty });
        }
    }

    fn types(&mut self, node: Node<'_>, comments: &[Node<'_>]) {
        let specs = self.documented(node);
        let is_alone = !self.is_grouped(node);
        for (spec, own) in specs {
            let (whole, comments) = if is_alone { (node, comments) } else { (spec, own.as_slice()) };
            self.deeper(|walk| walk.ty_declaration(spec, whole, comments));
        }
    }

    /// Declares the types that a statement declares.
    pub(super) fn local_types(&mut self, node: Node<'_>) {
        self.types(node, &[]);
    }

    fn ty_declaration(&mut self, spec: Node<'_>, whole: Node<'_>, comments: &[Node<'_>]) {
        let (Some(name), Some(ty)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type"))
        else {
            return;
        };
        if self.text_of(name) == "_" {
            return;
        }
        let is_alias = spec.kind() == "type_alias";
        let kind = match ty.kind() {
            "struct_type" if !is_alias => SymbolKind::STRUCT,
            "interface_type" if !is_alias => SymbolKind::TRAIT,
            _ => SymbolKind::TYPE,
        };
        let mut declaration = Declaration::new(kind, tree::span(name), tree::span(whole));
        declaration.body = match ty.kind() {
            "struct_type" => ty.named_child(0).map(tree::span),
            "interface_type" => {
                let mut span = tree::span(ty);
                span.start += "interface".len() as u32;
                Some(span)
            }
            _ => None,
        };
        declaration.visibility = visibility(self.text_of(name));
        declaration.doc = self.doc(comments);
        declaration.attributes = self.directives(comments);
        let is_top = self.writer.around().is_none();
        let symbol = self.writer.declare(declaration);
        if is_top {
            self.top_types.insert(self.text_of(name), symbol);
        }
        self.writer.enter(symbol);
        let known = self.type_parameters.len();
        let generics = self.generics(spec);
        let mut bases: Vec<TypeIdx> = Vec::new();
        let detail = match ty.kind() {
            "struct_type" => {
                self.struct_members(ty, &mut bases);
                let bases = self.bases(&bases);
                ItemDetail::Class { generics, bases }
            }
            "interface_type" => {
                self.interface_members(ty, &mut bases);
                let supertraits = self.bases(&bases);
                ItemDetail::Trait { generics, supertraits }
            }
            _ if is_alias => {
                let ty = self.ty(ty);
                ItemDetail::Alias { generics, ty, bounds: Default::default() }
            }
            _ => {
                // It has the fields of what it stands for; a list of values is none of them.
                let known = self.ty(ty);
                if matches!(ty.kind(), "type_identifier" | "qualified_type" | "generic_type") {
                    bases.extend(known);
                }
                let bases = self.bases(&bases);
                ItemDetail::Class { generics, bases }
            }
        };
        self.type_parameters.truncate(known);
        self.writer.leave();
        self.writer.set_detail(symbol, detail);
    }

    fn bases(&mut self, bases: &[TypeIdx]) -> aether_core::code::facts::List {
        let bases: Vec<u32> = bases.iter().map(|base| base.0).collect();
        self.writer.list(&bases)
    }

    /// Declares the fields of a structure; those without a name are of what it is derived from.
    fn struct_members(&mut self, ty: Node<'_>, bases: &mut Vec<TypeIdx>) {
        let Some(list) = ty.named_child(0).filter(|list| list.kind() == "field_declaration_list") else {
            return;
        };
        for (field, comments) in self.documented(list) {
            let Some(ty) = field.child_by_field_name("type") else { continue };
            let names = fields(field, "name");
            if names.is_empty() {
                let Some(name) = embedded_name(ty) else { continue };
                let base = self.ty(ty);
                bases.extend(base);
                self.field(name, field, base, &comments);
                continue;
            }
            let inner = inner_members(ty);
            let known = if inner.is_some() { None } else { self.ty(ty) };
            for name in names {
                if self.text_of(name) == "_" {
                    continue;
                }
                let symbol = self.field(name, field, known, &comments);
                if let Some(inner) = inner {
                    self.writer.enter(symbol);
                    self.deeper(|walk| walk.members_of(inner, &mut Vec::new()));
                    self.writer.leave();
                }
            }
        }
    }

    fn members_of(&mut self, ty: Node<'_>, bases: &mut Vec<TypeIdx>) {
        if ty.kind() == "struct_type" {
            self.struct_members(ty, bases);
        } else {
            self.interface_members(ty, bases);
        }
    }

    fn field(
        &mut self,
        name: Node<'_>,
        field: Node<'_>,
        ty: Option<TypeIdx>,
        comments: &[Node<'_>],
    ) -> SymbolIdx {
        let mut declaration = Declaration::new(SymbolKind::FIELD, tree::span(name), tree::span(field));
        declaration.visibility = visibility(self.text_of(name));
        declaration.doc = self.doc(comments);
        if let Some(tag) = field.child_by_field_name("tag") {
            let text = self.text_of(tag);
            declaration.attributes.push(text.get(1..text.len().saturating_sub(1)).unwrap_or(text).to_owned());
        }
        if let Some(inner) = field.child_by_field_name("type").and_then(inner_members) {
            declaration.body = Some(tree::span(inner));
        }
        let symbol = self.writer.declare(declaration);
        let ty = ty.unwrap_or_else(|| self.writer.ty(tree::start(name), TypeKind::Unknown));
        self.writer.set_detail(symbol, ItemDetail::Field(ty));
        symbol
    }

    /// Declares the methods of an interface and notes the interfaces in it.
    fn interface_members(&mut self, ty: Node<'_>, bases: &mut Vec<TypeIdx>) {
        for (member, comments) in self.documented(ty) {
            match member.kind() {
                "method_elem" => {
                    let Some(name) = member.child_by_field_name("name") else { continue };
                    let declaration = self.callable(SymbolKind::METHOD, name, member, &comments);
                    let symbol = self.writer.declare(declaration);
                    self.method_of_interface(symbol, member);
                }
                "type_elem" => {
                    // Of several types that may be meant none is certain.
                    let base = match tree::children(member)[..] {
                        [only] => self.ty(only),
                        _ => None,
                    };
                    bases.extend(base);
                }
                _ => {}
            }
        }
    }

    fn method_of_interface(&mut self, symbol: SymbolIdx, node: Node<'_>) {
        self.writer.enter(symbol);
        let at = tree::start(node);
        let pat = self.writer.pat(at, PatKind::Wild);
        let ty = self.writer.ty(at, TypeKind::Unknown);
        let mut params = vec![ParamFact { pat, ty }];
        for param in node.child_by_field_name("parameters").map(tree::children).unwrap_or_default() {
            self.parameter(param, &mut params);
        }
        let result = self.result(node);
        self.writer.leave();
        let detail =
            FunctionDetail { self_kind: SelfKind::Value, params, result, ..FunctionDetail::default() };
        self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
    }
}

/// Whether a function of a test file is run by the test tool.
fn is_test(name: &str) -> bool {
    if name == "TestMain" {
        return false;
    }
    ["Test", "Benchmark", "Fuzz", "Example"]
        .iter()
        .any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| !rest.starts_with(char::is_lowercase)))
}

/// The name of an embedded field: the last one of its type.
fn embedded_name(ty: Node<'_>) -> Option<Node<'_>> {
    let mut next = ty;
    // Each step goes down one level of what a type may be written as.
    for _ in 0..8 {
        next = match next.kind() {
            "type_identifier" => return Some(next),
            "qualified_type" => next.child_by_field_name("name")?,
            "generic_type" => next.child_by_field_name("type")?,
            _ => next.named_child(0)?,
        };
    }
    None
}

/// The structure or interface that the type of a field writes out.
fn inner_members(ty: Node<'_>) -> Option<Node<'_>> {
    let mut next = ty;
    loop {
        next = match next.kind() {
            "struct_type" => return Some(next),
            "interface_type" => return Some(next).filter(|ty| ty.named_child_count() > 0),
            "pointer_type" | "parenthesized_type" => next.named_child(0)?,
            "slice_type" | "array_type" => next.child_by_field_name("element")?,
            "map_type" | "channel_type" => next.child_by_field_name("value")?,
            _ => return None,
        };
    }
}
