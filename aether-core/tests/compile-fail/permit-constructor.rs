//! Its constructor is the gate's.
use aether_core::authority::{Capability, EditFiles, Permit};
use aether_core::record::AuditReceipt;

fn forge(audit: AuditReceipt) -> Permit<EditFiles> {
    Permit::of(Capability::FilesEdit, vec![], None, audit)
}

fn main() {}
