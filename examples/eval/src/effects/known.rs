//! The table of known calls against functions of the standard library that were judged by hand.

use std::fmt::Write as _;

use aether_core::code::EffectKind;
use aether_index::EffectTable;
use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::BAR;
use crate::output::say;
use crate::report::{self, Bar, Row};
use crate::share::Share;

/// What was judged; how, its head says.
const GOLD: &str = include_str!("../../gold/std-effects.toml");

/// The kinds that were judged: what reaches beyond the values of a function. How it panics is not among them.
const KINDS: [EffectKind; 12] = [
    EffectKind::FILES_READ,
    EffectKind::FILES_WRITE,
    EffectKind::NETWORK,
    EffectKind::ENVIRONMENT,
    EffectKind::PROCESS,
    EffectKind::EXIT,
    EffectKind::TIME,
    EffectKind::RANDOM,
    EffectKind::INPUT,
    EffectKind::OUTPUT,
    EffectKind::THREADS,
    EffectKind::GLOBAL_STATE,
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    function: Vec<Judged>,
}

/// A function and what was judged of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    path: String,
    effects: Vec<EffectKind>,
    /// Kinds whose meaning does not decide it: neither right nor wrong.
    #[serde(default)]
    unclear: Vec<EffectKind>,
    #[serde(default)]
    why: String,
}

/// Pairs of a function and a kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Pairs {
    right: usize,
    claimed: usize,
    judged: usize,
}

impl Pairs {
    fn add(&mut self, is_claimed: bool, is_judged: bool) {
        self.right += usize::from(is_claimed && is_judged);
        self.claimed += usize::from(is_claimed);
        self.judged += usize::from(is_judged);
    }
}

/// What was found: by kind in the order of [`KINDS`], and what differs as text.
#[derive(Debug, Default)]
struct Found {
    of_kind: [Pairs; KINDS.len()],
    total: Pairs,
    differences: String,
}

/// Scores the table; whether it is right often enough.
pub(super) fn standard_library(table: &EffectTable) -> Result<bool> {
    let gold: Gold = toml::from_str(GOLD).context("the list of functions cannot be read")?;
    let found = score(&gold.function, table);
    let what = |kind: &str, pairs: Pairs, measure: &str| {
        format!("{kind}, {} pairs, {} told, {measure}", pairs.judged, pairs.claimed)
    };
    let mut rows = Vec::new();
    for (kind, pairs) in KINDS.iter().zip(found.of_kind) {
        for (measure, of) in [("precision", pairs.claimed), ("recall", pairs.judged)] {
            let value = Share::new(pairs.right, of).or_zero();
            rows.push(Row::plain("std", &what(kind.as_str(), pairs, measure), value, 3, ""));
        }
    }
    for (measure, of) in [("precision", found.total.claimed), ("recall", found.total.judged)] {
        let value = Share::new(found.total.right, of).or_zero();
        let what = what("all", found.total, measure);
        rows.push(Row::gate("std", &what, value, 3, "", Bar::AtLeast(BAR)));
    }
    say(&format!("{} functions\n{}", gold.function.len(), found.differences));
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

fn score(functions: &[Judged], table: &EffectTable) -> Found {
    let mut found = Found::default();
    for function in functions {
        let claimed = table.effects_of(&function.path);
        for (kind, pairs) in KINDS.iter().zip(&mut found.of_kind) {
            if function.unclear.contains(kind) {
                continue;
            }
            let (is_claimed, is_judged) = (claimed.contains(kind), function.effects.contains(kind));
            pairs.add(is_claimed, is_judged);
            found.total.add(is_claimed, is_judged);
            if is_claimed != is_judged {
                let what = if is_judged { "missed" } else { "wrong" };
                let _ = write!(found.differences, "{what} {kind} {}", function.path);
                let why = if function.why.is_empty() { "" } else { ": " };
                let _ = writeln!(found.differences, "{why}{}", function.why);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(path: &str, effects: &[EffectKind], unclear: &[EffectKind]) -> Judged {
        Judged {
            path: path.to_owned(),
            effects: effects.to_vec(),
            unclear: unclear.to_vec(),
            why: String::new(),
        }
    }

    #[test]
    fn what_is_unclear_is_neither_right_nor_wrong() {
        let mut table = EffectTable::default();
        table.add("[time]\npaths = [\"std::a\", \"std::b\", \"std::c\"]\n").unwrap();
        let functions = [
            judged("std::a", &[EffectKind::TIME], &[]),
            judged("std::b", &[], &[]),
            judged("std::c", &[], &[EffectKind::TIME]),
            judged("std::d", &[EffectKind::TIME, EffectKind::THREADS], &[]),
        ];
        let found = score(&functions, &table);
        assert_eq!(found.total, Pairs { right: 1, claimed: 2, judged: 3 });
        assert_eq!(found.differences, "wrong time std::b\nmissed time std::d\nmissed threads std::d\n");
    }

    #[test]
    fn the_list_names_each_function_once_and_only_kinds_that_count() {
        let gold: Gold = toml::from_str(GOLD).unwrap();
        assert_eq!(gold.function.len(), 200);
        for pair in gold.function.windows(2) {
            assert!(pair[0].path < pair[1].path, "{}", pair[1].path);
        }
        for function in &gold.function {
            let mut kinds = function.effects.iter().chain(&function.unclear);
            assert!(kinds.all(|kind| KINDS.contains(kind)), "{}", function.path);
        }
    }
}
