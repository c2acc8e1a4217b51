//! What implementations show to others: the keys of the answers that depend on them.

use rustc_hash::FxHashMap;

use super::Head;
use crate::interface::Interface;
use crate::rust::resolve::interner::name_key;
use crate::rust::resolve::program::DefId;
use crate::rust::resolve::{Resolver, keys};

impl Resolver {
    /// What stands for the head of a type in keys.
    pub(in crate::rust::resolve) fn head_key(&self, head: Head) -> u32 {
        match head {
            Head::Adt(def) | Head::Dyn(def) => self.program.interner.key(self.program.def(def).name),
            Head::External(path) => self.program.interner.key(path),
            Head::Prim(prim) => name_key(prim.name()),
            Head::Ref => 1,
            Head::Pointer => 2,
            Head::Slice => 3,
            Head::Array => 4,
            Head::Tuple => 5,
            Head::Function => 6,
            Head::Never => 7,
        }
    }

    /// The keys under which lookups that an implementation concerns are noted.
    pub(in crate::rust::resolve) fn impl_keys(&self, number: u32) -> Vec<u32> {
        let known = &self.impls.impls[number as usize];
        let head = self.head(known.self_type).map(|head| self.head_key(head));
        match (known.bound, head) {
            (Some(bound), head) => vec![self.impl_key(self.types.bound_data(bound).of_trait, head)],
            (None, Some(head)) => self
                .program
                .children(known.def)
                .map(|member| keys::inherent(head, self.program.interner.key(self.program.def(member).name)))
                .collect(),
            (None, None) => Vec::new(),
        }
    }

    /// The keys of all implementations.
    pub(in crate::rust::resolve) fn all_impl_keys(&self) -> Vec<u32> {
        (0..self.impls.impls.len() as u32).flat_map(|number| self.impl_keys(number)).collect()
    }

    pub(in crate::rust::resolve) fn impl_key(&self, of_trait: DefId, head: Option<u32>) -> u32 {
        let of_trait = self.program.interner.key(self.program.def(of_trait).name);
        head.map_or_else(|| keys::blanket(of_trait), |head| keys::implementation(of_trait, head))
    }

    /// What the implementations of a file show to others: keys, each with a fingerprint.
    pub(in crate::rust::resolve) fn shown_impls(
        &self,
        file: u32,
        interface: &Interface,
        shown: &mut Vec<(u32, u64)>,
    ) {
        let print = |def: DefId| interface.symbols[self.program.def(def).index as usize];
        for declared in self.impls.declared.get(&file).into_iter().flatten() {
            for &number in &declared.numbers.value {
                let known = &self.impls.impls[number as usize];
                let head = self.head(known.self_type).map(|head| self.head_key(head));
                match (known.bound, head) {
                    (Some(bound), head) => {
                        let of_trait = self.types.bound_data(bound).of_trait;
                        shown.push((self.impl_key(of_trait, head), print(known.def)));
                    }
                    (None, Some(head)) => {
                        shown.extend(self.program.children(known.def).map(|member| {
                            let name = self.program.interner.key(self.program.def(member).name);
                            (keys::inherent(head, name), print(member))
                        }));
                    }
                    (None, None) => {}
                }
            }
        }
    }

    /// What the headers of the implementations of all files mean, for comparing one program with
    /// another: by file and place, a fingerprint and the keys that a difference concerns.
    pub(crate) fn impl_headers(&self) -> FxHashMap<(u32, u32, u32), (u64, Vec<u32>)> {
        let of_def = |def: DefId| {
            u64::from(self.program.file_of(def).key) << 32
                | u64::from(self.program.interner.key(self.program.def(def).name))
        };
        let mut found = FxHashMap::default();
        for (&file, all) in &self.impls.declared {
            let file = &self.program.files[file as usize];
            if file.is_std {
                continue;
            }
            for declared in all {
                let index = self.program.def(declared.def).index;
                for (at, &number) in declared.numbers.value.iter().enumerate() {
                    let known = &self.impls.impls[number as usize];
                    let head = match self.head(known.self_type) {
                        Some(Head::Adt(def) | Head::Dyn(def)) => of_def(def),
                        Some(head) => u64::from(self.head_key(head)),
                        None => 0,
                    };
                    let of_trait =
                        known.bound.map_or(0, |bound| of_def(self.types.bound_data(bound).of_trait));
                    let print = head.rotate_left(29) ^ of_trait;
                    found.insert((file.key, index, at as u32), (print, self.impl_keys(number)));
                }
            }
        }
        found
    }
}
