//! Which terms a symbol is found by, and how much each says about it.
//!
//! BM25F (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted fields", 2004): the
//! occurrences of a word are added up over the fields, each weighted and divided by the length of its
//! field, and only then saturated. Lengths are compared with fixed ones instead of the average of the
//! index, so that the weight of a word in a symbol depends on that symbol alone and a changed file
//! touches no other. The sum is kept as one of 16 levels.

use aether_core::code::SymbolKind;
use aether_core::code::facts::{FileFacts, SymbolFact};
use rustc_hash::FxHashMap;

use super::postings::MAX_LEVEL;
use super::words::{each_word, is_stop_word, joined, stem};

/// A field: its weight, how much its length matters, and what length is usual.
struct Field {
    weight: f32,
    length_share: f32,
    usual_length: f32,
}

// Weights of name, type, path and signature as measured in reference/code-intel.md, section 6; usual
// lengths are the means over tokio and rust-analyzer.
const NAME: Field = Field { weight: 6.0, length_share: 0.5, usual_length: 2.0 };
const TYPE: Field = Field { weight: 3.0, length_share: 0.5, usual_length: 2.0 };
const PATH: Field = Field { weight: 1.5, length_share: 0.5, usual_length: 5.0 };
const SIGNATURE: Field = Field { weight: 2.0, length_share: 0.75, usual_length: 10.0 };
const DOC: Field = Field { weight: 1.5, length_share: 0.75, usual_length: 14.0 };
const BODY: Field = Field { weight: 1.0, length_share: 0.75, usual_length: 40.0 };

/// Saturation: the sum at which a word has half of the influence it can have at most.
const SATURATION: f32 = 1.2;
/// The sum of level 0; each level above is a third of an octave more, level 15 is 8.
const LOWEST_SUM: f32 = 0.25;
const LEVELS_PER_OCTAVE: f32 = 3.0;
/// Words of documentation that are read: the beginning says what a symbol is for.
const MAX_DOC_WORDS: usize = 400;
/// Words of a body that are read.
const MAX_BODY_WORDS: usize = 2000;

/// Stands before the joined name of a symbol: the term of its whole name.
pub(crate) const WHOLE_NAME: char = '=';
/// Stands before the kind of a symbol.
pub(crate) const KIND: char = '#';
/// Stands before the language of a symbol's file.
pub(crate) const LANGUAGE: char = '@';

/// The term of a whole name.
pub(crate) fn whole_name_term(name: &str) -> String {
    let mut term = String::from(WHOLE_NAME);
    term.push_str(&joined(name));
    term
}

/// The influence of a word by its level, 0 to 2.2.
pub(crate) fn influence(level: u8) -> f32 {
    let sum = LOWEST_SUM * (f32::from(level.min(MAX_LEVEL)) / LEVELS_PER_OCTAVE).exp2();
    (SATURATION + 1.0) * sum / (SATURATION + sum)
}

fn level(sum: f32) -> u8 {
    ((sum / LOWEST_SUM).log2() * LEVELS_PER_OCTAVE).round().clamp(0.0, f32::from(MAX_LEVEL)) as u8
}

/// How much a kind is looked for: parts of a type and blocks without a name of their own come behind
/// what one calls or builds.
fn kind_share(kind: &SymbolKind) -> f32 {
    match kind.as_str() {
        "function" | "method" | "struct" | "enum" | "trait" | "union" | "macro" => 1.0,
        "type" | "constant" | "static" | "crate" | "package" => 0.9,
        "module" | "test" => 0.75,
        "variant" | "field" => 0.65,
        "impl" | "file" => 0.55,
        _ => 0.8,
    }
}

/// Numbers terms, and adds up what the fields of one symbol say.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    numbers: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    /// Terms of words as they are written, so that each word is stemmed once.
    stems: FxHashMap<Box<str>, u32>,
    /// For each term the symbol that had it last, and where its sum is.
    last_seen: Vec<(u32, u32)>,
    epoch: u32,
    /// Terms and sums of the symbol at hand.
    sums: Vec<(u32, f32)>,
    /// Occurrences of the field at hand.
    occurrences: Vec<u32>,
    buffer: String,
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
    pub(crate) fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// The number of a term.
    pub(crate) fn number(&mut self, term: &str) -> u32 {
        if let Some(&number) = self.numbers.get(term) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(term.into());
        self.numbers.insert(term.into(), number);
        self.last_seen.push((0, 0));
        number
    }

    /// Calls `visit` with each term of a symbol and its level.
    pub(crate) fn describe(&mut self, symbol: &Described<'_>, mut visit: impl FnMut(u32, u8)) {
        let fact = symbol.fact;
        let name = symbol.facts.name(fact.name);
        let is_part = matches!(fact.kind.as_str(), "field" | "variant");
        self.sums.clear();
        self.epoch += 1;

        self.take_words(name, usize::MAX, |_| true);
        if self.occurrences.len() > 1 {
            let whole = self.number(&joined(name));
            self.occurrences.push(whole);
        }
        self.add(&NAME);
        self.take_words(symbol.scope, usize::MAX, |_| true);
        self.add(&TYPE);
        // The parts of a type are many, and found by it.
        if !is_part {
            self.take_words(symbol.path, usize::MAX, |word| !matches!(word, "src" | "rs" | "lib" | "mod"));
            self.add(&PATH);
        }
        self.take_words(&fact.signature, usize::MAX, |word| !is_stop_word(word));
        self.add(&SIGNATURE);
        self.take_words(&fact.doc, MAX_DOC_WORDS, |word| !is_stop_word(word));
        self.add(&DOC);
        self.occurrences.clear();
        for word in symbol.body.split_ascii_whitespace().take(MAX_BODY_WORDS) {
            if !is_stop_word(word) {
                let term = self.stemmed(word);
                self.occurrences.push(term);
            }
        }
        self.add(&BODY);

        let share = kind_share(&fact.kind);
        for &(term, sum) in &self.sums {
            visit(term, level(sum * share));
        }
        let rank = (share * f32::from(MAX_LEVEL)) as u8;
        let whole = self.number(&whole_name_term(name));
        visit(whole, rank);
        for (mark, text) in [(KIND, fact.kind.as_str()), (LANGUAGE, symbol.language)] {
            let number = self.marked(mark, text);
            visit(number, 0);
        }
    }

    /// The number of a term that is not a word.
    pub(crate) fn marked(&mut self, mark: char, text: &str) -> u32 {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        buffer.push(mark);
        buffer.push_str(text);
        let number = self.number(&buffer);
        self.buffer = buffer;
        number
    }

    /// Takes the words of a text as the occurrences of a field.
    fn take_words(&mut self, text: &str, limit: usize, is_kept: impl Fn(&str) -> bool) {
        let mut occurrences = std::mem::take(&mut self.occurrences);
        occurrences.clear();
        each_word(text, |word| {
            if occurrences.len() < limit && is_kept(word) {
                occurrences.push(self.stemmed(word));
            }
        });
        self.occurrences = occurrences;
    }

    fn stemmed(&mut self, word: &str) -> u32 {
        if let Some(&term) = self.stems.get(word) {
            return term;
        }
        let mut stemmed = word.to_owned();
        stem(&mut stemmed);
        let term = self.number(&stemmed);
        self.stems.insert(word.into(), term);
        term
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
        assert_eq!((level(0.0), level(LOWEST_SUM), level(0.5), level(1e9)), (0, 0, 3, MAX_LEVEL));
        let influences: Vec<f32> = (0..=MAX_LEVEL).map(influence).collect();
        assert!(influences.is_sorted() && influences[0] > 0.0 && influences[15] < 2.2);
    }
}
