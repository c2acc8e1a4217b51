//! What the expressions of a body stand for, and whom they call.

use std::sync::Arc;

use aether_core::code::facts::{ExprIdx, ExprKind, FileFacts, ItemDetail, List, PatIdx, PatKind, SelfKind};
use aether_core::code::{Resolution, SymbolKind};

use super::edges::{GeneralEdge, GeneralTarget};
use super::overloads::Wanted;
use super::tables::{General, SymRef};
use super::value::{Found, Value};
use crate::facts::callee_text;

/// Walks one body.
pub(super) struct Body<'g> {
    pub(super) general: &'g mut General,
    pub(super) facts: Arc<FileFacts>,
    pub(super) unit: u32,
    /// The declaration whose body it is; none of the file.
    owner: Option<u32>,
    /// Variables and what they stand for, the innermost last.
    variables: Vec<(String, Value)>,
    edges: Vec<GeneralEdge>,
}

/// Whether a pattern is the plain name `name`.
pub(super) fn binds(facts: &FileFacts, pat: PatIdx, name: &str) -> bool {
    let kind = facts.pats.get(pat.0 as usize).map(|pat| pat.kind);
    matches!(kind, Some(PatKind::Bind(bound, _)) if facts.name(bound) == name)
}

/// Whether a pattern is a name that may be left out: it has another pattern behind it.
pub(super) fn is_optional(facts: &FileFacts, pat: PatIdx) -> bool {
    let kind = facts.pats.get(pat.0 as usize).map(|pat| pat.kind);
    matches!(kind, Some(PatKind::Bind(_, Some(_))))
}

/// The calls of a body.
pub(super) fn calls_of(general: &mut General, unit: u32, owner: u32, root: ExprIdx) -> Vec<GeneralEdge> {
    let facts = Arc::clone(&general.unit(unit).facts);
    let owner = Some(owner).filter(|&owner| owner != 0);
    let has_overloads = general.language(unit).has_overloads();
    let wanted = if has_overloads { Wanted::Value } else { Wanted::Any };
    general.wanting(wanted, |general| {
        let mut body = Body { general, facts, unit, owner, variables: Vec::new(), edges: Vec::new() };
        body.bind_parameters();
        body.value(root);
        body.edges
    })
}

