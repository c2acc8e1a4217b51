//! Names and paths: through scopes, modules, imports, globs and re-exports to a declaration.

use std::sync::Arc;

use aether_core::code::Visibility;
use aether_core::code::facts::ImportKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Resolver;
use super::interner::Sym;
use super::keys;
use super::memo::Memo;
use super::program::{CrateRef, DefId, DefKind, ImportRef, ScopeId};
use super::ty::Prim;

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

/// What a lookup in one scope found.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Lookup {
    res: Option<Res>,
    /// A place outside the program whose names the scope takes all: the name may be there.
    outside: Option<Sym>,
}

/// An answer that rests on a question that is still open.
#[derive(Debug)]
struct Provisional {
    lookup: Lookup,
    /// How deep the outermost open question lies that it rests on.
    rests_on: usize,
}

type Question = (ScopeId, Sym, Ns);

/// Lookups that were answered.
#[derive(Debug, Default)]
pub(super) struct NameCache {
    lookups: FxHashMap<Question, Memo<Lookup>>,
    /// Questions that are open, and how deep each lies.
    open: FxHashMap<Question, usize>,
    /// Answers inside a circle of questions, until the circle is closed.
    provisional: FxHashMap<Question, Provisional>,
    /// How deep the outermost open question lies that led back to itself.
    circle: Option<usize>,
    traits: FxHashMap<ScopeId, Memo<Arc<FxHashSet<DefId>>>>,
    /// Where glob imports lead.
    globs: FxHashMap<ImportRef, Res>,
    /// What the answer to that depends on.
    globs_hold: Option<Memo<()>>,
}

impl Resolver {
    /// What `name` is in one scope: its items, imports and globs, without the scopes around it.
    pub(super) fn lookup_in(&mut self, scope: ScopeId, name: Sym, ns: Ns) -> Option<Res> {
        self.lookup(scope, name, ns).res
    }

    fn lookup(&mut self, scope: ScopeId, name: Sym, ns: Ns) -> Lookup {
        let scope = self.program.canonical(scope);
        let question = (scope, name, ns);
        if let Some(memo) = self.names.lookups.get_mut(&question)
            && self.tracker.recall(memo)
        {
            return memo.value;
        }
        let rests_on = match self.names.provisional.get(&question) {
            Some(known) => Some((known.rests_on, known.lookup)),
            None => self.names.open.get(&question).map(|&depth| (depth, Lookup::default())),
        };
        if let Some((depth, lookup)) = rests_on {
            self.names.circle = Some(self.names.circle.map_or(depth, |known| known.min(depth)));
            return lookup;
        }
        let depth = self.names.open.len();
        self.names.open.insert(question, depth);
        let around = self.names.circle.take();
        self.tracker.open();
        let lookup = self.search_scope(scope, name, ns);
        let memo = self.tracker.close(lookup);
        self.names.open.remove(&question);
        match self.names.circle.filter(|&outermost| outermost < depth) {
            Some(rests_on) => {
                self.names.provisional.insert(question, Provisional { lookup, rests_on });
                self.names.circle = Some(around.map_or(rests_on, |known| known.min(rests_on)));
            }
            None => {
                if self.names.circle == Some(depth) {
                    // The circle is closed: what rested on this question is asked anew when needed.
                    self.names.provisional.retain(|_, known| known.rests_on < depth);
                }
                self.names.circle = around;
                self.names.lookups.insert(question, memo);
            }
        }
        lookup
    }

    fn search_scope(&mut self, scope: ScopeId, name: Sym, ns: Ns) -> Lookup {
        self.touch_name(scope, name);
        if let Some(def) = self.best_item(scope, name, ns) {
            return Lookup { res: self.res_of(def), outside: None };
        }
        for import in self.program.imports_named(scope, name) {
            if let Some(res) = self.import_target(import, ns) {
                return Lookup { res: Some(res), outside: None };
            }
        }
        self.search_globs(scope, name, ns)
    }

    /// What the globs of a scope find, and the globs of the modules that they lead to; each module is
    /// looked at once.
    fn search_globs(&mut self, from: ScopeId, name: Sym, ns: Ns) -> Lookup {
        let mut outside = None;
        let mut seen = vec![from];
        let mut next = vec![from];
        while let Some(scope) = next.pop() {
            let is_inside = self.is_inside(from, scope);
            self.touch_globs(scope);
            let mut further = Vec::new();
            for import in self.program.globs_of(scope).to_vec() {
                if !is_inside && !self.is_reexport(import) {
                    continue;
                }
                match self.names.globs.get(&import).copied() {
                    Some(Res::Module(module)) => {
                        let module = self.program.canonical(module);
                        if seen.contains(&module) {
                            continue;
                        }
                        seen.push(module);
                        match self.search_module(module, from, name, ns) {
                            Some(Some(res)) => return Lookup { res: Some(res), outside: None },
                            Some(None) => {}
                            None => further.push(module),
                        }
                    }
                    Some(Res::Def(def)) if self.program.def(def).kind == DefKind::Enum => {
                        if let Some(variant) = self.member_named(def, name, DefKind::Variant) {
                            return Lookup { res: Some(Res::Def(variant)), outside: None };
                        }
                    }
                    Some(Res::External(path)) => outside = outside.or(Some(path)),
                    _ => {}
                }
            }
            next.extend(further.into_iter().rev());
        }
        Lookup { res: None, outside }
    }

