//! Whoever has the effect takes it by value, so it is gone.
use aether_core::authority::{EditFiles, Permit};

fn apply(_permit: Permit<EditFiles>) {}

fn twice(permit: Permit<EditFiles>) {
    apply(permit);
    apply(permit);
}

fn main() {}
