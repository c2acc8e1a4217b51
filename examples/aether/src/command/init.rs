//! `aether init`.

use aether_bindings::engine::Engine;
use clap::Args;
use serde::Serialize;

use crate::failure::{Outcome, Stop};
use crate::output::Output;
use crate::paint::Tone;
use crate::session::{Context, Workspace};

/// Make `.aether` in a repository, with a configuration to edit
///
/// What is there already stays as it is. No other command needs this one first.
#[derive(Args, Debug)]
pub(crate) struct Init {}

#[derive(Debug, Serialize)]
struct Body<'a> {
    workspace: &'a str,
    folder: &'a str,
    config: &'a str,
}

impl Init {
    pub(crate) fn run(&self, context: Context<'_>, out: &mut Output) -> Result<Outcome, Stop> {
        let workspace = Workspace::find(context.common, None)?;
        let folder = Engine::prepare(workspace.root())?;
        workspace.config(out)?;
        let config = folder.join(Engine::CONFIG_FILE).display().to_string();
        if out.is_json() {
            let workspace = workspace.root().display().to_string();
            out.json(Body { workspace: &workspace, folder: &folder.display().to_string(), config: &config })?;
            return Ok(Outcome::Done);
        }
        let place = out.text(Tone::Place, &config);
        out.line(&format!("ready: the configuration is {place}"))?;
        Ok(Outcome::Done)
    }
}
