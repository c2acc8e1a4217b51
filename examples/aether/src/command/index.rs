//! `aether index`.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

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
}

impl Index {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        if context.common.no_update {
            return Err(Failure::usage("`index` is an update; leave out --no-update").into());
        }
        let started = Instant::now();
        let workspace = Workspace::find(context.common, self.path.as_deref())?;
        let (config, warnings) = workspace.read_config()?;
        out.warn(warnings);
        let mut session: Session = workspace.open(context, config)?;
        let answer = session.update(context.interrupt)?;
        if out.is_json() {
            out.json_answer(&answer, answer.result)?;
            return Ok(Outcome::Done);
        }
        let summary = &answer.result;
        out.line(&format!(
            "{}: {} parsed, {} gone, {} resolved, in {:.2} s",
            count(summary.files, "file", "files"),
            summary.files_parsed,
            summary.files_removed,
            summary.files_resolved,
            started.elapsed().as_secs_f64(),
        ))?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}
