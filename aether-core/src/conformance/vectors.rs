//! Rules of [`VectorStore`](crate::port::VectorStore).

use super::fixtures::{FileBuilder, full_delta};
use super::{expect, expect_eq, ok};
use crate::base::{ErrorCode, Sha256Hash};
use crate::code::SymbolId;
use crate::port::{Store, SymbolVector, VectorDelta, VectorSpace};

/// Checks the vectors of a store: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_vectors};
/// check_vectors(&|| Box::new(MemoryStore::default()));
/// ```
pub fn check_vectors(make: &dyn Fn() -> Box<dyn Store>) {
    the_nearest_come_first(make);
    a_delta_replaces_removes_and_counts(make);
    spaces_are_apart_and_outlive_the_index(make);
    lengths_must_agree(make);
    spaces_are_replaced(make);
}

fn id(number: u8) -> SymbolId {
    SymbolId::from_bytes([number; 16])
}

fn vector(number: u8, vector: &[f32]) -> SymbolVector {
    SymbolVector::new(id(number), Sha256Hash::of(&[number]), vector.to_vec())
}

fn delta(put: Vec<SymbolVector>) -> VectorDelta {
    let mut delta = VectorDelta::new("space", 1);
    delta.put = put;
    delta
}

fn the_nearest_come_first(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "vectors: the nearest come first, by direction alone");
    let put = vec![
        vector(1, &[1.0, 0.0, 0.0]),
        vector(2, &[30.0, 30.0, 0.0]),
        vector(3, &[0.0, 0.0, -0.002]),
        vector(4, &[0.0, 0.0, 0.0]),
        vector(5, &[0.02, 0.0, 0.0]),
    ];
    ok(rule, store.apply_vectors(&delta(put)));
    let found = ok(rule, store.nearest("space", &[7.0, 0.0, 0.0], 9));
    let order: Vec<SymbolId> = found.iter().map(|(id, _)| *id).collect();
    expect_eq(rule, order, vec![id(1), id(5), id(2), id(3), id(4)]);
    for ((_, cosine), expected) in found.iter().zip([1.0, 1.0, 0.707, 0.0, 0.0]) {
        expect("vectors: a cosine is right to 0.01", (cosine - expected).abs() < 0.01);
    }
    let back = ok(rule, store.nearest("space", &[0.0, 0.0, 1.0], 9));
    let last = back.last().map(|(id, cosine)| (*id, *cosine < -0.98));
    expect_eq("vectors: what points the other way comes last", last, Some((id(3), true)));
    expect_eq(
        "vectors: no more than asked for",
        ok(rule, store.nearest("space", &[1.0, 0.0, 0.0], 2)).len(),
        2,
    );
    expect_eq("vectors: none of another length", ok(rule, store.nearest("space", &[1.0], 2)), vec![]);
    expect_eq("vectors: none of a space that is not there", ok(rule, store.nearest("no", &[1.0], 2)), vec![]);

    let rule = "vectors: cosines of symbols are those of the nearest, in the order asked for";
    let asked = [id(2), id(9), id(1), id(4)];
    let nearest = ok(rule, store.nearest("space", &[7.0, 0.0, 0.0], 9));
    let expected: Vec<(SymbolId, f32)> =
        asked.iter().filter_map(|id| nearest.iter().find(|(near, _)| near == id).copied()).collect();
    expect_eq(rule, expected.len(), 3);
    expect_eq(rule, ok(rule, store.cosines("space", &[7.0, 0.0, 0.0], &asked)), expected);
    expect_eq(rule, ok(rule, store.cosines("space", &[1.0], &asked)), vec![]);
    expect_eq(rule, ok(rule, store.cosines("no", &[7.0, 0.0, 0.0], &asked)), vec![]);
}

