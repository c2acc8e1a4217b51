//! Lineage: which new symbol an old one lives on as.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{SymbolId, SymbolKind};
use crate::base::RelPath;

/// A symbol that lives on under another id.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LineageLink {
    /// The id it had.
    pub from: SymbolId,
    /// The id it has.
    pub to: SymbolId,
    /// What changed.
    pub cause: LineageCause,
}

/// What made a new id of an old one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum LineageCause {
    /// The signature changed, name and file did not.
    Signature = 0,
    /// The name changed.
    Rename = 1,
    /// The file changed, the name did not.
    Move = 2,
    /// Name and file changed.
    MoveAndRename = 3,
}

impl LineageCause {
    /// The cause by its number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Signature, Self::Rename, Self::Move, Self::MoveAndRename].get(usize::from(number)).copied()
    }
}

/// A symbol that disappeared or appeared in a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LineageCandidate {
    /// Id.
    pub id: SymbolId,
    /// File.
    pub file: RelPath,
    /// Kind.
    pub kind: SymbolKind,
    /// Name.
    pub name: String,
    /// Qualified name inside the file.
    pub local_path: String,
    /// Fingerprint of the body; 0 when there is none.
    pub body_fingerprint: u64,
    /// Distinct words of the body, sorted.
    pub body_words: Vec<String>,
    /// Position among the symbols of the file, from 0.
    pub position: u32,
}

/// Bodies at least this alike (Jaccard index of their words, in thousandths) belong together when
/// name and file changed at once. Below it, unrelated short functions are linked.
const MIN_SIMILARITY: u64 = 600;
/// With the same name in another file, or the same file and place, less is enough.
const MIN_SIMILARITY_WITH_HINT: u64 = 300;
/// Fewer words than this say nothing about a body that also changed.
const MIN_WORDS: usize = 4;

/// Links symbols that disappeared with those that appeared in the same change.
///
/// A pair has the same kind. It is taken, each symbol at most once, in this order: same file and
/// qualified name (the signature changed); equal body and name; equal body; then the most alike body,
/// the nearest position first where two are equally alike. The result is sorted and does not depend
/// on the order of the input.
#[must_use]
pub fn match_lineage(removed: &[LineageCandidate], added: &[LineageCandidate]) -> Vec<LineageLink> {
    let mut by_kind: BTreeMap<&str, (Vec<&LineageCandidate>, Vec<&LineageCandidate>)> = BTreeMap::new();
    for old in removed {
        by_kind.entry(old.kind.as_str()).or_default().0.push(old);
    }
    for new in added {
        by_kind.entry(new.kind.as_str()).or_default().1.push(new);
    }
    let mut links = Vec::new();
    for (old, new) in by_kind.values() {
        match_kind(old, new, &mut links);
    }
    links.sort();
    links
}

fn match_kind(removed: &[&LineageCandidate], added: &[&LineageCandidate], links: &mut Vec<LineageLink>) {
    // The larger the rank, the surer the pair; ties go to the nearer position, then to the ids.
    let mut pairs = Vec::new();
    for (old_index, old) in removed.iter().enumerate() {
        for (new_index, new) in added.iter().enumerate() {
            if let Some(rank) = rank(old, new) {
                let distance = old.position.abs_diff(new.position);
                pairs.push((std::cmp::Reverse(rank), distance, old.id, new.id, old_index, new_index));
            }
        }
    }
    pairs.sort_unstable();
    let mut old_taken = vec![false; removed.len()];
    let mut new_taken = vec![false; added.len()];
    for (_, _, from, to, old_index, new_index) in pairs {
        if old_taken[old_index] || new_taken[new_index] {
            continue;
        }
        old_taken[old_index] = true;
        new_taken[new_index] = true;
        let (old, new) = (removed[old_index], added[new_index]);
        let cause = match (old.file == new.file, old.name == new.name) {
            (true, true) => LineageCause::Signature,
            (true, false) => LineageCause::Rename,
            (false, true) => LineageCause::Move,
            (false, false) => LineageCause::MoveAndRename,
        };
        links.push(LineageLink { from, to, cause });
    }
}

fn rank(old: &LineageCandidate, new: &LineageCandidate) -> Option<u64> {
    let is_same_file = old.file == new.file;
    if is_same_file && old.local_path == new.local_path {
        return Some(4000);
    }
    let is_same_body = old.body_fingerprint != 0 && old.body_fingerprint == new.body_fingerprint;
    if is_same_body {
        let is_telling = old.body_words.len() >= MIN_WORDS;
        return match (old.name == new.name, is_same_file, is_telling) {
            (true, _, _) => Some(3000),
            (false, true, true) => Some(2500),
            (false, false, true) => Some(2000),
            // `{}` and `None` stand everywhere: only a symbol at the same place is the same one.
            (false, true, false) => (old.position == new.position).then_some(1500),
            (false, false, false) => None,
        };
    }
    if old.body_fingerprint == 0 || new.body_fingerprint == 0 {
        return (old.body_fingerprint == new.body_fingerprint && old.name == new.name).then_some(500);
    }
    if old.body_words.len() < MIN_WORDS || new.body_words.len() < MIN_WORDS {
        return None;
    }
    let similarity = similarity(&old.body_words, &new.body_words);
    let has_hint = old.name == new.name || (is_same_file && old.position.abs_diff(new.position) <= 1);
    let needed = if has_hint { MIN_SIMILARITY_WITH_HINT } else { MIN_SIMILARITY };
    (similarity >= needed).then_some(similarity)
}

/// Jaccard index of two sorted lists of distinct words, in thousandths.
fn similarity(a: &[String], b: &[String]) -> u64 {
    let (mut i, mut j, mut shared) = (0, 0, 0_u64);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = (a.len() + b.len()) as u64 - shared;
    (shared * 1000).checked_div(all).unwrap_or(0)
}

impl LineageLink {
    /// A link.
    #[must_use]
    pub fn new(from: SymbolId, to: SymbolId, cause: LineageCause) -> Self {
        Self { from, to, cause }
    }
}
