//! History where no version control keeps it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aether_bindings::engine::{
    Engine, EngineOptions, HistoryAnswer, Ports, SeenSummary, StoreOptions, WhyAnswer,
};
use aether_core::base::{Cancel, ErrorCode, Timestamp};
use aether_index::EffectTable;

use crate::support::{Repo, update};

const MANIFEST: (&str, &str) = ("Cargo.toml", "[package]\nname = \"demo\"\nedition = \"2024\"\n");
const DAY: i64 = 24 * 3600 * 1000;

fn open(repo: &Repo, table: EffectTable, day: i64) -> Engine {
    let now = Arc::new(AtomicI64::new(day * DAY));
    let ports = Ports::at_path(&repo.path("aether.db"), &StoreOptions::default())
        .unwrap()
        .with_clock(move || Some(Timestamp::from_unix_ms(now.fetch_add(1, Ordering::Relaxed))));
    let engine = Engine::open(EngineOptions::new(repo.root()).with_effects(table), ports).unwrap();
    update(&engine);
    engine
}

/// Writes a file and looks at it on a day, with an engine of its own.
fn look(repo: &Repo, day: i64, file: &str, text: &str) -> SeenSummary {
    repo.write(file, text);
    open(repo, EffectTable::standard(), day).record_state().unwrap()
}

fn history(engine: &Engine, name: &str) -> HistoryAnswer {
    let id = engine.select(name).unwrap().id;
    engine.history(id, &Cancel::new()).unwrap().result
}

fn told(answer: &HistoryAnswer) -> Vec<(Option<i64>, &str)> {
    let day = |at: Timestamp| at.unix_ms() / DAY;
    answer.versions.iter().map(|it| (it.seen_at.map(day), it.summary.as_str())).collect()
}

fn why(engine: &Engine, name: &str, from: &str, to: &str) -> Result<WhyAnswer, ErrorCode> {
    let id = engine.select(name).unwrap().id;
    match engine.why(id, Some(from), Some(to), &Cancel::new()) {
        Ok(answer) => Ok(answer.result),
        Err(error) => Err(error.code().clone()),
    }
}

const FIRST: &str = "/// Loads.\npub fn load() {}\n/// Other.\npub fn other() {}\n";

#[test]
fn what_changes_between_two_looks_is_a_version_of_its_time() {
    let repo = Repo::new(&[MANIFEST]);
    assert_eq!(look(&repo, 1, "src/lib.rs", FIRST), summary(true, 2));
    assert_eq!(look(&repo, 2, "src/lib.rs", FIRST), summary(false, 0));
    // Text changed, meaning did not.
    assert_eq!(look(&repo, 3, "src/lib.rs", &format!("// Moved.\n\n{FIRST}")), summary(false, 0));
    let reads = FIRST.replace("load() {}", "load() { let _ = std::fs::read(\"x\"); }");
    assert_eq!(look(&repo, 4, "src/lib.rs", &reads), summary(true, 1));
    let renamed = reads.replace("fn load", "fn load_text");
    assert_eq!(look(&repo, 5, "src/lib.rs", &renamed), summary(true, 2));

    let engine = open(&repo, EffectTable::standard(), 6);
    let answer = history(&engine, "load_text");
    assert_eq!((answer.commits, answer.commits_known, answer.states_seen), (0, 0, 3));
    let does = "does now: files_read: std::fs::read";
    let expected = [(Some(1), "first version that is known"), (Some(4), does), (Some(5), "was demo::load")];
    assert_eq!(told(&answer), expected);
    assert_eq!(told(&history(&engine, "other")), [(Some(1), "first version that is known")]);

    // What nobody recorded yet is told all the same.
    repo.write("src/lib.rs", &renamed.replace("read(\"x\")", "write(\"x\", \"\")"));
    update(&engine);
    let answer = history(&engine, "load_text");
    assert_eq!((answer.versions.len(), answer.versions[3].seen_at), (4, None));

    let told = why(&engine, "load_text", "1970-01-03", "1970-01-05").unwrap();
    assert_eq!((told.reason, told.summary.as_str()), (None, does));
    assert_eq!((told.from.unwrap().version, told.to.unwrap().version), (1, 2));
    assert_eq!(why(&engine, "load_text", "HEAD", "2"), Err(ErrorCode::GIT_NOT_A_REPOSITORY));
    let told = why(&engine, "load_text", "1969-12-31", "2").unwrap();
    assert_eq!(told.reason, Some("selector_not_found"));
}

fn summary(is_new: bool, versions: u64) -> SeenSummary {
    let mut summary = SeenSummary::default();
    (summary.is_new, summary.versions) = (is_new, versions);
    summary
}

