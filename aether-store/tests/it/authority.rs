//! The file of audit log, grants and costs: what core asks of it, what it keeps, and what shows that it was changed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aether_core::authority::{
    ActionRequest, Answer, Capability, Choice, Cost, CostCaps, CostReservation, EditFiles, Grant,
    GrantDuration, GrantId, Outcome, PolicyConfig, PolicyGate, Preset, ProvenanceTag, Resource, RevokeReason,
    RevokeScope,
};
use aether_core::base::{ErrorCode, RelPath, Sha256Hash, Timestamp};
use aether_core::conformance::{check_audit_sink, check_cost_ledger, check_grant_store};
use aether_core::port::{AuditSink, CostLedger, GrantStore};
use aether_core::record::{AuditActor, AuditEntry, AuditFlaw, AuditKey, AuditKind, AuditQuery, AuditVerdict};
use aether_store::{AuthorityStore, StoreErrorKind};
use rusqlite::Connection;

const BUSY_MS: u32 = 10_000;

fn key() -> AuditKey {
    AuditKey::new("test", &[7; 32]).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1_000)
}

fn entry(actor: &str) -> AuditEntry {
    AuditEntry::new(AuditKind::DECISION, AuditActor::Agent(actor.to_owned()))
}

/// A folder, and the path of a file in it.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("authority.db");
    (folder, path)
}

fn open(path: &Path) -> AuthorityStore {
    AuthorityStore::open(path, key(), BUSY_MS).unwrap()
}

/// A log with so many rows.
fn log_of(rows: i64) -> (tempfile::TempDir, PathBuf) {
    let (folder, path) = place();
    let store = open(&path);
    for number in 1..=rows {
        store.append(entry(&format!("agent-{number}")), at(number)).unwrap();
    }
    (folder, path)
}

/// What somebody does who has the file: first everything that keeps them from it is dropped.
fn tamper(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map((), |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(triggers.len() >= 6);
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    connection.execute_batch(sql).unwrap();
}

fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
    std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
}

#[test]
fn it_keeps_what_core_asks_of_a_log_of_grants_and_of_costs() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::sync::atomic::AtomicU32::new(0);
    let path = || {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        folder.path().join(format!("{number}.db"))
    };
    let make = |key: &AuditKey| AuthorityStore::open(&path(), key.clone(), BUSY_MS).unwrap();
    check_audit_sink(&|key| Box::new(make(key)), &at_once);
    check_grant_store(&|| Box::new(make(&key())), &at_once);
    check_cost_ledger(&|| Box::new(make(&key())), &at_once);
}

#[test]
fn everything_is_there_after_a_restart() {
    let (_folder, path) = place();
    let resources = vec![Resource::from(RelPath::root())];
    let grant = |id: &str| {
        let duration = GrantDuration::Once;
        Grant::new(GrantId::new(id), "fixer", Capability::FilesEdit, resources.clone(), duration, at(0))
    };
    let reservation = CostReservation::new("req-1", Some("task".to_owned()), at(0), Cost::new(5, 6));
    {
        let store = open(&path);
        store.append(entry("a"), at(1)).unwrap();
        for id in ["grt:1", "grt:2", "grt:3"] {
            store.insert(&grant(id)).unwrap();
        }
        store.consume(&[GrantId::new("grt:1")], at(2)).unwrap();
        let scope = RevokeScope::Grant(GrantId::new("grt:2"));
        assert_eq!(store.revoke(&scope, RevokeReason::UserRevoked, at(3)).unwrap(), 1);
        assert_eq!(store.reserve(&reservation, &CostCaps::default()).unwrap(), None);
    }
    let store = open(&path);
    assert_eq!(store.append(entry("b"), at(2)).unwrap().seq, 2);
    assert_eq!(store.verify(None).unwrap(), AuditVerdict::Valid { rows: 2 });
    let found = store.find("fixer", &[Capability::FilesEdit], at(4)).unwrap();
    let holds: Vec<bool> = found.iter().map(|grant| grant.holds_at(at(4))).collect();
    assert_eq!(holds, [false, false, true]);
    assert_eq!(store.grants_in_force(at(4), 10).unwrap(), [grant("grt:3")]);
    let error = store.consume(&[GrantId::new("grt:1")], at(4)).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::POLICY_GRANT_SPENT);
    assert_eq!(store.spend(&reservation).unwrap().task, Cost::new(5, 6));
    let error = store.reserve(&reservation, &CostCaps::default()).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::POLICY_CONFLICT);
    store.settle("req-1", Cost::new(1, 1)).unwrap();
    assert_eq!(store.spend(&reservation).unwrap().day, Cost::new(1, 1));
}

