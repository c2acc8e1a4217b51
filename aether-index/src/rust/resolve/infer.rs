//! Types of expressions, and the calls among them.

mod call;
mod pattern;
mod value;

use std::sync::Arc;

use aether_core::code::facts::{
    BlockFlavour, BodyFact, ExprIdx, ExprKind, FileFacts, ItemDetail, List, LiteralKind, OperatorKind,
    PatIdx, TypeIdx,
};
use aether_core::code::{EdgeKind, Resolution};

use super::Resolver;
use super::emit::{RawEdge, RawTarget, confidence_of};
use super::interner::Sym;
use super::lower::Env;
use super::program::{DefId, DefKind};
use super::ty::{Bound, BoundData, Prim, Ty, TyKind, Types};

/// A body while its types are inferred.
struct Body<'e> {
    file: u32,
    facts: Arc<FileFacts>,
    env: Env,
    owner: DefId,
    locals: Vec<(Sym, Ty)>,
    /// What `return` gives, of the function and of the closures around the expression at hand.
    results: Vec<Ty>,
    /// Bounds on types that are not found yet.
    pending: Vec<(Ty, Bound)>,
    edges: &'e mut Vec<RawEdge>,
}

impl Body<'_> {
    fn list(&self, list: List) -> Vec<u32> {
        self.facts.list(list).to_vec()
    }
}

impl Resolver {
    /// Infers one body and adds its edges.
    pub(super) fn body_edges(
        &mut self,
        file: u32,
        facts: &Arc<FileFacts>,
        index: u32,
        edges: &mut Vec<RawEdge>,
    ) {
        let BodyFact { owner, scope, root } = facts.bodies[index as usize];
        let owner = self.program.files[file as usize].defs[owner.0 as usize];
        let scope = self.program.scope_id(file, scope);
        self.types.vars.clear();
        self.types.trail.clear();
        let mut in_force = Vec::new();
        for def in self.owners(owner) {
            in_force.extend(self.predicates(def).iter().copied());
        }
        self.impls.in_force = in_force;
        let env = Env { file, scope, owner: Some(owner), in_body: true };
        let mut body = Body {
            file,
            facts: Arc::clone(facts),
            env,
            owner,
            locals: Vec::new(),
            results: Vec::new(),
            pending: Vec::new(),
            edges,
        };
        let expected = self.open_body(&mut body);
        body.results.push(expected);
        let ty = self.expr(&mut body, root, Some(expected));
        self.coerce(expected, ty);
        self.impls.in_force.clear();
    }

    /// Binds the parameters and returns the type that the body must have.
    fn open_body(&mut self, body: &mut Body<'_>) -> Ty {
        let owner = body.owner;
        match self.program.detail(owner).clone() {
            ItemDetail::Function(function) => {
                let signature = self.signature(owner);
                if let Some(receiver) = signature.receiver {
                    let name = self.program.interner.intern("self");
                    body.locals.push((name, receiver));
                }
                for (param, &ty) in function.params.iter().zip(&signature.params) {
                    self.bind_pattern(body, param.pat, ty);
                }
                if function.is_async {
                    return self.future_output(signature.result);
                }
                match self.types.kind(signature.result) {
                    // The body decides what is behind `impl Trait`.
                    TyKind::Opaque(_) => self.fresh(),
                    _ => signature.result,
                }
            }
            ItemDetail::Value { ty: Some(ty), .. } => self.lower(body.env, ty),
            _ => self.fresh(),
        }
    }

