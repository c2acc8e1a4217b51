//! What surrounds a symbol in the project graph.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::store::{EdgeQuery, EdgeRecord, GraphStore, PortError};
use crate::code::{Confidence, EdgeKind, Symbol, SymbolId};

/// Which part of the graph around a symbol is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NeighbourhoodQuery {
    /// The symbol in the middle.
    pub symbol: SymbolId,
    /// Most calls between it and another symbol.
    pub max_depth: u32,
    /// Least confidence of each call.
    pub min_confidence: Confidence,
    /// Most symbols, the one in the middle counted; it is told at any limit.
    pub limit: u32,
}

impl NeighbourhoodQuery {
    /// The symbols that call one or are called by it: at most 60, whatever the confidence of the calls.
    #[must_use]
    pub fn around(symbol: SymbolId) -> Self {
        Self { symbol, max_depth: 1, min_confidence: Confidence::default(), limit: 60 }
    }
}

/// The part of the project graph around a symbol.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Neighbourhood {
    /// The symbol in the middle, then the others, nearest first.
    pub symbols: Vec<Symbol>,
    /// The calls between any two of `symbols`: for each caller and callee the most likely one, of
    /// equally likely ones the first. Sorted by the places of both in `symbols`.
    pub edges: Vec<EdgeRecord>,
    /// Whether the limit left symbols out.
    pub has_more: bool,
}

/// See [`GraphStore::neighbourhood`].
pub(super) fn neighbourhood<G: GraphStore + ?Sized>(
    graph: &G,
    query: &NeighbourhoodQuery,
) -> Result<Neighbourhood, PortError> {
    let Some(middle) = graph.symbols(&[query.symbol])?.pop() else { return Ok(Neighbourhood::default()) };
    let room = (query.limit as usize).saturating_sub(1);
    let mut back = Side::new(query.symbol, Way::Back);
    let mut forward = Side::new(query.symbol, Way::Forward);
    let mut kept = vec![query.symbol];
    let mut known = BTreeSet::from([query.symbol]);
    let mut has_more = false;
    for _ in 0..query.max_depth {
        // The surest call that leads to each symbol which is not there yet.
        let mut found: BTreeMap<SymbolId, Confidence> = BTreeMap::new();
        for side in [&mut back, &mut forward] {
            for (id, confidence) in side.step(graph, query.min_confidence)? {
                if !known.contains(&id) {
                    let best = found.entry(id).or_insert(confidence);
                    *best = (*best).max(confidence);
                }
            }
        }
        let mut found: Vec<(SymbolId, Confidence)> = found.into_iter().collect();
        found.sort_by_key(|&(id, confidence)| (std::cmp::Reverse(confidence), id));
        let left = room + 1 - kept.len();
        has_more |= found.len() > left;
        found.truncate(left);
        known.extend(found.iter().map(|&(id, _)| id));
        kept.extend(found.into_iter().map(|(id, _)| id));
        if has_more || (back.is_done() && forward.is_done()) {
            break;
        }
    }
    let mut symbols = vec![middle];
    symbols.extend(graph.symbols(&kept[1..])?);
    let edges = between(graph, &kept, query.min_confidence)?;
    Ok(Neighbourhood { symbols, edges, has_more })
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    Back,
    Forward,
}

/// The callers of callers, or the callees of callees.
#[derive(Debug)]
struct Side {
    way: Way,
    seen: BTreeSet<SymbolId>,
    level: Vec<SymbolId>,
}

impl Side {
    fn new(middle: SymbolId, way: Way) -> Self {
        Self { way, seen: BTreeSet::from([middle]), level: vec![middle] }
    }

    fn is_done(&self) -> bool {
        self.level.is_empty()
    }

    /// The symbols one call further, each with the surest call that leads there.
    fn step<G: GraphStore + ?Sized>(
        &mut self,
        graph: &G,
        min_confidence: Confidence,
    ) -> Result<BTreeMap<SymbolId, Confidence>, PortError> {
        let mut next: BTreeMap<SymbolId, Confidence> = BTreeMap::new();
        for &id in &self.level {
            let query = match self.way {
                Way::Back => EdgeQuery::to(id, &[EdgeKind::Calls]),
                Way::Forward => EdgeQuery::from(id, &[EdgeKind::Calls]),
            };
            for edge in graph.edges(&EdgeQuery { min_confidence, ..query })? {
                let end = match self.way {
                    Way::Back => Some(edge.src_id),
                    Way::Forward => edge.dst_id,
                };
                let Some(end) = end.filter(|end| !self.seen.contains(end)) else { continue };
                let best = next.entry(end).or_insert(edge.confidence);
                *best = (*best).max(edge.confidence);
            }
        }
        self.seen.extend(next.keys());
        self.level = next.keys().copied().collect();
        Ok(next)
    }
}

/// The surest call of each pair of symbols.
fn between<G: GraphStore + ?Sized>(
    graph: &G,
    symbols: &[SymbolId],
    min_confidence: Confidence,
) -> Result<Vec<EdgeRecord>, PortError> {
    let places: BTreeMap<SymbolId, usize> = symbols.iter().enumerate().map(|(at, &id)| (id, at)).collect();
    let mut best: BTreeMap<(usize, usize), EdgeRecord> = BTreeMap::new();
    for (at, &id) in symbols.iter().enumerate() {
        let query = EdgeQuery { min_confidence, ..EdgeQuery::from(id, &[EdgeKind::Calls]) };
        for edge in graph.edges(&query)? {
            let Some(&end) = edge.dst_id.and_then(|id| places.get(&id)) else { continue };
            if best.get(&(at, end)).is_none_or(|known| known.confidence < edge.confidence) {
                best.insert((at, end), edge);
            }
        }
    }
    Ok(best.into_values().collect())
}
