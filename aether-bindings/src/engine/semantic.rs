//! Search by meaning: vectors of what records say.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use aether_core::base::Sha256Hash;
use aether_core::code::{Answer, SearchAnswer, SearchHit, SearchMode, SearchQuery, Symbol, SymbolId, fuse};
use aether_core::port::{Embedder, SymbolVector, VectorDelta};
use aether_index::Derived;
use aether_model::Latent;
use serde::Serialize;

use super::error::EngineError;
use super::lifecycle::Engine;

/// What bringing the vectors up to date did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VectorSummary {
    /// Vectors that there are now.
    pub vectors: u64,
    /// Vectors that are new.
    pub written: u64,
    /// Vectors whose symbols are gone.
    pub removed: u64,
    /// Whether the embedder learned anew.
    pub has_learned: bool,
}

/// Share of the documents, one in so many, of which others have to be put before the embedder learns anew.
const LEARN_AFTER: u64 = 4;
/// Hits of each kind that are fused.
const FUSED: usize = 200;
/// Vectors that are looked at for each hit that is asked for where filters may take some away, and how many
/// times more when these were too few.
const SPARE: usize = 2;
const MORE: usize = 8;

/// What the embedder learned last, and how often it had.
#[derive(Debug, Default)]
pub(super) struct KeptLatent(Mutex<Option<(u64, Arc<Latent>)>>);

/// The space of the embedder that learns in the repository.
fn latent_space() -> String {
    format!("{} {}", Latent::PROVIDER, Latent::MODEL)
}

impl Engine {
    /// Brings the vectors up to date with the index: those whose texts are others are made again, those of
    /// symbols that are gone removed, in one transaction. The embedder learns from the repository at first,
    /// and anew when a quarter of it is another; between, new texts are embedded by what it learned.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written; the vectors are as they were then.
    pub fn refresh_vectors(&self) -> Result<Answer<VectorSummary>, EngineError> {
        let (store, space) = (&self.ports.store, latent_space());
        let generation = self.store().state()?.freshness.generation;
        let known = store.vector_space(&space)?;
        let stamps = store.vector_stamps(&space)?;
        if known.is_some_and(|known| known.generation == generation) {
            return self.answer(VectorSummary { vectors: stamps.len() as u64, ..VectorSummary::default() });
        }
        let meaning = self.derived()?;
        let texts = texts(&meaning.derived);
        let mut is_there = vec![false; stamps.len()];
        let mut changed: Vec<&Text> = Vec::new();
        for text in &texts {
            match stamps.binary_search_by_key(&text.symbol, |(symbol, _)| *symbol) {
                Ok(place) => {
                    is_there[place] = true;
                    if stamps[place].1 != text.hash {
                        changed.push(text);
                    }
                }
                Err(_) => changed.push(text),
            }
        }
        let put = known.map_or(0, |known| known.put_since_learned) + changed.len() as u64;
        let learned = store.learned(&space)?.and_then(|bytes| Latent::from_bytes(&bytes));
        let learned = learned.filter(|_| put.saturating_mul(LEARN_AFTER) <= texts.len() as u64);
        let has_learned = learned.is_none();
        let latent = learned.unwrap_or_else(|| Latent::learn(texts.iter().map(|text| text.text.as_str())));
        let mut delta = VectorDelta::new(space, meaning.generation());
        if has_learned {
            changed = texts.iter().collect();
            delta.is_full = true;
            delta.learned = Some(latent.to_bytes());
        }
        let gone = stamps.iter().zip(is_there).filter(|(_, is_there)| !is_there);
        delta.removed = gone.map(|((symbol, _), _)| *symbol).collect();
        delta.put = changed
            .iter()
            .map(|text| SymbolVector::new(text.symbol, text.hash, latent.embed(&text.text)))
            .collect();
        store.apply_vectors(&delta)?;
        self.answer(VectorSummary {
            vectors: texts.len() as u64,
            written: delta.put.len() as u64,
            removed: delta.removed.len() as u64,
            has_learned,
        })
    }

    /// Symbols by words, by meaning, or by both. Search by meaning takes the vectors that
    /// [`Engine::refresh_vectors`] made; where there are none that fit the index it falls back to words and
    /// says so (`no_vectors`, `stale_vectors`), as it does for a query without words (`no_words`) and one
    /// of which the embedder knows no word (`unknown_words`).
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn search_by(
        &self,
        query: &SearchQuery,
        mode: SearchMode,
    ) -> Result<Answer<SearchAnswer>, EngineError> {
        let found = match mode {
            SearchMode::Semantic | SearchMode::Hybrid => self.search_by_meaning(query, mode)?,
            mode => SearchAnswer::new(self.store().search(query)?, mode),
        };
        self.answer(found)
    }

