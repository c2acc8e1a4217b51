//! What functions do beside giving a value, and how they can fail: from their bodies and from what they call.

mod local;
mod spread;
mod table;

use std::collections::HashMap;

use aether_core::base::RelPath;
use aether_core::code::{Confidence, EdgeKind, Effect, EffectKind, EffectStep, SymbolId};
use aether_core::port::{EdgeRecord, IndexStore, PortError};

pub use self::table::EffectTable;
use crate::ids::symbol_ids;

/// Files whose facts are read at once.
const BATCH_FILES: usize = 256;

/// The effects of all functions of an index.
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
}

#[derive(Clone, Debug)]
struct Cause {
    at: u32,
    line: u32,
    text: String,
    /// The function that is called there and has the effect.
    through: Option<u32>,
}

#[derive(Debug)]
struct Call {
    target: u32,
    at: u32,
    line: u32,
    text: String,
}

impl Effects {
    /// Derives the effects of every function of a store. Calls of a confidence below `least` spread
    /// nothing but [`EffectKind::UNKNOWN`].
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
                for (owner, origins) in local::origins(&facts, table) {
                    let Some(&id) = ids.get(owner.0 as usize) else { continue };
                    let number = effects.number_of(id, &stamp.path);
                    for origin in origins {
                        let line = starts.partition_point(|&start| start <= origin.at) as u32;
                        let cause = Cause { at: origin.at, line, text: origin.text, through: None };
                        effects.note(number, &origin.kind, cause);
                    }
                }
            }
        }
        store.visit_edges(&mut |edge| effects.take(edge, table, least))?;
        effects.spread();
        Ok(effects)
    }

    fn number_of(&mut self, id: SymbolId, file: &RelPath) -> u32 {
        *self.by_id.entry(id).or_insert_with(|| {
            let function = Function { id, file: file.clone(), causes: Vec::new(), calls: Vec::new() };
            self.functions.push(function);
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
    fn note(&mut self, function: u32, kind: &EffectKind, cause: Cause) {
        let kind = self.kind_number(kind);
        let causes = &mut self.functions[function as usize].causes;
        match causes.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) if known.at <= cause.at => {}
            Some((_, known)) => *known = cause,
            None => causes.push((kind, cause)),
        }
    }

    fn take(&mut self, edge: &EdgeRecord, table: &EffectTable, least: Confidence) {
        if edge.kind != EdgeKind::Calls {
            return;
        }
        // Only what has a body takes part.
        let Some(&source) = self.by_id.get(&edge.src_id) else { return };
        let cause = |text: &str| Cause {
            at: edge.site_at,
            line: edge.site_line,
            text: text.to_owned(),
            through: None,
        };
        let is_likely = edge.confidence >= least;
        match (edge.dst_id, edge.dst_path.as_deref()) {
            (Some(target), _) if is_likely => match self.by_id.get(&target) {
                Some(&target) => self.functions[source as usize].calls.push(Call {
                    target,
                    at: edge.site_at,
                    line: edge.site_line,
                    text: edge.callee_text.clone(),
                }),
                // Without a body: a constructor, or a method of a trait that somebody implements.
                None => self.note(source, &EffectKind::UNKNOWN, cause(&edge.callee_text)),
            },
            (None, Some(path)) if is_likely => {
                let kinds: Vec<EffectKind> = table.of_path(path).into_iter().cloned().collect();
                let root = path.split("::").next().unwrap_or(path);
                // A primitive type has methods of its own.
                let is_known = root == "std" || root.chars().next().is_some_and(char::is_lowercase) && PRIMITIVES.contains(&root);
                if kinds.is_empty() && !is_known {
                    self.note(source, &EffectKind::UNKNOWN, cause(path));
                }
                for kind in kinds {
                    self.note(source, &kind, cause(path));
                }
            }
            _ => {
                let name = edge.callee_text.rsplit(['.', ':']).next().unwrap_or("");
                let kinds = table.of_method(name).to_vec();
                if kinds.is_empty() {
                    self.note(source, &EffectKind::UNKNOWN, cause(&edge.callee_text));
                }
                for kind in kinds {
                    self.note(source, &kind, cause(&edge.callee_text));
                }
            }
        }
    }

    /// The effects of a function with the shortest way to each, in the order of their kinds; none for what
    /// has no body.
    #[must_use]
    pub fn of(&self, symbol: SymbolId) -> Vec<Effect> {
        let Some(&number) = self.by_id.get(&symbol) else { return Vec::new() };
        let mut kinds: Vec<u32> = self.functions[number as usize].causes.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds
            .into_iter()
            .map(|kind| Effect::new(self.kinds[kind as usize].clone(), self.way(number, kind)))
            .collect()
    }

    /// Each cause leads one call nearer to the origin, so a way ends.
    fn way(&self, mut number: u32, kind: u32) -> Vec<EffectStep> {
        let mut steps = Vec::new();
        while let Some((_, cause)) = self.functions[number as usize].causes.iter().find(|(known, _)| *known == kind) {
            let function = &self.functions[number as usize];
            steps.push(EffectStep::new(function.id, function.file.clone(), cause.at, cause.line, cause.text.clone()));
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

/// Types whose methods the table knows without a path.
const PRIMITIVES: [&str; 24] = [
    "array", "bool", "char", "core", "alloc", "f32", "f64", "fn", "i128", "i16", "i32", "i64", "i8", "isize",
    "pointer", "reference", "slice", "str", "tuple", "u128", "u16", "u32", "u64", "u8",
];
