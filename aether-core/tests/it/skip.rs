//! What a skipped test says is read although it passes.

use std::process::Command;

use aether_core::conformance::skip;

const CHILD: &str = "AETHER_SKIP_CHILD";

/// A test that skips itself; on its own it does nothing.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_some() {
        skip("child", "no tool\n  here ");
        eprintln!("this is captured");
    }
}

#[test]
fn a_skipped_test_is_told_past_the_capture() {
    let program = std::env::current_exe().expect("this program");
    let output =
        Command::new(program).args(["--exact", "skip::child"]).env(CHILD, "1").output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "SKIPPED (child): no tool here\n");
}
