//! Vectors in memory.

use std::collections::BTreeMap;

use super::MemoryStore;
use crate::base::{ErrorCode, Sha256Hash};
use crate::code::SymbolId;
use crate::port::{PortError, SymbolVector, VectorDelta, VectorSpace, VectorStore};

/// Spaces by name.
pub(super) type Spaces = BTreeMap<String, Space>;

#[derive(Clone, Debug, Default)]
pub(super) struct Space {
    known: VectorSpace,
    learned: Option<Vec<u8>>,
    vectors: BTreeMap<SymbolId, SymbolVector>,
}

impl VectorStore for MemoryStore {
    fn apply_vectors(&self, delta: &VectorDelta) -> Result<(), PortError> {
        let mut index = self.index();
        let mut space = index.vectors.get(&delta.space).cloned().unwrap_or_default();
        if delta.is_full {
            space.vectors.clear();
        }
        for symbol in &delta.removed {
            space.vectors.remove(symbol);
        }
        space.vectors.extend(delta.put.iter().map(|vector| (vector.symbol, vector.clone())));
        let mut lengths = space.vectors.values().map(|it| it.vector.len());
        let first = lengths.next();
        if lengths.any(|length| Some(length) != first) {
            return Err(PortError::new(ErrorCode::INTERNAL, "vectors of one space differ in length"));
        }
        space.known.generation = delta.generation;
        space.known.put_since_learned += delta.put.len() as u64;
        if let Some(learned) = &delta.learned {
            space.learned = Some(learned.clone());
            space.known.times_learned += 1;
            space.known.put_since_learned = 0;
        }
        for replaced in delta.replaces.iter().filter(|it| **it != delta.space) {
            index.vectors.remove(replaced);
        }
        index.vectors.insert(delta.space.clone(), space);
        Ok(())
    }

    fn vector_spaces(&self) -> Result<Vec<String>, PortError> {
        Ok(self.index().vectors.keys().cloned().collect())
    }

    fn vector_space(&self, space: &str) -> Result<Option<VectorSpace>, PortError> {
        Ok(self.index().vectors.get(space).map(|space| space.known))
    }

    fn learned(&self, space: &str) -> Result<Option<Vec<u8>>, PortError> {
        Ok(self.index().vectors.get(space).and_then(|space| space.learned.clone()))
    }

    fn vector_stamps(&self, space: &str) -> Result<Vec<(SymbolId, Sha256Hash)>, PortError> {
        let index = self.index();
        let vectors = index.vectors.get(space).into_iter().flat_map(|space| space.vectors.values());
        Ok(vectors.map(|it| (it.symbol, it.source_hash)).collect())
    }

    fn nearest(&self, space: &str, vector: &[f32], limit: usize) -> Result<Vec<(SymbolId, f32)>, PortError> {
        let index = self.index();
        let vectors = index.vectors.get(space).into_iter().flat_map(|space| space.vectors.values());
        let mut near: Vec<(SymbolId, f32)> = vectors
            .filter(|it| it.vector.len() == vector.len())
            .map(|it| (it.symbol, cosine(&it.vector, vector)))
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(limit);
        Ok(near)
    }

    fn cosines(
        &self,
        space: &str,
        vector: &[f32],
        symbols: &[SymbolId],
    ) -> Result<Vec<(SymbolId, f32)>, PortError> {
        let index = self.index();
        let Some(space) = index.vectors.get(space) else { return Ok(Vec::new()) };
        let known = symbols.iter().filter_map(|symbol| space.vectors.get(symbol));
        let same = known.filter(|it| it.vector.len() == vector.len());
        Ok(same.map(|it| (it.symbol, cosine(&it.vector, vector))).collect())
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths > 0.0 { dot(a, b) / lengths } else { 0.0 }
}
