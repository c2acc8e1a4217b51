//! What functions do beside giving a value, and how they can fail: from their bodies and from what they call.

mod local;
mod spread;
mod table;

use std::collections::{BTreeMap, HashMap};

use aether_core::base::RelPath;
use aether_core::code::{Confidence, EdgeKind, Effect, EffectKind, EffectStep, SymbolId};
use aether_core::port::{EdgeRecord, IndexStore, PortError};

pub use self::table::{EffectTable, EffectTableError};
use crate::ids::symbol_ids;

/// Files whose facts are read at once.
const BATCH_FILES: usize = 256;

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
#[derive(Debug, Default)]
pub struct Effects {
    functions: Vec<Function>,
    by_id: HashMap<SymbolId, u32>,
    kinds: Vec<EffectKind>,
}

#[derive(Debug)]
struct Function {
    id: SymbolId,
    file: RelPath,
    /// By the number of a kind: how the function comes to it.
    causes: Vec<(u32, Cause)>,
    calls: Vec<Call>,
    /// Calls of values that no edge has told of yet, by their byte, with line and text.
    opaque: BTreeMap<u32, (u32, String)>,
    /// Whether a panic in it is told as one of its caller.
    blames_caller: bool,
}

#[derive(Clone, Debug)]
struct Cause {
    at: u32,
    line: u32,
    text: String,
    /// In millionths.
    likelihood: u64,
    /// The function that is called there and has the effect.
    through: Option<u32>,
}

#[derive(Debug)]
struct Call {
    target: u32,
    at: u32,
    line: u32,
    text: String,
    /// In thousandths.
    confidence: u16,
}

impl Effects {
    /// Least confidence of a call that is followed. Below it, the call may lead anywhere.
    pub const LIKELY_CALL: Confidence = Confidence::from_thousandths(800);
    /// Confidence from which on a panic is one that a caller should know of: nine in ten such functions
    /// say so in their documentation, where it says anything (`docs/results/`).
    pub const LIKELY_PANIC: Confidence = Confidence::from_thousandths(700);

