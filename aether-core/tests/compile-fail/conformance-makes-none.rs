//! What tests are given makes no permits either.
use aether_core::authority::{EditFiles, Permit};

fn forge() -> Permit<EditFiles> {
    aether_core::conformance::fixtures::permit()
}

fn inside() -> Permit<EditFiles> {
    aether_core::authority::gate::permit::Permit::of(todo!(), todo!(), todo!(), todo!())
}

fn main() {}
