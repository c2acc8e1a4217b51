//! PageRank: how much of all attention a symbol gets when attention follows the edges.

use super::WholeGraph;
use crate::code::{Confidence, EdgeKind, SymbolId};

/// All ranks together, in billionths.
const BILLION: u64 = 1_000_000_000;
/// All ranks together while they are computed: finer than what is told, and small enough that a share of
/// it with [`SHIFT`] bits behind the point fits 64 bits.
const WHOLE: u64 = BILLION << 16;
/// Bits behind the point of a share for each unit of weight.
const SHIFT: u32 = 17;
/// Share of attention that follows the edges, in hundredths: the 0.85 of Brin and Page ("The anatomy of a
/// large-scale hypertextual web search engine", 1998).
const DAMPING: u64 = 85;
/// Most rounds: after 40 what is left to move is 0.85^40, or 0.15 %.
const MAX_ROUNDS: u32 = 40;
/// Ranks that move less than this, a hundred-thousandth of all, are done.
const STILL: u64 = WHOLE / 100_000;

/// Which way attention takes along an edge.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum RankDirection {
    /// From what uses to what is used.
    #[default]
    Forward,
    /// From what is used to what uses it.
    Backward,
    /// Both ways.
    Both,
}

impl RankDirection {
    const fn is_forward(self) -> bool {
        matches!(self, Self::Forward | Self::Both)
    }

    const fn is_backward(self) -> bool {
        matches!(self, Self::Backward | Self::Both)
    }
}

/// Which ranks are asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RankQuery {
    /// Where attention starts, and starts again: symbols with weights. Of unknown symbols and weights of
    /// 0 nothing starts. When it is empty, attention starts everywhere alike.
    pub seeds: Vec<(SymbolId, u32)>,
    /// The kinds of edges that it follows.
    pub kinds: Vec<EdgeKind>,
    /// Edges that are less likely are not followed.
    pub min_confidence: Confidence,
    /// Whether tests, and what stands beside them, take part.
    pub with_tests: bool,
    /// Which way it follows them.
    pub direction: RankDirection,
}

impl Default for RankQuery {
    /// Over calls of any confidence, from everywhere, without tests.
    fn default() -> Self {
        Self {
            seeds: Vec::new(),
            kinds: vec![EdgeKind::Calls],
            min_confidence: Confidence::default(),
            with_tests: false,
            direction: RankDirection::Forward,
        }
    }
}

impl RankQuery {
    /// What is near `seeds`: over calls, uses and implementations, either way, tests left out.
    #[must_use]
    pub fn around(seeds: Vec<(SymbolId, u32)>) -> Self {
        let kinds = vec![EdgeKind::Calls, EdgeKind::Uses, EdgeKind::Implements, EdgeKind::Bounds];
        Self { seeds, kinds, direction: RankDirection::Both, ..Self::default() }
    }
}

/// Edges by source, with weights.
struct Flow {
    /// For each place where its edges start; one more than there are places.
    starts: Vec<u32>,
    targets: Vec<u32>,
    weights: Vec<u32>,
    /// Sum of the weights of each place.
    sums: Vec<u64>,
}

