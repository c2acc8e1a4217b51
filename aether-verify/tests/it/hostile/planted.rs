//! A repository that comes with records of its own: opening it must not do what they say.

use aether_core::base::Sha256Hash;
use aether_core::change::{FileMode, FilePatch, Patch};
use aether_core::conformance::{edit_permits, revert_permit};
use aether_verify::{ApplyErrorKind, PatchOptions, WorkTree};

use super::case::path;
use super::sandbox::{Deed, Sandbox, put};

const RECORD: &str = ".aether/patches/p000001-0123456789ab";
const HOOK: &[u8] = b"#!/bin/sh\necho owned\n";

/// A record in `state` that puts its first slot at `target`, of a stranger who guessed the folder that it will be
/// in.
fn plant(sandbox: &Sandbox, state: &str, target: &str, before: &str) {
    let record = sandbox.tree().join(RECORD);
    std::fs::create_dir_all(&record).expect("a folder");
    let home = std::os::unix::fs::MetadataExt::ino(&record.metadata().expect("it is there"));
    plant_for(home, sandbox, state, target, before);
}

/// The same for a folder that is told from others by `home`.
fn plant_for(home: u64, sandbox: &Sandbox, state: &str, target: &str, before: &str) {
    let version = format!(r#"{{"hash":"{}","bytes":{},"mode":"regular"}}"#, Sha256Hash::of(HOOK), HOOK.len());
    let (before, after) = if state == "applying" { (before, &version[..]) } else { (&version[..], before) };
    let plan = format!(
        r#"{{"version":1,"home":{home},"patch":"{}","steps":[{{"path":"{target}","before":{before},"after":{after}}}],"emptied":[],"made":[]}}"#,
        Sha256Hash::of(b"")
    );
    let record = sandbox.tree().join(RECORD);
    put(&record.join("0"), HOOK);
    put(&record.join(format!("{state}.json")), plan.as_bytes());
}

#[track_caller]
fn check_refused(state: &str, target: &str) {
    let sandbox = Sandbox::new();
    plant(&sandbox, state, target, "null");
    // The lock is made by whoever opens a tree with records.
    put(&sandbox.tree().join(".aether/patches/lock"), b"");
    let before = sandbox.snapshot();
    let outcome = WorkTree::open(&sandbox.tree()).and_then(|tree| tree.patches()).map(drop);
    assert_eq!(sandbox.snapshot(), before, "{state} {target}: {outcome:?}");
    let code = outcome.as_ref().err().map(|error| error.kind());
    assert_eq!(code, Some(ApplyErrorKind::UndoDamaged), "{state} {target}");
}

#[test]
fn a_planted_record_does_not_reach_what_belongs_to_a_tool_or_lies_outside() {
    for state in ["applying", "reverting", "forcing"] {
        for target in [
            ".git/hooks/post-checkout",
            ".GIT/hooks/post-checkout",
            "vendor/.git/x",
            ".aether/other",
            ".jj/x",
            "git~1/x",
            "../outside/new.txt",
            "",
        ] {
            check_refused(state, target);
        }
    }
}

#[test]
fn a_planted_record_is_not_followed_through_links() {
    for target in ["to-outside/new.txt", "src/up/new.txt", "to-absolute/new.txt"] {
        let sandbox = Sandbox::new();
        plant(&sandbox, "applying", target, "null");
        let outcome = WorkTree::open(&sandbox.tree());
        assert!(!sandbox.outside().join("new.txt").exists(), "{target}: {outcome:?}");
    }
}

#[test]
fn the_same_record_of_an_ordinary_file_is_finished() {
    let sandbox = Sandbox::new();
    plant(&sandbox, "applying", "src/made.sh", "null");
    let (_, recovered) = WorkTree::recover(&sandbox.tree()).expect("it opens");
    assert_eq!(recovered.finished.len(), 1);
    assert_eq!(std::fs::read(sandbox.tree().join("src/made.sh")).expect("it is there"), HOOK);
}

#[test]
fn a_record_of_another_folder_is_not_believed() {
    let sandbox = Sandbox::new();
    plant_for(1, &sandbox, "applying", "src/made.sh", "null");
    let error = WorkTree::recover(&sandbox.tree()).expect_err("it is not of this tree");
    assert_eq!(error.kind(), ApplyErrorKind::UndoDamaged, "{error}");
    assert!(!sandbox.tree().join("src/made.sh").exists());
}

/// As in a copy of a tree, or one that was put back from a backup.
#[test]
fn what_was_applied_elsewhere_neither_stands_here_nor_is_in_the_way() {
    for state in ["applied", "reverted", "torn"] {
        let sandbox = Sandbox::new();
        plant_for(1, &sandbox, state, "src/made.sh", "null");
        let tree = WorkTree::open(&sandbox.tree()).expect("it opens");
        assert_eq!(tree.patches().expect("records of others are left out").len(), 0, "{state}");
        let made = FilePatch::create(path("new.txt"), FileMode::Regular, "new\n").expect("a file");
        let patch = Patch::new(vec![made]).expect("a patch");
        let options = PatchOptions::default();
        let needs = tree.check(&patch, &options).expect("it fits");
        let applied = tree.apply(&patch, &options, edit_permits(&patch, &needs)).expect("it is applied");
        assert!(applied.token.starts_with("p000002-"), "no two records have one number: {}", applied.token);
        assert_eq!(tree.patches().expect("its own is there").len(), 1, "{state}");
        tree.revert(&applied.token, revert_permit(patch.hash(), &[path("new.txt")])).expect("it is reverted");
        assert!(!sandbox.tree().join("src/made.sh").exists());
    }
}

#[test]
fn links_and_pipes_in_the_place_of_records_are_not_used() {
    let made = FilePatch::create(path("new.txt"), FileMode::Regular, "new\n").expect("a file");
    let patch = Patch::new(vec![made]).expect("a patch");
    let deeds: [(&str, &str, Deed); 5] = [
        ("state is a link", "patch.symlink", |sandbox| {
            std::fs::rename(sandbox.tree().join(".aether"), sandbox.outside().join("aether"))
                .expect("it moves");
            std::os::unix::fs::symlink("../outside/aether", sandbox.tree().join(".aether")).expect("a link");
        }),
        ("records are a link", "patch.symlink", |sandbox| {
            std::os::unix::fs::symlink("../../outside", sandbox.tree().join(".aether/patches"))
                .expect("a link");
        }),
        ("records are a file", "patch.not_a_file", |sandbox| {
            put(&sandbox.tree().join(".aether/patches"), b"");
        }),
        ("lock is a link", "patch.symlink", |sandbox| {
            std::fs::create_dir(sandbox.tree().join(".aether/patches")).expect("a folder");
            let lock = sandbox.tree().join(".aether/patches/lock");
            std::os::unix::fs::symlink("../../../outside/lock", lock).expect("a link");
        }),
        ("lock is a folder", "patch.not_a_file", |sandbox| {
            std::fs::create_dir_all(sandbox.tree().join(".aether/patches/lock")).expect("a folder");
        }),
    ];
    for (name, expected, deed) in deeds {
        let sandbox = Sandbox::new();
        deed(&sandbox);
        let before = sandbox.snapshot();
        let outcome =
            WorkTree::open(&sandbox.tree()).and_then(|tree| crate::patch_support::apply(&tree, &patch));
        let error = outcome.expect_err(name);
        assert_eq!(error.code().as_str(), expected, "{name}: {error}");
        assert_eq!(sandbox.snapshot(), before, "{name}");
    }
}
