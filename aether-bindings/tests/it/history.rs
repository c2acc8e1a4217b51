//! Versions of records, commit by commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use aether_bindings::engine::{
    BackfillOptions, BackfillSummary, Engine, EngineOptions, HistoryAnswer, MeaningChangeKind, NoProgress,
    Ports, Progress, Stage, WhyAnswer,
};
use aether_core::base::Cancel;
use aether_core::code::{GraphDelta, SymbolId};
use aether_core::conformance::skip;
use aether_core::port::{HistoryStore as _, MemoryFacts};
use aether_index::{EffectTable, GitRepository, IndexOptions, Indexer, SirDeriver};
use aether_store::SqliteStore;

use crate::support::{Repo, git, update};

const MANIFEST: &str = "[package]\nname = \"demo\"\nedition = \"2024\"\n";

/// The states of a repository, oldest first: `load` reads, gets a parameter, is renamed with its file, and does
/// more; one commit changes no meaning.
const STATES: [&[(&str, &str)]; 6] = [
    &[
        ("src/lib.rs", "pub mod a;\n"),
        (
            "src/a.rs",
            "/// Loads.\npub fn load() -> String {\n    let text = std::fs::read_to_string(\"x\");\n    text.unwrap_or_default()\n}\npub fn other() {}\n",
        ),
    ],
    &[(
        "src/a.rs",
        "/// Loads.\npub fn load(path: &str) -> String {\n    let text = std::fs::read_to_string(path);\n    text.unwrap_or_default()\n}\npub fn other() {}\n",
    )],
    &[(
        "src/a.rs",
        "// Moved down.\n\n/// Loads.\npub fn load(path: &str) -> String {\n    let text = std::fs::read_to_string(path);\n    text.unwrap_or_default()\n}\npub fn other() {}\n",
    )],
    &[
        ("src/lib.rs", "pub mod b;\n"),
        ("src/a.rs", ""),
        (
            "src/b.rs",
            "/// Loads.\npub fn load_text(path: &str) -> String {\n    let text = std::fs::read_to_string(path);\n    text.unwrap_or_default()\n}\npub fn other() {}\n",
        ),
    ],
    &[(
        "src/b.rs",
        "/// Loads.\npub fn load_text(path: &str) -> String {\n    let text = std::fs::read_to_string(path);\n    helper();\n    text.unwrap_or_default()\n}\npub fn other() {}\nfn helper() { println!(\"x\") }\n",
    )],
    &[(
        "src/b.rs",
        "/// Loads.\npub fn load_text(path: &str) -> String {\n    let text = std::fs::read_to_string(path);\n    helper();\n    text.unwrap_or_default()\n}\npub fn other() {}\nfn helper() { std::process::exit(1) }\n",
    )],
];

fn repository() -> Option<Repo> {
    if std::process::Command::new("git").arg("--version").output().is_err() {
        skip("history", "there is no git");
        return None;
    }
    let repo = Repo::new(&[("Cargo.toml", MANIFEST)]);
    git(&repo, &["init", "--quiet", "--initial-branch=main"]);
    for (number, state) in STATES.iter().enumerate() {
        write(&repo, state);
        commit(&repo, &format!("state {number}"));
    }
    Some(repo)
}

fn write(repo: &Repo, files: &[(&str, &str)]) {
    for (path, text) in files {
        if text.is_empty() { repo.remove(path) } else { repo.write(path, text) }
    }
}

fn commit(repo: &Repo, message: &str) {
    git(repo, &["add", "--all"]);
    git(repo, &["commit", "--quiet", "--message", message]);
}

fn backfill(engine: &Engine, since: Option<&str>, threads: usize) -> BackfillSummary {
    let mut options = BackfillOptions::default();
    options.since = since.map(str::to_owned);
    options.threads = threads;
    engine.backfill(&options, &Cancel::new(), &NoProgress).unwrap()
}

fn history(engine: &Engine, name: &str) -> HistoryAnswer {
    let symbol = engine.select(name).unwrap();
    engine.history(symbol.id, &Cancel::new()).unwrap().result
}

fn why(engine: &Engine, name: &str, from: Option<&str>, to: Option<&str>) -> WhyAnswer {
    let symbol = engine.select(name).unwrap();
    engine.why(symbol.id, from, to, &Cancel::new()).unwrap().result
}

