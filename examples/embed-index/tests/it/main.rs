//! The example prints what the sources that it reads say.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_embed-index")).arg(folder).output().unwrap()
}

#[test]
fn it_finds_callers_and_sees_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let source = "pub fn first() {\n    shared();\n}\n\nfn shared() {}\n";
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"demo\"\n").unwrap();
    std::fs::write(folder.path().join("src/lib.rs"), source).unwrap();

    let output = run(folder.path());

    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let (before, after) = text.split_once("after an edit").unwrap();
    assert!(before.contains("first index: 2 files, 2 parsed"), "{text}");
    assert!(before.contains("   5  function  demo::shared"), "{text}");
    assert!(before.contains("callers of demo::shared:\n  src/lib.rs:2  demo::first  "), "{text}");
    assert!(!before.contains("one_more_caller"), "{text}");
    assert!(after.contains("2 files, 1 parsed"), "{text}");
    assert!(after.contains("src/lib.rs:8  demo::one_more_caller  "), "{text}");
    assert!(after.contains("updated index equals a fresh one: yes"), "{text}");
    assert_eq!(std::fs::read_to_string(folder.path().join("src/lib.rs")).unwrap(), source);
}

#[test]
fn a_folder_without_calls_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lib.rs"), "fn alone() {}\n").unwrap();
    let output = run(folder.path());
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no function in this folder is called"));
}
