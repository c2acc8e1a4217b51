//! Why a note says nothing.

use crate::base::ErrorCode;

/// A text that is no note, or a note that no trusted key vouches for.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}: {reason}", .kind.text())]
pub struct NoteError {
    kind: NoteErrorKind,
    reason: String,
}

impl NoteError {
    /// An error of a key that cannot sign now, with the reason: for implementations of
    /// [`Signer`](super::super::Signer).
    #[must_use]
    pub fn signing(reason: &str) -> Self {
        NoteErrorKind::Signing.because(reason)
    }

    /// An error of a text or of bytes that cannot be used, with the reason: for implementations of
    /// [`Verifier`](super::super::Verifier).
    #[must_use]
    pub fn malformed(reason: &str) -> Self {
        NoteErrorKind::Malformed.because(reason)
    }

    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> NoteErrorKind {
        self.kind
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            NoteErrorKind::Malformed | NoteErrorKind::TooLarge => ErrorCode::NOTE_MALFORMED,
            NoteErrorKind::Untrusted | NoteErrorKind::BadSignature | NoteErrorKind::OtherOrigin => {
                ErrorCode::NOTE_UNTRUSTED
            }
            NoteErrorKind::Proof => ErrorCode::LEDGER_BAD_PROOF,
            NoteErrorKind::Signing => ErrorCode::NOTE_SIGNING,
        }
    }
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum NoteErrorKind {
    /// The text is not a note, not a checkpoint, not a proof, or not a key.
    Malformed,
    /// The note is longer, or has more signatures, than is read.
    TooLarge,
    /// No key that is trusted signed the note.
    Untrusted,
    /// A signature of a trusted key is wrong.
    BadSignature,
    /// The checkpoint is of another ledger.
    OtherOrigin,
    /// The proof does not lead from the leaf to the root of the checkpoint.
    Proof,
    /// The key could not sign.
    Signing,
}

impl NoteErrorKind {
    pub(in crate::record) fn because(self, reason: &str) -> NoteError {
        NoteError { kind: self, reason: reason.to_owned() }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Malformed => "not a well-formed note",
            Self::TooLarge => "note is too large",
            Self::Untrusted => "note is not to be trusted",
            Self::BadSignature => "note has a wrong signature of a trusted key",
            Self::OtherOrigin => "checkpoint is of another ledger",
            Self::Proof => "proof does not hold",
            Self::Signing => "key could not sign",
        }
    }
}
