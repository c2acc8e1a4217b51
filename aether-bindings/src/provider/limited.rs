//! Providers within limits.

use std::sync::Arc;

use aether_core::base::ErrorCode;
use aether_core::code::Sir;
use aether_core::port::{EmbeddingProvider, InferenceError, InferenceProvider, InferenceRequest, Timer};
use async_trait::async_trait;

use super::calls::{CallLimits, Calls};

/// A provider of records within limits, which hold for all who share it.
#[derive(Debug)]
pub struct LimitedProvider {
    inner: Arc<dyn InferenceProvider>,
    calls: Calls,
}

impl LimitedProvider {
    /// Keeps `inner` within `limits`, by the time of `timer`.
    #[must_use]
    pub fn new(inner: Arc<dyn InferenceProvider>, timer: Arc<dyn Timer>, limits: CallLimits) -> Self {
        Self { inner, calls: Calls::new(timer, limits) }
    }
}

#[async_trait]
impl InferenceProvider for LimitedProvider {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn model(&self) -> String {
        self.inner.model()
    }

    /// Asks within the limits.
    ///
    /// # Errors
    ///
    /// Those of the last try; [`ErrorCode::INFERENCE_TIMEOUT`] when that took too long,
    /// [`ErrorCode::INFERENCE_BAD_RECORD`] for an answer without an intent or canonical form.
    async fn infer(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
        let sir = self.calls.make(&|| self.inner.infer(request)).await?;
        if sir.intent.trim().is_empty() {
            return Err(InferenceError::lasting(ErrorCode::INFERENCE_BAD_RECORD, "the record has no intent"));
        }
        match sir.hash() {
            Ok(_) => Ok(sir),
            Err(error) => Err(InferenceError::lasting(ErrorCode::INFERENCE_BAD_RECORD, error.to_string())),
        }
    }
}

/// A provider of vectors within limits, which hold for all who share it.
#[derive(Debug)]
pub struct LimitedEmbeddings {
    inner: Arc<dyn EmbeddingProvider>,
    calls: Calls,
}

impl LimitedEmbeddings {
    /// Keeps `inner` within `limits`, by the time of `timer`.
    #[must_use]
    pub fn new(inner: Arc<dyn EmbeddingProvider>, timer: Arc<dyn Timer>, limits: CallLimits) -> Self {
        Self { inner, calls: Calls::new(timer, limits) }
    }
}

#[async_trait]
impl EmbeddingProvider for LimitedEmbeddings {
    fn provider(&self) -> &str {
        self.inner.provider()
    }

    fn model(&self) -> String {
        self.inner.model()
    }

    /// Asks within the limits.
    ///
    /// # Errors
    ///
    /// Those of the last try; [`ErrorCode::INFERENCE_TIMEOUT`] when that took too long.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, InferenceError> {
        self.calls.make(&|| self.inner.embed(texts)).await
    }
}