fn a_delta_replaces_removes_and_counts(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "vectors: a delta replaces, removes, and counts since the embedder learned");
    expect_eq(rule, ok(rule, store.vector_space("space")), None);
    let mut first = delta((1..=3).map(|number| vector(number, &[1.0, f32::from(number)])).collect());
    first.learned = Some(vec![7, 0, 255]);
    ok(rule, store.apply_vectors(&first));
    expect_eq(rule, ok(rule, store.vector_space("space")), Some(VectorSpace::new(1, 0, 1)));
    expect_eq(rule, ok(rule, store.learned("space")), Some(vec![7, 0, 255]));
    expect_eq(rule, ok(rule, store.learned("other")), None);
    let mut second = delta(vec![vector(2, &[-1.0, 0.0])]);
    second.removed = vec![id(3), id(9)];
    second.generation = 5;
    ok(rule, store.apply_vectors(&second));
    expect_eq(rule, ok(rule, store.vector_space("space")), Some(VectorSpace::new(5, 1, 1)));
    expect_eq(rule, ok(rule, store.learned("space")), Some(vec![7, 0, 255]));
    let stamps = vec![(id(1), Sha256Hash::of(&[1])), (id(2), Sha256Hash::of(&[2]))];
    expect_eq(rule, ok(rule, store.vector_stamps("space")), stamps);
    let found = ok(rule, store.nearest("space", &[-1.0, 0.0], 1));
    expect_eq(rule, found.first().map(|(id, _)| *id), Some(id(2)));
    let mut whole = delta(vec![vector(8, &[1.0])]);
    whole.is_full = true;
    ok(rule, store.apply_vectors(&whole));
    expect_eq("vectors: a full delta begins anew", ok(rule, store.vector_stamps("space")).len(), 1);
    expect_eq(rule, ok(rule, store.nearest("space", &[1.0], 5)).len(), 1);
}

fn spaces_are_apart_and_outlive_the_index(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) =
        (make(), "vectors: spaces are apart, outlive the index and are no part of the digest");
    ok(rule, store.apply(&full_delta([FileBuilder::new("src/lib.rs").build()]), None));
    let digest = ok(rule, store.digest());
    ok(rule, store.apply_vectors(&delta(vec![vector(1, &[1.0, 0.0])])));
    let mut other = VectorDelta::new("other", 2);
    other.put = vec![vector(2, &[1.0, 0.0, 0.0])];
    ok(rule, store.apply_vectors(&other));
    expect_eq(rule, ok(rule, store.digest()), digest);
    ok(rule, store.apply(&full_delta([FileBuilder::new("src/lib.rs").build()]), None));
    expect_eq(rule, ok(rule, store.nearest("space", &[1.0, 0.0], 5)).len(), 1);
    expect_eq(rule, ok(rule, store.nearest("other", &[1.0, 0.0, 0.0], 5)).len(), 1);
}

fn lengths_must_agree(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "vectors: those of one space have one length");
    ok(rule, store.apply_vectors(&delta(vec![vector(1, &[1.0, 0.0])])));
    let refused = store.apply_vectors(&delta(vec![vector(2, &[1.0])])).err();
    expect_eq(rule, refused.map(|error| error.code().clone()), Some(ErrorCode::INTERNAL));
    expect_eq(rule, ok(rule, store.vector_stamps("space")).len(), 1);
}

fn spaces_are_replaced(make: &dyn Fn() -> Box<dyn Store>) {
    let (store, rule) = (make(), "vectors: a space goes with what replaces it, and no other");
    expect_eq(rule, ok(rule, store.vector_spaces()), Vec::new());
    for space in ["b", "a", "c"] {
        let mut delta = delta(vec![vector(1, &[1.0, 0.0])]);
        space.clone_into(&mut delta.space);
        ok(rule, store.apply_vectors(&delta));
    }
    expect_eq(rule, ok(rule, store.vector_spaces()), ["a", "b", "c"].map(str::to_owned).to_vec());
    let mut delta = delta(vec![vector(2, &[1.0, 0.0])]);
    "c".clone_into(&mut delta.space);
    delta.replaces = ["a", "c", "d"].map(str::to_owned).to_vec();
    ok(rule, store.apply_vectors(&delta));
    expect_eq(rule, ok(rule, store.vector_spaces()), ["b", "c"].map(str::to_owned).to_vec());
    expect_eq(rule, ok(rule, store.vector_stamps("a")).len(), 0);
    expect_eq(rule, ok(rule, store.nearest("a", &[1.0, 0.0], 9)).len(), 0);
    expect_eq(rule, ok(rule, store.vector_stamps("c")).len(), 2);
}
