//! Several engines on one repository and one store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aether_bindings::engine::{Engine, EngineOptions, NoProgress, Ports};
use aether_core::base::{Cancel, ErrorCode};
use aether_store::StoreOptions;

use crate::support::{Repo, edges, fresh_digest, update};

const LIB: &str = "pub mod a;\npub mod b;\n";
const OLD: &str = "pub fn old() {}\n";
const B: &str = "pub fn user() { crate::a::fresh(); }\n";

fn repo() -> (Repo, tempfile::TempDir) {
    let manifest = "[package]\nname = \"demo\"\nedition = \"2021\"\n";
    let files = [
        ("Cargo.toml", manifest),
        ("src/lib.rs", LIB),
        ("src/a.rs", OLD),
        ("src/b.rs", "pub fn user() {}\n"),
    ];
    (Repo::new(&files), tempfile::tempdir().unwrap())
}

/// An engine on the store in `folder`; `meanwhile` runs when an update was computed and is about to be
/// stored.
fn engine(repo: &Repo, folder: &tempfile::TempDir, meanwhile: impl Fn() + Send + Sync + 'static) -> Engine {
    let ports = Ports::at_path(&folder.path().join("aether.db"), &StoreOptions::default()).unwrap();
    let clock = move || {
        meanwhile();
        None
    };
    Engine::open(EngineOptions::new(repo.root()), ports.with_clock(clock)).unwrap()
}

fn plain(repo: &Repo, folder: &tempfile::TempDir) -> Engine {
    engine(repo, folder, || {})
}

#[test]
fn an_update_computed_from_an_old_index_loses_no_edge() {
    let (repo, folder) = repo();
    update(&plain(&repo, &folder));
    // The first engine sees the call, but not yet what it calls; the second sees both.
    let other = plain(&repo, &folder);
    let path = repo.path("src/a.rs");
    let times = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&times);
    let slow = engine(&repo, &folder, move || {
        if counted.fetch_add(1, Ordering::Relaxed) == 0 {
            std::fs::write(&path, "pub fn fresh() {}\n").unwrap();
            update(&other);
        }
    });
    repo.write("src/b.rs", B);
    update(&slow);
    assert_eq!(edges(&slow, "calls"), ["demo::b::user -> demo::a::fresh"]);
    // What the next program finds, which takes unchanged files for known.
    let next = plain(&repo, &folder);
    update(&next);
    assert_eq!(edges(&next, "calls"), ["demo::b::user -> demo::a::fresh"]);
    assert_eq!(next.digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn an_engine_notices_what_others_wrote_between_its_updates() {
    let (repo, folder) = repo();
    let (one, other) = (plain(&repo, &folder), plain(&repo, &folder));
    for engine in [&one, &other] {
        update(engine);
    }
    // To the first engine it looks as if nothing but the time of the file had changed.
    repo.write("src/a.rs", "pub fn fresh() {}\n");
    update(&other);
    repo.write("src/a.rs", OLD);
    update(&one);
    assert_eq!(one.digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn two_first_indexes_at_once_end_in_one() {
    let (repo, folder) = repo();
    let other = plain(&repo, &folder);
    let slow = engine(&repo, &folder, move || update(&other));
    update(&slow);
    assert_eq!(slow.digest().unwrap(), fresh_digest(&repo));
}

#[test]
fn an_index_that_never_rests_is_a_conflict() {
    let (repo, folder) = repo();
    update(&plain(&repo, &folder));
    let (path, other) = (repo.path("src/a.rs"), plain(&repo, &folder));
    let count = AtomicUsize::new(0);
    let slow = engine(&repo, &folder, move || {
        let count = count.fetch_add(1, Ordering::Relaxed);
        std::fs::write(&path, format!("pub fn f{count}() {{}}\n")).unwrap();
        update(&other);
        // Something is left to do for whoever tries again.
        std::fs::write(&path, format!("pub fn again{count}() {{}}\n")).unwrap();
    });
    repo.write("src/b.rs", B);
    let error = slow.index(&Cancel::new(), &NoProgress).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::STORE_CONFLICT);
    let next = plain(&repo, &folder);
    update(&next);
    assert_eq!(next.digest().unwrap(), fresh_digest(&repo));
}
