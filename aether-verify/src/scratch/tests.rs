//! The copy follows the tree whatever a candidate or a build does to it, and cargo sees every change.

use std::path::Path;
use std::process::Command;

use aether_core::base::{ByteSpan, Cancel, RelPath};
use aether_core::change::{Edit, FileMode, FilePatch, FileState, Patch};

use super::{Scratch, ScratchErrorKind, ScratchLimits, Synced};

struct Fixture {
    tree: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        let fixture = Self {
            tree: tempfile::tempdir().expect("a folder"),
            home: tempfile::tempdir().expect("a folder"),
        };
        files.iter().for_each(|(name, text)| fixture.put(name, text));
        fixture
    }

    fn put(&self, name: &str, text: &str) {
        let at = self.tree.path().join(name);
        std::fs::create_dir_all(at.parent().expect("it is in a folder")).expect("a folder");
        std::fs::write(at, text).expect("a file");
    }

    fn open(&self) -> Scratch {
        Scratch::open(self.tree.path(), self.home.path(), ScratchLimits::default()).expect("it opens")
    }
}

fn sync(scratch: &mut Scratch) -> (u64, u64) {
    let Synced { written, removed, .. } = scratch.sync(&Cancel::new()).expect("it is synced");
    (written, removed)
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

fn replace(name: &str, old: &str, new: &str) -> Patch {
    let state = FileState::of(path(name), FileMode::Regular, old.as_bytes());
    let edit = Edit::new(ByteSpan::new(0, old.len() as u32), new);
    Patch::new(vec![FilePatch::edit(state, old.as_bytes(), vec![edit]).expect("an edit")]).expect("a patch")
}

fn held(scratch: &Scratch, name: &str) -> Option<String> {
    std::fs::read_to_string(scratch.folder().join(name)).ok()
}

#[test]
fn what_is_not_built_is_not_copied() {
    let fixture = Fixture::new(&[
        ("src/lib.rs", "a"),
        (".git/HEAD", "ref"),
        (".aether/aether.db", "db"),
        ("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
        ("target/debug/lib", "bytes"),
        ("targets/CACHEDIR.TAG", "not the signature"),
    ]);
    let mut scratch = fixture.open();
    assert_eq!(sync(&mut scratch), (2, 0));
    assert_eq!(held(&scratch, "src/lib.rs").as_deref(), Some("a"));
    assert_eq!(held(&scratch, "targets/CACHEDIR.TAG").as_deref(), Some("not the signature"));
    assert!(!scratch.folder().join("target").exists() && !scratch.folder().join(".git").exists());
}

#[test]
fn a_second_sync_reads_no_file() {
    let fixture = Fixture::new(&[("a", "1"), ("b/c", "2")]);
    let mut scratch = fixture.open();
    assert_eq!(sync(&mut scratch), (2, 0));
    let again = scratch.sync(&Cancel::new()).expect("it is synced");
    assert_eq!(again, Synced::default());
    drop(scratch);
    let again = fixture.open().sync(&Cancel::new()).expect("it is synced");
    assert_eq!(again, Synced::default(), "what is known outlives the process");
}

#[test]
fn what_changes_in_the_tree_is_copied() {
    let fixture = Fixture::new(&[("a", "1"), ("b/c", "2"), ("d", "3")]);
    let mut scratch = fixture.open();
    sync(&mut scratch);
    fixture.put("a", "one");
    std::fs::remove_dir_all(fixture.tree.path().join("b")).expect("it can be removed");
    // A file where a folder was, and a folder where a file was.
    fixture.put("b", "file");
    std::fs::remove_file(fixture.tree.path().join("d")).expect("it can be removed");
    fixture.put("d/e", "4");
    assert_eq!(sync(&mut scratch), (3, 2));
    assert_eq!(held(&scratch, "a").as_deref(), Some("one"));
    assert_eq!(held(&scratch, "b").as_deref(), Some("file"));
    assert_eq!(held(&scratch, "d/e").as_deref(), Some("4"));
}

#[test]
fn what_a_candidate_or_a_build_does_is_undone() {
    let fixture = Fixture::new(&[("a", "1\n"), ("b", "2\n")]);
    let mut scratch = fixture.open();
    sync(&mut scratch);
    scratch.try_patch(&replace("a", "1\n", "one\n")).expect("it fits");
    assert_eq!(held(&scratch, "a").as_deref(), Some("one\n"));
    assert_eq!(std::fs::read(fixture.tree.path().join("a")).expect("a file"), b"1\n");
    // A build writes over a file of the same length and sets its time back, makes files, removes one.
    let at = scratch.folder().join("b");
    let time = at.metadata().expect("it is there").modified().expect("a time");
    std::fs::write(&at, "X\n").expect("a file");
    let file = std::fs::File::options().append(true).open(&at).expect("a file");
    file.set_times(std::fs::FileTimes::new().set_modified(time)).expect("a time");
    std::fs::create_dir(scratch.folder().join("made")).expect("a folder");
    std::fs::write(scratch.folder().join("made/by.build"), "!").expect("a file");
    assert_eq!(sync(&mut scratch), (2, 1));
    assert_eq!(held(&scratch, "a").as_deref(), Some("1\n"));
    assert_eq!(held(&scratch, "b").as_deref(), Some("2\n"));
    assert!(!scratch.folder().join("made").exists());
    std::fs::remove_file(scratch.folder().join("b")).expect("it can be removed");
    assert_eq!(sync(&mut scratch), (1, 0));
    assert_eq!(held(&scratch, "b").as_deref(), Some("2\n"));
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let fixture = Fixture::new(&[("a", "1\n"), ("b", "2\n")]);
    let mut scratch = fixture.open();
    sync(&mut scratch);
    let mut files = replace("a", "1\n", "one\n").into_files();
    files.extend(replace("b", "other\n", "two\n").into_files());
    let error = scratch.try_patch(&Patch::new(files).expect("a patch")).expect_err("it does not fit");
    assert_eq!(error.kind(), ScratchErrorKind::BadPatch);
    assert_eq!(held(&scratch, "a").as_deref(), Some("1\n"));
}

#[test]
fn a_link_that_a_build_made_is_not_followed() {
    let fixture = Fixture::new(&[("a/b", "1\n")]);
    let mut scratch = fixture.open();
    sync(&mut scratch);
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("b"), "1\n").expect("a file");
    std::fs::remove_dir_all(scratch.folder().join("a")).expect("it can be removed");
    std::os::unix::fs::symlink(outside.path(), scratch.folder().join("a")).expect("a link");
    let error = scratch.try_patch(&replace("a/b", "1\n", "one\n")).expect_err("it leads out");
    assert_eq!(error.kind(), ScratchErrorKind::BadPatch);
    assert_eq!(std::fs::read(outside.path().join("b")).expect("a file"), b"1\n");
    sync(&mut scratch);
    assert_eq!(held(&scratch, "a/b").as_deref(), Some("1\n"));
    assert_eq!(std::fs::read(outside.path().join("b")).expect("a file"), b"1\n");
}

#[test]
fn no_file_is_shared_with_the_tree() {
    let fixture = Fixture::new(&[("a", "1\n")]);
    std::os::unix::fs::symlink("a", fixture.tree.path().join("link")).expect("a link");
    let mut scratch = fixture.open();
    sync(&mut scratch);
    std::fs::write(scratch.folder().join("link"), "written through\n").expect("a file");
    std::fs::write(scratch.folder().join("a"), "written\n").expect("a file");
    assert_eq!(std::fs::read(fixture.tree.path().join("a")).expect("a file"), b"1\n");
    sync(&mut scratch);
    assert_eq!(held(&scratch, "a").as_deref(), Some("1\n"));
}

#[test]
fn one_worker_has_it_at_a_time_and_not_inside_of_the_tree() {
    let fixture = Fixture::new(&[("a", "1\n")]);
    let open = |home: &Path| {
        Scratch::open(fixture.tree.path(), home, ScratchLimits::default()).map_err(|error| error.kind())
    };
    let scratch = open(fixture.home.path()).expect("it opens");
    assert_eq!(open(fixture.home.path()).expect_err("it is taken"), ScratchErrorKind::InUse);
    drop(scratch);
    assert!(open(fixture.home.path()).is_ok());
    assert!(open(&fixture.tree.path().join(".aether/scratch/0")).is_ok());
    assert_eq!(open(&fixture.tree.path().join("scratch")).expect_err("inside"), ScratchErrorKind::BadPlace);
    let around = fixture.tree.path().parent().expect("it is in a folder");
    assert_eq!(open(around).expect_err("around"), ScratchErrorKind::BadPlace);
}

#[test]
fn limits_hold() {
    let fixture = Fixture::new(&[("a", "12345"), ("b", "12345")]);
    for limits in [
        ScratchLimits { max_entries: 1, ..ScratchLimits::default() },
        ScratchLimits { max_total_bytes: 9, ..ScratchLimits::default() },
    ] {
        let mut scratch = Scratch::open(fixture.tree.path(), fixture.home.path(), limits).expect("it opens");
        let error = scratch.sync(&Cancel::new()).expect_err("it is too large");
        assert_eq!(error.kind(), ScratchErrorKind::TooLarge);
    }
}

#[test]
fn a_sync_that_is_cancelled_goes_on_later() {
    let fixture = Fixture::new(&[("a", "1")]);
    let mut scratch = fixture.open();
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(scratch.sync(&cancel).expect_err("cancelled").kind(), ScratchErrorKind::Cancelled);
    assert_eq!(sync(&mut scratch), (1, 0));
}

/// Whether cargo accepts what the copy holds.
fn is_green(scratch: &Scratch) -> bool {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(scratch.folder())
        .env("CARGO_TARGET_DIR", scratch.target())
        .output()
        .expect("cargo can be started");
    output.status.success()
}

#[test]
fn cargo_sees_every_change_and_every_way_back() {
    let good = "pub fn one() -> u32 {\n    1\n}\n";
    let bad = "pub fn one() -> u32 {\n    \"\"\n}\n";
    let manifest = "[package]\nname = \"one\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";
    let fixture = Fixture::new(&[("Cargo.toml", manifest), ("src/lib.rs", good)]);
    // Older than anything that is built.
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let source =
        std::fs::File::options().append(true).open(fixture.tree.path().join("src/lib.rs")).expect("a file");
    source.set_times(std::fs::FileTimes::new().set_modified(old)).expect("a time");
    let mut scratch = fixture.open();
    sync(&mut scratch);
    let kept =
        scratch.folder().join("src/lib.rs").metadata().expect("it is there").modified().expect("a time");
    assert_eq!(kept, old, "a file keeps its time when it is copied first");
    assert!(is_green(&scratch));
    for _ in 0..2 {
        scratch.try_patch(&replace("src/lib.rs", good, bad)).expect("it fits");
        assert!(!is_green(&scratch), "the change is seen");
        sync(&mut scratch);
        assert!(is_green(&scratch), "the way back is seen");
    }
    // In the tree, a file of another content may have any time.
    fixture.put("src/lib.rs", bad);
    let source =
        std::fs::File::options().append(true).open(fixture.tree.path().join("src/lib.rs")).expect("a file");
    source.set_times(std::fs::FileTimes::new().set_modified(old)).expect("a time");
    sync(&mut scratch);
    assert!(!is_green(&scratch), "a change with an old time is seen");
    assert!(!fixture.tree.path().join("target").exists(), "nothing is built in the tree");
}
