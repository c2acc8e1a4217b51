//! `aether patch check`, `aether patch apply`.

use std::path::PathBuf;

use aether_bindings::engine::{ApplyAnswer, Asked};
use aether_core::authority::DegradedMode;
use aether_core::change::Judgement;
use clap::Args;

use super::{Bench, read_diff};
use crate::change::{Asking, Traces, formatter, lacks_proof};
use crate::command::verify;
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::Context;

/// Say whether a diff fits the files, and what applying it would need; nothing is run or changed
#[derive(Args, Debug)]
pub(super) struct Check {
    /// The diff, as git writes it; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Check {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let mut bench = Bench::open(context, out, Asking { yes: false }, None, Traces::None)?;
        if lacks_proof(&bench.config, &bench.options.plan) {
            bench.options.degraded.insert(DegradedMode::NoCompiler);
        }
        let session = bench.engine.change(&bench.ports, &bench.options)?;
        let answer = session.check(&session.read(&read_diff(&self.file)?)?)?;
        let is_small = answer.added_lines + answer.removed_lines <= answer.max_changed_lines;
        let outcome = if is_small { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            out.json(&answer)?;
            return Ok(outcome);
        }
        out.line(&size(answer.added_lines, answer.removed_lines, &answer.paths))?;
        out.rows(&needs(&answer.needs))?;
        if !is_small {
            let text = format!("the policy allows {} changed lines", answer.max_changed_lines);
            out.line(&out.text(Tone::Bad, &text))?;
        }
        Ok(outcome)
    }
}

/// Apply a diff that keeps the check and the tests green
///
/// It is tried in a copy first. Where it proves itself it is applied as a whole, the files are verified once
/// more, and it is taken back where they do not hold. Ends with exit code 1 where it is not applied.
#[derive(Args, Debug)]
pub(super) struct Apply {
    /// The diff, as git writes it; `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Try it and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Answer yes where the policy asks, but for what runs at build
    #[arg(long)]
    yes: bool,
    /// Accept that tests are gone or ignored that were run before
    #[arg(long)]
    allow_lost_tests: bool,
    /// Leave the files as the diff makes them, without formatting what it changed
    #[arg(long)]
    no_format: bool,
    /// The tool that made the diff, for the record [default: you]
    #[arg(long, value_name = "NAME")]
    proposer: Option<String>,
}

impl Apply {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let asking = Asking { yes: self.yes };
        let mut bench = Bench::open(context, out, asking, self.proposer.as_deref(), Traces::Written)?;
        bench.options.acceptance = bench.options.acceptance.with_lost_tests(self.allow_lost_tests);
        if lacks_proof(&bench.config, &bench.options.plan) {
            bench.options.degraded.insert(DegradedMode::NoCompiler);
        }
        let session = bench.engine.change(&bench.ports, &bench.options)?;
        let patch = session.read(&read_diff(&self.file)?)?;
        if let Some(draft) = session.draft(&patch)? {
            if out.is_json() {
                out.json(&draft)?;
            } else {
                out.line(&size(draft.added_lines, draft.removed_lines, &draft.paths))?;
                out.rows(&needs(&draft.needs))?;
                out.line(&out.text(Tone::Bad, &format!("not applied: {}", draft.message)))?;
            }
            return Ok(Outcome::NotAllowed);
        }
        let formatter = if self.no_format { None } else { formatter(&bench.config)? };
        let answer = context.interrupt.guard(|cancel| {
            futures::executor::block_on(session.apply(&patch, formatter.as_ref(), self.dry_run, cancel))
        })?;
        let is_proven = answer.judgement.is_accepted() && answer.taken_back.is_none();
        let outcome = if is_proven { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            out.json(&answer)?;
            return Ok(outcome);
        }
        print(&answer, out)?;
        Ok(outcome)
    }
}

fn print(answer: &ApplyAnswer, out: &mut Output) -> Result<(), Stop> {
    out.line(&size(answer.added_lines, answer.removed_lines, &answer.paths))?;
    verify::print(answer.after.as_ref().unwrap_or(&answer.tried), out)?;
    objections(&answer.judgement, out)?;
    match (&answer.token, &answer.taken_back, answer.dry_run) {
        (Some(token), _, _) => {
            let applied = out.text(Tone::Good, "applied");
            out.line(&format!("{applied} as {token}; `aether patch revert {token}` takes it back"))?;
            if let Some(trailer) = &answer.trailer {
                out.line(&out.text(Tone::Dim, trailer))?;
            }
        }
        (None, Some(why), _) => {
            let back = out.text(Tone::Bad, "taken back");
            out.line(&format!("{back}: {why}"))?;
        }
        (None, None, true) if answer.judgement.is_accepted() => {
            out.line("it proves itself; nothing was changed")?;
            out.rows(&needs(&answer.needs))?;
        }
        _ => {
            let line = out.text(Tone::Bad, "not applied: it does not keep the check and the tests green");
            out.line(&line)?;
        }
    }
    if let Some(polish) = &answer.polish {
        let text = match &polish.token {
            Some(token) => format!("formatted as {token}"),
            None => "the formatting does not prove itself and was left out".to_owned(),
        };
        out.line(&text)?;
        if let Some(trailer) = &polish.trailer {
            out.line(&out.text(Tone::Dim, trailer))?;
        }
    }
    if let Some(why) = &answer.not_polished {
        out.line(&format!("not formatted: {why}"))?;
    }
    Ok(())
}

fn objections(judgement: &Judgement, out: &mut Output) -> Result<(), Stop> {
    let rows: Vec<Row> = judgement
        .objections
        .iter()
        .map(|it| Row::of("").cell(Tone::Bad, it.kind.as_str()).cell(Tone::Plain, it.about.clone()))
        .chain(
            judgement
                .flaky
                .iter()
                .map(|test| Row::of("").cell(Tone::Doubt, "flaky").cell(Tone::Plain, test.name.clone())),
        )
        .chain(
            judgement
                .new_warnings()
                .map(|it| Row::of("").cell(Tone::Doubt, "new_warning").cell(Tone::Plain, verify::told(it))),
        )
        .collect();
    out.rows(&rows)
}

fn needs(needs: &[Asked]) -> Vec<Row> {
    let row = |asked: &Asked| {
        let tone = match asked.outcome {
            "allow" => Tone::Good,
            "ask" => Tone::Doubt,
            _ => Tone::Bad,
        };
        let paths: Vec<String> = asked.paths.iter().map(ToString::to_string).collect();
        Row::of("")
            .cell(tone, asked.outcome)
            .cell(Tone::Strong, asked.capability.as_str())
            .cell(Tone::Plain, paths.join(" "))
            .cell(Tone::Dim, asked.reason.unwrap_or_default())
    };
    needs.iter().map(row).collect()
}

fn size(added: u32, removed: u32, paths: &[aether_core::base::RelPath]) -> String {
    format!("{}, +{added} -{removed} lines", count(paths.len() as u64, "file", "files"))
}
