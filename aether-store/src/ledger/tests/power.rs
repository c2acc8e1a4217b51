//! Power that fails, disks that are full or break: no acknowledged event is lost, and the ledger goes on.

use std::io::ErrorKind;

use super::model::{ModelDisk, Random, Step};
use super::{event, events, small_segments};
use crate::ledger::{Ledger, LedgerErrorKind};

const CRASHES: u64 = 600;

fn open(disk: &ModelDisk) -> Ledger {
    Ledger::open_on(disk.again(), &small_segments()).expect("it opens after a crash")
}

/// Two ledgers append to one disk that fails and crashes by chance; the first acknowledged event that is gone or
/// another one.
fn lost_after_crashes(disk: &ModelDisk, seed: u64) -> Option<String> {
    let mut random = Random::new(seed);
    let mut acknowledged: Vec<String> = Vec::new();
    let mut number = 0;
    for _ in 0..6 {
        let ledger = match Ledger::open_on(disk.again(), &small_segments()) {
            Ok(ledger) => ledger,
            Err(error) => return Some(format!("does not open: {error}")),
        };
        let other = open(disk);
        let there = events(&ledger);
        for (seq, event) in acknowledged.iter().enumerate() {
            if there.get(seq) != Some(event) {
                return Some(format!("event {seq} of {}", acknowledged.len()));
            }
        }
        // What was not acknowledged may be there; from now on it is, and counts.
        acknowledged = there;
        for _ in 0..random.below(8) {
            match random.below(12) {
                0 => disk.fail(Step::Sync, ErrorKind::Other),
                1 => disk.fail(Step::Write, ErrorKind::StorageFull),
                2 => disk.fail(Step::Truncate, ErrorKind::Other),
                3 => disk.fail(Step::SyncFolder, ErrorKind::Other),
                4 => disk.fail(Step::Create, ErrorKind::StorageFull),
                5 | 6 => disk.heal(),
                _ => {}
            }
            let batch: Vec<String> = (0..=random.below(9))
                .map(|_| {
                    number += 1;
                    event(seed, number)
                })
                .collect();
            let writer = if random.below(2) == 0 { &ledger } else { &other };
            if let Ok(seqs) = writer.append(&batch.iter().map(String::as_str).collect::<Vec<_>>()) {
                // What the other one failed to take back comes in front, and counts from now on.
                let before = (acknowledged.len() as u64..seqs.start).map(|seq| writer.event(seq));
                acknowledged.extend(before.map(|event| event.expect("it reads").expect("it is there")));
                acknowledged.extend(batch);
            }
        }
        drop((ledger, other));
        if random.below(3) == 0 {
            // Only the program ends: what the system has in memory stays.
            disk.heal();
        } else {
            disk.crash(&mut random);
        }
    }
    None
}

#[test]
fn no_acknowledged_event_is_lost_when_the_power_fails() {
    for seed in 0..CRASHES {
        assert_eq!(lost_after_crashes(&ModelDisk::default(), seed), None, "seed {seed}");
    }
}

/// The test above sees what it looks for: on a disk that says "safe" and is not, events are lost.
#[test]
fn a_disk_that_lies_is_noticed() {
    let noticed = (0..100).filter(|seed| {
        let disk = ModelDisk::default();
        disk.lie();
        lost_after_crashes(&disk, *seed).is_some()
    });
    assert!(noticed.count() > 80);
}

#[test]
fn a_full_disk_acknowledges_nothing_and_the_ledger_goes_on() {
    let disk = ModelDisk::default();
    let ledger = open(&disk);
    ledger.append(&[&event(0, 0)]).expect("room");
    for step in [Step::Write, Step::Create] {
        disk.fail(step, ErrorKind::StorageFull);
        let mut failed = false;
        // Enough for a segment to begin.
        for number in 0..20 {
            let before = ledger.size();
            match ledger.append(&[&event(1, number), &event(2, number)]) {
                Ok(seqs) => assert_eq!(seqs, before..before + 2),
                Err(error) => {
                    assert_eq!(error.kind(), LedgerErrorKind::DiskFull);
                    assert_eq!(error.code().as_str(), "store.disk_full");
                    assert_eq!(ledger.size(), before);
                    failed = true;
                }
            }
        }
        assert!(failed, "{step:?}");
        disk.heal();
        ledger.append(&[&event(3, 0)]).expect("room again");
    }
    let expected = events(&ledger);
    disk.crash(&mut Random::new(1));
    assert_eq!(events(&open(&disk)), expected);
}

