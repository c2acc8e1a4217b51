//! `aether symbol`.

use aether_bindings::engine::SymbolAnswer;
use aether_core::code::Symbol as CodeSymbol;
use clap::Args;
use serde::Serialize;

use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// Show one symbol: declaration, documentation, members, and how often it is called
#[derive(Args, Debug)]
pub(crate) struct Symbol {
    /// A name, a qualified name or the end of one, FILE:LINE, or an id
    #[arg(value_name = "SYMBOL")]
    symbol: String,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: Details<'a>,
    parent: Option<SymbolFields<'a>>,
    members: Vec<SymbolFields<'a>>,
    callers: u64,
    callees: u64,
    unresolved_callers: u64,
    unresolved_callees: u64,
}

#[derive(Debug, Serialize)]
struct Details<'a> {
    #[serde(flatten)]
    fields: SymbolFields<'a>,
    doc: &'a str,
    attributes: &'a [String],
    cfg: Option<&'a str>,
}

impl Symbol {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        let id = session.select(&self.symbol)?.id;
        let answer = session.checked(session.engine.describe(id)?);
        if out.is_json() {
            out.json_answer(&answer, body(&answer.result))?;
            return Ok(Outcome::Done);
        }
        print(&answer.result, &session.places, out)?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

fn body(found: &SymbolAnswer) -> Body<'_> {
    let symbol = &found.symbol;
    Body {
        symbol: Details {
            fields: SymbolFields::new(symbol),
            doc: &symbol.doc,
            attributes: &symbol.attributes,
            cfg: symbol.cfg.as_deref(),
        },
        parent: found.parent.as_ref().map(SymbolFields::new),
        members: found.members.iter().map(SymbolFields::new).collect(),
        callers: found.callers,
        callees: found.callees,
        unresolved_callers: found.unresolved_callers,
        unresolved_callees: found.unresolved_callees,
    }
}

fn print(found: &SymbolAnswer, places: &Places, out: &mut Output) -> Result<(), Stop> {
    let symbol = &found.symbol;
    let name = out.text(Tone::Strong, &symbol.qualified_name);
    let what = out.text(Tone::Dim, &format!("{} {}", symbol.visibility.as_str(), symbol.kind));
    out.line(&format!("{name}  {what}"))?;
    let place = out.text(Tone::Place, &places.show(&symbol.file, symbol.name_line));
    let extent = match (symbol.lines.first, symbol.lines.last) {
        (first, last) if first == last => format!("line {first}"),
        (first, last) => format!("lines {first} to {last}"),
    };
    out.line(&format!("{place}  {}", out.text(Tone::Dim, &extent)))?;
    out.line("")?;
    for attribute in &symbol.attributes {
        out.line(&out.text(Tone::Dim, &format!("    #[{attribute}]")))?;
    }
    out.line(&format!("    {}", out.text(Tone::Plain, &symbol.signature)))?;
    if !symbol.doc.is_empty() {
        out.line("")?;
        for line in symbol.doc.lines() {
            out.line(format!("    {}", out.text(Tone::Plain, line)).trim_end())?;
        }
    }
    out.line("")?;
    out.rows(&facts(found, places))?;
    if !found.members.is_empty() {
        out.line("")?;
        out.line(&count(found.members.len() as u64, "member:", "members:"))?;
        let rows: Vec<Row> = found.members.iter().map(|member| row_of(member, places)).collect();
        out.rows(&rows)?;
    }
    Ok(())
}

fn facts(found: &SymbolAnswer, places: &Places) -> Vec<Row> {
    let fact = |name: &str, text: String| Row::of("").cell(Tone::Dim, name).cell(Tone::Plain, text);
    let mut rows = Vec::new();
    if let Some(parent) = &found.parent {
        let place = places.show(&parent.file, parent.name_line);
        rows.push(fact("in", format!("{} {}  {place}", parent.kind, parent.qualified_name)));
    }
    let may = |number: u64| if number == 0 { String::new() } else { format!(", {number} unresolved may be") };
    rows.push(fact("callers", format!("{}{}", found.callers, may(found.unresolved_callers))));
    let open = |number: u64| if number == 0 { String::new() } else { format!(", {number} more unresolved") };
    rows.push(fact("callees", format!("{}{}", found.callees, open(found.unresolved_callees))));
    rows.push(fact("id", found.symbol.id.to_string()));
    rows
}

/// A symbol in a list.
fn row_of(symbol: &CodeSymbol, places: &Places) -> Row {
    Row::of("")
        .cell(Tone::Place, places.show(&symbol.file, symbol.name_line))
        .cell(Tone::Dim, symbol.kind.as_str())
        .cell(Tone::Strong, symbol.name.clone())
        .note(Tone::Plain, &symbol.signature)
}
