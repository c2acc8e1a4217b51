//! How many events of a trace are judged a second: read, canonical form, hash, chain and rules.
//!
//! `cargo bench -p aetherkit-core --bench trace` prints events a second in CPU time of the one thread that
//! works, for the best of ten runs, and then what criterion measures in wall time.
#![expect(clippy::print_stdout, reason = "a bench reports to its caller")]

#[expect(dead_code, reason = "the tests use all of it")]
#[path = "../tests/it/trace/generate.rs"]
mod generate;

use std::time::Duration;

use aether_core::record::trace::TraceValidator;
use criterion::{Criterion, Throughput};
use generate::{Ending, Tree};

fn judge(bytes: &[u8]) -> u64 {
    let mut validator = TraceValidator::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        validator.push(line);
    }
    let report = validator.finish();
    assert!(report.is_valid());
    report.events
}

/// CPU time of this thread, where the system tells.
fn cpu_time() -> Option<Duration> {
    // The count is brought up to date when a thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn main() {
    let tree = Tree::new();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("trace");
    for (name, rounds) in [("short", 3), ("long", 2_000)] {
        // Many sessions, so that the mix of kinds is not that of one seed.
        let sessions = if rounds < 10 { 500 } else { 4 };
        let traces: Vec<Vec<u8>> =
            (0..sessions).map(|seed| generate::session(seed, &tree, Ending::Finish, rounds)).collect();
        let bytes: usize = traces.iter().map(Vec::len).sum();
        let run = || traces.iter().map(|trace| judge(trace)).sum::<u64>();
        let events = run();
        let times = (0..10).filter_map(|_| {
            let before = cpu_time()?;
            run();
            cpu_time()?.checked_sub(before)
        });
        if let Some(best) = times.min() {
            let per_second = events as f64 / best.as_secs_f64();
            let per_event = bytes as u64 / events;
            println!("{name}: {events} events of {per_event} bytes, {per_second:.0} events/s of CPU time");
        }
        group.throughput(Throughput::Elements(events));
        group.bench_function(name, |bencher| bencher.iter(run));
    }
    group.finish();
    criterion.final_summary();
}
