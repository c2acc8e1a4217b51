//! Implementations: the tables of them, and which one a type has.

mod filing;
mod project;
mod shown;

use rustc_hash::FxHashMap;

use super::Resolver;
use super::interner::Sym;
use super::memo::Memo;
use super::program::DefId;
use super::ty::{Bound, Prim, Ty, TyKind};
use super::unify::Subst;

/// The outermost form of a type, by which implementations are filed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Head {
    Adt(DefId),
    Prim(Prim),
    External(Sym),
    Ref,
    Pointer,
    Slice,
    Array,
    Tuple,
    Function,
    Dyn(DefId),
    Never,
}

/// An implementation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Impl {
    /// The block; of a derived one, the type that derives it.
    pub(super) def: DefId,
    pub(super) bound: Option<Bound>,
    pub(super) self_type: Ty,
    pub(super) is_derived: bool,
}

/// All implementations.
///
/// The lists are in the order of files and places, whatever was filed first.
#[derive(Debug, Default)]
pub(super) struct ImplTables {
    pub(super) impls: Vec<Impl>,
    /// Numbers that are free again.
    free: Vec<u32>,
    /// What each file declares: blocks, and types that derive, with the implementations of each.
    declared: FxHashMap<u32, Vec<Declared>>,
    /// The implementation that a block is.
    blocks: FxHashMap<DefId, u32>,
    /// Methods and associated functions of a type's own implementations.
    pub(super) inherent: FxHashMap<(Head, Sym), Vec<(u32, DefId)>>,
    by_trait: FxHashMap<(DefId, Head), Vec<u32>>,
    /// Implementations for a type parameter.
    blanket: FxHashMap<DefId, Vec<u32>>,
    /// Methods and associated functions of traits.
    pub(super) trait_members: FxHashMap<Sym, Vec<(DefId, DefId)>>,
    trait_types: FxHashMap<Sym, Vec<DefId>>,
    /// Bounds in force in the body at hand.
    pub(super) in_force: Vec<(Ty, Bound)>,
    depth: u32,
    bounds_depth: u32,
}

/// A declaration that makes implementations.
#[derive(Debug)]
struct Declared {
    def: DefId,
    /// Their numbers, and what their headers depend on.
    numbers: Memo<Box<[u32]>>,
}

impl ImplTables {
    /// The implementation that a block is.
    pub(super) fn block_of(&self, def: DefId) -> Option<&Impl> {
        self.blocks.get(&def).map(|&number| &self.impls[number as usize])
    }
}

/// Implementations that depend on one another deeper than this are taken for found.
const MAX_DEPTH: u32 = 5;

impl Resolver {
    pub(super) fn head(&self, ty: Ty) -> Option<Head> {
        Some(match self.types.kind(ty) {
            TyKind::Adt(def, _) => Head::Adt(def),
            TyKind::Prim(prim) => Head::Prim(prim),
            TyKind::External(path, _) => Head::External(path),
            TyKind::Ref(_) => Head::Ref,
            TyKind::Pointer(_) => Head::Pointer,
            TyKind::Slice(_) => Head::Slice,
            TyKind::Array(_) => Head::Array,
            TyKind::Tuple(_) => Head::Tuple,
            TyKind::Function(_) => Head::Function,
            TyKind::Dyn(bounds) => {
                let first = *self.types.bound_list(bounds).first()?;
                Head::Dyn(self.types.bound_data(first).of_trait)
            }
            TyKind::Never => Head::Never,
            TyKind::Unknown
            | TyKind::Param(..)
            | TyKind::SelfParam(_)
            | TyKind::Opaque(_)
            | TyKind::Assoc(..)
            | TyKind::Infer(_) => return None,
        })
    }

    /// The heads under which implementations for a type may be filed: a literal may be any number,
    /// and the stubs describe all integers by one type.
    fn heads(&self, head: Head) -> [Option<Head>; 2] {
        match head {
            Head::Prim(prim) if prim.is_integer() => [Some(head), Some(Head::Prim(Prim::I32))],
            Head::Prim(prim) if prim.is_float() => [Some(head), Some(Head::Prim(Prim::F64))],
            _ => [Some(head), None],
        }
    }

    /// Whether an implementation is one for `ty`; on success the types of its parameters.
    pub(super) fn match_impl(&mut self, number: u32, ty: Ty, args: Option<&[Ty]>) -> Option<Subst> {
        let candidate = self.impls.impls[number as usize];
        let mark = self.snapshot();
        let params = self.fresh_args(candidate.def);
        let subst = Subst::default().with(candidate.def, params);
        let self_type = self.subst(candidate.self_type, &subst);
        let mut fits = self.unify(self_type, ty);
        if fits && let (Some(bound), Some(args)) = (candidate.bound, args) {
            let bound = self.subst_bound(bound, &subst);
            let own = self.types.bound_data(bound).args;
            let own: Vec<Ty> = self.types.list(own).to_vec();
            for (own, wanted) in own.iter().zip(args) {
                fits &= self.unify(*own, *wanted);
            }
        }
        if fits && !candidate.is_derived {
            self.impls.depth += 1;
            let predicates = self.predicates(candidate.def);
            for &(subject, bound) in predicates.iter() {
                let subject = self.subst(subject, &subst);
                let subject = self.resolve(subject);
                let of_trait = self.types.bound_data(bound).of_trait;
                if self.impls.depth <= MAX_DEPTH && self.may_implement(subject, of_trait) == Some(false) {
                    fits = false;
                    break;
                }
            }
            self.impls.depth -= 1;
        }
        if !fits {
            self.rollback(mark);
            return None;
        }
        Some(subst)
    }

