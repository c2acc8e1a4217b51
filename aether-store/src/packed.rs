//! A sorted set of 63-bit numbers, packed by the hundred into rows.
//!
//! Search and the graph ask "who answers to this number" of more than a million pairs. A row for each
//! costs a microsecond to write and ten bytes of overhead; runs of neighbours, each written as the
//! step from the one before, cost a hundredth of both. A row is keyed by its first number, so a range
//! is found by one seek and read in order, and a change rewrites rows of about a kilobyte.

use rusqlite::{Connection, params};

use crate::codec::{Reader, put};
use crate::error::{OrCorrupt as _, Outcome};
use crate::rows::blob;

/// Numbers in a row when it is written at once.
const ROW_NUMBERS: usize = 512;
/// Numbers in a row beyond which it is split.
const MAX_ROW_NUMBERS: usize = 1024;

/// Writes numbers to an empty set; they come sorted, each once.
#[derive(Debug)]
pub(crate) struct Builder<'c> {
    connection: &'c Connection,
    row: Vec<i64>,
    data: Vec<u8>,
}

impl<'c> Builder<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, row: Vec::with_capacity(ROW_NUMBERS), data: Vec::new() }
    }

    pub(crate) fn push(&mut self, number: i64) -> Outcome<()> {
        debug_assert!(self.row.last().is_none_or(|&last| last < number));
        if self.row.len() == ROW_NUMBERS {
            self.flush()?;
        }
        self.row.push(number);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Outcome<()> {
        self.flush()
    }

    fn flush(&mut self) -> Outcome<()> {
        write_row(self.connection, &self.row, &mut self.data)?;
        self.row.clear();
        Ok(())
    }
}

