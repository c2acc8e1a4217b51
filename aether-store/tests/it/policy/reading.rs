//! Questions to the log, exports of it, and tips that were kept elsewhere.

use std::ops::ControlFlow;

use aether_core::authority::{ActionRequest, Capability, ExportData, Permit, Resource};
use aether_core::base::Cancel;
use aether_core::conformance::permit;
use aether_core::port::AuditSink as _;
use aether_core::record::{
    AuditFlaw, AuditQuery, AuditRow, AuditTip, AuditVerdict, AuditVerifier, ExpectedTip, NoteErrorKind,
    Signer as _,
};
use aether_store::{AuditLog, AuditTrust, Ed25519Signer, Ed25519Verifier, PolicyStoreErrorKind};
use proptest::prelude::*;

use super::{Place, at, entry, key, short};

const ORIGIN: &str = "example.com/audit";

fn export_permit(capability: Capability) -> Permit<ExportData> {
    let mut request = ActionRequest::new("export", "test", capability);
    request.resources.push(Resource::path("audit.jsonl").expect("a path"));
    permit(request)
}

#[track_caller]
fn check_finding(verdict: &AuditVerdict, row: u64, flaw: AuditFlaw) {
    match verdict {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (row, flaw)),
        other => panic!("{flaw:?} was not found: {other:?}"),
    }
}

fn all() -> AuditQuery {
    AuditQuery { limit: u32::MAX, ..AuditQuery::default() }
}

#[test]
fn an_export_can_be_verified_by_whoever_has_the_key() {
    let place = Place::with_rows(20);
    let mut out = Vec::new();
    let export = place
        .log()
        .export(export_permit(Capability::AuditExport), &all(), &mut out, &Cancel::new())
        .expect("an export");
    assert_eq!(export.rows, 20);
    let tip = export.tip.expect("a head");
    let mut verifier = AuditVerifier::new(vec![key("k", 7)], ExpectedTip::Exactly(tip));
    for line in std::str::from_utf8(&out).expect("text").lines() {
        verifier.push(&serde_json::from_str::<AuditRow>(line).expect("a row"));
    }
    assert_eq!(verifier.finish(), AuditVerdict::Valid { rows: 20 });
    let mut some = Vec::new();
    let query = AuditQuery { since: Some(at(5)), until: Some(at(8)), ..all() };
    let permit = export_permit(Capability::AuditExport);
    assert_eq!(place.log().export(permit, &query, &mut some, &Cancel::new()).expect("an export").rows, 3);
}

/// Takes some lines, and then no more.
#[derive(Debug)]
struct Narrow(usize);

impl std::io::Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_needs_its_permit_and_stops_when_it_is_told_to() {
    let place = Place::with_rows(5);
    let log = place.log();
    let mut out = Vec::new();
    let other = log.export(export_permit(Capability::MemoryExport), &all(), &mut out, &Cancel::new());
    assert_eq!(other.expect_err("not for this").kind(), PolicyStoreErrorKind::NotPermitted);
    let cancel = Cancel::new();
    cancel.cancel();
    let cancelled = log.export(export_permit(Capability::AuditExport), &all(), &mut out, &cancel);
    assert_eq!(cancelled.expect_err("cancelled").kind(), PolicyStoreErrorKind::Cancelled);
    assert!(out.is_empty());
    let verdict = log.verify(&AuditTrust::new(vec![key("k", 7)]), &cancel);
    assert_eq!(verdict.expect_err("cancelled").code().as_str(), "cancelled");
    let failed = log
        .export(export_permit(Capability::AuditExport), &all(), &mut Narrow(3), &Cancel::new())
        .expect_err("full");
    assert_eq!((failed.kind(), failed.code().as_str()), (PolicyStoreErrorKind::Output, "output.io"));
}

#[test]
fn a_reader_is_given_one_row_at_a_time_and_may_stop() {
    let place = Place::with_rows(9);
    let mut seen = Vec::new();
    let visit = place.log().visit(&all(), &mut |row| {
        seen.push(row.row);
        if row.row == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    visit.expect("rows");
    assert_eq!(seen, [1, 2, 3, 4]);
    // What is added while somebody reads is for the next one; nobody waits.
    let store = place.open();
    let mut count = 0;
    let visit = place.log().visit(&all(), &mut |_| {
        count += 1;
        store.append(entry("meanwhile"), at(50)).expect("a row");
        ControlFlow::Continue(())
    });
    visit.expect("rows");
    assert_eq!(count, 9);
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 18 });
}

#[test]
fn a_log_that_is_not_there_is_missing_and_is_not_made() {
    let place = Place::new();
    let error = AuditLog::open(&place.path(), &short()).expect_err("none");
    assert_eq!((error.kind(), error.code().as_str()), (PolicyStoreErrorKind::Missing, "store.missing"));
    assert!(!place.path().exists());
}