impl WholeGraph {
    /// The rank of each symbol in billionths, highest first, those of one rank in the order of their ids.
    /// All together are at most a billion; symbols whose rank is below a billionth are left out.
    ///
    /// An edge passes attention on by its confidence: a source with edges of 1,000 and 500 thousandths
    /// gives two thirds to the one and a third to the other. What a symbol without edges has goes back to
    /// where attention starts.
    #[must_use]
    pub fn page_rank(&self, query: &RankQuery) -> Vec<(SymbolId, u64)> {
        let takes_part = |place: u32| query.with_tests || !self.node(place).is_test;
        let Some(start) = self.start(query, takes_part) else { return Vec::new() };
        let flow = self.flow(query, takes_part);
        let mut ranks = start.clone();
        let mut next = vec![0_u64; ranks.len()];
        for _ in 0..MAX_ROUNDS {
            next.fill(0);
            let mut followed = 0_u64;
            for (place, &rank) in ranks.iter().enumerate() {
                let sum = flow.sums[place];
                if rank == 0 || sum == 0 {
                    continue;
                }
                let unit = ((rank * DAMPING / 100) << SHIFT) / sum;
                let edges = flow.starts[place] as usize..flow.starts[place + 1] as usize;
                for edge in edges {
                    let share = (unit * u64::from(flow.weights[edge])) >> SHIFT;
                    next[flow.targets[edge] as usize] += share;
                    followed += share;
                }
            }
            // All that was not passed on starts again.
            let again = u128::from(WHOLE - followed);
            let mut moved = 0;
            for ((rank, next), &start) in ranks.iter_mut().zip(&next).zip(&start) {
                let new = next + (again * u128::from(start) / u128::from(WHOLE)) as u64;
                moved += new.abs_diff(*rank);
                *rank = new;
            }
            if moved < STILL {
                break;
            }
        }
        let mut found: Vec<(SymbolId, u64)> = self
            .nodes
            .iter()
            .zip(ranks)
            .map(|(node, rank)| (node.id, rank >> 16))
            .filter(|&(_, rank)| rank > 0)
            .collect();
        found.sort_unstable_by_key(|&(id, rank)| (std::cmp::Reverse(rank), id));
        found
    }

    /// How attention starts, together at most [`WHOLE`]; `None` when it starts nowhere.
    fn start(&self, query: &RankQuery, takes_part: impl Fn(u32) -> bool) -> Option<Vec<u64>> {
        let mut weights = vec![0_u64; self.nodes.len()];
        if query.seeds.is_empty() {
            for (place, weight) in weights.iter_mut().enumerate() {
                *weight = u64::from(self.node(place as u32).is_code() && takes_part(place as u32));
            }
        }
        for &(id, weight) in &query.seeds {
            if let Some(place) = self.place(id) {
                weights[place as usize] += u64::from(weight);
            }
        }
        let sum = weights.iter().map(|&weight| u128::from(weight)).sum::<u128>();
        if sum == 0 {
            return None;
        }
        for weight in &mut weights {
            *weight = (u128::from(*weight) * u128::from(WHOLE) / sum) as u64;
        }
        Some(weights)
    }

    fn flow(&self, query: &RankQuery, takes_part: impl Fn(u32) -> bool) -> Flow {
        let mut arcs: Vec<(u32, u32, u32)> = Vec::new();
        for link in &self.links {
            let is_followed = query.kinds.contains(&link.kind)
                && link.confidence >= query.min_confidence
                && link.confidence > Confidence::default()
                && takes_part(link.from)
                && takes_part(link.to);
            if is_followed {
                let weight = u32::from(link.confidence.thousandths());
                if query.direction.is_forward() {
                    arcs.push((link.from, link.to, weight));
                }
                if query.direction.is_backward() {
                    arcs.push((link.to, link.from, weight));
                }
            }
        }
        // Links are sorted by source as it is.
        if query.direction.is_backward() {
            arcs.sort_unstable();
        }
        let count = self.nodes.len();
        let mut flow = Flow {
            starts: Vec::with_capacity(count + 1),
            targets: Vec::with_capacity(arcs.len()),
            weights: Vec::with_capacity(arcs.len()),
            sums: vec![0; count],
        };
        let mut arcs = arcs.into_iter().peekable();
        for place in 0..count as u32 {
            flow.starts.push(flow.targets.len() as u32);
            while let Some((_, to, weight)) = arcs.next_if(|&(from, _, _)| from == place) {
                flow.targets.push(to);
                flow.weights.push(weight);
                flow.sums[place as usize] += u64::from(weight);
            }
        }
        flow.starts.push(flow.targets.len() as u32);
        flow
    }
}
