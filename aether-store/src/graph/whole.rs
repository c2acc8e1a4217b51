//! Questions that need the whole graph: what reaches a symbol, chains of calls, circles.
//!
//! The edges of all files are read once into lists of neighbours by key; 400,000 edges are some ten
//! milliseconds and a few megabytes.

use std::collections::VecDeque;

use aether_core::code::{Confidence, EdgeKind};
use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::edge_block::{self, Target};
use crate::error::{OrCorrupt as _, Outcome};

/// One end of an edge, seen from the other.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Step {
    pub(super) symbol: i64,
    pub(super) kind: EdgeKind,
    pub(super) confidence: Confidence,
}

/// The edges between symbols of the project, from both ends.
#[derive(Debug, Default)]
pub(super) struct Whole {
    outgoing: FxHashMap<i64, Vec<Step>>,
    incoming: FxHashMap<i64, Vec<Step>>,
}

/// A symbol that was reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Reached {
    pub(super) symbol: i64,
    pub(super) distance: u32,
    pub(super) via: i64,
    pub(super) confidence: Confidence,
}

impl Whole {
    /// Reads the edges of `kinds` that are at least as likely as `min_confidence`.
    pub(super) fn read(
        connection: &Connection,
        kinds: &[EdgeKind],
        min_confidence: Confidence,
    ) -> Outcome<Self> {
        let mut whole = Self::default();
        let mut statement = connection.prepare_cached("SELECT data FROM edges ORDER BY file")?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            edge_block::read(crate::rows::blob(row.get_ref(0)?)?, |edge| {
                if let Target::Symbol(target) = edge.target
                    && kinds.contains(&edge.kind)
                    && edge.confidence >= min_confidence
                {
                    whole.add(edge.source, target, edge.kind, edge.confidence);
                }
            })
            .or_corrupt("edges")?;
        }
        for list in whole.outgoing.values_mut().chain(whole.incoming.values_mut()) {
            // The likeliest of several edges between two symbols stands for them.
            list.sort_unstable_by_key(|step| (step.symbol, step.kind, std::cmp::Reverse(step.confidence)));
            list.dedup_by_key(|step| (step.symbol, step.kind));
        }
        Ok(whole)
    }

    fn add(&mut self, source: i64, target: i64, kind: EdgeKind, confidence: Confidence) {
        self.outgoing.entry(source).or_default().push(Step { symbol: target, kind, confidence });
        self.incoming.entry(target).or_default().push(Step { symbol: source, kind, confidence });
    }

    fn outgoing(&self, symbol: i64) -> &[Step] {
        self.outgoing.get(&symbol).map_or(&[], Vec::as_slice)
    }

    fn incoming(&self, symbol: i64) -> &[Step] {
        self.incoming.get(&symbol).map_or(&[], Vec::as_slice)
    }

    /// What reaches `start`, nearest first; of equal distances the likelier way.
    ///
    /// A method that implements one of a trait is also reached by whoever calls that: from it the way
    /// leads to the declaration, and from there to callers but not to other implementations.
    pub(super) fn reaching(&self, start: i64, max_depth: u32) -> Vec<Reached> {
        let mut seen = FxHashSet::from_iter([start]);
        let mut level =
            vec![(Reached { symbol: start, distance: 0, via: start, confidence: Confidence::CERTAIN }, false)];
        let mut found = Vec::new();
        for distance in 1..=max_depth {
            let mut next: Vec<(Reached, bool)> = Vec::new();
            for (from, is_declaration) in &level {
                let dispatch = self
                    .outgoing(from.symbol)
                    .iter()
                    .filter(|step| step.kind == EdgeKind::Implements)
                    .map(|step| (step, true));
                let callers = self
                    .incoming(from.symbol)
                    .iter()
                    .filter(|step| !(*is_declaration && step.kind == EdgeKind::Implements))
                    .map(|step| (step, false));
                for (step, is_declaration) in callers.chain(dispatch) {
                    let confidence = from.confidence.min(step.confidence);
                    let reached = Reached { symbol: step.symbol, distance, via: from.symbol, confidence };
                    next.push((reached, is_declaration));
                }
            }
            next.sort_by_key(|(reached, is_declaration)| {
                (std::cmp::Reverse(reached.confidence), *is_declaration, reached.symbol, reached.via)
            });
            next.retain(|(reached, _)| seen.insert(reached.symbol));
            if next.is_empty() {
                break;
            }
            found.extend(next.iter().map(|(reached, _)| *reached));
            level = next;
        }
        found
    }

    /// Shortest chains from one symbol to another, at most `limit`, each no longer than `max_depth`
    /// edges.
    pub(super) fn chains(&self, from: i64, to: i64, max_depth: u32, limit: u32) -> Vec<Vec<i64>> {
        // How far each symbol is from the end, as far as it can be on a shortest chain.
        let mut left = FxHashMap::from_iter([(to, 0_u32)]);
        let mut queue = VecDeque::from([to]);
        while let Some(symbol) = queue.pop_front() {
            let distance = left[&symbol];
            if distance >= max_depth || left.contains_key(&from) && distance >= left[&from] {
                continue;
            }
            for step in self.incoming(symbol) {
                left.entry(step.symbol).or_insert_with(|| {
                    queue.push_back(step.symbol);
                    distance + 1
                });
            }
        }
        let mut chains = Vec::new();
        if from == to || !left.contains_key(&from) {
            return chains;
        }
        let mut open = vec![vec![from]];
        while let Some(chain) = open.pop() {
            if chains.len() >= limit as usize {
                break;
            }
            let Some(&last) = chain.last() else { continue };
            if last == to {
                chains.push(chain);
                continue;
            }
            let wanted = left[&last].checked_sub(1);
            // Backwards, so that the first neighbour is taken first.
            for step in self.outgoing(last).iter().rev() {
                if wanted.is_some() && left.get(&step.symbol).copied() == wanted {
                    let mut longer = chain.clone();
                    longer.push(step.symbol);
                    open.push(longer);
                }
            }
        }
        chains
    }

    /// Groups of more than one symbol that reach one another (Tarjan's strongly connected
    /// components, without recursion).
    pub(super) fn circles(&self) -> Vec<Vec<i64>> {
        let mut state = Tarjan::default();
        let mut roots: Vec<i64> = self.outgoing.keys().copied().collect();
        roots.sort_unstable();
        for root in roots {
            if !state.index.contains_key(&root) {
                state.visit(self, root);
            }
        }
        state.components
    }
}

