//! Substitution and unification.

use super::Resolver;
use super::program::DefId;
use super::ty::{Args, BoundData, Bounds, Prim, Ty, TyKind, Types};

/// What the parameters of declarations stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Subst {
    owners: Vec<(DefId, Vec<Ty>)>,
    self_type: Option<Ty>,
}

impl Subst {
    pub(super) fn with(mut self, owner: DefId, args: Vec<Ty>) -> Self {
        self.owners.retain(|(known, _)| *known != owner);
        self.owners.push((owner, args));
        self
    }

    pub(super) fn with_self(mut self, ty: Ty) -> Self {
        self.self_type = Some(ty);
        self
    }

    pub(super) fn args_of(&self, owner: DefId) -> Option<&[Ty]> {
        self.owners.iter().find(|(known, _)| *known == owner).map(|(_, args)| args.as_slice())
    }
}

/// Types nested deeper than this are left alone: they grow without end.
const MAX_DEPTH: u32 = 48;

impl Resolver {
    /// A type that inference has yet to find.
    pub(super) fn fresh(&mut self) -> Ty {
        let number = self.types.vars.len() as u32;
        self.types.vars.push(None);
        self.types.intern(TyKind::Infer(number))
    }

    /// A mark to which findings can be taken back.
    pub(super) fn snapshot(&self) -> usize {
        self.types.trail.len()
    }

    /// Takes findings back to a mark.
    pub(super) fn rollback(&mut self, mark: usize) {
        for number in self.types.trail.drain(mark..) {
            self.types.vars[number as usize] = None;
        }
    }

    /// The type as far as it is found, at its outermost.
    pub(super) fn resolve(&mut self, mut ty: Ty) -> Ty {
        loop {
            match self.types.kind(ty) {
                TyKind::Infer(number) => match self.types.vars.get(number as usize).copied().flatten() {
                    Some(found) => ty = found,
                    None => return ty,
                },
                TyKind::Assoc(inner, of_trait, name) if self.types.has_infer(inner) => {
                    let found = self.resolve(inner);
                    if found == inner {
                        return ty;
                    }
                    let projected = self.project(found, of_trait, name);
                    if projected == ty {
                        return ty;
                    }
                    ty = projected;
                }
                _ => return ty,
            }
        }
    }

    /// The type with everything in it as far as it is found.
    pub(super) fn zonk(&mut self, ty: Ty) -> Ty {
        self.zonk_at(ty, 0)
    }

    fn zonk_at(&mut self, ty: Ty, depth: u32) -> Ty {
        let ty = self.resolve(ty);
        if !self.types.has_infer(ty) || depth > MAX_DEPTH {
            return ty;
        }
        self.map(ty, &mut |resolver, inner| resolver.zonk_at(inner, depth + 1))
    }

    /// The type with everything that is still open as unknown: what is remembered beyond the body at
    /// hand must not hold open types.
    pub(super) fn close(&mut self, ty: Ty) -> Ty {
        let ty = self.zonk(ty);
        self.close_at(ty, 0)
    }

    fn close_at(&mut self, ty: Ty, depth: u32) -> Ty {
        if !self.types.has_infer(ty) {
            return ty;
        }
        if depth > MAX_DEPTH || matches!(self.types.kind(ty), TyKind::Infer(_)) {
            return Types::UNKNOWN;
        }
        self.map(ty, &mut |resolver, inner| resolver.close_at(inner, depth + 1))
    }

    pub(super) fn close_bound(&mut self, bound: super::ty::Bound) -> super::ty::Bound {
        self.map_bound(bound, &mut |resolver, inner| resolver.close(inner))
    }

    /// Applies `change` to the types directly inside `ty`.
    pub(super) fn map(&mut self, ty: Ty, change: &mut dyn FnMut(&mut Self, Ty) -> Ty) -> Ty {
        let kind = match self.types.kind(ty) {
            TyKind::Ref(inner) => TyKind::Ref(change(self, inner)),
            TyKind::Pointer(inner) => TyKind::Pointer(change(self, inner)),
            TyKind::Slice(inner) => TyKind::Slice(change(self, inner)),
            TyKind::Array(inner) => TyKind::Array(change(self, inner)),
            TyKind::Adt(def, args) => TyKind::Adt(def, self.map_args(args, change)),
            TyKind::External(path, args) => TyKind::External(path, self.map_args(args, change)),
            TyKind::Tuple(args) => TyKind::Tuple(self.map_args(args, change)),
            TyKind::Function(args) => TyKind::Function(self.map_args(args, change)),
            TyKind::Dyn(bounds) => TyKind::Dyn(self.map_bounds(bounds, change)),
            TyKind::Opaque(bounds) => TyKind::Opaque(self.map_bounds(bounds, change)),
            TyKind::Assoc(inner, of_trait, name) => {
                let changed = change(self, inner);
                if changed == inner {
                    return ty;
                }
                return self.project(changed, of_trait, name);
            }
            other => other,
        };
        self.types.intern(kind)
    }

