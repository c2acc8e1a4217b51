//! Files that somebody changed: what was done to them is found, and named. The defects of the predecessor
//! stand in front.

use std::error::Error as _;

use aether_core::authority::{Capability, Grant, GrantDuration, GrantId, Resource, Ticket, TicketId};
use aether_core::base::Cancel;
use aether_core::conformance::skip;
use aether_core::port::{AuditSink as _, GrantStore as _};
use aether_core::record::{AuditActor, AuditFlaw, AuditGap, AuditQuery, AuditVerdict};
use aether_store::{
    AuditLog, AuditTrust, PolicyStore, PolicyStoreError, PolicyStoreErrorKind, SqliteStore, StoreOptions,
};
use proptest::prelude::*;
use rusqlite::Connection;

use super::{Place, at, entry, key, request, short};

const NO_TRIGGERS: &str = "DROP TRIGGER audit_rows_stay; DROP TRIGGER audit_rows_are_kept; \
     DROP TRIGGER audit_rows_follow; DROP TRIGGER audit_head_goes_on; DROP TRIGGER audit_head_is_kept; \
     DROP TRIGGER audit_head_is_one;";

fn raw(place: &Place) -> Connection {
    Connection::open(place.path()).expect("a database")
}

/// The kind of the error behind one of a port.
#[track_caller]
fn kind_behind(error: &aether_core::authority::LedgerError) -> PolicyStoreErrorKind {
    let source = error.source().expect("a cause");
    source.downcast_ref::<PolicyStoreError>().expect("one of the file").kind()
}

#[track_caller]
fn check_finding(verdict: AuditVerdict, row: u64, flaw: AuditFlaw) {
    match verdict {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (row, flaw)),
        other => panic!("{flaw:?} was not found: {other:?}"),
    }
}

/// A log of five rows that somebody changes with SQL: found by a verification, and, where the end of the log
/// or its tables are concerned, before the next row is added.
#[track_caller]
fn check_change(sql: &str, row: u64, flaw: AuditFlaw) {
    let place = Place::with_rows(5);
    raw(&place).execute_batch(&format!("{NO_TRIGGERS} {sql}")).expect("a change");
    check_finding(place.verdict(), row, flaw);
    let store = place.open();
    let error = store.check().expect_err("tables or triggers were changed");
    assert_eq!(error.code().as_str(), "policy.audit_failed");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
    assert!(store.append(entry("a"), at(9)).is_err());
    check_finding(place.verdict(), row, flaw);
}

#[test]
fn triggers_refuse_every_change_of_rows_and_head() {
    let place = Place::with_rows(3);
    let connection = raw(&place);
    connection.execute_batch("PRAGMA recursive_triggers = OFF").expect("a setting");
    for sql in [
        "UPDATE audit_rows SET payload = '{}' WHERE row = 2",
        "UPDATE audit_rows SET row = 9 WHERE row = 3",
        "DELETE FROM audit_rows WHERE row = 3",
        "DELETE FROM audit_rows",
        "INSERT OR REPLACE INTO audit_rows SELECT row, '{}', prev_hash, event_hash, record_hmac, key_id \
         FROM audit_rows WHERE row = 2",
        "REPLACE INTO audit_rows SELECT 2, payload, prev_hash, event_hash, record_hmac, key_id FROM audit_rows \
         WHERE row = 3",
        "REPLACE INTO audit_rows SELECT 3, '{}', prev_hash, event_hash, record_hmac, key_id FROM audit_rows \
         WHERE row = 3",
        "INSERT INTO audit_rows SELECT 0, payload, prev_hash, event_hash, record_hmac, key_id FROM audit_rows \
         WHERE row = 3",
        "UPDATE audit_head SET seq = 2",
        "UPDATE audit_head SET seq = 3, key_id = 'x'",
        "DELETE FROM audit_head",
        "REPLACE INTO audit_head SELECT 0, 0, event_hash, key_id, hmac FROM audit_head",
    ] {
        let error = connection.execute_batch(sql).expect_err(sql);
        assert!(error.to_string().contains("audit log"), "{sql}: {error}");
    }
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 3 });
    place.open().check().expect("it is as it was");
}

