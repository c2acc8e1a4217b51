//! Changes of the program: in place where its modules stay, else by comparing two programs. Both tell
//! by keys whose answers may be others now.

use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::FileFacts;
use rustc_hash::{FxHashMap, FxHashSet};

use super::names::Res;
use super::program::Program;
use super::{Resolver, keys, name_key};
use crate::cargo::PackageModel;
use crate::interface::{Interface, add_differing};

/// A file of the program whose facts are others now.
#[derive(Debug)]
pub(crate) struct Change<'c> {
    pub(crate) path: &'c RelPath,
    pub(crate) facts: &'c Arc<FileFacts>,
    pub(crate) old: &'c Interface,
    pub(crate) new: Interface,
}

impl Resolver {
    /// Takes changes in and returns the keys of what they concern; `None` when the program has to be
    /// built anew.
    pub(crate) fn patch(&mut self, changes: &[Change<'_>], packages: &PackageModel) -> Option<Vec<u32>> {
        let numbers: Option<Vec<u32>> =
            changes.iter().map(|change| self.program.file_numbers.get(change.path).copied()).collect();
        let numbers = numbers?;
        if self.is_worn() || changes.iter().any(|change| !change.old.has_modules_of(&change.new)) {
            return None;
        }
        if changes.iter().all(|change| change.old.has_shape_of(&change.new)) {
            for (&number, change) in numbers.iter().zip(changes) {
                self.program.replace_facts(number, change.facts);
            }
            return Some(Vec::new());
        }
        let has_new_imports = changes.iter().any(|change| !change.old.has_imports_of(&change.new));
        let mut globs_before = has_new_imports.then(|| self.glob_targets());
        let mut concerned = Vec::new();
        let mut shown_before = Vec::new();
        for (&number, change) in numbers.iter().zip(changes) {
            change.old.add_difference(&change.new, &mut concerned);
            self.shown_impls(number, change.old, &mut shown_before);
            self.remove_impls(number);
            self.remove_names(number);
            self.program.replace_file(number, change.facts, change.old, &change.new, packages);
            self.add_names(number);
        }
        self.tracker.change(&concerned);
        if globs_before.is_none() && !self.globs_hold() {
            globs_before = Some(self.glob_targets());
        }
        if let Some(before) = globs_before {
            self.resolve_globs();
            let found = differing_globs(&before, &self.glob_targets());
            self.note(found, &mut concerned);
        }
        let mut shown_after = Vec::new();
        for (&number, change) in numbers.iter().zip(changes) {
            self.add_impls(number);
            self.shown_impls(number, &change.new, &mut shown_after);
        }
        shown_before.sort_unstable();
        shown_after.sort_unstable();
        let mut found = Vec::new();
        add_differing(&shown_before, &shown_after, &mut found);
        self.note(found, &mut concerned);
        self.settle_impls(&mut concerned);
        Some(concerned)
    }

    /// Files implementations again until all headers mean what the tables say: a header may hold an
    /// associated type that another implementation gives.
    pub(super) fn settle_impls(&mut self, concerned: &mut Vec<u32>) {
        const MOST_ROUNDS: usize = 8;
        for _ in 0..MOST_ROUNDS {
            let found = self.refile_impls();
            if found.is_empty() {
                self.tracker.settle();
                break;
            }
            self.note(found, concerned);
        }
    }

    fn note(&mut self, found: Vec<u32>, concerned: &mut Vec<u32>) {
        self.tracker.change(&found);
        concerned.extend(found);
    }

    /// Where the globs of each file lead, as a fingerprint that means the same in every program.
    fn glob_targets(&self) -> FxHashMap<u32, u64> {
        let mut found: FxHashMap<u32, u64> = FxHashMap::default();
        for (import, res) in self.glob_table() {
            let file = &self.program.files[import.file as usize];
            if file.is_std {
                continue;
            }
            let fact = &file.facts.imports[import.index as usize];
            let target = match res {
                Res::Module(scope) => {
                    let path = name_key(&self.scope_path(scope));
                    let file = self.program.files[self.program.scope(scope).file as usize].key;
                    u64::from(path) << 32 | u64::from(file)
                }
                Res::Def(def) => {
                    let name = self.program.interner.key(self.program.def(def).name);
                    u64::from(name) << 32 | u64::from(self.program.file_of(def).key)
                }
                Res::External(path) => u64::from(self.program.interner.key(path)),
                Res::Prim(_) => 1,
            };
            let at = u64::from(fact.scope.0).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            // The order of globs within a file does not matter.
            let sum = found.entry(file.key).or_default();
            *sum = sum.wrapping_add((target ^ at).wrapping_mul(0xff51_afd7_ed55_8ccd));
        }
        found
    }
}

/// The keys of the files whose globs lead elsewhere.
fn differing_globs(before: &FxHashMap<u32, u64>, after: &FxHashMap<u32, u64>) -> Vec<u32> {
    let mut found = Vec::new();
    for file in before.keys().chain(after.keys()) {
        if before.get(file) != after.get(file) {
            found.extend([keys::globs(*file), keys::imports(*file)]);
        }
    }
    found
}

/// What is kept of a program to compare the next one with.
#[derive(Debug)]
pub(crate) struct Comparison {
    headers: FxHashMap<(u32, u32, u32), (u64, Vec<u32>)>,
    globs: FxHashMap<u32, u64>,
    /// The path of each file as a module, and the root of its crate.
    modules: FxHashMap<RelPath, (String, Option<RelPath>)>,
    /// The declaration of each file as a module: where it stands, under which name.
    declared: FxHashMap<RelPath, u32>,
}

impl Comparison {
    pub(crate) fn of(resolver: &Resolver) -> Self {
        let program = &resolver.program;
        let mut modules = FxHashMap::default();
        let mut declared = FxHashMap::default();
        for (number, file) in program.files.iter().enumerate().filter(|(_, file)| !file.is_std) {
            // Of crates without a name the root tells which is meant.
            let module = program.module_path(number as u32);
            let krate = program.crate_of(file.root()).map(|krate| program.crates[krate as usize].root);
            let root = krate.map(|root| program.files[program.scope(root).file as usize].path.clone());
            modules.insert(file.path.clone(), (module, root));
            declared.extend(declaration_key(program, number as u32).map(|key| (file.path.clone(), key)));
        }
        Self { headers: resolver.impl_headers(), globs: resolver.glob_targets(), modules, declared }
    }

