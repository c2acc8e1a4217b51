//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Evaluation and benches over all crates of Aether.
#[derive(Debug, Parser)]
#[command(name = "aether-eval", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// How right the results are.
    Eval {
        #[command(subcommand)]
        command: EvalCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// Symbols against `syn`, call edges against the gold of a compiler-grade indexer.
    Index(EvalIndex),
    /// What is wrong and what is missing, by the name of the callee. Development corpora only.
    Errors(EvalErrors),
}

/// Where corpora and their gold are.
#[derive(Args, Clone, Debug)]
pub(crate) struct Places {
    /// The folder that holds the corpora.
    #[arg(long, env = "AETHER_CORPORA", default_value = "../corpora")]
    pub(crate) corpora: PathBuf,
    /// A folder with gold; may be repeated, the first that has a file wins.
    #[arg(long, default_values = ["examples/eval/gold", "../shared/data/edges"])]
    pub(crate) gold: Vec<PathBuf>,
    /// Worker threads of the index; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct EvalIndex {
    #[command(flatten)]
    pub(crate) places: Places,
    /// Only these corpora; may be repeated.
    #[arg(long)]
    pub(crate) only: Vec<String>,
    /// Writes the report as JSON.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    /// Writes the edges of each corpus as `NAME.jsonl` into this folder.
    #[arg(long)]
    pub(crate) edges: Option<PathBuf>,
    /// How many symbols that do not match are listed for each corpus.
    #[arg(long, default_value_t = 10)]
    pub(crate) mismatches: usize,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct EvalErrors {
    /// The corpora.
    #[arg(required = true)]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) places: Places,
    /// How many names of callees are listed, the most frequent first.
    #[arg(long, default_value_t = 40)]
    pub(crate) limit: usize,
    /// How many sites are listed below each name.
    #[arg(long, default_value_t = 5)]
    pub(crate) sites: usize,
}
