//! Paths as values: locals, functions, constructors, constants.

use aether_core::code::facts::PathRoot;
use aether_core::code::{EdgeKind, Resolution};

use super::{Body, Resolver};
use crate::facts::path_text;
use crate::rust::resolve::interner::Sym;
use crate::rust::resolve::method::{Found, Later};
use crate::rust::resolve::names::{Ns, Res};
use crate::rust::resolve::program::{DefId, DefKind};
use crate::rust::resolve::ty::{Ty, TyKind, Types};
use crate::rust::resolve::unify::Subst;

/// What a path in an expression is.
pub(super) enum Value {
    Local(Ty),
    Function {
        def: DefId,
        subst: Subst,
        resolution: Resolution,
        type_args: Vec<Ty>,
        later: Option<Later>,
    },
    /// A tuple structure or variant, or one without fields: type, and types of the fields.
    Constructor {
        def: DefId,
        ty: Ty,
        params: Vec<Ty>,
    },
    Constant(DefId, Ty),
    External(Sym),
    Unknown,
}

impl Resolver {
    /// The type of a path that is not called, and the edge to what it mentions.
    pub(super) fn path_value(&mut self, body: &mut Body<'_>, path: u32, at: u32) -> Ty {
        match self.value_of_path(body, path) {
            Value::Local(ty) => ty,
            Value::Function { def, mut subst, resolution, type_args, .. } => {
                let text = path_text(&body.facts, path);
                let target = self.target_of(def);
                self.push_edge(body, EdgeKind::Uses, at, target, resolution, text);
                let signature = self.signature(def);
                for &owner in &signature.owners {
                    if subst.args_of(owner).is_none() {
                        let mut own = self.fresh_args(owner);
                        if owner == def {
                            for (slot, ty) in own.iter_mut().zip(&type_args) {
                                *slot = *ty;
                            }
                        }
                        subst = subst.with(owner, own);
                    }
                }
                let params: Vec<Ty> = signature
                    .receiver
                    .iter()
                    .chain(&signature.params)
                    .map(|&ty| self.subst(ty, &subst))
                    .collect();
                let result = self.subst(signature.result, &subst);
                self.types.function(&params, result)
            }
            Value::Constructor { def, ty, params } => {
                let text = path_text(&body.facts, path);
                let target = self.target_of(def);
                self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
                if params.is_empty() { ty } else { self.types.function(&params, ty) }
            }
            Value::Constant(def, ty) => {
                let text = path_text(&body.facts, path);
                let target = self.target_of(def);
                self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
                ty
            }
            Value::External(path_sym) => {
                let text = path_text(&body.facts, path);
                let target = self.external(path_sym);
                self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
                Types::UNKNOWN
            }
            Value::Unknown => Types::UNKNOWN,
        }
    }

    pub(super) fn local(&self, body: &Body<'_>, name: Sym) -> Option<Ty> {
        body.locals.iter().rev().find(|(known, _)| *known == name).map(|&(_, ty)| ty)
    }

