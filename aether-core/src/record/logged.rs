//! Proofs that leave the ledger, as texts: one leaf with its path and a signed checkpoint (c2sp.org/tlog-proof), and
//! that a checkpoint goes on from an older one (c2sp.org/tlog-witness).

use std::fmt;

use super::checkpoint::{Checkpoint, parse_decimal, parse_hash};
use super::merkle::{ConsistencyProof, InclusionProof};
use super::note::{NoteError, NoteErrorKind, SignedNote};
use super::signing::Verifier;
use crate::base::{Sha256Hash, encode_base64};

const HEADER: &str = "c2sp.org/tlog-proof@v1\n";
/// More hashes than a tree of 64-bit sizes has levels are no path.
const MAX_PATH: usize = 64;

/// That a ledger has a leaf at an index, for readers who have no more than its public key.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LoggedProof {
    /// The index of the leaf, counted from 0.
    pub index: u64,
    /// From the sibling of the leaf up.
    pub path: Vec<Sha256Hash>,
    /// The checkpoint that has the root.
    pub checkpoint: SignedNote,
}

impl LoggedProof {
    /// Joins a proof with the checkpoint of the tree that it is for.
    #[must_use]
    pub fn new(proof: InclusionProof, checkpoint: SignedNote) -> Self {
        Self { index: proof.index, path: proof.path, checkpoint }
    }

    /// Reads a proof. The line `extra`, which nothing vouches for, is left out.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] and [`NoteErrorKind::TooLarge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::record::LoggedProof;
    /// let text = "c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com/ledger\n1\n\
    ///     bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\n\u{2014} example.com/ledger AAAAAAAA\n";
    /// let proof = LoggedProof::parse(text.as_bytes())?;
    /// assert_eq!(proof.to_string(), text);
    /// # Ok::<(), aether_core::record::NoteError>(())
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let malformed = |why| NoteErrorKind::Malformed.because(why);
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("the proof is not UTF-8"))?;
        let text = text.strip_prefix(HEADER).ok_or(malformed("the proof is of another kind"))?;
        let (head, note) = text.split_once("\n\n").ok_or(malformed("the proof has no checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        lines.next_if(|line| line.starts_with("extra "));
        let index = lines
            .next()
            .and_then(|line| parse_decimal(line.strip_prefix("index ")?))
            .ok_or(malformed("the proof has no index"))?;
        let mut path = Vec::new();
        for line in lines {
            if path.len() == MAX_PATH {
                return Err(NoteErrorKind::TooLarge.because("the proof has more than 64 hashes"));
            }
            path.push(parse_hash(line).ok_or(malformed("a line of the proof is no hash"))?);
        }
        Ok(Self { index, path, checkpoint: SignedNote::parse(note.as_bytes())? })
    }

    /// Checks that the ledger `origin` has this leaf, given as its hash; gives the checkpoint that says so.
    ///
    /// # Errors
    ///
    /// Those of [`Checkpoint::verify`], and [`NoteErrorKind::Proof`].
    pub fn verify(
        &self,
        leaf: &Sha256Hash,
        origin: &str,
        trusted: &[&dyn Verifier],
    ) -> Result<Checkpoint, NoteError> {
        let checkpoint = Checkpoint::from_text(self.checkpoint.verify(trusted)?)?;
        if checkpoint.origin() != origin {
            return Err(NoteErrorKind::OtherOrigin.because(checkpoint.origin()));
        }
        InclusionProof::new(self.index, checkpoint.size(), self.path.clone())
            .verify(leaf, checkpoint.root())
            .map_err(|error| NoteErrorKind::Proof.because(&error.to_string()))?;
        Ok(checkpoint)
    }
}

impl fmt::Display for LoggedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", encode_base64(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// That a ledger went on from an older checkpoint and changed nothing, for readers who have that one: what
/// c2sp.org/tlog-witness sends to a witness.
///
/// # Examples
///
/// ```
/// use aether_core::record::LoggedExtension;
/// let text = "old 1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\nexample.com/ledger\n2\n\
///     bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\n\u{2014} example.com/ledger AAAAAAAA\n";
/// let proof = LoggedExtension::parse(text.as_bytes())?;
/// assert_eq!((proof.old_size, proof.to_string()), (1, text.to_owned()));
/// # Ok::<(), aether_core::record::NoteError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LoggedExtension {
    /// Number of leaves of the older checkpoint.
    pub old_size: u64,
    /// From the lowest node up.
    pub path: Vec<Sha256Hash>,
    /// The newer checkpoint.
    pub checkpoint: SignedNote,
}

impl LoggedExtension {
    /// Joins a proof with the checkpoint of the newer tree.
    #[must_use]
    pub fn new(proof: ConsistencyProof, checkpoint: SignedNote) -> Self {
        Self { old_size: proof.old_size, path: proof.path, checkpoint }
    }

    /// Reads a proof.
    ///
    /// # Errors
    ///
    /// [`NoteErrorKind::Malformed`] and [`NoteErrorKind::TooLarge`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let malformed = |why| NoteErrorKind::Malformed.because(why);
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("the proof is not UTF-8"))?;
        let (head, note) = text.split_once("\n\n").ok_or(malformed("the proof has no checkpoint"))?;
        let mut lines = head.split('\n');
        let old_size = lines
            .next()
            .and_then(|line| parse_decimal(line.strip_prefix("old ")?))
            .ok_or(malformed("the proof has no older size"))?;
        let mut path = Vec::new();
        for line in lines {
            if path.len() == MAX_PATH {
                return Err(NoteErrorKind::TooLarge.because("the proof has more than 64 hashes"));
            }
            path.push(parse_hash(line).ok_or(malformed("a line of the proof is no hash"))?);
        }
        Ok(Self { old_size, path, checkpoint: SignedNote::parse(note.as_bytes())? })
    }

    /// Checks that the ledger goes on from `old`, a checkpoint that is known; gives the newer one.
    ///
    /// # Errors
    ///
    /// Those of [`Checkpoint::verify`], and [`NoteErrorKind::Proof`].
    pub fn verify(&self, old: &Checkpoint, trusted: &[&dyn Verifier]) -> Result<Checkpoint, NoteError> {
        let new = Checkpoint::from_text(self.checkpoint.verify(trusted)?)?;
        if new.origin() != old.origin() {
            return Err(NoteErrorKind::OtherOrigin.because(new.origin()));
        }
        let proof = ConsistencyProof::new(self.old_size, new.size(), self.path.clone());
        if self.old_size != old.size() {
            return Err(NoteErrorKind::Proof.because("the proof is for another size"));
        }
        proof
            .verify(old.root(), new.root())
            .map_err(|error| NoteErrorKind::Proof.because(&error.to_string()))?;
        Ok(new)
    }
}

impl fmt::Display for LoggedExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        for hash in &self.path {
            writeln!(f, "{}", encode_base64(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