    fn map_args(&mut self, args: Args, change: &mut dyn FnMut(&mut Self, Ty) -> Ty) -> Args {
        let list: Vec<Ty> = self.types.list(args).to_vec();
        let changed: Vec<Ty> = list.iter().map(|&ty| change(self, ty)).collect();
        if changed == list { args } else { self.types.args(&changed) }
    }

    fn map_bounds(&mut self, bounds: Bounds, change: &mut dyn FnMut(&mut Self, Ty) -> Ty) -> Bounds {
        let list = self.types.bound_list(bounds).to_vec();
        let changed: Vec<_> = list.into_iter().map(|bound| self.map_bound(bound, change)).collect();
        self.types.bounds(&changed)
    }

    pub(super) fn map_bound(
        &mut self,
        bound: super::ty::Bound,
        change: &mut dyn FnMut(&mut Self, Ty) -> Ty,
    ) -> super::ty::Bound {
        let data = self.types.bound_data(bound).clone();
        let args = self.map_args(data.args, change);
        let bindings = data.bindings.iter().map(|&(name, ty)| (name, change(self, ty))).collect();
        self.types.bound(BoundData { of_trait: data.of_trait, args, bindings })
    }

    /// Puts what the parameters stand for in their place.
    pub(super) fn subst(&mut self, ty: Ty, subst: &Subst) -> Ty {
        self.subst_at(ty, subst, 0)
    }

    fn subst_at(&mut self, ty: Ty, subst: &Subst, depth: u32) -> Ty {
        if !self.types.has_params(ty) || depth > MAX_DEPTH {
            return ty;
        }
        match self.types.kind(ty) {
            TyKind::Param(owner, index) => {
                subst.args_of(owner).and_then(|args| args.get(index as usize)).copied().unwrap_or(ty)
            }
            TyKind::SelfParam(_) => subst.self_type.unwrap_or(ty),
            _ => self.map(ty, &mut |resolver, inner| resolver.subst_at(inner, subst, depth + 1)),
        }
    }

    pub(super) fn subst_bound(&mut self, bound: super::ty::Bound, subst: &Subst) -> super::ty::Bound {
        self.map_bound(bound, &mut |resolver, inner| resolver.subst(inner, subst))
    }

    pub(super) fn subst_params(&mut self, ty: Ty, owner: DefId, args: &[Ty]) -> Ty {
        self.subst(ty, &Subst::default().with(owner, args.to_vec()))
    }

    /// Fresh types for the parameters of `def`.
    pub(super) fn fresh_args(&mut self, def: DefId) -> Vec<Ty> {
        (0..self.param_count(def)).map(|_| self.fresh()).collect()
    }

    /// Makes two types equal as far as they can be; `false` when they cannot. Findings of a failed
    /// attempt stay: whoever minds takes a snapshot first.
    pub(super) fn unify(&mut self, a: Ty, b: Ty) -> bool {
        self.unify_at(a, b, 0)
    }

    fn unify_at(&mut self, a: Ty, b: Ty, depth: u32) -> bool {
        let a = self.resolve(a);
        let b = self.resolve(b);
        if a == b || depth > MAX_DEPTH {
            return true;
        }
        match (self.types.kind(a), self.types.kind(b)) {
            (TyKind::Infer(number), TyKind::Infer(_)) => self.bind(number, b),
            // An unknown type says nothing: the open type may still be found elsewhere.
            (TyKind::Unknown, _) | (_, TyKind::Unknown) => true,
            (TyKind::Infer(number), _) => self.bind_checked(number, b),
            (_, TyKind::Infer(number)) => self.bind_checked(number, a),
            (TyKind::Never, _) | (_, TyKind::Never) => true,
            (TyKind::Prim(x), TyKind::Prim(y)) => {
                (x == Prim::Integer && y.is_integer())
                    || (y == Prim::Integer && x.is_integer())
                    || (x == Prim::Float && y.is_float())
                    || (y == Prim::Float && x.is_float())
            }
            (TyKind::Ref(x), TyKind::Ref(y))
            | (TyKind::Pointer(x), TyKind::Pointer(y))
            | (TyKind::Slice(x), TyKind::Slice(y))
            | (TyKind::Array(x), TyKind::Array(y)) => self.unify_at(x, y, depth + 1),
            (TyKind::Adt(x, xs), TyKind::Adt(y, ys)) => x == y && self.unify_lists(xs, ys, depth),
            (TyKind::External(x, xs), TyKind::External(y, ys)) => x == y && self.unify_lists(xs, ys, depth),
            (TyKind::Tuple(xs), TyKind::Tuple(ys)) | (TyKind::Function(xs), TyKind::Function(ys)) => {
                self.types.list(xs).len() == self.types.list(ys).len() && self.unify_lists(xs, ys, depth)
            }
            (TyKind::Assoc(x, t, n), TyKind::Assoc(y, u, m)) if t == u && n == m => {
                self.unify_at(x, y, depth + 1)
            }
            // A projection that is still open may become anything.
            (TyKind::Assoc(x, ..), _) if self.types.has_infer(x) => true,
            (_, TyKind::Assoc(y, ..)) if self.types.has_infer(y) => true,
            (TyKind::Dyn(x), TyKind::Dyn(y)) => {
                let first = |resolver: &Self, bounds| {
                    resolver
                        .types
                        .bound_list(bounds)
                        .first()
                        .map(|&bound| resolver.types.bound_data(bound).of_trait)
                };
                first(self, x) == first(self, y)
            }
            _ => false,
        }
    }

