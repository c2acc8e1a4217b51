//! What the handles of one ledger share, and how they answer: out of the index, and out of the segments where that
//! does not fit.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use aether_core::port::trace_of_line;
use aether_core::record::trace::TraceId;
use aether_core::record::{Checkpoint, MerkleNodes as _, SignedNote, leaf_hash};

use super::commit::Commits;
use super::disk::{Disk, Held};
use super::error::{Fault, io_fault};
use super::index::Index;
use super::line;
use super::options::LedgerOptions;
use super::recover::{self, Recovered};
use super::state::{BLOCK, Block, Nodes, Place, Spot, State};

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) disk: Box<dyn Disk>,
    pub(super) options: LedgerOptions,
    pub(super) commits: Commits,
    /// Changed only by who holds the lock of the folder, and by readers who never hold it.
    pub(super) state: RwLock<State>,
    pub(super) recovered: Mutex<Option<Recovered>>,
    pub(super) is_read_only: bool,
    /// Whether the index could not be written, and is not tried again.
    is_index_given_up: AtomicBool,
}

impl Shared {
    pub(super) fn new(disk: Box<dyn Disk>, options: &LedgerOptions, is_read_only: bool) -> Self {
        let index = options.index_events().and(disk.index());
        let state =
            index.and_then(|path| Index::load(&*disk, &path, is_read_only)).unwrap_or_else(State::new);
        Self {
            disk,
            options: options.clone(),
            commits: Commits::default(),
            state: RwLock::new(state),
            recovered: Mutex::default(),
            is_read_only,
            is_index_given_up: AtomicBool::new(false),
        }
    }

    /// Waits until nobody else writes, and brings the state up to what is there.
    pub(super) fn hold(&self) -> Result<Box<dyn Held>, Fault> {
        let held = self.disk.lock(self.options.busy_timeout()).map_err(io_fault("lock"))?;
        let mut held = held.ok_or(Fault::Locked)?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let caught_up = match recover::catch_up(&*self.disk, &mut state, Some(&mut *held)) {
            // Only the segments tell what is wrong.
            Err(Fault::Damaged { .. }) if state.index().is_some() => {
                *state = State::new();
                recover::catch_up(&*self.disk, &mut state, Some(&mut *held))
            }
            caught_up => caught_up,
        };
        if let Some(recovered) = caught_up? {
            *self.recovered.lock().unwrap_or_else(PoisonError::into_inner) = Some(recovered);
        }
        self.feed_index(&mut state);
        Ok(held)
    }

