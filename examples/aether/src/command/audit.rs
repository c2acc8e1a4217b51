//! `aether audit`.

use std::path::PathBuf;

use aether_bindings::engine::{AuditKeyFiles, AuditTrust, Ed25519Verifier, Export, SigningKeyFile};
use aether_core::base::ErrorCode;
use aether_core::port::AuditSink;
use aether_core::record::{
    AuditActor, AuditQuery, AuditTip, AuditVerdict, PublicKey, SealedTip, Signer as _,
};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::change::{
    Asking, GIVEN_KEY, Traces, absolute, export_text, fresh_secret, key_files, now, open_authority, options,
    ports, signing_key_file, trusted_keys,
};
use crate::failure::{Failure, Outcome, Stop};
use crate::human::count;
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Verify the log of what was asked and decided, sign its end, change its key, or take it out
#[derive(Args, Debug)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Verify),
    Tip(Tip),
    RotateKey(RotateKey),
    Export(ExportLog),
}

/// Look at every row of the log; exit code 1 when it is not what was written
///
/// Prints the sealed end of the log. Kept elsewhere and given with --tip, it shows also that the whole file was
/// taken back to an earlier state.
#[derive(Args, Debug)]
struct Verify {
    /// A file with an end of the log: as `audit tip` wrote it, or as an earlier run printed it with --json
    #[arg(long, value_name = "FILE")]
    tip: Option<PathBuf>,
    /// The public key that signed the end of the log
    #[arg(long, value_name = "PUBLIC", requires = "tip")]
    key: Option<String>,
}

/// Print the end of the log, to be kept where whoever writes the log cannot reach it
#[derive(Args, Debug)]
struct Tip {
    /// Sign it with the key of `key new`, so that others can tell without the key of the log
    #[arg(long)]
    sign: bool,
    /// File to write it to, in place of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Seal what follows with a new key, and say so in the log
///
/// The new key is in a file of its own in .aether/audit.keys; the one before stays, because the rows that it
/// sealed are verified with it.
#[derive(Args, Debug)]
struct RotateKey {
    /// Put the new key into the keyring of the system, and into no file
    #[cfg(feature = "keyring")]
    #[arg(long)]
    keyring: bool,
    /// Say whether the log takes another key, and change nothing
    #[arg(long)]
    dry_run: bool,
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
            Command::Tip(command) => command.run(context, out),
            Command::RotateKey(command) => command.run(context, out),
            Command::Export(command) => command.run(context, out),
        }
    }
}

