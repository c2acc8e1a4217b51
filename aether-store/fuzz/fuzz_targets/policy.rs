//! A policy file of any bytes, or a good one with some of them changed: what is wrong is told, never a panic; and a
//! log that is said to be in order has rows of its key alone.
#![no_main]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;

use aether_core::authority::{
    Capability, Cost, CostCaps, CostReservation, Grant, GrantDuration, GrantId, Resource, RevokeReason,
    RevokeScope, Ticket, TicketId,
};
use aether_core::base::{Cancel, Timestamp};
use aether_core::port::{AuditSink as _, CostLedger as _, GrantStore as _};
use aether_core::record::{AuditActor, AuditEntry, AuditKey, AuditKind, AuditQuery, AuditVerdict};
use aether_store::{AuditLog, AuditTrust, PolicyStore, PolicyStoreOptions};
use aether_store_fuzz::Case;
use libfuzzer_sys::fuzz_target;

const NOW: Timestamp = Timestamp::from_unix_ms(2_000);

fuzz_target!(|case: Case| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("authority.db");
    std::fs::write(&path, case.bytes(good())).expect("a file");
    ask(&path);
});

fn key() -> AuditKey {
    AuditKey::new("fuzz", &[7; 32]).expect("a key")
}

fn options() -> PolicyStoreOptions {
    PolicyStoreOptions::default().with_busy_timeout_ms(0)
}

fn request() -> aether_core::authority::ActionRequest {
    let mut request = aether_core::authority::ActionRequest::new("r", "fixer", Capability::FilesEdit);
    request.resources.push(Resource::path("src").expect("a path"));
    request
}

/// A policy file as it lies on the disk, with something of each kind in it.
fn good() -> &'static Vec<u8> {
    static GOOD: OnceLock<Vec<u8>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("authority.db");
        let store = PolicyStore::open(&path, key(), &options()).expect("a policy file");
        for number in 0..3 {
            let entry = AuditEntry::new(AuditKind::DECISION, AuditActor::Agent("fixer".to_owned()));
            store.append(entry, NOW).expect("a row");
            let id = GrantId::new(format!("grt:{number}"));
            let scope = vec![Resource::path("src").expect("a path")];
            let grant = Grant::new(id, "fixer", Capability::FilesEdit, scope, GrantDuration::Once, NOW);
            store.insert(&grant).expect("a grant");
        }
        let ticket = Ticket::new(TicketId::new("tkt:1"), request(), "approval.required", false, NOW);
        store.insert_ticket(&ticket).expect("a ticket");
        store.reserve(&cost("first"), &CostCaps::default()).expect("a cost");
        drop(store);
        std::fs::read(path).expect("the file")
    })
}

fn cost(request: &str) -> CostReservation {
    CostReservation::new(request, Some("task".to_owned()), NOW, Cost::new(1, 1))
}

fn ask(path: &Path) {
    if let Ok(log) = AuditLog::open(path, &options()) {
        let trust = AuditTrust::new(vec![key()]);
        if let Ok(AuditVerdict::Valid { rows }) = log.verify(&trust, &Cancel::new()) {
            assert!(rows <= 3, "nobody else has the key");
        }
        let mut all = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
        let _ = log.visit(&all, &mut |_| ControlFlow::Continue(()));
        all.since = Some(NOW);
        let _ = log.visit(&all, &mut |_| ControlFlow::Continue(()));
        let _ = log.head();
        let _ = log.check_file();
    }
    let Ok(store) = PolicyStore::open(path, key(), &options()) else { return };
    let is_in_order = store.check().is_ok();
    let entry = AuditEntry::new(AuditKind::DECISION, AuditActor::Agent("fixer".to_owned()));
    assert!(store.append(entry, NOW).is_err() || is_in_order, "a row on a log that is not in order");
    let _ = store.find("fixer", &[Capability::FilesEdit], NOW);
    let _ = store.ticket(&TicketId::new("tkt:1"));
    let _ = store.consume(&[GrantId::new("grt:1")], NOW);
    let _ = store.spend(&cost("second"));
    let _ = store.reserve(&cost("second"), &CostCaps::default());
    let _ = store.revoke(&RevokeScope::All, RevokeReason::EmergencyRevoke, NOW);
}
