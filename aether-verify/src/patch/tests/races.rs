//! Somebody else changes files while a patch is applied: an editor that saves, a folder that becomes a link,
//! a second applier.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aether_core::base::RelPath;
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};

use super::case::{Case, Thing, everything_below, real_disk, scratch, tree_of};
use super::faulty::{Fault, FaultyDisk};
use crate::patch::{ApplyErrorKind, PatchOptions, PatchStanding, WorkTree};

/// What somebody does at one moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Deed {
    /// Saves as most editors do: a new file takes the place of the old one.
    Save,
    /// Writes into the file.
    Write,
    /// Removes the file.
    Remove,
    /// Puts a link to a file outside in its place.
    Link,
}

const SAVED: &[u8] = b"what somebody saved\n";

fn meddle(root: &Path, outside: &Path, path: &RelPath, deed: Deed) {
    let at = root.join(path.as_str());
    match deed {
        Deed::Save => {
            let aside = outside.with_extension("aside");
            std::fs::write(&aside, SAVED).expect("it can be written");
            std::fs::create_dir_all(at.parent().expect("it is in a folder")).expect("it can be made");
            std::fs::rename(&aside, &at).expect("it can be moved");
        }
        Deed::Write => {
            if let Ok(mut file) = std::fs::OpenOptions::new().write(true).truncate(true).open(&at) {
                std::io::Write::write_all(&mut file, SAVED).expect("it can be written");
            }
        }
        Deed::Remove => drop(std::fs::remove_file(&at)),
        Deed::Link => {
            let _ = std::fs::remove_file(&at);
            let _ = std::os::unix::fs::symlink(outside.join("file"), &at);
        }
    }
}

/// Does something to each path of a patch before each call of its application.
fn check(seed: u64, deed: Deed) {
    let case = Case::random(seed);
    let options = PatchOptions::default();
    let calls = {
        let root = scratch();
        case.plant(&*real_disk(root.path()));
        let counting = Arc::new(FaultyDisk::counting(real_disk(root.path())));
        let (tree, _) = WorkTree::with_disk(counting.clone()).expect("it opens");
        tree.apply_permitted(&case.patch, &options).expect("it applies");
        counting.calls()
    };
    let paths: Vec<RelPath> = case.patch.files().iter().flat_map(FilePatch::paths).cloned().collect();
    let mut outcomes = [0, 0];
    for path in &paths {
        for at in (0..calls).step_by(3) {
            let root = scratch();
            let outside = root.path().join("outside");
            let inside = root.path().join("tree");
            std::fs::create_dir(&outside).expect("a folder");
            std::fs::create_dir(&inside).expect("a folder");
            std::fs::write(outside.join("file"), "not yours\n").expect("a file");
            case.plant(&*real_disk(&inside));
            let before = everything_below(&outside);
            let (there, to, which) = (inside.clone(), outside.clone(), path.clone());
            let disk =
                FaultyDisk::meanwhile(real_disk(&inside), at, move || meddle(&there, &to, &which, deed));
            let outcome = WorkTree::with_disk(Arc::new(disk))
                .and_then(|(tree, _)| tree.apply_permitted(&case.patch, &options));
            let about = format!("{deed:?} of {path} before call {at} of case {seed}: {outcome:?}");
            assert_eq!(everything_below(&outside), before, "nothing outside is touched: {about}");
            let real = real_disk(&inside);
            let (tree, _) = WorkTree::with_disk(real.clone()).expect("it opens again");
            let mut found = tree_of(&*real);
            let whole = if outcome.is_ok() { &case.new } else { &case.old };
            outcomes[usize::from(outcome.is_ok())] += 1;
            match (deed, found.get(path)) {
                (Deed::Save, Some(Thing::File { bytes, .. })) if bytes == SAVED => {}
                (Deed::Save, other) => panic!("what was saved is gone, {other:?} is there: {about}"),
                _ => {}
            }
            // All other paths are of one version. Folders around what was meddled with come and go with it.
            let mut whole = whole.clone();
            for tree in [&mut found, &mut whole] {
                tree.retain(|at, thing| at != path && *thing != (Thing::Folder { mode: 0o755 }));
            }
            let torn = tree
                .patches()
                .expect("they are listed")
                .iter()
                .any(|patch| patch.standing == PatchStanding::Torn);
            assert_eq!(found, whole, "torn: {torn}, {about}");
        }
    }
    assert!(outcomes.iter().all(|&count| count > 0), "some are refused and some are not: {outcomes:?}");
}

#[test]
fn what_an_editor_saves_meanwhile_is_kept() {
    check(5, Deed::Save);
}

#[test]
fn what_is_written_meanwhile_does_not_make_a_mixture() {
    check(5, Deed::Write);
}

#[test]
fn what_is_removed_meanwhile_does_not_make_a_mixture() {
    check(5, Deed::Remove);
}

#[test]
fn a_link_that_appears_meanwhile_is_not_followed() {
    check(5, Deed::Link);
}

