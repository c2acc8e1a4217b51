//! Records by other providers than the static one, and their copy beside the store.

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::code::{Answer, Sir, StoredRecord, Symbol, SymbolId};
use aether_core::port::{PortError, RecordDelta};
use aether_index::STATIC_PROVIDER;

use super::error::EngineError;
use super::lifecycle::Engine;
use super::meaning::SirAnswer;
use super::sources::Sources;

/// Stands before the name of a provider where the generation of the records is kept that were copied last.
const COPIED: &str = "copied:";
/// Records that are copied in one step.
const BATCH: usize = 1000;

impl Engine {
    /// The record of a symbol by any provider, as it was stored last. It is told as stale when the code or
    /// what is derived of it changed since, also where nobody tried to make a newer one. A record that the
    /// store has lost is taken from its copy ([`Ports::with_mirror`](super::Ports::with_mirror)).
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store or the copy cannot be read.
    pub fn sir_by(&self, id: SymbolId, provider: &str) -> Result<Answer<SirAnswer>, EngineError> {
        if provider == STATIC_PROVIDER {
            return self.sir(id);
        }
        let symbol = self.symbol(id)?;
        let meaning = self.derived()?;
        let mut record = self.ports.store.records(provider, &[id])?.pop().flatten();
        if record.is_none() {
            record = self.restored(provider, &[id])?.pop();
        }
        if let (Some(found), Some(derived)) = (&record, meaning.derived.sir(id)) {
            let source = source_of(&mut Sources::new(self), &symbol)?;
            let hash = source.map(|source| source_hash(&found.model, &source, &derived)).transpose()?;
            // Of a file that changed since it was indexed nobody knows whether the record holds.
            record = record.map(|record| record.against(hash.unwrap_or_else(|| Sha256Hash::of(b""))));
        }
        let effects = meaning.derived.effects().of(id);
        self.answer(SirAnswer { symbol, record, effects })
    }

    /// Applies a change to the copy and to the store. The copy comes first: a change that only it has is
    /// made again.
    pub(super) fn apply_records(&self, delta: &RecordDelta) -> Result<(), PortError> {
        if let Some(mirror) = &self.ports.mirror {
            mirror.mirror(delta)?;
        }
        self.ports.store.apply_records(delta)
    }

    /// Takes records that the store does not have from their copy, into the store too unless that is open
    /// for reading only.
    pub(super) fn restored(
        &self,
        provider: &str,
        symbols: &[SymbolId],
    ) -> Result<Vec<StoredRecord>, EngineError> {
        let Some(mirror) = &self.ports.mirror else { return Ok(Vec::new()) };
        let found: Vec<StoredRecord> = mirror.mirrored(provider, symbols)?.into_iter().flatten().collect();
        if !found.is_empty() {
            let mut delta = RecordDelta::new(provider);
            delta.put.clone_from(&found);
            match self.ports.store.apply_records(&delta) {
                Err(error) if *error.code() != ErrorCode::STORE_IO => return Err(error.into()),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Makes the copy that of all records of a provider, unless it is that already of the records of this
    /// generation: what differs is written, and symbols without a record lose theirs.
    pub(super) fn complete_mirror(&self, provider: &str, generation: u64) -> Result<(), EngineError> {
        let Some(mirror) = &self.ports.mirror else { return Ok(()) };
        let mark = format!("{COPIED}{provider}");
        if self.ports.store.records_generation(&mark)? == Some(generation) {
            return Ok(());
        }
        let stamps = self.ports.store.record_stamps(provider)?;
        let is_kept = |id: &SymbolId| stamps.binary_search_by_key(id, |stamp| stamp.symbol).is_ok();
        let mut delta = RecordDelta::new(provider);
        delta.removed = mirror.symbols()?.into_iter().filter(|id| !is_kept(id)).collect();
        mirror.mirror(&delta)?;
        let ids: Vec<SymbolId> = stamps.iter().map(|stamp| stamp.symbol).collect();
        for ids in ids.chunks(BATCH) {
            let mut delta = RecordDelta::new(provider);
            delta.put = self.ports.store.records(provider, ids)?.into_iter().flatten().collect();
            mirror.mirror(&delta)?;
        }
        let mut copied = RecordDelta::new(mark);
        copied.generation = Some(generation);
        Ok(self.ports.store.apply_records(&copied)?)
    }
}

/// The source of a symbol as it was indexed; `None` where the file is another now.
pub(super) fn source_of(sources: &mut Sources<'_>, symbol: &Symbol) -> Result<Option<String>, EngineError> {
    Ok(sources.text(&symbol.file)?.and_then(|text| symbol.span.slice(text)).map(str::to_owned))
}

/// The hash of all that a record is made of.
pub(super) fn source_hash(model: &str, source: &str, derived: &Sir) -> Result<Sha256Hash, EngineError> {
    let derived = derived.canonical().map_err(|error| {
        EngineError::new(ErrorCode::INTERNAL, format!("a derived record has no canonical form: {error}"))
    })?;
    Ok(Sha256Hash::of(format!("{model}\0{source}\0{derived}").as_bytes()))
}
