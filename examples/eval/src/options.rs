//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};

use crate::search::Mode;

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
    /// How long things take, and how much they need.
    Bench {
        #[command(subcommand)]
        command: BenchCommand,
    },
    /// Makes the corpora that the package registry has; uses the network, through cargo alone.
    #[command(name = "data:corpora")]
    DataCorpora(DataCorpora),
    /// Says what the gold is and how it is made.
    #[command(name = "data:gold")]
    DataGold,
    /// One measurement in this process, for `bench`.
    #[command(hide = true)]
    Measure {
        #[command(subcommand)]
        command: MeasureCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Full index, unchanged start, edits of one file and lexical search, beside a bare parse.
    Index(BenchIndex),
    /// Semantic records of all symbols, beside the full index that they are derived from.
    Sir(BenchSir),
    /// The nearest of many vectors, the embedding of the question included.
    Vectors(BenchVectors),
    /// Durable events a second of a ledger, the wait for each, and a check of all of them.
    Ledger(BenchLedger),
    /// What policy keeps: durable decisions and rows, a verification of all of them, and grants that are taken back.
    Authority(BenchAuthority),
    /// Applying a patch beside syncing alone, and a candidate in a scratch copy beside an incremental check.
    Patches(BenchPatches),
}

/// `bench authority`
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchAuthority {
    /// A folder on the disk that is measured; the policy file goes into a new folder in it.
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// Decisions, and rows, whose wait is measured.
    #[arg(long, default_value_t = 2000)]
    pub(crate) appends: u64,
    /// Rows of the log that is verified.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) rows: u64,
}

/// `bench patches`
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchPatches {
    /// A folder on the disk that is measured.
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// How often each is done.
    #[arg(long, default_value_t = 15)]
    pub(crate) rounds: u32,
    /// A crate whose dependencies are there, for candidates.
    #[arg(long)]
    pub(crate) crate_folder: Option<PathBuf>,
    /// The file of it that candidates change.
    #[arg(long, default_value = "src/lib.rs")]
    pub(crate) file: String,
}

