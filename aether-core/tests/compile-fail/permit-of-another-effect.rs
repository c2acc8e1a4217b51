//! A permit to run a command is none to change files.
use aether_core::authority::{EditFiles, Permit, RunCommand};

fn apply(_permit: Permit<EditFiles>) {}

fn confuse(permit: Permit<RunCommand>) {
    apply(permit);
}

fn main() {}
