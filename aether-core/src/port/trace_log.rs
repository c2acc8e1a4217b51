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

    /// Adds lines where there are still `len`, all or none; whether it did. What is in the log is looked at
    /// first and added to in one step so, whoever else adds lines.
    ///
    /// The default is for logs that nobody else adds to.
    ///
    /// # Errors
    ///
    /// When they are not durable.
    fn append_at(&self, len: u64, lines: &[&str]) -> Result<bool, LedgerError> {
        if self.len() != len {
            return Ok(false);
        }
        self.append(lines).map(|()| true)
    }

    /// How many lines there are, as far as they are known: others may have added some.
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
