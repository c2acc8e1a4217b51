//! The format of the ledger is proven by two implementations: this one writes, one in Python checks.

use std::path::{Path, PathBuf};
use std::process::Command;

use aether_core::conformance::skip;
use aether_core::record::Signer as _;

use crate::ledger::{ORIGIN, fill, note, open, signer};

/// Runs the verifier; what it printed, and whether it was content. `None` without Python.
pub(crate) fn verify(folder: &Path, proof: Option<&Path>) -> Option<(bool, String)> {
    let tool = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools/verify_ledger.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(tool).arg(folder).arg(ORIGIN).arg(signer().key().to_string()).args(proof);
    match command.output() {
        Ok(output) => {
            let printed = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(errors.is_empty(), "{errors}");
            Some((output.status.success(), printed))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_second_implementation_agrees() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = open(folder.path());
    ledger.append(&[r#"{"b":"é \" ,\"hash\":","a":[1, 2]}"#]).expect("it appends");
    fill(&ledger, 20);
    let checkpoint = note(&ledger);
    let root = ledger.root();
    let path = folder.path().join("proof");
    let Some((is_valid, printed)) = verify(folder.path(), None) else {
        skip("a_second_implementation_agrees", "there is no python3");
        return;
    };
    assert!(is_valid, "{printed}");
    assert_eq!(printed, format!("valid 21 {root}"));
    let mut texts = Vec::new();
    for seq in [0, 7, 15, 16, 20] {
        let proof = ledger.proof(seq, &checkpoint).expect("a checkpoint").expect("a proof").to_string();
        std::fs::write(&path, &proof).expect("it writes");
        let answer = verify(folder.path(), Some(&path)).expect("python3 is there");
        assert_eq!(answer, (true, format!("valid 21 {root}")), "{seq}");
        texts.push(proof);
    }
    // What one refuses, the other refuses.
    let refused = |change: &dyn Fn(), why: &str| {
        change();
        let (is_valid, printed) = verify(folder.path(), Some(&path)).expect("python3 is there");
        assert!(!is_valid && printed.contains(why), "{printed}");
    };
    let moved = texts[1].replace("index 7", "index 8");
    refused(&|| std::fs::write(&path, &moved).expect("it writes"), "another root");
    std::fs::write(&path, &texts[1]).expect("it writes");
    let beside = folder.path().join("checkpoint");
    let good = std::fs::read_to_string(&beside).expect("a note");
    refused(
        &|| std::fs::write(&beside, good.replace("\n21\n", "\n20\n")).expect("it writes"),
        "signature is wrong",
    );
    std::fs::write(&beside, &good).expect("it writes");
    let segment = folder.path().join(format!("{:020}.jsonl", 6));
    let text = std::fs::read_to_string(&segment).expect("a segment");
    refused(
        &|| std::fs::write(&segment, text.replacen("note", "nope", 1)).expect("it writes"),
        "line 6 was altered",
    );
    std::fs::write(&segment, &text).expect("it writes");
    refused(&|| std::fs::remove_file(&segment).expect("it goes"), "does not begin with event 6");
}
