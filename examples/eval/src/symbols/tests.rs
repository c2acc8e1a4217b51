//! Missing and invented symbols cost recall and precision.

use super::{Declaration, SymbolScore, impl_name, oracle};
use crate::corpora::Corpus;
use crate::eval::symbol_rows;
use crate::report::is_met;

const SOURCE: &str = "\
struct Pair(u8, pub Vec<u8>);
impl<T> Clone for &Pair where T: Copy {
    const ONE: u8 = 1;
    fn r#type() {
        enum Inner { A { field: u8 }, B }
    }
}
#[tokio::test]
async fn works() {}
macro_rules! make { () => {} }
make! { fn hidden() {} }
impl [u8] { #[cast] pub const fn cast(self) -> Self; }
";

fn shown(found: &[Declaration]) -> Vec<String> {
    found.iter().map(|Declaration { line, kind, name }| format!("{line} {kind} {name}")).collect()
}

#[test]
fn the_oracle_names_all_declarations_outside_of_macros() {
    let found = oracle::declarations(SOURCE).unwrap();
    assert_eq!(
        shown(&found),
        [
            "1 struct Pair",
            "1 field 0",
            "1 field 1",
            "2 impl <Pair as Clone>",
            "3 constant ONE",
            "4 method type",
            "5 enum Inner",
            "5 variant A",
            "5 field field",
            "5 variant B",
            "9 test works",
            "10 macro make",
            "12 impl _",
            "12 method cast",
        ]
    );
}

#[test]
fn what_syn_rejects_is_no_oracle() {
    assert_eq!(oracle::declarations("fn ("), None);
}

#[test]
fn types_that_are_no_path_are_not_compared_by_text() {
    for (name, expected) in [
        ("Vec", "Vec"),
        ("<Vec as Clone>", "<Vec as Clone>"),
        ("<[T] as Ord>", "<_ as Ord>"),
        ("dyn Any", "_"),
    ] {
        assert_eq!(impl_name(name), expected);
    }
}

#[track_caller]
fn check(ours: &[Declaration], recall: (u64, u64), precision: (u64, u64)) {
    let oracle = oracle::declarations(SOURCE).unwrap();
    let mut score = SymbolScore::default();
    score.add_file("a.rs", &oracle, ours, 10);
    assert_eq!((score.all.recall.right, score.all.recall.of), recall);
    assert_eq!((score.all.precision.right, score.all.precision.of), precision);
    let is_perfect = recall.0 == recall.1 && precision.0 == precision.1;
    let corpus = Corpus::named("hyper").unwrap();
    assert_eq!(is_met(&symbol_rows(corpus, &score)), is_perfect);
    assert_eq!(score.mismatches.is_empty(), is_perfect);
}

#[test]
fn equal_symbols_reach_the_bar() {
    check(&oracle::declarations(SOURCE).unwrap(), (14, 14), (14, 14));
}

#[test]
fn a_missing_symbol_costs_recall() {
    check(&oracle::declarations(SOURCE).unwrap()[1..], (13, 14), (13, 13));
}

#[test]
fn an_invented_symbol_costs_precision() {
    let mut ours = oracle::declarations(SOURCE).unwrap();
    ours.push(ours[0].clone());
    check(&ours, (14, 14), (14, 15));
}

#[test]
fn a_wrong_line_costs_both() {
    let mut ours = oracle::declarations(SOURCE).unwrap();
    ours[5].line += 1;
    check(&ours, (13, 14), (13, 14));
}
