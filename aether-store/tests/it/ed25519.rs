//! Ed25519 against the vectors of RFC 8032 and the example of C2SP `signed-note`.

use aether_core::record::{NoteErrorKind, PublicKey, SignedNote, Signer as _, Verifier as _};
use aether_store::{Ed25519Signer, Ed25519Verifier};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).expect("hex")).collect()
}

/// Section 7.1, tests 1 and 2.
#[test]
fn vectors_of_the_rfc() {
    let vectors = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
             d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c\
             387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ];
    for (seed, public, message, signature) in vectors {
        let seed = hex(seed).try_into().expect("32 bytes");
        let signer = Ed25519Signer::from_seed("key", &seed).expect("a key");
        assert_eq!(signer.key().bytes().as_slice(), hex(public));
        let made = signer.sign(&hex(message)).expect("a signature");
        assert_eq!(made.as_slice(), hex(signature));
        let verifier = Ed25519Verifier::new(signer.key().clone()).expect("a key");
        assert!(verifier.verify(&hex(message), &made));
        assert!(!verifier.verify(b"another", &made));
        for bit in 0..512 {
            let mut other = made;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!verifier.verify(&hex(message), &other), "bit {bit}");
        }
        assert!(!verifier.verify(&hex(message), &made[..63]));
        assert!(!verifier.verify(&hex(message), &[]));
    }
}

#[test]
fn the_example_of_signed_note_verifies() {
    let key: PublicKey =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().expect("a key");
    let verifier = Ed25519Verifier::new(key).expect("a point");
    let text = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz\
                i2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let note = SignedNote::parse(text.as_bytes()).expect("a note");
    assert_eq!(note.verify(&[&verifier]), Ok("This is an example message.\n"));
    let other = SignedNote::parse(text.replace("an example", "no example").as_bytes()).expect("a note");
    let refused = other.verify(&[&verifier]).expect_err("another text");
    assert_eq!(refused.kind(), NoteErrorKind::BadSignature);
}

#[test]
fn keys_that_fit_everything_or_nothing_are_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    // The neutral point, a point of order 4, and bytes that are no point.
    let mut no_point = [0; 32];
    no_point[0] = 2;
    for bytes in [one, [0; 32], no_point] {
        let key = PublicKey::new("key", bytes).expect("a name");
        assert_eq!(Ed25519Verifier::new(key).expect_err("refused").kind(), NoteErrorKind::Malformed);
    }
}

#[test]
fn a_key_does_not_show_its_secret() {
    let signer = Ed25519Signer::from_seed("key", &[7; 32]).expect("a key");
    let shown = format!("{signer:?}");
    assert!(!shown.contains("[7, 7") && !shown.contains("0707"), "{shown}");
}