/// A log that was put back to an earlier state with its head is found by whoever kept a later end.
#[test]
fn a_log_that_went_back_is_found_by_a_tip_that_was_kept_elsewhere() {
    let place = Place::with_rows(3);
    let earlier = std::fs::read(place.path()).expect("a file");
    let signer = Ed25519Signer::from_seed(ORIGIN, &[1; 32]).expect("a key");
    let known = Ed25519Verifier::new(signer.key().clone()).expect("a key");
    let (note, sealed) = {
        let store = place.open();
        store.append(entry("a"), at(4)).expect("a row");
        store.append(entry("b"), at(5)).expect("a row");
        (store.sign_tip(ORIGIN, &signer).expect("a note").to_string(), store.tip().expect("a tip"))
    };
    let tip = AuditTip::from_note(note.as_bytes(), ORIGIN, &[&known]).expect("it is signed");
    assert_eq!(tip, sealed.tip);
    let trusts = [
        AuditTrust::new(vec![key("k", 7)]).with_tip(tip),
        AuditTrust::new(vec![key("k", 7)]).with_sealed_tip(sealed),
    ];
    let verify = |trust: &AuditTrust| place.log().verify(trust, &Cancel::new()).expect("a verdict");
    place.open().append(entry("c"), at(6)).expect("the log goes on");
    for trust in &trusts {
        assert_eq!(verify(trust), AuditVerdict::Valid { rows: 6 });
    }
    std::fs::write(place.path(), &earlier).expect("it went back");
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 3 }, "from inside, nothing is seen");
    for trust in &trusts {
        check_finding(&verify(trust), 4, AuditFlaw::Truncated);
    }
    check_finding(&verify(&AuditTrust::default().with_tip(tip)), 4, AuditFlaw::Truncated);
    // The rows are written anew by somebody who has the key of the log, not that of the note.
    for number in 0..3 {
        place.open().append(entry(&format!("other-{number}")), at(4)).expect("a row");
    }
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 6 });
    for trust in &trusts {
        check_finding(&verify(trust), 5, AuditFlaw::NotTheTip);
    }
}

#[test]
fn a_tip_of_another_log_or_another_key_is_not_taken() {
    let place = Place::with_rows(1);
    let signer = Ed25519Signer::from_seed(ORIGIN, &[1; 32]).expect("a key");
    let known = Ed25519Verifier::new(signer.key().clone()).expect("a key");
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[2; 32]).expect("a key");
    let stranger = Ed25519Verifier::new(stranger.key().clone()).expect("a key");
    let store = place.open();
    let note = store.sign_tip(ORIGIN, &signer).expect("a note").to_string();
    let read =
        |origin, key| AuditTip::from_note(note.as_bytes(), origin, &[key]).map_err(|error| error.kind());
    assert_eq!(read(ORIGIN, &stranger), Err(NoteErrorKind::Untrusted));
    assert_eq!(read("example.com/other", &known), Err(NoteErrorKind::OtherOrigin));
    assert!(read(ORIGIN, &known).is_ok());
    let error = store.sign_tip("two\nlines", &signer).expect_err("no name");
    assert_eq!((error.kind(), error.code().as_str()), (PolicyStoreErrorKind::Note, "note.malformed"));
    // What is known to be damaged is not vouched for.
    drop(store);
    let other = aether_store::PolicyStore::open(&place.path(), key("other", 8), &short()).expect("it opens");
    assert_eq!(other.sign_tip(ORIGIN, &signer).expect_err("no").kind(), PolicyStoreErrorKind::OtherKey);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is asked, the answer is that of a look at each row; clocks may go back.
    #[test]
    fn questions_are_answered_as_by_looking_at_each_row(
        times in prop::collection::vec(0_i64..20, 1..40),
        since in prop::option::of(0_i64..22),
        until in prop::option::of(0_i64..22),
        capability in prop::option::of(prop::sample::select(vec!["files_edit", "files_read"])),
        after_seq in 0_u64..6,
        limit in 0_u32..12,
    ) {
        let place = Place::new();
        let store = place.open();
        for (number, &seconds) in times.iter().enumerate() {
            let mut entry = entry(&format!("agent-{}", number % 3));
            if number % 2 == 0 {
                entry.capability = Some("files_read".to_owned());
            }
            store.append(entry, at(seconds)).expect("a row");
        }
        let query = AuditQuery {
            since: since.map(at),
            until: until.map(at),
            capability: capability.map(str::to_owned),
            after_seq,
            limit,
            ..AuditQuery::default()
        };
        let found: Vec<u64> = store.rows(&query).expect("rows").iter().map(|row| row.row).collect();
        let each = store.rows(&all()).expect("rows");
        let expected: Vec<u64> = each
            .iter()
            .filter_map(AuditRow::record)
            .filter(|record| query.keeps(record))
            .take(limit as usize)
            .map(|record| record.seq)
            .collect();
        prop_assert_eq!(found, expected);
    }
}
