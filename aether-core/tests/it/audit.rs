//! The chain of the audit log: every change of it is found, with the row and the kind of the change.

use aether_core::base::{Sha256Hash, Timestamp};
use aether_core::record::{
    AuditActor, AuditChain, AuditEntry, AuditErrorKind, AuditFlaw, AuditGap, AuditKey, AuditKind, AuditMac,
    AuditRow, AuditTip, AuditVerdict, AuditVerifier, ExpectedTip, MAX_AUDIT_PAYLOAD_BYTES, SealedTip,
};
use proptest::prelude::*;

fn key(id: &str, byte: u8) -> AuditKey {
    AuditKey::new(id, &[byte; 32]).expect("32 bytes are a key")
}

fn entry(text: &str) -> AuditEntry {
    let mut entry = AuditEntry::new(AuditKind::DECISION, AuditActor::Agent(text.to_owned()));
    entry.decision = Some("deny".to_owned());
    entry
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1000)
}

fn add(chain: &mut AuditChain, rows: &mut Vec<AuditRow>, entry: AuditEntry) {
    let row = chain.next_row(at(rows.len() as i64), entry).expect("an entry that fits");
    chain.advance(&row).expect("the row is the next one");
    rows.push(row);
}

/// A log of so many rows, and the tip that is remembered of it.
fn log(count: usize) -> (Vec<AuditRow>, SealedTip) {
    let (mut chain, mut rows) = (AuditChain::new(AuditTip::EMPTY, key("k", 7)), Vec::new());
    for number in 0..count {
        add(&mut chain, &mut rows, entry(&format!("agent-{number}")));
    }
    (rows, chain.sealed_tip())
}

fn verify_with(rows: &[AuditRow], keys: Vec<AuditKey>, expected: ExpectedTip) -> AuditVerdict {
    let mut verifier = AuditVerifier::new(keys, expected);
    rows.iter().for_each(|row| verifier.push(row));
    verifier.finish()
}

fn verify(rows: &[AuditRow], tip: &SealedTip) -> AuditVerdict {
    verify_with(rows, vec![key("k", 7)], ExpectedTip::Exactly(tip.clone()))
}

#[track_caller]
fn check_flaw(rows: &[AuditRow], tip: &SealedTip, row: u64, flaw: AuditFlaw) {
    match verify(rows, tip) {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (row, flaw)),
        other => panic!("{flaw:?} was not found: {other:?}"),
    }
}

/// A log of five rows with a change, which must be found.
#[track_caller]
fn check_change(change: impl FnOnce(&mut Vec<AuditRow>), row: u64, flaw: AuditFlaw) {
    let (mut rows, tip) = log(5);
    assert_eq!(verify(&rows, &tip), AuditVerdict::Valid { rows: 5 });
    change(&mut rows);
    check_flaw(&rows, &tip, row, flaw);
}

/// Seals a row anew, as somebody can who knows the rules but not the key.
fn reseal(rows: &mut [AuditRow], from: usize, key: &AuditKey) {
    let mut prev = match from {
        0 => AuditTip::GENESIS,
        _ => rows[from - 1].event_hash.expect("a hash"),
    };
    for (place, row) in rows.iter_mut().enumerate().skip(from) {
        let mut chain = AuditChain::new(AuditTip::new(place as u64, prev), key.clone());
        let record = row.record().expect("a record");
        let sealed = chain.next_row(record.at, record.entry).expect("an entry that fits");
        prev = chain.advance(&sealed).expect("the next row").event_hash;
        let number = std::mem::replace(row, sealed).row;
        row.row = number;
    }
}

fn edit(row: &mut AuditRow) {
    let payload = row.payload.as_mut().expect("a payload");
    *payload = payload.replace("\"deny\"", "\"allow\"");
}

// What the predecessor could not see ---------------------------------------------------------------------------