#[test]
fn a_write_that_cannot_be_taken_back_stops_the_ledger() {
    let disk = ModelDisk::default();
    let ledger = open(&disk);
    ledger.append(&[&event(0, 0)]).expect("it writes");
    disk.fail(Step::Write, ErrorKind::Other);
    disk.fail(Step::Truncate, ErrorKind::Other);
    assert_eq!(ledger.append(&[&event(0, 1)]).expect_err("it fails").kind(), LedgerErrorKind::Io);
    disk.heal();
    assert_eq!(ledger.append(&[&event(0, 2)]).expect_err("it stopped").kind(), LedgerErrorKind::Stopped);
    assert_eq!(events(&ledger), [event(0, 0)]);
    drop(ledger);
    let ledger = open(&disk);
    assert!(ledger.recovered().is_some());
    assert_eq!(ledger.append(&[&event(0, 3)]).expect("opened again"), 1..2);
}

/// The system shows what it could not write, and calls it written the next time it is asked.
#[test]
fn what_a_failed_sync_left_in_memory_is_written_again() {
    let disk = ModelDisk::default();
    let ledger = open(&disk);
    ledger.append(&[&event(0, 0)]).expect("it writes");
    disk.fail(Step::Sync, ErrorKind::Other);
    disk.fail(Step::Truncate, ErrorKind::Other);
    assert_eq!(ledger.append(&[&event(0, 1)]).expect_err("no sync").kind(), LedgerErrorKind::Io);
    assert_eq!(ledger.append(&[&event(0, 2)]).expect_err("it stopped").kind(), LedgerErrorKind::Stopped);
    disk.heal();
    drop(ledger);
    let ledger = open(&disk);
    assert_eq!(events(&ledger), [event(0, 0), event(0, 1)], "the system still shows it");
    ledger.append(&[&event(0, 3)]).expect("it writes");
    disk.crash(&mut Random::new(7));
    assert_eq!(events(&open(&disk)), [event(0, 0), event(0, 1), event(0, 3)]);
}

#[test]
fn only_what_a_crash_leaves_is_cut_off() {
    let disk = ModelDisk::default();
    let ledger = open(&disk);
    for number in 0..3 {
        ledger.append(&[&event(0, number)]).expect("it writes");
    }
    drop(ledger);
    let good = disk.again().read(0).expect("a segment");
    let line = good.len() / 3;
    let check = |bytes: &[u8], expected: Option<(u64, usize)>| {
        let disk = ModelDisk::default();
        disk.overwrite(0, bytes);
        match (Ledger::open_on(disk.again(), &small_segments()), expected) {
            (Ok(ledger), Some((size, cut))) => {
                assert_eq!(ledger.size(), size);
                assert_eq!(ledger.recovered().map_or(0, |found| found.bytes), cut as u64);
            }
            (Err(error), None) => assert_eq!(error.kind(), LedgerErrorKind::Damaged),
            (outcome, _) => panic!("{outcome:?}"),
        }
        disk.kept()
    };
    assert!(check(&good, Some((3, 0))).is_empty());
    for cut in 1..line {
        assert!(check(&good[..good.len() - cut], Some((2, line - cut))).is_empty());
    }
    // Blocks of zero, with whole lines behind them: these are kept.
    let mut zeros = good.clone();
    zeros[line..line + 10].fill(0);
    assert_eq!(check(&zeros, Some((1, line * 2))), [1]);
    // Somebody was here.
    for at in [5, line + 5, line * 2 + 5] {
        let mut other = good.clone();
        other[at] ^= 1;
        assert!(check(&other, None).is_empty());
    }
}
