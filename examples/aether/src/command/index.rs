//! `aether index`.

use std::path::PathBuf;
use std::time::Instant;

use aether_bindings::engine::IndexSummary;
use aether_core::code::{Answer, FileChange};
use clap::Args;
use serde::Serialize;

use super::watch;
use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::session::{Context, Session, Workspace};

/// Bring the index up to date, or build it
#[derive(Args, Debug)]
pub(crate) struct Index {
    /// Root of the repository, in place of --workspace
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Update once and end, which is what happens anyway
    #[arg(long)]
    once: bool,
    /// Go on and take every change of a file in, until Ctrl-C
    #[arg(long, conflicts_with = "once")]
    watch: bool,
    /// With --watch, print one JSON object for each changed file
    #[arg(long, requires = "watch", conflicts_with = "json")]
    print_events: bool,
    /// With --watch, how long files must rest before a change is taken in [default: 300]
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u32).range(1..=60_000))]
    debounce_ms: Option<u32>,
}

/// What an update says as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Body<'a> {
    #[serde(flatten)]
    pub(super) summary: IndexSummary,
    /// With `--watch`: what changed for the symbols of each file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<&'a [FileChange]>,
}

impl Index {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        if context.common.no_update {
            return Err(Failure::usage("`index` is an update; leave out --no-update").into());
        }
        let started = Instant::now();
        let workspace = Workspace::find(context.common, self.path.as_deref())?;
        let mut config = workspace.config(out)?;
        config.index.debounce_ms = self.debounce_ms.unwrap_or(config.index.debounce_ms);
        let mut session: Session = workspace.open(context, config)?;
        let answer = session.update(context.interrupt)?;
        session.record_state()?;
        if !self.print_events {
            self.print(&answer, started, out)?;
        }
        if !self.watch {
            return Ok(Outcome::Done);
        }
        let style = if self.print_events { watch::Style::Events } else { watch::Style::Batches };
        watch::run(context, &session, style, out)
    }

    fn print(&self, answer: &Answer<IndexSummary>, started: Instant, out: &mut Output) -> Result<(), Stop> {
        let summary = answer.result;
        if out.is_json() {
            let changes = self.watch.then_some(&[][..]);
            return out.json_answer(answer, Body { summary, changes });
        }
        out.line(&format!(
            "{}: {} parsed, {} gone, {} resolved, in {:.2} s",
            count(summary.files, "file", "files"),
            summary.files_parsed,
            summary.files_removed,
            summary.files_resolved,
            started.elapsed().as_secs_f64(),
        ))?;
        out.footer(answer)
    }
}
