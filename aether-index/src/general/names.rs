//! What a name means: in a scope, through imports.

use std::sync::Arc;

use aether_core::code::SymbolKind;
use aether_core::code::facts::{ImportKind, ItemDetail, SelfKind, SymbolIdx};

use super::classes::is_holder;
use super::overloads::Wanted;
use super::tables::{General, SymRef};
use super::value::Value;
use crate::rust::resolve::{keys, name_key};

/// Steps along imports of imports, and along bases, until a search is given up: they may go in circles.
pub(super) const MAX_STEPS: u32 = 24;

impl General {
    /// What a plain name means in a declaration, or at the top of a file.
    pub(super) fn lookup(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
        self.lookup_within(unit, owner, name, false)
    }

    /// What a name means; `is_type` says that it stands where a type is written: a parameter is no
    /// type, also where it has the name of one.
    pub(super) fn lookup_within(
        &mut self,
        unit: u32,
        owner: Option<u32>,
        name: &str,
        is_type: bool,
    ) -> Value {
        let language = self.language(unit);
        if language.has_open_scopes() {
            return self.lookup_open(unit, owner, name);
        }
        let mut next = owner;
        let mut is_innermost = true;
        while let Some(symbol) = next {
            let here = SymRef { unit, symbol };
            if self.is_class(here) {
                if is_innermost
                    && language.has_class_scopes()
                    && let Some(found) = self.chosen(unit, Some(symbol), name)
                {
                    return self.value_of(found, 0);
                }
                // What a base outside may have is not claimed for a plain name.
                if language.has_implicit_receiver()
                    && let Some((found, _)) = self.class_member(here, name)
                    && !matches!(found, Value::External(_))
                {
                    return found;
                }
            } else if !is_holder(self.kind(here)) || *self.kind(here) == SymbolKind::MODULE {
                if let Some(found) = self.named_in(unit, Some(symbol), name, is_type) {
                    return self.value_of(found, 0);
                }
                if !is_type
                    && self.can_be_parameter(language.as_ref())
                    && let Some(value) = self.parameter(here, name)
                {
                    return value;
                }
                if let Some(value) = self.imported(unit, Some(symbol), name, 0) {
                    return value;
                }
            }
            is_innermost = false;
            next = self.parent(here).map(|parent| parent.symbol);
        }
        if let Some(found) = self.named_in(unit, None, name, is_type) {
            return self.value_of(found, 0);
        }
        if let Some(value) = self.imported(unit, None, name, 0) {
            return value;
        }
        if let Some(found) = self.sibling_top(unit, name) {
            return self.value_of(found, 0);
        }
        if let Some(value) = self.through_globs(unit, name, 0) {
            return value;
        }
        if language.has_global_functions() {
            let number = self.unit(unit).language;
            if let Some(&found) = self.functions_named(number, name).first() {
                return Value::Symbol(found);
            }
        }
        match language.builtin(name) {
            Some("") => Value::External(name.into()),
            Some(path) => Value::External(format!("{path}::{name}").into()),
            None => Value::Unknown,
        }
    }

    /// Whether what is looked for may be a parameter.
    pub(super) fn can_be_parameter(&self, language: &dyn crate::language::Language) -> bool {
        !language.has_overloads() || matches!(self.wanted, Wanted::Any | Wanted::Value)
    }

    /// What a parameter of a function stands for, as far as its declaration tells.
    pub(super) fn parameter(&mut self, function: SymRef, name: &str) -> Option<Value> {
        let facts = Arc::clone(&self.unit(function.unit).facts);
        let ItemDetail::Function(detail) = &facts.symbols[function.symbol as usize].detail else {
            return None;
        };
        let position = detail.params.iter().position(|param| super::infer::binds(&facts, param.pat, name))?;
        let is_receiver = self.language(function.unit).receiver().is_none_or(|receiver| receiver == name);
        if position == 0 && is_receiver && detail.self_kind != SelfKind::None {
            return Some(self.receiver_of(function, detail.self_kind));
        }
        Some(self.type_value(function.unit, Some(function.symbol), detail.params[position].ty))
    }

    /// The declaration of a name in a symbol, or at the top of a file: the last one, and where types have
    /// names of their own the last one that is a type or a value.
    pub(super) fn declared(
        &mut self,
        unit: u32,
        around: Option<u32>,
        name: &str,
        is_type: bool,
    ) -> Option<SymRef> {
        let mut found = self.members(unit, around, name);
        if found.len() > 1 && self.language(unit).has_type_names() {
            let best = found.iter().max_by_key(|&&symbol| match self.kind(symbol).as_str() {
                "class" | "enum" => 3,
                "trait" | "type" => u32::from(is_type) * 2,
                "module" => 1,
                _ => u32::from(!is_type) * 2,
            });
            return best.copied();
        }
        found.pop()
    }

    /// What a name means that a scope of `owner` imports.
    pub(super) fn imported(
        &mut self,
        unit: u32,
        owner: Option<u32>,
        name: &str,
        steps: u32,
    ) -> Option<Value> {
        let facts = Arc::clone(&self.unit(unit).facts);
        let key = self.unit(unit).key;
        self.touch(keys::named(key, name_key(name)));
        let owner = SymbolIdx(owner.unwrap_or(0));
        // Of several imports of one name the last one counts.
        for import in facts.imports.iter().rev() {
            let ImportKind::Name(known) = import.kind else { continue };
            if facts.name(known) != name || facts.scopes[import.scope.0 as usize].owner != Some(owner) {
                continue;
            }
            let segments: Vec<&str> = import.segments.iter().map(|&segment| facts.name(segment)).collect();
            let value = self.path(unit, &segments, import.is_global, steps + 1);
            // Several imports may bring overloads of one name.
            if value != Value::Unknown || !self.language(unit).has_overloads() {
                return Some(value);
            }
        }
        None
    }

    /// What a name means that a file has from an import of everything. Each file is searched once.
    pub(super) fn through_globs(&mut self, unit: u32, name: &str, steps: u32) -> Option<Value> {
        if steps > MAX_STEPS {
            return None;
        }
        if self.globs_open == 0 {
            self.globs_seen.clear();
        }
        if !self.globs_seen.insert((unit, name_key(name))) {
            return None;
        }
        self.globs_open += 1;
        let found = self.through_globs_of(unit, name, steps);
        self.globs_open -= 1;
        found
    }

    pub(super) fn through_globs_of(&mut self, unit: u32, name: &str, steps: u32) -> Option<Value> {
        let facts = Arc::clone(&self.unit(unit).facts);
        let key = self.unit(unit).key;
        self.touch(keys::globs(key));
        for import in &facts.imports {
            if import.kind != ImportKind::Glob {
                continue;
            }
            let segments: Vec<&str> = import.segments.iter().map(|&segment| facts.name(segment)).collect();
            let of = self
                .wanting(Wanted::Class, |general| general.path(unit, &segments, import.is_global, steps + 1));
            let found = match of {
                Value::Module(module) => self.module_member(&module, name, steps + 1),
                Value::Symbol(class) if self.is_class(class) => {
                    self.class_member(class, name).map(|(value, _)| value)
                }
                _ => None,
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The declaration that a name means in a symbol, or at the top of a file.
    pub(super) fn named_in(
        &mut self,
        unit: u32,
        around: Option<u32>,
        name: &str,
        is_type: bool,
    ) -> Option<SymRef> {
        if self.language(unit).has_overloads() {
            self.chosen(unit, around, name)
        } else {
            self.declared(unit, around, name, is_type)
        }
    }
}
