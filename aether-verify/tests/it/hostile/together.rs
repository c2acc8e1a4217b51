//! Parts of one patch that do not go together.

use aether_core::change::{Change, FileMode, FilePatch, FileState};

use super::case::{Case, check_all, create, edit};
use super::sandbox::NOTES;

const GROUP: &str = "together";
const CONFLICT: &str = "patch.path_conflict";
const SYNTAX: &str = "patch.syntax";

fn rename(from: &str, to: &str) -> String {
    format!("diff --git a/{from} b/{to}\nrename from {from}\nrename to {to}\n")
}

fn text(diff: Vec<u8>) -> String {
    String::from_utf8(diff).expect("the diff is text")
}

pub(super) fn cases() -> Vec<Case> {
    let (one, two) = (text(edit("notes.txt", "one")), text(edit("run.sh", "#!/bin/sh")));
    let new = |name: &str| text(create(name));
    let empty = |name: &str| format!("diff --git a/{name} b/{name}\ndeleted file mode 100644\n");
    let conflict = |name: &'static str, parts: &[&str]| Case::diff(GROUP, name, parts.concat(), CONFLICT);
    let mut cases = vec![
        conflict("one file twice", &[&one, &one]),
        conflict("one file twice with another between", &[&one, &two, &one]),
        conflict("one file made twice", &[&new("x"), &new("x")]),
        conflict("made and changed", &[&new("x"), &edit_of("x")]),
        conflict(
            "changed and removed",
            &[
                &text(edit("empty.txt", "x")).replace("-x\n", "").replace("-1 +1", "-0,0 +1"),
                &empty("empty.txt"),
            ],
        ),
        conflict("removed and made", &[&empty("empty.txt"), &new("empty.txt")]),
        conflict("renamed and changed", &[&rename("notes.txt", "x"), &one]),
        conflict("renamed and changed under the new name", &[&rename("notes.txt", "x"), &new("x")]),
        conflict("renamed twice", &[&rename("notes.txt", "x"), &rename("notes.txt", "y")]),
        conflict("two renamed to one", &[&rename("notes.txt", "x"), &rename("run.sh", "x")]),
        conflict("chain of renames", &[&rename("notes.txt", "run.sh"), &rename("run.sh", "x")]),
        conflict("chain of renames, backwards", &[&rename("run.sh", "x"), &rename("notes.txt", "run.sh")]),
        conflict(
            "two files that change places",
            &[&rename("notes.txt", "run.sh"), &rename("run.sh", "notes.txt")],
        ),
        conflict(
            "circle of renames",
            &[
                &rename("notes.txt", "run.sh"),
                &rename("run.sh", "crlf.txt"),
                &rename("crlf.txt", "notes.txt"),
            ],
        ),
        conflict("file and a file below it", &[&new("x"), &new("x/y")]),
        conflict("file and a file below it, backwards", &[&new("x/y"), &new("x")]),
        conflict("file and a file deep below it", &[&new("x/y/z/w"), &new("x-"), &new("x")]),
        conflict("file that goes and a file below it", &[&empty("empty.txt"), &new("empty.txt/y")]),
        conflict("file that moves and a file below it", &[&rename("notes.txt", "x"), &new("notes.txt/y")]),
        Case::diff(
            GROUP,
            "renamed and made again",
            [rename("notes.txt", "x"), new("notes.txt")].concat(),
            CONFLICT,
        ),
        Case::diff(
            GROUP,
            "copied to a file that is made",
            ["diff --git a/notes.txt b/x\ncopy from notes.txt\ncopy to x\n".to_owned(), new("x")].concat(),
            CONFLICT,
        ),
        Case::diff(GROUP, "rename onto itself", rename("notes.txt", "notes.txt"), SYNTAX),
        Case::diff(
            GROUP,
            "rename onto itself with a change",
            [
                rename("notes.txt", "notes.txt"),
                "--- a/notes.txt\n+++ b/notes.txt\n@@ -1 +1 @@\n-one\n+new\n".to_owned(),
            ]
            .concat(),
            SYNTAX,
        ),
    ];
    cases.extend(written());
    cases
}

fn edit_of(name: &str) -> String {
    // A file that is there, so that the conflict is all that is wrong.
    text(edit("notes.txt", "one"))
        .replace("notes.txt", name)
        .replace("@@ -1 +1 @@\n-one\n", "@@ -0,0 +1 @@\n")
        .replace(&format!("--- a/{name}"), "--- /dev/null")
        .replace("\n--- ", "\nnew file mode 100755\n--- ")
}

/// The same in records, which a program writes without the constructor that refuses it.
fn written() -> Vec<Case> {
    let notes = FileState::of(super::case::path("notes.txt"), FileMode::Regular, NOTES.as_bytes());
    let change = FilePatch::change(
        notes.clone(),
        NOTES.as_bytes(),
        notes.path.clone(),
        FileMode::Regular,
        Change::Write("new\n".into()),
    );
    let record = |files: &[&FilePatch]| {
        let files: Vec<String> =
            files.iter().map(|file| serde_json::to_string(file).expect("it can be written")).collect();
        format!(r#"{{"schema_version":1,"files":[{}]}}"#, files.join(","))
    };
    let change = change.expect("a change");
    let removal = FilePatch::delete(notes).expect("a removal");
    let made =
        |at: &str| FilePatch::create(super::case::path(at), FileMode::Regular, "new\n").expect("a file");
    vec![
        Case::json(GROUP, "record with one file twice", record(&[&change, &change]), SYNTAX),
        Case::json(GROUP, "record that changes and removes", record(&[&change, &removal]), SYNTAX),
        Case::json(GROUP, "record with a file in a file", record(&[&made("x"), &made("x/y")]), SYNTAX),
        Case::json(
            GROUP,
            "record with a file in a file behind others",
            record(&[&made("x/y"), &made("x-z"), &made("x")]),
            SYNTAX,
        ),
    ]
}

#[test]
fn parts_that_do_not_go_together() {
    check_all(&cases());
}
