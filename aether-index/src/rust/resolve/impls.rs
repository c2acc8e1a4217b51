//! Implementations: which there are, which one a type has, and what its associated types are.

use aether_core::code::facts::ItemDetail;
use rustc_hash::FxHashMap;

use super::Resolver;
use super::interner::{Sym, impl_key, name_key};
use super::lower::Env;
use super::names::{Ns, Res};
use super::program::{DefId, DefKind, ScopeId};
use super::ty::{Bound, BoundData, Prim, Ty, TyKind, Types};
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
#[derive(Debug, Default)]
pub(super) struct ImplTables {
    pub(super) impls: Vec<Impl>,
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
}

/// Items of the standard library that the language itself knows.
#[derive(Debug, Default)]
pub(super) struct KnownItems {
    pub(super) prelude: Option<ScopeId>,
    pub(super) option: Option<DefId>,
    pub(super) result: Option<DefId>,
    pub(super) poll: Option<DefId>,
    pub(super) boxed: Option<DefId>,
    pub(super) vec: Option<DefId>,
    pub(super) string: Option<DefId>,
    pub(super) cstr: Option<DefId>,
    pub(super) deref: Option<DefId>,
    pub(super) future: Option<DefId>,
    pub(super) into_future: Option<DefId>,
    pub(super) into_iterator: Option<DefId>,
    pub(super) index: Option<DefId>,
    pub(super) fn_traits: Vec<DefId>,
    pub(super) range: Option<DefId>,
    pub(super) range_from: Option<DefId>,
    pub(super) range_to: Option<DefId>,
    pub(super) range_full: Option<DefId>,
    pub(super) operators: FxHashMap<&'static str, DefId>,
    pub(super) target: Sym,
    pub(super) output: Sym,
    pub(super) item: Sym,
}

/// Implementations that depend on one another deeper than this are taken for found.
const MAX_DEPTH: u32 = 5;

impl Resolver {
    pub(super) fn find_known_items(&mut self) {
        for (slot, name) in [(0, "Target"), (1, "Output"), (2, "Item")] {
            let sym = self.program.interner.intern(name);
            match slot {
                0 => self.known.target = sym,
                1 => self.known.output = sym,
                _ => self.known.item = sym,
            }
        }
        let Some(root) = self.program.std_root else { return };
        let mut find = |path: &str| {
            let names: Vec<Sym> = path.split("::").map(|name| self.program.interner.intern(name)).collect();
            let mut res = Res::Module(root);
            for name in names {
                res = self.path_step(res, name, Ns::Type)?;
            }
            Some(res)
        };
        let mut def = |path: &str| match find(path) {
            Some(Res::Def(def)) => Some(def),
            _ => None,
        };
        let option = def("option::Option");
        let result = def("result::Result");
        let poll = def("task::Poll");
        let boxed = def("boxed::Box");
        let vec = def("vec::Vec");
        let string = def("string::String");
        let cstr = def("ffi::CStr");
        let deref = def("ops::Deref");
        let future = def("future::Future");
        let into_future = def("future::IntoFuture");
        let into_iterator = def("iter::IntoIterator");
        let index = def("ops::Index");
        let fn_traits =
            ["ops::Fn", "ops::FnMut", "ops::FnOnce"].iter().filter_map(|path| def(path)).collect();
        let range = def("ops::Range");
        let range_from = def("ops::RangeFrom");
        let range_to = def("ops::RangeTo");
        let range_full = def("ops::RangeFull");
        let operators = ["Add", "Sub", "Mul", "Div", "Rem", "BitAnd", "Shl", "Neg", "Not"]
            .into_iter()
            .filter_map(|name| Some((name, def(&format!("ops::{name}"))?)))
            .collect();
        let prelude = match find("prelude::v1") {
            Some(Res::Module(scope)) => Some(scope),
            _ => None,
        };
        let (target, output, item) = (self.known.target, self.known.output, self.known.item);
        self.known = KnownItems {
            prelude,
            option,
            result,
            poll,
            boxed,
            vec,
            string,
            cstr,
            deref,
            future,
            into_future,
            into_iterator,
            index,
            fn_traits,
            range,
            range_from,
            range_to,
            range_full,
            operators,
            target,
            output,
            item,
        };
    }

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

