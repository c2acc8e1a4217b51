//! Planning a file: which symbols stay, which go, and under which keys the new ones come.

use aether_core::base::RelPath;
use aether_core::code::{FileContent, FileDelta, SymbolId};
use rusqlite::{OptionalExtension as _, Row};
use rustc_hash::FxHashMap;

use super::{Counts, Writer};
use crate::codec::{longs_of_bytes, name_hash, words_of_bytes};
use crate::edge_block;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::lookup::{self, Space};
use crate::outline::{Outline, OutlineEntry};
use crate::rows;
use crate::search::words::joined_hash;

/// What is to be done with one file.
pub(super) struct Plan<'d> {
    pub(super) delta: &'d FileDelta,
    /// Number of the file.
    pub(super) file: i64,
    /// The file as it was; `None` when it is new.
    pub(super) old: Option<OldFile>,
    /// Its symbols as they will be.
    pub(super) outline: Outline,
    /// For each of them whether it keeps a row; empty without new content.
    pub(super) is_kept: Vec<bool>,
    /// Whether a symbol of the file is gone.
    pub(super) has_gone: bool,
    /// Lookup rows of the names and imports as they were.
    pub(super) old_names: Vec<i64>,
    /// Fingerprints of what search read of the symbols as they were, by key.
    old_searched: FxHashMap<i64, u64>,
}

impl Plan<'_> {
    /// Whether search reads the same of a symbol as before.
    pub(super) fn is_searched_alike(&self, key: i64, fingerprint: u64) -> bool {
        self.old_searched.get(&key) == Some(&fingerprint)
    }
}

/// The record of a file before the delta.
#[derive(Clone, Debug)]
pub(super) struct OldFile {
    pub(super) module_path: String,
    pub(super) counts: Counts,
}

/// What is known of a file's symbols before the delta, without their rows.
#[derive(Default)]
struct OldOutline {
    outline: Outline,
    /// Lookup rows of the imports.
    imports: Vec<i64>,
    /// For each symbol the fingerprint of what search read; none in a store of version 1.
    searched: Vec<u64>,
}

/// A symbol before the delta.
struct OldSymbol {
    key: i64,
    id: SymbolId,
    name: String,
}

