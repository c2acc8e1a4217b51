//! What a ledger knows of its lines: where they stand, whose they are, and the tree over them.
//!
//! Lines are kept in blocks. Blocks that the index has are not kept in memory, but for their roots.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use aether_core::base::Sha256Hash;
use aether_core::port::trace_of_line;
use aether_core::record::{MerkleNodes, MerkleTree, leaf_hash};

use super::index::Index;
use super::line::GENESIS;

/// The most that a line is longer than its event, with its line feed.
pub(super) const LINE_OVERHEAD: usize = 220;
/// Lines of a block, which is one full subtree.
pub(super) const BLOCK: u64 = 1 << BLOCK_LEVEL;
/// The level of the nodes that are roots of blocks.
pub(super) const BLOCK_LEVEL: u32 = 8;

/// All lines that were read or written: for who writes, lines that are safe on disk.
#[derive(Debug)]
pub(super) struct State {
    /// The tree over the roots of all full blocks.
    roots: MerkleTree,
    /// The index, and how many blocks are only there.
    index: Option<Arc<Index>>,
    indexed: u64,
    /// The other blocks; all but the last are full.
    blocks: VecDeque<Block>,
    size: u64,
    /// Of each segment the number of its first event and its length in bytes; the last one is written.
    segments: Vec<(u64, u64)>,
    last_hash: Sha256Hash,
}

/// Lines that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Where each line begins in its segment, and how long it is without its line feed.
    pub(super) places: Vec<(u32, u32)>,
    pub(super) leaves: MerkleTree,
    /// The lines of each trace, counted from the first of the block.
    pub(super) traces: BTreeMap<String, Vec<u8>>,
    /// The hash of the last line, and the segment and the length up to which it goes.
    pub(super) last_hash: Sha256Hash,
    pub(super) end: (u64, u64),
}

/// Where a line stands, without its line feed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    pub(super) segment: u64,
    pub(super) offset: u64,
    pub(super) length: usize,
}

