//! The bounds that a type is known by, and its associated types.

use aether_core::code::facts::ItemDetail;

use super::MAX_DEPTH;
use crate::rust::resolve::interner::Sym;
use crate::rust::resolve::lower::Env;
use crate::rust::resolve::program::DefId;
use crate::rust::resolve::program::DefKind;
use crate::rust::resolve::ty::{Bound, BoundData, Ty, TyKind, Types};
use crate::rust::resolve::unify::Subst;
use crate::rust::resolve::{Resolver, keys};

impl Resolver {
    /// The bounds that a type is known by, supertraits included: of parameters, `impl` and `dyn`
    /// types, and associated types.
    pub(in crate::rust::resolve) fn bounds_of(&mut self, ty: Ty) -> Vec<Bound> {
        let mut direct: Vec<Bound> = Vec::new();
        match self.types.kind(ty) {
            TyKind::Param(owner, _) => {
                let predicates = self.predicates(owner);
                direct
                    .extend(predicates.iter().filter(|(subject, _)| *subject == ty).map(|(_, bound)| *bound));
            }
            TyKind::SelfParam(of_trait) => {
                let params = self.own_params(of_trait);
                let args = self.types.args(&params);
                direct.push(self.types.bound(BoundData { of_trait, args, bindings: Box::new([]) }));
            }
            TyKind::Dyn(bounds) | TyKind::Opaque(bounds) => direct.extend(self.types.bound_list(bounds)),
            TyKind::Assoc(inner, of_trait, name) => {
                if let Some(alias) = self.member_named(of_trait, name, DefKind::Alias)
                    && let ItemDetail::Alias { bounds, .. } = self.program.detail(alias)
                {
                    let bounds = *bounds;
                    let env = self.env_of(alias);
                    let env = Env { owner: Some(of_trait), ..env };
                    let subst = Subst::default().with_self(inner);
                    for bound in self.lower_bounds(env, bounds) {
                        direct.push(self.subst_bound(bound, &subst));
                    }
                }
            }
            _ => return direct,
        }
        direct.extend(
            self.impls.in_force.iter().filter(|(subject, _)| *subject == ty).map(|(_, bound)| *bound),
        );
        // The arguments of a supertrait can name an associated type of the type itself, whose bounds ask
        // for those of the type again.
        if self.impls.bounds_depth >= MAX_DEPTH || !self.busy.insert((6, u64::from(ty.0))) {
            return direct;
        }
        self.impls.bounds_depth += 1;
        let all = self.with_supertraits(ty, direct);
        self.impls.bounds_depth -= 1;
        self.busy.remove(&(6, u64::from(ty.0)));
        all
    }

    /// The bounds of a type with those that they include.
    fn with_supertraits(&mut self, ty: Ty, mut direct: Vec<Bound>) -> Vec<Bound> {
        let mut all = Vec::new();
        let mut seen = Vec::new();
        while let Some(bound) = direct.pop() {
            let data = self.types.bound_data(bound).clone();
            if seen.contains(&data.of_trait) {
                continue;
            }
            seen.push(data.of_trait);
            all.push(bound);
            let supertraits = self.supertraits(data.of_trait);
            let args = self.types.list(data.args).to_vec();
            let subst = Subst::default().with(data.of_trait, args).with_self(ty);
            for &supertrait in supertraits.iter() {
                let bound = self.subst_bound(supertrait, &subst);
                // What the bound says of the associated types of a supertrait goes with it.
                let mut inner = self.types.bound_data(bound).clone();
                if !data.bindings.is_empty() && inner.bindings.is_empty() {
                    inner.bindings = data.bindings.clone();
                }
                direct.push(self.types.bound(inner));
            }
        }
        all
    }

