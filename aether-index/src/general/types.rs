//! What types, declarations and results stand for.

use std::sync::Arc;

use aether_core::code::facts::{ItemDetail, TypeIdx, TypeKind};

use super::names::MAX_STEPS;
use super::overloads::Wanted;
use super::tables::{General, SymRef};
use super::value::Value;
use crate::rust::resolve::{keys, name_key};

impl General {
    /// What stands behind the path of a type: a class, or a path outside.
    pub(super) fn named_type(&mut self, unit: u32, owner: Option<u32>, ty: TypeIdx) -> Value {
        // A type can be declared by itself.
        if self.types_open > MAX_STEPS {
            return Value::Unknown;
        }
        self.types_open += 1;
        let value = self.named_type_inside(unit, owner, ty);
        self.types_open -= 1;
        value
    }

    pub(super) fn named_type_inside(&mut self, unit: u32, owner: Option<u32>, ty: TypeIdx) -> Value {
        let facts = Arc::clone(&self.unit(unit).facts);
        let Some(fact) = facts.types.get(ty.0 as usize) else { return Value::Unknown };
        let path = match fact.kind {
            TypeKind::Path(path) => path,
            TypeKind::Ref(inner) | TypeKind::Pointer(inner) => return self.named_type(unit, owner, inner),
            _ => return Value::Unknown,
        };
        let segments = facts.paths[path as usize].segments;
        let segments = &facts.segments[segments.start as usize..(segments.start + segments.len) as usize];
        let mut names = segments.iter().map(|segment| facts.name(segment.name));
        let Some(first) = names.next() else { return Value::Unknown };
        self.wanting(Wanted::Class, |general| {
            let mut value = general.lookup_within(unit, owner, first, true);
            for name in names {
                value = general.member(&value, name).map_or(Value::Unknown, |(value, _)| value);
            }
            value
        })
    }

    /// A value of a type.
    pub(super) fn type_value(&mut self, unit: u32, owner: Option<u32>, ty: TypeIdx) -> Value {
        let kind = self.unit(unit).facts.types.get(ty.0 as usize).map(|fact| fact.kind);
        // An element stands in front of what it is an element of, so that this comes to an end.
        if let Some(TypeKind::Slice(inner) | TypeKind::Array(inner)) = kind {
            return match self.type_value(unit, owner, inner) {
                Value::Unknown => Value::Unknown,
                element => Value::Several(Box::new(element), None),
            };
        }
        match self.named_type(unit, owner, ty) {
            Value::Symbol(class) if self.is_class(class) => Value::Instance(class),
            Value::External(path) => self.value_outside(unit, owner, ty, path),
            _ => Value::Unknown,
        }
    }

    /// A value of a type outside: of a list or a pointer what is known of it by its arguments.
    pub(super) fn value_outside(
        &mut self,
        unit: u32,
        owner: Option<u32>,
        ty: TypeIdx,
        path: Arc<str>,
    ) -> Value {
        let name = path.rsplit("::").next().unwrap_or("");
        let language = self.language(unit);
        // An argument stands in front of what it is one of, so that this comes to an end.
        if let Some(element) = language.element(name).and_then(|number| self.argument(unit, ty, number)) {
            let element = self.type_value(unit, owner, element);
            return Value::Several(Box::new(element), Some(path));
        }
        if let Some(inner) = language.pointee(name).and_then(|number| self.argument(unit, ty, number)) {
            let inner = self.type_value(unit, owner, inner);
            return Value::Leading(Box::new(inner), path);
        }
        Value::ExternalInstance(path)
    }

    /// A type argument of a type.
    pub(super) fn argument(&self, unit: u32, ty: TypeIdx, number: usize) -> Option<TypeIdx> {
        let facts = &self.unit(unit).facts;
        let TypeKind::Path(path) = facts.types.get(ty.0 as usize)?.kind else { return None };
        let segments = facts.paths.get(path as usize)?.segments;
        let last = facts.segments.get((segments.start + segments.len).checked_sub(1)? as usize)?;
        facts.list(last.args).get(number).map(|&argument| TypeIdx(argument))
    }

    /// What a declaration stands for where it is named: a variable for its value.
    pub(super) fn value_of(&mut self, symbol: SymRef, steps: u32) -> Value {
        if steps > MAX_STEPS || self.nested_values > MAX_STEPS {
            return Value::Symbol(symbol);
        }
        let facts = Arc::clone(&self.unit(symbol.unit).facts);
        let fact = &facts.symbols[symbol.symbol as usize];
        let around = fact.parent.map(|parent| parent.0);
        self.nested_values += 1;
        let value = match fact.detail {
            ItemDetail::Field(ty) | ItemDetail::Value { ty: Some(ty), .. } => {
                self.type_value(symbol.unit, around, ty)
            }
            ItemDetail::Alias { ty: Some(ty), .. } => self.named_type(symbol.unit, around, ty),
            _ => Value::Unknown,
        };
        self.nested_values -= 1;
        if value == Value::Unknown { Value::Symbol(symbol) } else { value }
    }

    /// What a function gives back, as far as it says so.
    pub(super) fn result_of(&mut self, function: SymRef) -> Value {
        let facts = Arc::clone(&self.unit(function.unit).facts);
        let fact = &facts.symbols[function.symbol as usize];
        let key = self.unit(function.unit).key;
        self.touch(keys::named(key, name_key(facts.name(fact.name))));
        match &fact.detail {
            ItemDetail::Function(detail) => detail
                .result
                .map_or(Value::Unknown, |ty| self.type_value(function.unit, Some(function.symbol), ty)),
            _ => Value::Unknown,
        }
    }
}
