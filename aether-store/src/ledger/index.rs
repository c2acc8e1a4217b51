//! The index beside the segments: where lines stand, which of them are of a trace, and the hashes of the tree.
//!
//! All of it is derived, and none of it is believed: a line that it leads to is held against its own hash and its
//! number, a block of hashes against its root, the last line of all against the segment. What does not fit is
//! [`Fault::Index`], and whoever asked reads the segments and makes the index anew.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/ledger"))]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aether_core::base::{Sha256Hash, Sha256Hasher};
use aether_core::record::{MerkleNodes as _, MerkleTree};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior};

use super::disk::Disk;
use super::error::{Fault, io_fault};
use super::line::Line;
use super::state::{BLOCK, BLOCK_LEVEL, Block, State};

/// Marks our files: "AELI".
const APPLICATION_ID: i64 = 0x4145_4c49;
/// Version of the tables. A file of another one is made anew.
const VERSION: i64 = 1;
/// How long a statement waits for another program that writes the index: it writes for some milliseconds.
const PATIENCE: Duration = Duration::from_millis(500);
/// In front of what the sums are taken over.
const DOMAIN: &[u8] = b"aether-ledger-index-v1\n";
const NO_SUM: Sha256Hash = Sha256Hash::from_bytes([0; 32]);

