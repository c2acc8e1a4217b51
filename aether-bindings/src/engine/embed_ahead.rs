//! Vectors by providers that wait on the outside world: fetched ahead, so that a question waits once.

use aether_core::base::{Cancel, ErrorCode};
use aether_core::code::{Answer, SearchAnswer, SearchMode, SearchQuery};
use aether_core::port::{EmbeddingProvider, InferenceError};
use aether_index::{Progress, Stage};

use super::error::EngineError;
use super::lifecycle::Engine;
use super::vectors::{Pending, QueryVector, VectorSummary, space_of};

/// Texts of one request.
const BATCH: usize = 64;

impl Engine {
    /// Brings the vectors of a provider up to date with the index, some texts at a time: what was answered is
    /// kept, and the next call goes on from there. Until all are there, search falls back to words.
    ///
    /// # Errors
    ///
    /// The code of the provider when that fails, [`ErrorCode::INFERENCE_BAD_VECTORS`] for an answer that is
    /// not one vector of one length for each text; [`ErrorCode::CANCELLED`]; when the store cannot be read
    /// or written.
    pub async fn fetch_vectors(
        &self,
        provider: &dyn EmbeddingProvider,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Answer<VectorSummary>, EngineError> {
        let space = space_of(provider.provider(), &provider.model());
        let pending = match self.pending(&space)? {
            Ok(pending) => pending,
            Err(vectors) => return self.answer(VectorSummary { vectors, ..VectorSummary::default() }),
        };
        let Pending { texts, changed, mut delta } = pending;
        let mut summary = VectorSummary {
            vectors: texts.len() as u64,
            removed: delta.removed.len() as u64,
            ..VectorSummary::default()
        };
        // No index has this generation: what is not complete is never taken for current.
        let generation = std::mem::replace(&mut delta.generation, u64::MAX);
        for places in changed.chunks(BATCH) {
            cancel.check()?;
            let asked: Vec<String> = places.iter().map(|place| texts[*place].text.clone()).collect();
            let vectors = answered(provider, &asked).await?;
            delta.put =
                places.iter().zip(vectors).map(|(place, vector)| texts[*place].vector(vector)).collect();
            self.ports.store.apply_vectors(&delta)?;
            delta.removed.clear();
            delta.replaces.clear();
            summary.written += delta.put.len() as u64;
            progress.report(Stage::Records, summary.written as usize, changed.len());
        }
        delta.put.clear();
        delta.generation = generation;
        self.ports.store.apply_vectors(&delta)?;
        self.answer(summary)
    }

    /// As [`Engine::search`], by the vectors of a provider, which is asked for that of the query. When it
    /// fails, words are searched and the code of the failure is the reason.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn search_with(
        &self,
        query: &SearchQuery,
        mode: SearchMode,
        provider: &dyn EmbeddingProvider,
    ) -> Result<Answer<SearchAnswer>, EngineError> {
        if !matches!(mode, SearchMode::Semantic | SearchMode::Hybrid) || query.text.trim().is_empty() {
            return self.search(query, mode);
        }
        let space = space_of(provider.provider(), &provider.model());
        let vector = match self.is_current(&space)? {
            Ok(()) => match answered(provider, std::slice::from_ref(&query.text)).await {
                Ok(vectors) => QueryVector::checked(space, vectors.into_iter().flatten().collect())
                    .map_err(str::to_owned),
                Err(error) => Err(error.code.as_str().to_owned()),
            },
            Err(reason) => Err(reason.to_owned()),
        };
        let found = match vector {
            Ok(vector) => self.search_near(query, mode, &vector)?,
            Err(reason) => SearchAnswer::fallen_back(self.store().search(query)?, mode, &reason),
        };
        self.answer(found)
    }
}

/// One vector for each text, all of one length.
async fn answered(
    provider: &dyn EmbeddingProvider,
    texts: &[String],
) -> Result<Vec<Vec<f32>>, InferenceError> {
    let vectors = provider.embed(texts).await?;
    let length = vectors.first().map_or(0, Vec::len);
    let is_sound = |vector: &Vec<f32>| vector.len() == length && vector.iter().all(|part| part.is_finite());
    if vectors.len() != texts.len() || length == 0 || !vectors.iter().all(is_sound) {
        let message = format!("{} texts were asked for, {} vectors came", texts.len(), vectors.len());
        return Err(InferenceError::lasting(ErrorCode::INFERENCE_BAD_VECTORS, message));
    }
    Ok(vectors)
}
