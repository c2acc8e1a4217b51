//! Rules of [`RecordStore`](crate::port::RecordStore).

use super::fixtures::{FileBuilder, full_delta};
use super::{expect, expect_eq, ok};
use crate::base::{ErrorCode, Sha256Hash, Timestamp};
use crate::code::{
    Confidence, EffectKind, RecordAttempt, RecordStatus, Sir, Statement, StoredRecord, SymbolId,
};
use crate::port::{RecordDelta, RecordStamp, Store};

/// Checks the records of a store: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_records};
/// check_records(&|| Box::new(MemoryStore::default()));
/// ```
pub fn check_records(make: &dyn Fn() -> Box<dyn Store>) {
    records_come_back_as_they_were(make);
    providers_are_apart(make);
    a_delta_replaces_and_removes(make);
    a_record_of_another_provider_is_refused(make);
    records_outlive_the_index(make);
}

fn id(number: u8) -> SymbolId {
    SymbolId::from_bytes([number; 16])
}

fn record(provider: &str, symbol: SymbolId, intent: &str) -> StoredRecord {
    let mut sir = Sir::new(intent, Confidence::from_thousandths(700));
    sir.inputs.push("b: \"é\"".to_owned());
    sir.inputs.push("a: u8".to_owned());
    sir.side_effects.push(Statement::new(EffectKind::new("of a stranger"), "x\n\u{1}"));
    sir.extra.insert("edge_cases".to_owned(), serde_json::json!(["none", {"of": null}]));
    let now = Some(Timestamp::from_unix_ms(1_700_000_000_123));
    let source = Sha256Hash::of(intent.as_bytes());
    match StoredRecord::fresh(symbol, provider, "model-1", sir, source, now) {
        Ok(record) => record,
        Err(error) => panic!("a record without floats has a hash: {error}"),
    }
}

fn delta(provider: &str, put: Vec<StoredRecord>) -> RecordDelta {
    let mut delta = RecordDelta::new(provider);
    delta.put = put;
    delta
}

fn records_come_back_as_they_were(make: &dyn Fn() -> Box<dyn Store>) {
    let store = make();
    let rule = "records: what was put comes back as it was, in the order asked, and nothing for strangers";
    let attempt = RecordAttempt::new(ErrorCode::new("provider.timeout"), "no answer", None);
    let stale = record("mock", id(2), "two").failed(attempt.clone());
    expect("records: a failed try keeps the record", stale.sir.is_some());
    expect_eq("records: and makes it stale", stale.sir_status, RecordStatus::Stale);
    let missing = StoredRecord::missing(id(3), "mock", "", Sha256Hash::of(b""), attempt);
    let all = [record("mock", id(1), "one"), stale, missing];
    ok(rule, store.apply_records(&delta("mock", all.to_vec())));
    let found = ok(rule, store.records("mock", &[id(3), id(9), id(1), id(2)]));
    let [one, two, three] = all.map(Some);
    expect_eq(rule, found, vec![three.clone(), None, one.clone(), two.clone()]);

    let rule = "records: stamps of all, sorted by symbol";
    let stamps = ok(rule, store.record_stamps("mock"));
    let expected = [one, two, three].into_iter().flatten();
    let expected: Vec<RecordStamp> =
        expected.map(|it| RecordStamp::new(it.symbol, it.sir_hash, it.source_hash)).collect();
    expect_eq(rule, stamps, expected);
    expect_eq("records: nothing for no symbols", ok(rule, store.records("mock", &[])), vec![]);
}

fn providers_are_apart(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "records: each provider has its own");
    expect_eq(rule, ok(rule, store.records_generation("static")), None);
    let mut of_static = delta("static", vec![record("static", id(1), "one")]);
    of_static.generation = Some(7);
    ok(rule, store.apply_records(&of_static));
    ok(rule, store.apply_records(&delta("mock", vec![record("mock", id(1), "other")])));
    let intent = |provider| {
        let found = ok(rule, store.records(provider, &[id(1)])).remove(0);
        found.and_then(|record| record.sir).map(|sir| sir.intent)
    };
    expect_eq(rule, intent("static").as_deref(), Some("one"));
    expect_eq(rule, intent("mock").as_deref(), Some("other"));
    expect_eq(rule, ok(rule, store.records_generation("static")), Some(7));
    expect_eq(rule, ok(rule, store.records_generation("mock")), None);
    expect_eq(rule, ok(rule, store.record_stamps("nobody")).len(), 0);
}

fn a_delta_replaces_and_removes(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "records: a delta replaces, removes, and leaves the others");
    let first = (1..=3).map(|number| record("mock", id(number), "old")).collect();
    let mut change = delta("mock", first);
    change.generation = Some(1);
    ok(rule, store.apply_records(&change));
    let mut change = delta("mock", vec![record("mock", id(2), "new")]);
    change.removed = vec![id(3), id(9)];
    ok(rule, store.apply_records(&change));
    let found = ok(rule, store.records("mock", &[id(1), id(2), id(3)]));
    let intents: Vec<_> = found
        .iter()
        .map(|it| it.as_ref().and_then(|it| it.sir.as_ref()).map(|it| it.intent.as_str()))
        .collect();
    expect_eq(rule, intents, vec![Some("old"), Some("new"), None]);
    expect_eq(
        "records: a delta that names no generation takes the one away",
        ok(rule, store.records_generation("mock")),
        None,
    );
}

fn a_record_of_another_provider_is_refused(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "records: one of another provider is refused, with all of its delta");
    let mixed = delta("mock", vec![record("mock", id(1), "one"), record("static", id(2), "two")]);
    let refused = store.apply_records(&mixed).err().map(|error| error.code().clone());
    expect_eq(rule, refused, Some(ErrorCode::INTERNAL));
    expect_eq(rule, ok(rule, store.record_stamps("mock")).len(), 0);
}

fn records_outlive_the_index(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "records: an index built anew leaves them");
    ok(rule, store.apply_records(&delta("mock", vec![record("mock", id(1), "one")])));
    ok(rule, store.apply(&full_delta([FileBuilder::new("src/lib.rs").build()]), None));
    expect_eq(rule, ok(rule, store.record_stamps("mock")).len(), 1);
    let digest = ok(rule, store.digest());
    ok(rule, store.apply_records(&delta("mock", vec![record("mock", id(2), "two")])));
    expect_eq("records: no part of the digest", ok(rule, store.digest()), digest);
}
