//! Questions to the graph, answered by walking all of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Index, MemoryStore};
use crate::code::{Confidence, EdgeKind, LineageLink, Symbol, SymbolId};
use crate::port::{
    CallPath, Cycle, EdgeQuery, EdgeRecord, GraphStore, ImpactEntry, PathQuery, PortError, SymbolQuery,
};

impl GraphStore for MemoryStore {
    fn symbols(&self, ids: &[SymbolId]) -> Result<Vec<Symbol>, PortError> {
        let all = by_id(&self.index());
        Ok(ids.iter().filter_map(|id| all.get(id).cloned()).collect())
    }

    fn find_symbols(&self, query: &SymbolQuery) -> Result<Vec<Symbol>, PortError> {
        let has_name = |symbol: &Symbol| {
            query.name.as_ref().is_none_or(|name| {
                let before = symbol.qualified_name.strip_suffix(name.as_str()).filter(|_| !name.is_empty());
                symbol.name == *name || before.is_some_and(|it| it.is_empty() || it.ends_with("::"))
            })
        };
        let mut found = self.index().symbols();
        found.retain(|symbol| {
            has_name(symbol)
                && (query.kinds.is_empty() || query.kinds.contains(&symbol.kind))
                && query.file.as_ref().is_none_or(|file| symbol.file == *file)
                && query.parent.is_none_or(|parent| symbol.parent == Some(parent))
        });
        if query.limit > 0 {
            found.truncate(query.limit as usize);
        }
        Ok(found)
    }

    fn edges(&self, query: &EdgeQuery) -> Result<Vec<EdgeRecord>, PortError> {
        let mut found = self.index().edges();
        found.retain(|edge| {
            query.source.is_none_or(|source| edge.src_id == source)
                && query.target.is_none_or(|target| edge.dst_id == Some(target))
                && (query.kinds.is_empty() || query.kinds.contains(&edge.kind))
                && edge.confidence >= query.min_confidence
        });
        found.sort_by(|a, b| (&a.src_file, a.site_line).cmp(&(&b.src_file, b.site_line)));
        Ok(found)
    }

    fn unresolved_calls_named(&self, name: &str) -> Result<Vec<EdgeRecord>, PortError> {
        let mut found = self.index().edges();
        found.retain(|edge| {
            let is_named = !name.is_empty() && last_name(&edge.callee_text) == name;
            edge.kind == EdgeKind::Calls && edge.dst_path.is_none() && is_named
        });
        found.sort_by(|a, b| (&a.src_file, a.site_line).cmp(&(&b.src_file, b.site_line)));
        Ok(found)
    }

    fn impact(
        &self,
        symbol: SymbolId,
        max_depth: u32,
        min_confidence: Confidence,
    ) -> Result<Vec<ImpactEntry>, PortError> {
        let index = self.index();
        let symbols = by_id(&index);
        let mut edges = index.edges();
        edges.retain(|edge| edge.kind != EdgeKind::Defines && edge.confidence >= min_confidence);
        let mut seen = BTreeSet::from([symbol]);
        let mut level = BTreeMap::from([(symbol, Confidence::CERTAIN)]);
        let mut found = Vec::new();
        for distance in 1..=max_depth {
            let mut next: BTreeMap<SymbolId, (Confidence, SymbolId)> = BTreeMap::new();
            for edge in edges.iter().filter(|edge| !seen.contains(&edge.src_id)) {
                let Some((via, below)) = edge.dst_id.and_then(|via| Some((via, level.get(&via)?))) else {
                    continue;
                };
                let reached = (edge.confidence.min(*below), via);
                let best = next.entry(edge.src_id).or_insert(reached);
                *best = (*best).max(reached);
            }
            if next.is_empty() {
                break;
            }
            seen.extend(next.keys());
            level = next.iter().map(|(id, (confidence, _))| (*id, *confidence)).collect();
            let entries = next.into_iter().filter_map(|(id, (confidence, via))| {
                Some(ImpactEntry::new(symbols.get(&id)?.clone(), distance, via, confidence))
            });
            found.extend(entries);
        }
        Ok(found)
    }

