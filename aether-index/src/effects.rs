//! What functions do beside giving a value, and how they can fail: from their bodies and from what they call.

mod file;
mod local;
mod spread;
mod table;

use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::{Confidence, Effect, EffectKind, EffectStep, SymbolId};
use rustc_hash::FxHashMap;

pub(crate) use self::file::FileEffects;
use self::file::{LocalFunction, Site};
pub(crate) use self::table::is_of_std;
pub use self::table::{EffectTable, EffectTableError};

/// The effects of all functions of an index.
///
/// A body has the effects of its macros and operators, of the functions outside the project that it calls
/// (as an [`EffectTable`] knows them), and those of the functions of the project that it calls, with the
/// likeliest way to each. Panics grow less likely with each call: who calls often has made sure that they
/// cannot happen, unless the function that is called tells them as a mistake of its caller
/// (`#[track_caller]`). A call that could not be resolved, that leads to a crate of which nothing is known
/// or to a method without a body is [`EffectKind::UNKNOWN`], so that a function without effects has none.
///
/// Today calls of Rust say most, since canonical paths are known there alone.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    functions: Vec<Function>,
    by_id: FxHashMap<SymbolId, u32>,
    kinds: Vec<EffectKind>,
}

#[derive(Clone, Debug)]
struct Function {
    file: RelPath,
    local: Arc<LocalFunction>,
    /// By the number of a kind: how the function comes to it.
    causes: Vec<(u32, Cause)>,
}

#[derive(Clone, Copy, Debug)]
struct Cause {
    /// In millionths.
    likelihood: u64,
    origin: Origin,
}

/// Where an effect of a function comes from.
#[derive(Clone, Copy, Debug)]
enum Origin {
    /// One of its own causes, by number.
    Own(u32),
    /// One of its calls, which leads to what has no body: a constructor, or a method of a trait that
    /// somebody implements.
    Bodiless(u32),
    /// One of its calls, and the function that this leads to.
    Call { place: u32, target: u32 },
}

impl Effects {
    /// Least confidence of a call that is followed. Below it, the call may lead anywhere.
    pub const LIKELY_CALL: Confidence = Confidence::from_thousandths(800);
    /// Confidence from which on a panic is one that a caller should know of: nine in ten such functions
    /// say so in their documentation, where it says anything (`docs/results/`).
    pub const LIKELY_PANIC: Confidence = Confidence::from_thousandths(700);

