//! Names and paths: through scopes, modules, imports, globs and re-exports to a declaration.

use std::sync::Arc;

use aether_core::code::Visibility;
use aether_core::code::facts::ImportKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::interner::{Sym, glob_key};
use super::program::{CrateRef, DefId, DefKind, ImportRef, ScopeId};
use super::ty::Prim;
use super::{Memo, Resolver};

/// A namespace of Rust.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Ns {
    Type,
    Value,
}

/// Where a name leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Res {
    Def(DefId),
    Module(ScopeId),
    /// Out of the program.
    External(Sym),
    Prim(Prim),
}

/// Lookups that were answered.
#[derive(Debug, Default)]
pub(super) struct NameCache {
    lookups: FxHashMap<(ScopeId, Sym, Ns), Memo<Option<Res>>>,
    busy: FxHashSet<(ScopeId, Sym, Ns)>,
    /// Counts questions that led back to themselves: their answers are not remembered.
    circles: u32,
    traits: FxHashMap<ScopeId, Memo<Arc<FxHashSet<DefId>>>>,
}

impl Resolver {
    /// What `name` is in one scope: its items, imports and globs, without the scopes around it.
    pub(super) fn lookup_in(&mut self, scope: ScopeId, name: Sym, ns: Ns) -> Option<Res> {
        let scope = self.program.canonical(scope);
        let key = (scope, name, ns);
        if let Some(memo) = self.names.lookups.get_mut(&key) {
            Self::merge(&mut self.frames, self.stamp, &mut memo.stamp, &memo.keys);
            return memo.value;
        }
        if !self.names.busy.insert(key) {
            self.names.circles += 1;
            return None;
        }
        let circles = self.names.circles;
        let (value, keys) = self.tracked(|resolver| resolver.search_scope(scope, name, ns));
        self.names.busy.remove(&key);
        if value.is_some() || self.names.circles == circles {
            self.names.lookups.insert(key, Memo { value, keys, stamp: 0 });
        }
        value
    }

    fn search_scope(&mut self, scope: ScopeId, name: Sym, ns: Ns) -> Option<Res> {
        let key = self.program.interner.key(name);
        self.touch(key);
        if let Some(def) = self.best_item(scope, name, ns) {
            return self.res_of(def);
        }
        for import in self.program.imports_named(scope, name) {
            if let Some(res) = self.import_target(import, ns) {
                return Some(res);
            }
        }
        let globs = self.program.globs_of(scope).to_vec();
        let file = self.program.scope(scope).file;
        let key = glob_key(self.program.files[file as usize].path.as_str());
        self.touch(key);
        let mut outside = None;
        for import in globs {
            match self.import_target(import, Ns::Type) {
                Some(Res::Module(module)) if module != scope => {
                    if let Some(res) = self.lookup_public(module, name, ns, scope) {
                        return Some(res);
                    }
                }
                Some(Res::Def(def)) if self.program.def(def).kind == DefKind::Enum => {
                    if let Some(variant) = self.program.child_named(def, name, DefKind::Variant) {
                        return Some(Res::Def(variant));
                    }
                }
                Some(Res::External(path)) => outside = outside.or(Some(path)),
                _ => {}
            }
        }
        // A glob out of the program may declare anything; that is decided by who asks last.
        let _ = outside;
        None
    }

    /// What a glob import in `from` finds in `module`.
    fn lookup_public(&mut self, module: ScopeId, name: Sym, ns: Ns, from: ScopeId) -> Option<Res> {
        let is_inside = self.is_inside(from, module);
        if !is_inside {
            let item = self.best_item(module, name, ns);
            if let Some(def) = item {
                return if self.program.def(def).is_public || self.program.is_std(def) {
                    self.res_of(def)
                } else {
                    None
                };
            }
            let imports = self.program.imports_named(module, name);
            if !imports.is_empty() && imports.iter().all(|&import| !self.is_reexport(import)) {
                return None;
            }
        }
        self.lookup_in(module, name, ns)
    }

    fn is_reexport(&self, import: ImportRef) -> bool {
        let file = &self.program.files[import.file as usize];
        file.is_std || file.facts.imports[import.index as usize].visibility != Visibility::Private
    }

    fn is_inside(&self, scope: ScopeId, module: ScopeId) -> bool {
        let mut next = Some(scope);
        while let Some(scope) = next {
            if self.program.canonical(scope) == module {
                return true;
            }
            next = self.program.scope(scope).parent;
        }
        false
    }

    fn best_item(&self, scope: ScopeId, name: Sym, ns: Ns) -> Option<DefId> {
        let mut best: Option<(u8, DefId)> = None;
        for def in self.program.items_named(scope, name) {
            let data = self.program.def(def);
            let fits = match ns {
                Ns::Type => matches!(
                    data.kind,
                    DefKind::Module | DefKind::Struct | DefKind::Enum | DefKind::Trait | DefKind::Alias
                ),
                Ns::Value => matches!(
                    data.kind,
                    DefKind::Function | DefKind::Constant | DefKind::Static | DefKind::Struct
                ),
            };
            // A structure with named fields is no value, but nothing else of its name is either.
            if fits && best.is_none_or(|(cfg, _)| data.cfg > cfg) {
                best = Some((data.cfg, def));
            }
        }
        best.map(|(_, def)| def)
    }

