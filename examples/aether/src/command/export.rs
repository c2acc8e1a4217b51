//! `aether export`.

mod graph;

use std::io::{self, Write};
use std::path::PathBuf;

use aether_core::base::ConfigWarning;
use aether_core::code::{ANSWER_SCHEMA_VERSION, Answer, Coverage, Freshness};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::change::export_file;
use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::records::{EdgeFields, SymbolFields};
use crate::session::{Context, Session};

/// Write out the index: every symbol, every edge, or the project graph
///
/// Symbols and edges: one JSON object a line (--jsonl, which is what happens anyway), or all in one
/// object (--json). The graph is one object with a record a line; equal content has equal bytes.
#[derive(Args, Debug)]
pub(crate) struct Export {
    /// What to write out
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
    /// Root of the repository, in place of --workspace
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long, conflicts_with = "json")]
    jsonl: bool,
    /// Commit whose graph is written, as `git rev-parse` takes it, in place of the working copy
    #[arg(long, value_name = "REV")]
    at: Option<String>,
    /// File to write to, in place of standard output; it is there as a whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What can be written out.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Symbols, in the order of file and position
    Symbols,
    /// Edges, in the order of file, source and site; calls that leave the project or are unresolved too
    Edges,
    /// The project graph: files, symbols and edges, also of a past commit (--at)
    Graph,
    /// The index in the format of SCIP, which is no text: --output says where
    Scip,
}

/// What closes an export that is one object.
#[derive(Debug, Serialize)]
struct Tail<'a> {
    freshness: &'a Freshness,
    coverage: &'a Coverage,
    warnings: &'a [ConfigWarning],
}

impl Export {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        if self.jsonl && out.is_json() {
            return Err(Failure::usage("--jsonl and --json exclude one another").into());
        }
        let is_graph = matches!(self.what, What::Graph);
        if is_graph && self.jsonl {
            return Err(Failure::usage("the graph is one object; leave out --jsonl").into());
        }
        if self.at.is_some() && !is_graph {
            return Err(Failure::usage("--at goes with the graph: aether export graph --at REV").into());
        }
        if is_graph {
            let (root, at, output) = (self.path.as_deref(), self.at.as_deref(), self.output.as_deref());
            graph::graph(context, root, at, output, out)?;
            return Ok(Outcome::Done);
        }
        if matches!(self.what, What::Scip) {
            if self.jsonl {
                return Err(Failure::usage("SCIP is no JSON; leave out --jsonl").into());
            }
            let Some(output) = &self.output else {
                return Err(Failure::usage("SCIP goes to a file: aether export scip --output FILE").into());
            };
            graph::scip(context, self.path.as_deref(), output, out)?;
            return Ok(Outcome::Done);
        }
        let session = Session::start(context, self.path.as_deref(), out)?;
        let Some(path) = &self.output else {
            let (is_json, warnings) = (out.is_json(), out.warnings().to_vec());
            self.write(&session, is_json, &warnings, out.stream())?;
            return Ok(Outcome::Done);
        };
        let (is_json, warnings) = (out.is_json(), out.warnings().to_vec());
        let number = export_file(&session.engine, &session.config, path, |sink| {
            self.write(&session, is_json, &warnings, sink)
        })?;
        let what = match self.what {
            What::Symbols => count(number, "symbol", "symbols"),
            _ => count(number, "edge", "edges"),
        };
        if !out.is_json() {
            out.note(&format!("{what} in {}", path.display()));
        }
        Ok(Outcome::Done)
    }

    /// Writes all of it, and returns how much that was.
    fn write(
        &self,
        session: &Session,
        is_json: bool,
        warnings: &[ConfigWarning],
        sink: &mut dyn Write,
    ) -> Result<u64, Stop> {
        let mut lines = Lines { sink, is_json, number: 0, failed: None };
        lines.begin(match self.what {
            What::Symbols => "symbols",
            _ => "edges",
        });
        match self.what {
            What::Symbols => {
                session.engine.visit_symbols(&mut |symbol| lines.put(&SymbolFields::new(symbol)))?
            }
            _ => session.engine.visit_edges(&mut |edge| lines.put(&EdgeFields::new(edge)))?,
        }
        let store = session.engine.status()?.store;
        let answer = session.checked(Answer::new((), store.freshness, store.coverage));
        lines.end(&Tail { freshness: &answer.freshness, coverage: &answer.coverage, warnings })
    }
}

/// Objects on their way out: one a line, or as the elements of one list.
struct Lines<'a> {
    sink: &'a mut dyn Write,
    is_json: bool,
    number: u64,
    /// The first thing that went wrong; nothing is written after it.
    failed: Option<io::Error>,
}

impl Lines<'_> {
    fn attempt(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = write(self.sink).err();
        }
    }

    fn begin(&mut self, name: &str) {
        if self.is_json {
            self.attempt(|sink| write!(sink, "{{\"schema_version\":{ANSWER_SCHEMA_VERSION},\"{name}\":["));
        }
    }

    fn put(&mut self, object: &impl Serialize) {
        let (before, after) = match (self.is_json, self.number) {
            (false, _) => ("", "\n"),
            (true, 0) => ("\n", ""),
            (true, _) => (",\n", ""),
        };
        self.attempt(|sink| {
            sink.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut *sink, object)?;
            sink.write_all(after.as_bytes())
        });
        self.number += 1;
    }

    fn end(mut self, tail: &Tail<'_>) -> Result<u64, Stop> {
        if self.is_json {
            self.attempt(|sink| {
                let tail = serde_json::to_string(tail)?;
                // The tail is an object too: what follows its brace goes on with ours.
                writeln!(sink, "\n],{}", tail.trim_start_matches('{'))
            });
        }
        self.attempt(|sink| sink.flush());
        match self.failed {
            Some(error) => Err(Stop::writing(&error)),
            None => Ok(self.number),
        }
    }
}
