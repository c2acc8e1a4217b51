//! Edits, conflicts, and records that contradict themselves.

use super::{Change, Edit, FileMode, FilePatch, FileState, Patch, PatchErrorKind};
use crate::base::{ByteSpan, RelPath};

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

fn state(text: &str, content: &str) -> FileState {
    FileState::of(path(text), FileMode::Regular, content.as_bytes())
}

fn edit(start: u32, end: u32, content: &str) -> Edit {
    Edit::new(ByteSpan { start, end }, content)
}

#[track_caller]
fn check_edits(old: &str, edits: &[Edit], expected: Result<&str, PatchErrorKind>) {
    let before = state("a", old);
    let made = FilePatch::edit(before, old.as_bytes(), edits.to_vec());
    match (&made, expected) {
        (Ok(file), Ok(new)) => {
            let found = file.apply(Some(old.as_bytes())).expect("it fits").expect("it stays");
            assert_eq!(String::from_utf8_lossy(&found), new);
            let back = file.invert(Some(old.as_bytes())).expect("it can be inverted");
            assert_eq!(back.apply(Some(new.as_bytes())), Ok(Some(old.as_bytes().to_vec())));
        }
        (Err(error), Err(kind)) => assert_eq!(error.kind(), kind),
        _ => panic!("{made:?} is not {expected:?}"),
    }
}

#[test]
fn edits_are_made_at_their_places() {
    check_edits("abc", &[edit(1, 2, "X")], Ok("aXc"));
    check_edits("abc", &[edit(0, 1, ""), edit(2, 3, "yz")], Ok("byz"));
    check_edits("abc", &[edit(0, 1, "A"), edit(1, 2, "B")], Ok("ABc"));
    check_edits("abc", &[edit(3, 3, "d")], Ok("abcd"));
    check_edits("", &[edit(0, 0, "x")], Ok("x"));
}

#[test]
fn edits_that_contradict_each_other_are_refused() {
    for edits in [
        vec![edit(1, 3, "x"), edit(2, 3, "y")],
        vec![edit(2, 3, "x"), edit(0, 1, "y")],
        vec![edit(1, 1, "x"), edit(1, 1, "y")],
        vec![edit(1, 1, "x"), edit(1, 2, "y")],
        vec![edit(2, 1, "x")],
        vec![edit(0, 4, "x")],
        vec![edit(4, 4, "x")],
        vec![edit(u32::MAX, u32::MAX, "x")],
        vec![edit(1, 1, ""), edit(2, 3, "x")],
    ] {
        check_edits("abc", &edits, Err(PatchErrorKind::BadEdits));
    }
    check_edits("abc", &[], Err(PatchErrorKind::NoChange));
    check_edits("abc", &[edit(0, 1, "a")], Err(PatchErrorKind::NoChange));
}

#[test]
fn a_patch_fits_one_version_alone() {
    let file = FilePatch::edit(state("a", "abc"), b"abc", vec![edit(0, 1, "x")]).expect("an edit");
    for other in [Some(&b"abd"[..]), Some(b""), Some(b"abcd"), None] {
        assert_eq!(file.apply(other).expect_err("another version").kind(), PatchErrorKind::StaleBase);
    }
    let made = FilePatch::create(path("b"), FileMode::Regular, "b").expect("a file");
    assert_eq!(made.apply(Some(b"")).expect_err("it is there").kind(), PatchErrorKind::StaleBase);
    let error =
        FilePatch::edit(state("a", "abc"), b"abd", vec![edit(0, 1, "x")]).expect_err("another version");
    assert_eq!(error.to_string(), "a is another version than the one that the patch was made for");
}

#[track_caller]
fn check_conflict(files: Vec<FilePatch>, at: &str) {
    let error = Patch::new(files).expect_err("they are in each other's way");
    assert_eq!((error.kind(), error.path()), (PatchErrorKind::PathConflict, Some(&path(at))));
}

