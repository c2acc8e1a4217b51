//! Classes, structures, unions and enumerations.

use aether_core::base::ByteSpan;
use aether_core::code::facts::{Generics, ItemDetail, SymbolIdx, TypeIdx, TypeKind};
use aether_core::code::{SymbolKind, Visibility};
use tree_sitter::Node;

use super::item::{Whole, body_in_front};
use super::name::Parts;
use super::preprocessor::{is_condition, is_head};
use super::{ClassAround, Walk, tree};
use crate::facts::Declaration;

impl<'t> Walk<'t> {
    /// Reads a type where it stands, and declares it when it has a body. One without a name goes by that
    /// of what it is the type of.
    pub(super) fn type_specifier<'n>(
        &mut self,
        node: Node<'n>,
        whole: Option<Whole<'n, '_>>,
        of: Option<Node<'n>>,
    ) -> Option<TypeIdx> {
        let Some(body) = node.child_by_field_name("body") else { return self.ty(node) };
        // `enum : int { … }` has a name without text.
        let own = node.child_by_field_name("name").filter(|name| !name.byte_range().is_empty());
        let Some(name) = own.or(of).filter(|name| name.kind() != "operator_cast") else {
            // The variants of an enumeration without a name are known all the same.
            if node.kind() == "enum_specifier" {
                self.variants(body, None);
            } else {
                self.deeper(|walk| walk.members(body));
            }
            return None;
        };
        let kind = match node.kind() {
            "class_specifier" => SymbolKind::CLASS,
            "union_specifier" => SymbolKind::UNION,
            "enum_specifier" => SymbolKind::ENUM,
            _ => SymbolKind::STRUCT,
        };
        let access = match kind == SymbolKind::CLASS {
            true => Visibility::Private,
            false => Visibility::Public,
        };
        let parts = self.parts(name);
        let &(text, at) = parts.last()?;
        let spanned = whole.map_or(node, |whole| whole.node);
        let mut declaration =
            Declaration::new(kind.clone(), tree::span(self.last_of(name)), tree::span(spanned));
        declaration.body = Some(tree::span(body));
        declaration.visibility = self.visibility(Visibility::Public);
        declaration.doc = whole.map(|whole| self.doc(whole.comments)).unwrap_or_default();
        let entered = self.enter_holders(&parts, spanned);
        let around = self.writer.around();
        let symbol = self.writer.declare(declaration);
        self.holders.insert((around, text), symbol);
        if kind == SymbolKind::ENUM {
            // One whose variants stand beside it has no scope of its own.
            if self.is_scoped(node) {
                self.writer.set_detail(symbol, ItemDetail::Adt(Generics::default()));
            }
            self.writer.enter(symbol);
            self.variants(body, Some((text, at)));
            self.writer.leave();
        } else {
            let bases = self.bases(node);
            let bases = self.writer.list(&bases);
            self.writer.set_detail(symbol, ItemDetail::Class { generics: Generics::default(), bases });
            self.writer.enter(symbol);
            self.classes.push(ClassAround { name: text, access });
            self.deeper(|walk| walk.members(body));
            self.classes.pop();
            self.writer.leave();
        }
        self.leave_holders(entered);
        let path = self.writer.path(&parts);
        Some(self.writer.ty(at, TypeKind::Path(path)))
    }

    /// `enum class` and `enum struct`.
    fn is_scoped(&self, node: Node<'_>) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| matches!(child.kind(), "class" | "struct"))
    }

    fn bases(&mut self, node: Node<'_>) -> Vec<u32> {
        let clause = tree::children(node).into_iter().find(|child| child.kind() == "base_class_clause");
        let mut bases = Vec::new();
        for base in clause.map(tree::children).unwrap_or_default() {
            if !matches!(base.kind(), "access_specifier" | "attribute_declaration") {
                bases.extend(self.ty(base).map(|ty| ty.0));
            }
        }
        bases
    }

    /// The variants of an enumeration, whose name they have as their type.
    fn variants(&mut self, body: Node<'_>, of: Option<(&'t str, u32)>) {
        for (variant, comments) in self.documented(body) {
            if is_condition(variant.kind()) {
                self.deeper(|walk| walk.variants(variant, of));
                continue;
            }
            let Some(name) = variant.child_by_field_name("name").filter(|_| variant.kind() == "enumerator")
            else {
                continue;
            };
            let mut declaration =
                Declaration::new(SymbolKind::VARIANT, tree::span(name), tree::span(variant));
            declaration.visibility = self.visibility(Visibility::Public);
            declaration.doc = self.doc(&comments);
            let symbol = self.writer.declare(declaration);
            let ty = of.map(|of| {
                let path = self.writer.path(&[of]);
                self.writer.ty(of.1, TypeKind::Path(path))
            });
            let body = variant.child_by_field_name("value").map(|value| {
                let value = self.expr(value);
                self.writer.body(symbol, value)
            });
            self.writer.set_detail(symbol, ItemDetail::Value { ty, body });
        }
    }

    /// What a class holds.
    pub(super) fn members(&mut self, body: Node<'_>) {
        for (child, comments) in self.documented(body) {
            if !is_head(body, child) {
                let whole = Whole { node: child, comments: &comments };
                self.deeper(|walk| walk.member(child, whole));
            }
        }
    }

    /// A member of a class.
    pub(super) fn member<'n>(&mut self, node: Node<'n>, whole: Whole<'n, '_>) {
        match node.kind() {
            kind if is_condition(kind) || kind == "ERROR" => self.members(node),
            "access_specifier" => {
                let access = match self.text_of(node).trim_end_matches([':', ' ']) {
                    "public" => Visibility::Public,
                    "protected" => Visibility::Restricted,
                    _ => Visibility::Private,
                };
                if let Some(class) = self.classes.last_mut() {
                    class.access = access;
                }
            }
            "field_declaration" | "declaration" => self.fields(node, whole),
            // What stands in a class is evaluated nowhere.
            _ => self.item(node, whole, &mut Vec::new()),
        }
    }

    /// Fields, methods that are defined elsewhere, and types in front of them.
    fn fields<'n>(&mut self, node: Node<'n>, whole: Whole<'n, '_>) {
        let declarators = self.declarators(node);
        let written = self.written_type(node, &declarators, whole);
        let is_pure = {
            let text = self.text_of(node).trim_end_matches([';', ' ']);
            text.ends_with('0') && text.trim_end_matches(['0', ' ']).ends_with('=')
        };
        let value = node.child_by_field_name("default_value");
        for declarator in declarators {
            let found = self.declarator(declarator);
            let Some(name) = found.name else { continue };
            if found.function.is_some() || name.kind() == "operator_cast" {
                if self.is_macro_among_members(node, name) {
                    continue;
                }
                let visibility = self.visibility(Visibility::Public);
                if is_pure {
                    self.abstract_method(node, declarator, whole);
                } else {
                    self.declared_function(node, declarator, whole, visibility);
                }
                continue;
            }
            let mut declaration =
                Declaration::new(SymbolKind::FIELD, tree::span(name), tree::span(whole.node));
            declaration.visibility = self.visibility(Visibility::Public);
            declaration.doc = self.doc(whole.comments);
            declaration.body = body_in_front(node);
            let symbol = self.writer.declare(declaration);
            let ty = if found.is_pointer_to_function { None } else { written };
            let ty = self.declared_type(ty, found.is_array, tree::start(name));
            let body = value.or(found.value).map(|value| {
                let value = self.initial(value, node.child_by_field_name("type"));
                self.writer.body(symbol, value)
            });
            self.writer.set_detail(symbol, ItemDetail::Value { ty, body });
        }
    }

    /// Whether what reads like a function without a type is a macro: nothing but constructors, destructors
    /// and operators has none.
    fn is_macro_among_members(&self, node: Node<'_>, name: Node<'_>) -> bool {
        let text = self.text_of(name);
        node.child_by_field_name("type").is_none()
            && matches!(name.kind(), "identifier" | "field_identifier")
            && self.classes.last().is_some_and(|class| class.name != text)
    }

    /// Opens what a qualified name stands in: the class where the file declares it, else what stands for
    /// it, with the place of its first member. Returns how many were opened.
    pub(super) fn enter_holders(&mut self, parts: &Parts<'t>, node: Node<'_>) -> usize {
        let Some((_, qualifiers)) = parts.split_last() else { return 0 };
        for &(name, at) in qualifiers {
            let around = self.writer.around();
            let holder = match self.holders.get(&(around, name)) {
                Some(&holder) => holder,
                None => self.stand_in(around, name, at, node),
            };
            self.writer.enter(holder);
        }
        qualifiers.len()
    }

    pub(super) fn leave_holders(&mut self, count: usize) {
        for _ in 0..count {
            self.writer.leave();
        }
    }

    /// What stands for a class, or a namespace, whose members the file defines from outside.
    fn stand_in(&mut self, around: Option<SymbolIdx>, name: &'t str, at: u32, node: Node<'_>) -> SymbolIdx {
        let span = ByteSpan::new(at, at + name.len() as u32);
        let mut declaration = Declaration::new(SymbolKind::IMPL, span, tree::span(node));
        // Not more of the first member than its name.
        declaration.body = Some(ByteSpan::new(span.end, node.end_byte() as u32));
        let symbol = self.writer.declare(declaration);
        self.holders.insert((around, name), symbol);
        symbol
    }
}
