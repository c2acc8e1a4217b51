//! Diffs: what is written is read as the same patch, and git takes ours as we take git's.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use aether_core::base::RelPath;
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use aether_core::conformance::skip;
use aether_verify::{ApplyErrorKind, BaseFile, Diff, PatchOptions, WorkTree, print_patch};
use proptest::prelude::*;

use crate::patch_support::{apply, force_revert, revert};

type Tree = BTreeMap<RelPath, BaseFile>;

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

/// What a file may hold: lines, some of them alike, with every kind of end, and bytes that are no text.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        6 => "[a-c]{0,3}",
        2 => "    [a-z]{1,12};",
        1 => Just("\\ No newline at end of file".to_owned()),
        1 => Just("--- a/x".to_owned()),
        1 => Just("@@ -1 +1 @@".to_owned()),
        1 => "\\PC{0,10}",
    ];
    let ending = prop_oneof![8 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
    let lines = proptest::collection::vec((line, ending), 0..24);
    let last =
        prop_oneof![3 => Just(Vec::new()), 1 => Just(b"open".to_vec()), 1 => Just(b"\xff\xfe".to_vec())];
    let text = (lines, last).prop_map(|(lines, last)| {
        let mut text: Vec<u8> = lines.into_iter().flat_map(|(line, end)| (line + end).into_bytes()).collect();
        text.extend(last);
        text
    });
    prop_oneof![9 => text, 1 => proptest::collection::vec(any::<u8>(), 0..200)]
}

/// A text that differs from `old` in some lines.
fn changed(old: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let count = old.split_inclusive(|&byte| byte == b'\n').count();
    let edits = proptest::collection::vec((0..=count, 0..3usize, content()), 1..4);
    edits.prop_map(move |edits| {
        let mut lines: Vec<Vec<u8>> =
            old.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        for (at, removed, added) in edits {
            let at = at.min(lines.len());
            let end = (at + removed).min(lines.len());
            lines.splice(at..end, added.split_inclusive(|&byte| byte == b'\n').take(3).map(<[u8]>::to_vec));
        }
        lines.concat()
    })
}

const NAMES: [&str; 8] = [
    "a.rs",
    "src/lib.rs",
    "src/with blank.rs",
    "src/deep/mod.rs",
    "src/na\u{ef}ve.rs",
    "x/b/a b/c",
    "quote\".rs",
    "t.txt",
];

#[derive(Clone, Debug)]
enum Deed {
    Leave,
    Delete,
    Edit(Vec<u8>),
    Mode,
    Move(Option<Vec<u8>>),
}

fn mode() -> impl Strategy<Value = FileMode> {
    prop_oneof![3 => Just(FileMode::Regular), 1 => Just(FileMode::Executable)]
}

/// A tree and a patch for it.
fn case() -> impl Strategy<Value = (Tree, Patch)> {
    let file = (content(), mode()).prop_flat_map(|(old, mode)| {
        let deed = prop_oneof![
            1 => Just(Deed::Leave),
            1 => Just(Deed::Delete),
            4 => changed(old.clone()).prop_map(Deed::Edit),
            1 => Just(Deed::Mode),
            1 => proptest::option::of(changed(old.clone())).prop_map(Deed::Move),
        ];
        (Just(old), Just(mode), deed)
    });
    let files = proptest::collection::btree_map(0..NAMES.len(), file, 1..6);
    (files, content(), mode()).prop_filter_map("nothing changes", |(files, fresh, fresh_mode)| {
        let mut tree = Tree::new();
        let mut patches = Vec::new();
        for (index, (old, mode, deed)) in files {
            let name = path(NAMES[index]);
            let state = FileState::of(name.clone(), mode, &old);
            tree.insert(name.clone(), BaseFile::new(mode, old.clone()));
            let patch = match deed {
                Deed::Leave => continue,
                Deed::Delete => FilePatch::delete(state),
                Deed::Edit(new) => FilePatch::change(state, &old, name, mode, Change::Write(new.into())),
                Deed::Mode => {
                    let other =
                        if mode == FileMode::Regular { FileMode::Executable } else { FileMode::Regular };
                    FilePatch::change(state, &old, name, other, Change::Keep)
                }
                Deed::Move(new) => {
                    let change = match new {
                        Some(new) if new != old => Change::Write(new.into()),
                        _ => Change::Keep,
                    };
                    FilePatch::change(state, &old, path(&format!("moved/to {index}.rs")), mode, change)
                }
            };
            patches.extend(patch.ok());
        }
        patches.extend(FilePatch::create(path("fresh/new.rs"), fresh_mode, fresh));
        Some((tree, Patch::new(patches).ok()?))
    })
}