impl Body<'_> {
    fn bind_parameters(&mut self) {
        let Some(owner) = self.owner else { return };
        let facts = Arc::clone(&self.facts);
        let ItemDetail::Function(detail) = &facts.symbols[owner as usize].detail else { return };
        let function = SymRef { unit: self.unit, symbol: owner };
        let language = self.general.language(self.unit);
        for (position, param) in detail.params.iter().enumerate() {
            // Where the receiver has a name of its own, a first parameter of another name is none.
            let is_receiver = language.receiver().is_none_or(|name| binds(&facts, param.pat, name));
            let value = if position == 0 && is_receiver && detail.self_kind != SelfKind::None {
                self.general.receiver_of(function, detail.self_kind)
            } else {
                self.general.type_value(self.unit, self.owner, param.ty)
            };
            self.bind(param.pat, value);
        }
    }

    /// Binds the names of a pattern; those inside of a larger one are not known.
    fn bind(&mut self, pat: PatIdx, value: Value) {
        let facts = Arc::clone(&self.facts);
        let Some(fact) = facts.pats.get(pat.0 as usize) else { return };
        match fact.kind {
            PatKind::Bind(name, inner) => {
                if let Some(inner) = inner {
                    self.bind(inner, value.clone());
                }
                self.variables.push((facts.name(name).to_owned(), value));
            }
            PatKind::Tuple(list)
            | PatKind::Slice(list)
            | PatKind::Or(list)
            | PatKind::TupleStruct(_, list) => {
                for &inner in facts.list(list) {
                    self.bind(PatIdx(inner), Value::Unknown);
                }
            }
            PatKind::Ref(inner) => self.bind(inner, value),
            _ => {}
        }
    }

    /// What a path of names stands for; what is looked for is the last of them.
    fn path_value(&mut self, names: &[&str]) -> Value {
        let Some((first, rest)) = names.split_first() else { return Value::Unknown };
        let Some((last, between)) = rest.split_last() else { return self.name_value(first) };
        let wanted = self.general.wanted.clone();
        if wanted != Wanted::Any {
            self.general.wanted = Wanted::Value;
        }
        let mut value = self.name_value(first);
        for name in between {
            value = self.member(&value, name);
        }
        self.general.wanted = wanted;
        self.member(&value, last)
    }

    fn name_value(&mut self, name: &str) -> Value {
        let is_variable = matches!(self.general.wanted, Wanted::Any | Wanted::Value);
        if is_variable && let Some((_, value)) = self.variables.iter().rev().find(|(known, _)| known == name)
        {
            return value.clone();
        }
        let language = self.general.language(self.unit);
        let is_base = language.base_receiver() == Some(name);
        if is_base || language.receiver() == Some(name) {
            let owner = self.owner.map(|symbol| SymRef { unit: self.unit, symbol });
            let class = owner.and_then(|owner| self.general.class_around(owner));
            let of = if is_base { Value::Base } else { Value::Instance };
            return class.map_or(Value::Unknown, of);
        }
        self.general.lookup(self.unit, self.owner, name)
    }

    /// What some expressions stand for.
    pub(super) fn values(&mut self, list: List) -> Vec<Value> {
        let facts = Arc::clone(&self.facts);
        facts.list(list).iter().map(|&expr| led_to(self.value(ExprIdx(expr)))).collect()
    }

    /// What an expression stands for; notes the calls in it.
    pub(super) fn value(&mut self, expr: ExprIdx) -> Value {
        let facts = Arc::clone(&self.facts);
        let Some(fact) = facts.exprs.get(expr.0 as usize) else { return Value::Unknown };
        match fact.kind {
            ExprKind::Path(path) => {
                let segments = facts.paths[path as usize].segments;
                let range = segments.start as usize..(segments.start + segments.len) as usize;
                let names: Vec<&str> =
                    facts.segments[range].iter().map(|part| facts.name(part.name)).collect();
                self.path_value(&names)
            }
            ExprKind::Literal(literal) => {
                let ty = self.general.language(self.unit).literal_type(literal);
                ty.map_or(Value::Unknown, |ty| Value::ExternalInstance(ty.into()))
            }
            ExprKind::Call(callee, args) => {
                if self.general.language(self.unit).has_overloads() {
                    return self.overloaded_call(expr, callee, args);
                }
                let value = self.value(callee);
                self.values(args);
                self.call(expr, value, Found::Own, true)
            }
            ExprKind::MethodCall { receiver, name, args, .. } => {
                let of = self.value(receiver);
                let given = self.values(args);
                self.method_call(expr, &of, facts.name(name), &given)
            }
            ExprKind::Field(receiver, name) => {
                let of = self.value(receiver);
                self.member(&of, facts.name(name))
            }
            ExprKind::Let { pat, ty, init, otherwise } => {
                let mut value = init.map_or(Value::Unknown, |init| self.value(init));
                if let Some(ty) = ty {
                    let written = self.general.type_value(self.unit, self.owner, ty);
                    if written != Value::Unknown {
                        value = written;
                    }
                }
                self.bind(pat, value);
                if let Some(otherwise) = otherwise {
                    self.value(otherwise);
                }
                Value::Unknown
            }
            ExprKind::Assign(left, right, _) => {
                self.value(left);
                self.value(right)
            }
            ExprKind::Block { statements, tail, .. } => {
                let mark = self.variables.len();
                self.values(statements);
                let value = tail.map_or(Value::Unknown, |tail| self.value(tail));
                if self.general.language(self.unit).has_block_scopes() {
                    self.variables.truncate(mark);
                }
                value
            }
            ExprKind::If(condition, then, otherwise) => {
                self.value(condition);
                let then = self.value(then);
                match otherwise.map(|otherwise| self.value(otherwise)) {
                    Some(other) if then == Value::Unknown => other,
                    _ => then,
                }
            }
            ExprKind::Binary(_, left, right) => {
                let left = self.value(left);
                let right = self.value(right);
                // `a or b`: what is known of one of them.
                if left == Value::Unknown { right } else { left }
            }
            ExprKind::For(pat, iterated, body) => {
                let element = element_of(self.value(iterated));
                self.bind(pat, element);
                self.value(body);
                Value::Unknown
            }
            ExprKind::Closure(params, _, body) => {
                let mark = self.variables.len();
                for pair in facts.list(params).chunks(2) {
                    let [pat, ty] = *pair else { continue };
                    let known = (ty != u32::MAX).then_some(aether_core::code::facts::TypeIdx(ty));
                    let value =
                        known.map_or(Value::Unknown, |ty| self.general.type_value(self.unit, self.owner, ty));
                    self.bind(PatIdx(pat), value);
                }
                self.value(body);
                self.variables.truncate(mark);
                Value::Unknown
            }
            ExprKind::Await(inner) | ExprKind::Ref(inner) | ExprKind::Try(inner) => self.value(inner),
            ExprKind::Cast(inner, ty) => {
                self.value(inner);
                self.general.type_value(self.unit, self.owner, ty)
            }
            ExprKind::Unary(_, inner) | ExprKind::Loop(inner) => {
                self.value(inner);
                Value::Unknown
            }
            ExprKind::Index(of, index) => {
                let of = self.value(of);
                self.value(index);
                element_of(of)
            }
            ExprKind::While(condition, body) => {
                self.value(condition);
                self.value(body);
                Value::Unknown
            }
            ExprKind::Return(inner) | ExprKind::Break(inner) => {
                inner.map(|inner| self.value(inner));
                Value::Unknown
            }
            ExprKind::Range(start, end) => {
                start.map(|start| self.value(start));
                end.map(|end| self.value(end));
                Value::Unknown
            }
            ExprKind::Match(of, arms) => {
                self.value(of);
                let arms = arms.start as usize..(arms.start + arms.len) as usize;
                for arm in &facts.arms[arms] {
                    self.bind(arm.pat, Value::Unknown);
                    arm.guard.map(|guard| self.value(guard));
                    self.value(arm.body);
                }
                Value::Unknown
            }
            ExprKind::Struct(_, fields, base) => {
                let fields = fields.start as usize..(fields.start + fields.len) as usize;
                for field in &facts.fields[fields] {
                    self.value(ExprIdx(field.value));
                }
                base.map(|base| self.value(base));
                Value::Unknown
            }
            ExprKind::Unknown(list)
            | ExprKind::Tuple(list)
            | ExprKind::Array(list, _)
            | ExprKind::Macro(_, list) => {
                self.values(list);
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    fn member(&mut self, of: &Value, name: &str) -> Value {
        self.general.member(of, name).map_or(Value::Unknown, |(value, _)| value)
    }

    fn method_call(&mut self, expr: ExprIdx, of: &Value, name: &str, given: &[Value]) -> Value {
        if let Some((value, found)) = self.general.called_member(of, name, given) {
            let given_back = self.call(expr, value, found, *of != Value::Unknown);
            return match of {
                // What a pointer is asked for is what it leads to, whatever that is called.
                Value::Leading(inner, _) if given_back == Value::Unknown && given.is_empty() => {
                    inner.as_ref().clone()
                }
                _ => given_back,
            };
        }
        let language = self.general.unit(self.unit).language;
        let is_common = self.general.language(self.unit).is_common_member(name);
        if *of == Value::Unknown && !is_common {
            let candidates = self.general.methods_named(language, name);
            if let [only] = candidates[..]
                && self.general.could_take(only, given.len())
            {
                self.push(expr, GeneralTarget::Symbol(only), Resolution::UniqueName);
                return self.general.result_of(only);
            }
        }
        self.push(expr, GeneralTarget::Unresolved, Resolution::Unresolved);
        Value::Unknown
    }

    /// Notes a call of `callee` and says what it gives.
    pub(super) fn call(&mut self, expr: ExprIdx, callee: Value, found: Found, is_known: bool) -> Value {
        let resolution = match found {
            Found::Own if is_known => Resolution::Path,
            Found::Own => Resolution::PartialType,
            Found::Inherited => Resolution::TraitDeclaration,
        };
        match callee {
            Value::Symbol(symbol) => {
                let kind = self.general.kind(symbol).clone();
                if self.general.is_class(symbol) {
                    let target = self.constructor(symbol).unwrap_or(symbol);
                    self.push(expr, GeneralTarget::Symbol(target), Resolution::Path);
                    return Value::Instance(symbol);
                }
                if kind.is_callable() || matches!(kind.as_str(), "macro" | "declaration") {
                    let is_method = kind == SymbolKind::METHOD && resolution == Resolution::Path;
                    let resolution = if is_method { Resolution::Inherent } else { resolution };
                    self.push(expr, GeneralTarget::Symbol(symbol), resolution);
                    return self.general.result_of(symbol);
                }
                // A variable that holds what is called; the file itself is no value.
                let target = match symbol.symbol {
                    0 => GeneralTarget::Unresolved,
                    _ => GeneralTarget::Symbol(symbol),
                };
                let resolution =
                    if target == GeneralTarget::Unresolved { Resolution::Unresolved } else { resolution };
                self.push(expr, target, resolution);
                Value::Unknown
            }
            Value::External(path) | Value::ExternalInstance(path) => {
                self.push(expr, GeneralTarget::External(Arc::clone(&path)), resolution);
                // A name in upper case is that of a class.
                let last = path.rsplit("::").next().unwrap_or("");
                let is_type = last.starts_with(char::is_uppercase);
                if is_type { Value::ExternalInstance(path) } else { Value::Unknown }
            }
            _ => {
                self.push(expr, GeneralTarget::Unresolved, Resolution::Unresolved);
                Value::Unknown
            }
        }
    }

    /// The method that runs when a class is called.
    pub(super) fn constructor(&mut self, class: SymRef) -> Option<SymRef> {
        let name = self.general.language(class.unit).constructor()?.to_owned();
        match self.general.class_member(class, &name)? {
            (Value::Symbol(symbol), _) if self.general.kind(symbol).is_callable() => Some(symbol),
            _ => None,
        }
    }

    pub(super) fn push(&mut self, expr: ExprIdx, target: GeneralTarget, resolution: Resolution) {
        let at = self.facts.exprs[expr.0 as usize].at;
        let named = match self.facts.exprs[expr.0 as usize].kind {
            ExprKind::Call(callee, _) => callee,
            _ => expr,
        };
        let text = callee_text(&self.facts, named);
        self.edges.push(GeneralEdge::call(self.owner.unwrap_or(0), at, target, resolution, text));
    }
}

/// What a value is used as.
fn led_to(value: Value) -> Value {
    match value {
        Value::Leading(inner, _) => *inner,
        other => other,
    }
}

/// What an entry of a list is.
fn element_of(value: Value) -> Value {
    match value {
        Value::Several(element, _) => *element,
        Value::Leading(inner, _) => element_of(*inner),
        _ => Value::Unknown,
    }
}