/// There, a row without `event_hash` was skipped.
#[test]
fn a_row_without_a_part_is_found() {
    check_change(|rows| rows[2].event_hash = None, 3, AuditFlaw::MissingHash);
    check_change(|rows| rows[2].prev_hash = None, 3, AuditFlaw::MissingHash);
    check_change(|rows| rows[2].record_hmac = None, 3, AuditFlaw::MissingHash);
    check_change(|rows| rows[2].key_id = None, 3, AuditFlaw::MissingHash);
    check_change(|rows| rows[2].payload = None, 3, AuditFlaw::MissingHash);
    check_change(|rows| rows.push(AuditRow::new(6)), 6, AuditFlaw::MissingHash);
}

/// There, a log without any row was valid.
#[test]
fn a_wipe_is_found() {
    check_change(Vec::clear, 1, AuditFlaw::Wiped);
}

/// There, head and row were two transactions: either could be ahead.
#[test]
fn a_tip_that_is_not_that_of_the_rows_is_found() {
    check_change(|rows| drop(rows.pop()), 5, AuditFlaw::Truncated);
    check_change(|rows| rows.truncate(1), 2, AuditFlaw::Truncated);
    let (rows, _) = log(5);
    let (_, behind) = log(4);
    check_flaw(&rows, &behind, 5, AuditFlaw::BeyondTip);
    let (_, empty) = log(0);
    check_flaw(&rows, &empty, 1, AuditFlaw::BeyondTip);
}