#[derive(Default)]
struct Tarjan {
    index: FxHashMap<i64, u32>,
    low: FxHashMap<i64, u32>,
    stack: Vec<i64>,
    on_stack: FxHashSet<i64>,
    components: Vec<Vec<i64>>,
}

impl Tarjan {
    fn open(&mut self, symbol: i64) {
        let number = self.index.len() as u32;
        self.index.insert(symbol, number);
        self.low.insert(symbol, number);
        self.stack.push(symbol);
        self.on_stack.insert(symbol);
    }

    fn lower(&mut self, symbol: i64, to: u32) {
        let low = self.low.entry(symbol).or_insert(to);
        *low = (*low).min(to);
    }

    fn visit(&mut self, whole: &Whole, root: i64) {
        self.open(root);
        let mut calls = vec![(root, 0_usize)];
        while let Some((symbol, next)) = calls.last_mut() {
            let symbol = *symbol;
            if let Some(step) = whole.outgoing(symbol).get(*next) {
                *next += 1;
                if !self.index.contains_key(&step.symbol) {
                    self.open(step.symbol);
                    calls.push((step.symbol, 0));
                } else if self.on_stack.contains(&step.symbol) {
                    let to = self.index[&step.symbol];
                    self.lower(symbol, to);
                }
                continue;
            }
            calls.pop();
            let low = self.low[&symbol];
            if let Some(&(parent, _)) = calls.last() {
                self.lower(parent, low);
            }
            if low == self.index[&symbol] {
                let mut component = Vec::new();
                while let Some(member) = self.stack.pop() {
                    self.on_stack.remove(&member);
                    component.push(member);
                    if member == symbol {
                        break;
                    }
                }
                if component.len() > 1 {
                    self.components.push(component);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Confidence, EdgeKind, Whole};

    fn whole(edges: &[(i64, i64, EdgeKind)]) -> Whole {
        let mut whole = Whole::default();
        for &(source, target, kind) in edges {
            whole.add(source, target, kind, Confidence::CERTAIN);
        }
        whole
    }

    const CALLS: EdgeKind = EdgeKind::Calls;

    #[test]
    fn everything_that_reaches_is_found_nearest_first() {
        let graph = whole(&[(2, 1, CALLS), (3, 2, CALLS), (4, 3, CALLS), (4, 1, CALLS), (1, 4, CALLS)]);
        let found: Vec<(i64, u32, i64)> =
            graph.reaching(1, 8).iter().map(|reached| (reached.symbol, reached.distance, reached.via)).collect();
        assert_eq!(found, [(2, 1, 1), (4, 1, 1), (3, 2, 2)]);
        assert_eq!(graph.reaching(1, 1).len(), 2);
    }

    #[test]
    fn callers_of_a_declaration_are_concerned_by_its_implementation() {
        // 1 and 2 implement 3, which 4 calls.
        let graph = whole(&[(1, 3, EdgeKind::Implements), (2, 3, EdgeKind::Implements), (4, 3, CALLS)]);
        let symbols = |start| graph.reaching(start, 8).iter().map(|reached| reached.symbol).collect::<Vec<_>>();
        assert_eq!(symbols(1), [3, 4]);
        assert_eq!(symbols(3), [1, 2, 4]);
    }

    #[test]
    fn the_least_likely_edge_of_a_way_counts() {
        let mut graph = whole(&[(2, 1, CALLS)]);
        graph.add(3, 2, CALLS, Confidence::from_thousandths(400));
        assert_eq!(graph.reaching(1, 8)[1].confidence, Confidence::from_thousandths(400));
    }

    #[test]
    fn chains_are_the_shortest_and_bounded() {
        let graph = whole(&[(1, 2, CALLS), (2, 4, CALLS), (1, 3, CALLS), (3, 4, CALLS), (4, 5, CALLS), (2, 3, CALLS)]);
        assert_eq!(graph.chains(1, 5, 8, 10), [[1, 2, 4, 5], [1, 3, 4, 5]]);
        assert_eq!(graph.chains(1, 5, 8, 1), [[1, 2, 4, 5]]);
        assert!(graph.chains(1, 5, 2, 10).is_empty());
        assert!(graph.chains(5, 1, 8, 10).is_empty());
    }

    #[test]
    fn circles_are_found_without_recursion() {
        let mut edges: Vec<(i64, i64, EdgeKind)> = (0..100_000).map(|from| (from, from + 1, CALLS)).collect();
        edges.push((100_000, 0, CALLS));
        edges.extend([(200_000, 200_000, CALLS), (200_001, 0, CALLS)]);
        let circles = whole(&edges).circles();
        assert_eq!(circles.iter().map(Vec::len).collect::<Vec<_>>(), [100_001]);
    }
}
