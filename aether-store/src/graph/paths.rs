//! Chains of calls.

use aether_core::code::{Confidence, EdgeKind};
use aether_core::port::{CallPath, PathQuery};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::links::{Link, Links};
use crate::edge_block::{self, Target};
use crate::ends::{self, Ends};
use crate::error::{OrCorrupt as _, Outcome};
use crate::ids;
use crate::kept::Kept;
use crate::rows::NameRow;

/// The shortest chains of calls from one symbol to another, by the names on the way. Each step is the
/// surest call of its kind, or the first of equally sure ones.
pub(crate) fn paths(
    connection: &Connection,
    links: &Kept<Links>,
    query: &PathQuery,
) -> Outcome<Vec<CallPath>> {
    let ends = (ids::key_of(connection, &query.from)?, ids::key_of(connection, &query.to)?);
    let (Some(from), Some(to)) = ends else {
        return Ok(Vec::new());
    };
    let (from, to) = (from as u32, to as u32);
    if from == to || query.limit == 0 {
        return Ok(Vec::new());
    }
    let links = links.get(connection, Links::load)?;
    let calls = Calls { links: &links, min_confidence: query.min_confidence };
    let distances = calls.distances(from, to, query.max_depth);
    if !distances.contains_key(&from) {
        return Ok(Vec::new());
    }
    let mut walk =
        Walk { connection, ends: Ends::new(connection), distances, calls, steps: FxHashMap::default() };
    let mut paths = Vec::new();
    // Chains of keys that are not finished; the last one is taken first.
    let mut open = vec![vec![from]];
    while let Some(chain) = open.pop() {
        let Some(&end) = chain.last() else { continue };
        if end == to {
            paths.push(walk.path(&chain)?);
            if paths.len() >= query.limit as usize {
                break;
            }
            continue;
        }
        for &next in walk.steps(end)?.iter().rev() {
            open.push([chain.as_slice(), &[next]].concat());
        }
    }
    Ok(paths)
}

/// The links that a chain may follow.
#[derive(Clone, Copy)]
struct Calls<'a> {
    links: &'a Links,
    min_confidence: Confidence,
}

impl Calls<'_> {
    fn has(self, link: &Link) -> bool {
        link.kind == EdgeKind::Calls && link.confidence >= self.min_confidence
    }

    /// How many calls each symbol is away from `to`, as far as `from` is.
    fn distances(self, from: u32, to: u32, max_depth: u32) -> FxHashMap<u32, u32> {
        let mut distances = FxHashMap::from_iter([(to, 0)]);
        let mut level = vec![to];
        for distance in 1..=max_depth {
            let mut next = Vec::new();
            for &key in &level {
                for link in self.links.to(key) {
                    if self.has(link) && !distances.contains_key(&link.from) {
                        distances.insert(link.from, distance);
                        next.push(link.from);
                    }
                }
            }
            if next.is_empty() || distances.contains_key(&from) {
                break;
            }
            level = next;
        }
        distances
    }
}

struct Walk<'a> {
    connection: &'a Connection,
    ends: Ends<'a>,
    distances: FxHashMap<u32, u32>,
    calls: Calls<'a>,
    steps: FxHashMap<u32, Vec<u32>>,
}

impl Walk<'_> {
    /// The symbols that a shortest chain goes on with, by name.
    fn steps(&mut self, key: u32) -> Outcome<&[u32]> {
        if !self.steps.contains_key(&key) {
            let wanted = self.distances.get(&key).and_then(|distance| distance.checked_sub(1));
            let mut next: Vec<u32> = self
                .calls
                .links
                .from(key)
                .iter()
                .filter(|link| self.calls.has(link) && self.distances.get(&link.to).copied() == wanted)
                .map(|link| link.to)
                .collect();
            next.sort_unstable();
            next.dedup();
            let mut named = Vec::with_capacity(next.len());
            for key in next {
                let end = self.ends.get(i64::from(key))?;
                named.push((end.qualified_name().to_owned(), end.id, key));
            }
            named.sort_unstable();
            self.steps.insert(key, named.into_iter().map(|(_, _, key)| key).collect());
        }
        Ok(&self.steps[&key])
    }

    fn path(&mut self, chain: &[u32]) -> Outcome<CallPath> {
        let mut path = CallPath::with_capacity(chain.len());
        for pair in chain.windows(2) {
            let (from, to) = (i64::from(pair[0]), i64::from(pair[1]));
            let block = edge_block::load(self.connection, NameRow::load(self.connection, from)?.file)?;
            let mut best = None;
            edge_block::read(&block, |edge| {
                let is_step =
                    edge.source == from && edge.target == Target::Symbol(to) && edge.kind == EdgeKind::Calls;
                let is_better = |other: &edge_block::StoredEdge<'_>| {
                    (edge.confidence, std::cmp::Reverse(edge.at))
                        > (other.confidence, std::cmp::Reverse(other.at))
                };
                if is_step && best.as_ref().is_none_or(is_better) {
                    best = Some(edge);
                }
            })
            .or_corrupt("edges")?;
            let edge = best.or_corrupt("an edge that is missing")?;
            let (start, end) = (self.ends.get(from)?, self.ends.get(to)?);
            path.push(ends::record(&edge, &start, Some(&end)));
        }
        Ok(path)
    }
}
