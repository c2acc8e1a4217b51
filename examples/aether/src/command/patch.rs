//! `aether patch`.

mod apply;
mod stand;

use std::io::Read as _;
use std::path::PathBuf;

use aether_bindings::engine::{ChangeOptions, ChangePorts, Engine};
use aether_core::base::{Config, ErrorCode};
use clap::{Args, Subcommand};

use crate::change::{Asking, Traces, options, ports};
use crate::failure::{Failure, Outcome, Stop};
use crate::output::Output;
use crate::session::{Context, Session, Workspace};

/// Largest diff that is read.
const MAX_DIFF_BYTES: u64 = 512 * 1024 * 1024;

/// Apply patches that prove themselves, take them back, check where they come from
#[derive(Args, Debug)]
pub(crate) struct Patch {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(apply::Check),
    Apply(apply::Apply),
    Revert(stand::Revert),
    List(stand::List),
    Verify(stand::Verify),
}

impl Patch {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        match &self.command {
            Command::Check(command) => command.run(context, out),
            Command::Apply(command) => command.run(context, out),
            Command::Revert(command) => command.run(context, out),
            Command::List(_) => stand::list(context, out),
            Command::Verify(command) => command.run(context, out),
        }
    }
}

/// An engine over the workspace and what a session of changing needs.
struct Bench {
    engine: Engine,
    ports: ChangePorts,
    options: ChangeOptions,
    config: Config,
}

impl Bench {
    /// Where traces are needed the index is brought up to date, so that what is written down names symbols.
    fn open(
        context: Context<'_>,
        out: &mut Output,
        asking: Asking,
        proposer: Option<&str>,
        traces: Traces,
    ) -> Result<Self, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        // Starting a session tells what the configuration says of itself.
        let config =
            if traces == Traces::Written { workspace.read_config()?.0 } else { workspace.config(out)? };
        let root = workspace.root().to_owned();
        let ports = ports(&root, &config, asking, traces)?;
        let options = options(&root, &config, proposer)?;
        let engine = if traces == Traces::Written {
            Session::start(context, None, out)?.engine
        } else {
            workspace.open_apart(context, config.clone())?
        };
        Ok(Self { engine, ports, options, config })
    }
}

/// The bytes of a diff, from a file or from standard input.
fn read_diff(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be read: {error}", path.display());
        Failure::new(ErrorCode::USAGE_BAD_ARGUMENTS, message)
    };
    let mut bytes = Vec::new();
    let is_stdin = path.as_os_str() == "-";
    let mut read: Box<dyn std::io::Read> = if is_stdin {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(path).map_err(failed)?)
    };
    read.by_ref().take(MAX_DIFF_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_DIFF_BYTES {
        let message = format!("{} is larger than {MAX_DIFF_BYTES} bytes", path.display());
        return Err(Failure::new(ErrorCode::PATCH_TOO_LARGE, message));
    }
    Ok(bytes)
}
