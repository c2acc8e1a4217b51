//! Real file systems without room, and processes that may not write, open or hold as much as they need.
//!
//! Each test is run again in a name space of its own, where it mounts what it needs; where the system does
//! not allow that, it says so.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};

use super::case::{Tree, everything_below, path, real_disk, scratch, tree_of};
use crate::patch::record::State;
use crate::patch::{ApplyErrorKind, PatchOptions, WorkTree};

const JOB: &str = "AETHER_SPACE_JOB";
/// The signal that ends who writes a file that is too long.
const SIGXFSZ: i32 = 25;

/// A tree of eight files, and a patch of ten that changes six of them, removes one, moves one and makes two.
struct TenFiles {
    old: Vec<(String, String)>,
    patch: Patch,
}

impl TenFiles {
    /// Files of so many lines.
    fn new(lines: usize) -> Self {
        let text = |index: usize, word: &str| format!("{word} {index}\n").repeat(lines);
        let old: Vec<(String, String)> =
            (0..8).map(|index| (format!("src/f{index}.rs"), text(index, "old"))).collect();
        let mut files = Vec::new();
        for (index, (name, old)) in old.iter().enumerate() {
            let state = FileState::of(path(name), FileMode::Regular, old.as_bytes());
            let (at, mode, change) = match index {
                6 => {
                    files.push(FilePatch::delete(state).expect("a removal"));
                    continue;
                }
                7 => (path("moved/f7.rs"), FileMode::Executable, Change::Keep),
                _ => {
                    let new = text(index, "brand new");
                    (path(name), FileMode::Regular, Change::Write(new.into()))
                }
            };
            files.push(FilePatch::change(state, old.as_bytes(), at, mode, change).expect("a change"));
        }
        for name in ["made/a.rs", "made/b.rs"] {
            files.push(FilePatch::create(path(name), FileMode::Regular, text(9, name)).expect("a file"));
        }
        Self { old, patch: Patch::new(files).expect("a patch") }
    }

    fn plant(&self, root: &Path) {
        std::fs::create_dir_all(root.join("src")).expect("a folder can be made");
        for (name, text) in &self.old {
            std::fs::write(root.join(name), text).expect("a file can be written");
        }
    }
}

/// Lines of files that are longer than a page, so that a small file system is full in the middle.
const LONG: usize = 600;

fn tree_at(root: &Path) -> Tree {
    tree_of(&*real_disk(root))
}

/// What `.aether` holds but the empty folder of the records and their lock.
fn left_over(root: &Path) -> Vec<String> {
    let known = ["", "/patches", "/patches/lock"].map(|name| format!("{}/.aether{name}", root.display()));
    let all: BTreeMap<_, _> = everything_below(root);
    all.into_keys().filter(|at| at.contains("/.aether") && !known.contains(at)).collect()
}

/// Applies in a place that may be too small. Says whether it did.
fn apply_or_nothing(root: &Path, files: &TenFiles, about: &str) -> bool {
    let old = tree_at(root);
    match WorkTree::open(root).and_then(|tree| tree.apply_permitted(&files.patch, &PatchOptions::default())) {
        Ok(_) => {
            assert_ne!(tree_at(root), old, "{about}");
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ApplyErrorKind::DiskFull, "{about}: {error}");
            assert_eq!(tree_at(root), old, "{about}");
            assert_eq!(left_over(root), [""; 0], "{about}");
            false
        }
    }
}

fn run(command: &str, arguments: &[&str]) {
    let output = Command::new(command).args(arguments).output().expect("it can be run");
    assert!(output.status.success(), "{command} {arguments:?}: {output:?}");
}

/// A small file system of its own, for as long as the name space lives.
fn mounted(options: &str) -> PathBuf {
    let folder = scratch().keep();
    run("mount", &["-t", "tmpfs", "-o", options, "none", &folder.to_string_lossy()]);
    folder
}

/// Runs this test again, in a name space of its own and behind the words of `before`. `None` where that
/// cannot be done.
fn again(test: &str, job: &str, before: &[&str]) -> Option<Output> {
    let possible = Command::new("unshare").args(["-rm", "true"]).output();
    match &possible {
        Ok(output) if output.status.success() => {}
        other => {
            aether_core::conformance::skip(test, format!("no name space can be made here: {other:?}"));
            return None;
        }
    }
    let program = std::env::current_exe().expect("this program");
    let mut words = vec!["-rm"];
    words.extend(before);
    let output = Command::new("unshare")
        .args(words)
        .arg(program)
        .args(["--exact", &format!("patch::tests::space::{test}"), "--nocapture", "--test-threads=1"])
        .env(JOB, job)
        .output();
    Some(output.expect("it can be run"))
}