#[test]
fn a_folder_that_becomes_a_link_meanwhile_is_not_followed() {
    let old = b"old\n";
    let name = RelPath::new("src/lib.rs").expect("a path");
    let state = FileState::of(name, FileMode::Regular, old);
    let patch = Patch::new(vec![
        FilePatch::edit(
            state,
            old,
            vec![aether_core::change::Edit::new(aether_core::base::ByteSpan::new(0, 3), "new")],
        )
        .expect("an edit"),
        FilePatch::create(RelPath::new("src/more.rs").expect("a path"), FileMode::Regular, "more\n")
            .expect("a file"),
    ])
    .expect("a patch");
    let mut refused = 0;
    for at in 0..200 {
        let root = scratch();
        let (inside, outside) = (root.path().join("tree"), root.path().join("outside"));
        for folder in [&inside, &outside] {
            std::fs::create_dir_all(folder.join("src")).expect("a folder");
            std::fs::write(folder.join("src/lib.rs"), old).expect("a file");
        }
        let before = everything_below(&outside);
        let (there, to) = (inside.clone(), outside.clone());
        let disk = FaultyDisk::meanwhile(real_disk(&inside), at, move || swap_for_link(&there, &to));
        let outcome = WorkTree::with_disk(Arc::new(disk))
            .and_then(|(tree, _)| tree.apply_permitted(&patch, &PatchOptions::default()));
        assert_eq!(everything_below(&outside), before, "before call {at}: {outcome:?}");
        refused += usize::from(outcome.is_err());
    }
    assert!(refused > 20, "{refused} were refused");
}

fn swap_for_link(inside: &Path, outside: &Path) {
    std::fs::rename(inside.join("src"), inside.join("was")).expect("it can be moved");
    std::os::unix::fs::symlink(outside.join("src"), inside.join("src")).expect("a link can be made");
}

#[test]
fn two_who_apply_at_once_take_turns() {
    let root = scratch();
    let file: PathBuf = root.path().join("count");
    std::fs::write(&file, "0\n").expect("a file");
    let applied = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let tree = WorkTree::open(root.path()).expect("it opens");
                for _ in 0..25 {
                    let old = std::fs::read(&file).expect("it can be read");
                    let count: u64 =
                        String::from_utf8_lossy(&old).trim().parse().expect("it is never half a file");
                    let name = RelPath::new("count").expect("a path");
                    let state = FileState::of(name.clone(), FileMode::Regular, &old);
                    let new = Change::Write(format!("{}\n", count + 1).into());
                    let file =
                        FilePatch::change(state, &old, name, FileMode::Regular, new).expect("a change");
                    match tree
                        .apply_permitted(&Patch::new(vec![file]).expect("a patch"), &PatchOptions::default())
                    {
                        Ok(_) => drop(applied.fetch_add(1, Ordering::Relaxed)),
                        Err(error) => assert_eq!(error.kind(), ApplyErrorKind::StaleBase, "{error}"),
                    }
                }
            });
        }
    });
    let count = std::fs::read_to_string(&file).expect("it can be read");
    assert_eq!(count.trim().parse(), Ok(applied.load(Ordering::Relaxed)), "no application is lost");
    let tree = WorkTree::open(root.path()).expect("it opens");
    assert_eq!(tree.patches().expect("they are listed").len() as u64, applied.into_inner());
}

#[test]
fn what_cannot_be_finished_any_more_is_undone() {
    let name = |index: usize| RelPath::new(format!("file{index}")).expect("a path");
    let files = (0..4).map(|index| {
        let state = FileState::of(name(index), FileMode::Regular, b"old\n");
        FilePatch::change(state, b"old\n", name(index), FileMode::Regular, Change::Write("new\n".into()))
    });
    let patch = Patch::new(files.collect::<Result<_, _>>().expect("changes")).expect("a patch");
    let mut undone = 0;
    for at in 0..150 {
        let root = scratch();
        (0..4).for_each(|index| {
            std::fs::write(root.path().join(format!("file{index}")), "old\n").expect("a file")
        });
        // Nothing works any more from one call on, as if the process had ended there.
        let fault = Fault::Error(rustix::io::Errno::IO.raw_os_error());
        let disk = Arc::new(FaultyDisk::new(real_disk(root.path()), at, fault, true));
        let _ = WorkTree::with_disk(disk)
            .and_then(|(tree, _)| tree.apply_permitted(&patch, &PatchOptions::default()));
        let held = |index: usize| std::fs::read(root.path().join(format!("file{index}"))).expect("a file");
        // In between: some are new, and the last one is not.
        if held(0) != b"new\n" || held(3) != b"old\n" {
            continue;
        }
        std::fs::write(root.path().join("file3"), SAVED).expect("a file");
        let (tree, recovered) = WorkTree::recover(root.path()).expect("it opens");
        assert_eq!((recovered.finished.len(), recovered.undone.len()), (0, 1), "after call {at}");
        assert_eq!((held(0), held(3)), (b"old\n".to_vec(), SAVED.to_vec()), "after call {at}");
        assert_eq!(tree.patches().expect("they are listed"), [], "after call {at}");
        undone += 1;
    }
    assert!(undone > 3, "{undone} applications were interrupted in between");
}
