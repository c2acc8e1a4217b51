//! `aether why`.

use aether_bindings::engine::{VersionEntry, WhyAnswer};
use aether_core::code::{Commit, SirDiff};
use clap::Args;
use serde::Serialize;

use crate::command::history::{day, minute, short};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// Explain a change of meaning: what two versions of a symbol say differently, and the commits in between
#[derive(Args, Debug)]
pub(crate) struct Why {
    /// A name, a qualified name or the end of one, FILE:LINE, or an id
    #[arg(value_name = "SYMBOL")]
    symbol: String,
    /// The older version: its number in `aether history`, a time or day, or a revision [default: the one
    /// before]
    #[arg(long, value_name = "VERSION")]
    from: Option<String>,
    /// The newer version [default: the last]
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: SymbolFields<'a>,
    found: bool,
    reason: Option<&'a str>,
    from: Option<&'a VersionEntry>,
    to: Option<&'a VersionEntry>,
    #[serde(flatten)]
    diff: &'a SirDiff,
    summary: &'a str,
    commits: &'a [Commit],
    commits_between: u64,
}

impl Why {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        if !context.common.no_update {
            session.record_state()?;
        }
        let id = session.select(&self.symbol)?.id;
        let (from, to) = (self.from.as_deref(), self.to.as_deref());
        let answer = context.interrupt.guard(|cancel| session.engine.why(id, from, to, cancel))?;
        let answer = session.checked(answer);
        let found = &answer.result;
        let outcome = if found.reason.is_some() { Outcome::Nothing } else { Outcome::Done };
        if out.is_json() {
            let body = Body {
                symbol: SymbolFields::new(&found.symbol),
                found: found.reason.is_none(),
                reason: found.reason,
                from: found.from.as_ref(),
                to: found.to.as_ref(),
                diff: &found.diff,
                summary: &found.summary,
                commits: &found.commits,
                commits_between: found.commits_between,
            };
            out.json_answer(&answer, body)?;
            return Ok(outcome);
        }
        print(found, out)?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(outcome)
    }
}

fn print(found: &WhyAnswer, out: &mut Output) -> Result<(), Stop> {
    out.line(&out.text(Tone::Strong, &found.symbol.qualified_name))?;
    if let Some(reason) = found.reason {
        let text = match reason {
            "no_history" => "no version of it is known; `aether history --backfill` derives past commits",
            "single_version_only" => "it has one version, so nothing changed",
            _ => "no version fits what was asked for; `aether history` lists them",
        };
        return out.line(text);
    }
    for (what, entry) in [("from", &found.from), ("to", &found.to)] {
        let Some(entry) = entry else { continue };
        let commit = match (&entry.commit, entry.seen_at) {
            (Some(commit), _) => {
                let day = day(&commit.committed_at.to_string());
                format!("{}  {day}  {}", short(&commit.id), commit.summary)
            }
            (None, Some(at)) => format!("seen  {}", minute(&at.to_string())),
            (None, None) => "not committed".to_owned(),
        };
        out.line(&format!("{what:>4} {}  {}", entry.version, out.text(Tone::Place, &commit)))?;
    }
    out.line("")?;
    out.rows(&changes(&found.diff))?;
    if found.diff.is_empty() {
        out.line("both say the same")?;
    }
    if found.commits_between == 0 {
        return Ok(());
    }
    out.line("")?;
    let between = count(found.commits_between, "commit", "commits");
    out.line(&format!("{} of {between} in between changed it:", found.commits.len()))?;
    let rows: Vec<Row> = found
        .commits
        .iter()
        .map(|commit| {
            Row::of("")
                .cell(Tone::Place, short(&commit.id))
                .cell(Tone::Plain, day(&commit.committed_at.to_string()))
                .cell(Tone::Dim, commit.author.clone())
                .cell(Tone::Plain, commit.summary.clone())
        })
        .collect();
    out.rows(&rows)
}

/// What differs, member by member.
pub(super) fn changes(diff: &SirDiff) -> Vec<Row> {
    let mut rows = Vec::new();
    for change in &diff.changes {
        let signs = [("-", Tone::Bad, &change.removed), ("+", Tone::Strong, &change.added)];
        let told =
            signs.into_iter().flat_map(|(sign, tone, texts)| texts.iter().map(move |it| (sign, tone, it)));
        let mut field = change.field.replace('_', " ");
        for (sign, tone, text) in told {
            let field = std::mem::take(&mut field);
            rows.push(Row::of("").cell(Tone::Dim, field).cell(tone, sign).cell(Tone::Plain, text.clone()));
        }
        if !field.is_empty() {
            rows.push(
                Row::of("").cell(Tone::Dim, field).cell(Tone::Plain, "").cell(Tone::Plain, "another order"),
            );
        }
    }
    rows
}
