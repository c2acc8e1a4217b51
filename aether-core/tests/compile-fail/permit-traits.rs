//! It cannot be copied, made from nothing, read from data or converted from something else.
use aether_core::authority::{EditFiles, Permit};
use aether_core::record::AuditReceipt;

fn clones<T: Clone>() {}
fn copies<T: Copy>() {}
fn defaults<T: Default>() {}
fn reads<T: serde::de::DeserializeOwned>() {}
fn writes<T: serde::Serialize>() {}
fn converts<T: From<AuditReceipt>>() {}

fn main() {
    clones::<Permit<EditFiles>>();
    copies::<Permit<EditFiles>>();
    defaults::<Permit<EditFiles>>();
    reads::<Permit<EditFiles>>();
    writes::<Permit<EditFiles>>();
    converts::<Permit<EditFiles>>();
}
