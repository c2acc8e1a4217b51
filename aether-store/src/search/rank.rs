//! Ranking: the postings of the words of a query, added up chunk by chunk.
//!
//! Every posting of every word counts, also of words that stand everywhere: a posting costs about a
//! nanosecond, so even a word of all symbols of a large repository is added up in a fraction of a
//! millisecond, and nothing has to be left out before the filters had their say.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};
use rustc_hash::FxHashMap;

use super::fields::{KIND, LANGUAGE, WHOLE_NAME, influence};
use super::postings::{self, CHUNK, CHUNK_BITS, MAX_LEVEL};
use super::query::{Part, Words};
use super::words::stem;
use crate::error::{OrCorrupt as _, Outcome};
use crate::rows::blob;

/// Added for a symbol whose name is the whole query: more than any words can give.
const WHOLE_NAME_SCORE: f32 = 1000.0;
/// Added for a symbol whose name is quoted.
const QUOTED_SCORE: f32 = 100.0;
/// Added for a symbol whose name is the last part of a path in the query.
const LAST_PART_SCORE: f32 = 6.0;
/// Added for a symbol whose name starts with a prefix, or is it.
const NAME_START_SCORE: f32 = 2.0;
const NAME_IS_PREFIX_SCORE: f32 = 4.0;
/// Most different words that a prefix stands for. With more, those that were indexed first count,
/// which are the common ones.
const MAX_EXPANSIONS: usize = 1024;

/// How the postings of a source change a score.
#[derive(Clone, Copy, Debug)]
enum Gain {
    /// By the influence of the level times this weight.
    Word(f32),
    /// By this.
    Fixed(f32),
}

/// Postings that count once for a symbol, by the highest level.
#[derive(Debug)]
struct Source {
    /// Chunks, each with its number, sorted.
    chunks: Vec<(u32, Vec<u8>)>,
    gain: Gain,
}

/// Which symbols filters keep.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    /// Kinds or languages: postings of which one must name the symbol.
    groups: Vec<Vec<(u32, Vec<u8>)>>,
    /// Keys of the symbols of the files to keep, by chunk.
    keys: Option<FxHashMap<u32, Vec<u16>>>,
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
            if terms.is_empty() {
                continue;
            }
            let mut chunks = Vec::new();
            for term in terms {
                if let Some(number) = number_of(connection, &term)? {
                    read_chunks(connection, number, &mut chunks)?;
                }
            }
            filter.groups.push(chunks);
        }
        Ok(filter)
    }

    /// Keeps only symbols of these keys.
    pub(crate) fn keep_keys(&mut self, keys: impl Iterator<Item = i64>) {
        let mut by_chunk: FxHashMap<u32, Vec<u16>> = FxHashMap::default();
        for key in keys {
            by_chunk.entry((key >> CHUNK_BITS) as u32).or_default().push((key as usize % CHUNK) as u16);
        }
        self.keys = Some(by_chunk);
    }

    fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.keys.is_none()
    }

    /// Counts for each place of a chunk how many conditions it meets, and returns how many there are.
    fn mark(&self, chunk: u32, marks: &mut [u8; CHUNK]) -> Outcome<u8> {
        marks.fill(0);
        let mut needed = 0;
        for group in &self.groups {
            for (_, data) in group.iter().filter(|(number, _)| *number == chunk) {
                postings::read(data, |at, _| {
                    // A symbol has one kind and one language.
                    if marks[at] == needed {
                        marks[at] += 1;
                    }
                })
                .or_corrupt("postings")?;
            }
            needed += 1;
        }
        if let Some(keys) = &self.keys {
            for &at in keys.get(&chunk).into_iter().flatten() {
                if marks[usize::from(at)] == needed {
                    marks[usize::from(at)] += 1;
                }
            }
            needed += 1;
        }
        Ok(needed)
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
    filter: &Filter,
    limit: usize,
    margin: usize,
) -> Outcome<Vec<Ranked>> {
    let symbols: i64 = connection
        .prepare_cached("SELECT symbols FROM state WHERE id = 0")?
        .query_row((), |row| row.get(0))?;
    let sources = sources(connection, words, symbols.max(1) as f32)?;
    let mut by_chunk: BTreeMap<u32, Vec<(usize, &[u8])>> = BTreeMap::new();
    for (index, source) in sources.iter().enumerate() {
        for (chunk, data) in &source.chunks {
            by_chunk.entry(*chunk).or_default().push((index, data));
        }
    }
    let influences: Vec<f32> = (0..=MAX_LEVEL).map(influence).collect();
    let mut scorer = Scorer::new(limit, margin);
    let mut marks = [0_u8; CHUNK];
    for (chunk, parts) in by_chunk {
        for source in parts.chunk_by(|a, b| a.0 == b.0) {
            scorer.add(&sources[source[0].0], source, &influences)?;
        }
        let needed = if filter.is_empty() { 0 } else { filter.mark(chunk, &mut marks)? };
        scorer.collect(chunk, |at| needed == 0 || marks[at] == needed);
    }
    Ok(scorer.finish())
}

