//! One list of hits out of two: what has the words, and what means something alike.

use std::collections::BTreeMap;

use super::{SearchHit, SymbolId};

/// How much the likest meaning counts beside the best words.
const MEANING: f64 = 0.6;

/// Joins hits by words and hits by meaning: each score as a share of the best of its list, that of meaning
/// weighed by 0.6, added up. Best first, of equal ones the smaller id.
///
/// Scores are fused and not ranks, as reciprocal rank fusion does: where words fit, they fit much better than
/// anything else, which ranks do not tell (`docs/adr/0015`).
#[must_use]
pub fn fuse(words: Vec<SearchHit>, meaning: Vec<SearchHit>, limit: usize) -> Vec<SearchHit> {
    let mut fused: BTreeMap<SymbolId, SearchHit> = BTreeMap::new();
    for (list, weight) in [(words, 1.0), (meaning, MEANING)] {
        let best = list.iter().map(|hit| hit.score).fold(0.0, f64::max);
        if best <= 0.0 {
            continue;
        }
        for hit in list {
            let score = weight * hit.score.max(0.0) / best;
            let known = fused.entry(hit.id).or_insert_with(|| SearchHit { score: 0.0, ..hit });
            known.score += score;
        }
    }
    let mut fused: Vec<SearchHit> = fused.into_values().collect();
    fused.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    fused.truncate(limit);
    fused
}

#[cfg(test)]
mod tests {
    use super::fuse;
    use crate::base::RelPath;
    use crate::code::{Language, SearchHit, Symbol, SymbolId, SymbolKind};

    fn hit(number: u8, score: f64) -> SearchHit {
        let (id, name) = (SymbolId::from_bytes([number; 16]), number.to_string());
        let symbol = Symbol::new(id, Language::RUST, SymbolKind::FUNCTION, name, RelPath::root());
        SearchHit::new(&symbol, score)
    }

    fn shown(hits: &[SearchHit]) -> Vec<(String, i64)> {
        hits.iter().map(|hit| (hit.qualified_name.clone(), (hit.score * 1000.0).round() as i64)).collect()
    }

    #[test]
    fn what_both_find_comes_first_and_words_weigh_more() {
        let words = vec![hit(1, 20.0), hit(2, 15.0), hit(3, 5.0)];
        let meaning = vec![hit(4, 0.8), hit(2, 0.6), hit(5, -0.1)];
        let fused = fuse(words, meaning, 9);
        let expected = [("2", 1200), ("1", 1000), ("4", 600), ("3", 250), ("5", 0)];
        assert_eq!(shown(&fused), expected.map(|(name, score)| (name.to_owned(), score)));
        assert_eq!(shown(&fuse(vec![], vec![hit(2, 0.5), hit(1, 0.5)], 1)), [("1".to_owned(), 600)]);
        assert_eq!(fuse(vec![], vec![], 5).len(), 0);
    }
}
