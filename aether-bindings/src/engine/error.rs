//! Why a use case failed.

use aether_core::base::{Cancelled, ErrorCode};
use aether_core::code::Symbol;
use aether_core::port::{InferenceError, PortError};

/// Why a use case failed: a stable code, a text, and what else could have been meant.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct EngineError {
    code: ErrorCode,
    message: String,
    candidates: Vec<Symbol>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl EngineError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), candidates: Vec::new(), source: None }
    }

    pub(super) fn with_candidates(mut self, candidates: Vec<Symbol>) -> Self {
        self.candidates = candidates;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }

    /// Symbols that could have been meant, for [`ErrorCode::QUERY_AMBIGUOUS_SYMBOL`] and
    /// [`ErrorCode::QUERY_UNKNOWN_SYMBOL`].
    #[must_use]
    pub fn candidates(&self) -> &[Symbol] {
        &self.candidates
    }
}

impl From<Cancelled> for EngineError {
    fn from(error: Cancelled) -> Self {
        Self::new(ErrorCode::CANCELLED, error.to_string())
    }
}

impl From<InferenceError> for EngineError {
    fn from(error: InferenceError) -> Self {
        Self::new(error.code.clone(), error.message.clone()).with_source(error)
    }
}

impl From<PortError> for EngineError {
    fn from(error: PortError) -> Self {
        let code = error.code().clone();
        let message = error.to_string();
        Self { code, message, candidates: Vec::new(), source: Some(Box::new(error)) }
    }
}