    /// Joins what is known of each file.
    pub(crate) fn join<'f>(files: impl IntoIterator<Item = &'f FileEffects>, table: &EffectTable) -> Self {
        let mut effects = Self { kinds: EffectKind::KNOWN.to_vec(), ..Self::default() };
        for file in files {
            for local in &file.functions {
                effects.by_id.insert(local.id, effects.functions.len() as u32);
                effects.functions.push(Function {
                    file: file.path.clone(),
                    local: Arc::clone(local),
                    causes: Vec::new(),
                });
            }
        }
        for number in 0..effects.functions.len() {
            effects.functions[number].causes = effects.own_causes(number, table);
        }
        effects.spread(table);
        effects
    }

    fn own_causes(&mut self, number: usize, table: &EffectTable) -> Vec<(u32, Cause)> {
        let local = Arc::clone(&self.functions[number].local);
        let mut causes = Vec::with_capacity(local.causes.len());
        for (place, (kind, _)) in local.causes.iter().enumerate() {
            let likelihood = spread::CERTAIN * u64::from(table.weights(kind).likelihood) / 1000;
            let cause = Cause { likelihood, origin: Origin::Own(place as u32) };
            causes.push((self.kind_number(kind), cause));
        }
        let bodiless = local.calls.iter().position(|call| !self.by_id.contains_key(&call.target));
        if let Some(place) = bodiless {
            let kind = self.kind_number(&EffectKind::UNKNOWN);
            let at = local.calls[place].site.at;
            let is_first = local
                .causes
                .iter()
                .find(|(kind, _)| *kind == EffectKind::UNKNOWN)
                .is_none_or(|(_, own)| at < own.at);
            if is_first {
                causes.retain(|(known, _)| *known != kind);
                let likelihood =
                    spread::CERTAIN * u64::from(table.weights(&EffectKind::UNKNOWN).likelihood) / 1000;
                causes.push((kind, Cause { likelihood, origin: Origin::Bodiless(place as u32) }));
            }
        }
        causes
    }

    fn kind_number(&mut self, kind: &EffectKind) -> u32 {
        match self.kinds.iter().position(|known| known == kind) {
            Some(at) => at as u32,
            None => {
                self.kinds.push(kind.clone());
                self.kinds.len() as u32 - 1
            }
        }
    }

    fn cause(&self, function: u32, kind: u32) -> Option<&Cause> {
        let causes = &self.functions.get(function as usize)?.causes;
        causes.iter().find(|(known, _)| *known == kind).map(|(_, cause)| cause)
    }

    /// The effects of a function with the likeliest way to each, in the order of their kinds; none for what
    /// has no body.
    #[must_use]
    pub fn of(&self, symbol: SymbolId) -> Vec<Effect> {
        let Some(&number) = self.by_id.get(&symbol) else { return Vec::new() };
        self.kinds_of(number)
            .into_iter()
            .map(|(kind, likelihood)| {
                Effect::new(self.kinds[kind as usize].clone(), confidence(likelihood), self.way(number, kind))
            })
            .collect()
    }

    /// Hands over each effect of a function: its kind, how likely it is, and where it comes from: the
    /// function and what stands there.
    pub(crate) fn visit_origins(
        &self,
        symbol: SymbolId,
        visit: &mut dyn FnMut(&EffectKind, Confidence, SymbolId, &str),
    ) {
        let Some(&number) = self.by_id.get(&symbol) else { return };
        for (kind, likelihood) in self.kinds_of(number) {
            let (mut at, mut last) = (number, None);
            while let Some(cause) = self.cause(at, kind) {
                let function = &self.functions[at as usize];
                last = Some((function.local.id, &site(function, cause.origin).text));
                match cause.origin {
                    Origin::Call { target, .. } => at = target,
                    Origin::Own(_) | Origin::Bodiless(_) => break,
                }
            }
            if let Some((function, text)) = last {
                visit(&self.kinds[kind as usize], confidence(likelihood), function, text);
            }
        }
    }

    /// Whether a function has the effects that it had in `old`, from the same places.
    pub(crate) fn are_those_of(&self, old: &Self, symbol: SymbolId) -> bool {
        let origins = |effects: &Self| {
            let mut origins = Vec::new();
            effects.visit_origins(symbol, &mut |kind, confidence, function, text| {
                origins.push((kind.clone(), confidence, function, text.to_owned()));
            });
            origins
        };
        origins(self) == origins(old)
    }

    /// The kinds of effect of a function by their numbers, with the likelihood of each.
    fn kinds_of(&self, number: u32) -> Vec<(u32, u64)> {
        let causes = &self.functions[number as usize].causes;
        let mut kinds: Vec<(u32, u64)> =
            causes.iter().map(|(kind, cause)| (*kind, cause.likelihood)).collect();
        kinds.sort_unstable();
        kinds
    }

    /// Each cause leads one call nearer to the origin, so a way ends.
    fn way(&self, mut number: u32, kind: u32) -> Vec<EffectStep> {
        let mut steps = Vec::new();
        while let Some(cause) = self.cause(number, kind) {
            let function = &self.functions[number as usize];
            let Site { at, line, text } = site(function, cause.origin).clone();
            steps.push(EffectStep::new(function.local.id, function.file.clone(), at, line, text));
            match cause.origin {
                Origin::Call { target, .. } => number = target,
                Origin::Own(_) | Origin::Bodiless(_) => break,
            }
        }
        steps
    }

    /// Whether a function with a body has this id.
    #[must_use]
    pub fn has(&self, symbol: SymbolId) -> bool {
        self.by_id.contains_key(&symbol)
    }

    /// All functions with a body.
    pub fn functions(&self) -> impl Iterator<Item = SymbolId> {
        self.functions.iter().map(|function| function.local.id)
    }
}

fn confidence(likelihood: u64) -> Confidence {
    Confidence::from_thousandths((likelihood / (spread::CERTAIN / 1000)) as u16)
}

/// What stands in a function where an effect comes from.
fn site(function: &Function, origin: Origin) -> &Site {
    match origin {
        Origin::Own(place) => &function.local.causes[place as usize].1,
        Origin::Bodiless(place) | Origin::Call { place, .. } => &function.local.calls[place as usize].site,
    }
}
