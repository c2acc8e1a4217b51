//! Others at the same store while somebody watches.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aether_bindings::engine::{Engine, EngineOptions, Ports};
use aether_core::code::{SearchMode, SearchQuery};
use aether_store::StoreOptions;

use super::support::{Watched, files, options};
use crate::support::{Repo, update};

fn engine(root: &Path, store: &Path, options: &StoreOptions) -> Engine {
    let ports = Ports::at_path(&store.join("aether.db"), options).unwrap();
    Engine::open(EngineOptions::new(root), ports).unwrap()
}

/// Readers of their own ask all the time while hundreds of files change again and again.
#[test]
fn readers_never_fail_while_the_watcher_writes() {
    const ROUNDS: usize = 5;
    let repo = Repo::new(&[("src/lib.rs", "pub fn anchor() {}\n")]);
    let store = tempfile::tempdir().unwrap();
    let watched =
        Watched::over(&repo, engine(repo.root(), store.path(), &StoreOptions::default()), &options());
    let (is_over, root) = (AtomicBool::new(false), repo.root());
    let asked = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let read_only = StoreOptions::default().with_read_only();
                    let mut asked = 0;
                    while !is_over.load(Ordering::Relaxed) {
                        // Opened anew, as by a program that asks once.
                        let reader = engine(root, store.path(), &read_only);
                        for _ in 0..10 {
                            let hits = reader
                                .search(&SearchQuery::parse("\"anchor\"", 5), SearchMode::Lexical)
                                .unwrap();
                            assert_eq!(hits.result.hits.len(), 1);
                            assert!(reader.status().unwrap().store.symbols > 0);
                            asked += 2;
                        }
                    }
                    asked
                })
            })
            .collect();
        for round in 0..ROUNDS {
            for number in 0..100 {
                repo.write(&format!("src/f{number}.rs"), &format!("pub fn r{round}() {{ anchor() }}\n"));
            }
            let mut missing = 100;
            while missing > 0 {
                missing -= files(&watched.next_batch()).len().min(missing);
            }
        }
        is_over.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum::<usize>()
    });
    assert!(asked >= 200, "asked {asked} times only");
    assert_eq!(watched.failures(), Vec::<String>::new());
    watched.ends_as_a_fresh_index();
}

/// A question takes changes in before the watcher does; the watcher tells of them all the same.
#[test]
fn what_another_program_took_in_first_is_told() {
    let repo = Repo::new(&[("src/lib.rs", "pub fn a() {}\n"), ("src/b.rs", "pub fn b() {}\n")]);
    let store = tempfile::tempdir().unwrap();
    let patient = options().with_debounce_ms(2000);
    let watched = Watched::over(&repo, engine(repo.root(), store.path(), &StoreOptions::default()), &patient);
    let other = engine(repo.root(), store.path(), &StoreOptions::default());
    for round in 0..3 {
        repo.write("src/lib.rs", &format!("pub fn a{round}() {{}}\n"));
        update(&other);
        repo.write("src/b.rs", &format!("pub fn b{round}() {{}}\n"));
        update(&other);
        let batch = watched.next_batch();
        let told: Vec<_> = batch
            .files
            .iter()
            .flat_map(|change| change.added.iter().map(|symbol| symbol.name.clone()))
            .collect();
        assert_eq!(told, [format!("b{round}"), format!("a{round}")]);
        assert_eq!(batch.summary.files_parsed, 0);
        assert!(batch.files.iter().all(|change| change.removed.len() == 1));
    }
    watched.ends_as_a_fresh_index();
}

/// An update that others are in the way of, again and again, fails; what it left out comes later.
#[test]
fn what_could_not_be_stored_is_taken_in_later() {
    let repo = Repo::new(&[("src/lib.rs", "pub fn a() {}\n")]);
    let store = tempfile::tempdir().unwrap();
    // Another program has the same store for another repository, so no file of this one changes.
    let elsewhere = Repo::new(&[("elsewhere.rs", "")]);
    let other = engine(elsewhere.root(), store.path(), &StoreOptions::default());
    let (is_blocked, count) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(0));
    let (blocked, path) = (Arc::clone(&is_blocked), elsewhere.path("elsewhere.rs"));
    // Runs when an update was computed and is about to be stored.
    let meanwhile = move || {
        if blocked.load(Ordering::Relaxed) {
            let count = count.fetch_add(1, Ordering::Relaxed);
            std::fs::write(&path, format!("pub fn other{count}() {{}}\n")).unwrap();
            update(&other);
        }
        None
    };
    let ports = Ports::at_path(&store.path().join("aether.db"), &StoreOptions::default()).unwrap();
    let options_of_engine = EngineOptions::new(repo.root());
    let watching = Engine::open(options_of_engine, ports.with_clock(meanwhile)).unwrap();
    let watched = Watched::over(&repo, watching, &options());
    is_blocked.store(true, Ordering::Relaxed);
    repo.write("src/lib.rs", "pub fn late() {}\n");
    while watched.failures().is_empty() {
        std::thread::yield_now();
    }
    is_blocked.store(false, Ordering::Relaxed);
    assert_eq!(watched.failures()[0], "store.conflict");
    // Nothing else changes: it is tried again, and tells what changed since the last batch.
    let batch = watched.next_batch();
    assert_eq!(files(&batch).iter().map(|file| file.as_str()).collect::<Vec<_>>(), ["src/lib.rs"]);
    watched.ends_as_a_fresh_index();
}
