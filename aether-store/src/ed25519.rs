//! Ed25519 (RFC 8032): the keys that sign checkpoints, and those that check them.

use std::fmt;

use aether_core::record::{NoteError, PublicKey, Signer, Verifier};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// A private key under a name.
///
/// # Examples
///
/// ```
/// use aether_core::record::{Checkpoint, Signer as _, empty_root};
/// use aether_store::{Ed25519Signer, Ed25519Verifier};
/// let signer = Ed25519Signer::from_seed("example.com/ledger", &[7; 32])?;
/// let note = Checkpoint::new("example.com/ledger", 0, empty_root())?.sign(&signer)?;
///
/// let known = Ed25519Verifier::new(signer.key().clone())?;
/// let read = Checkpoint::verify(note.to_string().as_bytes(), "example.com/ledger", &[&known])?;
/// assert_eq!(read.size(), 0);
/// # Ok::<(), aether_core::record::NoteError>(())
/// ```
pub struct Ed25519Signer {
    key: PublicKey,
    secret: SigningKey,
}

impl Ed25519Signer {
    /// The key that is derived from 32 secret bytes (RFC 8032, section 5.1.5), which must come from a
    /// source of randomness for secrets.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`](aether_core::record::NoteErrorKind::Malformed) when the name is none of
    /// a key.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let secret = SigningKey::from_bytes(seed);
        let key = PublicKey::new(name, secret.verifying_key().to_bytes())?;
        Ok(Self { key, secret })
    }
}

impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ed25519Signer").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Signer for Ed25519Signer {
    fn key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NoteError> {
        Ok(self.secret.sign(message).to_bytes())
    }
}

/// A public key that signatures are checked with, by the strict rules: no key and no point of small order.
#[derive(Clone, Debug)]
pub struct Ed25519Verifier {
    key: PublicKey,
    point: VerifyingKey,
}

impl Ed25519Verifier {
    /// Checks with this key.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`](aether_core::record::NoteErrorKind::Malformed) when its bytes are no
    /// point of the curve, or one of small order, for which signatures fit any message.
    pub fn new(key: PublicKey) -> Result<Self, NoteError> {
        match VerifyingKey::from_bytes(key.bytes()) {
            Ok(point) if !point.is_weak() => Ok(Self { key, point }),
            _ => Err(NoteError::malformed("the bytes of the key are no public key of Ed25519")),
        }
    }
}

impl Verifier for Ed25519Verifier {
    fn key(&self) -> &PublicKey {
        &self.key
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.point.verify_strict(message, &signature).is_ok())
    }
}
