//! The keys that sign the log of traces and verify it, and the notes that are read.

use std::path::{Path, PathBuf};

use aether_bindings::engine::{Ed25519Signer, Ed25519Verifier, SigningKeyErrorKind, SigningKeyFile};
use aether_core::base::ErrorCode;
use aether_core::record::{Checkpoint, PublicKey, Signer as _};

use crate::change::signing_key_file;
use crate::failure::Failure;

/// Longest note that is read, in bytes.
const MAX_NOTE_BYTES: u64 = 1 << 20;

/// The key of this workspace.
pub(super) fn own_key(root: &Path) -> Result<Ed25519Signer, Failure> {
    SigningKeyFile::open(&signing_key_file(root)).map_err(|error| Failure::caused(error.code(), &error))
}

/// The public key that was given, or else that of this workspace; `None` where there is none.
pub(super) fn public_key(root: &Path, given: Option<&str>) -> Result<Option<PublicKey>, Failure> {
    if let Some(text) = given {
        return text.trim().parse().map(Some).map_err(|error| Failure::usage(format!("--key: {error}")));
    }
    match SigningKeyFile::open(&signing_key_file(root)) {
        Ok(signer) => Ok(Some(signer.key().clone())),
        Err(error) if error.kind() == SigningKeyErrorKind::Missing => Ok(None),
        Err(error) => Err(Failure::caused(error.code(), &error)),
    }
}

/// What checks signatures of a key.
pub(super) fn verifier(key: PublicKey) -> Result<Ed25519Verifier, Failure> {
    Ed25519Verifier::new(key).map_err(|error| Failure::usage(format!("--key: {error}")))
}

/// The bytes of a note in a file.
pub(super) fn read_note(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    let bad = |why: String| {
        Failure::new(ErrorCode::USAGE_BAD_ARGUMENTS, format!("{} cannot be read: {why}", path.display()))
    };
    let length = std::fs::metadata(path).map_err(|error| bad(error.to_string()))?.len();
    if length > MAX_NOTE_BYTES {
        return Err(bad("it is longer than a note".to_owned()));
    }
    std::fs::read(path).map_err(|error| bad(error.to_string()))
}

/// A checkpoint in a file that a key has signed.
pub(super) fn read_checkpoint(path: &PathBuf, known: &Ed25519Verifier) -> Result<Checkpoint, Failure> {
    use aether_core::record::Verifier as _;

    Checkpoint::verify(&read_note(path)?, known.key().name(), &[known])
        .map_err(|error| Failure::new(error.code(), format!("{}: {error}", path.display())))
}