    fn expr(&mut self, body: &mut Body<'_>, index: ExprIdx, expected: Option<Ty>) -> Ty {
        let fact = body.facts.exprs[index.0 as usize];
        match fact.kind {
            ExprKind::Unknown(list) => {
                for entry in body.list(list) {
                    self.expr(body, ExprIdx(entry), None);
                }
                Types::UNKNOWN
            }
            ExprKind::Path(path) => self.path_value(body, path, fact.at),
            ExprKind::Literal(kind) => self.literal(body, kind),
            ExprKind::Call(callee, args) => self.call(body, callee, args, fact.at, expected),
            ExprKind::MethodCall { receiver, name, type_args, args } => {
                self.method_call(body, index, receiver, name, type_args, args, expected)
            }
            ExprKind::Field(receiver, name) => {
                let receiver = self.expr(body, receiver, None);
                let name = self.program.sym(body.file, name);
                self.settle(body, receiver);
                self.field_of(receiver, name)
            }
            ExprKind::Index(base, index) => {
                let base = self.expr(body, base, None);
                let index = self.expr(body, index, None);
                self.settle(body, base);
                self.index_of(base, index)
            }
            ExprKind::Try(inner) => {
                let inner = self.expr(body, inner, None);
                self.settle(body, inner);
                self.try_of(inner)
            }
            ExprKind::Await(inner) => {
                let inner = self.expr(body, inner, None);
                self.settle(body, inner);
                self.future_output(inner)
            }
            ExprKind::Ref(inner) => {
                let expected = expected.and_then(|expected| {
                    let expected = self.resolve(expected);
                    match self.types.kind(expected) {
                        TyKind::Ref(inner) => Some(inner),
                        _ => None,
                    }
                });
                let inner = self.expr(body, inner, expected);
                self.types.reference(inner)
            }
            ExprKind::Unary(operator, inner) => {
                let inner = self.expr(body, inner, None);
                match operator {
                    OperatorKind::Deref => self.deref(inner).unwrap_or(Types::UNKNOWN),
                    _ => self.operator_result(operator, inner),
                }
            }
            ExprKind::Binary(operator, left, right) => {
                let left = self.expr(body, left, None);
                let right = self.expr(body, right, None);
                match operator {
                    OperatorKind::Logic | OperatorKind::Compare => self.types.prim(Prim::Bool),
                    _ => {
                        let result = self.operator_result(operator, left);
                        self.literal_yields(result, right)
                    }
                }
            }
            ExprKind::Assign(left, right, operator) => {
                let left = self.expr(body, left, None);
                let right = self.expr(body, right, Some(left));
                if operator.is_none() {
                    self.coerce(left, right);
                }
                Types::UNIT
            }
            ExprKind::Tuple(list) => {
                let wanted = expected.map(|expected| self.resolve(expected));
                let wanted: Vec<Ty> = match wanted.map(|ty| self.types.kind(ty)) {
                    Some(TyKind::Tuple(args)) => self.types.list(args).to_vec(),
                    _ => Vec::new(),
                };
                let mut parts = Vec::new();
                for (position, entry) in body.list(list).into_iter().enumerate() {
                    parts.push(self.expr(body, ExprIdx(entry), wanted.get(position).copied()));
                }
                self.types.tuple(&parts)
            }
            ExprKind::Array(list, is_repeat) => {
                let element = self.fresh();
                if let Some(expected) = expected {
                    let expected = self.resolve(expected);
                    if let TyKind::Array(inner) | TyKind::Slice(inner) = self.types.kind(expected) {
                        self.try_unify(element, inner);
                    }
                }
                for (position, entry) in body.list(list).into_iter().enumerate() {
                    let ty = self.expr(body, ExprIdx(entry), Some(element));
                    if !is_repeat || position == 0 {
                        self.coerce(element, ty);
                    }
                }
                self.types.intern(TyKind::Array(element))
            }
            ExprKind::Block { statements, tail, scope, flavour } => {
                let outer = body.env.scope;
                let mark = body.locals.len();
                if let Some(scope) = scope {
                    body.env.scope = self.program.scope_id(body.file, scope);
                }
                let is_async = flavour == BlockFlavour::Async;
                if is_async {
                    let result = self.fresh();
                    body.results.push(result);
                }
                for entry in body.list(statements) {
                    self.expr(body, ExprIdx(entry), None);
                }
                let wanted = if is_async { body.results.last().copied() } else { expected };
                let ty = tail.map_or(Types::UNIT, |tail| self.expr(body, tail, wanted));
                body.locals.truncate(mark);
                body.env.scope = outer;
                if is_async {
                    let result = body.results.pop().unwrap_or(Types::UNKNOWN);
                    self.coerce(result, ty);
                    return self.future_of(result);
                }
                ty
            }
            ExprKind::Let { pat, ty, init, otherwise } => {
                let annotated = ty.map(|ty| self.lower(body.env, ty));
                let value = init.map(|init| self.expr(body, init, annotated));
                if let Some(otherwise) = otherwise {
                    self.expr(body, otherwise, None);
                }
                let ty = match (annotated, value) {
                    (Some(annotated), Some(value)) => {
                        self.coerce(annotated, value);
                        annotated
                    }
                    (Some(ty), None) | (None, Some(ty)) => ty,
                    (None, None) => self.fresh(),
                };
                self.settle(body, ty);
                self.bind_pattern(body, pat, ty);
                self.types.prim(Prim::Bool)
            }
            ExprKind::If(condition, then, otherwise) => {
                let mark = body.locals.len();
                self.expr(body, condition, None);
                let then = self.expr(body, then, expected);
                body.locals.truncate(mark);
                match otherwise {
                    Some(otherwise) => {
                        let otherwise = self.expr(body, otherwise, expected);
                        self.join(then, otherwise)
                    }
                    None => Types::UNIT,
                }
            }
            ExprKind::Match(value, arms) => {
                let value = self.expr(body, value, None);
                self.settle(body, value);
                let mut result = Types::NEVER;
                for arm in arms.start..arms.start + arms.len {
                    let arm = body.facts.arms[arm as usize];
                    let mark = body.locals.len();
                    self.bind_pattern(body, arm.pat, value);
                    if let Some(guard) = arm.guard {
                        self.expr(body, guard, None);
                    }
                    let ty = self.expr(body, arm.body, expected);
                    body.locals.truncate(mark);
                    result = self.join(result, ty);
                }
                result
            }
            ExprKind::While(condition, inner) => {
                let mark = body.locals.len();
                self.expr(body, condition, None);
                self.expr(body, inner, None);
                body.locals.truncate(mark);
                Types::UNIT
            }
            ExprKind::Loop(inner) => {
                self.expr(body, inner, None);
                // What `break` gives is rarely called on.
                Types::UNKNOWN
            }
            ExprKind::For(pat, value, inner) => {
                let value = self.expr(body, value, None);
                self.settle(body, value);
                let item = self.item_of(value);
                let mark = body.locals.len();
                self.bind_pattern(body, pat, item);
                self.expr(body, inner, None);
                body.locals.truncate(mark);
                Types::UNIT
            }
            ExprKind::Closure(params, result, inner) => self.closure(body, params, result, inner, None),
            ExprKind::Struct(path, fields, base) => {
                self.structure(body, path, fact.at, fields, base, expected)
            }
            ExprKind::Cast(inner, ty) => {
                self.expr(body, inner, None);
                self.lower(body.env, ty)
            }
            ExprKind::Range(start, end) => self.range(body, start, end),
            ExprKind::Return(value) => {
                let wanted = body.results.last().copied();
                if let Some(value) = value {
                    let ty = self.expr(body, value, wanted);
                    if let Some(wanted) = wanted {
                        self.coerce(wanted, ty);
                    }
                }
                Types::NEVER
            }
            ExprKind::Break(value) => {
                if let Some(value) = value {
                    self.expr(body, value, None);
                }
                Types::NEVER
            }
            ExprKind::Continue => Types::NEVER,
            ExprKind::Macro(path, list) => self.macro_value(body, path, fact.at, list),
            _ => Types::UNKNOWN,
        }
    }

