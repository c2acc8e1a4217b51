//! Languages whose scopes are open: a declaration is known by its path of names wherever its file is
//! seen, and may be announced in one file and defined in another.
//!
//! What a path means is looked up in a table of all files; which of the declarations found is meant is
//! decided by what the file that is resolved sees through its includes, nearest first.

use std::cmp::Reverse;
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::SymbolKind;
use aether_core::code::facts::{FileFacts, ImportKind, ItemDetail, TypeKind};
use rustc_hash::FxHashMap;

use super::edges::{GeneralEdge, GeneralTarget};
use super::names::Value;
use super::overloads::Wanted;
use super::tables::{General, SymRef};
use crate::rust::resolve::{keys, name_key};

/// What is known of all files whose scopes are open.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Declarations by the hash of their path, in the order of files and places.
    paths: FxHashMap<u32, Vec<SymRef>>,
    /// What each file includes, as far as it was asked.
    includes: FxHashMap<u32, Arc<[Include]>>,
    /// The file that is resolved.
    pub(super) resolving: u32,
    /// What it sees.
    sight: Option<Arc<Sight>>,
    /// The classes of paths that were asked for.
    classes: FxHashMap<String, Option<SymRef>>,
    /// The namespaces whose names it uses as its own.
    directives: Option<Arc<[String]>>,
    /// Names that are being looked up, each for the one before.
    depth: u32,
    /// Whether the last name was found although the file does not see it.
    is_guess: bool,
}

/// An include.
#[derive(Clone, Copy, Debug)]
struct Include {
    /// The file that it means, where that is one of the repository.
    unit: Option<u32>,
    /// The key of the files of that name.
    key: u32,
}

/// What a file sees: how many includes away each file is.
#[derive(Debug, Default)]
struct Sight(FxHashMap<u32, u32>);

/// Imports of imports, and namespaces inside of others, until a search is given up.
const MAX_DEPTH: u32 = 16;

/// The paths of the declarations of a file; none for what stands inside of functions.
pub(super) fn open_paths(facts: &FileFacts) -> Vec<Option<Box<str>>> {
    let mut paths: Vec<Option<Box<str>>> = Vec::with_capacity(facts.symbols.len());
    // What the paths of members begin with.
    let mut inside: Vec<Option<String>> = Vec::with_capacity(facts.symbols.len());
    for (index, symbol) in facts.symbols.iter().enumerate() {
        let name = facts.name(symbol.name);
        let around = match symbol.parent {
            None => Some(""),
            Some(parent) => inside[parent.0 as usize].as_deref(),
        };
        let path = match (index, around) {
            (0, _) | (_, None) => None,
            (_, Some(around)) => Some(joined(around, name)),
        };
        inside.push(match () {
            () if symbol.kind.is_callable() => None,
            () if is_transparent(facts, index) => around.map(str::to_owned),
            () => path.clone(),
        });
        paths.push(path.map(String::into_boxed_str));
    }
    paths
}

/// Whether the members of a symbol are known beside it: those of a namespace without a name, and the
/// variants of an enumeration without a scope.
fn is_transparent(facts: &FileFacts, symbol: usize) -> bool {
    let symbol = &facts.symbols[symbol];
    match symbol.kind.as_str() {
        "module" => facts.name(symbol.name).starts_with('('),
        "enum" => symbol.detail == ItemDetail::None,
        _ => false,
    }
}

fn joined(around: &str, name: &str) -> String {
    if around.is_empty() { name.to_owned() } else { format!("{around}::{name}") }
}

impl General {
    pub(super) fn is_open(&self, unit: u32) -> bool {
        self.languages.get(self.unit(unit).language).has_open_scopes()
    }

    /// Takes the paths of a unit in.
    pub(super) fn note_paths(&mut self, number: u32) {
        for (key, symbol) in self.path_entries(number) {
            let mut known = std::mem::take(self.open.paths.entry(key).or_default());
            // Files mostly come in order.
            let at = match known.last() {
                Some(&last) if self.place_of(last) > self.place_of(symbol) => {
                    known.partition_point(|&other| self.place_of(other) < self.place_of(symbol))
                }
                _ => known.len(),
            };
            known.insert(at, symbol);
            self.open.paths.insert(key, known);
        }
        self.open.includes.clear();
    }

    /// Where a declaration stands among all.
    fn place_of(&self, symbol: SymRef) -> (&RelPath, u32) {
        (&self.unit(symbol.unit).path, symbol.symbol)
    }

    pub(super) fn forget_paths(&mut self, number: u32) {
        for (key, symbol) in self.path_entries(number) {
            if let Some(known) = self.open.paths.get_mut(&key) {
                known.retain(|other| *other != symbol);
            }
        }
        self.open.includes.clear();
    }