#[test]
fn other_rules_lose_nothing_and_are_told() {
    let repo = Repo::new(&[MANIFEST]);
    let calls = "pub fn load() { let _ = std::fs::read_to_string(\"x\"); }\npub fn other() {}\n";
    look(&repo, 1, "src/lib.rs", calls);
    let mut table = EffectTable::standard();
    table.add("[network]\npaths = [\"std::fs::read_to_string\"]\n").unwrap();
    let engine = open(&repo, table.clone(), 2);
    let before =
        told(&history(&engine, "load")).iter().map(|(day, it)| (*day, (*it).to_owned())).collect::<Vec<_>>();
    let expected = "does now: network: std::fs::read_to_string; does no more: files_read: std::fs::read_to_string; derived by other rules";
    assert_eq!(before[1], (None, expected.to_owned()));
    assert_eq!(engine.record_state().unwrap(), summary(true, 1));
    let answer = history(&engine, "load");
    assert_eq!(told(&answer), [(Some(1), "first version that is known"), (Some(2), expected)]);
    assert!(answer.versions[1].other_rules && !answer.versions[0].other_rules);
    // What changes under the new rules alone is a change of the code.
    repo.write("src/lib.rs", "pub fn load() {}\npub fn other() {}\n");
    let engine = open(&repo, table, 3);
    engine.record_state().unwrap();
    let answer = history(&engine, "load");
    assert_eq!((answer.versions.len(), answer.versions[2].other_rules), (3, false));
}

#[test]
fn a_symbol_that_goes_and_comes_back_says_so() {
    let repo = Repo::new(&[MANIFEST]);
    look(&repo, 1, "src/lib.rs", FIRST);
    let without = "/// Loads.\npub fn load() {}\n";
    assert_eq!(look(&repo, 2, "src/lib.rs", without), summary(true, 1));
    assert_eq!(look(&repo, 3, "src/lib.rs", without), summary(false, 0));
    assert_eq!(look(&repo, 4, "src/lib.rs", FIRST), summary(true, 1));
    let engine = open(&repo, EffectTable::standard(), 5);
    let answer = history(&engine, "other");
    assert_eq!(
        told(&answer),
        [(Some(1), "first version that is known"), (Some(2), "gone"), (Some(4), "back again")]
    );
}

#[test]
fn two_who_record_at_once_lose_nothing() {
    let repo = Repo::new(&[MANIFEST]);
    look(&repo, 1, "src/lib.rs", FIRST);
    // Both look at the first state, then one records another, and then the other one does.
    let (early, late) = (open(&repo, EffectTable::standard(), 2), open(&repo, EffectTable::standard(), 3));
    repo.write("src/lib.rs", &FIRST.replace("load() {}", "load() { panic!() }"));
    update(&early);
    let threads: Vec<_> = [early, late]
        .into_iter()
        .map(|engine| {
            std::thread::spawn(move || {
                update(&engine);
                engine.record_state().unwrap()
            })
        })
        .collect();
    let recorded: u64 = threads.into_iter().map(|thread| thread.join().unwrap().versions).sum();
    assert_eq!(recorded, 1);
    let engine = open(&repo, EffectTable::standard(), 4);
    assert_eq!((history(&engine, "load").versions.len(), history(&engine, "load").states_seen), (2, 2));
}

/// What was recorded is told before the first commit, too, and recorded on.
#[cfg(feature = "git")]
#[test]
fn a_repository_without_commits_keeps_nothing_yet() {
    if std::process::Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let repo = Repo::new(&[MANIFEST]);
    look(&repo, 1, "src/lib.rs", FIRST);
    let git = |arguments: &[&str]| crate::support::git(&repo, arguments);
    git(&["init", "--quiet", "--initial-branch=main"]);
    let changed = FIRST.replace("load() {}", "load() { panic!() }");
    assert_eq!(look(&repo, 2, "src/lib.rs", &changed), summary(true, 1));
    let engine = open(&repo, EffectTable::standard(), 3);
    assert!(!engine.is_in_git());
    assert_eq!(history(&engine, "load").versions.len(), 2);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "first"]);
    assert!(engine.is_in_git());
    assert_eq!(history(&engine, "load").states_seen, 2, "they stand in front of the first commit");
}

#[test]
fn without_a_clock_nothing_is_recorded() {
    let repo = Repo::new(&[MANIFEST, ("src/lib.rs", FIRST)]);
    let error = repo.engine().record_state().unwrap_err();
    assert_eq!(*error.code(), ErrorCode::USAGE_BAD_ARGUMENTS);
}
