//! Much of everything: what is refused because of its size, before it costs anything.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use aether_core::base::ByteSpan;
use aether_core::change::{Change, Edit, FileMode, FilePatch, FileState};
use aether_verify::{Diff, PatchOptions, WorkTree};

use super::case::{Case, check_all, create, edit, path};
use super::sandbox::NOTES;

const GROUP: &str = "bounds";
const TOO_LARGE: &str = "patch.too_large";
const SYNTAX: &str = "patch.syntax";
const MISMATCH: &str = "patch.mismatch";
const OVERLAP: &str = "patch.overlap";
const BAD: &str = "patch.bad_path";

pub(super) fn cases() -> Vec<Case> {
    let small =
        PatchOptions::default().with_max_files(3).with_max_file_bytes(100).with_max_total_bytes(2_000);
    let made = |at: &str, bytes: usize| FilePatch::create(path(at), FileMode::Regular, "x".repeat(bytes));
    let files = |count: usize| (0..count).map(|index| made(&format!("f{index}"), 1)).collect::<Vec<_>>();
    let text = |diff: Vec<u8>| String::from_utf8(diff).expect("text");
    let many: String = (0..4).map(|index| text(create(format!("f{index}")))).collect();
    let notes = FileState::of(path("notes.txt"), FileMode::Regular, NOTES.as_bytes());
    let grown = FilePatch::edit(
        notes.clone(),
        NOTES.as_bytes(),
        vec![Edit::new(ByteSpan::new(0, 0), "y".repeat(60))],
    );
    let line = |bytes: usize| {
        format!("--- a/notes.txt\n+++ b/notes.txt\n@@ -1 +1 @@\n-{}\n+new\n", "x".repeat(bytes))
    };
    let mut cases = vec![
        Case::patch(GROUP, "more files than allowed", files(4), TOO_LARGE).with(small),
        Case::patch(GROUP, "more files than allowed by default", files(10_001), TOO_LARGE),
        Case::patch(GROUP, "larger file than allowed", vec![made("x", 101)], TOO_LARGE).with(small),
        Case::patch(GROUP, "file that grows too large", vec![grown], TOO_LARGE).with(small),
        Case::patch(GROUP, "more than allowed together", vec![made("x", 60), made("y", 60)], TOO_LARGE)
            .with(small.with_max_total_bytes(100)),
        Case::patch(GROUP, "old file above the limit", vec![FilePatch::delete(notes)], TOO_LARGE)
            .with(small.with_max_file_bytes(10)),
        Case::diff(GROUP, "diff of more files than allowed", many, TOO_LARGE).with(small),
        Case::diff(GROUP, "diff longer than allowed", "x".repeat(2_001), TOO_LARGE).with(small),
        Case::diff(GROUP, "line of 16 MiB", line(16 << 20), MISMATCH),
        Case::diff(GROUP, "million hunks", hunks(1_000_000), MISMATCH),
        Case::diff(
            GROUP,
            "hundred thousand hunks of which the last does not count",
            hunks(100_000) + "@@ -1,9\n",
            SYNTAX,
        ),
        Case::diff(GROUP, "million empty lines", "\n".repeat(1_000_000), SYNTAX),
        Case::diff(GROUP, "more lines than allowed", "\n".repeat(10_000_001), TOO_LARGE),
        Case::diff(
            GROUP,
            "hundred thousand files without end",
            "--- a/x\n+++ b/x\n@@ -1 +1 @@\n".repeat(100_000),
            OVERLAP,
        ),
        Case::diff(
            GROUP,
            "git's line of a million blanks",
            format!("diff --git {}\n", " ".repeat(1_000_000)),
            SYNTAX,
        ),
        Case::diff(
            GROUP,
            "git's line of many quotes",
            format!("diff --git x{}\n", " \"".repeat(500_000)),
            SYNTAX,
        ),
        Case::diff(GROUP, "name of a million letters", edit("n".repeat(1_000_000), "one"), BAD),
        Case::diff(GROUP, "copies beyond the limit", copies(40), TOO_LARGE)
            .with(small.with_max_files(100).with_max_total_bytes(1_000_000).with_max_file_bytes(100_000)),
        Case::diff(GROUP, "bombs beyond the limit", bombs(3, 8 << 20, 0), TOO_LARGE)
            .with(PatchOptions::default().with_max_total_bytes(16 << 20)),
        Case::diff(GROUP, "bomb beyond what it says", bombs(1, 8 << 20, 1 << 20), SYNTAX),
        Case::patch(GROUP, "folders beyond the limit", folders(), TOO_LARGE),
    ];
    cases.push(Case::json(GROUP, "record with a length above the limit", record(u64::MAX), TOO_LARGE));
    cases.push(Case::json(GROUP, "record with two such lengths", record(u64::MAX - 1), TOO_LARGE));
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    cases.push(Case::json(GROUP, "record of deep nesting", nested, SYNTAX));
    cases.push(Case::json(
        GROUP,
        "record of deep nesting in its place",
        format!(r#"{{"files":{}"#, r#"[{"before":"#.repeat(100_000)),
        SYNTAX,
    ));
    cases
}

fn hunks(count: usize) -> String {
    let mut text = String::from("--- a/notes.txt\n+++ b/notes.txt\n");
    for line in 0..count {
        let _ = writeln!(text, "@@ -{0} +{0} @@\n-x\n+y", 2 * line + 1);
    }
    text
}

/// Copies of a file that is there, each small in the diff.
fn copies(count: usize) -> String {
    let copy =
        |index: usize| format!("diff --git a/large.txt b/c{index}\ncopy from large.txt\ncopy to c{index}\n");
    (0..count).map(copy).collect()
}

/// Files of zeros, each of `bytes`, of which the diff says `said`, or all where that is nothing.
fn bombs(count: usize, bytes: usize, said: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; bytes]).expect("it can be packed");
    let packed = encoder.finish().expect("it can be packed");
    let said = if said == 0 { bytes } else { said };
    let mut diff = Vec::new();
    for index in 0..count {
        diff.extend_from_slice(
            format!("diff --git a/z{index} b/z{index}\nnew file mode 100644\nindex 0..1\nGIT binary patch\nliteral {said}\n{}literal 0\nHcmV?d00001\n\n", super::forms::encode(&packed)).as_bytes(),
        );
    }
    diff
}

