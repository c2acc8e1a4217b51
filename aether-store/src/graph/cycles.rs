//! Groups of symbols that call one another.

use aether_core::code::{Confidence, EdgeKind};
use aether_core::port::Cycle;
use rusqlite::Connection;

use super::links::Links;
use crate::error::Outcome;
use crate::kept::Kept;
use crate::symbols::Loader;

/// The groups, largest first, those of one size in the order of their first name.
pub(crate) fn cycles(
    connection: &Connection,
    links: &Kept<Links>,
    min_confidence: Confidence,
) -> Outcome<Vec<Cycle>> {
    let links = links.get(connection, Links::load)?;
    let mut calls: Vec<(u32, u32)> = links
        .all()
        .iter()
        .filter(|link| link.kind == EdgeKind::Calls && link.confidence >= min_confidence)
        .map(|link| (link.from, link.to))
        .collect();
    calls.dedup();
    let mut loader = Loader::new(connection);
    let mut cycles = Vec::new();
    for group in components(&calls) {
        let mut cycle = Cycle::with_capacity(group.len());
        for key in group {
            cycle.push(loader.symbol(i64::from(key))?);
        }
        cycle.sort_by(|a, b| (&a.qualified_name, a.id).cmp(&(&b.qualified_name, b.id)));
        cycles.push(cycle);
    }
    cycles.sort_by(|a, b| {
        let first = |cycle: &Cycle| cycle.first().map(|symbol| (symbol.qualified_name.clone(), symbol.id));
        b.len().cmp(&a.len()).then_with(|| first(a).cmp(&first(b)))
    });
    Ok(cycles)
}

/// Not visited yet.
const NEW: u32 = u32::MAX;

/// The strongly connected components of more than one node, by Tarjan's algorithm ("Depth-first search
/// and linear graph algorithms", 1972) with a stack of its own, so that no chain of calls is too deep.
/// `edges` are sorted by source.
fn components(edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
    let mut nodes: Vec<u32> = edges.iter().flat_map(|&(from, to)| [from, to]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    // Every end is a node.
    let place = |key: u32| nodes.binary_search(&key).unwrap_or(0);
    let targets: Vec<u32> = edges.iter().map(|&(_, to)| place(to) as u32).collect();
    let starts: Vec<usize> = nodes
        .iter()
        .map(|&node| edges.partition_point(|&(from, _)| from < node))
        .chain([edges.len()])
        .collect();

    let mut order = vec![NEW; nodes.len()];
    let mut lowest = vec![0_u32; nodes.len()];
    let mut is_open = vec![false; nodes.len()];
    let mut open: Vec<u32> = Vec::new();
    let mut count = 0;
    let mut found = Vec::new();
    // Nodes on the way down, each with the next of its edges.
    let mut way: Vec<(u32, usize)> = Vec::new();
    for root in 0..nodes.len() {
        if order[root] != NEW {
            continue;
        }
        way.push((root as u32, starts[root]));
        while let Some((node, edge)) = way.last_mut() {
            let at = *node as usize;
            if order[at] == NEW {
                order[at] = count;
                lowest[at] = count;
                count += 1;
                open.push(*node);
                is_open[at] = true;
            }
            if *edge < starts[at + 1] {
                let target = targets[*edge] as usize;
                *edge += 1;
                if order[target] == NEW {
                    way.push((target as u32, starts[target]));
                } else if is_open[target] {
                    lowest[at] = lowest[at].min(order[target]);
                }
                continue;
            }
            way.pop();
            if let Some(&(above, _)) = way.last() {
                lowest[above as usize] = lowest[above as usize].min(lowest[at]);
            }
            if lowest[at] == order[at] {
                let start = open.iter().rposition(|&node| node as usize == at).unwrap_or(0);
                let group: Vec<u32> = open.drain(start..).collect();
                for &node in &group {
                    is_open[node as usize] = false;
                }
                if group.len() > 1 {
                    found.push(group.iter().map(|&node| nodes[node as usize]).collect());
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mut edges: Vec<(u32, u32)>, expected: &[&[u32]]) {
        edges.sort_unstable();
        let mut found = components(&edges);
        found.iter_mut().for_each(|group| group.sort_unstable());
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn circles_are_found() {
        check(vec![], &[]);
        check(vec![(1, 1), (1, 2)], &[]);
        check(vec![(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 4), (9, 1)], &[&[1, 2, 3], &[4, 5]]);
        check(vec![(1, 2), (2, 1), (2, 3), (3, 2)], &[&[1, 2, 3]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let mut edges: Vec<(u32, u32)> = (0..300_000).map(|at| (at, at + 1)).collect();
        check(edges.clone(), &[]);
        edges.push((300_000, 0));
        assert_eq!(components(&edges).iter().map(Vec::len).collect::<Vec<_>>(), [300_001]);
    }
}
