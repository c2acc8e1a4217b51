//! `aether sir`.

use aether_bindings::engine::SirAnswer;
use aether_core::base::{ErrorCode, Sha256Hash, Timestamp};
use aether_core::code::{Effect, EffectKind, RecordStatus, Sir as Record, Statement};
use clap::Args;
use serde::Serialize;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, way};
use crate::output::Output;
use crate::paint::Tone;
use crate::places::Places;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// Show what a symbol is for, takes, gives, does and needs, how it can fail, and what justifies that
///
/// Of a function, every effect comes with the likeliest way to it, from the function down to the line that
/// has it. A file or module has the sum of what is in it, tests left out.
#[derive(Args, Debug)]
pub(crate) struct Sir {
    /// A name, a qualified name or the end of one, FILE, FILE:LINE, or an id
    #[arg(value_name = "SYMBOL")]
    symbol: String,
    /// Show the record that another provider made, as a program that embeds Aether stored it
    #[arg(long, value_name = "NAME", default_value = "static")]
    provider: String,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: SymbolFields<'a>,
    provider: &'a str,
    model: &'a str,
    sir: Option<&'a Record>,
    sir_hash: Option<Sha256Hash>,
    sir_status: RecordStatus,
    updated_at: Option<Timestamp>,
    last_error: Option<&'a str>,
    last_attempt_at: Option<Timestamp>,
    effects: &'a [Effect],
}

impl Sir {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        let id = session.select(&self.symbol)?.id;
        if !context.common.no_update {
            session.engine.refresh_records()?;
        }
        let answer = session.checked(session.engine.sir_by(id, &self.provider)?);
        let found = &answer.result;
        let Some(record) = &found.record else {
            let kind = &found.symbol.kind;
            let name = &found.symbol.qualified_name;
            let message = match self.provider.as_str() {
                "static" => format!("{name} is a {kind}, which has no record of its own"),
                provider => format!("{provider} made no record of {name}"),
            };
            return Err(Failure::new(ErrorCode::QUERY_NO_RECORD, message).into());
        };
        if out.is_json() {
            let error = record.last_error.as_ref();
            let body = Body {
                symbol: SymbolFields::new(&found.symbol),
                provider: &record.provider,
                model: &record.model,
                sir: record.sir.as_ref(),
                sir_hash: record.sir_hash,
                sir_status: record.sir_status,
                updated_at: record.updated_at,
                last_error: error.map(|error| error.message.as_str()),
                last_attempt_at: error.and_then(|error| error.at),
                effects: &found.effects,
            };
            out.json_answer(&answer, body)?;
            return Ok(Outcome::Done);
        }
        print(found, &session.places, out)?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}

fn print(found: &SirAnswer, places: &Places, out: &mut Output) -> Result<(), Stop> {
    let symbol = &found.symbol;
    let name = if symbol.qualified_name.is_empty() { symbol.file.as_str() } else { &symbol.qualified_name };
    let name = out.text(Tone::Strong, name);
    let kind = out.text(Tone::Dim, symbol.kind.as_str());
    out.line(&format!("{name}  {kind}"))?;
    out.line(&out.text(Tone::Place, &places.show(&symbol.file, symbol.name_line)))?;
    let Some(record) = &found.record else { return Ok(()) };
    if record.sir_status == RecordStatus::Stale {
        let reason = record.last_error.as_ref().map_or("it is of older code", |error| &error.message);
        out.line(&out.text(Tone::Doubt, &format!("stale: {reason}")))?;
    }
    let Some(sir) = &record.sir else { return Ok(()) };
    out.line("")?;
    out.line(&format!("    {}", out.text(Tone::Plain, &sir.intent)))?;
    out.line("")?;
    let mut rows = Vec::new();
    list(&mut rows, "takes", sir.inputs.iter().map(String::as_str));
    list(&mut rows, "gives", sir.outputs.iter().map(String::as_str));
    statements(&mut rows, "does", &sir.side_effects, found, places);
    statements(&mut rows, "fails", &sir.error_modes, found, places);
    list(&mut rows, "needs", sir.dependencies.iter().map(String::as_str));
    list(&mut rows, "exports", sir.exports.iter().map(String::as_str));
    if sir.symbol_count > 0 {
        rows.push(row("holds", format!("{} records", sir.symbol_count)));
    }
    rows.push(row("known", format!("{:.1}", sir.confidence.as_fraction())));
    out.rows(&rows)
}

fn row(name: &str, text: String) -> Row {
    Row::of("").cell(Tone::Dim, name).cell(Tone::Plain, text)
}

fn list<'a>(rows: &mut Vec<Row>, name: &str, texts: impl Iterator<Item = &'a str>) {
    for (at, text) in texts.enumerate() {
        rows.push(row(if at == 0 { name } else { "" }, text.to_owned()));
    }
}

/// Statements, each with the way that leads to it.
fn statements(rows: &mut Vec<Row>, name: &str, told: &[Statement], found: &SirAnswer, places: &Places) {
    for (at, statement) in told.iter().enumerate() {
        let text = match &statement.kind {
            kind if *kind == EffectKind::STATED => statement.text.clone(),
            kind => format!("{}: {}", kind.as_str().replace('_', " "), statement.text),
        };
        let effect = found.effects.iter().find(|effect| effect.kind == statement.kind);
        rows.push(row(if at == 0 { name } else { "" }, text).note(Tone::Dim, &way(effect, places)));
    }
}
