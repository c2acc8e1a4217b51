//! From texts to vectors.

/// Turns texts into vectors, so that texts which mean something alike lie near one another.
///
/// Computation alone: it reads no file and waits for nobody. Equal texts have equal vectors.
///
/// # Examples
///
/// ```
/// use aether_core::port::Embedder;
///
/// /// Counts vowels.
/// #[derive(Debug)]
/// struct Vowels;
///
/// impl Embedder for Vowels {
///     fn provider(&self) -> &str {
///         "vowels"
///     }
///     fn model(&self) -> String {
///         "1".to_owned()
///     }
///     fn dimensions(&self) -> usize {
///         5
///     }
///     fn embed(&self, text: &str) -> Vec<f32> {
///         "aeiou".chars().map(|vowel| text.matches(vowel).count() as f32).collect()
///     }
/// }
///
/// assert_eq!(Vowels.embed("queue"), [0.0, 2.0, 0.0, 0.0, 2.0]);
/// ```
pub trait Embedder: Send + Sync + std::fmt::Debug {
    /// Who makes the vectors, without spaces.
    fn provider(&self) -> &str;

    /// What they are made with, and its version: vectors of two models cannot be compared.
    fn model(&self) -> String;

    /// How long a vector is.
    fn dimensions(&self) -> usize;

    /// The vector of a text; its length does not count, its direction does. Zeros when the text says
    /// nothing.
    fn embed(&self, text: &str) -> Vec<f32>;
}