    /// Whether `ty` implements a trait; `None` when that cannot be told.
    fn may_implement(&mut self, ty: Ty, of_trait: DefId) -> Option<bool> {
        match self.types.kind(ty) {
            TyKind::Infer(_) | TyKind::Unknown | TyKind::Never => return None,
            _ => {}
        }
        if self.implements(ty, of_trait) {
            return Some(true);
        }
        // The stubs leave out most implementations of the traits that everything has.
        if self.program.is_std(of_trait) && !self.is_structural(of_trait) {
            return None;
        }
        if matches!(self.types.kind(ty), TyKind::External(..)) {
            return None;
        }
        Some(false)
    }

    /// Whether the stubs are complete in the implementations of a trait.
    fn is_structural(&self, of_trait: DefId) -> bool {
        let name = self.program.text(self.program.def(of_trait).name);
        matches!(
            name,
            "Iterator"
                | "DoubleEndedIterator"
                | "Future"
                | "Fn"
                | "FnMut"
                | "FnOnce"
                | "Deref"
                | "Read"
                | "Write"
                | "BufRead"
                | "Seek"
                | "Error"
        )
    }

    pub(super) fn implements(&mut self, ty: Ty, of_trait: DefId) -> bool {
        let mark = self.snapshot();
        let found = self.find_impl(ty, of_trait, None).is_some() || self.has_bound(ty, of_trait);
        self.rollback(mark);
        found
    }

    fn has_bound(&mut self, ty: Ty, of_trait: DefId) -> bool {
        let ty = self.resolve(ty);
        if self.known.fn_traits.contains(&of_trait) && matches!(self.types.kind(ty), TyKind::Function(_)) {
            return true;
        }
        self.bounds_of(ty).iter().any(|&bound| self.types.bound_data(bound).of_trait == of_trait)
    }

    /// The implementation of a trait for a type, and the types of its parameters.
    pub(super) fn find_impl(&mut self, ty: Ty, of_trait: DefId, args: Option<&[Ty]>) -> Option<(u32, Subst)> {
        let ty = self.resolve(ty);
        if self.impls.depth > MAX_DEPTH {
            return None;
        }
        let mut candidates: Vec<u32> = Vec::new();
        let head = self.head(ty);
        self.touch_impls(of_trait, head);
        match head {
            Some(head) => {
                for head in self.heads(head).into_iter().flatten() {
                    candidates.extend(self.impls.by_trait.get(&(of_trait, head)).into_iter().flatten());
                }
            }
            None if matches!(self.types.kind(ty), TyKind::Infer(_) | TyKind::Unknown) => return None,
            None => {}
        }
        candidates.extend(self.impls.blanket.get(&of_trait).into_iter().flatten());
        if candidates.is_empty() {
            return None;
        }
        self.impls.depth += 1;
        let mut found = None;
        for number in candidates {
            if let Some(subst) = self.match_impl(number, ty, args) {
                found = Some((number, subst));
                break;
            }
        }
        self.impls.depth -= 1;
        found
    }

    /// How many implementations of a trait a type may have: more than one when they differ in the
    /// arguments of the trait. Counts no further than two.
    pub(super) fn count_impls(&mut self, ty: Ty, of_trait: DefId) -> usize {
        let mut candidates: Vec<u32> = Vec::new();
        let head = self.head(ty);
        self.touch_impls(of_trait, head);
        if let Some(head) = head {
            for head in self.heads(head).into_iter().flatten() {
                candidates.extend(self.impls.by_trait.get(&(of_trait, head)).into_iter().flatten());
            }
        }
        candidates.extend(self.impls.blanket.get(&of_trait).into_iter().flatten());
        let mut count = 0;
        for number in candidates {
            let mark = self.snapshot();
            if self.match_impl(number, ty, None).is_some() {
                count += 1;
            }
            self.rollback(mark);
            if count > 1 {
                break;
            }
        }
        count
    }

    /// Notes that the answer depends on the implementations of a trait for types of a head.
    fn touch_impls(&mut self, of_trait: DefId, head: Option<Head>) {
        self.tracker.touch(self.impl_key(of_trait, None));
        for head in head.map_or([None, None], |head| self.heads(head)).into_iter().flatten() {
            let head = self.head_key(head);
            self.tracker.touch(self.impl_key(of_trait, Some(head)));
        }
    }

    /// Whether any implementation of a trait could be one for a type of this head.
    pub(super) fn has_candidates(&mut self, of_trait: DefId, head: Option<Head>) -> bool {
        self.touch_impls(of_trait, head);
        self.impls.blanket.contains_key(&of_trait)
            || head.is_some_and(|head| {
                self.heads(head)
                    .into_iter()
                    .flatten()
                    .any(|head| self.impls.by_trait.contains_key(&(of_trait, head)))
            })
    }
}
