//! The index beside the segments: gone, damaged, of something else or edited, the answers are those of the
//! segments.

use std::path::{Path, PathBuf};

use aether_core::base::Sha256Hash;
use aether_core::conformance::check_trace_log;
use aether_core::port::TraceLog;
use aether_core::record::trace::TraceId;
use aether_core::record::{Checkpoint, MerkleTree, leaf_hash};
use aether_store::{Ledger, LedgerErrorKind, LedgerOptions, Trust, Verdict, verify_ledger};
use rusqlite::Connection;

use crate::ledger::{ORIGIN, note, verifier};

const SIZE: u64 = 1100;
const TRACES: u64 = 5;

fn options() -> LedgerOptions {
    LedgerOptions::default().with_segment_bytes(40_000).with_index_events(256)
}

fn trace(number: u64) -> TraceId {
    TraceId::new(format!("trace-of-tests-{number:04}")).expect("a name")
}

fn event(number: u64) -> String {
    format!(r#"{{"n":{number},"trace":"{}"}}"#, trace(number % TRACES))
}

fn index(folder: &Path) -> PathBuf {
    folder.join("index.db")
}

fn open(folder: &Path) -> Ledger {
    Ledger::open(folder, &options()).expect("a ledger")
}

fn fill(ledger: &Ledger, count: u64) {
    fill_with(ledger, count, event);
}

fn fill_with(ledger: &Ledger, count: u64, event: impl Fn(u64) -> String) {
    let size = ledger.size();
    for first in (size..size + count).step_by(50) {
        let events: Vec<String> = (first..(first + 50).min(size + count)).map(&event).collect();
        ledger.append(&events.iter().map(String::as_str).collect::<Vec<_>>()).expect("it appends");
    }
}

/// A ledger of [`SIZE`] events with an index of four blocks.
fn ledger() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fill(&open(folder.path()), SIZE);
    assert_eq!(blocks(folder.path()), 4);
    folder
}

/// Blocks that the index has.
fn blocks(folder: &Path) -> i64 {
    let connection = Connection::open(index(folder)).expect("an index");
    connection.query_row("SELECT count(*) FROM blocks", (), |row| row.get(0)).expect("blocks")
}

fn sql(folder: &Path, sql: &str) {
    Connection::open(index(folder)).expect("an index").execute_batch(sql).expect("a statement");
}

/// The tree over the lines as they stand in the segments.
fn truth(folder: &Path) -> MerkleTree {
    let mut tree = MerkleTree::new();
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut segments: Vec<PathBuf> =
        entries.filter(|it| it.extension().is_some_and(|it| it == "jsonl")).collect();
    segments.sort();
    for segment in segments {
        let text = std::fs::read_to_string(segment).expect("a segment");
        text.lines().for_each(|line| tree.push(leaf_hash(line.as_bytes())));
    }
    tree
}

/// What is asked of a ledger, each as the first thing after it was opened.
type Question = fn(&Ledger, &MerkleTree);

const QUESTIONS: [Question; 4] = [
    |ledger, truth| assert_eq!((ledger.size(), ledger.root()), (truth.size(), truth.root())),
    |ledger, truth| {
        let size = truth.size();
        for number in [300, 5, size - 1].into_iter().chain(0..size) {
            assert_eq!(ledger.event(number).expect("it reads"), Some(event(number)));
        }
        assert_eq!(ledger.line(size).expect("it reads"), None);
    },
    |ledger, truth| {
        for number in 0..=TRACES {
            let expected: Vec<u64> = (0..truth.size()).filter(|at| at % TRACES == number).collect();
            assert_eq!(ledger.lines_of(&trace(number)).expect("it reads"), expected);
        }
    },
    |ledger, truth| {
        let size = truth.size();
        for (old, new) in [(1, size), (256, 257), (255, 512), (513, 700), (size, size)] {
            let proof = ledger.consistency_proof(old, new).expect("it reads").expect("a proof");
            let roots = [old, new].map(|size| truth.root_at(size).expect("it had as many"));
            proof.verify(&roots[0], &roots[1]).expect("nothing changed");
            let proof = ledger.inclusion_proof(old - 1, new).expect("it reads").expect("a proof");
            proof.verify(&truth.leaf(old - 1).expect("a leaf"), &roots[1]).expect("it is there");
        }
        assert!(ledger.inclusion_proof(size, size).expect("it reads").is_none());
        assert!(ledger.inclusion_proof(0, size + 1).expect("it reads").is_none());
    },
];

