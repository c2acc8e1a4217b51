//! `aether trace`.

mod checkpoint;
mod keys;
mod prove;

use std::path::PathBuf;

use aether_bindings::engine::{
    Export, LiveReplay, TraceEntry, check_trace, export_traces, import_traces, list_traces, replay_trace,
    trace_bytes,
};
use aether_core::base::ErrorCode;
use aether_core::record::trace::{TraceId, Violation};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::change::{Asking, Traces, absolute, open_traces, options, outputs, ports, read_traces};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::{Row, count};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Largest bundle or trace that is read.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Look at the traces of what was changed: list, show, check, replay, take out, bring in, sign and prove
#[derive(Args, Debug)]
pub(crate) struct Trace {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Show(Show),
    Check(Check),
    Replay(Replay),
    Export(ExportTraces),
    Import(Import),
    Checkpoint(checkpoint::SignCheckpoint),
    Prove(prove::Prove),
    VerifyLog(checkpoint::VerifyLog),
}

/// List the traces, the oldest first
#[derive(Args, Debug)]
struct List {}

/// Print a trace, one JSON object a line, as it was written
#[derive(Args, Debug)]
struct Show {
    /// Its name
    #[arg(value_name = "ID")]
    id: String,
}

/// Say whether a trace keeps all rules; exit code 1 when it does not
#[derive(Args, Debug)]
struct Check {
    /// Its name
    #[arg(value_name = "ID", required_unless_present = "file")]
    id: Option<String>,
    /// A file with a trace, in place of one of the log
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    file: Option<PathBuf>,
}

/// Decide again what a trace decided; exit code 1 when it comes out otherwise
///
/// What tools said is taken from the trace. With --live the commands are run again on the files as they are, and
/// compared with what the trace says of the same files.
#[derive(Args, Debug)]
struct Replay {
    /// Its name
    #[arg(value_name = "ID")]
    id: String,
    /// Ask the tools again
    #[arg(long)]
    live: bool,
    /// Answer yes where the policy asks
    #[arg(long)]
    yes: bool,
}

/// Write traces into a bundle; equal traces give equal bytes
#[derive(Args, Debug)]
struct ExportTraces {
    /// Their names
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Where to write the bundle
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Also what the commands of verifications printed, as far as it is kept and holds no secret
    #[arg(long)]
    outputs: bool,
    /// Answer yes where the policy asks
    #[arg(long)]
    yes: bool,
}

/// Add the traces of a bundle that keep the rules and are not there yet
#[derive(Args, Debug)]
struct Import {
    /// The bundle
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Check it and say which traces would be added, and add none
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    traces: &'a [TraceEntry],
}

#[derive(Debug, Serialize)]
struct Checked<'a> {
    is_valid: bool,
    events: u64,
    head: Option<aether_core::base::Sha256Hash>,
    violations: &'a [Violation],
}

#[derive(Debug, Serialize)]
struct Replayed<'a> {
    agrees: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replayed: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Imported<'a> {
    dry_run: bool,
    added: &'a [TraceId],
}

impl Trace {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        match &self.command {
            Command::List(_) => list(context, out),
            Command::Show(command) => command.run(context, out),
            Command::Check(command) => command.run(context, out),
            Command::Replay(command) => command.run(context, out),
            Command::Export(command) => command.run(context, out),
            Command::Import(command) => command.run(context, out),
            Command::Checkpoint(command) => command.run(context, out),
            Command::Prove(command) => command.run(context, out),
            Command::VerifyLog(command) => command.run(context, out),
        }
    }
}

fn list(context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
    let workspace = Workspace::find(context.common, None)?;
    let traces = list_traces(&*read_traces(workspace.root())?)?;
    let outcome = if traces.is_empty() { Outcome::Nothing } else { Outcome::Done };
    if out.is_json() {
        out.json(Listed { traces: &traces })?;
        return Ok(outcome);
    }
    let row = |entry: &TraceEntry| {
        Row::of("")
            .cell(Tone::Strong, entry.id.to_string())
            .cell(Tone::Dim, entry.started.to_string())
            .cell(Tone::Plain, count(entry.events, "event", "events"))
            .cell(Tone::Plain, entry.task.clone())
    };
    out.rows(&traces.iter().map(row).collect::<Vec<_>>())?;
    Ok(outcome)
}

impl Show {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let bytes = trace_bytes(&*read_traces(workspace.root())?, &id(&self.id)?)?;
        out.stream().write_all(&bytes).map_err(|error| Stop::writing(&error))?;
        Ok(Outcome::Done)
    }
}

impl Check {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let bytes = match (&self.file, &self.id) {
            (Some(file), _) => read(file)?,
            (None, Some(name)) => {
                let workspace = Workspace::find(context.common, None)?;
                trace_bytes(&*read_traces(workspace.root())?, &id(name)?)?
            }
            (None, None) => return Err(Failure::usage("a trace has a name or a file").into()),
        };
        let report = check_trace(&bytes);
        let outcome = if report.is_valid() { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            out.json(Checked {
                is_valid: report.is_valid(),
                events: report.events,
                head: report.head,
                violations: &report.violations,
            })?;
            return Ok(outcome);
        }
        for violation in &report.violations {
            let line = out.text(Tone::Bad, &violation.to_string());
            out.line(&line)?;
        }
        let word = if report.is_valid() { "valid" } else { "not valid" };
        out.line(&format!("{word}, {}", count(report.events, "event", "events")))?;
        Ok(outcome)
    }
}

