//! The policy file: the suites of its ports, the gate over it, and what stays after a restart.

mod damage;
mod key;
#[cfg(feature = "keyring")]
mod keyring;
mod kill;
mod reading;
mod rotation;
mod sharing;

use std::path::{Path, PathBuf};

use aether_core::authority::{
    ActionRequest, Answer, Capability, CapabilityClass, Choice, Cost, CostCaps, CostReservation, EditFiles,
    GrantDuration, GrantId, GrantStatus, Outcome, PolicyConfig, PolicyGate, Preset, ProvenanceTag, Reason,
    Resource, RevokeReason, RevokeScope, RunCommand, Ticket, TicketId,
};
use aether_core::base::{Cancel, Sha256Hash, Timestamp};
use aether_core::change::CommandLine;
use aether_core::conformance::{check_audit_sink, check_cost_ledger, check_grant_store};
use aether_core::port::{AuditSink as _, CostLedger as _, GrantStore as _};
use aether_core::record::{
    AuditActor, AuditEntry, AuditKey, AuditKind, AuditQuery, AuditRow, AuditVerdict, MAX_AUDIT_PAYLOAD_BYTES,
};
use aether_store::{
    AuditLog, AuditTrust, PolicyStore, PolicyStoreError, PolicyStoreOptions, SqliteStore, StoreOptions,
};
use tempfile::TempDir;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1000)
}

pub(crate) fn key(id: &str, byte: u8) -> AuditKey {
    AuditKey::new(id, &[byte; 32]).expect("32 bytes are a key")
}

pub(crate) fn entry(actor: &str) -> AuditEntry {
    let mut entry = AuditEntry::new(AuditKind::DECISION, AuditActor::Agent(actor.to_owned()));
    entry.capability = Some("files_edit".to_owned());
    entry
}

/// A folder with a place for a policy file.
#[derive(Debug)]
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder") }
    }

    /// A place whose log has so many rows under the key `k`, one a second from second 1 on, and is closed.
    pub(crate) fn with_rows(count: i64) -> Self {
        let place = Self::new();
        let store = place.open();
        for number in 1..=count {
            store.append(entry(&format!("agent-{number}")), at(number)).expect("a row");
        }
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("authority.db")
    }

    pub(crate) fn try_open(&self) -> Result<PolicyStore, PolicyStoreError> {
        PolicyStore::open(&self.path(), key("k", 7), &short())
    }

    pub(crate) fn open(&self) -> PolicyStore {
        self.try_open().expect("a policy file")
    }

    pub(crate) fn log(&self) -> AuditLog {
        AuditLog::open(&self.path(), &short()).expect("a log")
    }

    pub(crate) fn verdict(&self) -> AuditVerdict {
        self.log().verify(&AuditTrust::new(vec![key("k", 7)]), &Cancel::new()).expect("a verdict")
    }
}

/// Options with a short patience.
pub(crate) fn short() -> PolicyStoreOptions {
    PolicyStoreOptions::default().with_busy_timeout_ms(50)
}

pub(crate) fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
}

/// Makes empty policy files, each in a folder that goes when the test ends.
fn with_files(check: impl FnOnce(&dyn Fn(&AuditKey) -> PolicyStore)) {
    let folder = TempDir::new().expect("a folder");
    let count = std::cell::Cell::new(0);
    check(&|key| {
        count.set(count.get() + 1);
        let path = folder.path().join(format!("{}.db", count.get()));
        PolicyStore::open(&path, key.clone(), &PolicyStoreOptions::default()).expect("a policy file")
    });
}

#[test]
fn the_audit_log_passes_its_suite() {
    with_files(|make| check_audit_sink(&|key| Box::new(make(key)), &at_once));
}

#[test]
fn grants_and_tickets_pass_their_suite() {
    with_files(|make| check_grant_store(&|| Box::new(make(&key("k", 7))), &at_once));
}

#[test]
fn costs_pass_their_suite() {
    with_files(|make| check_cost_ledger(&|| Box::new(make(&key("k", 7))), &at_once));
}

fn policy() -> PolicyConfig {
    let mut policy = PolicyConfig::new(Preset::Assistant);
    policy.commands.push(CommandLine::new("cargo", ["test"]));
    policy.caps.day = Some(Cost::new(100, 100));
    policy
}