#[track_caller]
fn check_ledger(ledger: &Ledger, folder: &Path, size: u64) {
    let truth = truth(folder);
    assert_eq!(truth.size(), size);
    QUESTIONS.iter().for_each(|ask| ask(ledger, &truth));
}

/// Everything that can be asked, of readers and of a writer: the answers are those of the segments.
#[track_caller]
fn check_folder(folder: &Path, size: u64) {
    let (before, truth) = (std::fs::read(index(folder)).ok(), truth(folder));
    for ask in QUESTIONS {
        ask(&Ledger::open_read_only(folder, &options()).expect("it reads"), &truth);
    }
    assert_eq!(std::fs::read(index(folder)).ok(), before, "a reader changes nothing");
    check_ledger(&open(folder), folder, size);
}

#[test]
fn an_index_spares_reading_and_answers_the_same() {
    let folder = ledger();
    check_folder(folder.path(), SIZE);
    // Behind the index, and behind what it gets next.
    fill(&open(folder.path()), 250);
    check_folder(folder.path(), SIZE + 250);
    fill(&open(folder.path()), 600);
    assert_eq!(blocks(folder.path()), 7);
    check_folder(folder.path(), SIZE + 850);
    // It is used: without the lines in front of its end, the ledger opens.
    let first = folder.path().join(format!("{:020}.jsonl", 0));
    let mut bytes = std::fs::read(&first).expect("a segment");
    bytes[10] ^= 1;
    std::fs::write(&first, bytes).expect("it writes");
    let ledger = open(folder.path());
    assert_eq!(ledger.event(900).expect("it reads"), Some(event(900)));
    assert_eq!(ledger.event(0).expect_err("altered").kind(), LedgerErrorKind::Damaged);
    let refused = Ledger::open(folder.path(), &options().without_index()).expect_err("altered");
    assert_eq!((refused.kind(), refused.seq()), (LedgerErrorKind::Damaged, Some(0)));
}

#[test]
fn an_index_that_is_no_index_is_made_anew() {
    let other = ledger_of_others();
    type Change<'a> = &'a dyn Fn(&Path);
    let changes: [Change<'_>; 8] = [
        &|path| std::fs::remove_file(path).expect("it goes"),
        &|path| std::fs::write(path, "garbage").expect("it writes"),
        &|path| std::fs::write(path, "").expect("it writes"),
        &|path| {
            let bytes = std::fs::read(path).expect("an index");
            std::fs::write(path, &bytes[..bytes.len() / 2]).expect("it writes");
        },
        &|path| {
            let mut bytes = std::fs::read(path).expect("an index");
            (4096..bytes.len()).step_by(97).for_each(|at| bytes[at] ^= 0x55);
            std::fs::write(path, &bytes).expect("it writes");
        },
        &|path| {
            std::fs::copy(index(other.path()), path).expect("a copy");
        },
        &|path| sql(path.parent().expect("a folder"), "PRAGMA user_version = 2"),
        &|path| sql(path.parent().expect("a folder"), "PRAGMA application_id = 7"),
    ];
    for (number, change) in changes.iter().enumerate() {
        let folder = ledger();
        change(&index(folder.path()));
        check_folder(folder.path(), SIZE);
        assert_eq!(blocks(folder.path()), 4, "change {number}");
        check_folder(folder.path(), SIZE);
    }
}

/// Nothing stands behind the last block that would not fit.
#[test]
fn an_index_of_another_ledger_does_not_fit_the_last_line() {
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    fill(&open(folder.path()), 1024);
    fill_with(&open(other.path()), 1024, |number| event(number).replace("trace-of", "trace_of"));
    assert_eq!((blocks(folder.path()), blocks(other.path())), (4, 4));
    std::fs::copy(index(other.path()), index(folder.path())).expect("a copy");
    check_folder(folder.path(), 1024);
}

/// Events of the same length, so that they stand at the same places.
fn ledger_of_others() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fill_with(&open(folder.path()), SIZE, |number| event(number).replace("trace-of", "trace_of"));
    folder
}

