//! The steps in which pairs are taken.

use std::collections::{BTreeMap, BTreeSet};

use super::LineageCandidate;
use super::alike::alike_pairs;
use crate::base::RelPath;
use crate::code::{SymbolId, SymbolKind};

/// Fewer words than this say nothing about a body.
const MIN_WORDS: usize = 4;

/// A pair that may be taken; the smallest is taken first.
pub(super) struct Pair {
    /// How much speaks against it.
    pub(super) cost: u64,
    pub(super) old: usize,
    pub(super) new: usize,
}

/// The pairs of `removed` and `added` that are the same symbol.
pub(super) fn pairs<'a>(
    removed: &'a [LineageCandidate],
    added: &'a [LineageCandidate],
) -> Vec<(&'a LineageCandidate, &'a LineageCandidate)> {
    let mut old: BTreeMap<SymbolId, &LineageCandidate> = removed.iter().map(|old| (old.id, old)).collect();
    let mut new: BTreeMap<SymbolId, &LineageCandidate> = added.iter().map(|new| (new.id, new)).collect();
    old.retain(|id, _| new.remove(id).is_none());
    let mut matcher = Matcher::new(old.into_values().collect(), new.into_values().collect());
    matcher.run();
    matcher.taken.iter().map(|&(old, new)| (matcher.old[old], matcher.new[new])).collect()
}

struct Matcher<'a> {
    /// Sorted by id, as are the new ones.
    old: Vec<&'a LineageCandidate>,
    new: Vec<&'a LineageCandidate>,
    old_is_taken: Vec<bool>,
    new_is_taken: Vec<bool>,
    taken: Vec<(usize, usize)>,
}

/// A file, and the qualified name of a symbol in it; empty for the file itself.
type Place<'a> = (&'a RelPath, &'a str);

impl<'a> Matcher<'a> {
    fn new(old: Vec<&'a LineageCandidate>, new: Vec<&'a LineageCandidate>) -> Self {
        let (old_is_taken, new_is_taken) = (vec![false; old.len()], vec![false; new.len()]);
        Self { old, new, old_is_taken, new_is_taken, taken: Vec::new() }
    }

    fn run(&mut self) {
        self.take_equal(|it| Some((&it.kind, &it.file, local_path(it)?)));
        self.take_equal(|it| Some((&it.kind, body(it)?, local_path(it)?)));
        self.take_equal(|it| is_telling(it).then_some((&it.kind, body(it)?, &it.name)));
        self.take_equal(|it| is_telling(it).then_some((&it.kind, body(it)?, &it.file)));
        self.take_equal(|it| is_telling(it).then_some((&it.kind, body(it)?)));
        self.take_equal(|it| Some((&it.kind, body(it)?, &it.file, it.position, local_path(it).is_some())));
        self.take_contained();
        self.take_alike();
        self.take_files();
        self.take_bodyless();
        self.take_contained();
    }

