//! Patches that must be refused, each with its code, and with nothing touched: not in the tree, not beside
//! it, not in its records.
//!
//! A case is data: what somebody hands in, and the code that it is refused with. The oracle compares
//! everything below the folder that holds the tree, down to inodes and times. Each group has a sibling that
//! is harmless, is accepted and changes the tree, so that the oracle is known to be able to fail.

mod bounds;
mod case;
mod files;
mod forms;
mod guarded;
mod hunks;
mod mount;
mod paths;
mod planted;
mod records;
mod sandbox;
mod targets;
mod together;
mod twins;
mod vacuity;

use std::collections::{BTreeMap, BTreeSet};

use case::Case;

/// Every group of the corpus.
fn corpus() -> Vec<Case> {
    let groups = [
        paths::cases(),
        guarded::cases(),
        twins::cases(),
        targets::cases(),
        files::cases(),
        together::cases(),
        hunks::cases(),
        forms::cases(),
        bounds::cases(),
        records::cases(),
    ];
    groups.into_iter().flatten().collect()
}

#[test]
fn the_corpus_is_large_and_each_case_has_a_name_of_its_own() {
    let corpus = corpus();
    let names: BTreeSet<(&str, &str)> = corpus.iter().map(|case| (case.group, &case.name[..])).collect();
    assert_eq!(names.len(), corpus.len(), "two cases have one name");
    let mut inputs = BTreeMap::new();
    for case in &corpus {
        if let Some(twin) = inputs.insert((case.input.identity(), case.options.max_files), &case.name) {
            panic!("{twin} and {} are one case", case.name);
        }
    }
    let groups: BTreeSet<&str> = corpus.iter().map(|case| case.group).collect();
    println!("{} cases in {} groups", corpus.len(), groups.len());
    assert!(corpus.len() >= 200, "{} cases", corpus.len());
}
