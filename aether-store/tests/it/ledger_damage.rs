//! Each way to tamper with a ledger, and what is said of it.

use std::path::{Path, PathBuf};

use aether_core::record::Signer as _;
use aether_core::record::Verifier;
use aether_store::{
    Damage, Doubt, Ed25519Signer, Ed25519Verifier, LedgerErrorKind, LedgerOptions, Trust, Verdict,
    verify_ledger,
};

use crate::ledger::{ORIGIN, fill, note, open, verifier};

/// Events of the ledger that is tampered with, of which the last two are behind the checkpoint.
const SIZE: u64 = 15;
const COVERED: u64 = 13;

/// A ledger of [`SIZE`] events in segments of six, with a checkpoint beside it.
fn ledger() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    fill(&ledger, COVERED);
    note(&ledger);
    fill(&ledger, SIZE - COVERED);
    folder
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut segments: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    segments.sort();
    segments
}

/// Changes the lines of one segment.
fn edit(folder: &Path, segment: usize, change: impl FnOnce(&mut Vec<String>)) {
    let path = &segments(folder)[segment];
    let text = std::fs::read_to_string(path).expect("a segment");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(path, text).expect("it writes");
}

fn verdict(folder: &Path, keys: &[&dyn Verifier], notes: &[&[u8]]) -> Verdict {
    verify_ledger(folder, &Trust::new(ORIGIN, keys).with_notes(notes)).expect("it reads")
}

