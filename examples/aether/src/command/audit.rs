//! `aether audit`.

use std::path::PathBuf;

use aether_bindings::engine::{AuditTrust, Export};
use aether_core::base::ErrorCode;
use aether_core::record::{AuditQuery, AuditVerdict, SealedTip};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::change::{Asking, Traces, destination, open_authority, options, ports};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Verify the log of what was asked and decided, or take it out
#[derive(Args, Debug)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Verify),
    Export(ExportLog),
}

/// Look at every row of the log; exit code 1 when it is not what was written
///
/// Prints the sealed end of the log. Kept elsewhere and given with --tip, it shows also that the whole file was
/// taken back to an earlier state.
#[derive(Args, Debug)]
struct Verify {
    /// A file with an end of the log as an earlier run printed it with --json
    #[arg(long, value_name = "FILE")]
    tip: Option<PathBuf>,
}

/// Write the rows, one JSON object a line, as they are kept
#[derive(Args, Debug)]
struct ExportLog {
    /// Where to write them
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Answer yes where the policy asks
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Serialize)]
struct Verified {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaw: Option<&'static str>,
    tip: Option<SealedTip>,
}

impl Audit {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        match &self.command {
            Command::Verify(command) => command.run(context, out),
            Command::Export(command) => command.run(context, out),
        }
    }
}

impl Verify {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let (config, warnings) = workspace.read_config()?;
        out.warn(warnings);
        let (authority, key) = open_authority(workspace.root(), &config)?;
        let mut trust = AuditTrust::new(vec![key]);
        if let Some(path) = &self.tip {
            trust = trust.with_sealed_tip(read_tip(path)?);
        }
        let log = authority.log();
        let verdict = context.interrupt.guard(|cancel| log.verify(&trust, cancel))?;
        if matches!(verdict, AuditVerdict::Valid { .. }) {
            log.check_file()?;
        }
        let tip = log.head()?;
        let (word, rows, finding) = match &verdict {
            AuditVerdict::Valid { rows } => ("valid", Some(*rows), None),
            AuditVerdict::Invalid(finding) => ("invalid", None, Some(finding)),
            AuditVerdict::Indeterminate { rows, .. } => ("indeterminate", Some(*rows), None),
            _ => ("indeterminate", None, None),
        };
        let outcome = if word == "valid" { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            let (row, flaw) = (finding.map(|it| it.row), finding.map(|it| it.flaw.as_str()));
            out.json(Verified { verdict: word, rows, row, flaw, tip })?;
            return Ok(outcome);
        }
        match (finding, rows) {
            (Some(finding), _) => {
                let text = format!("row {}: {}", finding.row, finding.flaw.as_str());
                let line = out.text(Tone::Bad, &text);
                out.line(&line)?;
            }
            (None, rows) => out.line(&format!("{word}, {}", count(rows.unwrap_or(0), "row", "rows")))?,
        }
        Ok(outcome)
    }
}

/// A tip alone, or within what `audit verify --json` prints.
fn read_tip(path: &PathBuf) -> Result<SealedTip, Failure> {
    let bad = |why: String| {
        Failure::new(ErrorCode::USAGE_BAD_ARGUMENTS, format!("{} is no tip: {why}", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
    let mut value: serde_json::Value = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    if value["tip"]["tip"].is_object() {
        value = value["tip"].take();
    }
    serde_json::from_value(value).map_err(|error| bad(error.to_string()))
}

impl ExportLog {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let (config, warnings) = workspace.read_config()?;
        out.warn(warnings);
        let root = workspace.root().to_owned();
        let (authority, _) = open_authority(&root, &config)?;
        let ports = ports(&root, &config, Asking { yes: self.yes }, Traces::None)?;
        let options = options(&root, &config, None)?;
        let engine = workspace.open_apart(context, config)?;
        let permit =
            engine.change(&ports, &options)?.may_export(Export::Audit, destination(&self.output)?)?;
        let unwritable = |error: std::io::Error| {
            let message = format!("{} cannot be written: {error}", self.output.display());
            Failure::new(ErrorCode::OUTPUT_IO, message)
        };
        let mut file = std::io::BufWriter::new(std::fs::File::create(&self.output).map_err(unwritable)?);
        let all = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
        let log = authority.log();
        let written = context.interrupt.guard(|cancel| log.export(permit, &all, &mut file, cancel));
        let rows = written?.rows;
        if out.is_json() {
            out.json(serde_json::json!({ "rows": rows }))?;
        } else {
            out.line(&format!("{} in {}", count(rows, "row", "rows"), self.output.display()))?;
        }
        Ok(Outcome::Done)
    }
}
