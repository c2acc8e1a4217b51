//! Any bytes as what cargo and rustc say: what is read is written, and loads as the same.
#![no_main]

use aether_core::change::{Diagnostic, DiagnosticDiff};
use aether_verify::{ReadOptions, read_cargo, read_rustc};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let options = ReadOptions::new("/w".as_ref()).with_folder("/w/target".as_ref(), "target");
    for report in [read_cargo(data, &options), read_rustc(data, &options)] {
        for diagnostic in &report.diagnostics {
            let text = serde_json::to_string(diagnostic).expect("a diagnostic is JSON");
            assert_eq!(serde_json::from_str::<Diagnostic>(&text).ok().as_ref(), Some(diagnostic));
        }
        let diff = DiagnosticDiff::between(&report.diagnostics, &report.diagnostics);
        assert!(diff.new.is_empty() && diff.gone.is_empty());
    }
});
