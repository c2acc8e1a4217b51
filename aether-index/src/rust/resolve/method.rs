//! Methods: which one a call on a receiver means.

use aether_core::code::Resolution;
use aether_core::code::facts::{ItemDetail, SelfKind};

use super::Resolver;
use super::impls::Head;
use super::interner::Sym;
use super::keys;
use super::program::{DefId, DefKind, ScopeId};
use super::ty::{Prim, Ty, TyKind};
use super::unify::Subst;

/// A method, or an associated function, that was found.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Member {
        def: DefId,
        subst: Subst,
        resolution: Resolution,
        /// The implementation depends on the arguments: which it is can be told once they are known.
        later: Option<Later>,
    },
    /// A method of a type outside the program.
    External(Sym),
}

/// A member of a trait whose implementation the arguments decide.
#[derive(Clone, Debug)]
pub(super) struct Later {
    ty: Ty,
    of_trait: DefId,
    args: Vec<Ty>,
    member: DefId,
}

/// Which receivers count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Receiver {
    Any,
    /// `&self` and `&mut self`.
    Reference,
    /// `self: Wrapper<Self>`, such as `Pin<&mut Self>` or `Arc<Self>`.
    Wrapped(DefId),
    /// Functions without `self` too, for paths.
    Path,
}

/// Longest chain of dereferences that is followed.
const MAX_STEPS: usize = 10;

impl Resolver {
    /// The method that `receiver.name()` calls in `scope`.
    pub(super) fn find_method(&mut self, receiver: Ty, name: Sym, scope: ScopeId) -> Option<Found> {
        let steps = self.deref_steps(receiver);
        // `self: Pin<&mut Self>` fits the receiver before it is dereferenced: at each step first the
        // methods of what lies further down that take the step as it is.
        let mut outside = None;
        for (at, &ty) in steps.iter().enumerate() {
            if let TyKind::Adt(wrapper, _) = self.types.kind(ty) {
                for &inner in &steps[at + 1..] {
                    if let Some(found) = self.member_of(inner, name, scope, Receiver::Wrapped(wrapper)) {
                        return Some(found);
                    }
                }
            }
            if let TyKind::Ref(inner) = self.types.kind(ty) {
                let inner = self.resolve(inner);
                if let Some(found) = self.member_of(inner, name, scope, Receiver::Reference) {
                    return Some(found);
                }
                if !matches!(self.types.kind(inner), TyKind::Infer(_) | TyKind::Unknown)
                    && let Some(found) = self.trait_member(ty, name, scope, Receiver::Any)
                {
                    return Some(found);
                }
            } else {
                if let Some(found) = self.member_of(ty, name, scope, Receiver::Any) {
                    return Some(found);
                }
                if let TyKind::Array(element) = self.types.kind(ty) {
                    let slice = self.types.intern(TyKind::Slice(element));
                    if let Some(found) = self.member_of(slice, name, scope, Receiver::Any) {
                        return Some(found);
                    }
                }
                outside = outside.or_else(|| self.outside_member(ty, name));
            }
        }
        outside.map(Found::External)
    }

    /// The receiver and what dereferencing it gives, step by step.
    fn deref_steps(&mut self, receiver: Ty) -> Vec<Ty> {
        let mut steps = vec![self.resolve(receiver)];
        while steps.len() < MAX_STEPS {
            let Some(&last) = steps.last() else { break };
            match self.deref(last) {
                Some(next) if !steps.contains(&next) => steps.push(next),
                _ => break,
            }
        }
        steps
    }

    /// The function, method or constant that `ty::name` names in `scope`.
    pub(super) fn find_member(&mut self, ty: Ty, name: Sym, scope: ScopeId) -> Option<Found> {
        let ty = self.resolve(ty);
        if let Some(found) = self.member_of(ty, name, scope, Receiver::Path) {
            return Some(found);
        }
        self.outside_member(ty, name).map(Found::External)
    }