    pub(super) fn build_impl_tables(&mut self) {
        for index in 0..self.program.defs.len() as u32 {
            let def = DefId(index);
            match self.program.def(def).kind {
                DefKind::Impl => self.add_impl(def),
                DefKind::Trait => {
                    let members: Vec<DefId> = self.program.children(def).collect();
                    for member in members {
                        let data = self.program.def(member);
                        let (name, kind) = (data.name, data.kind);
                        match kind {
                            DefKind::Function => {
                                self.impls.trait_members.entry(name).or_default().push((def, member));
                            }
                            DefKind::Alias => self.impls.trait_types.entry(name).or_default().push(def),
                            _ => {}
                        }
                    }
                }
                DefKind::Struct | DefKind::Enum if !self.program.is_std(def) => self.add_derived(def),
                _ => {}
            }
        }
        // What the tables depend on is noted by who reads them.
        self.frames = vec![Vec::new()];
    }

    fn add_impl(&mut self, def: DefId) {
        let ItemDetail::Impl { of_trait, is_negative, .. } = self.program.detail(def) else { return };
        if *is_negative {
            return;
        }
        let of_trait = *of_trait;
        let self_type = self.impl_self(def);
        let env = self.env_of(def);
        let bound = match of_trait {
            None => None,
            Some(index) => match self.lower_bound(env, index) {
                Some(bound) => Some(bound),
                // A trait from outside: its methods can only be found through the type.
                None => {
                    self.file_outside_impl(def, self_type);
                    return;
                }
            },
        };
        let number = self.impls.impls.len() as u32;
        self.impls.impls.push(Impl { def, bound, self_type, is_derived: false });
        let head = self.head(self_type);
        match bound {
            Some(bound) => {
                let of_trait = self.types.bound_data(bound).of_trait;
                match head {
                    Some(head) => self.impls.by_trait.entry((of_trait, head)).or_default().push(number),
                    None => self.impls.blanket.entry(of_trait).or_default().push(number),
                }
            }
            None => self.file_members(def, number, head),
        }
    }

    fn file_members(&mut self, def: DefId, number: u32, head: Option<Head>) {
        let Some(head) = head else { return };
        let members: Vec<DefId> = self.program.children(def).collect();
        for member in members {
            let data = self.program.def(member);
            if matches!(data.kind, DefKind::Function | DefKind::Constant) {
                self.impls.inherent.entry((head, data.name)).or_default().push((number, member));
            }
        }
    }

    /// Methods of `impl outside::Trait for Type`, as if they were the type's own: that is how a call
    /// on the type finds them.
    fn file_outside_impl(&mut self, def: DefId, self_type: Ty) {
        let number = self.impls.impls.len() as u32;
        self.impls.impls.push(Impl { def, bound: None, self_type, is_derived: false });
        let head = self.head(self_type);
        self.file_members(def, number, head);
    }

    fn add_derived(&mut self, def: DefId) {
        let derives: Vec<String> = self
            .program
            .fact(def)
            .attributes
            .iter()
            .filter_map(|text| text.strip_prefix("derive(")?.strip_suffix(')'))
            .flat_map(|list| list.split(',').map(|name| name.trim().to_owned()))
            .collect();
        if derives.is_empty() {
            return;
        }
        let scope = self.program.def(def).scope;
        let params = self.own_params(def);
        let self_type = self.types.adt(def, &params);
        for derive in derives {
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
            let number = self.impls.impls.len() as u32;
            self.impls.impls.push(Impl { def, bound: Some(bound), self_type, is_derived: true });
            self.impls.by_trait.entry((of_trait, Head::Adt(def))).or_default().push(number);
        }
    }

