//! Calls.

use aether_core::code::facts::{ExprIdx, ExprKind, List, NameIdx, TypeIdx};
use aether_core::code::{EdgeKind, Resolution};

use super::value::Value;
use super::{Body, Resolver};
use crate::facts::{callee_text, path_text};
use crate::rust::resolve::emit::RawTarget;
use crate::rust::resolve::interner::Sym;
use crate::rust::resolve::method::Found;
use crate::rust::resolve::program::{DefId, DefKind};
use crate::rust::resolve::ty::{Bound, Prim, Ty, TyKind, Types};
use crate::rust::resolve::unify::Subst;

impl Resolver {
    /// A call of a value.
    pub(super) fn call(
        &mut self,
        body: &mut Body<'_>,
        callee: ExprIdx,
        args: List,
        at: u32,
        expected: Option<Ty>,
    ) -> Ty {
        let ExprKind::Path(path) = body.facts.exprs[callee.0 as usize].kind else {
            let ty = self.expr(body, callee, None);
            return self.call_value(body, ty, args);
        };
        let text = path_text(&body.facts, path);
        match self.value_of_path(body, path) {
            Value::Function { def, subst, resolution, type_args, later } => {
                let result = self.invoke(body, def, subst, type_args, args, expected);
                let (def, resolution) = later.map_or((def, resolution), |later| self.decide(&later));
                if self.is_function(def) {
                    let target = self.target_of(def);
                    self.push_edge(body, EdgeKind::Calls, at, target, resolution, text);
                }
                result
            }
            Value::Constructor { def, ty, params } => {
                let target = self.target_of(def);
                self.push_edge(body, EdgeKind::Uses, at, target, Resolution::Path, text);
                if let Some(expected) = expected {
                    self.try_unify(ty, expected);
                }
                self.pass_plain(body, &params, args);
                ty
            }
            Value::External(path) => {
                let target = self.external(path);
                self.push_edge(body, EdgeKind::Calls, at, target, Resolution::Path, text);
                self.pass_unknown(body, args);
                self.external_result(path)
            }
            Value::Local(ty) | Value::Constant(_, ty) => self.call_value(body, ty, args),
            Value::Unknown => {
                self.push_edge(
                    body,
                    EdgeKind::Calls,
                    at,
                    RawTarget::Unresolved,
                    Resolution::Unresolved,
                    text,
                );
                self.pass_unknown(body, args);
                Types::UNKNOWN
            }
        }
    }

    /// A call of a closure, a function pointer, or a parameter that can be called.
    fn call_value(&mut self, body: &mut Body<'_>, ty: Ty, args: List) -> Ty {
        let mut ty = self.resolve(ty);
        for _ in 0..6 {
            if let Some((params, result)) = self.callable(ty) {
                self.pass_plain(body, &params, args);
                return result;
            }
            match self.deref(ty) {
                Some(next) if next != ty => ty = next,
                _ => break,
            }
        }
        self.pass_unknown(body, args);
        Types::UNKNOWN
    }

    /// Parameters and result of a type that can be called.
    fn callable(&mut self, ty: Ty) -> Option<(Vec<Ty>, Ty)> {
        if let TyKind::Function(args) = self.types.kind(ty) {
            let list = self.types.list(args);
            let (result, params) = list.split_last()?;
            return Some((params.to_vec(), *result));
        }
        let bound = self
            .bounds_of(ty)
            .into_iter()
            .find(|&bound| self.known.fn_traits.contains(&self.types.bound_data(bound).of_trait))?;
        Some(self.fn_bound(bound))
    }

    /// Parameters and result that a bound `Fn(A) -> B` asks for.
    fn fn_bound(&mut self, bound: Bound) -> (Vec<Ty>, Ty) {
        let data = self.types.bound_data(bound).clone();
        let inputs = self.types.list(data.args).first().copied().map(|inputs| self.resolve(inputs));
        let params = match inputs.map(|inputs| self.types.kind(inputs)) {
            Some(TyKind::Tuple(list)) => self.types.list(list).to_vec(),
            _ => Vec::new(),
        };
        let output = self.known.output;
        let result =
            data.bindings.iter().find(|(name, _)| *name == output).map_or(Types::UNIT, |&(_, ty)| ty);
        (params, result)
    }

