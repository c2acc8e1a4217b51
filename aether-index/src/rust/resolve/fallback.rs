//! What the name of a method alone says, when the type of the receiver is not known.

use aether_core::code::Resolution;
use aether_core::code::facts::{ItemDetail, SelfKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Resolver;
use super::interner::Sym;
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
        for index in 0..self.program.defs.len() as u32 {
            let def = DefId(index);
            let data = *self.program.def(def);
            if data.kind == DefKind::Macro {
                self.fallback.macros.entry(data.name).or_default().push(def);
                continue;
            }
            let ItemDetail::Function(function) = self.program.detail(def) else { continue };
            let is_method = function.self_kind != SelfKind::None;
            if is_method && self.program.is_std(def) {
                self.fallback.std_names.insert(data.name);
            } else if is_method {
                self.fallback.methods.entry(data.name).or_default().push(def);
            }
        }
    }

    /// The method that a call on a receiver of unknown type most likely means.
    ///
    /// A name that the standard library has too is left alone: calls that leave the project outnumber
    /// those that do not. Of an only candidate the name says enough; of several, those that implement
    /// one method of one trait stand for its declaration.
    pub(super) fn method_by_name(&mut self, name: Sym, argument_count: usize) -> Option<(DefId, Resolution)> {
        let key = self.program.interner.key(name);
        self.touch(key);
        if self.fallback.std_names.contains(&name) {
            return None;
        }
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
        let key = self.program.interner.key(name);
        self.touch(key);
        let candidates = self.fallback.macros.get(&name)?;
        let krate = |number: u32| {
            self.program.scope(super::program::ScopeId(self.program.files[number as usize].first_scope)).krate
        };
        let own = krate(file);
        candidates.iter().copied().filter(|&def| !self.program.is_std(def)).max_by_key(|&def| {
            let data = self.program.def(def);
            (data.file == file, krate(data.file) == own, data.cfg, std::cmp::Reverse(def))
        })
    }
}
