//! The example does what it says.

use std::process::Command;

#[test]
fn commands_run_by_a_runner_from_elsewhere() {
    let output = Command::new(env!("CARGO_BIN_EXE_embed-runner")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    for line in [
        "without leave to be unconfined: run.unconfined",
        "plain: cargo check ended with Some(0)",
        "plain: cargo test ended with Some(101)",
        "1 passed, 1 failed",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}
