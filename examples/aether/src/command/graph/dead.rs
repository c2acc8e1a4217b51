//! `aether graph dead`.

use aether_bindings::engine::UnreachedOptions;
use aether_core::code::Confidence;
use aether_core::port::UnreachedEntry;
use clap::Args;
use serde::Serialize;

use super::{Ceiling, first, fraction};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count, doubt};
use crate::output::Output;
use crate::paint::Tone;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// Symbols that nothing in the repository leads to from `main`, tests and what is public
#[derive(Args, Debug)]
pub(super) struct Dead {
    /// List what may be used after all, too: by a call of unknown target, behind a `cfg`, by its name
    #[arg(long)]
    maybe: bool,
    /// Take what is public in a library for unused as well, unless the repository uses it
    #[arg(long)]
    public: bool,
    /// Least confidence that nothing uses a symbol, 0 to 1 [default: 0.6, with --maybe 0]
    #[arg(long, value_name = "FRACTION", value_parser = fraction)]
    min_confidence: Option<Confidence>,
    #[command(flatten)]
    ceiling: Ceiling,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    dead: Vec<Entry<'a>>,
    total: u64,
    has_more: bool,
    doubtful: u64,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    symbol: SymbolFields<'a>,
    reason: String,
    used_by: Option<SymbolFields<'a>>,
    confidence: f64,
    unresolved_calls: u32,
    is_mentioned: bool,
    is_conditional: bool,
    is_exported: bool,
}

impl Dead {
    pub(super) fn run(
        &self,
        context: Context<'_>,
        session: &Session,
        out: &mut Output,
    ) -> Result<Outcome, Stop> {
        let mut options = UnreachedOptions::default().with_limit(self.ceiling.limit);
        if self.public {
            options = options.with_public();
        }
        if self.maybe {
            options = options.with_min_confidence(Confidence::default());
        }
        if let Some(floor) = self.min_confidence {
            options = options.with_min_confidence(floor);
        }
        let answer = context.interrupt.guard(|cancel| session.engine.unreached(options, cancel))?;
        let answer = session.checked(answer);
        let found = &answer.result;
        let has_more = found.total > found.entries.len() as u64;
        if out.is_json() {
            let body = Body {
                dead: found.entries.iter().map(Entry::new).collect(),
                total: found.total,
                has_more,
                doubtful: found.doubtful,
            };
            out.json_answer(&answer, body)?;
            return Ok(Outcome::Done);
        }
        let number = count(found.entries.len() as u64, "symbol seems", "symbols seem");
        out.line(&format!("{} to be unused", first(number, has_more)))?;
        if !found.entries.is_empty() {
            out.line("")?;
        }
        let rows: Vec<Row> = found
            .entries
            .iter()
            .map(|entry| {
                let symbol = &entry.symbol;
                Row::of(&symbol.file)
                    .cell(Tone::Place, session.places.show(&symbol.file, symbol.name_line))
                    .cell(Tone::Dim, symbol.kind.as_str())
                    .cell(Tone::Strong, symbol.qualified_name.clone())
                    .cell(Tone::Dim, reason(entry))
                    .cell(Tone::Doubt, doubt(entry.confidence).unwrap_or_default())
            })
            .collect();
        out.rows(&rows)?;
        if has_more {
            self.ceiling.more(out)?;
        }
        if found.doubtful > 0 {
            let number = count(found.doubtful, "more symbol", "more symbols");
            out.line("")?;
            out.line(
                &out.text(Tone::Dim, &format!("{number} may be unused; --maybe lists what is less sure")),
            )?;
        }
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

impl<'a> Entry<'a> {
    fn new(entry: &'a UnreachedEntry) -> Self {
        Self {
            symbol: SymbolFields::new(&entry.symbol),
            reason: reason(entry),
            used_by: entry.by.as_ref().map(SymbolFields::new),
            confidence: entry.confidence.as_fraction(),
            unresolved_calls: entry.unresolved_calls,
            is_mentioned: entry.is_mentioned,
            is_conditional: entry.is_conditional,
            is_exported: entry.is_exported,
        }
    }
}

/// Why a symbol seems to be unused, and what speaks against it.
fn reason(entry: &UnreachedEntry) -> String {
    let verb = if entry.symbol.kind.is_callable() { "calls" } else { "uses" };
    let mut reason = match &entry.by {
        Some(by) => format!("only used by unused code: {}", by.qualified_name),
        None => format!("nothing {verb} it"),
    };
    if entry.unresolved_calls > 0 {
        let calls = count(u64::from(entry.unresolved_calls), "unresolved call goes", "unresolved calls go");
        reason.push_str(&format!("; {calls} by its name"));
    }
    if entry.is_mentioned {
        reason.push_str("; its name is mentioned elsewhere");
    }
    if entry.is_conditional {
        reason.push_str("; behind a cfg");
    }
    if entry.is_exported {
        reason.push_str("; public, so code elsewhere may use it");
    }
    reason
}
