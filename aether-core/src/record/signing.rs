//! Who signs: names of keys, public keys as text, and the two traits behind which a signature scheme stands.

use std::fmt;
use std::str::FromStr;

use super::note::{NoteError, NoteErrorKind};
use crate::base::{Sha256Hasher, decode_base64, encode_base64};

/// The byte that stands for Ed25519 in C2SP `signed-note`.
const ED25519: u8 = 1;

/// The public half of an Ed25519 key (RFC 8032) under a name, as C2SP `signed-note` writes it:
/// `<name>+<id in hex>+<base 64 of the type 0x01 and the 32 bytes>`.
///
/// # Examples
///
/// ```
/// use aether_core::record::PublicKey;
/// let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// let key: PublicKey = text.parse()?;
/// assert_eq!(key.name(), "example.com/foo");
/// assert_eq!(key.to_string(), text);
/// # Ok::<(), aether_core::record::NoteError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PublicKey {
    name: String,
    bytes: [u8; 32],
}

impl PublicKey {
    /// The key of 32 bytes under a name, which should be a URL without scheme such as
    /// `example.com/ledger`.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] when the name is empty or has white space, control characters or `+`.
    pub fn new(name: impl Into<String>, bytes: [u8; 32]) -> Result<Self, NoteError> {
        let name = name.into();
        if !is_key_name(&name) {
            return Err(
                NoteErrorKind::Malformed.because("the name of a key is empty or has a space or a plus")
            );
        }
        Ok(Self { name, bytes })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32 bytes of the public key (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The first four bytes of SHA-256 over the name, a line feed, the type and the key. They tell keys of
    /// one name apart; they are too short to vouch for a key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256Hasher::new();
        hasher.update(self.name.as_bytes());
        hasher.update(&[b'\n', ED25519]);
        hasher.update(&self.bytes);
        let [a, b, c, d, ..] = *hasher.finish().as_bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let typed = [&[ED25519], self.bytes.as_slice()].concat();
        write!(f, "{}+{id:08x}+{}", self.name, encode_base64(&typed))
    }
}

impl FromStr for PublicKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = |why| NoteErrorKind::Malformed.because(why);
        // The name has no plus, but base 64 may.
        let (name, rest) = text.split_once('+').ok_or(malformed("a key has no name"))?;
        let (_, encoded) = rest.split_once('+').ok_or(malformed("a key has no id"))?;
        let typed = decode_base64(encoded).ok_or(malformed("a key is not base 64"))?;
        let [ED25519, bytes @ ..] = typed.as_slice() else {
            return Err(malformed("a key is not one of Ed25519"));
        };
        let bytes = bytes.try_into().map_err(|_| malformed("a key has not 32 bytes"))?;
        let key = Self::new(name, bytes)?;
        // Also refuses an id in another case or of another key.
        if key.to_string() == text { Ok(key) } else { Err(malformed("a key has the id of another one")) }
    }
}

/// Whether C2SP `signed-note` takes a text for the name of a key.
pub(super) fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+')
}

/// Signs bytes with a private key that it does not hand out.
pub trait Signer: fmt::Debug + Send + Sync {
    /// The public half of the key.
    fn key(&self) -> &PublicKey;

    /// Signs `message`: 64 bytes (RFC 8032, section 5.1.6).
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Signing`] when the key cannot be used now, such as one in a device.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], NoteError>;
}

/// Checks signatures of one public key.
pub trait Verifier: fmt::Debug + Send + Sync {
    /// The public key.
    fn key(&self) -> &PublicKey;

    /// Whether `signature` is one of this key over `message`. No input panics.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}
