//! The tree is not what the patch was made for.

use aether_core::base::ByteSpan;
use aether_core::change::{Change, Edit, FileMode, FilePatch, FileState};

use super::case::{Case, check_all, create, edit, path};
use super::sandbox::{BINARY, BLANK, CRLF, NOT_UTF8, NOTES, OPEN};

const GROUP: &str = "files";
const STALE: &str = "patch.stale_base";
const MISMATCH: &str = "patch.mismatch";
const EXISTS: &str = "patch.exists";
const MISSING: &str = "patch.missing";

pub(super) fn cases() -> Vec<Case> {
    let state = |at: &str, mode: FileMode, bytes: &[u8]| FileState::of(path(at), mode, bytes);
    let regular = |at: &str, bytes: &[u8]| state(at, FileMode::Regular, bytes);
    let edited = |at: &str, bytes: &[u8]| {
        FilePatch::edit(regular(at, bytes), bytes, vec![Edit::new(ByteSpan::new(0, 1), "new")])
    };
    let moved = |from: &str, bytes: &[u8], to: &str| {
        FilePatch::change(regular(from, bytes), bytes, path(to), FileMode::Regular, Change::Keep)
    };
    let made = |at: &str| FilePatch::create(path(at), FileMode::Regular, "new\n");
    let notes = NOTES.as_bytes();
    let whole = |lines: &str| -> String { lines.lines().map(|line| format!("-{line}\n")).collect() };
    let removal = |name: &str, count: usize, lines: &str| {
        format!(
            "diff --git a/{name} b/{name}\ndeleted file mode 100644\n--- a/{name}\n+++ /dev/null\n@@ -1,{count} +0,0 @@\n{lines}"
        )
    };
    vec![
        Case::diff(GROUP, "new file over a file", create("notes.txt"), EXISTS),
        Case::diff(GROUP, "new file over an empty file", create("empty.txt"), EXISTS),
        Case::diff(
            GROUP,
            "new empty file over a file",
            "diff --git a/notes.txt b/notes.txt\nnew file mode 100644\n",
            EXISTS,
        ),
        Case::diff(
            GROUP,
            "bare new file over a file",
            "--- /dev/null\n+++ b/notes.txt\n@@ -0,0 +1 @@\n+new\n",
            EXISTS,
        ),
        Case::patch(GROUP, "made over a file", vec![made("src/lib.rs")], EXISTS),
        Case::patch(GROUP, "moved over a file", vec![moved("notes.txt", notes, "run.sh")], EXISTS),
        Case::patch(
            GROUP,
            "moved over a file that moves away",
            vec![moved("notes.txt", notes, "src/lib.rs"), made("other")],
            EXISTS,
        ),
        Case::diff(
            GROUP,
            "copy over a file",
            "diff --git a/notes.txt b/run.sh\ncopy from notes.txt\ncopy to run.sh\n",
            EXISTS,
        ),
        Case::diff(
            GROUP,
            "copy of a file onto itself",
            "diff --git a/notes.txt b/notes.txt\ncopy from notes.txt\ncopy to notes.txt\n",
            EXISTS,
        ),
        Case::diff(GROUP, "change of a file that is not there", edit("none.txt", "one"), MISSING),
        Case::diff(GROUP, "change in a folder that is not there", edit("none/none.txt", "one"), MISSING),
        Case::diff(
            GROUP,
            "rename of a file that is not there",
            "diff --git a/none.txt b/x\nrename from none.txt\nrename to x\n",
            MISSING,
        ),
        Case::diff(
            GROUP,
            "copy of a file that is not there",
            "diff --git a/none.txt b/x\ncopy from none.txt\ncopy to x\n",
            MISSING,
        ),
        Case::diff(GROUP, "removal of a file that is not there", removal("none.txt", 1, "-one\n"), MISSING),
        Case::diff(
            GROUP,
            "mode of a file that is not there",
            "diff --git a/none b/none\nold mode 100644\nnew mode 100755\n",
            MISSING,
        ),
        Case::patch(GROUP, "edit of a file that is not there", vec![edited("none.txt", notes)], MISSING),
        Case::patch(GROUP, "removed twice", vec![FilePatch::delete(regular("gone.txt", b"gone\n"))], MISSING),
        Case::patch(
            GROUP,
            "one byte more",
            vec![edited("notes.txt", format!("{NOTES}\n").as_bytes())],
            STALE,
        ),
        Case::patch(
            GROUP,
            "same length, other bytes",
            vec![edited("notes.txt", NOTES.to_uppercase().as_bytes())],
            STALE,
        ),
        Case::patch(
            GROUP,
            "other newlines",
            vec![edited("crlf.txt", CRLF.replace('\r', "").as_bytes())],
            STALE,
        ),
        Case::patch(GROUP, "newline at the end", vec![edited("open.txt", b"one\ntwo\n")], STALE),
        Case::patch(GROUP, "byte order mark", vec![edited("bom.txt", b"one\ntwo\n")], STALE),
        Case::patch(
            GROUP,
            "removal of another version",
            vec![FilePatch::delete(regular("notes.txt", b"one\n"))],
            STALE,
        ),
        Case::patch(
            GROUP,
            "removal of an empty version",
            vec![FilePatch::delete(regular("notes.txt", b""))],
            STALE,
        ),
        Case::patch(
            GROUP,
            "removal of a program as a file",
            vec![FilePatch::delete(regular("run.sh", b"#!/bin/sh\n"))],
            STALE,
        ),
        Case::patch(
            GROUP,
            "removal of a file as a program",
            vec![FilePatch::delete(state("notes.txt", FileMode::Executable, notes))],
            STALE,
        ),
        Case::patch(
            GROUP,
            "stale one behind sound ones",
            vec![made("a-new.txt"), edited("crlf.txt", CRLF.as_bytes()), edited("open.txt", b"stale")],
            STALE,
        ),
        Case::patch(GROUP, "move of another version", vec![moved("notes.txt", b"one\n", "x")], STALE),
        Case::diff(
            GROUP,
            "mode that it does not have",
            "diff --git a/notes.txt b/notes.txt\nold mode 100755\nnew mode 100644\n",
            STALE,
        ),
        Case::diff(
            GROUP,
            "removal with a mode that it does not have",
            removal("notes.txt", 10, &whole(NOTES)).replace("100644", "100755"),
            STALE,
        ),
        Case::diff(
            GROUP,
            "removal of some lines",
            removal("notes.txt", 9, &whole(&NOTES[..NOTES.len() - 4])),
            MISMATCH,
        ),
        Case::diff(
            GROUP,
            "removal without lines",
            "diff --git a/notes.txt b/notes.txt\ndeleted file mode 100644\n",
            MISMATCH,
        ),
        Case::diff(GROUP, "removal of other lines", removal("notes.txt", 1, "-eins\n"), MISMATCH),
        Case::diff(GROUP, "other line", edit("notes.txt", "eins"), MISMATCH),
        Case::diff(GROUP, "line in capitals", edit("notes.txt", "ONE"), MISMATCH),
        Case::diff(GROUP, "line with a blank more", edit("notes.txt", "one "), MISMATCH),
        Case::diff(GROUP, "line without its return", edit("crlf.txt", "one"), MISMATCH),
        Case::diff(GROUP, "line with a return more", edit("notes.txt", "one\r"), MISMATCH),
        Case::diff(GROUP, "line without its mark", edit("bom.txt", "one"), MISMATCH),
        Case::diff(GROUP, "line of other bytes", edit("latin.txt", "caf\u{e9}"), MISMATCH),
        Case::diff(GROUP, "line of an empty file", edit("empty.txt", ""), MISMATCH),
        Case::patch(GROUP, "data that is text", vec![edited("data.bin", NOT_UTF8)], STALE),
        Case::patch(GROUP, "text that is data", vec![edited("blank.txt", BINARY)], STALE),
        Case::patch(
            GROUP,
            "empty that is not",
            vec![edited("empty.txt", OPEN.as_bytes()), edited("blank.txt", BLANK.as_bytes())],
            STALE,
        ),
    ]
}

#[test]
fn a_tree_that_is_another_one() {
    check_all(&cases());
}