    /// What a path in an expression is.
    pub(super) fn value_of_path(&mut self, body: &mut Body<'_>, path: u32) -> Value {
        let names = self.path_names(body.file, path);
        let segments = self.segments(body.file, path).to_vec();
        let Some(&first) = names.first() else { return Value::Unknown };
        let env = body.env;
        let last = names.len() - 1;
        let root = self.path_root(body.file, path);
        if let PathRoot::Qualified(self_type, of_trait) = root {
            let ty = self.lower(env, self_type);
            let type_args = self.segment_args(env, &segments[last]);
            if let Some(of_trait) = of_trait
                && let Some(bound) = self.lower_bound(env, of_trait)
            {
                let data = self.types.bound_data(bound).clone();
                if names.len() == 1 {
                    let args = self.types.list(data.args).to_vec();
                    let found = self.find_trait_member(ty, data.of_trait, first, Some(args));
                    return self.value_of_found(found, type_args);
                }
                let ty = self.project(ty, data.of_trait, first);
                return self.member_value(body, ty, &names[1..], type_args);
            }
            return self.member_value(body, ty, &names, type_args);
        }
        if root == PathRoot::Plain {
            if names.len() == 1
                && let Some(ty) = self.local(body, first)
            {
                return Value::Local(ty);
            }
            let head = if self.program.text(first) == "Self" {
                Some(self.self_type(env))
            } else if names.len() > 1 {
                self.param_named(env, first)
            } else {
                None
            };
            if let Some(ty) = head {
                if names.len() == 1 {
                    return self.constructor_of_type(ty);
                }
                let type_args = self.segment_args(env, &segments[last]);
                return self.member_value(body, ty, &names[1..], type_args);
            }
        }
        let is_global = root == PathRoot::Global;
        let Some((mut res, mut next)) = self.path_head(env.scope, is_global, &names, Ns::Value) else {
            return Value::Unknown;
        };
        while next < names.len() {
            let ns = if next == last { Ns::Value } else { Ns::Type };
            let Some(further) = self.path_step(res, names[next], ns) else { break };
            res = further;
            next += 1;
        }
        let type_args = self.segment_args(env, &segments[last]);
        if next == names.len() {
            return self.value_of_res(res, type_args);
        }
        if let Res::Def(def) = res
            && self.is_trait(def)
        {
            let ty = self.fresh();
            let found = self.find_trait_member(ty, def, names[next], None);
            return self.value_of_found(found, type_args);
        }
        let own = next.checked_sub(1).map_or_else(Vec::new, |at| self.segment_args(env, &segments[at]));
        let ty = self.type_of_res(env, res, own);
        self.member_value(body, ty, &names[next..], type_args)
    }

    /// `ty::a::b`.
    fn member_value(&mut self, body: &Body<'_>, mut ty: Ty, names: &[Sym], type_args: Vec<Ty>) -> Value {
        let Some((&last, inner)) = names.split_last() else { return Value::Unknown };
        for &name in inner {
            ty = self.assoc_type(body.env, ty, name);
        }
        ty = self.resolve(ty);
        if let TyKind::Adt(def, args) = self.types.kind(ty)
            && self.program.def(def).kind == DefKind::Enum
            && let Some(variant) = self.member_named(def, last, DefKind::Variant)
        {
            let args = self.types.list(args).to_vec();
            return self.constructor(variant, def, args);
        }
        let found = self.find_member(ty, last, body.env.scope);
        self.value_of_found(found, type_args)
    }

    fn value_of_found(&mut self, found: Option<Found>, type_args: Vec<Ty>) -> Value {
        match found {
            Some(Found::Member { def, subst, resolution, later }) => {
                if self.is_function(def) {
                    return Value::Function { def, subst, resolution, type_args, later };
                }
                let ty = self.constant_type(def);
                let ty = self.subst(ty, &subst);
                Value::Constant(def, ty)
            }
            Some(Found::External(path)) => Value::External(path),
            None => Value::Unknown,
        }
    }

    fn value_of_res(&mut self, res: Res, type_args: Vec<Ty>) -> Value {
        match res {
            Res::External(path) => Value::External(path),
            Res::Def(def) => match self.program.def(def).kind {
                DefKind::Function => Value::Function {
                    def,
                    subst: Subst::default(),
                    resolution: Resolution::Path,
                    type_args,
                    later: None,
                },
                DefKind::Struct => {
                    let args = self.fresh_args(def);
                    self.constructor(def, def, args)
                }
                DefKind::Variant => match self.program.def(def).parent {
                    Some(parent) => {
                        let args = self.fresh_args(parent);
                        self.constructor(def, parent, args)
                    }
                    None => Value::Unknown,
                },
                DefKind::Constant | DefKind::Static => {
                    let ty = self.constant_type(def);
                    Value::Constant(def, ty)
                }
                _ => Value::Unknown,
            },
            Res::Module(_) | Res::Prim(_) => Value::Unknown,
        }
    }

