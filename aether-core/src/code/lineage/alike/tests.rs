//! The measure, and the filter that spares comparisons.

use proptest::prelude::*;

use super::*;
use crate::base::RelPath;
use crate::code::SymbolId;

fn candidate(index: usize, words: &BTreeSet<u8>) -> LineageCandidate {
    LineageCandidate {
        id: SymbolId::from_bytes([index as u8; 16]),
        file: RelPath::root(),
        kind: SymbolKind::FUNCTION,
        name: format!("f{index}"),
        local_path: format!("f{index}"),
        body_fingerprint: 1,
        body_words: words.iter().map(|word| format!("w{word:03}")).collect(),
        // Far apart, so that the place is no hint.
        position: index as u32 * 10,
    }
}

#[track_caller]
fn check_similarity(a: &[u32], b: &[u32], expected: u64) {
    assert_eq!(similarity(a, b), expected);
    assert_eq!(similarity(b, a), expected);
}

#[test]
fn similarity_is_the_share_of_common_words() {
    check_similarity(&[], &[], 0);
    check_similarity(&[1], &[], 0);
    check_similarity(&[1], &[2], 0);
    check_similarity(&[1, 2], &[1, 2], 1000);
    check_similarity(&[1, 2], &[2, 3], 333);
    check_similarity(&[1, 2, 3, 4], &[1, 2, 3], 750);
}

proptest! {
    /// The filter that spares comparisons finds what comparing all pairs finds.
    #[test]
    fn prefix_filter_misses_no_pair(
        bodies in prop::collection::vec(prop::collection::btree_set(0_u8..24, 4..12), 2..24),
    ) {
        let all: Vec<LineageCandidate> =
            bodies.iter().enumerate().map(|(index, words)| candidate(index, words)).collect();
        let all: Vec<&LineageCandidate> = all.iter().collect();
        let indexes: Vec<usize> = (0..all.len()).collect();
        let (old, new) = indexes.split_at(all.len() / 2);
        let found: BTreeSet<(usize, usize)> = alike_pairs(&all, old, &all, new)
            .into_iter()
            .map(|pair| (pair.old, pair.new))
            .collect();
        let mut expected = BTreeSet::new();
        for &i in old {
            for &j in new {
                let shared = bodies[i].intersection(&bodies[j]).count();
                if shared * 1000 / bodies[i].union(&bodies[j]).count() >= 600 {
                    expected.insert((i, j));
                }
            }
        }
        prop_assert_eq!(found, expected);
    }
}
