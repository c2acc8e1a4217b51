//! Any bytes as a trace and as a script: both are read or refused; what is read is written the same.
#![no_main]

use aether_core::record::script::{ScriptPolicy, check_script, parse_script};
use aether_core::record::trace::{Normaliser, TraceBuilder, TraceLimits, TraceValidator, read_trace};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    if first % 2 == 0 {
        trace(bytes);
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        script(text);
    }
});

fn trace(bytes: &[u8]) {
    let mut validator = TraceValidator::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        validator.push(line);
    }
    let report = validator.finish();
    let read = read_trace(bytes, &TraceLimits::default());
    assert!(read.is_ok() || !report.is_valid(), "what is valid is read");
    let Ok(read) = read else { return };
    let mut builder = TraceBuilder::new(read.header).expect("a header that was read is written");
    for event in read.events {
        if builder.event(event.into_draft()).is_err() {
            assert!(!report.is_valid(), "only behind its end a trace takes no more");
            return;
        }
    }
    assert_eq!(builder.as_bytes(), bytes);
}

fn script(text: &str) {
    let normaliser = Normaliser::new(["/a/b"]);
    let _ = normaliser.normalise(text);
    let Ok(parsed) = parse_script(text) else { return };
    let _ = check_script(&parsed, &ScriptPolicy::default());
    let printed = parsed.script.to_string();
    let again = parse_script(&printed).expect("what was printed is a script");
    assert_eq!(again.script, parsed.script);
    assert_eq!(again.script.to_string(), printed);
}
