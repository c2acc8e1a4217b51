//! How a store is opened.

use std::time::Duration;

/// Options of [`SqliteStore::open`](crate::SqliteStore::open).
///
/// # Examples
///
/// ```
/// use aether_store::StoreOptions;
/// let options = StoreOptions::default().with_busy_timeout_ms(200).with_read_only();
/// assert!(options.is_read_only());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct StoreOptions {
    busy_timeout_ms: u32,
    read_only: bool,
    max_bytes: Option<u64>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { busy_timeout_ms: 5000, read_only: false, max_bytes: None }
    }
}

impl StoreOptions {
    /// Sets how long a writer waits for another one, in milliseconds, before it fails with
    /// `store.locked`. Default 5,000: the longest transaction, a first index, takes about a second
    /// for a repository of 100 MB.
    #[must_use]
    pub fn with_busy_timeout_ms(mut self, busy_timeout_ms: u32) -> Self {
        self.busy_timeout_ms = busy_timeout_ms;
        self
    }

    /// Opens for reading only: nothing is created, migrated or written, and a store that does not exist
    /// is `store.missing`. Only what a program left behind that did not come to close the store is put
    /// in order. By default a store that does not exist is created.
    #[must_use]
    pub fn with_read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Limits the size of the file in bytes, rounded up to whole pages of 4,096: a delta that needs more
    /// fails with `store.disk_full` and changes nothing. A limit below the present size keeps that.
    /// By default the disk is the limit.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = Some(max_bytes);
        self
    }

    /// Whether the store is opened for reading only.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    pub(crate) fn max_bytes(&self) -> Option<u64> {
        self.max_bytes
    }

    pub(crate) fn busy_timeout(&self) -> Duration {
        Duration::from_millis(u64::from(self.busy_timeout_ms))
    }
}
