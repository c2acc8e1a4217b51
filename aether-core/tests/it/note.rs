//! Signed notes, checkpoints and proofs that leave the ledger, with a signature scheme of the test.

use aether_core::base::Sha256Hash;
use aether_core::record::{
    AuditTip, Checkpoint, LoggedProof, MerkleTree, NoteError, NoteErrorKind, PublicKey, SignedNote, Signer,
    Verifier, leaf_hash,
};
use proptest::prelude::*;

/// A scheme that needs no curve: who knows the public key can sign.
#[derive(Debug)]
struct Toy(PublicKey);

impl Toy {
    fn new(name: &str, byte: u8) -> Self {
        Self(PublicKey::new(name, [byte; 32]).expect("a name"))
    }

    fn mark(&self, message: &[u8]) -> [u8; 64] {
        let half = *Sha256Hash::of(&[self.0.bytes().as_slice(), message].concat()).as_bytes();
        let mut all = [0; 64];
        all[..32].copy_from_slice(&half);
        all
    }
}

impl Signer for Toy {
    fn key(&self) -> &PublicKey {
        &self.0
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NoteError> {
        if self.0.name() == "broken" { Err(NoteError::signing("no device")) } else { Ok(self.mark(message)) }
    }
}

impl Verifier for Toy {
    fn key(&self) -> &PublicKey {
        &self.0
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        signature == self.mark(message)
    }
}

#[track_caller]
fn check_refused<T: std::fmt::Debug>(outcome: Result<T, NoteError>, kind: NoteErrorKind) {
    assert_eq!(outcome.expect_err("refused").kind(), kind);
}

#[test]
fn keys_are_written_as_others_write_them() {
    // The example of the specification, and the key of the checksum database of Go.
    for text in [
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ] {
        let key: PublicKey = text.parse().expect("a key");
        assert_eq!(key.to_string(), text);
    }
    for text in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        check_refused(text.parse::<PublicKey>(), NoteErrorKind::Malformed);
    }
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{1}"] {
        check_refused(PublicKey::new(name, [1; 32]), NoteErrorKind::Malformed);
    }
}

