//! Which terms a symbol is found by, and how much each says about it.
//!
//! BM25F (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted fields", 2004): the
//! occurrences of a word are added up over the fields, each weighted and divided by the length of its
//! field, and only then saturated. Lengths are compared with fixed ones instead of the average of the
//! index, so that the weight of a word in a symbol depends on that symbol alone and a changed file
//! touches no other. The sum is kept as one of 16 levels.

use aether_core::code::facts::{FileFacts, SymbolFact};

use super::interner::{Interner, TextMap};
use super::postings::MAX_LEVEL;
use aether_core::code::words::{each_word, is_stop_word, stem};

use super::words::joined;

/// A field: its weight, how much its length matters, and what length is usual.
struct Field {
    weight: f32,
    length_share: f32,
    usual_length: f32,
}

// Weights, saturation and levels were tuned on the dev half of `aether-eval eval search`
// (docs/results/README.md), the weight of documentation on the same questions with the rest of each
// comment as that field. They lie on a plateau: a fifth more or less of one of them moves the mean
// reciprocal rank by less than 0.006. A type weighs less than a name, or the methods of a type would
// come before it. Usual lengths are the means over tokio and rust-analyzer.
const NAME: Field = Field { weight: 6.0, length_share: 0.5, usual_length: 2.0 };
const TYPE: Field = Field { weight: 5.0, length_share: 0.75, usual_length: 2.0 };
const PATH: Field = Field { weight: 2.0, length_share: 0.5, usual_length: 5.0 };
const SIGNATURE: Field = Field { weight: 2.0, length_share: 0.75, usual_length: 10.0 };
const DOC: Field = Field { weight: 1.5, length_share: 0.75, usual_length: 14.0 };
const BODY: Field = Field { weight: 0.6, length_share: 0.75, usual_length: 40.0 };

/// Saturation: the sum at which a word has half of the influence it can have at most. Several times the
/// weight of a body, so that a word in a name says much more than the same word in a body.
const SATURATION: f32 = 3.0;
/// The sum of level 0; each level above is half an octave more, level 15 is 36: from a word of a long
/// body to the only word of a name that stands in every other field as well.
const LOWEST_SUM: f32 = 0.2;
const LEVELS_PER_OCTAVE: f32 = 2.0;
/// Words of documentation that are read: the beginning says what a symbol is for.
const MAX_DOC_WORDS: usize = 400;
/// Words of a body that are read.
const MAX_BODY_WORDS: usize = 2000;

/// Stands before the kind of a symbol.
pub(crate) const KIND: char = '#';
/// Stands before the language of a symbol's file.
pub(crate) const LANGUAGE: char = '@';

/// The influence of a word by its level, 0 to 4.
pub(crate) fn influence(level: u8) -> f32 {
    let sum = LOWEST_SUM * (f32::from(level.min(MAX_LEVEL)) / LEVELS_PER_OCTAVE).exp2();
    (SATURATION + 1.0) * sum / (SATURATION + sum)
}

/// The level of a sum, by comparison alone: the same on every machine.
fn level(sum: f32, borders: &[f32; MAX_LEVEL as usize]) -> u8 {
    borders.partition_point(|&border| border <= sum) as u8
}

/// The sums at which each level but the first starts: halfway, on a logarithmic scale, between the one
/// below and its own.
fn borders() -> [f32; MAX_LEVEL as usize] {
    std::array::from_fn(|at| LOWEST_SUM * ((at as f32 + 0.5) / LEVELS_PER_OCTAVE).exp2())
}

/// Numbers terms, and adds up what the fields of one symbol say.
#[derive(Debug)]
pub(crate) struct Terms {
    numbers: Interner,
    /// For each word as it is written its term, twice, and one more for a stop word: each is stemmed
    /// once.
    words: TextMap,
    borders: [f32; MAX_LEVEL as usize],
    /// For each term the symbol that had it last, and where its sum is.
    last_seen: Vec<(u32, u32)>,
    epoch: u32,
    /// Terms and sums of the symbol at hand.
    sums: Vec<(u32, f32)>,
    /// Occurrences of the field at hand.
    occurrences: Vec<u32>,
    buffer: String,
}

/// What a word as it is written stands for.
#[derive(Clone, Copy, Debug)]
struct WordTerm {
    term: u32,
    is_stop_word: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            numbers: Interner::default(),
            words: TextMap::default(),
            borders: borders(),
            last_seen: Vec::new(),
            epoch: 0,
            sums: Vec::new(),
            occurrences: Vec::new(),
            buffer: String::new(),
        }
    }
}

