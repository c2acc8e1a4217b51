//! A harmless sibling for each group: it is accepted, and the oracle sees what it does.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use aether_core::change::{Change, FileMode, FilePatch, FileState};
use aether_core::conformance::skip;
use aether_verify::PatchOptions;

use super::case::{Case, Input, create, edit, hand_in, path, refusal};
use super::sandbox::{Deed, NOTES, Sandbox};

/// One or more for each group; the code is the one that a case of the group has.
fn siblings() -> Vec<Case> {
    let text = |diff: Vec<u8>| String::from_utf8(diff).expect("text");
    let notes = FileState::of(path("notes.txt"), FileMode::Regular, NOTES.as_bytes());
    let made = |at: &str| FilePatch::create(path(at), FileMode::Regular, "new\n");
    let moved =
        FilePatch::change(notes, NOTES.as_bytes(), path("Notes.txt"), FileMode::Regular, Change::Keep);
    let colon = FileState::of(path("with:colon.txt"), FileMode::Regular, b"colon\n");
    let small =
        PatchOptions::default().with_max_files(3).with_max_file_bytes(100).with_max_total_bytes(2_000);
    let hunks = |file: &str, hunks: &str| format!("--- a/{file}\n+++ b/{file}\n{hunks}");
    vec![
        Case::diff("paths", "dots in a name", create("..notes"), "patch.bad_path"),
        Case::diff("paths", "quoted letters", create("\"caf\\303\\251.md\""), "patch.bad_path"),
        Case::patch(
            "paths",
            "removal of a name with a colon",
            vec![FilePatch::delete(colon)],
            "patch.bad_path",
        ),
        Case::diff(
            "paths",
            "change of a file that is a device elsewhere",
            edit("aux.c", "int aux;"),
            "patch.bad_path",
        ),
        Case::patch("paths", "name of 255 bytes", vec![made(&"x".repeat(255))], "patch.bad_path"),
        Case::patch(
            "paths",
            "name like a device",
            vec![made("null.txt"), made("com10"), made("auxiliary.c")],
            "patch.bad_path",
        ),
        Case::patch(
            "guarded",
            "names like git's",
            vec![made(".gitignore"), made("git/x"), made(".gitx/x"), made("git~x/y")],
            "patch.protected_path",
        ),
        Case::diff("guarded", "name like a build script", create("src/builder.rs"), "patch.runs_at_build"),
        Case::diff(
            "guarded",
            "name of a script of another manifest",
            create("many/gen/make.rs"),
            "patch.runs_at_build",
        ),
        Case::diff(
            "guarded",
            "source that a build script watches",
            edit("parts/src/seen.rs", "fn f() {}"),
            "patch.runs_at_build",
        ),
        Case::patch(
            "guarded",
            "names like those of modules",
            vec![
                made("parts/src/helper.rs"),
                made("parts/module.rs"),
                made("parts/mod.rs"),
                made("parts/main.rs"),
            ],
            "patch.runs_at_build",
        ),
        Case::patch(
            "guarded",
            "files beside a procedural macro",
            vec![
                made("macros/tests/derive.rs"),
                made("macros/src/other.rs"),
                made("macros/derive.rs"),
                made("kind/src/lib.rs"),
            ],
            "patch.runs_at_build",
        ),
        Case::diff(
            "guarded",
            "granted build script",
            edit("build.rs", "fn main() {}"),
            "patch.runs_at_build",
        )
        .granted(),
        Case::patch("twins", "file that changes its case", vec![moved], "patch.case_twin"),
        Case::patch(
            "twins",
            "names that differ",
            vec![made("new/a.txt"), made("new/\u{e4}.txt"), made("new/strase.txt")],
            "patch.case_twin",
        ),
        Case::diff("targets", "file beside a link", create("src/to-file"), "patch.symlink"),
        Case::diff(
            "targets",
            "mode",
            "diff --git a/notes.txt b/notes.txt\nold mode 100644\nnew mode 100755\n",
            "patch.unsupported",
        ),
        Case::diff(
            "files",
            "line that is there",
            hunks("open.txt", "@@ -1,2 +1,2 @@\n-one\n+1\n two\n\\ No newline at end of file\n"),
            "patch.mismatch",
        ),
        Case::diff(
            "together",
            "two files",
            text(edit("aux.c", "int aux;")) + &text(create("x/y")) + &text(create("x-/y")),
            "patch.path_conflict",
        ),
        Case::diff(
            "hunks",
            "two hunks",
            hunks("notes.txt", "@@ -1,2 +1,2 @@\n-one\n+1\n two\n@@ -10 +10 @@\n-ten\n+10\n"),
            "patch.mismatch",
        ),
        Case::diff(
            "hunks",
            "first lines of an empty file",
            hunks("empty.txt", "@@ -0,0 +1 @@\n+new\n"),
            "patch.mismatch",
        ),
        Case::diff(
            "hunks",
            "one of several equal places",
            hunks("blank.txt", "@@ -1,8 +1,9 @@\n {\n }\n {\n }\n+new\n {\n }\n {\n }\n"),
            "patch.mismatch",
        ),
        Case::diff(
            "hunks",
            "lines with returns",
            hunks("crlf.txt", "@@ -1,3 +1,3 @@\n one\r\n-two\r\n+2\r\n three\r\n"),
            "patch.mismatch",
        ),
        Case::diff(
            "hunks",
            "bytes that are no text",
            b"--- a/latin.txt\n+++ b/latin.txt\n@@ -1,2 +1,2 @@\n-caf\xe9\n+caf\xe8\n end\n",
            "patch.mismatch",
        ),
        Case::diff("forms", "binary change", super::forms::sound_binary(), "patch.syntax"),
        Case::diff(
            "forms",
            "message in front and signature behind",
            format!("From x\nSubject: *** y ***\n\n{}-- \n2.47\n", text(create("x"))),
            "patch.syntax",
        ),
        Case::diff(
            "bounds",
            "as many as allowed",
            text(create("x")) + &text(create("y")) + &text(create("z")),
            "patch.too_large",
        )
        .with(small),
        Case::json("records", "sound record", super::records::sound(), "patch.syntax"),
    ]
}

