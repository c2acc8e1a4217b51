//! `bench ledger`: durable events a second, the wait of each writer, the time that a check takes, and how long it
//! takes to open a long ledger and read one trace of it, with its index and without.

use std::path::Path;
use std::time::{Duration, Instant};

use aether_core::record::Signer as _;
use aether_core::record::trace::TraceId;
use aether_store::{Ed25519Signer, Ed25519Verifier, Ledger, LedgerOptions, Trust, Verdict, verify_ledger};
use anyhow::{Context as _, Result, bail};

use crate::options::BenchLedger;
use crate::output::say;

const ORIGIN: &str = "bench.example/ledger";
/// Bars of SC-T-05: durable events a second, the wait for one in milliseconds (99 of 100), and seconds for a million
/// lines.
const EVENTS_PER_SECOND: f64 = 5000.0;
const WAIT_MS: f64 = 10.0;
const CHECK_SECONDS: f64 = 60.0;
/// Events that are appended at once to fill the ledger that is checked.
const FILL: u64 = 2000;
/// Traces that are written at the same time there, and events of each.
const SIDE_BY_SIDE: u64 = 4;
const TRACE_EVENTS: u64 = 1000;
/// How often a trace is read; the middle one counts.
const READS: usize = 5;

/// Measures appends and a check; whether the bars are met.
pub(crate) fn ledger(options: &BenchLedger) -> Result<bool> {
    let folder = tempfile::tempdir_in(&options.folder)?;
    let ledger = Ledger::open(folder.path(), &LedgerOptions::default())?;
    let writers = options.writers.max(1);
    let each = options.events.div_ceil(writers);
    let start = Instant::now();
    let mut waits = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let ledger = &ledger;
        let threads: Vec<_> = (0..writers)
            .map(|writer| scope.spawn(move || append(ledger, writer, each, options.bytes)))
            .collect();
        let mut waits = Vec::new();
        for thread in threads {
            waits.extend(thread.join().map_err(|_| anyhow::anyhow!("a writer panicked"))??);
        }
        Ok(waits)
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let rate = waits.len() as f64 / seconds;
    waits.sort_unstable();
    let wait = |share: usize| waits[(waits.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    say(&format!(
        "{} events of {} bytes from {writers} writers, each durable before the next: {rate:.0} a second; wait p50 {:.2} ms, \
         p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
        waits.len(),
        options.bytes,
        wait(50),
        wait(95),
        wait(99),
        wait(100)
    ));
    let met_append = rate >= EVENTS_PER_SECOND && wait(99) <= WAIT_MS;

    let mut number = 0;
    while ledger.size() < options.checked {
        let events: Vec<String> = (0..FILL.min(options.checked - ledger.size()))
            .map(|_| {
                let trace = number / (SIDE_BY_SIDE * TRACE_EVENTS) * SIDE_BY_SIDE + number % SIDE_BY_SIDE;
                number += 1;
                event(trace + FIRST_TRACE, number, options.bytes)
            })
            .collect();
        ledger.append(&events.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    let signer = Ed25519Signer::from_seed(ORIGIN, &[1; 32])?;
    let start = Instant::now();
    ledger.checkpoint(ORIGIN, &signer)?;
    say(&format!("checkpoint of {} events: {:.2} ms", ledger.size(), start.elapsed().as_secs_f64() * 1000.0));
    drop(ledger);
    let known = Ed25519Verifier::new(signer.key().clone())?;
    let start = Instant::now();
    let verdict = verify_ledger(folder.path(), &Trust::new(ORIGIN, &[&known]))?;
    let check = start.elapsed().as_secs_f64();
    let Verdict::Valid { size, .. } = verdict else { bail!("the ledger is not valid: {verdict:?}") };
    say(&format!("check of {size} events: {check:.2} s"));
    let start = Instant::now();
    let again = Ledger::open(folder.path(), &LedgerOptions::default()).context("the ledger opens again")?;
    say(&format!("open with {} events, to write: {:.2} ms", again.size(), millis(start.elapsed())));
    drop(again);
    let is_right = one_trace(folder.path(), number)?;
    let is_met = is_right && met_append && check * 1e6 / size as f64 <= CHECK_SECONDS;
    say(if is_met { "bars met" } else { "bars missed" });
    Ok(is_met)
}

/// The first trace of the ledger that is checked, apart from those of the writers.
const FIRST_TRACE: u64 = 1_000_000;

/// Opens the ledger and reads a trace from its middle, with the index and without; whether both are the same.
fn one_trace(folder: &Path, filled: u64) -> Result<bool> {
    let middle = filled / TRACE_EVENTS / 2 / SIDE_BY_SIDE * SIDE_BY_SIDE;
    let trace = trace(FIRST_TRACE + middle)?;
    let read = |options: &LedgerOptions| -> Result<(Duration, Vec<Option<String>>)> {
        let start = Instant::now();
        let ledger = Ledger::open_read_only(folder, options)?;
        let lines = ledger.lines_of(&trace)?;
        let events = lines.iter().map(|seq| ledger.event(*seq)).collect::<Result<Vec<_>, _>>()?;
        Ok((start.elapsed(), events))
    };
    let (indexed, plain) = (LedgerOptions::default(), LedgerOptions::default().without_index());
    let (mut with, mut without, mut is_right) = (Vec::new(), Vec::new(), true);
    for _ in 0..READS {
        let (one, two) = (read(&indexed)?, read(&plain)?);
        is_right &= one.1 == two.1 && one.1.len() as u64 == TRACE_EVENTS;
        with.push(one.0);
        without.push(two.0);
    }
    with.sort_unstable();
    without.sort_unstable();
    let (with, without) = (millis(with[READS / 2]), millis(without[READS / 2]));
    say(&format!(
        "open and read a trace of {TRACE_EVENTS} events: {with:.2} ms with the index, {without:.0} ms without ({:.0} times)",
        without / with
    ));
    Ok(is_right)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn trace(number: u64) -> Result<TraceId> {
    Ok(TraceId::new(format!("bench-trace-{number:08}"))?)
}

fn append(ledger: &Ledger, writer: u64, count: u64, bytes: usize) -> Result<Vec<Duration>> {
    let mut waits = Vec::new();
    for number in 0..count {
        let event = event(writer, number, bytes);
        let start = Instant::now();
        ledger.append(&[&event])?;
        waits.push(start.elapsed());
    }
    Ok(waits)
}

/// A JSON object of about this length, of the trace of a writer.
fn event(writer: u64, number: u64, bytes: usize) -> String {
    let head = format!(r#"{{"n":{number},"trace":"bench-trace-{writer:08}","text":""#);
    let fill = "x".repeat(bytes.saturating_sub(head.len() + 2));
    format!(r#"{head}{fill}"}}"#)
}
