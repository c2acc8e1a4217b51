//! The ledger: events on lines of append-only segments, safe before they are acknowledged, under one Merkle tree.
//!
//! `docs/FORMAT.md`, section "Ledger", has the bytes.

mod commit;
mod disk;
mod error;
mod index;
mod line;
mod options;
mod recover;
mod shared;
mod state;
#[cfg(test)]
mod tests;
mod verify;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLockReadGuard};

use aether_core::base::Sha256Hash;
use aether_core::record::trace::TraceId;
use aether_core::record::{
    Checkpoint, ConsistencyProof, InclusionProof, LoggedProof, MerkleNodes as _, SignedNote, Signer,
    empty_root, leaf_hash,
};
use serde::de::IgnoredAny;

pub use error::{LedgerError, LedgerErrorKind};
pub use options::LedgerOptions;
pub use recover::Recovered;
pub use verify::{Damage, Doubt, Trust, Verdict, verify_ledger};

use disk::{Disk, Folder};
use error::{Fault, io_fault};
use shared::Shared;
use state::{Nodes, State};

/// An append-only sequence of events, each a JSON object, in one folder.
///
/// What [`append`](Ledger::append) acknowledges is on disk. Threads that append at the same time share one
/// write and one wait for the disk. A clone is another handle on the same ledger. Several processes, or several
/// ledgers of one, may have a folder open: each holds it for itself only while a batch is written, and first
/// reads what others wrote.
///
/// An index beside the segments, which is made anew whenever it does not fit them, spares reading them all when
/// the ledger is opened. In memory there are some 100 bytes for each event that it does not have.
///
/// # Examples
///
/// ```
/// use aether_core::record::{leaf_hash, Signer as _};
/// use aether_store::{Ed25519Signer, Ed25519Verifier, Ledger, LedgerOptions, Trust, Verdict, verify_ledger};
/// # let folder = tempfile::tempdir()?;
/// let ledger = Ledger::open(folder.path(), &LedgerOptions::default())?;
/// let seqs = ledger.append(&[r#"{"kind":"note","text":"first"}"#, r#"{"kind":"note","text":"second"}"#])?;
/// assert_eq!(seqs, 0..2);
///
/// let signer = Ed25519Signer::from_seed("example.com/ledger", &[7; 32])?;
/// let checkpoint = ledger.checkpoint("example.com/ledger", &signer)?;
/// let proof = ledger.proof(1, &checkpoint)?.expect("the event is there");
///
/// let known = Ed25519Verifier::new(signer.key().clone())?;
/// let line = ledger.line(1)?.expect("the event is there");
/// proof.verify(&leaf_hash(line.as_bytes()), "example.com/ledger", &[&known])?;
/// let verdict = verify_ledger(folder.path(), &Trust::new("example.com/ledger", &[&known]))?;
/// assert!(matches!(verdict, Verdict::Valid { size: 2, .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    shared: Arc<Shared>,
}

impl Ledger {
    /// Opens the ledger of a folder, which is made when it is not there, and reads what its index does not have.
    ///
    /// What a crash left half written behind the last acknowledged event is cut off, see
    /// [`Ledger::recovered`]. Anything else that does not fit is for [`verify_ledger`] to tell.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Locked`], [`LedgerErrorKind::Damaged`], [`LedgerErrorKind::DiskFull`] and
    /// [`LedgerErrorKind::Io`].
    pub fn open(folder: &Path, options: &LedgerOptions) -> Result<Self, LedgerError> {
        let disk = Folder::writer(folder).map_err(io_fault("open"))?;
        Self::open_on(Box::new(disk), options)
    }

    /// Opens the ledger of a folder for reading only: nothing is waited for, made or changed, and a folder that
    /// is not there has no events.
    ///
    /// Events may be among those that are read that nobody acknowledged yet, and that a loss of power takes away.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Damaged`] and [`LedgerErrorKind::Io`].
    pub fn open_read_only(folder: &Path, options: &LedgerOptions) -> Result<Self, LedgerError> {
        let ledger = Self::of(Box::new(Folder::reader(folder)), options, true);
        ledger.refresh()?;
        Ok(ledger)
    }

    fn open_on(disk: Box<dyn Disk>, options: &LedgerOptions) -> Result<Self, LedgerError> {
        let ledger = Self::of(disk, options, false);
        drop(ledger.shared.hold()?);
        Ok(ledger)
    }

