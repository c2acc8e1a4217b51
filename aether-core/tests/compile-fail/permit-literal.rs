//! A permit has no public fields.
use aether_core::authority::{Capability, EditFiles, Permit};
use aether_core::record::AuditReceipt;

fn forge(audit: AuditReceipt) -> Permit<EditFiles> {
    Permit { capability: Capability::FilesEdit, resources: vec![], content: None, audit, action: std::marker::PhantomData }
}

fn main() {}
