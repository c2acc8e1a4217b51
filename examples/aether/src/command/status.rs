//! `aether status`.

use std::path::PathBuf;

use aether_core::code::Answer;
use clap::Args;
use serde::Serialize;

use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Session};

/// Show what the index holds
#[derive(Args, Debug)]
pub(crate) struct Status {
    /// Root of the repository, in place of --workspace
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    workspace: &'a str,
    symbols: u64,
    edges: u64,
    size_bytes: u64,
}

impl Status {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let session = Session::start(context, self.path.as_deref(), out)?;
        let status = session.engine.status()?;
        let store = status.store;
        let body = Body {
            workspace: &status.workspace,
            symbols: store.symbols,
            edges: store.edges,
            size_bytes: store.size_bytes,
        };
        let answer = session.checked(Answer::new(body, store.freshness, store.coverage));
        if out.is_json() {
            out.json_answer(&answer, &answer.result)?;
            return Ok(Outcome::Done);
        }
        let fact = |name: &str, text: String| Row::of("").cell(Tone::Dim, name).cell(Tone::Plain, text);
        let coverage = &answer.coverage;
        let changed = answer.freshness.indexed_at.map_or_else(|| "never".to_owned(), |time| time.to_string());
        out.rows(&[
            fact("workspace", status.workspace.clone()),
            fact("files", count(coverage.files_indexed, "file", "files")),
            fact("symbols", count(store.symbols, "symbol", "symbols")),
            fact("edges", count(store.edges, "edge", "edges")),
            fact("calls", format!("{} unresolved of {}", coverage.calls_unresolved, coverage.calls)),
            fact("store", count(store.size_bytes, "byte", "bytes")),
            fact("changed", changed),
        ])?;
        out.line("")?;
        out.footer(&answer)?;
        Ok(Outcome::Done)
    }
}