    /// The type of two branches.
    fn join(&mut self, a: Ty, b: Ty) -> Ty {
        let a = self.resolve(a);
        let b = self.resolve(b);
        match (self.types.kind(a), self.types.kind(b)) {
            (TyKind::Never | TyKind::Unknown, _) => b,
            (_, TyKind::Never | TyKind::Unknown) => a,
            _ => {
                self.try_unify(a, b);
                a
            }
        }
    }

    fn literal(&mut self, body: &Body<'_>, kind: LiteralKind) -> Ty {
        let prim = match kind {
            LiteralKind::Integer(Some(suffix)) | LiteralKind::Float(Some(suffix)) => {
                Prim::named(body.facts.name(suffix)).unwrap_or(Prim::Integer)
            }
            LiteralKind::Integer(None) => Prim::Integer,
            LiteralKind::Float(None) => Prim::Float,
            LiteralKind::Str => {
                let inner = self.types.prim(Prim::Str);
                return self.types.reference(inner);
            }
            LiteralKind::ByteStr => {
                let byte = self.types.prim(Prim::U8);
                let inner = self.types.intern(TyKind::Array(byte));
                return self.types.reference(inner);
            }
            LiteralKind::CStr => {
                let Some(def) = self.known.cstr else { return Types::UNKNOWN };
                let inner = self.types.adt(def, &[]);
                return self.types.reference(inner);
            }
            LiteralKind::Char => Prim::Char,
            LiteralKind::Byte => Prim::U8,
            LiteralKind::Bool => Prim::Bool,
            _ => return Types::UNKNOWN,
        };
        self.types.prim(prim)
    }

    /// The type of `receiver.name`, for fields.
    fn field_of(&mut self, receiver: Ty, name: Sym) -> Ty {
        let mut ty = self.resolve(receiver);
        for _ in 0..10 {
            match self.types.kind(ty) {
                TyKind::Adt(def, args) => {
                    if let Some(field) = self.field_named(def, name) {
                        let field = self.field_type(field);
                        let args = self.types.list(args).to_vec();
                        return self.subst_params(field, def, &args);
                    }
                }
                TyKind::Tuple(args) => {
                    let position = self.program.text(name).parse::<usize>().ok();
                    let part = position.and_then(|position| self.types.list(args).get(position).copied());
                    return part.unwrap_or(Types::UNKNOWN);
                }
                _ => {}
            }
            match self.deref(ty) {
                Some(next) if next != ty => ty = next,
                _ => break,
            }
        }
        Types::UNKNOWN
    }

