//! Rules of [`GrantStore`].

use std::sync::atomic::{AtomicU32, Ordering};

use super::super::{expect, expect_eq};
use super::{AtOnce, at, code, done};
use crate::authority::{
    ActionRequest, Capability, CapabilityClass, Grant, GrantDuration, GrantId, GrantStatus, Resource,
    RevokeReason, RevokeScope, Ticket, TicketId,
};
use crate::base::{ErrorCode, RelPath, Sha256Hash};
use crate::port::GrantStore;
use crate::record::AuditActor;

/// Checks a store of grants and tickets: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryGrants, check_grant_store};
/// fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
///     std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
/// }
/// check_grant_store(&|| Box::new(MemoryGrants::default()), &at_once);
/// ```
pub fn check_grant_store(make: &dyn Fn() -> Box<dyn GrantStore>, at_once: AtOnce<'_>) {
    grants_come_back_as_they_were(make().as_ref());
    a_name_is_taken_once(make().as_ref());
    a_grant_for_one_action_is_used_once(make().as_ref());
    what_cannot_be_used_up_is_refused(make().as_ref());
    using_up_is_all_or_nothing(make().as_ref());
    of_two_that_use_one_wins(make().as_ref(), at_once);
    each_scope_revokes_its_own(make);
    a_ticket_is_closed_once(make().as_ref(), at_once);
}

fn grant(id: &str, capability: Capability, duration: GrantDuration) -> Grant {
    let resources = vec![Resource::from(RelPath::root()), Resource::Provider("é\"".to_owned())];
    Grant::new(GrantId::new(id), "fixer", capability, resources, duration, at(1000))
}

fn once(id: &str) -> Grant {
    grant(id, Capability::FilesEdit, GrantDuration::Once)
}

fn status(store: &dyn GrantStore, of: &Grant) -> Option<GrantStatus> {
    let found = done("grants: can be read", store.find(&of.actor, &[of.capability], at(1000)));
    found.into_iter().find(|grant| grant.id == of.id).map(|grant| grant.status)
}

fn grants_come_back_as_they_were(store: &dyn GrantStore) {
    let rule = "grants: what was added comes back as it was, in the order of its issue";
    let mut full = once("grt:9");
    full.content = Some(Sha256Hash::of(b"content"));
    full.policy = Some(Sha256Hash::of(b"policy"));
    full.issued_by = AuditActor::Agent("é".to_owned());
    let task = grant("grt:1", Capability::FilesEdit, GrantDuration::Task("t".to_owned()));
    let session = grant("grt:2", Capability::FilesRead, GrantDuration::Session("s".to_owned()));
    let mut other = grant("grt:3", Capability::FilesEdit, GrantDuration::Persistent(5000));
    other.actor = "other".to_owned();
    for grant in [&full, &task, &session, &other] {
        done(rule, store.insert(grant));
    }
    let found = |actor, of: &[Capability]| done(rule, store.find(actor, of, at(1000)));
    expect_eq(rule, found("fixer", &[Capability::FilesEdit]), vec![full, task]);
    expect_eq("grants: of a capability", found("fixer", &[Capability::FilesRead]), vec![session]);
    expect_eq("grants: of an agent", found("other", &[Capability::FilesEdit]), vec![other]);
    let of_both = found("fixer", &[Capability::FilesEdit, Capability::FilesRead]).len();
    expect_eq("grants: of several capabilities", of_both, 3);
    let of_one_twice = found("fixer", &[Capability::FilesRead, Capability::FilesRead]).len();
    expect_eq("grants: each once", of_one_twice, 1);
    expect_eq("grants: of nobody", found("nobody", &[Capability::FilesEdit]), vec![]);
}

fn a_name_is_taken_once(store: &dyn GrantStore) {
    let rule = "grants: a name that is taken is refused, and the first stays";
    done(rule, store.insert(&once("grt:1")));
    let second = grant("grt:1", Capability::FilesRead, GrantDuration::Once);
    expect_eq(rule, code(store.insert(&second)), Some(ErrorCode::POLICY_CONFLICT));
    expect_eq(rule, status(store, &once("grt:1")), Some(GrantStatus::Active));
    expect_eq(rule, status(store, &second), None);
}

fn a_grant_for_one_action_is_used_once(store: &dyn GrantStore) {
    let rule = "grants: one for one action is used up by it";
    let grant = once("grt:1");
    done(rule, store.insert(&grant));
    done(rule, store.consume(std::slice::from_ref(&grant.id), at(1001)));
    expect_eq(rule, status(store, &grant), Some(GrantStatus::Used(at(1001))));
    let again = store.consume(&[grant.id], at(1002));
    expect_eq(rule, code(again), Some(ErrorCode::POLICY_GRANT_SPENT));
}

