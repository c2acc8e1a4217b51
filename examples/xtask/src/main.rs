//! Automation of the repository: `cargo xtask check` is what CI runs.
//!
//! Run `cargo xtask help` for the list of commands.
//! This package depends on none of ours, so that a library that does not build cannot
//! take its own checks down; what needs the libraries runs as a child process.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program reports by printing")]

mod check;
mod child;
mod delegate;
#[cfg(test)]
mod fixture;
mod layers;
mod manifest;
mod promises;
mod repository;
mod schemas;
mod setup;
mod source;
mod tidy;
mod violation;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::repository::Repository;
use crate::violation::Violation;

const HELP: &str = "\
cargo xtask COMMAND

  check [--full] [--no-tests] [--only NAME,…] [--list]
                        everything that CI runs; --full adds what needs extra tools
  layers                compare crates and modules with the house (docs/ARCHITECTURE.md)
  tidy                  rules on files and text that no other tool checks
  schemas [--check]     write aether-core/schemas again, or compare them
  setup NAME [--dry-run]
                        install a tool that tests or evaluations need: docker, kubernetes, jj, node,
                        chromium, filesystems, rust-analyzer, ctags, go, java, oracles
  eval|bench|data:… ARGS…
                        run examples/eval in release mode with these words
  help                  this text
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<ExitCode> {
    let Some((command, rest)) = words.split_first() else {
        print!("{HELP}");
        return Ok(ExitCode::FAILURE);
    };
    if delegate::is_delegated(command) {
        return delegate::run(&Repository::locate()?, words);
    }
    match command.as_str() {
        "check" => check::run(&Repository::locate()?, rest),
        "layers" => report("layers", rest, &layers::check(Repository::locate()?.root())),
        "tidy" => report("tidy", rest, &tidy::check(Repository::locate()?.root())),
        "schemas" => schemas::run(&Repository::locate()?, rest),
        "setup" => setup::run(&Repository::locate()?, rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => bail!("there is no command {unknown:?}; see `cargo xtask help`"),
    }
}

/// Prints the violations that a rule set found, and turns them into an exit code.
fn report(name: &str, rest: &[String], violations: &[Violation]) -> Result<ExitCode> {
    if let Some(word) = rest.first() {
        bail!("`{name}` takes no arguments, got {word:?}");
    }
    for violation in violations {
        eprintln!("{violation}");
    }
    if violations.is_empty() {
        println!("{name}: ok");
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!("{name}: {} violations", violations.len());
        Ok(ExitCode::FAILURE)
    }
}
