//! Which implementations there are: put into the tables, and taken out again.

use aether_core::code::facts::ItemDetail;

use super::{Declared, Impl};
use crate::rust::resolve::Resolver;
use crate::rust::resolve::interner::Sym;
use crate::rust::resolve::lower::Env;
use crate::rust::resolve::names::{Ns, Res};
use crate::rust::resolve::program::{DefId, DefKind};
use crate::rust::resolve::ty::{Bound, BoundData, Ty};

impl Resolver {
    pub(in crate::rust::resolve) fn build_impl_tables(&mut self) {
        for number in 0..self.program.files.len() as u32 {
            self.add_impls(number);
        }
        // What the tables depend on is noted by who reads them.
        self.tracker.begin();
    }

    /// Files the implementations and the members of traits of a file.
    pub(in crate::rust::resolve) fn add_impls(&mut self, file: u32) {
        let is_std = self.program.files[file as usize].is_std;
        let mut all = Vec::new();
        for def in self.program.files[file as usize].defs.clone() {
            match self.program.def(def).kind {
                DefKind::Impl => all.push(self.declare(def)),
                DefKind::Struct | DefKind::Enum if !is_std && !self.derives(def).is_empty() => {
                    all.push(self.declare(def));
                }
                DefKind::Trait => self.add_trait_members(def),
                _ => {}
            }
        }
        if !all.is_empty() {
            self.impls.declared.insert(file, all);
        }
    }

    /// Takes out what [`Resolver::add_impls`] put in.
    pub(in crate::rust::resolve) fn remove_impls(&mut self, file: u32) {
        for declared in self.impls.declared.remove(&file).unwrap_or_default() {
            for &number in &declared.numbers.value {
                self.unfile(number);
            }
        }
        for def in self.program.files[file as usize].defs.clone() {
            if self.program.def(def).kind != DefKind::Trait {
                continue;
            }
            let members: Vec<DefId> = self.program.children(def).collect();
            for member in members {
                let name = self.program.def(member).name;
                if let Some(list) = self.impls.trait_members.get_mut(&name) {
                    list.retain(|&(of_trait, _)| of_trait != def);
                }
                if let Some(list) = self.impls.trait_types.get_mut(&name) {
                    list.retain(|&of_trait| of_trait != def);
                }
            }
        }
    }

    /// Files again what stands in any file and whose header may mean something else now, and returns
    /// the keys of what changed by that.
    pub(in crate::rust::resolve) fn refile_impls(&mut self) -> Vec<u32> {
        let mut stale = Vec::new();
        for (&file, all) in &mut self.impls.declared {
            for (at, declared) in all.iter_mut().enumerate() {
                if !self.tracker.holds(&mut declared.numbers) {
                    stale.push((file, at));
                }
            }
        }
        stale.sort_unstable();
        let mut keys = Vec::new();
        for (file, at) in stale {
            let Some(all) = self.impls.declared.get(&file) else { continue };
            let (def, before) = (all[at].def, all[at].numbers.value.clone());
            let shown = |resolver: &Self, numbers: &[u32]| -> Vec<(Ty, Option<Bound>)> {
                numbers
                    .iter()
                    .map(|&number| resolver.impls.impls[number as usize])
                    .map(|known| (known.self_type, known.bound))
                    .collect()
            };
            let was = shown(self, &before);
            let keys_before: Vec<u32> = before.iter().flat_map(|&number| self.impl_keys(number)).collect();
            for &number in &before {
                self.unfile(number);
            }
            let declared = self.declare(def);
            if shown(self, &declared.numbers.value) != was {
                keys.extend(keys_before);
                keys.extend(declared.numbers.value.iter().flat_map(|&number| self.impl_keys(number)));
            }
            if let Some(all) = self.impls.declared.get_mut(&file) {
                all[at] = declared;
            }
        }
        self.tracker.begin();
        keys
    }

    fn declare(&mut self, def: DefId) -> Declared {
        self.tracker.open();
        self.touch_def(def);
        let numbers: Box<[u32]> = if self.program.def(def).kind == DefKind::Impl {
            self.add_impl(def).into_iter().collect()
        } else {
            self.add_derived(def).into()
        };
        Declared { def, numbers: self.tracker.close(numbers) }
    }

    fn add_trait_members(&mut self, def: DefId) {
        let members: Vec<DefId> = self.program.children(def).collect();
        let place = self.program.place(def);
        for member in members {
            let data = self.program.def(member);
            match data.kind {
                DefKind::Function => {
                    let list = self.impls.trait_members.entry(data.name).or_default();
                    let at = list.partition_point(|&(known, _)| self.program.place(known) <= place);
                    list.insert(at, (def, member));
                }
                DefKind::Alias => {
                    let list = self.impls.trait_types.entry(data.name).or_default();
                    let at = list.partition_point(|&known| self.program.place(known) <= place);
                    list.insert(at, def);
                }
                _ => {}
            }
        }
    }

