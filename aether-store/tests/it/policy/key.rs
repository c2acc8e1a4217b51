//! The key file: readable by its owner alone, never taken when it is not, and never replaced.

use std::io;

use aether_core::base::Cancel;
use aether_core::conformance::skip;
use aether_core::port::AuditSink as _;
use aether_core::record::{AuditFlaw, AuditKey, AuditVerdict};
use aether_store::{AuditKeyErrorKind, AuditKeyFile, AuditKeyFiles, AuditTrust, PolicyStore, audit_key};

use super::{Place, at, at_once, entry, key, short};

fn file(place: &Place) -> AuditKeyFile {
    AuditKeyFile::new(place.folder().join("keys/audit.key"))
}

pub(super) fn files(place: &Place) -> AuditKeyFiles {
    AuditKeyFiles::new(file(place))
}

/// The key as a program gets it, from a source that gives this byte.
fn take(place: &Place, byte: u8) -> Result<AuditKey, (AuditKeyErrorKind, String)> {
    audit_key(None, &files(place), &place.path(), &short(), &mut || Ok([byte; 32]))
        .map_err(|error| (error.kind(), error.code().to_string()))
}

#[track_caller]
fn check_refused(place: &Place, kind: AuditKeyErrorKind, code: &str) {
    let before = std::fs::symlink_metadata(file(place).path()).expect("a file");
    assert_eq!(file(place).read().expect_err("refused").kind(), kind);
    assert_eq!(take(place, 9).expect_err("refused"), (kind, code.to_owned()));
    let after = std::fs::symlink_metadata(file(place).path()).expect("a file");
    assert_eq!(
        (before.len(), before.modified().ok()),
        (after.len(), after.modified().ok()),
        "it was replaced"
    );
}

#[test]
fn a_key_is_made_once_and_found_again() {
    let place = Place::new();
    let made = take(&place, 1).expect("a key");
    assert!(made.id().starts_with("file-") && made.id().len() == 21, "{}", made.id());
    assert_eq!(take(&place, 2).expect("the same").id(), made.id());
    assert_eq!(std::fs::read(file(&place).path()).expect("a file"), [1; 32]);
    assert_eq!(file(&place).create(&[2; 32]).expect_err("it is there").kind(), AuditKeyErrorKind::Exists);
    assert_eq!(std::fs::read(file(&place).path()).expect("a file"), [1; 32]);
    // Another secret has another name.
    let other = Place::new();
    assert_ne!(take(&other, 2).expect("a key").id(), made.id());
    let names = std::fs::read_dir(place.folder().join("keys")).expect("a folder").count();
    assert_eq!(names, 1, "nothing is left beside it");
}

#[test]
fn the_key_of_the_caller_comes_first() {
    let place = Place::new();
    let given =
        audit_key(Some(key("env", 3)), &files(&place), &place.path(), &short(), &mut || panic!("not asked"));
    assert_eq!(given.expect("a key").id(), "env");
    assert_eq!(file(&place).read().expect_err("none was made").kind(), AuditKeyErrorKind::Missing);
}

/// There, a key file of another length was replaced without a word.
#[test]
fn a_key_file_that_is_no_key_is_refused_and_stays() {
    let place = Place::new();
    take(&place, 1).expect("a key");
    for content in [&[1; 31][..], &[1; 33], &[], &[0; 32], &[b'a'; 64]] {
        // Not through another name: mode and owner stay.
        std::fs::write(file(&place).path(), content).expect("it is changed");
        check_refused(&place, AuditKeyErrorKind::BadKey, "audit.bad_key");
        assert_eq!(std::fs::read(file(&place).path()).expect("a file"), content);
    }
    let zeros = AuditKeyFile::new(place.folder().join("zeros")).create(&[0; 32]);
    assert_eq!(zeros.expect_err("no secret").kind(), AuditKeyErrorKind::BadKey);
    assert!(!place.folder().join("zeros").exists());
}

