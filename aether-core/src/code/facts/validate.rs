//! What every reader of facts relies on: each index points inside its arena, and nothing contains
//! itself.

use super::{
    ArmFact, ExprFact, ExprIdx, ExprKind, FileFacts, GenericParam, Generics, ImportKind, ItemDetail, List,
    LiteralKind, NameIdx, PatFact, PatIdx, PatKind, PathRoot, ScopeIdx, SymbolFact, TypeFact, TypeIdx,
    TypeKind, WherePredicate,
};
use crate::code::SymbolKind;

/// Stands in a closure's list for a type that is not written.
const NO_TYPE: u32 = u32::MAX;

/// The names of the arenas in messages, in the order in which they are checked.
pub(super) fn first_broken_arena(facts: &FileFacts) -> Option<&'static str> {
    let check =
        Check { facts, path_bounds: facts.paths.iter().map(|path| path_bound(facts, path)).collect() };
    if let Some(broken) = check.items() {
        return Some(broken);
    }
    if !(0..facts.paths.len()).all(|index| check.path_fits(index)) {
        return Some("path");
    }
    if !facts.segments.iter().all(|segment| check.segment_fits(segment)) {
        return Some("path segment");
    }
    if !facts.types.iter().enumerate().all(|(index, ty)| check.type_fits(index, ty)) {
        return Some("type");
    }
    check.bodies()
}

struct Check<'a> {
    facts: &'a FileFacts,
    /// One past the largest type index that each path refers to; `None` when its segments do not fit.
    path_bounds: Vec<Option<usize>>,
}

fn path_bound(facts: &FileFacts, path: &super::PathFact) -> Option<usize> {
    let mut bound = 0;
    if let PathRoot::Qualified(ty, of_trait) = path.root {
        bound = ty.0.max(of_trait.map_or(0, |of_trait| of_trait.0)) as usize + 1;
    }
    for segment in range(&facts.segments, path.segments)? {
        let args = range(&facts.lists, segment.args)?.iter();
        let bindings = range(&facts.lists, segment.bindings)?.iter().skip(1).step_by(2);
        bound = bound.max(args.chain(bindings).max().map_or(0, |&ty| ty as usize + 1));
    }
    Some(bound)
}

fn range<T>(arena: &[T], list: List) -> Option<&[T]> {
    let start = list.start as usize;
    arena.get(start..start.checked_add(list.len as usize)?)
}