/// Few files that need very many folders.
fn folders() -> Vec<Result<FilePatch, aether_core::change::PatchError>> {
    let files = (0..100).map(|index| format!("f{index}/{}x", "d/".repeat(1_000)));
    files.map(|at| FilePatch::create(path(at), FileMode::Regular, "x")).collect()
}

fn record(bytes: u64) -> String {
    let hash = aether_core::base::Sha256Hash::of(b"old");
    let side = |hash| format!(r#"{{"path":"notes.txt","hash":"{hash}","bytes":{bytes},"mode":"regular"}}"#);
    format!(r#"{{"schema_version":1,"files":[{{"before":{},"change":"keep"}}]}}"#, side(hash))
}

/// What a refusal may take where nothing is optimised; what grows with the square of the input takes hours.
const PATIENCE: Duration = Duration::from_secs(300);

#[test]
fn what_is_too_much() {
    for case in cases() {
        let start = Instant::now();
        check_all(std::slice::from_ref(&case));
        assert!(start.elapsed() < PATIENCE, "{}: {:?}", case.name, start.elapsed());
        println!("{:?} {}", start.elapsed(), case.name);
    }
}

#[test]
fn what_a_diff_unpacks_and_copies_to_has_a_limit_before_there_is_a_patch() {
    let find = |name: &str| cases().into_iter().find(|case| case.name == name).expect("there is such a case");
    let case = find("bombs beyond the limit");
    let error = Diff::parse(&case.input.identity().1, &case.options).expect_err("it unpacks to too much");
    assert_eq!(error.code().as_str(), TOO_LARGE);
    let case = find("copies beyond the limit");
    let diff = Diff::parse(&case.input.identity().1, &case.options).expect("it is a diff");
    let sandbox = super::sandbox::Sandbox::new();
    let tree = WorkTree::open(&sandbox.tree()).expect("it opens");
    let error = diff.bind(&tree, &case.options).expect_err("it copies too much");
    assert_eq!(error.code().as_str(), TOO_LARGE);
}

#[test]
fn very_deep_paths_and_very_many_edits_are_read_quickly() {
    let start = Instant::now();
    let deep = format!("{}x", "d/".repeat(1_000_000));
    let file = FilePatch::create(path(&deep), FileMode::Regular, "x").expect("a file");
    let patch = aether_core::change::Patch::new(vec![file]).expect("a patch");
    assert_eq!(patch.files().len(), 1);
    let edits: Vec<Edit> =
        (0..300_000u32).map(|at| Edit::new(ByteSpan::new(2 * at, 2 * at + 1), "y")).collect();
    let old = vec![b'x'; 600_000];
    let state = FileState::of(path("x"), FileMode::Regular, &old);
    FilePatch::change(state, &old, path("x"), FileMode::Regular, Change::Edit(edits)).expect("a change");
    assert!(start.elapsed() < PATIENCE / 10, "{:?}", start.elapsed());
}