    fn res_of(&self, def: DefId) -> Option<Res> {
        if self.program.def(def).kind == DefKind::Module {
            return self.program.module_scopes.get(&def).map(|&scope| Res::Module(scope));
        }
        Some(Res::Def(def))
    }

    /// Where an import leads.
    pub(super) fn import_target(&mut self, import: ImportRef, ns: Ns) -> Option<Res> {
        let file = &self.program.files[import.file as usize];
        let fact = &file.facts.imports[import.index as usize];
        let segments: Vec<Sym> = fact.segments.iter().map(|name| file.syms[name.0 as usize]).collect();
        let scope = ScopeId(file.first_scope + fact.scope.0);
        let is_global = fact.is_global;
        if matches!(fact.kind, ImportKind::ExternCrate(_)) {
            let name = *segments.first()?;
            if self.program.text(name) == "self" {
                let krate = self.program.crate_of(scope)?;
                return Some(Res::Module(self.program.crates[krate as usize].root));
            }
            return self.crate_named(scope, name);
        }
        self.walk_path(scope, is_global, &segments, ns)
    }

    /// Follows a path of names alone to its end.
    pub(super) fn walk_path(&mut self, scope: ScopeId, is_global: bool, path: &[Sym], ns: Ns) -> Option<Res> {
        let (mut res, mut next) = self.path_head(scope, is_global, path, ns)?;
        while next < path.len() {
            let step_ns = if next + 1 == path.len() { ns } else { Ns::Type };
            res = self.path_step(res, path[next], step_ns)?;
            next += 1;
        }
        Some(res)
    }

    /// The start of a path, and how many segments it took.
    pub(super) fn path_head(
        &mut self,
        scope: ScopeId,
        is_global: bool,
        path: &[Sym],
        ns: Ns,
    ) -> Option<(Res, usize)> {
        let first = *path.first()?;
        let text = self.program.text(first);
        let krate = self.program.crate_of(scope);
        let edition = krate.map_or(2021, |krate| self.program.crates[krate as usize].edition);
        match text {
            "crate" | "$crate" => {
                let root = self.program.crates[krate? as usize].root;
                return Some((Res::Module(root), 1));
            }
            "self" if path.len() > 1 => {
                return self.skip_supers(self.program.module_around(scope), path, 1);
            }
            "self" => return Some((Res::Module(self.program.module_around(scope)), 1)),
            "super" => {
                let module = self.program.module_around(scope);
                return self.skip_supers(module, path, 0);
            }
            _ => {}
        }
        let head_ns = if path.len() == 1 { ns } else { Ns::Type };
        if is_global {
            let found = self.crate_named(scope, first);
            if found.is_some() || edition >= 2018 {
                return Some((found?, 1));
            }
            let root = self.program.crates[krate? as usize].root;
            return Some((self.lookup_in(root, first, head_ns)?, 1));
        }
        if let Some(res) = self.lookup_name(scope, first, head_ns) {
            return Some((res, 1));
        }
        if edition < 2018
            && let Some(krate) = krate
        {
            let root = self.program.crates[krate as usize].root;
            return Some((self.lookup_in(root, first, head_ns)?, 1));
        }
        None
    }

    fn skip_supers(&self, mut module: ScopeId, path: &[Sym], mut next: usize) -> Option<(Res, usize)> {
        while next < path.len() && self.program.text(path[next]) == "super" {
            module = self.program.super_module(module)?;
            next += 1;
        }
        Some((Res::Module(module), next))
    }

    /// What a plain name is in a scope: there, in the scopes around it up to its module, among the
    /// crates, in the prelude, among the primitive types.
    pub(super) fn lookup_name(&mut self, scope: ScopeId, name: Sym, ns: Ns) -> Option<Res> {
        let mut next = Some(scope);
        while let Some(scope) = next {
            if let Some(res) = self.lookup_in(scope, name, ns) {
                return Some(res);
            }
            let data = self.program.scope(scope);
            next = if data.is_module { None } else { data.parent };
        }
        if ns == Ns::Type
            && let Some(res) = self.crate_named(scope, name)
        {
            return Some(res);
        }
        if let Some(prelude) = self.known.prelude
            && let Some(res) = self.lookup_in(prelude, name, ns)
        {
            return Some(res);
        }
        if ns == Ns::Type {
            return Prim::named(self.program.text(name)).map(Res::Prim);
        }
        None
    }