/// The scores of one chunk at a time, and the best of all so far.
struct Scorer {
    scores: Box<[f32; CHUNK]>,
    levels: Box<[u8; CHUNK]>,
    /// Places with a score, and with a level.
    scored: Vec<u16>,
    leveled: Vec<u16>,
    best: Vec<Ranked>,
    least: f32,
    limit: usize,
    most: usize,
}

impl Scorer {
    fn new(limit: usize, margin: usize) -> Self {
        Self {
            scores: Box::new([0.0; CHUNK]),
            levels: Box::new([0; CHUNK]),
            scored: Vec::new(),
            leveled: Vec::new(),
            best: Vec::new(),
            least: 0.0,
            limit,
            most: limit.saturating_add(margin),
        }
    }

    fn add(&mut self, source: &Source, parts: &[(usize, &[u8])], influences: &[f32]) -> Outcome<()> {
        let gain = |level: u8| match source.gain {
            Gain::Word(weight) => weight * influences[usize::from(level)],
            Gain::Fixed(gain) => gain * (1.0 + f32::from(level)) / (1.0 + f32::from(MAX_LEVEL)),
        };
        let gains: [f32; 16] = std::array::from_fn(|level| gain(level as u8));
        let (scores, scored) = (&mut self.scores, &mut self.scored);
        let mut raise = |at: usize, gain: f32| {
            if scores[at] == 0.0 {
                scored.push(at as u16);
            }
            scores[at] += gain;
        };
        if let [(_, data)] = parts {
            return postings::read(data, |at, level| raise(at, gains[usize::from(level)]))
                .or_corrupt("postings");
        }
        // Several words that count as one: the highest level of each symbol.
        for (_, data) in parts {
            let (levels, leveled) = (&mut self.levels, &mut self.leveled);
            postings::read(data, |at, level| {
                if levels[at] == 0 {
                    leveled.push(at as u16);
                }
                levels[at] = levels[at].max(level + 1);
            })
            .or_corrupt("postings")?;
        }
        for at in self.leveled.drain(..) {
            let level = std::mem::take(&mut self.levels[usize::from(at)]);
            raise(usize::from(at), gains[usize::from(level - 1)]);
        }
        Ok(())
    }

    /// Takes the scores of a chunk and starts the next one.
    fn collect(&mut self, chunk: u32, is_kept: impl Fn(usize) -> bool) {
        let base = i64::from(chunk) << CHUNK_BITS;
        for at in self.scored.drain(..) {
            let at = usize::from(at);
            let score = std::mem::take(&mut self.scores[at]);
            if score > self.least && is_kept(at) {
                self.best.push(Ranked { key: base + at as i64, score });
            }
        }
        // Sorting now and then is cheaper than a heap, because most scores fall below the least.
        if self.best.len() > self.most.saturating_mul(4).saturating_add(1024) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.best.len() > self.most {
            self.best.select_nth_unstable_by(self.most, order);
            self.best.truncate(self.most);
            // Keys ascend: a later symbol of the same score would come behind all that are kept.
            self.least = self.best.iter().fold(f32::INFINITY, |least, ranked| least.min(ranked.score));
        }
    }

    fn finish(mut self) -> Vec<Ranked> {
        self.cut();
        self.best.sort_unstable_by(order);
        if let Some(last) = self.limit.checked_sub(1).and_then(|at| self.best.get(at)).copied() {
            self.best.retain(|ranked| ranked.score >= last.score);
        }
        self.best
    }
}

fn order(a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.key.cmp(&b.key))
}