/// What is known of a line.
#[derive(Debug)]
pub(super) enum Spot {
    /// Its place, and the hash of its leaf.
    Known(Place, Sha256Hash),
    /// The index has them in this block, which has this root; the line is in this segment.
    Indexed { index: Arc<Index>, root: Sha256Hash, segment: u64 },
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            roots: MerkleTree::new(),
            index: None,
            indexed: 0,
            blocks: VecDeque::new(),
            size: 0,
            segments: Vec::new(),
            last_hash: GENESIS,
        }
    }

    /// Goes on behind the blocks of an index, of which these are the roots and segments.
    pub(super) fn of_index(
        index: Arc<Index>,
        roots: MerkleTree,
        segments: Vec<(u64, u64)>,
        last_hash: Sha256Hash,
    ) -> Self {
        let indexed = roots.size();
        let size = indexed * BLOCK;
        Self { roots, index: Some(index), indexed, blocks: VecDeque::new(), size, segments, last_hash }
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn last_hash(&self) -> Sha256Hash {
        self.last_hash
    }

    pub(super) fn index(&self) -> Option<&Arc<Index>> {
        self.index.as_ref()
    }

    /// How many blocks only the index has.
    pub(super) fn indexed(&self) -> u64 {
        self.indexed
    }

    /// The root of a full block.
    pub(super) fn block_root(&self, block: u64) -> Option<Sha256Hash> {
        self.roots.leaf(block)
    }

    /// The full blocks that are not only in the index, with the number of the first.
    pub(super) fn full_blocks(&self) -> (u64, impl ExactSizeIterator<Item = &Block>) {
        let count = usize::try_from(self.roots.size() - self.indexed).unwrap_or(usize::MAX);
        (self.indexed, self.blocks.iter().take(count.min(self.blocks.len())))
    }

    /// Leaves all full blocks to an index that has them.
    pub(super) fn leave_to(&mut self, index: Arc<Index>) {
        let full = self.full_blocks().1.len();
        self.blocks.drain(..full);
        self.indexed = self.roots.size();
        self.index = Some(index);
    }

    /// The lines of a trace that are not only in the index.
    pub(super) fn lines_of(&self, trace: &str) -> Vec<u64> {
        let mut lines = Vec::new();
        for (number, block) in (self.indexed..).zip(&self.blocks) {
            let inside = block.traces.get(trace).into_iter().flatten();
            lines.extend(inside.map(|line| number * BLOCK + u64::from(*line)));
        }
        lines
    }

    /// The segment that is written and its length; `None` before the first.
    pub(super) fn tail(&self) -> Option<(u64, u64)> {
        self.segments.last().copied()
    }

    /// The segments by the number of their first event, in order.
    pub(super) fn segments(&self) -> impl Iterator<Item = u64> {
        self.segments.iter().map(|(first, _)| *first)
    }

    /// The segments that begin with one of the first `size` events, with the length that they have.
    pub(super) fn segments_of(&self, size: u64) -> impl Iterator<Item = (u64, u64)> {
        self.segments.iter().copied().take_while(move |(first, _)| *first < size)
    }

    /// The first line that is not all within the first `length` bytes of the last segment, as far as is known
    /// without the index.
    pub(super) fn first_beyond(&self, length: u64) -> u64 {
        let first = self.tail().map_or(0, |(first, _)| first).max(self.indexed * BLOCK);
        let is_within = |seq: &u64| match self.spot(*seq) {
            Some(Spot::Known(at, _)) => at.offset + (at.length as u64) < length,
            _ => true,
        };
        (first..self.size).find(|seq| !is_within(seq)).unwrap_or(self.size)
    }

    pub(super) fn start_segment(&mut self) {
        self.segments.push((self.size, 0));
    }

    /// Takes a line, without its line feed, that stands at the end of the last segment.
    pub(super) fn push(&mut self, line: &[u8], event: &[u8], hash: Sha256Hash) {
        let Some((segment, length)) = self.segments.last_mut() else { return };
        if self.size.is_multiple_of(BLOCK) {
            self.blocks.push_back(Block::new());
        }
        let Some(block) = self.blocks.back_mut() else { return };
        // A segment is no longer than 256 MiB.
        let short = |length: u64| u32::try_from(length).unwrap_or(u32::MAX);
        block.places.push((short(*length), short(line.len() as u64)));
        *length += line.len() as u64 + 1;
        block.leaves.push(leaf_hash(line));
        if let Some(trace) = std::str::from_utf8(event).ok().and_then(trace_of_line) {
            let line = (self.size % BLOCK) as u8;
            block.traces.entry(trace.as_str().to_owned()).or_default().push(line);
        }
        block.last_hash = hash;
        block.end = (*segment, *length);
        self.last_hash = hash;
        self.size += 1;
        if let Some(root) = block.leaves.node(BLOCK_LEVEL, 0) {
            self.roots.push(root);
        }
    }

    pub(super) fn spot(&self, seq: u64) -> Option<Spot> {
        if seq >= self.size {
            return None;
        }
        let at = self.segments.partition_point(|(first, _)| *first <= seq).checked_sub(1)?;
        let segment = self.segments.get(at)?.0;
        let number = seq / BLOCK;
        let Some(inside) = number.checked_sub(self.indexed) else {
            return Some(Spot::Indexed {
                index: Arc::clone(self.index.as_ref()?),
                root: self.block_root(number)?,
                segment,
            });
        };
        let block = self.blocks.get(usize::try_from(inside).ok()?)?;
        let place = block.place(seq % BLOCK, segment)?;
        Some(Spot::Known(place, block.leaves.leaf(seq % BLOCK)?))
    }

    /// The tree, as far as it is known with these blocks of the index.
    pub(super) fn nodes<'a>(&'a self, blocks: &'a BTreeMap<u64, Arc<Block>>) -> Nodes<'a> {
        Nodes { state: self, blocks }
    }
}

impl Block {
    pub(super) fn new() -> Self {
        Self {
            places: Vec::new(),
            leaves: MerkleTree::new(),
            traces: BTreeMap::new(),
            last_hash: GENESIS,
            end: (0, 0),
        }
    }

    /// Where the line `inside` stands, which is in this segment.
    pub(super) fn place(&self, inside: u64, segment: u64) -> Option<Place> {
        let (offset, length) = *self.places.get(usize::try_from(inside).ok()?)?;
        Some(Place { segment, offset: offset.into(), length: length as usize })
    }
}

/// The tree over all lines, with some blocks of the index.
#[derive(Debug)]
pub(super) struct Nodes<'a> {
    state: &'a State,
    blocks: &'a BTreeMap<u64, Arc<Block>>,
}

impl MerkleNodes for Nodes<'_> {
    fn node(&self, level: u32, index: u64) -> Option<Sha256Hash> {
        if let Some(above) = level.checked_sub(BLOCK_LEVEL) {
            return self.state.roots.node(above, index);
        }
        let in_block = BLOCK_LEVEL - level;
        let number = index >> in_block;
        let leaves = match number.checked_sub(self.state.indexed) {
            Some(inside) => &self.state.blocks.get(usize::try_from(inside).ok()?)?.leaves,
            None => &self.blocks.get(&number)?.leaves,
        };
        leaves.node(level, index - (number << in_block))
    }
}
