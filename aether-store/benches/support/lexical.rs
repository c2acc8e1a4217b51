//! The store's search beside FTS5: the same symbols, the same queries, side by side.

use std::path::Path;
use std::time::Duration;

use aether_core::code::{SearchQuery, SymbolId};
use aether_core::port::{IndexStore as _, SymbolSearch};
use aether_store::SqliteStore;
use rusqlite::{Connection, OpenFlags};

use crate::corpus::{Corpus, Random};
use crate::fts5::Fts5;
use crate::{open, queries, report, timed_cpu};

/// Tables of FTS5 with the options that make them differ. All keep positions: without them and without
/// the texts FTS5 does not count occurrences, so bm25 is the same for every row.
const TABLES: [(&str, &str); 2] = [("FTS5", ""), ("FTS5, index of prefixes", ", prefix='4'")];
/// Hits of a query.
const LIMIT: u32 = 20;
/// The first pair of the packed set that belongs to search.
const FIRST_TERM_PAIR: i64 = 5 << 60;

/// Something that finds symbols by words.
trait Search {
    fn search(&self, text: &str) -> Vec<SymbolId>;
}

impl Search for SqliteStore {
    fn search(&self, text: &str) -> Vec<SymbolId> {
        let hits = SymbolSearch::search(self, &SearchQuery::parse(text, LIMIT));
        hits.expect("hits").into_iter().map(|hit| hit.id).collect()
    }
}

impl Search for Fts5 {
    fn search(&self, text: &str) -> Vec<SymbolId> {
        self.search(text, LIMIT).expect("hits")
    }
}

/// Prints what writing `symbols` symbols costs each, and how fast and how alike they answer.
pub(crate) fn compare(symbols: usize) {
    let mut corpus = Corpus::new();
    let delta = corpus.full(symbols);
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    let (result, wall, cpu) = timed_cpu(|| store.apply(&delta, None));
    result.expect("a full index");
    print_writing("store, all of it", wall, cpu, store.state().expect("the state").size_bytes);
    println!(
        "{:<34} {:>8.1} MB",
        "store, of this search",
        search_bytes(&folder.path().join("aether.db")) / 1e6
    );
    let tables = TABLES.map(|(name, options)| {
        let path = folder.path().join(format!("{name}.db"));
        let mut table = Fts5::create(&path, options).expect("a table");
        let (result, wall, cpu) = timed_cpu(|| table.write(&delta));
        result.expect("all symbols");
        print_writing(name, wall, cpu, table.bytes().expect("a size"));
        let (result, wall, cpu) = timed_cpu(|| table.optimize());
        result.expect("one segment");
        print_writing(&format!("{name}, optimize"), wall, cpu, table.bytes().expect("a size"));
        table
    });
    drop(delta);
    let mut engines: Vec<(&str, &dyn Search)> = vec![("store", &store)];
    engines.extend(TABLES.iter().zip(&tables).map(|((name, _), table)| (*name, table as &dyn Search)));

    let any_word = queries(&mut Random(11), &mut corpus);
    let prefixes: Vec<String> =
        (0..200).map(|_| corpus.word().chars().take(4).collect::<String>() + "*").collect();
    for (what, queries, rounds) in [("any word", any_word, 2), ("prefix of 4", prefixes, 1)] {
        println!("{what}, top {LIMIT}, {} queries", queries.len());
        for (name, engine) in &engines {
            ask(name, *engine, &queries, rounds);
        }
        for (name, engine) in &engines[1..] {
            print_agreement(name, *engine, &store, &queries);
        }
    }
}

fn print_writing(what: &str, wall: Duration, cpu: Option<Duration>, bytes: u64) {
    let cpu = cpu.map_or_else(|| "?".to_owned(), |cpu| format!("{:.2}", cpu.as_secs_f64()));
    let (wall, megabytes) = (wall.as_secs_f64(), bytes as f64 / 1e6);
    println!("{what:<34} {megabytes:>8.1} MB  written in {cpu:>5} CPU s, {wall:>5.2} s");
}

/// Bytes of what only search reads: its tables, and its part of the packed set.
fn search_bytes(path: &Path) -> f64 {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("the file");
    let number = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, f64>(0)).expect("a size");
    let packed = number("SELECT total(pgsize) FROM dbstat WHERE name = 'packed'");
    let own = number("SELECT total(pgsize) FROM dbstat WHERE name IN ('terms', 'file_terms')");
    let of_search =
        number(&format!("SELECT total(length(data)) FROM packed WHERE first >= {FIRST_TERM_PAIR}"));
    own + packed * of_search / number("SELECT total(length(data)) FROM packed")
}

fn ask(name: &str, engine: &dyn Search, queries: &[String], rounds: usize) {
    for query in queries {
        engine.search(query);
    }
    let mut times = [Vec::new(), Vec::new()];
    for query in (0..rounds).flat_map(|_| queries) {
        let (_, wall, cpu) = timed_cpu(|| engine.search(query));
        times[0].push(wall);
        times[1].extend(cpu);
    }
    for (times, what) in times.into_iter().zip(["wall", "CPU"]) {
        report(&format!("{name}, {what}"), times);
    }
}

/// Prints how often the first hit is the same, and how many of the hits are.
fn print_agreement(name: &str, engine: &dyn Search, store: &dyn Search, queries: &[String]) {
    let (mut asked, mut first, mut shared, mut all) = (0, 0, 0, 0);
    for query in queries {
        let (hits, expected) = (engine.search(query), store.search(query));
        asked += usize::from(!expected.is_empty());
        first += usize::from(!expected.is_empty() && hits.first() == expected.first());
        shared += hits.iter().filter(|id| expected.contains(id)).count();
        all += expected.len();
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    println!(
        "{name}, agreement with the store: same first hit {:.2} of {asked} queries, {:.2} of all hits",
        share(first, asked),
        share(shared, all)
    );
}
