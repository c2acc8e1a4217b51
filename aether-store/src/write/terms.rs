//! Writing what search reads: the terms of each symbol, and the postings of each term.

use std::hash::{Hash as _, Hasher as _};

use aether_core::code::FileContent;
use rusqlite::{Connection, params};
use rustc_hash::{FxHashSet, FxHasher};

use super::Writer;
use super::plan::Plan;
use crate::error::{Cause, OrCorrupt as _, Outcome};
use crate::lookup::{self, term_pair};
use crate::packed;
use crate::rows::blob;
use crate::search::fields::{Described, Terms};
use crate::search::postings::{self, TermOf};
use crate::search::vocabulary;

/// What is written for search in one transaction.
#[derive(Debug)]
pub(super) struct TermWriter {
    terms: Terms,
    files: Vec<FileTerms>,
    /// Files that are gone.
    removed: Vec<i64>,
    /// First number that no term of the store has.
    pub(super) next_term: u32,
}

/// The terms of a file.
#[derive(Debug)]
struct FileTerms {
    file: i64,
    /// Those of new and changed symbols, by their numbers in this transaction.
    terms: Vec<TermOf>,
    /// The symbols whose terms are as they were.
    kept: FxHashSet<u32>,
}

impl TermWriter {
    pub(super) fn new(next_term: u32) -> Self {
        Self { terms: Terms::default(), files: Vec::new(), removed: Vec::new(), next_term }
    }

    /// Writes everything to an empty store: terms are numbered in their order.
    pub(super) fn build(
        &mut self,
        connection: &Connection,
        vocabulary: &mut vocabulary::Cache,
        builder: &mut packed::Builder<'_>,
    ) -> Outcome<()> {
        let texts = self.terms.texts();
        let sorted = sorted_terms(&texts);
        let mut ranks = vec![0_u32; texts.len()];
        for (rank, &term) in sorted.iter().enumerate() {
            ranks[term as usize] = rank as u32;
        }
        let rows: Vec<(&str, u32)> =
            sorted.iter().enumerate().map(|(rank, &term)| (texts[term as usize], rank as u32)).collect();
        vocabulary::build(connection, &rows)?;
        vocabulary.take(&rows);
        self.next_term = rows.len() as u32;
        self.check_count()?;

        // A counting sort: how many postings each term has tells where they start.
        let mut starts = vec![0_usize; ranks.len() + 1];
        for file in &mut self.files {
            for one in &mut file.terms {
                one.term = ranks[one.term as usize];
                starts[one.term as usize + 1] += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut all = vec![0_u32; starts.last().copied().unwrap_or(0)];
        let mut ends = starts.clone();
        for file in &self.files {
            for one in &file.terms {
                let end = &mut ends[one.term as usize];
                all[*end] = one.posting;
                *end += 1;
            }
            write_file(connection, file.file, &file.terms)?;
        }
        for (term, range) in starts.windows(2).enumerate() {
            for &posting in &all[range[0]..range[1]] {
                builder.push(term_pair(term as u32, posting))?;
            }
        }
        Ok(())
    }

    /// Adds the pairs that come and go to `changes`.
    pub(super) fn change(
        &mut self,
        connection: &Connection,
        vocabulary: &mut vocabulary::Cache,
        changes: &mut Vec<(i64, bool)>,
    ) -> Outcome<()> {
        for file in std::mem::take(&mut self.removed) {
            changes.extend(pairs(&old_terms(connection, file)?).into_iter().map(|pair| (pair, false)));
            connection.prepare_cached("DELETE FROM file_terms WHERE file = ?1")?.execute([file])?;
        }
        let numbers = vocabulary.numbers_of(connection, &self.terms.texts(), &mut self.next_term)?;
        self.check_count()?;
        for FileTerms { file, terms, kept } in &mut self.files {
            for one in terms.iter_mut() {
                one.term = numbers[one.term as usize];
            }
            let (same, old): (Vec<TermOf>, Vec<TermOf>) = old_terms(connection, *file)?
                .into_iter()
                .partition(|one| kept.contains(&postings::key_of(one.posting)));
            // Every symbol has terms: at least those of its kind and language.
            let of_kept = same.chunk_by(|a, b| postings::key_of(a.posting) == postings::key_of(b.posting));
            if of_kept.count() != kept.len() {
                return Err(Cause::Corrupt("terms of a file"));
            }
            lookup::difference(pairs(&old), pairs(terms), changes);
            if old != *terms {
                terms.extend(same);
                terms.sort_by_key(|one| postings::key_of(one.posting));
                write_file(connection, *file, terms)?;
            }
        }
        Ok(())
    }

    fn check_count(&self) -> Outcome<()> {
        if self.next_term > lookup::MAX_TERM { Err(Cause::BadDelta("too many words")) } else { Ok(()) }
    }
}

/// The numbers of terms in the order of their texts.
fn sorted_terms(texts: &[&str]) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..texts.len() as u32).collect();
    sorted.sort_unstable_by_key(|&term| texts[term as usize]);
    sorted
}

