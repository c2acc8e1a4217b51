//! Writing what search reads: the terms of a file, and the postings of a term.

use aether_core::code::FileContent;
use aether_core::code::facts::FileFacts;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::plan::Plan;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::lookup;
use crate::rows::blob;
use crate::search::fields::{Described, Terms, whole_name_term};
use crate::search::postings;

/// Most different terms of a store: their numbers share 64 bits with the number of a chunk.
const MAX_TERM: u32 = 1 << 30;

/// What is written for search in one transaction.
#[derive(Debug, Default)]
pub(super) struct TermWriter {
    terms: Terms,
    /// Numbers in the store of the terms above; in a full delta they are the same.
    stored: Vec<Option<u32>>,
    /// Postings by term, in a full delta.
    all: Vec<Vec<u32>>,
    /// Rows that go and come, in any other delta.
    gone: Vec<i64>,
    added: Vec<i64>,
    /// First number that no term of the store has.
    pub(super) next_term: u32,
}

impl TermWriter {
    pub(super) fn new(next_term: u32) -> Self {
        Self { next_term, ..Self::default() }
    }
}

impl Writer<'_> {
    /// Writes the terms of a file with new content. `scopes` are the qualified names inside the file of
    /// what is around each symbol.
    pub(super) fn write_terms(
        &mut self,
        plan: &Plan<'_>,
        content: &FileContent,
        scopes: &[&str],
    ) -> Outcome<()> {
        let facts: &FileFacts = &content.facts;
        let file = &plan.delta.file;
        let mut rows: Vec<u64> = Vec::with_capacity(facts.symbols.len() * 24);
        let mut found = Vec::new();
        for (position, fact) in facts.symbols.iter().enumerate() {
            let described = Described {
                facts,
                fact,
                scope: scopes[position],
                path: file.path.as_str(),
                language: file.language.as_str(),
                body: &content.body_words[position],
            };
            found.clear();
            self.search.terms.describe(&described, |term, level| found.push((term, level)));
            if position == 0
                && let Some(module) = module_term(&file.module_path, facts.name(fact.name))
            {
                let number = self.search.terms.number(&module);
                found.push((number, 0));
            }
            let key = plan.outline.entries[position].key;
            for &(term, level) in &found {
                let term = self.stored_term(term)?;
                rows.push(postings::row(term, postings::pack(key, level)));
            }
        }
        if rows.windows(2).any(|pair| postings::key_of(pair[0] as u32) > postings::key_of(pair[1] as u32)) {
            rows.sort_by_key(|&row| postings::key_of(row as u32));
        }
        self.replace_terms(plan.file, plan.old.is_some(), &rows)
    }

    /// Keeps the file findable by the last part of its module path when that alone changed.
    pub(super) fn move_module(&mut self, plan: &Plan<'_>) -> Outcome<()> {
        let (Some(old), Some(entry), None) = (&plan.old, plan.outline.entries.first(), &plan.delta.content)
        else {
            return Ok(());
        };
        if old.module_path == plan.delta.file.module_path {
            return Ok(());
        }
        let name: String = self
            .connection
            .prepare_cached("SELECT name FROM symbols WHERE symbol = ?1")?
            .query_row([entry.key], |row| row.get(0))?;
        let before = module_term(&old.module_path, &name);
        let after = module_term(&plan.delta.file.module_path, &name);
        if before == after {
            return Ok(());
        }
        let mut rows = self.old_rows(plan.file)?;
        if let Some(before) = before {
            let number = self.search.terms.number(&before);
            let number = self.stored_term(number)?;
            rows.retain(|&row| row != postings::row(number, postings::pack(entry.key, 0)));
        }
        if let Some(after) = after {
            let number = self.search.terms.number(&after);
            let number = self.stored_term(number)?;
            rows.push(postings::row(number, postings::pack(entry.key, 0)));
        }
        rows.sort_by_key(|&row| postings::key_of(row as u32));
        self.replace_terms(plan.file, true, &rows)
    }

    /// Takes the terms of a file away.
    pub(super) fn remove_terms(&mut self, file: i64) -> Outcome<()> {
        let rows = self.old_rows(file)?;
        self.search.gone.extend(rows.iter().map(|row| row.cast_signed()));
        self.connection.prepare_cached("DELETE FROM file_terms WHERE file = ?1")?.execute([file])?;
        Ok(())
    }

    fn replace_terms(&mut self, file: i64, has_old: bool, rows: &[u64]) -> Outcome<()> {
        if self.is_full {
            for &row in rows {
                let term = (row >> 32) as usize;
                if term >= self.search.all.len() {
                    self.search.all.resize_with(term + 1, Vec::new);
                }
                self.search.all[term].push(row as u32);
            }
        } else {
            let old = if has_old { self.old_rows(file)? } else { Vec::new() };
            let (old, new) = (sorted(&old), sorted(rows));
            let search = &mut self.search;
            let (gone, added) = (&mut search.gone, &mut search.added);
            lookup::difference(
                &old,
                &new,
                |row| {
                    gone.push(row);
                    Ok::<(), Cause>(())
                },
                |row| {
                    added.push(row);
                    Ok(())
                },
            )?;
        }
        let mut data = Vec::with_capacity(rows.len() * 4);
        postings::write_file(rows, &mut data);
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO file_terms (file, data) VALUES (?1, ?2)")?
            .execute(params![file, data])?;
        Ok(())
    }

    fn old_rows(&self, file: i64) -> Outcome<Vec<u64>> {
        let mut statement = self.connection.prepare_cached("SELECT data FROM file_terms WHERE file = ?1")?;
        let mut found = statement.query([file])?;
        match found.next()? {
            Some(row) => postings::file_rows(blob(row.get_ref(0)?)?).or_corrupt("terms of a file"),
            None => Ok(Vec::new()),
        }
    }

    /// The number of a term in the store; a new term gets one.
    fn stored_term(&mut self, term: u32) -> Outcome<u32> {
        if self.is_full {
            return Ok(term);
        }
        let at = term as usize;
        if at >= self.search.stored.len() {
            self.search.stored.resize(at + 1, None);
        }
        if let Some(number) = self.search.stored[at] {
            return Ok(number);
        }
        let text = &self.search.terms.texts()[at];
        let known: Option<u32> = self
            .connection
            .prepare_cached("SELECT number FROM terms WHERE term = ?1")?
            .query_row([text], |row| row.get(0))
            .optional()?;
        let number = match known {
            Some(number) => number,
            None => {
                let number = self.search.next_term;
                self.connection
                    .prepare_cached("INSERT INTO terms (term, number) VALUES (?1, ?2)")?
                    .execute(params![text, number])?;
                self.search.next_term += 1;
                number
            }
        };
        self.search.stored[at] = Some(number);
        Ok(number)
    }

    /// Writes the postings that the files of the delta changed.
    pub(super) fn write_postings(&mut self) -> Outcome<()> {
        if self.is_full {
            self.write_all_postings()?
        } else {
            self.write_changed_postings()?
        }
        if self.search.next_term >= MAX_TERM {
            return Err(Cause::BadDelta("too many words"));
        }
        Ok(())
    }

    fn write_all_postings(&mut self) -> Outcome<()> {
        let mut insert =
            self.connection.prepare_cached("INSERT INTO postings (chunk, data) VALUES (?1, ?2)")?;
        let mut data = Vec::new();
        for (term, all) in self.search.all.iter_mut().enumerate() {
            // Files come by path, and so do their keys.
            debug_assert!(all.is_sorted());
            for chunk in all.chunk_by(|a, b| postings::chunk_of(*a) == postings::chunk_of(*b)) {
                data.clear();
                postings::write(chunk, &mut data);
                insert
                    .execute(params![postings::row_key(term as u32, postings::chunk_of(chunk[0])), data])?;
            }
        }
        let mut numbers: Vec<u32> = (0..self.search.terms.texts().len() as u32).collect();
        let texts = self.search.terms.texts();
        numbers.sort_unstable_by(|&a, &b| texts[a as usize].cmp(&texts[b as usize]));
        let mut insert =
            self.connection.prepare_cached("INSERT INTO terms (term, number) VALUES (?1, ?2)")?;
        for number in numbers {
            insert.execute(params![texts[number as usize], number])?;
        }
        self.search.next_term = texts.len() as u32;
        Ok(())
    }

    fn write_changed_postings(&mut self) -> Outcome<()> {
        let mut changes: Vec<(i64, bool)> = Vec::new();
        changes.extend(self.search.gone.drain(..).map(|row| (row, false)));
        changes.extend(self.search.added.drain(..).map(|row| (row, true)));
        changes.sort_unstable();
        let term_of = |row: i64| (row.cast_unsigned() >> 32) as u32;
        let row_of = |row: i64| postings::row_key(term_of(row), postings::chunk_of(row as u32));
        let mut select = self.connection.prepare_cached("SELECT data FROM postings WHERE chunk = ?1")?;
        let mut upsert = self
            .connection
            .prepare_cached("INSERT OR REPLACE INTO postings (chunk, data) VALUES (?1, ?2)")?;
        let mut delete = self.connection.prepare_cached("DELETE FROM postings WHERE chunk = ?1")?;
        for group in changes.chunk_by(|a, b| row_of(a.0) == row_of(b.0)) {
            let key = row_of(group[0].0);
            let mut list = {
                let mut found = select.query([key])?;
                match found.next()? {
                    Some(row) => postings::read_all(postings::chunk_of_row(key), blob(row.get_ref(0)?)?)
                        .or_corrupt("postings")?,
                    None => Vec::new(),
                }
            };
            // A removal and an addition of the same row, by two files, leave the row.
            for &(row, is_added) in group {
                let posting = row as u32;
                match (list.binary_search(&posting), is_added) {
                    (Ok(at), false) => {
                        list.remove(at);
                    }
                    (Err(at), true) => list.insert(at, posting),
                    (Ok(_), true) | (Err(_), false) => {}
                }
            }
            if list.is_empty() {
                delete.execute([key])?;
            } else {
                let mut data = Vec::with_capacity(list.len() * 2 + 4);
                postings::write(&list, &mut data);
                upsert.execute(params![key, data])?;
            }
        }
        Ok(())
    }
}

/// The term of the last part of a module path, unless the file is found by the same one already.
fn module_term(module_path: &str, file_name: &str) -> Option<String> {
    let last = module_path.rsplit("::").next().filter(|last| !last.is_empty())?;
    let term = whole_name_term(last);
    (term != whole_name_term(file_name)).then_some(term)
}

fn sorted(rows: &[u64]) -> Vec<i64> {
    let mut rows: Vec<i64> = rows.iter().map(|row| row.cast_signed()).collect();
    rows.sort_unstable();
    rows
}
