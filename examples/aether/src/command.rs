//! The subcommands, one file each: read the arguments, ask the engine once, print.

mod ast;
mod audit;
mod completion;
mod context;
mod contract;
mod diff;
mod digest;
mod doctor;
mod export;
mod graph;
mod history;
mod index;
mod init;
mod key;
mod patch;
mod policy;
mod search;
mod sir;
mod status;
mod symbol;
mod trace;
mod verify;
mod watch;
mod why;

use clap::Subcommand;

use crate::arguments::Arguments;
use crate::failure::{Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::session::Context;

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Index(index::Index),
    Search(search::Search),
    Symbol(symbol::Symbol),
    Sir(sir::Sir),
    History(history::History),
    Why(why::Why),
    Diff(diff::Diff),
    Contract(contract::Contract),
    #[command(name = "context")]
    Pack(context::Pack),
    Ast(ast::Ast),
    Graph(graph::Graph),
    Export(export::Export),
    Verify(verify::Verify),
    Patch(patch::Patch),
    Trace(trace::Trace),
    Policy(policy::Policy),
    Audit(audit::Audit),
    Key(key::Key),
    Digest(digest::Digest),
    Status(status::Status),
    Doctor(doctor::Doctor),
    Completion(completion::Completion),
}

/// Runs the one that was asked for.
pub(crate) fn run(arguments: &Arguments, interrupt: &Interrupt, out: &mut Output) -> Result<Outcome, Stop> {
    let context = Context { common: &arguments.common, interrupt };
    match &arguments.command {
        Command::Init(command) => command.run(context, out),
        Command::Index(command) => command.run(context, out),
        Command::Search(command) => command.run(context, out),
        Command::Symbol(command) => command.run(context, out),
        Command::Sir(command) => command.run(context, out),
        Command::History(command) => command.run(context, out),
        Command::Why(command) => command.run(context, out),
        Command::Diff(command) => command.run(context, out),
        Command::Contract(command) => command.run(context, out),
        Command::Pack(command) => command.run(context, out),
        Command::Ast(command) => command.run(context, out),
        Command::Graph(command) => command.run(context, out),
        Command::Export(command) => command.run(context, out),
        Command::Verify(command) => command.run(context, out),
        Command::Patch(command) => command.run(context, out),
        Command::Trace(command) => command.run(context, out),
        Command::Policy(command) => command.run(context, out),
        Command::Audit(command) => command.run(context, out),
        Command::Key(command) => command.run(context, out),
        Command::Digest(command) => command.run(context, out),
        Command::Status(command) => command.run(context, out),
        Command::Doctor(command) => command.run(context, out),
        Command::Completion(command) => command.run(out),
    }
}