/// There, a policy file whose key was lost got a new one, under which nothing verified.
#[test]
fn a_key_that_is_lost_is_never_replaced() {
    let place = Place::new();
    let made = take(&place, 1).expect("a key");
    let store = PolicyStore::open(&place.path(), made.clone(), &short()).expect("a policy file");
    store.append(entry("a"), at(1)).expect("a row");
    drop(store);
    std::fs::remove_file(file(&place).path()).expect("it is lost");
    assert_eq!(take(&place, 2).expect_err("lost"), (AuditKeyErrorKind::Lost, "audit.no_key".to_owned()));
    assert!(!file(&place).path().exists());
    // Put back, it is the same again.
    file(&place).create(&[1; 32]).expect("it is back");
    let again = take(&place, 2).expect("a key");
    assert_eq!(again.id(), made.id());
    let verdict = PolicyStore::open(&place.path(), again.clone(), &short())
        .expect("a policy file")
        .log()
        .verify(&AuditTrust::new(vec![again]), &Cancel::new());
    assert_eq!(verdict.expect("a verdict"), AuditVerdict::Valid { rows: 1 });
    // Somebody else's in its place is named.
    std::fs::remove_file(file(&place).path()).expect("it goes");
    let other = file(&place).create(&[2; 32]).expect("another");
    let log = place.log();
    match log.verify(&AuditTrust::new(vec![other]), &Cancel::new()).expect("a verdict") {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (1, AuditFlaw::UnknownKey)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_policy_file_that_cannot_be_read_gets_no_key() {
    let place = Place::new();
    std::fs::write(place.path(), "no database, and longer than the hundred bytes of a header".repeat(9))
        .expect("a file");
    assert_eq!(take(&place, 1).expect_err("unknown"), (AuditKeyErrorKind::Log, "store.corrupt".to_owned()));
    assert!(!file(&place).path().exists());
}

#[test]
fn without_randomness_there_is_no_key() {
    let place = Place::new();
    let none =
        audit_key(None, &files(&place), &place.path(), &short(), &mut || Err(io::Error::other("no device")));
    assert_eq!(none.expect_err("none").kind(), AuditKeyErrorKind::NoRandomness);
    assert!(!file(&place).path().exists());
}

#[test]
fn programs_that_begin_at_the_same_time_have_one_key() {
    let place = Place::new();
    let ids = std::sync::Mutex::new(Vec::new());
    at_once(8, &|number| {
        let made = take(&place, number as u8 + 1).expect("a key");
        let store = PolicyStore::open(&place.path(), made.clone(), &super::PolicyStoreOptions::default());
        store.expect("a policy file").append(entry("a"), at(1)).expect("a row");
        ids.lock().expect("ids").push(made.id().to_owned());
    });
    let mut ids = ids.into_inner().expect("ids");
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let verdict =
        place.log().verify(&AuditTrust::new(vec![file(&place).read().expect("a key")]), &Cancel::new());
    assert_eq!(verdict.expect("a verdict"), AuditVerdict::Valid { rows: 8 });
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode_of(path: &std::path::Path) -> u32 {
        std::fs::metadata(path).expect("a file").permissions().mode() & 0o7777
    }

    /// There, everybody could read the key.
    #[test]
    fn key_and_policy_file_are_for_their_owner_alone() {
        let place = Place::new();
        let made = take(&place, 1).expect("a key");
        let store = PolicyStore::open(&place.path(), made, &short()).expect("a policy file");
        store.append(entry("a"), at(1)).expect("a row");
        assert_eq!(mode_of(file(&place).path()), 0o600);
        for name in ["authority.db", "authority.db-wal", "authority.db-shm"] {
            assert_eq!(mode_of(&place.folder().join(name)), 0o600, "{name}");
        }
    }

    #[test]
    fn a_key_that_others_may_use_is_refused() {
        let place = Place::new();
        take(&place, 1).expect("a key");
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o777] {
            std::fs::set_permissions(file(&place).path(), std::fs::Permissions::from_mode(mode))
                .expect("a mode");
            check_refused(&place, AuditKeyErrorKind::OpenToOthers, "audit.unsafe_key");
        }
        std::fs::set_permissions(file(&place).path(), std::fs::Permissions::from_mode(0o400))
            .expect("a mode");
        file(&place).read().expect("its owner alone reads it");
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let place = Place::new();
        let elsewhere = AuditKeyFile::new(place.folder().join("elsewhere.key"));
        elsewhere.create(&[1; 32]).expect("a key");
        std::fs::create_dir(place.folder().join("keys")).expect("a folder");
        symlink(elsewhere.path(), file(&place).path()).expect("a link");
        check_refused(&place, AuditKeyErrorKind::NotAFile, "audit.unsafe_key");
        std::fs::remove_file(file(&place).path()).expect("it goes");
        // A link to nowhere is not a place for a new key either.
        symlink(place.folder().join("nowhere"), file(&place).path()).expect("a link");
        check_refused(&place, AuditKeyErrorKind::NotAFile, "audit.unsafe_key");
        assert_eq!(file(&place).create(&[1; 32]).expect_err("taken").kind(), AuditKeyErrorKind::Exists);
        assert!(!place.folder().join("nowhere").exists());
        std::fs::remove_file(file(&place).path()).expect("it goes");
        std::fs::create_dir(file(&place).path()).expect("a folder");
        check_refused(&place, AuditKeyErrorKind::NotAFile, "audit.unsafe_key");
        std::fs::remove_dir(file(&place).path()).expect("it goes");
        // A pipe that nobody writes to would make a reader wait.
        let made = std::process::Command::new("mkfifo").arg(file(&place).path()).status();
        assert!(made.expect("mkfifo").success());
        check_refused(&place, AuditKeyErrorKind::NotAFile, "audit.unsafe_key");
    }

    /// Only whoever may give files away can make one that belongs to somebody else.
    #[test]
    fn a_key_of_somebody_else_is_refused() {
        let place = Place::new();
        take(&place, 1).expect("a key");
        if std::os::unix::fs::chown(file(&place).path(), Some(12_345), None).is_err() {
            skip("a_key_of_somebody_else_is_refused", "this user cannot give files away");
            return;
        }
        check_refused(&place, AuditKeyErrorKind::NotOwned, "audit.unsafe_key");
    }
}