    /// The member of a trait, for a type that may implement it itself.
    pub(super) fn find_trait_member(
        &mut self,
        ty: Ty,
        of_trait: DefId,
        name: Sym,
        args: Option<Vec<Ty>>,
    ) -> Option<Found> {
        self.touch_member(of_trait, name);
        let member = self.program.children(of_trait).find(|&member| {
            let data = self.program.def(member);
            data.name == name && matches!(data.kind, DefKind::Function | DefKind::Constant)
        });
        let Some(member) = member else {
            let supertraits = self.supertraits(of_trait);
            for &bound in supertraits.iter() {
                let of_trait = self.types.bound_data(bound).of_trait;
                if let Some(found) = self.find_trait_member(ty, of_trait, name, None) {
                    return Some(found);
                }
            }
            return None;
        };
        Some(self.trait_candidate(ty, of_trait, member, args))
    }

    fn member_of(&mut self, ty: Ty, name: Sym, scope: ScopeId, receiver: Receiver) -> Option<Found> {
        if let Some(head) = self.head(ty)
            && let Some(found) = self.inherent_member(head, ty, name, receiver)
        {
            return Some(found);
        }
        if let Some(found) = self.bound_member(ty, name, receiver) {
            return Some(found);
        }
        self.trait_member(ty, name, scope, receiver)
    }

    fn fits(&mut self, def: DefId, receiver: Receiver) -> bool {
        let ItemDetail::Function(function) = self.program.detail(def) else {
            return receiver == Receiver::Path;
        };
        let (kind, is_explicit) = (function.self_kind, function.self_type.is_some());
        if receiver == Receiver::Path {
            return true;
        }
        if !is_explicit {
            return match receiver {
                Receiver::Any => kind != SelfKind::None,
                Receiver::Reference => matches!(kind, SelfKind::Ref | SelfKind::RefMut),
                _ => false,
            };
        }
        let written = self.signature(def).receiver;
        match (written.map(|ty| self.types.kind(ty)), receiver) {
            (Some(TyKind::Adt(own, _)), Receiver::Wrapped(wrapper)) => own == wrapper,
            // `self: Self` of a structure is written as the structure; a wrapper is another one.
            (Some(TyKind::Adt(own, _)), Receiver::Any) => self.is_own_type(def, own),
            (Some(TyKind::Ref(_)), Receiver::Reference | Receiver::Any) => true,
            (Some(TyKind::Adt(..) | TyKind::Ref(_)), _) => false,
            (_, receiver) => receiver == Receiver::Any,
        }
    }

    /// Whether `adt` is the type that the implementation around `def` is for.
    fn is_own_type(&mut self, def: DefId, adt: DefId) -> bool {
        let Some(parent) = self.program.def(def).parent else { return false };
        if self.program.def(parent).kind != DefKind::Impl {
            return false;
        }
        let own = self.impl_self(parent);
        matches!(self.types.kind(own), TyKind::Adt(def, _) if def == adt)
    }

    fn inherent_member(&mut self, head: Head, ty: Ty, name: Sym, receiver: Receiver) -> Option<Found> {
        let heads = match head {
            Head::Prim(prim) if prim.is_integer() => [Some(head), Some(Head::Prim(Prim::I32))],
            Head::Prim(prim) if prim.is_float() => [Some(head), Some(Head::Prim(Prim::F64))],
            _ => [Some(head), None],
        };
        let head_key = self.head_key(head);
        self.tracker.touch(keys::inherent(head_key, self.program.interner.key(name)));
        for head in heads.into_iter().flatten() {
            let Some(members) = self.impls.inherent.get(&(head, name)).cloned() else { continue };
            let mut best: Option<(u8, DefId, Subst)> = None;
            for (number, def) in members {
                if !self.fits(def, receiver) {
                    continue;
                }
                let cfg = self.program.def(def).cfg.min(self.parent_cfg(def));
                if best.as_ref().is_some_and(|(known, ..)| *known >= cfg) {
                    continue;
                }
                let is_shared_integer =
                    matches!((head, self.types.kind(ty)), (Head::Prim(x), TyKind::Prim(y)) if x != y);
                let subst = if is_shared_integer {
                    Some(Subst::default())
                } else {
                    self.match_impl(number, ty, None)
                };
                if let Some(subst) = subst {
                    best = Some((cfg, def, subst));
                }
            }
            if let Some((_, def, subst)) = best {
                // In the stubs all integers share the methods of one.
                let subst = subst.with_self(ty);
                return Some(Found::Member { def, subst, resolution: Resolution::Inherent, later: None });
            }
        }
        None
    }