#[test]
fn each_group_has_a_sibling_that_is_accepted_and_seen() {
    let siblings = siblings();
    let groups: BTreeSet<&str> = siblings.iter().map(|case| case.group).collect();
    let all: BTreeSet<&str> = super::corpus().iter().map(|case| case.group).collect();
    assert_eq!(groups, all);
    for case in &siblings {
        let sandbox = Sandbox::new();
        let before = sandbox.snapshot();
        let outcome = hand_in(&sandbox.tree(), &case.input, &case.options, case.is_granted);
        assert!(outcome.is_ok(), "{}: {outcome:?}", case.name);
        assert_ne!(sandbox.snapshot(), before, "{}", case.name);
        // The check of the corpus says that it is not refused.
        let wrong = refusal(&case.input, &case.options, case.is_granted, case.expected, &|_| {})
            .expect_err("it is accepted");
        assert!(wrong.contains(" was "), "{}: {wrong}", case.name);
    }
}

#[test]
fn the_oracle_sees_what_is_done_beside_the_tree() {
    let deeds: [(&str, Deed); 6] = [
        ("a file outside", |sandbox| super::sandbox::put(&sandbox.outside().join("new"), b"x")),
        ("a byte outside", |sandbox| super::sandbox::put(&sandbox.outside().join("secret.txt"), b"Secret\n")),
        ("the same bytes again", |sandbox| {
            super::sandbox::put(&sandbox.outside().join("secret.txt"), b"secret\n")
        }),
        ("a folder in the records", |sandbox| {
            std::fs::create_dir(sandbox.tree().join(".aether/patches")).expect("it can be made");
        }),
        ("a second name", |sandbox| {
            std::fs::hard_link(sandbox.tree().join("notes.txt"), sandbox.outside().join("n"))
                .expect("it can be given");
        }),
        ("another target", |sandbox| {
            std::fs::remove_file(sandbox.tree().join("dangling")).expect("it can be removed");
            std::os::unix::fs::symlink("elsewhere", sandbox.tree().join("dangling")).expect("it can be made");
        }),
    ];
    for (name, deed) in deeds {
        let sandbox = Sandbox::new();
        let before = sandbox.snapshot();
        assert_eq!(sandbox.snapshot(), before, "looking changes nothing");
        deed(&sandbox);
        assert_ne!(sandbox.snapshot(), before, "{name}");
    }
}

#[test]
fn a_refusal_with_another_code_is_noticed() {
    let wrong =
        refusal(&Input::Diff(create("../x")), &PatchOptions::default(), false, "patch.symlink", &|_| {});
    assert!(wrong.expect_err("the code is another").contains("patch.bad_path"));
}

/// Whether git would take a diff for the tree of a sandbox.
fn git_takes(sandbox: &Sandbox, diff: &[u8]) -> Option<bool> {
    let mut command = Command::new("git");
    command.args(["-c", "core.protectNTFS=true", "-c", "core.protectHFS=true", "apply", "--check", "-"]);
    command.env("GIT_CEILING_DIRECTORIES", sandbox.tree()).env("GIT_DIR", "/dev/null");
    command.current_dir(sandbox.tree()).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    // It may stop reading once it has seen enough.
    let _ = std::io::Write::write_all(&mut child.stdin.take()?, diff);
    Some(child.wait().ok()?.success())
}

#[test]
fn git_takes_what_is_accepted_here() {
    let sandbox = Sandbox::new();
    let mut taken = 0;
    for case in siblings() {
        let Input::Diff(diff) = &case.input else { continue };
        match git_takes(&sandbox, diff) {
            None => return skip("vacuity", "there is no git to be asked"),
            Some(is_taken) => assert!(is_taken, "git refuses {}", case.name),
        }
        taken += 1;
    }
    assert!(taken > 10, "{taken} were asked");
    let mut differing = Vec::new();
    let corpus = super::corpus();
    let diffs = corpus.iter().filter_map(|case| match &case.input {
        Input::Diff(diff) if diff.len() < 100_000 => Some((case, diff)),
        _ => None,
    });
    let mut asked = 0;
    for (case, diff) in diffs {
        asked += 1;
        if git_takes(&sandbox, diff) == Some(true) {
            differing.push(format!("{}: {}", case.group, case.name));
        }
    }
    println!("git would take {} of {asked} refused diffs:\n{}", differing.len(), differing.join("\n"));
}
