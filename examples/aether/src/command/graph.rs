//! `aether graph`: questions to the project graph, and a picture of a part of it.

mod callees;
mod callers;
mod chain;
mod communities;
mod cycles;
mod dead;
mod draw;
mod hotspots;
mod impact;
mod path;

use aether_bindings::engine::{EdgesAnswer, GraphOptions};
use aether_core::code::{Confidence, Symbol};
use aether_core::port::EdgeRecord;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, clip, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::{NamedEdge, SymbolFields};
use crate::session::{Context, Session};

/// Ask who calls whom, or draw it
#[derive(Args, Debug)]
pub(crate) struct Graph {
    #[command(flatten)]
    draw: draw::Draw,
    #[command(subcommand)]
    question: Option<Question>,
}

/// The questions.
#[derive(Debug, Subcommand)]
enum Question {
    Callers(callers::Callers),
    Callees(callees::Callees),
    Impact(impact::Impact),
    Path(path::Path),
    Chain(chain::Chain),
    Cycles(cycles::Cycles),
    Communities(communities::Communities),
    Hotspots(hotspots::Hotspots),
    Dead(dead::Dead),
}

impl Graph {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let Some(question) = &self.question else {
            let Some(subject) = self.draw.subject() else {
                return Err(Failure::usage(
                    "`graph` needs a question, or --dot or --svg with a symbol; see `aether graph --help`",
                )
                .into());
            };
            let session = Session::start(context, None, out)?;
            return self.draw.run(subject, &session, out);
        };
        if let Some(flag) = self.draw.flag() {
            return Err(
                Failure::usage(format!("{flag} stands behind a question, or draws without one")).into()
            );
        }
        let session = Session::start(context, None, out)?;
        match question {
            Question::Callers(question) => question.run(&session, out),
            Question::Callees(question) => question.run(&session, out),
            Question::Impact(question) => question.run(&session, out),
            Question::Path(question) => question.run(&session, out),
            Question::Chain(question) => question.run(context, &session, out),
            Question::Cycles(question) => question.run(&session, out),
            Question::Communities(question) => question.run(&session, out),
            Question::Hotspots(question) => question.run(context, &session, out),
            Question::Dead(question) => question.run(context, &session, out),
        }
    }
}

/// The symbol that a question is about.
#[derive(Args, Debug)]
struct Subject {
    /// A name, a qualified name or the end of one, FILE:LINE, or an id
    #[arg(value_name = "SYMBOL")]
    symbol: String,
}

/// Which edges count.
#[derive(Args, Clone, Copy, Debug)]
struct Floor {
    /// Least confidence of an edge, 0 to 1
    #[arg(long, value_name = "FRACTION", default_value = "0", value_parser = fraction)]
    min_confidence: Confidence,
}

/// How much is answered.
#[derive(Args, Clone, Copy, Debug)]
struct Ceiling {
    /// Most results
    #[arg(long, value_name = "N", default_value_t = GraphOptions::default().limit, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

/// How far a question goes.
#[derive(Args, Clone, Copy, Debug)]
struct Reach {
    /// Longest chain of calls
    #[arg(long, value_name = "N", default_value_t = GraphOptions::default().max_depth, value_parser = clap::value_parser!(u32).range(1..=1000))]
    depth: u32,
}

impl Ceiling {
    /// One more than is shown, so that it is known whether there are more.
    fn options(self) -> GraphOptions {
        GraphOptions::default().with_limit(self.limit.saturating_add(1))
    }

    /// As many as are shown, of an answer that says how many there are.
    fn exact(self) -> GraphOptions {
        GraphOptions::default().with_limit(self.limit)
    }

    /// Keeps what is shown, and returns whether there was more.
    fn cut<T>(self, found: &mut Vec<T>) -> bool {
        let limit = self.limit as usize;
        let has_more = found.len() > limit;
        found.truncate(limit);
        has_more
    }