impl Replay {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let root = workspace.root().to_owned();
        let bytes = trace_bytes(&*read_traces(&root)?, &id(&self.id)?)?;
        if !self.live {
            return replayed(replay_trace(&bytes), out);
        }
        let ports = ports(&root, &config, Asking { yes: self.yes }, Traces::None)?;
        let options = options(&root, &config, None)?;
        let engine = workspace.open_apart(context, config)?;
        let session = engine.change(&ports, &options)?;
        let replay = context
            .interrupt
            .guard(|cancel| futures::executor::block_on(session.replay_live(&bytes, cancel)))?;
        let outcome = if replay.agrees { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            out.json(&replay)?;
            return Ok(outcome);
        }
        print_live(&replay, out)?;
        Ok(outcome)
    }
}

fn print_live(replay: &LiveReplay, out: &mut Output) -> Result<(), Stop> {
    if let Some((then, now)) = &replay.toolchain {
        out.line(&format!("then {then}, now {now}"))?;
    }
    for check in &replay.checks {
        let is_told = matches!(check.difference, "same" | "varying" | "output" | "flaky");
        let row = Row::of("")
            .cell(Tone::Dim, format!("event {}", check.seq))
            .cell(if is_told { Tone::Good } else { Tone::Bad }, check.difference)
            .cell(Tone::Strong, check.command.to_string());
        out.rows(&[row])?;
        for line in &check.lines {
            out.line(&out.text(Tone::Dim, &format!("    {line}")))?;
        }
        if !check.kept && check.difference != "same" {
            out.line(&out.text(Tone::Dim, "    what it printed then is not kept"))?;
        }
    }
    if let Some(event) = replay.event {
        out.line(&out.text(Tone::Bad, &format!("event {event} is the first that comes out otherwise")))?;
    }
    Ok(())
}

fn replayed(
    result: Result<(), aether_core::record::trace::Divergence>,
    out: &mut Output,
) -> Result<Outcome, Stop> {
    let outcome = if result.is_ok() { Outcome::Done } else { Outcome::Broken };
    let difference = result.as_ref().err();
    if out.is_json() {
        out.json(Replayed {
            agrees: result.is_ok(),
            event: difference.map(|it| it.seq.get()),
            field: difference.map(|it| &*it.field),
            recorded: difference.map(|it| &*it.recorded),
            replayed: difference.map(|it| &*it.replayed),
        })?;
        return Ok(outcome);
    }
    match difference {
        None => out.line("the same, byte for byte")?,
        Some(difference) => {
            let line = out.text(Tone::Bad, &difference.to_string());
            out.line(&line)?;
        }
    }
    Ok(outcome)
}

impl ExportTraces {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let root = workspace.root().to_owned();
        let ports = ports(&root, &config, Asking { yes: self.yes }, Traces::Read)?;
        let options = options(&root, &config, None)?;
        let engine = workspace.open_apart(context, config)?;
        let session = engine.change(&ports, &options)?;
        let ids = self.ids.iter().map(|text| id(text)).collect::<Result<Vec<_>, _>>()?;
        let Some(log) = ports.traces() else { return Ok(Outcome::Nothing) };
        let outputs = ports.outputs().filter(|_| self.outputs);
        let exported = session.export_file(Export::Traces, &absolute(&self.output), |permit, sink| {
            let exported = export_traces(permit, log, outputs, &ids)?;
            sink.write_all(&exported.bundle.to_bytes()).map_err(|error| Stop::writing(&error))?;
            Ok::<_, Stop>(exported)
        })?;
        let identity = exported.bundle.identity();
        if out.is_json() {
            out.json(serde_json::json!({
                "traces": ids,
                "bundle": identity,
                "outputs": exported.outputs,
                "secret": exported.secret,
                "gone": exported.gone,
            }))?;
        } else {
            for hash in &exported.secret {
                out.line(&out.text(Tone::Bad, &format!("left out: {hash} holds what looks like a secret")))?;
            }
            out.line(&format!(
                "{} in {}",
                count(ids.len() as u64, "trace", "traces"),
                self.output.display()
            ))?;
            out.line(&identity.to_string())?;
        }
        Ok(Outcome::Done)
    }
}

impl Import {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let added = import_traces(
            &*open_traces(workspace.root(), &config)?,
            Some(&outputs(workspace.root())),
            &read(&self.file)?,
            self.dry_run,
        )?;
        if out.is_json() {
            out.json(Imported { dry_run: self.dry_run, added: &added })?;
        } else {
            let word = if self.dry_run { "would be added" } else { "added" };
            out.line(&format!("{} {word}", count(added.len() as u64, "trace", "traces")))?;
        }
        Ok(Outcome::Done)
    }
}

fn id(text: &str) -> Result<TraceId, Failure> {
    TraceId::new(text).map_err(|error| Failure::usage(format!("{text}: {error}")))
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(ErrorCode::USAGE_BAD_ARGUMENTS, format!("{} cannot be read: {error}", path.display()))
    };
    if std::fs::metadata(path).map_err(failed)?.len() > MAX_BYTES {
        let message = format!("{} is larger than {MAX_BYTES} bytes", path.display());
        return Err(Failure::new(ErrorCode::TRACE_TOO_LARGE, message));
    }
    std::fs::read(path).map_err(failed)
}
