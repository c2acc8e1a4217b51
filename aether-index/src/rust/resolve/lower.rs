//! From types as written to types: parameters, bounds, signatures, fields, aliases.

use std::sync::Arc;

use aether_core::code::facts::{
    Generics, ItemDetail, List, PathRoot, PathSegment, SelfKind, TypeIdx, TypeKind,
};
use rustc_hash::FxHashMap;

use super::Resolver;
use super::interner::Sym;
use super::memo::Memo;
use super::names::{Ns, Res};
use super::program::{DefId, DefKind, ScopeId};
use super::ty::{Bound, BoundData, Ty, TyKind, Types};

/// Where a type stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Env {
    pub(super) file: u32,
    pub(super) scope: ScopeId,
    /// The innermost declaration around it that may have type parameters.
    pub(super) owner: Option<DefId>,
    /// Whether it stands in a body, where `_` and left-out arguments are inferred.
    pub(super) in_body: bool,
}

/// The signature of a function, in terms of its own parameters and those around it.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    /// The type of `self`.
    pub(super) receiver: Option<Ty>,
    pub(super) params: Vec<Ty>,
    pub(super) result: Ty,
    /// Declarations whose parameters it may hold: the function, and the implementation or trait.
    pub(super) owners: Vec<DefId>,
}

/// Types, each with a bound on it.
type Predicates = Arc<Vec<(Ty, Bound)>>;

/// What was lowered.
#[derive(Debug, Default)]
pub(super) struct LowerCache {
    signatures: FxHashMap<DefId, Memo<Arc<Signature>>>,
    fields: FxHashMap<DefId, Memo<Ty>>,
    predicates: FxHashMap<DefId, Memo<Predicates>>,
    supertraits: FxHashMap<DefId, Memo<Arc<Vec<Bound>>>>,
    self_types: FxHashMap<DefId, Memo<Ty>>,
}

/// Aliases of aliases deeper than this lead in a circle.
const MAX_ALIAS_DEPTH: u64 = 16;

impl Resolver {
    pub(super) fn env_of(&self, def: DefId) -> Env {
        let data = self.program.def(def);
        Env { file: data.file, scope: data.scope, owner: Some(def), in_body: false }
    }

    /// Declarations around `def` whose parameters it sees, itself first.
    pub(super) fn owners(&self, def: DefId) -> Vec<DefId> {
        let mut owners = vec![def];
        let mut next = self.program.def(def).parent;
        while let Some(parent) = next {
            let data = self.program.def(parent);
            match data.kind {
                DefKind::Impl | DefKind::Trait | DefKind::Struct | DefKind::Enum | DefKind::Variant => {
                    owners.push(parent);
                }
                // A function sees nothing of the function around it, but what it declares does.
                _ => break,
            }
            next = data.parent;
        }
        owners
    }

    pub(super) fn generics(&self, def: DefId) -> Option<&Generics> {
        match self.program.detail(def) {
            ItemDetail::Function(function) => Some(&function.generics),
            ItemDetail::Adt(generics)
            | ItemDetail::Alias { generics, .. }
            | ItemDetail::Trait { generics, .. }
            | ItemDetail::Impl { generics, .. } => Some(generics),
            _ => None,
        }
    }

    pub(super) fn param_count(&self, def: DefId) -> usize {
        self.generics(def).map_or(0, |generics| generics.params.len())
    }

    /// The parameters of `def` as types.
    pub(super) fn own_params(&mut self, def: DefId) -> Vec<Ty> {
        (0..self.param_count(def) as u32).map(|index| self.types.intern(TyKind::Param(def, index))).collect()
    }

    /// The type that `Self` stands for in `env`.
    pub(super) fn self_type(&mut self, env: Env) -> Ty {
        let Some(owner) = env.owner else { return Types::UNKNOWN };
        for def in self.owners(owner) {
            match self.program.def(def).kind {
                DefKind::Impl => return self.impl_self(def),
                DefKind::Trait => return self.types.intern(TyKind::SelfParam(def)),
                DefKind::Struct | DefKind::Enum => {
                    let params = self.own_params(def);
                    return self.types.adt(def, &params);
                }
                _ => {}
            }
        }
        Types::UNKNOWN
    }

