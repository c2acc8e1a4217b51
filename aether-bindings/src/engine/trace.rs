//! Traces in a log: which there are, whether they keep the rules, and taking them out and in.

use std::collections::{BTreeMap, BTreeSet};

use aether_core::authority::{Capability, ExportData, Permit};
use aether_core::base::{ErrorCode, RelPath, Sha256Hash, Timestamp};
use aether_core::port::{OutputStore, PortError, TraceLog};
use aether_core::record::trace::{
    Body, Divergence, TraceId, TraceLimits, TraceReport, TraceValidator, read_trace, replay_recorded,
};
use aether_core::record::{Bundle, BundleFile, BundleLimits, find_secrets};
use aether_verify::PatchPlanner;
use serde::{Deserialize, Serialize};

use super::error::EngineError;

/// The media type of a trace in a bundle.
const MEDIA_TYPE: &str = "application/vnd.aether.trace+jsonl";

/// The media type of what a command printed, and the folder for it in a bundle.
const OUTPUT_TYPE: &str = "application/vnd.aether.output";
const OUTPUTS: &str = "outputs/";

/// A trace in a log.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TraceEntry {
    /// Its name.
    pub id: TraceId,
    /// What was asked.
    pub task: String,
    /// When the session started.
    pub started: Timestamp,
    /// How many events it has.
    pub events: u64,
    /// Hash of its last line.
    pub head: Sha256Hash,
}

/// What of a line tells where it belongs.
#[derive(Deserialize)]
struct Line {
    trace: TraceId,
    hash: Sha256Hash,
    #[serde(default)]
    task: Option<String>,
    #[serde(default)]
    started: Option<Timestamp>,
}

/// The traces of a log, the oldest first. Lines that belong to none are left out.
///
/// # Errors
///
/// When the log cannot be read.
pub fn list_traces(log: &dyn TraceLog) -> Result<Vec<TraceEntry>, EngineError> {
    let mut entries: Vec<TraceEntry> = Vec::new();
    let mut places: BTreeMap<TraceId, usize> = BTreeMap::new();
    each_line(log, |line| {
        let Ok(line) = serde_json::from_str::<Line>(line) else { return };
        match (places.get(&line.trace), line.task, line.started) {
            (Some(&place), None, _) => {
                entries[place].events += 1;
                entries[place].head = line.hash;
            }
            (None, Some(task), Some(started)) => {
                places.insert(line.trace.clone(), entries.len());
                let (id, head) = (line.trace, line.hash);
                entries.push(TraceEntry { id, task, started, events: 0, head });
            }
            _ => {}
        }
    })?;
    Ok(entries)
}

/// The bytes of a trace, line by line as they were added.
///
/// An index is believed as far as what it leads to is a whole trace: where that breaks a rule, or is not there,
/// every line of the log is looked at.
///
/// # Errors
///
/// `trace.unknown` where there is none of this name, and when the log cannot be read.
pub fn trace_bytes(log: &dyn TraceLog, id: &TraceId) -> Result<Vec<u8>, EngineError> {
    let bytes = read_lines(log, &log.lines_of(id).map_err(log_error)?)?;
    if !bytes.is_empty() && check_trace(&bytes).is_valid() {
        return Ok(bytes);
    }
    let bytes = read_lines(log, &log.all_lines_of(id).map_err(log_error)?)?;
    if bytes.is_empty() {
        return Err(EngineError::new(ErrorCode::TRACE_UNKNOWN, format!("there is no trace {id}")));
    }
    Ok(bytes)
}

fn read_lines(log: &dyn TraceLog, numbers: &[u64]) -> Result<Vec<u8>, EngineError> {
    let mut bytes = Vec::new();
    for number in numbers {
        if let Some(line) = log.line(*number).map_err(log_error)? {
            bytes.extend_from_slice(line.as_bytes());
            bytes.push(b'\n');
        }
    }
    Ok(bytes)
}

