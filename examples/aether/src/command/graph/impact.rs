//! `aether graph impact`.

use std::collections::HashMap;

use aether_core::code::{Symbol, SymbolId};
use aether_core::port::ImpactEntry;
use clap::Args;
use serde::Serialize;

use super::{Ceiling, Floor, Reach, Subject, first, heading};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count, doubt};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::SymbolFields;
use crate::session::Session;

/// What a change of a symbol may affect, nearest first, and the tests that guard it
#[derive(Args, Debug)]
pub(super) struct Impact {
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    floor: Floor,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    ceiling: Ceiling,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: SymbolFields<'a>,
    affected: Vec<Entry<'a>>,
    has_more: bool,
    tests: usize,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    symbol: SymbolFields<'a>,
    distance: u32,
    via: SymbolId,
    confidence: f64,
    is_test: bool,
}

impl Impact {
    pub(super) fn run(&self, session: &Session, out: &mut Output) -> Result<Outcome, Stop> {
        let symbol = session.select(&self.subject.symbol)?;
        let options = self
            .ceiling
            .options()
            .with_min_confidence(self.floor.min_confidence)
            .with_max_depth(self.reach.depth);
        let mut answer = session.checked(session.engine.impact(symbol.id, options)?);
        let has_more = self.ceiling.cut(&mut answer.result);
        let entries = &answer.result;
        let tests = entries.iter().filter(|entry| entry.is_test).count();
        if out.is_json() {
            let affected = entries.iter().map(Entry::new).collect();
            out.json_answer(&answer, Body { symbol: SymbolFields::new(&symbol), affected, has_more, tests })?;
            return Ok(Outcome::Done);
        }
        let number = count(entries.len() as u64, "symbol depends on", "symbols depend on");
        heading(&first(number, has_more), &symbol, &session.places, out)?;
        let names: HashMap<SymbolId, &str> = std::iter::once(&symbol)
            .chain(entries.iter().map(|entry| &entry.symbol))
            .map(|symbol| (symbol.id, symbol.qualified_name.as_str()))
            .collect();
        for (distance, entries) in by_distance(entries) {
            let steps = if distance == 1 { "directly".to_owned() } else { format!("{distance} calls away") };
            out.line("")?;
            out.line(&out.text(Tone::Dim, &format!("{steps}:")))?;
            let rows: Vec<Row> =
                entries.iter().map(|entry| row(entry, &symbol, &names, &session.places)).collect();
            out.rows(&rows)?;
        }
        if has_more {
            self.ceiling.more(out)?;
        }
        out.line("")?;
        let number = count(tests as u64, "test", "tests");
        out.line(&match (tests, has_more) {
            (_, true) => format!("{number} among these"),
            (0, false) => out.text(Tone::Doubt, "no test guards it"),
            (_, false) => format!("guarded by {number}"),
        })?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

impl<'a> Entry<'a> {
    fn new(entry: &'a ImpactEntry) -> Self {
        Self {
            symbol: SymbolFields::new(&entry.symbol),
            distance: entry.distance,
            via: entry.via,
            confidence: entry.confidence.as_fraction(),
            is_test: entry.is_test,
        }
    }
}

/// Entries are sorted by distance.
fn by_distance(entries: &[ImpactEntry]) -> impl Iterator<Item = (u32, &[ImpactEntry])> {
    entries
        .chunk_by(|a, b| a.distance == b.distance)
        .filter_map(|chunk| chunk.first().map(|first| (first.distance, chunk)))
}

fn row(entry: &ImpactEntry, subject: &Symbol, names: &HashMap<SymbolId, &str>, places: &Places) -> Row {
    let symbol = &entry.symbol;
    let via = names.get(&entry.via).filter(|_| entry.via != subject.id);
    Row::of(&symbol.file)
        .cell(Tone::Place, places.show(&symbol.file, symbol.name_line))
        .cell(Tone::Dim, symbol.kind.as_str())
        .cell(Tone::Strong, symbol.qualified_name.clone())
        .cell(Tone::Dim, via.map(|name| format!("through {name}")).unwrap_or_default())
        .cell(Tone::Doubt, doubt(entry.confidence).unwrap_or_default())
}