const TABLES: &str = "
CREATE TABLE blocks (
    number INTEGER PRIMARY KEY, root BLOB NOT NULL, last_hash BLOB NOT NULL,
    end_segment INTEGER NOT NULL, end_bytes INTEGER NOT NULL, sum BLOB NOT NULL
);
CREATE TABLE lines (number INTEGER PRIMARY KEY, leaves BLOB NOT NULL, places BLOB NOT NULL);
CREATE TABLE segments (first INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
CREATE TABLE traces (name TEXT PRIMARY KEY, count INTEGER NOT NULL, sum BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE trace_lines (
    name TEXT NOT NULL, number INTEGER NOT NULL, lines BLOB NOT NULL, PRIMARY KEY (name, number)
) WITHOUT ROWID;
";

/// An index that fitted the segments when it was opened.
#[derive(Debug)]
pub(super) struct Index {
    connection: Mutex<Connection>,
    /// The block that was asked for last: lines are often read in order.
    last: Mutex<Option<(u64, Arc<Block>)>>,
}

/// What an index says does not fit; the segments have to be read.
fn unfit<E>(_: E) -> Fault {
    Fault::Index
}

impl Index {
    /// Opens the index of a ledger and goes on from it; `None` when there is none that fits the segments.
    pub(super) fn load(disk: &dyn Disk, path: &Path, is_read_only: bool) -> Option<State> {
        Arc::new(Self::open(path, is_read_only).ok()?).state(disk).ok()
    }

    /// Opens an index, whatever is in it.
    pub(super) fn open(path: &Path, is_read_only: bool) -> Result<Self, Fault> {
        let access =
            if is_read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
        let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
        let index = Self::of(connection.map_err(unfit)?)?;
        {
            let connection = index.connection();
            let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            if pragma("application_id").map_err(unfit)? != APPLICATION_ID
                || pragma("user_version").map_err(unfit)? != VERSION
            {
                return Err(Fault::Index);
            }
        }
        Ok(index)
    }

    /// Makes a new index in the place of whatever is there.
    pub(super) fn create(path: &Path) -> Result<Self, Fault> {
        for ending in ["", "-journal"] {
            let old = PathBuf::from(format!("{}{ending}", path.display()));
            match std::fs::remove_file(old) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Fault::Index),
                _ => {}
            }
        }
        let connection = Connection::open(path).map_err(unfit)?;
        connection.execute_batch(TABLES).map_err(unfit)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(unfit)?;
        connection.pragma_update(None, "user_version", VERSION).map_err(unfit)?;
        Self::of(connection)
    }

    fn of(connection: Connection) -> Result<Self, Fault> {
        connection.busy_timeout(PATIENCE).map_err(unfit)?;
        // It is made anew where a loss of power damages it; nothing waits for the disk because of it.
        connection.pragma_update(None, "synchronous", "OFF").map_err(unfit)?;
        connection.pragma_update(None, "trusted_schema", "OFF").map_err(unfit)?;
        Ok(Self { connection: Mutex::new(connection), last: Mutex::default() })
    }

    /// What the index says of all lines that it has, where the segments have the last of them.
    fn state(self: Arc<Self>, disk: &dyn Disk) -> Result<State, Fault> {
        let (roots, segments, last) = {
            let mut connection = self.connection();
            let transaction = connection.transaction().map_err(unfit)?;
            let (roots, last) = read_blocks(&transaction)?;
            (roots, read_segments(&transaction)?, last.ok_or(Fault::Index)?)
        };
        let block = self.block(roots.size() - 1, &last.root)?;
        let (end_segment, end_bytes) = last.end;
        let mut segments: Vec<(u64, u64)> =
            segments.into_iter().take_while(|(first, _)| *first <= end_segment).collect();
        // Those in front are as long as they were, and the last one has the end of the last line.
        match segments.last_mut() {
            Some((first, bytes)) if *first == end_segment => *bytes = end_bytes,
            _ => return Err(Fault::Index),
        }
        let there = disk.segments().map_err(io_fault("list"))?;
        for (at, (first, bytes)) in segments.iter().enumerate() {
            let length = disk.length(*first).map_err(unfit)?;
            let is_last = at + 1 == segments.len();
            let fits = if is_last { length >= *bytes } else { length == *bytes };
            if there.get(at) != Some(first) || !fits {
                return Err(Fault::Index);
            }
        }
        let place = block.place(BLOCK - 1, end_segment).ok_or(Fault::Index)?;
        if place.offset + place.length as u64 + 1 != end_bytes {
            return Err(Fault::Index);
        }
        let bytes = disk.read_at(end_segment, place.offset, place.length).map_err(unfit)?;
        let line = Line::parse(&bytes).filter(Line::is_sound).ok_or(Fault::Index)?;
        if line.seq + 1 != roots.size() * BLOCK || line.hash != last.last_hash {
            return Err(Fault::Index);
        }
        Ok(State::of_index(self, roots, segments, last.last_hash))
    }

    /// A block, which has this root.
    pub(super) fn block(&self, number: u64, root: &Sha256Hash) -> Result<Arc<Block>, Fault> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, block)) = last.as_ref().filter(|(found, _)| *found == number) {
            return Ok(Arc::clone(block));
        }
        let key = i64::try_from(number).map_err(unfit)?;
        let found: Option<(Vec<u8>, Vec<u8>)> = self
            .connection()
            .prepare_cached("SELECT leaves, places FROM lines WHERE number = ?1")
            .and_then(|mut statement| {
                statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .map_err(unfit)?;
        let (leaves, places) = found.ok_or(Fault::Index)?;
        let mut block = Block::new();
        let (leaves, []) = leaves.as_chunks::<32>() else { return Err(Fault::Index) };
        leaves.iter().for_each(|leaf| block.leaves.push(Sha256Hash::from_bytes(*leaf)));
        let (places, []) = places.as_chunks::<8>() else { return Err(Fault::Index) };
        block.places = places
            .iter()
            .map(|[a, b, c, d, e, f, g, h]| {
                (u32::from_be_bytes([*a, *b, *c, *d]), u32::from_be_bytes([*e, *f, *g, *h]))
            })
            .collect();
        let is_whole = leaves.len() as u64 == BLOCK && places.len() as u64 == BLOCK;
        if !is_whole || block.leaves.node(BLOCK_LEVEL, 0).as_ref() != Some(root) {
            return Err(Fault::Index);
        }
        let block = Arc::new(block);
        *last = Some((number, Arc::clone(&block)));
        Ok(block)
    }

    /// The lines of a trace in the first `blocks` blocks, in order.
    pub(super) fn lines_of(&self, trace: &str, blocks: u64) -> Result<Vec<u64>, Fault> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(unfit)?;
        let whole: Option<(i64, Vec<u8>)> = transaction
            .prepare_cached("SELECT count, sum FROM traces WHERE name = ?1")
            .and_then(|mut it| it.query_row([trace], |row| Ok((row.get(0)?, row.get(1)?))).optional())
            .map_err(unfit)?;
        let mut lines = Vec::new();
        let (mut count, mut sum) = (0, NO_SUM);
        let mut statement = transaction
            .prepare_cached("SELECT number, lines FROM trace_lines WHERE name = ?1 ORDER BY number")
            .map_err(unfit)?;
        let mut rows = statement.query([trace]).map_err(unfit)?;
        while let Some(row) = rows.next().map_err(unfit)? {
            let (number, inside): (i64, Vec<u8>) = (row.get(0).map_err(unfit)?, row.get(1).map_err(unfit)?);
            let number = u64::try_from(number).map_err(unfit)?;
            sum = trace_sum(&sum, trace, number, &inside);
            count += inside.len();
            if number < blocks {
                lines.extend(inside.iter().map(|line| number * BLOCK + u64::from(*line)));
            }
        }
        let is_whole = match whole {
            Some((known, known_sum)) => i64::try_from(count) == Ok(known) && known_sum == sum.as_bytes(),
            None => count == 0,
        };
        if is_whole { Ok(lines) } else { Err(Fault::Index) }
    }

    /// Takes the full blocks of a state that it does not have yet; whoever calls holds the lock of the ledger.
    pub(super) fn store(&self, state: &State) -> Result<(), Fault> {
        let mut connection = self.connection();
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unfit)?;
        // Somebody else may have been here: what is there has to be the same.
        let (roots, last) = read_blocks(&transaction)?;
        let mut sum = last.map_or(NO_SUM, |last| last.sum);
        let (first, blocks) = state.full_blocks();
        if roots.size() < first {
            return Err(Fault::Index);
        }
        let mut end = 0;
        for (number, block) in (first..).zip(blocks) {
            let root = state.block_root(number).ok_or(Fault::Index)?;
            end = number + 1;
            if let Some(there) = roots.leaf(number) {
                if there != root {
                    return Err(Fault::Index);
                }
                continue;
            }
            sum = block_sum(&sum, number, &root, &block.last_hash, block.end);
            insert(&transaction, number, &root, &sum, block).map_err(unfit)?;
        }
        for (first, bytes) in state.segments_of(end * BLOCK) {
            let (first, bytes) = (i64::try_from(first).map_err(unfit)?, i64::try_from(bytes).map_err(unfit)?);
            transaction
                .prepare_cached("INSERT OR REPLACE INTO segments (first, bytes) VALUES (?1, ?2)")
                .and_then(|mut it| it.execute([first, bytes]))
                .map_err(unfit)?;
        }
        transaction.commit().map_err(unfit)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The row of the last block.
