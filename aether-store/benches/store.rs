//! How fast a store takes an index of 47,700 symbols, a change of one file, and answers at 190,000
//! symbols.
//!
//! `cargo bench -p aetherkit-store` prints percentiles of each kind of query first, and then what
//! criterion measures; `-- --updates` prints the changes of one file alone, `-- --percentiles` leaves
//! criterion out, `-- --lexical` prints search beside that of FTS5 (`docs/adr/0008`). CPU times are
//! those of the one thread that works.
#![expect(clippy::print_stdout, reason = "a bench reports to its caller")]

#[path = "../src/codec.rs"]
#[expect(dead_code, unused_imports, reason = "words need its hash, and a bench never runs the unit tests")]
mod codec;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/fts5.rs"]
mod fts5;
#[path = "support/lexical.rs"]
mod lexical;

use std::time::{Duration, Instant};

use aether_core::code::{FileDelta, SearchQuery};
use aether_core::port::{GraphStore as _, IndexStore as _, SymbolQuery, SymbolSearch as _};
use aether_store::{SqliteStore, StoreOptions};
use corpus::{Corpus, Random};
use criterion::{BatchSize, Criterion, Throughput};

const SMALL: usize = 47_700;
const LARGE: usize = 190_000;

fn open(folder: &tempfile::TempDir) -> SqliteStore {
    SqliteStore::open(&folder.path().join("aether.db"), &StoreOptions::default()).expect("a store")
}

