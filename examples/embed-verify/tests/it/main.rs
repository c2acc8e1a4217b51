//! The example does what it says.

use std::process::Command;

use aether_core::conformance::skip;

#[test]
fn a_patch_is_proven_applied_and_taken_back() {
    let output = Command::new(env!("CARGO_BIN_EXE_embed-verify")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if !cfg!(target_os = "linux") || text.contains("cannot keep the command") {
        skip("a_patch_is_proven_applied_and_taken_back", format!("no sandbox here: {text}"));
        return;
    }
    assert!(output.status.success(), "{text}");
    for line in [
        "the first patch is refused",
        "the second patch is proven",
        "applied as p000001-",
        "Aether-Patch: sha256:",
        "and taken back: true",
        "the audit log: Valid { rows: 4 }",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}
