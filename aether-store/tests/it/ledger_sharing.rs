//! Several ledgers on one folder, in one process and in many that are killed: each acknowledged event is there
//! once.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aether_store::{Ledger, LedgerErrorKind, LedgerOptions, Trust, Verdict, verify_ledger};

use crate::ledger::{ORIGIN, fill, note, open, verifier};
use crate::ledger_python;

const FOLDER: &str = "AETHER_LEDGER_SHARING_FOLDER";
const WRITER: &str = "AETHER_LEDGER_SHARING_WRITER";
/// Programs that write to one folder at the same time, and how often such a group is started; the variable
/// `AETHER_LEDGER_SHARING_ROUNDS` asks for more.
const WRITERS: usize = 4;
const ROUNDS: usize = 8;
/// Events of a program that is not killed.
const EVENTS: u64 = 60;

fn event(writer: &str, number: u64) -> String {
    format!(r#"{{"n":{number},"w":"{writer}"}}"#)
}

fn events(folder: &Path) -> Vec<String> {
    let ledger = Ledger::open_read_only(folder, &LedgerOptions::default()).expect("a ledger");
    (0..ledger.size()).map(|seq| ledger.event(seq).expect("it reads").expect("it is there")).collect()
}

#[test]
fn two_ledgers_write_in_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (open(folder.path()), open(folder.path()));
    for number in 0..20 {
        assert_eq!(one.append(&[&event("one", number)]).expect("it appends"), number * 3..number * 3 + 1);
        let both = [event("two", number), event("two", number)];
        let seqs = two.append(&both.each_ref().map(String::as_str)).expect("it appends");
        assert_eq!(seqs, number * 3 + 1..number * 3 + 3);
        assert_eq!(two.event(number * 3).expect("it reads"), Some(event("one", number)));
    }
    assert_eq!(one.size(), 58, "what came behind its last event is not read yet");
    assert_eq!(one.refresh().expect("it reads"), 60);
    assert_eq!(one.root(), two.root());
    let known = verifier();
    note(&one);
    let verdict = verify_ledger(folder.path(), &Trust::new(ORIGIN, &[&known])).expect("it reads");
    assert!(matches!(verdict, Verdict::Valid { size: 60, covered: 60, .. }), "{verdict:?}");
    fill(&two, 1);
    note(&two);
    assert_eq!(one.refresh().expect("it reads"), 61);
}

#[test]
fn events_are_added_where_nobody_else_added_some() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (open(folder.path()), open(folder.path()));
    assert_eq!(one.append_at(0, &["{}", "{}"]).expect("it appends"), Some(0..2));
    assert_eq!(two.append_at(0, &["{}"]).expect("it reads"), None, "somebody came first");
    assert_eq!(two.size(), 2);
    assert_eq!(two.append_at(2, &["{}"]).expect("it appends"), Some(2..3));
    assert_eq!(one.append_at(3, &[]).expect("it reads"), Some(3..3));
    assert_eq!(one.append_at(9, &["{}"]).expect("it reads"), None);
    assert_eq!(one.append_at(3, &["{"]).expect_err("no event").kind(), LedgerErrorKind::BadEvent);
}

#[test]
fn a_reader_waits_for_nobody_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = LedgerOptions::default().with_busy_timeout_ms(20);
    let absent = folder.path().join("absent");
    let reader = Ledger::open_read_only(&absent, &options).expect("no events");
    assert_eq!((reader.size(), reader.refresh().expect("no events")), (0, 0));
    assert!(!absent.exists());
    let ledger = Ledger::open(folder.path(), &options.clone().with_segment_bytes(1100)).expect("a ledger");
    fill(&ledger, 8);
    let lock = std::fs::OpenOptions::new().write(true).open(folder.path().join("lock")).expect("a lock");
    lock.lock().expect("nobody else");
    let reader = Ledger::open_read_only(folder.path(), &options).expect("it reads");
    assert_eq!((reader.size(), reader.root()), (8, ledger.root()));
    assert_eq!(reader.append(&["{}"]).expect_err("a reader").kind(), LedgerErrorKind::ReadOnly);
    // Half a line, which its writer is still at.
    let last = folder.path().join(format!("{:020}.jsonl", 6));
    let whole = std::fs::read_to_string(&last).expect("a segment");
    std::fs::write(&last, format!("{whole}{{\"event\":{{")).expect("it writes");
    assert_eq!(reader.refresh().expect("it reads"), 8);
    assert_eq!(std::fs::read_to_string(&last).expect("a segment").len(), whole.len() + 10);

    // Who writes waits, and is told.
    for failed in [Ledger::open(folder.path(), &options).err(), ledger.append(&["{}"]).err()] {
        let failed = failed.expect("it is held");
        assert_eq!((failed.kind(), failed.code().as_str()), (LedgerErrorKind::Locked, "store.locked"));
    }
    drop(lock);
    fill(&ledger, 1);
    assert_eq!(ledger.recovered().map(|cut| (cut.seq, cut.bytes)), Some((8, 10)));
    assert_eq!(reader.refresh().expect("it reads"), 9);
}

