//! Where semantic records are kept.

use super::{HistoryStore, IndexStore, PortError, VectorStore};
use crate::base::Sha256Hash;
use crate::code::{StoredRecord, SymbolId};

/// What tells whether a record has to be made again, without the record.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct RecordStamp {
    /// Whose record it is.
    pub symbol: SymbolId,
    /// Hash of the record; `None` while every try failed.
    pub sir_hash: Option<Sha256Hash>,
    /// Hash of what it was made of.
    pub source_hash: Sha256Hash,
}

impl RecordStamp {
    /// A stamp.
    #[must_use]
    pub fn new(symbol: SymbolId, sir_hash: Option<Sha256Hash>, source_hash: Sha256Hash) -> Self {
        Self { symbol, sir_hash, source_hash }
    }
}

/// What changes among the records of one provider; a store takes it in one transaction.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct RecordDelta {
    /// The provider.
    pub provider: String,
    /// Records that are new or say something else; each of this provider.
    pub put: Vec<StoredRecord>,
    /// Symbols whose records go.
    pub removed: Vec<SymbolId>,
    /// The generation of the index that all records of the provider stand for from now on; `None` when they
    /// do not stand for one.
    pub generation: Option<u64>,
}

impl RecordDelta {
    /// Nothing changes.
    #[must_use]
    pub fn new(provider: impl Into<String>) -> Self {
        Self { provider: provider.into(), ..Self::default() }
    }
}

/// Semantic records, by provider and symbol. They outlive the index: a store that builds its index anew
/// keeps them.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "conformance")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aether_core::base::Sha256Hash;
/// use aether_core::code::{Confidence, Sir, StoredRecord, SymbolId};
/// use aether_core::conformance::MemoryStore;
/// use aether_core::port::{RecordDelta, RecordStore};
/// let (store, id) = (MemoryStore::default(), SymbolId::from_bytes([1; 16]));
/// let sir = Sir::new("Adds.", Confidence::from_thousandths(900));
/// let mut delta = RecordDelta::new("mock");
/// delta.put.push(StoredRecord::fresh(id, "mock", "1", sir, Sha256Hash::of(b"source"), None)?);
/// store.apply_records(&delta)?;
/// let found = store.records("mock", &[id])?;
/// assert_eq!(found[0].as_ref().and_then(|it| it.sir.as_ref()).map(|it| it.intent.as_str()), Some("Adds."));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "conformance"))]
/// # fn main() {}
/// ```
pub trait RecordStore: Send + Sync + std::fmt::Debug {
    /// Applies a change in one transaction. Removing what is not there is no error.
    ///
    /// # Errors
    ///
    /// When the store cannot be written; nothing was changed then.
    fn apply_records(&self, delta: &RecordDelta) -> Result<(), PortError>;

    /// The records of symbols, in the order asked.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn records(&self, provider: &str, symbols: &[SymbolId]) -> Result<Vec<Option<StoredRecord>>, PortError>;

    /// The stamps of all records of a provider, sorted by symbol.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn record_stamps(&self, provider: &str) -> Result<Vec<RecordStamp>, PortError>;

    /// The generation that [`RecordDelta::generation`] last said for a provider.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn records_generation(&self, provider: &str) -> Result<Option<u64>, PortError>;
}

/// A store of all that is known of a repository. Whatever keeps the rules of its parts is one.
pub trait Store: IndexStore + RecordStore + HistoryStore + VectorStore {}

impl<T: IndexStore + RecordStore + HistoryStore + VectorStore> Store for T {}
