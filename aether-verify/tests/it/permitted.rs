//! No file changes without a permit for exactly that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aether_core::authority::Capability;
use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use aether_core::conformance::{edit_permits, revert_permit};
use aether_verify::{ApplyErrorKind, PatchOptions, WorkTree};

use crate::patch_support::apply;

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

fn state(name: &str) -> FileState {
    FileState::of(path(name), FileMode::Regular, name.as_bytes())
}

/// Makes, edits, moves and removes a file, and edits a build script.
fn patch() -> Patch {
    let edit = |name: &str| {
        let change = Change::Write("new".into());
        FilePatch::change(state(name), name.as_bytes(), path(name), FileMode::Regular, change)
    };
    let files = [
        FilePatch::create(path("made.rs"), FileMode::Regular, "made"),
        edit("edited.rs"),
        FilePatch::change(state("from.rs"), b"from.rs", path("to.rs"), FileMode::Regular, Change::Keep),
        FilePatch::delete(state("deleted.rs")),
        edit("build.rs"),
    ];
    Patch::new(files.into_iter().collect::<Result<_, _>>().expect("changes")).expect("a patch")
}

fn plant(root: &Path) {
    for name in ["edited.rs", "from.rs", "deleted.rs", "build.rs"] {
        std::fs::write(root.join(name), name).expect("a file");
    }
}

#[test]
fn what_a_patch_needs_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(folder.path());
    let tree = WorkTree::open(folder.path()).expect("it opens");
    let needs = tree.check(&patch(), &PatchOptions::default()).expect("it fits");
    let paths = |names: &[&str]| names.iter().map(|name| path(name)).collect::<BTreeSet<_>>();
    let expected = BTreeMap::from([
        (Capability::FilesCreate, paths(&["made.rs"])),
        (Capability::FilesEdit, paths(&["edited.rs"])),
        (Capability::FilesRenameMove, paths(&["from.rs", "to.rs"])),
        (Capability::FilesDelete, paths(&["deleted.rs"])),
        (Capability::BuildFilesEdit, paths(&["build.rs"])),
    ]);
    assert_eq!(needs, expected);
    assert!(!folder.path().join(".aether").exists(), "looking leaves no trace");
}

#[test]
fn every_need_takes_a_permit() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(folder.path());
    let tree = WorkTree::open(folder.path()).expect("it opens");
    let options = PatchOptions::default();
    let needs = tree.check(&patch(), &options).expect("it fits");
    for (left_out, paths) in &needs {
        let mut fewer = needs.clone();
        fewer.remove(left_out);
        let error =
            tree.apply(&patch(), &options, edit_permits(&patch(), &fewer)).expect_err("one is missing");
        let expected = match left_out {
            Capability::BuildFilesEdit => ApplyErrorKind::RunsAtBuild,
            _ => ApplyErrorKind::NotPermitted,
        };
        assert_eq!((error.kind(), error.path()), (expected, paths.first()), "{left_out:?}");
    }
    let mut narrower = needs.clone();
    narrower.insert(Capability::FilesEdit, BTreeSet::from([path("other.rs")]));
    let error = tree.apply(&patch(), &options, edit_permits(&patch(), &narrower)).expect_err("another path");
    assert_eq!(error.kind(), ApplyErrorKind::NotPermitted);
    assert!(!folder.path().join(".aether").exists() && !folder.path().join("made.rs").exists());
    tree.apply(&patch(), &options, edit_permits(&patch(), &needs)).expect("all are there");
    assert!(folder.path().join("made.rs").exists());
}

#[test]
fn a_permit_for_another_patch_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(folder.path());
    let tree = WorkTree::open(folder.path()).expect("it opens");
    let options = PatchOptions::default();
    let needs = tree.check(&patch(), &options).expect("it fits");
    let mut files = patch().into_files();
    files.push(FilePatch::create(path("more.rs"), FileMode::Regular, "more").expect("a file"));
    let other = Patch::new(files).expect("a patch");
    let error = tree.apply(&patch(), &options, edit_permits(&other, &needs)).expect_err("another patch");
    assert_ne!(error.kind(), ApplyErrorKind::StaleBase);
    assert!(!folder.path().join("made.rs").exists());
}

#[test]
fn taking_a_patch_back_takes_a_permit() {
    let folder = tempfile::tempdir().expect("a folder");
    plant(folder.path());
    let tree = WorkTree::open(folder.path()).expect("it opens");
    let applied = apply(&tree, &patch()).expect("it applies");
    let other = revert_permit(Sha256Hash::of(b"another patch"), &applied.paths);
    assert_eq!(tree.revert(&applied.token, other).expect_err("another").kind(), ApplyErrorKind::NotPermitted);
    let fewer = revert_permit(applied.patch, &applied.paths[1..]);
    assert_eq!(
        tree.force_revert(&applied.token, fewer).expect_err("fewer").kind(),
        ApplyErrorKind::NotPermitted
    );
    assert!(folder.path().join("made.rs").exists());
    tree.revert(&applied.token, revert_permit(applied.patch, &applied.paths)).expect("it is permitted");
    assert!(!folder.path().join("made.rs").exists() && folder.path().join("deleted.rs").exists());
}

#[test]
fn a_record_that_came_with_the_files_is_not_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (original, copy) = (folder.path().join("original"), folder.path().join("copy"));
    std::fs::create_dir(&original).expect("a folder");
    plant(&original);
    let applied = apply(&WorkTree::open(&original).expect("it opens"), &patch()).expect("it applies");
    let copied = std::process::Command::new("cp").arg("-a").args([&original, &copy]).status();
    assert!(copied.expect("cp can be started").success());
    let tree = WorkTree::open(&copy).expect("it opens");
    let error =
        tree.revert(&applied.token, revert_permit(applied.patch, &applied.paths)).expect_err("a copy");
    assert_eq!(error.kind(), ApplyErrorKind::UnknownToken, "{error}");
    assert!(copy.join("made.rs").exists());
}
