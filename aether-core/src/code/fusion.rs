//! One list of hits out of two: what has the words, and what means something alike.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{each_word, stem};
use super::{SearchHit, SymbolId};

/// How much the likest meaning counts beside the best words, and as much a name of which the question says
/// all. With 0.3 or 0.5 the mean reciprocal rank of `aether-eval eval search --mode hybrid` would differ by less
/// than a hundredth of that of words alone, as far as the model of `docs/adr/0015` tells.
const SHARE: f64 = 0.4;
/// Letters by which words meet: questions have `configuration`, `directory` and `maximum` where names have
/// `config`, `dir` and `max`. The embedder knows words by as many.
const BEGINNING: usize = 3;

/// Joins hits by words and hits by meaning for the question `text`. Best first, of equal ones the smaller id.
///
/// Three things are added up: the score by words as a share of the best of its list; 0.4 of that by meaning, in
/// the same way; and 0.4 of the share of the hit's name that the question says. The second and third count less
/// for kinds that are looked for less ([`SymbolKind::search_share`](super::SymbolKind::search_share)), as the
/// first does already.
///
/// `meaning` is to have the likeness of what only words found, too: without it such a hit counts as if it meant
/// something else, which in large repositories puts hybrid search behind words alone.
///
/// Scores are fused and not ranks, as reciprocal rank fusion does: where words fit, they fit much better than
/// anything else, which ranks do not tell. Names are asked how much of *them* the question says, which is the
/// other way round than the two lists do it: both find every function that has a rare word of the question, and
/// of these the right one is that whose name has nothing else (`docs/adr/0015` has the figures).
#[must_use]
pub fn fuse(text: &str, words: Vec<SearchHit>, meaning: Vec<SearchHit>, limit: usize) -> Vec<SearchHit> {
    let question = beginnings(text);
    let mut fused: BTreeMap<SymbolId, SearchHit> = BTreeMap::new();
    let mut add = |list: Vec<SearchHit>, share: &dyn Fn(&SearchHit) -> f64| {
        let best = list.iter().map(|hit| hit.score).fold(0.0, f64::max);
        for hit in list {
            let score = if best > 0.0 { share(&hit) * hit.score.max(0.0) / best } else { 0.0 };
            let known = fused.entry(hit.id).or_insert_with(|| SearchHit { score: 0.0, ..hit });
            known.score += score;
        }
    };
    add(words, &|_| 1.0);
    add(meaning, &|hit| SHARE * f64::from(hit.kind.search_share()));
    let mut fused: Vec<SearchHit> = fused.into_values().collect();
    for hit in &mut fused {
        hit.score += SHARE * f64::from(hit.kind.search_share()) * said(&hit.qualified_name, &question);
    }
    fused.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    fused.truncate(limit);
    fused
}

/// The share of the words of a name and of what it stands in that a question says, of one word more than there
/// are: that a question says the one word of `line` tells less than that it says all three of `LineBuffer::fill`.
fn said(qualified_name: &str, question: &BTreeSet<String>) -> f64 {
    let start = qualified_name.rmatch_indices("::").nth(1).map_or(0, |(at, mark)| at + mark.len());
    let name = beginnings(&qualified_name[start..]);
    name.intersection(question).count() as f64 / (name.len() + 1) as f64
}

/// The beginnings of the stems of a text's words, each once.
fn beginnings(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    each_word(text, |word| {
        let mut word = word.to_owned();
        stem(&mut word);
        all.insert(word.chars().take(BEGINNING).collect());
    });
    all
}

#[cfg(test)]
mod tests {
    use super::{beginnings, fuse, said};
    use crate::base::RelPath;
    use crate::code::{Language, SearchHit, Symbol, SymbolId, SymbolKind};

    fn hit_of(number: u8, kind: SymbolKind, name: &str, score: f64) -> SearchHit {
        let id = SymbolId::from_bytes([number; 16]);
        let symbol = Symbol::new(id, Language::RUST, kind, name.to_owned(), RelPath::root());
        SearchHit::new(&symbol, score)
    }

    fn hit(number: u8, score: f64) -> SearchHit {
        hit_of(number, SymbolKind::FUNCTION, &number.to_string(), score)
    }

    fn shown(hits: &[SearchHit]) -> Vec<(&str, i64)> {
        hits.iter().map(|hit| (&*hit.qualified_name, (hit.score * 1000.0).round() as i64)).collect()
    }

    #[test]
    fn what_both_find_comes_first_and_words_weigh_more() {
        let words = vec![hit(1, 20.0), hit(2, 15.0), hit(3, 5.0)];
        let meaning = vec![hit(4, 0.8), hit(2, 0.6), hit(5, -0.1)];
        let fused = fuse("x", words, meaning, 9);
        // 2: 15/20 + 0.4 · 0.6/0.8.
        assert_eq!(shown(&fused), [("2", 1050), ("1", 1000), ("4", 400), ("3", 250), ("5", 0)]);
        assert_eq!(shown(&fuse("x", vec![], vec![hit(2, 0.5), hit(1, 0.5)], 1)), [("1", 400)]);
        assert_eq!(fuse("x", vec![], vec![], 5).len(), 0);
    }

    #[test]
    fn a_name_counts_by_how_much_of_it_is_said() {
        let function = |number, name| hit_of(number, SymbolKind::FUNCTION, name, 1.0);
        let words = vec![function(1, "a::File::read_line_number"), function(2, "a::File::read_lines")];
        let fused = fuse("reads the next line of a file", words, vec![], 9);
        // 2: file, read and line of four; 1: file, read and line of five.
        assert_eq!(shown(&fused), [("a::File::read_lines", 1300), ("a::File::read_line_number", 1240)]);
    }

    #[test]
    fn tests_come_behind_what_they_test() {
        let both = |score| {
            vec![
                hit_of(1, SymbolKind::TEST, "a::read", score),
                hit_of(2, SymbolKind::FUNCTION, "b::read", score),
            ]
        };
        // One word of the two, and of one more.
        let fused = fuse("reading", both(7.0), both(0.3), 9);
        // 1 + 0.4 + 0.4/3, and 1 + half of the rest.
        assert_eq!(shown(&fused), [("b::read", 1533), ("a::read", 1267)]);
    }

    #[test]
    fn names_are_said_by_the_beginnings_of_their_words() {
        for (name, text, expected) in [
            ("x::y::Config::max_dirs", "maximum of configured directories", 3.0 / 4.0),
            ("Config::max", "configuration", 1.0 / 3.0),
            ("line", "line", 1.0 / 2.0),
            ("line", "file", 0.0),
            ("größe::ändern", "Größen ändert man", 2.0 / 3.0),
            ("", "line", 0.0),
        ] {
            assert!((said(name, &beginnings(text)) - expected).abs() < 1e-9, "{name} {text}");
        }
    }
}