#[test]
fn an_index_of_another_time_is_no_harm() {
    let folder = ledger();
    let old = std::fs::read(index(folder.path())).expect("an index");
    let copy = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    fill(&open(folder.path()), 900);
    // Behind the segments.
    let new = std::fs::read(index(folder.path())).expect("an index");
    std::fs::write(index(folder.path()), old).expect("it writes");
    check_folder(folder.path(), SIZE + 900);
    // In front of them.
    std::fs::write(index(copy.path()), new).expect("it writes");
    check_folder(copy.path(), SIZE);
    fill(&open(copy.path()), 3);
    check_folder(copy.path(), SIZE + 3);
}

#[test]
fn an_index_that_was_edited_does_not_lie() {
    let sound = ledger();
    let other = ledger_of_others();
    let strange = format!("ATTACH '{}' AS other;", index(other.path()).display());
    for edit in [
        "UPDATE lines SET leaves = zeroblob(8192) WHERE number = 1",
        "UPDATE lines SET leaves = (SELECT leaves FROM lines WHERE number = 2) WHERE number = 1",
        "UPDATE lines SET places = (SELECT places FROM lines WHERE number = 2) WHERE number = 1",
        "UPDATE lines SET places = zeroblob(2048) WHERE number = 3",
        "UPDATE lines SET places = zeroblob(2047) WHERE number = 0",
        "DELETE FROM lines WHERE number = 2",
        "UPDATE blocks SET root = zeroblob(32) WHERE number = 1",
        "UPDATE blocks SET last_hash = zeroblob(32) WHERE number = 3",
        "UPDATE blocks SET end_bytes = end_bytes - 1 WHERE number = 3",
        "UPDATE blocks SET end_segment = 0 WHERE number = 3",
        "DELETE FROM blocks WHERE number = 1",
        "DELETE FROM blocks WHERE number = 3",
        "DELETE FROM segments WHERE first > 0",
        "UPDATE segments SET bytes = bytes + 1",
        "INSERT INTO segments VALUES (17, 4)",
        "DELETE FROM trace_lines WHERE number = 2",
        "DELETE FROM trace_lines",
        "DELETE FROM traces",
        "UPDATE traces SET count = 3",
        "UPDATE trace_lines SET lines = x'00' WHERE number = 0",
        "UPDATE trace_lines SET name = name || '0' WHERE number = 0",
        "DROP TABLE trace_lines",
        "DROP TABLE segments",
        "UPDATE lines SET places = (SELECT places FROM other.lines AS it WHERE it.number = lines.number)",
        "UPDATE lines SET leaves = (SELECT leaves FROM other.lines AS it WHERE it.number = lines.number)",
        "UPDATE traces SET sum = (SELECT sum FROM other.traces LIMIT 1)",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        for entry in std::fs::read_dir(sound.path()).expect("a folder") {
            let entry = entry.expect("an entry");
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
        }
        sql(folder.path(), &format!("{strange}{edit}"));
        check_folder(folder.path(), SIZE);
        // Once it was found out, it was made anew.
        check_folder(folder.path(), SIZE);
    }
}

