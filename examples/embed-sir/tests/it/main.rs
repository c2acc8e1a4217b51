//! The example prints what happens to the records.

use std::process::Command;

#[test]
fn failures_are_borne_and_records_tell_their_age() {
    let output = Command::new(env!("CARGO_BIN_EXE_embed-sir")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for expected in [
        "intent  Reads the settings of the program.\n",
        "files_read     lib.rs:3 std::fs::read_to_string\n",
        "assertion      lib.rs:3 std::result::Result::unwrap\n",
        "asked, with two failures on the way: 2 made, 0 failed, 0 held\n  fresh   load settings: touches the world\n",
        "after an edit:\n  stale   load settings: touches the world",
        "asked while it is gone: 0 made, 1 failed, 1 held\n  stale   load settings: touches the world  nobody answers\n",
        "asked again: 1 made, 0 failed, 1 held\n  fresh   load settings: touches the world\n",
    ] {
        assert!(text.contains(expected), "{expected}\n---\n{text}");
    }
}
