//! How the policy file is opened.

use std::time::Duration;

/// Options of [`PolicyStore::open`](crate::PolicyStore::open) and [`AuditLog::open`](crate::AuditLog::open).
///
/// # Examples
///
/// ```
/// use aether_store::PolicyStoreOptions;
/// let options = PolicyStoreOptions::default().with_busy_timeout_ms(200).with_max_bytes(64 << 20);
/// assert_eq!(options.max_bytes(), Some(64 << 20));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PolicyStoreOptions {
    busy_timeout_ms: u32,
    max_bytes: Option<u64>,
}

impl Default for PolicyStoreOptions {
    fn default() -> Self {
        Self { busy_timeout_ms: 5000, max_bytes: None }
    }
}

impl PolicyStoreOptions {
    /// Sets how long a writer waits for another one, in milliseconds, before it fails as locked. Default
    /// 5,000: each transaction is one row and one wait for the disk.
    #[must_use]
    pub fn with_busy_timeout_ms(mut self, busy_timeout_ms: u32) -> Self {
        self.busy_timeout_ms = busy_timeout_ms;
        self
    }

    /// Limits the size of the file in bytes, rounded up to whole pages of 4,096: what needs more fails as
    /// with a full disk. A limit below the present size keeps that. By default the disk is the limit.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = Some(max_bytes);
        self
    }

    /// The limit of the size of the file, in bytes.
    #[must_use]
    pub fn max_bytes(&self) -> Option<u64> {
        self.max_bytes
    }

    pub(super) fn busy_timeout(&self) -> Duration {
        Duration::from_millis(u64::from(self.busy_timeout_ms))
    }
}