fn request(id: &str, capability: Capability) -> ActionRequest {
    let mut request = ActionRequest::new(id, "fixer", capability);
    request.task = Some("task".to_owned());
    request.resources = vec![match capability {
        Capability::CommandRun => Resource::from(CommandLine::new("cargo", ["test"])),
        _ => Resource::path("src/a.rs").expect("a path"),
    }];
    request.content = Some(Sha256Hash::of(b"content"));
    request.provenance.insert(ProvenanceTag::Session);
    request.is_attended = true;
    request
}

/// Works on the file as one run of a program does: it is opened for this alone.
fn run<T>(place: &Place, work: impl FnOnce(&PolicyGate<'_>) -> T) -> T {
    let store = place.open();
    let gate = PolicyGate::new(policy(), &store, &store).expect("a policy").with_costs(&store);
    work(&gate)
}

#[track_caller]
fn check_denied<T: std::fmt::Debug>(outcome: &Outcome<T>, expected: Reason) {
    assert!(matches!(outcome, Outcome::Deny(reason) if *reason == expected), "{outcome:?}");
}

/// There, a grant for one action was never used up, and nothing of this survived the program.
#[test]
fn what_the_gate_decided_survives_each_restart() {
    let place = Place::new();
    let asked = request("r-1", Capability::FilesEdit);
    let outcome = run(&place, |gate| gate.authorize::<EditFiles>(&asked, at(1)).outcome);
    let Outcome::Ask(ticket) = outcome else { panic!("an assistant asks: {outcome:?}") };

    run(&place, |gate| gate.answer(&ticket.id, &Answer::of_user(Choice::Once), at(2)).expect("a yes"));
    let again = run(&place, |gate| gate.answer(&ticket.id, &Answer::of_user(Choice::Once), at(2)));
    assert_eq!(again.expect_err("it is closed").code().as_str(), "policy.ticket_closed");

    let decision = run(&place, |gate| gate.authorize::<EditFiles>(&asked, at(3)));
    assert!(decision.allowed().is_some(), "the grant is there after a restart");
    let spent = run(&place, |gate| gate.authorize::<EditFiles>(&asked, at(4)).outcome);
    assert!(matches!(spent, Outcome::Ask(_)), "it was for one action: {spent:?}");

    // What is spent counts after a restart, and so does what is on its way.
    let mut costly = request("r-2", Capability::CommandRun);
    costly.estimate = Some(Cost::new(100, 1));
    let outcome = run(&place, |gate| gate.authorize::<RunCommand>(&costly, at(5)).outcome);
    let Outcome::Ask(ticket) = outcome else { panic!("{outcome:?}") };
    run(&place, |gate| gate.answer(&ticket.id, &Answer::of_user(Choice::ForTask), at(6)).expect("a yes"));
    assert!(run(&place, |gate| gate.authorize::<RunCommand>(&costly, at(7))).allowed().is_some());
    let mut more = costly.clone();
    more.id = "r-3".to_owned();
    check_denied(&run(&place, |gate| gate.authorize::<RunCommand>(&more, at(8)).outcome), Reason::CostDayCap);
    run(&place, |gate| gate.settle(&costly, Cost::new(20, 1), at(9)).expect("a cost"));
    assert!(run(&place, |gate| gate.authorize::<RunCommand>(&more, at(10))).allowed().is_some());

    let revoked =
        run(&place, |gate| gate.emergency_revoke(Some(CapabilityClass::Process), AuditActor::User, at(11)));
    assert_eq!(revoked.expect("a revocation").grants, 1);
    let mut last = costly;
    (last.id, last.estimate) = ("r-4".to_owned(), None);
    let outcome = run(&place, |gate| gate.authorize::<RunCommand>(&last, at(12)).outcome);
    assert!(matches!(outcome, Outcome::Ask(_)), "the grant was taken back: {outcome:?}");

    let rows = place.open().rows(&AuditQuery::default()).expect("rows");
    let kinds: Vec<String> =
        rows.iter().filter_map(AuditRow::record).map(|record| record.entry.kind.to_string()).collect();
    assert_eq!(
        kinds,
        [
            "decision",
            "ticket_answered",
            "decision",
            "decision",
            "decision",
            "ticket_answered",
            "decision",
            "decision",
            "cost_settled",
            "decision",
            "emergency_revoke",
            "decision"
        ]
    );
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 12 });
}

