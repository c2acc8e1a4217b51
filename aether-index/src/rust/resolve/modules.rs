//! The module tree: which file is which module of which crate.

use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::ItemDetail;
use rustc_hash::{FxHashMap, FxHashSet};

use super::interner::Sym;
use super::program::{Crate, CrateRef, DefId, DefKind, Program, ScopeId};
use crate::cargo::{Dependency, PackageModel};

/// Modules nested deeper than this are a `#[path]` that leads in a circle.
const MAX_DEPTH: u32 = 128;
/// The edition of a file that no manifest leads to.
const STRAY_EDITION: u16 = 2021;

impl Program {
    pub(super) fn build_modules(&mut self, packages: &PackageModel) {
        self.build_std();
        let mut crate_numbers = FxHashMap::default();
        for (index, target) in packages.crates.iter().enumerate() {
            let Some(&file) = self.file_numbers.get(&target.root) else { continue };
            let root = self.files[file as usize].root();
            let number = self.crates.len() as u32;
            crate_numbers.insert(index, number);
            let name = self.interner.intern(&target.name);
            self.crates.push(Crate {
                name,
                root,
                dependencies: FxHashMap::default(),
                edition: target.edition,
                package: Some(target.package),
            });
            if self.scope(root).krate.is_none() {
                self.mount(file, root, None, number, true, 0);
            }
        }
        for (index, target) in packages.crates.iter().enumerate() {
            let Some(&number) = crate_numbers.get(&index) else { continue };
            let mut dependencies = FxHashMap::default();
            for (name, dependency) in &packages.packages[target.package].dependencies {
                let reference = match dependency {
                    Dependency::Local(package) => packages
                        .library_of(*package)
                        .and_then(|library| crate_numbers.get(&library))
                        .map_or_else(
                            || CrateRef::External(self.interner.intern(name)),
                            |&library| CrateRef::Local(library),
                        ),
                    Dependency::External(library) => CrateRef::External(self.interner.intern(library)),
                };
                dependencies.insert(self.interner.intern(name), reference);
            }
            self.crates[number as usize].dependencies = dependencies;
        }
        self.mount_strays();
    }

    /// Gives the files that no manifest leads to crates without a name: each file that none of the
    /// others declares is the root of one.
    fn mount_strays(&mut self) {
        let is_stray = |program: &Self, file: u32| {
            !program.files[file as usize].is_std
                && program.scope(program.files[file as usize].root()).krate.is_none()
        };
        let strays: Vec<u32> = (0..self.files.len() as u32).filter(|&file| is_stray(self, file)).collect();
        let declared: FxHashSet<u32> = strays
            .iter()
            .flat_map(|&file| self.modules_in_files(file, is_root_by_name(&self.files[file as usize].path)))
            .filter_map(|(_, child)| child)
            .collect();
        // Files that declare one another in a circle have no root; the first is taken.
        let (others, roots): (Vec<u32>, Vec<u32>) =
            strays.into_iter().partition(|file| declared.contains(file));
        let name = self.interner.intern("");
        for file in roots.into_iter().chain(others) {
            if !is_stray(self, file) {
                continue;
            }
            let root = self.files[file as usize].root();
            let number = self.crates.len() as u32;
            self.crates.push(Crate {
                name,
                root,
                dependencies: FxHashMap::default(),
                edition: STRAY_EDITION,
                package: None,
            });
            let is_root = is_root_by_name(&self.files[file as usize].path);
            self.mount(file, root, None, number, is_root, 0);
        }
    }

    /// The stubs of the standard library are one crate of many files, each of which opens its
    /// modules from the root.
    fn build_std(&mut self) {
        let std_files = self.files.iter().take_while(|file| file.is_std).count();
        if std_files == 0 {
            return;
        }
        let root = self.files[0].root();
        let number = self.crates.len() as u32;
        let name = self.interner.intern("std");
        self.crates.push(Crate {
            name,
            root,
            dependencies: FxHashMap::default(),
            edition: 2024,
            package: None,
        });
        self.std_root = Some(root);
        let mut opened: FxHashMap<(ScopeId, Sym), ScopeId> = FxHashMap::default();
        for file in 0..std_files {
            let facts = Arc::clone(&self.files[file].facts);
            for (index, scope) in facts.scopes.iter().enumerate() {
                let id = self.files[file].scopes[index];
                self.scopes[id.0 as usize].krate = Some(number);
                let canonical = match (scope.parent, scope.owner) {
                    (None, _) => root,
                    (Some(parent), Some(owner)) => {
                        let around = self.canonical(self.files[file].scopes[parent.0 as usize]);
                        let def = self.files[file].defs[owner.0 as usize];
                        let canonical = *opened.entry((around, self.def(def).name)).or_insert(id);
                        self.module_scopes.insert(def, canonical);
                        self.module_of_scope.entry(canonical).or_insert(def);
                        self.scopes[id.0 as usize].parent = Some(around);
                        canonical
                    }
                    (Some(_), None) => id,
                };
                self.scopes[id.0 as usize].canonical = canonical;
            }
        }
    }

