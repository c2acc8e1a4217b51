//! Several handles on one file, in one process: rows make one chain, and each grant is used once.

use std::sync::atomic::{AtomicU32, Ordering};

use aether_core::authority::{Cost, CostCaps, CostReservation, GrantId};
use aether_core::port::{AuditSink as _, CostLedger as _, GrantStore as _};
use aether_core::record::AuditVerdict;
use aether_store::{PolicyStore, PolicyStoreErrorKind, PolicyStoreOptions};

use super::{Place, at, at_once, entry, key, once};

#[test]
fn handles_that_write_at_once_lose_nothing() {
    let place = Place::new();
    let receipts = std::sync::Mutex::new(Vec::new());
    let won = AtomicU32::new(0);
    let reserved = AtomicU32::new(0);
    place.open().insert(&once(1)).expect("a grant");
    let caps = CostCaps::default();
    at_once(4, &|writer| {
        let options = PolicyStoreOptions::default().with_busy_timeout_ms(60_000);
        let store = PolicyStore::open(&place.path(), key("k", 7), &options).expect("it opens");
        for number in 0..20 {
            let receipt = store.append(entry(&format!("agent-{writer}-{number}")), at(1)).expect("a row");
            receipts.lock().expect("receipts").push(receipt);
        }
        if store.consume(&[GrantId::new("grt:1")], at(1)).is_ok() {
            won.fetch_add(1, Ordering::SeqCst);
        }
        let one = CostReservation::new("r", None, at(1), Cost::new(5, 5));
        if store.reserve(&one, &caps).is_ok() {
            reserved.fetch_add(1, Ordering::SeqCst);
        }
    });
    assert_eq!((won.into_inner(), reserved.into_inner()), (1, 1));
    let mut receipts = receipts.into_inner().expect("receipts");
    receipts.sort_by_key(|receipt| receipt.seq);
    let seqs: Vec<u64> = receipts.iter().map(|receipt| receipt.seq).collect();
    assert_eq!(seqs, (1..=80).collect::<Vec<u64>>());
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 80 });
}

#[test]
fn a_writer_that_holds_the_file_too_long_is_told() {
    let place = Place::with_rows(1);
    let store = place.open();
    let other = rusqlite::Connection::open(place.path()).expect("a database");
    other.execute_batch("BEGIN IMMEDIATE").expect("it holds the file");
    let error = store.append(entry("a"), at(2)).expect_err("held");
    let source = std::error::Error::source(&error).expect("a cause");
    let kind = source.downcast_ref::<aether_store::PolicyStoreError>().expect("one of the file").kind();
    assert_eq!(kind, PolicyStoreErrorKind::Locked);
    store.check().expect("reading waits for nobody");
    other.execute_batch("ROLLBACK").expect("it lets go");
    store.append(entry("a"), at(2)).expect("a row");
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 2 });
}

#[test]
fn a_file_is_made_once() {
    let place = Place::new();
    at_once(8, &|_| {
        let store = PolicyStore::open(&place.path(), key("k", 7), &PolicyStoreOptions::default());
        store.expect("it opens").append(entry("a"), at(1)).expect("a row");
    });
    assert_eq!(place.verdict(), AuditVerdict::Valid { rows: 8 });
    let names: Vec<_> = std::fs::read_dir(place.folder()).expect("a folder").collect();
    assert_eq!(names.len(), 1, "nothing is left beside it: {names:?}");
}
