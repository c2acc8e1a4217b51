//! What the name of a method alone says, when the type of the receiver is not known.

use std::cmp::Reverse;

use aether_core::code::Resolution;
use aether_core::code::facts::{ItemDetail, SelfKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Resolver;
use super::interner::Sym;
use super::keys;
use super::program::{DefId, DefKind};

/// Methods by name.
#[derive(Debug, Default)]
pub(super) struct NameTables {
    methods: FxHashMap<Sym, Vec<DefId>>,
    /// Names that methods of the standard library have.
    std_names: FxHashSet<Sym>,
    macros: FxHashMap<Sym, Vec<DefId>>,
}

impl Resolver {
    pub(super) fn build_name_tables(&mut self) {
        for number in 0..self.program.files.len() as u32 {
            self.add_names(number);
        }
    }

    /// Notes the methods and macros of a file; each list is in the order of files and places.
    pub(super) fn add_names(&mut self, number: u32) {
        for def in self.program.files[number as usize].defs.clone() {
            let data = *self.program.def(def);
            let list = if data.kind == DefKind::Macro {
                self.fallback.macros.entry(data.name)
            } else if !self.is_method(def) {
                continue;
            } else if self.program.is_std(def) {
                self.fallback.std_names.insert(data.name);
                continue;
            } else {
                self.fallback.methods.entry(data.name)
            };
            let list = list.or_default();
            let place = self.program.place(def);
            let at = list.partition_point(|&known| self.program.place(known) < place);
            list.insert(at, def);
        }
    }

    /// Takes out what [`Resolver::add_names`] put in.
    pub(super) fn remove_names(&mut self, number: u32) {
        for &def in &self.program.files[number as usize].defs {
            let name = self.program.def(def).name;
            for table in [&mut self.fallback.methods, &mut self.fallback.macros] {
                if let Some(list) = table.get_mut(&name) {
                    list.retain(|&known| known != def);
                }
            }
        }
    }

    fn is_method(&self, def: DefId) -> bool {
        matches!(self.program.detail(def),
            ItemDetail::Function(function) if function.self_kind != SelfKind::None)
    }

    /// The method that a call on a receiver of unknown type most likely means.
    ///
    /// A name that the standard library has too is left alone: calls that leave the project outnumber
    /// those that do not. Of an only candidate the name says enough; of several, those that implement
    /// one method of one trait stand for its declaration.
    pub(super) fn method_by_name(&mut self, name: Sym, argument_count: usize) -> Option<(DefId, Resolution)> {
        if self.fallback.std_names.contains(&name) {
            return None;
        }
        self.tracker.touch(keys::method(self.program.interner.key(name)));
        let candidates: Vec<DefId> = self
            .fallback
            .methods
            .get(&name)?
            .iter()
            .copied()
            .filter(|&def| match self.program.detail(def) {
                ItemDetail::Function(function) => function.params.len() == argument_count,
                _ => false,
            })
            .collect();
        let likely: Vec<DefId> =
            candidates.iter().copied().filter(|&def| self.program.def(def).cfg > 0).collect();
        match likely.as_slice() {
            [] => None,
            [only] => Some((*only, Resolution::UniqueName)),
            several => {
                // Of several the declaration in a trait covers its implementations.
                let mut declarations = several.iter().copied().filter(|&def| {
                    self.program
                        .def(def)
                        .parent
                        .is_some_and(|parent| self.program.def(parent).kind == DefKind::Trait)
                });
                match (declarations.next(), declarations.next()) {
                    (Some(only), None) => Some((only, Resolution::BestName)),
                    _ => None,
                }
            }
        }
    }

    /// The macro of a name, as seen from a file.
    pub(super) fn macro_named(&mut self, name: Sym, file: u32) -> Option<DefId> {
        self.tracker.touch(keys::macros(self.program.interner.key(name)));
        let candidates = self.fallback.macros.get(&name)?;
        let krate = |number: u32| self.program.crate_of(self.program.files[number as usize].root());
        let own = krate(file);
        candidates.iter().copied().filter(|&def| !self.program.is_std(def)).max_by_key(|&def| {
            let data = self.program.def(def);
            (data.file == file, krate(data.file) == own, data.cfg, Reverse(self.program.place(def)))
        })
    }
}
