//! Checkpoints (c2sp.org/tlog-checkpoint): how many leaves a ledger has and the root over them, as a note.

use super::note::{NoteError, NoteErrorKind, SignedNote};
use super::signing::{Signer, Verifier};
use crate::base::{Sha256Hash, decode_base64, encode_base64};

/// The size and the root of a ledger at one time.
///
/// # Examples
///
/// ```
/// use aether_core::record::{Checkpoint, empty_root};
/// let checkpoint = Checkpoint::new("example.com/ledger", 0, empty_root())?;
/// assert_eq!(
///     checkpoint.to_text(),
///     "example.com/ledger\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
/// );
/// assert_eq!(Checkpoint::from_text(&checkpoint.to_text())?, checkpoint);
/// # Ok::<(), aether_core::record::NoteError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Sha256Hash,
}

impl Checkpoint {
    /// A checkpoint of the ledger that is called `origin`, which should be a URL without scheme.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] when the origin is empty or has control characters.
    pub fn new(origin: impl Into<String>, size: u64, root: Sha256Hash) -> Result<Self, NoteError> {
        let origin = origin.into();
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(NoteErrorKind::Malformed.because("the origin is empty or has control characters"));
        }
        Ok(Self { origin, size, root })
    }

    /// The name of the ledger.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all of them.
    #[must_use]
    pub fn root(&self) -> &Sha256Hash {
        &self.root
    }

    /// The text that is signed: origin, size and root, a line each.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, encode_base64(self.root.as_bytes()))
    }

    /// Reads the text of a checkpoint. Further lines, which the specification allows to others, are left
    /// out; none may be empty.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`].
    pub fn from_text(text: &str) -> Result<Self, NoteError> {
        let malformed = |why| NoteErrorKind::Malformed.because(why);
        let lines = text.strip_suffix('\n').ok_or(malformed("a checkpoint ends with a line feed"))?;
        let mut lines = lines.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(malformed("a checkpoint has three lines"));
        };
        if lines.any(str::is_empty) {
            return Err(malformed("a checkpoint has no empty lines"));
        }
        let size = parse_decimal(size).ok_or(malformed("the size of a checkpoint is no number"))?;
        let root = parse_hash(root).ok_or(malformed("the root of a checkpoint is no hash"))?;
        Self::new(origin, size, root)
    }

    /// Signs this checkpoint.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Signing`] and [`NoteErrorKind::TooLarge`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<SignedNote, NoteError> {
        SignedNote::sign(self.to_text(), signer)
    }

    /// Reads a signed checkpoint of the ledger `origin`, once a key that is trusted has signed it.
    ///
    /// # Errors
    ///
    /// Those of [`SignedNote::parse`] and [`SignedNote::verify`], [`NoteErrorKind::OtherOrigin`], and
    /// [`NoteErrorKind::Malformed`] when the note is no checkpoint.
    pub fn verify(note: &[u8], origin: &str, trusted: &[&dyn Verifier]) -> Result<Self, NoteError> {
        let note = SignedNote::parse(note)?;
        let checkpoint = Self::from_text(note.verify(trusted)?)?;
        if checkpoint.origin != origin {
            return Err(NoteErrorKind::OtherOrigin.because(&checkpoint.origin));
        }
        Ok(checkpoint)
    }

    /// What a note says, whoever signed it.
    ///
    /// For the ledger that signed it, to see that it still continues what it once said; never to believe
    /// the note.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`].
    pub fn unverified(note: &SignedNote) -> Result<Self, NoteError> {
        Self::from_text(note.unchecked_text())
    }
}

/// A decimal number without sign and leading zeros.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A hash in base 64.
pub(super) fn parse_hash(text: &str) -> Option<Sha256Hash> {
    Some(Sha256Hash::from_bytes(decode_base64(text)?.try_into().ok()?))
}
