//! It cannot be copied, made from nothing or read from data.
use aether_core::authority::{Lease, RunCommand};

fn clones<T: Clone>() {}
fn defaults<T: Default>() {}
fn reads<T: serde::de::DeserializeOwned>() {}

fn main() {
    clones::<Lease<RunCommand>>();
    defaults::<Lease<RunCommand>>();
    reads::<Lease<RunCommand>>();
}
