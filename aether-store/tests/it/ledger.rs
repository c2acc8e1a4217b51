//! The ledger as its callers see it: events, proofs, checkpoints, and who else may write.

use std::collections::BTreeSet;
use std::path::Path;

use aether_core::record::{Frontier, SignedNote, Signer as _, leaf_hash};
use aether_store::{
    Ed25519Signer, Ed25519Verifier, Ledger, LedgerErrorKind, LedgerOptions, Trust, Verdict, verify_ledger,
};

pub(crate) const ORIGIN: &str = "example.com/ledger";

pub(crate) fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a key")
}

pub(crate) fn verifier() -> Ed25519Verifier {
    Ed25519Verifier::new(signer().key().clone()).expect("a key")
}

/// Segments of some six events.
pub(crate) fn open(folder: &Path) -> Ledger {
    Ledger::open(folder, &LedgerOptions::default().with_segment_bytes(1100)).expect("a ledger")
}

pub(crate) fn fill(ledger: &Ledger, count: u64) {
    for _ in 0..count {
        let event = format!(r#"{{"kind":"note","n":{}}}"#, ledger.size());
        ledger.append(&[&event]).expect("it appends");
    }
}

pub(crate) fn note(ledger: &Ledger) -> SignedNote {
    ledger.checkpoint(ORIGIN, &signer()).expect("a checkpoint")
}

#[test]
fn events_are_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    assert_eq!(ledger.append(&[]).expect("nothing"), 0..0);
    assert_eq!(ledger.append(&["{}", r#"{"a":1}"#]).expect("events"), 0..2);
    fill(&ledger, 20);
    let (size, root) = (ledger.size(), ledger.root());
    drop(ledger);
    assert!(std::fs::read_dir(folder.path()).expect("a folder").count() > 3, "several segments");
    let ledger = open(folder.path());
    assert_eq!((ledger.size(), ledger.root(), ledger.recovered()), (size, root, None));
    assert_eq!(ledger.event(1).expect("it reads").as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(ledger.event(size).expect("it reads"), None);
    assert_eq!(ledger.line(u64::MAX).expect("it reads"), None);
    let mut frontier = Frontier::new();
    for seq in 0..size {
        frontier.push(leaf_hash(ledger.line(seq).expect("it reads").expect("it is there").as_bytes()));
    }
    assert_eq!(frontier.root(), root);
    fill(&ledger, 1);
    assert_eq!(ledger.size(), size + 1);
}

#[test]
fn what_is_no_event_is_refused_and_nothing_of_its_batch_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = LedgerOptions::default().with_max_event_bytes(100);
    let ledger = Ledger::open(folder.path(), &options).expect("a ledger");
    let nested = |depth| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let long = format!(r#"{{"a":"{}"}}"#, "b".repeat(100));
    for (event, kind) in [
        ("", LedgerErrorKind::BadEvent),
        ("1", LedgerErrorKind::BadEvent),
        ("[]", LedgerErrorKind::BadEvent),
        ("{", LedgerErrorKind::BadEvent),
        ("{} ", LedgerErrorKind::BadEvent),
        (" {}", LedgerErrorKind::BadEvent),
        ("{}{}", LedgerErrorKind::BadEvent),
        ("{\n}", LedgerErrorKind::BadEvent),
        ("{\"a\":\"\t\"}", LedgerErrorKind::BadEvent),
        ("{a:1}", LedgerErrorKind::BadEvent),
        (&long, LedgerErrorKind::TooLarge),
    ] {
        let refused = ledger.append(&["{}", event]).expect_err("refused");
        assert_eq!(refused.kind(), kind, "{event:?}");
        assert_eq!(ledger.size(), 0);
    }
    drop(ledger);
    let ledger = open(folder.path());
    assert_eq!(ledger.append(&[&nested(101)]).expect_err("too deep").kind(), LedgerErrorKind::BadEvent);
    let brackets = format!(r#"{{"\"":"\\","b":"{}"}}"#, "[".repeat(200));
    assert_eq!(ledger.append(&[&nested(100), &brackets]).expect("not too deep"), 0..2);
    let large = format!(r#"{{"a":"{}"}}"#, "b".repeat(1_000_000));
    let refused = ledger.append(&[large.as_str(); 5]).expect_err("more than 4 MiB");
    assert_eq!(refused.kind(), LedgerErrorKind::TooLarge);
    assert_eq!(ledger.append(&[large.as_str(); 4]).expect("less than 4 MiB"), 2..6);
}

#[test]
fn threads_share_batches_and_each_gets_its_own_numbers() {
    const WRITERS: u64 = 8;
    const EACH: u64 = 40;
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    let mut seen = BTreeSet::new();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let ledger = &ledger;
                scope.spawn(move || {
                    let append = |number: u64| {
                        let event = |part: u64| format!(r#"{{"n":{number},"p":{part},"w":{writer}}}"#);
                        let parts: Vec<String> = (0..=number % 3).map(event).collect();
                        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                        let seqs = ledger.append(&parts).expect("it appends");
                        for (seq, part) in seqs.clone().zip(&parts) {
                            assert_eq!(ledger.event(seq).expect("it reads").as_deref(), Some(*part));
                        }
                        seqs
                    };
                    (0..EACH).flat_map(append).collect::<Vec<u64>>()
                })
            })
            .collect();
        for writer in writers {
            let seqs = writer.join().expect("no panic");
            assert!(seqs.is_sorted());
            seqs.iter().for_each(|seq| assert!(seen.insert(*seq), "{seq} twice"));
        }
    });
    assert_eq!(seen, (0..ledger.size()).collect());
}

#[test]
fn events_are_proven_by_checkpoints() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    let known = verifier();
    fill(&ledger, 5);
    let old = note(&ledger);
    let old_root = ledger.root();
    fill(&ledger, 8);
    let new = note(&ledger);
    for (note, size) in [(&old, 5), (&new, 13)] {
        for seq in 0..13 {
            let proof = ledger.proof(seq, note).expect("a checkpoint");
            assert_eq!(proof.is_some(), seq < size);
            let Some(proof) = proof else { continue };
            let line = ledger.line(seq).expect("it reads").expect("it is there");
            let leaf = leaf_hash(line.as_bytes());
            assert_eq!(proof.verify(&leaf, ORIGIN, &[&known]).expect("it holds").size(), size);
            assert!(proof.verify(&leaf_hash(b"{}"), ORIGIN, &[&known]).is_err());
        }
    }
    let proof = ledger.consistency_proof(5, 13).expect("it reads").expect("a proof");
    proof.verify(&old_root, &ledger.root()).expect("nothing changed");
    assert!(ledger.consistency_proof(0, 13).expect("it reads").is_none());
    assert!(ledger.consistency_proof(5, 14).expect("it reads").is_none());
}

#[test]
fn two_histories_are_never_signed() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let ledger = open(one.path());
    fill(&ledger, 3);
    note(&ledger);
    fill(&ledger, 1);
    note(&ledger);
    // Another ledger, shorter and longer, beside the same note.
    std::fs::copy(one.path().join("checkpoint"), two.path().join("checkpoint")).expect("a copy");
    let other = open(two.path());
    for _ in 0..3 {
        other.append(&[r#"{"kind":"other"}"#, r#"{"kind":"other"}"#]).expect("it appends");
        let refused = other.checkpoint(ORIGIN, &signer()).expect_err("another history");
        assert_eq!(refused.kind(), LedgerErrorKind::Inconsistent);
        assert_eq!(refused.code().as_str(), "ledger.inconsistent");
    }
    std::fs::write(two.path().join("checkpoint"), "nonsense").expect("it writes");
    assert_eq!(other.checkpoint(ORIGIN, &signer()).expect_err("no note").kind(), LedgerErrorKind::Note);
}

#[test]
fn a_ledger_in_use_is_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    let known = verifier();
    fill(&ledger, 7);
    note(&ledger);
    fill(&ledger, 2);
    let verdict = verify_ledger(folder.path(), &Trust::new(ORIGIN, &[&known])).expect("it reads");
    let Verdict::Valid { size, root, covered, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!((size, root, covered), (9, ledger.root(), 7));
}
