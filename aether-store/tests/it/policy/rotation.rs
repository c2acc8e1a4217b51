//! Changing the key: whatever happens in between, the log has a key, and verifies.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use aether_core::base::Cancel;
use aether_core::port::AuditSink as _;
use aether_core::record::{AuditActor, AuditFlaw, AuditKey, AuditVerdict};
use aether_store::{
    AuditKeyErrorKind, AuditKeyFile, AuditKeyFiles, AuditTrust, PolicyStore, PolicyStoreOptions, audit_key,
};

use super::key::files;
use super::{Place, at, entry, key, short};

const FOLDER: &str = "AETHER_ROTATION_TEST_FOLDER";
/// Kills of one run of the tests; `AETHER_POLICY_KILLS` asks for more.
const KILLS: usize = 25;

/// The key as a program gets it.
#[track_caller]
fn take(place: &Place) -> AuditKey {
    audit_key(None, &files(place), &place.path(), &short(), &mut || Ok([1; 32])).expect("a key")
}

fn open(place: &Place) -> PolicyStore {
    PolicyStore::open(&place.path(), take(place), &short()).expect("a policy file")
}

fn verdict(place: &Place) -> AuditVerdict {
    let trust = AuditTrust::new(files(place).all().expect("keys"));
    place.log().verify(&trust, &Cancel::new()).expect("a verdict")
}

fn rotate(place: &Place, byte: u8) -> AuditKey {
    let rotated = files(place).rotate(&open(place), &[byte; 32], AuditActor::User, at(2));
    rotated.expect("another key").0
}

#[test]
fn the_next_key_is_found_and_the_one_before_stays() {
    let place = Place::new();
    let first = take(&place);
    open(&place).append(entry("a"), at(1)).expect("a row");
    let ids: Vec<String> = (2..5)
        .map(|byte| {
            let next = rotate(&place, byte);
            assert_eq!(take(&place).id(), next.id());
            open(&place).append(entry("b"), at(3)).expect("a row under it");
            next.id().to_owned()
        })
        .collect();
    assert_eq!(verdict(&place), AuditVerdict::Valid { rows: 7 });
    let known: Vec<String> =
        files(&place).all().expect("keys").iter().map(|key| key.id().to_owned()).collect();
    assert_eq!(known.len(), 4);
    assert_eq!(known[0], first.id());
    assert!(ids.iter().all(|id| known.contains(id)), "{ids:?} {known:?}");
    assert_eq!(std::fs::read(files(&place).first().path()).expect("the first"), [1; 32]);
}

/// Killed between the file and the row: the key from before is the one, and the file is no harm.
#[test]
fn a_file_without_a_row_is_no_key_of_the_log() {
    let place = Place::new();
    let first = take(&place);
    open(&place).append(entry("a"), at(1)).expect("a row");
    let other = AuditKeyFiles::new(AuditKeyFile::new(place.folder().join("other/audit.key")));
    // As `rotate` makes it, and no row follows.
    let made = other.first().create(&[2; 32]).expect("a key");
    let stray = files(&place).folder().join(format!("{}.key", made.id()));
    AuditKeyFile::new(&stray).create(&[2; 32]).expect("a file");
    assert_eq!(take(&place).id(), first.id());
    open(&place).append(entry("b"), at(2)).expect("the log goes on");
    assert_eq!(verdict(&place), AuditVerdict::Valid { rows: 2 });
    // The same secret is not taken twice, another one is.
    let again = files(&place).rotate(&open(&place), &[2; 32], AuditActor::User, at(3));
    assert_eq!(again.expect_err("it is there").kind(), AuditKeyErrorKind::Exists);
    rotate(&place, 3);
    open(&place).append(entry("c"), at(4)).expect("a row");
    assert_eq!(verdict(&place), AuditVerdict::Valid { rows: 4 });
}

#[test]
fn a_key_that_was_one_already_is_not_taken_again() {
    let place = Place::new();
    take(&place);
    let store = open(&place);
    let again = files(&place).rotate(&store, &[1; 32], AuditActor::User, at(1)).expect_err("the first");
    assert_eq!(again.kind(), AuditKeyErrorKind::Exists);
    let zeros = files(&place).rotate(&store, &[0; 32], AuditActor::User, at(1)).expect_err("zeros");
    assert_eq!(zeros.kind(), AuditKeyErrorKind::BadKey);
    assert!(!files(&place).folder().exists());
    assert_eq!(verdict(&place), AuditVerdict::Valid { rows: 0 });
}

#[test]
fn a_log_that_is_not_in_order_keeps_its_key() {
    let place = Place::new();
    take(&place);
    let store = open(&place);
    store.append(entry("a"), at(1)).expect("a row");
    let raw = rusqlite::Connection::open(place.path()).expect("a database");
    raw.execute_batch("CREATE TABLE theirs (x)").expect("another table");
    let refused = files(&place).rotate(&store, &[2; 32], AuditActor::User, at(2)).expect_err("no row");
    assert_eq!(refused.kind(), AuditKeyErrorKind::Log);
    assert!(take(&place).id().starts_with("file-"));
    assert_eq!(take(&place).id(), files(&place).first().read().expect("the first").id());
}

