//! The terms of a store and their numbers, sorted and packed by the dozen into rows.
//!
//! A row is keyed by its first term; each term is written as what it shares with the one before and
//! what follows. A full index numbers terms in their order, so that the postings of all terms with a
//! prefix lie side by side.

use rusqlite::{Connection, params};

use super::interner::TextMap;
use crate::codec::{Reader, put, put_text};
use crate::error::{OrCorrupt as _, Outcome};
use crate::rows::blob;

/// Terms in a row when it is written at once.
const ROW_TERMS: usize = 64;
/// Terms in a row beyond which it is split.
const MAX_ROW_TERMS: usize = 128;

type Term = (String, u32);

fn encode(terms: &[(impl AsRef<str>, u32)], data: &mut Vec<u8>) {
    let mut last = "";
    for (term, number) in terms {
        let term = term.as_ref();
        let mut shared = last.bytes().zip(term.bytes()).take_while(|(a, b)| a == b).count();
        while !term.is_char_boundary(shared) {
            shared -= 1;
        }
        put(data, shared as u64);
        put_text(data, &term[shared..]);
        put(data, u64::from(*number));
        last = term;
    }
}

/// Reads a row term by term.
fn each(data: &[u8], mut visit: impl FnMut(&str, u32)) -> Option<()> {
    let mut reader = Reader::new(data);
    let mut term = String::new();
    while !reader.is_empty() {
        let shared = usize::try_from(reader.unsigned()?).ok()?;
        if !term.is_char_boundary(shared) {
            return None;
        }
        term.truncate(shared);
        term.push_str(reader.text()?);
        visit(&term, reader.narrow()?);
    }
    Some(())
}

fn decode(data: &[u8]) -> Option<Vec<Term>> {
    let mut terms = Vec::with_capacity(ROW_TERMS);
    each(data, |term, number| terms.push((term.to_owned(), number)))?;
    Some(terms)
}

fn write_row(connection: &Connection, terms: &[(impl AsRef<str>, u32)]) -> Outcome<()> {
    let Some((first, _)) = terms.first() else { return Ok(()) };
    let mut data = Vec::with_capacity(terms.len() * 10);
    encode(terms, &mut data);
    connection
        .prepare_cached("INSERT OR REPLACE INTO terms (first, data) VALUES (?1, ?2)")?
        .execute(params![first.as_ref(), data])?;
    Ok(())
}

/// Writes an empty vocabulary; terms come sorted, each once.
pub(crate) fn build(connection: &Connection, terms: &[(&str, u32)]) -> Outcome<()> {
    terms.chunks(ROW_TERMS).try_for_each(|row| write_row(connection, row))
}

/// A row of the vocabulary that was read.
#[derive(Debug, Default)]
struct Row {
    first: Option<String>,
    terms: Vec<Term>,
}

/// The last row that starts at or before `term`.
fn row_around(connection: &Connection, term: &str) -> Outcome<Row> {
    let mut statement = connection
        .prepare_cached("SELECT first, data FROM terms WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
    let mut found = statement.query([term])?;
    let Some(row) = found.next()? else { return Ok(Row::default()) };
    Ok(Row { first: Some(row.get(0)?), terms: decode(blob(row.get_ref(1)?)?).or_corrupt("terms")? })
}

/// The number of a term.
pub(crate) fn number_of(connection: &Connection, term: &str) -> Outcome<Option<u32>> {
    let mut statement =
        connection.prepare_cached("SELECT data FROM terms WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
    let mut found = statement.query([term])?;
    let Some(row) = found.next()? else { return Ok(None) };
    let mut found = None;
    each(blob(row.get_ref(0)?)?, |known, number| {
        if known == term {
            found = Some(number);
        }
    })
    .or_corrupt("terms")?;
    Ok(found)
}

/// Terms up to which a writer looks each one up; for more it reads the whole vocabulary once.
const FEW_TERMS: usize = 1000;

/// The vocabulary in memory, all of it or what was asked for, for a writer that asks with every change.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    numbers: TextMap,
    is_loaded: bool,
}

impl Cache {
    fn load(&mut self, connection: &Connection) -> Outcome<()> {
        let mut statement = connection.prepare_cached("SELECT data FROM terms")?;
        let mut found = statement.query(())?;
        while let Some(row) = found.next()? {
            each(blob(row.get_ref(0)?)?, |term, number| self.numbers.insert(term, number))
                .or_corrupt("terms")?;
        }
        self.is_loaded = true;
        Ok(())
    }

    /// Takes the terms of a vocabulary that was just built.
    pub(crate) fn take(&mut self, terms: &[(&str, u32)]) {
        *self = Self { is_loaded: true, ..Self::default() };
        for &(term, number) in terms {
            self.numbers.insert(term, number);
        }
    }

    /// Empties it.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The numbers of `terms`; new ones are written with numbers from `next` on.
    pub(crate) fn numbers_of(
        &mut self,
        connection: &Connection,
        terms: &[&str],
        next: &mut u32,
    ) -> Outcome<Vec<u32>> {
        if !self.is_loaded && terms.len() > FEW_TERMS {
            self.load(connection)?;
        }
        let mut numbers = vec![0; terms.len()];
        let mut unknown = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            let known = match self.numbers.get(term) {
                None if !self.is_loaded => {
                    let number = number_of(connection, term)?;
                    number.inspect(|&number| self.numbers.insert(term, number))
                }
                known => known,
            };
            match known {
                Some(number) => numbers[at] = number,
                None => unknown.push(at),
            }
        }
        // In their order, so that terms of one beginning have numbers side by side.
        unknown.sort_unstable_by_key(|&at| terms[at]);
        let mut new = Vec::with_capacity(unknown.len());
        for at in unknown {
            numbers[at] = *next;
            self.numbers.insert(terms[at], *next);
            new.push((terms[at].to_owned(), *next));
            *next += 1;
        }
        add(connection, new)?;
        Ok(numbers)
    }
}

