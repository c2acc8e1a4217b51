//! What is revoked is gone for the next decision, and nothing else is.

use std::time::Instant;

use aether_core::authority::{
    Capability, CapabilityClass, EditFiles, Grant, GrantDuration, GrantId, PolicyErrorKind, Preset, Reason,
    RevokeReason, RevokeScope, RunCommand,
};
use aether_core::port::GrantStore;
use aether_core::record::{AuditActor, AuditKind};

use super::{Kept, at, policy, request};

fn for_task(id: &str, capability: Capability) -> Grant {
    let duration = GrantDuration::Task("task".to_owned());
    Grant::new(GrantId::new(id), "fixer", capability, request("", capability).resources, duration, at(0))
}

/// In the predecessor, an emergency revoke of one category revoked all.
#[test]
fn an_emergency_revoke_of_a_class_leaves_the_others() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    kept.grants.insert(&for_task("g1", Capability::FilesEdit)).expect("a grant");
    kept.grants.insert(&for_task("g2", Capability::CommandRun)).expect("a grant");
    let revoked =
        gate.emergency_revoke(Some(CapabilityClass::Files), AuditActor::User, at(1)).expect("revoked");
    assert_eq!(revoked.grants, 1);
    let row = kept.rows().pop().expect("a row");
    assert_eq!(
        (row.entry.kind, &row.entry.details["scope"][..]),
        (AuditKind::EMERGENCY_REVOKE, "class:files")
    );
    let edit = gate.authorize::<EditFiles>(&request("r", Capability::FilesEdit), at(1));
    assert_eq!((edit.outcome.as_str(), edit.reason), ("ask", Some(Reason::GrantRevoked)));
    let run = request("r", Capability::CommandRun);
    assert!(gate.authorize::<RunCommand>(&run, at(1)).allowed().is_some());
    assert_eq!(gate.emergency_revoke(None, AuditActor::User, at(2)).expect("revoked").grants, 1);
    let run = gate.authorize::<RunCommand>(&run, at(2));
    assert_eq!((run.outcome.as_str(), run.reason), ("ask", Some(Reason::GrantRevoked)));
}

#[test]
fn a_revocation_holds_where_no_row_of_it_can_be_written() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    kept.grants.insert(&for_task("g1", Capability::FilesEdit)).expect("a grant");
    kept.audit.refuse_rows(true);
    let scope = RevokeScope::Grant(GrantId::new("g1"));
    let revoked = gate.revoke(&scope, RevokeReason::UserRevoked, AuditActor::User, at(1)).expect("revoked");
    assert_eq!((revoked.grants, revoked.audit), (1, None));
    kept.audit.refuse_rows(false);
    assert_eq!(
        gate.authorize::<EditFiles>(&request("r", Capability::FilesEdit), at(1)).outcome.as_str(),
        "ask"
    );
    kept.grants.set_failing(true);
    let failed = gate.revoke(&RevokeScope::All, RevokeReason::UserRevoked, AuditActor::User, at(2));
    assert_eq!(failed.expect_err("grants are damaged").kind(), PolicyErrorKind::Ledger);
}

/// SC-A-04: 500 ms. Far from it here, so the test does not depend on how busy the machine is.
#[test]
fn ten_thousand_grants_are_revoked_at_once() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    for number in 0..10_000 {
        let grant = for_task(&format!("g{number}"), Capability::FilesEdit);
        kept.grants.insert(&grant).expect("a grant");
    }
    let begin = Instant::now();
    let revoked = gate.emergency_revoke(None, AuditActor::User, at(1)).expect("revoked");
    let took = begin.elapsed();
    assert_eq!(revoked.grants, 10_000);
    assert!(took.as_millis() < 500, "{took:?}");
}
