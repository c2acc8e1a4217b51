//! Languages whose scopes are open: a declaration is known by its path of names wherever its file is
//! seen, and may be announced in one file and defined in another.
//!
//! What a path means is looked up in a table of all files; which of the declarations found is meant is
//! decided by what the file that is resolved sees through its includes, nearest first.

mod choice;
mod lookup;

use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::SymbolKind;
use aether_core::code::facts::{FileFacts, ImportKind, ItemDetail};
use rustc_hash::FxHashMap;

use super::edges::{GeneralEdge, GeneralTarget};
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