fn job() -> Option<String> {
    std::env::var(JOB).ok()
}

#[track_caller]
fn assert_passed(output: Option<Output>) {
    let Some(output) = output else { return };
    let told = [&output.stdout[..], &output.stderr].concat();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&told));
    println!("{}", String::from_utf8_lossy(&output.stdout));
}

/// Fills the rest of the file system up to `pages` pages.
fn fill(root: &Path, pages: usize) {
    let ballast = root.join("ballast");
    let free = rustix::fs::statvfs(root).expect("the system tells").f_bavail as usize;
    std::fs::write(ballast, vec![0; free.saturating_sub(pages) * 4_096]).expect("there is room for it");
}

#[test]
fn a_file_system_that_is_full_keeps_the_old_tree() {
    if job().is_none() {
        return assert_passed(again("a_file_system_that_is_full_keeps_the_old_tree", "full", &[]));
    }
    let files = TenFiles::new(LONG);
    let (mut refused, mut applied) = (0, 0);
    for pages in 0.. {
        let root = mounted("size=1m");
        files.plant(&root);
        fill(&root, pages);
        if apply_or_nothing(&root, &files, &format!("{pages} pages are free")) {
            applied += 1;
        } else {
            refused += 1;
            std::fs::remove_file(root.join("ballast")).expect("it can be removed");
            assert!(apply_or_nothing(&root, &files, "room was made"), "{pages} pages were free");
        }
        run("umount", &[&root.to_string_lossy()]);
        if applied == 3 {
            break;
        }
    }
    println!("{refused} sizes were too small");
    assert!(refused > 10, "{refused} sizes were too small");
}

#[test]
fn a_file_system_without_inodes_keeps_the_old_tree() {
    if job().is_none() {
        return assert_passed(again("a_file_system_without_inodes_keeps_the_old_tree", "inodes", &[]));
    }
    let files = TenFiles::new(LONG);
    let (mut refused, mut applied) = (0, 0);
    for inodes in 0.. {
        let root = mounted("size=4m,nr_inodes=100");
        files.plant(&root);
        let free = rustix::fs::statvfs(&root).expect("the system tells").f_ffree;
        std::fs::create_dir(root.join("many")).expect("a folder can be made");
        for index in 1..free.saturating_sub(inodes) {
            std::fs::write(root.join(format!("many/{index}")), "").expect("there is room for it");
        }
        if apply_or_nothing(&root, &files, &format!("{inodes} inodes are free")) {
            applied += 1;
        } else {
            refused += 1;
            std::fs::remove_dir_all(root.join("many")).expect("it can be removed");
            assert!(apply_or_nothing(&root, &files, "room was made"), "{inodes} inodes were free");
        }
        run("umount", &[&root.to_string_lossy()]);
        if applied == 3 {
            break;
        }
    }
    println!("{refused} numbers of inodes were too small");
    assert!(refused > 10, "{refused} numbers of inodes were too small");
}

#[test]
fn a_full_file_system_still_lets_a_patch_be_reverted() {
    if job().is_none() {
        return assert_passed(again("a_full_file_system_still_lets_a_patch_be_reverted", "revert", &[]));
    }
    let root = mounted("size=1m");
    let files = TenFiles::new(LONG);
    files.plant(&root);
    let old = tree_at(&root);
    let tree = WorkTree::open(&root).expect("it opens");
    let token = tree.apply_permitted(&files.patch, &PatchOptions::default()).expect("it applies").token;
    let new = tree_at(&root);
    fill(&root, 0);
    match tree.revert_as(&token, State::Reverting) {
        // What is put back lies in the record: it takes names, which may take room, but no bytes.
        Ok(_) => {}
        Err(error) => {
            assert_eq!(error.kind(), ApplyErrorKind::DiskFull, "{error}");
            std::fs::remove_file(root.join("ballast")).expect("it can be removed");
            assert_eq!(tree_at(&root), new);
            tree.revert_as(&token, State::Reverting).expect("it reverts");
        }
    }
    let _ = std::fs::remove_file(root.join("ballast"));
    assert_eq!(tree_at(&root), old);
}