#[test]
fn rows_can_be_neither_changed_nor_removed_nor_put_in_between() {
    let (_folder, path) = log_of(3);
    let connection = Connection::open(&path).unwrap();
    for (sql, words) in [
        ("UPDATE audit_rows SET payload = '{}' WHERE row = 2", "never changed"),
        ("UPDATE audit_rows SET row = 9 WHERE row = 3", "never changed"),
        ("DELETE FROM audit_rows WHERE row = 3", "never removed"),
        ("DELETE FROM audit_rows", "never removed"),
        ("REPLACE INTO audit_rows SELECT * FROM audit_rows WHERE row = 3", "follow one another"),
        ("INSERT INTO audit_rows VALUES (9, '{}', 'a', 'b', 'c', 'd')", "follow one another"),
        ("INSERT INTO audit_rows VALUES (4, NULL, 'a', 'b', 'c', 'd')", "are whole"),
        ("INSERT INTO audit_rows VALUES (4, '{}', NULL, 'b', 'c', 'd')", "are whole"),
        ("INSERT INTO audit_rows VALUES (4, '{}', 'a', NULL, 'c', 'd')", "are whole"),
        ("INSERT INTO audit_rows VALUES (4, '{}', 'a', 'b', NULL, 'd')", "are whole"),
        ("INSERT INTO audit_rows VALUES (4, '{}', 'a', 'b', 'c', NULL)", "are whole"),
        ("UPDATE audit_tip SET seq = 1", "moves on by one row"),
        ("UPDATE audit_tip SET seq = 9", "moves on by one row"),
        ("DELETE FROM audit_tip", "never removed"),
    ] {
        let error = connection.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains(words), "{sql}: {error}");
    }
    assert_eq!(open(&path).verify(None).unwrap(), AuditVerdict::Valid { rows: 3 });
}

#[test]
fn what_was_changed_is_found_and_the_row_is_named() {
    let flaw = |sql: &str| {
        let (_folder, path) = log_of(4);
        tamper(&path, sql);
        let store = open(&path);
        match store.verify(None).unwrap() {
            AuditVerdict::Invalid(finding) => (finding.row, finding.flaw),
            other => panic!("{sql}: {other:?}"),
        }
    };
    for (sql, row, expected) in [
        ("UPDATE audit_rows SET payload = NULL WHERE row = 2", 2, AuditFlaw::MissingHash),
        ("UPDATE audit_rows SET event_hash = NULL WHERE row = 3", 3, AuditFlaw::MissingHash),
        ("UPDATE audit_rows SET record_hmac = NULL WHERE row = 3", 3, AuditFlaw::MissingHash),
        ("UPDATE audit_rows SET prev_hash = 'x' WHERE row = 2", 2, AuditFlaw::MissingHash),
        (
            "UPDATE audit_rows SET payload = replace(payload, 'agent-2', 'agent-9') WHERE row = 2",
            2,
            AuditFlaw::ChainBreak,
        ),
        (
            "UPDATE audit_rows SET record_hmac = (SELECT record_hmac FROM audit_rows WHERE row = 1) WHERE row = 2",
            2,
            AuditFlaw::HmacMismatch,
        ),
        ("UPDATE audit_rows SET key_id = 'other' WHERE row = 2", 2, AuditFlaw::UnknownKey),
        ("DELETE FROM audit_rows WHERE row = 4", 4, AuditFlaw::Truncated),
        ("DELETE FROM audit_rows WHERE row > 2", 3, AuditFlaw::Truncated),
        ("DELETE FROM audit_rows", 1, AuditFlaw::Wiped),
        ("DELETE FROM audit_rows WHERE row = 2", 3, AuditFlaw::OutOfOrder),
        (
            "INSERT INTO audit_rows SELECT 5, payload, prev_hash, event_hash, record_hmac, key_id
                FROM audit_rows WHERE row = 4",
            5,
            AuditFlaw::BeyondTip,
        ),
        ("UPDATE audit_tip SET seq = 3", 3, AuditFlaw::NotTheTip),
        (
            "UPDATE audit_tip SET hmac = 'hmac-sha256:' || replace(hex(zeroblob(32)), '00', 'ab')",
            5,
            AuditFlaw::ForgedTip,
        ),
    ] {
        assert_eq!(flaw(sql), (row, expected), "{sql}");
    }
}

