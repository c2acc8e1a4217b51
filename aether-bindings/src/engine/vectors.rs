//! Vectors of what records say, and the embedder that makes them.

use std::sync::{Arc, Mutex, PoisonError};

use aether_core::base::Sha256Hash;
use aether_core::code::{Answer, SymbolId};
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

/// What the embedder learned last, and how often it had.
#[derive(Debug, Default)]
pub(super) struct KeptLatent(Mutex<Option<(u64, Arc<Latent>)>>);

/// The vector of a query, and the space that it can be compared in.
pub(super) struct QueryVector {
    pub(super) space: String,
    pub(super) vector: Vec<f32>,
}

/// The name of a space: vectors of two providers or models cannot be compared.
pub(super) fn space_of(provider: &str, model: &str) -> String {
    format!("{provider} {model}")
}

/// Whether a space is of a provider.
fn is_of(space: &str, provider: &str) -> bool {
    space.split_once(' ').is_some_and(|(of, _)| of == provider)
}

/// What has to be embedded, and what is known.
pub(super) struct Pending {
    /// Of all symbols.
    pub(super) texts: Vec<Text>,
    /// The places of those whose vectors are missing or of another text.
    pub(super) changed: Vec<usize>,
    /// What goes, and the generation that the vectors stand for when all is put.
    pub(super) delta: VectorDelta,
}

impl Engine {
    /// The space of the embedder that computes here.
    fn own_space(&self) -> String {
        match &self.ports.embedder {
            Some(embedder) => space_of(embedder.provider(), &embedder.model()),
            None => space_of(Latent::PROVIDER, Latent::MODEL),
        }
    }

    /// Brings the vectors up to date with the index: those whose texts are others are made again, those of
    /// symbols that are gone removed, in one transaction; vectors of an earlier model of the embedder go.
    /// The embedder that learns from the repository does so at first, and anew when a quarter of it is
    /// another; between, new texts are embedded by what it learned.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written; the vectors are as they were then.
    pub fn refresh_vectors(&self) -> Result<Answer<VectorSummary>, EngineError> {
        let (store, space) = (&self.ports.store, self.own_space());
        let pending = match self.pending(&space)? {
            Ok(pending) => pending,
            Err(vectors) => return self.answer(VectorSummary { vectors, ..VectorSummary::default() }),
        };
        let Pending { texts, mut changed, mut delta } = pending;
        let removed = delta.removed.len() as u64;
        if let Some(embedder) = &self.ports.embedder {
            delta.put = embed(embedder.as_ref(), &texts, &changed);
        } else {
            let put = store.vector_space(&space)?.map_or(0, |known| known.put_since_learned);
            let put = put + changed.len() as u64;
            let learned = store.learned(&space)?.and_then(|bytes| Latent::from_bytes(&bytes));
            let learned = learned.filter(|_| put.saturating_mul(LEARN_AFTER) <= texts.len() as u64);
            let latent = learned.unwrap_or_else(|| {
                changed = (0..texts.len()).collect();
                delta.is_full = true;
                let latent = Latent::learn(texts.iter().map(|text| text.text.as_str()));
                delta.learned = Some(latent.to_bytes());
                latent
            });
            delta.put = embed(&latent, &texts, &changed);
        }
        store.apply_vectors(&delta)?;
        self.answer(VectorSummary {
            vectors: texts.len() as u64,
            written: delta.put.len() as u64,
            removed,
            has_learned: delta.learned.is_some(),
        })
    }