#[test]
fn a_file_system_that_may_only_be_read_is_left_alone() {
    if job().is_none() {
        return assert_passed(again("a_file_system_that_may_only_be_read_is_left_alone", "read", &[]));
    }
    let root = mounted("size=1m");
    let files = TenFiles::new(LONG);
    files.plant(&root);
    let remount = |mode: &str| run("mount", &["-o", &format!("remount,{mode}"), &root.to_string_lossy()]);
    remount("ro");
    let before = everything_below(&root);
    let tree = WorkTree::open(&root).expect("nothing has to be written to open it");
    let error =
        tree.apply_permitted(&files.patch, &PatchOptions::default()).expect_err("it may only be read");
    assert_eq!(error.kind(), ApplyErrorKind::Io, "{error}");
    assert_eq!(everything_below(&root), before);
    remount("rw");
    let token = tree.apply_permitted(&files.patch, &PatchOptions::default()).expect("it applies").token;
    let applied = everything_below(&root);
    remount("ro");
    let error = tree.revert_as(&token, State::Reverting).expect_err("it may only be read");
    assert_eq!(error.kind(), ApplyErrorKind::Io, "{error}");
    assert_eq!(everything_below(&root), applied);
}

#[test]
fn a_process_that_is_killed_for_writing_too_much_leaves_the_old_tree() {
    const TEST: &str = "a_process_that_is_killed_for_writing_too_much_leaves_the_old_tree";
    // Short files, so that the plan is the longest one that is written.
    let files = TenFiles::new(20);
    if let Some(root) = job() {
        let tree = WorkTree::open(Path::new(&root)).expect("it opens");
        let _ = tree.apply_permitted(&files.patch, &PatchOptions::default());
        return;
    }
    let mut killed = 0;
    for limit in [0, 50, 150, 230, 1_000, 2_000, 100_000] {
        let root = scratch();
        files.plant(root.path());
        let old = tree_at(root.path());
        let limiter = ["prlimit", &format!("--fsize={limit}")];
        let Some(output) = again(TEST, &root.path().to_string_lossy(), &limiter) else { return };
        if limit == 100_000 {
            assert!(output.status.success(), "{output:?}");
            assert_ne!(tree_at(root.path()), old, "enough is enough");
            continue;
        }
        killed += usize::from(output.status.signal() == Some(SIGXFSZ));
        let tree = WorkTree::open(root.path()).expect("it opens");
        assert_eq!(tree_at(root.path()), old, "at most {limit} bytes: {output:?}");
        assert_eq!(left_over(root.path()), [""; 0], "at most {limit} bytes");
        tree.apply_permitted(&files.patch, &PatchOptions::default()).expect("it applies once it may");
    }
    assert_eq!(killed, 6, "each limit is too small");
}

#[test]
fn a_process_without_handles_keeps_the_old_tree() {
    const TEST: &str = "a_process_without_handles_keeps_the_old_tree";
    if let Some(root) = job() {
        let root = PathBuf::from(root);
        let files = TenFiles::new(LONG);
        files.plant(&root);
        let old = tree_at(&root);
        let mut outcomes = [0, 0];
        let limit = |limit: u64| {
            let limits = rustix::process::Rlimit { current: Some(limit), maximum: Some(4_096) };
            rustix::process::setrlimit(rustix::process::Resource::Nofile, limits).expect("it can be set");
        };
        for handles in 3..16 {
            let tree = WorkTree::open(&root).expect("it opens");
            limit(handles);
            let outcome = tree.apply_permitted(&files.patch, &PatchOptions::default());
            limit(4_096);
            outcomes[usize::from(outcome.is_ok())] += 1;
            match outcome {
                Ok(applied) => drop(tree.revert_as(&applied.token, State::Reverting).expect("it reverts")),
                Err(error) => {
                    assert_eq!(error.kind(), ApplyErrorKind::Io, "{handles} handles: {error}");
                    WorkTree::open(&root).expect("it opens");
                }
            }
            assert_eq!(tree_at(&root), old, "{handles} handles");
        }
        println!("{outcomes:?}");
        assert!(outcomes.iter().all(|&count| count > 0), "some are too few and some are not: {outcomes:?}");
        return;
    }
    let root = scratch();
    assert_passed(again(TEST, &root.path().to_string_lossy(), &[]));
}