#[track_caller]
fn check(folder: &Path, notes: &[&[u8]], seq: u64, damage: Damage) {
    let verdict = verdict(folder, &[&verifier()], notes);
    match verdict {
        Verdict::Invalid { seq: found, damage: is, .. } => assert_eq!((found, is), (seq, damage)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn lines_that_were_tampered_with_are_named() {
    type Change = fn(&mut Vec<String>);
    let cases: [(usize, u64, Damage, Change); 8] = [
        (0, 2, Damage::Altered, |lines| lines[2] = lines[2].replace(r#""n":2"#, r#""n":9"#)),
        (0, 2, Damage::Altered, |lines| lines[2] = "{}".into()),
        (0, 3, Damage::Missing, |lines| drop(lines.remove(3))),
        (0, 3, Damage::Inserted, |lines| lines.insert(3, lines[2].clone())),
        (0, 1, Damage::Reordered, |lines| lines.swap(1, 2)),
        (0, 0, Damage::Missing, |lines| drop(lines.remove(0))),
        (1, 6, Damage::Missing, |lines| lines.clear()),
        (1, 10, Damage::Altered, |lines| lines[4].insert(10, ' ')),
    ];
    for (segment, seq, damage, change) in cases {
        let folder = ledger();
        let first = u64::try_from(segment).expect("small") * 6;
        assert_eq!(segments(folder.path()).len(), 3, "{first}");
        edit(folder.path(), segment, change);
        check(folder.path(), &[], seq, damage);
        // With nobody to trust, too.
        let alone = verdict(folder.path(), &[], &[]);
        assert!(matches!(alone, Verdict::Invalid { seq: found, .. } if found == seq), "{alone:?}");
        let refused =
            aether_store::Ledger::open(folder.path(), &LedgerOptions::default()).expect_err("damaged");
        assert_eq!((refused.kind(), refused.seq()), (LedgerErrorKind::Damaged, Some(seq)));
    }
}

/// Each bit of each byte of a segment.
#[test]
fn every_flipped_bit_is_found() {
    let folder = ledger();
    let path = &segments(folder.path())[1];
    let good = std::fs::read(path).expect("a segment");
    let line = good.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
    for at in (0..good.len()).step_by(7).chain(line - 2..line + 2) {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            std::fs::write(path, &bytes).expect("it writes");
            let verdict = verdict(folder.path(), &[&verifier()], &[]);
            let expected = 6 + good[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
            assert!(
                matches!(verdict, Verdict::Invalid { seq, .. } if seq == expected),
                "{at} {bit} {verdict:?}"
            );
        }
    }
}

#[test]
fn lines_of_another_ledger_do_not_fit() {
    let (folder, other) = (ledger(), tempfile::tempdir().expect("a folder"));
    let ledger = open(other.path());
    ledger.append(&[r#"{"kind":"other"}"#]).expect("it appends");
    fill(&ledger, SIZE - 1);
    drop(ledger);
    let stranger = std::fs::read_to_string(&segments(other.path())[0]).expect("a segment");
    let line = stranger.lines().nth(4).expect("a line").to_owned();
    edit(folder.path(), 0, |lines| lines[4] = line);
    check(folder.path(), &[], 4, Damage::Spliced);
    // A whole segment of it.
    let folder = self::ledger();
    let segment = &segments(folder.path())[1];
    let theirs = segments(other.path()).into_iter().find(|path| path.file_name() == segment.file_name());
    if let Some(theirs) = theirs {
        std::fs::copy(theirs, segment).expect("a copy");
        check(folder.path(), &[], 6, Damage::Spliced);
    }
}

#[test]
fn segments_that_are_gone_or_renamed_are_missed() {
    let folder = ledger();
    std::fs::remove_file(&segments(folder.path())[1]).expect("it goes");
    check(folder.path(), &[], 6, Damage::Missing);
    let folder = ledger();
    std::fs::remove_file(&segments(folder.path())[0]).expect("it goes");
    check(folder.path(), &[], 0, Damage::Missing);
    let folder = ledger();
    let last = segments(folder.path()).pop().expect("a segment");
    std::fs::rename(&last, last.with_file_name(format!("{:020}.jsonl", 11))).expect("it moves");
    check(folder.path(), &[], 12, Damage::Inserted);
}

#[test]
fn events_that_were_cut_off_are_missed_as_far_as_a_checkpoint_tells() {
    let folder = ledger();
    let beside = std::fs::read(folder.path().join("checkpoint")).expect("a note");
    let ledger = open(folder.path());
    let newer = note(&ledger).to_string();
    drop(ledger);
    std::fs::write(folder.path().join("checkpoint"), &beside).expect("rolled back");
    // Events behind the checkpoint go unnoticed, unless somebody kept a newer one.
    edit(folder.path(), 2, |lines| drop(lines.pop()));
    let verdict = verdict(folder.path(), &[&verifier()], &[]);
    assert!(matches!(verdict, Verdict::Valid { size: 14, covered: COVERED, .. }), "{verdict:?}");
    check(folder.path(), &[newer.as_bytes()], 14, Damage::Truncated);
    edit(folder.path(), 2, |lines| lines.clear());
    check(folder.path(), &[], 12, Damage::Truncated);
    // An older copy of all of it, its checkpoint included.
    std::fs::remove_file(folder.path().join("checkpoint")).expect("it goes");
    check(folder.path(), &[newer.as_bytes()], 12, Damage::Truncated);
}

#[test]
fn a_wiped_ledger_is_missed_by_whoever_kept_a_checkpoint() {
    let folder = ledger();
    let note = std::fs::read(folder.path().join("checkpoint")).expect("a note");
    segments(folder.path()).iter().for_each(|path| std::fs::remove_file(path).expect("it goes"));
    check(folder.path(), &[], 0, Damage::Wiped);
    let gone = folder.path().join("gone");
    check(&gone, &[&note], 0, Damage::Wiped);
    let alone = verdict(&gone, &[&verifier()], &[]);
    assert!(matches!(alone, Verdict::Indeterminate { size: 0, doubt: Doubt::NoCheckpoint, .. }), "{alone:?}");
}

#[test]
fn a_ledger_that_was_written_anew_has_another_root() {
    let (folder, other) = (ledger(), tempfile::tempdir().expect("a folder"));
    let anew = open(other.path());
    fill(&anew, 5);
    anew.append(&[r#"{"kind":"forged"}"#]).expect("it appends");
    fill(&anew, SIZE - 6);
    let beside = std::fs::read(folder.path().join("checkpoint")).expect("a note");
    std::fs::write(other.path().join("checkpoint"), &beside).expect("it writes");
    check(other.path(), &[], 0, Damage::Rewritten);
    // A checkpoint of its first five events narrows it down.
    let early = tempfile::tempdir().expect("a folder");
    let ledger = open(early.path());
    fill(&ledger, 5);
    let early = note(&ledger).to_string();
    check(other.path(), &[early.as_bytes()], 5, Damage::Rewritten);
}

#[test]
fn only_trusted_keys_count_and_their_wrong_signatures_do() {
    let folder = ledger();
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[8; 32]).expect("a key");
    let known = Ed25519Verifier::new(stranger.key().clone()).expect("a key");
    let doubted = verdict(folder.path(), &[&known], &[]);
    assert!(
        matches!(doubted, Verdict::Indeterminate { size: SIZE, doubt: Doubt::Untrusted, .. }),
        "{doubted:?}"
    );
    let other = verify_ledger(folder.path(), &Trust::new("another", &[&verifier()])).expect("it reads");
    assert!(matches!(other, Verdict::Indeterminate { doubt: Doubt::Untrusted, .. }), "{other:?}");
    let path = folder.path().join("checkpoint");
    let text = std::fs::read_to_string(&path).expect("a note");
    std::fs::write(&path, text.replace("\n13\n", "\n12\n")).expect("it writes");
    check(folder.path(), &[], 0, Damage::BadCheckpoint);
    std::fs::write(&path, "nonsense").expect("it writes");
    check(folder.path(), &[], 0, Damage::BadCheckpoint);
    std::fs::remove_file(&path).expect("it goes");
    let alone = verdict(folder.path(), &[&verifier()], &[]);
    assert!(matches!(alone, Verdict::Indeterminate { doubt: Doubt::NoCheckpoint, .. }), "{alone:?}");
}

#[test]
fn a_line_that_is_being_written_counts_for_nothing() {
    let folder = ledger();
    let last = segments(folder.path()).pop().expect("a segment");
    let mut text = std::fs::read_to_string(&last).expect("a segment");
    text.push_str(r#"{"event":{"half"#);
    std::fs::write(&last, &text).expect("it writes");
    let verdict = verdict(folder.path(), &[&verifier()], &[]);
    assert!(matches!(verdict, Verdict::Valid { size: SIZE, .. }), "{verdict:?}");
    let ledger = open(folder.path());
    assert_eq!(ledger.recovered().map(|found| (found.seq, found.bytes)), Some((SIZE, 15)));
    fill(&ledger, 1);
    drop(ledger);
    assert_eq!(open(folder.path()).size(), SIZE + 1);
    // In front of another segment, nobody is writing.
    let first = &segments(folder.path())[0];
    let text = std::fs::read_to_string(first).expect("a segment");
    std::fs::write(first, text.trim_end_matches('\n')).expect("it writes");
    check(folder.path(), &[], 5, Damage::Altered);
}
