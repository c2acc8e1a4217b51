//! A disk in memory that loses what it was not told to make safe, and fails when it is told to.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::ledger::disk::{Disk, Held};

/// Bytes that reach the disk together.
const SECTOR: usize = 64;

/// Numbers that are the same in each run.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

/// A step at which the disk can fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    Create,
    SyncFolder,
    Write,
    Sync,
    Truncate,
}

#[derive(Clone, Debug, Default)]
struct File {
    /// What reading shows.
    seen: Vec<u8>,
    /// What is there after the power failed.
    safe: Vec<u8>,
    /// Sectors that differ, as far as the system knows.
    dirty: Vec<bool>,
    is_named: bool,
}

impl File {
    fn mark(&mut self, from: usize, to: usize) {
        self.dirty.resize(self.seen.len().div_ceil(SECTOR), false);
        self.dirty[from / SECTOR..to.div_ceil(SECTOR)].fill(true);
    }

    fn flush(&mut self, sector: usize) {
        let range = sector * SECTOR..((sector + 1) * SECTOR).min(self.seen.len());
        if self.safe.len() < range.end {
            self.safe.resize(range.end, 0);
        }
        self.safe[range.clone()].copy_from_slice(&self.seen[range]);
    }
}

#[derive(Debug, Default)]
struct Inner {
    files: BTreeMap<u64, File>,
    kept: Vec<u64>,
    checkpoint: Option<Vec<u8>>,
    /// What the lock remembers, and whether somebody holds it.
    end: Option<(u64, u64)>,
    is_locked: bool,
    /// Steps that fail from now on, with how.
    failing: Vec<(Step, io::ErrorKind)>,
    /// Whether it says that all is safe and does nothing.
    lies: bool,
}

/// The disk; a clone is the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct ModelDisk(Arc<Mutex<Inner>>);

impl ModelDisk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no test panics in here")
    }

    pub(super) fn fail(&self, step: Step, kind: io::ErrorKind) {
        self.inner().failing.push((step, kind));
    }

    pub(super) fn heal(&self) {
        self.inner().failing.clear();
    }

    /// From now on it says that all is safe and does nothing: for the tests of the tests.
    pub(super) fn lie(&self) {
        self.inner().lies = true;
    }

    pub(super) fn kept(&self) -> Vec<u64> {
        self.inner().kept.clone()
    }

    /// The power fails: of what was not made safe, any part is there, in any order.
    pub(super) fn crash(&self, random: &mut Random) {
        let mut inner = self.inner();
        inner.failing.clear();
        // Nobody waits for it to be safe.
        if random.below(2) == 0 {
            inner.end = None;
        }
        inner.files.retain(|_, file| file.is_named || random.below(2) == 0);
        for file in inner.files.values_mut() {
            for sector in 0..file.dirty.len() {
                if file.dirty[sector] && random.below(2) == 0 {
                    file.flush(sector);
                }
            }
            // The length may be safe when what is in it is not.
            if random.below(2) == 0 && file.safe.len() < file.seen.len() {
                let more = random.below((file.seen.len() - file.safe.len()) as u64 + 1) as usize;
                file.safe.resize(file.safe.len() + more, 0);
            }
            file.seen = file.safe.clone();
            file.dirty.clear();
            file.is_named = true;
        }
    }

    /// A program ends and another one starts: nothing is lost, and nothing becomes safe.
    pub(super) fn again(&self) -> Box<dyn Disk> {
        Box::new(self.clone())
    }

    pub(super) fn overwrite(&self, first: u64, bytes: &[u8]) {
        let file = File { seen: bytes.to_vec(), safe: bytes.to_vec(), dirty: Vec::new(), is_named: true };
        self.inner().files.insert(first, file);
    }

    fn failing(&self, step: Step) -> io::Result<()> {
        match self.inner().failing.iter().find(|(failing, _)| *failing == step) {
            Some((_, kind)) => Err((*kind).into()),
            None => Ok(()),
        }
    }
}

/// The lock of the disk, held.
#[derive(Debug)]
struct ModelLock(ModelDisk);

impl Held for ModelLock {
    fn end(&mut self) -> io::Result<Option<(u64, u64)>> {
        Ok(self.0.inner().end)
    }

