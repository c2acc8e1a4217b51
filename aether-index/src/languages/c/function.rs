//! Functions and methods.

use aether_core::base::ByteSpan;
use aether_core::code::facts::{
    ExprIdx, ExprKind, FunctionDetail, ItemDetail, ParamFact, PatIdx, PatKind, SelfKind, SymbolIdx, TypeIdx,
    TypeKind,
};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::item::Whole;
use super::name::Parts;
use super::{Walk, tree};
use crate::facts::Declaration;

/// Macros of GoogleTest that define a test, of a class or not.
const TESTS: [&str; 4] = ["TEST", "TEST_F", "TEST_P", "TYPED_TEST"];

impl<'t> Walk<'t> {
    /// A function with a body. What reads like one and has no name is part of another that does not parse:
    /// it is evaluated where it stands.
    pub(super) fn function<'n>(&mut self, node: Node<'n>, whole: Whole<'n, '_>, read: &mut Vec<ExprIdx>) {
        let body = node.child_by_field_name("body");
        let declarator = node.child_by_field_name("declarator");
        let found = declarator.map(|declarator| self.declarator(declarator)).unwrap_or_default();
        let Some(name) = found.name else {
            read.extend(body.map(|body| self.body(body)));
            return;
        };
        if let Some(parts) = self.test_name(node, name, found.function) {
            self.define_function(node, None, whole, &parts, SymbolKind::TEST, body);
            return;
        }
        let mut parts = self.parts(name);
        if let Some(cast) = self.conversion(name) {
            parts.push(cast);
        }
        let kind = match parts.len() {
            _ if !self.classes.is_empty() => SymbolKind::METHOD,
            0 | 1 => SymbolKind::FUNCTION,
            _ => SymbolKind::METHOD,
        };
        self.define_function(node, found.function, whole, &parts, kind, body);
    }

    /// The test that a macro defines: its class, and its name.
    fn test_name(&self, node: Node<'_>, name: Node<'_>, function: Option<Node<'_>>) -> Option<Parts<'t>> {
        if node.child_by_field_name("type").is_some() || !TESTS.contains(&self.text_of(name)) {
            return None;
        }
        let params = tree::children(function?.child_by_field_name("parameters")?);
        let [class, test] = params[..] else { return None };
        Some(vec![(self.text_of(class), tree::start(class)), (self.text_of(test), tree::start(test))])
    }

    fn define_function<'n>(
        &mut self,
        node: Node<'n>,
        function: Option<Node<'n>>,
        whole: Whole<'n, '_>,
        parts: &Parts<'t>,
        kind: SymbolKind,
        body: Option<Node<'n>>,
    ) {
        let Some(&(text, at)) = parts.last() else { return };
        let entered = self.enter_holders(parts, whole.node);
        let name = ByteSpan::new(at, at + text.len() as u32);
        let mut declaration = Declaration::new(kind.clone(), name, tree::span(whole.node));
        declaration.body = body.map(tree::span);
        declaration.visibility = match entered {
            0 => self.visibility(self.linkage(node)),
            _ => Visibility::Public,
        };
        declaration.doc = self.doc(whole.comments);
        let symbol = self.writer.declare(declaration);
        self.writer.enter(symbol);
        // What a function declares is no member of a class around it.
        let classes = std::mem::take(&mut self.classes);
        let owner = parts.len().checked_sub(2).and_then(|at| parts.get(at)).map(|&(name, _)| name);
        let class = owner.or(classes.last().map(|class| class.name));
        let mut detail = self.detail(node, function, class.filter(|_| kind == SymbolKind::METHOD), text, at);
        if kind != SymbolKind::FUNCTION
            && !(entered == 0 && self.has_word(node, "storage_class_specifier", &["static"]))
        {
            detail.self_kind = SelfKind::Value;
        }
        let mut read = Vec::new();
        self.initializers(node, &mut read);
        if let Some(body) = body {
            let body = self.body(body);
            read.push(body);
            let root = self.sequence(tree::start(node), &read);
            detail.body = Some(self.writer.body(symbol, root));
        }
        self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
        self.classes = classes;
        self.writer.leave();
        self.leave_holders(entered);
    }

    /// A function that is defined elsewhere.
    pub(super) fn declared_function<'n>(
        &mut self,
        node: Node<'n>,
        declarator: Node<'n>,
        whole: Whole<'n, '_>,
        visibility: Visibility,
    ) {
        if let Some((symbol, detail)) =
            self.without_body(node, declarator, whole, visibility, SymbolKind::DECLARATION)
        {
            self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
        }
    }

    /// A method that classes derived from this one define.
    pub(super) fn abstract_method<'n>(&mut self, node: Node<'n>, declarator: Node<'n>, whole: Whole<'n, '_>) {
        let visibility = self.visibility(Visibility::Public);
        if let Some((symbol, mut detail)) =
            self.without_body(node, declarator, whole, visibility, SymbolKind::METHOD)
        {
            detail.self_kind = SelfKind::Value;
            self.writer.set_detail(symbol, ItemDetail::Function(Box::new(detail)));
        }
    }

    fn without_body<'n>(
        &mut self,
        node: Node<'n>,
        declarator: Node<'n>,
        whole: Whole<'n, '_>,
        visibility: Visibility,
        kind: SymbolKind,
    ) -> Option<(SymbolIdx, FunctionDetail)> {
        let found = self.declarator(declarator);
        let name = found.name?;
        let (text, at) = match self.conversion(name) {
            Some(cast) => cast,
            None => *self.parts(name).last()?,
        };
        let span = ByteSpan::new(at, at + text.len() as u32);
        let mut declaration = Declaration::new(kind, span, tree::span(whole.node));
        declaration.visibility = self.visibility(visibility);
        declaration.doc = self.doc(whole.comments);
        let symbol = self.writer.declare(declaration);
        let class = self.classes.last().map(|class| class.name);
        let detail = self.detail(node, found.function, class, text, at);
        Some((symbol, detail))
    }

    /// The name of a conversion: `operator bool`.
    fn conversion(&self, name: Node<'_>) -> Option<(&'t str, u32)> {
        let mut name = name;
        while name.kind() == "qualified_identifier" {
            name = name.child_by_field_name("name")?;
        }
        if name.kind() != "operator_cast" {
            return None;
        }
        let ty = name.child_by_field_name("type")?;
        let text = self.text.get(name.start_byte()..ty.end_byte())?;
        Some((text, tree::start(name)))
    }

    /// What resolution needs to know of a function.
    fn detail(
        &mut self,
        node: Node<'_>,
        function: Option<Node<'_>>,
        class: Option<&str>,
        name: &str,
        at: u32,
    ) -> FunctionDetail {
        let mut detail = FunctionDetail::default();
        for param in function
            .and_then(|function| function.child_by_field_name("parameters"))
            .map(tree::children)
            .unwrap_or_default()
        {
            self.parameter(param, &mut detail.params);
        }
        if let Some(parameters) = function.and_then(|function| function.child_by_field_name("parameters"))
            && self.text_of(parameters).trim_end_matches([')', ' ']).ends_with("...")
            && !detail.params.last().is_some_and(|param| self.is_rest(param.ty))
        {
            self.rest(tree::start(parameters), &mut detail.params);
        }
        let trailing = function
            .map(tree::children)
            .unwrap_or_default()
            .into_iter()
            .find(|child| child.kind() == "trailing_return_type");
        let written = trailing.and_then(|trailing| trailing.named_child(0));
        let written = written.or_else(|| node.child_by_field_name("type"));
        detail.result = match written {
            Some(written) => self.ty(written),
            // A constructor gives what it makes.
            None if class == Some(name) => {
                let path = self.writer.path(&[(name, at)]);
                Some(self.writer.ty(at, TypeKind::Path(path)))
            }
            None => None,
        };
        detail
    }

    /// Adds the parameters that a node of a list of them is.
    pub(super) fn parameter(&mut self, param: Node<'_>, params: &mut Vec<ParamFact>) {
        let at = tree::start(param);
        match param.kind() {
            "parameter_declaration" | "optional_parameter_declaration" => {
                let ty = param.child_by_field_name("type");
                let declarator = param.child_by_field_name("declarator");
                // `f(void)` takes nothing.
                if declarator.is_none() && ty.is_some_and(|ty| self.text_of(ty) == "void") {
                    return;
                }
                let found = declarator.map(|declarator| self.declarator(declarator)).unwrap_or_default();
                let known = ty.filter(|_| !found.is_pointer_to_function && found.function.is_none());
                let known = known.and_then(|ty| self.ty(ty));
                let known = self.declared_type(known, found.is_array, at);
                let ty = known.unwrap_or_else(|| self.writer.ty(at, TypeKind::Unknown));
                let default = param.child_by_field_name("default_value");
                if let Some(value) = default {
                    self.expr(value);
                }
                let pat = self.variable_pattern(found.name, at, default.is_some());
                params.push(ParamFact { pat, ty });
            }
            "variadic_parameter_declaration" | "variadic_parameter" => self.rest(at, params),
            _ => {}
        }
    }

    /// A last parameter that takes any number of arguments.
    fn rest(&mut self, at: u32, params: &mut Vec<ParamFact>) {
        let pat = self.writer.pat(at, PatKind::Rest);
        let unknown = self.writer.ty(at, TypeKind::Unknown);
        let ty = self.writer.ty(at, TypeKind::Slice(unknown));
        params.push(ParamFact { pat, ty });
    }

    fn is_rest(&self, ty: TypeIdx) -> bool {
        self.writer.is_slice(ty)
    }

    /// The pattern of a name. One that may be left out has a pattern of its own behind it.
    pub(super) fn variable_pattern(&mut self, name: Option<Node<'_>>, at: u32, is_optional: bool) -> PatIdx {
        let name = name.filter(|name| matches!(name.kind(), "identifier" | "field_identifier"));
        let Some(name) = name else { return self.writer.pat(at, PatKind::Wild) };
        let behind = is_optional.then(|| self.writer.pat(at, PatKind::Wild));
        let text = self.writer.name(self.text_of(name));
        self.writer.pat(tree::start(name), PatKind::Bind(text, behind))
    }

    /// What a constructor does with bases and fields before its body.
    fn initializers(&mut self, node: Node<'_>, read: &mut Vec<ExprIdx>) {
        let list = tree::children(node).into_iter().find(|child| child.kind() == "field_initializer_list");
        for initializer in list.map(tree::children).unwrap_or_default() {
            let [name, value, ..] = tree::children(initializer)[..] else { continue };
            let args = self.arguments(value);
            let parts = self.parts(name);
            // Fields are written in lower case or end in `_`, bases do neither.
            let is_base = parts
                .last()
                .is_some_and(|(name, _)| name.starts_with(char::is_uppercase) && !name.ends_with('_'));
            let at = tree::start(name);
            read.push(match is_base {
                true => {
                    let callee = self.writer.path_expr(&parts);
                    self.writer.expr(at, ExprKind::Call(callee, args))
                }
                false => self.writer.expr(at, ExprKind::Unknown(args)),
            });
        }
    }
}