    fn crate_named(&mut self, scope: ScopeId, name: Sym) -> Option<Res> {
        let text = self.program.text(name);
        if matches!(text, "std" | "core" | "alloc") {
            return self.program.std_root.map(Res::Module);
        }
        let krate = &self.program.crates[self.program.crate_of(scope)? as usize];
        match *krate.dependencies.get(&name)? {
            CrateRef::Local(number) => Some(Res::Module(self.program.crates[number as usize].root)),
            CrateRef::External(name) => Some(Res::External(name)),
        }
    }

    /// One segment further.
    pub(super) fn path_step(&mut self, res: Res, name: Sym, ns: Ns) -> Option<Res> {
        match res {
            Res::Module(module) => {
                if let Some(found) = self.lookup_in(module, name, ns) {
                    return Some(found);
                }
                self.outside_of(module, name)
            }
            Res::Def(def) if self.program.def(def).kind == DefKind::Enum => {
                let key = self.program.interner.key(name);
                self.touch(key);
                self.program.child_named(def, name, DefKind::Variant).map(Res::Def)
            }
            Res::Def(def) if self.program.def(def).kind == DefKind::Alias => {
                let target = self.alias_enum(def)?;
                self.program.child_named(target, name, DefKind::Variant).map(Res::Def)
            }
            Res::External(path) => {
                let joined = format!("{}::{}", self.program.text(path), self.program.text(name));
                Some(Res::External(self.program.interner.intern(&joined)))
            }
            _ => None,
        }
    }

    /// A name that a module of the standard library has although the stubs do not, or that a module
    /// takes from outside by a glob.
    fn outside_of(&mut self, module: ScopeId, name: Sym) -> Option<Res> {
        let file = self.program.scope(module).file;
        if self.program.files[file as usize].is_std {
            let path = format!("{}::{}", self.scope_path(module), self.program.text(name));
            return Some(Res::External(self.program.interner.intern(&path)));
        }
        for import in self.program.globs_of(module).to_vec() {
            if let Some(Res::External(path)) = self.import_target(import, Ns::Type) {
                let joined = format!("{}::{}", self.program.text(path), self.program.text(name));
                return Some(Res::External(self.program.interner.intern(&joined)));
            }
        }
        None
    }

    /// The path of a module, the crate first.
    pub(super) fn scope_path(&self, module: ScopeId) -> String {
        let mut names = Vec::new();
        let mut scope = self.program.canonical(module);
        while let Some(&def) = self.program.module_of_scope.get(&scope) {
            names.push(self.program.text(self.program.def(def).name));
            match self.program.super_module(scope) {
                Some(parent) => scope = self.program.canonical(parent),
                None => break,
            }
        }
        if let Some(krate) = self.program.crate_of(scope) {
            names.push(self.program.text(self.program.crates[krate as usize].name));
        }
        names.reverse();
        names.join("::")
    }

    /// The traits whose methods can be called in a scope.
    pub(super) fn traits_in_scope(&mut self, scope: ScopeId) -> Arc<FxHashSet<DefId>> {
        if let Some(memo) = self.names.traits.get_mut(&scope) {
            Self::merge(&mut self.frames, self.stamp, &mut memo.stamp, &memo.keys);
            return Arc::clone(&memo.value);
        }
        let (found, keys) = self.tracked(|resolver| {
            let mut found = FxHashSet::default();
            let mut seen = FxHashSet::default();
            let mut next = Some(scope);
            while let Some(scope) = next {
                resolver.collect_traits(scope, scope, &mut found, &mut seen);
                let data = resolver.program.scope(scope);
                next = if data.is_module { None } else { data.parent };
            }
            if let Some(prelude) = resolver.known.prelude {
                resolver.collect_traits(prelude, prelude, &mut found, &mut seen);
            }
            Arc::new(found)
        });
        self.names.traits.insert(scope, Memo { value: Arc::clone(&found), keys, stamp: 0 });
        found
    }

    fn collect_traits(
        &mut self,
        scope: ScopeId,
        from: ScopeId,
        found: &mut FxHashSet<DefId>,
        seen: &mut FxHashSet<ScopeId>,
    ) {
        let scope = self.program.canonical(scope);
        if !seen.insert(scope) {
            return;
        }
        let file = self.program.scope(scope).file;
        let key = glob_key(self.program.files[file as usize].path.as_str());
        self.touch(key);
        let is_inside = self.is_inside(from, scope);
        for &def in self.program.items_of(scope) {
            let data = self.program.def(def);
            if data.kind == DefKind::Trait && (is_inside || data.is_public) {
                found.insert(def);
            }
        }
        for import in self.program.imports_of(scope).to_vec() {
            if !is_inside && !self.is_reexport(import) {
                continue;
            }
            let file = &self.program.files[import.file as usize];
            let is_glob = file.facts.imports[import.index as usize].kind == ImportKind::Glob;
            match self.import_target(import, Ns::Type) {
                Some(Res::Def(def)) if self.program.def(def).kind == DefKind::Trait => {
                    found.insert(def);
                }
                Some(Res::Module(module)) if is_glob => self.collect_traits(module, from, found, seen),
                _ => {}
            }
        }
    }
}