#[test]
fn a_note_is_read_as_it_was_written() {
    let (one, two) = (Toy::new("one", 1), Toy::new("two", 2));
    let text = "first\n\nafter an empty line\n";
    let mut note = SignedNote::sign(text, &one).expect("a note");
    note.add_signature(&two).expect("another signature");
    note.add_signature(&two).expect("the same again");
    let again = SignedNote::parse(note.to_string().as_bytes()).expect("it reads");
    assert_eq!(again, note);
    assert_eq!(again.signers().collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(again.verify(&[&one]), Ok(text));
    assert_eq!(again.verify(&[&two]), Ok(text));
    assert_eq!(again.verify(&[&one, &two]), Ok(text));
    check_refused(again.verify(&[]), NoteErrorKind::Untrusted);
}

#[test]
fn signatures_of_strangers_are_ignored_and_wrong_ones_of_the_trusted_are_not() {
    let (one, stranger) = (Toy::new("one", 1), Toy::new("one", 9));
    let mut note = SignedNote::sign("text\n", &stranger).expect("a note");
    check_refused(note.verify(&[&one]), NoteErrorKind::Untrusted);
    note.add_signature(&one).expect("a signature");
    assert_eq!(note.verify(&[&one]), Ok("text\n"));
    // One and the same signatures below another text.
    let forged = note.to_string().replace("text\n", "another\n");
    let forged = SignedNote::parse(forged.as_bytes()).expect("a note");
    check_refused(forged.verify(&[&one]), NoteErrorKind::BadSignature);
    // A good signature of one trusted key does not make up for a bad one of another.
    let two = Toy::new("two", 2);
    let mut mixed = SignedNote::sign("another\n", &two).expect("a note").to_string();
    mixed.push_str(note.to_string().lines().last().expect("a line"));
    mixed.push('\n');
    let mixed = SignedNote::parse(mixed.as_bytes()).expect("a note");
    assert_eq!(mixed.verify(&[&two]), Ok("another\n"));
    check_refused(mixed.verify(&[&one, &two]), NoteErrorKind::BadSignature);
}

#[test]
fn a_key_that_cannot_sign_signs_nothing() {
    check_refused(SignedNote::sign("text\n", &Toy::new("broken", 1)), NoteErrorKind::Signing);
}

#[test]
fn what_is_no_note_is_refused() {
    let good = SignedNote::sign("text\n", &Toy::new("one", 1)).expect("a note").to_string();
    let line = good.lines().last().expect("a line").to_owned();
    let refused = [
        String::new(),
        "text\n".into(),
        "text\n\n".into(),
        format!("text\n{line}\n"),
        format!("text\n\n{line}"),
        format!("text\n\n{line}\n\n"),
        format!("text\n\n\n{line}\nx\n"),
        format!("te\txt\n\n{line}\n"),
        format!("text\r\n\r\n{line}\n"),
        format!("text\n\n- {line}\n"),
        "text\n\n\u{2014} one AAAA\n".into(),
        "text\n\n\u{2014} one AAAAAA==\n".into(),
        "text\n\n\u{2014} one AAAAAAA\n".into(),
        "text\n\n\u{2014} o+e AAAAAAAA\n".into(),
        "text\n\n\u{2014}  AAAAAAAA\n".into(),
        "text\n\n\u{2014} one  AAAAAAAA\n".into(),
        "text\n\n\u{2014} one AAAAAAAA \n".into(),
    ];
    for text in refused {
        let outcome = SignedNote::parse(text.as_bytes());
        assert!(outcome.is_err(), "{text:?}");
        check_refused(outcome, NoteErrorKind::Malformed);
    }
    let mut bytes = good.clone().into_bytes();
    bytes[0] = 0xff;
    check_refused(SignedNote::parse(&bytes), NoteErrorKind::Malformed);
    for text in ["", "text", "te\0xt\n"] {
        check_refused(SignedNote::sign(text, &Toy::new("one", 1)), NoteErrorKind::Malformed);
    }
}

#[test]
fn notes_have_limits() {
    let lines = |count: usize| format!("text\n\n{}", "\u{2014} one AAAAAAAA\n".repeat(count));
    assert!(SignedNote::parse(lines(16).as_bytes()).is_ok());
    assert!(SignedNote::parse(lines(100).as_bytes()).is_ok());
    check_refused(SignedNote::parse(lines(101).as_bytes()), NoteErrorKind::TooLarge);
    let long = format!("{}{}", "a".repeat(1 << 20), lines(1));
    check_refused(SignedNote::parse(long.as_bytes()), NoteErrorKind::TooLarge);
    check_refused(SignedNote::sign("a\n".repeat(1 << 19), &Toy::new("one", 1)), NoteErrorKind::TooLarge);
    let mut full = SignedNote::parse(lines(100).as_bytes()).expect("a note");
    check_refused(full.add_signature(&Toy::new("one", 1)), NoteErrorKind::TooLarge);
}

#[test]
fn a_checkpoint_is_three_lines() {
    // The example of the specification.
    let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let checkpoint = Checkpoint::from_text(text).expect("a checkpoint");
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.to_text(), text);
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let extended = format!("{text}more\nand more\n");
    assert_eq!(Checkpoint::from_text(&extended), Ok(checkpoint));
    for text in [
        format!("o\n1\n{root}"),
        format!("o\n1\n{root}\n\n"),
        format!("o\n1\n{root}\n\nmore\n"),
        format!("\n1\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n\n{root}\n"),
        format!("o\n18446744073709551616\n{root}\n"),
        format!("o\n1 \n{root}\n"),
        "o\n1\n".into(),
        "o\n1\nAAAA\n".into(),
        format!("o\n1\n{}\n", root.trim_end_matches('=')),
        String::new(),
    ] {
        check_refused(Checkpoint::from_text(&text), NoteErrorKind::Malformed);
    }
    for origin in ["", "a\nb", "a\u{7f}"] {
        check_refused(Checkpoint::new(origin, 0, Sha256Hash::of(b"")), NoteErrorKind::Malformed);
    }
    let most = Checkpoint::new("o", u64::MAX, Sha256Hash::of(b"")).expect("a checkpoint");
    assert_eq!(Checkpoint::from_text(&most.to_text()), Ok(most));
}

#[test]
fn a_checkpoint_is_believed_when_signed_and_of_the_right_ledger() {
    let key = Toy::new("one", 1);
    let checkpoint = Checkpoint::new("ledger", 7, Sha256Hash::of(b"root")).expect("a checkpoint");
    let note = checkpoint.sign(&key).expect("signed").to_string();
    assert_eq!(Checkpoint::verify(note.as_bytes(), "ledger", &[&key]), Ok(checkpoint));
    check_refused(Checkpoint::verify(note.as_bytes(), "other", &[&key]), NoteErrorKind::OtherOrigin);
    check_refused(
        Checkpoint::verify(note.as_bytes(), "ledger", &[&Toy::new("one", 2)]),
        NoteErrorKind::Untrusted,
    );
    // Any other size under the same signature.
    let forged = note.replace("\n7\n", "\n6\n");
    check_refused(Checkpoint::verify(forged.as_bytes(), "ledger", &[&key]), NoteErrorKind::BadSignature);
}

fn logged() -> (Toy, LoggedProof) {
    let key = Toy::new("one", 1);
    let mut tree = MerkleTree::new();
    (0..11_u8).for_each(|leaf| tree.push(leaf_hash(&[leaf])));
    let note = Checkpoint::new("ledger", 11, tree.root()).expect("a checkpoint").sign(&key).expect("signed");
    (key, LoggedProof::new(tree.inclusion_proof(6, 11).expect("a proof"), note))
}