    /// Derives the effects of every function of a store. Calls of a confidence below `least` lead to
    /// [`EffectKind::UNKNOWN`] alone.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn derive(store: &dyn IndexStore, table: &EffectTable, least: Confidence) -> Result<Self, PortError> {
        let mut effects = Self { kinds: EffectKind::KNOWN.to_vec(), ..Self::default() };
        let stamps = store.files()?;
        for batch in stamps.chunks(BATCH_FILES) {
            let paths: Vec<RelPath> = batch.iter().map(|stamp| stamp.path.clone()).collect();
            for (stamp, facts) in batch.iter().zip(store.facts(&paths)?) {
                let Some(facts) = facts else { continue };
                let ids = symbol_ids(&stamp.path, &stamp.language, &facts);
                let starts = facts.line_starts();
                for (owner, body) in local::bodies(&facts, table) {
                    let Some(&id) = ids.get(owner.0 as usize) else { continue };
                    let number = effects.number_of(id, &stamp.path);
                    let attributes = facts.symbols.get(owner.0 as usize).map(|symbol| &symbol.attributes);
                    effects.functions[number as usize].blames_caller =
                        attributes.is_some_and(|attributes| attributes.iter().any(|it| it == "track_caller"));
                    let line_of = |at: u32| starts.partition_point(|&start| start <= at) as u32;
                    let opaque = body.opaque.into_iter().map(|(at, text)| (at, (line_of(at), text)));
                    effects.functions[number as usize].opaque.extend(opaque);
                    for origin in body.origins {
                        let line = line_of(origin.at);
                        effects.note(number, &origin.kind, table, origin.at, line, &origin.text);
                    }
                }
            }
        }
        store.visit_edges(&mut |edge| effects.take(edge, table, least))?;
        for number in 0..effects.functions.len() as u32 {
            let opaque = std::mem::take(&mut effects.functions[number as usize].opaque);
            if let Some((at, (line, text))) = opaque.into_iter().next() {
                effects.note(number, &EffectKind::UNKNOWN, table, at, line, &text);
            }
        }
        effects.spread(table);
        Ok(effects)
    }

    fn number_of(&mut self, id: SymbolId, file: &RelPath) -> u32 {
        *self.by_id.entry(id).or_insert_with(|| {
            self.functions.push(Function {
                id,
                file: file.clone(),
                causes: Vec::new(),
                calls: Vec::new(),
                opaque: BTreeMap::new(),
                blames_caller: false,
            });
            self.functions.len() as u32 - 1
        })
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

    /// Notes a cause that lies in the function itself; the first one in the text counts.
    fn note(
        &mut self,
        function: u32,
        kind: &EffectKind,
        table: &EffectTable,
        at: u32,
        line: u32,
        text: &str,
    ) {
        let likelihood = spread::CERTAIN * u64::from(table.weights(kind).likelihood) / 1000;
        let kind = self.kind_number(kind);
        let causes = &mut self.functions[function as usize].causes;
        let cause = || Cause { at, line, text: text.to_owned(), likelihood, through: None };
        match causes.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) if known.at <= at => {}
            Some((_, known)) => *known = cause(),
            None => causes.push((kind, cause())),
        }
    }

    fn cause(&self, function: u32, kind: u32) -> Option<&Cause> {
        let causes = &self.functions.get(function as usize)?.causes;
        causes.iter().find(|(known, _)| *known == kind).map(|(_, cause)| cause)
    }

    fn take(&mut self, edge: &EdgeRecord, table: &EffectTable, least: Confidence) {
        // Only what has a body takes part.
        let Some(&source) = self.by_id.get(&edge.src_id) else { return };
        self.functions[source as usize].opaque.remove(&edge.site_at);
        if edge.kind != EdgeKind::Calls {
            return;
        }
        let note = |effects: &mut Self, kinds: &[EffectKind], is_known: bool, text: &str| {
            let unknown = [EffectKind::UNKNOWN];
            let kinds = if kinds.is_empty() && !is_known { &unknown } else { kinds };
            for kind in kinds {
                effects.note(source, kind, table, edge.site_at, edge.site_line, text);
            }
        };
        let is_likely = edge.confidence >= least;
        match (edge.dst_id, edge.dst_path.as_deref()) {
            (Some(target), _) if is_likely => match self.by_id.get(&target) {
                Some(&target) => self.functions[source as usize].calls.push(Call {
                    target,
                    at: edge.site_at,
                    line: edge.site_line,
                    text: edge.callee_text.clone(),
                    confidence: edge.confidence.thousandths(),
                }),
                // Without a body: a constructor, or a method of a trait that somebody implements.
                None => note(self, &[], false, &edge.callee_text),
            },
            (None, Some(path)) if is_likely => {
                note(self, &table.effects_of(path), table.is_known(path), path);
            }
            _ => {
                let name = edge.callee_text.rsplit(['.', ':']).next().unwrap_or("");
                note(self, table.of_method(name), false, &edge.callee_text);
            }
        }
    }

    /// The effects of a function with the likeliest way to each, in the order of their kinds; none for what
    /// has no body.
    #[must_use]
    pub fn of(&self, symbol: SymbolId) -> Vec<Effect> {
        let Some(&number) = self.by_id.get(&symbol) else { return Vec::new() };
        let mut kinds: Vec<u32> =
            self.functions[number as usize].causes.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds
            .into_iter()
            .filter_map(|kind| {
                let likelihood = self.cause(number, kind)?.likelihood;
                let confidence = Confidence::from_thousandths((likelihood / (spread::CERTAIN / 1000)) as u16);
                Some(Effect::new(self.kinds[kind as usize].clone(), confidence, self.way(number, kind)))
            })
            .collect()
    }

    /// Each cause leads one call nearer to the origin, so a way ends.
    fn way(&self, mut number: u32, kind: u32) -> Vec<EffectStep> {
        let mut steps = Vec::new();
        while let Some(cause) = self.cause(number, kind) {
            let function = &self.functions[number as usize];
            let (file, text) = (function.file.clone(), cause.text.clone());
            steps.push(EffectStep::new(function.id, file, cause.at, cause.line, text));
            match cause.through {
                Some(next) => number = next,
                None => break,
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
        self.functions.iter().map(|function| function.id)
    }
}
