//! `bench ledger`: durable events a second, the wait of each writer, and the time that a check takes.

use std::time::{Duration, Instant};

use aether_core::record::Signer as _;
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
                number += 1;
                event(0, number, options.bytes)
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
    say(&format!("open with {} events: {:.2} s", again.size(), start.elapsed().as_secs_f64()));
    let is_met = met_append && check * 1e6 / size as f64 <= CHECK_SECONDS;
    say(if is_met { "bars met" } else { "bars missed" });
    Ok(is_met)
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

/// A JSON object of about this length.
fn event(writer: u64, number: u64, bytes: usize) -> String {
    let head = format!(r#"{{"n":{number},"w":{writer},"text":""#);
    let fill = "x".repeat(bytes.saturating_sub(head.len() + 2));
    format!(r#"{head}{fill}"}}"#)
}
