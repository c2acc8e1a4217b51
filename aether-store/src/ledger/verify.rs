//! Whether a ledger is what it was: every line is read again and held against checkpoints that are trusted.

use std::io;
use std::path::Path;

use aether_core::base::Sha256Hash;
use aether_core::record::{Checkpoint, Frontier, NoteErrorKind, Verifier, leaf_hash};

use super::disk::{Disk, Folder};
use super::error::{LedgerError, io_fault};
use super::line::{GENESIS, Line};

/// What a reader trusts: the name of the ledger, keys, and checkpoints from elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    origin: &'a str,
    keys: &'a [&'a dyn Verifier],
    notes: &'a [&'a [u8]],
}

impl<'a> Trust<'a> {
    /// Trusts what these keys signed for the ledger `origin`. The checkpoint beside the ledger is asked in
    /// any case.
    #[must_use]
    pub fn new(origin: &'a str, keys: &'a [&'a dyn Verifier]) -> Self {
        Self { origin, keys, notes: &[] }
    }

    /// Also holds the ledger against signed checkpoints that were kept elsewhere: they tell of events that
    /// are gone with the checkpoint beside them.
    #[must_use]
    pub fn with_notes(mut self, notes: &'a [&'a [u8]]) -> Self {
        self.notes = notes;
        self
    }
}

/// What can be said of a ledger.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// Every line follows the one before, and every trusted checkpoint is met.
    #[non_exhaustive]
    Valid {
        /// Number of events.
        size: u64,
        /// The root over all of them.
        root: Sha256Hash,
        /// How many of them the newest trusted checkpoint covers. Those behind it only follow each other.
        covered: u64,
    },
    /// Something is not what was written.
    #[non_exhaustive]
    Invalid {
        /// The first event that is wrong, or may be, counted from 0.
        seq: u64,
        /// What is wrong.
        damage: Damage,
    },
    /// Every line follows the one before, and nobody who is trusted has said so.
    #[non_exhaustive]
    Indeterminate {
        /// Number of events.
        size: u64,
        /// The root over all of them.
        root: Sha256Hash,
        /// Why nobody has.
        doubt: Doubt,
    },
}

/// What is wrong with a ledger, as far as its lines tell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Damage {
    /// The line is not what its hash was taken over.
    Altered,
    /// A line is there a second time, or one too many.
    Inserted,
    /// The event is not there, and those behind it are.
    Missing,
    /// The event is there, behind later ones.
    Reordered,
    /// The line is sound and follows another one than stands before it: it is from elsewhere, or the one
    /// before was written anew.
    Spliced,
    /// A trusted checkpoint has more events.
    Truncated,
    /// A trusted checkpoint has events, and there are none.
    Wiped,
    /// All lines follow each other to another root than that of a trusted checkpoint: from somewhere behind
    /// the checkpoint before on, they were written anew.
    Rewritten,
    /// A checkpoint has a wrong signature of a trusted key, or is none.
    BadCheckpoint,
}

impl Damage {
    /// Its name, as programs print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Inserted => "inserted",
            Self::Missing => "missing",
            Self::Reordered => "reordered",
            Self::Spliced => "spliced",
            Self::Truncated => "truncated",
            Self::Wiped => "wiped",
            Self::Rewritten => "rewritten",
            Self::BadCheckpoint => "bad_checkpoint",
        }
    }
}

/// Why a ledger is neither valid nor invalid.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Doubt {
    /// There is no checkpoint.
    NoCheckpoint,
    /// There are only checkpoints of keys that are not trusted, or of other ledgers.
    Untrusted,
}

impl Doubt {
    /// Its name, as programs print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoCheckpoint => "no_checkpoint",
            Self::Untrusted => "untrusted",
        }
    }
}

/// Reads the ledger of a folder, which may be in use, and says whether it is what it was.
///
/// Without a trusted checkpoint, only lines that do not fit are found: whoever writes all lines anew is
/// not. Events behind the newest trusted checkpoint may have been cut off unnoticed. A line that is still
/// being written counts for nothing.
///
/// # Errors
///
/// [`LedgerErrorKind::Io`](super::LedgerErrorKind::Io). A folder that is not there has no events.
pub fn verify_ledger(folder: &Path, trust: &Trust<'_>) -> Result<Verdict, LedgerError> {
    verify_on(&Folder::reader(folder), trust)
}

