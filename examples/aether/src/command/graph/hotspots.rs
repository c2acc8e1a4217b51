//! `aether graph hotspots`.

use aether_bindings::engine::{Hotspot, HotspotOptions};
use clap::Args;
use serde::Serialize;

use super::Floor;
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// Functions that much depends on, in files that change often
#[derive(Args, Debug)]
pub(super) struct Hotspots {
    /// Let tests, and what stands beside them, take part
    #[arg(long)]
    tests: bool,
    /// How many commits are looked at, the last ones along first parents
    #[arg(long, value_name = "N", default_value_t = HotspotOptions::default().commits, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    commits: u32,
    #[command(flatten)]
    floor: Floor,
    /// Most results
    #[arg(long, value_name = "N", default_value_t = HotspotOptions::default().limit, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    hotspots: Vec<Entry<'a>>,
    has_more: bool,
    churn_known: bool,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    symbol: SymbolFields<'a>,
    centrality: f64,
    churn: u32,
    score: f64,
    callers: u64,
}

impl Hotspots {
    pub(super) fn run(
        &self,
        context: Context<'_>,
        session: &Session,
        out: &mut Output,
    ) -> Result<Outcome, Stop> {
        let mut options = HotspotOptions::default()
            .with_min_confidence(self.floor.min_confidence)
            .with_commits(self.commits)
            .with_limit(self.limit + 1);
        if self.tests {
            options = options.with_tests();
        }
        let answer = context.interrupt.guard(|cancel| session.engine.hotspots(options, cancel))?;
        let mut answer = session.checked(answer);
        let has_more = answer.result.hotspots.len() > self.limit as usize;
        answer.result.hotspots.truncate(self.limit as usize);
        let found = &answer.result;
        if out.is_json() {
            let hotspots = found.hotspots.iter().map(Entry::new).collect();
            out.json_answer(&answer, Body { hotspots, has_more, churn_known: found.churn_known })?;
            return Ok(Outcome::Done);
        }
        let number = count(found.hotspots.len() as u64, "hotspot", "hotspots");
        out.line(&match found.churn_known {
            true => format!("{number}, by what leads to them times commits of their file"),
            false => format!("{number}, by what leads to them alone: there is no git history"),
        })?;
        if !found.hotspots.is_empty() {
            out.line("")?;
        }
        let rows: Vec<Row> = found
            .hotspots
            .iter()
            .map(|hotspot| {
                let symbol = &hotspot.symbol;
                let commits = match found.churn_known {
                    true => count(u64::from(hotspot.churn), "commit", "commits"),
                    false => String::new(),
                };
                Row::of("")
                    .cell(Tone::Plain, format!("{:.2}", thousandths(hotspot.score)))
                    .cell(Tone::Place, session.places.show(&symbol.file, symbol.name_line))
                    .cell(Tone::Strong, symbol.qualified_name.clone())
                    .cell(Tone::Plain, count(hotspot.callers, "caller", "callers"))
                    .cell(Tone::Plain, commits)
            })
            .collect();
        out.rows(&rows)?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

/// Billionths as thousandths.
fn thousandths(billionths: u64) -> f64 {
    billionths as f64 / 1e6
}

impl<'a> Entry<'a> {
    fn new(hotspot: &'a Hotspot) -> Self {
        Self {
            symbol: SymbolFields::new(&hotspot.symbol),
            centrality: hotspot.centrality as f64 / 1e9,
            churn: hotspot.churn,
            score: hotspot.score as f64 / 1e9,
            callers: hotspot.callers,
        }
    }
}
