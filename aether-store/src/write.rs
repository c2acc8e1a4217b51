//! Applying a delta: one transaction from one index to the next.
//!
//! First every file of the delta is planned: its symbols get keys, and symbols that are gone lose
//! their rows, in all files before any is written, because an id may move. Then each file is written
//! with its edges. Last come the edges of other files that lead to symbols that are gone.

mod edges;
mod plan;
mod symbols;
mod terms;

use std::collections::BTreeMap;

use aether_core::base::{RelPath, Timestamp};
use aether_core::code::{FileDelta, GraphDelta, SymbolId, facts};
use rusqlite::{Connection, OptionalExtension as _, params};
use rustc_hash::FxHashMap;

use crate::codec::words_to_bytes;
use crate::connections::begin_write;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::ids;
use crate::lookup;
use crate::packed;
use crate::rows::{self, FileRow, NameRow};
use crate::schema;
use crate::search::vocabulary;
use plan::Plan;
use terms::TermWriter;

/// What a writer remembers from one delta to the next, for as long as nobody else writes.
#[derive(Debug, Default)]
pub(crate) struct WriterMemory {
    /// The generation that it stands for; `None` while a transaction runs, and after one that failed.
    generation: Option<i64>,
    keys: ids::Cache,
    vocabulary: vocabulary::Cache,
}

impl WriterMemory {
    /// Makes it fit the store as a transaction finds it.
    fn begin(&mut self, generation: i64, is_full: bool) {
        if is_full || self.generation != Some(generation) {
            self.keys.clear();
            self.vocabulary.clear();
        }
        self.keys.trim();
        self.generation = None;
    }
}

/// Files of a delta from which on its log is copied at once.
const LARGE_DELTA_FILES: usize = 128;

/// Applies `delta` and returns the new generation.
pub(crate) fn apply(
    connection: &mut Connection,
    memory: &mut WriterMemory,
    delta: &GraphDelta,
    now: Option<Timestamp>,
) -> Outcome<u64> {
    let transaction = begin_write(connection)?;
    let mut writer = Writer::begin(&transaction, memory, delta)?;
    writer.apply(delta)?;
    let generation = writer.finish(delta, now)?;
    transaction.commit()?;
    memory.generation = Some(generation);
    if delta.files.len() >= LARGE_DELTA_FILES {
        truncate_log(connection);
    }
    Ok(generation.cast_unsigned())
}

/// Copies the log of a large transaction into the file at once and gives its space back. Readers of
/// the old state make this impossible; then a later checkpoint does it.
fn truncate_log(connection: &Connection) {
    let timeout = connection.pragma_query_value(None, "busy_timeout", |row| row.get::<_, i64>(0));
    let _ = connection.pragma_update(None, "busy_timeout", 0);
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
    if let Ok(timeout) = timeout {
        let _ = connection.pragma_update(None, "busy_timeout", timeout);
    }
}

/// What is counted for [`aether_core::port::StoreState`], of a file or of all.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Counts {
    files: i64,
    files_with_diagnostics: i64,
    symbols: i64,
    edges: i64,
    calls: i64,
    calls_unresolved: i64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.files_with_diagnostics += other.files_with_diagnostics;
        self.symbols += other.symbols;
        self.edges += other.edges;
        self.calls += other.calls;
        self.calls_unresolved += other.calls_unresolved;
    }

    fn subtract(&mut self, other: Self) {
        self.files -= other.files;
        self.files_with_diagnostics -= other.files_with_diagnostics;
        self.symbols -= other.symbols;
        self.edges -= other.edges;
        self.calls -= other.calls;
        self.calls_unresolved -= other.calls_unresolved;
    }
}

/// One transaction that writes.
struct Writer<'c> {
    connection: &'c Connection,
    memory: &'c mut WriterMemory,
    /// Whether the tables were empty at the start, so that nothing old needs to be looked for.
    is_full: bool,
    change: Counts,
    next_symbol: i64,
    next_file: i64,
    /// Keys of symbols that lost their rows, with their ids.
    gone: FxHashMap<i64, SymbolId>,
    /// Ids that came with their keys, and ids that went.
    id_changes: Vec<(SymbolId, Option<i64>)>,
    /// Pairs of a full delta.
    lookups: Vec<i64>,
    /// Pairs that come and go, of any other delta.
    changes: Vec<(i64, bool)>,
    search: TermWriter,
}