    /// Takes pairs of equal key. Groups do not overlap, so each can be settled alone.
    fn take_equal<K: Ord>(&mut self, key: impl Fn(&'a LineageCandidate) -> Option<K>) {
        let mut groups: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for index in self.open_old() {
            if let Some(key) = key(self.old[index]) {
                groups.entry(key).or_default().0.push(index);
            }
        }
        for index in self.open_new() {
            // A group without an old symbol is of no use.
            if let Some(group) = key(self.new[index]).and_then(|key| groups.get_mut(&key)) {
                group.1.push(index);
            }
        }
        for (old, new) in groups.into_values() {
            let all = old.iter().flat_map(|&old| new.iter().map(move |&new| Pair { cost: 0, old, new }));
            self.take(all.collect());
        }
    }

    /// Takes children of the same name inside of what was linked, level by level.
    fn take_contained(&mut self) {
        let mut done = 0;
        while done < self.taken.len() {
            let mut containers: BTreeMap<Place<'a>, BTreeSet<Place<'a>>> = BTreeMap::new();
            for &(old, new) in &self.taken {
                let (old, new) = (self.old[old], self.new[new]);
                containers.entry(place(old)).or_default().insert(place(new));
            }
            done = self.taken.len();
            let mut children: BTreeMap<(&SymbolKind, Place<'a>, &str), Vec<usize>> = BTreeMap::new();
            for index in self.open_new() {
                let new = self.new[index];
                if let Some(container) = container(new) {
                    children.entry((&new.kind, container, &new.name)).or_default().push(index);
                }
            }
            let mut pairs = Vec::new();
            for index in self.open_old() {
                let old = self.old[index];
                let targets = container(old).and_then(|container| containers.get(&container));
                for &target in targets.into_iter().flatten() {
                    let found = children.get(&(&old.kind, target, old.name.as_str()));
                    pairs.extend(found.into_iter().flatten().map(|&new| Pair { cost: 0, old: index, new }));
                }
            }
            self.take(pairs);
        }
    }

    fn take_alike(&mut self) {
        let has_words = |it: &LineageCandidate| body(it).is_some() && is_telling(it);
        let old: Vec<usize> = self.open_old().filter(|&index| has_words(self.old[index])).collect();
        let new: Vec<usize> = self.open_new().filter(|&index| has_words(self.new[index])).collect();
        self.take(alike_pairs(&self.old, &old, &self.new, &new));
    }

    /// A file lives on where most of its symbols went.
    fn take_files(&mut self) {
        let mut moved: BTreeMap<(&RelPath, &RelPath), u64> = BTreeMap::new();
        for &(old, new) in &self.taken {
            *moved.entry((&self.old[old].file, &self.new[new].file)).or_default() += 1;
        }
        let file_at = |index: usize, all: &[&'a LineageCandidate]| {
            (all[index].kind == SymbolKind::FILE).then_some((&all[index].file, index))
        };
        let old: BTreeMap<_, _> = self.open_old().filter_map(|index| file_at(index, &self.old)).collect();
        let new: BTreeMap<_, _> = self.open_new().filter_map(|index| file_at(index, &self.new)).collect();
        let pair = |((from, to), count): ((&RelPath, &RelPath), u64)| {
            Some(Pair { cost: u64::MAX - count, old: *old.get(from)?, new: *new.get(to)? })
        };
        self.take(moved.into_iter().filter_map(pair).collect());
    }

    /// What has no body and stands outside every other symbol, when its name is the only one.
    fn take_bodyless(&mut self) {
        let key = |it: &'a LineageCandidate| {
            let is_outermost = it.kind != SymbolKind::FILE && it.local_path == it.name;
            (body(it).is_none() && is_outermost).then_some((&it.kind, &it.name))
        };
        let mut groups: BTreeMap<_, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for index in self.open_old() {
            if let Some(key) = key(self.old[index]) {
                groups.entry(key).or_default().0.push(index);
            }
        }
        for index in self.open_new() {
            if let Some(key) = key(self.new[index]) {
                groups.entry(key).or_default().1.push(index);
            }
        }
        let only = |(old, new): (Vec<usize>, Vec<usize>)| match (old.as_slice(), new.as_slice()) {
            (&[old], &[new]) => Some(Pair { cost: 0, old, new }),
            _ => None,
        };
        self.take(groups.into_values().filter_map(only).collect());
    }

    /// Takes what is still free, the cheapest pair first; ties go to the nearer position, then to the
    /// ids, in whose order the symbols are numbered.
    fn take(&mut self, mut pairs: Vec<Pair>) {
        let distance = |pair: &Pair| self.old[pair.old].position.abs_diff(self.new[pair.new].position);
        pairs.sort_by_cached_key(|pair| (pair.cost, distance(pair), pair.old, pair.new));
        for Pair { cost: _, old, new } in pairs {
            if !self.old_is_taken[old] && !self.new_is_taken[new] {
                self.old_is_taken[old] = true;
                self.new_is_taken[new] = true;
                self.taken.push((old, new));
            }
        }
    }

    fn open_old(&self) -> impl Iterator<Item = usize> {
        (0..self.old.len()).filter(|&index| !self.old_is_taken[index])
    }

    fn open_new(&self) -> impl Iterator<Item = usize> {
        (0..self.new.len()).filter(|&index| !self.new_is_taken[index])
    }
}

fn body(it: &LineageCandidate) -> Option<u64> {
    (it.body_fingerprint != 0).then_some(it.body_fingerprint)
}

fn is_telling(it: &LineageCandidate) -> bool {
    it.body_words.len() >= MIN_WORDS
}

/// The qualified name, where it names the symbol: that of every file is the same.
pub(super) fn local_path(it: &LineageCandidate) -> Option<&str> {
    (it.kind != SymbolKind::FILE).then_some(it.local_path.as_str())
}

fn place(it: &LineageCandidate) -> Place<'_> {
    (&it.file, local_path(it).unwrap_or(""))
}

/// What contains a symbol: another one, or its file.
fn container(it: &LineageCandidate) -> Option<Place<'_>> {
    let outside = local_path(it)?.strip_suffix(it.name.as_str())?;
    Some((&it.file, if outside.is_empty() { "" } else { outside.strip_suffix("::")? }))
}