    pub(super) fn impl_self(&mut self, def: DefId) -> Ty {
        if let Some(memo) = self.lowered.self_types.get_mut(&def)
            && self.tracker.recall(memo)
        {
            return memo.value;
        }
        let ItemDetail::Impl { self_type, .. } = self.program.detail(def) else { return Types::UNKNOWN };
        let self_type = *self_type;
        if !self.busy.insert((0, u64::from(def.0))) {
            return Types::UNKNOWN;
        }
        let env = self.env_of(def);
        self.tracker.open();
        self.touch_def(def);
        let ty = self.lower(env, self_type);
        let ty = self.close(ty);
        let memo = self.tracker.close(ty);
        self.busy.remove(&(0, u64::from(def.0)));
        self.lowered.self_types.insert(def, memo);
        ty
    }

    pub(super) fn lower(&mut self, env: Env, index: TypeIdx) -> Ty {
        let Some(fact) = self.program.files[env.file as usize].facts.types.get(index.0 as usize) else {
            return Types::UNKNOWN;
        };
        match fact.kind {
            TypeKind::Path(path) => self.lower_path(env, path),
            TypeKind::Ref(inner) => {
                let inner = self.lower(env, inner);
                self.types.reference(inner)
            }
            TypeKind::Pointer(inner) => {
                let inner = self.lower(env, inner);
                self.types.intern(TyKind::Pointer(inner))
            }
            TypeKind::Slice(inner) => {
                let inner = self.lower(env, inner);
                self.types.intern(TyKind::Slice(inner))
            }
            TypeKind::Array(inner) => {
                let inner = self.lower(env, inner);
                self.types.intern(TyKind::Array(inner))
            }
            TypeKind::Tuple(list) => {
                let list = self.lower_list(env, list);
                self.types.tuple(&list)
            }
            TypeKind::Function(list) => {
                let list = self.lower_list(env, list);
                let args = self.types.args(&list);
                self.types.intern(TyKind::Function(args))
            }
            TypeKind::ImplTrait(bounds) => {
                let bounds = self.lower_bounds(env, bounds);
                let bounds = self.types.bounds(&bounds);
                self.types.intern(TyKind::Opaque(bounds))
            }
            TypeKind::DynTrait(bounds) => {
                let bounds = self.lower_bounds(env, bounds);
                let bounds = self.types.bounds(&bounds);
                self.types.intern(TyKind::Dyn(bounds))
            }
            TypeKind::Never => Types::NEVER,
            TypeKind::Infer if env.in_body => self.fresh(),
            _ => Types::UNKNOWN,
        }
    }

    fn lower_list(&mut self, env: Env, list: List) -> Vec<Ty> {
        let entries = self.program.files[env.file as usize].facts.list(list).to_vec();
        entries.into_iter().map(|entry| self.lower(env, TypeIdx(entry))).collect()
    }

    /// Type arguments of a segment.
    pub(super) fn segment_args(&mut self, env: Env, segment: &PathSegment) -> Vec<Ty> {
        self.lower_list(env, segment.args)
    }

    pub(super) fn lower_bounds(&mut self, env: Env, list: List) -> Vec<Bound> {
        let entries = self.program.files[env.file as usize].facts.list(list).to_vec();
        entries.into_iter().filter_map(|entry| self.lower_bound(env, TypeIdx(entry))).collect()
    }

    /// A bound as written; `None` when the trait is not of the program.
    pub(super) fn lower_bound(&mut self, env: Env, index: TypeIdx) -> Option<Bound> {
        let facts = std::sync::Arc::clone(&self.program.files[env.file as usize].facts);
        let TypeKind::Path(path) = facts.types.get(index.0 as usize)?.kind else { return None };
        let of_trait = self.trait_at(env, path)?;
        let segment = *self.segments(env.file, path).last()?;
        let args = self.segment_args(env, &segment);
        let args = self.fill_args(env, of_trait, args);
        let args = self.types.args(&args);
        let mut bindings = Vec::new();
        for pair in facts.list(segment.bindings).chunks_exact(2) {
            let name = self.program.sym(env.file, aether_core::code::facts::NameIdx(pair[0]));
            bindings.push((name, self.lower(env, TypeIdx(pair[1]))));
        }
        Some(self.types.bound(BoundData { of_trait, args, bindings: bindings.into() }))
    }

