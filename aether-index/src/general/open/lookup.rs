//! What a name means along open scopes.

use std::sync::Arc;

use aether_core::code::SymbolKind;
use aether_core::code::facts::ImportKind;

use super::super::overloads::Wanted;
use super::super::tables::{General, SymRef};
use super::super::value::Value;
use super::{MAX_DEPTH, is_transparent, joined};

impl General {
    /// What a plain name means in a declaration, or at the top of a file.
    pub(in crate::general) fn lookup_open(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
        if self.open.depth > MAX_DEPTH {
            return Value::Unknown;
        }
        self.open.depth += 1;
        let value = self.lookup_open_inside(unit, owner, name);
        self.open.depth -= 1;
        value
    }

    pub(in crate::general) fn lookup_open_inside(
        &mut self,
        unit: u32,
        owner: Option<u32>,
        name: &str,
    ) -> Value {
        let mut next = owner;
        // Functions, and classes inside of them.
        while let Some(symbol) = next {
            let here = SymRef { unit, symbol };
            if self.kind(here).is_callable() {
                let found = self.members(unit, Some(symbol), name);
                if let Some(found) = self.choose(found) {
                    return self.value_of(found, 0);
                }
                let is_value = matches!(self.wanted, Wanted::Any | Wanted::Value);
                if is_value && let Some(value) = self.parameter(here, name) {
                    return value;
                }
            } else if self.is_class(here) && self.open_path(here).is_none() {
                if let Some((value, _)) = self.class_member(here, name) {
                    return value;
                }
            } else {
                break;
            }
            next = self.parent(here).map(|parent| parent.symbol);
        }
        // Classes and namespaces, by the path that they have in every file.
        let scope = next.map(|symbol| SymRef { unit, symbol });
        let mut scope = scope.and_then(|scope| self.scope_path(scope)).unwrap_or_default();
        loop {
            if !scope.is_empty()
                && let Some(class) = self.class_at(&scope)
                && let Some((value, _)) = self.class_member(class, name)
                && !matches!(value, Value::External(_))
            {
                return value;
            }
            if let Some(found) = self.found_at(&joined(&scope, name)) {
                return self.value_of(found, 0);
            }
            match scope.rfind("::") {
                Some(end) => scope.truncate(end),
                None if scope.is_empty() => break,
                None => scope.clear(),
            }
        }
        if let Some(value) = self.imported(unit, None, name, 0)
            && value != Value::Unknown
        {
            return value;
        }
        for namespace in self.directives(unit).iter() {
            if let Some(found) = self.found_at(&joined(namespace, name)) {
                return self.value_of(found, 0);
            }
        }
        if let Some(value) = self.beside_arguments(name) {
            return value;
        }
        if let Some(path) = self.language(unit).builtin(name) {
            return Value::External(if path.is_empty() {
                name.into()
            } else {
                format!("{path}::{name}").into()
            });
        }
        self.unseen(unit, owner, name)
    }

    /// The path of the scope that a symbol is, its members taken as what they stand in.
    pub(in crate::general) fn scope_path(&mut self, scope: SymRef) -> Option<String> {
        let mut next = Some(scope);
        while let Some(here) = next {
            let facts = &self.unit(here.unit).facts;
            let is_scope = self.is_class(here) || matches!(self.kind(here).as_str(), "module" | "impl");
            if is_scope && !is_transparent(facts, here.symbol as usize) {
                return self.open_path(here).map(str::to_owned);
            }
            next = self.parent(here);
        }
        None
    }

    /// The class of a path.
    pub(in crate::general) fn class_at(&mut self, path: &str) -> Option<SymRef> {
        if let Some(known) = self.open.classes.get(path) {
            return *known;
        }
        let found = self.seen_at(path).into_iter().find(|&symbol| self.is_class(symbol));
        self.open.classes.insert(path.to_owned(), found);
        found
    }

    /// The class that a block of methods is for which stand outside of it.
    pub(in crate::general) fn class_of_block(&mut self, block: SymRef) -> Option<SymRef> {
        let path = self.open_path(block)?.to_owned();
        self.class_at(&path)
    }

    /// What is meant of the declarations of a path that are seen.
    pub(in crate::general) fn found_at(&mut self, path: &str) -> Option<SymRef> {
        let found = self.seen_at(path);
        let found = self.choose(found)?;
        Some(self.defined(found))
    }

