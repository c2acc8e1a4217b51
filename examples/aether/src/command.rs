//! The subcommands, one file each: read the arguments, ask the engine once, print.

mod ast;
mod completion;
mod digest;
mod doctor;
mod export;
mod graph;
mod index;
mod init;
mod search;
mod sir;
mod status;
mod symbol;
mod watch;

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
    Ast(ast::Ast),
    Graph(graph::Graph),
    Export(export::Export),
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
        Command::Ast(command) => command.run(context, out),
        Command::Graph(command) => command.run(context, out),
        Command::Export(command) => command.run(context, out),
        Command::Digest(command) => command.run(context, out),
        Command::Status(command) => command.run(context, out),
        Command::Doctor(command) => command.run(context, out),
        Command::Completion(command) => command.run(out),
    }
}