    pub(super) fn trait_at(&mut self, env: Env, path: u32) -> Option<DefId> {
        let names = self.path_names(env.file, path);
        let is_global = self.path_root(env.file, path) == PathRoot::Global;
        match self.walk_path(env.scope, is_global, &names, Ns::Type)? {
            Res::Def(def) if self.program.def(def).kind == DefKind::Trait => Some(def),
            _ => None,
        }
    }

    pub(super) fn path_root(&self, file: u32, path: u32) -> PathRoot {
        self.program.files[file as usize].facts.paths[path as usize].root
    }

    pub(super) fn segments(&self, file: u32, path: u32) -> &[PathSegment] {
        let facts = &self.program.files[file as usize].facts;
        let list = facts.paths[path as usize].segments;
        &facts.segments[list.start as usize..(list.start + list.len) as usize]
    }

    pub(super) fn path_names(&self, file: u32, path: u32) -> Vec<Sym> {
        let syms = &self.program.files[file as usize].syms;
        self.segments(file, path).iter().map(|segment| syms[segment.name.0 as usize]).collect()
    }

    /// The type parameter of a name in `env`.
    pub(super) fn param_named(&mut self, env: Env, name: Sym) -> Option<Ty> {
        for def in self.owners(env.owner?) {
            let file = self.program.def(def).file;
            let index = self.generics(def).and_then(|generics| {
                generics.params.iter().position(|param| self.program.sym(file, param.name) == name)
            });
            if let Some(index) = index {
                return Some(self.types.intern(TyKind::Param(def, index as u32)));
            }
        }
        None
    }

    fn lower_path(&mut self, env: Env, path: u32) -> Ty {
        let names = self.path_names(env.file, path);
        match self.path_root(env.file, path) {
            PathRoot::Qualified(self_type, of_trait) => {
                let mut ty = self.lower(env, self_type);
                let of_trait = of_trait.and_then(|of_trait| self.lower_bound(env, of_trait));
                for (index, &name) in names.iter().enumerate() {
                    ty = match of_trait {
                        Some(bound) if index == 0 => {
                            let of_trait = self.types.bound_data(bound).of_trait;
                            self.project(ty, of_trait, name)
                        }
                        _ => self.assoc_type(env, ty, name),
                    };
                }
                return ty;
            }
            PathRoot::Plain if !names.is_empty() => {
                let first = names[0];
                let head = if self.program.text(first) == "Self" {
                    Some(self.self_type(env))
                } else {
                    self.param_named(env, first)
                };
                if let Some(mut ty) = head {
                    for &name in &names[1..] {
                        ty = self.assoc_type(env, ty, name);
                    }
                    return ty;
                }
            }
            _ => {}
        }
        let is_global = self.path_root(env.file, path) == PathRoot::Global;
        let Some((mut res, mut next)) = self.path_head(env.scope, is_global, &names, Ns::Type) else {
            return Types::UNKNOWN;
        };
        while next < names.len() {
            let Some(further) = self.path_step(res, names[next], Ns::Type) else { break };
            res = further;
            next += 1;
        }
        let segment = next.checked_sub(1).and_then(|at| self.segments(env.file, path).get(at).copied());
        let args = segment.map_or_else(Vec::new, |segment| self.segment_args(env, &segment));
        let mut ty = self.type_of_res(env, res, args);
        for &name in &names[next.min(names.len())..] {
            ty = self.assoc_type(env, ty, name);
        }
        ty
    }

    /// The type that a resolved path names, with arguments as written.
    pub(super) fn type_of_res(&mut self, env: Env, res: Res, args: Vec<Ty>) -> Ty {
        match res {
            Res::Prim(prim) => self.types.prim(prim),
            Res::External(path) => self.external_type(path, &args),
            Res::Module(_) => Types::UNKNOWN,
            Res::Def(def) => match self.program.def(def).kind {
                DefKind::Struct | DefKind::Enum => {
                    let args = self.fill_args(env, def, args);
                    self.types.adt(def, &args)
                }
                DefKind::Variant => match self.program.def(def).parent {
                    Some(parent) => self.type_of_res(env, Res::Def(parent), args),
                    None => Types::UNKNOWN,
                },
                DefKind::Alias => self.lower_alias(env, def, args),
                DefKind::Trait => {
                    let args = self.types.args(&args);
                    let bound = self.types.bound(BoundData { of_trait: def, args, bindings: Box::new([]) });
                    let bounds = self.types.bounds(&[bound]);
                    self.types.intern(TyKind::Dyn(bounds))
                }
                _ => Types::UNKNOWN,
            },
        }
    }