    fn add_impl(&mut self, def: DefId) -> Option<u32> {
        let ItemDetail::Impl { of_trait, is_negative: false, .. } = self.program.detail(def) else {
            return None;
        };
        let of_trait = *of_trait;
        let self_type = self.impl_self(def);
        let env = self.env_of(def);
        // A trait from outside gives no bound: its methods are then filed as if they were the type's
        // own, because that is how a call on the type finds them.
        let bound = of_trait.and_then(|of_trait| self.lower_bound(env, of_trait));
        let bound = bound.map(|bound| self.close_bound(bound));
        let number = self.file(Impl { def, bound, self_type, is_derived: false });
        self.impls.blocks.insert(def, number);
        Some(number)
    }

    /// Puts an implementation into the tables.
    fn file(&mut self, new: Impl) -> u32 {
        let number = match self.impls.free.pop() {
            Some(number) => {
                self.impls.impls[number as usize] = new;
                number
            }
            None => {
                self.impls.impls.push(new);
                self.impls.impls.len() as u32 - 1
            }
        };
        let place = self.program.place(new.def);
        let place_of = |impls: &[Impl], number: u32| self.program.place(impls[number as usize].def);
        let head = self.head(new.self_type);
        match (new.bound, head) {
            (Some(bound), head) => {
                let of_trait = self.types.bound_data(bound).of_trait;
                let list = match head {
                    Some(head) => self.impls.by_trait.entry((of_trait, head)).or_default(),
                    None => self.impls.blanket.entry(of_trait).or_default(),
                };
                let at = list.partition_point(|&known| place_of(&self.impls.impls, known) <= place);
                list.insert(at, number);
            }
            (None, Some(head)) => {
                let members: Vec<DefId> = self.program.children(new.def).collect();
                for member in members {
                    let data = self.program.def(member);
                    if matches!(data.kind, DefKind::Function | DefKind::Constant) {
                        let list = self.impls.inherent.entry((head, data.name)).or_default();
                        let at =
                            list.partition_point(|&(known, _)| place_of(&self.impls.impls, known) <= place);
                        list.insert(at, (number, member));
                    }
                }
            }
            (None, None) => {}
        }
        number
    }

    /// Takes an implementation out of the tables.
    fn unfile(&mut self, number: u32) {
        let old = self.impls.impls[number as usize];
        let head = self.head(old.self_type);
        match (old.bound, head) {
            (Some(bound), head) => {
                let of_trait = self.types.bound_data(bound).of_trait;
                let list = match head {
                    Some(head) => self.impls.by_trait.get_mut(&(of_trait, head)),
                    None => self.impls.blanket.get_mut(&of_trait),
                };
                if let Some(list) = list {
                    list.retain(|&known| known != number);
                    if list.is_empty() {
                        // That there is a list means that there is an implementation.
                        match head {
                            Some(head) => self.impls.by_trait.remove(&(of_trait, head)),
                            None => self.impls.blanket.remove(&of_trait),
                        };
                    }
                }
            }
            (None, Some(head)) => {
                let members: Vec<DefId> = self.program.children(old.def).collect();
                for member in members {
                    let name = self.program.def(member).name;
                    if let Some(list) = self.impls.inherent.get_mut(&(head, name)) {
                        list.retain(|&(known, _)| known != number);
                    }
                }
            }
            (None, None) => {}
        }
        if !old.is_derived {
            self.impls.blocks.remove(&old.def);
        }
        self.impls.free.push(number);
    }

    /// The traits that a type derives, as written.
    fn derives(&self, def: DefId) -> Vec<String> {
        let lists = self
            .program
            .fact(def)
            .attributes
            .iter()
            .filter_map(|text| text.strip_prefix("derive(")?.strip_suffix(')'));
        lists.flat_map(|list| list.split(',').map(|name| name.trim().to_owned())).collect()
    }

    fn add_derived(&mut self, def: DefId) -> Vec<u32> {
        let scope = self.program.def(def).scope;
        let params = self.own_params(def);
        let self_type = self.types.adt(def, &params);
        let mut numbers = Vec::new();
        for derive in self.derives(def) {
            let names: Vec<Sym> =
                derive.split("::").map(|name| self.program.interner.intern(name.trim())).collect();
            let Some(Res::Def(of_trait)) = self.walk_path(scope, false, &names, Ns::Type) else { continue };
            if self.program.def(of_trait).kind != DefKind::Trait {
                continue;
            }
            let env = self.env_of(of_trait);
            let mut args = self.fill_args(Env { in_body: false, ..env }, of_trait, Vec::new());
            // `PartialEq<Rhs = Self>`.
            args.fill(self_type);
            let args = self.types.args(&args);
            let bound = self.types.bound(BoundData { of_trait, args, bindings: Box::new([]) });
            numbers.push(self.file(Impl { def, bound: Some(bound), self_type, is_derived: true }));
        }
        numbers
    }
}
