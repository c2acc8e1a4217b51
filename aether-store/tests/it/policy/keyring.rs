//! Keys in the keyring of the system, here in one in memory, and in the real one where there is one.

use aether_core::base::Cancel;
use aether_core::conformance::skip;
use aether_core::port::AuditSink as _;
use aether_core::record::{AuditActor, AuditFlaw, AuditKey, AuditVerdict};
use aether_store::{
    AuditKeyError, AuditKeyErrorKind, AuditKeyFiles, AuditKeyring, AuditTrust, PolicyStore, audit_key,
};

use super::key::files;
use super::{Place, at, entry, key, short};

fn take(place: &Place, files: &AuditKeyFiles) -> Result<AuditKey, AuditKeyError> {
    audit_key(None, files, &place.path(), &short(), &mut || Ok([1; 32]))
}

fn open(place: &Place, files: &AuditKeyFiles) -> PolicyStore {
    let key = take(place, files).expect("a key");
    PolicyStore::open(&place.path(), key, &short()).expect("a policy file")
}

fn verdict(place: &Place, files: &AuditKeyFiles) -> AuditVerdict {
    let keys = files.of(&place.log()).expect("keys");
    place.log().verify(&AuditTrust::new(keys), &Cancel::new()).expect("a verdict")
}

fn memory() -> AuditKeyring {
    AuditKeyring::in_memory().expect("a keyring")
}

#[test]
fn a_key_moves_into_the_keyring_and_is_found_there() {
    let place = Place::new();
    let keyring = memory();
    let files = files(&place).with_keyring(keyring.clone());
    let first = take(&place, &files).expect("a key");
    assert!(first.id().starts_with("file-"), "a new log has its key in a file");
    let store = open(&place, &files);
    store.append(entry("a"), at(1)).expect("a row");
    let (next, _) =
        files.rotate_into_keyring(&store, &[2; 32], AuditActor::User, at(2)).expect("another key");
    assert!(next.id().starts_with("keyring-"), "{}", next.id());
    drop(store);
    assert_eq!(take(&place, &files).expect("a key").id(), next.id());
    open(&place, &files).append(entry("b"), at(3)).expect("a row under it");
    assert_eq!(verdict(&place, &files), AuditVerdict::Valid { rows: 3 });
    assert!(!files.folder().exists(), "no file has it");

    // Environment, then file, then keyring.
    let given = audit_key(Some(key("env", 3)), &files, &place.path(), &short(), &mut || panic!("not asked"));
    assert_eq!(given.expect("a key").id(), "env");
    // And back into a file.
    let (last, _) =
        files.rotate(&open(&place, &files), &[4; 32], AuditActor::User, at(4)).expect("another key");
    assert_eq!(take(&place, &files).expect("a key").id(), last.id());
    open(&place, &files).append(entry("c"), at(5)).expect("a row");
    assert_eq!(verdict(&place, &files), AuditVerdict::Valid { rows: 5 });
}

#[test]
fn without_the_keyring_the_log_takes_no_rows_and_names_what_is_missing() {
    let place = Place::new();
    let files = files(&place).with_keyring(memory());
    open(&place, &files).append(entry("a"), at(1)).expect("a row");
    let store = open(&place, &files);
    files.rotate_into_keyring(&store, &[2; 32], AuditActor::User, at(2)).expect("another key");
    store.append(entry("b"), at(3)).expect("a row");
    drop(store);
    // Another session, whose keyring has nothing.
    let other = super::key::files(&place).with_keyring(memory());
    let refused = open(&place, &other).append(entry("c"), at(4)).expect_err("another key");
    assert_eq!(refused.code().as_str(), "policy.audit_failed");
    match verdict(&place, &other) {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (3, AuditFlaw::UnknownKey)),
        other => panic!("{other:?}"),
    }
    assert_eq!(verdict(&place, &files), AuditVerdict::Valid { rows: 3 });
}

/// Everything that a keyring has to do, asked of one.
fn check_keyring(keyring: &AuditKeyring, secret: [u8; 32]) -> AuditKey {
    let made = keyring.create(&secret).expect("a key");
    assert_eq!(keyring.find(made.id()).expect("an answer").expect("a key").id(), made.id());
    let again = keyring.create(&secret).expect_err("it stays");
    assert_eq!(again.kind(), AuditKeyErrorKind::Exists);
    assert_eq!(keyring.create(&[0; 32]).expect_err("zeros").kind(), AuditKeyErrorKind::BadKey);
    for id in ["keyring-0000000000000000", "file-0000000000000000", "environment", ""] {
        assert!(keyring.find(id).expect("an answer").is_none(), "{id}");
    }
    made
}

#[test]
fn a_keyring_keeps_a_key_and_never_replaces_it() {
    check_keyring(&memory(), [7; 32]);
    assert_ne!(check_keyring(&memory(), [8; 32]).id(), check_keyring(&memory(), [9; 32]).id());
}

/// The real one is asked only by whoever wants that: what is put there stays.
#[test]
fn the_keyring_of_this_system_does_the_same() {
    let test = "the_keyring_of_this_system_does_the_same";
    if std::env::var_os("AETHER_TEST_KEYRING").is_none() {
        skip(test, "AETHER_TEST_KEYRING is not set");
        return;
    }
    let keyring = AuditKeyring::of_system();
    if let Err(error) = keyring.find("keyring-0000000000000000") {
        assert_eq!((error.kind(), error.code().as_str()), (AuditKeyErrorKind::Io, "store.io"));
        skip(test, format!("this session has no keyring ({error})"));
        return;
    }
    let mut secret = [0; 32];
    secret[..16].copy_from_slice(&std::process::id().to_le_bytes().repeat(4));
    check_keyring(&keyring, secret);
}