    fn index_of(&mut self, base: Ty, index: Ty) -> Ty {
        let mut ty = self.resolve(base);
        let index = self.resolve(index);
        let is_range = match self.types.kind(index) {
            TyKind::Adt(def, _) => {
                self.program.is_std(def) && self.program.text(self.program.def(def).name).starts_with("Range")
            }
            _ => false,
        };
        for _ in 0..10 {
            match self.types.kind(ty) {
                TyKind::Array(element) | TyKind::Slice(element) => {
                    return if is_range {
                        self.types.intern(TyKind::Slice(element))
                    } else {
                        self.resolve(element)
                    };
                }
                TyKind::Prim(Prim::Str) => return ty,
                TyKind::Adt(def, args) => {
                    if Some(def) == self.known.vec {
                        let element = self.types.list(args).first().copied().unwrap_or(Types::UNKNOWN);
                        return if is_range {
                            self.types.intern(TyKind::Slice(element))
                        } else {
                            self.resolve(element)
                        };
                    }
                    if Some(def) == self.known.string {
                        return self.types.prim(Prim::Str);
                    }
                    if let Some(of_trait) = self.known.index
                        && self.find_impl(ty, of_trait, Some(&[index])).is_some()
                    {
                        let output = self.known.output;
                        return self.project(ty, of_trait, output);
                    }
                }
                _ => {}
            }
            match self.deref(ty) {
                Some(next) if next != ty => ty = next,
                _ => break,
            }
        }
        Types::UNKNOWN
    }

    /// What `?` leaves of a value.
    fn try_of(&mut self, ty: Ty) -> Ty {
        let ty = self.resolve(ty);
        match self.types.kind(ty) {
            TyKind::Adt(def, args) if Some(def) == self.known.option || Some(def) == self.known.result => {
                let inner = self.types.list(args).first().copied().unwrap_or(Types::UNKNOWN);
                self.resolve(inner)
            }
            TyKind::Adt(def, args) if Some(def) == self.known.poll => {
                let inner = self.types.list(args).first().copied().unwrap_or(Types::UNKNOWN);
                let inner = self.try_of(inner);
                self.types.adt(def, &[inner])
            }
            _ => Types::UNKNOWN,
        }
    }

    /// What `.await` gives.
    fn future_output(&mut self, ty: Ty) -> Ty {
        let output = self.known.output;
        for of_trait in [self.known.future, self.known.into_future].into_iter().flatten() {
            let projected = self.project(ty, of_trait, output);
            let projected = self.resolve(projected);
            let is_open = matches!(self.types.kind(projected), TyKind::Assoc(..));
            if projected != Types::UNKNOWN && !is_open {
                return projected;
            }
        }
        Types::UNKNOWN
    }

    /// `impl Future<Output = output>`.
    pub(super) fn future_of(&mut self, output: Ty) -> Ty {
        let Some(future) = self.known.future else { return Types::UNKNOWN };
        let bindings = Box::new([(self.known.output, output)]);
        let bound = self.types.bound(BoundData { of_trait: future, args: Types::NO_ARGS, bindings });
        let bounds = self.types.bounds(&[bound]);
        self.types.intern(TyKind::Opaque(bounds))
    }

    /// What `for` takes out of a value.
    fn item_of(&mut self, ty: Ty) -> Ty {
        let Some(of_trait) = self.known.into_iterator else { return Types::UNKNOWN };
        let item = self.known.item;
        let projected = self.project(ty, of_trait, item);
        self.resolve(projected)
    }

    fn operator_result(&mut self, operator: OperatorKind, left: Ty) -> Ty {
        let left = self.resolve(left);
        let mut value = left;
        while let TyKind::Ref(inner) = self.types.kind(value) {
            value = self.resolve(inner);
        }
        if matches!(self.types.kind(value), TyKind::Prim(prim) if prim != Prim::Str) {
            return value;
        }
        let name = match operator {
            OperatorKind::Add => "Add",
            OperatorKind::Sub => "Sub",
            OperatorKind::Mul => "Mul",
            OperatorKind::Div => "Div",
            OperatorKind::Rem => "Rem",
            OperatorKind::Bit => "BitAnd",
            OperatorKind::Shift => "Shl",
            OperatorKind::Neg => "Neg",
            _ => "Not",
        };
        let Some(&of_trait) = self.known.operators.get(name) else { return Types::UNKNOWN };
        let output = self.known.output;
        let projected = self.project(left, of_trait, output);
        self.resolve(projected)
    }