#[test]
fn a_tip_that_is_gone_is_found_whatever_the_rows_say() {
    for count in [0, 3] {
        let (rows, _) = log(count);
        match verify_with(&rows, vec![key("k", 7)], ExpectedTip::Gone) {
            AuditVerdict::Invalid(finding) => {
                assert_eq!((finding.row, finding.flaw), (count as u64 + 1, AuditFlaw::TipGone));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// A log that went back together with its own tip is found by one that was kept elsewhere.
#[test]
fn a_log_is_held_against_each_tip_that_is_known() {
    let (rows, later) = log(5);
    let (earlier, tip) = log(3);
    let verify = |rows: &[AuditRow], tip: &SealedTip, kept: &[&SealedTip]| {
        let mut verifier = AuditVerifier::new(vec![key("k", 7)], ExpectedTip::Exactly(tip.clone()));
        for kept in kept {
            verifier = verifier.expecting(ExpectedTip::AtLeast((*kept).clone()));
        }
        rows.iter().for_each(|row| verifier.push(row));
        verifier.finish()
    };
    assert_eq!(verify(&rows, &later, &[&tip, &later]), AuditVerdict::Valid { rows: 5 });
    assert_eq!(verify(&earlier, &tip, &[&tip]), AuditVerdict::Valid { rows: 3 });
    let check = |verdict: AuditVerdict, row: u64, flaw: AuditFlaw| match verdict {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (row, flaw)),
        other => panic!("{other:?}"),
    };
    check(verify(&earlier, &tip, &[&later]), 4, AuditFlaw::Truncated);
    let other = AuditTip::new(2, Sha256Hash::of(b"other")).sealed(&key("k", 7));
    check(verify(&rows, &later, &[&tip, &other]), 2, AuditFlaw::NotTheTip);
    let forged = SealedTip::new(tip.tip, "k", AuditMac::from_bytes([1; 32]));
    check(verify(&rows, &later, &[&forged]), 6, AuditFlaw::ForgedTip);
    // One that is known is enough, whatever else is not.
    let mut verifier = AuditVerifier::new(vec![key("k", 7)], ExpectedTip::Unknown);
    verifier = verifier.expecting(ExpectedTip::AtLeast(tip));
    rows.iter().for_each(|row| verifier.push(row));
    assert_eq!(verifier.finish(), AuditVerdict::Valid { rows: 5 });
}

/// There, a key file that did not fit was replaced, and old rows could no longer be verified.
#[test]
fn another_key_is_found_and_never_taken_silently() {
    let (rows, tip) = log(5);
    let check = |keys: Vec<AuditKey>, row: u64, flaw: AuditFlaw| match verify_with(
        &rows,
        keys,
        ExpectedTip::Exactly(tip.clone()),
    ) {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (row, flaw)),
        other => panic!("{other:?}"),
    };
    check(vec![key("k", 8)], 1, AuditFlaw::HmacMismatch);
    check(vec![key("other", 7)], 1, AuditFlaw::UnknownKey);
    for secret in [&[][..], &[7; 31], &[7; 33], &[0; 32]] {
        let refused = AuditKey::new("k", secret).expect_err("not a key");
        assert_eq!(refused.kind(), AuditErrorKind::BadKey);
    }
    assert_eq!(AuditKey::new("", &[7; 32]).expect_err("no id").kind(), AuditErrorKind::BadKey);
    assert_eq!(AuditKey::from_hex("k", &"07".repeat(31)).expect_err("short").kind(), AuditErrorKind::BadKey);
    assert_eq!(AuditKey::from_hex("k", &"0G".repeat(32)).expect_err("no hex").kind(), AuditErrorKind::BadKey);
}

// Changes of rows ----------------------------------------------------------------------------------------------

#[test]
fn an_edited_payload_is_found() {
    check_change(|rows| edit(&mut rows[2]), 3, AuditFlaw::ChainBreak);
}

#[test]
fn a_row_that_was_sealed_without_the_key_is_found() {
    let forger = key("k", 9);
    check_change(
        |rows| {
            edit(&mut rows[2]);
            reseal(rows, 2, &forger);
        },
        3,
        AuditFlaw::HmacMismatch,
    );
}

/// Even somebody with the key cannot change what a remembered tip stands for.
#[test]
fn a_log_that_was_written_anew_does_not_meet_the_remembered_tip() {
    check_change(
        |rows| {
            edit(&mut rows[2]);
            reseal(rows, 2, &key("k", 7));
        },
        5,
        AuditFlaw::NotTheTip,
    );
}

#[test]
fn rows_that_are_removed_doubled_or_exchanged_are_found() {
    check_change(|rows| drop(rows.remove(0)), 2, AuditFlaw::OutOfOrder);
    check_change(|rows| drop(rows.remove(2)), 4, AuditFlaw::OutOfOrder);
    check_change(|rows| rows.insert(3, rows[2].clone()), 3, AuditFlaw::OutOfOrder);
    check_change(|rows| rows.swap(1, 2), 3, AuditFlaw::OutOfOrder);
}

#[test]
fn rows_of_another_log_do_not_fit_in() {
    let (mut chain, mut others) = (AuditChain::new(AuditTip::EMPTY, key("k", 7)), Vec::new());
    for number in 0..5 {
        add(&mut chain, &mut others, entry(&format!("other-{number}")));
    }
    check_change(|rows| rows[2] = others[2].clone(), 3, AuditFlaw::ChainBreak);
    // From the beginning they are a chain of their own, which is not the one that is remembered.
    check_change(|rows| *rows = others.clone(), 5, AuditFlaw::NotTheTip);
}

#[test]
fn hashes_that_are_edited_are_found() {
    let other = Sha256Hash::of(b"other");
    check_change(|rows| rows[2].event_hash = Some(other), 3, AuditFlaw::ChainBreak);
    check_change(|rows| rows[2].prev_hash = Some(other), 3, AuditFlaw::ChainBreak);
    check_change(|rows| rows[0].prev_hash = Some(other), 1, AuditFlaw::ChainBreak);
    let mac = AuditMac::from_bytes([1; 32]);
    check_change(|rows| rows[2].record_hmac = Some(mac), 3, AuditFlaw::HmacMismatch);
    check_change(|rows| rows[2].key_id = Some("other".to_owned()), 3, AuditFlaw::UnknownKey);
    check_change(|rows| rows[2].payload = Some("{".to_owned()), 3, AuditFlaw::BadPayload);
}

#[test]
fn a_tip_without_a_good_seal_is_found() {
    let (rows, tip) = log(3);
    let forged = SealedTip::new(tip.tip, "k", AuditMac::from_bytes([1; 32]));
    check_flaw(&rows, &forged, 4, AuditFlaw::ForgedTip);
    let (rows, tip) = log(0);
    let elsewhere = AuditTip::new(0, Sha256Hash::of(b"x")).sealed(&key("k", 7));
    check_flaw(&rows, &elsewhere, 1, AuditFlaw::NotTheTip);
    assert_eq!(verify(&rows, &tip), AuditVerdict::Valid { rows: 0 });
    let unknown = AuditTip::EMPTY.sealed(&key("other", 7));
    check_flaw(&rows, &unknown, 1, AuditFlaw::UnknownKey);
}

/// The seal covers both parts of a tip.
#[test]
fn a_seal_is_for_one_tip() {
    let key = key("k", 7);
    let sealed = AuditTip::new(3, Sha256Hash::of(b"x")).sealed(&key);
    assert!(sealed.is_sealed_by(&key));
    let with = |tip| SealedTip::new(tip, "k", sealed.hmac);
    assert!(!with(AuditTip::new(4, Sha256Hash::of(b"x"))).is_sealed_by(&key));
    assert!(!with(AuditTip::new(3, Sha256Hash::of(b"y"))).is_sealed_by(&key));
}

// What cannot be said ------------------------------------------------------------------------------------------

#[track_caller]
fn check_gap(rows: &[AuditRow], keys: Vec<AuditKey>, expected: ExpectedTip, gap: AuditGap) {
    let expected_rows = rows.len() as u64;
    let verdict = verify_with(rows, keys, expected);
    assert_eq!(verdict, AuditVerdict::Indeterminate { gap, rows: expected_rows });
}

#[test]
fn what_cannot_be_checked_is_not_called_valid() {
    let (rows, tip) = log(3);
    check_gap(&rows, vec![key("k", 7)], ExpectedTip::Unknown, AuditGap::NoTip);
    check_gap(&[], vec![key("k", 7)], ExpectedTip::Unknown, AuditGap::NoTip);
    check_gap(&rows, vec![], ExpectedTip::Exactly(tip.clone()), AuditGap::NoKey);
    let mut newer = rows.clone();
    newer[2].payload =
        newer[2].payload.as_ref().map(|text| text.replace("\"schema_version\":1", "\"schema_version\":2"));
    let hash = |row: &AuditRow| {
        let mut bytes = b"aether-audit-event-v1\0".to_vec();
        bytes.extend(row.prev_hash.expect("a hash").as_bytes());
        bytes.extend(row.payload.as_ref().expect("a payload").bytes());
        Sha256Hash::of(&bytes)
    };
    newer[2].event_hash = Some(hash(&newer[2]));
    check_gap(&newer, vec![], ExpectedTip::Unknown, AuditGap::NoKey);
    // The same says another thing to another reader where it is not canonical: a key twice, white space.
    for (old, new) in [("{\"at\"", "{ \"at\""), ("{\"at\"", "{\"seq\":3,\"at\"")] {
        let mut other = rows.clone();
        other[2].payload = other[2].payload.as_ref().map(|text| text.replacen(old, new, 1));
        other[2].event_hash = Some(hash(&other[2]));
        let verdict = verify_with(&other, vec![], ExpectedTip::Unknown);
        let is_found =
            matches!(&verdict, AuditVerdict::Invalid(finding) if finding.flaw == AuditFlaw::BadPayload);
        assert!(is_found, "{verdict:?}");
    }
    // Without a key no MAC is looked at, but the chain is.
    newer[1].event_hash = None;
    let verdict = verify_with(&newer, vec![], ExpectedTip::Unknown);
    assert!(matches!(verdict, AuditVerdict::Invalid(finding) if finding.row == 2));
}

#[test]
fn a_log_may_grow_behind_a_tip_that_was_remembered_earlier() {
    let (rows, _) = log(5);
    let (_, earlier) = log(3);
    let verdict =
        |rows: &[AuditRow]| verify_with(rows, vec![key("k", 7)], ExpectedTip::AtLeast(earlier.clone()));
    assert_eq!(verdict(&rows), AuditVerdict::Valid { rows: 5 });
    assert_eq!(verdict(&rows[..3]), AuditVerdict::Valid { rows: 3 });
    let cut = verdict(&rows[..2]);
    assert!(matches!(cut, AuditVerdict::Invalid(finding) if finding.flaw == AuditFlaw::Truncated));
    let mut anew = rows.clone();
    edit(&mut anew[0]);
    reseal(&mut anew, 0, &key("k", 7));
    let anew = verdict(&anew);
    assert!(
        matches!(anew, AuditVerdict::Invalid(finding) if finding.flaw == AuditFlaw::NotTheTip && finding.row == 3)
    );
}

// Keys ---------------------------------------------------------------------------------------------------------

#[test]
fn a_key_changes_only_where_a_row_announces_it() {
    let make = |announced: Option<&str>| {
        let (mut chain, mut rows) = (AuditChain::new(AuditTip::EMPTY, key("k", 7)), Vec::new());
        add(&mut chain, &mut rows, entry("a"));
        if let Some(next) = announced {
            let rotated = AuditEntry::new(AuditKind::KEY_ROTATED, AuditActor::User);
            add(&mut chain, &mut rows, rotated.with_detail(AuditKind::NEXT_KEY, next));
        }
        chain.rotate(key("k2", 8));
        add(&mut chain, &mut rows, entry("b"));
        add(&mut chain, &mut rows, entry("c"));
        let keys = vec![key("k", 7), key("k2", 8)];
        verify_with(&rows, keys, ExpectedTip::Exactly(chain.sealed_tip()))
    };
    assert_eq!(make(Some("k2")), AuditVerdict::Valid { rows: 4 });
    for (announced, row) in [(None, 2), (Some("k"), 3), (Some("k3"), 3)] {
        let verdict = make(announced);
        let is_found = matches!(&verdict, AuditVerdict::Invalid(finding)
            if finding.flaw == AuditFlaw::UnannouncedKey && finding.row == row);
        assert!(is_found, "{announced:?}: {verdict:?}");
    }
}

#[test]
fn a_key_is_never_shown() {
    let key = AuditKey::from_hex("k", &"ab".repeat(32)).expect("a key");
    let chain = AuditChain::new(AuditTip::EMPTY, key.clone());
    for text in [format!("{key:?}"), format!("{key:#?}"), format!("{chain:?}")] {
        assert!(!text.contains("171") && !text.contains("ab, ") && !text.contains("abab"), "{text}");
    }
}

// Rows ---------------------------------------------------------------------------------------------------------

const EVENT_HASH: &str = "sha256:963decfe5e50ac4b160dbc6b86fedd94d01a0d7245b5d7267e99337b4d7261c9";
const EVENT_MAC: &str = "hmac-sha256:b7283a10378b95005731085051d14ea8eb9b53d95b17a3bb2801c43bad6a0dce";
const TIP_MAC: &str = "hmac-sha256:21011308bc0c889bea92416107f7195f2c21ccb8c6f7e5cc3d773099783e72d9";

/// The form that others compute; made with a program of another language over the rules of `docs/SCHEMAS.md`.
#[test]
fn rows_have_the_documented_form() {
    let chain = AuditChain::new(AuditTip::EMPTY, key("k", 7));
    let row = chain.next_row(at(0), entry("a")).expect("a row");
    let payload = r#"{"at":"1970-01-01T00:00:00.000Z","entry":{"actor":{"agent":"a"},"decision":"deny","kind":"decision"},"schema_version":1,"seq":1}"#;
    assert_eq!(row.payload.as_deref(), Some(payload));
    let text = |hash: Option<Sha256Hash>| hash.expect("a hash").to_string();
    assert_eq!(
        text(row.prev_hash),
        "sha256:4165746865722061756469742067656e65736973207631000000000000000001"
    );
    assert_eq!(text(row.event_hash), EVENT_HASH);
    assert_eq!(row.record_hmac.expect("a MAC").to_string(), EVENT_MAC);
    let tip = AuditTip::new(1, row.event_hash.expect("a hash")).sealed(&key("k", 7));
    assert_eq!(tip.hmac.to_string(), TIP_MAC);
}

#[test]
fn a_row_that_was_not_written_leaves_the_chain_as_it_was() {
    let mut chain = AuditChain::new(AuditTip::EMPTY, key("k", 7));
    let first = chain.next_row(at(0), entry("a")).expect("a row");
    assert_eq!(chain.tip(), AuditTip::EMPTY);
    let second = chain.next_row(at(0), entry("b")).expect("a row");
    chain.advance(&second).expect("the next row");
    for wrong in [&first, &second] {
        assert_eq!(chain.advance(wrong).expect_err("not the next").kind(), AuditErrorKind::NotNext);
    }
    let mut third = chain.next_row(at(0), entry("c")).expect("a row");
    edit(&mut third);
    assert_eq!(chain.advance(&third).expect_err("edited").kind(), AuditErrorKind::NotNext);
    assert_eq!(chain.tip().seq, 1);
}

#[test]
fn rows_have_a_longest_payload() {
    let chain = AuditChain::new(AuditTip::EMPTY, key("k", 7));
    let length = chain.next_row(at(0), entry("")).expect("a row").payload.expect("a payload").len();
    let fits = "x".repeat(MAX_AUDIT_PAYLOAD_BYTES - length);
    assert!(chain.next_row(at(0), entry(&fits)).is_ok());
    let refused = chain.next_row(at(0), entry(&(fits + "x"))).expect_err("too long");
    assert_eq!(refused.kind(), AuditErrorKind::LimitExceeded);
    let full = AuditChain::new(AuditTip::new(1 << 53, AuditTip::GENESIS), key("k", 7));
    assert_eq!(full.next_row(at(0), entry("")).expect_err("full").kind(), AuditErrorKind::Full);
    let full = AuditChain::new(AuditTip::new(u64::MAX, AuditTip::GENESIS), key("k", 7));
    assert_eq!(full.next_row(at(0), entry("")).expect_err("full").kind(), AuditErrorKind::Full);
}

proptest! {
    /// Whatever is done to one byte of one part of one row, it is found.
    #[test]
    fn every_changed_byte_is_found(place in 0_usize..5, part in 0_usize..4, byte in 0_usize..200, flip in 1_u8..128) {
        let (mut rows, tip) = log(5);
        let row = &mut rows[place];
        let turn = |hash: Sha256Hash| {
            let mut bytes = *hash.as_bytes();
            bytes[byte % 32] ^= flip;
            Sha256Hash::from_bytes(bytes)
        };
        match part {
            0 => row.prev_hash = row.prev_hash.map(turn),
            1 => row.event_hash = row.event_hash.map(turn),
            2 => row.record_hmac = row.record_hmac.map(|mac| {
                let mut bytes = *mac.as_bytes();
                bytes[byte % 32] ^= flip;
                AuditMac::from_bytes(bytes)
            }),
            _ => {
                let mut bytes = row.payload.take().expect("a payload").into_bytes();
                let at = byte % bytes.len();
                bytes[at] = (bytes[at] ^ flip) & 0x7f;
                row.payload = String::from_utf8(bytes).ok();
            }
        }
        prop_assert!(matches!(verify(&rows, &tip), AuditVerdict::Invalid(_)));
    }

    /// Any rows from outside give a verdict.
    #[test]
    fn no_row_makes_the_verifier_panic(payload in ".{0,80}", id in ".{0,8}", row in any::<u64>(), seq in any::<u64>()) {
        let hash = Sha256Hash::of(payload.as_bytes());
        for text in [payload.clone(), format!("{{\"schema_version\":1,\"seq\":{seq}}}")] {
            let mut bad = AuditRow::new(row);
            bad.payload = Some(text);
            bad.prev_hash = Some(AuditTip::GENESIS);
            bad.event_hash = Some(hash);
            bad.record_hmac = Some(AuditMac::from_bytes([0; 32]));
            bad.key_id = Some(id.clone());
            let (_, tip) = log(1);
            prop_assert!(matches!(verify(&[bad], &tip), AuditVerdict::Invalid(_)));
        }
    }
}