    /// A function of the namespace of one of its arguments.
    pub(in crate::general) fn beside_arguments(&mut self, name: &str) -> Option<Value> {
        let Wanted::Fitting(given) = self.wanted.clone() else { return None };
        for value in given.iter() {
            let Value::Instance(class) = value else { continue };
            let path = self.open_path(*class)?.to_owned();
            if let Some((namespace, _)) = path.rsplit_once("::")
                && let Some(found) = self.found_at(&joined(namespace, name))
            {
                return Some(Value::Symbol(found));
            }
        }
        None
    }

    /// What has a name in the scopes around without being seen, where the repository has it once: an
    /// include may lead where only the compiler is told to look.
    pub(in crate::general) fn unseen(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
        let scope = owner.map(|symbol| SymRef { unit, symbol });
        let mut scope = scope.and_then(|scope| self.scope_path(scope)).unwrap_or_default();
        loop {
            let mut found = self.all_at(&joined(&scope, name));
            found.retain(|&symbol| !self.is_private(symbol) || symbol.unit == unit);
            let defined: Vec<SymRef> = found
                .iter()
                .copied()
                .filter(|&symbol| *self.kind(symbol) != SymbolKind::DECLARATION)
                .collect();
            if !defined.is_empty() {
                found = defined;
            }
            if let [only] = found[..] {
                return match self.choose(vec![only]) {
                    Some(_) => {
                        self.open.is_guess = true;
                        self.value_of(only, 0)
                    }
                    None => Value::Unknown,
                };
            }
            if !found.is_empty() || scope.is_empty() {
                return Value::Unknown;
            }
            match scope.rfind("::") {
                Some(end) => scope.truncate(end),
                None => scope.clear(),
            }
        }
    }

    /// The paths of the namespaces whose names a file uses as its own.
    pub(in crate::general) fn directives(&mut self, unit: u32) -> Arc<[String]> {
        if let Some(known) = &self.open.directives
            && unit == self.open.resolving
        {
            return Arc::clone(known);
        }
        let facts = Arc::clone(&self.unit(unit).facts);
        // Asked while it is answered, there are none.
        if unit == self.open.resolving {
            self.open.directives = Some(Arc::from([]));
        }
        let mut found = Vec::new();
        for import in facts.imports.iter().filter(|import| import.kind == ImportKind::Glob) {
            let segments: Vec<&str> = import.segments.iter().map(|&name| facts.name(name)).collect();
            let of = self.wanting(Wanted::Class, |general| general.open_named(unit, &segments));
            if let Value::Symbol(namespace) = of
                && let Some(path) = self.open_path(namespace)
            {
                found.push(path.to_owned());
            }
        }
        let found: Arc<[String]> = found.into();
        if unit == self.open.resolving {
            self.open.directives = Some(Arc::clone(&found));
        }
        found
    }

    /// What a qualified name means at the top of a file.
    pub(in crate::general) fn open_named(&mut self, unit: u32, segments: &[&str]) -> Value {
        let Some((first, rest)) = segments.split_first() else { return Value::Unknown };
        let Some((last, between)) = rest.split_last() else { return self.lookup_open(unit, None, first) };
        let holder = self.wanting(Wanted::Class, |general| {
            let mut value = general.lookup_open(unit, None, first);
            for name in between {
                value = general.member(&value, name).map_or(Value::Unknown, |(value, _)| value);
            }
            value
        });
        self.member(&holder, last).map_or(Value::Unknown, |(value, _)| value)
    }

    /// The path of a name in a namespace of the library.
    pub(in crate::general) fn outside_name(&self, namespace: SymRef, name: &str) -> Option<Arc<str>> {
        let path = self.open_path(namespace)?;
        let first = path.split("::").next()?;
        self.language(namespace.unit).builtin(first)?;
        Some(joined(path, name).into())
    }

    /// A member of a namespace.
    pub(in crate::general) fn namespace_member(&mut self, namespace: SymRef, name: &str) -> Option<SymRef> {
        let path = self.open_path(namespace)?;
        let path = joined(path, name);
        if let Some(found) = self.found_at(&path) {
            return Some(found);
        }
        let [only] = self.all_at(&path)[..] else { return None };
        let found = self.choose(vec![only])?;
        self.open.is_guess = true;
        Some(found)
    }

    /// A member that a class has itself; of one that is defined elsewhere the definition.
    pub(in crate::general) fn open_member(&mut self, class: SymRef, name: &str) -> Option<SymRef> {
        let path = self.open_path(class).map(|path| joined(path, name));
        let mut found = path.map(|path| self.all_at(&path)).unwrap_or_default();
        found.retain(|symbol| symbol.unit == class.unit);
        if found.is_empty() {
            // In a function, or a variant of an enumeration without a scope.
            found = self.members(class.unit, Some(class.symbol), name);
        }
        let found = self.choose(found)?;
        Some(self.defined(found))
    }
}
