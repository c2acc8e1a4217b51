//! Ranking: the postings of the words of a query, added up.
//!
//! Every posting of every word counts, also of words that stand everywhere: reading and adding one up
//! costs a few nanoseconds, so nothing has to be left out before the filters had their say.

use rusqlite::Connection;

use super::fields::{KIND, LANGUAGE, influence};
use super::postings::{MAX_LEVEL, key_of, level_of, pack};
use super::query::{Part, Words};
use super::vocabulary;
use crate::codec::name_hash;
use crate::error::Outcome;
use crate::fact_source::lookup_each;
use crate::lookup::{self, Space};
use crate::packed;
use aether_core::code::words::stem;

/// Added for a symbol whose name is the whole query: more than any words can give.
const WHOLE_NAME_SCORE: f32 = 1000.0;
/// Added for a symbol whose name is quoted.
const QUOTED_SCORE: f32 = 100.0;
/// Added for a symbol whose name is the last part of a path in the query.
const LAST_PART_SCORE: f32 = 4.0;
/// Added for a symbol whose name is a prefix.
const NAME_IS_PREFIX_SCORE: f32 = 4.0;
/// Symbols scored at a time: their scores stay in the first cache.
const CHUNK: usize = 8192;

/// Symbols that a part of the query names, and what each gains.
#[derive(Debug)]
struct Source {
    /// Postings, sorted, each symbol once.
    postings: Vec<u32>,
    /// What a symbol gains by its level.
    gains: [f32; MAX_LEVEL as usize + 1],
}

/// Which symbols filters keep: those with all of these marks.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Lists of keys, sorted; a symbol must be in each.
    lists: Vec<Vec<u32>>,
}

impl Filter {
    pub(crate) fn of_kinds_and_languages<'a>(
        connection: &Connection,
        kinds: impl Iterator<Item = &'a str>,
        languages: impl Iterator<Item = &'a str>,
    ) -> Outcome<Self> {
        let mut filter = Self::default();
        let kinds: Vec<String> = kinds.map(|kind| format!("{KIND}{kind}")).collect();
        let languages: Vec<String> = languages.map(|language| format!("{LANGUAGE}{language}")).collect();
        for terms in [kinds, languages] {
            if !terms.is_empty() {
                let mut keys = Vec::new();
                for term in terms {
                    if let Some(number) = vocabulary::number_of(connection, &term)? {
                        each_posting(connection, number, number, |posting| keys.push(key_of(posting)))?;
                    }
                }
                filter.keep(keys);
            }
        }
        Ok(filter)
    }

    /// Keeps only symbols of these keys.
    pub(crate) fn keep(&mut self, mut keys: Vec<u32>) {
        // A few sorted runs, which a stable sort finds.
        keys.sort();
        keys.dedup();
        self.lists.push(keys);
    }

    /// The keys that are in every list, sorted; `None` when there is no list.
    fn keys(self) -> Option<Vec<u32>> {
        self.lists.into_iter().reduce(|mut kept, other| {
            let mut at = 0;
            kept.retain(|key| {
                while other.get(at).is_some_and(|next| next < key) {
                    at += 1;
                }
                other.get(at) == Some(key)
            });
            kept
        })
    }
}

/// A symbol that matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) key: i64,
    pub(crate) score: f32,
}

/// The best symbols for some words, best first, at least `limit` of them if there are, and with them
/// those of the same score as the last, as far as `limit + margin` reach.
pub(crate) fn rank(
    connection: &Connection,
    words: &Words,
    filter: Filter,
    limit: usize,
    margin: usize,
) -> Outcome<Vec<Ranked>> {
    let sources = sources(connection, words)?;
    let kept = filter.keys();
    let mut kept = kept.as_deref();
    let mut lists: Vec<(&[u32], &[f32; MAX_LEVEL as usize + 1])> =
        sources.iter().map(|source| (source.postings.as_slice(), &source.gains)).collect();
    let mut best = Best::new(limit, margin);
    let mut scores = vec![0.0_f32; CHUNK];
    // From chunk to chunk, leaving out those that no word names.
    while let Some(next) = lists.iter().filter_map(|(postings, _)| postings.first()).min() {
        let first_key = key_of(*next) as usize / CHUNK * CHUNK;
        let end = pack((first_key + CHUNK) as i64, 0);
        let mut here = Vec::with_capacity(lists.len());
        for (postings, gains) in &mut lists {
            let (now, later) = postings.split_at(postings.partition_point(|&posting| posting < end));
            *postings = later;
            for &posting in now {
                scores[key_of(posting) as usize - first_key] += gains[usize::from(level_of(posting))];
            }
            here.push(now);
        }
        if let Some(keys) = &mut kept {
            let rest = &keys[keys.partition_point(|&key| (key as usize) < first_key)..];
            let (now, later) = rest.split_at(rest.partition_point(|&key| (key as usize) < first_key + CHUNK));
            *keys = later;
            for &key in now {
                best.offer(key, scores[key as usize - first_key]);
            }
        }
        // Taking a score leaves none behind, for the next word of the same symbol and the next chunk.
        for &posting in here.into_iter().flatten() {
            let score = std::mem::take(&mut scores[key_of(posting) as usize - first_key]);
            if kept.is_none() {
                best.offer(key_of(posting), score);
            }
        }
        best.trim();
    }
    Ok(best.finish())
}

/// The best scores so far. Keys are offered in ascending order, so of equal scores the first stay.
struct Best {
    found: Vec<Ranked>,
    least: f32,
    limit: usize,
    most: usize,
}

