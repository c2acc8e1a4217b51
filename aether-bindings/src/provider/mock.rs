//! A provider that needs nothing: for tests, and to try what is built on providers.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use aether_core::code::Sir;
use aether_core::port::{InferenceError, InferenceProvider, InferenceRequest};
use async_trait::async_trait;

/// Makes the record that was derived its own, with an intent that says so. It can be told to fail.
#[derive(Debug, Default)]
pub struct MockProvider {
    answers: Mutex<VecDeque<Option<InferenceError>>>,
    model: Option<String>,
}

impl MockProvider {
    /// A provider of the model `model`; by default it is `mock-1`.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// What the next requests get, one each: a failure, or `None` for a record. Those behind them get
    /// records.
    pub fn script(&self, answers: impl IntoIterator<Item = Option<InferenceError>>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(answers);
    }
}

#[async_trait]
impl InferenceProvider for MockProvider {
    fn provider(&self) -> &str {
        "mock"
    }

    fn model(&self) -> String {
        self.model.clone().unwrap_or_else(|| "mock-1".to_owned())
    }

    async fn infer(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
        let scripted = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().flatten();
        if let Some(error) = scripted {
            return Err(error);
        }
        let mut sir = request.derived.clone();
        sir.intent = format!("Mock intent of {}", request.symbol.qualified_name);
        Ok(sir)
    }
}
