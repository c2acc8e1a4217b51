//! Writing edges: the block of a file, its lookups, and edges whose target is gone.

use std::collections::BTreeSet;

use aether_core::code::{Edge, EdgeTarget};
use rusqlite::params;
use rustc_hash::FxHashMap;

use super::Writer;
use super::plan::Plan;
use crate::codec::name_hash;
use crate::edge_block::{self, StoredEdge, Target};
use crate::error::{OrCorrupt as _, Outcome};
use crate::fact_source::lookup_each;
use crate::lookup::{self, Space};

/// The row by which an edge is found from its far end, if it is.
pub(super) fn edge_row(file: i64, edge: &StoredEdge<'_>) -> Option<i64> {
    if let Target::Symbol(key) = edge.target {
        return Some(lookup::pair(Space::Target, key, file));
    }
    let name = edge.unresolved_call_name()?;
    Some(lookup::pair(Space::Unresolved, i64::from(name_hash(name)), file))
}

/// Edges, calls and unresolved calls of a block.
pub(super) type EdgeCounts = (i64, i64, i64);

fn count(edges: &[StoredEdge<'_>]) -> EdgeCounts {
    edges.iter().fold((0, 0, 0), |(all, calls, unresolved), edge| {
        let is_call = edge_block::is_call(edge.kind);
        let is_unresolved = is_call && edge.target == Target::Unresolved;
        (all + 1, calls + i64::from(is_call), unresolved + i64::from(is_unresolved))
    })
}

impl Writer<'_> {
    /// Writes the edges of a file when they changed, and counts those that it has then.
    pub(super) fn write_edges(&mut self, plan: &Plan<'_>) -> Outcome<EdgeCounts> {
        let old_block =
            if plan.old.is_some() { edge_block::load(self.connection, plan.file)? } else { Vec::new() };
        let positions: FxHashMap<i64, u32> =
            plan.outline.entries.iter().enumerate().map(|(at, entry)| (entry.key, at as u32)).collect();
        let edges = match &plan.delta.edges {
            Some(edges) => self.stored(edges, &positions)?,
            None => {
                let mut edges = edge_block::read_all(&old_block).or_corrupt("edges")?;
                let before = edges.len();
                if plan.has_gone {
                    edges.retain(|edge| positions.contains_key(&edge.source));
                }
                if edges.len() == before {
                    return Ok(count(&edges));
                }
                edges
            }
        };
        self.replace_block(plan.file, &old_block, &edges)?;
        Ok(count(&edges))
    }

    /// Edges as they are stored, sorted by the position of their source and the site. An edge whose
    /// source is not a symbol of the file has no place and is left out.
    fn stored<'d>(
        &mut self,
        edges: &'d [Edge],
        positions: &FxHashMap<i64, u32>,
    ) -> Outcome<Vec<StoredEdge<'d>>> {
        let mut placed = Vec::with_capacity(edges.len());
        for same in edges.chunk_by(|a, b| a.source == b.source) {
            let Some(source) = self.key_of(&same[0].source)? else { continue };
            if let Some(&position) = positions.get(&source) {
                placed.extend(same.iter().map(|edge| (position, source, edge)));
            }
        }
        placed.sort_by(|(a, _, x), (b, _, y)| {
            (a, x.at, x.kind, &x.target, &x.text).cmp(&(b, y.at, y.kind, &y.target, &y.text))
        });
        let mut stored = Vec::with_capacity(placed.len());
        for (_, source, edge) in placed {
            let target = match &edge.target {
                EdgeTarget::Symbol(id) => self.key_of(id)?.map(Target::Symbol),
                EdgeTarget::External(path) => Some(Target::External(path)),
                EdgeTarget::Unresolved => Some(Target::Unresolved),
            };
            let known = StoredEdge {
                source,
                kind: edge.kind,
                at: edge.at,
                line: edge.line,
                target: target.unwrap_or(Target::Unresolved),
                confidence: edge.confidence,
                resolution: edge.resolution,
                text: &edge.text,
            };
            stored.push(if target.is_some() { known } else { known.unresolved() });
        }
        Ok(stored)
    }

    fn replace_block(&mut self, file: i64, old_block: &[u8], edges: &[StoredEdge<'_>]) -> Outcome<()> {
        let mut data = Vec::new();
        edge_block::write(edges, &mut data);
        if data == old_block {
            return Ok(());
        }
        let mut old_rows = Vec::new();
        edge_block::read(old_block, |edge| old_rows.extend(edge_row(file, &edge))).or_corrupt("edges")?;
        let new_rows = edges.iter().filter_map(|edge| edge_row(file, edge)).collect();
        self.replace_lookups(old_rows, new_rows);
        if edges.is_empty() {
            self.connection.prepare_cached("DELETE FROM edges WHERE file = ?1")?.execute([file])?;
            return Ok(());
        }
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO edges (file, data) VALUES (?1, ?2)")?
            .execute(params![file, data])?;
        Ok(())
    }

    /// Turns edges away from keys that are gone: to the new key when the id came back in another place,
    /// else to nowhere. Only files whose edges the delta left alone have such; those of the others were
    /// looked up after the keys went.
    pub(super) fn release_gone(&mut self) -> Outcome<()> {
        let gone = std::mem::take(&mut self.gone);
        let mut files = BTreeSet::new();
        for &key in gone.keys() {
            lookup_each(self.connection, Space::Target, key, |file| {
                files.insert(file);
            })?;
        }
        for file in files {
            let old_block = edge_block::load(self.connection, file)?;
            let mut edges = edge_block::read_all(&old_block).or_corrupt("edges")?;
            let (_, _, before) = count(&edges);
            let mut is_changed = false;
            for edge in &mut edges {
                if let Target::Symbol(key) = edge.target
                    && let Some(id) = gone.get(&key)
                {
                    is_changed = true;
                    match self.key_of(id)? {
                        Some(new) => edge.target = Target::Symbol(new),
                        None => *edge = edge.unresolved(),
                    }
                }
            }
            if !is_changed {
                continue;
            }
            let (_, _, after) = count(&edges);
            self.replace_block(file, &old_block, &edges)?;
            self.connection
                .prepare_cached("UPDATE files SET calls_unresolved = calls_unresolved + ?2 WHERE file = ?1")?
                .execute([file, after - before])?;
            self.change.calls_unresolved += after - before;
        }
        Ok(())
    }
}
