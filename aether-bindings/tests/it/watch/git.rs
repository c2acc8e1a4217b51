//! What git does to a repository comes out as one batch. Without git these tests are skipped, and say
//! so.

use std::path::Path;
use std::process::{Command, Stdio};

use aether_core::conformance::skip;

use super::support::{Watched, files};
use crate::support::Repo;

const FILES: usize = 300;

/// Runs git with nothing of whoever runs the tests; `false` when there is no git.
fn git(folder: &Path, arguments: &[&str]) -> bool {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "advice.detachedHead=false", "-c", "gc.auto=0"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_EDITOR", "true")
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) => {
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{error}");
            false
        }
    }
}

fn say_skipped() {
    skip("watch::git", "there is no git");
}

fn write_all(repo: &Repo, name: &str, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let next = (number + 1) % FILES;
        let path = repo.path(&format!("src/d{}/f{number}.rs", number % 20));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("pub fn {name}{number}() {{ {name}{next}() }}\n")).unwrap();
    }
}

/// A repository with the branches `main` and `side`, which differ in all files; the former is checked
/// out.
fn repo() -> Option<Repo> {
    let repo = Repo::new(&[("README.md", "hello\n")]);
    if !git(repo.root(), &["init", "--quiet"]) {
        say_skipped();
        return None;
    }
    write_all(&repo, "main", 0..FILES);
    commit(&repo, "first");
    git(repo.root(), &["checkout", "--quiet", "-b", "side"]);
    write_all(&repo, "side", 0..FILES);
    std::fs::remove_dir_all(repo.path("src/d7")).unwrap();
    repo.write("extra/folder/new.rs", "fn new() {}\n");
    commit(&repo, "side");
    git(repo.root(), &["checkout", "--quiet", "main"]);
    Some(repo)
}

fn commit(repo: &Repo, message: &str) {
    git(repo.root(), &["add", "--all"]);
    git(repo.root(), &["commit", "--quiet", "--message", message]);
}

/// From now on git takes longer for some files than a change has to rest: a filter reads them slowly.
fn slow_down(repo: &Repo) {
    git(repo.root(), &["config", "filter.slow.smudge", "sleep 0.2; cat"]);
    repo.write(".git/info/attributes", "src/d1/f1.rs filter=slow\nsrc/d11/f*.rs filter=slow\n");
}