    fn parent_cfg(&self, def: DefId) -> u8 {
        self.program.def(def).parent.map_or(2, |parent| self.program.def(parent).cfg)
    }

    /// A method that a bound promises.
    fn bound_member(&mut self, ty: Ty, name: Sym, receiver: Receiver) -> Option<Found> {
        for bound in self.bounds_of(ty) {
            let data = self.types.bound_data(bound).clone();
            self.touch_member(data.of_trait, name);
            let member = self.program.children(data.of_trait).find(|&member| {
                let known = self.program.def(member);
                known.name == name && matches!(known.kind, DefKind::Function | DefKind::Constant)
            });
            if let Some(member) = member
                && self.fits(member, receiver)
            {
                let args = self.types.list(data.args).to_vec();
                let subst = Subst::default().with(data.of_trait, args).with_self(ty);
                return Some(Found::Member {
                    def: member,
                    subst,
                    resolution: Resolution::TraitDeclaration,
                    later: None,
                });
            }
        }
        None
    }

    /// A method of a trait that the type implements; one in scope before others.
    fn trait_member(&mut self, ty: Ty, name: Sym, scope: ScopeId, receiver: Receiver) -> Option<Found> {
        if matches!(self.types.kind(ty), TyKind::Infer(_) | TyKind::Unknown) {
            return None;
        }
        self.tracker.touch(keys::trait_member(self.program.interner.key(name)));
        let members = self.impls.trait_members.get(&name)?.clone();
        let head = self.head(ty);
        let mut candidates: Vec<(DefId, DefId)> = Vec::new();
        for (of_trait, member) in members {
            if self.has_candidates(of_trait, head) && self.fits(member, receiver) {
                candidates.push((of_trait, member));
            }
        }
        if candidates.is_empty() {
            return None;
        }
        let in_scope = self.traits_in_scope(scope);
        candidates.sort_by_key(|(of_trait, _)| !in_scope.contains(of_trait));
        for (of_trait, member) in candidates {
            let mark = self.snapshot();
            let found = self.find_impl(ty, of_trait, None).map(|(number, _)| number);
            self.rollback(mark);
            let Some(number) = found else { continue };
            if in_scope.contains(&of_trait) {
                return Some(self.trait_candidate(ty, of_trait, member, None));
            }
            // A trait that is not in scope cannot be meant, unless it came in by a macro or a glob
            // that leads outside; an implementation for everything would then fit any type.
            let is_blanket = self.head(self.impls.impls[number as usize].self_type).is_none();
            if !is_blanket && !self.program.is_std(of_trait) {
                return match self.trait_candidate(ty, of_trait, member, None) {
                    Found::Member { def, subst, later, .. } => {
                        Some(Found::Member { def, subst, resolution: Resolution::PartialType, later })
                    }
                    external => Some(external),
                };
            }
        }
        None
    }

    /// The member of the implementation for `ty`, or the declaration in the trait.
    fn trait_candidate(&mut self, ty: Ty, of_trait: DefId, member: DefId, args: Option<Vec<Ty>>) -> Found {
        if args.is_none() && self.param_count(of_trait) > 0 && self.count_impls(ty, of_trait) > 1 {
            let args = self.fresh_args(of_trait);
            let subst = Subst::default().with(of_trait, args.clone()).with_self(ty);
            let later = Some(Later { ty, of_trait, args, member });
            return Found::Member { def: member, subst, resolution: Resolution::TraitDeclaration, later };
        }
        let Some((number, subst)) = self.find_impl(ty, of_trait, args.as_deref()) else {
            return self.declaration(
                ty,
                of_trait,
                member,
                args.unwrap_or_default(),
                Resolution::TraitDeclaration,
            );
        };
        let candidate = self.impls.impls[number as usize];
        if let Some(own) = self.own_member(number, member) {
            let subst = subst.with_self(ty);
            return Found::Member { def: own, subst, resolution: Resolution::TraitImpl, later: None };
        }
        let args = match candidate.bound {
            Some(bound) => {
                let bound = self.subst_bound(bound, &subst);
                let args = self.types.bound_data(bound).args;
                self.types.list(args).to_vec()
            }
            None => Vec::new(),
        };
        self.declaration(ty, of_trait, member, args, Resolution::TraitImpl)
    }

