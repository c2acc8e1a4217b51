//! An embedder that learns from the repository itself: latent semantic analysis.
//!
//! Deerwester et al., "Indexing by Latent Semantic Analysis", 1990: words that stand in the same
//! documents get similar vectors, and a document is the sum of its words. What is kept is the subspace of
//! words that holds most of what the documents say, found by subspace iteration (Halko, Martinsson and
//! Tropp, "Finding Structure with Randomness", 2011) from a start that is always the same.
//!
//! A word also counts by its beginning, because names shorten words to that: `arg`, `config`, `dir`.

mod bytes;
mod matrix;

use std::fmt;

use aether_core::port::Embedder;
use rustc_hash::FxHashMap;

use self::matrix::{Rows, iterate, scale};
use crate::features::{BEGINNING_MARK, features, to_length_one};

/// Dimensions of a vector.
const DIMENSIONS: usize = 256;
/// Most words that have a vector; the rarest are left out.
const MAX_WORDS: usize = 24_000;
/// Steps of the iteration.
const STEPS: usize = 3;

// The figures below were tuned on the dev half of `aether-eval eval search`, on ripgrep and tokio, the power of
// the number of times also on the standard library and rust-analyzer.

/// How much a beginning weighs beside the word itself.
const BEGINNING_WEIGHT: f32 = 1.4;
/// Power of the number of times that a word stands in a document. Texts of symbols say their names several
/// times; where each time counts for more, what stands beside the name is not heard.
const TIMES_POWER: f32 = 0.5;
/// Power of what a direction holds of the documents, by which it is scaled: what many documents share tells
/// more of them than what few do.
const SPREAD_POWER: f32 = 0.2;

/// A latent semantic embedder.
///
/// Learning is deterministic: equal documents in equal order give equal vectors. New documents are embedded
/// by what was learned, without learning again; words that were not there have no vector.
///
/// # Examples
///
/// ```
/// use aether_core::port::Embedder;
/// use aether_model::Latent;
/// let documents = ["read a file", "read the config file", "send a packet", "send data over a socket"];
/// let latent = Latent::learn(documents);
/// let near = |a: &str, b: &str| -> f32 {
///     latent.embed(a).iter().zip(latent.embed(b)).map(|(a, b)| a * b).sum()
/// };
/// assert!(near("reading files", "a file is read") > near("reading files", "sends packets"));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Latent {
    words: FxHashMap<String, u32>,
    /// How much each word tells.
    weights: Vec<f32>,
    /// A vector for each word.
    basis: Rows,
}

impl fmt::Debug for Latent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latent").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