/// There, a row without a hash was left out by the verification.
#[test]
fn a_row_without_a_part_is_found() {
    for column in ["payload", "prev_hash", "event_hash", "record_hmac", "key_id"] {
        let table = "CREATE TABLE loose (row INTEGER PRIMARY KEY, payload, prev_hash, event_hash, record_hmac, \
             key_id, at); INSERT INTO loose SELECT row, payload, prev_hash, event_hash, record_hmac, key_id, at \
             FROM audit_rows; DROP TABLE audit_rows; ALTER TABLE loose RENAME TO audit_rows;";
        check_change(
            &format!("{table} UPDATE audit_rows SET {column} = NULL WHERE row = 3"),
            3,
            AuditFlaw::MissingHash,
        );
    }
}

/// There, a log without any row was valid.
#[test]
fn a_wipe_is_found() {
    check_change("DELETE FROM audit_rows", 1, AuditFlaw::Wiped);
    check_change("DELETE FROM audit_rows; DELETE FROM audit_head", 1, AuditFlaw::TipGone);
    check_change("DELETE FROM audit_head", 6, AuditFlaw::TipGone);
    check_change("UPDATE audit_head SET hmac = x'00'", 6, AuditFlaw::TipGone);
}

#[test]
fn rows_that_are_cut_off_are_found() {
    check_change("DELETE FROM audit_rows WHERE row > 3", 4, AuditFlaw::Truncated);
    check_change(
        "DELETE FROM audit_rows WHERE row = 5; UPDATE audit_head SET seq = 4",
        4,
        AuditFlaw::NotTheTip,
    );
    let hash = "(SELECT event_hash FROM audit_rows WHERE row = 4)";
    check_change(
        &format!("DELETE FROM audit_rows WHERE row = 5; UPDATE audit_head SET seq = 4, event_hash = {hash}"),
        5,
        AuditFlaw::ForgedTip,
    );
    check_change("DELETE FROM audit_rows WHERE row = 2", 3, AuditFlaw::OutOfOrder);
}

#[test]
fn rows_that_are_edited_are_found() {
    let payload = "replace (payload, 'agent-3', 'agent-9')";
    check_change(
        &format!("UPDATE audit_rows SET payload = {payload} WHERE row = 3"),
        3,
        AuditFlaw::ChainBreak,
    );
    check_change("UPDATE audit_rows SET payload = 'no record' WHERE row = 3", 3, AuditFlaw::BadPayload);
    check_change(
        "UPDATE audit_rows SET payload = CAST (x'ff' AS TEXT) WHERE row = 3",
        3,
        AuditFlaw::BadPayload,
    );
    check_change(
        "UPDATE audit_rows SET record_hmac = zeroblob (32) WHERE row = 3",
        3,
        AuditFlaw::HmacMismatch,
    );
    check_change(
        "UPDATE audit_rows SET record_hmac = zeroblob (31) WHERE row = 3",
        3,
        AuditFlaw::MissingHash,
    );
    check_change("UPDATE audit_rows SET key_id = 'other' WHERE row = 3", 3, AuditFlaw::UnknownKey);
    check_change(
        "UPDATE audit_rows SET row = row + 10 WHERE row = 5; UPDATE audit_rows SET row = 5 WHERE row = 4; \
         UPDATE audit_rows SET row = 4 WHERE row = 15",
        4,
        AuditFlaw::OutOfOrder,
    );
    let extra = "INSERT INTO audit_rows SELECT 6, payload, prev_hash, event_hash, record_hmac, key_id \
         FROM audit_rows WHERE row = 5";
    check_change(extra, 6, AuditFlaw::OutOfOrder);
    // Numbers are not sealed: one that is changed is found all the same.
    check_change("UPDATE audit_rows SET row = 9 WHERE row = 5", 9, AuditFlaw::OutOfOrder);
    check_change(&format!("{extra}; UPDATE audit_rows SET row = -1 WHERE row = 6"), 0, AuditFlaw::OutOfOrder);
}

#[test]
fn a_payload_above_its_limit_is_not_read() {
    let long = "UPDATE audit_rows SET payload = '\"' || hex (zeroblob (40000)) || '\"' WHERE row = 3";
    check_change(long, 3, AuditFlaw::BadPayload);
    let place = Place::with_rows(5);
    raw(&place).execute_batch(&format!("{NO_TRIGGERS} {long}")).expect("a change");
    let rows = place.open().rows(&AuditQuery::default()).expect("rows");
    assert_eq!((rows.len(), rows[2].payload.as_deref()), (5, Some("")));
}