#[test]
fn nothing_is_added_to_a_log_that_is_not_in_order() {
    for sql in [
        "DELETE FROM audit_rows WHERE row = 4",
        "DELETE FROM audit_rows",
        "DELETE FROM audit_tip",
        "UPDATE audit_tip SET seq = 3",
        "UPDATE audit_tip SET hmac = 'hmac-sha256:00'",
        "UPDATE audit_tip SET event_hash = (SELECT event_hash FROM audit_rows WHERE row = 1)",
        "INSERT INTO audit_rows SELECT 5, payload, prev_hash, event_hash, record_hmac, key_id FROM audit_rows WHERE row = 4",
        "DROP TABLE audit_rows",
    ] {
        let (_folder, path) = log_of(4);
        tamper(&path, sql);
        let store = open(&path);
        let codes = [store.check().unwrap_err(), store.append(entry("a"), at(9)).unwrap_err()];
        for error in codes {
            assert_eq!(*error.code(), ErrorCode::POLICY_AUDIT_FAILED, "{sql}");
        }
    }
}

#[test]
fn another_key_adds_nothing_and_the_change_is_told() {
    let (_folder, path) = log_of(2);
    for (id, secret) in [("test", [8; 32]), ("other", [7; 32])] {
        let store = AuthorityStore::open(&path, AuditKey::new(id, &secret).unwrap(), BUSY_MS).unwrap();
        assert!(store.append(entry("a"), at(9)).is_err());
        assert!(store.check().is_err());
        let AuditVerdict::Invalid(finding) = store.verify(None).unwrap() else { panic!("{id}") };
        let told = [AuditFlaw::HmacMismatch, AuditFlaw::UnknownKey, AuditFlaw::ForgedTip];
        assert!(told.contains(&finding.flaw), "{finding:?}");
    }
    assert_eq!(open(&path).verify(None).unwrap(), AuditVerdict::Valid { rows: 2 });
}

#[test]
fn a_tip_that_is_kept_elsewhere_shows_that_the_whole_file_was_taken_back() {
    let (folder, path) = log_of(2);
    let old = folder.path().join("old.db");
    Connection::open(&path).unwrap().execute("VACUUM INTO ?1", [old.to_str().unwrap()]).unwrap();
    let tip = {
        let store = open(&path);
        store.append(entry("late"), at(9)).unwrap();
        let tip = store.tip().unwrap();
        store.append(entry("later"), at(10)).unwrap();
        assert_eq!(store.verify(Some(tip.clone())).unwrap(), AuditVerdict::Valid { rows: 4 });
        tip
    };
    let old = open(&old);
    assert_eq!(old.verify(None).unwrap(), AuditVerdict::Valid { rows: 2 }, "nothing in the file tells");
    let AuditVerdict::Invalid(finding) = old.verify(Some(tip)).unwrap() else { panic!("it is told") };
    assert_eq!((finding.row, finding.flaw), (3, AuditFlaw::Truncated));
}

#[test]
fn several_handles_make_one_chain() {
    let (_folder, path) = place();
    let stores: Vec<AuthorityStore> = (0..3).map(|_| open(&path)).collect();
    at_once(6, &|number| {
        let store = &stores[number % 3];
        for _ in 0..20 {
            store.append(entry(&format!("agent-{number}")), at(1)).unwrap();
        }
        assert_ne!(store.verify(None).unwrap(), AuditVerdict::Valid { rows: 0 });
    });
    assert_eq!(stores[0].verify(None).unwrap(), AuditVerdict::Valid { rows: 120 });
}

