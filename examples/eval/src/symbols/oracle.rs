//! The declarations of a file as `syn` reads them.

use aether_core::code::SymbolKind;
use proc_macro2::Span;
use syn::parse::{ParseStream, Parser as _};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Fields, Ident, Signature, Token, Type};

use super::{Declaration, impl_text};

/// The declarations of a file; `None` when `syn` cannot read it.
pub(super) fn declarations(text: &str) -> Option<Vec<Declaration>> {
    let file = syn::parse_file(text).ok()?;
    let mut oracle = Oracle { found: Vec::new() };
    oracle.visit_file(&file);
    Some(oracle.found)
}

struct Oracle {
    found: Vec<Declaration>,
}

impl Oracle {
    fn push(&mut self, span: Span, kind: SymbolKind, name: String) {
        self.found.push(Declaration { line: span.start().line as u32, kind, name });
    }

    fn named(&mut self, ident: &Ident, kind: SymbolKind) {
        let text = ident.to_string();
        self.push(ident.span(), kind, super::plain(&text).to_owned());
    }

    fn callable(&mut self, ident: &Ident, attributes: &[Attribute], kind: SymbolKind) {
        let is_test = attributes.iter().any(is_test_attribute);
        self.named(ident, if is_test { SymbolKind::TEST } else { kind });
    }

    /// Fields without a name go by their number and stand where their type starts.
    fn fields(&mut self, fields: &Fields) {
        for (number, field) in fields.iter().enumerate() {
            match &field.ident {
                Some(ident) => self.named(ident, SymbolKind::FIELD),
                None => self.push(field.ty.span(), SymbolKind::FIELD, number.to_string()),
            }
        }
    }
}

/// `#[test]` and its kin: what makes a test of a function.
fn is_test_attribute(attribute: &Attribute) -> bool {
    const LAST: [&str; 7] =
        ["test", "rstest", "test_case", "wasm_bindgen_test", "quickcheck", "proptest", "test_log"];
    attribute.path().segments.last().is_some_and(|last| LAST.iter().any(|name| last.ident == name))
}

/// The last segment of a type that is a path, references taken away.
fn head(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => head(&reference.elem),
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().map(|last| last.ident.to_string())
        }
        _ => None,
    }
}

/// A function of an implementation that ends in a semicolon.
fn bodyless(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Signature)> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<syn::Visibility>()?;
    let signature = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok((attributes, signature))
}

impl<'ast> Visit<'ast> for Oracle {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.callable(&item.sig.ident, &item.attrs, SymbolKind::FUNCTION);
        visit::visit_item_fn(self, item);
    }

    fn visit_foreign_item_fn(&mut self, item: &'ast syn::ForeignItemFn) {
        self.callable(&item.sig.ident, &item.attrs, SymbolKind::FUNCTION);
        visit::visit_foreign_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.callable(&item.sig.ident, &item.attrs, SymbolKind::METHOD);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        // A function without a body, which an attribute of its own makes Rust of.
        if let syn::ImplItem::Verbatim(tokens) = item
            && let Ok((attributes, signature)) = bodyless.parse2(tokens.clone())
        {
            self.callable(&signature.ident, &attributes, SymbolKind::METHOD);
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.callable(&item.sig.ident, &item.attrs, SymbolKind::METHOD);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.named(&item.ident, SymbolKind::STRUCT);
        self.fields(&item.fields);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.named(&item.ident, SymbolKind::UNION);
        for field in &item.fields.named {
            if let Some(ident) = &field.ident {
                self.named(ident, SymbolKind::FIELD);
            }
        }
        visit::visit_item_union(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.named(&item.ident, SymbolKind::ENUM);
        visit::visit_item_enum(self, item);
    }

    fn visit_variant(&mut self, item: &'ast syn::Variant) {
        self.named(&item.ident, SymbolKind::VARIANT);
        self.fields(&item.fields);
        visit::visit_variant(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.named(&item.ident, SymbolKind::TRAIT);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of_trait = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        let of_trait = of_trait.map(|last| last.ident.to_string());
        let name = impl_text(head(&item.self_ty).as_deref(), of_trait.as_deref());
        self.push(item.self_ty.span(), SymbolKind::IMPL, name);
        visit::visit_item_impl(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.named(&item.ident, SymbolKind::MODULE);
        visit::visit_item_mod(self, item);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.named(&item.ident, SymbolKind::CONSTANT);
        visit::visit_item_const(self, item);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.named(&item.ident, SymbolKind::CONSTANT);
        visit::visit_impl_item_const(self, item);
    }

    fn visit_trait_item_const(&mut self, item: &'ast syn::TraitItemConst) {
        self.named(&item.ident, SymbolKind::CONSTANT);
        visit::visit_trait_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.named(&item.ident, SymbolKind::STATIC);
        visit::visit_item_static(self, item);
    }

    fn visit_foreign_item_static(&mut self, item: &'ast syn::ForeignItemStatic) {
        self.named(&item.ident, SymbolKind::STATIC);
        visit::visit_foreign_item_static(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.named(&item.ident, SymbolKind::TYPE);
        visit::visit_item_type(self, item);
    }

    fn visit_foreign_item_type(&mut self, item: &'ast syn::ForeignItemType) {
        self.named(&item.ident, SymbolKind::TYPE);
        visit::visit_foreign_item_type(self, item);
    }

    fn visit_impl_item_type(&mut self, item: &'ast syn::ImplItemType) {
        self.named(&item.ident, SymbolKind::TYPE);
        visit::visit_impl_item_type(self, item);
    }

    fn visit_trait_item_type(&mut self, item: &'ast syn::TraitItemType) {
        self.named(&item.ident, SymbolKind::TYPE);
        visit::visit_trait_item_type(self, item);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Some(ident) = &item.ident {
            self.named(ident, SymbolKind::MACRO);
        }
        visit::visit_item_macro(self, item);
    }
}
