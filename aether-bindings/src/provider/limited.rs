//! A provider that is not asked too often, too much at once or for too long, and is asked again.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aether_core::base::ErrorCode;
use aether_core::code::Sir;
use aether_core::port::{InferenceError, InferenceProvider, InferenceRequest, Timer};
use async_lock::Semaphore;
use async_trait::async_trait;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures::future::{Either, select};

/// Limits on the calls of a provider.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CallLimits {
    /// How long one try may take. Default 30 s.
    pub timeout: Duration,
    /// How often a request is made again after a failure that may pass. Default 2.
    pub retries: u32,
    /// The wait before the first of these; each further one is twice as long. Default 200 ms.
    pub first_wait: Duration,
    /// The longest such wait. Default 2 s.
    pub longest_wait: Duration,
    /// The longest wait that a provider may ask for; of a longer one nothing is tried again. Default 60 s.
    pub longest_asked_wait: Duration,
    /// Requests at once, those that wait to be made again among them. Default 2; at least 1.
    pub concurrency: usize,
    /// Tries in a minute, evenly spread; `None` for as many as there are. Default `None`.
    pub per_minute: Option<u32>,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            retries: 2,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(2),
            longest_asked_wait: Duration::from_secs(60),
            concurrency: 2,
            per_minute: None,
        }
    }
}

/// A provider within limits. Clones of the `Arc` share them.
#[derive(Debug)]
pub struct LimitedProvider {
    inner: Arc<dyn InferenceProvider>,
    timer: Arc<dyn Timer>,
    limits: CallLimits,
    permits: Semaphore,
    /// When the next try may start, by the clock of the timer.
    next: Mutex<Duration>,
}

impl LimitedProvider {
    /// Keeps `inner` within `limits`, by the time of `timer`.
    #[must_use]
    pub fn new(inner: Arc<dyn InferenceProvider>, timer: Arc<dyn Timer>, limits: CallLimits) -> Self {
        let permits = Semaphore::new(limits.concurrency.max(1));
        Self { inner, timer, limits, permits, next: Mutex::new(Duration::ZERO) }
    }

    /// Waits for the turn of one try.
    async fn turn(&self) {
        let Some(per_minute) = self.limits.per_minute else { return };
        let apart = Duration::from_secs(60) / per_minute.max(1);
        let now = self.timer.now();
        let start = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let start = now.max(*next);
            *next = start + apart;
            start
        };
        if start > now {
            self.timer.sleep(start - now).await;
        }
    }

    async fn once(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
        self.turn().await;
        let answer = pin!(self.inner.infer(request));
        match select(answer, pin!(self.timer.sleep(self.limits.timeout))).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => {
                let message = format!("no answer within {} ms", self.limits.timeout.as_millis());
                Err(InferenceError::transient(ErrorCode::INFERENCE_TIMEOUT, message))
            }
        }
    }

    async fn again_and_again(&self, request: &InferenceRequest) -> Result<Sir, InferenceError> {
        let mut waits = ExponentialBuilder::new()
            .with_min_delay(self.limits.first_wait)
            .with_max_delay(self.limits.longest_wait)
            .with_factor(2.0)
            .with_max_times(self.limits.retries as usize)
            .build();
        loop {
            match self.once(request).await {
                Err(error) if self.is_worth_another(&error) => {
                    let Some(wait) = waits.next() else { return Err(error) };
                    self.timer.sleep(wait.max(error.retry_after.unwrap_or_default())).await;
                }
                result => return result,
            }
        }
    }

    fn is_worth_another(&self, error: &InferenceError) -> bool {
        error.is_transient && error.retry_after.is_none_or(|wait| wait <= self.limits.longest_asked_wait)
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
        let _permit = self.permits.acquire().await;
        let sir = self.again_and_again(request).await?;
        if sir.intent.trim().is_empty() {
            return Err(InferenceError::lasting(ErrorCode::INFERENCE_BAD_RECORD, "the record has no intent"));
        }
        match sir.hash() {
            Ok(_) => Ok(sir),
            Err(error) => Err(InferenceError::lasting(ErrorCode::INFERENCE_BAD_RECORD, error.to_string())),
        }
    }
}