    /// Gives a file to a crate, and the files of its modules.
    fn mount(
        &mut self,
        file: u32,
        root: ScopeId,
        parent: Option<ScopeId>,
        krate: u32,
        is_root: bool,
        depth: u32,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        self.scopes[root.0 as usize].parent = parent;
        for scope in self.files[file as usize].scopes.clone() {
            self.scopes[scope.0 as usize].krate = Some(krate);
        }
        self.open_inline_modules(file);
        for (def, child) in self.modules_in_files(file, is_root) {
            let Some(child) = child else { continue };
            let child_root = self.files[child as usize].root();
            self.module_scopes.insert(def, child_root);
            if self.scope(child_root).krate.is_none() {
                self.module_of_scope.insert(child_root, def);
                let parent = self.def(def).scope;
                self.mount(child, child_root, Some(parent), krate, false, depth + 1);
            }
        }
    }

    /// The modules that a file declares to be in files of their own, with those files where they are.
    fn modules_in_files(&self, file: u32, is_root: bool) -> Vec<(DefId, Option<u32>)> {
        let path = &self.files[file as usize].path;
        let stem = path.file_name().unwrap_or("").trim_end_matches(".rs");
        let own_folder = path.parent();
        let child_folder =
            if is_root || stem == "mod" { own_folder.clone() } else { join(&own_folder, stem) };
        let mut found = Vec::new();
        for &def in &self.files[file as usize].defs {
            let ItemDetail::Module { scope: None, path: path_attribute } = self.detail(def) else { continue };
            let inline = self.inline_folders(def);
            let name = self.text(self.def(def).name);
            let candidates: Vec<Option<RelPath>> = match path_attribute {
                Some(attribute) => {
                    let base =
                        if inline.is_empty() { own_folder.clone() } else { join_all(&child_folder, &inline) };
                    vec![base.join(attribute).ok()]
                }
                None => {
                    let folder = join_all(&child_folder, &inline);
                    vec![folder.join(&format!("{name}.rs")).ok(), folder.join(&format!("{name}/mod.rs")).ok()]
                }
            };
            let child =
                candidates.into_iter().flatten().find_map(|path| self.file_numbers.get(&path).copied());
            found.push((def, child));
        }
        found
    }

    /// Notes the scopes of the modules that a file holds itself.
    pub(super) fn open_inline_modules(&mut self, file: u32) {
        let file = &self.files[file as usize];
        for (&def, symbol) in file.defs.iter().zip(&file.facts.symbols) {
            if let ItemDetail::Module { scope: Some(scope), .. } = symbol.detail {
                let scope = file.scopes[scope.0 as usize];
                self.module_scopes.insert(def, scope);
                self.module_of_scope.insert(scope, def);
            }
        }
    }

    /// Names of the inline modules around a declaration, outermost first.
    fn inline_folders(&self, def: DefId) -> Vec<String> {
        let mut names = Vec::new();
        let mut next = self.def(def).parent;
        while let Some(parent) = next {
            if self.def(parent).kind == DefKind::Module {
                names.push(self.text(self.def(parent).name).to_owned());
            }
            next = self.def(parent).parent;
        }
        names.reverse();
        names
    }

    /// The path of the module that a file is, the crate first where that has a name.
    pub(crate) fn module_path(&self, file: u32) -> String {
        let mut scope = self.files[file as usize].root();
        let Some(krate) = self.crate_of(scope) else { return String::new() };
        let mut names = Vec::new();
        while let Some(&module) = self.module_of_scope.get(&scope) {
            names.push(self.text(self.def(module).name));
            match self.super_module(scope) {
                Some(parent) if names.len() < MAX_DEPTH as usize => scope = parent,
                _ => break,
            }
        }
        names.extend(self.crate_name(krate));
        names.reverse();
        names.join("::")
    }

    /// The name of a crate; none of one that no manifest names.
    pub(crate) fn crate_name(&self, krate: u32) -> Option<&str> {
        Some(self.text(self.crates[krate as usize].name)).filter(|name| !name.is_empty())
    }
}

/// Whether a file that no manifest names is called like the root of a crate.
fn is_root_by_name(path: &RelPath) -> bool {
    matches!(path.file_name(), Some("lib.rs" | "main.rs"))
}

fn join(folder: &RelPath, name: &str) -> RelPath {
    folder.join(name).unwrap_or_else(|_| folder.clone())
}

fn join_all(folder: &RelPath, names: &[String]) -> RelPath {
    names.iter().fold(folder.clone(), |folder, name| join(&folder, name))
}