    /// Brings the state of a reader up to what is there.
    pub(super) fn read_on(&self) -> Result<(), Fault> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for _ in 1..ATTEMPTS {
            match recover::catch_up(&*self.disk, &mut state, None) {
                Ok(_) => return Ok(()),
                // Half of a line that was cut off while it was read, or lines that were taken back.
                Err(Fault::Damaged { .. }) => *state = State::new(),
                Err(fault) => return Err(fault),
            }
        }
        recover::catch_up(&*self.disk, &mut state, None).map(drop)
    }

    /// Hands full blocks to the index, where enough of them are missing. Whoever calls holds the lock. What goes
    /// wrong with it is for whoever reads it.
    pub(super) fn feed_index(&self, state: &mut State) {
        let Some((limit, path)) = self.options.index_events().zip(self.disk.index()) else { return };
        let missing = state.full_blocks().1.len() as u64 * BLOCK;
        if missing == 0 || missing < limit || self.is_index_given_up.load(Ordering::Relaxed) {
            return;
        }
        let index = match state.index() {
            Some(index) => index.store(state).map(|()| Arc::clone(index)),
            None => Index::open(&path, false)
                .and_then(|index| index.store(state).map(|()| index))
                .or_else(|_| Index::create(&path).and_then(|index| index.store(state).map(|()| index)))
                .map(Arc::new),
        };
        match index {
            Ok(index) => state.leave_to(index),
            Err(_) => self.is_index_given_up.store(true, Ordering::Relaxed),
        }
    }

    /// Answers out of the index; where that does not fit, out of the segments.
    pub(super) fn trusting<T>(&self, answer: impl Fn(&Self) -> Result<T, Fault>) -> Result<T, Fault> {
        match answer(self) {
            Err(Fault::Index) => {
                self.distrust()?;
                answer(self)
            }
            answer => answer,
        }
    }

    /// Answers with something that has to hold for checkpoints of at most `size` events: where it does not, out of
    /// the segments.
    pub(super) fn anchoring<T>(
        &self,
        size: u64,
        answer: impl Fn(&Self) -> Result<(T, bool), Fault>,
    ) -> Result<T, Fault> {
        let has_index = || self.state.read().unwrap_or_else(PoisonError::into_inner).index().is_some();
        let (mut found, mut holds) = self.trusting(&answer)?;
        if !holds && has_index() {
            self.distrust()?;
            (found, holds) = self.trusting(&answer)?;
        }
        if holds { Ok(found) } else { Err(Fault::Inconsistent { size }) }
    }

    /// Reads all segments, and makes the index anew, unless this only reads.
    fn distrust(&self) -> Result<(), Fault> {
        if self.is_read_only {
            *self.state.write().unwrap_or_else(PoisonError::into_inner) = State::new();
            return self.read_on();
        }
        let held = self.disk.lock(self.options.busy_timeout()).map_err(io_fault("lock"))?;
        self.read_anew(&mut *held.ok_or(Fault::Locked)?)
    }

    pub(super) fn read_anew(&self, held: &mut dyn Held) -> Result<(), Fault> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        *state = State::new();
        recover::catch_up(&*self.disk, &mut state, Some(held))?;
        let Some(path) = self.disk.index() else { return Ok(()) };
        // Without one that can be written, the ledger goes on without.
        if let Ok(index) = Index::create(&path).and_then(|index| index.store(&state).map(|()| index)) {
            state.leave_to(Arc::new(index));
        }
        Ok(())
    }

    pub(super) fn line(&self, seq: u64) -> Result<Option<String>, Fault> {
        // One guard for all of it: a second one would wait for a writer that waits for the first.
        let Some(spot) = self.state.read().unwrap_or_else(PoisonError::into_inner).spot(seq) else {
            return Ok(None);
        };
        let read = |place: Place| self.disk.read_at(place.segment, place.offset, place.length);
        let (bytes, damaged) = match spot {
            Spot::Known(place, leaf) => {
                let bytes = read(place).map_err(io_fault("read"))?;
                (Some(bytes).filter(|bytes| leaf_hash(bytes) == leaf), Fault::Damaged { seq })
            }
            Spot::Indexed { index, root, segment } => {
                let block = index.block(seq / BLOCK, &root)?;
                let place = block.place(seq % BLOCK, segment).ok_or(Fault::Index)?;
                // Whatever the index says, the line has to be the one that was asked for.
                let is_it = |bytes: &Vec<u8>| {
                    let line = line::Line::parse(bytes).filter(|line| line.seq == seq && line.is_sound());
                    line.is_some() && block.leaves.leaf(seq % BLOCK) == Some(leaf_hash(bytes))
                };
                (read(place).ok().filter(is_it), Fault::Index)
            }
        };
        let Some(bytes) = bytes else { return Err(damaged) };
        String::from_utf8(bytes).map(Some).map_err(|_| Fault::Damaged { seq })
    }

    pub(super) fn lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, Fault> {
        let (index, indexed, tail) = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            (state.index().map(Arc::clone), state.indexed(), state.lines_of(trace.as_str()))
        };
        let Some(index) = index else { return Ok(tail) };
        let mut lines = index.lines_of(trace.as_str(), indexed)?;
        for seq in &lines {
            let line = self.line(*seq)?.ok_or(Fault::Index)?;
            let event = line::Line::parse(line.as_bytes()).map(|line| String::from_utf8_lossy(line.event));
            if event.and_then(|event| trace_of_line(&event)).as_ref() != Some(trace) {
                return Err(Fault::Index);
            }
        }
        lines.extend(tail);
        Ok(lines)
    }

    /// Asks the tree, of which the blocks of these events are needed.
    pub(super) fn with_nodes<T>(&self, seqs: &[u64], ask: impl FnOnce(&Nodes<'_>) -> T) -> Result<T, Fault> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let mut blocks: BTreeMap<u64, Arc<Block>> = BTreeMap::new();
        for number in seqs.iter().map(|seq| seq / BLOCK).filter(|number| *number < state.indexed()) {
            let (index, root) = state.index().zip(state.block_root(number)).ok_or(Fault::Index)?;
            blocks.insert(number, index.block(number, &root)?);
        }
        Ok(ask(&state.nodes(&blocks)))
    }

    /// The checkpoint of the ledger as it is, where that goes on from the last one. `is_fresh` says that the tree
    /// comes from the segments; else what came behind the last checkpoint is held against them.
    pub(super) fn head(&self, origin: &str, is_fresh: bool) -> Result<Checkpoint, Fault> {
        let size = self.state.read().unwrap_or_else(PoisonError::into_inner).size();
        let last = self.disk.checkpoint().map_err(io_fault("read the checkpoint of"))?;
        let mut known = 0;
        if let Some(last) = last {
            let last = SignedNote::parse(&last).and_then(|note| Checkpoint::unverified(&note))?;
            let ask = |nodes: &Nodes<'_>| nodes.root_at(last.size());
            let root = self.with_nodes(&[last.size().saturating_sub(1)], ask)?;
            if last.size() > size || root.as_ref() != Some(last.root()) {
                let has_index = self.state.read().unwrap_or_else(PoisonError::into_inner).index().is_some();
                let doubt = Fault::Inconsistent { size: last.size() };
                return Err(if has_index && !is_fresh { Fault::Index } else { doubt });
            }
            known = last.size();
        }
        let indexed = self.state.read().unwrap_or_else(PoisonError::into_inner).indexed();
        for number in known / BLOCK..if is_fresh { 0 } else { indexed } {
            self.check_block(number)?;
        }
        let root = self.with_nodes(&[], |nodes| nodes.root_at(size))?.ok_or(Fault::Index)?;
        Ok(Checkpoint::new(origin, size, root)?)
    }

    /// Holds all lines of a block of the index against the segments.
    fn check_block(&self, number: u64) -> Result<(), Fault> {
        let places = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            let (index, root) = state.index().zip(state.block_root(number)).ok_or(Fault::Index)?;
            let block = index.block(number, &root)?;
            let place = |inside| match state.spot(number * BLOCK + inside)? {
                Spot::Indexed { segment, .. } => block.place(inside, segment),
                Spot::Known(place, _) => Some(place),
            };
            (place(0).ok_or(Fault::Index)?, place(BLOCK - 1).ok_or(Fault::Index)?, block)
        };
        let (first, last, block) = places;
        if first.segment != last.segment {
            for seq in number * BLOCK..(number + 1) * BLOCK {
                self.line(seq)?.ok_or(Fault::Index)?;
            }
            return Ok(());
        }
        let length = (last.offset + last.length as u64).checked_sub(first.offset).ok_or(Fault::Index)?;
        let length = usize::try_from(length).map_err(|_| Fault::Index)?;
        let bytes = self.disk.read_at(first.segment, first.offset, length).map_err(|_| Fault::Index)?;
        let lines = bytes.split(|byte| *byte == b'\n').map(leaf_hash);
        let leaves = (0..BLOCK).map_while(|inside| block.leaves.leaf(inside));
        if lines.eq(leaves) { Ok(()) } else { Err(Fault::Index) }
    }
}

/// How often a reader looks before it calls a ledger damaged that somebody may be writing.
const ATTEMPTS: usize = 3;