#[test]
fn a_long_log_is_read_in_pages() {
    let (_folder, path) = log_of(2_300);
    let store = open(&path);
    let mut seen = 0;
    store
        .visit_rows(|row| {
            seen += 1;
            assert_eq!(row.row, seen);
            true
        })
        .unwrap();
    assert_eq!(seen, 2_300);
    let asked = |query: AuditQuery| store.rows(&query).unwrap();
    let all = AuditQuery { limit: u32::MAX, ..AuditQuery::default() };
    assert_eq!(asked(all.clone()).len(), 2_300);
    let window = AuditQuery { since: Some(at(1_500)), until: Some(at(1_600)), ..all.clone() };
    let rows: Vec<u64> = asked(window).iter().map(|row| row.row).collect();
    assert_eq!(rows, (1_500..1_600).collect::<Vec<u64>>());
    let one = AuditQuery { actor: Some(AuditActor::Agent("agent-2222".to_owned())), ..all };
    assert_eq!(asked(one)[0].row, 2_222);
    // A window does not look at all rows.
    let connection = Connection::open(&path).unwrap();
    let plan: String = connection
        .query_row(
            "EXPLAIN QUERY PLAN SELECT row FROM audit_rows
            WHERE json_extract(payload, '$.at') >= 'x' AND json_extract(payload, '$.at') < 'y'",
            (),
            |row| row.get(3),
        )
        .unwrap();
    assert!(plan.contains("audit_rows_by_time"), "{plan}");
}

#[test]
fn a_grant_that_was_moved_to_another_agent_is_damaged() {
    let (_folder, path) = place();
    let store = open(&path);
    let resources = vec![Resource::from(RelPath::root())];
    let grant =
        Grant::new(GrantId::new("grt:1"), "a", Capability::FilesEdit, resources, GrantDuration::Once, at(0));
    store.insert(&grant).unwrap();
    let connection = Connection::open(&path).unwrap();
    for sql in [
        "UPDATE grants SET actor = 'b'",
        "UPDATE grants SET record = '{}'",
        "UPDATE grants SET record = NULL",
        "UPDATE grants SET status = 'revoked'",
    ] {
        connection.execute_batch("SAVEPOINT before").unwrap();
        let changed = connection.execute_batch(sql);
        connection.execute_batch("RELEASE before").unwrap();
        let found = ["a", "b"].map(|actor| store.find(actor, &[Capability::FilesEdit], at(1)));
        let codes: Vec<ErrorCode> =
            found.iter().filter_map(|it| Some(it.as_ref().err()?.code().clone())).collect();
        assert!(changed.is_err() || codes == [ErrorCode::POLICY_LEDGER_FAILED], "{sql}: {codes:?}");
        connection
            .execute(
                "UPDATE grants SET actor = 'a', status = 'active', record = ?1",
                [serde_json::to_string(&grant).unwrap()],
            )
            .unwrap();
    }
}

#[test]
fn what_no_longer_holds_is_told_up_to_a_number() {
    let (_folder, path) = place();
    let store = open(&path);
    for number in 0..300 {
        let resources = vec![Resource::from(RelPath::root())];
        let id = GrantId::new(format!("grt:{number}"));
        let duration = GrantDuration::Persistent(if number == 3 { 3_600_000 } else { 1_000 });
        store.insert(&Grant::new(id, "a", Capability::FilesEdit, resources, duration, at(0))).unwrap();
    }
    let found = store.find("a", &[Capability::FilesEdit], at(100)).unwrap();
    assert_eq!(found.len(), 257);
    assert_eq!(found[0].id, GrantId::new("grt:3"), "what holds is there, however old");
    assert_eq!(found[256].id, GrantId::new("grt:299"));
}

#[test]
fn all_grants_are_taken_back_at_once() {
    let (_folder, path) = place();
    let store = open(&path);
    for number in 0..500 {
        let resources = vec![Resource::from(RelPath::root())];
        let capability = if number % 2 == 0 { Capability::FilesEdit } else { Capability::CommandRun };
        let duration = GrantDuration::Persistent(3_600_000);
        let grant =
            Grant::new(GrantId::new(format!("grt:{number}")), "a", capability, resources, duration, at(0));
        store.insert(&grant).unwrap();
    }
    let class = RevokeScope::Class(Capability::CommandRun.class());
    assert_eq!(store.revoke(&class, RevokeReason::EmergencyRevoke, at(1)).unwrap(), 250);
    assert_eq!(store.revoke(&RevokeScope::All, RevokeReason::EmergencyRevoke, at(1)).unwrap(), 250);
    assert_eq!(store.revoke(&RevokeScope::All, RevokeReason::EmergencyRevoke, at(1)).unwrap(), 0);
    assert_eq!(open(&path).grants_in_force(at(2), 1_000).unwrap(), []);
}