    /// A call of a method.
    #[expect(clippy::too_many_arguments, reason = "the parts of the expression")]
    pub(super) fn method_call(
        &mut self,
        body: &mut Body<'_>,
        index: ExprIdx,
        receiver: ExprIdx,
        name: NameIdx,
        type_args: List,
        args: List,
        expected: Option<Ty>,
    ) -> Ty {
        let at = body.facts.exprs[index.0 as usize].at;
        let receiver = self.expr(body, receiver, None);
        self.settle(body, receiver);
        let receiver = self.resolve(receiver);
        let name = self.program.sym(body.file, name);
        let text = callee_text(&body.facts, index);
        let type_args: Vec<Ty> =
            body.list(type_args).into_iter().map(|entry| self.lower(body.env, TypeIdx(entry))).collect();
        match self.find_method(receiver, name, body.env.scope) {
            Some(Found::Member { def, subst, resolution, later }) => {
                let result = self.invoke(body, def, subst, type_args, args, expected);
                let (def, resolution) = later.map_or((def, resolution), |later| self.decide(&later));
                let target = self.target_of(def);
                self.push_edge(body, EdgeKind::Calls, at, target, resolution, text);
                result
            }
            Some(Found::External(path)) => {
                let target = self.external(path);
                self.push_edge(body, EdgeKind::Calls, at, target, Resolution::Inherent, text);
                self.pass_unknown(body, args);
                match self.types.kind(receiver) {
                    // Wrappers of other crates hand out what is inside.
                    TyKind::External(_, inner) if !self.types.list(inner).is_empty() => Types::UNKNOWN,
                    TyKind::External(..) => self.external_result(path),
                    _ => Types::UNKNOWN,
                }
            }
            None => {
                // A field that is called has no method: the type is known, so no name can be guessed.
                let guess = self.method_by_name(name, args.len as usize);
                match guess {
                    Some((def, resolution)) => {
                        let target = self.target_of(def);
                        self.push_edge(body, EdgeKind::Calls, at, target, resolution, text);
                        self.invoke(body, def, Subst::default(), type_args, args, expected)
                    }
                    None => {
                        let unresolved = Resolution::Unresolved;
                        self.push_edge(body, EdgeKind::Calls, at, RawTarget::Unresolved, unresolved, text);
                        self.pass_unknown(body, args);
                        Types::UNKNOWN
                    }
                }
            }
        }
    }

    /// A value that a function outside the program gives: of a type that `new` of it names, else of
    /// some type of that crate.
    fn external_result(&mut self, path: Sym) -> Ty {
        let text = self.program.text(path).to_owned();
        let mut parts: Vec<&str> = text.split("::").collect();
        let last = parts.pop().unwrap_or("");
        let is_type =
            parts.last().is_some_and(|part| part.starts_with(|first: char| first.is_ascii_uppercase()));
        let ty = if matches!(last, "new" | "default") && is_type {
            parts.join("::")
        } else {
            match parts.first() {
                Some(&"std") | None => return Types::UNKNOWN,
                Some(krate) => format!("{krate}::_"),
            }
        };
        let sym = self.program.interner.intern(&ty);
        self.types.intern(TyKind::External(sym, Types::NO_ARGS))
    }

    /// Passes arguments to a function and returns its result.
    pub(super) fn invoke(
        &mut self,
        body: &mut Body<'_>,
        def: DefId,
        mut subst: Subst,
        type_args: Vec<Ty>,
        args: List,
        expected: Option<Ty>,
    ) -> Ty {
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
        let result = self.subst(signature.result, &subst);
        if let Some(expected) = expected {
            let expected = self.resolve(expected);
            if !matches!(self.types.kind(expected), TyKind::Dyn(_) | TyKind::Opaque(_)) {
                self.try_unify(result, expected);
            }
        }
        // In `Type::method(value)` the receiver is the first argument.
        let list = body.list(args);
        let skip = usize::from(signature.receiver.is_some() && list.len() == signature.params.len() + 1);
        if skip == 1
            && let (Some(receiver), Some(&first)) = (signature.receiver, list.first())
        {
            let wanted = self.subst(receiver, &subst);
            let ty = self.expr(body, ExprIdx(first), Some(wanted));
            self.coerce(wanted, ty);
        }
        let mut closures = Vec::new();
        for (position, &entry) in list[skip..].iter().enumerate() {
            let declared = signature.params.get(position).copied();
            let wanted = declared.map(|declared| self.subst(declared, &subst));
            if matches!(body.facts.exprs[entry as usize].kind, ExprKind::Closure(..)) {
                closures.push((declared, wanted, ExprIdx(entry)));
                continue;
            }
            let ty = self.expr(body, ExprIdx(entry), wanted);
            if let Some(wanted) = wanted {
                self.pass(body, wanted, ty);
            }
        }
        let mut predicates = Vec::new();
        for &owner in &signature.owners {
            for &(subject, bound) in self.predicates(owner).iter() {
                let subject = self.subst(subject, &subst);
                let bound = self.subst_bound(bound, &subst);
                predicates.push((subject, bound));
            }
        }
        for &(subject, bound) in &predicates {
            self.satisfy(body, subject, bound);
        }
        for (declared, wanted, closure) in closures {
            let shape = wanted.and_then(|wanted| self.closure_shape(declared, wanted, &predicates));
            let ExprKind::Closure(params, result, inner) = body.facts.exprs[closure.0 as usize].kind else {
                continue;
            };
            let ty = self.closure(body, params, result, inner, shape);
            if let Some(wanted) = wanted {
                self.try_unify(wanted, ty);
            }
        }
        self.settle_all(body);
        self.resolve(result)
    }