    fn set_end(&mut self, segment: u64, length: u64) -> io::Result<()> {
        self.0.inner().end = Some((segment, length));
        Ok(())
    }
}

impl Drop for ModelLock {
    fn drop(&mut self) {
        self.0.inner().is_locked = false;
    }
}

impl Disk for ModelDisk {
    fn lock(&self, _patience: Duration) -> io::Result<Option<Box<dyn Held>>> {
        let was_locked = std::mem::replace(&mut self.inner().is_locked, true);
        Ok((!was_locked).then(|| Box::new(ModelLock(self.clone())) as Box<dyn Held>))
    }

    fn segments(&self) -> io::Result<Vec<u64>> {
        Ok(self.inner().files.keys().copied().collect())
    }

    fn create(&self, first: u64) -> io::Result<()> {
        self.failing(Step::Create)?;
        self.inner().files.entry(first).or_default();
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.failing(Step::SyncFolder)?;
        let mut inner = self.inner();
        if !inner.lies {
            inner.files.values_mut().for_each(|file| file.is_named = true);
        }
        Ok(())
    }

    fn length(&self, first: u64) -> io::Result<u64> {
        Ok(self.inner().files.get(&first).ok_or(io::ErrorKind::NotFound)?.seen.len() as u64)
    }

    fn read_from(&self, first: u64, offset: u64) -> io::Result<Vec<u8>> {
        let inner = self.inner();
        let seen = &inner.files.get(&first).ok_or(io::ErrorKind::NotFound)?.seen;
        Ok(seen.get(offset as usize..).unwrap_or_default().to_vec())
    }

    fn read_at(&self, first: u64, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let bytes = self.read(first)?;
        let offset = offset as usize;
        Ok(bytes.get(offset..offset + length).ok_or(io::ErrorKind::UnexpectedEof)?.to_vec())
    }

    fn write(&self, first: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let outcome = self.failing(Step::Write);
        // What fails has written a part.
        let bytes = if outcome.is_err() { &bytes[..bytes.len() * 2 / 3] } else { bytes };
        let mut inner = self.inner();
        let file = inner.files.get_mut(&first).ok_or(io::ErrorKind::NotFound)?;
        let (start, end) = (offset as usize, offset as usize + bytes.len());
        assert!(start <= file.seen.len(), "a hole");
        file.seen.resize(file.seen.len().max(end), 0);
        file.seen[start..end].copy_from_slice(bytes);
        if start < end {
            file.mark(start, end);
        }
        outcome
    }

    fn sync(&self, first: u64) -> io::Result<()> {
        let outcome = self.failing(Step::Sync);
        let mut inner = self.inner();
        let lies = inner.lies;
        let file = inner.files.get_mut(&first).ok_or(io::ErrorKind::NotFound)?;
        if outcome.is_ok() && !lies {
            (0..file.dirty.len())
                .filter(|sector| file.dirty[*sector])
                .collect::<Vec<_>>()
                .iter()
                .for_each(|sector| file.flush(*sector));
            file.safe.truncate(file.seen.len());
        }
        if !lies {
            // What could not be written counts as written, as it does on Linux.
            file.dirty.fill(false);
        }
        outcome
    }

    fn truncate(&self, first: u64, length: u64) -> io::Result<()> {
        self.failing(Step::Truncate)?;
        let mut inner = self.inner();
        let file = inner.files.get_mut(&first).ok_or(io::ErrorKind::NotFound)?;
        // Lengths are put down in order, so the old one does not come back below what is written later.
        file.seen.truncate(length as usize);
        file.safe.truncate(length as usize);
        file.dirty.truncate(file.seen.len().div_ceil(SECTOR));
        Ok(())
    }

    fn keep(&self, seq: u64, _bytes: &[u8]) -> io::Result<()> {
        self.inner().kept.push(seq);
        Ok(())
    }

    fn checkpoint(&self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.inner().checkpoint.clone())
    }

    fn set_checkpoint(&self, note: &[u8]) -> io::Result<()> {
        self.inner().checkpoint = Some(note.to_vec());
        Ok(())
    }
}
