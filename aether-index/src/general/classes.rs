//! Members: of classes and their bases, and of whatever else has some.

use std::sync::Arc;

use aether_core::code::SymbolKind;
use aether_core::code::facts::{ItemDetail, SelfKind, TypeIdx};

use super::names::MAX_STEPS;
use super::tables::{General, SymRef};
use super::value::{Found, Value};
use crate::rust::resolve::{keys, name_key};

impl General {
    /// Whether a symbol has members that are found through its values. A type is one if it says so.
    pub(super) fn is_class(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        match fact.kind.as_str() {
            "class" | "struct" | "trait" | "enum" | "union" => true,
            "type" => matches!(fact.detail, ItemDetail::Class { .. }),
            _ => false,
        }
    }

    /// A member of a value.
    pub(super) fn member(&mut self, value: &Value, name: &str) -> Option<(Value, Found)> {
        self.member_within(value, name, 0)
    }

    pub(super) fn member_within(&mut self, value: &Value, name: &str, steps: u32) -> Option<(Value, Found)> {
        if let Some(found) = self.member_of_one(value, name, steps) {
            return Some(found);
        }
        // A class and a namespace of one name are one thing.
        let (Value::Symbol(of) | Value::Instance(of)) = *value else { return None };
        if !self.language(of.unit).has_type_names() {
            return None;
        }
        let around = self.parent(of).map(|parent| parent.symbol);
        let known = self.unit(of.unit).name(of.symbol).to_owned();
        let others = self.members(of.unit, around, &known).into_iter().filter(|other| *other != of);
        let others: Vec<SymRef> = others.collect();
        others.into_iter().find_map(|other| self.member_of_one(&Value::Symbol(other), name, steps))
    }

    pub(super) fn member_of_one(&mut self, value: &Value, name: &str, steps: u32) -> Option<(Value, Found)> {
        match value {
            Value::Module(module) => Some((self.module_member(module, name, steps)?, Found::Own)),
            Value::Symbol(class) | Value::Instance(class) | Value::Base(class) if self.is_class(*class) => {
                let (found, how) = match value {
                    Value::Base(_) => self.base_member(*class, name, 0)?,
                    _ => self.class_member_symbol(*class, name, 0)?,
                };
                let value = match found {
                    Value::Symbol(symbol) if self.is_property(symbol) => self.result_of(symbol),
                    Value::Symbol(symbol) => self.value_of(symbol, steps),
                    other => other,
                };
                Some((value, how))
            }
            Value::Symbol(namespace)
                if *self.kind(*namespace) == SymbolKind::MODULE && self.is_open(namespace.unit) =>
            {
                let value = match self.namespace_member(*namespace, name) {
                    Some(found) => self.value_of(found, steps),
                    // Files may add to a namespace of the library.
                    None => Value::External(self.outside_name(*namespace, name)?),
                };
                Some((value, Found::Own))
            }
            Value::Symbol(holder)
                if is_holder(self.kind(*holder)) && self.language(holder.unit).has_object_members() =>
            {
                let found = self.declared(holder.unit, Some(holder.symbol), name, self.types_open > 0)?;
                Some((self.value_of(found, steps), Found::Own))
            }
            Value::Leading(inner, path) => {
                let found = self.member_of_one(inner, name, steps);
                found.or_else(|| Some((Value::External(format!("{path}::{name}").into()), Found::Own)))
            }
            Value::External(path) | Value::ExternalInstance(path) | Value::Several(_, Some(path)) => {
                Some((Value::External(format!("{path}::{name}").into()), Found::Own))
            }
            _ => None,
        }
    }

    /// A member of a class, its own or one of its bases'.
    pub(super) fn class_member(&mut self, class: SymRef, name: &str) -> Option<(Value, Found)> {
        let (value, how) = self.class_member_symbol(class, name, 0)?;
        match value {
            Value::Symbol(symbol) => Some((self.value_of(symbol, 0), how)),
            other => Some((other, how)),
        }
    }

