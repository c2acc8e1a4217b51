//! The terms of a store and their numbers, sorted and packed by the dozen into rows.
//!
//! A row is keyed by its first term; each term is written as what it shares with the one before and
//! what follows. A full index numbers terms in their order, so that the postings of all terms with a
//! prefix lie side by side.

use rusqlite::{Connection, params};

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

fn decode(data: &[u8]) -> Option<Vec<Term>> {
    let mut reader = Reader::new(data);
    let mut terms: Vec<Term> = Vec::with_capacity(ROW_TERMS);
    while !reader.is_empty() {
        let shared = usize::try_from(reader.unsigned()?).ok()?;
        let mut term = terms.last().map_or("", |(last, _)| last).get(..shared)?.to_owned();
        term.push_str(reader.text()?);
        terms.push((term, reader.narrow()?));
    }
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
    let row = row_around(connection, term)?;
    let at = row.terms.binary_search_by(|(known, _)| known.as_str().cmp(term));
    Ok(at.ok().map(|at| row.terms[at].1))
}

/// The numbers of `terms`, which come sorted, each once; new ones get numbers from `next` on.
pub(crate) fn numbers_of(connection: &Connection, terms: &[&str], next: &mut u32) -> Outcome<Vec<u32>> {
    let mut numbers = Vec::with_capacity(terms.len());
    let mut row = Row::default();
    let mut is_changed = false;
    for &term in terms {
        // Beyond its last term a row may go on or not: only a look at the table tells.
        if row.terms.last().is_none_or(|(last, _)| last.as_str() < term) {
            flush(connection, &row, is_changed)?;
            row = row_around(connection, term)?;
            is_changed = false;
        }
        let number = match row.terms.binary_search_by(|(known, _)| known.as_str().cmp(term)) {
            Ok(at) => row.terms[at].1,
            Err(at) => {
                let number = *next;
                *next += 1;
                row.terms.insert(at, (term.to_owned(), number));
                is_changed = true;
                number
            }
        };
        numbers.push(number);
    }
    flush(connection, &row, is_changed)?;
    Ok(numbers)
}

fn flush(connection: &Connection, row: &Row, is_changed: bool) -> Outcome<()> {
    if !is_changed {
        return Ok(());
    }
    if let Some(first) = &row.first
        && row.terms.first().is_none_or(|(term, _)| term != first)
    {
        connection.prepare_cached("DELETE FROM terms WHERE first = ?1")?.execute([first])?;
    }
    let size = if row.terms.len() > MAX_ROW_TERMS { ROW_TERMS } else { MAX_ROW_TERMS };
    row.terms.chunks(size).try_for_each(|part| write_row(connection, part))
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
        for (term, number) in decode(blob(row.get_ref(0)?)?).or_corrupt("terms")? {
            if term.starts_with(prefix) {
                visit(number);
            }
        }
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
        let early_numbers = numbers_of(&connection, &early, &mut next).expect("numbers");
        let late_numbers = numbers_of(&connection, &late, &mut next).expect("numbers");
        assert_eq!(next as usize, all.len());
        let again: Vec<&str> = all.iter().map(String::as_str).collect();
        numbers_of(&connection, &again, &mut next).expect("numbers");
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