    fn paths(&self, query: &PathQuery) -> Result<Vec<CallPath>, PortError> {
        let PathQuery { from, to, max_depth, min_confidence, limit } = *query;
        let mut calls = self.index().edges();
        calls.retain(|edge| is_call(edge.kind) && edge.dst_id.is_some() && edge.confidence >= min_confidence);
        // The most likely call of each pair; the sort keeps the order of equally likely ones.
        calls.sort_by_key(|edge| (edge.src_id, edge.dst_id, std::cmp::Reverse(edge.confidence)));
        calls.dedup_by_key(|edge| (edge.src_id, edge.dst_id));
        let mut partial: Vec<CallPath> = vec![Vec::new()];
        let mut seen = BTreeSet::from([from]);
        for _ in 0..max_depth {
            let mut longer = Vec::new();
            for path in &partial {
                let end = path.last().map_or(Some(from), |edge| edge.dst_id);
                for call in calls.iter().filter(|call| Some(call.src_id) == end) {
                    if call.dst_id.is_some_and(|next| !seen.contains(&next)) {
                        longer.push([path.as_slice(), std::slice::from_ref(call)].concat());
                    }
                }
            }
            let (mut found, rest): (Vec<CallPath>, Vec<CallPath>) =
                longer.into_iter().partition(|path| path.last().is_some_and(|edge| edge.dst_id == Some(to)));
            if !found.is_empty() {
                found.truncate(limit as usize);
                return Ok(found);
            }
            seen.extend(rest.iter().filter_map(|path| path.last()?.dst_id));
            partial = rest;
        }
        Ok(Vec::new())
    }

    fn cycles(&self, min_confidence: Confidence) -> Result<Vec<Cycle>, PortError> {
        let index = self.index();
        let symbols = by_id(&index);
        let mut calls: BTreeMap<SymbolId, BTreeSet<SymbolId>> = BTreeMap::new();
        for edge in index.edges() {
            if let Some(target) =
                edge.dst_id.filter(|_| is_call(edge.kind) && edge.confidence >= min_confidence)
            {
                calls.entry(edge.src_id).or_default().insert(target);
            }
        }
        let reached = |from: SymbolId| {
            let mut reached = BTreeSet::new();
            let mut open = vec![from];
            while let Some(id) = open.pop() {
                open.extend(calls.get(&id).into_iter().flatten().filter(|&&next| reached.insert(next)));
            }
            reached
        };
        let reach: BTreeMap<SymbolId, BTreeSet<SymbolId>> =
            calls.keys().map(|&id| (id, reached(id))).collect();
        let mut groups: BTreeSet<BTreeSet<SymbolId>> = BTreeSet::new();
        for (id, reached) in &reach {
            let comes_back = |other: &&SymbolId| reach.get(other).is_some_and(|back| back.contains(id));
            let group: BTreeSet<SymbolId> = reached.iter().filter(comes_back).copied().collect();
            if group.len() > 1 {
                groups.insert(group);
            }
        }
        let sorted = |group: BTreeSet<SymbolId>| {
            let mut cycle: Cycle = group.iter().filter_map(|id| symbols.get(id).cloned()).collect();
            cycle.sort_by(|a, b| (&a.qualified_name, a.id).cmp(&(&b.qualified_name, b.id)));
            cycle
        };
        let mut cycles: Vec<Cycle> = groups.into_iter().map(sorted).collect();
        let first_name = |cycle: &Cycle| cycle.first().map(|symbol| symbol.qualified_name.clone());
        cycles.sort_by_key(|cycle| (std::cmp::Reverse(cycle.len()), first_name(cycle)));
        Ok(cycles)
    }

    fn lineage(&self, symbol: SymbolId) -> Result<Vec<LineageLink>, PortError> {
        let leads = |link: &&LineageLink| link.from == symbol || link.to == symbol;
        Ok(self.index().lineage.iter().filter(leads).cloned().collect())
    }
}

/// The last name of the text of a call: `push` in `self.queue.push` and in `push::<u8>`, `vec` in
/// `vec!`.
fn last_name(text: &str) -> &str {
    let text = match text.strip_suffix('>').and_then(|text| text.split_once("::<")) {
        Some((before, _)) => before,
        None => text.trim_end_matches('!'),
    };
    text.rsplit(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or(text)
}

/// The `tests` edge of a site stands beside its `calls` edge.
fn is_call(kind: EdgeKind) -> bool {
    kind == EdgeKind::Calls
}

fn by_id(index: &Index) -> BTreeMap<SymbolId, Symbol> {
    index.symbols().into_iter().map(|symbol| (symbol.id, symbol)).collect()
}
