//! Groups of nodes that hold together, by the method of Louvain.
//!
//! Blondel and others, "Fast unfolding of communities in large networks" (2008): each node moves to the
//! group that raises the modularity most, then groups become nodes, until nothing moves. Here nodes take
//! their turn in the order of their places, weights are whole numbers, and of equally good groups the one
//! of the smallest number is taken, so that equal graphs give equal groups. Groups that are not connected,
//! which that method can leave (Traag and others, "From Louvain to Leiden", 2019), are taken apart.

/// Most rounds of moves on one level, and most levels: real graphs need about ten and five.
const MAX_ROUNDS: usize = 50;
const MAX_LEVELS: usize = 20;

/// An undirected graph: each edge stands at both its ends, what a node has with itself twice.
#[derive(Debug)]
pub(super) struct Weighted {
    starts: Vec<usize>,
    edges: Vec<(u32, u64)>,
    /// Weight of all edges of each node.
    degrees: Vec<u64>,
    /// Sum of the degrees.
    total: u64,
}

impl Weighted {
    /// The graph of `count` nodes with edges of the given weights; those of one pair are added up.
    pub(super) fn new(count: usize, pairs: impl Iterator<Item = (u32, u32, u64)>) -> Self {
        let mut both: Vec<(u32, u32, u64)> =
            pairs.flat_map(|(a, b, weight)| [(a, b, weight), (b, a, weight)]).collect();
        both.sort_unstable_by_key(|&(a, b, _)| (a, b));
        both.dedup_by(|next, kept| {
            let is_same = (next.0, next.1) == (kept.0, kept.1);
            if is_same {
                kept.2 += next.2;
            }
            is_same
        });
        let mut graph = Self {
            starts: Vec::with_capacity(count + 1),
            edges: Vec::with_capacity(both.len()),
            degrees: vec![0; count],
            total: 0,
        };
        let mut rest = both.iter().peekable();
        for node in 0..count as u32 {
            graph.starts.push(graph.edges.len());
            while let Some(&(_, to, weight)) = rest.next_if(|edge| edge.0 == node) {
                graph.edges.push((to, weight));
                graph.degrees[node as usize] += weight;
                graph.total += weight;
            }
        }
        graph.starts.push(graph.edges.len());
        graph
    }

    pub(super) fn edges_of(&self, node: u32) -> &[(u32, u64)] {
        &self.edges[self.starts[node as usize]..self.starts[node as usize + 1]]
    }

    fn count(&self) -> usize {
        self.degrees.len()
    }