    fn more(self, out: &mut Output) -> Result<(), Stop> {
        let line = out.text(Tone::Dim, &format!("and more; --limit is {}", self.limit));
        out.line(&line)
    }
}

fn fraction(text: &str) -> Result<Confidence, String> {
    let value: f64 = text.parse().map_err(|_| "not a number from 0 to 1".to_owned())?;
    if !(0.0..=1.0).contains(&value) {
        return Err("not a number from 0 to 1".to_owned());
    }
    Ok(Confidence::from_thousandths((value * 1000.0).round() as u16))
}

/// Calls of or by one symbol, as JSON.
#[derive(Debug, Serialize)]
struct EdgesBody<'a> {
    symbol: SymbolFields<'a>,
    edges: Vec<NamedEdge<'a>>,
    edges_total: u64,
    has_more: bool,
    unresolved: Vec<NamedEdge<'a>>,
    unresolved_total: u64,
}

impl<'a> EdgesBody<'a> {
    fn new(found: &'a EdgesAnswer) -> Self {
        Self {
            symbol: SymbolFields::new(&found.symbol),
            edges: NamedEdge::all(&found.edges),
            edges_total: found.edges_total,
            has_more: has_more(found),
            unresolved: NamedEdge::all(&found.unresolved),
            unresolved_total: found.unresolved_total,
        }
    }
}

/// Whether a limit cut the edges.
fn has_more(found: &EdgesAnswer) -> bool {
    found.edges_total > found.edges.len() as u64
}

/// How many edges are shown, and of how many.
fn shown(found: &EdgesAnswer, one: &str, many: &str) -> String {
    let all = count(found.edges_total, one, many);
    if has_more(found) { format!("the {} likeliest of {all}", found.edges.len()) } else { all }
}

/// A count that a limit cut.
fn first(number: String, has_more: bool) -> String {
    if has_more { format!("the first {number}") } else { number }
}

/// Prints `3 calls of demo::parse  src/lib.rs:12`, the heading of an answer about one symbol.
fn heading(what: &str, symbol: &Symbol, places: &Places, out: &mut Output) -> Result<(), Stop> {
    let name = out.text(Tone::Strong, &symbol.qualified_name);
    let place = out.text(Tone::Place, &places.show(&symbol.file, symbol.name_line));
    out.line(&format!("{what} {name}  {place}"))
}

/// Prints the sites of calls, each with the symbol that it stands in.
fn sites(edges: &[EdgeRecord], places: &Places, out: &mut Output) -> Result<(), Stop> {
    let rows: Vec<Row> = edges
        .iter()
        .map(|edge| {
            Row::of(&edge.src_file)
                .cell(Tone::Place, places.show(&edge.src_file, edge.site_line))
                .cell(Tone::Strong, edge.src_qualified_name.clone())
                .cell(Tone::Plain, clip(&edge.callee_text))
                .doubt(edge)
        })
        .collect();
    out.rows(&rows)
}

/// Most unresolved calls that are shown to a person; JSON goes on to the limit.
const UNRESOLVED_SHOWN: usize = 5;

/// Prints a few of the calls whose target is not known.
fn unresolved(
    found: &EdgesAnswer,
    what: (&str, &str),
    places: &Places,
    out: &mut Output,
) -> Result<(), Stop> {
    let (total, found) = (found.unresolved_total, &found.unresolved);
    if found.is_empty() {
        return Ok(());
    }
    out.line("")?;
    let title = out.text(Tone::Doubt, &format!("{}:", count(total, what.0, what.1)));
    out.line(&title)?;
    sites(&found[..found.len().min(UNRESOLVED_SHOWN)], places, out)?;
    let left = total.saturating_sub(UNRESOLVED_SHOWN as u64);
    if left > 0 {
        let line = out.text(Tone::Dim, &format!("and {left} more; --json has them"));
        out.line(&line)?;
    }
    Ok(())
}