/// There, a log that could not be written still gave decisions.
#[test]
fn a_damaged_log_allows_nothing_and_grants_can_still_be_taken_back() {
    let place = Place::new();
    let asked = request("r-1", Capability::FilesEdit);
    let outcome = run(&place, |gate| gate.authorize::<EditFiles>(&asked, at(1)).outcome);
    let Outcome::Ask(ticket) = outcome else { panic!("{outcome:?}") };
    run(&place, |gate| gate.answer(&ticket.id, &Answer::of_user(Choice::ForTask), at(2)).expect("a yes"));
    let other = PolicyStore::open(&place.path(), key("other", 8), &short()).expect("it opens with any key");
    let gate = PolicyGate::new(policy(), &other, &other).expect("a policy");
    let decision = gate.authorize::<EditFiles>(&asked, at(3));
    check_denied(&decision.outcome, Reason::AuditWriteFailed);
    let revocation = gate.emergency_revoke(None, AuditActor::User, at(4)).expect("a revocation");
    assert_eq!((revocation.grants, revocation.audit), (1, None));
    let found = place.open().find("fixer", &[Capability::FilesEdit], at(5)).expect("grants");
    let revoked = GrantStatus::Revoked { at: at(4), reason: RevokeReason::EmergencyRevoke };
    assert_eq!(found.into_iter().map(|grant| grant.status).collect::<Vec<_>>(), [revoked]);
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 2 });
}

#[test]
fn what_clears_the_index_leaves_the_policy_file_alone() {
    let place = Place::with_rows(3);
    let index = place.folder().join("aether.db");
    drop(SqliteStore::open(&index, &StoreOptions::default()).expect("an index"));
    std::fs::remove_file(&index).expect("it goes");
    drop(SqliteStore::open(&index, &StoreOptions::default()).expect("an index anew"));
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 3 });
}

fn once(number: usize) -> aether_core::authority::Grant {
    let resources = vec![Resource::path("src").expect("a path")];
    let duration = aether_core::authority::GrantDuration::Once;
    let id = GrantId::new(format!("grt:{number}"));
    aether_core::authority::Grant::new(id, "fixer", Capability::FilesEdit, resources, duration, at(0))
}

/// Grants that ended are told of up to a number, those that hold always, in the order of their issue.
#[test]
fn old_grants_do_not_crowd_out_those_that_hold() {
    let place = Place::new();
    let store = place.open();
    store.insert(&once(0)).expect("a grant");
    for number in 1..=300 {
        let mut ended = once(number);
        ended.status = GrantStatus::Used(at(1));
        store.insert(&ended).expect("a grant");
    }
    store.insert(&once(301)).expect("a grant");
    let found = store.find("fixer", &[Capability::FilesEdit], at(2)).expect("grants");
    let numbers: Vec<String> = found.iter().map(|grant| grant.id.to_string()).collect();
    let expected: Vec<String> =
        std::iter::once(0).chain(45..=301).map(|number| format!("grt:{number}")).collect();
    assert_eq!(numbers, expected);
    // What has expired is one that ended.
    let found = store.find("fixer", &[Capability::FilesEdit], at(1_000_000)).expect("grants");
    assert_eq!((found.len(), found[0].id.as_str()), (256, "grt:46"));
}

#[test]
fn grants_are_taken_back_in_one_step() {
    let place = Place::new();
    {
        let store = place.open();
        // As many as fit into one run of a test; each one is a wait for the disk.
        for number in 0..50 {
            store.insert(&once(number)).expect("a grant");
        }
        assert_eq!(
            store.revoke(&RevokeScope::All, RevokeReason::EmergencyRevoke, at(1)).expect("revoked"),
            50
        );
    }
    let store = place.open();
    let found = store.find("fixer", &[Capability::FilesEdit], at(2)).expect("grants");
    assert!(found.iter().all(|grant| !grant.holds_at(at(2))));
    let error = store.consume(&[GrantId::new("grt:7")], at(2)).expect_err("it was taken back");
    assert_eq!(error.code().as_str(), "policy.grant_spent");
}