#[test]
fn the_gate_works_on_it_across_restarts() {
    let (_folder, path) = place();
    let mut request = ActionRequest::new("req-1", "fixer", Capability::FilesDelete);
    request.resources.push(Resource::path("src/lib.rs").unwrap());
    request.content = Some(Sha256Hash::of(b"the patch"));
    request.provenance.insert(ProvenanceTag::Session);
    let policy = || PolicyConfig::new(Preset::Operator);

    let ticket = {
        let store = open(&path);
        let gate = PolicyGate::new(policy(), &store, &store).unwrap().with_costs(&store);
        let Outcome::Ask(ticket) = gate.authorize::<EditFiles>(&request, at(1)).outcome else {
            panic!("deleting is asked about")
        };
        ticket
    };
    {
        let store = open(&path);
        assert_eq!(store.open_tickets(at(2), 10).unwrap(), [(*ticket).clone()]);
        let gate = PolicyGate::new(policy(), &store, &store).unwrap();
        gate.answer(&ticket.id, &Answer::of_user(Choice::Once), at(2)).unwrap();
        assert_eq!(store.open_tickets(at(2), 10).unwrap(), []);
        assert_eq!(store.grants_in_force(at(2), 10).unwrap().len(), 1);
    }
    let store = open(&path);
    let gate = PolicyGate::new(policy(), &store, &store).unwrap();
    let permit = gate.authorize::<EditFiles>(&request, at(3)).allowed().unwrap();
    assert!(permit.covers_content(&Sha256Hash::of(b"the patch")));
    assert!(gate.authorize::<EditFiles>(&request, at(3)).allowed().is_none(), "a yes is good for once");
    assert_eq!(permit.audit().seq, 3);
    assert_eq!(store.verify(None).unwrap(), AuditVerdict::Valid { rows: 4 });
}

#[test]
fn a_file_of_something_else_is_left_as_it_is() {
    let (_folder, path) = place();
    let kind = |path: &Path| AuthorityStore::open(path, key(), BUSY_MS).unwrap_err().kind();
    std::fs::write(&path, "no database, but long enough to be read as the head of one: ".repeat(20)).unwrap();
    assert_eq!(kind(&path), StoreErrorKind::Corrupt);
    std::fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE other (a)").unwrap();
    assert_eq!(kind(&path), StoreErrorKind::NotAStore);
    let (_folder, path) = log_of(1);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(kind(&path), StoreErrorKind::NewerVersion);
    let (_folder, path) = log_of(1);
    let bytes = std::fs::read(&path).unwrap();
    assert!(AuthorityStore::has_rows(&path));
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(AuthorityStore::has_rows(&path), "who cannot look does not say that there is nothing");
    let (_folder, path) = place();
    assert!(!AuthorityStore::has_rows(&path));
    drop(open(&path));
    assert!(!AuthorityStore::has_rows(&path));
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, path) = log_of(1);
    let _store = open(&path);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
    }
}

/// The variable that makes a test of this program one that is killed.
const FILE_OF_VICTIM: &str = "AETHER_TEST_AUTHORITY_VICTIM";

/// Adds rows and says which are there, until it is killed.
#[test]
fn program_that_is_killed() {
    let Some(path) = std::env::var_os(FILE_OF_VICTIM) else { return };
    let store = open(Path::new(&path));
    loop {
        let receipt = store.append(entry("victim"), at(1)).unwrap();
        println!("ack {} {}", receipt.seq, receipt.event_hash);
    }
}

#[cfg(unix)]
#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let (_folder, path) = place();
    let mut last = 0;
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "authority::program_that_is_killed", "--nocapture", "--test-threads=1"])
            .env(FILE_OF_VICTIM, &path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let acks = |line: std::io::Result<String>| {
            let line = line.ok()?;
            let (seq, hash) = line.strip_prefix("ack ")?.split_once(' ')?;
            Some((seq.parse::<u64>().ok()?, hash.parse::<Sha256Hash>().ok()?))
        };
        // At another row each time.
        let mut acknowledged: Vec<_> = lines.by_ref().filter_map(acks).take(3 + round).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(lines.filter_map(acks));
        let store = open(&path);
        let tip = store.tip().unwrap().tip.seq;
        assert_eq!(store.verify(None).unwrap(), AuditVerdict::Valid { rows: tip });
        for (seq, hash) in acknowledged {
            let query = AuditQuery { after_seq: seq - 1, limit: 1, ..AuditQuery::default() };
            assert_eq!(store.rows(&query).unwrap()[0].event_hash, Some(hash), "row {seq} is gone");
            last = last.max(seq);
        }
        assert!(tip >= last && last >= 3);
    }
}
