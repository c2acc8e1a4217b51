//! Leases end where their bound says.

use aether_core::authority::{
    Capability, CapabilityClass, EditFiles, GrantDuration, Lease, LeaseBound, LeaseErrorKind, Outcome,
    PolicyGate, Preset, Reason, Resource, RunCommand,
};
use aether_core::base::{Sha256Hash, Timestamp};
use aether_core::change::CommandLine;
use aether_core::port::GrantStore;
use aether_core::record::{AuditActor, AuditKind};

use super::{Kept, at, check_denied, once, policy, request};

fn command(argument: &str) -> Resource {
    Resource::from(CommandLine::new("cargo", [argument]))
}

fn lease(gate: &PolicyGate<'_>, uses: u32, until: Timestamp) -> Outcome<Lease<RunCommand>> {
    let asked = request("r", Capability::CommandRun);
    gate.authorize_lease::<RunCommand>(&asked, LeaseBound::new(uses, until), at(100)).outcome
}

fn allowed(outcome: Outcome<Lease<RunCommand>>) -> Lease<RunCommand> {
    match outcome {
        Outcome::Allow(lease) => lease,
        other => panic!("no lease: {other:?}"),
    }
}

#[track_caller]
fn check_next(
    lease: &mut Lease<RunCommand>,
    now: Timestamp,
    resource: &Resource,
    expected: Option<LeaseErrorKind>,
) {
    assert_eq!(lease.next(now, resource, None).err().map(|error| error.kind()), expected);
}

#[test]
fn a_lease_gives_as_many_permits_as_its_row_says() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let mut lease = allowed(lease(&gate, 3, at(200)));
    let row = kept.rows().pop().expect("a row");
    assert_eq!((row.entry.kind, &row.entry.details["lease_uses"][..]), (AuditKind::LEASE, "3"));
    assert_eq!(row.entry.details["lease_until"], at(200).to_string());
    let permit = lease.next(at(101), &command("test"), None).expect("a permit");
    assert_eq!(permit.audit(), lease.audit());
    assert!(permit.covers_command(&CommandLine::new("cargo", ["test"])));
    check_next(&mut lease, at(101), &command("check"), Some(LeaseErrorKind::NotCovered));
    check_next(&mut lease, at(102), &command("test"), None);
    assert_eq!(lease.left(), 1);
    check_next(&mut lease, at(102), &command("test"), None);
    check_next(&mut lease, at(102), &command("test"), Some(LeaseErrorKind::UsedUp));
    assert_eq!(kept.rows().len(), 1, "permits of a lease need no rows");
}

#[test]
fn a_lease_ends_in_time_and_a_clock_that_goes_back_does_not_help() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let mut lease = allowed(lease(&gate, 3, at(200)));
    check_next(&mut lease, at(99), &command("test"), Some(LeaseErrorKind::Expired));
    check_next(&mut lease, at(150), &command("test"), None);
    check_next(&mut lease, at(149), &command("test"), Some(LeaseErrorKind::Expired));
    check_next(&mut lease, at(200), &command("test"), Some(LeaseErrorKind::Expired));
    check_next(&mut lease, at(199), &command("test"), None);
}

#[test]
fn a_bound_lies_within_the_policy() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    for (uses, until) in [(0, at(200)), (257, at(200)), (1, at(100)), (1, at(99)), (1, at(3701))] {
        check_denied(&lease(&gate, uses, until), Reason::LeaseBound);
        assert_eq!(kept.last(), ("deny".to_owned(), "duration.lease_bound".to_owned()));
    }
    let far = Timestamp::from_unix_ms(i64::MAX);
    check_denied(&lease(&gate, 1, far), Reason::LeaseBound);
    let _lease = allowed(lease(&gate, 256, at(3700)));
}

#[test]
fn one_approval_is_not_enough_for_many_actions() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Assistant));
    let asked = request("r", Capability::CommandRun);
    kept.grants.insert(&once("g", &asked)).expect("a grant");
    assert_eq!(lease(&gate, 3, at(200)).as_str(), "ask");
    let mut grant = once("g2", &asked);
    grant.duration = GrantDuration::Task("task".to_owned());
    kept.grants.insert(&grant).expect("a grant");
    let _lease = allowed(lease(&gate, 3, at(200)));
    let asked = request("r", Capability::FilesDelete);
    let outcome = gate.authorize_lease::<EditFiles>(&asked, LeaseBound::new(2, at(200)), at(100)).outcome;
    check_denied(&outcome, Reason::LeaseTooRisky);
}

#[test]
fn each_permit_of_edits_names_its_content() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let asked = request("r", Capability::FilesEdit);
    let outcome = gate.authorize_lease::<EditFiles>(&asked, LeaseBound::new(2, at(200)), at(100)).outcome;
    let Outcome::Allow(mut lease) = outcome else { panic!("no lease") };
    let refused = lease.next(at(100), &asked.resources[0], None).expect_err("no content");
    assert_eq!(refused.kind(), LeaseErrorKind::NoContent);
    let hash = Sha256Hash::of(b"candidate");
    let permit = lease.next(at(100), &asked.resources[0], Some(hash)).expect("a permit");
    assert!(permit.covers_content(&hash));
    assert!(!permit.covers_content(&Sha256Hash::of(b"content")));
}

#[test]
fn a_revocation_of_its_class_ends_a_lease() {
    let kept = Kept::default();
    let gate = kept.gate(policy(Preset::Operator));
    let mut lease = allowed(lease(&gate, 3, at(200)));
    gate.emergency_revoke(Some(CapabilityClass::Files), AuditActor::User, at(101)).expect("revoked");
    check_next(&mut lease, at(101), &command("test"), None);
    gate.emergency_revoke(Some(CapabilityClass::Process), AuditActor::User, at(102)).expect("revoked");
    check_next(&mut lease, at(102), &command("test"), Some(LeaseErrorKind::Revoked));
    let _lease = allowed(super::leases::lease(&gate, 3, at(200)));
}