/// `bench ledger`
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchLedger {
    /// A folder on the disk that is measured; the ledger goes into a new folder in it.
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// Threads that append at the same time, one event each.
    #[arg(long, default_value_t = 64)]
    pub(crate) writers: u64,
    /// Events that are appended.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) events: u64,
    /// Length of an event, in bytes.
    #[arg(long, default_value_t = 400)]
    pub(crate) bytes: usize,
    /// Events of the ledger that is checked.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) checked: u64,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct BenchVectors {
    /// A repository that the embedder learns from, and whose names are the questions.
    #[arg(long)]
    pub(crate) corpus: PathBuf,
    /// Vectors that are compared: those of the repository, and noise.
    #[arg(long, default_value_t = 200_000)]
    pub(crate) count: usize,
    /// Questions.
    #[arg(long, default_value_t = 300)]
    pub(crate) questions: usize,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct BenchSir {
    /// A repository; may be repeated.
    #[arg(long, required = true)]
    pub(crate) corpus: Vec<PathBuf>,
    /// How often; the median counts.
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: usize,
    /// Worker threads of the index; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct BenchIndex {
    /// A repository; may be repeated.
    #[arg(long, required = true)]
    pub(crate) corpus: Vec<PathBuf>,
    /// Full indexes that are measured, after one that is not.
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: usize,
    /// Edits of a copy of the repository; 0 for none.
    #[arg(long, default_value_t = 100)]
    pub(crate) edits: usize,
    /// What determines the edits and the names that are looked up.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Worker threads of the index; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
    /// Writes the report as JSON, with the figures of each run.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MeasureCommand {
    /// Indexes into a new store, then parses the same files.
    Full {
        #[command(flatten)]
        options: MeasureOptions,
        /// Parses, of which the median counts.
        #[arg(long, default_value_t = 3)]
        parses: usize,
    },
    /// Opens a store that is up to date.
    Start(MeasureOptions),
    /// Edits a copy of a repository; to find the edit after which an index is wrong.
    Edits {
        /// The repository.
        #[arg(long)]
        corpus: PathBuf,
        /// How often.
        #[arg(long)]
        edits: usize,
        /// What determines the edits.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Worker threads of the index; 0 for one per core.
        #[arg(long, default_value_t = 0)]
        threads: usize,
    },
}

#[derive(Args, Clone, Debug)]
pub(crate) struct MeasureOptions {
    /// The repository.
    #[arg(long)]
    pub(crate) corpus: PathBuf,
    /// The store.
    #[arg(long)]
    pub(crate) store: PathBuf,
    /// Worker threads of the index; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// Symbols against `syn`, call edges against the gold of a compiler-grade indexer.
    Index(EvalIndex),
    /// Symbols of another language against its own parser, and a sample of its calls to judge.
    Languages(EvalLanguages),
    /// Effects of functions of published crates, against their documentation
    Effects(EvalEffects),
    /// Context packs for the messages of past commits: do they hold what the commit changed?
    Context(EvalContext),
    /// Versions of records, commit by commit, against an index from nothing of each commit
    History(EvalHistory),
    /// The diffs of real commits, read, applied, taken back and written again, each compared with git
    Diffs(EvalDiffs),
    /// Whether functions are found by a sentence of their documentation.
    Search(EvalSearch),
    /// What is wrong and what is missing, by the name of the callee. Development corpora only.
    Errors(EvalErrors),
    /// Proofs of Merkle trees against the published test vectors of Certificate Transparency.
    Merkle(EvalMerkle),
    /// How much planted noise is left in fixes of planted errors after shrinking by the compiler.
    Shrink(EvalShrink),
}

/// `eval shrink`
#[derive(Args, Clone, Debug)]
pub(crate) struct EvalShrink {
    /// Crates whose dependencies are there
    #[arg(long = "crate-folder", required = true)]
    pub(crate) crate_folders: Vec<PathBuf>,
    /// Fixes of each
    #[arg(long, default_value_t = 20)]
    pub(crate) cases: u32,
    /// Which errors and which noise
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// `eval merkle`
#[derive(Args, Clone, Debug)]
pub(crate) struct EvalMerkle {
    /// The folder `testdata` of a checkout of github.com/transparency-dev/merkle
    #[arg(long)]
    pub(crate) vectors: PathBuf,
}

/// A repository of another language than Rust.
#[derive(Args, Clone, Debug)]
pub(crate) struct EvalLanguages {
    /// The repository.
    #[arg(long)]
    pub(crate) corpus: PathBuf,
    /// The language, or several that go together.
    #[arg(long, required = true, value_delimiter = ',')]
    pub(crate) language: Vec<String>,
    /// The oracle, in place of that of the language: a command that is given the folder.
    #[arg(long)]
    pub(crate) oracle: Option<String>,
    /// How many calls are drawn.
    #[arg(long, default_value_t = 50)]
    pub(crate) sample: usize,
    /// What determines which.
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// How many declarations that do not match are listed of each kind.
    #[arg(long, default_value_t = 10)]
    pub(crate) mismatches: usize,
    /// Worker threads of the index; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
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

#[derive(Args, Clone, Debug)]
pub(crate) struct DataCorpora {
    /// The folder that gets a folder for each corpus; what is there stays as it is.
    #[arg(long)]
    pub(crate) into: PathBuf,
}

/// `eval effects`
#[derive(Args, Debug)]
pub(crate) struct EvalEffects {
    /// The folder that holds a folder for each crate
    #[arg(long, required_unless_present = "std")]
    pub(crate) crates: Option<PathBuf>,
    /// In place of that the table of known calls, against the list of functions of the standard library
    #[arg(long, conflicts_with = "crates")]
    pub(crate) std: bool,
    /// Only crates of this name; may be repeated
    #[arg(long)]
    pub(crate) only: Vec<String>,
    /// Also the sealed half
    #[arg(long)]
    pub(crate) sealed: bool,
    /// Lists what is said of the dev half
    #[arg(long)]
    pub(crate) list: bool,
    /// Least confidence of a panic that is told, in thousandths
    #[arg(long, default_value_t = aether_index::Effects::LIKELY_PANIC.thousandths())]
    pub(crate) threshold: u16,
}

/// `eval history`
#[derive(Args, Debug)]
pub(crate) struct EvalHistory {
    /// A git repository
    #[arg(long)]
    pub(crate) corpus: PathBuf,
    /// The oldest commit, a revision
    #[arg(long)]
    pub(crate) since: Option<String>,
    /// How many commits are compared, spread over all
    #[arg(long, default_value_t = 20)]
    pub(crate) sample: usize,
    /// How many records that differ are listed
    #[arg(long, default_value_t = 10)]
    pub(crate) list: usize,
    /// Commits that are derived at once; 0 for one for each core
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

/// `eval diffs`
#[derive(Args, Debug)]
pub(crate) struct EvalDiffs {
    /// Git repositories with their history
    #[arg(long = "repository", required = true)]
    pub(crate) repositories: Vec<PathBuf>,
    /// Most commits of each, the newest first, merges left out
    #[arg(long, default_value_t = 5_000)]
    pub(crate) commits: usize,
}

/// `eval search`
#[derive(Args, Clone, Debug)]
pub(crate) struct EvalSearch {
    /// The folder that holds the groups `apps` and `std`, which are scored when no group is named.
    #[arg(long, env = "AETHER_CORPORA", default_value = "../corpora")]
    pub(crate) corpora: PathBuf,
    /// A group of folders that are one pool; may be repeated.
    #[arg(long, value_name = "NAME=PATH[,PATH…]")]
    pub(crate) group: Vec<Group>,
    /// How many questions are drawn of each half.
    #[arg(long, default_value_t = 2000)]
    pub(crate) queries: usize,
    /// What determines which.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Also the sealed half, and both together.
    #[arg(long)]
    pub(crate) sealed: bool,
    /// How to search: lexical, semantic or hybrid.
    #[arg(long, default_value = "lexical")]
    pub(crate) mode: Mode,
    /// How many questions of the dev half are listed, with the place of what is right and what is first.
    #[arg(long, default_value_t = 0)]
    pub(crate) list: usize,
    /// Writes the report as JSON.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
    /// Worker threads of the index; 0 for one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

/// Folders that are one pool.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) folders: Vec<PathBuf>,
}

impl FromStr for Group {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, folders) = text.split_once('=').ok_or("not of the form NAME=PATH[,PATH…]")?;
        let folders: Vec<PathBuf> =
            folders.split(',').filter(|folder| !folder.is_empty()).map(PathBuf::from).collect();
        if name.is_empty() || folders.is_empty() {
            return Err("a group needs a name and a path");
        }
        Ok(Self { name: name.to_owned(), folders })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_name_and_folders() {
        let folders = vec![PathBuf::from("x/y"), PathBuf::from("z")];
        assert_eq!("a=x/y,z".parse(), Ok(Group { name: "a".into(), folders }));
        for text in ["a", "a=", "=b", ""] {
            assert!(text.parse::<Group>().is_err(), "{text}");
        }
    }
}

/// `eval context`
#[derive(Args, Debug)]
pub(crate) struct EvalContext {
    /// A git repository
    #[arg(long)]
    pub(crate) corpus: PathBuf,
    /// How many commits are tasks
    #[arg(long, default_value_t = 100)]
    pub(crate) commits: usize,
    /// How many of the newest commits are passed over
    #[arg(long, default_value_t = 0)]
    pub(crate) skip: usize,
    /// How many tasks are listed
    #[arg(long, default_value_t = 0)]
    pub(crate) list: usize,
}