struct LastBlock {
    root: Sha256Hash,
    last_hash: Sha256Hash,
    end: (u64, u64),
    sum: Sha256Hash,
}

/// The roots of all blocks, each with the sum that belongs to it.
fn read_blocks(connection: &Connection) -> Result<(MerkleTree, Option<LastBlock>), Fault> {
    let (mut roots, mut last) = (MerkleTree::new(), None);
    let mut statement = connection
        .prepare_cached(
            "SELECT number, root, last_hash, end_segment, end_bytes, sum FROM blocks ORDER BY number",
        )
        .map_err(unfit)?;
    let mut rows = statement.query(()).map_err(unfit)?;
    let mut sum = NO_SUM;
    while let Some(row) = rows.next().map_err(unfit)? {
        let number =
            |at| row.get::<_, i64>(at).map_err(unfit).and_then(|it| u64::try_from(it).map_err(unfit));
        let hash = |at| {
            let bytes = row.get::<_, [u8; 32]>(at).map_err(unfit)?;
            Ok::<_, Fault>(Sha256Hash::from_bytes(bytes))
        };
        let (root, last_hash, end) = (hash(1)?, hash(2)?, (number(3)?, number(4)?));
        sum = block_sum(&sum, roots.size(), &root, &last_hash, end);
        if number(0)? != roots.size() || hash(5)? != sum {
            return Err(Fault::Index);
        }
        roots.push(root);
        last = Some(LastBlock { root, last_hash, end, sum });
    }
    Ok((roots, last))
}