/// Versions as `number commit: summary`.
fn shown(found: &HistoryAnswer) -> Vec<String> {
    let show = |entry: &aether_bindings::engine::VersionEntry| {
        let commit = entry.commit.as_ref().map_or("-", |commit| commit.summary.as_str());
        format!("{} {commit}: {}", entry.version, entry.summary)
    };
    found.versions.iter().map(show).collect()
}

const LOADS: [&str; 5] = [
    "1 state 0: first version that is known",
    "2 state 1: takes now: path: &str",
    "3 state 3: was demo::a::load; was in src/a.rs",
    "4 state 4: does now: output: println! in demo::b::helper; needs now: demo::b::helper",
    "5 state 5: does now: exit: std::process::exit in demo::b::helper; does no more: output: println! in demo::b::helper",
];

#[test]
fn versions_follow_meaning_through_renames_and_moves() {
    let Some(repo) = repository() else { return };
    let engine = repo.engine();
    let summary = backfill(&engine, None, 1);
    assert_eq!((summary.commits, summary.known, summary.derived), (6, 0, 6));
    let found = history(&engine, "load_text");
    assert_eq!(shown(&found), LOADS);
    assert_eq!((found.commits, found.commits_known), (6, 6));
    // What a commit did not change is no version of it.
    let other = history(&engine, "other");
    assert_eq!(
        shown(&other),
        ["1 state 0: first version that is known", "2 state 3: was demo::a::other; was in src/a.rs"]
    );
    assert_eq!(backfill(&engine, None, 1).derived, 0);
}

#[test]
fn threads_and_pieces_give_the_same_history() {
    let Some(repo) = repository() else { return };
    // More commits than one chunk has.
    for number in 0..60 {
        repo.write("src/b.rs", &format!("{}fn n{number}() {{ helper() }}\n", STATES[5][0].1));
        commit(&repo, &format!("more {number}"));
    }
    let whole = repo.engine();
    backfill(&whole, None, 1);
    let expected = shown(&history(&whole, "load_text"));
    assert_eq!(expected, LOADS);
    let threads = repo.engine();
    assert_eq!(backfill(&threads, None, 3).derived, 66);
    assert_eq!(shown(&history(&threads, "load_text")), expected);
    // Each commit gave the function another name.
    assert_eq!(shown(&history(&whole, "n59")).len(), 60);
    assert_eq!(shown(&history(&whole, "n59")), shown(&history(&threads, "n59")));

    // The newest first, the rest later: what the oldest commit of the first piece told as new is no version.
    let pieces = repo.engine();
    let first = backfill(&pieces, Some("HEAD~62"), 2);
    assert_eq!((first.commits, first.derived), (63, 63));
    let part = history(&pieces, "load_text");
    assert_eq!(part.versions[0].summary, "first version that is known");
    assert_eq!((part.commits, part.commits_known), (66, 63));
    let rest = backfill(&pieces, None, 2);
    // The oldest of the first piece is told again, now from the one in front of it.
    assert_eq!((rest.known, rest.derived), (62, 4));
    assert_eq!(backfill(&pieces, None, 2).derived, 0);
    assert_eq!(shown(&history(&pieces, "load_text")), expected);
}

/// Cancels after some commits.
struct After(usize, Cancel);