/// Somebody who means to, and makes everything fit that can be made to fit without the segments.
#[test]
fn an_index_that_was_made_to_fit_is_not_signed_and_proves_nothing() {
    let folder = ledger();
    let known = verifier();
    let old = note(&open(folder.path()));
    fill(&open(folder.path()), 300);
    let truth = Ledger::open(folder.path(), &options().without_index()).expect("it reads").root();
    let forge = |number: usize, inside: usize| {
        let connection = Connection::open(index(folder.path())).expect("an index");
        let leaves: Vec<u8> = connection
            .query_row("SELECT leaves FROM lines WHERE number = ?1", [number as i64], |row| row.get(0))
            .expect("leaves");
        let mut forged = leaves;
        forged[inside * 32] ^= 1;
        let mut tree = MerkleTree::new();
        forged
            .chunks(32)
            .for_each(|leaf| tree.push(Sha256Hash::from_bytes(leaf.try_into().expect("32 bytes"))));
        connection
            .execute("UPDATE lines SET leaves = ?2 WHERE number = ?1", (number as i64, forged))
            .expect("a row");
        connection
            .execute("UPDATE blocks SET root = ?2 WHERE number = ?1", (number as i64, tree.root().as_bytes()))
            .expect("a row");
        sums(&connection);
    };
    // Behind the last checkpoint, and in front of it.
    for (number, inside) in [(4, 200), (0, 7)] {
        let seq = number as u64 * 256 + inside as u64;
        forge(number, inside);
        let ledger = open(folder.path());
        assert_ne!(ledger.root(), truth, "this is what the index says");
        assert_eq!(ledger.event(seq).expect("it reads"), Some(event(seq)));
        forge(number, inside);
        let signed = note(&open(folder.path()));
        let checkpoint =
            Checkpoint::verify(signed.to_string().as_bytes(), ORIGIN, &[&known]).expect("signed");
        assert_eq!((checkpoint.size(), *checkpoint.root()), (SIZE + 300, truth));
        forge(number, inside);
        let proof = open(folder.path()).proof(seq, &signed).expect("it reads");
        let line = open(folder.path()).line(seq).expect("it reads").expect("a line");
        let leaf = leaf_hash(line.as_bytes());
        proof.expect("a proof").verify(&leaf, ORIGIN, &[&known]).expect("it holds");
        forge(number, inside);
        let before = Checkpoint::verify(old.to_string().as_bytes(), ORIGIN, &[&known]).expect("signed");
        let between = open(folder.path()).proof_between(&before, &checkpoint).expect("it reads");
        between.expect("a proof").verify(before.root(), checkpoint.root()).expect("nothing changed");
    }
    let verdict = verify_ledger(folder.path(), &Trust::new(ORIGIN, &[&known])).expect("it reads");
    assert!(matches!(verdict, Verdict::Valid { .. }), "{verdict:?}");
    // Lines of a trace can be left out: whoever wants to be sure has the segments read.
    sql(folder.path(), "DELETE FROM traces; DELETE FROM trace_lines;");
    let ledger = open(folder.path());
    let all = (0..SIZE + 300).filter(|at| at % TRACES == 1).collect::<Vec<u64>>();
    assert!(ledger.lines_of(&trace(1)).expect("it reads").len() < all.len());
    assert_eq!(ledger.all_lines_of(&trace(1)).expect("it reads"), all);
}

/// Makes the sums of all blocks anew, as they are documented.
fn sums(connection: &Connection) {
    let mut statement = connection
        .prepare("SELECT number, root, last_hash, end_segment, end_bytes FROM blocks ORDER BY number")
        .expect("a statement");
    type Row = (i64, Vec<u8>, Vec<u8>, i64, i64);
    let rows: Vec<Row> = statement
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("rows");
    let mut sum = vec![0; 32];
    for (number, root, last_hash, segment, bytes) in rows {
        let numbers = [segment, bytes].map(i64::to_be_bytes).concat();
        let text = [
            b"aether-ledger-index-v1\n".to_vec(),
            sum,
            number.to_be_bytes().to_vec(),
            root,
            last_hash,
            numbers,
        ]
        .concat();
        sum = Sha256Hash::of(&text).as_bytes().to_vec();
        connection.execute("UPDATE blocks SET sum = ?2 WHERE number = ?1", (number, &sum)).expect("a row");
    }
}

#[test]
fn several_ledgers_feed_one_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (open(folder.path()), open(folder.path()));
    for _ in 0..20 {
        fill(&one, 30);
        two.refresh().expect("it reads");
        fill(&two, 40);
        one.refresh().expect("it reads");
    }
    for ledger in [&one, &two] {
        check_ledger(ledger, folder.path(), 1400);
    }
    assert!(blocks(folder.path()) >= 4);
    check_folder(folder.path(), 1400);
    // One that goes on while its index is taken away.
    std::fs::remove_file(index(folder.path())).expect("it goes");
    let three = open(folder.path());
    fill(&three, 700);
    one.refresh().expect("it reads");
    check_ledger(&one, folder.path(), 2100);
    check_ledger(&three, folder.path(), 2100);
    check_folder(folder.path(), 2100);
}

#[test]
fn an_index_that_cannot_be_written_is_done_without() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(index(folder.path())).expect("a folder in its place");
    fill(&open(folder.path()), SIZE);
    check_ledger(&open(folder.path()), folder.path(), SIZE);
}

#[test]
fn a_ledger_is_a_log_of_traces() {
    let folders = std::cell::RefCell::new(Vec::new());
    for options in [options(), options().without_index(), LedgerOptions::default()] {
        check_trace_log(&|| {
            let folder = tempfile::tempdir().expect("a folder");
            let ledger = Ledger::open(folder.path(), &options).expect("a ledger");
            folders.borrow_mut().push(folder);
            Box::new(ledger) as Box<dyn TraceLog>
        });
    }
}