#[test]
fn a_proof_leaves_the_ledger_and_holds() {
    let (key, proof) = logged();
    let text = proof.to_string();
    let again = LoggedProof::parse(text.as_bytes()).expect("it reads");
    assert_eq!(again, proof);
    let found = again.verify(&leaf_hash(&[6]), "ledger", &[&key]).expect("it holds");
    assert_eq!(found.size(), 11);
    check_refused(again.verify(&leaf_hash(&[7]), "ledger", &[&key]), NoteErrorKind::Proof);
    check_refused(again.verify(&leaf_hash(&[6]), "other", &[&key]), NoteErrorKind::OtherOrigin);
    check_refused(again.verify(&leaf_hash(&[6]), "ledger", &[]), NoteErrorKind::Untrusted);
    let extra = text.replace("@v1\n", "@v1\nextra YWJj\n");
    assert_eq!(LoggedProof::parse(extra.as_bytes()), Ok(proof));
    let other = text.replace("index 6", "index 5");
    let other = LoggedProof::parse(other.as_bytes()).expect("it reads");
    check_refused(other.verify(&leaf_hash(&[6]), "ledger", &[&key]), NoteErrorKind::Proof);
    for (from, to) in
        [("@v1", "@v2"), ("index 6", "index 06"), ("index 6\n", ""), ("index 6", "index 6\nAAAA")]
    {
        check_refused(LoggedProof::parse(text.replace(from, to).as_bytes()), NoteErrorKind::Malformed);
    }
    let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".repeat(65);
    let long = text.replace("index 6\n", &format!("index 6\n{hash}"));
    check_refused(LoggedProof::parse(long.as_bytes()), NoteErrorKind::TooLarge);
}

/// Lines that look like those of notes.
fn any_note() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("\n".to_owned()),
        Just("\u{2014} one AAAAAAAA\n".to_owned()),
        Just("c2sp.org/tlog-proof@v1\nindex 1\n".to_owned()),
        Just("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".to_owned()),
        "[a-z \u{2014}+\n]{0,9}",
        any::<String>(),
    ];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn what_is_read_is_written_again(text in any_note()) {
        if let Ok(note) = SignedNote::parse(text.as_bytes()) {
            prop_assert_eq!(note.to_string(), text.clone());
        }
        if let Ok(checkpoint) = Checkpoint::from_text(&text) {
            prop_assert!(text.starts_with(&checkpoint.to_text()));
        }
        if let Ok(proof) = LoggedProof::parse(text.as_bytes()) {
            prop_assert_eq!(LoggedProof::parse(proof.to_string().as_bytes()), Ok(proof));
        }
    }

    #[test]
    fn any_changed_byte_takes_the_trust_away(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let (key, proof) = logged();
        let note = proof.checkpoint.to_string();
        let mut bytes = note.clone().into_bytes();
        bytes[at.index(note.len())] ^= 1 << bit;
        prop_assert!(Checkpoint::verify(&bytes, "ledger", &[&key]).is_err());
    }
}

#[test]
fn the_tip_of_an_audit_log_is_signed_and_is_no_checkpoint() {
    let key = Toy::new("k", 1);
    let tip = AuditTip::new(7, Sha256Hash::of(b"row"));
    let note = tip.sign("example.com/audit", &key).expect("a note");
    let text = note.to_string();
    let hash = Sha256Hash::of(b"row");
    assert!(text.starts_with(&format!("aether-audit-tip-v1\nexample.com/audit\n7\n{hash}\n\n")), "{text}");
    let read = |text: &str, origin: &str| AuditTip::from_note(text.as_bytes(), origin, &[&key]);
    assert_eq!(read(&text, "example.com/audit"), Ok(tip));
    check_refused(read(&text, "example.com/other"), NoteErrorKind::OtherOrigin);
    check_refused(read(&text.replace("\n7\n", "\n8\n"), "example.com/audit"), NoteErrorKind::BadSignature);
    check_refused(
        AuditTip::from_note(text.as_bytes(), "example.com/audit", &[&Toy::new("other", 1)]),
        NoteErrorKind::Untrusted,
    );
    for origin in ["", "two\nlines"] {
        check_refused(tip.sign(origin, &key), NoteErrorKind::Malformed);
    }
    // The one is never taken for the other, whatever the names are.
    for origin in ["example.com/audit", "7", "aether-audit-tip-v1"] {
        let note = tip.sign(origin, &key).expect("a note").to_string();
        check_refused(
            Checkpoint::verify(note.as_bytes(), "aether-audit-tip-v1", &[&key]),
            NoteErrorKind::Malformed,
        );
        let checkpoint = Checkpoint::new("aether-audit-tip-v1", 7, hash).expect("a checkpoint");
        let note = checkpoint.sign(&key).expect("a note").to_string();
        check_refused(read(&note, origin), NoteErrorKind::Malformed);
    }
    let signed = |text: &str| SignedNote::sign(text, &key).expect("a note").to_string();
    for body in [
        format!("aether-audit-tip-v1\no\n07\n{hash}\n"),
        format!("aether-audit-tip-v1\no\n7\n{hash}\nmore\n"),
        format!("aether-audit-tip-v2\no\n7\n{hash}\n"),
        "aether-audit-tip-v1\no\n7\nsha256:00\n".to_owned(),
        "aether-audit-tip-v1\no\n7\n".to_owned(),
    ] {
        check_refused(read(&signed(&body), "o"), NoteErrorKind::Malformed);
    }
}
