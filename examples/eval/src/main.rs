//! Evaluation and benches over all crates: `cargo xtask eval|bench|data:…` runs this program.
//!
//! `docs/results/README.md` says what each command measures and what the bars are.

mod bench;
mod context;
mod corpora;
mod data;
mod diffs;
mod edges;
mod effects;
mod eval;
mod gold;
mod history;
mod indexed;
mod languages;
mod measure;
mod merkle;
mod options;
mod output;
mod random;
mod report;
mod search;
mod share;
mod shrink;
mod symbols;

use std::process::ExitCode;

use clap::Parser as _;

use crate::options::{BenchCommand, Command, EvalCommand, Options};
use crate::output::say_error;

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.command {
        Command::Eval { command: EvalCommand::Index(index) } => eval::index(index),
        Command::Eval { command: EvalCommand::Errors(errors) } => eval::errors(errors),
        Command::Eval { command: EvalCommand::Effects(options) } => effects::effects(options),
        Command::Eval { command: EvalCommand::Context(options) } => context::context(options),
        Command::Eval { command: EvalCommand::History(options) } => history::history(options),
        Command::Eval { command: EvalCommand::Diffs(options) } => diffs::diffs(options),
        Command::Eval { command: EvalCommand::Merkle(options) } => merkle::merkle(options),
        Command::Eval { command: EvalCommand::Shrink(options) } => shrink::shrink(options),
        Command::Eval { command: EvalCommand::Search(options) } => search::search(options),
        Command::Eval { command: EvalCommand::Languages(languages) } => languages::languages(languages),
        Command::Bench { command: BenchCommand::Index(index) } => bench::index(index),
        Command::Bench { command: BenchCommand::Authority(options) } => bench::authority(options),
        Command::Bench { command: BenchCommand::Ledger(options) } => bench::ledger(options),
        Command::Bench { command: BenchCommand::Patches(options) } => bench::patches(options),
        Command::Bench { command: BenchCommand::Sir(sir) } => bench::sir(sir),
        Command::Bench { command: BenchCommand::Vectors(vectors) } => bench::vectors(vectors),
        Command::DataCorpora(corpora) => data::corpora(corpora),
        Command::DataGold => data::gold(),
        Command::Measure { command } => bench::measure(command),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say_error(&format!("aether-eval: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