/// Adds terms that are not there yet, sorted, each once.
fn add(connection: &Connection, new: Vec<Term>) -> Outcome<()> {
    let mut new = new.into_iter().peekable();
    while let Some((term, number)) = new.next() {
        let mut row = row_around(connection, &term)?;
        let next: Option<String> = connection
            .prepare_cached("SELECT min(first) FROM terms WHERE first > ?1")?
            .query_row([&term], |row| row.get(0))?;
        row.terms.push((term, number));
        while let Some(term) = new.next_if(|(term, _)| next.as_ref().is_none_or(|next| term < next)) {
            row.terms.push(term);
        }
        row.terms.sort_unstable();
        if row.first.is_some() && row.first.as_deref() != row.terms.first().map(|(term, _)| term.as_str()) {
            connection.prepare_cached("DELETE FROM terms WHERE first = ?1")?.execute([&row.first])?;
        }
        let size = if row.terms.len() > MAX_ROW_TERMS { ROW_TERMS } else { MAX_ROW_TERMS };
        row.terms.chunks(size).try_for_each(|part| write_row(connection, part))?;
    }
    Ok(())
}

/// Calls `visit` with the number of each term that starts with `prefix`, in the order of the terms.
pub(crate) fn each_with_prefix(
    connection: &Connection,
    prefix: &str,
    mut visit: impl FnMut(u32),
) -> Outcome<()> {
    // The row before may reach into the range; no term holds the largest character.
    let mut statement = connection.prepare_cached(
        "SELECT data FROM terms
         WHERE first >= ifnull((SELECT max(first) FROM terms WHERE first <= ?1), ?1) AND first < ?2
         ORDER BY first",
    )?;
    let mut found = statement.query([prefix, &format!("{prefix}{}", char::MAX)])?;
    while let Some(row) = found.next()? {
        each(blob(row.get_ref(0)?)?, |term, number| {
            if term.starts_with(prefix) {
                visit(number);
            }
        })
        .or_corrupt("terms")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Connection {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE terms (first TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID")
            .expect("a table");
        connection
    }

    #[test]
    fn terms_keep_their_numbers() {
        let connection = empty();
        let mut all: Vec<String> = (0..3000).map(|at| format!("{:x}", at * 7919 % 65_536)).collect();
        all.extend(["größe".to_owned(), "grün".to_owned(), "gr".to_owned()]);
        all.sort_unstable();
        all.dedup();
        let mut next = 0;
        let (early, late): (Vec<&str>, Vec<&str>) =
            all.iter().map(String::as_str).partition(|term| term.len() % 2 == 0);
        let mut cache = Cache::default();
        let early_numbers = cache.numbers_of(&connection, &early, &mut next).expect("numbers");
        // Another writer, which has to read what the first one wrote.
        let mut cache = Cache::default();
        let late_numbers = cache.numbers_of(&connection, &late, &mut next).expect("numbers");
        assert_eq!(next as usize, all.len());
        let again: Vec<&str> = all.iter().map(String::as_str).collect();
        cache.numbers_of(&connection, &again, &mut next).expect("numbers");
        assert_eq!(next as usize, all.len());
        for (terms, numbers) in [(early, early_numbers), (late, late_numbers)] {
            for (term, number) in terms.iter().zip(numbers) {
                assert_eq!(number_of(&connection, term).expect("a number"), Some(number), "{term}");
            }
        }
        assert_eq!(number_of(&connection, "nothing").expect("a number"), None);
        let mut with_prefix = Vec::new();
        each_with_prefix(&connection, "gr", |number| with_prefix.push(number)).expect("numbers");
        assert_eq!(with_prefix.len(), 3);
        let mut expected = all.iter().filter(|term| term.starts_with("a1")).count();
        each_with_prefix(&connection, "a1", |_| expected -= 1).expect("numbers");
        assert_eq!(expected, 0);
    }

    #[test]
    fn a_built_vocabulary_is_found() {
        let connection = empty();
        let texts: Vec<String> = (0..1000).map(|at| format!("{at:05}")).collect();
        let terms: Vec<(&str, u32)> =
            texts.iter().enumerate().map(|(at, text)| (text.as_str(), at as u32)).collect();
        build(&connection, &terms).expect("a vocabulary");
        assert_eq!(number_of(&connection, "00999").expect("a number"), Some(999));
        let mut numbers = Vec::new();
        each_with_prefix(&connection, "0012", |number| numbers.push(number)).expect("numbers");
        assert_eq!(numbers, (120..130).collect::<Vec<_>>());
    }
}
