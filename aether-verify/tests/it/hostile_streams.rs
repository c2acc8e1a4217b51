//! Streams that nobody wrote: whatever comes, something is told and nothing is thrown.

use std::path::Path;

use aether_core::change::{BinaryEnd, OutputAnchor, TestRun};
use aether_verify::{ReadLimits, ReadOptions, RunEnd, read_cargo, read_rustc, read_tests};
use proptest::prelude::*;

/// Pieces of real streams and of attacks on them.
const PIECES: [&str; 34] = [
    "\n",
    "\n",
    "\n",
    "test a ... ok",
    "test b ... FAILED",
    "test c ... ignored, why",
    "test d ... ",
    "ok",
    "FAILED",
    "test e - should panic ... ok",
    "running 1 test",
    "running 2 tests",
    "running 4294967295 tests",
    "failures:",
    "    a",
    "    b",
    "---- b stdout ----",
    "thread 'b' (7) panicked at src/a.rs:1:2:",
    "why",
    "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
    "test result: FAILED. 1 passed; 1 failed; 0 ignored; 4294967295 measured; 0 filtered out",
    "     Running unittests src/lib.rs (target/debug/deps/demo-0123456789abcdef)",
    "   Doc-tests demo",
    "error: test failed, to rerun pass `--lib`",
    "error: could not compile `demo` (lib test) due to 1 previous error",
    "\u{1b}[32m",
    "é\u{1b}(",
    "{\"reason\":\"compiler-message\",\"package_id\":\"a#b@1\",\"message\":",
    "{\"message\":\"m\",\"level\":\"error\",\"spans\":[{\"file_name\":\"a/../../b\",\"byte_start\":9,\"byte_end\":1,",
    "\"expansion\":{\"span\":",
    "\"text\":[],\"is_primary\":true}],\"children\":[]}",
    "}",
    "\"def_site_span\":{",
    "\"\\",
];

fn check(stdout: &str, stderr: &str) -> TestRun {
    let options = ReadOptions::new(Path::new("/w"));
    let build = read_cargo(stdout.as_bytes(), &options);
    let rustc = read_rustc(stderr.as_bytes(), &options);
    for diagnostic in build.diagnostics.iter().chain(&rustc.diagnostics) {
        let text = serde_json::to_string(diagnostic).expect("JSON");
        assert_eq!(serde_json::from_str(&text).ok().as_ref(), Some(diagnostic));
    }
    let run = read_tests(stdout, stderr, &build.artifacts, RunEnd::TimedOut, &options);
    for binary in run.binaries.iter().take(100) {
        // To cite reads all that is in front.
        for outcome in binary.outcomes.iter().take(100) {
            let output = outcome.output.as_ref().expect("an outcome is told somewhere");
            assert_eq!(OutputAnchor::new(output.stream, stdout, output.bytes).as_ref(), Some(output));
        }
        if binary.end == BinaryEnd::Complete {
            assert_eq!(binary.outcomes.len(), binary.announced as usize);
        }
    }
    run
}

proptest! {
    #[test]
    fn any_bytes_are_read(stdout in any::<Vec<u8>>(), stderr in any::<Vec<u8>>()) {
        let options = ReadOptions::new(Path::new("/w"));
        let _ = read_cargo(&stdout, &options);
        let _ = read_rustc(&stderr, &options);
        check(&String::from_utf8_lossy(&stdout), &String::from_utf8_lossy(&stderr));
    }

    #[test]
    fn any_pieces_are_read(
        stdout in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60),
        stderr in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        separator in prop::sample::select(&["\n", "", "\r\n"][..]),
    ) {
        check(&stdout.join(separator), &stderr.join(separator));
    }

    /// Whatever a test writes past the capture in front of its outcome, a failure is not taken for a success.
    #[test]
    fn a_failure_is_never_green(noise in prop::collection::vec(prop::sample::select(&PIECES[..18]), 0..12)) {
        let noise = noise.join("\n");
        let text = format!(
            "\nrunning 2 tests\ntest a ... ok\n{noise}\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nx\n\n\
             failures:\n    b\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n"
        );
        prop_assert!(!check(&text, "").is_green(), "{}", text);
    }
}

/// Sizes at which a reader that is not linear would not end.
#[test]
fn large_streams_take_linear_time() {
    let lines = |line: &str| format!("{line}\n").repeat(200_000);
    let sum = "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
    check(&format!("running 200000 tests\n{}{}", lines("test a ... ok"), lines(sum)), "");
    check(&format!("running 1 test\n{}", lines("---- a stdout ----")), "");
    check(&lines("running 1 test\ntest b ... FAILED"), &lines("     Running tests/a.rs (target/a)"));
    let nested = format!("{{\"message\":{}", "[".repeat(1_000_000));
    check(&nested, &nested);
    let chains = "{\"expansion\":{\"def_site_span\":{}},\"span\":".repeat(100_000);
    check(&chains, &format!("{{\"expansion\":{}", "{\"span\":{\"expansion\":".repeat(300_000)));
    let mut limits = ReadLimits::default();
    limits.max_tests = 3;
    let options = ReadOptions::new(Path::new("/w")).with_limits(limits);
    let run = read_tests(
        &format!("running 9 tests\n{}", lines("test a ... ok")),
        "",
        &[],
        RunEnd::ByItself,
        &options,
    );
    assert_eq!((run.binaries[0].outcomes.len(), run.binaries[0].unreported()), (3, 6));
}