    fn of(disk: Box<dyn Disk>, options: &LedgerOptions, is_read_only: bool) -> Self {
        Self { shared: Arc::new(Shared::new(disk, options, is_read_only)) }
    }

    /// Reads what others appended since this ledger was opened, or last read or written; gives the number of
    /// events. An append does so by itself.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Damaged`] and [`LedgerErrorKind::Io`]; unless it is open for reading only, also
    /// [`LedgerErrorKind::Locked`] and [`LedgerErrorKind::DiskFull`].
    pub fn refresh(&self) -> Result<u64, LedgerError> {
        if self.shared.is_read_only {
            self.shared.read_on()?;
        } else {
            drop(self.shared.hold()?);
        }
        Ok(self.size())
    }

    /// Appends events, which follow each other, and waits until they are safe on disk: gives their
    /// numbers, counted from 0. Events of others may have come before them.
    ///
    /// An event is one JSON object on one line, nested at most 100 deep. Whatever fails, none of the events is acknowledged; after
    /// a crash, some of them may be there nevertheless.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::BadEvent`]; [`LedgerErrorKind::TooLarge`] for an event above its limit and for
    /// more than 4 MiB at once; [`LedgerErrorKind::ReadOnly`]; [`LedgerErrorKind::Locked`] when others wrote for
    /// all of the time that is waited; [`LedgerErrorKind::Damaged`] when what others wrote does not fit, or
    /// what was there is not any more; [`LedgerErrorKind::DiskFull`] and [`LedgerErrorKind::Io`], after which
    /// the ledger may be used; [`LedgerErrorKind::Stopped`] once that cannot be said, as when the disk did
    /// not confirm what it was given: what the system then still has in memory says nothing of the disk.
    pub fn append(&self, events: &[&str]) -> Result<Range<u64>, LedgerError> {
        let bytes = self.check(events)?;
        if events.is_empty() {
            let size = self.size();
            return Ok(size..size);
        }
        let shared = &*self.shared;
        shared.commits.append(
            events,
            bytes,
            || shared.hold(),
            |held, batch| commit::write(shared, held, batch),
        )
    }

    /// Appends events as [`Ledger::append`] does, where there are still `size` of them, and else none: `None`
    /// when others came first, whose events [`Ledger::size`] then counts.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::append`].
    pub fn append_at(&self, size: u64, events: &[&str]) -> Result<Option<Range<u64>>, LedgerError> {
        self.check(events)?;
        let shared = &*self.shared;
        let held = shared.hold()?;
        if self.size() != size {
            return Ok(None);
        }
        if events.is_empty() {
            return Ok(Some(size..size));
        }
        let first = shared.commits.alone(|| commit::write(shared, held, events))?;
        Ok(Some(first..first + events.len() as u64))
    }

    /// Number of bytes that the lines of these events have at most.
    fn check(&self, events: &[&str]) -> Result<usize, Fault> {
        if self.shared.is_read_only {
            return Err(Fault::ReadOnly);
        }
        for event in events {
            check_event(event, self.shared.options.max_event_bytes())?;
        }
        let bytes = events.iter().map(|event| event.len() + state::LINE_OVERHEAD).sum();
        if bytes > options::MAX_BATCH_BYTES {
            let limit = options::MAX_BATCH_BYTES;
            return Err(Fault::TooLarge { what: "append", actual: bytes, limit });
        }
        Ok(bytes)
    }

