//! Which of the declarations of one path is meant.

use std::cmp::Reverse;

use aether_core::base::RelPath;
use aether_core::code::facts::{ItemDetail, TypeKind};
use aether_core::code::{SymbolKind, Visibility};

use super::super::overloads::Wanted;
use super::super::tables::{General, SymRef};

impl General {
    /// Of declarations of one path the one that is looked for; the first of those that suit equally well.
    pub(in crate::general) fn choose(&mut self, found: Vec<SymRef>) -> Option<SymRef> {
        let is_function = |general: &Self, symbol: SymRef| {
            let kind = general.kind(symbol);
            let is_called = kind.is_callable() || *kind == SymbolKind::MACRO;
            // Nobody calls a test, whose name may be that of a method of its class.
            (is_called && *kind != SymbolKind::TEST) || general.is_declared_function(symbol)
        };
        let is_type = |general: &Self, symbol: SymRef| {
            general.is_class(symbol) || matches!(general.kind(symbol).as_str(), "type" | "module")
        };
        match self.wanted.clone() {
            Wanted::Any => {
                let is_defined = |symbol: &&SymRef| *self.kind(**symbol) != SymbolKind::DECLARATION;
                found.iter().find(is_defined).or(found.first()).copied()
            }
            Wanted::Class => found.into_iter().find(|&symbol| is_type(self, symbol)),
            Wanted::Value => {
                let plain = |symbol: &&SymRef| !is_function(self, **symbol) && !is_type(self, **symbol);
                let first = found.iter().find(plain);
                first.or_else(|| found.iter().find(|&&symbol| is_type(self, symbol))).copied()
            }
            Wanted::Function => found.into_iter().find(|&symbol| is_function(self, symbol)),
            Wanted::Fitting(given) => {
                let mut best: Option<((i32, i32), SymRef)> = None;
                for symbol in found {
                    if !is_function(self, symbol) {
                        continue;
                    }
                    let Some(count) = self.count_fit(symbol, given.len()) else { continue };
                    let fit = (count, self.fit(symbol, &given));
                    if best.is_none_or(|(most, _)| fit > most) {
                        best = Some((fit, symbol));
                    }
                }
                best.map(|(_, symbol)| symbol)
            }
        }
    }

    pub(in crate::general) fn is_declared_function(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        fact.kind == SymbolKind::DECLARATION && matches!(fact.detail, ItemDetail::Function(_))
    }

    /// How well a function fits a number of arguments; `None` when it cannot take them.
    pub(in crate::general) fn count_fit(&self, symbol: SymRef, count: usize) -> Option<i32> {
        let facts = &self.unit(symbol.unit).facts;
        let fact = &facts.symbols[symbol.symbol as usize];
        let ItemDetail::Function(detail) = &fact.detail else { return Some(0) };
        let takes_rest = detail.params.last().is_some_and(|param| {
            matches!(facts.types.get(param.ty.0 as usize).map(|ty| ty.kind), Some(TypeKind::Slice(_)))
        });
        let named = detail.params.len() - usize::from(takes_rest);
        let optional =
            detail.params.iter().filter(|param| super::super::infer::is_optional(facts, param.pat)).count();
        match count {
            _ if count == named => Some(3),
            _ if count > named => takes_rest.then_some(1),
            _ if count + optional >= named => Some(2),
            // A parameter without a name does not tell that it may be left out.
            _ => None,
        }
    }

    /// The definition of what is announced, in whichever file it stands; itself where there is none.
    pub(in crate::general) fn defined(&mut self, symbol: SymRef) -> SymRef {
        if *self.kind(symbol) != SymbolKind::DECLARATION {
            return symbol;
        }
        let Some(path) = self.open_path(symbol).map(str::to_owned) else { return symbol };
        let is_function = self.is_declared_function(symbol);
        let mut found = self.all_at(&path);
        found.retain(|&other| {
            let kind = self.kind(other);
            let suits = match is_function {
                true => kind.is_callable(),
                false => matches!(kind.as_str(), "variable" | "constant"),
            };
            suits && (other.unit == symbol.unit || !self.is_file_private(other))
        });
        let types = self.parameter_names(symbol);
        let likeness = |general: &Self, other: SymRef| -> (bool, usize) {
            let others = general.parameter_names(other);
            let equal = types.iter().zip(&others).filter(|(a, b)| a == b).count();
            (types.len() == others.len(), equal)
        };
        let declared_in = self.unit(symbol.unit).path.clone();
        let best = found.into_iter().min_by_key(|&other| {
            let path = &self.unit(other.unit).path;
            let same = Reverse((likeness(self, other), stem(path) == stem(&declared_in)));
            (same, Reverse(shared_folders(path, &declared_in)), path.clone(), other.symbol)
        });
        let best = best.filter(|&other| !is_function || likeness(self, other).0);
        best.unwrap_or(symbol)
    }

    /// Whether a definition is only seen in its own file; those of methods are seen as their class is.
    pub(in crate::general) fn is_file_private(&self, symbol: SymRef) -> bool {
        *self.kind(symbol) != SymbolKind::METHOD && self.is_private(symbol)
    }

    pub(in crate::general) fn is_private(&self, symbol: SymRef) -> bool {
        let fact = &self.unit(symbol.unit).facts.symbols[symbol.symbol as usize];
        fact.visibility == Visibility::Private
    }

    /// The names of the types of the parameters of a function, as far as they have any.
    pub(in crate::general) fn parameter_names(&self, symbol: SymRef) -> Vec<Option<&str>> {
        let facts = &self.unit(symbol.unit).facts;
        let ItemDetail::Function(detail) = &facts.symbols[symbol.symbol as usize].detail else {
            return Vec::new();
        };
        let name = |ty: TypeKind| -> Option<&str> {
            let mut ty = ty;
            loop {
                match ty {
                    TypeKind::Path(path) => {
                        let segments = facts.paths.get(path as usize)?.segments;
                        let last = (segments.start + segments.len).checked_sub(1)?;
                        return Some(facts.name(facts.segments.get(last as usize)?.name));
                    }
                    TypeKind::Slice(inner) | TypeKind::Array(inner) => {
                        ty = facts.types.get(inner.0 as usize)?.kind;
                    }
                    _ => return None,
                }
            }
        };
        detail.params.iter().map(|param| name(facts.types.get(param.ty.0 as usize)?.kind)).collect()
    }
}

/// The name of a file without its ending.
fn stem(path: &RelPath) -> &str {
    let name = path.file_name().unwrap_or("");
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// How many folders two files have in common.
fn shared_folders(a: &RelPath, b: &RelPath) -> usize {
    a.as_str().split('/').zip(b.as_str().split('/')).take_while(|(a, b)| a == b).count()
}