/// A change with the triggers put back afterwards is not seen by the next row, and by the verification.
#[test]
fn an_edit_that_covers_its_traces_is_found() {
    let place = Place::with_rows(5);
    let connection = raw(&place);
    let trigger: String = connection
        .query_row("SELECT sql FROM sqlite_schema WHERE name = 'audit_rows_stay'", (), |row| row.get(0))
        .expect("the trigger");
    let edit = "UPDATE audit_rows SET payload = replace (payload, 'agent-3', 'agent-9') WHERE row = 3";
    connection.execute_batch(&format!("DROP TRIGGER audit_rows_stay; {edit}; {trigger}")).expect("a change");
    place.open().append(entry("a"), at(9)).expect("the end of the log is as it was");
    check_finding(place.verdict(), 3, AuditFlaw::ChainBreak);
    place.log().check_file().expect("the file is in order");
}

/// There, head and row were two transactions, so either could be ahead.
#[test]
fn a_head_that_is_not_that_of_the_rows_takes_no_row() {
    let place = Place::with_rows(2);
    let old = raw(&place)
        .query_row("SELECT hex (event_hash), hex (hmac) FROM audit_head", (), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .expect("a head");
    place.open().append(entry("a"), at(3)).expect("a row");
    // The head from before, which was sealed once: rows stand behind it.
    let connection = raw(&place);
    let trigger: String = connection
        .query_row("SELECT sql FROM sqlite_schema WHERE name = 'audit_head_goes_on'", (), |row| row.get(0))
        .expect("the trigger");
    let (hash, hmac) = old;
    connection
        .execute_batch(&format!(
            "DROP TRIGGER audit_head_goes_on; UPDATE audit_head SET seq = 2, event_hash = x'{hash}', \
             hmac = x'{hmac}'; {trigger}"
        ))
        .expect("a change");
    check_finding(place.verdict(), 3, AuditFlaw::BeyondTip);
    let store = place.open();
    for error in [store.check().expect_err("no"), store.append(entry("a"), at(4)).expect_err("no")] {
        assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
    }
    assert_eq!(store.tip().expect("the head").tip.seq, 2);
    assert_eq!(store.rows(&AuditQuery::default()).expect("rows").len(), 3);
}

/// There, a key file that did not fit was replaced, and old rows could no longer be verified.
#[test]
fn another_key_takes_no_row_and_is_named() {
    let place = Place::with_rows(3);
    for (other, flaw) in [(key("k", 8), AuditFlaw::HmacMismatch), (key("other", 7), AuditFlaw::UnknownKey)] {
        let store = PolicyStore::open(&place.path(), other.clone(), &short()).expect("it opens");
        for error in [store.check().expect_err("no"), store.append(entry("a"), at(4)).expect_err("no")] {
            assert_eq!(kind_behind(&error), PolicyStoreErrorKind::OtherKey);
        }
        let trust = AuditTrust::new(vec![other]);
        check_finding(store.log().verify(&trust, &Cancel::new()).expect("a verdict"), 1, flaw);
    }
    let unknown = place.log().verify(&AuditTrust::default(), &Cancel::new()).expect("a verdict");
    assert_eq!(unknown, AuditVerdict::Indeterminate { gap: AuditGap::NoKey, rows: 3 });
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 3 });
}

#[test]
fn a_key_is_changed_by_a_row_that_says_so() {
    let place = Place::with_rows(2);
    let (store, behind) = (place.open(), place.open());
    let same = store.rotate_key(key("k", 8), AuditActor::User, at(3)).expect_err("the name is taken");
    assert_eq!(same.kind(), PolicyStoreErrorKind::OtherKey);
    store.rotate_key(key("next", 8), AuditActor::User, at(3)).expect("a change of the key");
    store.append(entry("a"), at(4)).expect("a row under the next key");
    let error = behind.append(entry("b"), at(5)).expect_err("it has the key from before");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::OtherKey);
    drop((store, behind));
    let store = PolicyStore::open(&place.path(), key("next", 8), &short()).expect("it opens");
    store.append(entry("c"), at(6)).expect("a row after a restart");
    let verify = |keys| store.log().verify(&AuditTrust::new(keys), &Cancel::new()).expect("a verdict");
    assert_eq!(verify(vec![key("k", 7), key("next", 8)]), AuditVerdict::Valid { rows: 5 });
    check_finding(verify(vec![key("k", 7)]), 4, AuditFlaw::UnknownKey);
    check_finding(verify(vec![key("next", 8)]), 1, AuditFlaw::UnknownKey);
}