fn log_error(error: aether_core::authority::LedgerError) -> EngineError {
    EngineError::new(error.code().clone(), error.to_string()).with_source(error)
}

fn each_line(log: &dyn TraceLog, mut visit: impl FnMut(&str)) -> Result<(), EngineError> {
    for number in 0..log.len() {
        if let Some(line) = log.line(number).map_err(log_error)? {
            visit(&line);
        }
    }
    Ok(())
}

/// Whether a trace keeps all rules.
#[must_use]
pub fn check_trace(bytes: &[u8]) -> TraceReport {
    let mut validator = TraceValidator::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        validator.push(line);
    }
    validator.finish()
}

/// Replays a trace of the patch gate: what tools said is taken from it, what was decided is decided again, and
/// the bytes have to be the same.
///
/// # Errors
///
/// The first event that differs.
pub fn replay_trace(bytes: &[u8]) -> Result<(), Divergence> {
    replay_recorded(bytes, &mut PatchPlanner)
}

/// What was taken out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExportedTraces {
    /// The bundle.
    pub bundle: Bundle,
    /// Outputs of commands that are in it.
    pub outputs: Vec<Sha256Hash>,
    /// Outputs that hold what looks like a secret, and were left out.
    pub secret: Vec<Sha256Hash>,
    /// Outputs that are not kept any more.
    pub gone: Vec<Sha256Hash>,
}