    fn path_entries(&self, number: u32) -> Vec<(u32, SymRef)> {
        let unit = self.unit(number);
        let entry = |(symbol, path): (usize, &Option<Box<str>>)| {
            let symbol = SymRef { unit: number, symbol: symbol as u32 };
            Some((name_key(path.as_deref()?), symbol))
        };
        unit.open_paths.iter().enumerate().filter_map(entry).collect()
    }

    /// Begins with a file.
    pub(super) fn begin_open(&mut self, unit: u32) {
        self.open.resolving = unit;
        (self.open.sight, self.open.directives) = (None, None);
        self.open.classes.clear();
        (self.open.depth, self.open.is_guess) = (0, false);
    }

    /// Whether a name was found since the last question that the file does not see.
    pub(super) fn take_guess(&mut self) -> bool {
        std::mem::take(&mut self.open.is_guess)
    }

    fn open_path(&self, symbol: SymRef) -> Option<&str> {
        self.unit(symbol.unit).open_paths.get(symbol.symbol as usize)?.as_deref()
    }

    /// The declarations of a path in all files, in the order of files and places.
    fn all_at(&mut self, path: &str) -> Vec<SymRef> {
        let key = name_key(path);
        self.touch(keys::path(key));
        let Some(found) = self.open.paths.get(&key) else { return Vec::new() };
        let is_it = |symbol: &&SymRef| {
            self.open_path(**symbol) == Some(path) && *self.kind(**symbol) != SymbolKind::IMPL
        };
        found.iter().filter(is_it).copied().collect()
    }

    /// The declarations of a path that the file sees which is resolved, nearest first.
    fn seen_at(&mut self, path: &str) -> Vec<SymRef> {
        let found = self.all_at(path);
        if found.is_empty() {
            return found;
        }
        let sight = self.sight();
        let distance = |symbol: &SymRef| sight.0.get(&symbol.unit).copied();
        let mut found: Vec<SymRef> = found.into_iter().filter(|symbol| distance(symbol).is_some()).collect();
        found.sort_by_key(distance);
        found
    }

    /// What the file sees which is resolved.
    fn sight(&mut self) -> Arc<Sight> {
        if let Some(known) = &self.open.sight {
            return Arc::clone(known);
        }
        let mut sight = Sight::default();
        sight.0.insert(self.open.resolving, 0);
        let mut next = vec![self.open.resolving];
        let mut distance = 0;
        while !next.is_empty() {
            distance += 1;
            for unit in std::mem::take(&mut next) {
                let key = self.unit(unit).key;
                self.touch(keys::globs(key));
                for include in self.includes(unit).iter() {
                    self.touch(include.key);
                    if let Some(seen) = include.unit
                        && !sight.0.contains_key(&seen)
                    {
                        sight.0.insert(seen, distance);
                        next.push(seen);
                    }
                }
            }
        }
        let sight = Arc::new(sight);
        self.open.sight = Some(Arc::clone(&sight));
        sight
    }

    /// What a file includes, in the order of the source.
    fn includes(&mut self, unit: u32) -> Arc<[Include]> {
        if let Some(known) = self.open.includes.get(&unit) {
            return Arc::clone(known);
        }
        let facts = Arc::clone(&self.unit(unit).facts);
        let mut found = Vec::new();
        if self.is_open(unit) {
            for import in facts.imports.iter().filter(|import| import.kind == ImportKind::Anonymous) {
                let segments: Vec<&str> = import.segments.iter().map(|&name| facts.name(name)).collect();
                let name = segments.last().copied().unwrap_or("");
                found.push(Include {
                    unit: self.include(unit, &segments, import.is_global),
                    key: keys::file_name(name_key(name)),
                });
            }
        }
        let found: Arc<[Include]> = found.into();
        self.open.includes.insert(unit, Arc::clone(&found));
        found
    }

    /// The file that an include means.
    pub(super) fn include(&mut self, unit: u32, segments: &[&str], is_global: bool) -> Option<u32> {
        let module = self.module(unit, segments, is_global)?;
        self.number_of(module.files.first()?)
    }

    /// What a plain name means in a declaration, or at the top of a file.
    pub(super) fn lookup_open(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
        if self.open.depth > MAX_DEPTH {
            return Value::Unknown;
        }
        self.open.depth += 1;
        let value = self.lookup_open_inside(unit, owner, name);
        self.open.depth -= 1;
        value
    }