#[test]
fn an_index_that_hides_a_row_is_found() {
    let place = Place::with_rows(5);
    let connection = raw(&place);
    // The index is made anew over a table without the row; then the row is back, and the index is not told.
    connection
        .execute_batch(
            "PRAGMA writable_schema = ON; \
             UPDATE sqlite_schema SET sql = replace (sql, '(at)', '(at) WHERE row <> 3') \
             WHERE name = 'audit_by_time'; PRAGMA writable_schema = RESET; REINDEX audit_by_time; \
             PRAGMA writable_schema = ON; \
             UPDATE sqlite_schema SET sql = replace (sql, ' WHERE row <> 3', '') WHERE name = 'audit_by_time'; \
             PRAGMA writable_schema = RESET;",
        )
        .expect("a change");
    drop(connection);
    let window = AuditQuery { since: Some(at(1)), ..AuditQuery::default() };
    assert_eq!(place.open().rows(&window).expect("rows").len(), 4, "the row is hidden");
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 5 });
    let error = place.log().check_file().expect_err("it is found");
    assert_eq!(error.kind(), PolicyStoreErrorKind::Damaged);
}

#[test]
fn a_trigger_of_somebody_else_never_runs() {
    let place = Place::with_rows(2);
    raw(&place)
        .execute_batch("CREATE TRIGGER theirs AFTER INSERT ON audit_rows BEGIN DELETE FROM grants; END")
        .expect("a trigger");
    let store = place.open();
    let error = store.append(entry("a"), at(3)).expect_err("tables are not ours");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
    // Also where it comes while the file is open.
    raw(&place).execute_batch("DROP TRIGGER theirs").expect("it goes");
    store.append(entry("a"), at(3)).expect("in order again");
    raw(&place)
        .execute_batch("CREATE TRIGGER theirs AFTER INSERT ON grants BEGIN DELETE FROM grants; END")
        .expect("a trigger");
    let grant = Grant::new(
        GrantId::new("grt:1"),
        "fixer",
        Capability::FilesEdit,
        vec![Resource::path("src").expect("a path")],
        GrantDuration::Once,
        at(0),
    );
    let error = store.insert(&grant).expect_err("tables are not ours");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
}

#[test]
fn grants_and_tickets_that_were_exchanged_are_damage() {
    let place = Place::new();
    let store = place.open();
    let resources = vec![Resource::path("src").expect("a path")];
    for (id, capability) in [("grt:1", Capability::FilesRead), ("grt:2", Capability::FilesEdit)] {
        let grant =
            Grant::new(GrantId::new(id), "fixer", capability, resources.clone(), GrantDuration::Once, at(0));
        store.insert(&grant).expect("a grant");
    }
    let asked = request("r", Capability::FilesEdit);
    let ticket = Ticket::new(TicketId::new("tkt:1"), asked, "approval.required", false, at(5));
    store.insert_ticket(&ticket).expect("a ticket");
    let find = |capability| store.find("fixer", &[capability], at(1));
    let changes = [
        "UPDATE grants SET body = (SELECT body FROM grants WHERE id = 'grt:2') WHERE id = 'grt:1'",
        "UPDATE grants SET body = replace (body, 'grt:1', 'grt:3') WHERE id = 'grt:1'",
        "UPDATE grants SET body = replace (body, 'fixer', 'other') WHERE id = 'grt:1'",
        "UPDATE grants SET body = replace (body, 'files_read', 'files_edit') WHERE id = 'grt:1'",
        "UPDATE grants SET body = '{' WHERE id = 'grt:1'",
        "UPDATE grants SET state = 'used' WHERE id = 'grt:1'",
        "UPDATE grants SET state = 'revoked', ended_at = 5 WHERE id = 'grt:1'",
        "UPDATE grants SET state = 'revoked', ended_at = 5, reason = 'whim' WHERE id = 'grt:1'",
        "UPDATE grants SET ended_at = 5 WHERE id = 'grt:1'",
    ];
    for sql in changes {
        let before = "SAVEPOINT before";
        let connection = raw(&place);
        connection.execute_batch("CREATE TEMP TABLE kept AS SELECT * FROM grants").expect(before);
        connection.execute_batch(sql).expect(sql);
        let error = find(Capability::FilesRead).expect_err(sql);
        assert_eq!(error.code().as_str(), "policy.ledger_failed", "{sql}");
        assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged, "{sql}");
        assert!(store.consume(&[GrantId::new("grt:1")], at(1)).is_err(), "{sql}");
        // It is shown as damage, or as one that ended; never as another one that holds.
        let shown = store.grants_in_force(at(1), 9);
        assert!(shown.is_err() || shown.is_ok_and(|grants| grants.len() == 1), "{sql}");
        assert_eq!(find(Capability::FilesEdit).expect("the other").len(), 1, "{sql}");
        connection
            .execute_batch("DELETE FROM grants; INSERT INTO grants SELECT * FROM kept")
            .expect("as it was");
    }
    assert_eq!(find(Capability::FilesRead).expect("as it was").len(), 1);
    raw(&place)
        .execute_batch("UPDATE tickets SET body = replace (body, 'tkt:1', 'tkt:2')")
        .expect("a change");
    let error = store.ticket(&ticket.id).expect_err("another one");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
    let error = store.open_tickets(at(6), 9).expect_err("another one");
    assert_eq!(error.kind(), PolicyStoreErrorKind::Damaged);
}

