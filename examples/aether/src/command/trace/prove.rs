//! `aether trace prove`: that an event is in the log that was signed, and that the log went on from an older note.

use std::path::PathBuf;

use aether_core::base::ErrorCode;
use aether_core::record::{Checkpoint, LoggedExtension, SignedNote, Verifier as _};
use clap::Args;
use serde::Serialize;

use super::keys::{public_key, read_checkpoint, verifier};
use crate::change::{export_text, read_ledger};
use crate::failure::{Failure, Outcome, Stop};
use crate::output::Output;
use crate::session::{Context, Workspace};

/// Prove that an event is in the log that was signed last, or that the log goes on from an older checkpoint
///
/// Prints a proof of c2sp.org/tlog-proof, whose leaf is the line of the log; with --since, what c2sp.org/tlog-witness
/// asks a witness to look at. Whoever has the public key can check either without this program.
#[derive(Args, Debug)]
pub(super) struct Prove {
    /// The trace that the event is of
    #[arg(value_name = "ID", required_unless_present = "since")]
    id: Option<String>,
    /// Number of the event in its trace; 0 is the header [default: the last one]
    #[arg(long, value_name = "N", requires = "id")]
    event: Option<u64>,
    /// A file with an older note of `trace checkpoint`
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    since: Option<PathBuf>,
    /// The public key that signed the older note [default: that of .aether/signing.key]
    #[arg(long, value_name = "KEY", requires = "since")]
    key: Option<String>,
    /// Write the proof into this file in place of printing it
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Proven<'a> {
    /// The event in the log, or the events that the older checkpoint has.
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<u64>,
    size: u64,
    /// What the leaf is taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a str>,
    proof: &'a str,
}

impl Prove {
    pub(super) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let ledger = read_ledger(workspace.root())?;
        let failed = |error| Failure::of_log(&error);
        let note = ledger.last_checkpoint().map_err(failed)?.ok_or_else(not_signed)?;
        let head = unverified(&note)?;
        if head.size() > ledger.size() {
            let message = format!("the log has {} events, and its checkpoint {}", ledger.size(), head.size());
            return Err(Failure::new(ErrorCode::LEDGER_INCONSISTENT, message).into());
        }
        if let Some(path) = &self.since {
            let known = public_key(workspace.root(), self.key.as_deref())?;
            let known = verifier(known.ok_or_else(|| {
                Failure::new(ErrorCode::SIGNING_NO_KEY, "there is no key that is trusted; give --key")
            })?)?;
            let old = read_checkpoint(path, &known)?;
            Checkpoint::verify(note.to_string().as_bytes(), known.key().name(), &[&known])
                .map_err(|error| Failure::new(error.code(), format!("last checkpoint: {error}")))?;
            let proof = ledger.proof_between(&old, &head).map_err(failed)?.ok_or_else(|| {
                let message = format!("nothing leads from {} events to {}", old.size(), head.size());
                Failure::new(ErrorCode::LEDGER_BAD_PROOF, message)
            })?;
            let proof = LoggedExtension::new(proof, note).to_string();
            let answer =
                Proven { index: None, since: Some(old.size()), size: head.size(), line: None, proof: &proof };
            return self.give(context, workspace, &answer, out);
        }
        let id = super::id(self.id.as_deref().unwrap_or_default())?;
        let lines = ledger.lines_of(&id).map_err(failed)?;
        let at = match self.event {
            Some(number) => usize::try_from(number).ok().and_then(|number| lines.get(number)),
            None => lines.last(),
        };
        let seq = *at.ok_or_else(|| {
            Failure::new(ErrorCode::TRACE_UNKNOWN, format!("there is no such event of a trace {id}"))
        })?;
        let line = ledger.line(seq).map_err(failed)?.unwrap_or_default();
        let proof = ledger.proof(seq, &note).map_err(failed)?.ok_or_else(not_signed)?.to_string();
        let answer =
            Proven { index: Some(seq), since: None, size: head.size(), line: Some(&line), proof: &proof };
        self.give(context, workspace, &answer, out)
    }

    fn give(
        &self,
        context: Context<'_>,
        workspace: Workspace,
        answer: &Proven<'_>,
        out: &mut Output,
    ) -> Result<Outcome, Stop> {
        if let Some(path) = &self.output {
            let config = workspace.config(out)?;
            export_text(context, workspace, &config, path, answer.proof)?;
        }
        if out.is_json() {
            out.json(answer)?;
        } else if self.output.is_none() {
            out.stream().write_all(answer.proof.as_bytes()).map_err(|error| Stop::writing(&error))?;
        }
        Ok(Outcome::Done)
    }
}

fn unverified(note: &SignedNote) -> Result<Checkpoint, Failure> {
    Checkpoint::unverified(note).map_err(|error| Failure::new(error.code(), error.to_string()))
}

fn not_signed() -> Failure {
    let message = "no checkpoint has this event; `aether trace checkpoint` signs one";
    Failure::new(ErrorCode::LEDGER_NO_CHECKPOINT, message)
}
