//! What stands at a path is not a file of the tree, or leads somewhere else.

use aether_core::change::{Change, FileMode, FilePatch, FileState};

use super::case::{Case, check_all, create, edit, path};
use super::sandbox::{NOTES, has_devices};

const GROUP: &str = "targets";
const SYMLINK: &str = "patch.symlink";
const NOT_A_FILE: &str = "patch.not_a_file";
const HARD_LINK: &str = "patch.hard_link";
const UNSUPPORTED: &str = "patch.unsupported";

/// New files at or below what is no folder.
const NEW: [(&str, &str, &str); 21] = [
    ("file at a link to a file", "to-file", SYMLINK),
    ("file at a link to a file outside", "to-secret", SYMLINK),
    ("file at a link to a folder", "to-inside", SYMLINK),
    ("file at a link to a folder outside", "to-outside", SYMLINK),
    ("file at a link to nowhere", "dangling", SYMLINK),
    ("file at a link to nowhere outside", "dangling-outside", SYMLINK),
    ("file at a loop", "loop-a", SYMLINK),
    ("file below a link inside", "to-inside/new.rs", SYMLINK),
    ("file below a link outside", "to-outside/new.txt", SYMLINK),
    ("file deep below a link outside", "to-outside/deep/new.txt", SYMLINK),
    ("file in a new folder below a link outside", "to-outside/fresh/new.txt", SYMLINK),
    ("file below an absolute link", "to-absolute/new.txt", SYMLINK),
    ("file below a link in a folder", "src/up/new.txt", SYMLINK),
    ("file below a link to nowhere", "dangling/new.txt", SYMLINK),
    ("file below a loop", "loop-a/new.txt", SYMLINK),
    ("file below a link to the folder itself", "to-self/to-self/new.txt", SYMLINK),
    ("file below a link to git", "to-git/hooks/x", SYMLINK),
    ("file below a file", "notes.txt/new.txt", NOT_A_FILE),
    ("file below a pipe", "pipe/new.txt", NOT_A_FILE),
    ("file at a folder", "src", NOT_A_FILE),
    ("file at an empty folder", "hollow", NOT_A_FILE),
];

/// Changes of what is no file of the tree alone. The line is what stands behind a link.
const CHANGED: [(&str, &str, &str, &str); 14] = [
    ("change through a link", "to-file", "one", SYMLINK),
    ("change through a link outside", "to-secret", "secret", SYMLINK),
    ("change below a link", "to-inside/lib.rs", "pub fn f() {}", SYMLINK),
    ("change below a link outside", "to-outside/secret.txt", "secret", SYMLINK),
    ("change below an absolute link", "to-absolute/secret.txt", "secret", SYMLINK),
    ("change below a link in a folder", "src/up/secret.txt", "secret", SYMLINK),
    ("change of a link to nowhere", "dangling", "x", SYMLINK),
    ("change in a loop", "loop-b", "x", SYMLINK),
    ("change of a folder", "src", "x", NOT_A_FILE),
    ("change of a pipe", "pipe", "x", NOT_A_FILE),
    ("change of a socket", "socket", "x", NOT_A_FILE),
    ("change below a file", "notes.txt/x", "one", NOT_A_FILE),
    ("change of a file with a name outside", "hard.txt", "hard", HARD_LINK),
    ("change of a file with a second name", "pair-a.txt", "pair", HARD_LINK),
];

/// What a diff says of modes.
const MODES: [(&str, &str); 12] = [
    (
        "new link",
        "diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+../outside\n\\ No newline at end of file\n",
    ),
    (
        "new submodule",
        "diff --git a/x b/x\nnew file mode 160000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+Subproject commit 0000000000000000000000000000000000000000\n",
    ),
    ("new folder", "diff --git a/x b/x\nnew file mode 040000\n"),
    (
        "new file that runs as its owner",
        "diff --git a/x b/x\nnew file mode 104755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n",
    ),
    ("new device", "diff --git a/x b/x\nnew file mode 020666\n"),
    ("new file that anybody may write", "diff --git a/x b/x\nnew file mode 100666\n"),
    (
        "removed link",
        "diff --git a/to-file b/to-file\ndeleted file mode 120000\n--- a/to-file\n+++ /dev/null\n@@ -1 +0,0 @@\n-notes.txt\n\\ No newline at end of file\n",
    ),
    (
        "change of a link",
        "diff --git a/to-file b/to-file\nindex 0000000..1111111 120000\n--- a/to-file\n+++ b/to-file\n@@ -1 +1 @@\n-notes.txt\n\\ No newline at end of file\n+../outside\n\\ No newline at end of file\n",
    ),
    ("mode of its owner", "diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode 104755\n"),
    ("mode that is a link", "diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode 120000\n"),
    ("mode of letters", "diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode rwxrwxrwx\n"),
    ("mode without digits", "diff --git a/run.sh b/run.sh\nold mode 100755\nnew mode \n"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, text, expected) in NEW {
        cases.push(Case::diff(GROUP, name, create(text), expected));
    }
    for (name, text, line, expected) in CHANGED {
        cases.push(Case::diff(GROUP, name, edit(text, line), expected));
    }
    for (name, text) in MODES {
        cases.push(Case::diff(GROUP, name, text, UNSUPPORTED));
    }
    cases.extend(by_program());
    cases.extend(within_one_diff());
    cases
}