fn write_row(connection: &Connection, row: &[i64], data: &mut Vec<u8>) -> Outcome<()> {
    let Some(&first) = row.first() else { return Ok(()) };
    data.clear();
    for pair in row.windows(2) {
        put(data, (pair[1] - pair[0]).cast_unsigned());
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO packed (first, data) VALUES (?1, ?2)")?
        .execute(params![first, data.as_slice()])?;
    Ok(())
}

/// Calls `visit` with the numbers of a row in order.
fn read_row(first: i64, data: &[u8], mut visit: impl FnMut(i64)) -> Option<()> {
    let mut number = first;
    let mut reader = Reader::new(data);
    visit(number);
    while !reader.is_empty() {
        number = number.checked_add_unsigned(reader.unsigned()?)?;
        visit(number);
    }
    Some(())
}

/// Calls `visit` with the numbers from `first` to `last`, both included, in order.
pub(crate) fn scan(
    connection: &Connection,
    first: i64,
    last: i64,
    mut visit: impl FnMut(i64),
) -> Outcome<()> {
    // The row before may reach into the range.
    let mut statement = connection.prepare_cached(
        "SELECT first, data FROM packed
         WHERE first >= ifnull((SELECT max(first) FROM packed WHERE first <= ?1), ?1) AND first <= ?2
         ORDER BY first",
    )?;
    let mut found = statement.query([first, last])?;
    while let Some(row) = found.next()? {
        read_row(row.get(0)?, blob(row.get_ref(1)?)?, |number| {
            if number >= first && number <= last {
                visit(number);
            }
        })
        .or_corrupt("packed numbers")?;
    }
    Ok(())
}

/// Adds and removes numbers. `changes` are sorted; of each number the last change counts.
pub(crate) fn change(connection: &Connection, changes: &[(i64, bool)]) -> Outcome<()> {
    let mut rest = changes;
    let mut data = Vec::new();
    while let Some(&(number, _)) = rest.first() {
        let (row_first, mut row) = row_around(connection, number)?;
        // Up to its last number a row is all there is; beyond it another may start.
        let is_inside = row.last().is_some_and(|&last| number <= last);
        let count = if is_inside {
            rest.partition_point(|(number, _)| row.last().is_some_and(|last| number <= last))
        } else {
            let next: Option<i64> = connection
                .prepare_cached("SELECT min(first) FROM packed WHERE first > ?1")?
                .query_row([number], |row| row.get(0))?;
            rest.partition_point(|&(number, _)| next.is_none_or(|next| number < next))
        };
        let (now, later) = rest.split_at(count);
        rest = later;
        if !merge(&mut row, now) {
            continue;
        }
        if row_first.is_some() && row.first() != row_first.as_ref() {
            connection.prepare_cached("DELETE FROM packed WHERE first = ?1")?.execute([row_first])?;
        }
        let size = if row.len() > MAX_ROW_NUMBERS { ROW_NUMBERS } else { MAX_ROW_NUMBERS };
        for part in row.chunks(size) {
            write_row(connection, part, &mut data)?;
        }
    }
    Ok(())
}

/// The row that a number belongs to: the last that starts at or before it.
fn row_around(connection: &Connection, number: i64) -> Outcome<(Option<i64>, Vec<i64>)> {
    let mut statement = connection
        .prepare_cached("SELECT first, data FROM packed WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
    let mut found = statement.query([number])?;
    let Some(row) = found.next()? else { return Ok((None, Vec::new())) };
    let first = row.get(0)?;
    let mut numbers = Vec::with_capacity(ROW_NUMBERS);
    read_row(first, blob(row.get_ref(1)?)?, |number| numbers.push(number)).or_corrupt("packed numbers")?;
    Ok((Some(first), numbers))
}

/// Applies sorted changes to sorted numbers, and tells whether anything changed.
fn merge(row: &mut Vec<i64>, changes: &[(i64, bool)]) -> bool {
    let mut merged = Vec::with_capacity(row.len() + changes.len());
    let mut old = row.iter().copied().peekable();
    let mut is_changed = false;
    for same in changes.chunk_by(|a, b| a.0 == b.0) {
        let (number, is_added) = same[same.len() - 1];
        while let Some(before) = old.next_if(|&before| before < number) {
            merged.push(before);
        }
        let was_there = old.next_if_eq(&number).is_some();
        if is_added {
            merged.push(number);
        }
        is_changed |= was_there != is_added;
    }
    merged.extend(old);
    *row = merged;
    is_changed
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn empty() -> Connection {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE packed (first INTEGER PRIMARY KEY, data BLOB NOT NULL)")
            .expect("a table");
        connection
    }

    fn all(connection: &Connection, first: i64, last: i64) -> Vec<i64> {
        let mut numbers = Vec::new();
        scan(connection, first, last, |number| numbers.push(number)).expect("a scan");
        numbers
    }

    #[test]
    fn ranges_of_a_built_set_are_found() {
        let connection = empty();
        let mut builder = Builder::new(&connection);
        let numbers: Vec<i64> = (0..5000).map(|at| at * at * 7 + 3).collect();
        for &number in &numbers {
            builder.push(number).expect("a number");
        }
        builder.finish().expect("the last row");
        assert_eq!(all(&connection, 0, i64::MAX), numbers);
        for (first, last) in [(0, 2), (3, 3), (4, 9), (4, 10), (1_000_000, 2_000_000), (i64::MAX, i64::MAX)] {
            let expected: Vec<i64> =
                numbers.iter().copied().filter(|number| (first..=last).contains(number)).collect();
            assert_eq!(all(&connection, first, last), expected, "{first} {last}");
        }
    }

    #[test]
    fn changes_equal_those_of_a_set() {
        let connection = empty();
        let mut model = BTreeSet::new();
        let mut state = 9_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        for round in 0..300 {
            let mut changes: Vec<(i64, bool)> = (0..random() % 200)
                .map(|_| (((random() % 4000) << (random() % 3 * 10)) as i64, random() % 3 > round / 150))
                .collect();
            changes.sort_unstable();
            change(&connection, &changes).expect("a change");
            for (number, is_added) in changes {
                if is_added {
                    model.insert(number)
                } else {
                    model.remove(&number)
                };
            }
            assert!(all(&connection, 0, i64::MAX).into_iter().eq(model.iter().copied()), "round {round}");
        }
        let rows: i64 =
            connection.query_row("SELECT count(*) FROM packed", (), |row| row.get(0)).expect("rows");
        assert!(rows > 1);
    }
}