    pub(super) fn class_member_symbol(
        &mut self,
        class: SymRef,
        name: &str,
        steps: u32,
    ) -> Option<(Value, Found)> {
        if steps > MAX_STEPS {
            return None;
        }
        let own = match self.is_open(class.unit) {
            true => self.open_member(class, name),
            false => self.chosen(class.unit, Some(class.symbol), name),
        };
        if let Some(found) = own {
            return Some((Value::Symbol(found), Found::Own));
        }
        let language = self.language(class.unit);
        // A constructor is not inherited where each class has its own.
        if language.has_overloads() && language.constructor() == Some(name) && steps > 0 {
            return None;
        }
        if !language.has_outside_methods() || language.has_open_scopes() {
            return self.base_member(class, name, steps);
        }
        let of = self.unit(class.unit).name(class.symbol).to_owned();
        let mut units = vec![class.unit];
        units.extend(self.siblings(class.unit).iter());
        for unit in units {
            if let Some(found) = self.extensions(unit, &of, name).pop() {
                return Some((Value::Symbol(found), Found::Own));
            }
        }
        self.base_member(class, name, steps)
    }

    /// A member that a class has from one of its bases.
    pub(super) fn base_member(&mut self, class: SymRef, name: &str, steps: u32) -> Option<(Value, Found)> {
        let mut outside = None;
        for base in self.bases(class) {
            match base {
                Value::Symbol(base) if base != class => {
                    if let Some((found, _)) = self.class_member_symbol(base, name, steps + 1) {
                        match found {
                            Value::External(_) => outside = outside.or(Some(found)),
                            found => return Some((found, Found::Inherited)),
                        }
                    }
                }
                Value::External(path) if outside.is_none() => {
                    outside = Some(Value::External(format!("{path}::{name}").into()));
                }
                _ => {}
            }
        }
        outside.map(|value| (value, Found::Inherited))
    }

    /// What a class is derived from.
    pub(super) fn bases(&mut self, class: SymRef) -> Vec<Value> {
        let facts = Arc::clone(&self.unit(class.unit).facts);
        let key = self.unit(class.unit).key;
        let symbol = &facts.symbols[class.symbol as usize];
        self.touch(keys::named(key, name_key(facts.name(symbol.name))));
        let (ItemDetail::Class { bases, .. } | ItemDetail::Trait { supertraits: bases, .. }) = &symbol.detail
        else {
            return Vec::new();
        };
        let around = symbol.parent.map(|parent| parent.0);
        facts.list(*bases).iter().map(|&ty| self.named_type(class.unit, around, TypeIdx(ty))).collect()
    }

    /// The class around a declaration.
    pub(super) fn class_around(&mut self, symbol: SymRef) -> Option<SymRef> {
        let mut next = Some(symbol);
        while let Some(here) = next {
            if self.is_class(here) {
                return Some(here);
            }
            if self.is_open(here.unit) {
                if *self.kind(here) == SymbolKind::IMPL {
                    return self.class_of_block(here);
                }
            } else if let Some(class) = self.extended_class(here) {
                return Some(class);
            }
            next = self.parent(here);
        }
        None
    }

    /// The type of a method that stands outside of it.
    pub(super) fn extended_class(&mut self, method: SymRef) -> Option<SymRef> {
        let facts = Arc::clone(&self.unit(method.unit).facts);
        let symbol = &facts.symbols[method.symbol as usize];
        let ItemDetail::Function(detail) = &symbol.detail else { return None };
        match self.type_value(method.unit, None, detail.self_type.filter(|_| symbol.parent.is_none())?) {
            Value::Instance(class) => Some(class),
            _ => None,
        }
    }

    /// What the receiver of a method stands for.
    pub(super) fn receiver_of(&mut self, method: SymRef, kind: SelfKind) -> Value {
        if let Some(class) = self.extended_class(method) {
            return Value::Instance(class);
        }
        match self.parent(method) {
            Some(class) if self.is_class(class) && kind == SelfKind::Ref => Value::Symbol(class),
            Some(class) if self.is_class(class) => Value::Instance(class),
            Some(object) if is_holder(self.kind(object)) => Value::Symbol(object),
            _ => Value::Unknown,
        }
    }

    /// Whether a method is read like a field.
    pub(super) fn is_property(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        if fact.kind == SymbolKind::METHOD && self.language(symbol.unit).is_property(fact) {
            return true;
        }
        fact.attributes.iter().any(|text| {
            matches!(text.as_str(), "property" | "cached_property") || text.ends_with(".cached_property")
        })
    }
}

/// Whether a symbol holds declarations without being a type: a namespace, or a variable.
pub(super) fn is_holder(kind: &SymbolKind) -> bool {
    matches!(kind.as_str(), "module" | "variable" | "constant")
}