/// A bundle with these traces, and with what their commands printed where `outputs` is given and keeps it. Equal
/// traces and outputs give equal bytes.
///
/// # Errors
///
/// `trace.unknown`; `trace.secret` where a trace holds what looks like a secret; when the log or an output cannot be
/// read.
pub fn export_traces(
    permit: Permit<ExportData>,
    log: &dyn TraceLog,
    outputs: Option<&dyn OutputStore>,
    ids: &[TraceId],
) -> Result<ExportedTraces, EngineError> {
    if permit.capability() != Capability::TraceExport {
        let message = "the permit is for something else than traces";
        return Err(EngineError::new(ErrorCode::POLICY_DENIED, message));
    }
    let mut files = Vec::new();
    let mut hashes = BTreeSet::new();
    for id in ids {
        let bytes = trace_bytes(log, id)?;
        if let Some(secret) = find_secrets(&String::from_utf8_lossy(&bytes)).first() {
            let message = format!("trace {id} holds what looks like a secret ({})", secret.kind.as_str());
            return Err(EngineError::new(ErrorCode::TRACE_SECRET, message));
        }
        hashes.extend(outputs_of(&bytes));
        files.push(BundleFile::new(path(format!("traces/{id}.jsonl"))?, MEDIA_TYPE, bytes));
    }
    let (mut exported, mut secret, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for hash in hashes.into_iter().filter(|_| outputs.is_some()) {
        let output = outputs.map(|outputs| outputs.output(&hash)).transpose().map_err(port_error)?.flatten();
        match output {
            None => gone.push(hash),
            Some(output) if !find_secrets(&String::from_utf8_lossy(&output)).is_empty() => secret.push(hash),
            Some(output) => {
                let name = hash.to_string().replace("sha256:", "");
                files.push(BundleFile::new(path(format!("{OUTPUTS}{name}.txt"))?, OUTPUT_TYPE, output));
                exported.push(hash);
            }
        }
    }
    let bundle = Bundle::new(files)
        .map_err(|error| EngineError::new(error.code(), error.to_string()).with_source(error))?;
    Ok(ExportedTraces { bundle, outputs: exported, secret, gone })
}

fn path(text: String) -> Result<RelPath, EngineError> {
    RelPath::new(text).map_err(|error| EngineError::new(ErrorCode::INTERNAL, error.to_string()))
}

fn port_error(error: PortError) -> EngineError {
    EngineError::new(error.code().clone(), error.to_string()).with_source(error)
}

/// What the verifications of a trace name as printed by their commands.
fn outputs_of(trace: &[u8]) -> Vec<Sha256Hash> {
    let Ok(trace) = read_trace(trace, &TraceLimits::default()) else { return Vec::new() };
    let checks = trace.events.into_iter().filter_map(|event| match event.body {
        Body::Verify(verify) => Some(verify.checks),
        _ => None,
    });
    checks.flatten().map(|check| check.output).collect()
}

/// Adds the traces of a bundle to a log: those that keep the rules and are not there yet. Gives their names. What
/// their commands printed goes to `outputs`, where the bundle has it and there is one. With `dry_run` nothing is
/// written, and the names are those of the traces that would be added.
///
/// # Errors
///
/// For a bundle that cannot be read; `trace.invalid` where a trace breaks a rule, and then none is added;
/// when the log cannot be written. What was added before that stays.
pub fn import_traces(
    log: &dyn TraceLog,
    outputs: Option<&dyn OutputStore>,
    bundle: &[u8],
    dry_run: bool,
) -> Result<Vec<TraceId>, EngineError> {
    let bundle = Bundle::from_bytes(bundle, &BundleLimits::default())
        .map_err(|error| EngineError::new(error.code(), error.to_string()).with_source(error))?;
    let mut traces = Vec::new();
    let mut named = BTreeSet::new();
    let (printed, files): (Vec<_>, Vec<_>) =
        bundle.files().iter().partition(|file| file.path.as_str().starts_with(OUTPUTS));
    for file in files {
        let report = check_trace(&file.bytes);
        named.extend(outputs_of(&file.bytes));
        let read = read_trace(&file.bytes, &TraceLimits::default());
        match (report.violations.first(), read) {
            (None, Ok(trace)) => traces.push((trace.header.trace, &file.bytes)),
            (violation, _) => {
                let why = violation.map_or_else(|| "it is no trace".to_owned(), ToString::to_string);
                let message = format!("{}: {why}", file.path);
                return Err(EngineError::new(ErrorCode::TRACE_INVALID, message));
            }
        }
    }
    for file in &printed {
        let hash = Sha256Hash::of(&file.bytes);
        let is_it = file.path.as_str() == format!("{OUTPUTS}{}.txt", hash.to_string().replace("sha256:", ""));
        if !is_it || !named.contains(&hash) {
            let message = format!("{}: it is no output that a trace of the bundle names", file.path);
            return Err(EngineError::new(ErrorCode::TRACE_INVALID, message));
        }
    }
    let mut added: Vec<TraceId> = Vec::new();
    // Others may bring the same ones in: what is there is looked at, and added to, in one step.
    for _ in 0..IMPORT_ATTEMPTS {
        let mut len = log.len();
        let known: Vec<TraceId> = list_traces(log)?.into_iter().map(|entry| entry.id).collect();
        let mut is_done = true;
        for (id, bytes) in &traces {
            if known.contains(id) || added.contains(id) {
                continue;
            }
            if dry_run {
                added.push(id.clone());
                continue;
            }
            let text = String::from_utf8_lossy(bytes);
            let lines: Vec<&str> = text.lines().collect();
            is_done = log.append_at(len, &lines).map_err(log_error)?;
            if !is_done {
                break;
            }
            len += lines.len() as u64;
            added.push(id.clone());
        }
        if is_done {
            if let Some(outputs) = outputs.filter(|_| !dry_run) {
                printed
                    .iter()
                    .try_for_each(|file| outputs.keep(&file.bytes).map(drop))
                    .map_err(port_error)?;
            }
            return Ok(added);
        }
    }
    Err(EngineError::new(ErrorCode::STORE_LOCKED, "others wrote the log of traces all the time"))
}

/// How often traces are looked for before an import gives up: each time, somebody else wrote meanwhile.
const IMPORT_ATTEMPTS: usize = 1000;
