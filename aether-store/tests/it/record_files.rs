//! Copies of semantic records in files.

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::code::{Confidence, Sir, StoredRecord, SymbolId};
use aether_core::port::{RecordDelta, RecordMirror as _};
use aether_store::RecordFiles;

fn id(number: u8) -> SymbolId {
    SymbolId::from_bytes([number; 16])
}

fn record(provider: &str, symbol: u8, intent: &str) -> StoredRecord {
    let sir = Sir::new(intent, Confidence::from_thousandths(900));
    StoredRecord::fresh(id(symbol), provider, "1", sir, Sha256Hash::of(b"source"), None).expect("a record")
}

fn delta(provider: &str, put: &[StoredRecord], removed: &[u8]) -> RecordDelta {
    let mut delta = RecordDelta::new(provider);
    delta.put = put.to_vec();
    delta.removed = removed.iter().map(|symbol| id(*symbol)).collect();
    delta
}

#[test]
fn a_file_holds_the_records_of_a_symbol_by_provider_until_the_last_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = RecordFiles::new(folder.path().join("sir"));
    assert_eq!(files.symbols().expect("an answer"), []);
    files.mirror(&delta("a", &[], &[1])).expect("nothing to do");
    assert!(!folder.path().join("sir").exists(), "nothing is written for nothing");
    let (mine, other) = (record("a", 1, "mine"), record("b", 1, "other"));
    files.mirror(&delta("a", &[mine.clone(), record("a", 2, "two")], &[])).expect("a copy");
    files.mirror(&delta("b", std::slice::from_ref(&other), &[])).expect("a copy");
    assert_eq!(files.symbols().expect("an answer"), [id(1), id(2)]);
    let of = |provider| files.mirrored(provider, &[id(3), id(1)]).expect("an answer");
    assert_eq!((of("a"), of("b")), (vec![None, Some(mine)], vec![None, Some(other.clone())]));
    files.mirror(&delta("a", &[], &[1, 2, 3])).expect("a removal");
    assert_eq!((of("a"), of("b")), (vec![None, None], vec![None, Some(other)]));
    assert_eq!(files.symbols().expect("an answer"), [id(1)]);
    files.mirror(&delta("b", &[], &[1])).expect("a removal");
    assert_eq!(files.symbols().expect("an answer"), []);
}

#[test]
fn what_is_damaged_counts_for_nothing_and_what_is_newer_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = RecordFiles::new(folder.path());
    let (path, good) = (files.path(id(1)), record("a", 1, "mine"));
    files.mirror(&delta("a", std::slice::from_ref(&good), &[])).expect("a copy");
    let text = std::fs::read_to_string(&path).expect("a file");
    let found = || files.mirrored("a", &[id(1)]).expect("an answer").remove(0);
    for (from, to) in [("mine", "yours"), ("\"a\": {", "\"b\": {"), ("01010101", "02020202"), ("{", "[")] {
        assert!(text.contains(from));
        std::fs::write(&path, text.replace(from, to)).expect("a file");
        assert_eq!(found(), None, "{from}");
    }
    // The next copy mends it.
    files.mirror(&delta("a", std::slice::from_ref(&good), &[])).expect("a copy");
    assert_eq!(found(), Some(good.clone()));
    let newer = "{\"schema_version\":2,\"records\":\"elsewhere\"}";
    std::fs::write(&path, newer).expect("a file");
    files.mirror(&delta("a", std::slice::from_ref(&good), &[1])).expect("nothing to do");
    assert_eq!((found(), std::fs::read_to_string(&path).expect("a file").as_str()), (None, newer));
    // A name that is no id is nobody's.
    std::fs::write(folder.path().join("notes.json"), "{}").expect("a file");
    assert_eq!(files.symbols().expect("an answer"), [id(1)]);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let error =
        RecordFiles::new(&file).mirror(&delta("a", &[record("a", 1, "mine")], &[])).expect_err("no folder");
    assert_eq!(*error.code(), ErrorCode::STORE_IO);
    assert!(error.to_string().contains("file"), "{error}");
}