#[test]
fn files_that_are_none_of_ours_are_refused_and_stay_as_they_are() {
    let place = Place::new();
    let refused = |kind: PolicyStoreErrorKind, code: &str| {
        let before = std::fs::read(place.path()).expect("a file");
        for error in
            [place.try_open().expect_err("no"), AuditLog::open(&place.path(), &short()).expect_err("no")]
        {
            assert_eq!((error.kind(), error.code().as_str()), (kind, code));
        }
        assert!(std::fs::read(place.path()).expect("a file") == before, "it was changed");
        std::fs::remove_file(place.path()).expect("it goes");
    };
    std::fs::write(place.path(), "").expect("an empty file");
    refused(PolicyStoreErrorKind::NotAPolicyFile, "store.not_a_store");
    std::fs::write(place.path(), "no database, and longer than the hundred bytes of a header".repeat(9))
        .expect("a file");
    refused(PolicyStoreErrorKind::Damaged, "store.corrupt");
    drop(SqliteStore::open(&place.path(), &StoreOptions::default()).expect("an index"));
    refused(PolicyStoreErrorKind::NotAPolicyFile, "store.not_a_store");
    drop(place.open());
    raw(&place).execute_batch("PRAGMA user_version = 2").expect("a later version");
    refused(PolicyStoreErrorKind::NewerVersion, "store.newer_version");
    drop(place.open());
    raw(&place).execute_batch("PRAGMA user_version = 0").expect("no version");
    refused(PolicyStoreErrorKind::Damaged, "store.corrupt");
    // A newer program comes while the file is open.
    let store = place.open();
    raw(&place).execute_batch("PRAGMA user_version = 2; CREATE TABLE later (a)").expect("a later version");
    assert_eq!(kind_behind(&store.check().expect_err("newer")), PolicyStoreErrorKind::NewerVersion);
}

/// Overwrites the page where a table or an index begins.
fn break_root(place: &Place, name: &str) {
    let root: u32 = raw(place)
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [name], |row| row.get(0))
        .expect("its root");
    let root = root as usize;
    let mut bytes = std::fs::read(place.path()).expect("a file");
    bytes[(root - 1) * 4096..root * 4096].fill(0xa5);
    std::fs::write(place.path(), bytes).expect("it is broken");
}

