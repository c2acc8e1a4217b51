//! A provider of one's own, in place of a model: it makes sentences of names.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aether_core::base::ErrorCode;
use aether_core::code::Sir;
use aether_core::port::{InferenceError, InferenceProvider, InferenceRequest, Timer};
use async_trait::async_trait;

/// Says the words of a name, and fails at some requests.
#[derive(Debug)]
pub(crate) struct Phrasebook {
    failing: BTreeSet<usize>,
    asked: AtomicUsize,
}

impl Phrasebook {
    pub(crate) const NAME: &str = "phrasebook";

    /// The requests that fail, by their numbers from 1.
    pub(crate) fn failing_at(numbers: impl IntoIterator<Item = usize>) -> Self {
        Self { failing: numbers.into_iter().collect(), asked: AtomicUsize::new(0) }
    }
}

#[async_trait]
impl InferenceProvider for Phrasebook {
    fn provider(&self) -> &str {
        Self::NAME
    }

    fn model(&self) -> String {
        "1".to_owned()
    }

    async fn infer(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if self.failing.contains(&number) {
            return Err(InferenceError::transient(ErrorCode::INFERENCE_UNAVAILABLE, "nobody answers"));
        }
        // What is derived stays; a provider says it in other words.
        let mut sir = request.derived.clone();
        let does = if sir.side_effects.is_empty() { "computes alone" } else { "touches the world" };
        sir.intent = format!("{}: {does}", request.symbol.name.replace('_', " "));
        Ok(sir)
    }
}

/// The time of tokio.
#[derive(Debug)]
pub(crate) struct TokioTimer(tokio::time::Instant);

impl Default for TokioTimer {
    fn default() -> Self {
        Self(tokio::time::Instant::now())
    }
}

#[async_trait]
impl Timer for TokioTimer {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