    /// What has to be embedded in a space; the number of its vectors when they stand for the index as it is.
    pub(super) fn pending(&self, space: &str) -> Result<Result<Pending, u64>, EngineError> {
        let store = &self.ports.store;
        let generation = self.store().state()?.freshness.generation;
        let stamps = store.vector_stamps(space)?;
        if store.vector_space(space)?.is_some_and(|known| known.generation == generation) {
            return Ok(Err(stamps.len() as u64));
        }
        let meaning = self.derived()?;
        let texts = texts(&meaning.derived);
        let mut is_there = vec![false; stamps.len()];
        let mut changed = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            let stamp = stamps.binary_search_by_key(&text.symbol, |(symbol, _)| *symbol);
            if let Ok(stamp) = stamp {
                is_there[stamp] = true;
            }
            if stamp.map(|stamp| stamps[stamp].1) != Ok(text.hash) {
                changed.push(place);
            }
        }
        let mut delta = VectorDelta::new(space, meaning.generation());
        let gone = stamps.iter().zip(is_there).filter(|(_, is_there)| !is_there);
        delta.removed = gone.map(|((symbol, _), _)| *symbol).collect();
        let provider = space.split(' ').next().unwrap_or_default();
        delta.replaces = store.vector_spaces()?;
        delta.replaces.retain(|other| other != space && is_of(other, provider));
        Ok(Ok(Pending { texts, changed, delta }))
    }

    /// The vector of a query by the embedder that computes here; else why there is nothing to compare it
    /// with.
    pub(super) fn query_vector(&self, text: &str) -> Result<Result<QueryVector, &'static str>, EngineError> {
        let space = self.own_space();
        if let Err(reason) = self.is_current(&space)? {
            return Ok(Err(reason));
        }
        let vector = match &self.ports.embedder {
            Some(embedder) => embedder.embed(text),
            None => match self.latent()? {
                Some(latent) => latent.embed(text),
                None => return Ok(Err("no_vectors")),
            },
        };
        Ok(QueryVector::checked(space, vector))
    }

    /// Whether the vectors of a space stand for the index as it is; else why not.
    pub(super) fn is_current(&self, space: &str) -> Result<Result<(), &'static str>, EngineError> {
        let Some(known) = self.ports.store.vector_space(space)? else { return Ok(Err("no_vectors")) };
        let is_current = known.generation == self.store().state()?.freshness.generation;
        Ok(if is_current { Ok(()) } else { Err("stale_vectors") })
    }

    /// What the embedder learned; kept until it learns anew.
    fn latent(&self) -> Result<Option<Arc<Latent>>, EngineError> {
        let space = self.own_space();
        let Some(known) = self.ports.store.vector_space(&space)? else { return Ok(None) };
        let mut held = self.latent.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, latent)) = held.as_ref().filter(|(times, _)| *times == known.times_learned) {
            return Ok(Some(Arc::clone(latent)));
        }
        let learned = self.ports.store.learned(&space)?.and_then(|bytes| Latent::from_bytes(&bytes));
        let Some(latent) = learned.map(Arc::new) else { return Ok(None) };
        *held = Some((known.times_learned, Arc::clone(&latent)));
        Ok(Some(latent))
    }
}

impl QueryVector {
    /// A vector that points somewhere.
    pub(super) fn checked(space: String, vector: Vec<f32>) -> Result<Self, &'static str> {
        if vector.iter().all(|part| *part == 0.0) {
            return Err("unknown_words");
        }
        Ok(Self { space, vector })
    }
}

/// The vectors of the texts at some places.
fn embed(embedder: &dyn Embedder, texts: &[Text], places: &[usize]) -> Vec<SymbolVector> {
    places.iter().map(|place| texts[*place].vector(embedder.embed(&texts[*place].text))).collect()
}

/// What is embedded of a symbol.
pub(super) struct Text {
    symbol: SymbolId,
    hash: Sha256Hash,
    pub(super) text: String,
}

impl Text {
    pub(super) fn vector(&self, vector: Vec<f32>) -> SymbolVector {
        SymbolVector::new(self.symbol, self.hash, vector)
    }
}

fn texts(derived: &Derived) -> Vec<Text> {
    let texts = derived.records().filter_map(|symbol| Some((symbol.id, derived.text(symbol.id)?)));
    texts.map(|(symbol, text)| Text { symbol, hash: Sha256Hash::of(text.as_bytes()), text }).collect()
}
