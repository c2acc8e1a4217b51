//! The search that FTS5 gives out of the box: one row for each symbol, weighted bm25, any of the words.
//!
//! Texts are taken apart by the files that the store itself is made of, so that both are asked for the
//! same words over the same words.

use std::fmt::Write as _;
use std::path::Path;

use aether_core::code::{FileDelta, GraphDelta, SymbolId};
use rusqlite::{Connection, params};

#[path = "../../src/search/query.rs"]
#[expect(dead_code, reason = "a bench reads queries and never runs the unit tests")]
mod query;
#[path = "../../src/search/words.rs"]
#[expect(dead_code, unused_imports, reason = "a bench joins names and never runs the unit tests")]
mod words;

use aether_core::code::words::{each_word, is_stop_word, stem};
use query::{Part, Words};
use words::joined;

/// Words of documentation and of a body that are read, as in the store.
const MAX_DOC_WORDS: usize = 400;
const MAX_BODY_WORDS: usize = 2000;

/// A database with nothing but the words of symbols.
#[derive(Debug)]
pub(crate) struct Fts5 {
    connection: Connection,
    /// By row, from 1.
    ids: Vec<SymbolId>,
}

impl Fts5 {
    /// Makes an empty table; `options` are those of FTS5, each behind a comma.
    pub(crate) fn create(path: &Path, options: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        // As the store opens its file. The tokenizer parts at what is neither letter nor digit of ASCII:
        // at the spaces between words.
        connection.execute_batch(&format!(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             PRAGMA cache_size = -32768;
             CREATE VIRTUAL TABLE words USING fts5(name, scope, path, signature, doc, body,
                 content='', contentless_delete=1, tokenize='ascii'{options});
             INSERT INTO words (words, rank) VALUES ('rank', 'bm25(6.0, 3.0, 1.5, 2.0, 1.5, 1.0)');"
        ))?;
        Ok(Self { connection, ids: Vec::new() })
    }

    /// Writes the symbols of a delta in one transaction.
    pub(crate) fn write(&mut self, delta: &GraphDelta) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        for file in &delta.files {
            write_file(&transaction, file, &mut self.ids)?;
        }
        transaction.commit()?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
    }

    /// Merges everything into one segment: what questions like best.
    pub(crate) fn optimize(&self) -> rusqlite::Result<()> {
        self.connection.execute("INSERT INTO words (words) VALUES ('optimize')", ())?;
        self.connection.execute_batch("VACUUM")?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
    }

    pub(crate) fn bytes(&self) -> rusqlite::Result<u64> {
        let pragma = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        Ok((pragma("page_count")? * pragma("page_size")?).cast_unsigned())
    }

    /// The best symbols with any of the words, best first. Nothing else of them is read.
    pub(crate) fn search(&self, text: &str, limit: u32) -> rusqlite::Result<Vec<SymbolId>> {
        let matching = expression(text);
        let mut statement = self
            .connection
            .prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rank LIMIT ?2")?;
        let rows = statement.query_map(params![matching, limit], |row| row.get::<_, u32>(0))?;
        rows.map(|row| Ok(self.ids[row? as usize - 1])).collect()
    }
}

fn write_file(connection: &Connection, file: &FileDelta, ids: &mut Vec<SymbolId>) -> rusqlite::Result<()> {
    let Some(content) = &file.content else { return Ok(()) };
    let facts = &content.facts;
    let mut insert = connection.prepare_cached(
        "INSERT INTO words (rowid, name, scope, path, signature, doc, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let path = split(file.file.path.as_str(), usize::MAX, |_| true);
    for (position, fact) in facts.symbols.iter().enumerate() {
        ids.push(content.ids[position]);
        let name = facts.name(fact.name);
        let mut names = split(name, usize::MAX, |_| true);
        if names.matches(' ').count() > 1 {
            names.push_str(&joined(name));
        }
        let around = fact.parent.map_or_else(String::new, |parent| facts.local_path(parent));
        let is_part = matches!(fact.kind.as_str(), "field" | "variant");
        let is_telling = |word: &str| !is_stop_word(word);
        insert.execute(params![
            ids.len() as i64,
            names,
            split(&around, usize::MAX, |_| true),
            if is_part { "" } else { path.as_str() },
            split(&fact.signature, usize::MAX, is_telling),
            split(&fact.doc, MAX_DOC_WORDS, is_telling),
            split(&content.body_words[position], MAX_BODY_WORDS, is_telling),
        ])?;
    }
    Ok(())
}

/// The stems of the words of a text that are kept, a space behind each.
fn split(text: &str, limit: usize, is_kept: impl Fn(&str) -> bool) -> String {
    let mut stems = String::with_capacity(text.len() + 8);
    let mut count = 0;
    let mut buffer = String::new();
    each_word(text, |word| {
        if count < limit && is_kept(word) {
            buffer.clear();
            buffer.push_str(word);
            stem(&mut buffer);
            stems.push_str(&buffer);
            stems.push(' ');
            count += 1;
        }
    });
    stems
}

/// A query in the syntax of FTS5: each word, each prefix and each name, and all of it as one name.
fn expression(text: &str) -> String {
    let words = Words::parse(text);
    let mut expression = String::new();
    let mut add = |term: &str, star: &str| {
        let or = if expression.is_empty() { "" } else { " OR " };
        write!(expression, "{or}\"{term}\"{star}").expect("writing to a text");
    };
    for part in &words.parts {
        match part {
            Part::Word(word) => add(word, ""),
            Part::Prefix(prefix) => add(prefix, "*"),
            Part::Name(name) => add(name, ""),
        }
    }
    if let Some(whole) = words.whole.filter(|_| words.parts.len() > 1) {
        add(&whole, "");
    }
    expression
}
