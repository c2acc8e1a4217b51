//! The example prints what its makefiles say.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

fn run(folder: Option<&Path>) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_embed-language")).args(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn targets_need_one_another_across_files() {
    let text = run(None);
    assert!(text.starts_with("7 targets\n"), "{text}");
    let build = "Makefile::build  Makefile:5\n  needs rules::compile\n  needs rules::link\n  a change of it concerns check, all\n";
    assert!(text.contains(build), "{text}");
    // Lines of recipes and variables are no targets.
    assert!(!text.contains("cc") && !text.contains("NAME"), "{text}");
}

#[test]
fn files_of_other_languages_stay_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("make")).unwrap();
    std::fs::write(folder.path().join("make/a.mk"), "include b.mk\none two: three gone\n\techo\n").unwrap();
    std::fs::write(folder.path().join("make/b.mk"), "three:\n").unwrap();
    std::fs::write(folder.path().join("x.py"), "def four(): pass\n").unwrap();
    let text = run(Some(folder.path()));
    assert!(text.starts_with("3 targets\n"), "{text}");
    for target in ["one", "two"] {
        let told = format!("make::a::{target}  make/a.mk:2\n  needs make::b::three\n");
        assert!(text.contains(&told), "{text}");
    }
    assert!(text.contains("a change of it concerns one, two"), "{text}");
}
