//! Any text as what tests write: outcomes lie in the text, and a program that is complete has as many as it
//! announced.
#![no_main]

use aether_core::change::{BinaryEnd, OutputAnchor, TestComparison};
use aether_verify::{ReadOptions, RunEnd, read_tests};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (stdout, stderr) = text.split_once('\0').unwrap_or((&text, ""));
    let run = read_tests(stdout, stderr, &[], RunEnd::ByItself, &ReadOptions::new("/w".as_ref()));
    for binary in &run.binaries {
        for outcome in &binary.outcomes {
            let output = outcome.output.as_ref().expect("an outcome is told somewhere");
            assert_eq!(OutputAnchor::new(output.stream, stdout, output.bytes).as_ref(), Some(output));
        }
        if binary.end == BinaryEnd::Complete {
            assert_eq!(binary.outcomes.len(), binary.announced as usize);
        }
    }
    assert!(TestComparison::of(&run, &run, &[]).regressions.is_empty());
});