/// Runs git, and expects one batch of so many files.
#[track_caller]
fn check_one_batch(repo: &Repo, watched: Watched<'_>, arguments: &[&[&str]], number: usize) {
    for arguments in arguments {
        git(repo.root(), arguments);
    }
    assert_eq!(files(&watched.next_batch()).len(), number);
    // What comes next is the next change, and not the rest of this one.
    repo.write("last.rs", "fn last() {}\n");
    let batch = watched.next_batch();
    assert_eq!(files(&batch).iter().map(|file| file.as_str()).collect::<Vec<_>>(), ["last.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_switch_of_branches_is_one_batch() {
    let Some(repo) = repo() else { return };
    slow_down(&repo);
    let watched = Watched::start(&repo);
    check_one_batch(&repo, watched, &[&["checkout", "--quiet", "side"]], FILES + 1);
}

#[test]
fn a_switch_there_and_back_is_nothing_or_two() {
    let Some(repo) = repo() else { return };
    let watched = Watched::start(&repo);
    git(repo.root(), &["checkout", "--quiet", "side"]);
    git(repo.root(), &["checkout", "--quiet", "main"]);
    repo.write("last.rs", "fn last() {}\n");
    watched.until(&["+last.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_pull_is_one_batch() {
    let Some(up) = repo() else { return };
    let repo = Repo::new(&[]);
    git(repo.root(), &["clone", "--quiet", up.root().to_str().unwrap(), "."]);
    write_all(&up, "pulled", 0..200);
    commit(&up, "pulled");
    write_all(&up, "again", 100..250);
    commit(&up, "again");
    slow_down(&repo);
    let watched = Watched::start(&repo);
    check_one_batch(&repo, watched, &[&["pull", "--quiet", "--ff-only"]], 250);
}

#[test]
fn a_merge_is_one_batch() {
    let Some(repo) = repo() else { return };
    git(repo.root(), &["checkout", "--quiet", "-b", "other"]);
    repo.write("other.rs", "fn other() {}\n");
    commit(&repo, "other");
    slow_down(&repo);
    let watched = Watched::start(&repo);
    check_one_batch(&repo, watched, &[&["merge", "--quiet", "--no-edit", "side"]], FILES + 1);
}

/// Each step writes files of its own, so that a watch that takes steps for changes tells of several.
#[test]
fn a_rebase_of_several_commits_is_one_batch() {
    let Some(repo) = repo() else { return };
    git(repo.root(), &["checkout", "--quiet", "-b", "topic"]);
    for step in 0..6 {
        for number in 0..10 {
            repo.write(&format!("topic/s{step}/f{number}.rs"), &format!("fn topic{step}() {{}}\n"));
        }
        commit(&repo, &format!("step {step}"));
    }
    git(repo.root(), &["checkout", "--quiet", "main"]);
    // Onto another root than it stands on: all files change, and the steps of the topic are made anew.
    let watched = Watched::start(&repo);
    // Something is run behind each step, which takes longer than a change has to rest.
    let rebase = ["rebase", "--quiet", "--force-rebase", "--exec", "sleep 0.2", "side", "topic"];
    check_one_batch(&repo, watched, &[&rebase], FILES + 61);
}

#[test]
fn a_rebase_that_stops_at_a_conflict_lets_edits_through() {
    let Some(repo) = repo() else { return };
    git(repo.root(), &["checkout", "--quiet", "-b", "topic"]);
    repo.write("src/d1/f1.rs", "pub fn conflict() {}\n");
    commit(&repo, "conflict");
    let watched = Watched::start(&repo);
    let stopped = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.invalid", "rebase", "--quiet", "side"])
        .current_dir(repo.root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!stopped.status.success());
    assert!(repo.path(".git/rebase-merge").exists());
    repo.write("src/d1/f1.rs", "pub fn resolved() {}\n");
    watched.until_name("resolved");
    git(repo.root(), &["add", "--all"]);
    git(repo.root(), &["rebase", "--continue"]);
    repo.write("last.rs", "fn last() {}\n");
    watched.until(&["+last.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_work_tree_beside_another_has_its_lock_elsewhere() {
    let Some(repo) = repo() else { return };
    let tree = Repo::new(&[]);
    git(repo.root(), &["worktree", "add", "--quiet", "--force", tree.root().to_str().unwrap(), "-b", "tree"]);
    slow_down(&repo);
    let watched = Watched::start(&tree);
    check_one_batch(&tree, watched, &[&["reset", "--quiet", "--hard", "side"]], FILES + 1);
}

#[test]
fn the_list_of_git_itself_hides_and_shows() {
    let Some(repo) = repo() else { return };
    let watched = Watched::start(&repo);
    let list = repo.path(".git/info/exclude");
    std::fs::create_dir_all(list.parent().unwrap()).unwrap();
    std::fs::write(&list, "/src/d3/\n").unwrap();
    watched.until(&["-src/d3/f3.rs"]);
    std::fs::write(&list, "").unwrap();
    watched.until(&["+src/d3/f3.rs"]);
    watched.ends_as_a_fresh_index();
}

#[test]
fn a_repository_that_is_made_later_is_found() {
    let repo = Repo::new(&[("a.rs", "fn a() {}\n")]);
    let watched = Watched::start(&repo);
    if !git(repo.root(), &["init", "--quiet"]) {
        say_skipped();
        return;
    }
    write_all(&repo, "main", 0..FILES);
    commit(&repo, "first");
    watched.until(&["+src/d1/f1.rs", "+src/d19/f299.rs"]);
    git(repo.root(), &["checkout", "--quiet", "-b", "side"]);
    write_all(&repo, "side", 0..FILES);
    commit(&repo, "side");
    watched.until(&["~src/d1/f1.rs", "~src/d19/f299.rs"]);
    check_one_batch(&repo, watched, &[&["checkout", "--quiet", "main"]], FILES);
}
