//! Nobody else says which capabilities an effect has.
use aether_core::authority::{Action, Capability};

#[derive(Debug)]
struct Everything;

impl Action for Everything {
    const NAME: &'static str = "everything";
    const CAPABILITIES: &'static [Capability] = Capability::ALL;
}

fn main() {}
