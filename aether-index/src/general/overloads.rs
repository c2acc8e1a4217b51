//! Which of several declarations of one name is meant, where a language has such.

use std::sync::Arc;

use aether_core::code::facts::{ExprIdx, ExprKind, ItemDetail, List, TypeIdx, TypeKind};
use aether_core::code::{Resolution, SymbolKind};

use super::edges::GeneralTarget;
use super::infer::Body;
use super::tables::{General, SymRef};
use super::value::{Found, Value};

/// What a name is looked up for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) enum Wanted {
    /// Whatever has the name: the last one.
    #[default]
    Any,
    /// A class.
    Class,
    /// A value: anything but a function.
    Value,
    /// A function that can take these.
    Fitting(Arc<[Value]>),
    /// A function.
    Function,
}

impl General {
    /// Runs `ask` while something is looked for.
    pub(super) fn wanting<T>(&mut self, wanted: Wanted, ask: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.wanted, wanted);
        let answer = ask(self);
        self.wanted = before;
        answer
    }

    /// The declaration of a name in a symbol, or at the top of a file, that is looked for.
    pub(super) fn chosen(&mut self, unit: u32, around: Option<u32>, name: &str) -> Option<SymRef> {
        let mut found = self.members(unit, around, name);
        if found.is_empty() || !self.language(unit).has_overloads() {
            return found.pop();
        }
        match self.wanted.clone() {
            Wanted::Any => found.pop(),
            Wanted::Class => found.into_iter().rfind(|&symbol| self.is_class(symbol)),
            Wanted::Value => {
                let last =
                    found.iter().rfind(|&&symbol| !self.kind(symbol).is_callable() && !self.is_class(symbol));
                last.copied().or_else(|| found.into_iter().rfind(|&symbol| self.is_class(symbol)))
            }
            Wanted::Function => found.into_iter().rfind(|&symbol| self.kind(symbol).is_callable()),
            Wanted::Fitting(given) => {
                found.retain(|&symbol| {
                    self.kind(symbol).is_callable() && self.could_take(symbol, given.len())
                });
                if found.len() < 2 {
                    return found.pop();
                }
                // Of those that fit equally well the first one.
                let mut best: Option<(i32, SymRef)> = None;
                for symbol in found {
                    let fit = self.fit(symbol, &given);
                    if best.is_none_or(|(most, _)| fit > most) {
                        best = Some((fit, symbol));
                    }
                }
                best.map(|(_, symbol)| symbol)
            }
        }
    }

    /// Whether a function can be called with so many arguments, as far as its language says.
    pub(super) fn could_take(&self, symbol: SymRef, count: usize) -> bool {
        if !self.language(symbol.unit).has_overloads() {
            return true;
        }
        if self.is_open(symbol.unit) {
            return self.count_fit(symbol, count).is_some();
        }
        let facts = &self.unit(symbol.unit).facts;
        let ItemDetail::Function(detail) = &facts.symbols[symbol.symbol as usize].detail else {
            return false;
        };
        let takes_rest = detail.params.last().is_some_and(|param| {
            matches!(facts.types.get(param.ty.0 as usize).map(|ty| ty.kind), Some(TypeKind::Slice(_)))
        });
        if takes_rest { count + 1 >= detail.params.len() } else { count == detail.params.len() }
    }

    /// How well the parameters of a function fit what is given.
    pub(super) fn fit(&mut self, symbol: SymRef, given: &[Value]) -> i32 {
        let facts = Arc::clone(&self.unit(symbol.unit).facts);
        let ItemDetail::Function(detail) = &facts.symbols[symbol.symbol as usize].detail else { return 0 };
        // One that takes any number comes last.
        let mut fit = 0;
        for (at, value) in given.iter().enumerate() {
            let Some(param) = detail.params.get(at).or(detail.params.last()) else { break };
            if matches!(facts.types.get(param.ty.0 as usize).map(|ty| ty.kind), Some(TypeKind::Slice(_))) {
                fit -= 1;
            }
            fit += self.fit_of(symbol, param.ty, value);
        }
        fit
    }

    /// How well a value fits a parameter: the same type, a base of it, another one.
    fn fit_of(&mut self, function: SymRef, ty: TypeIdx, value: &Value) -> i32 {
        if *value == Value::Unknown {
            return 0;
        }
        let wanted = self
            .wanting(Wanted::Class, |general| general.type_value(function.unit, Some(function.symbol), ty));
        match (&wanted, value) {
            (Value::Unknown, Value::ExternalInstance(path)) if !path.contains("::") => -1,
            (Value::Unknown, _) => 0,
            (Value::Instance(_) | Value::ExternalInstance(_), _) if wanted == *value => 4,
            (Value::Instance(base), Value::Instance(class)) => {
                if self.is_derived(*class, *base, 0) {
                    3
                } else {
                    -4
                }
            }
            (Value::ExternalInstance(path), _) if &**path == "java::lang::Object" => 1,
            (Value::ExternalInstance(a), Value::ExternalInstance(b)) => widened(a, b),
            (Value::Instance(_), Value::ExternalInstance(path)) if !path.contains("::") => -4,
            (Value::ExternalInstance(path), Value::Instance(_)) if !path.contains("::") => -4,
            _ => 0,
        }
    }

    /// Whether a class is derived from another one.
    fn is_derived(&mut self, class: SymRef, from: SymRef, steps: u32) -> bool {
        const MOST: u32 = 12;
        steps < MOST
            && self.bases(class).into_iter().any(|base| match base {
                Value::Symbol(base) => base == from || self.is_derived(base, from, steps + 1),
                _ => false,
            })
    }

    /// The member of a value that a call of it with some arguments means.
    pub(super) fn called_member(
        &mut self,
        of: &Value,
        name: &str,
        given: &[Value],
    ) -> Option<(Value, Found)> {
        let class = match of {
            Value::Symbol(class) | Value::Instance(class) | Value::Base(class) => *class,
            Value::Leading(inner, _) if matches!(**inner, Value::Instance(_)) => {
                let found = self.called_member(inner, name, given);
                return found.or_else(|| self.member(of, name));
            }
            _ => return self.member(of, name),
        };
        if !self.language(class.unit).has_overloads() {
            return self.member(of, name);
        }
        let fitting = self.wanting(Wanted::Fitting(given.into()), |general| general.member(of, name));
        let found = fitting.or_else(|| self.wanting(Wanted::Function, |general| general.member(of, name)));
        // A field can hold what is called.
        match self.is_open(class.unit) {
            true => found.or_else(|| self.wanting(Wanted::Value, |general| general.member(of, name))),
            false => found,
        }
    }
}

