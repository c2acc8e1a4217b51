//! Traces: what is valid is accepted, and whatever is wrong with one is named by the right rule.

mod generate;
mod lines;
mod mutants;
mod raw_mutants;
mod replay;

use aether_core::record::trace::{
    Body, Count, Draft, Header, Note, Policy, TraceBuilder, TraceErrorKind, TraceId, TraceLimits,
    TraceReport, TraceRule, TraceValidator, read_trace,
};
use generate::{Tree, trace};

/// Traces that each test is run over.
pub(crate) const TRACES: u64 = 240;
/// Each mutant is made of every trace with `--release`, and of a third of them, other ones for each mutant,
/// where that would take minutes.
pub(crate) const STEP: u64 = if cfg!(debug_assertions) { 3 } else { 1 };

pub(crate) fn judge(bytes: &[u8], tree: &Tree) -> TraceReport {
    let mut validator = TraceValidator::new().with_resolver(tree);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        validator.push(line);
    }
    validator.finish()
}

#[test]
fn valid_traces_are_accepted() {
    let tree = Tree::new();
    let mut events = 0;
    for seed in 0..TRACES {
        let bytes = trace(seed, &tree);
        let report = judge(&bytes, &tree);
        assert_eq!(report.violations, [], "trace {seed}");
        assert!(report.is_judged_to_the_end && report.anchors_unchecked == 0);
        assert_eq!(report.events + 1, bytes.iter().filter(|byte| **byte == b'\n').count() as u64);
        events += report.events;
    }
    assert!(events > 9 * TRACES, "{events} events are few");
}

/// The format as described, written by other code, gives the same bytes: canonical form, chain, hashes.
#[test]
fn a_second_writer_gives_the_same_bytes() {
    let tree = Tree::new();
    for seed in 0..TRACES {
        let bytes = trace(seed, &tree);
        assert_eq!(lines::rehash(&mut lines::values(&bytes)), bytes, "trace {seed}");
    }
}

#[test]
fn what_is_read_and_written_again_has_the_same_bytes() {
    let tree = Tree::new();
    for seed in 0..TRACES {
        let bytes = trace(seed, &tree);
        let read = read_trace(&bytes, &TraceLimits::default()).expect("it is valid");
        let head = read.head();
        let mut builder = TraceBuilder::new(read.header).expect("a header");
        for event in read.events {
            builder.event(event.into_draft()).expect("an event");
        }
        assert_eq!(builder.head(), head);
        assert!(builder.finish() == bytes, "trace {seed}");
    }
}

#[test]
fn anchors_that_nobody_resolves_are_counted() {
    let tree = Tree::new();
    let bytes = trace(0, &tree);
    let mut validator = TraceValidator::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        assert!(validator.push(line).is_empty());
    }
    let anchors: usize =
        lines::values(&bytes).iter().map(|line| line["anchors"].as_array().map_or(0, Vec::len)).sum();
    assert!(anchors > 0);
    assert_eq!(validator.finish().anchors_unchecked, anchors as u64);
}

#[test]
fn the_number_of_events_is_limited() {
    let mut limits = TraceLimits::default();
    limits.max_events = 2;
    let bytes = trace(0, &Tree::new());
    let error = read_trace(&bytes, &limits).expect_err("it has more");
    let violation = error.violation().expect("a rule");
    assert_eq!((violation.rule, violation.line), (TraceRule::Events, 4));
    assert_eq!(error.code().as_str(), "trace.too_large");
}

fn builder() -> TraceBuilder {
    let id = TraceId::new("a-trace-of-a-test").expect("an id");
    let snapshot = aether_core::base::Sha256Hash::of(b"");
    let time = aether_core::base::Timestamp::from_unix_ms(0);
    TraceBuilder::new(Header::new(id, "", snapshot, "", Policy::default(), time)).expect("a header")
}

#[test]
fn the_builder_refuses_what_no_reader_takes() {
    let mut builder = builder();
    let before = builder.as_bytes().to_vec();
    let error = builder.event(Draft::new(Body::Note(Note::new("x".repeat(300_000))))).expect_err("too long");
    assert_eq!(error.kind(), TraceErrorKind::LineTooLong);
    assert!(builder.as_bytes() == before && builder.seq() == Count::default());
    let end = || {
        let abstain = aether_core::record::trace::Abstain::new("", "cargo", "");
        Draft::new(Body::Abstain(abstain))
    };
    builder.event(end()).expect("the end");
    assert_eq!(builder.event(end()).expect_err("it ended").kind(), TraceErrorKind::Ended);
}

/// The seed of the fuzz target was written by a program in another language, from the documentation alone.
#[test]
fn a_trace_of_another_program_is_accepted() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/trace/trace");
    let bytes = std::fs::read(path).expect("the seed");
    let mut validator = TraceValidator::new();
    // The first byte of a seed tells the target what the others are.
    for line in bytes[1..].split_inclusive(|byte| *byte == b'\n') {
        validator.push(line);
    }
    let report = validator.finish();
    assert_eq!((report.events, report.violations), (9, Vec::new()));
}

/// The ids are what programs hold on to; their number and order are those of the documentation.
#[test]
fn rules_are_documented() {
    let document = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SCHEMAS.md");
    let document = std::fs::read_to_string(document).expect("the document");
    let documented: Vec<&str> = document.lines().filter(|line| line.starts_with("| `trace.")).collect();
    let expected: Vec<String> =
        TraceRule::ALL.iter().map(|rule| format!("| `{}` | {} |", rule.id(), rule.meaning())).collect();
    assert_eq!(documented, expected);
    for rule in TraceRule::ALL {
        assert_eq!(TraceRule::from_id(rule.id()), Some(*rule));
        assert_eq!(serde_json::to_value(rule).expect("a text"), rule.id());
    }
}

#[test]
fn names_of_traces_have_one_form() {
    for bad in ["", "too-short-for-it", "Upper-case-letters", "with a space in it", "löngenough-but-umlaut"]
    {
        let is_refused = TraceId::new(bad).is_err();
        assert_eq!(is_refused, bad != "too-short-for-it", "{bad}");
    }
    assert!(TraceId::new("x".repeat(128)).is_ok() && TraceId::new("x".repeat(129)).is_err());
    assert!(TraceId::new("x".repeat(15)).is_err() && TraceId::new("x".repeat(16)).is_ok());
}
