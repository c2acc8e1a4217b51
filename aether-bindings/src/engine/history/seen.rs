//! Versions where no version control keeps them: what is there now against what was there last.

use aether_core::base::ErrorCode;
use aether_core::code::{Commit, SirVersion, SymbolId};
use aether_core::port::{CommitVersions, RecordDelta};
use serde::Serialize;

use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// What recording a state did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SeenSummary {
    /// Whether something means another thing than in the last state; only then there is a new one.
    pub is_new: bool,
    /// Records that are new, say something else, or are gone.
    pub versions: u64,
}

/// The name, which no provider has, under which stands the generation of the index that was looked at last by
/// the rules of a model.
fn looked_at(model: &str) -> String {
    format!("{}{model}", Commit::SEEN)
}

/// States that are tried to be recorded at most while other programs record theirs.
const MAX_TRIES: u32 = 8;

impl Engine {
    /// Adds the records as they are to the history, where no version control does: what says something else
    /// than in the last state that was recorded becomes a version of this time. What was recorded stays,
    /// also when records are derived by other rules later.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::USAGE_BAD_ARGUMENTS`] for an engine without a clock
    /// ([`Ports::with_clock`](crate::engine::Ports::with_clock)); when the store cannot be read or written.
    pub fn record_state(&self) -> Result<SeenSummary, EngineError> {
        let mut tries = 1;
        loop {
            match self.record_state_once() {
                // Another program recorded one meanwhile: what differs from that is told.
                Err(error) if *error.code() == ErrorCode::STORE_CONFLICT && tries < MAX_TRIES => tries += 1,
                result => return result,
            }
        }
    }

    fn record_state_once(&self) -> Result<SeenSummary, EngineError> {
        let Some(now) = (self.ports.clock)() else {
            let message = "states are told by their times: the engine needs a clock";
            return Err(EngineError::new(ErrorCode::USAGE_BAD_ARGUMENTS, message));
        };
        let (store, model) = (&self.ports.store, self.static_model());
        let states = store.seen_states()?;
        let generation = self.store().state()?.freshness.generation;
        if store.records_generation(&looked_at(&model))? == Some(generation) {
            return Ok(SeenSummary::default());
        }
        let last = store.last_seen()?;
        let parent = states.last().map(|(state, _)| state);
        let number =
            parent.and_then(|it| it.id.strip_prefix(Commit::SEEN)?.parse().ok()).unwrap_or(0_u64) + 1;
        let state = Commit::seen(number, now, parent.map(|it| it.id.clone()));
        let meaning = self.derived()?;
        let derived = &meaning.derived;
        let mut versions = Vec::new();
        let mut is_there = vec![false; last.len()];
        for symbol in derived.records().filter(|symbol| !derived.is_sum(symbol.id)) {
            let (Some(sir), Some((name, file))) = (derived.sir(symbol.id), derived.place(symbol.id)) else {
                continue;
            };
            let version = SirVersion::new(symbol.id, name, file.clone(), Some(&state.id), Some(sir));
            let place = last.binary_search_by_key(&symbol.id, |(id, _)| *id);
            if let Ok(place) = place {
                is_there[place] = true;
            }
            if place.is_err() || place.is_ok_and(|place| last[place].1 != version.sir_hash) {
                versions.push(version);
            }
        }
        let gone = last.iter().zip(is_there).filter(|((_, hash), is_there)| hash.is_some() && !is_there);
        for (id, _) in gone.map(|(it, _)| *it).collect::<Vec<(SymbolId, _)>>() {
            // The name that it had last.
            let known = store.versions(&[id])?.pop();
            let Some(known) = known else { continue };
            versions.push(SirVersion::new(id, &known.qualified_name, known.file, Some(&state.id), None));
        }
        let summary = SeenSummary { is_new: !versions.is_empty(), versions: versions.len() as u64 };
        if summary.is_new {
            let mut told = CommitVersions::new(state, versions, Vec::new());
            told.is_from_nothing = states.last().is_some_and(|(_, maker)| *maker != model);
            store.apply_history(&model, &[told])?;
        }
        let mut looked = RecordDelta::new(looked_at(&model));
        looked.generation = Some(meaning.generation());
        store.apply_records(&looked)?;
        Ok(summary)
    }
}
