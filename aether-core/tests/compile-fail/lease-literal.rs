//! A lease has no public fields, so its bound cannot be changed.
use aether_core::authority::{Lease, RunCommand};

fn lengthen(lease: &mut Lease<RunCommand>) {
    lease.left = u32::MAX;
}

fn main() {}
