//! The tip as a signed note, for readers who must not have the key that seals rows.

use super::chain::AuditTip;
use crate::record::checkpoint::parse_decimal;
use crate::record::note::{NoteError, NoteErrorKind, SignedNote};
use crate::record::signing::{Signer, Verifier};

/// The first line of the text that is signed, so that the tip of a chain is never taken for a checkpoint of
/// a tree, whose first line is the name of the log.
const FIRST_LINE: &str = "aether-audit-tip-v1";

impl AuditTip {
    /// Signs the tip of the log that is called `origin`, which should be a URL without scheme.
    ///
    /// The note is worth most where a writer of the log cannot reach: whoever verifies the log against it
    /// later sees that rows in front of it were cut off or written anew.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] when the origin is empty or has control characters, and
    /// [`NoteErrorKind::Signing`].
    pub fn sign(&self, origin: &str, signer: &dyn Signer) -> Result<SignedNote, NoteError> {
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(NoteErrorKind::Malformed.because("the origin is empty or has control characters"));
        }
        SignedNote::sign(format!("{FIRST_LINE}\n{origin}\n{}\n{}\n", self.seq, self.event_hash), signer)
    }

    /// Reads a signed tip of the log `origin`, once a key that is trusted has signed it.
    ///
    /// # Errors
    ///
    /// Those of [`SignedNote::parse`] and [`SignedNote::verify`], [`NoteErrorKind::OtherOrigin`], and
    /// [`NoteErrorKind::Malformed`] when the note is no tip of an audit log.
    pub fn from_note(note: &[u8], origin: &str, trusted: &[&dyn Verifier]) -> Result<Self, NoteError> {
        let malformed = || NoteErrorKind::Malformed.because("the note is no tip of an audit log");
        let note = SignedNote::parse(note)?;
        let text = note.verify(trusted)?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [FIRST_LINE, found, seq, event_hash, ""] = lines[..] else { return Err(malformed()) };
        if found != origin {
            return Err(NoteErrorKind::OtherOrigin.because(found));
        }
        let seq = parse_decimal(seq).ok_or_else(malformed)?;
        Ok(Self { seq, event_hash: event_hash.parse().map_err(|_| malformed())? })
    }
}
