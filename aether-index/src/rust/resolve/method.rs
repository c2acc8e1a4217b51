//! Methods: which one a call on a receiver means.

use aether_core::code::Resolution;
use aether_core::code::facts::{ItemDetail, SelfKind};

use super::Resolver;
use super::impls::Head;
use super::interner::Sym;
use super::program::{DefId, DefKind, ScopeId};
use super::ty::{Prim, Ty, TyKind};
use super::unify::Subst;

/// A method, or an associated function, that was found.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Member { def: DefId, subst: Subst, resolution: Resolution },
    /// A method of a type outside the program.
    External(Sym),
}

/// Which receivers count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Receiver {
    Any,
    /// `&self` and `&mut self`.
    Reference,
    /// Functions without `self` too, for paths.
    Path,
}

/// Longest chain of dereferences that is followed.
const MAX_STEPS: u32 = 10;

impl Resolver {
    /// The method that `receiver.name()` calls in `scope`.
    pub(super) fn find_method(&mut self, receiver: Ty, name: Sym, scope: ScopeId) -> Option<Found> {
        let key = self.program.interner.key(name);
        self.touch(key);
        let mut ty = self.resolve(receiver);
        let mut outside = None;
        for _ in 0..MAX_STEPS {
            if let TyKind::Ref(inner) = self.types.kind(ty) {
                let inner = self.resolve(inner);
                if let Some(found) = self.member_of(inner, name, scope, Receiver::Reference) {
                    return Some(found);
                }
                if let Some(found) = self.trait_member(ty, name, scope, Receiver::Any) {
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
            match self.deref(ty) {
                Some(next) if next != ty => ty = next,
                _ => break,
            }
        }
        outside.map(Found::External)
    }

    /// The function, method or constant that `ty::name` names in `scope`.
    pub(super) fn find_member(&mut self, ty: Ty, name: Sym, scope: ScopeId) -> Option<Found> {
        let key = self.program.interner.key(name);
        self.touch(key);
        let ty = self.resolve(ty);
        if let Some(found) = self.member_of(ty, name, scope, Receiver::Path) {
            return Some(found);
        }
        self.outside_member(ty, name).map(Found::External)
    }

    /// The member of a trait, for a type that may implement it itself.
    pub(super) fn find_trait_member(&mut self, ty: Ty, of_trait: DefId, name: Sym, args: Option<Vec<Ty>>) -> Option<Found> {
        let key = self.program.interner.key(name);
        self.touch(key);
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

    fn fits(&self, def: DefId, receiver: Receiver) -> bool {
        match (self.program.detail(def), receiver) {
            (_, Receiver::Path) => true,
            (ItemDetail::Function(function), Receiver::Any) => function.self_kind != SelfKind::None,
            (ItemDetail::Function(function), Receiver::Reference) => {
                matches!(function.self_kind, SelfKind::Ref | SelfKind::RefMut)
                    || (function.self_kind == SelfKind::Value && function.self_type.is_some())
            }
            _ => false,
        }
    }

    fn inherent_member(&mut self, head: Head, ty: Ty, name: Sym, receiver: Receiver) -> Option<Found> {
        let heads = match head {
            Head::Prim(prim) if prim.is_integer() => [Some(head), Some(Head::Prim(Prim::I32))],
            Head::Prim(prim) if prim.is_float() => [Some(head), Some(Head::Prim(Prim::F64))],
            _ => [Some(head), None],
        };
        self.touch_impls(head);
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
                let is_shared_integer = matches!((head, self.types.kind(ty)), (Head::Prim(x), TyKind::Prim(y)) if x != y);
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
                return Some(Found::Member { def, subst, resolution: Resolution::Inherent });
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
            let member = self.program.children(data.of_trait).find(|&member| {
                let known = self.program.def(member);
                known.name == name && matches!(known.kind, DefKind::Function | DefKind::Constant)
            });
            if let Some(member) = member.filter(|&member| self.fits(member, receiver)) {
                let args = self.types.list(data.args).to_vec();
                let subst = Subst::default().with(data.of_trait, args).with_self(ty);
                return Some(Found::Member { def: member, subst, resolution: Resolution::TraitDeclaration });
            }
        }
        None
    }

    /// A method of a trait that the type implements; one in scope before others.
    fn trait_member(&mut self, ty: Ty, name: Sym, scope: ScopeId, receiver: Receiver) -> Option<Found> {
        if matches!(self.types.kind(ty), TyKind::Infer(_) | TyKind::Unknown) {
            return None;
        }
        let members = self.impls.trait_members.get(&name)?.clone();
        let head = self.head(ty);
        let mut candidates: Vec<(DefId, DefId)> = members
            .into_iter()
            .filter(|&(of_trait, member)| self.fits(member, receiver) && self.has_candidates(of_trait, head))
            .collect();
        if candidates.is_empty() {
            return None;
        }
        if candidates.len() > 1 || candidates.iter().any(|&(of_trait, _)| !self.program.is_std(of_trait)) {
            let in_scope = self.traits_in_scope(scope);
            candidates.sort_by_key(|(of_trait, _)| !in_scope.contains(of_trait));
        }
        for (of_trait, member) in candidates {
            let mark = self.snapshot();
            if self.find_impl(ty, of_trait, None).is_some() {
                self.rollback(mark);
                return Some(self.trait_candidate(ty, of_trait, member, None));
            }
            self.rollback(mark);
        }
        None
    }

    /// The member of the implementation for `ty`, or the declaration in the trait.
    fn trait_candidate(&mut self, ty: Ty, of_trait: DefId, member: DefId, args: Option<Vec<Ty>>) -> Found {
        let declaration = |resolver: &mut Self, args: Vec<Ty>| {
            let mut args = args;
            while args.len() < resolver.param_count(of_trait) {
                args.push(resolver.fresh());
            }
            let subst = Subst::default().with(of_trait, args).with_self(ty);
            Found::Member { def: member, subst, resolution: Resolution::TraitDeclaration }
        };
        let wanted = args.clone();
        let Some((number, subst)) = self.find_impl_for_call(ty, of_trait, wanted.as_deref()) else {
            return declaration(self, args.unwrap_or_default());
        };
        let candidate = self.impls.impls[number as usize];
        let name = self.program.def(member).name;
        let kind = self.program.def(member).kind;
        if !candidate.is_derived
            && let Some(own) = self.program.child_named(candidate.def, name, kind)
        {
            let subst = subst.with_self(ty);
            return Found::Member { def: own, subst, resolution: Resolution::TraitImpl };
        }
        let args = match candidate.bound {
            Some(bound) => {
                let bound = self.subst_bound(bound, &subst);
                let args = self.types.bound_data(bound).args;
                self.types.list(args).to_vec()
            }
            None => Vec::new(),
        };
        let Found::Member { def, subst, .. } = declaration(self, args) else {
            return declaration(self, Vec::new());
        };
        Found::Member { def, subst, resolution: Resolution::TraitImpl }
    }

    /// As [`Resolver::find_impl`], but with several candidates that differ in the arguments of the
    /// trait none is taken: the arguments decide.
    fn find_impl_for_call(&mut self, ty: Ty, of_trait: DefId, args: Option<&[Ty]>) -> Option<(u32, Subst)> {
        self.find_impl(ty, of_trait, args)
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
                    let self_type = self.impls.impls.iter().find(|known| known.def == parent).map(|known| known.self_type);
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
