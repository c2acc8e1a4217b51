//! What a name means: in a scope, in a module, in a class.

use std::sync::Arc;

use aether_core::code::facts::{ImportKind, ItemDetail, SelfKind, SymbolIdx, TypeIdx, TypeKind};
use aether_core::code::{SymbolKind, Visibility};

use super::overloads::Wanted;
use super::tables::{General, SymRef};
use crate::rust::resolve::{keys, name_key};

/// What an expression or a name stands for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) enum Value {
    /// Not known.
    #[default]
    Unknown,
    /// A declaration of the repository: a function, a class, a variable whose value is not known.
    Symbol(SymRef),
    /// A value of a class.
    Instance(SymRef),
    /// A value of a class, of which only what its bases have is asked.
    Base(SymRef),
    /// A module of the repository.
    Module(ModuleValue),
    /// Something outside, by its path.
    External(Arc<str>),
    /// A value of a type outside.
    ExternalInstance(Arc<str>),
    /// A list of values of a kind, and the path of the type that the list is of where that is outside.
    Several(Box<Value>, Option<Arc<str>>),
    /// A value that is used like the one that it leads to, and the path of its own type outside.
    Leading(Box<Value>, Arc<str>),
}

/// A module as it was named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ModuleValue {
    /// The file that names it.
    from: u32,
    segments: Arc<[String]>,
    is_global: bool,
    pub(super) units: Arc<[u32]>,
}

/// How a member was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found {
    /// In the class itself.
    Own,
    /// In a class that it is derived from.
    Inherited,
}

/// Steps along imports of imports, and along bases, until a search is given up: they may go in circles.
const MAX_STEPS: u32 = 24;

impl General {
    /// What a plain name means in a declaration, or at the top of a file.
    pub(super) fn lookup(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
        self.lookup_within(unit, owner, name, false)
    }

