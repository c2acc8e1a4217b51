//! `cargo xtask check`: everything that CI runs, step by step, to the end.

mod options;
mod plan;
mod summary;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use self::options::Options;
use self::plan::{Action, Step};
use self::summary::{Outcome, Summary};
use crate::child::Child;
use crate::manifest::Workspace;
use crate::repository::Repository;
use crate::violation::Violation;
use crate::{layers, promises, schemas, tidy};

/// Runs the chosen steps, each to its end whatever the others did.
pub(crate) fn run(repository: &Repository, words: &[String]) -> Result<ExitCode> {
    let options = Options::parse(words)?;
    let workspace = Workspace::read(repository.root())?;
    let steps = options.choose(plan::steps(repository, &workspace))?;
    if options.list {
        for step in &steps {
            println!("{:<34} {}", step.name, step.shown());
        }
        return Ok(ExitCode::SUCCESS);
    }

    let started = Instant::now();
    let mut summary = Summary::default();
    for step in &steps {
        println!("step {}: {}", step.name, step.shown());
        let step_started = Instant::now();
        let outcome = perform(repository, step, &mut summary.skipped_tests);
        let seconds = step_started.elapsed().as_secs_f64();
        println!("step {} {outcome} ({seconds:.1} s)\n", step.name);
        summary.add(&step.name, outcome);
    }
    print!("{summary}");
    println!("{:.1} s in all", started.elapsed().as_secs_f64());
    println!("{}", summary.counts());
    Ok(if summary.is_green() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How a test says that it was skipped (`aether_core::conformance::skip`).
const SKIPPED: &str = "SKIPPED (";

fn perform(repository: &Repository, step: &Step, skipped: &mut BTreeSet<String>) -> Outcome {
    let root = repository.root();
    match &step.action {
        Action::Run(children) => {
            let mut run = |child: &Child| child.run_and_find(root, SKIPPED, skipped);
            outcome(children.iter().try_for_each(&mut run))
        }
        Action::Report(child) => match child.run(root) {
            Ok(()) => Outcome::Ok,
            Err(error) => Outcome::Warned(format!("{error:#}")),
        },
        Action::Layers => verdict(&layers::check(root)),
        Action::Tidy => verdict(&tidy::check(root)),
        Action::Promises => verdict(&promises::check(root)),
        Action::Schemas => outcome(schemas::check(repository)),
        Action::Skip(reason) => Outcome::Skipped(reason.clone()),
    }
}

fn outcome(result: Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Ok,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

fn verdict(violations: &[Violation]) -> Outcome {
    for violation in violations {
        eprintln!("{violation}");
    }
    match violations.len() {
        0 => Outcome::Ok,
        1 => Outcome::Failed("1 violation".to_owned()),
        count => Outcome::Failed(format!("{count} violations")),
    }
}

/// Whether a subcommand of cargo is installed.
fn has_cargo_command(repository: &Repository, name: &str) -> bool {
    Child::cargo(&[name, "--version"]).first_line(repository.root()).is_some()
}
