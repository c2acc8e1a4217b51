//! The file of the signing key: another program's form, made once, never taken when others may read it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aether_core::conformance::skip;
use aether_core::record::{SignedNote, Signer as _};
use aether_store::{Ed25519Signer, Ed25519Verifier, SigningKeyError, SigningKeyErrorKind, SigningKeyFile};

/// The key of the example in Go's documentation of `sumdb/note`, and its public half.
const GO_PRIVATE: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n";
const GO_PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

/// Keeps a text as its owner alone reads it.
fn keep(path: &Path, text: &[u8]) {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().expect("a folder")).expect("a file");
    file.write_all(text).expect("it writes");
    file.persist(path).expect("it has its name");
}

fn opened(text: &[u8]) -> Result<Ed25519Signer, SigningKeyError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("signing.key");
    keep(&path, text);
    let opened = SigningKeyFile::open(&path);
    assert_eq!(std::fs::read(&path).expect("it stays"), text);
    opened
}

#[track_caller]
fn check_refused(text: &[u8]) {
    let refused = opened(text).expect_err("no key");
    assert_eq!((refused.kind(), refused.code().as_str()), (SigningKeyErrorKind::BadKey, "signing.bad_key"));
    let told = refused.to_string();
    assert!(!told.contains("AYEKFALV"), "the secret is told: {told}");
}

#[test]
fn the_example_of_go_is_read() {
    let signer = opened(GO_PRIVATE.as_bytes()).expect("a key");
    assert_eq!(signer.key().to_string(), GO_PUBLIC);
}

#[test]
fn a_new_key_signs_what_its_public_half_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys/signing.key");
    let made = SigningKeyFile::create(&path, "example.com/ledger").expect("a key");
    let signer = SigningKeyFile::open(&path).expect("the same");
    assert_eq!(signer.key(), made.key());
    let note = SignedNote::sign("a text\n", &signer).expect("a note");
    let verifier = Ed25519Verifier::new(made.key().clone()).expect("a point");
    assert_eq!(note.verify(&[&verifier]), Ok("a text\n"));
    // Another one has another secret.
    let other = SigningKeyFile::create(&folder.path().join("other"), "example.com/ledger").expect("a key");
    assert_ne!(other.key().bytes(), made.key().bytes());
    assert_eq!(std::fs::read_dir(path.parent().expect("a folder")).expect("a folder").count(), 1);
}

#[test]
fn a_key_is_never_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("signing.key");
    let missing = SigningKeyFile::open(&path).expect_err("none");
    assert_eq!((missing.kind(), missing.code().as_str()), (SigningKeyErrorKind::Missing, "signing.no_key"));
    SigningKeyFile::create(&path, "a").expect("a key");
    let before = std::fs::read(&path).expect("a file");
    let again = SigningKeyFile::create(&path, "b").expect_err("it stays");
    assert_eq!((again.kind(), again.code().as_str()), (SigningKeyErrorKind::Exists, "signing.key_exists"));
    assert_eq!(std::fs::read(&path).expect("a file"), before);
}

#[test]
fn names_that_are_none_make_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("signing.key");
    for name in ["", "a b", "a+b", "a\nb", &"a".repeat(257)] {
        let refused = SigningKeyFile::create(&path, name).expect_err("no name");
        assert_eq!(refused.kind(), SigningKeyErrorKind::BadName, "{name:?}");
        assert!(!path.exists());
    }
    SigningKeyFile::create(&path, &"ä".repeat(128)).expect("a key");
    SigningKeyFile::open(&path).expect("the longest is read again");
}