#[test]
fn a_ledger_that_was_put_back_takes_nothing_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    fill(&ledger, 3);
    let segment = folder.path().join(format!("{:020}.jsonl", 0));
    let before = std::fs::read(&segment).expect("a segment");
    fill(&ledger, 2);
    std::fs::write(&segment, before).expect("an older copy");
    let refused = ledger.append(&["{}"]).expect_err("events are gone");
    assert_eq!((refused.kind(), refused.seq()), (LedgerErrorKind::Damaged, Some(3)));
    fill(&open(folder.path()), 1);
}

/// Not a test by itself: one of the programs. It appends, and tells of each event that was acknowledged.
#[test]
fn program_that_shares() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let writer = std::env::var(WRITER).expect("a name");
    let options = LedgerOptions::default().with_segment_bytes(4000).with_busy_timeout_ms(60_000);
    let ledger = Ledger::open(Path::new(&folder), &options).expect("it opens");
    for number in 0..EVENTS {
        let seqs = ledger.append(&[&event(&writer, number)]).expect("it appends");
        println!("\nack {} {number}.", seqs.start);
    }
    println!("\ndone");
}

fn start(folder: &Path, writer: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "ledger_sharing::program_that_shares", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(WRITER, writer);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("it starts")
}

/// Kills a program once it has told of so many events, or lets it come to its end; what it told.
fn acknowledged(mut child: Child, kill_after: Option<usize>) -> Vec<(u64, u64)> {
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut said: Vec<String> = Vec::new();
    if let Some(count) = kill_after {
        let told = lines.by_ref().map(|line| line.expect("a line")).filter(|line| line.starts_with("ack "));
        said.extend(told.take(count));
        // Somewhere within its next write, or its wait for the others.
        std::thread::sleep(Duration::from_micros((count as u64 * 977) % 3000));
        child.kill().expect("a process of ours");
    }
    said.extend(lines.map_while(Result::ok));
    let status = child.wait().expect("it ended");
    assert!(kill_after.is_some() || status.success());
    let told = said.iter().filter_map(|line| {
        // A line that was cut off by the kill has no full stop.
        let (seq, number) = line.strip_prefix("ack ")?.strip_suffix('.')?.split_once(' ')?;
        Some((seq.parse().expect("a number"), number.parse().expect("a number")))
    });
    told.collect()
}

#[test]
fn programs_that_are_killed_lose_and_double_nothing() {
    let rounds = std::env::var("AETHER_LEDGER_SHARING_ROUNDS").ok().and_then(|text| text.parse().ok());
    let rounds: usize = rounds.unwrap_or(ROUNDS);
    let folder = tempfile::tempdir().expect("a folder");
    let mut told: BTreeMap<u64, String> = BTreeMap::new();
    for round in 0..rounds {
        let names: Vec<String> = (0..WRITERS).map(|writer| format!("{round}-{writer}")).collect();
        let children: Vec<Child> = names.iter().map(|name| start(folder.path(), name)).collect();
        std::thread::scope(|scope| {
            let waits: Vec<_> = children
                .into_iter()
                .enumerate()
                .map(|(writer, child)| {
                    // One of them comes to its end, the others are killed at another place each time.
                    let after = (writer > 0).then_some(1 + (round * 7 + writer * 5) % 23);
                    scope.spawn(move || acknowledged(child, after))
                })
                .collect();
            for (name, wait) in names.iter().zip(waits) {
                let said = wait.join().expect("no panic");
                assert!(!name.ends_with("-0") || said.len() as u64 == EVENTS, "{name} came to its end");
                for (seq, number) in said {
                    assert_eq!(told.insert(seq, event(name, number)), None, "number {seq} was given twice");
                }
            }
        });
    }
    let there = events(folder.path());
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    for (seq, line) in there.iter().enumerate() {
        if let Some(event) = told.get(&(seq as u64)) {
            assert_eq!(line, event, "event {seq}");
        }
        let (number, writer) = line.split_once(r#","w":"#).expect("one of ours");
        let number: u64 = number.trim_start_matches(r#"{"n":"#).parse().expect("a number");
        // Of each program all from the first on, once and in order.
        assert_eq!(last.insert(writer, number).map_or(0, |last| last + 1), number, "{writer}");
    }
    assert!(told.keys().all(|seq| *seq < there.len() as u64), "the last ones are gone");
    println!(
        "{} programs, {} acknowledged events of {}, none lost",
        rounds * WRITERS,
        told.len(),
        there.len()
    );
    let ledger = open(folder.path());
    let checkpoint = note(&ledger);
    let known = verifier();
    let verdict = verify_ledger(folder.path(), &Trust::new(ORIGIN, &[&known])).expect("it reads");
    assert!(matches!(verdict, Verdict::Valid { size, .. } if size == there.len() as u64), "{verdict:?}");
    let proof = folder.path().join("proof");
    let text = ledger.proof(5, &checkpoint).expect("a checkpoint").expect("a proof").to_string();
    std::fs::write(&proof, text).expect("it writes");
    if let Some((is_valid, printed)) = ledger_python::verify(folder.path(), Some(&proof)) {
        assert!(is_valid, "{printed}");
    }
}
