//! From source text to a semantic record, by something that waits on the outside: a model, a service.

use std::time::Duration;

use async_trait::async_trait;

use crate::base::ErrorCode;
use crate::code::{Sir, Symbol};

/// What a provider is asked: the record of one symbol.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct InferenceRequest {
    /// The symbol.
    pub symbol: Symbol,
    /// Its source, as it was indexed.
    pub source: String,
    /// What was derived of it without a model: what it takes and gives, does, and how it fails.
    pub derived: Sir,
}

impl InferenceRequest {
    /// A request.
    #[must_use]
    pub fn new(symbol: Symbol, source: impl Into<String>, derived: Sir) -> Self {
        Self { symbol, source: source.into(), derived }
    }
}

/// A provider gave no record.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct InferenceError {
    /// One of the `inference.*` codes, or one of the provider's own.
    pub code: ErrorCode,
    /// The same in words. It is stored beside the record: no secrets.
    pub message: String,
    /// Whether the same request may succeed later.
    pub is_transient: bool,
    /// The least time to wait before the next one, where the provider says so.
    pub retry_after: Option<Duration>,
}

impl InferenceError {
    /// A failure that may be over when the request is made again.
    #[must_use]
    pub fn transient(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_transient: true, retry_after: None }
    }

    /// A failure that the same request will meet again.
    #[must_use]
    pub fn lasting(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_transient: false, retry_after: None }
    }

    /// Sets the least time to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

/// Makes semantic records out of requests. It does what it is asked once: who asks sees to waiting, trying
/// again and how many are asked at once.
///
/// # Examples
///
/// ```
/// use aether_core::code::Sir;
/// use aether_core::port::{InferenceError, InferenceProvider, InferenceRequest};
///
/// /// Says what was derived, and how long the source is.
/// #[derive(Debug)]
/// struct Lines;
///
/// #[async_trait::async_trait]
/// impl InferenceProvider for Lines {
///     fn provider(&self) -> &str {
///         "lines"
///     }
///     fn model(&self) -> String {
///         "1".to_owned()
///     }
///     async fn infer(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
///         let mut sir = request.derived.clone();
///         sir.intent = format!("{} lines", request.source.lines().count());
///         Ok(sir)
///     }
/// }
/// ```
#[async_trait]
pub trait InferenceProvider: Send + Sync + std::fmt::Debug {
    /// Its name, under which its records are kept. `static` is taken: those records are derived.
    fn provider(&self) -> &str;

    /// What it makes records with, and its version: another one makes the records of the last stale.
    fn model(&self) -> String;

    /// The record of one symbol.
    ///
    /// # Errors
    ///
    /// What kept the provider from making one.
    async fn infer(&self, request: &InferenceRequest) -> Result<Sir, InferenceError>;
}