impl Verify {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let (authority, _) = open_authority(workspace.root(), &config)?;
        let mut trust = AuditTrust::new(trusted_keys(workspace.root(), &authority.log())?);
        if let Some(path) = &self.tip {
            trust = match read_tip(path, self.key.as_deref())? {
                KeptTip::Sealed(tip) => trust.with_sealed_tip(tip),
                KeptTip::Signed(tip) => trust.with_tip(tip),
            };
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

/// An end of the log that was kept elsewhere.
enum KeptTip {
    /// With the seal of the log itself.
    Sealed(SealedTip),
    /// In a note whose signature holds.
    Signed(AuditTip),
}

/// A tip alone, or within what `audit verify --json` prints, or a note.
fn read_tip(path: &PathBuf, key: Option<&str>) -> Result<KeptTip, Failure> {
    let bad = |why: String| {
        Failure::new(ErrorCode::USAGE_BAD_ARGUMENTS, format!("{} is no tip: {why}", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
    if !text.trim_start().starts_with('{') {
        let key = key.ok_or_else(|| {
            Failure::usage(format!("{} is signed: give the public key with --key", path.display()))
        })?;
        return signed_tip(&text, key).map(KeptTip::Signed).map_err(|failure| failure.about(path));
    }
    if key.is_some() {
        return Err(Failure::usage(format!("{} is sealed and not signed: leave out --key", path.display())));
    }
    let mut value: serde_json::Value = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    if value["tip"]["tip"].is_object() {
        value = value["tip"].take();
    }
    serde_json::from_value(value).map(KeptTip::Sealed).map_err(|error| bad(error.to_string()))
}

fn signed_tip(note: &str, key: &str) -> Result<AuditTip, Failure> {
    let key: PublicKey = key.parse().map_err(|error| Failure::usage(format!("--key: {error}")))?;
    // The log is called by the key that signs its ends.
    let origin = key.name().to_owned();
    let verifier = Ed25519Verifier::new(key).map_err(|error| Failure::usage(format!("--key: {error}")))?;
    AuditTip::from_note(note.as_bytes(), &origin, &[&verifier])
        .map_err(|error| Failure::caused(error.code(), &error))
}

impl Tip {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let root = workspace.root().to_owned();
        let (authority, _) = open_authority(&root, &config)?;
        let (text, key) = if self.sign {
            let path = signing_key_file(&root);
            let signer =
                SigningKeyFile::open(&path).map_err(|error| Failure::caused(error.code(), &error))?;
            let note = authority.sign_tip(signer.key().name(), &signer)?;
            (note.to_string(), Some(signer.key().to_string()))
        } else {
            let tip = authority.log().head()?;
            (serde_json::to_string(&tip).map_err(|error| Stop::writing(&error.into()))? + "\n", None)
        };
        drop(authority);
        if let Some(path) = &self.output {
            export_text(context, workspace, &config, path, &text)?;
        }
        if out.is_json() {
            out.json(serde_json::json!({ "is_signed": self.sign, "public_key": key, "tip": text }))?;
        } else if self.output.is_none() {
            out.stream().write_all(text.as_bytes()).map_err(|error| Stop::writing(&error))?;
        }
        Ok(Outcome::Done)
    }
}

impl RotateKey {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        #[cfg(feature = "keyring")]
        let is_for_keyring = self.keyring;
        #[cfg(not(feature = "keyring"))]
        let is_for_keyring = false;
        rotate_key(is_for_keyring, self.dry_run, context, out)
    }
}

fn rotate_key(
    is_for_keyring: bool,
    dry_run: bool,
    context: Context<'_>,
    out: &mut Output,
) -> Result<Outcome, Stop> {
    let workspace = Workspace::find(context.common, None)?;
    let config = workspace.config(out)?;
    let (authority, key) = open_authority(workspace.root(), &config)?;
    if dry_run {
        AuditSink::check(&authority).map_err(|error| Failure::caused(error.code().clone(), &error))?;
        if out.is_json() {
            let none = serde_json::Value::Null;
            out.json(serde_json::json!({ "dry_run": true, "before": key.id(), "key": none, "row": none }))?;
        } else {
            out.line(&format!("the log takes another key than {}", key.id()))?;
        }
        return Ok(Outcome::Done);
    }
    let secret = fresh_secret()
        .map_err(|error| Failure::new(ErrorCode::STORE_IO, format!("no randomness: {error}")))?;
    let files = key_files(workspace.root());
    #[cfg(feature = "keyring")]
    let rotate = if is_for_keyring { AuditKeyFiles::rotate_into_keyring } else { AuditKeyFiles::rotate };
    #[cfg(not(feature = "keyring"))]
    let (rotate, _) = (AuditKeyFiles::rotate, is_for_keyring);
    let (next, receipt) = rotate(&files, &authority, &secret, AuditActor::User, now())
        .map_err(|error| Failure::caused(error.code(), &error))?;
    if out.is_json() {
        let (before, next) = (key.id(), next.id());
        out.json(serde_json::json!({ "dry_run": false, "before": before, "key": next, "row": receipt.seq }))?;
    } else {
        out.line(&format!("{} seals what follows row {}", next.id(), receipt.seq))?;
        if key.id() == GIVEN_KEY {
            out.note("take AETHER_AUDIT_KEY out of the environment, and keep it: rows up to here need it");
        }
    }
    Ok(Outcome::Done)
}

impl ExportLog {
    fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let config = workspace.config(out)?;
        let root = workspace.root().to_owned();
        let (authority, _) = open_authority(&root, &config)?;
        let ports = ports(&root, &config, Asking { yes: self.yes }, Traces::None)?;
        let options = options(&root, &config, None)?;
        let engine = workspace.open_apart(context, config)?;
        let session = engine.change(&ports, &options)?;
        let all = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
        let log = authority.log();
        let rows = session.export_file(Export::Audit, &absolute(&self.output), |permit, sink| {
            let written = context.interrupt.guard(|cancel| log.export(permit, &all, sink, cancel));
            Ok::<u64, Stop>(written?.rows)
        })?;
        if out.is_json() {
            out.json(serde_json::json!({ "rows": rows }))?;
        } else {
            out.line(&format!("{} in {}", count(rows, "row", "rows"), self.output.display()))?;
        }
        Ok(Outcome::Done)
    }
}