    /// What a closure gets and gives where a parameter of type `wanted` is declared.
    fn closure_shape(
        &mut self,
        declared: Option<Ty>,
        wanted: Ty,
        predicates: &[(Ty, Bound)],
    ) -> Option<(Vec<Ty>, Ty)> {
        let resolved = self.resolve(wanted);
        if let Some(shape) = self.callable(resolved) {
            return Some(shape);
        }
        if let TyKind::Adt(_, args) = self.types.kind(resolved)
            && let Some(&inner) = self.types.list(args).first()
        {
            let inner = self.resolve(inner);
            return self.callable(inner);
        }
        declared?;
        let bound = predicates.iter().find(|&&(subject, bound)| {
            subject == wanted && self.known.fn_traits.contains(&self.types.bound_data(bound).of_trait)
        });
        bound.map(|&(_, bound)| self.fn_bound(bound))
    }

    /// Passes one argument: what `impl Trait` asks for is asked of the argument.
    fn pass(&mut self, body: &mut Body<'_>, wanted: Ty, actual: Ty) {
        let wanted = self.resolve(wanted);
        if let TyKind::Opaque(bounds) = self.types.kind(wanted) {
            for bound in self.types.bound_list(bounds).to_vec() {
                self.satisfy(body, actual, bound);
            }
            return;
        }
        self.coerce(wanted, actual);
    }

    /// Passes arguments to a constructor or a callable value.
    fn pass_plain(&mut self, body: &mut Body<'_>, params: &[Ty], args: List) {
        for (position, entry) in body.list(args).into_iter().enumerate() {
            let wanted = params.get(position).copied();
            let ty = self.argument(body, ExprIdx(entry), wanted);
            if let Some(wanted) = wanted {
                self.pass(body, wanted, ty);
            }
        }
    }

    fn pass_unknown(&mut self, body: &mut Body<'_>, args: List) {
        for entry in body.list(args) {
            self.expr(body, ExprIdx(entry), None);
        }
    }

    fn argument(&mut self, body: &mut Body<'_>, arg: ExprIdx, wanted: Option<Ty>) -> Ty {
        if let (ExprKind::Closure(params, result, inner), Some(wanted)) =
            (body.facts.exprs[arg.0 as usize].kind, wanted)
        {
            let shape = self.closure_shape(None, wanted, &[]);
            return self.closure(body, params, result, inner, shape);
        }
        self.expr(body, arg, wanted)
    }

    /// Takes from a bound what it says about types that are still open.
    fn satisfy(&mut self, body: &mut Body<'_>, subject: Ty, bound: Bound) {
        let subject = self.resolve(subject);
        let data = self.types.bound_data(bound).clone();
        if data.bindings.is_empty() && self.types.list(data.args).is_empty() {
            return;
        }
        match self.types.kind(subject) {
            TyKind::Infer(_) => {
                body.pending.push((subject, bound));
                return;
            }
            TyKind::Unknown | TyKind::Never => return,
            _ => {}
        }
        if self.known.fn_traits.contains(&data.of_trait) {
            if let Some((params, result)) = self.callable(subject) {
                let (wanted, output) = self.fn_bound(bound);
                for (wanted, param) in wanted.iter().zip(&params) {
                    self.try_unify(*wanted, *param);
                }
                self.try_unify(output, result);
            }
            return;
        }
        let args = self.types.list(data.args).to_vec();
        if !args.is_empty() {
            // Finding the implementation finds its arguments.
            let _ = self.find_impl(subject, data.of_trait, Some(&args));
            for own in self.bounds_of(subject) {
                let own = self.types.bound_data(own).clone();
                if own.of_trait == data.of_trait {
                    let own = self.types.list(own.args).to_vec();
                    for (own, wanted) in own.iter().zip(&args) {
                        self.try_unify(*own, *wanted);
                    }
                }
            }
        }
        for &(name, wanted) in &data.bindings {
            let actual = self.project(subject, data.of_trait, name);
            let actual = self.resolve(actual);
            if actual != Types::UNKNOWN {
                self.try_unify(wanted, actual);
            }
        }
    }

