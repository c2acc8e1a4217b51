//! Where the lines of traces go.

use crate::authority::LedgerError;

/// A log of the lines of traces that only ever grows.
pub trait TraceLog: Send + Sync + std::fmt::Debug {
    /// Adds lines, each a header or an event of a trace without its line break. When it returns they survive a
    /// loss of power.
    ///
    /// # Errors
    ///
    /// When they are not durable.
    fn append(&self, lines: &[&str]) -> Result<(), LedgerError>;

    /// How many lines there are.
    fn len(&self) -> u64;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The line of this number, from 0, as it was added; `None` where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is damaged.
    fn line(&self, number: u64) -> Result<Option<String>, LedgerError>;
}
