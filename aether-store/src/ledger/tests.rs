//! The ledger on disks that break, and killed at every step.

#[cfg(unix)]
mod kill;
mod line;
mod model;
mod power;

use super::{Ledger, LedgerOptions};

/// A sound event that tells who wrote it.
fn event(writer: u64, number: u64) -> String {
    format!(r#"{{"n":{number},"w":{writer}}}"#)
}

fn small_segments() -> LedgerOptions {
    LedgerOptions::default().with_segment_bytes(1500)
}

/// All events, in order.
#[track_caller]
fn events(ledger: &Ledger) -> Vec<String> {
    (0..ledger.size()).map(|seq| ledger.event(seq).expect("it reads").expect("it is there")).collect()
}
