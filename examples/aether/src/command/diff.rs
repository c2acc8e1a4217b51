//! `aether diff`.

use aether_bindings::engine::{MeaningChange, MeaningChangeKind};
use clap::Args;
use serde::Serialize;

use crate::command::history::short;
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Session};

/// Show what two states of the repository mean differently: symbols, not lines
///
/// A symbol is told when its record is another: what it takes, gives, does and needs, or how it can fail.
/// `REV` alone compares a commit with the working copy.
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// REV..REV, REV.. or REV
    #[arg(value_name = "RANGE", default_value = "HEAD")]
    range: String,
    /// Parts of paths to keep
    #[arg(long, value_name = "TEXT,…", value_delimiter = ',')]
    path: Vec<String>,
    /// Leave out what only needs other things or is told in other words
    #[arg(long)]
    behaviour: bool,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    from: &'a str,
    to: Option<&'a str>,
    records: u64,
    changes: Vec<&'a MeaningChange>,
}

impl Diff {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        let (from, to) = self.range.split_once("..").unwrap_or((&self.range, ""));
        let from = if from.is_empty() { "HEAD" } else { from };
        let to = Some(to.trim_start_matches('.')).filter(|to| !to.is_empty());
        let diff = context.interrupt.guard(|cancel| session.engine.diff(from, to, cancel))?;
        let changes: Vec<&MeaningChange> = diff.changes.iter().filter(|change| self.keeps(change)).collect();
        if out.is_json() {
            let body = Body { from: &diff.from, to: diff.to.as_deref(), records: diff.records, changes };
            out.json(body)?;
            return Ok(Outcome::Done);
        }
        let to = diff.to.as_deref().map_or_else(|| "the working copy".to_owned(), short);
        if changes.is_empty() {
            out.line(&format!("{} and {to} mean the same", short(&diff.from)))?;
            return Ok(Outcome::Done);
        }
        let rows: Vec<Row> = changes.iter().map(|change| row(change)).collect();
        out.rows(&rows)?;
        out.line("")?;
        let of = |kind| changes.iter().filter(|change| change.kind == kind).count() as u64;
        let told = [
            (of(MeaningChangeKind::Changed), "changed"),
            (of(MeaningChangeKind::Moved), "moved"),
            (of(MeaningChangeKind::Added), "added"),
            (of(MeaningChangeKind::Removed), "removed"),
        ];
        let told: Vec<String> = told
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!("{number} {what}"))
            .collect();
        let records = count(diff.records, "symbol", "symbols");
        out.line(
            &out.text(Tone::Dim, &format!("{} · {} to {to} · {records}", told.join(", "), short(&diff.from))),
        )?;
        Ok(Outcome::Done)
    }

    fn keeps(&self, change: &MeaningChange) -> bool {
        const SAID: [&str; 4] = ["inputs", "outputs", "side_effects", "error_modes"];
        let is_near =
            |path: &str| self.path.is_empty() || self.path.iter().any(|part| path.contains(part.as_str()));
        let behaves = change.diff.changes.iter().any(|it| SAID.contains(&it.field.as_str()));
        is_near(change.file.as_str())
            && (!self.behaviour || behaves || change.kind != MeaningChangeKind::Changed)
    }
}

fn row(change: &MeaningChange) -> Row {
    let (sign, tone) = match change.kind {
        MeaningChangeKind::Added => ("+", Tone::Strong),
        MeaningChangeKind::Removed => ("-", Tone::Bad),
        MeaningChangeKind::Moved => (">", Tone::Place),
        _ => ("~", Tone::Doubt),
    };
    let row = Row::of(&change.file).cell(tone, sign).cell(Tone::Strong, change.qualified_name.clone());
    let row = match &change.was {
        Some((name, file)) if *file == change.file => row.note(Tone::Dim, &format!("was {name}")),
        Some((name, file)) => row.note(Tone::Dim, &format!("was {name} in {file}")),
        None => row,
    };
    match change.kind {
        MeaningChangeKind::Added | MeaningChangeKind::Removed => row,
        _ => row.note(Tone::Plain, &change.summary),
    }
}
