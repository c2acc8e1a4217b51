//! Search by meaning: what is near a query among the vectors of records.

use std::collections::{HashMap, HashSet};

use aether_core::code::{Answer, SearchAnswer, SearchHit, SearchMode, SearchQuery, Symbol, SymbolId, fuse};

use super::error::EngineError;
use super::lifecycle::Engine;
use super::vectors::QueryVector;

/// Hits of each kind that are fused.
const FUSED: usize = 200;
/// Vectors that are looked at for each hit that is asked for where filters may take some away, and how many
/// times more when these were too few.
const SPARE: usize = 2;
const MORE: usize = 8;

impl Engine {
    /// Symbols by words, by meaning, or by both. Search by meaning takes the vectors that
    /// [`Engine::refresh_vectors`] made; where there are none that fit the index it falls back to words and
    /// says so (`no_vectors`, `stale_vectors`), as it does for a query without words (`no_words`) and one
    /// of which the embedder knows no word (`unknown_words`).
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn search(&self, query: &SearchQuery, mode: SearchMode) -> Result<Answer<SearchAnswer>, EngineError> {
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
        match self.query_vector(&query.text)? {
            Ok(vector) => self.search_near(query, mode, &vector),
            Err(reason) => by_words(reason),
        }
    }

    /// Search by a vector, alone or with words.
    pub(super) fn search_near(
        &self,
        query: &SearchQuery,
        mode: SearchMode,
        vector: &QueryVector,
    ) -> Result<SearchAnswer, EngineError> {
        let limit = query.limit.max(1) as usize;
        if mode == SearchMode::Semantic {
            return Ok(SearchAnswer::new(self.near(query, vector, limit)?, mode));
        }
        let mut meaning = self.near(query, vector, limit.max(FUSED))?;
        let mut wide = query.clone();
        wide.limit = query.limit.max(FUSED as u32);
        let words = self.store().search(&wide)?;
        self.add_likeness(&mut meaning, &words, vector)?;
        Ok(SearchAnswer::new(fuse(&query.text, words, meaning, limit), mode))
    }

    /// Adds to hits by meaning those that only words found, with how alike they are all the same.
    fn add_likeness(
        &self,
        meaning: &mut Vec<SearchHit>,
        words: &[SearchHit],
        vector: &QueryVector,
    ) -> Result<(), EngineError> {
        let near: HashSet<SymbolId> = meaning.iter().map(|hit| hit.id).collect();
        let others: Vec<&SearchHit> = words.iter().filter(|hit| !near.contains(&hit.id)).collect();
        let ids: Vec<SymbolId> = others.iter().map(|hit| hit.id).collect();
        let cosines = self.ports.store.cosines(&vector.space, &vector.vector, &ids)?;
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

    /// The symbols that the filters of a query keep, nearest first.
    fn near(
        &self,
        query: &SearchQuery,
        vector: &QueryVector,
        limit: usize,
    ) -> Result<Vec<SearchHit>, EngineError> {
        let has_filters = !(query.kinds.is_empty() && query.languages.is_empty() && query.paths.is_empty());
        let mut wanted = if has_filters { limit.saturating_mul(SPARE) } else { limit };
        loop {
            let near = self.ports.store.nearest(&vector.space, &vector.vector, wanted)?;
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