fn pairs(terms: &[TermOf]) -> Vec<i64> {
    terms.iter().map(|one| term_pair(one.term, one.posting)).collect()
}

fn old_terms(connection: &Connection, file: i64) -> Outcome<Vec<TermOf>> {
    let mut statement = connection.prepare_cached("SELECT data FROM file_terms WHERE file = ?1")?;
    let mut found = statement.query([file])?;
    let Some(row) = found.next()? else { return Ok(Vec::new()) };
    postings::read_file(blob(row.get_ref(0)?)?).or_corrupt("terms of a file")
}

/// A hash of all that the terms of a symbol come from but the path, which belongs to its file. It is only
/// ever compared for equality: with another algorithm terms are taken anew.
fn fingerprint(symbol: &Described<'_>) -> u64 {
    let (fact, mut hasher) = (symbol.fact, FxHasher::default());
    let name = symbol.facts.name(fact.name);
    (name, symbol.scope, fact.kind.as_str(), symbol.language, &fact.signature).hash(&mut hasher);
    (&fact.doc, symbol.body).hash(&mut hasher);
    hasher.finish()
}

fn write_file(connection: &Connection, file: i64, terms: &[TermOf]) -> Outcome<()> {
    let mut data = Vec::with_capacity(terms.len() * 3 + 16);
    postings::write_file(terms, &mut data);
    connection
        .prepare_cached("INSERT OR REPLACE INTO file_terms (file, data) VALUES (?1, ?2)")?
        .execute(params![file, data])?;
    Ok(())
}

impl Writer<'_> {
    /// Takes the terms of a file with new content, and returns a fingerprint of what was read of each
    /// symbol: those whose fingerprint is as it was keep their terms. `scopes` are the qualified names
    /// inside the file of what is around each symbol.
    pub(super) fn take_terms(&mut self, plan: &Plan<'_>, content: &FileContent, scopes: &[&str]) -> Vec<u64> {
        let facts = &content.facts;
        let file = &plan.delta.file;
        let mut terms: Vec<TermOf> = Vec::new();
        let mut kept = FxHashSet::default();
        let mut searched = Vec::with_capacity(facts.symbols.len());
        for (position, fact) in facts.symbols.iter().enumerate() {
            let described = Described {
                facts,
                fact,
                scope: scopes[position],
                path: file.path.as_str(),
                language: file.language.as_str(),
                body: &content.body_words[position],
            };
            let key = plan.outline.entries[position].key;
            let fingerprint = fingerprint(&described);
            searched.push(fingerprint);
            if plan.is_searched_alike(key, fingerprint) {
                kept.insert(key as u32);
                continue;
            }
            self.search.terms.describe(&described, |term, level| {
                terms.push(TermOf { term, posting: postings::pack(key, level) });
            });
        }
        if !terms.is_sorted_by_key(|one| postings::key_of(one.posting)) {
            terms.sort_by_key(|one| postings::key_of(one.posting));
        }
        self.search.files.push(FileTerms { file: plan.file, terms, kept });
        searched
    }

    /// Takes the terms of a file away.
    pub(super) fn remove_terms(&mut self, file: i64) {
        self.search.removed.push(file);
    }
}