fn what_cannot_be_used_up_is_refused(store: &dyn GrantStore) {
    let rule = "grants: what is unknown, revoked, expired, not yet there or for more is not used up";
    let names = ["grt:revoked", "grt:expired", "grt:task", "grt:later"];
    let [revoked, mut expired, mut task, mut later] = names.map(once);
    expired.expires_at = at(1001);
    task.duration = GrantDuration::Task("t".to_owned());
    later.issued_at = at(1002);
    for grant in [&revoked, &expired, &task, &later] {
        done(rule, store.insert(grant));
    }
    let scope = RevokeScope::Grant(revoked.id.clone());
    done(rule, store.revoke(&scope, RevokeReason::UserRevoked, at(1000)));
    for id in names.map(GrantId::new).into_iter().chain([GrantId::new("grt:unknown")]) {
        expect_eq(rule, code(store.consume(&[id], at(1001))), Some(ErrorCode::POLICY_GRANT_SPENT));
    }
    expect_eq(rule, status(store, &task), Some(GrantStatus::Active));
}

fn using_up_is_all_or_nothing(store: &dyn GrantStore) {
    let rule = "grants: of several all are used up, or none";
    let [first, second] = ["grt:1", "grt:2"].map(once);
    done(rule, store.insert(&first));
    done(rule, store.insert(&second));
    let unknown = [first.id.clone(), GrantId::new("grt:unknown")];
    expect_eq(rule, code(store.consume(&unknown, at(1001))), Some(ErrorCode::POLICY_GRANT_SPENT));
    expect_eq(rule, status(store, &first), Some(GrantStatus::Active));
    done(rule, store.consume(&[first.id.clone(), second.id.clone()], at(1001)));
    for grant in [first, second] {
        expect_eq(rule, status(store, &grant), Some(GrantStatus::Used(at(1001))));
    }
}

fn of_two_that_use_one_wins(store: &dyn GrantStore, at_once: AtOnce<'_>) {
    let rule = "grants: of those that use one up at the same time one succeeds";
    for round in 0..20 {
        let grant = once(&format!("grt:{round}"));
        done(rule, store.insert(&grant));
        let won = AtomicU32::new(0);
        at_once(4, &|_| {
            if store.consume(std::slice::from_ref(&grant.id), at(1001)).is_ok() {
                won.fetch_add(1, Ordering::SeqCst);
            }
        });
        expect_eq(rule, won.into_inner(), 1);
    }
}

fn each_scope_revokes_its_own(make: &dyn Fn() -> Box<dyn GrantStore>) {
    let rule = "grants: a scope revokes what it includes, and nothing else";
    let of = |id: &str, capability, duration| grant(id, capability, duration);
    let all = [
        of("grt:1", Capability::FilesEdit, GrantDuration::Task("t".to_owned())),
        of("grt:2", Capability::FilesRead, GrantDuration::Session("t".to_owned())),
        of("grt:3", Capability::NetworkUse, GrantDuration::Persistent(9)),
        Grant { actor: "other".to_owned(), ..of("grt:4", Capability::FilesEdit, GrantDuration::Once) },
    ];
    let scopes: [(RevokeScope, &[usize]); 7] = [
        (RevokeScope::Grant(GrantId::new("grt:2")), &[1]),
        (RevokeScope::Capability(Capability::FilesEdit), &[0, 3]),
        (RevokeScope::Class(CapabilityClass::Files), &[0, 1, 3]),
        (RevokeScope::Actor("other".to_owned()), &[3]),
        (RevokeScope::Task("t".to_owned()), &[0]),
        (RevokeScope::Session("t".to_owned()), &[1]),
        (RevokeScope::All, &[0, 1, 2, 3]),
    ];
    for (scope, included) in scopes {
        let store = make();
        all.iter().for_each(|grant| done(rule, store.insert(grant)));
        let reason = RevokeReason::EmergencyRevoke;
        let count = done(rule, store.revoke(&scope, reason, at(1001)));
        expect_eq(&format!("{rule}: count of {scope}"), count, included.len() as u64);
        for (place, grant) in all.iter().enumerate() {
            let expected = match included.contains(&place) {
                true => GrantStatus::Revoked { at: at(1001), reason },
                false => GrantStatus::Active,
            };
            expect_eq(&format!("{rule}: {scope}"), status(store.as_ref(), grant), Some(expected));
        }
        let again = done(rule, store.revoke(&scope, RevokeReason::UserRevoked, at(1002)));
        expect_eq("grants: what is revoked stays as it was", again, 0);
    }
}

fn a_ticket_is_closed_once(store: &dyn GrantStore, at_once: AtOnce<'_>) {
    let rule = "tickets: one is closed once";
    let request = ActionRequest::new("req-é", "fixer", Capability::FilesEdit);
    let ticket = Ticket::new(TicketId::new("tkt:1"), request, "approval.required", false, at(5));
    done(rule, store.insert_ticket(&ticket));
    expect_eq(rule, code(store.insert_ticket(&ticket)), Some(ErrorCode::POLICY_CONFLICT));
    expect_eq(rule, done(rule, store.ticket(&ticket.id)), Some((ticket.clone(), false)));
    let won = AtomicU32::new(0);
    at_once(4, &|_| {
        if done(rule, store.close_ticket(&ticket.id)) {
            won.fetch_add(1, Ordering::SeqCst);
        }
    });
    expect_eq(rule, won.into_inner(), 1);
    expect_eq(rule, done(rule, store.ticket(&ticket.id)), Some((ticket, true)));
    let unknown = TicketId::new("tkt:unknown");
    expect(rule, done(rule, store.ticket(&unknown)).is_none() && !done(rule, store.close_ticket(&unknown)));
}