    fn search_by_meaning(&self, query: &SearchQuery, mode: SearchMode) -> Result<SearchAnswer, EngineError> {
        let by_words = |reason: &str| -> Result<SearchAnswer, EngineError> {
            Ok(SearchAnswer::fallen_back(self.store().search(query)?, mode, reason))
        };
        if query.text.trim().is_empty() {
            return by_words("no_words");
        }
        let Some((generation, latent)) = self.latent()? else { return by_words("no_vectors") };
        if generation != self.store().state()?.freshness.generation {
            return by_words("stale_vectors");
        }
        let vector = latent.embed(&query.text);
        if vector.iter().all(|part| *part == 0.0) {
            return by_words("unknown_words");
        }
        let limit = query.limit.max(1) as usize;
        if mode == SearchMode::Semantic {
            return Ok(SearchAnswer::new(self.near(query, &vector, limit)?, mode));
        }
        let mut meaning = self.near(query, &vector, limit.max(FUSED))?;
        let mut wide = query.clone();
        wide.limit = query.limit.max(FUSED as u32);
        let words = self.store().search(&wide)?;
        self.add_likeness(&mut meaning, &words, &vector)?;
        Ok(SearchAnswer::new(fuse(&query.text, words, meaning, limit), mode))
    }

    /// Adds to hits by meaning those that only words found, with how alike they are all the same.
    fn add_likeness(
        &self,
        meaning: &mut Vec<SearchHit>,
        words: &[SearchHit],
        vector: &[f32],
    ) -> Result<(), EngineError> {
        let near: HashSet<SymbolId> = meaning.iter().map(|hit| hit.id).collect();
        let others: Vec<&SearchHit> = words.iter().filter(|hit| !near.contains(&hit.id)).collect();
        let ids: Vec<SymbolId> = others.iter().map(|hit| hit.id).collect();
        let cosines = self.ports.store.cosines(&latent_space(), vector, &ids)?;
        let cosines: HashMap<SymbolId, f32> = cosines.into_iter().collect();
        for hit in others {
            if let Some(cosine) = cosines.get(&hit.id) {
                let mut hit = hit.clone();
                hit.score = f64::from(*cosine);
                meaning.push(hit);
            }
        }
        Ok(())
    }

    /// What the embedder learned, and the generation that the vectors stand for; kept until they change.
    fn latent(&self) -> Result<Option<(u64, Arc<Latent>)>, EngineError> {
        let space = latent_space();
        let Some(known) = self.ports.store.vector_space(&space)? else { return Ok(None) };
        let mut held = self.latent.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, latent)) = held.as_ref().filter(|(times, _)| *times == known.times_learned) {
            return Ok(Some((known.generation, Arc::clone(latent))));
        }
        let learned = self.ports.store.learned(&space)?.and_then(|bytes| Latent::from_bytes(&bytes));
        let Some(latent) = learned.map(Arc::new) else { return Ok(None) };
        *held = Some((known.times_learned, Arc::clone(&latent)));
        Ok(Some((known.generation, latent)))
    }

    /// The symbols that the filters of a query keep, nearest first.
    fn near(&self, query: &SearchQuery, vector: &[f32], limit: usize) -> Result<Vec<SearchHit>, EngineError> {
        let has_filters = !(query.kinds.is_empty() && query.languages.is_empty() && query.paths.is_empty());
        let mut wanted = if has_filters { limit.saturating_mul(SPARE) } else { limit };
        loop {
            let near = self.ports.store.nearest(&latent_space(), vector, wanted)?;
            let ids: Vec<SymbolId> = near.iter().map(|(id, _)| *id).collect();
            let symbols: HashMap<SymbolId, Symbol> =
                self.store().symbols(&ids)?.into_iter().map(|symbol| (symbol.id, symbol)).collect();
            let hits: Vec<SearchHit> = near
                .iter()
                .filter_map(|(id, cosine)| Some((symbols.get(id)?, cosine)))
                .filter(|(symbol, _)| keeps(query, symbol))
                .map(|(symbol, cosine)| SearchHit::new(symbol, f64::from(*cosine)))
                .take(limit)
                .collect();
            // A filter that keeps little has to look at more.
            if hits.len() == limit || near.len() < wanted {
                return Ok(hits);
            }
            wanted = wanted.saturating_mul(MORE);
        }
    }
}

fn keeps(query: &SearchQuery, symbol: &Symbol) -> bool {
    (query.kinds.is_empty() || query.kinds.contains(&symbol.kind))
        && (query.languages.is_empty() || query.languages.contains(&symbol.language))
        && query.keeps_path(symbol.file.as_str())
}

/// What is embedded of a symbol.
struct Text {
    symbol: SymbolId,
    hash: Sha256Hash,
    text: String,
}

fn texts(derived: &Derived) -> Vec<Text> {
    let texts = derived.records().filter_map(|symbol| Some((symbol.id, derived.text(symbol.id)?)));
    texts.map(|(symbol, text)| Text { symbol, hash: Sha256Hash::of(text.as_bytes()), text }).collect()
}
