//! `aether verify`.

use std::collections::BTreeSet;

use aether_core::authority::PolicyProfile;
use aether_core::change::{Diagnostic, StepReport, TestStatus, Verification};
use clap::Args;
use serde::Serialize;

use crate::change::{Asking, Traces, options, ports};
use crate::failure::{Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Run the check, the tests and the linters in a sandbox, on a copy of the files
///
/// Neither the files and their times nor the target folder are touched, and nothing that is run can write
/// elsewhere or reach the network. What is run stands in `[verify]` of the configuration. Ends with exit code 1
/// when the check or a test fails.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Answer yes where the policy asks, but for what runs at build
    #[arg(long)]
    yes: bool,
    /// What to run, in place of `[verify] commands`; may be given several times
    #[arg(long = "command", value_name = "COMMAND")]
    commands: Vec<String>,
    /// Where to run it, in place of `[verify] mode`
    #[arg(long, value_name = "MODE", value_parser = ["host", "docker", "container", "microvm", "kubernetes"])]
    mode: Option<String>,
}

/// Most diagnostics of one command that are shown.
const SHOWN: usize = 10;

#[derive(Debug, Serialize)]
struct Body<'a> {
    green: bool,
    profile: PolicyProfile,
    verification: &'a Verification,
}

impl Verify {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let mut config = workspace.config(out)?;
        if !self.commands.is_empty() {
            config.verify.commands.clone_from(&self.commands);
        }
        if let Some(mode) = &self.mode {
            config.verify.mode.clone_from(mode);
        }
        let root = workspace.root().to_owned();
        let ports = ports(&root, &config, Asking { yes: self.yes }, Traces::None)?;
        let options = options(&root, &config, None)?;
        let engine = workspace.open_apart(context, config)?;
        let session = engine.change(&ports, &options)?;
        let verification =
            context.interrupt.guard(|cancel| futures::executor::block_on(session.verify(cancel)))?;
        let green = verification.is_green();
        if out.is_json() {
            out.json(Body { green, profile: options.policy.profile, verification: &verification })?;
        } else {
            print(&verification, out)?;
            if options.policy.profile != PolicyProfile::Strict {
                out.note("the profile of the policy is relaxed");
            }
        }
        Ok(if green { Outcome::Done } else { Outcome::Broken })
    }
}

/// The steps, and below each what is wrong.
pub(super) fn print(verification: &Verification, out: &mut Output) -> Result<(), Stop> {
    let mut said_before = BTreeSet::new();
    let mut rows: Vec<Row> = verification.steps.iter().map(|report| row(report, &mut said_before)).collect();
    for step in &verification.skipped {
        let row = Row::of("").cell(Tone::Dim, "skipped").cell(Tone::Strong, step.command.to_string());
        rows.push(row.cell(Tone::Dim, "a step before it failed"));
    }
    out.rows(&rows)?;
    // All of them run in the same sandbox.
    let Some(report) = verification.steps.first() else { return Ok(()) };
    let sandbox = &report.final_run().sandbox;
    let held = sandbox.layers.iter().filter(|layer| layer.held).map(|layer| layer.layer.as_str());
    let held = held.collect::<Vec<_>>().join(", ");
    let confined = if sandbox.writes_confined { "" } else { "; writes were not held back" };
    let line = out.text(Tone::Dim, &format!("held back by {held}{confined}"));
    out.line(&line)
}

fn row(report: &StepReport, said_before: &mut BTreeSet<String>) -> Row {
    let run = report.final_run();
    let (tone, word) = match (report.is_green(), report.step.blocks()) {
        (true, _) => (Tone::Good, "ok"),
        (false, true) => (Tone::Bad, "failed"),
        (false, false) => (Tone::Doubt, "told"),
    };
    let mut said = Vec::new();
    if run.timed_out {
        said.push("ended because its time was over".to_owned());
    }
    let tests = report.reruns.last().or(report.tests.as_ref());
    if let Some(tests) = tests {
        let counts = tests.counts();
        said.push(count(counts.passed.into(), "test passed", "tests passed"));
        let failed = counts.failed + counts.timed_out + counts.unknown;
        if failed > 0 {
            said.push(format!("{failed} failed"));
        }
        if counts.ignored > 0 {
            said.push(format!("{} ignored", counts.ignored));
        }
    }
    let found = report.diagnostics.len() as u64;
    if found > 0 {
        said.push(count(found, "diagnostic", "diagnostics"));
    }
    let mut row = Row::of("")
        .cell(tone, word)
        .cell(Tone::Strong, report.step.command.to_string())
        .cell(Tone::Dim, format!("{:.1} s", run.duration_ms as f64 / 1_000.0))
        .cell(Tone::Plain, said.join(", "))
        .cell(Tone::Dim, run.mode.as_str());
    let mut new: Vec<(Tone, String)> =
        report.diagnostics.iter().map(|it| (tone_of(it), self::told(it))).collect();
    // A warning is told once, however many targets and commands repeat it.
    new.retain(|(_, line)| said_before.insert(line.clone()));
    new.sort_by_key(|(tone, _)| *tone != Tone::Bad);
    let more = new.len().saturating_sub(SHOWN);
    for (tone, line) in new.iter().take(SHOWN) {
        row = row.note(*tone, line);
    }
    if more > 0 {
        row = row.note(Tone::Dim, &format!("and {more} more; --json has all"));
    }
    if let Some(tests) = tests {
        for outcome in tests.binaries.iter().flat_map(|binary| &binary.outcomes) {
            if !matches!(outcome.status, TestStatus::Passed | TestStatus::Ignored) {
                let message = outcome.message.as_deref().unwrap_or_default().replace('\n', " ");
                row = row.note(Tone::Bad, &format!("{}: {message}", outcome.name));
            }
        }
    }
    // What failed and told nothing that could be read is told as it is.
    let is_told = !report.diagnostics.is_empty() || tests.is_some_and(|tests| !tests.is_green());
    if !report.is_green() && !is_told {
        for line in run.stderr.lines().rev().take(10).collect::<Vec<_>>().into_iter().rev() {
            row = row.note(Tone::Plain, line);
        }
        if run.stderr.contains("failed to unpack package") || run.stderr.contains("--offline") {
            row =
                row.note(Tone::Doubt, "packages that are not there yet cannot be fetched; run `cargo fetch`");
        }
    }
    row
}

fn tone_of(diagnostic: &Diagnostic) -> Tone {
    if diagnostic.is_error() { Tone::Bad } else { Tone::Doubt }
}

/// A diagnostic on one line.
pub(super) fn told(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.primary().and_then(|span| {
        let file = span.place.file()?;
        Some(format!("{file}:{}:{}: ", span.start.line, span.start.column))
    });
    let code = diagnostic.code.as_ref().map(|code| format!(" [{code}]"));
    format!("{}{}{}", place.unwrap_or_default(), diagnostic.message, code.unwrap_or_default())
}