#[test]
fn files_of_a_patch_are_apart() {
    let create = |at: &str| FilePatch::create(path(at), FileMode::Regular, at).expect("a file");
    let delete = |at: &str| FilePatch::delete(state(at, at)).expect("a file");
    let rename = |from: &str, to: &str| {
        FilePatch::change(state(from, from), from.as_bytes(), path(to), FileMode::Regular, Change::Keep)
            .expect("a move")
    };
    check_conflict(vec![create("a"), create("a")], "a");
    check_conflict(vec![create("a"), delete("a")], "a");
    check_conflict(vec![create("a/b"), create("a")], "a");
    check_conflict(vec![create("a/b/c"), delete("a")], "a");
    check_conflict(vec![rename("a", "b"), rename("b", "c")], "b");
    check_conflict(vec![rename("a", "b"), rename("b", "a")], "b");
    check_conflict(vec![rename("a", "a/b")], "a");
    assert_eq!(Patch::new(vec![]).expect_err("nothing").kind(), PatchErrorKind::Empty);
    let patch =
        Patch::new(vec![create("b"), create("a.b"), create("a"), delete("c/d")]).expect("they are apart");
    let paths: Vec<&str> = patch.files().iter().map(|file| file.path().as_str()).collect();
    assert_eq!(paths, ["a", "a.b", "b", "c/d"]);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let create = |at: &str| FilePatch::create(path(at), FileMode::Regular, at).expect("a file");
    let one = Patch::new(vec![create("a"), create("b")]).expect("a patch");
    let other = Patch::new(vec![create("b"), create("a")]).expect("a patch");
    assert_eq!(one.hash(), other.hash());
    let third = Patch::new(vec![create("a"), create("c")]).expect("a patch");
    assert_ne!(one.hash(), third.hash());
}

#[track_caller]
fn check_refused(change: impl FnOnce(&mut serde_json::Value)) {
    let file = FilePatch::edit(state("a", "abc"), b"abc", vec![edit(0, 1, "x")]).expect("an edit");
    let mut value = serde_json::to_value(Patch::new(vec![file]).expect("a patch")).expect("it is JSON");
    assert!(serde_json::from_value::<Patch>(value.clone()).is_ok());
    change(&mut value);
    assert!(serde_json::from_value::<Patch>(value.clone()).is_err(), "{value}");
}

#[test]
fn json_that_contradicts_itself_is_refused() {
    check_refused(|patch| patch["schema_version"] = 2.into());
    check_refused(|patch| patch["more"] = 1.into());
    check_refused(|patch| patch["files"] = serde_json::json!([]));
    check_refused(|patch| patch["files"][0]["after"]["bytes"] = 4.into());
    check_refused(|patch| patch["files"][0]["before"]["bytes"] = 0.into());
    check_refused(|patch| patch["files"][0]["after"]["path"] = "".into());
    check_refused(|patch| patch["files"][0]["after"]["path"] = "../a".into());
    check_refused(|patch| patch["files"][0]["after"]["mode"] = "setuid".into());
    check_refused(|patch| patch["files"][0]["change"] = "keep".into());
    check_refused(|patch| patch["files"][0]["change"] = serde_json::json!({"write": {"text": "other"}}));
    check_refused(|patch| {
        patch["files"][0]["change"]["edit"][0]["content"] = serde_json::json!({"hex": "78"})
    });
    check_refused(|patch| patch["files"][0]["change"]["edit"][0]["span"]["end"] = 9.into());
    check_refused(|patch| {
        patch["files"][0].as_object_mut().expect("an object").remove("after");
    });
    check_refused(|patch| {
        let file = patch["files"][0].as_object_mut().expect("an object");
        file.remove("after");
        file.remove("before");
    });
    check_refused(|patch| {
        let again = patch["files"][0].clone();
        patch["files"].as_array_mut().expect("an array").push(again);
    });
}
