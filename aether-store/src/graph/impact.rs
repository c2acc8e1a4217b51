//! What a change of a symbol may affect.

use std::collections::BTreeMap;

use aether_core::code::{Confidence, EdgeKind, SymbolId};
use aether_core::port::ImpactEntry;
use rusqlite::Connection;
use rustc_hash::FxHashSet;

use super::links::{Ids, Links};
use crate::error::Outcome;
use crate::ids;
use crate::kept::Kept;
use crate::symbols::Loader;

/// Everything that reaches a symbol over at most `max_depth` edges, nearest first, those of one
/// distance in the order of their ids. Of several ways of one length the surest is told.
pub(crate) fn impact(
    connection: &Connection,
    links: &Kept<Links>,
    symbol: SymbolId,
    max_depth: u32,
    min_confidence: Confidence,
) -> Outcome<Vec<ImpactEntry>> {
    let Some(start) = ids::key_of(connection, &symbol)? else { return Ok(Vec::new()) };
    let links = links.get(connection, Links::load)?;
    let mut ids = Ids::new(connection);
    let mut loader = Loader::new(connection);
    let mut seen = FxHashSet::from_iter([start as u32]);
    let mut level = vec![(start as u32, Confidence::CERTAIN)];
    let mut entries = Vec::new();
    for distance in 1..=max_depth {
        // For each symbol the surest way, and of equally sure ones the one over the largest id.
        let mut next: BTreeMap<u32, (Confidence, SymbolId)> = BTreeMap::new();
        for &(key, below) in &level {
            let via = ids.get(key)?;
            for link in links.to(key) {
                if link.kind != EdgeKind::Defines
                    && link.confidence >= min_confidence
                    && !seen.contains(&link.from)
                {
                    let way = (link.confidence.min(below), via);
                    let best = next.entry(link.from).or_insert(way);
                    *best = (*best).max(way);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        seen.extend(next.keys());
        level = next.iter().map(|(&key, &(confidence, _))| (key, confidence)).collect();
        let first = entries.len();
        for (key, (confidence, via)) in next {
            entries.push(ImpactEntry::new(loader.symbol(i64::from(key))?, distance, via, confidence));
        }
        entries[first..].sort_unstable_by_key(|entry| entry.symbol.id);
    }
    Ok(entries)
}