    fn lookup_open_inside(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
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
    fn scope_path(&mut self, scope: SymRef) -> Option<String> {
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
    pub(super) fn class_at(&mut self, path: &str) -> Option<SymRef> {
        if let Some(known) = self.open.classes.get(path) {
            return *known;
        }
        let found = self.seen_at(path).into_iter().find(|&symbol| self.is_class(symbol));
        self.open.classes.insert(path.to_owned(), found);
        found
    }

    /// The class that a block of methods is for which stand outside of it.
    pub(super) fn class_of_block(&mut self, block: SymRef) -> Option<SymRef> {
        let path = self.open_path(block)?.to_owned();
        self.class_at(&path)
    }

    /// What is meant of the declarations of a path that are seen.
    fn found_at(&mut self, path: &str) -> Option<SymRef> {
        let found = self.seen_at(path);
        let found = self.choose(found)?;
        Some(self.defined(found))
    }

    /// A function of the namespace of one of its arguments.
    fn beside_arguments(&mut self, name: &str) -> Option<Value> {
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
    fn unseen(&mut self, unit: u32, owner: Option<u32>, name: &str) -> Value {
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

    fn is_private(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        fact.visibility == aether_core::code::Visibility::Private
    }

    /// The paths of the namespaces whose names a file uses as its own.
    fn directives(&mut self, unit: u32) -> Arc<[String]> {
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
    pub(super) fn open_named(&mut self, unit: u32, segments: &[&str]) -> Value {
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
    pub(super) fn outside_name(&self, namespace: SymRef, name: &str) -> Option<Arc<str>> {
        let path = self.open_path(namespace)?;
        let first = path.split("::").next()?;
        self.language(namespace.unit).builtin(first)?;
        Some(joined(path, name).into())
    }

    /// A member of a namespace.
    pub(super) fn namespace_member(&mut self, namespace: SymRef, name: &str) -> Option<SymRef> {
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
    pub(super) fn open_member(&mut self, class: SymRef, name: &str) -> Option<SymRef> {
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

    /// Of declarations of one path the one that is looked for; the first of those that suit equally well.
    fn choose(&mut self, found: Vec<SymRef>) -> Option<SymRef> {
        let is_function = |general: &Self, symbol: SymRef| {
            let kind = general.kind(symbol);
            let is_called = kind.is_callable() || *kind == SymbolKind::MACRO;
            // Nobody calls a test, whose name may be that of a method of its class.
            (is_called && *kind != SymbolKind::TEST) || general.is_declared_function(symbol)
        };
        let is_type = |general: &Self, symbol: SymRef| {
            general.is_class(symbol) || matches!(general.kind(symbol).as_str(), "type" | "module")
        };
        match self.wanted.clone() {
            Wanted::Any => {
                let is_defined = |symbol: &&SymRef| *self.kind(**symbol) != SymbolKind::DECLARATION;
                found.iter().find(is_defined).or(found.first()).copied()
            }
            Wanted::Class => found.into_iter().find(|&symbol| is_type(self, symbol)),
            Wanted::Value => {
                let plain = |symbol: &&SymRef| !is_function(self, **symbol) && !is_type(self, **symbol);
                let first = found.iter().find(plain);
                first.or_else(|| found.iter().find(|&&symbol| is_type(self, symbol))).copied()
            }
            Wanted::Function => found.into_iter().find(|&symbol| is_function(self, symbol)),
            Wanted::Fitting(given) => {
                let mut best: Option<((i32, i32), SymRef)> = None;
                for symbol in found {
                    if !is_function(self, symbol) {
                        continue;
                    }
                    let Some(count) = self.count_fit(symbol, given.len()) else { continue };
                    let fit = (count, self.fit(symbol, &given));
                    if best.is_none_or(|(most, _)| fit > most) {
                        best = Some((fit, symbol));
                    }
                }
                best.map(|(_, symbol)| symbol)
            }
        }
    }

    fn is_declared_function(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        fact.kind == SymbolKind::DECLARATION && matches!(fact.detail, ItemDetail::Function(_))
    }

    /// How well a function fits a number of arguments; `None` when it cannot take them.
    pub(super) fn count_fit(&self, symbol: SymRef, count: usize) -> Option<i32> {
        let facts = &self.unit(symbol.unit).facts;
        let fact = &facts.symbols[symbol.symbol as usize];
        let ItemDetail::Function(detail) = &fact.detail else { return Some(0) };
        let takes_rest = detail.params.last().is_some_and(|param| {
            matches!(facts.types.get(param.ty.0 as usize).map(|ty| ty.kind), Some(TypeKind::Slice(_)))
        });
        let named = detail.params.len() - usize::from(takes_rest);
        let optional =
            detail.params.iter().filter(|param| super::infer::is_optional(facts, param.pat)).count();
        match count {
            _ if count == named => Some(3),
            _ if count > named => takes_rest.then_some(1),
            _ if count + optional >= named => Some(2),
            // A parameter without a name does not tell that it may be left out.
            _ => None,
        }
    }

    /// The definition of what is announced, in whichever file it stands; itself where there is none.
    fn defined(&mut self, symbol: SymRef) -> SymRef {
        if *self.kind(symbol) != SymbolKind::DECLARATION {
            return symbol;
        }
        let Some(path) = self.open_path(symbol).map(str::to_owned) else { return symbol };
        let is_function = self.is_declared_function(symbol);
        let mut found = self.all_at(&path);
        found.retain(|&other| {
            let kind = self.kind(other);
            let suits = match is_function {
                true => kind.is_callable(),
                false => matches!(kind.as_str(), "variable" | "constant"),
            };
            suits && (other.unit == symbol.unit || !self.is_file_private(other))
        });
        let types = self.parameter_names(symbol);
        let likeness = |general: &Self, other: SymRef| -> (bool, usize) {
            let others = general.parameter_names(other);
            let equal = types.iter().zip(&others).filter(|(a, b)| a == b).count();
            (types.len() == others.len(), equal)
        };
        let declared_in = self.unit(symbol.unit).path.clone();
        let best = found.into_iter().min_by_key(|&other| {
            let path = &self.unit(other.unit).path;
            let same = Reverse((likeness(self, other), stem(path) == stem(&declared_in)));
            (same, Reverse(shared_folders(path, &declared_in)), path.clone(), other.symbol)
        });
        let best = best.filter(|&other| !is_function || likeness(self, other).0);
        best.unwrap_or(symbol)
    }

    /// Whether a definition is only seen in its own file; those of methods are seen as their class is.
    fn is_file_private(&self, symbol: SymRef) -> bool {
        *self.kind(symbol) != SymbolKind::METHOD && self.is_private(symbol)
    }

    /// The names of the types of the parameters of a function, as far as they have any.
    fn parameter_names(&self, symbol: SymRef) -> Vec<Option<&str>> {
        let facts = &self.unit(symbol.unit).facts;
        let ItemDetail::Function(detail) = &facts.symbols[symbol.symbol as usize].detail else {
            return Vec::new();
        };
        let name = |ty: TypeKind| -> Option<&str> {
            let mut ty = ty;
            loop {
                match ty {
                    TypeKind::Path(path) => {
                        let segments = facts.paths.get(path as usize)?.segments;
                        let last = (segments.start + segments.len).checked_sub(1)?;
                        return Some(facts.name(facts.segments.get(last as usize)?.name));
                    }
                    TypeKind::Slice(inner) | TypeKind::Array(inner) => {
                        ty = facts.types.get(inner.0 as usize)?.kind;
                    }
                    _ => return None,
                }
            }
        };
        detail.params.iter().map(|param| name(facts.types.get(param.ty.0 as usize)?.kind)).collect()
    }

    /// A definition implements what announces it.
    pub(super) fn definition_edges(&mut self, unit: u32, edges: &mut Vec<GeneralEdge>) {
        let facts = Arc::clone(&self.unit(unit).facts);
        for (index, fact) in facts.symbols.iter().enumerate() {
            if !fact.kind.is_callable() {
                continue;
            }
            let symbol = SymRef { unit, symbol: index as u32 };
            let Some(path) = self.open_path(symbol).map(str::to_owned) else { continue };
            let mut found = self.seen_at(&path);
            found.retain(|&other| self.is_declared_function(other));
            let types = self.parameter_names(symbol);
            let declared = found.into_iter().find(|&other| self.parameter_names(other) == types);
            let Some(declared) = declared else { continue };
            edges.push(GeneralEdge::implements(
                symbol.symbol,
                fact.name_span.start,
                GeneralTarget::Symbol(declared),
                facts.name(fact.name).to_owned(),
            ));
        }
    }

    /// Where an include leads.
    pub(super) fn include_target(&mut self, unit: u32, segments: &[&str], is_global: bool) -> GeneralTarget {
        let key = keys::file_name(name_key(segments.last().copied().unwrap_or("")));
        self.touch(key);
        match self.include(unit, segments, is_global) {
            Some(unit) => GeneralTarget::Symbol(SymRef { unit, symbol: 0 }),
            None if is_global => GeneralTarget::External(segments.join("/").into()),
            None => GeneralTarget::Unresolved,
        }
    }
}

/// The name of a file without its ending.
fn stem(path: &RelPath) -> &str {
    let name = path.file_name().unwrap_or("");
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// How many folders two files have in common.
fn shared_folders(a: &RelPath, b: &RelPath) -> usize {
    a.as_str().split('/').zip(b.as_str().split('/')).take_while(|(a, b)| a == b).count()
}