impl Latent {
    /// Learns from documents.
    #[must_use]
    pub fn learn<'t>(documents: impl IntoIterator<Item = &'t str>) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut documents_of: Vec<u32> = Vec::new();
        let mut counted: Vec<Vec<(u32, u32)>> = Vec::new();
        for document in documents {
            let mut words: FxHashMap<u32, u32> = FxHashMap::default();
            features(document, &mut |word| {
                let next = numbers.len() as u32;
                *words.entry(*numbers.entry(word).or_insert(next)).or_default() += 1;
            });
            documents_of.resize(numbers.len(), 0);
            let mut words: Vec<(u32, u32)> = words.into_iter().collect();
            words.sort_unstable();
            words.iter().for_each(|(word, _)| documents_of[*word as usize] += 1);
            counted.push(words);
        }
        let mut kept: Vec<(String, u32)> = numbers.into_iter().collect();
        kept.sort_unstable_by(|(a, x), (b, y)| {
            (documents_of[*y as usize], a).cmp(&(documents_of[*x as usize], b))
        });
        kept.truncate(MAX_WORDS);
        let mut rows = vec![u32::MAX; documents_of.len()];
        let mut model = Self::default();
        for (row, (word, number)) in kept.into_iter().enumerate() {
            rows[number as usize] = row as u32;
            let rarity = (1.0 + counted.len() as f32 / documents_of[number as usize] as f32).ln();
            let share = if word.starts_with(BEGINNING_MARK) { BEGINNING_WEIGHT } else { 1.0 };
            model.weights.push(rarity * share);
            model.words.insert(word, row as u32);
        }
        let weighted: Vec<Vec<(u32, f32)>> = counted
            .iter()
            .map(|words| {
                let known = words.iter().map(|(number, times)| (rows[*number as usize], *times));
                model.weigh(known.filter(|(row, _)| *row != u32::MAX))
            })
            .collect();
        model.basis = iterate(&weighted, model.weights.len(), DIMENSIONS, STEPS);
        scale(&mut model.basis, &weighted, SPREAD_POWER);
        model.basis.round();
        model
    }

    /// Weights of the words of a document, of length 1 together.
    fn weigh(&self, words: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, f32)> {
        let weigh = |(row, times): (u32, u32)| {
            let weight = self.weights.get(row as usize).copied().unwrap_or(0.0);
            (row, (times as f32).powf(TIMES_POWER) * weight)
        };
        let mut weighted: Vec<(u32, f32)> = words.map(weigh).collect();
        let length = weighted.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        if length > 0.0 {
            weighted.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        weighted
    }

    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

impl Embedder for Latent {
    fn provider(&self) -> &str {
        Self::PROVIDER
    }

    fn model(&self) -> String {
        Self::MODEL.to_owned()
    }

    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    /// Of length 1, or zeros when none of the words is known.
    fn embed(&self, text: &str) -> Vec<f32> {
        let mut words: Vec<u32> = Vec::new();
        features(text, &mut |word| words.extend(self.words.get(&word)));
        words.sort_unstable();
        let mut counted: Vec<(u32, u32)> = Vec::new();
        for word in words {
            match counted.last_mut() {
                Some((last, times)) if *last == word => *times += 1,
                _ => counted.push((word, 1)),
            }
        }
        let mut vector = vec![0.0; DIMENSIONS];
        for (row, weight) in self.weigh(counted.into_iter()) {
            self.basis.add_to(row as usize, weight, &mut vector);
        }
        to_length_one(&mut vector);
        vector
    }
}

impl Latent {
    /// Who makes the vectors.
    pub const PROVIDER: &'static str = "latent";
    /// The version of the rules.
    pub const MODEL: &'static str = "2";
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTS: [&str; 6] = [
        "read file path buffer",
        "open file path directory",
        "write buffer file",
        "send packet socket",
        "socket connect address",
        "receive packet address",
    ];

    fn cosine(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn words_of_the_same_documents_are_near() {
        let latent = Latent::learn(DOCUMENTS);
        let near = |a: &str, b: &str| cosine(&latent.embed(a), &latent.embed(b));
        // So few documents have all the dimensions they need, which leaves little to be shared.
        assert!(near("path", "buffer") > near("path", "packet") + 0.05);
        assert!(near("path", "packet").abs() < 0.02, "{}", near("path", "packet"));
        assert!((near("file", "files") - 1.0).abs() < 1e-5);
    }

    #[test]
    fn a_word_is_near_what_it_is_shortened_to() {
        let latent =
            Latent::learn(["parse argument list", "parse arg", "list arg", "drop item", "item drop list"]);
        let near = |a: &str, b: &str| cosine(&latent.embed(a), &latent.embed(b));
        assert!(near("arguments", "arg") > 0.4, "{}", near("arguments", "arg"));
        assert!(near("arguments", "item") < 0.1, "{}", near("arguments", "item"));
    }

    #[test]
    fn learning_is_deterministic_and_survives_its_bytes() {
        let latent = Latent::learn(DOCUMENTS);
        assert!(latent == Latent::learn(DOCUMENTS));
        let back = Latent::from_bytes(&latent.to_bytes()).unwrap();
        assert!(back == latent);
        assert_eq!(back.embed("file packet"), latent.embed("file packet"));
    }

    #[test]
    fn what_is_not_known_has_no_direction() {
        let latent = Latent::learn(DOCUMENTS);
        assert!(latent.embed("zanzibar 42 the").iter().all(|part| *part == 0.0));
        assert_eq!(latent.embed("").len(), DIMENSIONS);
        let nothing = Latent::learn([]);
        assert!(nothing.is_empty() && nothing.embed("file").iter().all(|part| *part == 0.0));
        let one = Latent::learn(["file"]);
        assert!(one.embed("file").iter().any(|part| *part != 0.0));
    }

    #[test]
    fn bytes_of_something_else_are_refused() {
        let bytes = Latent::learn(DOCUMENTS).to_bytes();
        for at in [0, 1, 4, 8, 9, bytes.len() / 2, bytes.len() - 1] {
            assert!(Latent::from_bytes(&bytes[..at]).is_none(), "{at}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Latent::from_bytes(&longer).is_none());
        let mut other = bytes;
        other[0] ^= 1;
        assert!(Latent::from_bytes(&other).is_none());
        assert!(Latent::from_bytes(&[0xff; 64]).is_none());
    }
}