impl Check<'_> {
    fn items(&self) -> Option<&'static str> {
        for (index, symbol) in self.facts.symbols.iter().enumerate() {
            if !self.name(symbol.name) || !self.scope(symbol.scope) {
                return Some("symbol");
            }
            // The first symbol is the file, and the file is nobody's parent.
            let is_file = symbol.kind == SymbolKind::FILE;
            if is_file != (index == 0)
                || symbol.parent.is_some_and(|parent| parent.0 == 0 || parent.0 as usize >= index)
            {
                return Some("parent of a symbol");
            }
            if !self.detail_fits(symbol) {
                return Some("detail of a symbol");
            }
        }
        for (index, scope) in self.facts.scopes.iter().enumerate() {
            // Only the first one, that of the file, has no scope around it.
            let is_rooted = match scope.parent {
                None => index == 0,
                Some(parent) => (parent.0 as usize) < index,
            };
            let owner_fits = scope.owner.is_none_or(|owner| (owner.0 as usize) < self.facts.symbols.len());
            if !is_rooted || !owner_fits {
                return Some("scope");
            }
        }
        for import in &self.facts.imports {
            let kind_fits = match import.kind {
                ImportKind::Name(name) | ImportKind::ExternCrate(name) => self.name(name),
                ImportKind::Glob | ImportKind::Anonymous => true,
            };
            if !kind_fits
                || !self.scope(import.scope)
                || !import.segments.iter().all(|&segment| self.name(segment))
            {
                return Some("import");
            }
        }
        None
    }

    fn detail_fits(&self, symbol: &SymbolFact) -> bool {
        match &symbol.detail {
            ItemDetail::None | ItemDetail::Macro { .. } => true,
            ItemDetail::Function(function) => {
                self.generics(&function.generics)
                    && self.some_type(function.self_type)
                    && self.some_type(function.result)
                    && self.body(function.body)
                    && function.params.iter().all(|param| self.pat(param.pat) && self.ty(param.ty))
            }
            ItemDetail::Adt(generics) => self.generics(generics),
            ItemDetail::Field(ty) => self.ty(*ty),
            ItemDetail::Value { ty, body } => self.some_type(*ty) && self.body(*body),
            ItemDetail::Alias { generics, ty, bounds } => {
                self.generics(generics) && self.some_type(*ty) && self.types(*bounds)
            }
            ItemDetail::Trait { generics, supertraits: bases } | ItemDetail::Class { generics, bases } => {
                self.generics(generics) && self.types(*bases)
            }
            ItemDetail::Impl { generics, of_trait, self_type, is_negative: _ } => {
                self.generics(generics) && self.some_type(*of_trait) && self.ty(*self_type)
            }
            ItemDetail::Module { scope, path: _ } => scope.is_none_or(|scope| self.scope(scope)),
        }
    }

    fn generics(&self, generics: &Generics) -> bool {
        let param_fits = |param: &GenericParam| {
            self.name(param.name) && self.types(param.bounds) && self.some_type(param.default)
        };
        let predicate_fits =
            |predicate: &WherePredicate| self.ty(predicate.ty) && self.types(predicate.bounds);
        generics.params.iter().all(param_fits) && generics.predicates.iter().all(predicate_fits)
    }

    fn path_fits(&self, index: usize) -> bool {
        self.path_bounds[index].is_some_and(|bound| bound <= self.facts.types.len())
    }

    fn segment_fits(&self, segment: &super::PathSegment) -> bool {
        let bindings = range(&self.facts.lists, segment.bindings);
        let bindings_fit = bindings.is_some_and(|pairs| {
            pairs.len().is_multiple_of(2)
                && pairs.chunks_exact(2).all(|pair| self.name(NameIdx(pair[0])) && self.ty(TypeIdx(pair[1])))
        });
        self.name(segment.name) && self.types(segment.args) && bindings_fit
    }

    /// Types stand behind those that they are made of, also those inside their paths.
    fn type_fits(&self, index: usize, ty: &TypeFact) -> bool {
        match ty.kind {
            TypeKind::Path(path) => self
                .path_bounds
                .get(path as usize)
                .is_some_and(|bound| bound.is_some_and(|bound| bound <= index)),
            TypeKind::Ref(inner)
            | TypeKind::Pointer(inner)
            | TypeKind::Slice(inner)
            | TypeKind::Array(inner) => (inner.0 as usize) < index,
            TypeKind::Tuple(list)
            | TypeKind::Function(list)
            | TypeKind::ImplTrait(list)
            | TypeKind::DynTrait(list) => self.list(list, index),
            TypeKind::Never | TypeKind::Infer | TypeKind::Unknown => true,
        }
    }

    fn bodies(&self) -> Option<&'static str> {
        let facts = self.facts;
        let body_fits = |body: &super::BodyFact| {
            (body.owner.0 as usize) < facts.symbols.len() && self.scope(body.scope) && self.expr(body.root)
        };
        if !facts.bodies.iter().all(body_fits) {
            return Some("body");
        }
        let most = facts.exprs.len().max(facts.pats.len());
        if !facts.fields.iter().all(|field| self.name(field.name) && (field.value as usize) < most) {
            return Some("field");
        }
        let arm_fits = |arm: &ArmFact| {
            self.pat(arm.pat) && self.expr(arm.body) && arm.guard.is_none_or(|guard| self.expr(guard))
        };
        if !facts.arms.iter().all(arm_fits) {
            return Some("arm");
        }
        if !facts.pats.iter().enumerate().all(|(index, pat)| self.pat_fits(index, pat)) {
            return Some("pattern");
        }
        if !facts.exprs.iter().enumerate().all(|(index, expr)| self.expr_fits(index, expr)) {
            return Some("expression");
        }
        None
    }

    /// Patterns stand behind those inside them.
    fn pat_fits(&self, index: usize, pat: &PatFact) -> bool {
        match pat.kind {
            PatKind::Wild | PatKind::Rest => true,
            PatKind::Bind(name, inner) => {
                self.name(name) && inner.is_none_or(|inner| (inner.0 as usize) < index)
            }
            PatKind::Path(path) => self.path(path),
            PatKind::TupleStruct(path, list) => self.path(path) && self.list(list, index),
            PatKind::Struct(path, fields) => self.path(path) && self.fields(fields, index),
            PatKind::Tuple(list) | PatKind::Slice(list) | PatKind::Or(list) => self.list(list, index),
            PatKind::Ref(inner) => (inner.0 as usize) < index,
        }
    }

    /// Expressions stand behind those inside them.
    fn expr_fits(&self, index: usize, expr: &ExprFact) -> bool {
        let below = |inner: ExprIdx| (inner.0 as usize) < index;
        let maybe_below = |inner: Option<ExprIdx>| inner.is_none_or(below);
        let list = |list: List| self.list(list, index);
        match expr.kind {
            ExprKind::Unknown(inner) | ExprKind::Tuple(inner) | ExprKind::Array(inner, _) => list(inner),
            ExprKind::Path(path) => self.path(path),
            ExprKind::Literal(LiteralKind::Integer(Some(suffix)) | LiteralKind::Float(Some(suffix))) => {
                self.name(suffix)
            }
            ExprKind::Literal(_) | ExprKind::Continue => true,
            ExprKind::Call(callee, args) => below(callee) && list(args),
            ExprKind::MethodCall { receiver, name, type_args, args } => {
                below(receiver) && self.name(name) && self.types(type_args) && list(args)
            }
            ExprKind::Field(base, name) => below(base) && self.name(name),
            ExprKind::Index(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::Assign(a, b, _)
            | ExprKind::While(a, b) => below(a) && below(b),
            ExprKind::Try(inner)
            | ExprKind::Await(inner)
            | ExprKind::Ref(inner)
            | ExprKind::Unary(_, inner)
            | ExprKind::Loop(inner) => below(inner),
            ExprKind::Block { statements, tail, scope, flavour: _ } => {
                list(statements) && maybe_below(tail) && scope.is_none_or(|scope| self.scope(scope))
            }
            ExprKind::Let { pat, ty, init, otherwise } => {
                self.pat(pat) && self.some_type(ty) && maybe_below(init) && maybe_below(otherwise)
            }
            ExprKind::If(condition, then, otherwise) => {
                below(condition) && below(then) && maybe_below(otherwise)
            }
            ExprKind::Match(value, arms) => {
                let arm_is_below = |arm: &ArmFact| below(arm.body) && maybe_below(arm.guard);
                below(value)
                    && range(&self.facts.arms, arms).is_some_and(|arms| arms.iter().all(arm_is_below))
            }
            ExprKind::For(pat, iterated, body) => self.pat(pat) && below(iterated) && below(body),
            ExprKind::Closure(params, result, body) => {
                self.closure_params(params) && self.some_type(result) && below(body)
            }
            ExprKind::Struct(path, fields, base) => {
                self.path(path) && self.fields(fields, index) && maybe_below(base)
            }
            ExprKind::Cast(inner, ty) => below(inner) && self.ty(ty),
            ExprKind::Range(start, end) => maybe_below(start) && maybe_below(end),
            ExprKind::Return(value) | ExprKind::Break(value) => maybe_below(value),
            ExprKind::Macro(path, inner) => self.path(path) && list(inner),
        }
    }

    fn closure_params(&self, params: List) -> bool {
        range(&self.facts.lists, params).is_some_and(|pairs| {
            pairs.len().is_multiple_of(2)
                && pairs.chunks_exact(2).all(|pair| {
                    self.pat(PatIdx(pair[0])) && (pair[1] == NO_TYPE || self.ty(TypeIdx(pair[1])))
                })
        })
    }

    fn fields(&self, fields: List, bound: usize) -> bool {
        range(&self.facts.fields, fields)
            .is_some_and(|fields| fields.iter().all(|field| (field.value as usize) < bound))
    }

    fn list(&self, list: List, bound: usize) -> bool {
        range(&self.facts.lists, list)
            .is_some_and(|entries| entries.iter().all(|&entry| (entry as usize) < bound))
    }

    fn types(&self, list: List) -> bool {
        self.list(list, self.facts.types.len())
    }

    fn name(&self, name: NameIdx) -> bool {
        (name.0 as usize) < self.facts.names.len()
    }

    fn scope(&self, scope: ScopeIdx) -> bool {
        (scope.0 as usize) < self.facts.scopes.len()
    }

    fn ty(&self, ty: TypeIdx) -> bool {
        (ty.0 as usize) < self.facts.types.len()
    }

    fn some_type(&self, ty: Option<TypeIdx>) -> bool {
        ty.is_none_or(|ty| self.ty(ty))
    }

    fn path(&self, path: u32) -> bool {
        (path as usize) < self.facts.paths.len()
    }

    fn pat(&self, pat: PatIdx) -> bool {
        (pat.0 as usize) < self.facts.pats.len()
    }

    fn expr(&self, expr: ExprIdx) -> bool {
        (expr.0 as usize) < self.facts.exprs.len()
    }

    fn body(&self, body: Option<u32>) -> bool {
        body.is_none_or(|body| (body as usize) < self.facts.bodies.len())
    }
}