    /// A type outside the program. Every crate's `Result` is the one of the standard library, and a
    /// `BoxFuture` is a future: their insides go on being known.
    fn external_type(&mut self, path: Sym, args: &[Ty]) -> Ty {
        let last = self.program.text(path).rsplit("::").next().unwrap_or("");
        match (last, args, self.known.result) {
            ("Result", [ok, rest @ ..], Some(result)) => {
                let error = rest.first().copied().unwrap_or(Types::UNKNOWN);
                let ok = *ok;
                self.types.adt(result, &[ok, error])
            }
            ("BoxFuture" | "LocalBoxFuture", &[output], _) => self.future_of(output),
            _ => {
                let args = self.types.args(args);
                self.types.intern(TyKind::External(path, args))
            }
        }
    }

    /// Arguments with those that were left out: inferred in a body, defaults elsewhere.
    pub(super) fn fill_args(&mut self, env: Env, def: DefId, mut args: Vec<Ty>) -> Vec<Ty> {
        let count = self.param_count(def);
        args.truncate(count);
        while args.len() < count {
            let default = self.generics(def).and_then(|generics| generics.params[args.len()].default);
            let next = match default {
                Some(default) if !env.in_body || !args.is_empty() => {
                    let env = self.env_of(def);
                    let ty = self.lower(env, default);
                    let so_far = args.clone();
                    self.subst_params(ty, def, &so_far)
                }
                _ if env.in_body => self.fresh(),
                _ => Types::UNKNOWN,
            };
            args.push(next);
        }
        args
    }

    fn lower_alias(&mut self, env: Env, def: DefId, args: Vec<Ty>) -> Ty {
        let ItemDetail::Alias { ty: Some(target), .. } = self.program.detail(def) else {
            return Types::UNKNOWN;
        };
        let target = *target;
        let depth = self.busy.iter().filter(|(kind, _)| *kind == 1).count() as u64;
        if depth > MAX_ALIAS_DEPTH || !self.busy.insert((1, u64::from(def.0))) {
            return Types::UNKNOWN;
        }
        let alias_env = self.env_of(def);
        let ty = self.lower(alias_env, target);
        let args = self.fill_args(env, def, args);
        let ty = self.subst_params(ty, def, &args);
        self.busy.remove(&(1, u64::from(def.0)));
        ty
    }

    /// The enumeration that an alias stands for.
    pub(super) fn alias_enum(&mut self, def: DefId) -> Option<DefId> {
        let env = self.env_of(def);
        let ty = self.lower_alias(env, def, Vec::new());
        match self.types.kind(ty) {
            TyKind::Adt(def, _) => Some(def),
            _ => None,
        }
    }

    /// The predicates of one declaration: bounds of its parameters and `where` clauses.
    pub(super) fn predicates(&mut self, def: DefId) -> Predicates {
        if let Some(memo) = self.lowered.predicates.get_mut(&def)
            && self.tracker.recall(memo)
        {
            return Arc::clone(&memo.value);
        }
        if !self.busy.insert((2, u64::from(def.0))) {
            return Arc::default();
        }
        self.tracker.open();
        self.touch_def(def);
        let predicates = Arc::new(self.lower_predicates(def));
        let memo = self.tracker.close(Arc::clone(&predicates));
        self.busy.remove(&(2, u64::from(def.0)));
        self.lowered.predicates.insert(def, memo);
        predicates
    }

    fn lower_predicates(&mut self, def: DefId) -> Vec<(Ty, Bound)> {
        let Some(generics) = self.generics(def).cloned() else { return Vec::new() };
        let env = self.env_of(def);
        let mut found = Vec::new();
        for (index, param) in generics.params.iter().enumerate() {
            let ty = self.types.intern(TyKind::Param(def, index as u32));
            found.extend(self.lower_bounds(env, param.bounds).into_iter().map(|bound| (ty, bound)));
        }
        for predicate in &generics.predicates {
            let ty = self.lower(env, predicate.ty);
            found.extend(self.lower_bounds(env, predicate.bounds).into_iter().map(|bound| (ty, bound)));
        }
        for (subject, bound) in &mut found {
            *subject = self.close(*subject);
            *bound = self.close_bound(*bound);
        }
        found
    }

