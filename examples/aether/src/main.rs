//! `aether`: indexes a repository and answers who calls whom, on the command line.

mod arguments;
mod change;
mod command;
mod failure;
mod human;
mod interrupt;
mod output;
mod paint;
mod picture;
mod places;
mod progress;
mod records;
mod session;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use arguments::Arguments;
use failure::{Failure, Stop};
use interrupt::Interrupt;
use output::Output;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    #[cfg(target_os = "linux")]
    if words.get(1).is_some_and(|word| word == change::LAUNCH) {
        return launch();
    }
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error, words.iter().any(|word| word == "--json")),
    };
    let mut out = Output::new(arguments.common.json);
    let interrupt = Interrupt::install();
    let result = command::run(&arguments, &interrupt, &mut out)
        .and_then(|outcome| out.finish().map(|()| outcome.exit_code()));
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever read our output has seen enough.
        Err(Stop::ReaderGone) => ExitCode::SUCCESS,
        Err(Stop::Failed(failure)) => {
            out.fail(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Is the launcher of a sandbox, as the runner of this program has asked for.
#[cfg(target_os = "linux")]
fn launch() -> ExitCode {
    use std::os::fd::AsFd as _;

    match std::io::stdin().as_fd().try_clone_to_owned() {
        Ok(control) => aether_bindings::engine::launch(control),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Answers what clap did not take: a wish for help, or a mistake.
fn refuse(error: &clap::Error, is_json: bool) -> ExitCode {
    let is_mistake = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_mistake && is_json {
        let failure = Failure::usage(error.render().to_string().trim());
        Output::new(true).fail(&failure);
        return ExitCode::from(failure.exit_code());
    }
    // Nobody is left to tell when this cannot be printed.
    let _ = error.print();
    if is_mistake { ExitCode::from(failure::USAGE) } else { ExitCode::SUCCESS }
}
