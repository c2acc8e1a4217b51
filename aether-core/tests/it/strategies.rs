//! The strategies give valid values of every kind.

use std::collections::BTreeSet;

use aether_core::base::strategies::{rel_path, timestamp};
use aether_core::base::{RelPath, Timestamp};
use aether_core::code::facts::FileFacts;
use aether_core::code::{Confidence, Edge, strategies};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

proptest! {
    #[test]
    fn paths_survive(path in rel_path()) {
        prop_assert_ne!(&path, &RelPath::root());
        prop_assert_eq!(RelPath::from_bytes(&path.to_bytes()), Ok(path));
    }

    #[test]
    fn edges_survive(edge in strategies::edge()) {
        let value = serde_json::to_value(&edge).expect("an edge is JSON");
        prop_assert_eq!(serde_json::from_value::<Edge>(value).ok(), Some(edge));
    }

    #[test]
    fn times_and_confidences_survive(time in timestamp(), confidence in strategies::confidence()) {
        prop_assert_eq!(time.to_string().parse::<Timestamp>(), Ok(time));
        prop_assert_eq!(Confidence::from_thousandths(confidence.thousandths()), confidence);
    }

    #[test]
    fn facts_are_valid_and_survive(facts in strategies::file_facts()) {
        prop_assert_eq!(facts.validate(), Ok(()));
        let value = serde_json::to_value(&facts).expect("facts are JSON");
        prop_assert_eq!(serde_json::from_value::<FileFacts>(value).ok(), Some(facts));
    }
}

/// Values that the strategy gives in a few hundred draws.
fn draw<T>(strategy: &impl Strategy<Value = T>) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..400).map(|_| strategy.new_tree(&mut runner).expect("nothing is filtered away").current()).collect()
}

#[test]
fn paths_are_of_every_form() {
    let paths = draw(&rel_path());
    assert!(paths.iter().any(|path| path.as_str().contains("\\x")));
    assert!(paths.iter().any(|path| path.as_str().contains("\\\\")));
    assert!(paths.iter().any(|path| !path.as_str().is_ascii()));
    assert!(paths.iter().any(|path| path.as_str().contains('/')));
}

/// A test that only sees calls and blocks proves little about the rest.
#[test]
fn facts_are_of_many_forms() {
    let mut seen = BTreeSet::new();
    for facts in draw(&strategies::file_facts()) {
        let name = |debug: String| debug.split(['(', ' ', '{']).next().unwrap_or("").to_owned();
        seen.extend(facts.exprs.iter().map(|it| format!("expr {}", name(format!("{:?}", it.kind)))));
        seen.extend(facts.pats.iter().map(|it| format!("pat {}", name(format!("{:?}", it.kind)))));
        seen.extend(facts.types.iter().map(|it| format!("type {}", name(format!("{:?}", it.kind)))));
        seen.extend(facts.symbols.iter().map(|it| format!("item {}", name(format!("{:?}", it.detail)))));
        seen.extend(facts.imports.iter().map(|it| format!("import {}", name(format!("{:?}", it.kind)))));
    }
    let count = |arena: &str| seen.iter().filter(|form| form.starts_with(arena)).count();
    // All forms of each arena.
    let found = ["expr", "pat", "type", "item", "import"].map(count);
    assert_eq!(found, [30, 10, 12, 10, 4], "{seen:#?}");
}

#[test]
fn edges_are_of_every_kind() {
    let edges = draw(&strategies::edge());
    let kinds: BTreeSet<_> = edges.iter().map(|edge| edge.kind).collect();
    let resolutions: BTreeSet<_> = edges.iter().map(|edge| edge.resolution).collect();
    assert_eq!((kinds.len(), resolutions.len()), (8, 9));
}