    /// The bounds of `Self` in a trait: its supertraits, as written.
    pub(super) fn supertraits(&mut self, def: DefId) -> Arc<Vec<Bound>> {
        if let Some(memo) = self.lowered.supertraits.get_mut(&def)
            && self.tracker.recall(memo)
        {
            return Arc::clone(&memo.value);
        }
        let ItemDetail::Trait { supertraits, .. } = self.program.detail(def) else { return Arc::default() };
        let supertraits = *supertraits;
        if !self.busy.insert((3, u64::from(def.0))) {
            return Arc::default();
        }
        let env = self.env_of(def);
        self.tracker.open();
        self.touch_def(def);
        let mut bounds = self.lower_bounds(env, supertraits);
        let own = self.types.intern(TyKind::SelfParam(def));
        let predicates = self.predicates(def);
        bounds.extend(predicates.iter().filter(|(ty, _)| *ty == own).map(|(_, bound)| *bound));
        for bound in &mut bounds {
            *bound = self.close_bound(*bound);
        }
        let bounds = Arc::new(bounds);
        let memo = self.tracker.close(Arc::clone(&bounds));
        self.busy.remove(&(3, u64::from(def.0)));
        self.lowered.supertraits.insert(def, memo);
        bounds
    }

    pub(super) fn signature(&mut self, def: DefId) -> Arc<Signature> {
        if let Some(memo) = self.lowered.signatures.get_mut(&def)
            && self.tracker.recall(memo)
        {
            return Arc::clone(&memo.value);
        }
        self.tracker.open();
        self.touch_def(def);
        let signature = Arc::new(self.lower_signature(def));
        let memo = self.tracker.close(Arc::clone(&signature));
        self.lowered.signatures.insert(def, memo);
        signature
    }

    fn lower_signature(&mut self, def: DefId) -> Signature {
        let owners = self.owners(def);
        let ItemDetail::Function(function) = self.program.detail(def) else {
            return Signature { receiver: None, params: Vec::new(), result: Types::UNKNOWN, owners };
        };
        let function = function.clone();
        let env = self.env_of(def);
        let receiver = match (function.self_kind, function.self_type) {
            (SelfKind::None, _) => None,
            (_, Some(ty)) => Some(self.lower(env, ty)),
            (SelfKind::Value, None) => Some(self.self_type(env)),
            (_, None) => {
                let ty = self.self_type(env);
                Some(self.types.reference(ty))
            }
        };
        let params: Vec<Ty> = function.params.iter().map(|param| self.lower(env, param.ty)).collect();
        let mut result = function.result.map_or(Types::UNIT, |ty| self.lower(env, ty));
        if function.is_async
            && let Some(future) = self.known.future
        {
            let output = self.known.output;
            let bound =
                BoundData { of_trait: future, args: Types::NO_ARGS, bindings: Box::new([(output, result)]) };
            let bound = self.types.bound(bound);
            let bounds = self.types.bounds(&[bound]);
            result = self.types.intern(TyKind::Opaque(bounds));
        }
        let receiver = receiver.map(|receiver| self.close(receiver));
        let params = params.into_iter().map(|param| self.close(param)).collect();
        let result = self.close(result);
        Signature { receiver, params, result, owners }
    }

    /// The type of a field, in terms of the parameters of its structure.
    pub(super) fn field_type(&mut self, field: DefId) -> Ty {
        if let Some(memo) = self.lowered.fields.get_mut(&field)
            && self.tracker.recall(memo)
        {
            return memo.value;
        }
        let ItemDetail::Field(ty) = self.program.detail(field) else { return Types::UNKNOWN };
        let ty = *ty;
        let env = self.env_of(field);
        self.tracker.open();
        self.touch_def(field);
        let ty = self.lower(env, ty);
        let ty = self.close(ty);
        let memo = self.tracker.close(ty);
        self.lowered.fields.insert(field, memo);
        ty
    }

    /// The field of a structure or variant.
    pub(super) fn field_named(&mut self, def: DefId, name: Sym) -> Option<DefId> {
        self.member_named(def, name, DefKind::Field)
    }
}