    /// `1 + x` has the type of `x`.
    fn literal_yields(&mut self, left: Ty, right: Ty) -> Ty {
        let right = self.resolve(right);
        match (self.types.kind(left), self.types.kind(right)) {
            (TyKind::Prim(Prim::Integer | Prim::Float), TyKind::Prim(_)) => right,
            _ => left,
        }
    }

    fn range(&mut self, body: &mut Body<'_>, start: Option<ExprIdx>, end: Option<ExprIdx>) -> Ty {
        let first = start.map(|start| self.expr(body, start, None));
        let last = end.map(|end| self.expr(body, end, first));
        let (def, element) = match (first, last) {
            (Some(first), Some(last)) => {
                let element = self.literal_yields(first, last);
                (self.known.range, Some(element))
            }
            (Some(first), None) => (self.known.range_from, Some(first)),
            (None, Some(last)) => (self.known.range_to, Some(last)),
            (None, None) => (self.known.range_full, None),
        };
        let Some(def) = def else { return Types::UNKNOWN };
        let args: Vec<Ty> = element.into_iter().collect();
        self.types.adt(def, &args)
    }

    fn structure(
        &mut self,
        body: &mut Body<'_>,
        path: u32,
        at: u32,
        fields: List,
        base: Option<ExprIdx>,
        expected: Option<Ty>,
    ) -> Ty {
        let (ty, def) = self.constructed(body, path, at);
        if let Some(expected) = expected {
            self.try_unify(ty, expected);
        }
        let args = match self.types.kind(ty) {
            TyKind::Adt(adt, args) => Some((adt, self.types.list(args).to_vec())),
            _ => None,
        };
        for field in fields.start..fields.start + fields.len {
            let field = body.facts.fields[field as usize];
            let name = self.program.sym(body.file, field.name);
            let wanted = match (def.and_then(|def| self.field_named(def, name)), &args) {
                (Some(field), Some((adt, args))) => {
                    let ty = self.field_type(field);
                    Some(self.subst_params(ty, *adt, args))
                }
                _ => None,
            };
            let value = self.expr(body, ExprIdx(field.value), wanted);
            if let Some(wanted) = wanted {
                self.coerce(wanted, value);
            }
        }
        if let Some(base) = base {
            self.expr(body, base, Some(ty));
        }
        ty
    }

    fn closure(
        &mut self,
        body: &mut Body<'_>,
        params: List,
        result: Option<TypeIdx>,
        inner: ExprIdx,
        expected: Option<(Vec<Ty>, Ty)>,
    ) -> Ty {
        let (wanted, output) = match expected {
            Some((params, output)) => (params, Some(output)),
            None => (Vec::new(), None),
        };
        let mark = body.locals.len();
        let mut types = Vec::new();
        for (position, pair) in body.list(params).chunks_exact(2).enumerate() {
            let annotated = (pair[1] != u32::MAX).then(|| self.lower(body.env, TypeIdx(pair[1])));
            let wanted = wanted.get(position).copied();
            let ty = match (annotated, wanted) {
                (Some(annotated), Some(wanted)) => {
                    self.try_unify(annotated, wanted);
                    annotated
                }
                (Some(ty), None) | (None, Some(ty)) => ty,
                (None, None) => self.fresh(),
            };
            self.bind_pattern(body, PatIdx(pair[0]), ty);
            types.push(ty);
        }
        let result = match result {
            Some(result) => self.lower(body.env, result),
            None => self.fresh(),
        };
        if let Some(output) = output {
            let output = self.resolve(output);
            if !matches!(self.types.kind(output), TyKind::Opaque(_)) {
                self.try_unify(result, output);
            }
        }
        body.results.push(result);
        let ty = self.expr(body, inner, Some(result));
        body.results.pop();
        self.coerce(result, ty);
        body.locals.truncate(mark);
        self.types.function(&types, result)
    }

    fn push_edge(
        &self,
        body: &mut Body<'_>,
        kind: EdgeKind,
        at: u32,
        target: RawTarget,
        resolution: Resolution,
        text: String,
    ) {
        let confidence = confidence_of(resolution);
        body.edges.push(RawEdge { source: body.owner, kind, at, target, confidence, resolution, text });
    }

    /// Whether a declaration is a function.
    fn is_function(&self, def: DefId) -> bool {
        self.program.def(def).kind == DefKind::Function
    }
}