    /// What a module itself has for `name`, as seen from `from`; `Some(None)` when that is hidden, so
    /// that its globs are hidden too.
    fn search_module(&mut self, module: ScopeId, from: ScopeId, name: Sym, ns: Ns) -> Option<Option<Res>> {
        self.touch_name(module, name);
        let is_inside = self.is_inside(from, module);
        if let Some(def) = self.best_item(module, name, ns) {
            let is_visible = is_inside || self.program.def(def).is_public || self.program.is_std(def);
            return Some(if is_visible { self.res_of(def) } else { None });
        }
        let mut imports = self.program.imports_named(module, name);
        if imports.is_empty() {
            return None;
        }
        imports.retain(|&import| is_inside || self.is_reexport(import));
        if imports.is_empty() {
            return Some(None);
        }
        imports.into_iter().find_map(|import| self.import_target(import, ns)).map(Some)
    }

    /// Finds out where all glob imports lead: a path may lead through other globs, so in rounds, each
    /// of which looks at what the one before it found.
    pub(super) fn resolve_globs(&mut self) {
        const MOST_ROUNDS: usize = 16;
        let lookups = std::mem::take(&mut self.names.lookups);
        self.names.globs.clear();
        let imports = self.program.all_globs();
        self.tracker.open();
        for _ in 0..MOST_ROUNDS {
            let found: FxHashMap<ImportRef, Res> = imports
                .iter()
                .filter_map(|&import| Some((import, self.import_target(import, Ns::Type)?)))
                .collect();
            self.names.lookups.clear();
            if found == self.names.globs {
                break;
            }
            self.names.globs = found;
        }
        self.names.lookups = lookups;
        self.names.globs_hold = Some(self.tracker.close(()));
        self.tracker.begin();
    }

    /// Whether all glob imports lead where they led.
    pub(super) fn globs_hold(&mut self) -> bool {
        self.names.globs_hold.as_mut().is_some_and(|memo| self.tracker.holds(memo))
    }

    /// Where glob imports lead.
    pub(super) fn glob_table(&self) -> impl Iterator<Item = (ImportRef, Res)> + '_ {
        self.names.globs.iter().map(|(&import, &res)| (import, res))
    }

    /// Notes that the answer depends on a name in the file of a scope.
    fn touch_name(&mut self, scope: ScopeId, name: Sym) {
        let file = &self.program.files[self.program.scope(scope).file as usize];
        if !file.is_std {
            self.tracker.touch(keys::named(file.key, self.program.interner.key(name)));
        }
    }

    fn touch_globs(&mut self, scope: ScopeId) {
        let file = &self.program.files[self.program.scope(scope).file as usize];
        if !file.is_std {
            self.tracker.touch(keys::globs(file.key));
        }
    }

    /// What a declaration contains under a name.
    pub(super) fn member_named(&mut self, def: DefId, name: Sym, kind: DefKind) -> Option<DefId> {
        self.touch_member(def, name);
        self.program.child_named(def, name, kind)
    }

    /// Notes that the answer depends on what `def` contains under a name.
    pub(super) fn touch_member(&mut self, def: DefId, name: Sym) {
        let file = self.program.file_of(def);
        if !file.is_std {
            self.tracker.touch(keys::named(file.key, self.program.interner.key(name)));
        }
    }

    /// Notes that the answer depends on a declaration itself.
    pub(super) fn touch_def(&mut self, def: DefId) {
        self.touch_member(def, self.program.def(def).name);
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
        let scope = file.scopes[fact.scope.0 as usize];
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
                let found = self.lookup(module, name, ns);
                found.res.or_else(|| self.outside_of(module, name, found.outside))
            }
            Res::Def(def) if self.program.def(def).kind == DefKind::Enum => {
                self.member_named(def, name, DefKind::Variant).map(Res::Def)
            }
            Res::Def(def) if self.program.def(def).kind == DefKind::Alias => {
                let target = self.alias_enum(def)?;
                self.member_named(target, name, DefKind::Variant).map(Res::Def)
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
    fn outside_of(&mut self, module: ScopeId, name: Sym, outside: Option<Sym>) -> Option<Res> {
        let file = self.program.scope(module).file;
        let path = if self.program.files[file as usize].is_std {
            self.scope_path(module)
        } else {
            self.program.text(outside?).to_owned()
        };
        let joined = format!("{path}::{}", self.program.text(name));
        Some(Res::External(self.program.interner.intern(&joined)))
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
            names.extend(self.program.crate_name(krate));
        }
        names.reverse();
        names.join("::")
    }

    /// The traits whose methods can be called in a scope.
    pub(super) fn traits_in_scope(&mut self, scope: ScopeId) -> Arc<FxHashSet<DefId>> {
        if let Some(memo) = self.names.traits.get_mut(&scope)
            && self.tracker.recall(memo)
        {
            return Arc::clone(&memo.value);
        }
        self.tracker.open();
        let mut found = FxHashSet::default();
        let mut seen = FxHashSet::default();
        let mut next = Some(scope);
        while let Some(scope) = next {
            self.collect_traits(scope, scope, &mut found, &mut seen);
            let data = self.program.scope(scope);
            next = if data.is_module { None } else { data.parent };
        }
        if let Some(prelude) = self.known.prelude {
            self.collect_traits(prelude, prelude, &mut found, &mut seen);
        }
        let found = Arc::new(found);
        let memo = self.tracker.close(Arc::clone(&found));
        self.names.traits.insert(scope, memo);
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
        let is_inside = self.is_inside(from, scope);
        let file = &self.program.files[self.program.scope(scope).file as usize];
        if !file.is_std {
            self.tracker.touch(if is_inside { keys::imports(file.key) } else { keys::globs(file.key) });
        }
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
            if file.facts.imports[import.index as usize].kind == ImportKind::Glob {
                if let Some(&Res::Module(module)) = self.names.globs.get(&import) {
                    self.collect_traits(module, from, found, seen);
                }
            } else if let Some(Res::Def(def)) = self.import_target(import, Ns::Type)
                && self.program.def(def).kind == DefKind::Trait
            {
                found.insert(def);
            }
        }
    }
}
