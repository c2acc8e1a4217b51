//! Time as something to wait for, handed in by whoever has a runtime.

use std::time::Duration;

use async_trait::async_trait;

/// A clock that only goes forward, and a way to wait. Libraries have neither: a program hands in those of
/// its runtime, a test one that goes forward by itself.
///
/// # Examples
///
/// ```
/// use std::sync::Mutex;
/// use std::time::Duration;
/// use aether_core::port::Timer;
///
/// /// Does not wait: the time is what was waited for.
/// #[derive(Debug, Default)]
/// struct Waited(Mutex<Duration>);
///
/// #[async_trait::async_trait]
/// impl Timer for Waited {
///     fn now(&self) -> Duration {
///         *self.0.lock().unwrap()
///     }
///     async fn sleep(&self, duration: Duration) {
///         *self.0.lock().unwrap() += duration;
///     }
/// }
/// ```
#[async_trait]
pub trait Timer: Send + Sync + std::fmt::Debug {
    /// The time since some moment that stays the same.
    fn now(&self) -> Duration;

    /// Is ready when `duration` has gone by.
    async fn sleep(&self, duration: Duration);
}