impl Best {
    fn new(limit: usize, margin: usize) -> Self {
        Self { found: Vec::new(), least: 0.0, limit, most: limit.saturating_add(margin) }
    }

    fn offer(&mut self, key: u32, score: f32) {
        if score > self.least {
            self.found.push(Ranked { key: i64::from(key), score });
        }
    }

    /// Forgets what is not among the best. Now and then is cheaper than a heap, because most scores
    /// are below the least already.
    fn trim(&mut self) {
        if self.found.len() > self.most.saturating_mul(4).max(1024) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.found.len() > self.most {
            self.found.select_nth_unstable_by(self.most, order);
            self.found.truncate(self.most);
            self.least = self.found.iter().fold(f32::INFINITY, |least, ranked| least.min(ranked.score));
        }
    }

    fn finish(mut self) -> Vec<Ranked> {
        self.cut();
        self.found.sort_unstable_by(order);
        if let Some(last) = self.limit.checked_sub(1).and_then(|at| self.found.get(at)).copied() {
            self.found.retain(|ranked| ranked.score >= last.score);
        }
        self.found
    }
}

fn order(a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.key.cmp(&b.key))
}

fn sources(connection: &Connection, words: &Words) -> Outcome<Vec<Source>> {
    let symbols: i64 = connection
        .prepare_cached("SELECT symbols FROM state WHERE id = 0")?
        .query_row((), |row| row.get(0))?;
    let word_source = |postings: Vec<u32>| {
        let weight = rarity(postings.len(), symbols.max(1) as f32);
        Source { postings, gains: std::array::from_fn(|level| weight * influence(level as u8)) }
    };
    let mut sources = Vec::new();
    for part in &words.parts {
        match part {
            Part::Word(word) => {
                let mut postings = Vec::new();
                if let Some(number) = vocabulary::number_of(connection, word)? {
                    each_posting(connection, number, number, |posting| postings.push(posting))?;
                }
                sources.push(word_source(postings));
            }
            Part::Prefix(prefix) => {
                sources.push(word_source(expand(connection, prefix)?));
                sources.push(named(connection, prefix, NAME_IS_PREFIX_SCORE)?);
            }
            Part::Name(name) => sources.push(named(connection, name, QUOTED_SCORE)?),
        }
    }
    if let Some(whole) = &words.whole {
        sources.push(named(connection, whole, WHOLE_NAME_SCORE)?);
    }
    for last in &words.last_parts {
        sources.push(named(connection, last, LAST_PART_SCORE)?);
    }
    Ok(sources)
}

/// The symbols with a joined name.
fn named(connection: &Connection, name: &str, score: f32) -> Outcome<Source> {
    let mut postings = Vec::new();
    lookup_each(connection, Space::Name, i64::from(name_hash(name)), |key| postings.push(pack(key, 0)))?;
    Ok(Source { postings, gains: [score; MAX_LEVEL as usize + 1] })
}

/// How much a word tells: the root of BM25's inverse document frequency, in the form that is never
/// negative. Without the root one rare word outweighs all others of a sentence: on the dev half of
/// `aether-eval eval search` the mean reciprocal rank is then 0.006 to 0.012 lower.
fn rarity(count: usize, symbols: f32) -> f32 {
    let count = (count as f32).min(symbols);
    (1.0 + (symbols - count + 0.5) / (count + 0.5)).ln().sqrt()
}

/// Calls `visit` with each posting of the terms from `first` to `last`.
fn each_posting(connection: &Connection, first: u32, last: u32, mut visit: impl FnMut(u32)) -> Outcome<()> {
    let (first, last) = lookup::term_range(first, last);
    packed::scan(connection, first, last, |pair| visit(lookup::posting(pair)))
}

/// The symbols with a word that starts with `prefix`, or whose stem it has, at their highest level.
fn expand(connection: &Connection, prefix: &str) -> Outcome<Vec<u32>> {
    let mut numbers = Vec::new();
    vocabulary::each_with_prefix(connection, prefix, |number| numbers.push(number))?;
    let mut stemmed = prefix.to_owned();
    stem(&mut stemmed);
    if !stemmed.starts_with(prefix) {
        numbers.extend(vocabulary::number_of(connection, &stemmed)?);
    }
    numbers.sort_unstable();
    // The highest level of each symbol and one, by chunks of keys.
    let mut levels: Vec<Option<Box<[u8; CHUNK]>>> = Vec::new();
    let mut raise = |posting: u32| {
        let key = key_of(posting) as usize;
        if levels.len() <= key / CHUNK {
            levels.resize(key / CHUNK + 1, None);
        }
        let chunk = levels[key / CHUNK].get_or_insert_with(|| Box::new([0; CHUNK]));
        let level = &mut chunk[key % CHUNK];
        *level = (*level).max(level_of(posting) + 1);
    };
    // Terms of the first index have numbers in their order, and their postings lie side by side.
    for run in numbers.chunk_by(|a, b| a + 1 == *b) {
        each_posting(connection, run[0], run[run.len() - 1], &mut raise)?;
    }
    let mut postings = Vec::new();
    for (number, chunk) in levels.iter().enumerate() {
        let of_chunk = chunk.iter().flat_map(|chunk| chunk.iter()).enumerate();
        let leveled = of_chunk.filter(|(_, level)| **level > 0);
        postings.extend(leveled.map(|(at, level)| pack((number * CHUNK + at) as i64, level - 1)));
    }
    Ok(postings)
}
