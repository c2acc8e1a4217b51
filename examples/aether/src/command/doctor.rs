//! `aether doctor`.

use aether_core::base::{ConfigWarning, ErrorCode};
use clap::Args;
use serde::Serialize;

use crate::failure::{Failure, Outcome, Stop};
use crate::human::Row;
use crate::output::Output;
use crate::paint::Tone;
use crate::records::CheckFields;
use crate::session::{Context, Workspace};

/// Look at everything that can be wrong: the configuration, the store, files that could not be read
#[derive(Args, Debug)]
pub(crate) struct Doctor {}

#[derive(Debug, Serialize)]
struct Body<'a> {
    is_ok: bool,
    checks: &'a [CheckFields],
}

impl Doctor {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let checks = examine(context)?;
        // A file that does not parse, or a key that nothing reads, is no reason to fail.
        let is_ok = checks.iter().all(|check| check.is_ok || is_minor(check));
        let outcome = if is_ok { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            out.json(Body { is_ok, checks: &checks })?;
            return Ok(outcome);
        }
        let rows: Vec<Row> = checks
            .iter()
            .map(|check| {
                let (tone, mark) = match (check.is_ok, is_minor(check)) {
                    (true, _) => (Tone::Dim, "ok"),
                    (false, true) => (Tone::Doubt, "note"),
                    (false, false) => (Tone::Bad, "BAD"),
                };
                let code = check.code.as_ref().map_or("", ErrorCode::as_str);
                Row::of("")
                    .cell(tone, mark)
                    .cell(Tone::Strong, check.name)
                    .cell(Tone::Plain, check.message.clone())
                    .cell(Tone::Dim, code)
            })
            .collect();
        out.rows(&rows)?;
        Ok(outcome)
    }
}

fn is_minor(check: &CheckFields) -> bool {
    let is_warning = [ErrorCode::CONFIG_UNKNOWN_KEY, ErrorCode::CONFIG_BAD_VALUE]
        .iter()
        .any(|code| check.code.as_ref() == Some(code));
    check.name == "file" || is_warning
}

/// Goes the way of every question, and notes what goes wrong on it.
fn examine(context: Context<'_>) -> Result<Vec<CheckFields>, Stop> {
    let workspace = Workspace::find(context.common, None)?;
    let mut checks = Vec::new();
    let (config, warnings) = workspace.read_config().unwrap_or_else(|failure| {
        checks.push(bad("config", failure));
        Default::default()
    });
    match check_store(context, workspace, config, &warnings) {
        Ok(found) => checks.extend(found),
        Err(Stop::Failed(failure)) if failure.exit_code() == 130 => return Err(failure.into()),
        Err(Stop::Failed(failure)) => checks.push(bad(part_of(&failure.code), failure)),
        Err(gone @ Stop::ReaderGone) => return Err(gone),
    }
    Ok(checks)
}

fn check_store(
    context: Context<'_>,
    workspace: Workspace,
    config: aether_core::base::Config,
    warnings: &[ConfigWarning],
) -> Result<Vec<CheckFields>, Stop> {
    let mut session = workspace.open(context, config)?;
    if !context.common.no_update {
        session.update(context.interrupt)?;
    }
    let found = session.engine.doctor(warnings)?;
    Ok(found
        .into_iter()
        .map(|check| CheckFields {
            name: check.name,
            is_ok: check.is_ok,
            message: check.message,
            code: check.code,
        })
        .collect())
}

fn bad(name: &'static str, failure: Failure) -> CheckFields {
    CheckFields { name, is_ok: false, message: failure.message, code: Some(failure.code) }
}

fn part_of(code: &ErrorCode) -> &'static str {
    match code.as_str().split_once('.') {
        Some(("store", _)) => "store",
        Some(("workspace", _)) => "workspace",
        _ => "index",
    }
}