    fn constructor_of_type(&mut self, ty: Ty) -> Value {
        match self.types.kind(ty) {
            TyKind::Adt(def, args) => {
                let args = self.types.list(args).to_vec();
                self.constructor(def, def, args)
            }
            _ => Value::Unknown,
        }
    }

    fn constructor(&mut self, def: DefId, adt: DefId, args: Vec<Ty>) -> Value {
        self.touch_def(def);
        let fields: Vec<DefId> = self
            .program
            .children(def)
            .filter(|&child| self.program.def(child).kind == DefKind::Field)
            .collect();
        let params = fields
            .into_iter()
            .map(|field| {
                let ty = self.field_type(field);
                self.subst_params(ty, adt, &args)
            })
            .collect();
        let ty = self.types.adt(adt, &args);
        Value::Constructor { def, ty, params }
    }

    /// The type of a constant, static or associated constant.
    fn constant_type(&mut self, def: DefId) -> Ty {
        let aether_core::code::facts::ItemDetail::Value { ty: Some(ty), .. } = *self.program.detail(def)
        else {
            return Types::UNKNOWN;
        };
        self.touch_def(def);
        let env = self.env_of(def);
        self.lower(env, ty)
    }

    /// The type that a structure expression or pattern makes, and the structure or variant it names.
    pub(super) fn constructed(&mut self, body: &mut Body<'_>, path: u32, at: u32) -> (Ty, Option<DefId>) {
        let names = self.path_names(body.file, path);
        let segments = self.segments(body.file, path).to_vec();
        let Some(&first) = names.first() else { return (Types::UNKNOWN, None) };
        let env = body.env;
        let text = path_text(&body.facts, path);
        let root = self.path_root(body.file, path);
        if root == PathRoot::Plain && self.program.text(first) == "Self" {
            let ty = self.self_type(env);
            let TyKind::Adt(adt, _) = self.types.kind(ty) else { return (ty, None) };
            let def = match names.get(1) {
                Some(&name) => self.member_named(adt, name, DefKind::Variant),
                None => Some(adt),
            };
            return (ty, def);
        }
        if let PathRoot::Qualified(self_type, _) = root {
            let mut ty = self.lower(env, self_type);
            for &name in &names {
                ty = self.assoc_type(env, ty, name);
            }
            let def = match self.types.kind(ty) {
                TyKind::Adt(adt, _) => Some(adt),
                _ => None,
            };
            return (ty, def);
        }
        let is_global = root == PathRoot::Global;
        let res = self.walk_path(env.scope, is_global, &names, Ns::Type);
        let variant = match res {
            Some(Res::Def(def)) if self.program.def(def).kind == DefKind::Variant => Some(def),
            // A variant that was imported by name is no type of its own.
            None => match self.walk_path(env.scope, is_global, &names, Ns::Value) {
                Some(Res::Def(def)) if self.program.def(def).kind == DefKind::Variant => Some(def),
                _ => None,
            },
            _ => None,
        };
        if let Some(variant) = variant {
            let target = self.target_of(variant);
            self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
            let Some(parent) = self.program.def(variant).parent else { return (Types::UNKNOWN, None) };
            let args = self.fresh_args(parent);
            return (self.types.adt(parent, &args), Some(variant));
        }
        let Some(res) = res else { return (Types::UNKNOWN, None) };
        let args = segments.last().map_or_else(Vec::new, |segment| self.segment_args(env, segment));
        let ty = self.type_of_res(env, res, args);
        if let Res::Def(def) = res {
            let target = self.target_of(def);
            self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
        }
        let def = match self.types.kind(ty) {
            TyKind::Adt(adt, _) => Some(adt),
            _ => None,
        };
        (ty, def)
    }
}