pub(super) fn verify_on(disk: &dyn Disk, trust: &Trust<'_>) -> Result<Verdict, LedgerError> {
    // Asked first: events that come in meanwhile do no harm, a checkpoint of them would.
    let beside = disk.checkpoint().map_err(io_fault("read the checkpoint of"))?;
    let mut checkpoints = Vec::new();
    let mut doubt = Doubt::NoCheckpoint;
    for note in trust.notes.iter().copied().chain(beside.as_deref()) {
        match Checkpoint::verify(note, trust.origin, trust.keys) {
            Ok(checkpoint) => checkpoints.push(checkpoint),
            Err(error) if matches!(error.kind(), NoteErrorKind::Untrusted | NoteErrorKind::OtherOrigin) => {
                doubt = Doubt::Untrusted;
            }
            Err(_) => return Ok(Verdict::Invalid { seq: 0, damage: Damage::BadCheckpoint }),
        }
    }
    checkpoints.sort_by_key(Checkpoint::size);
    let mut walk = Walk { checkpoints: &checkpoints, covered: 0, tree: Frontier::new(), last_hash: GENESIS };
    if let Some((seq, damage)) = walk.all(disk)? {
        return Ok(Verdict::Invalid { seq, damage });
    }
    let (size, root) = (walk.tree.size(), walk.tree.root());
    if !walk.checkpoints.is_empty() {
        let damage = if size == 0 { Damage::Wiped } else { Damage::Truncated };
        return Ok(Verdict::Invalid { seq: size, damage });
    }
    Ok(if checkpoints.is_empty() {
        Verdict::Indeterminate { size, root, doubt }
    } else {
        Verdict::Valid { size, root, covered: walk.covered }
    })
}

struct Walk<'a> {
    /// Those that are not reached yet.
    checkpoints: &'a [Checkpoint],
    /// Events that a checkpoint was met for.
    covered: u64,
    tree: Frontier,
    last_hash: Sha256Hash,
}

type Found = Option<(u64, Damage)>;

impl Walk<'_> {
    /// Reads all segments up to what is wrong.
    fn all(&mut self, disk: &dyn Disk) -> Result<Found, LedgerError> {
        let segments = match disk.segments() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            segments => segments.map_err(io_fault("list"))?,
        };
        if let Some(found) = self.meet() {
            return Ok(Some(found));
        }
        for (index, segment) in segments.iter().enumerate() {
            let seq = self.tree.size();
            if *segment != seq {
                let damage = if *segment > seq { Damage::Missing } else { Damage::Inserted };
                return Ok(Some((seq, damage)));
            }
            let bytes = disk.read(*segment).map_err(io_fault("read"))?;
            let is_last = index + 1 == segments.len();
            if let Some(found) = self.segment(&bytes, is_last) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn segment(&mut self, bytes: &[u8], is_last: bool) -> Found {
        let mut rest = bytes;
        while let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
            let (text, behind) = (&rest[..length], &rest[length + 1..]);
            let seq = self.tree.size();
            match Line::parse(text) {
                None => return Some((seq, Damage::Altered)),
                Some(line) if line.seq > seq => {
                    let comes = |text: &[u8]| Line::parse(text).is_some_and(|line| line.seq == seq);
                    let is_behind = behind.split(|byte| *byte == b'\n').any(comes);
                    return Some((seq, if is_behind { Damage::Reordered } else { Damage::Missing }));
                }
                Some(line) if line.seq < seq => return Some((seq, Damage::Inserted)),
                Some(line) if !line.is_sound() => return Some((seq, Damage::Altered)),
                Some(line) if line.prev != self.last_hash => return Some((seq, Damage::Spliced)),
                Some(line) => self.last_hash = line.hash,
            }
            self.tree.push(leaf_hash(text));
            if let Some(found) = self.meet() {
                return Some(found);
            }
            rest = behind;
        }
        // Only the last line of all may be without its end.
        let is_cut_off = !is_last && !rest.is_empty();
        is_cut_off.then(|| (self.tree.size(), Damage::Altered))
    }

    /// Holds the tree against the checkpoints of its size.
    fn meet(&mut self) -> Found {
        while let Some((next, others)) = self.checkpoints.split_first() {
            if next.size() != self.tree.size() {
                return None;
            }
            if *next.root() != self.tree.root() {
                return Some((self.covered, Damage::Rewritten));
            }
            self.covered = next.size();
            self.checkpoints = others;
        }
        None
    }
}
