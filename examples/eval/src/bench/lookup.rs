//! How long questions by name and by words take.

use std::collections::BTreeSet;
use std::time::Instant;

use aether_bindings::engine::Engine;
use aether_core::code::{SearchMode, SearchQuery, SymbolKind};
use anyhow::Result;
use serde::Serialize;

use crate::measure::Sorted;
use crate::random::Random;

/// Words as people and agents type them: common ones, pairs, filters, and ones that few symbols have.
const QUERIES: [&str; 25] = [
    "new",
    "from",
    "fn",
    "iter",
    "get",
    "parse config",
    "read line",
    "impl display",
    "error kind",
    "default",
    "into iter",
    "write buffer",
    "file path",
    "spawn task",
    "as str",
    "build graph node",
    "token stream",
    "test",
    "next",
    "poll ready",
    "insert hash map",
    "kind:method len",
    "path:src read to string",
    "find first match of a pattern",
    "is empty",
];

/// The first letters of words.
const PREFIXES: [&str; 25] = [
    "pars*", "conf*", "new*", "read*", "inde*", "from*", "get*", "iter*", "buil*", "writ*", "spaw*", "toke*",
    "test*", "next*", "poll*", "inse*", "rese*", "path*", "stri*", "matc*", "erro*", "defa*", "fn*", "is*",
    "a*",
];

/// Hits asked for.
const LIMIT: u32 = 20;
/// Measured passes over the queries; one before them is not measured.
const PASSES: usize = 4;
/// Names that are looked up.
const NAMES: usize = 500;

/// Milliseconds of all questions of one kind.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Latencies {
    pub(super) what: &'static str,
    pub(super) milliseconds: Vec<f64>,
}

impl Latencies {
    pub(super) fn sorted(&self) -> Sorted {
        Sorted::new(self.milliseconds.clone())
    }
}

/// What [`run`] measures.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Lookups {
    pub(super) exact: Latencies,
    pub(super) exact_by_frequency: Latencies,
    pub(super) ranked: Latencies,
    pub(super) prefix: Latencies,
    /// Queries that found nothing.
    pub(super) empty: usize,
}

/// Asks the index of `engine`.
pub(super) fn run(engine: &Engine, seed: u64) -> Result<Lookups> {
    let mut all = Vec::new();
    engine.visit_symbols(&mut |symbol| {
        if symbol.kind != SymbolKind::FILE && symbol.kind != SymbolKind::IMPL {
            all.push(symbol.name.clone());
        }
    })?;
    let distinct: Vec<String> = all.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let mut random = Random::new(seed);
    let mut draw = |names: &[String]| -> Vec<String> {
        (0..NAMES).filter_map(|_| random.choose(names).cloned()).collect()
    };
    let (by_name, by_symbol) = (draw(&distinct), draw(&all));
    let mut empty = 0;
    let mut exact = |what, names: &[String]| {
        timed(what, names, |name| {
            empty += usize::from(engine.symbols_named(name)?.is_empty());
            Ok(())
        })
    };
    let exact_name = exact("exact name", &by_name)?;
    let exact_by_frequency = exact("exact name, frequent ones more often", &by_symbol)?;
    let ranked = |what, queries: &[&str]| {
        timed(what, queries, |text| {
            engine.search(&SearchQuery::parse(text, LIMIT), SearchMode::Lexical)?;
            Ok(())
        })
    };
    Ok(Lookups {
        exact: exact_name,
        exact_by_frequency,
        ranked: ranked("ranked, top 20", &QUERIES)?,
        prefix: ranked("ranked prefix, top 20", &PREFIXES)?,
        empty,
    })
}

/// Asks all questions once, then again and again against the clock.
fn timed<Q>(what: &'static str, questions: &[Q], mut ask: impl FnMut(&Q) -> Result<()>) -> Result<Latencies> {
    let mut milliseconds = Vec::with_capacity(questions.len() * PASSES);
    for pass in 0..=PASSES {
        for question in questions {
            let start = Instant::now();
            ask(question)?;
            if pass > 0 {
                milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    Ok(Latencies { what, milliseconds })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indexed::Indexed;

    #[test]
    fn every_question_is_asked_in_every_measured_pass() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("lib.rs"), "pub fn parse_config() {}\nfn read() {}\n").unwrap();
        let indexed = Indexed::build(folder.path(), 1).unwrap();
        let lookups = run(&indexed.engine, 1).unwrap();
        assert_eq!(lookups.exact.sorted().len(), NAMES * PASSES);
        assert_eq!(lookups.ranked.sorted().len(), QUERIES.len() * PASSES);
        assert_eq!(lookups.empty, 0);
    }

    #[test]
    fn queries_differ() {
        assert_eq!(QUERIES.iter().collect::<BTreeSet<_>>().len(), QUERIES.len());
        assert_eq!(PREFIXES.iter().collect::<BTreeSet<_>>().len(), PREFIXES.len());
    }
}