#[test]
fn what_is_no_private_key_is_refused_and_stays() {
    let key = GO_PRIVATE.trim_end();
    for text in [
        "",
        "\n",
        // Without the line feed, with two, with another ending, with a space in front.
        key,
        &format!("{key}\n\n"),
        &format!("{key}\r\n"),
        &format!(" {key}\n"),
        GO_PUBLIC,
        &format!("{GO_PUBLIC}\n"),
        // Another id, another case of it, none.
        &GO_PRIVATE.replace("c74f20a3", "c74f20a4"),
        &GO_PRIVATE.replace("c74f20a3", "C74F20A3"),
        &GO_PRIVATE.replace("c74f20a3+", ""),
        // Another name has another id.
        &GO_PRIVATE.replace("PeterNeumann", "Peter"),
        &GO_PRIVATE.replace("PeterNeumann", ""),
        // Another scheme; a secret that is cut, or longer, or no base 64.
        &GO_PRIVATE.replace("+AY", "+BY"),
        &GO_PRIVATE.replace("KDFz", ""),
        &GO_PRIVATE.replace("KDFz", "KDFzAAAA"),
        &GO_PRIVATE.replace("KDFz", "KDF*"),
        &format!("PRIVATE+KEY+a+00000000+{}\n", "AQAA".to_owned() + &"A".repeat(40)),
        &GO_PRIVATE.replace("PRIVATE", "private"),
        &format!("{}{}", GO_PRIVATE, "#".repeat(2000)),
    ] {
        check_refused(text.as_bytes());
    }
    check_refused(&[0xff; 40]);
}

/// Runs the second implementation; what it printed. `None` without Python.
fn python(arguments: &[&str], input: &[u8]) -> Option<String> {
    let tool = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tools/note_key.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(tool).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skip("signing_key", "there is no python3");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    child.stdin.take().expect("a pipe").write_all(input).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn a_second_implementation_agrees() {
    let folder = tempfile::tempdir().expect("a folder");
    for at in 0..3 {
        let path = folder.path().join(at.to_string());
        let made = SigningKeyFile::create(&path, "example.com/ä").expect("a key");
        let text = std::fs::read(&path).expect("a file");
        let Some(shown) = python(&["show"], &text) else { return };
        assert_eq!(shown, format!("{}\n", made.key()));
    }
    for byte in [1, 7, 255] {
        let seed = [byte; 32];
        let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let Some(text) = python(&["make", "aether/0123abcd", &hex], b"") else { return };
        let signer = opened(text.as_bytes()).expect("a key");
        let same = Ed25519Signer::from_seed("aether/0123abcd", &seed).expect("a key");
        assert_eq!(signer.key(), same.key());
    }
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[track_caller]
    fn check_unsafe(path: &Path, kind: SigningKeyErrorKind) {
        let refused = SigningKeyFile::open(path).expect_err("unsafe");
        assert_eq!((refused.kind(), refused.code().as_str()), (kind, "signing.unsafe_key"));
    }

    #[test]
    fn it_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("signing.key");
        SigningKeyFile::create(&path, "a").expect("a key");
        let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o7777;
        assert_eq!(mode(&path), 0o600);
        for open in [0o640, 0o604, 0o620, 0o644, 0o777] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(open)).expect("a mode");
            check_unsafe(&path, SigningKeyErrorKind::OpenToOthers);
            assert_eq!(mode(&path), open, "it is left as it is");
        }
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, elsewhere) = (folder.path().join("signing.key"), folder.path().join("elsewhere"));
        SigningKeyFile::create(&elsewhere, "a").expect("a key");
        symlink(&elsewhere, &path).expect("a link");
        check_unsafe(&path, SigningKeyErrorKind::NotAFile);
        std::fs::remove_file(&path).expect("it goes");
        // A link to nowhere is not a place for a new key either.
        symlink(folder.path().join("nowhere"), &path).expect("a link");
        check_unsafe(&path, SigningKeyErrorKind::NotAFile);
        let taken = SigningKeyFile::create(&path, "a").expect_err("taken");
        assert_eq!(taken.kind(), SigningKeyErrorKind::Exists);
        assert!(!folder.path().join("nowhere").exists());
        std::fs::remove_file(&path).expect("it goes");
        std::fs::create_dir(&path).expect("a folder");
        check_unsafe(&path, SigningKeyErrorKind::NotAFile);
    }
}
