//! Where a patch comes from: the token, the statement, the envelope, and what is left of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use aether_core::base::{
    LineSpan, RelPath, Sha256Hash, Timestamp, canonical_json, decode_base64, encode_base64,
};
use aether_core::change::{
    CheckStep, CommandLine, FileMode, FileState, LayerReport, NetworkAccess, RunMode, RunReport,
    SandboxLayer, SandboxReport, StepReport, Verification,
};
use aether_core::record::provenance::{
    Envelope, EnvelopeError, MadeLines, PatchProvenance, Proposer, ProposerKind, ProvenFile, ProvenanceState,
    check_files,
};
use aether_core::record::{NoteError, PublicKey, Signer, Verifier};

const OLD: &str = "one\ntwo\nthree\n";
const NEW: &str = "one\n2\n2b\nthree\n";

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn state(name: &str, text: &str) -> FileState {
    FileState::of(path(name), FileMode::Regular, text.as_bytes())
}

fn verification(codes: &[(&str, i32)]) -> Verification {
    let steps = codes.iter().map(|(text, code)| {
        let command = CommandLine::parse(text).unwrap();
        let layers = vec![
            LayerReport::held(SandboxLayer::LANDLOCK_FILES),
            LayerReport::missing(SandboxLayer::LANDLOCK_TCP, "the kernel is too old"),
        ];
        let sandbox = SandboxReport::new(layers, NetworkAccess::None, true);
        let mut run = RunReport::new(command.clone(), RunMode::HOST, sandbox);
        run.exit_code = Some(*code);
        StepReport::new(CheckStep::of(command), run)
    });
    Verification::new(Sha256Hash::of(b"after"), steps.collect())
}

fn provenance() -> PatchProvenance {
    let mut provenance = PatchProvenance::new(
        Sha256Hash::of(b"patch"),
        "p000001-0123456789ab",
        Timestamp::from_unix_ms(1_000),
        Proposer::new(ProposerKind::USER, "somebody"),
        Sha256Hash::of(b"before"),
        &verification(&[("cargo check", 0), ("cargo test", 0), ("cargo clippy", 101)]),
    );
    let made = MadeLines::new(LineSpan { first: 2, last: 3 }, Sha256Hash::of(b"2\n2b\n"));
    provenance.files = vec![ProvenFile::new(Some(state("a.rs", OLD)), Some(state("a.rs", NEW)), vec![made])];
    provenance
}

#[test]
fn the_token_is_that_of_all_that_the_record_says() {
    let record = provenance();
    assert_eq!(record.token(), Sha256Hash::of(canonical_json(&record).unwrap().as_bytes()));
    let value = serde_json::to_value(&record).unwrap();
    let again: PatchProvenance = serde_json::from_value(value.clone()).unwrap();
    assert_eq!((again.token(), &again), (record.token(), &record));
    // Whatever is changed makes another token.
    let mut tokens = std::collections::BTreeSet::from([record.token()]);
    for (pointer, new) in [
        ("/applied", "p000002-0123456789ab".into()),
        ("/at", serde_json::to_value(Timestamp::from_unix_ms(2_000)).unwrap()),
        ("/proposer/name", "nobody".into()),
        ("/files/0/made/0/lines/last", 4.into()),
        ("/checks/1/exit_code", 1.into()),
        ("/checks/0/layers/0", "none".into()),
        ("/added_lines", 9.into()),
    ] {
        let mut changed = value.clone();
        *changed.pointer_mut(pointer).unwrap() = new;
        let changed: PatchProvenance = serde_json::from_value(changed).unwrap();
        assert!(tokens.insert(changed.token()), "{pointer}");
    }
}

#[test]
fn a_check_says_what_held_and_not_what_did_not() {
    let record = provenance();
    assert_eq!(record.checks[0].layers, [SandboxLayer::LANDLOCK_FILES]);
    assert_eq!(record.checks[2].exit_code, Some(101));
    assert!(record.is_proven(), "a linter does not count");
    let proven = |codes: &[(&str, i32)]| {
        let verification = verification(codes);
        let proposer = Proposer::new(ProposerKind::USER, "somebody");
        let (patch, tree) = (Sha256Hash::of(b"p"), Sha256Hash::of(b"t"));
        let at = Timestamp::from_unix_ms(0);
        PatchProvenance::new(patch, "p", at, proposer, tree, &verification).is_proven()
    };
    assert!(!proven(&[]));
    assert!(!proven(&[("cargo check", 0)]));
    assert!(!proven(&[("cargo check", 0), ("cargo test", 101)]));
    assert!(!proven(&[("cargo clippy", 0), ("cargo test", 0)]));
}

#[test]
fn the_token_is_found_in_the_message_of_a_commit() {
    let record = provenance();
    let message = format!("Title\n\nText.\n\nSigned-off-by: a\n{}\n", record.trailer());
    assert_eq!(PatchProvenance::token_in(&message), Some(record.token()));
    let twice = format!("{message}Aether-Patch: {}\n", Sha256Hash::of(b"last"));
    assert_eq!(PatchProvenance::token_in(&twice), Some(Sha256Hash::of(b"last")));
    for none in ["", "Aether-Patch", "Aether-Patch: sha256:12", "Aether-Patched: x", " Aether-Patch: x"] {
        assert_eq!(PatchProvenance::token_in(none), None, "{none}");
    }
}

