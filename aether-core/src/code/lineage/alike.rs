//! Bodies that are alike without being equal.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::LineageCandidate;
use super::matcher::{Pair, local_path};
use crate::code::SymbolKind;

/// Bodies at least this alike (Jaccard index of their words, in thousandths) belong together when
/// nothing else speaks for it. Below it, unrelated short functions are linked.
const MIN_SIMILARITY: u64 = 600;
/// With the same qualified name, or the same file and place, less is enough.
const MIN_SIMILARITY_WITH_HINT: u64 = 300;

/// The pairs of the listed symbols whose bodies are alike enough; the more alike, the cheaper.
///
/// Not every pair is compared: those without a hint come from a prefix filter (Bayardo, Ma, Srikant,
/// "Scaling up all pairs similarity search", 2007), which misses none.
pub(super) fn alike_pairs(
    all_old: &[&LineageCandidate],
    old: &[usize],
    all_new: &[&LineageCandidate],
    new: &[usize],
) -> Vec<Pair> {
    let (old_bodies, new_bodies) = numbered_bodies(all_old, old, all_new, new);
    let hinted = pairs_with_hint(all_old, old, all_new, new);
    let mut by_word: BTreeMap<(&SymbolKind, u32), Vec<usize>> = BTreeMap::new();
    for (&index, body) in &new_bodies {
        for &word in rarest_words(body) {
            by_word.entry((&all_new[index].kind, word)).or_default().push(index);
        }
    }
    let mut others: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (&index, body) in &old_bodies {
        for &word in rarest_words(body) {
            let found = by_word.get(&(&all_old[index].kind, word)).into_iter().flatten();
            others.extend(found.map(|&new| (index, new)).filter(|both| !hinted.contains(both)));
        }
    }
    let pair = |(old, new): (usize, usize), needed: u64| {
        let similarity = similarity(&old_bodies[&old], &new_bodies[&new]);
        (similarity >= needed).then(|| Pair { cost: 1000 - similarity, old, new })
    };
    let with_hint = hinted.iter().filter_map(|&both| pair(both, MIN_SIMILARITY_WITH_HINT));
    let without = others.iter().filter_map(|&both| pair(both, MIN_SIMILARITY));
    with_hint.chain(without).collect()
}

/// The pairs of the same qualified name, or of the same file and nearly the same position.
fn pairs_with_hint(
    all_old: &[&LineageCandidate],
    old: &[usize],
    all_new: &[&LineageCandidate],
    new: &[usize],
) -> BTreeSet<(usize, usize)> {
    let mut by_path: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut by_position: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for &index in new {
        let it = all_new[index];
        if let Some(path) = local_path(it) {
            by_path.entry((&it.kind, path)).or_default().push(index);
        }
        by_position.entry((&it.kind, &it.file, it.position)).or_default().push(index);
    }
    let mut hinted = BTreeSet::new();
    for &index in old {
        let it = all_old[index];
        let same_path = local_path(it).and_then(|path| by_path.get(&(&it.kind, path)));
        let near = it.position.saturating_sub(1)..=it.position.saturating_add(1);
        let same_position = near.filter_map(|position| by_position.get(&(&it.kind, &it.file, position)));
        hinted.extend(same_path.into_iter().chain(same_position).flatten().map(|&new| (index, new)));
    }
    hinted
}

/// The bodies of symbols by their index: words as numbers, the rarest word first.
type Bodies = BTreeMap<usize, Vec<u32>>;

fn numbered_bodies(
    all_old: &[&LineageCandidate],
    old: &[usize],
    all_new: &[&LineageCandidate],
    new: &[usize],
) -> (Bodies, Bodies) {
    let mut uses: BTreeMap<&str, u32> = BTreeMap::new();
    let everything = old.iter().map(|&index| all_old[index]).chain(new.iter().map(|&index| all_new[index]));
    for word in everything.flat_map(|it| &it.body_words) {
        *uses.entry(word).or_default() += 1;
    }
    let mut by_use: Vec<(u32, &str)> = uses.into_iter().map(|(word, count)| (count, word)).collect();
    by_use.sort_unstable();
    let numbers: BTreeMap<&str, u32> =
        by_use.into_iter().zip(0_u32..).map(|((_, word), number)| (word, number)).collect();
    let bodies = |all: &[&LineageCandidate], indexes: &[usize]| {
        let body = |&index: &usize| {
            let words = all[index].body_words.iter().filter_map(|word| numbers.get(word.as_str()).copied());
            // Of words that come unsorted or twice, the same body is made.
            (index, words.collect::<BTreeSet<u32>>().into_iter().collect())
        };
        indexes.iter().map(body).collect()
    };
    (bodies(all_old, old), bodies(all_new, new))
}

/// The rarest words of a body, as many as it takes to share one with every body that is alike: who
/// has 60 % of all words in common has 60 % of these words, and misses 40 % of them at most.
fn rarest_words(body: &[u32]) -> &[u32] {
    let shared = (body.len() as u64 * MIN_SIMILARITY).div_ceil(1000) as usize;
    &body[..body.len() + 1 - shared.max(1)]
}

/// Jaccard index of two sorted lists of distinct numbers, in thousandths.
fn similarity(a: &[u32], b: &[u32]) -> u64 {
    let (mut i, mut j, mut shared) = (0, 0, 0_u64);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = (a.len() + b.len()) as u64 - shared;
    (shared * 1000).checked_div(all).unwrap_or(0)
}

#[cfg(test)]
mod tests;