    /// Notes that the answer depends on the implementations for a type or of a trait.
    pub(super) fn touch_impls(&mut self, head: Head) {
        let name = match head {
            Head::Adt(def) | Head::Dyn(def) => self.program.def(def).name,
            Head::External(path) => path,
            _ => return,
        };
        let key = impl_key(self.program.text(name).rsplit("::").next().unwrap_or(""));
        self.touch(key);
    }

    /// The keys under which lookups of implementations are noted, each with a fingerprint of what it
    /// stands for, so that a header that means something else is seen even where its text is the same.
    pub(crate) fn impl_fingerprints(&self) -> Vec<(u32, u64)> {
        let mut found = Vec::new();
        for known in &self.impls.impls {
            if self.program.is_std(known.def) {
                continue;
            }
            let file = self.program.file_of(known.def);
            let header = self.program.interner.key(self.program.def(known.def).name);
            let print = u64::from(name_key(file.path.as_str())) << 32 | u64::from(header);
            let mut add = |def: DefId| {
                let name = impl_key(self.program.text(self.program.def(def).name));
                let owner = name_key(self.program.file_of(def).path.as_str());
                found.push((name, print ^ u64::from(owner).rotate_left(17)));
            };
            if let Some(Head::Adt(def) | Head::Dyn(def)) = self.head(known.self_type) {
                add(def);
            }
            if let Some(bound) = known.bound {
                add(self.types.bound_data(bound).of_trait);
            }
        }
        found.sort_unstable();
        found
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
        let key = impl_key(self.program.text(self.program.def(of_trait).name));
        self.touch(key);
        let mut candidates: Vec<u32> = Vec::new();
        match self.head(ty) {
            Some(head) => {
                self.touch_impls(head);
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
        if let Some(head) = self.head(ty) {
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

    /// Whether any implementation of a trait could be one for a type of this head.
    pub(super) fn has_candidates(&self, of_trait: DefId, head: Option<Head>) -> bool {
        self.impls.blanket.contains_key(&of_trait)
            || head.is_some_and(|head| {
                self.heads(head)
                    .into_iter()
                    .flatten()
                    .any(|head| self.impls.by_trait.contains_key(&(of_trait, head)))
            })
    }

    /// The bounds that a type is known by, supertraits included: of parameters, `impl` and `dyn`
    /// types, and associated types.
    pub(super) fn bounds_of(&mut self, ty: Ty) -> Vec<Bound> {
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
                if let Some(alias) = self.program.child_named(of_trait, name, DefKind::Alias)
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
    pub(super) fn project(&mut self, ty: Ty, of_trait: DefId, name: Sym) -> Ty {
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
        let (alias, subst) = match self.program.child_named(def, name, DefKind::Alias) {
            Some(alias) => (alias, subst.clone()),
            None => match self.program.child_named(of_trait, name, DefKind::Alias) {
                Some(alias) => (alias, subst.clone().with_self(ty)),
                None => return Types::UNKNOWN,
            },
        };
        let key = self.program.interner.key(name);
        self.touch(key);
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
    pub(super) fn assoc_type(&mut self, env: Env, ty: Ty, name: Sym) -> Ty {
        let ty = self.resolve(ty);
        if let Some(owner) = env.owner {
            for def in self.owners(owner) {
                match self.program.def(def).kind {
                    DefKind::Impl => {
                        if let Some(alias) = self.program.child_named(def, name, DefKind::Alias)
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
                            && self.program.child_named(def, name, DefKind::Alias).is_some() =>
                    {
                        return self.types.intern(TyKind::Assoc(ty, def, name));
                    }
                    _ => {}
                }
            }
        }
        for bound in self.bounds_of(ty) {
            let of_trait = self.types.bound_data(bound).of_trait;
            if self.program.child_named(of_trait, name, DefKind::Alias).is_some() {
                return self.project(ty, of_trait, name);
            }
        }
        let traits = self.impls.trait_types.get(&name).cloned().unwrap_or_default();
        for of_trait in traits {
            if self.has_candidates(of_trait, self.head(ty)) && self.implements(ty, of_trait) {
                return self.project(ty, of_trait, name);
            }
        }
        Types::UNKNOWN
    }
}