#[test]
fn the_statement_names_the_files_as_the_patch_left_them() {
    let mut record = provenance();
    record.files.push(ProvenFile::new(Some(state("gone.rs", OLD)), None, vec![]));
    let statement = record.statement();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    let digest = Sha256Hash::of(NEW.as_bytes()).to_string().replace("sha256:", "");
    assert_eq!(statement["subject"], serde_json::json!([{ "name": "a.rs", "digest": { "sha256": digest } }]));
    assert_eq!(serde_json::from_value::<PatchProvenance>(statement["predicate"].clone()).unwrap(), record);
}

/// Not a signature scheme: enough to see what is signed.
#[derive(Debug)]
struct Toy(PublicKey);

impl Toy {
    fn new(name: &str) -> Self {
        Self(PublicKey::new(name, *Sha256Hash::of(name.as_bytes()).as_bytes()).unwrap())
    }

    fn mark(&self, message: &[u8]) -> [u8; 64] {
        let hash = *Sha256Hash::of(&[self.0.bytes(), message].concat()).as_bytes();
        let mut mark = [0; 64];
        mark[..32].copy_from_slice(&hash);
        mark
    }
}

impl Signer for Toy {
    fn key(&self) -> &PublicKey {
        &self.0
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NoteError> {
        Ok(self.mark(message))
    }
}

impl Verifier for Toy {
    fn key(&self) -> &PublicKey {
        &self.0
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.mark(message) == signature
    }
}

#[test]
fn an_envelope_is_opened_by_a_known_key_alone() {
    let (record, ours, other) = (provenance(), Toy::new("example.com/ours"), Toy::new("example.com/other"));
    let envelope = Envelope::sign(&record, &ours).unwrap();
    assert_eq!(envelope.open(&[&other, &ours]).unwrap(), record);
    assert_eq!(envelope.open(&[&other]), Err(EnvelopeError::Unsigned));
    assert_eq!(envelope.open(&[]), Err(EnvelopeError::Unsigned));

    let mut forged = envelope.clone();
    let payload = String::from_utf8(decode_base64(&forged.payload).unwrap()).unwrap();
    forged.payload = encode_base64(payload.replace("somebody", "nobody").as_bytes());
    assert_eq!(forged.open(&[&ours]), Err(EnvelopeError::Unsigned));
    // The type of the payload is signed, too.
    let mut renamed = envelope.clone();
    renamed.payload_type = "application/json".to_owned();
    assert_eq!(renamed.open(&[&ours]), Err(EnvelopeError::Unsigned));
    // A known key has signed something else.
    let signed = b"DSSEv1 28 application/vnd.in-toto+json 2 {}";
    let mut empty = envelope;
    empty.payload = encode_base64(b"{}");
    empty.signatures[0].sig = encode_base64(&ours.mark(signed));
    assert_eq!(empty.open(&[&ours]), Err(EnvelopeError::NoStatement));
    empty.payload = "no base 64!".to_owned();
    assert_eq!(empty.open(&[&ours]), Err(EnvelopeError::NoStatement));
}

#[test]
fn what_is_left_of_a_patch_is_told_file_by_file() {
    let mut record = provenance();
    let state_of = |record: &PatchProvenance, now: Option<&str>| {
        check_files(record, |_| now.map(|text| text.as_bytes().to_vec()))[0].state
    };
    assert_eq!(state_of(&record, Some(NEW)), ProvenanceState::Stands);
    assert_eq!(state_of(&record, Some(OLD)), ProvenanceState::Undone);
    assert_eq!(state_of(&record, None), ProvenanceState::Gone);
    assert_eq!(state_of(&record, Some("zero\none\n2\n2b\nfour\n")), ProvenanceState::Changed);
    assert_eq!(state_of(&record, Some("one\n2\n2c\nthree\n")), ProvenanceState::Overwritten);
    assert_eq!(state_of(&record, Some("")), ProvenanceState::Overwritten);

    record.files = vec![ProvenFile::new(None, Some(state("new.rs", NEW)), vec![])];
    assert_eq!(state_of(&record, None), ProvenanceState::Undone);
    record.files = vec![ProvenFile::new(Some(state("gone.rs", OLD)), None, vec![])];
    assert_eq!(state_of(&record, None), ProvenanceState::Stands);
    assert_eq!(state_of(&record, Some(OLD)), ProvenanceState::Undone);
    assert_eq!(state_of(&record, Some("other")), ProvenanceState::Overwritten);
    // A file that was moved is asked for where it went.
    record.files = vec![ProvenFile::new(Some(state("old.rs", OLD)), Some(state("new.rs", OLD)), vec![])];
    let findings = check_files(&record, |path| (path.as_str() == "new.rs").then(|| OLD.as_bytes().to_vec()));
    assert_eq!((findings[0].path.as_str(), findings[0].state), ("new.rs", ProvenanceState::Stands));
    assert_eq!(state_of(&record, None), ProvenanceState::Gone);
}