impl<'c> Writer<'c> {
    fn begin(connection: &'c Connection, memory: &'c mut WriterMemory, delta: &GraphDelta) -> Outcome<Self> {
        // Another process may have replaced the store by one of a newer version since it was opened.
        schema::inspect(connection)?;
        let mut state = connection.prepare_cached(
            "SELECT facts_version, generation, next_symbol, next_term FROM state WHERE id = 0",
        )?;
        let (facts_version, generation, mut next_symbol, mut next_term): (i64, i64, i64, u32) = state
            .query_row((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?
            .or_corrupt("state")?;
        if let Some(base) = delta.base.filter(|base| *base != generation.cast_unsigned()) {
            return Err(Cause::Conflict { base, found: generation.cast_unsigned() });
        }
        let is_full = delta.is_full;
        if is_full {
            schema::clear(connection)?;
            (next_symbol, next_term) = (1, 0);
        } else if facts_version != i64::from(facts::SCHEMA_VERSION) {
            return Err(Cause::OtherFacts { found: facts_version, known: facts::SCHEMA_VERSION.into() });
        }
        memory.begin(generation, is_full);
        let next_file = connection
            .prepare_cached("SELECT ifnull(max(file), 0) + 1 FROM files")?
            .query_row((), |row| row.get(0))?;
        Ok(Self {
            connection,
            memory,
            is_full,
            change: Counts::default(),
            next_symbol,
            next_file,
            gone: FxHashMap::default(),
            id_changes: Vec::new(),
            lookups: Vec::new(),
            changes: Vec::new(),
            search: TermWriter::new(next_term),
        })
    }

    fn apply(&mut self, delta: &GraphDelta) -> Outcome<()> {
        if !self.is_full {
            for path in &delta.removed {
                self.remove_file(path)?;
            }
        }
        let files: BTreeMap<&RelPath, &FileDelta> =
            delta.files.iter().map(|file| (&file.file.path, file)).collect();
        let mut plans = Vec::with_capacity(files.len());
        for file in files.into_values() {
            plans.push(self.plan(file)?);
        }
        for plan in &plans {
            self.write_file(plan)?;
        }
        self.release_gone()?;
        self.write_pairs()?;
        match ids::change(self.connection, std::mem::take(&mut self.id_changes)) {
            Err(Cause::TakenId { key }) if !self.has_symbol(key) => Err(Cause::Corrupt("ids")),
            result => result,
        }
    }

    /// Whether a key is that of a symbol in a file, as every key is unless the store is damaged.
    fn has_symbol(&self, key: i64) -> bool {
        let outline = NameRow::load(self.connection, key)
            .and_then(|row| FileRow::load(self.connection, row.file))
            .and_then(|row| rows::outline(self.connection, row.file));
        outline.is_ok_and(|outline| outline.entries.iter().any(|entry| entry.key == key))
    }

    /// Writes the pairs that the files of the delta changed, and the terms among them.
    fn write_pairs(&mut self) -> Outcome<()> {
        if self.is_full {
            self.lookups.sort_unstable();
            self.lookups.dedup();
            let mut builder = packed::Builder::new(self.connection);
            for &pair in &self.lookups {
                builder.push(pair)?;
            }
            // The space of terms is the last.
            self.search.build(self.connection, &mut self.memory.vocabulary, &mut builder)?;
            return builder.finish();
        }
        self.search.change(self.connection, &mut self.memory.vocabulary, &mut self.changes)?;
        // Two files may take and give the same pair: the giving comes last.
        self.changes.sort_unstable();
        packed::change(self.connection, &self.changes)
    }

    fn write_file(&mut self, plan: &Plan<'_>) -> Outcome<()> {
        if let Some(content) = &plan.delta.content {
            self.write_content(plan, content)?;
        }
        self.move_module(plan)?;
        let (edges, calls, calls_unresolved) = self.write_edges(plan)?;
        let symbols = plan.outline.entries.len() as i64;
        let counts = Counts {
            // A file without a content hash is named before it is vouched for.
            files: i64::from(plan.delta.file.content_hash != [0; 32]),
            files_with_diagnostics: i64::from(!plan.delta.file.diagnostics.is_empty()),
            symbols,
            // Every symbol but the file itself is defined by another.
            edges: edges + (symbols - 1).max(0),
            calls,
            calls_unresolved,
        };
        self.write_record(plan, &counts)?;
        self.change.add(counts);
        if let Some(old) = &plan.old {
            self.change.subtract(old.counts);
        }
        Ok(())
    }

    fn write_record(&self, plan: &Plan<'_>, counts: &Counts) -> Outcome<()> {
        let file = &plan.delta.file;
        let diagnostics: Vec<&str> = file.diagnostics.iter().map(|code| code.as_str()).collect();
        // `None` keeps what is there.
        let dependencies = plan.delta.edges.as_ref().map(|_| words_to_bytes(&plan.delta.dependencies));
        self.connection
            .prepare_cached(
                "INSERT INTO files (file, path, language, content_hash, size_bytes, modified_ns, module_path,
                     diagnostics, symbols, edges, calls, calls_unresolved, dependencies)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ifnull(?13, x''))
                 ON CONFLICT (file) DO UPDATE SET
                     language = ?3, content_hash = ?4, size_bytes = ?5, modified_ns = ?6, module_path = ?7,
                     diagnostics = ?8, symbols = ?9, edges = ?10, calls = ?11, calls_unresolved = ?12,
                     dependencies = ifnull(?13, dependencies)",
            )?
            .execute(params![
                plan.file,
                file.path.as_str(),
                file.language.as_str(),
                file.content_hash.as_slice(),
                file.size_bytes.cast_signed(),
                file.modified_ns,
                file.module_path,
                diagnostics.join("\n"),
                counts.symbols,
                counts.edges,
                counts.calls,
                counts.calls_unresolved,
                dependencies,
            ])?;
        Ok(())
    }