/// How well a value of one type outside fits another one: a number one that is wider.
fn widened(wanted: &str, given: &str) -> i32 {
    const NUMBERS: [&str; 6] = ["byte", "short", "int", "long", "float", "double"];
    let place = |name: &str| NUMBERS.iter().position(|&number| number == name);
    match (place(wanted), place(given)) {
        (Some(wanted), Some(given)) if wanted > given => 3 - (wanted - given).min(3) as i32,
        (Some(_), _) | (_, Some(_)) => -4,
        _ if !wanted.contains("::") || !given.contains("::") => -4,
        _ => -1,
    }
}

impl Body<'_> {
    /// A call by name where functions of one name stand beside each other: one that fits, any one,
    /// then a class.
    pub(super) fn overloaded_call(&mut self, expr: ExprIdx, callee: ExprIdx, args: List) -> Value {
        let is_path = matches!(self.facts.exprs[callee.0 as usize].kind, ExprKind::Path(_));
        let given: Arc<[Value]> = self.values(args).into();
        let mut value = Value::Unknown;
        let ways = [Wanted::Fitting(Arc::clone(&given)), Wanted::Function, Wanted::Class, Wanted::Value];
        let is_open = self.general.is_open(self.unit);
        let count = match (is_path, is_open) {
            (true, true) => 4,
            (true, false) => 3,
            (false, _) => 1,
        };
        self.general.take_guess();
        let mut is_guess = false;
        for wanted in ways.into_iter().take(count) {
            value = self.wanting(wanted, |body| body.value(callee));
            is_guess = self.general.take_guess();
            if matches!(value, Value::Symbol(_) | Value::External(_)) {
                break;
            }
        }
        if let Value::Symbol(class) = value
            && self.general.is_class(class)
        {
            return self.made(expr, class, &given);
        }
        self.call(expr, value, Found::Own, !is_guess)
    }

    /// Runs `ask` while something is looked for.
    fn wanting<T>(&mut self, wanted: Wanted, ask: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.general.wanted, wanted);
        let answer = ask(self);
        self.general.wanted = before;
        answer
    }

    /// A class that is called: its own constructor, if it has one.
    fn made(&mut self, expr: ExprIdx, class: SymRef, given: &[Value]) -> Value {
        let name = match self.general.is_open(class.unit) {
            true => self.general.unit(class.unit).name(class.symbol).to_owned(),
            false => self.general.language(class.unit).constructor().unwrap_or("").to_owned(),
        };
        let target = match self.general.called_member(&Value::Symbol(class), &name, given) {
            // What is made of one of its own kind is a copy, unless a constructor says that it takes one.
            Some((Value::Symbol(symbol), _))
                if *given == [Value::Instance(class)] && self.general.fit(symbol, given) <= 0 =>
            {
                class
            }
            Some((Value::Symbol(symbol), Found::Own))
                if [SymbolKind::METHOD, SymbolKind::DECLARATION].contains(self.general.kind(symbol)) =>
            {
                symbol
            }
            _ => class,
        };
        self.push(expr, GeneralTarget::Symbol(target), Resolution::Path);
        Value::Instance(class)
    }
}