    /// The keys of what differs between the two programs beside the interfaces of the files that
    /// changed, and whether a module has another path.
    pub(crate) fn differences(&self, resolver: &Resolver, changed: &[&RelPath]) -> (Vec<u32>, bool) {
        let now = Self::of(resolver);
        let changed: FxHashSet<u32> = changed.iter().map(|path| name_key(path.as_str())).collect();
        let mut found = differing_globs(&self.globs, &now.globs);
        for (one, other) in [(self, &now), (&now, self)] {
            for (at, (print, keys)) in &one.headers {
                let is_same = other.headers.get(at).is_some_and(|(other, _)| other == print);
                // In a file that changed the members may be others.
                if !is_same || changed.contains(&at.0) {
                    found.extend(keys);
                }
            }
            for (path, key) in &one.declared {
                if other.declared.get(path) != Some(key) {
                    found.push(*key);
                }
            }
        }
        let has_moved = self
            .modules
            .iter()
            .any(|(path, module)| now.modules.get(path).is_some_and(|other| other != module));
        (found, has_moved)
    }
}

/// The key of the declaration that makes a file a module.
fn declaration_key(program: &Program, number: u32) -> Option<u32> {
    let root = program.files[number as usize].root();
    let def = *program.module_of_scope.get(&root)?;
    let data = program.def(def);
    Some(keys::named(program.files[data.file as usize].key, program.interner.key(data.name)))
}