fn read_segments(connection: &Connection) -> Result<Vec<(u64, u64)>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT first, bytes FROM segments ORDER BY first").map_err(unfit)?;
    let rows =
        statement.query_map((), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).map_err(unfit)?;
    rows.map(|row| {
        let (first, bytes) = row.map_err(unfit)?;
        Ok((u64::try_from(first).map_err(unfit)?, u64::try_from(bytes).map_err(unfit)?))
    })
    .collect()
}

fn insert(
    connection: &Connection,
    number: u64,
    root: &Sha256Hash,
    sum: &Sha256Hash,
    block: &Block,
) -> rusqlite::Result<()> {
    let key = i64::try_from(number).unwrap_or(i64::MAX);
    let (segment, bytes) = (block.end.0 as i64, block.end.1 as i64);
    connection
        .prepare_cached(
            "INSERT INTO blocks (number, root, last_hash, end_segment, end_bytes, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((key, root.as_bytes(), block.last_hash.as_bytes(), segment, bytes, sum.as_bytes()))?;
    let leaves: Vec<u8> =
        (0..BLOCK).filter_map(|at| block.leaves.leaf(at)).flat_map(|leaf| *leaf.as_bytes()).collect();
    let places: Vec<u8> = block
        .places
        .iter()
        .flat_map(|(offset, length)| [offset.to_be_bytes(), length.to_be_bytes()].concat())
        .collect();
    connection
        .prepare_cached("INSERT OR REPLACE INTO lines (number, leaves, places) VALUES (?1, ?2, ?3)")?
        .execute((key, leaves, places))?;
    for (trace, lines) in &block.traces {
        let before: Option<(i64, [u8; 32])> = connection
            .prepare_cached("SELECT count, sum FROM traces WHERE name = ?1")?
            .query_row([trace], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (count, before) = before.map_or((0, NO_SUM), |(count, sum)| (count, Sha256Hash::from_bytes(sum)));
        let sum = trace_sum(&before, trace, number, lines);
        connection
            .prepare_cached("INSERT INTO trace_lines (name, number, lines) VALUES (?1, ?2, ?3)")?
            .execute((trace, key, lines))?;
        connection
            .prepare_cached("INSERT OR REPLACE INTO traces (name, count, sum) VALUES (?1, ?2, ?3)")?
            .execute((trace, count + lines.len() as i64, sum.as_bytes()))?;
    }
    Ok(())
}

/// Tells a row that was changed by mistake; whoever means to can make it fit.
fn block_sum(
    before: &Sha256Hash,
    number: u64,
    root: &Sha256Hash,
    last_hash: &Sha256Hash,
    (segment, bytes): (u64, u64),
) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(DOMAIN);
    hasher.update(before.as_bytes());
    hasher.update(&number.to_be_bytes());
    hasher.update(root.as_bytes());
    hasher.update(last_hash.as_bytes());
    hasher.update(&segment.to_be_bytes());
    hasher.update(&bytes.to_be_bytes());
    hasher.finish()
}

fn trace_sum(before: &Sha256Hash, trace: &str, number: u64, lines: &[u8]) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(DOMAIN);
    hasher.update(before.as_bytes());
    hasher.update(trace.as_bytes());
    hasher.update(&number.to_be_bytes());
    hasher.update(lines);
    hasher.finish()
}
