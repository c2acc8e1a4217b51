//! An embedder that knows nothing: words by their hashes.
//!
//! Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009: each feature is added to one
//! of few dimensions, with a sign, both by its hash. Texts with the same words are near one another, and that
//! is all; it is the floor that other embedders are measured against, and needs neither time nor room to learn.

use aether_core::port::Embedder;

use crate::features::{features, to_length_one};

/// Dimensions of a vector.
const DIMENSIONS: usize = 256;

/// Words and their beginnings, by their hashes.
///
/// # Examples
///
/// ```
/// use aether_core::port::Embedder;
/// use aether_model::HashedWords;
/// let near = |a: &str, b: &str| -> f32 {
///     HashedWords.embed(a).iter().zip(HashedWords.embed(b)).map(|(a, b)| a * b).sum()
/// };
/// assert!(near("reads a file", "read the files") > 0.9);
/// assert!(near("reads a file", "sends packets") < 0.5);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct HashedWords;

impl HashedWords {
    /// Who makes the vectors.
    pub const PROVIDER: &'static str = "hashing";
    /// The version of the rules.
    pub const MODEL: &'static str = "1";
}

impl Embedder for HashedWords {
    fn provider(&self) -> &str {
        Self::PROVIDER
    }

    fn model(&self) -> String {
        Self::MODEL.to_owned()
    }

    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    /// Of length 1, or zeros for a text without words.
    fn embed(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0_f32; DIMENSIONS];
        features(text, &mut |feature| {
            let hash = fnv(feature.as_bytes());
            let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
            vector[(hash % DIMENSIONS as u64) as usize] += sign;
        });
        to_length_one(&mut vector);
        vector
    }
}

/// FNV-1a, which is the same everywhere and for ever, as vectors that are kept have to be.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_of_length_one_and_stay_what_they_were() {
        // A test vector of its authors.
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
        let vector = HashedWords.embed("read a file");
        assert!((vector.iter().map(|it| it * it).sum::<f32>() - 1.0).abs() < 1e-5);
        let places: Vec<usize> = (0..DIMENSIONS).filter(|at| vector[*at] != 0.0).collect();
        assert_eq!(places.len(), 4, "two words and two beginnings: {places:?}");
        assert!(HashedWords.embed("the 42").iter().all(|part| *part == 0.0));
    }
}
