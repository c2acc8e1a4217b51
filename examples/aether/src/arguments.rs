//! What stands on the command line.

use std::path::PathBuf;

use clap::{Args, Parser};

use crate::command::Command;

const EXIT_CODES: &str = "\
Exit codes:
  0    done; a question was answered
  1    failed: indexing, output, a check of `doctor`, a broken contract
  2    arguments, query, configuration or folder cannot be used
  3    nothing found: no hit, no such symbol, no path
  4    more than one symbol matches
  5    the store cannot be opened, read or written
  6    the policy does not allow it, or wants to be asked
  130  interrupted; the store stays valid, and the next update goes on from there

Errors have stable codes too: see docs/CLI.md.";

/// Index a repository and ask it who calls whom, what that means and how it changed.
///
/// Every question first brings the index up to date, and builds it where there is none. All of it
/// stays on this machine, in the folder `.aether` of the repository.
#[derive(Debug, Parser)]
#[command(name = "aether", version, after_help = EXIT_CODES, infer_subcommands = false)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// Root of the repository [default: found upward from the current folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Ask the index as it is, without looking at the files
    #[arg(long, global = true)]
    pub(crate) no_update: bool,
    /// Worker threads, 0 for one per core
    #[arg(long, global = true, value_name = "N", help_heading = KNOBS, value_parser = clap::value_parser!(u32).range(0..=1024))]
    pub(crate) threads: Option<u32>,
    /// Largest file that is parsed, in bytes
    #[arg(long, global = true, value_name = "N", help_heading = KNOBS, value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)))]
    pub(crate) max_file_bytes: Option<u64>,
    /// Most files of the repository
    #[arg(long, global = true, value_name = "N", help_heading = KNOBS, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_files: Option<u32>,
    /// Folder names to skip, on top of those of the configuration
    #[arg(long, global = true, value_name = "NAME,…", help_heading = KNOBS, value_delimiter = ',', value_parser = folder_name)]
    pub(crate) exclude: Vec<String>,
    /// How long to wait for another writer, in milliseconds
    #[arg(long, global = true, value_name = "MS", help_heading = KNOBS, value_parser = clap::value_parser!(u32).range(0..=600_000))]
    pub(crate) busy_timeout_ms: Option<u32>,
    /// What makes the vectors of search by meaning
    #[arg(long, global = true, value_name = "NAME", help_heading = KNOBS, value_parser = ["latent", "hashing"])]
    pub(crate) embeddings: Option<String>,
    /// Whether to copy semantic records to .aether/sir, one JSON file for each symbol
    #[arg(long, global = true, value_name = "BOOL", help_heading = KNOBS, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) mirror_records: Option<bool>,
    /// Whether an update of a folder that git does not keep adds what changed to the history
    #[arg(long, global = true, value_name = "BOOL", help_heading = KNOBS, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) record_history: Option<bool>,
}

const KNOBS: &str = "Instead of .aether/config.toml";

fn folder_name(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.contains('/') { Err("a folder name has no `/`") } else { Ok(text.to_owned()) }
}