#[test]
fn how_many_grants_would_be_taken_back_is_told_before() {
    let place = Place::new();
    let store = place.open();
    let mut grants: Vec<_> = (0..5).map(once).collect();
    grants[1].duration = GrantDuration::Task("t".to_owned());
    grants[2].duration = GrantDuration::Session("t".to_owned());
    grants[3].actor = "other".to_owned();
    grants[4].capability = Capability::CommandRun;
    for grant in &grants {
        store.insert(grant).expect("a grant");
    }
    let scopes = [
        (RevokeScope::Grant(GrantId::new("grt:0")), 1),
        (RevokeScope::Grant(GrantId::new("grt:none")), 0),
        (RevokeScope::Task("t".to_owned()), 1),
        (RevokeScope::Session("t".to_owned()), 1),
        (RevokeScope::Actor("other".to_owned()), 1),
        (RevokeScope::Capability(Capability::CommandRun), 1),
        (RevokeScope::Class(CapabilityClass::Files), 4),
        (RevokeScope::All, 5),
    ];
    for (scope, expected) in scopes {
        assert_eq!(store.count_revocable(&scope).expect("a number"), expected, "{scope:?}");
    }
    // What was taken back counts no more.
    let (scope, reason) = (RevokeScope::Class(CapabilityClass::Files), RevokeReason::UserRevoked);
    assert_eq!(store.revoke(&scope, reason, at(1)).expect("revoked"), 4);
    assert_eq!(store.count_revocable(&RevokeScope::All).expect("a number"), 1);
}

/// What a user is shown: what holds and what waits, in order, and no more than was asked for.
#[test]
fn what_is_in_force_is_told() {
    let place = Place::new();
    let store = place.open();
    for number in 0..4 {
        store.insert(&once(number)).expect("a grant");
        let mut asked = request(&format!("r-{number}"), Capability::FilesEdit);
        asked.resources = vec![Resource::path("src").expect("a path")];
        // Names in an order of their own: it is the order of asking that counts.
        let id = TicketId::new(format!("tkt:{}", 9 - number));
        let ticket = Ticket::new(id, asked, "approval.required", false, at(number as i64));
        store.insert_ticket(&ticket).expect("a ticket");
    }
    store.consume(&[GrantId::new("grt:1")], at(1)).expect("it is used");
    let taken = RevokeScope::Grant(GrantId::new("grt:2"));
    store.revoke(&taken, RevokeReason::UserRevoked, at(1)).expect("it is taken back");
    assert!(store.close_ticket(&TicketId::new("tkt:8")).expect("it is closed"));
    let store = place.open();
    let grants = |now, limit| -> Vec<String> {
        let found = store.grants_in_force(now, limit).expect("grants");
        found.iter().map(|grant| grant.id.to_string()).collect()
    };
    assert_eq!(grants(at(2), 9), ["grt:0", "grt:3"]);
    assert_eq!(grants(at(2), 1), ["grt:0"]);
    let end = store.grants_in_force(at(2), 1).expect("grants")[0].expires_at;
    assert!(grants(end, 9).is_empty(), "they have expired");
    let tickets = |now, limit| -> Vec<String> {
        let found = store.open_tickets(now, limit).expect("tickets");
        found.iter().map(|ticket| ticket.id.to_string()).collect()
    };
    assert_eq!(tickets(at(4), 9), ["tkt:9", "tkt:7", "tkt:6"]);
    assert_eq!(tickets(at(4), 2), ["tkt:9", "tkt:7"]);
    let end = store.open_tickets(at(4), 1).expect("tickets")[0].expires_at;
    assert_eq!(tickets(end, 9), ["tkt:7", "tkt:6"], "the first has expired");
}

#[test]
fn what_is_too_long_is_refused_and_leaves_nothing() {
    let place = Place::new();
    let store = place.open();
    let mut long = once(1);
    long.actor = "x".repeat(300 * 1024);
    assert_eq!(store.insert(&long).expect_err("too long").code().as_str(), "policy.ledger_failed");
    assert!(store.find(&long.actor, &[Capability::FilesEdit], at(1)).expect("grants").is_empty());
    let caps = CostCaps::default();
    for (request, task) in [("x".repeat(5000), None), ("r".to_owned(), Some("x".repeat(5000)))] {
        let long = CostReservation::new(request, task, at(1), Cost::new(1, 1));
        assert_eq!(
            store.reserve(&long, &caps).expect_err("too long").code().as_str(),
            "policy.ledger_failed"
        );
        assert_eq!(store.spend(&long).expect("costs").day, Cost::ZERO);
    }
    let rotation = AuditEntry::new(AuditKind::KEY_ROTATED, AuditActor::User);
    assert!(store.append(rotation, at(1)).is_err(), "a key that nobody has would be announced");
    assert!(store.append(entry(&"x".repeat(MAX_AUDIT_PAYLOAD_BYTES)), at(1)).is_err());
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 0 });
}