    fn unify_lists(&mut self, a: Args, b: Args, depth: u32) -> bool {
        let pairs: Vec<(Ty, Ty)> =
            self.types.list(a).iter().copied().zip(self.types.list(b).iter().copied()).collect();
        let mut all = true;
        for (a, b) in pairs {
            all &= self.unify_at(a, b, depth + 1);
        }
        all
    }

    fn bind(&mut self, number: u32, ty: Ty) -> bool {
        self.types.vars[number as usize] = Some(ty);
        self.types.trail.push(number);
        true
    }

    fn bind_checked(&mut self, number: u32, ty: Ty) -> bool {
        if self.types.has_infer(ty) && self.occurs(number, ty, 0) {
            return false;
        }
        self.bind(number, ty)
    }

    fn occurs(&mut self, number: u32, ty: Ty, depth: u32) -> bool {
        let ty = match self.types.kind(ty) {
            TyKind::Infer(other) => match self.types.vars.get(other as usize).copied().flatten() {
                Some(found) => found,
                None => return other == number,
            },
            _ => ty,
        };
        if depth > MAX_DEPTH || !self.types.has_infer(ty) {
            return depth > MAX_DEPTH;
        }
        if let TyKind::Assoc(inner, ..) = self.types.kind(ty) {
            return self.occurs(number, inner, depth + 1);
        }
        let mut found = false;
        self.map(ty, &mut |resolver, inner| {
            found |= resolver.occurs(number, inner, depth + 1);
            inner
        });
        found
    }

    /// Makes a value of type `actual` fit where `wanted` is: equal, or after the dereferences and
    /// unsizing that the compiler adds.
    pub(super) fn coerce(&mut self, wanted: Ty, actual: Ty) {
        let wanted = self.resolve(wanted);
        let mut actual = self.resolve(actual);
        let TyKind::Ref(target) = self.types.kind(wanted) else {
            self.try_unify(wanted, actual);
            return;
        };
        let target = self.resolve(target);
        for _ in 0..8 {
            let TyKind::Ref(inner) = self.types.kind(actual) else { break };
            let inner = self.resolve(inner);
            if self.try_unify(target, inner) {
                return;
            }
            if let (TyKind::Slice(x), TyKind::Array(y)) = (self.types.kind(target), self.types.kind(inner)) {
                self.try_unify(x, y);
                return;
            }
            let Some(next) = self.deref(inner) else { return };
            actual = self.types.reference(next);
        }
        self.try_unify(wanted, actual);
    }

    /// Unifies, or leaves everything as it was.
    pub(super) fn try_unify(&mut self, a: Ty, b: Ty) -> bool {
        let mark = self.snapshot();
        let fits = self.unify(a, b);
        if !fits {
            self.rollback(mark);
        }
        fits
    }

    /// What `*value` is.
    pub(super) fn deref(&mut self, ty: Ty) -> Option<Ty> {
        let ty = self.resolve(ty);
        match self.types.kind(ty) {
            TyKind::Ref(inner) | TyKind::Pointer(inner) => Some(self.resolve(inner)),
            TyKind::Adt(def, args) => {
                if Some(def) == self.known.boxed {
                    let inner = self.types.list(args).first().copied()?;
                    return Some(self.resolve(inner));
                }
                self.deref_through_trait(ty)
            }
            TyKind::Param(..) | TyKind::Opaque(_) | TyKind::Assoc(..) => self.deref_through_trait(ty),
            _ => None,
        }
    }

    fn deref_through_trait(&mut self, ty: Ty) -> Option<Ty> {
        let deref = self.known.deref?;
        let target = self.known.target;
        if !self.implements(ty, deref) {
            return None;
        }
        let projected = self.project(ty, deref, target);
        let projected = self.resolve(projected);
        (projected != ty && projected != Types::UNKNOWN).then_some(projected)
    }
}
