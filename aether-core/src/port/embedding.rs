//! From texts to vectors, by something that waits on the outside: a service, another process.

use async_trait::async_trait;

use super::InferenceError;

/// Turns texts into vectors somewhere else. What computes is an [`Embedder`](super::Embedder); this one is
/// asked ahead, so that questions wait for it once and not for each symbol.
#[async_trait]
pub trait EmbeddingProvider: Send + Sync + std::fmt::Debug {
    /// Its name, without spaces.
    fn provider(&self) -> &str;

    /// What it makes vectors with, and its version: vectors of two models cannot be compared.
    fn model(&self) -> String;

    /// The vectors of texts, in their order and all of one length. Zeros where a text says nothing.
    ///
    /// # Errors
    ///
    /// What kept the provider from making them.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, InferenceError>;
}