    /// What a name means; `is_type` says that it stands where a type is written: a parameter is no
    /// type, also where it has the name of one.
    fn lookup_within(&mut self, unit: u32, owner: Option<u32>, name: &str, is_type: bool) -> Value {
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
    fn can_be_parameter(&self, language: &dyn crate::language::Language) -> bool {
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

    /// The declaration of a name in a symbol, or at the top of a file: the last one, and where types have
    /// names of their own the last one that is a type or a value.
    fn declared(&mut self, unit: u32, around: Option<u32>, name: &str, is_type: bool) -> Option<SymRef> {
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

    /// The type of a method that stands outside of it.
    fn extended_class(&mut self, method: SymRef) -> Option<SymRef> {
        let facts = Arc::clone(&self.unit(method.unit).facts);
        let symbol = &facts.symbols[method.symbol as usize];
        let ItemDetail::Function(detail) = &symbol.detail else { return None };
        match self.type_value(method.unit, None, detail.self_type.filter(|_| symbol.parent.is_none())?) {
            Value::Instance(class) => Some(class),
            _ => None,
        }
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
    fn through_globs(&mut self, unit: u32, name: &str, steps: u32) -> Option<Value> {
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

    fn through_globs_of(&mut self, unit: u32, name: &str, steps: u32) -> Option<Value> {
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

    /// What the path of an import means.
    pub(super) fn path(&mut self, unit: u32, segments: &[&str], is_global: bool, steps: u32) -> Value {
        if steps > MAX_STEPS {
            return Value::Unknown;
        }
        if self.is_open(unit) {
            return self.open_named(unit, segments);
        }
        let is_whole = self.language(unit).imports_whole_modules();
        let shortest = if is_whole { segments.len() } else { 1 };
        let first = (shortest..=segments.len()).find_map(|length| {
            let module = self.module(unit, &segments[..length], is_global)?;
            Some((length, self.module_value(unit, &segments[..length], is_global, &module)))
        });
        let Some((length, module)) = first else {
            return if is_global { Value::External(segments.join("::").into()) } else { Value::Unknown };
        };
        if !self.language(unit).shows_imports() {
            return self.inside_of(Value::Module(module), segments, length, is_global, steps);
        }
        let whole = self.whole_module(unit, &module, steps);
        let mut names = segments[length..].iter();
        let mut value = match (names.next(), whole) {
            (None, whole) => whole.unwrap_or(Value::Module(module)),
            (Some(name), whole) => match self.module_member(&module, name, steps) {
                Some(value) => value,
                // As a default, what stands for a module as a whole is it itself.
                None if *name == "default" => whole.unwrap_or(Value::Unknown),
                None => whole
                    .and_then(|whole| self.member_within(&whole, name, steps))
                    .map_or(Value::Unknown, |(value, _)| value),
            },
        };
        for name in names {
            value = self.member_within(&value, name, steps).map_or(Value::Unknown, |(value, _)| value);
        }
        value
    }

    /// What stands for a module as a whole, in languages that have such a thing.
    fn whole_module(&mut self, unit: u32, module: &ModuleValue, steps: u32) -> Option<Value> {
        let language = self.language(unit);
        let name = language.whole_module()?;
        let value = self.module_member(module, name, steps + 1)?;
        (value != Value::Unknown).then_some(value)
    }

    /// What the last of the names means that follow one another in a module whose imports nobody else
    /// sees; what is not known there lies outside.
    fn inside_of(
        &mut self,
        module: Value,
        segments: &[&str],
        length: usize,
        is_global: bool,
        steps: u32,
    ) -> Value {
        let mut value = module;
        for (at, name) in segments.iter().enumerate().skip(length) {
            let is_last = at + 1 == segments.len();
            let found = match is_last {
                true => self.member_within(&value, name, steps),
                false => self.wanting(Wanted::Class, |general| general.member_within(&value, name, steps)),
            };
            value = match (found, &value) {
                (Some((found, _)), _) => found,
                (None, Value::Module(_)) if is_global => return Value::External(segments.join("::").into()),
                (None, _) => Value::Unknown,
            };
        }
        value
    }

    /// The declaration that a name means in a symbol, or at the top of a file.
    fn named_in(&mut self, unit: u32, around: Option<u32>, name: &str, is_type: bool) -> Option<SymRef> {
        if self.language(unit).has_overloads() {
            self.chosen(unit, around, name)
        } else {
            self.declared(unit, around, name, is_type)
        }
    }

    fn module_value(
        &mut self,
        from: u32,
        segments: &[&str],
        is_global: bool,
        module: &crate::language::Module,
    ) -> ModuleValue {
        ModuleValue {
            from,
            segments: segments.iter().map(|&segment| segment.to_owned()).collect(),
            is_global,
            units: module.files.iter().filter_map(|path| self.number_of(path)).collect(),
        }
    }

    /// What a module holds under a name: a declaration, something imported, a module inside.
    fn module_member(&mut self, module: &ModuleValue, name: &str, steps: u32) -> Option<Value> {
        if steps > MAX_STEPS {
            return None;
        }
        let shows_imports = self.language(module.from).shows_imports();
        if shows_imports {
            for &unit in module.units.iter() {
                if let Some(found) = self.declared(unit, None, name, self.types_open > 0) {
                    return Some(self.value_of(found, steps));
                }
            }
        } else {
            // A module of many files: all of a package.
            let number = self.unit(module.from).language;
            if let Some(found) = self.top_in(number, &module.units, name) {
                return Some(self.value_of(found, steps));
            }
        }
        for &unit in module.units.iter() {
            if shows_imports
                && self.shows_imports(unit)
                && let Some(value) = self.imported(unit, None, name, steps + 1)
                && value != Value::Unknown
            {
                return Some(value);
            }
        }
        let mut segments: Vec<&str> = module.segments.iter().map(String::as_str).collect();
        segments.push(name);
        if !self.language(module.from).imports_whole_modules()
            && let Some(inner) = self.module(module.from, &segments, module.is_global)
        {
            return Some(Value::Module(self.module_value(module.from, &segments, module.is_global, &inner)));
        }
        if !shows_imports {
            return None;
        }
        module.units.iter().find_map(|&unit| self.through_globs(unit, name, steps + 1))
    }

    /// Whether others can name what a file imports.
    fn shows_imports(&mut self, unit: u32) -> bool {
        let key = self.unit(unit).key;
        self.touch(keys::globs(key));
        let imports = &self.unit(unit).facts.imports;
        imports.iter().any(|import| import.visibility != Visibility::Private)
    }

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

    fn member_within(&mut self, value: &Value, name: &str, steps: u32) -> Option<(Value, Found)> {
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

    fn member_of_one(&mut self, value: &Value, name: &str, steps: u32) -> Option<(Value, Found)> {
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

    fn class_member_symbol(&mut self, class: SymRef, name: &str, steps: u32) -> Option<(Value, Found)> {
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
    fn base_member(&mut self, class: SymRef, name: &str, steps: u32) -> Option<(Value, Found)> {
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

    fn named_type_inside(&mut self, unit: u32, owner: Option<u32>, ty: TypeIdx) -> Value {
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
    fn value_outside(&mut self, unit: u32, owner: Option<u32>, ty: TypeIdx, path: Arc<str>) -> Value {
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
    fn argument(&self, unit: u32, ty: TypeIdx, number: usize) -> Option<TypeIdx> {
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

    /// Whether a method is read like a field.
    fn is_property(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        if fact.kind == SymbolKind::METHOD && self.language(symbol.unit).is_property(fact) {
            return true;
        }
        fact.attributes.iter().any(|text| {
            matches!(text.as_str(), "property" | "cached_property") || text.ends_with(".cached_property")
        })
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

/// Whether a symbol holds declarations without being a type: a namespace, or a variable.
fn is_holder(kind: &SymbolKind) -> bool {
    matches!(kind.as_str(), "module" | "variable" | "constant")
}
