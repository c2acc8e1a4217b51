//! Every figure can fail: edges are dropped, bent, and made equally sure.

use std::collections::HashSet;

use aether_core::code::Resolution;

use super::{Call, EdgeScore, Twins};
use crate::corpora::{Corpus, EdgeBars, Split};
use crate::eval::edge_rows;
use crate::gold::{EdgeKey, Gold, Place};
use crate::report::is_met;

fn place(line: u32) -> Place {
    ("a.rs".to_owned(), line)
}

/// Function 0 calls functions 1 to 100, named `f1` to `f100`; 50 of them also inside macros.
fn gold() -> Gold {
    let edges: HashSet<EdgeKey> = (1..=100).map(|line| (place(0), place(line))).collect();
    let functions: Vec<(Place, String)> = (0..=200).map(|line| (place(line), format!("f{line}"))).collect();
    Gold {
        resolved: (1..=200).map(|line| (place(0), format!("f{line}"))).collect(),
        functions: functions.iter().cloned().collect(),
        all_functions: functions.into_iter().collect(),
        edges,
        macro_edges: Some((1..=10).map(|line| (place(1), place(line))).collect()),
    }
}

fn call(line: u32, thousandths: u16) -> Call {
    Call {
        source: place(0),
        target: place(line),
        line: 1,
        text: format!("f{line}"),
        thousandths,
        resolution: Resolution::Path,
    }
}

const CORPUS: Corpus = Corpus {
    name: "x",
    version: "1",
    is_package: false,
    split: Split::Dev,
    bars: Some(EdgeBars { precision: 0.9, recall: 0.9 }),
};

#[track_caller]
fn check(calls: &[Call], expected: (f64, f64, f64), is_good: bool) -> EdgeScore {
    let score = EdgeScore::new(calls, &gold(), &Twins::default());
    let found = (score.precision.or_zero(), score.recall.or_zero(), score.sure.or_zero());
    assert_eq!(found, expected);
    assert_eq!(is_met(&edge_rows(&CORPUS, &score)), is_good);
    score
}

fn perfect() -> Vec<Call> {
    (1..=100).map(|line| call(line, 990)).collect()
}

#[test]
fn all_edges_reach_every_bar() {
    let score = check(&perfect(), (1.0, 1.0, 1.0), true);
    assert_eq!(score.f1, 1.0);
    assert!(score.calibration.calibration_error < 0.011);
}

#[test]
fn dropped_edges_cost_recall() {
    check(&perfect()[..80], (1.0, 0.8, 1.0), false);
}

#[test]
fn no_edges_reach_nothing() {
    check(&[], (0.0, 0.0, 0.0), false);
}

#[test]
fn wrong_edges_cost_precision() {
    let mut calls = perfect();
    calls.extend((101..=125).map(|line| call(line, 300)));
    check(&calls, (0.8, 1.0, 1.0), false);
}

#[test]
fn equal_confidences_are_found_out() {
    let calls = |wrong: u16, right: u16| -> Vec<Call> {
        (1..=100).map(|line| call(line, right)).chain((101..=108).map(|line| call(line, wrong))).collect()
    };
    let honest = check(&calls(300, 990), (100.0 / 108.0, 1.0, 1.0), true);
    let constant = check(&calls(1000, 1000), (100.0 / 108.0, 1.0, 100.0 / 108.0), false);
    assert!(honest.calibration.brier < honest.calibration.brier_of_constant);
    assert!(constant.calibration.brier > constant.calibration.brier_of_constant);
    assert!(constant.calibration.calibration_error > 2.0 * honest.calibration.calibration_error);
}

#[test]
fn sites_that_the_oracle_did_not_resolve_do_not_count() {
    let mut gold = gold();
    gold.resolved.retain(|(_, name)| name != "f150");
    let mut calls = perfect();
    calls.push(call(150, 990));
    let score = EdgeScore::new(&calls, &gold, &Twins::default());
    assert_eq!((score.edges, score.precision.of), (101, 100));
}

#[test]
fn what_is_no_function_of_the_gold_is_left_out() {
    let mut calls = perfect();
    calls.push(call(999, 990));
    assert_eq!(check(&calls, (1.0, 1.0, 1.0), true).edges, 100);
}

#[test]
fn an_edge_is_as_sure_as_its_surest_call() {
    let mut calls = perfect();
    calls.push(call(1, 200));
    calls.push(Call { resolution: Resolution::BestName, ..call(101, 100) });
    let score = EdgeScore::new(&calls, &gold(), &Twins::default());
    assert_eq!(score.sure.of, 100);
    let kinds: Vec<(&str, u64)> =
        score.calibration.resolutions.iter().map(|group| (group.name.as_str(), group.edges.of)).collect();
    assert_eq!(kinds, [("path", 100), ("best_name", 1)]);
}

#[test]
fn implementations_stand_in_for_declarations_in_the_second_score_only() {
    // Function 101 implements the declaration 1.
    let twins = Twins::pair([(vec![place(1)], vec![place(101)])].into_iter());
    let mut calls = perfect();
    calls[0] = call(101, 990);
    let score = EdgeScore::new(&calls, &gold(), &twins);
    assert_eq!((score.precision.right, score.recall.right), (99, 99));
    assert_eq!((score.lenient_precision.right, score.lenient_recall.right), (100, 100));
    let score = EdgeScore::new(&calls, &gold(), &Twins::default());
    assert_eq!((score.lenient_precision.right, score.lenient_recall.right), (99, 99));
}

#[test]
fn calls_in_macros_are_counted_apart() {
    let calls: Vec<Call> = (1..=5).map(|line| Call { source: place(1), ..call(line, 990) }).collect();
    let mut gold = gold();
    gold.resolved.insert((place(1), "f1".to_owned()));
    let score = EdgeScore::new(&calls, &gold, &Twins::default());
    assert_eq!(score.macro_recall.map(|share| (share.right, share.of)), None::<(u64, u64)>.or(Some((5, 10))));
    assert_eq!(score.wide_recall.map(|share| share.of), Some(110));
}