fn after(tree: &Tree, patch: &Patch) -> Tree {
    let mut tree = tree.clone();
    let mut made = Tree::new();
    for file in patch.files() {
        let old = file.before().and_then(|state| tree.remove(&state.path));
        let new = file.apply(old.as_ref().map(|file| &file.bytes[..])).expect("it fits");
        if let (Some(state), Some(new)) = (file.after(), new) {
            made.insert(state.path.clone(), BaseFile::new(state.mode, new));
        }
    }
    tree.extend(made);
    tree
}

fn plant(root: &Path, tree: &Tree) {
    for (name, file) in tree {
        let at = root.join(name.as_str());
        std::fs::create_dir_all(at.parent().expect("it is in a folder")).expect("a folder");
        std::fs::write(&at, &file.bytes).expect("a file");
        let mode = if file.mode == FileMode::Executable { 0o755 } else { 0o644 };
        std::fs::set_permissions(&at, std::fs::Permissions::from_mode(mode)).expect("permissions");
    }
}

fn read(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let at = entry.expect("an entry").path();
            if at.is_dir() {
                if !at.ends_with(".aether") && !at.ends_with(".git") {
                    folders.push(at);
                }
                continue;
            }
            let name = path(at.strip_prefix(root).expect("below the root").to_str().expect("text"));
            let mode = at.metadata().expect("it is there").permissions().mode();
            let mode = if mode & 0o100 == 0 { FileMode::Regular } else { FileMode::Executable };
            tree.insert(name, BaseFile::new(mode, std::fs::read(&at).expect("a file")));
        }
    }
    tree
}

fn git(root: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new("git")
        .current_dir(root)
        .args(["-c", "core.autocrlf=false", "-c", "core.quotePath=true", "-c", "core.safecrlf=false"])
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "apply.whitespace=nowarn"])
        .args(arguments)
        .env_remove("GIT_DIR")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", root)
        .output()
        .expect("git can be started")
}

fn has_git() -> bool {
    let is_there = Command::new("git").arg("--version").output().is_ok();
    if !is_there {
        skip("diff", "there is no git, so diffs are not compared with it");
    }
    is_there
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same((tree, patch) in case()) {
        let options = PatchOptions::default();
        let text = print_patch(&patch, &tree).expect("it can be written");
        let read = Diff::parse(&text, &options).expect("it can be read").bind(&tree, &options).expect("it fits");
        prop_assert_eq!(after(&tree, &read), after(&tree, &patch));
        for (a, b) in read.files().iter().zip(patch.files()) {
            prop_assert_eq!((a.before(), a.after()), (b.before(), b.after()));
        }
        prop_assert_eq!(print_patch(&read, &tree).expect("it can be written again"), text);
    }

    #[test]
    fn a_patch_and_its_inverse_cancel_out((tree, patch) in case()) {
        let new = after(&tree, &patch);
        let back = patch.files().iter().map(|file| {
            let old = file.before().map(|state| &tree[&state.path].bytes[..]);
            file.invert(old).expect("it can be inverted")
        });
        let back = Patch::new(back.collect()).expect("a patch");
        prop_assert_eq!(after(&new, &back), tree);
    }

    #[test]
    fn a_patch_survives_json((_, patch) in case()) {
        let text = serde_json::to_string(&patch).expect("it can be written");
        let read: Patch = serde_json::from_str(&text).expect("it can be read");
        prop_assert_eq!(read.hash(), patch.hash());
        prop_assert_eq!(read, patch);
    }
}

proptest! {
    // Each case starts git several times.
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn git_takes_ours((tree, patch) in case()) {
        if !has_git() {
            return Ok(());
        }
        let folder = tempfile::tempdir().expect("a folder");
        plant(folder.path(), &tree);
        let text = print_patch(&patch, &tree).expect("it can be written");
        let diff = folder.path().join("the.diff");
        std::fs::write(&diff, &text).expect("a file");
        let output = git(folder.path(), &["apply", "--whitespace=nowarn", "the.diff"]);
        std::fs::remove_file(&diff).expect("it can be removed");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        prop_assert!(output.status.success(), "{}\n{}", told, String::from_utf8_lossy(&text));
        prop_assert_eq!(read(folder.path()), after(&tree, &patch));
    }

    #[test]
    fn we_take_git_s((tree, patch) in case()) {
        if !has_git() {
            return Ok(());
        }
        let folder = tempfile::tempdir().expect("a folder");
        let new = after(&tree, &patch);
        plant(folder.path(), &tree);
        for arguments in [&["init", "-q"][..], &["add", "-A", "-f"], &["commit", "-q", "-m", "old", "--allow-empty"]] {
            prop_assert!(git(folder.path(), arguments).status.success());
        }
        for name in tree.keys() {
            std::fs::remove_file(folder.path().join(name.as_str())).expect("it can be removed");
        }
        plant(folder.path(), &new);
        prop_assert!(git(folder.path(), &["add", "-A", "-f"]).status.success());
        let text = git(folder.path(), &["diff", "--cached", "--binary", "-M30%"]).stdout;
        prop_assert!(git(folder.path(), &["reset", "-q", "--hard"]).status.success());

        let options = PatchOptions::default();
        let work_tree = WorkTree::open(folder.path()).expect("it opens");
        let diff = Diff::parse(&text, &options);
        let diff = diff.map_err(|error| TestCaseError::fail(format!("{error}\n{}", String::from_utf8_lossy(&text))))?;
        let bound = diff.bind(&work_tree, &options);
        let bound = bound.map_err(|error| TestCaseError::fail(format!("{error}\n{}", String::from_utf8_lossy(&text))))?;
        let applied = apply(&work_tree, &bound).expect("it applies");
        prop_assert_eq!(&read(folder.path()), &new);
        revert(&work_tree, &applied.token).expect("it reverts");
        prop_assert_eq!(&read(folder.path()), &tree);
    }
}

