//! Calls that are not made too often, too many at once or for too long, and are made again.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aether_core::base::ErrorCode;
use aether_core::port::{InferenceError, Timer};
use async_lock::Semaphore;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures::future::{BoxFuture, Either, select};

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

/// Makes calls within limits.
#[derive(Debug)]
pub(super) struct Calls {
    timer: Arc<dyn Timer>,
    limits: CallLimits,
    permits: Semaphore,
    /// When the next try may start, by the clock of the timer.
    next: Mutex<Duration>,
}

/// What a call gives.
pub(super) type Call<'c, T> = BoxFuture<'c, Result<T, InferenceError>>;

impl Calls {
    pub(super) fn new(timer: Arc<dyn Timer>, limits: CallLimits) -> Self {
        let permits = Semaphore::new(limits.concurrency.max(1));
        Self { timer, limits, permits, next: Mutex::new(Duration::ZERO) }
    }

    /// Makes a call, and again after a failure that may pass.
    pub(super) async fn make<'c, T>(
        &self,
        call: &(dyn Fn() -> Call<'c, T> + Send + Sync),
    ) -> Result<T, InferenceError> {
        let _permit = self.permits.acquire().await;
        let mut waits = ExponentialBuilder::new()
            .with_min_delay(self.limits.first_wait)
            .with_max_delay(self.limits.longest_wait)
            .with_factor(2.0)
            .with_max_times(self.limits.retries as usize)
            .build();
        loop {
            match self.once(call).await {
                Err(error) if self.is_worth_another(&error) => {
                    let Some(wait) = waits.next() else { return Err(error) };
                    self.timer.sleep(wait.max(error.retry_after.unwrap_or_default())).await;
                }
                result => return result,
            }
        }
    }

    async fn once<'c, T>(&self, call: &(dyn Fn() -> Call<'c, T> + Send + Sync)) -> Result<T, InferenceError> {
        self.turn().await;
        match select(call(), pin!(self.timer.sleep(self.limits.timeout))).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => {
                let message = format!("no answer within {} ms", self.limits.timeout.as_millis());
                Err(InferenceError::transient(ErrorCode::INFERENCE_TIMEOUT, message))
            }
        }
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

    fn is_worth_another(&self, error: &InferenceError) -> bool {
        error.is_transient && error.retry_after.is_none_or(|wait| wait <= self.limits.longest_asked_wait)
    }
}