#[test]
fn a_file_with_broken_pages_is_damage_and_no_verdict() {
    let place = Place::with_rows(40);
    break_root(&place, "audit_rows");
    let error = place.log().verify(&AuditTrust::new(vec![key("k", 7)]), &Cancel::new()).expect_err("broken");
    assert_eq!((error.kind(), error.code().as_str()), (PolicyStoreErrorKind::Damaged, "store.corrupt"));
    assert_eq!(place.log().check_file().expect_err("broken").kind(), PolicyStoreErrorKind::Damaged);
    let store = place.open();
    for error in [store.check().expect_err("broken"), store.append(entry("a"), at(99)).expect_err("broken")] {
        assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
    }
    // Without the index, the rows are whole.
    let place = Place::with_rows(40);
    break_root(&place, "audit_by_time");
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 40 });
    assert_eq!(place.log().check_file().expect_err("broken").kind(), PolicyStoreErrorKind::Damaged);
    let window = AuditQuery { since: Some(at(1)), ..AuditQuery::default() };
    let error = place.open().rows(&window).expect_err("broken");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is done to bytes of the file: nothing panics, and no other rows are called valid.
    #[test]
    fn changed_bytes_never_make_other_rows_valid(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let place = Place::with_rows(3);
        let rows = place.open().rows(&AuditQuery::default()).expect("rows");
        let mut bytes = std::fs::read(place.path()).expect("a file");
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(length) = length {
            bytes.truncate(length.index(bytes.len()));
        }
        std::fs::write(place.path(), bytes).expect("it is changed");
        let Ok(log) = AuditLog::open(&place.path(), &short()) else { return Ok(()) };
        let _ = log.check_file();
        if let Ok(AuditVerdict::Valid { .. }) = log.verify(&AuditTrust::new(vec![key("k", 7)]), &Cancel::new()) {
            let mut found = Vec::new();
            let all = AuditQuery::default();
            log.visit(&all, &mut |row| {
                found.push(row);
                std::ops::ControlFlow::Continue(())
            })
            .expect("they were verified");
            prop_assert_eq!(found, rows);
        }
        if let Ok(store) = place.try_open() {
            let _ = (store.check(), store.find("fixer", Capability::ALL, at(1)), store.append(entry("a"), at(9)));
        }
    }
}

/// A file that is removed while it is open takes nothing any more: what went into it would be gone with it.
#[cfg(unix)]
#[test]
fn a_file_that_is_gone_takes_no_row() {
    let place = Place::with_rows(2);
    let store = place.open();
    store.append(entry("a"), at(3)).expect("a row");
    std::fs::rename(place.path(), place.folder().join("aside.db")).expect("it goes");
    for error in [store.check().expect_err("gone"), store.append(entry("b"), at(4)).expect_err("gone")] {
        assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Missing);
    }
    // Another file in its place is another log.
    let other = Place::with_rows(1);
    std::fs::copy(other.path(), place.path()).expect("another one");
    let error = store.append(entry("b"), at(4)).expect_err("it is another file");
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::Missing);
    std::fs::remove_file(place.path()).expect("it goes");
    // Its log is still there: no new file is made that would take it for its own.
    let error = place.try_open().expect_err("it was removed while it was in use");
    assert_eq!(error.kind(), PolicyStoreErrorKind::Damaged);
    std::fs::rename(place.folder().join("aside.db"), place.path()).expect("it is back");
    store.append(entry("b"), at(4)).expect("it is where it was");
    drop(store);
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 4 });
}

#[test]
fn a_file_that_is_write_protected_says_so() {
    let place = Place::with_rows(1);
    let mut permissions = std::fs::metadata(place.path()).expect("a file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(place.path(), permissions).expect("it is protected");
    // Whoever may do everything may also write what is protected.
    if std::fs::OpenOptions::new().append(true).open(place.path()).is_ok() {
        skip("a_file_that_is_write_protected_says_so", "this user may write to every file");
        return;
    }
    let store = place.open();
    assert_eq!(kind_behind(&store.check().expect_err("protected")), PolicyStoreErrorKind::Io);
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 1 });
}

#[test]
fn a_file_that_may_not_grow_is_a_full_disk() {
    let place = Place::with_rows(1);
    let options = short().with_max_bytes(200 * 1024);
    let store = PolicyStore::open(&place.path(), key("k", 7), &options).expect("it opens");
    let long = entry(&"x".repeat(30_000));
    let mut rows = 1;
    let error = loop {
        match store.append(long.clone(), at(2)) {
            Ok(receipt) => rows = receipt.seq,
            Err(error) => break error,
        }
        assert!(rows < 100, "the limit does not hold");
    };
    assert_eq!(kind_behind(&error), PolicyStoreErrorKind::DiskFull);
    assert!(rows > 1);
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows });
    // What fits is still taken.
    store.append(entry("short"), at(3)).expect("a short row");
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: rows + 1 });
}
