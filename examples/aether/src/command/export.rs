//! `aether export`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use aether_bindings::engine::Engine;
use aether_core::base::ErrorCode;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::records::{EdgeFields, SymbolFields};
use crate::session::{Context, Session};

/// Write out every symbol or every edge of the index
///
/// One JSON object a line (--jsonl, which is what happens anyway), or all in one object (--json).
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
    /// File to write to, in place of standard output
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
}

impl Export {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        if self.jsonl && out.is_json() {
            return Err(Failure::usage("--jsonl and --json exclude one another").into());
        }
        let session = Session::start(context, self.path.as_deref(), out)?;
        let Some(path) = &self.output else {
            self.write(&session, out)?;
            return Ok(Outcome::Done);
        };
        let failed = |error: std::io::Error| {
            Failure::new(ErrorCode::new("output.io"), format!("{} cannot be written: {error}", path.display()))
        };
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        let written = self.lines(&session.engine, &mut file, out.is_json()).and_then(|number| {
            file.flush()?;
            Ok(number)
        });
        let _ = written;
        Ok(Outcome::Done)
    }
}