    /// `<ty as of_trait>::name`, as far as it can be told.
    pub(in crate::rust::resolve) fn project(&mut self, ty: Ty, of_trait: DefId, name: Sym) -> Ty {
        let ty = self.resolve(ty);
        match self.types.kind(ty) {
            TyKind::Unknown => return Types::UNKNOWN,
            TyKind::Infer(_) => return self.types.intern(TyKind::Assoc(ty, of_trait, name)),
            TyKind::Function(args)
                if name == self.known.output && self.known.fn_traits.contains(&of_trait) =>
            {
                return self.types.list(args).last().copied().unwrap_or(Types::UNKNOWN);
            }
            _ => {}
        }
        let mut has_bound = false;
        for bound in self.bounds_of(ty) {
            let data = self.types.bound_data(bound);
            if data.of_trait == of_trait {
                has_bound = true;
                if let Some(&(_, bound)) = data.bindings.iter().find(|(known, _)| *known == name) {
                    return bound;
                }
            }
        }
        if has_bound {
            return self.types.intern(TyKind::Assoc(ty, of_trait, name));
        }
        if self.impls.depth > MAX_DEPTH {
            return Types::UNKNOWN;
        }
        let Some((number, subst)) = self.find_impl(ty, of_trait, None) else {
            // A parameter without the bound may get it where it is used.
            return match self.types.kind(ty) {
                TyKind::Param(..) | TyKind::SelfParam(_) | TyKind::Assoc(..) => {
                    self.types.intern(TyKind::Assoc(ty, of_trait, name))
                }
                _ => Types::UNKNOWN,
            };
        };
        self.project_impl(number, &subst, ty, of_trait, name)
    }

    fn project_impl(&mut self, number: u32, subst: &Subst, ty: Ty, of_trait: DefId, name: Sym) -> Ty {
        let def = self.impls.impls[number as usize].def;
        let (alias, subst) = match self.member_named(def, name, DefKind::Alias) {
            Some(alias) => (alias, subst.clone()),
            None => match self.member_named(of_trait, name, DefKind::Alias) {
                Some(alias) => (alias, subst.clone().with_self(ty)),
                None => return Types::UNKNOWN,
            },
        };
        let ItemDetail::Alias { ty: Some(target), .. } = self.program.detail(alias) else {
            return Types::UNKNOWN;
        };
        let target = *target;
        if !self.busy.insert((4, u64::from(alias.0))) {
            return Types::UNKNOWN;
        }
        let env = self.env_of(alias);
        let env = Env { owner: self.program.def(alias).parent, ..env };
        let lowered = self.lower(env, target);
        let projected = self.subst(lowered, &subst);
        self.busy.remove(&(4, u64::from(alias.0)));
        projected
    }

    /// `ty::name` where no trait is written: of the implementation at hand, of the bounds of a
    /// parameter, or of the one trait that the type implements with such a type.
    pub(in crate::rust::resolve) fn assoc_type(&mut self, env: Env, ty: Ty, name: Sym) -> Ty {
        let ty = self.resolve(ty);
        if let Some(owner) = env.owner {
            for def in self.owners(owner) {
                let kind = self.program.def(def).kind;
                match kind {
                    DefKind::Impl => {
                        if let Some(alias) = self.member_named(def, name, DefKind::Alias)
                            && self.impl_self(def) == ty
                            && let ItemDetail::Alias { ty: Some(target), .. } = self.program.detail(alias)
                        {
                            let target = *target;
                            if !self.busy.insert((5, u64::from(alias.0))) {
                                return Types::UNKNOWN;
                            }
                            let own_env = self.env_of(alias);
                            let lowered = self.lower(Env { owner: Some(def), ..own_env }, target);
                            self.busy.remove(&(5, u64::from(alias.0)));
                            return lowered;
                        }
                    }
                    DefKind::Trait
                        if self.types.kind(ty) == TyKind::SelfParam(def)
                            && self.member_named(def, name, DefKind::Alias).is_some() =>
                    {
                        return self.types.intern(TyKind::Assoc(ty, def, name));
                    }
                    _ => {}
                }
            }
        }
        for bound in self.bounds_of(ty) {
            let of_trait = self.types.bound_data(bound).of_trait;
            if self.member_named(of_trait, name, DefKind::Alias).is_some() {
                return self.project(ty, of_trait, name);
            }
        }
        self.tracker.touch(keys::trait_member(self.program.interner.key(name)));
        let traits = self.impls.trait_types.get(&name).cloned().unwrap_or_default();
        for of_trait in traits {
            let head = self.head(ty);
            if self.has_candidates(of_trait, head) && self.implements(ty, of_trait) {
                return self.project(ty, of_trait, name);
            }
        }
        Types::UNKNOWN
    }
}
