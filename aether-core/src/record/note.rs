//! Signed notes (c2sp.org/signed-note): a text, and signatures of keys that a reader knows or ignores.

mod error;

use std::fmt;

pub use error::{NoteError, NoteErrorKind};

use super::signing::{PublicKey, Signer, Verifier, is_key_name};
use crate::base::{decode_base64, encode_base64};

/// What a line with a signature starts with.
const DASH: &str = "\u{2014} ";
/// Longest note that is read, in bytes: a hundred signatures of schemes with long ones.
const MAX_BYTES: usize = 1 << 20;
/// Most signatures of a note that is read; the specification asks for 16 at least.
const MAX_SIGNATURES: usize = 100;

/// A text with its signatures, none of them checked yet.
///
/// The text is for no use before [`SignedNote::verify`] gave it out.
///
/// # Examples
///
/// ```
/// use aether_core::record::SignedNote;
/// let note = SignedNote::parse(
///     "hello\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E\
///      RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
///     .as_bytes(),
/// )?;
/// assert_eq!(note.signers().collect::<Vec<_>>(), ["example.com/foo"]);
/// assert!(note.verify(&[]).is_err(), "no key is trusted");
/// # Ok::<(), aether_core::record::NoteError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct NoteSignature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl NoteSignature {
    fn is_of(&self, key: &PublicKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

impl SignedNote {
    /// Signs a text, which ends with a line feed and has no other control characters.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] for another text, [`NoteErrorKind::TooLarge`] for one that would not
    /// be read again, and [`NoteErrorKind::Signing`].
    pub fn sign(text: impl Into<String>, signer: &dyn Signer) -> Result<Self, NoteError> {
        let text = text.into();
        check_text(&text)?;
        if text.len() > MAX_BYTES / 2 {
            return Err(NoteErrorKind::TooLarge.because("the text of the note is too long"));
        }
        let mut note = Self { text, signatures: Vec::new() };
        note.add_signature(signer)?;
        Ok(note)
    }

    /// Adds the signature of another key, or replaces an earlier one of the same key.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Signing`], and [`NoteErrorKind::TooLarge`] beyond 100 signatures.
    pub fn add_signature(&mut self, signer: &dyn Signer) -> Result<(), NoteError> {
        let bytes = signer.sign(self.text.as_bytes())?.to_vec();
        self.signatures.retain(|signature| !signature.is_of(signer.key()));
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteErrorKind::TooLarge.because("the note has 100 signatures already"));
        }
        let key = signer.key();
        self.signatures.push(NoteSignature { name: key.name().to_owned(), id: key.id(), bytes });
        Ok(())
    }

    /// Reads a note of at most 1 MiB and 100 signatures.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] and [`NoteErrorKind::TooLarge`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let malformed = |why| NoteErrorKind::Malformed.because(why);
        if bytes.len() > MAX_BYTES {
            return Err(NoteErrorKind::TooLarge.because("the note is longer than 1 MiB"));
        }
        let note = std::str::from_utf8(bytes).map_err(|_| malformed("the note is not UTF-8"))?;
        // The text itself may have empty lines; the last one is in front of the signatures.
        let end = note.rfind("\n\n").ok_or(malformed("the note has no signatures"))?;
        let (text, rest) = (&note[..=end], &note[end + 2..]);
        check_text(text)?;
        let lines = rest.strip_suffix('\n').ok_or(malformed("the note does not end with a line feed"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == MAX_SIGNATURES {
                return Err(NoteErrorKind::TooLarge.because("the note has more than 100 signatures"));
            }
            let signature = parse_signature(line).ok_or(malformed("a line is no signature"))?;
            signatures.push(signature);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, once a key that is trusted has signed it.
    ///
    /// Signatures of other keys are ignored, also when they share the name or the id of a trusted one. A
    /// wrong signature of a trusted key refuses the note, whatever else signed it.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Untrusted`] and [`NoteErrorKind::BadSignature`].
    pub fn verify(&self, trusted: &[&dyn Verifier]) -> Result<&str, NoteError> {
        let mut is_signed = false;
        for signature in &self.signatures {
            for verifier in trusted.iter().filter(|verifier| signature.is_of(verifier.key())) {
                if !verifier.verify(self.text.as_bytes(), &signature.bytes) {
                    return Err(NoteErrorKind::BadSignature.because(&signature.name));
                }
                is_signed = true;
            }
        }
        if is_signed {
            Ok(&self.text)
        } else {
            Err(NoteErrorKind::Untrusted.because("no key that is trusted signed the note"))
        }
    }

    /// Names of the keys that are said to have signed, in the order of their lines.
    pub fn signers(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|signature| signature.name.as_str())
    }

    /// The text, whoever signed it: only to be compared with one that is known.
    pub(super) fn unchecked_text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, id, bytes } in &self.signatures {
            let encoded = encode_base64(&[id.as_slice(), bytes].concat());
            writeln!(f, "{DASH}{name} {encoded}")?;
        }
        Ok(())
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteErrorKind::Malformed.because("the text of the note does not end with a line feed"));
    }
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteErrorKind::Malformed.because("the note has control characters"));
    }
    Ok(())
}

fn parse_signature(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix(DASH)?.split_once(' ')?;
    let decoded = decode_base64(encoded)?;
    let (id, bytes) = decoded.split_first_chunk::<4>()?;
    if !is_key_name(name) || bytes.is_empty() {
        return None;
    }
    Some(NoteSignature { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
}
