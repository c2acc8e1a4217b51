//! Semantic records in memory.

use std::collections::BTreeMap;

use super::MemoryStore;
use crate::base::ErrorCode;
use crate::code::{StoredRecord, SymbolId};
use crate::port::{PortError, RecordDelta, RecordStamp, RecordStore};

/// Records by provider and symbol, and the generation that those of a provider stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    records: BTreeMap<(String, SymbolId), StoredRecord>,
    generations: BTreeMap<String, Option<u64>>,
}

impl RecordStore for MemoryStore {
    fn apply_records(&self, delta: &RecordDelta) -> Result<(), PortError> {
        if delta.put.iter().any(|record| record.provider != delta.provider) {
            return Err(PortError::new(ErrorCode::INTERNAL, "a record is of another provider"));
        }
        let mut index = self.index();
        let Records { records, generations } = &mut index.records;
        for &symbol in &delta.removed {
            records.remove(&(delta.provider.clone(), symbol));
        }
        for record in &delta.put {
            records.insert((delta.provider.clone(), record.symbol), record.clone());
        }
        generations.insert(delta.provider.clone(), delta.generation);
        Ok(())
    }

    fn records(&self, provider: &str, symbols: &[SymbolId]) -> Result<Vec<Option<StoredRecord>>, PortError> {
        let index = self.index();
        let find = |&symbol| index.records.records.get(&(provider.to_owned(), symbol)).cloned();
        Ok(symbols.iter().map(find).collect())
    }

    fn record_stamps(&self, provider: &str) -> Result<Vec<RecordStamp>, PortError> {
        let index = self.index();
        let own = index.records.records.values().filter(|record| record.provider == provider);
        Ok(own.map(|it| RecordStamp::new(it.symbol, it.sir_hash, it.source_hash)).collect())
    }

    fn records_generation(&self, provider: &str) -> Result<Option<u64>, PortError> {
        Ok(self.index().records.generations.get(provider).copied().flatten())
    }
}
