//! `aether patch revert`, `aether patch list`, `aether patch verify`.

use aether_bindings::engine::StandingPatch;
use aether_core::base::{ErrorCode, Sha256Hash};
use clap::Args;
use serde::Serialize;

use super::Bench;
use crate::change::{Asking, Traces};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::Row;
use crate::output::Output;
use crate::paint::Tone;
use crate::session::Context;

/// Take a patch back
#[derive(Args, Debug)]
pub(super) struct Revert {
    /// The token of the patch, or of its provenance
    #[arg(value_name = "TOKEN")]
    token: String,
    /// Take it back whatever its files hold by now; what they hold is kept
    #[arg(long)]
    force: bool,
    /// Say what would be taken back and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Answer yes where the policy asks
    #[arg(long)]
    yes: bool,
}

impl Revert {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let bench = Bench::open(context, out, Asking { yes: self.yes }, None, Traces::None)?;
        let session = bench.engine.change(&bench.ports, &bench.options)?;
        let answer = session.revert(&self.token, self.force, self.dry_run)?;
        if out.is_json() {
            out.json(&answer)?;
            return Ok(Outcome::Done);
        }
        let word = if answer.reverted { "taken back" } else { "would be taken back" };
        out.line(&format!("{} {word}", answer.token))?;
        for path in &answer.paths {
            out.line(&format!("  {path}"))?;
        }
        Ok(Outcome::Done)
    }
}

/// List the patches that were applied
#[derive(Args, Debug)]
pub(super) struct List {}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    patches: &'a [StandingPatch],
}

pub(super) fn list(context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
    let bench = Bench::open(context, out, Asking { yes: false }, None, Traces::None)?;
    let patches = bench.engine.change(&bench.ports, &bench.options)?.patches()?;
    let outcome = if patches.is_empty() { Outcome::Nothing } else { Outcome::Done };
    if out.is_json() {
        out.json(Listed { patches: &patches })?;
        return Ok(outcome);
    }
    let row = |patch: &StandingPatch| {
        let tone = if patch.standing == "applied" { Tone::Good } else { Tone::Dim };
        let paths: Vec<String> = patch.paths.iter().map(ToString::to_string).collect();
        let proof = patch.provenance.as_ref().map_or_else(|| "not verified".to_owned(), ToString::to_string);
        Row::of("")
            .cell(Tone::Strong, patch.token.clone())
            .cell(tone, patch.standing)
            .cell(Tone::Plain, paths.join(" "))
            .cell(Tone::Dim, proof)
    };
    out.rows(&patches.iter().map(row).collect::<Vec<_>>())?;
    Ok(outcome)
}

/// Check where a patch comes from, and what of it still stands; nothing is run
///
/// Ends with exit code 1 where something does not fit: the record says that it was not proven, its trace is
/// gone, or the files do not hold what it made.
#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The token of the provenance, as `patch apply` and the message of a commit tell it, or that of the patch
    #[arg(value_name = "TOKEN")]
    token: String,
    /// Print it as a statement of in-toto
    #[arg(long)]
    in_toto: bool,
}

impl Verify {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let bench = Bench::open(context, out, Asking { yes: false }, None, Traces::Read)?;
        let token = self.token.trim().strip_prefix("Aether-Patch:").unwrap_or(&self.token).trim();
        let token = match token.parse::<Sha256Hash>() {
            Ok(token) => token,
            Err(_) => {
                let patches = bench.engine.change(&bench.ports, &bench.options)?.patches()?;
                let known = patches.iter().find(|patch| patch.token == token);
                known.and_then(|patch| patch.provenance).ok_or_else(|| {
                    let message =
                        format!("{token} is neither a token of a record nor of a patch that has one");
                    Failure::new(ErrorCode::PATCH_UNKNOWN_TOKEN, message)
                })?
            }
        };
        let answer = bench.engine.verify_provenance(&token, bench.ports.traces())?;
        let outcome = if answer.holds() { Outcome::Done } else { Outcome::Broken };
        if self.in_toto {
            out.event(answer.record.statement())?;
            return Ok(outcome);
        }
        if out.is_json() {
            out.json(&answer)?;
            return Ok(outcome);
        }
        let said = |is_so: bool| if is_so { (Tone::Good, "yes") } else { (Tone::Bad, "no") };
        let mut rows = vec![
            Row::of("").cell(Tone::Plain, "proven").cell(said(answer.proven).0, said(answer.proven).1),
            Row::of("")
                .cell(Tone::Plain, "in the records")
                .cell(Tone::Plain, answer.standing.unwrap_or("no")),
        ];
        if let Some(traced) = answer.traced {
            rows.push(
                Row::of("").cell(Tone::Plain, "in the log of traces").cell(said(traced).0, said(traced).1),
            );
        }
        let record = &answer.record;
        rows.push(Row::of("").cell(Tone::Plain, "made by").cell(Tone::Plain, record.proposer.name.clone()));
        rows.push(Row::of("").cell(Tone::Plain, "applied").cell(Tone::Plain, record.at.to_string()));
        for check in &record.checks {
            let code =
                check.exit_code.map_or_else(|| "killed".to_owned(), |code| format!("ended with {code}"));
            let row = Row::of("checks").cell(Tone::Plain, check.step.command.to_string());
            rows.push(row.cell(Tone::Plain, code));
        }
        for file in &answer.files {
            let state = serde_json::to_value(file.state).unwrap_or_default();
            let row = Row::of("files").cell(Tone::Plain, file.path.to_string());
            rows.push(row.cell(Tone::Plain, state.as_str().unwrap_or_default()));
        }
        out.rows(&rows)?;
        Ok(outcome)
    }
}