fn sources(connection: &Connection, words: &Words, symbols: f32) -> Outcome<Vec<Source>> {
    let mut sources = Vec::new();
    for part in &words.parts {
        match part {
            Part::Word(word) => {
                let chunks = chunks_of(connection, word)?;
                let weight = rarity(&chunks, symbols)?;
                sources.push(Source { chunks, gain: Gain::Word(weight) });
            }
            Part::Prefix(prefix) => {
                let mut stemmed = prefix.clone();
                stem(&mut stemmed);
                let mut chunks = expand(connection, prefix)?;
                if !stemmed.starts_with(prefix.as_str()) {
                    chunks.extend(chunks_of(connection, &stemmed)?);
                }
                let weight = rarity(&chunks, symbols)?;
                sources.push(Source { chunks, gain: Gain::Word(weight) });
                let whole = format!("{WHOLE_NAME}{prefix}");
                let chunks = expand(connection, &whole)?;
                sources.push(Source { chunks, gain: Gain::Fixed(NAME_START_SCORE) });
                let chunks = chunks_of(connection, &whole)?;
                sources.push(Source { chunks, gain: Gain::Fixed(NAME_IS_PREFIX_SCORE) });
            }
            Part::Name(name) => sources.push(whole_name(connection, name, QUOTED_SCORE)?),
        }
    }
    if let Some(whole) = &words.whole {
        sources.push(whole_name(connection, whole, WHOLE_NAME_SCORE)?);
    }
    for last in &words.last_parts {
        sources.push(whole_name(connection, last, LAST_PART_SCORE)?);
    }
    Ok(sources)
}

fn whole_name(connection: &Connection, name: &str, score: f32) -> Outcome<Source> {
    let chunks = chunks_of(connection, &format!("{WHOLE_NAME}{name}"))?;
    Ok(Source { chunks, gain: Gain::Fixed(score) })
}

/// How much a word tells: BM25's inverse document frequency, in the form that is never negative.
fn rarity(chunks: &[(u32, Vec<u8>)], symbols: f32) -> Outcome<f32> {
    let mut count = 0;
    for (_, data) in chunks {
        count += postings::count(data).or_corrupt("postings")?;
    }
    let count = (count as f32).min(symbols);
    Ok((1.0 + (symbols - count + 0.5) / (count + 0.5)).ln())
}

fn number_of(connection: &Connection, term: &str) -> Outcome<Option<u32>> {
    Ok(connection
        .prepare_cached("SELECT number FROM terms WHERE term = ?1")?
        .query_row([term], |row| row.get(0))
        .optional()?)
}

fn chunks_of(connection: &Connection, term: &str) -> Outcome<Vec<(u32, Vec<u8>)>> {
    let mut chunks = Vec::new();
    if let Some(number) = number_of(connection, term)? {
        read_chunks(connection, number, &mut chunks)?;
    }
    Ok(chunks)
}

fn read_chunks(connection: &Connection, term: u32, chunks: &mut Vec<(u32, Vec<u8>)>) -> Outcome<()> {
    let mut statement =
        connection.prepare_cached("SELECT chunk, data FROM postings WHERE chunk BETWEEN ?1 AND ?2")?;
    let (first, last) = postings::row_range(term);
    let mut found = statement.query([first, last])?;
    while let Some(row) = found.next()? {
        chunks.push((postings::chunk_of_row(row.get(0)?), blob(row.get_ref(1)?)?.to_vec()));
    }
    Ok(())
}

/// The postings of all terms that start with `prefix`.
fn expand(connection: &Connection, prefix: &str) -> Outcome<Vec<(u32, Vec<u8>)>> {
    let mut numbers: Vec<u32> = Vec::new();
    {
        // The largest character ends the range: no word holds it.
        let mut statement =
            connection.prepare_cached("SELECT number FROM terms WHERE term >= ?1 AND term < ?2")?;
        let mut found = statement.query([prefix, &format!("{prefix}{}", char::MAX)])?;
        while let Some(row) = found.next()? {
            numbers.push(row.get(0)?);
        }
    }
    numbers.sort_unstable();
    numbers.truncate(MAX_EXPANSIONS);
    let mut chunks = Vec::new();
    for number in numbers {
        read_chunks(connection, number, &mut chunks)?;
    }
    Ok(chunks)
}
