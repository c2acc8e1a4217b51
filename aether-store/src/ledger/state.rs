//! What a ledger knows of its lines: where they stand, and the tree over them.

use aether_core::base::Sha256Hash;
use aether_core::record::{MerkleTree, leaf_hash};

use super::line::GENESIS;

/// The most that a line is longer than its event, with its line feed.
pub(super) const LINE_OVERHEAD: usize = 220;

/// All lines that were read or written: for who writes, lines that are safe on disk.
#[derive(Clone, Debug)]
pub(super) struct State {
    tree: MerkleTree,
    /// Of each segment the number of its first event and its length in bytes; the last one is written.
    segments: Vec<(u64, u64)>,
    /// Where each line begins in its segment.
    offsets: Vec<u32>,
    last_hash: Sha256Hash,
}

/// Where a line stands, without its line feed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    pub(super) segment: u64,
    pub(super) offset: u64,
    pub(super) length: usize,
}

impl State {
    pub(super) fn new() -> Self {
        Self { tree: MerkleTree::new(), segments: Vec::new(), offsets: Vec::new(), last_hash: GENESIS }
    }

    pub(super) fn size(&self) -> u64 {
        self.tree.size()
    }

    pub(super) fn tree(&self) -> &MerkleTree {
        &self.tree
    }

    pub(super) fn last_hash(&self) -> Sha256Hash {
        self.last_hash
    }

    /// The segment that is written and its length; `None` before the first.
    pub(super) fn tail(&self) -> Option<(u64, u64)> {
        self.segments.last().copied()
    }

    /// The segments by the number of their first event, in order.
    pub(super) fn segments(&self) -> impl Iterator<Item = u64> {
        self.segments.iter().map(|(first, _)| *first)
    }

    /// The first line that is not all within the first `length` bytes of the last segment.
    pub(super) fn first_beyond(&self, length: u64) -> u64 {
        let first = self.tail().map_or(0, |(first, _)| first);
        let is_within =
            |seq: &u64| self.place(*seq).is_some_and(|at| at.offset + at.length as u64 + 1 <= length);
        (first..self.size()).find(|seq| !is_within(seq)).unwrap_or(self.size())
    }

    pub(super) fn start_segment(&mut self) {
        self.segments.push((self.size(), 0));
    }

    /// Takes a line, without its line feed, that stands at the end of the last segment.
    pub(super) fn push(&mut self, line: &[u8], hash: Sha256Hash) {
        let Some((_, length)) = self.segments.last_mut() else { return };
        // A segment is no longer than 256 MiB.
        self.offsets.push(u32::try_from(*length).unwrap_or(u32::MAX));
        *length += line.len() as u64 + 1;
        self.tree.push(leaf_hash(line));
        self.last_hash = hash;
    }

    pub(super) fn place(&self, seq: u64) -> Option<Place> {
        if seq >= self.size() {
            return None;
        }
        let at = self.segments.partition_point(|(first, _)| *first <= seq).checked_sub(1)?;
        let (segment, bytes) = *self.segments.get(at)?;
        let next_segment = self.segments.get(at + 1).map_or(u64::MAX, |(first, _)| *first);
        let offset = |seq: u64| self.offsets.get(usize::try_from(seq).ok()?).copied().map(u64::from);
        let start = offset(seq)?;
        let end = if seq + 1 < next_segment { offset(seq + 1).unwrap_or(bytes) } else { bytes };
        let length = usize::try_from(end.checked_sub(start + 1)?).ok()?;
        Some(Place { segment, offset: start, length })
    }
}