/// What a program that knows the bytes may ask for: the versions fit, and still nothing may happen.
fn by_program() -> Vec<Case> {
    let state = |at: &str, bytes: &[u8]| FileState::of(path(at), FileMode::Regular, bytes);
    let write = |at: &str, bytes: &[u8]| {
        let change = Change::Write("new\n".into());
        FilePatch::change(state(at, bytes), bytes, path(at), FileMode::Regular, change)
    };
    let moved = |from: &str, bytes: &[u8], to: &str| {
        FilePatch::change(state(from, bytes), bytes, path(to), FileMode::Regular, Change::Keep)
    };
    let removed = |at: &str, bytes: &[u8]| FilePatch::delete(state(at, bytes));
    let notes = NOTES.as_bytes();
    let mut cases = vec![
        Case::patch(GROUP, "write through a link", vec![write("to-secret", b"secret\n")], SYMLINK),
        Case::patch(GROUP, "write below a link", vec![write("to-outside/secret.txt", b"secret\n")], SYMLINK),
        Case::patch(GROUP, "write to a second name", vec![write("hard.txt", b"hard\n")], HARD_LINK),
        Case::patch(GROUP, "removal of a second name", vec![removed("pair-b.txt", b"pair\n")], HARD_LINK),
        Case::patch(GROUP, "removal of a link", vec![removed("to-file", notes)], SYMLINK),
        Case::patch(
            GROUP,
            "removal below a link",
            vec![removed("to-outside/secret.txt", b"secret\n")],
            SYMLINK,
        ),
        Case::patch(GROUP, "removal of a folder", vec![removed("full", b"")], NOT_A_FILE),
        Case::patch(GROUP, "removal of an empty folder", vec![removed("hollow", b"")], NOT_A_FILE),
        Case::patch(GROUP, "removal of a pipe", vec![removed("pipe", b"")], NOT_A_FILE),
        Case::patch(GROUP, "removal of a socket", vec![removed("socket", b"")], NOT_A_FILE),
        Case::patch(GROUP, "move onto a link", vec![moved("notes.txt", notes, "to-secret")], SYMLINK),
        Case::patch(
            GROUP,
            "move onto a link to nowhere",
            vec![moved("notes.txt", notes, "dangling-outside")],
            SYMLINK,
        ),
        Case::patch(GROUP, "move below a link", vec![moved("notes.txt", notes, "to-outside/n.txt")], SYMLINK),
        Case::patch(GROUP, "move of a link", vec![moved("to-secret", b"secret\n", "mine.txt")], SYMLINK),
        Case::patch(
            GROUP,
            "move of a second name",
            vec![moved("hard.txt", b"hard\n", "mine.txt")],
            HARD_LINK,
        ),
        Case::patch(GROUP, "move onto a folder", vec![moved("notes.txt", notes, "src")], NOT_A_FILE),
        Case::patch(GROUP, "move onto a pipe", vec![moved("notes.txt", notes, "pipe")], NOT_A_FILE),
        Case::patch(GROUP, "move below a file", vec![moved("notes.txt", notes, "run.sh/n.txt")], NOT_A_FILE),
    ];
    if has_devices() {
        cases.push(Case::patch(GROUP, "write to a device", vec![write("null", b"")], NOT_A_FILE));
        cases.push(Case::patch(GROUP, "removal of a device", vec![removed("null", b"")], NOT_A_FILE));
        cases.push(Case::diff(GROUP, "file at a device", create("null"), NOT_A_FILE));
    }
    cases
}

/// One part of a diff opens the way for the next (CVE-2023-23946), or an old tool writes beside the file
/// (CVE-2023-25652).
fn within_one_diff() -> Vec<Case> {
    let link = "diff --git a/way b/way\nnew file mode 120000\n--- /dev/null\n+++ b/way\n@@ -0,0 +1 @@\n\
                +../outside\n\\ No newline at end of file\n";
    let through = String::from_utf8(create("way/new.txt")).expect("text");
    let moved = "diff --git a/to-outside b/way\nrename from to-outside\nrename to way\n";
    let rejected = String::from_utf8(edit("notes.txt", "none of its lines")).expect("text");
    let side = "diff --git a/notes.txt.rej b/notes.txt.rej\nnew file mode 120000\n--- /dev/null\n\
                +++ b/notes.txt.rej\n@@ -0,0 +1 @@\n+../outside/secret.txt\n\\ No newline at end of file\n";
    vec![
        Case::diff(GROUP, "link that is made and written through", format!("{link}{through}"), UNSUPPORTED),
        Case::diff(
            GROUP,
            "link that is made after it is written through",
            format!("{through}{link}"),
            UNSUPPORTED,
        ),
        Case::diff(GROUP, "link that is moved and written through", format!("{moved}{through}"), SYMLINK),
        Case::diff(GROUP, "link for what is rejected", format!("{side}{rejected}"), UNSUPPORTED),
        Case::diff(
            GROUP,
            "rejected part with a harmless one",
            format!("{}{rejected}", String::from_utf8_lossy(&create("new.txt"))),
            "patch.mismatch",
        ),
    ]
}

#[test]
fn what_is_no_file_of_the_tree() {
    check_all(&cases());
}