/// CPU time of this thread, user and system, where the system tells.
fn cpu_time() -> Option<Duration> {
    // The count is brought up to date when a thread gives way.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn report(what: &str, mut times: Vec<Duration>) {
    if times.is_empty() {
        return;
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!(
        "{what:<28} n {:>5}  p50 {:>8.4} ms  p95 {:>8.4} ms  max {:>8.4} ms",
        times.len(),
        at(50),
        at(95),
        at(100)
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The same with the CPU time.
fn timed_cpu<T>(work: impl FnOnce() -> T) -> (T, Duration, Option<Duration>) {
    let before = cpu_time();
    let (result, wall) = timed(work);
    let after = cpu_time();
    (result, wall, before.zip(after).map(|(before, after)| after.saturating_sub(before)))
}

fn measure_full() {
    let mut corpus = Corpus::new();
    let delta = corpus.full(SMALL);
    let mut walls = Vec::new();
    let mut cpus = Vec::new();
    let mut bytes = 0;
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        let store = open(&folder);
        let (result, wall, cpu) = timed_cpu(|| store.apply(&delta, None));
        result.expect("a full index");
        walls.push(wall);
        cpus.extend(cpu);
        bytes = store.state().expect("the state").size_bytes;
    }
    report("full, 47,700 symbols, wall", walls);
    report("full, 47,700 symbols, CPU", cpus);
    println!("size {:.1} MB", bytes as f64 / 1e6);
}

fn measure_updates() {
    let mut corpus = Corpus::new();
    let delta = corpus.full(SMALL);
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    store.apply(&delta, None).expect("a full index");
    let mut random = Random(3);
    for size in [20, 120, 200] {
        let files: Vec<&FileDelta> = delta.files.iter().filter(|file| symbols_in(file) == size).collect();
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..400 {
            let edit = corpus.edit(files[random.below(files.len())]);
            let (result, wall, cpu) = timed_cpu(|| store.apply(&edit, None));
            result.expect("an update");
            times[0].push(wall);
            times[1].extend(cpu);
        }
        for (times, what) in times.into_iter().zip(["wall", "CPU"]) {
            report(&format!("update, {size} symbols, {what}"), times);
        }
    }
    // What a program pays that was just started: nothing is remembered from the update before.
    drop(store);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..100 {
        let store = open(&folder);
        let edit = corpus.edit(&delta.files[random.below(delta.files.len())]);
        let (result, wall, cpu) = timed_cpu(|| store.apply(&edit, None));
        result.expect("an update");
        times[0].push(wall);
        times[1].extend(cpu);
    }
    for (times, what) in times.into_iter().zip(["wall", "CPU"]) {
        report(&format!("first update, {what}"), times);
    }
}

fn symbols_in(file: &FileDelta) -> usize {
    file.content.as_ref().map_or(0, |content| content.ids.len())
}

fn queries(random: &mut Random, corpus: &mut Corpus) -> Vec<String> {
    let mut queries: Vec<String> =
        ["new", "from", "fn", "default", "fmt new", "from new default", "self"].map(str::to_owned).to_vec();
    for words in 1..=6 {
        for _ in 0..20 {
            let words: Vec<String> = (0..words).map(|_| corpus.word()).collect();
            queries.push(words.join(if random.below(3) == 0 { "_" } else { " " }));
        }
    }
    queries
}

fn measure_asking(store: &SqliteStore, corpus: &mut Corpus) {
    let mut random = Random(11);
    let mut names = Vec::new();
    store
        .visit_symbols(&mut |symbol| names.push((symbol.name.clone(), symbol.qualified_name.clone())))
        .expect("symbols");
    names.sort();
    names.dedup_by(|a, b| a.0 == b.0);
    let ask = |name: &str| {
        let mut query = SymbolQuery::named(name);
        query.limit = 20;
        let (found, time) = timed(|| store.find_symbols(&query));
        assert!(!found.expect("symbols").is_empty(), "{name}");
        time
    };
    for round in ["exact name, first round", "exact name"] {
        let times = (0..2000).map(|_| ask(&names[random.below(names.len())].0)).collect();
        report(round, times);
    }
    report("exact name, \"new\"", (0..50).map(|_| ask("new")).collect());
    report("exact qualified name", (0..1000).map(|_| ask(&names[random.below(names.len())].1)).collect());

    let search = |text: &str| {
        let query = SearchQuery::parse(text, 20);
        let (hits, time) = timed(|| store.search(&query));
        hits.expect("hits");
        time
    };
    let queries = queries(&mut random, corpus);
    for query in &queries {
        let _ = search(query);
    }
    let times = (0..4).flat_map(|_| queries.iter().map(|query| search(query)).collect::<Vec<_>>()).collect();
    report("ranked, top 20", times);
    for word in ["new", "from", "fn"] {
        report(&format!("ranked, {word:?}"), (0..50).map(|_| search(word)).collect());
    }
    for length in 1..=4 {
        let prefixes: Vec<String> =
            (0..200).map(|_| corpus.word().chars().take(length).collect::<String>() + "*").collect();
        report(&format!("prefix of {length}"), prefixes.iter().map(|prefix| search(prefix)).collect());
    }
    let filtered: Vec<String> = queries.iter().map(|query| format!("{query} kind:fn,method")).collect();
    report("ranked, kind filter", filtered.iter().map(|query| search(query)).collect());
    let filtered: Vec<String> = queries.iter().map(|query| format!("{query} path:src/re")).collect();
    report("ranked, path filter", filtered.iter().map(|query| search(query)).collect());
}

fn main() {
    if std::env::args().any(|argument| argument == "--updates") {
        return measure_updates();
    }
    if std::env::args().any(|argument| argument == "--lexical") {
        return lexical::compare(LARGE);
    }
    measure_full();
    measure_updates();
    let mut corpus = Corpus::new();
    let delta = corpus.full(LARGE);
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    let (result, wall) = timed(|| store.apply(&delta, None));
    result.expect("a full index");
    println!("full, 190,000 symbols, wall {wall:?}, {} bytes", store.state().expect("the state").size_bytes);
    drop(delta);
    measure_asking(&store, &mut corpus);
    if std::env::args().any(|argument| argument == "--percentiles") {
        return;
    }

    let mut criterion = Criterion::default().configure_from_args();
    let small = Corpus::new().full(SMALL);
    let mut group = criterion.benchmark_group("apply");
    group.throughput(Throughput::Elements(SMALL as u64)).sample_size(10);
    group.bench_function("full", |bencher| {
        bencher.iter_batched(
            || tempfile::tempdir().expect("a folder"),
            |folder| {
                open(&folder).apply(&small, None).expect("a full index");
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
    let mut group = criterion.benchmark_group("ask");
    let find = SymbolQuery::named("parse_context");
    group
        .bench_function("exact name", |bencher| bencher.iter(|| store.find_symbols(&find).expect("symbols")));
    for text in ["new", "resolve symbol in context", "re*"] {
        let query = SearchQuery::parse(text, 20);
        group.bench_function(text, |bencher| bencher.iter(|| store.search(&query).expect("hits")));
    }
    group.finish();
    criterion.final_summary();
}
