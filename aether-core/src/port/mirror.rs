//! Records beside the store, in a form that people and other programs read.

use super::{PortError, RecordDelta};
use crate::code::{StoredRecord, SymbolId};

/// A copy of semantic records outside of the store. The store is the truth: a copy is written before it, and
/// read only where the store has no record.
pub trait RecordMirror: Send + Sync + std::fmt::Debug {
    /// Takes a change. One that is taken again changes nothing.
    ///
    /// # Errors
    ///
    /// When it cannot be written; part of the change may have been taken then.
    fn mirror(&self, delta: &RecordDelta) -> Result<(), PortError>;

    /// The records of symbols, in the order asked; `None` also for what is damaged.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn mirrored(&self, provider: &str, symbols: &[SymbolId]) -> Result<Vec<Option<StoredRecord>>, PortError>;

    /// The symbols that have a copy, sorted, whoever made their records.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn symbols(&self) -> Result<Vec<SymbolId>, PortError>;
}
