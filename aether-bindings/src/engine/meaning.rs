//! Semantic records: derived from the index, kept in the store, asked for.

use std::sync::{Arc, PoisonError};

use aether_core::base::{ErrorCode, Sha256Hash, Timestamp};
use aether_core::code::{Answer, Effect, StoredRecord, Symbol, SymbolId};
use aether_core::port::{RecordDelta, RecordStamp};
use aether_index::{Derived, STATIC_PROVIDER, SirDeriver, static_model};
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;

/// A semantic record with what justifies it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SirAnswer {
    /// The symbol.
    pub symbol: Symbol,
    /// The record and its state; `None` for what has none, such as a field.
    pub record: Option<StoredRecord>,
    /// Of a function: each effect with the likeliest way to it.
    pub effects: Vec<Effect>,
}

/// What bringing the records up to date did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecordSummary {
    /// Records that there are now.
    pub records: u64,
    /// Records that are new or say something else.
    pub written: u64,
    /// Records whose symbols are gone.
    pub removed: u64,
}

/// What was derived, and the generation of the index that it stands for.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    generation: u64,
    pub(super) derived: Arc<Derived>,
}

impl Meaning {
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }
}

/// Derivations that are tried at most while other programs keep changing the index.
const MAX_TRIES: u32 = 8;

impl Engine {
    /// What the static provider derives from the index as it is, kept until the index changes.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub(super) fn derived(&self) -> Result<Meaning, EngineError> {
        let mut held = self.meaning.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tries = 1;
        loop {
            let generation = self.store().state()?.freshness.generation;
            if let Some(meaning) = held.as_ref().filter(|meaning| meaning.generation == generation) {
                return Ok(meaning.clone());
            }
            let mut deriver = SirDeriver::new(self.options.effects.clone());
            match deriver.load(self.store()) {
                Err(error) if *error.code() == ErrorCode::STORE_CONFLICT && tries < MAX_TRIES => tries += 1,
                result => {
                    result?;
                    let meaning = Meaning { generation, derived: Arc::new(deriver.derive()) };
                    return Ok(held.insert(meaning).clone());
                }
            }
        }
    }

    /// Brings the records of the static provider up to date with the index: those that say something else
    /// are written, those of symbols that are gone removed, in one transaction. Nothing is done when they
    /// stand for the index as it is.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written; the records are as they were then.
    pub fn refresh_records(&self) -> Result<Answer<RecordSummary>, EngineError> {
        let generation = self.store().state()?.freshness.generation;
        let stamps = self.ports.store.record_stamps(STATIC_PROVIDER)?;
        let model = self.static_model();
        // A record is made of the whole index by the rules of its model, which is all of its source that
        // can be another while the generation is the same.
        let source = Sha256Hash::of(model.as_bytes());
        let is_current = self.ports.store.records_generation(STATIC_PROVIDER)? == Some(generation)
            && stamps.iter().all(|stamp| stamp.source_hash == source);
        if is_current {
            let records = stamps.len() as u64;
            self.complete_mirror(STATIC_PROVIDER, generation)?;
            return self.answer(RecordSummary { records, ..RecordSummary::default() });
        }
        let meaning = self.derived()?;
        let delta = record_delta(&meaning, &model, source, &stamps, (self.ports.clock)())?;
        let (written, removed) = (delta.put.len() as u64, delta.removed.len() as u64);
        self.apply_records(&delta)?;
        self.complete_mirror(STATIC_PROVIDER, meaning.generation())?;
        let records = meaning.derived.records().count() as u64;
        self.answer(RecordSummary { records, written, removed })
    }

    /// The record of a symbol by the static provider, with the ways that lead to its effects: the one that is
    /// kept when [`Engine::refresh_records`] has seen the index as it is, else one that is derived now and
    /// not kept.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn sir(&self, id: SymbolId) -> Result<Answer<SirAnswer>, EngineError> {
        let symbol = self.symbol(id)?;
        let record = self.static_record(id)?;
        let effects = self.derived()?.derived.effects().of(id);
        self.answer(SirAnswer { symbol, record, effects })
    }

    pub(super) fn static_record(&self, id: SymbolId) -> Result<Option<StoredRecord>, EngineError> {
        let generation = self.store().state()?.freshness.generation;
        let (model, store) = (self.static_model(), &self.ports.store);
        if store.records_generation(STATIC_PROVIDER)? == Some(generation) {
            let kept = store.records(STATIC_PROVIDER, &[id])?.pop().flatten();
            if kept.as_ref().is_none_or(|record| record.model == model) {
                return Ok(kept);
            }
        }
        let Some(sir) = self.derived()?.derived.sir(id) else { return Ok(None) };
        let source = Sha256Hash::of(model.as_bytes());
        let record = StoredRecord::fresh(id, STATIC_PROVIDER, model, sir, source, (self.ports.clock)());
        Ok(Some(record.map_err(|error| without_hash(&error))?))
    }

    /// The model of the static provider, with the table of this engine.
    pub(super) fn static_model(&self) -> String {
        static_model(&self.options.effects)
    }

    /// What a function does beside giving a value and how it can fail, with the way to each; nothing for
    /// what has no body.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, and when the store cannot be read.
    pub fn effects(&self, id: SymbolId) -> Result<Answer<Vec<Effect>>, EngineError> {
        let symbol = self.symbol(id)?;
        let effects = self.derived()?.derived.effects().of(symbol.id);
        self.answer(effects)
    }
}

fn without_hash(error: &aether_core::base::CanonicalJsonError) -> EngineError {
    EngineError::new(ErrorCode::INTERNAL, format!("a derived record has no canonical form: {error}"))
}

/// What changes from the records that are kept, by their stamps, to those that were derived.
fn record_delta(
    meaning: &Meaning,
    model: &str,
    source: Sha256Hash,
    stamps: &[RecordStamp],
    now: Option<Timestamp>,
) -> Result<RecordDelta, EngineError> {
    let mut delta = RecordDelta::new(STATIC_PROVIDER);
    delta.generation = Some(meaning.generation);
    let mut is_there = vec![false; stamps.len()];
    for symbol in meaning.derived.records() {
        let Some(sir) = meaning.derived.sir(symbol.id) else { continue };
        let hash = sir.hash().map_err(|error| without_hash(&error))?;
        if let Ok(place) = stamps.binary_search_by_key(&symbol.id, |stamp| stamp.symbol) {
            is_there[place] = true;
            if stamps[place].sir_hash == Some(hash) && stamps[place].source_hash == source {
                continue;
            }
        }
        let record = StoredRecord::fresh(symbol.id, STATIC_PROVIDER, model, sir, source, now);
        delta.put.push(record.map_err(|error| without_hash(&error))?);
    }
    let gone = stamps.iter().zip(is_there).filter(|(_, is_there)| !is_there);
    delta.removed = gone.map(|(stamp, _)| stamp.symbol).collect();
    Ok(delta)
}