#[test]
fn a_tree_that_moved_on_is_not_reverted_unless_forced() {
    let folder = tempfile::tempdir().expect("a folder");
    let tree = Tree::from([(path("a.rs"), BaseFile::new(FileMode::Regular, b"one\n".to_vec()))]);
    plant(folder.path(), &tree);
    let state = FileState::of(path("a.rs"), FileMode::Regular, b"one\n");
    let file =
        FilePatch::change(state, b"one\n", path("a.rs"), FileMode::Regular, Change::Write("two\n".into()));
    let patch = Patch::new(vec![file.expect("a change")]).expect("a patch");
    let token = {
        let work_tree = WorkTree::open(folder.path()).expect("it opens");
        apply(&work_tree, &patch).expect("it applies").token
    };
    std::fs::write(folder.path().join("a.rs"), "three\n").expect("a file");

    // As another program would, later.
    let work_tree = WorkTree::open(folder.path()).expect("it opens");
    let error = work_tree.check_revert(&token, false).expect_err("it moved on");
    assert_eq!(error.kind(), ApplyErrorKind::MovedOn);
    let error = revert(&work_tree, &token).expect_err("it moved on");
    assert_eq!((error.kind(), error.code().as_str()), (ApplyErrorKind::MovedOn, "patch.moved_on"));
    assert_eq!(error.to_string(), "a.rs changed since the patch was applied");
    assert_eq!(std::fs::read(folder.path().join("a.rs")).expect("a file"), b"three\n");

    let would = work_tree.check_revert(&token, true).expect("it would be forced");
    assert_eq!((would.token.as_str(), would.paths.as_slice()), (token.as_str(), &[path("a.rs")][..]));
    assert_eq!(
        std::fs::read(folder.path().join("a.rs")).expect("a file"),
        b"three\n",
        "looking changes nothing"
    );
    force_revert(&work_tree, &token).expect("it is forced");
    assert_eq!(std::fs::read(folder.path().join("a.rs")).expect("a file"), b"one\n");
    let kept = folder.path().join(".aether/patches").join(&token).join("0");
    assert_eq!(std::fs::read(kept).expect("it is kept"), b"three\n", "what was there is kept");
    for unknown in [token.as_str(), "p000009-0123456789ab", "../patches"] {
        let error = work_tree.check_revert(unknown, true).expect_err("it is not applied");
        assert_eq!(error.kind(), ApplyErrorKind::UnknownToken);
    }
    let error = revert(&work_tree, &token).expect_err("it is reverted already");
    assert_eq!(error.kind(), ApplyErrorKind::UnknownToken);
}

#[test]
fn what_was_kept_is_looked_at_before_it_is_put_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let tree = Tree::from([(path("a.rs"), BaseFile::new(FileMode::Regular, b"one\n".to_vec()))]);
    plant(folder.path(), &tree);
    let state = FileState::of(path("a.rs"), FileMode::Regular, b"one\n");
    let patch = Patch::new(vec![FilePatch::delete(state).expect("a change")]).expect("a patch");
    let work_tree = WorkTree::open(folder.path()).expect("it opens");
    let token = apply(&work_tree, &patch).expect("it applies").token;
    let kept = folder.path().join(".aether/patches").join(&token).join("0");
    std::fs::write(&kept, "somebody else's\n").expect("a file");
    let error = force_revert(&work_tree, &token).expect_err("it is damaged");
    assert_eq!(error.kind(), ApplyErrorKind::UndoDamaged);
    assert!(!folder.path().join("a.rs").exists());
}
