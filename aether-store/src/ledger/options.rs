//! How a ledger is opened.

use std::time::Duration;

/// Largest segment that is read, in bytes: more than any option asks for.
pub(super) const MAX_SEGMENT_BYTES: u64 = 256 << 20;
/// Most bytes of lines that are written at once; what a crash leaves half written is not longer.
pub(super) const MAX_BATCH_BYTES: usize = 4 << 20;

/// Options of [`Ledger::open`](crate::Ledger::open).
///
/// # Examples
///
/// ```
/// use aether_store::LedgerOptions;
/// let options = LedgerOptions::default().with_segment_bytes(1 << 20).with_max_event_bytes(64 << 10);
/// assert_eq!(options.segment_bytes(), 1 << 20);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LedgerOptions {
    segment_bytes: u64,
    max_event_bytes: usize,
    busy_timeout_ms: u32,
    index_events: Option<u64>,
}

impl Default for LedgerOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 16 << 20,
            max_event_bytes: 1 << 20,
            busy_timeout_ms: 10_000,
            index_events: Some(256),
        }
    }
}

impl LedgerOptions {
    /// Sets from how many bytes on a segment is followed by another one: between 1 and 128 MiB, 16 MiB by
    /// default, which is read in some ten milliseconds.
    #[must_use]
    pub fn with_segment_bytes(mut self, segment_bytes: u64) -> Self {
        self.segment_bytes = segment_bytes.clamp(1, MAX_SEGMENT_BYTES / 2);
        self
    }

    /// Sets the longest event that is taken, in bytes: at most 2 MiB, 1 MiB by default. Longer output of
    /// tools stands beside the ledger, under its hash.
    #[must_use]
    pub fn with_max_event_bytes(mut self, max_event_bytes: usize) -> Self {
        self.max_event_bytes = max_event_bytes.min(MAX_BATCH_BYTES / 2);
        self
    }

    /// Sets how long a writer waits for others, in milliseconds, before it fails with `store.locked`; only
    /// pauses count. Default 10,000: others hold the ledger while one batch is written, a few milliseconds
    /// each, and are not served in turn.
    #[must_use]
    pub fn with_busy_timeout_ms(mut self, busy_timeout_ms: u32) -> Self {
        self.busy_timeout_ms = busy_timeout_ms;
        self
    }

    /// Sets how many events may be missing in the index before they are written to it, whole blocks of 256 only.
    /// 256 by default, which take about a millisecond: more at once would make those wait who append meanwhile.
    #[must_use]
    pub fn with_index_events(mut self, index_events: u64) -> Self {
        self.index_events = Some(index_events);
        self
    }

    /// Neither reads nor writes an index: whoever opens the ledger reads all of it, and has it in memory. By
    /// default there is one.
    #[must_use]
    pub fn without_index(mut self) -> Self {
        self.index_events = None;
        self
    }

    /// From how many bytes on a segment is followed by another one.
    #[must_use]
    pub fn segment_bytes(&self) -> u64 {
        self.segment_bytes
    }

    /// The longest event that is taken, in bytes.
    #[must_use]
    pub fn max_event_bytes(&self) -> usize {
        self.max_event_bytes
    }

    pub(super) fn busy_timeout(&self) -> Duration {
        Duration::from_millis(u64::from(self.busy_timeout_ms))
    }

    pub(super) fn index_events(&self) -> Option<u64> {
        self.index_events
    }
}
