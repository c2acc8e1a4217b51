//! `aether history`.

use aether_bindings::engine::{BackfillOptions, HistoryAnswer, VersionEntry};
use clap::Args;
use serde::Serialize;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::progress::Bar;
use crate::records::SymbolFields;
use crate::session::{Context, Session};

/// Show how the meaning of a symbol changed, commit by commit, through renames and moves
///
/// Meaning is what `aether sir` tells: a change that leaves it as it was is no version. Commits count along
/// the first parents of HEAD, as far as `--backfill` has derived them. In a folder that git does not keep,
/// `aether index`, `history` and `why` each record what changed since the last of them.
#[derive(Args, Debug)]
pub(crate) struct History {
    /// A name, a qualified name or the end of one, FILE:LINE, or an id
    #[arg(value_name = "SYMBOL", required_unless_present = "backfill")]
    symbol: Option<String>,
    /// Derive the records of past commits first; goes on where it was cut short
    #[arg(long)]
    backfill: bool,
    /// The oldest commit to derive, a revision [default: the first one]
    #[arg(long, value_name = "REV", requires = "backfill")]
    since: Option<String>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    symbol: SymbolFields<'a>,
    versions: &'a [VersionEntry],
    commits: u64,
    commits_known: u64,
    states_seen: u64,
}

impl History {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, None, out)?;
        if !context.common.no_update {
            session.record_state()?;
        }
        if self.backfill {
            if context.common.no_update {
                return Err(Failure::usage("--backfill writes; leave out --no-update").into());
            }
            let mut options = BackfillOptions::default();
            options.since.clone_from(&self.since);
            options.threads = session.config.index.threads as usize;
            let summary =
                context.interrupt.guard(|cancel| session.engine.backfill(&options, cancel, &Bar::new()))?;
            if self.symbol.is_none() {
                if out.is_json() {
                    out.json(summary)?;
                    return Ok(Outcome::Done);
                }
                let commits = count(summary.derived, "commit", "commits");
                let versions = count(summary.versions, "version", "versions");
                let known = count(summary.known, "was", "were");
                out.line(&format!("{commits} derived, {versions} of records written; {known} known"))?;
                return Ok(Outcome::Done);
            }
        }
        let Some(text) = &self.symbol else { return Ok(Outcome::Done) };
        let id = session.select(text)?.id;
        let answer = context.interrupt.guard(|cancel| session.engine.history(id, cancel))?;
        let answer = session.checked(answer);
        let found = &answer.result;
        let outcome = if found.versions.is_empty() { Outcome::Nothing } else { Outcome::Done };
        if out.is_json() {
            let body = Body {
                symbol: SymbolFields::new(&found.symbol),
                versions: &found.versions,
                commits: found.commits,
                commits_known: found.commits_known,
                states_seen: found.states_seen,
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

fn print(found: &HistoryAnswer, out: &mut Output) -> Result<(), Stop> {
    let name = out.text(Tone::Strong, &found.symbol.qualified_name);
    out.line(&format!("{name}  {}", out.text(Tone::Dim, found.symbol.kind.as_str())))?;
    out.line("")?;
    // Newest first, as logs are read.
    let rows: Vec<Row> = found.versions.iter().rev().map(row).collect();
    out.rows(&rows)?;
    if found.commits_known < found.commits {
        out.line("")?;
        let known = found.commits_known;
        let total = count(found.commits, "commit", "commits");
        let text = format!("rests on {known} of {total}; `aether history --backfill` derives the others");
        out.line(&out.text(Tone::Doubt, &text))?;
    }
    Ok(())
}

/// A version in a list.
pub(super) fn row(entry: &VersionEntry) -> Row {
    let row = Row::of("").cell(Tone::Strong, entry.version.to_string());
    let row = match &entry.commit {
        Some(commit) => row
            .cell(Tone::Place, short(&commit.id))
            .cell(Tone::Plain, day(&commit.committed_at.to_string()))
            .cell(Tone::Dim, commit.author.clone())
            .cell(Tone::Plain, commit.summary.clone()),
        None => match entry.seen_at {
            Some(at) => row.cell(Tone::Place, "seen").cell(Tone::Plain, minute(&at.to_string())),
            None => row.cell(Tone::Place, "not committed"),
        },
    };
    row.note(Tone::Dim, &entry.summary)
}

/// The beginning of an id, as people write it.
pub(super) fn short(id: &str) -> String {
    id.chars().take(10).collect()
}

/// A time to the minute.
pub(super) fn minute(time: &str) -> String {
    time.chars().take("2026-01-01T00:00".len()).collect::<String>().replace('T', " ")
}

/// The day of a time.
pub(super) fn day(time: &str) -> String {
    time.split('T').next().unwrap_or(time).to_owned()
}