#[test]
fn rows_of_a_key_that_is_lost_are_named() {
    let place = Place::new();
    take(&place);
    open(&place).append(entry("a"), at(1)).expect("a row");
    let next = rotate(&place, 2);
    open(&place).append(entry("b"), at(3)).expect("a row");
    // Without the first, the log goes on under the next one, and says which rows nobody can check.
    let kept = place.folder().join("kept");
    std::fs::rename(files(&place).first().path(), &kept).expect("it is lost");
    assert_eq!(take(&place).id(), next.id());
    open(&place).append(entry("c"), at(4)).expect("a row");
    match verdict(&place) {
        AuditVerdict::Invalid(finding) => assert_eq!((finding.row, finding.flaw), (1, AuditFlaw::UnknownKey)),
        other => panic!("{other:?}"),
    }
    std::fs::rename(&kept, files(&place).first().path()).expect("it is back");
    assert_eq!(verdict(&place), AuditVerdict::Valid { rows: 4 });
    // Without the next one, the first is no key of this log any more: no row is taken, and none is lost.
    let file = files(&place).folder().join(format!("{}.key", next.id()));
    std::fs::remove_file(file).expect("it is lost");
    let refused = open(&place).append(entry("d"), at(5)).expect_err("another key");
    assert_eq!(refused.code().as_str(), "policy.audit_failed");
}

#[test]
fn a_file_that_is_called_by_another_key_is_refused() {
    let place = Place::new();
    take(&place);
    open(&place).append(entry("a"), at(1)).expect("a row");
    let next = rotate(&place, 2);
    let file = files(&place).folder().join(format!("{}.key", next.id()));
    std::fs::write(&file, [3; 32]).expect("it is changed");
    let refused = audit_key(None, &files(&place), &place.path(), &short(), &mut || panic!("not asked"));
    assert_eq!(refused.expect_err("refused").kind(), AuditKeyErrorKind::BadKey);
    assert_eq!(files(&place).all().expect_err("refused").kind(), AuditKeyErrorKind::BadKey);
}

#[test]
fn a_key_of_the_caller_can_be_left_for_a_file() {
    let place = Place::new();
    let given = key("environment", 9);
    let store = PolicyStore::open(&place.path(), given.clone(), &short()).expect("a policy file");
    store.append(entry("a"), at(1)).expect("a row");
    let (next, _) = files(&place).rotate(&store, &[2; 32], AuditActor::User, at(2)).expect("another key");
    store.append(entry("b"), at(3)).expect("a row");
    drop(store);
    assert_eq!(take(&place).id(), next.id());
    assert!(!files(&place).first().path().exists(), "no other was made");
    let mut keys = files(&place).all().expect("keys");
    keys.push(given);
    let verdict = place.log().verify(&AuditTrust::new(keys), &Cancel::new()).expect("a verdict");
    assert_eq!(verdict, AuditVerdict::Valid { rows: 3 });
}

/// Not a test by itself: the program that is killed. It changes the key again and again.
#[test]
fn program_that_rotates() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = std::path::Path::new(&folder);
    let files = AuditKeyFiles::new(AuditKeyFile::new(folder.join("keys/audit.key")));
    let path = folder.join("authority.db");
    let options = PolicyStoreOptions::default().with_busy_timeout_ms(60_000);
    let key = audit_key(None, &files, &path, &options, &mut || Ok([1; 32])).expect("a key");
    let store = PolicyStore::open(&path, key, &options).expect("it opens");
    println!("\nopen.");
    for round in 0_u64.. {
        let mut secret = [7; 32];
        secret[..8].copy_from_slice(&round.to_le_bytes());
        secret[8..12].copy_from_slice(&std::process::id().to_le_bytes());
        let rotated = files.rotate(&store, &secret, AuditActor::User, at(1));
        println!("\nkey {}.", rotated.expect("another key").0.id());
        println!("\nrow {}.", store.append(entry("a"), at(1)).expect("a row").seq);
    }
}

#[test]
fn a_program_that_is_killed_while_it_changes_the_key_leaves_a_log_with_a_key() {
    let kills = std::env::var("AETHER_POLICY_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let place = Place::new();
    let mut told = 0;
    for round in 0..kills {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "policy::rotation::program_that_rotates", "--nocapture", "--test-threads=1"])
            .env(FOLDER, place.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let is_told = |line: &String| ["open", "key ", "row "].iter().any(|kind| line.starts_with(kind));
        // At another place each time.
        told += lines.map_while(Result::ok).filter(is_told).take(1 + round % 6).count();
        child.kill().expect("a process of ours");
        child.wait().expect("it ended");
        let store = open(&place);
        store.check().unwrap_or_else(|error| panic!("round {round}: {error}"));
        store.append(entry("afterwards"), at(2)).expect("a row");
        let is_valid = matches!(verdict(&place), AuditVerdict::Valid { .. });
        assert!(is_valid, "round {round}: {:?}", verdict(&place));
    }
    println!("{kills} kills, {told} acknowledged, {} keys", files(&place).all().expect("keys").len());
    assert!(told > kills, "{told}");
}