impl Writer<'_> {
    pub(super) fn plan<'d>(&mut self, delta: &'d FileDelta) -> Outcome<Plan<'d>> {
        let (file, old) = match self.old_file(&delta.file.path)? {
            Some((file, old)) => (file, Some(old)),
            None => {
                self.next_file += 1;
                (self.next_file - 1, None)
            }
        };
        if file > lookup::MAX_ANSWER {
            return Err(Cause::BadDelta("too many files"));
        }
        let before = if old.is_some() { self.old_outline(file)? } else { OldOutline::default() };
        let keys = before.outline.entries.iter().map(|entry| entry.key);
        let mut plan = Plan {
            delta,
            file,
            old,
            old_searched: keys.zip(before.searched).collect(),
            outline: before.outline,
            is_kept: Vec::new(),
            has_gone: false,
            old_names: Vec::new(),
        };
        if let Some(content) = &delta.content {
            plan.old_names = before.imports;
            self.plan_content(&mut plan, content)?;
        }
        Ok(plan)
    }

    fn plan_content(&mut self, plan: &mut Plan<'_>, content: &FileContent) -> Outcome<()> {
        let facts = &content.facts;
        if content.ids.len() != facts.symbols.len() || content.body_words.len() != facts.symbols.len() {
            return Err(Cause::BadDelta("ids or words do not match the symbols"));
        }
        if facts.symbols.iter().enumerate().any(|(at, fact)| fact.parent.is_some_and(|p| p.0 as usize >= at))
        {
            return Err(Cause::BadDelta("a parent stands behind its child"));
        }
        let old_symbols = self.old_symbols(&plan.outline)?;
        let named = old_symbols.iter().map(|old| (old.key, old.name.as_str()));
        plan.old_names.extend(name_rows(plan.file, named));
        if let (Some(old), Some(symbol)) = (&plan.old, old_symbols.first()) {
            plan.old_names.extend(module_pair(symbol.key, &old.module_path, &symbol.name));
        }
        let mut old_keys: FxHashMap<SymbolId, i64> =
            old_symbols.iter().map(|old| (old.id, old.key)).collect();
        let mut entries = Vec::with_capacity(content.ids.len());
        for (id, fact) in content.ids.iter().zip(&facts.symbols) {
            let kept = old_keys.remove(id);
            let key = kept.unwrap_or(self.next_symbol);
            if kept.is_none() {
                self.next_symbol += 1;
                self.id_changes.push((*id, Some(key)));
            }
            self.memory.keys.set(id, Some(key));
            plan.is_kept.push(kept.is_some());
            entries.push(OutlineEntry { key, kind: fact.kind.clone(), parent: fact.parent.map(|p| p.0) });
        }
        if self.next_symbol > lookup::MAX_ANSWER {
            return Err(Cause::BadDelta("too many symbols"));
        }
        plan.outline = Outline { entries };
        plan.has_gone = !old_keys.is_empty();
        for old in old_symbols.iter().filter(|old| old_keys.contains_key(&old.id)) {
            self.remove_symbol(old)?;
        }
        Ok(())
    }

    /// Removes a file with all that belongs to it; one that is not there is no error.
    pub(super) fn remove_file(&mut self, path: &RelPath) -> Outcome<()> {
        let Some((file, old)) = self.old_file(path)? else { return Ok(()) };
        let before = self.old_outline(file)?;
        let symbols = self.old_symbols(&before.outline)?;
        let mut old_rows = before.imports;
        old_rows.extend(name_rows(file, symbols.iter().map(|old| (old.key, old.name.as_str()))));
        if let Some(symbol) = symbols.first() {
            old_rows.extend(module_pair(symbol.key, &old.module_path, &symbol.name));
        }
        let block = edge_block::load(self.connection, file)?;
        edge_block::read(&block, |edge| old_rows.extend(super::edges::edge_row(file, &edge)))
            .or_corrupt("edges")?;
        self.replace_lookups(old_rows, Vec::new());
        self.remove_terms(file);
        for symbol in &symbols {
            self.remove_symbol(symbol)?;
        }
        for sql in [
            "DELETE FROM edges WHERE file = ?1",
            "DELETE FROM facts WHERE file = ?1",
            "DELETE FROM outlines WHERE file = ?1",
            "DELETE FROM files WHERE file = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([file])?;
        }
        self.change.subtract(old.counts);
        Ok(())
    }

    fn remove_symbol(&mut self, symbol: &OldSymbol) -> Outcome<()> {
        self.connection.prepare_cached("DELETE FROM symbols WHERE symbol = ?1")?.execute([symbol.key])?;
        self.gone.insert(symbol.key, symbol.id);
        self.id_changes.push((symbol.id, None));
        // Until ids are written, the table still knows it. An id that was already given out again, in
        // another file, keeps its new key.
        if self.memory.keys.get(&symbol.id, || Ok(None))? == Some(symbol.key) {
            self.memory.keys.set(&symbol.id, None);
        }
        Ok(())
    }

    /// Keeps a file findable by the last part of its module path when that alone changed.
    pub(super) fn move_module(&mut self, plan: &Plan<'_>) -> Outcome<()> {
        let (Some(old), None, Some(entry)) = (&plan.old, &plan.delta.content, plan.outline.entries.first())
        else {
            return Ok(());
        };
        let new_path = &plan.delta.file.module_path;
        if old.module_path != *new_path {
            let name: String = self
                .connection
                .prepare_cached("SELECT name FROM symbols WHERE symbol = ?1")?
                .query_row([entry.key], |row| row.get(0))?;
            let before = module_pair(entry.key, &old.module_path, &name);
            let after = module_pair(entry.key, new_path, &name);
            self.replace_lookups(before.into_iter().collect(), after.into_iter().collect());
        }
        Ok(())
    }

    fn old_file(&self, path: &RelPath) -> Outcome<Option<(i64, OldFile)>> {
        if self.is_full {
            return Ok(None);
        }
        let read = |row: &Row<'_>| {
            let counts = Counts {
                files: row.get(7)?,
                files_with_diagnostics: row.get(2)?,
                symbols: row.get(3)?,
                edges: row.get(4)?,
                calls: row.get(5)?,
                calls_unresolved: row.get(6)?,
            };
            Ok((row.get(0)?, OldFile { module_path: row.get(1)?, counts }))
        };
        Ok(self
            .connection
            .prepare_cached(
                "SELECT file, module_path, diagnostics <> '', symbols, edges, calls, calls_unresolved,
                     content_hash <> zeroblob(32)
                 FROM files WHERE path = ?1",
            )?
            .query_row([path.as_str()], read)
            .optional()?)
    }

    fn old_symbols(&self, outline: &Outline) -> Outcome<Vec<OldSymbol>> {
        let mut symbols = Vec::with_capacity(outline.entries.len());
        let mut statement = self
            .connection
            .prepare_cached("SELECT symbol, id, name FROM symbols WHERE symbol BETWEEN ?1 AND ?2")?;
        for (first, last) in outline.runs() {
            let mut found = statement.query([first, last])?;
            while let Some(row) = found.next()? {
                let id = rows::symbol_id(row.get_ref(1)?)?;
                symbols.push(OldSymbol { key: row.get(0)?, id, name: row.get(2)? });
            }
        }
        Ok(symbols)
    }

    fn old_outline(&self, file: i64) -> Outcome<OldOutline> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT symbols, imports, searched FROM outlines WHERE file = ?1")?;
        let mut found = statement.query([file])?;
        let Some(row) = found.next()? else { return Ok(OldOutline::default()) };
        let hashes = words_of_bytes(rows::blob(row.get_ref(1)?)?);
        Ok(OldOutline {
            outline: Outline::read(rows::blob(row.get_ref(0)?)?).or_corrupt("outline")?,
            imports: hashes.map(|hash| lookup::pair(Space::Import, i64::from(hash), file)).collect(),
            searched: longs_of_bytes(rows::blob(row.get_ref(2)?)?).collect(),
        })
    }
}

/// The pairs of the names of a file's symbols.
pub(super) fn name_rows<'a>(file: i64, symbols: impl Iterator<Item = (i64, &'a str)>) -> Vec<i64> {
    let mut pairs = Vec::with_capacity(symbols.size_hint().0 * 2 + 1);
    for (key, name) in symbols {
        pairs.push(lookup::pair(Space::Declares, i64::from(name_hash(name)), file));
        pairs.push(name_pair(key, name));
    }
    pairs
}

fn name_pair(key: i64, name: &str) -> i64 {
    lookup::pair(Space::Name, joined_hash(name), key)
}

/// The pair that finds a file by the last part of its module path, unless its name does so already.
pub(super) fn module_pair(key: i64, module_path: &str, file_name: &str) -> Option<i64> {
    let last = module_path.rsplit("::").next().filter(|last| !last.is_empty())?;
    let pair = name_pair(key, last);
    (pair != name_pair(key, file_name)).then_some(pair)
}
