//! `aether completion`.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde::Serialize;

use crate::arguments::Arguments;
use crate::failure::{Outcome, Stop};
use crate::output::Output;

/// Print a script that completes commands in a shell
#[derive(Args, Debug)]
pub(crate) struct Completion {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    shell: &'a str,
    script: &'a str,
}

impl Completion {
    pub(crate) fn run(&self, out: &mut Output) -> Result<Outcome, Stop> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "aether", &mut script);
        let script = String::from_utf8_lossy(&script);
        if out.is_json() {
            out.json(Body { shell: &self.shell.to_string(), script: &script })?;
        } else {
            out.line(script.trim_end())?;
        }
        Ok(Outcome::Done)
    }
}