impl Progress for After {
    fn report(&self, stage: Stage, done: usize, _total: usize) {
        if stage == Stage::History && done >= self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn a_backfill_that_is_cut_short_goes_on_where_it_ended() {
    let Some(repo) = repository() else { return };
    let engine = repo.engine();
    let cancel = Cancel::new();
    let mut options = BackfillOptions::default();
    options.threads = 1;
    let error = engine.backfill(&options, &cancel, &After(3, cancel.clone())).unwrap_err();
    assert_eq!(error.code().as_str(), "cancelled");
    let known = history(&engine, "load_text").commits_known;
    assert_eq!(known, 3);
    let rest = backfill(&engine, None, 1);
    assert_eq!((rest.known, rest.derived), (3, 3));
    assert_eq!(shown(&history(&engine, "load_text")), LOADS);
}

#[test]
fn what_is_not_committed_is_the_last_version() {
    let Some(repo) = repository() else { return };
    let engine = repo.engine();
    assert_eq!(shown(&history(&engine, "load_text")), ["1 -: first version that is known"]);
    assert_eq!(why(&engine, "load_text", None, None).reason, Some("single_version_only"));
    backfill(&engine, None, 1);
    repo.write("src/b.rs", &STATES[5][0].1.replace("load_text", "load_all"));
    update(&engine);
    let found = history(&engine, "load_all");
    assert_eq!(shown(&found)[5], "6 -: was demo::b::load_text");
    assert_eq!(found.versions.len(), 6);
}

#[test]
fn why_names_what_differs_and_the_commits_in_between() {
    let Some(repo) = repository() else { return };
    let engine = repo.engine();
    backfill(&engine, None, 1);
    let last = why(&engine, "load_text", None, None);
    assert_eq!(last.diff.fields_modified, ["side_effects"]);
    assert_eq!((last.from.unwrap().version, last.to.unwrap().version), (4, 5));
    assert_eq!(last.commits_between, 1);

    let all = why(&engine, "load_text", Some("1"), Some("HEAD"));
    assert_eq!(all.diff.fields_added, ["dependencies", "inputs"]);
    assert_eq!(all.diff.fields_modified, ["side_effects"]);
    let commits: Vec<&str> = all.commits.iter().map(|commit| commit.summary.as_str()).collect();
    assert_eq!(commits, ["state 1", "state 3", "state 4", "state 5"]);
    assert_eq!(all.commits_between, 5);

    let middle = why(&engine, "load_text", Some("HEAD~3"), Some("HEAD~2"));
    assert_eq!((middle.from.unwrap().version, middle.to.unwrap().version), (2, 3));
    assert!(middle.diff.is_empty());
    assert_eq!(why(&engine, "load_text", Some("9"), None).reason, Some("selector_not_found"));
    assert_eq!(why(&engine, "load_text", Some("1999-01-01"), None).reason, Some("selector_not_found"));
    let now = why(&engine, "load_text", Some("1"), Some("2999-01-01"));
    assert_eq!(now.to.unwrap().version, 5);
    let symbol = engine.select("load_text").unwrap();
    let swapped = engine.why(symbol.id, Some("4"), Some("2"), &Cancel::new()).unwrap_err();
    assert_eq!(swapped.code().as_str(), "query.bad_syntax");
    let unknown = engine.why(symbol.id, Some("no-such-revision"), None, &Cancel::new()).unwrap_err();
    assert_eq!(unknown.code().as_str(), "git.unknown_revision");
}

#[test]
fn a_difference_of_meaning_is_none_of_lines() {
    let Some(repo) = repository() else { return };
    let engine = repo.engine();
    let diff = |from: &str, to: Option<&str>| {
        let found = engine.diff(from, to, &Cancel::new()).unwrap();
        let show = |change: &aether_bindings::engine::MeaningChange| {
            format!("{:?} {}", change.kind, change.qualified_name)
        };
        found.changes.iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(diff("HEAD~4", Some("HEAD~3")), [""; 0]);
    assert_eq!(diff("HEAD~5", Some("HEAD~4")), ["Changed demo::a::load"]);
    assert_eq!(diff("HEAD~3", Some("HEAD~2")), ["Moved demo::b::load_text", "Moved demo::b::other"]);
    assert_eq!(diff("HEAD~2", Some("HEAD~1")), ["Added demo::b::helper", "Changed demo::b::load_text"]);
    assert_eq!(diff("HEAD~1", Some("HEAD~2")), ["Removed demo::b::helper", "Changed demo::b::load_text"]);
    assert_eq!(diff("HEAD", None), [""; 0]);
    repo.write("src/b.rs", STATES[4][0].1);
    assert_eq!(diff("HEAD", None), ["Changed demo::b::helper", "Changed demo::b::load_text"]);
    let found = engine.diff("HEAD~3", Some("HEAD~2"), &Cancel::new()).unwrap();
    assert_eq!(found.changes[0].kind, MeaningChangeKind::Moved);
    assert_eq!(found.changes[0].was.as_ref().unwrap().0, "demo::a::load");
}

#[test]
fn history_that_was_rewritten_is_left_out() {
    let Some(repo) = repository() else { return };
    let engine = repo.engine();
    backfill(&engine, None, 1);
    git(&repo, &["reset", "--quiet", "--hard", "HEAD~2"]);
    repo.write("src/b.rs", &STATES[3][2].1.replace("path: &str", "path: &str, n: u8"));
    commit(&repo, "other way");
    update(&engine);
    let found = history(&engine, "load_text");
    assert_eq!((found.commits, found.commits_known), (5, 4));
    assert_eq!(backfill(&engine, None, 1).derived, 1);
    let found = shown(&history(&engine, "load_text"));
    assert_eq!(
        found[2..],
        ["3 state 3: was demo::a::load; was in src/a.rs", "4 other way: takes now: n: u8"]
    );
}

#[test]
fn another_table_of_effects_makes_another_history() {
    let Some(repo) = repository() else { return };
    let store = Arc::new(SqliteStore::open_in_memory().unwrap());
    let open = |table: EffectTable| {
        let options = EngineOptions::new(repo.root()).with_effects(table);
        Engine::open(options, Ports::new(Arc::clone(&store) as Arc<_>)).unwrap()
    };
    let engine = open(EffectTable::standard());
    update(&engine);
    engine.refresh_records().unwrap();
    backfill(&engine, None, 1);
    let mut table = EffectTable::standard();
    table.add("[network]\npaths = [\"std::fs::read_to_string\"]\n").unwrap();
    let engine = open(table);
    assert!(engine.refresh_records().unwrap().result.written > 0);
    assert_eq!(history(&engine, "load_text").commits_known, 0);
    assert_eq!(backfill(&engine, None, 1).derived, 6);
    let sir = history(&engine, "load_text").versions[0].sir.clone().unwrap();
    assert!(sir.side_effects.iter().any(|it| it.kind.as_str() == "network"), "{:?}", sir.side_effects);
}

/// Records of a commit by an index from nothing.
fn fresh(repo: &Repo, revision: &str) -> BTreeMap<SymbolId, String> {
    let repository = GitRepository::open(repo.root()).unwrap();
    let options = IndexOptions::default();
    let snapshot = repository.snapshot(revision, &options, &Cancel::new()).unwrap();
    let mut deriver = SirDeriver::new(EffectTable::standard());
    let mut sink = |delta: GraphDelta| {
        deriver.apply(&delta);
        Ok(())
    };
    let mut indexer = Indexer::new(repo.root(), options).unwrap();
    indexer
        .index_snapshot(&snapshot, &MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress)
        .unwrap();
    let derived = deriver.derive();
    let own = derived.records().filter(|symbol| !derived.is_sum(symbol.id));
    own.map(|symbol| (symbol.id, derived.sir(symbol.id).unwrap().canonical().unwrap())).collect()
}

#[test]
fn versions_say_of_each_commit_what_an_index_from_nothing_says() {
    let Some(repo) = repository() else { return };
    let store = Arc::new(SqliteStore::open_in_memory().unwrap());
    let engine =
        Engine::open(EngineOptions::new(repo.root()), Ports::new(Arc::clone(&store) as Arc<_>)).unwrap();
    backfill(&engine, None, 1);
    let chain = GitRepository::open(repo.root()).unwrap().log("HEAD", None, &Cancel::new()).unwrap();
    let states: Vec<BTreeMap<SymbolId, String>> =
        chain.iter().rev().map(|commit| fresh(&repo, &commit.id)).collect();
    let ids: std::collections::BTreeSet<SymbolId> =
        states.iter().flat_map(|state| state.keys().copied()).collect();
    assert!(ids.len() >= 6);
    for id in ids {
        let versions = store.versions(&[id]).unwrap();
        let mut now = None;
        for (commit, state) in chain.iter().rev().zip(&states) {
            if let Some(version) = versions.iter().find(|version| version.commit.as_ref() == Some(&commit.id))
            {
                now = version.sir.as_ref().map(|sir| sir.canonical().unwrap());
            }
            assert_eq!(now.as_ref(), state.get(&id), "{id} in {}", commit.summary);
        }
    }
}