    /// How much more weight lies inside groups than chance would put there: at most 1.
    pub(super) fn modularity(&self, groups: &[u32]) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        let mut inside = 0_u128;
        let mut degrees = vec![0_u128; self.count()];
        for node in 0..self.count() as u32 {
            let group = groups[node as usize];
            degrees[group as usize] += u128::from(self.degrees[node as usize]);
            let same = self.edges_of(node).iter().filter(|&&(to, _)| groups[to as usize] == group);
            inside += same.map(|&(_, weight)| u128::from(weight)).sum::<u128>();
        }
        let total = u128::from(self.total);
        let chance: u128 = degrees.iter().map(|degree| degree * degree).sum();
        // One division of whole numbers: no sum of fractions depends on its order.
        (inside * total) as f64 / (total * total) as f64 - chance as f64 / (total * total) as f64
    }

    /// The group of each node, numbered from 0 in the order of their first nodes.
    pub(super) fn groups(&self) -> Vec<u32> {
        let mut groups: Vec<u32> = (0..self.count() as u32).collect();
        let mut level = None;
        for _ in 0..MAX_LEVELS {
            let graph = level.as_ref().unwrap_or(self);
            let Some(moved) = graph.moved() else { break };
            for group in &mut groups {
                *group = moved[*group as usize];
            }
            level = Some(graph.folded(&moved));
        }
        self.connected(&groups)
    }

    /// The groups after nodes moved; `None` when none did.
    fn moved(&self) -> Option<Vec<u32>> {
        let mut groups: Vec<u32> = (0..self.count() as u32).collect();
        let mut sums = self.degrees.clone();
        // Weight between the node at hand and each group, and the groups that it has any with.
        let mut shared = vec![0_u64; self.count()];
        let mut near: Vec<u32> = Vec::new();
        let mut has_moved = false;
        for _ in 0..MAX_ROUNDS {
            let mut is_still = true;
            for node in 0..self.count() as u32 {
                let own = groups[node as usize];
                let degree = self.degrees[node as usize];
                near.push(own);
                for &(to, weight) in self.edges_of(node).iter().filter(|&&(to, _)| to != node) {
                    let group = groups[to as usize];
                    if shared[group as usize] == 0 {
                        near.push(group);
                    }
                    shared[group as usize] += weight;
                }
                sums[own as usize] -= degree;
                let gain = |group: u32| {
                    i128::from(shared[group as usize]) * i128::from(self.total)
                        - i128::from(sums[group as usize]) * i128::from(degree)
                };
                let (mut best, mut most) = (own, gain(own));
                for &group in &near {
                    let gain = gain(group);
                    if gain > most || gain == most && group < best && best != own {
                        (best, most) = (group, gain);
                    }
                }
                sums[best as usize] += degree;
                if best != own {
                    groups[node as usize] = best;
                    (is_still, has_moved) = (false, true);
                }
                near.drain(..).for_each(|group| shared[group as usize] = 0);
            }
            if is_still {
                break;
            }
        }
        has_moved.then(|| numbered(&groups))
    }

    /// The graph whose nodes are the groups of this one.
    fn folded(&self, groups: &[u32]) -> Self {
        let count = groups.iter().max().map_or(0, |&last| last as usize + 1);
        let mut graph = Self::new(count, std::iter::empty());
        let mut all: Vec<(u32, u32, u64)> = Vec::with_capacity(self.edges.len());
        for node in 0..self.count() as u32 {
            let from = groups[node as usize];
            all.extend(self.edges_of(node).iter().map(|&(to, weight)| (from, groups[to as usize], weight)));
        }
        all.sort_unstable_by_key(|&(a, b, _)| (a, b));
        graph.starts.clear();
        let mut rest = all.into_iter().peekable();
        for node in 0..count as u32 {
            graph.starts.push(graph.edges.len());
            while let Some((_, to, mut weight)) = rest.next_if(|edge| edge.0 == node) {
                while let Some((_, _, more)) = rest.next_if(|edge| (edge.0, edge.1) == (node, to)) {
                    weight += more;
                }
                graph.edges.push((to, weight));
                graph.degrees[node as usize] += weight;
                graph.total += weight;
            }
        }
        graph.starts.push(graph.edges.len());
        graph
    }

    /// The connected parts of groups, as groups.
    fn connected(&self, groups: &[u32]) -> Vec<u32> {
        let mut parts = vec![u32::MAX; self.count()];
        let mut count = 0;
        let mut open = Vec::new();
        for first in 0..self.count() as u32 {
            if parts[first as usize] != u32::MAX {
                continue;
            }
            open.push(first);
            parts[first as usize] = count;
            while let Some(node) = open.pop() {
                for &(to, _) in self.edges_of(node) {
                    if parts[to as usize] == u32::MAX && groups[to as usize] == groups[node as usize] {
                        parts[to as usize] = count;
                        open.push(to);
                    }
                }
            }
            count += 1;
        }
        parts
    }
}

/// Groups by numbers from 0 in the order of their first nodes.
fn numbered(groups: &[u32]) -> Vec<u32> {
    let mut numbers = vec![u32::MAX; groups.len()];
    let mut count = 0;
    groups
        .iter()
        .map(|&group| {
            let number = &mut numbers[group as usize];
            if *number == u32::MAX {
                *number = count;
                count += 1;
            }
            *number
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: usize, pairs: &[(u32, u32, u64)], expected: &[u32], modularity: f64) {
        let graph = Weighted::new(count, pairs.iter().copied());
        let groups = graph.groups();
        assert_eq!(groups, expected);
        assert!((graph.modularity(&groups) - modularity).abs() < 1e-9, "{}", graph.modularity(&groups));
    }

    #[test]
    fn what_holds_together_is_a_group() {
        check(0, &[], &[], 0.0);
        check(2, &[], &[0, 1], 0.0);
        let triangles = [(0, 1, 1), (1, 2, 1), (2, 0, 1), (3, 4, 1), (4, 5, 1), (5, 3, 1), (2, 3, 1)];
        // By hand: 6 of 7 edges inside, both halves with half of all ends.
        check(6, &triangles, &[0, 0, 0, 1, 1, 1], 6.0 / 7.0 - 0.5);
    }

    #[test]
    fn weights_decide() {
        check(4, &[(0, 1, 1), (1, 2, 10), (2, 3, 1), (3, 0, 10)], &[0, 1, 1, 0], 20.0 / 22.0 - 0.5);
    }

    #[test]
    fn no_partition_of_a_ring_of_cliques_is_better() {
        // Eight cliques of five in a ring: the best partition is known to be the cliques.
        let mut pairs = Vec::new();
        for clique in 0..8_u32 {
            for a in 0..5 {
                pairs.extend((a + 1..5).map(|b| (clique * 5 + a, clique * 5 + b, 1)));
            }
            pairs.push((clique * 5 + 4, (clique + 1) % 8 * 5, 1));
        }
        let expected: Vec<u32> = (0..40).map(|node| node / 5).collect();
        check(40, &pairs, &expected, 80.0 / 88.0 - 1.0 / 8.0);
    }
}