    /// Number of events, as far as they were read.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.state().size()
    }

    /// The root over all events. Of those that the index has it is as the index says: what is signed, proven and
    /// verified is held against the segments or a checkpoint.
    #[must_use]
    pub fn root(&self) -> Sha256Hash {
        let state = self.state();
        state.nodes(&BTreeMap::new()).root_at(state.size()).unwrap_or_else(empty_root)
    }

    /// What a crash had left half written and this ledger cut off, the last time that it did.
    #[must_use]
    pub fn recovered(&self) -> Option<Recovered> {
        *self.shared.recovered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line of an event as it stands in its segment, without the line feed: what the leaf is taken
    /// over. `None` beyond the last event.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Io`], and [`LedgerErrorKind::Damaged`] when it is no longer what was written.
    pub fn line(&self, seq: u64) -> Result<Option<String>, LedgerError> {
        Ok(self.shared.trusting(|shared| shared.line(seq))?)
    }

    /// The numbers of all events with a member `trace` of this value, in order.
    ///
    /// Where the index has them, they are as it says: each of them is one of the trace when it is read, and some
    /// may be missing where somebody changed the index who meant to. [`Ledger::all_lines_of`] does not ask it.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Io`] and [`LedgerErrorKind::Damaged`].
    pub fn lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, LedgerError> {
        Ok(self.shared.trusting(|shared| shared.lines_of(trace))?)
    }

    /// The numbers of all events with a member `trace` of this value, in order: every segment is read.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Io`] and [`LedgerErrorKind::Damaged`].
    pub fn all_lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, LedgerError> {
        let (mut state, size) = (State::new(), self.size());
        recover::catch_up(&*self.shared.disk, &mut state, None)?;
        Ok(state.lines_of(trace.as_str()).into_iter().filter(|seq| *seq < size).collect())
    }

    /// An event as it was appended. `None` beyond the last one.
    ///
    /// # Errors
    ///
    /// Those of [`Ledger::line`].
    pub fn event(&self, seq: u64) -> Result<Option<String>, LedgerError> {
        let Some(line) = self.line(seq)? else { return Ok(None) };
        let event = line::Line::parse(line.as_bytes()).and_then(|line| std::str::from_utf8(line.event).ok());
        event.map(|event| Some(event.to_owned())).ok_or_else(|| Fault::Damaged { seq }.into())
    }

    /// Proves that the event `seq` is among the first `size`; `None` unless it is, and there are as many.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Io`] and [`LedgerErrorKind::Damaged`].
    pub fn inclusion_proof(&self, seq: u64, size: u64) -> Result<Option<InclusionProof>, LedgerError> {
        let prove = |nodes: &Nodes<'_>| nodes.inclusion_proof(seq, size);
        Ok(self.shared.trusting(|shared| shared.with_nodes(&[seq, size.saturating_sub(1)], prove))?)
    }

    /// Proves that nothing of the first `old_size` events was changed up to `new_size`; `None` unless
    /// `0 < old_size <= new_size` and there are as many.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Io`] and [`LedgerErrorKind::Damaged`].
    pub fn consistency_proof(
        &self,
        old_size: u64,
        new_size: u64,
    ) -> Result<Option<ConsistencyProof>, LedgerError> {
        let ends = [old_size, new_size].map(|size| size.saturating_sub(1));
        let prove = |nodes: &Nodes<'_>| nodes.consistency_proof(old_size, new_size);
        Ok(self.shared.trusting(|shared| shared.with_nodes(&ends, prove))?)
    }

    /// Proves that nothing was changed between two checkpoints; `None` when the older one has no events, or more
    /// than the newer one.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Inconsistent`] when the events are not those of both, or some are gone. [`LedgerErrorKind::Io`] and
    /// [`LedgerErrorKind::Damaged`].
    pub fn proof_between(
        &self,
        old: &Checkpoint,
        new: &Checkpoint,
    ) -> Result<Option<ConsistencyProof>, LedgerError> {
        if new.size() > self.size() {
            return Err(Fault::Inconsistent { size: new.size() }.into());
        }
        let ends = [old.size(), new.size()].map(|size| size.saturating_sub(1));
        let prove = |nodes: &Nodes<'_>| nodes.consistency_proof(old.size(), new.size());
        Ok(self.shared.anchoring(new.size(), |shared| {
            let proof = shared.with_nodes(&ends, prove)?;
            let holds = proof.as_ref().is_none_or(|proof| proof.verify(old.root(), new.root()).is_ok());
            Ok((proof, holds))
        })?)
    }

    /// Signs the number of events and their root under the name of this ledger, keeps the note in the
    /// folder and gives it out.
    ///
    /// A note that stands only beside the ledger goes with it. Keep another one where whoever may change
    /// this folder cannot: in an export, in the notes of the version control, with someone else.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Inconsistent`] when the events do not continue those of the note that is in the
    /// folder: a ledger never signs two histories. [`LedgerErrorKind::Note`], [`LedgerErrorKind::ReadOnly`],
    /// [`LedgerErrorKind::Locked`], [`LedgerErrorKind::Damaged`], [`LedgerErrorKind::DiskFull`] and
    /// [`LedgerErrorKind::Io`].
    pub fn checkpoint(&self, origin: &str, signer: &dyn Signer) -> Result<SignedNote, LedgerError> {
        if self.shared.is_read_only {
            return Err(Fault::ReadOnly.into());
        }
        let shared = &*self.shared;
        // Until the note is written: two who sign at once would not see each other's.
        let mut held = shared.hold()?;
        let checkpoint = match shared.head(origin, false) {
            Err(Fault::Index) => {
                shared.read_anew(&mut *held)?;
                shared.head(origin, true)?
            }
            checkpoint => checkpoint?,
        };
        let note = checkpoint.sign(signer).map_err(Fault::Note)?;
        shared
            .disk
            .set_checkpoint(note.to_string().as_bytes())
            .map_err(io_fault("write the checkpoint of"))?;
        Ok(note)
    }

    /// The note of the last checkpoint, which nobody has verified; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Note`] and [`LedgerErrorKind::Io`].
    pub fn last_checkpoint(&self) -> Result<Option<SignedNote>, LedgerError> {
        let note = self.shared.disk.checkpoint().map_err(io_fault("read the checkpoint of"))?;
        Ok(note.map(|note| SignedNote::parse(&note)).transpose().map_err(Fault::Note)?)
    }

    /// Proves an event to readers who have no more than the public key: with a checkpoint that this ledger
    /// signed. `None` when the checkpoint is older than the event, or of a longer ledger.
    ///
    /// # Errors
    ///
    /// [`LedgerErrorKind::Note`] when the note is no checkpoint; [`LedgerErrorKind::Inconsistent`] when it is of
    /// other events than there are. [`LedgerErrorKind::Io`] and [`LedgerErrorKind::Damaged`].
    pub fn proof(&self, seq: u64, checkpoint: &SignedNote) -> Result<Option<LoggedProof>, LedgerError> {
        let head = Checkpoint::unverified(checkpoint).map_err(Fault::Note)?;
        let proof = self.shared.anchoring(head.size(), |shared| {
            let prove = |nodes: &Nodes<'_>| nodes.inclusion_proof(seq, head.size());
            let proof = shared.with_nodes(&[seq, head.size().saturating_sub(1)], prove)?;
            let Some(proof) = proof else { return Ok((None, true)) };
            let Some(line) = shared.line(seq)? else { return Ok((None, true)) };
            let holds = proof.verify(&leaf_hash(line.as_bytes()), head.root()).is_ok();
            Ok((Some(proof), holds))
        })?;
        Ok(proof.map(|proof| LoggedProof::new(proof, checkpoint.clone())))
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        // Nothing panics while it changes the state.
        self.shared.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_event(event: &str, limit: usize) -> Result<(), Fault> {
    if event.len() > limit {
        return Err(Fault::TooLarge { what: "event", actual: event.len(), limit });
    }
    if !event.starts_with('{') {
        return Err(Fault::BadEvent("is no JSON object"));
    }
    if event.bytes().any(|byte| byte < b' ') {
        return Err(Fault::BadEvent("is not on one line"));
    }
    if !event.ends_with('}') || serde_json::from_str::<IgnoredAny>(event).is_err() {
        return Err(Fault::BadEvent("is no JSON object"));
    }
    if depth(event) > MAX_DEPTH {
        return Err(Fault::BadEvent("is nested too deeply"));
    }
    Ok(())
}

/// Deepest nesting of an event: readers of JSON give up at some depth, this one does not.
const MAX_DEPTH: usize = 100;

/// How deeply objects and arrays of a JSON text are nested.
fn depth(json: &str) -> usize {
    let (mut deepest, mut depth) = (0, 0_usize);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' | b'[' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

impl aether_core::port::TraceLog for Ledger {
    fn append(&self, lines: &[&str]) -> Result<(), aether_core::authority::LedgerError> {
        self.append(lines).map(drop).map_err(port_error)
    }

    fn append_at(&self, len: u64, lines: &[&str]) -> Result<bool, aether_core::authority::LedgerError> {
        self.append_at(len, lines).map(|seqs| seqs.is_some()).map_err(port_error)
    }

    fn len(&self) -> u64 {
        self.size()
    }

    fn line(&self, number: u64) -> Result<Option<String>, aether_core::authority::LedgerError> {
        self.event(number).map_err(port_error)
    }

    fn lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, aether_core::authority::LedgerError> {
        self.lines_of(trace).map_err(port_error)
    }

    fn all_lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, aether_core::authority::LedgerError> {
        self.all_lines_of(trace).map_err(port_error)
    }
}

fn port_error(error: LedgerError) -> aether_core::authority::LedgerError {
    aether_core::authority::LedgerError::new(error.code(), error.to_string()).with_source(error)
}