    /// The key of a symbol of the index as it will be.
    fn key_of(&mut self, id: &SymbolId) -> Outcome<Option<i64>> {
        let (connection, is_full) = (self.connection, self.is_full);
        self.memory.keys.get(id, || if is_full { Ok(None) } else { ids::key_of(connection, id) })
    }

    /// Replaces pairs; both lists may hold one more than once.
    fn replace_lookups(&mut self, old: Vec<i64>, mut new: Vec<i64>) {
        if self.is_full {
            self.lookups.append(&mut new);
        } else {
            lookup::difference(old, new, &mut self.changes);
        }
    }

    fn finish(&mut self, delta: &GraphDelta, now: Option<Timestamp>) -> Outcome<i64> {
        let generation: i64 = self
            .connection
            .prepare_cached(
                "UPDATE state SET facts_version = ?1, generation = generation + 1, indexed_at = ?2,
                     next_symbol = ?3, files = files + ?4,
                     files_with_diagnostics = files_with_diagnostics + ?5, symbols = symbols + ?6,
                     edges = edges + ?7, calls = calls + ?8, calls_unresolved = calls_unresolved + ?9,
                     next_term = ?10, files_total = iif(?11 > 0, ?11, files_total),
                     made_by = coalesce(?12, made_by)
                 WHERE id = 0 RETURNING generation",
            )?
            .query_row(
                params![
                    facts::SCHEMA_VERSION,
                    now.map(Timestamp::unix_ms),
                    self.next_symbol,
                    self.change.files,
                    self.change.files_with_diagnostics,
                    self.change.symbols,
                    self.change.edges,
                    self.change.calls,
                    self.change.calls_unresolved,
                    self.search.next_term,
                    i64::try_from(delta.files_total).unwrap_or(i64::MAX),
                    delta.made_by,
                ],
                |row| row.get(0),
            )?;
        let mut insert = self.connection.prepare_cached(
            "INSERT OR IGNORE INTO lineage (source, target, cause, generation) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for link in &delta.lineage {
            insert.execute(params![
                link.from.as_bytes().as_slice(),
                link.to.as_bytes().as_slice(),
                link.cause as u8,
                generation,
            ])?;
        }
        Ok(generation)
    }
}