    /// Looks again at bounds that waited, when a type that is needed now is still open.
    pub(super) fn settle(&mut self, body: &mut Body<'_>, ty: Ty) {
        let ty = self.resolve(ty);
        if matches!(self.types.kind(ty), TyKind::Infer(_) | TyKind::Assoc(..)) {
            self.settle_all(body);
        }
    }

    fn settle_all(&mut self, body: &mut Body<'_>) {
        if body.pending.is_empty() {
            return;
        }
        for (subject, bound) in std::mem::take(&mut body.pending) {
            self.satisfy(body, subject, bound);
        }
        // Bounds on types that are never found would be looked at again by every call.
        const MOST_PENDING: usize = 64;
        let excess = body.pending.len().saturating_sub(MOST_PENDING);
        body.pending.drain(..excess);
    }

    /// A macro: what its arguments call, and what it gives where that is known.
    pub(super) fn macro_value(&mut self, body: &mut Body<'_>, path: u32, at: u32, list: List) -> Ty {
        let Some(&name) = self.path_names(body.file, path).last() else { return Types::UNKNOWN };
        if let Some(def) = self.macro_named(name, body.file) {
            let text = format!("{}!", path_text(&body.facts, path));
            self.push_edge(body, EdgeKind::Uses, at, RawTarget::Def(def), Resolution::Path, text);
        }
        let mark = body.locals.len();
        let types: Vec<Ty> =
            body.list(list).into_iter().map(|entry| self.expr(body, ExprIdx(entry), None)).collect();
        body.locals.truncate(mark);
        let str_ref = |resolver: &mut Self| {
            let inner = resolver.types.prim(Prim::Str);
            resolver.types.reference(inner)
        };
        match self.program.text(name) {
            "vec" => {
                let element = match types.first().map(|&ty| self.types.kind(ty)) {
                    Some(TyKind::Array(element)) => element,
                    _ => self.fresh(),
                };
                self.known.vec.map_or(Types::UNKNOWN, |vec| self.types.adt(vec, &[element]))
            }
            "format" => self.known.string.map_or(Types::UNKNOWN, |string| self.types.adt(string, &[])),
            "println" | "print" | "eprintln" | "eprint" | "assert" | "assert_eq" | "assert_ne"
            | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" => Types::UNIT,
            "panic" | "unreachable" | "todo" | "unimplemented" | "bail" | "compile_error" => Types::NEVER,
            "matches" | "cfg" => self.types.prim(Prim::Bool),
            "concat" | "stringify" | "env" | "include_str" | "file" | "module_path" => str_ref(self),
            "line" | "column" => self.types.prim(Prim::U32),
            "dbg" => types.first().copied().unwrap_or(Types::UNIT),
            "try" => types.first().map_or(Types::UNKNOWN, |&ty| self.try_of(ty)),
            "ready" => match types.first() {
                Some(&ty) => {
                    let ty = self.resolve(ty);
                    match self.types.kind(ty) {
                        TyKind::Adt(def, args) if Some(def) == self.known.poll => {
                            self.types.list(args).first().copied().unwrap_or(Types::UNKNOWN)
                        }
                        _ => Types::UNKNOWN,
                    }
                }
                None => Types::UNKNOWN,
            },
            "write" | "writeln" | "format_args" | "addr_of" | "addr_of_mut" => Types::UNKNOWN,
            _ => Types::UNKNOWN,
        }
    }

    /// Whether a declaration is a trait.
    pub(super) fn is_trait(&self, def: DefId) -> bool {
        self.program.def(def).kind == DefKind::Trait
    }
}
