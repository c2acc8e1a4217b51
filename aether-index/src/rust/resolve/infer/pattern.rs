//! Patterns: the variables they bind, and the types of these.

use aether_core::code::facts::{FileFacts, List, PatIdx, PatKind};
use aether_core::code::{EdgeKind, Resolution};

use super::value::Value;
use super::{Body, Resolver};
use crate::facts::path_text;
use crate::rust::resolve::names::{Ns, Res};
use crate::rust::resolve::ty::{Ty, TyKind, Types};

impl Resolver {
    /// Binds the variables of a pattern for a value of type `ty`.
    pub(super) fn bind_pattern(&mut self, body: &mut Body<'_>, pat: PatIdx, ty: Ty) {
        let fact = body.facts.pats[pat.0 as usize];
        match fact.kind {
            PatKind::Bind(name, inner) => {
                let text = body.facts.name(name);
                let may_be_constant = inner.is_none() && text.starts_with(|first: char| first.is_uppercase());
                let name = self.program.sym(body.file, name);
                if may_be_constant
                    && let Some(Res::Def(def)) = self.lookup_name(body.env.scope, name, Ns::Value)
                {
                    let target = self.target_of(def);
                    let text = self.program.text(name).to_owned();
                    self.push_edge(body, EdgeKind::Uses, fact.at, target, Resolution::Path, text);
                    return;
                }
                body.locals.push((name, ty));
                if let Some(inner) = inner {
                    self.bind_pattern(body, inner, ty);
                }
            }
            PatKind::Path(path) => {
                let at = last_name_at(&body.facts, path).unwrap_or(fact.at);
                self.path_value(body, path, at);
            }
            PatKind::TupleStruct(path, list) => {
                let (inner, is_ref) = self.peel(ty);
                let params = match self.value_of_path(body, path) {
                    Value::Constructor { def, ty, params } => {
                        let target = self.target_of(def);
                        let text = path_text(&body.facts, path);
                        let at = last_name_at(&body.facts, path).unwrap_or(fact.at);
                        self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
                        self.try_unify(ty, inner);
                        params
                    }
                    _ => Vec::new(),
                };
                self.bind_list(body, list, &params, is_ref);
            }
            PatKind::Struct(path, fields) => {
                let (inner, is_ref) = self.peel(ty);
                let (own, def) = {
                    let at = last_name_at(&body.facts, path).unwrap_or(fact.at);
                    self.constructed(body, path, at)
                };
                self.try_unify(own, inner);
                let own = self.resolve(own);
                for field in fields.start..fields.start + fields.len {
                    let field = body.facts.fields[field as usize];
                    let name = self.program.sym(body.file, field.name);
                    let ty = match (def.and_then(|def| self.field_named(def, name)), self.types.kind(own)) {
                        (Some(field), TyKind::Adt(adt, args)) => {
                            let ty = self.field_type(field);
                            let args = self.types.list(args).to_vec();
                            self.subst_params(ty, adt, &args)
                        }
                        _ => Types::UNKNOWN,
                    };
                    let ty = self.through(ty, is_ref);
                    self.bind_pattern(body, PatIdx(field.value), ty);
                }
            }
            PatKind::Tuple(list) => {
                let (inner, is_ref) = self.peel(ty);
                let params = match self.types.kind(inner) {
                    TyKind::Tuple(args) => self.types.list(args).to_vec(),
                    TyKind::Infer(_) if !self.has_rest(body, list) => {
                        // The shape of the value is known by its pattern.
                        let parts: Vec<Ty> = (0..list.len).map(|_| self.fresh()).collect();
                        let tuple = self.types.tuple(&parts);
                        self.try_unify(inner, tuple);
                        parts
                    }
                    _ => Vec::new(),
                };
                self.bind_list(body, list, &params, is_ref);
            }
            PatKind::Slice(list) => {
                let (mut inner, is_ref) = self.peel(ty);
                if let TyKind::Adt(..) = self.types.kind(inner)
                    && let Some(next) = self.deref(inner)
                {
                    inner = next;
                }
                let element = match self.types.kind(inner) {
                    TyKind::Slice(element) | TyKind::Array(element) => element,
                    _ => Types::UNKNOWN,
                };
                for entry in body.list(list) {
                    let pat = PatIdx(entry);
                    let is_rest = matches!(body.facts.pats[entry as usize].kind, PatKind::Bind(_, Some(inner))
                        if matches!(body.facts.pats[inner.0 as usize].kind, PatKind::Rest));
                    let ty = if is_rest { self.types.intern(TyKind::Slice(element)) } else { element };
                    let ty = self.through(ty, is_ref);
                    self.bind_pattern(body, pat, ty);
                }
            }
            PatKind::Ref(inner) => {
                let ty = self.resolve(ty);
                let ty = match self.types.kind(ty) {
                    TyKind::Ref(inner) => inner,
                    _ => ty,
                };
                self.bind_pattern(body, inner, ty);
            }
            PatKind::Or(list) => {
                for entry in body.list(list) {
                    self.bind_pattern(body, PatIdx(entry), ty);
                }
            }
            _ => {}
        }
    }

    /// The value behind references, and whether there was one.
    fn peel(&mut self, ty: Ty) -> (Ty, bool) {
        let mut ty = self.resolve(ty);
        let mut is_ref = false;
        while let TyKind::Ref(inner) = self.types.kind(ty) {
            ty = self.resolve(inner);
            is_ref = true;
        }
        (ty, is_ref)
    }

    /// What a part of a value is bound as: by reference where the value is one.
    fn through(&mut self, ty: Ty, is_ref: bool) -> Ty {
        if is_ref && ty != Types::UNKNOWN { self.types.reference(ty) } else { ty }
    }

    fn has_rest(&self, body: &Body<'_>, list: List) -> bool {
        body.facts
            .list(list)
            .iter()
            .any(|&entry| matches!(body.facts.pats[entry as usize].kind, PatKind::Rest))
    }

    fn bind_list(&mut self, body: &mut Body<'_>, list: List, params: &[Ty], is_ref: bool) {
        let entries = body.list(list);
        let rest =
            entries.iter().position(|&entry| matches!(body.facts.pats[entry as usize].kind, PatKind::Rest));
        let count = entries.len();
        for (position, entry) in entries.into_iter().enumerate() {
            // Behind `..` places are counted from the end.
            let place = match rest {
                Some(rest) if position > rest => (params.len() + position).checked_sub(count),
                _ => Some(position),
            };
            let ty = place.and_then(|place| params.get(place)).copied().unwrap_or(Types::UNKNOWN);
            let ty = self.through(ty, is_ref);
            self.bind_pattern(body, PatIdx(entry), ty);
        }
    }
}

/// The byte of the last name of a path, which is where whoever reads an edge looks for it.
fn last_name_at(facts: &FileFacts, path: u32) -> Option<u32> {
    let list = facts.paths.get(path as usize)?.segments;
    let last = list.start.checked_add(list.len.checked_sub(1)?)?;
    Some(facts.segments.get(last as usize)?.at)
}