    fn declaration(
        &mut self,
        ty: Ty,
        of_trait: DefId,
        member: DefId,
        mut args: Vec<Ty>,
        resolution: Resolution,
    ) -> Found {
        while args.len() < self.param_count(of_trait) {
            args.push(self.fresh());
        }
        let subst = Subst::default().with(of_trait, args).with_self(ty);
        Found::Member { def: member, subst, resolution, later: None }
    }

    /// What an implementation itself has for a member of its trait.
    fn own_member(&mut self, number: u32, member: DefId) -> Option<DefId> {
        let candidate = self.impls.impls[number as usize];
        if candidate.is_derived {
            return None;
        }
        let data = *self.program.def(member);
        self.member_named(candidate.def, data.name, data.kind)
    }

    /// The member that a call meant, now that its arguments are known.
    pub(super) fn decide(&mut self, later: &Later) -> (DefId, Resolution) {
        let args: Vec<Ty> = later.args.iter().map(|&arg| self.zonk(arg)).collect();
        let is_known =
            args.iter().all(|&arg| !matches!(self.types.kind(arg), TyKind::Infer(_) | TyKind::Unknown));
        let mark = self.snapshot();
        let found = self.find_impl(later.ty, later.of_trait, Some(&args)).map(|(number, _)| number);
        self.rollback(mark);
        let resolution = if is_known { Resolution::TraitImpl } else { Resolution::PartialType };
        match found.and_then(|number| self.own_member(number, later.member)) {
            Some(own) => (own, resolution),
            None => (later.member, resolution),
        }
    }

    /// The path of a method of a type that the program only knows by name.
    fn outside_member(&mut self, ty: Ty, name: Sym) -> Option<Sym> {
        let path = match self.types.kind(ty) {
            TyKind::External(path, _) => self.program.text(path).to_owned(),
            TyKind::Adt(def, _) if self.program.is_std(def) => self.def_path(def),
            TyKind::Prim(prim) => format!("std::primitive::{}", prim.name()),
            TyKind::Slice(_) | TyKind::Array(_) => "std::slice".to_owned(),
            TyKind::Pointer(_) => "std::ptr".to_owned(),
            _ => return None,
        };
        let joined = format!("{path}::{}", self.program.text(name));
        Some(self.program.interner.intern(&joined))
    }

    /// The canonical path of a declaration: its module, the type or trait it belongs to, its name.
    pub(super) fn def_path(&self, def: DefId) -> String {
        let data = self.program.def(def);
        let name = self.program.text(data.name);
        let prefix = match data.parent {
            Some(parent) => match self.program.def(parent).kind {
                DefKind::Impl => {
                    let self_type = self.impls.block_of(parent).map(|known| known.self_type);
                    match self_type.map(|ty| self.types.kind(ty)) {
                        Some(TyKind::Adt(adt, _)) => self.def_path(adt),
                        Some(TyKind::Prim(Prim::Str)) => "str".to_owned(),
                        Some(TyKind::Prim(prim)) => prim.name().to_owned(),
                        Some(TyKind::Slice(_)) => "slice".to_owned(),
                        Some(TyKind::Array(_)) => "array".to_owned(),
                        Some(TyKind::Pointer(_)) => "pointer".to_owned(),
                        _ => self.scope_path(self.program.module_around(data.scope)),
                    }
                }
                DefKind::Module => self.scope_path(self.program.module_around(data.scope)),
                _ => self.def_path(parent),
            },
            None => self.scope_path(self.program.module_around(data.scope)),
        };
        format!("{prefix}::{name}")
    }
}
