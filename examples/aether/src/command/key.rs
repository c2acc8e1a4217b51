//! `aether key`.

use std::path::{Path, PathBuf};

use aether_bindings::engine::{Engine, SigningKeyError, SigningKeyErrorKind, SigningKeyFile};
use aether_core::base::ErrorCode;
use aether_core::record::{PublicKey, Signer as _};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::change::signing_key_file;
use crate::failure::{Failure, Outcome, Stop};
use crate::output::Output;
use crate::session::{Context, Workspace};

/// The key that signs what is kept elsewhere: the ends of the logs
#[derive(Args, Debug)]
pub(crate) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
    Show(Show),
}

/// Make the key, in .aether/signing.key; one that is there is never replaced
#[derive(Args, Debug)]
struct New {
    /// A name for the key, by custom a URL without scheme [default: aether/ and eight random digits]
    #[arg(long)]
    name: Option<String>,
}

/// Print the public half of the key, which others verify with
#[derive(Args, Debug)]
struct Show {}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    name: &'a str,
    id: String,
    public_key: String,
    path: &'a Path,
}

impl Key {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let path = signing_key_file(workspace.root());
        let key = match &self.command {
            Command::New(command) => {
                Engine::prepare(workspace.root())?;
                let name = command.name.clone().map_or_else(any_name, Ok)?;
                SigningKeyFile::create(&path, &name).map_err(failed)?
            }
            Command::Show(_) => SigningKeyFile::open(&path).map_err(failed)?,
        };
        show(key.key(), path, out)
    }
}

/// A name that no other key has, for whoever does not think of one.
fn any_name() -> Result<String, Failure> {
    let mut chance = [0; 4];
    getrandom::fill(&mut chance)
        .map_err(|error| Failure::new(ErrorCode::INTERNAL, format!("no chance on this system: {error}")))?;
    Ok(format!("aether/{:08x}", u32::from_be_bytes(chance)))
}

fn failed(error: SigningKeyError) -> Failure {
    match error.kind() {
        SigningKeyErrorKind::BadName => Failure::usage(format!("--name: {error}")),
        _ => Failure::caused(error.code(), &error),
    }
}

fn show(key: &PublicKey, path: PathBuf, out: &mut Output) -> Result<Outcome, Stop> {
    if out.is_json() {
        let id = format!("{:08x}", u32::from_be_bytes(key.id()));
        out.json(Shown { name: key.name(), id, public_key: key.to_string(), path: &path })?;
    } else {
        out.line(&key.to_string())?;
    }
    Ok(Outcome::Done)
}