/// Which words of a field count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Keep {
    All,
    /// All but stop words.
    Telling,
}

/// A symbol with all that its terms come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described<'a> {
    pub(crate) facts: &'a FileFacts,
    pub(crate) fact: &'a SymbolFact,
    /// Names of the symbols around it, joined by `::`.
    pub(crate) scope: &'a str,
    pub(crate) path: &'a str,
    pub(crate) language: &'a str,
    pub(crate) body: &'a str,
}

impl Terms {
    /// The texts of all terms by their numbers.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.numbers.texts()
    }

    /// Calls `visit` with each term of a symbol and its level.
    pub(crate) fn describe(&mut self, symbol: &Described<'_>, mut visit: impl FnMut(u32, u8)) {
        let fact = symbol.fact;
        let name = symbol.facts.name(fact.name);
        let is_part = matches!(fact.kind.as_str(), "field" | "variant");
        self.sums.clear();
        self.epoch += 1;

        self.take(name, usize::MAX, Keep::All);
        if self.occurrences.len() > 1 {
            let whole = self.number(&joined(name));
            self.occurrences.push(whole);
        }
        self.add(&NAME);
        self.take(symbol.scope, usize::MAX, Keep::All);
        self.add(&TYPE);
        // The parts of a type are many, and found by it.
        if !is_part {
            self.take(symbol.path, usize::MAX, Keep::All);
            self.add(&PATH);
        }
        self.take(&fact.signature, usize::MAX, Keep::Telling);
        self.add(&SIGNATURE);
        self.take(&fact.doc, MAX_DOC_WORDS, Keep::Telling);
        self.add(&DOC);
        self.occurrences.clear();
        for word in symbol.body.split_ascii_whitespace().take(MAX_BODY_WORDS) {
            let word = self.word(word);
            if !word.is_stop_word {
                self.occurrences.push(word.term);
            }
        }
        self.add(&BODY);

        let share = fact.kind.search_share();
        for &(term, sum) in &self.sums {
            visit(term, level(sum * share, &self.borders));
        }
        for (mark, text) in [(KIND, fact.kind.as_str()), (LANGUAGE, symbol.language)] {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            buffer.push(mark);
            buffer.push_str(text);
            visit(self.number(&buffer), 0);
            self.buffer = buffer;
        }
    }

    fn number(&mut self, term: &str) -> u32 {
        let number = self.numbers.number(term);
        if number as usize == self.last_seen.len() {
            self.last_seen.push((0, 0));
        }
        number
    }

    /// Takes the words of a text as the occurrences of a field.
    fn take(&mut self, text: &str, limit: usize, keep: Keep) {
        let mut occurrences = std::mem::take(&mut self.occurrences);
        occurrences.clear();
        each_word(text, |word| {
            if occurrences.len() < limit {
                let word = self.word(word);
                if keep == Keep::All || !word.is_stop_word {
                    occurrences.push(word.term);
                }
            }
        });
        self.occurrences = occurrences;
    }

    fn word(&mut self, word: &str) -> WordTerm {
        let tagged = match self.words.get(word) {
            Some(tagged) => tagged,
            None => {
                let mut stemmed = word.to_owned();
                stem(&mut stemmed);
                let tagged = self.number(&stemmed) << 1 | u32::from(is_stop_word(word));
                self.words.insert(word, tagged);
                tagged
            }
        };
        WordTerm { term: tagged >> 1, is_stop_word: tagged & 1 == 1 }
    }

    /// Adds the occurrences of a field to the sums of its words.
    fn add(&mut self, field: &Field) {
        let length = self.occurrences.len() as f32;
        let share =
            field.weight / (1.0 - field.length_share + field.length_share * length / field.usual_length);
        for &term in &self.occurrences {
            let seen = &mut self.last_seen[term as usize];
            if seen.0 == self.epoch {
                self.sums[seen.1 as usize].1 += share;
            } else {
                *seen = (self.epoch, self.sums.len() as u32);
                self.sums.push((term, share));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_follow_the_sums() {
        let level = |sum| level(sum, &borders());
        assert_eq!((level(0.0), level(LOWEST_SUM), level(0.5), level(1e9)), (0, 0, 3, MAX_LEVEL));
        let influences: Vec<f32> = (0..=MAX_LEVEL).map(influence).collect();
        assert!(influences.is_sorted() && influences[0] > 0.0 && influences[15] < 4.0);
    }
}
