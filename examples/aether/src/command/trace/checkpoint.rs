//! `aether trace checkpoint`, `aether trace verify-log`: signing the log of traces, and holding it against what was
//! signed.

use std::path::PathBuf;

use aether_bindings::engine::{Trust, Verdict, verify_ledger};
use aether_core::base::Sha256Hash;
use aether_core::record::{Checkpoint, Signer as _, Verifier};
use clap::Args;
use serde::Serialize;

use super::keys::{own_key, public_key, read_note, verifier};
use crate::change::{export_text, ledger_folder, open_ledger};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Sign how many events the log has and what they are, and print the signed note
///
/// Kept elsewhere and given to `trace verify-log`, the note shows whether events were changed, left out or taken back
/// since. The key is that of `aether key new`.
#[derive(Args, Debug)]
pub(super) struct SignCheckpoint {
    /// Also write the note into this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Read every line of the log and say whether it is what was signed; exit code 1 when it is not, or nobody can say
///
/// The checkpoint beside the log is looked at in any case. It goes when the log goes: one that was kept elsewhere tells
/// more.
#[derive(Args, Debug)]
pub(super) struct VerifyLog {
    /// A file with a note of `trace checkpoint` that was kept elsewhere; may be given several times
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The public key that is trusted, as `aether key show` prints it [default: that of .aether/signing.key]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct Signed<'a> {
    origin: &'a str,
    size: u64,
    root: Sha256Hash,
    note: &'a str,
}

#[derive(Debug, Default, Serialize)]
struct Verified {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<Sha256Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covered: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<&'static str>,
}

impl SignCheckpoint {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let signer = own_key(workspace.root())?;
        let ledger = open_ledger(workspace.root(), &config)?;
        let failed = |error| Failure::of_log(&error);
        let note = ledger.checkpoint(signer.key().name(), &signer).map_err(failed)?;
        let checkpoint =
            Checkpoint::unverified(&note).map_err(|error| Failure::new(error.code(), error.to_string()))?;
        let text = note.to_string();
        if let Some(path) = &self.output {
            export_text(context, workspace, &config, path, &text)?;
        }
        if out.is_json() {
            let (origin, size, root) = (checkpoint.origin(), checkpoint.size(), *checkpoint.root());
            out.json(Signed { origin, size, root, note: &text })?;
        } else {
            out.stream().write_all(text.as_bytes()).map_err(|error| Stop::writing(&error))?;
        }
        Ok(Outcome::Done)
    }
}

impl VerifyLog {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let known = public_key(workspace.root(), self.key.as_deref())?.map(verifier).transpose()?;
        let notes = self.checkpoint.iter().map(read_note).collect::<Result<Vec<_>, _>>()?;
        let notes: Vec<&[u8]> = notes.iter().map(Vec::as_slice).collect();
        let keys: Vec<&dyn Verifier> = known.iter().map(|key| key as &dyn Verifier).collect();
        let origin = known.as_ref().map_or("", |known| known.key().name());
        let trust = Trust::new(origin, &keys).with_notes(&notes);
        let verdict = verify_ledger(&ledger_folder(workspace.root()), &trust)
            .map_err(|error| Failure::of_log(&error))?;
        let answer = answer(&verdict);
        let outcome = if answer.verdict == "valid" { Outcome::Done } else { Outcome::Broken };
        if out.is_json() {
            out.json(&answer)?;
            return Ok(outcome);
        }
        let events = count(answer.size.unwrap_or_default(), "event", "events");
        match &answer {
            Verified { damage: Some(damage), event, .. } => {
                let text = format!("event {}: {damage}", event.unwrap_or_default());
                out.line(&out.text(Tone::Bad, &text))?;
            }
            Verified { doubt: Some(doubt), .. } => {
                let doubt = doubt.replace('_', " ");
                out.line(&format!("indeterminate, {events}: {doubt}"))?;
            }
            Verified { covered, .. } => {
                let covered = covered.unwrap_or_default();
                out.line(&format!("valid, {events}, the first {covered} of them signed"))?;
            }
        }
        Ok(outcome)
    }
}

fn answer(verdict: &Verdict) -> Verified {
    match verdict {
        Verdict::Valid { size, root, covered, .. } => Verified {
            verdict: "valid",
            size: Some(*size),
            root: Some(*root),
            covered: Some(*covered),
            ..Verified::default()
        },
        Verdict::Invalid { seq, damage, .. } => Verified {
            verdict: "invalid",
            event: Some(*seq),
            damage: Some(damage.as_str()),
            ..Verified::default()
        },
        Verdict::Indeterminate { size, root, doubt, .. } => Verified {
            verdict: "indeterminate",
            size: Some(*size),
            root: Some(*root),
            doubt: Some(doubt.as_str()),
            ..Verified::default()
        },
        _ => Verified { verdict: "indeterminate", ..Verified::default() },
    }
}
