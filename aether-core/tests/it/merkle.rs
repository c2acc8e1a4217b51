//! The Merkle tree against the recursive definitions of RFC 9162, written down here as they stand there.

use aether_core::base::Sha256Hash;
use aether_core::record::{
    ConsistencyProof, Frontier, InclusionProof, MerkleTree, ProofErrorKind, Subtree, SubtreeConsistencyProof,
    SubtreeInclusionProof, empty_root, leaf_hash,
};
use proptest::prelude::*;

/// How far all sizes are tried.
const SIZES: u64 = 64;

fn hash_of(parts: &[&[u8]]) -> Sha256Hash {
    Sha256Hash::of(&parts.concat())
}

/// `MTH` of section 2.1.1.
fn naive_root(leaves: &[Vec<u8>]) -> Sha256Hash {
    match leaves {
        [] => hash_of(&[]),
        [leaf] => hash_of(&[&[0], leaf]),
        _ => {
            let (left, right) = leaves.split_at(naive_split(leaves.len()));
            hash_of(&[&[1], naive_root(left).as_bytes(), naive_root(right).as_bytes()])
        }
    }
}

/// `k` of section 2.1.1: the largest power of two below `n`.
fn naive_split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// `PATH` of section 2.1.3.1.
fn naive_path(index: usize, leaves: &[Vec<u8>]) -> Vec<Sha256Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = naive_split(leaves.len());
    let (mut path, sibling) = if index < k {
        (naive_path(index, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(index - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(sibling);
    path
}

/// `SUBPROOF` of section 2.1.4.1, for the leaves from `start` to `end`; with `start` 0 that of the RFC.
fn naive_subproof(start: usize, end: usize, leaves: &[Vec<u8>], is_known: bool) -> Vec<Sha256Hash> {
    if start == 0 && end == leaves.len() {
        return if is_known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = naive_split(leaves.len());
    let (mut path, other) = if end <= k {
        (naive_subproof(start, end, &leaves[..k], is_known), &leaves[k..])
    } else if k <= start {
        (naive_subproof(start - k, end - k, &leaves[k..], is_known), &leaves[..k])
    } else {
        (naive_subproof(0, end - k, &leaves[k..], false), &leaves[..k])
    };
    path.push(naive_root(other));
    path
}

fn leaves(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(|index| format!("leaf {index}").into_bytes()).collect()
}

fn tree(leaves: &[Vec<u8>]) -> MerkleTree {
    let mut tree = MerkleTree::new();
    leaves.iter().for_each(|leaf| tree.push(leaf_hash(leaf)));
    tree
}

fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("hex"))
        .collect()
}

fn flipped(hash: &Sha256Hash, bit: usize) -> Sha256Hash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    Sha256Hash::from_bytes(bytes)
}

/// The eight leaves with which Certificate Transparency tests itself, and the root of all of them.
#[test]
fn the_leaves_of_certificate_transparency_have_the_known_root() {
    let texts =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let leaves: Vec<Vec<u8>> = texts.iter().map(|text| hex(text)).collect();
    let known = "sha256:5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
    assert_eq!(naive_root(&leaves).to_string(), known);
    assert_eq!(tree(&leaves).root().to_string(), known);
    for size in 0..=leaves.len() {
        assert_eq!(tree(&leaves).root_at(size as u64), Some(naive_root(&leaves[..size])), "{size}");
    }
}

#[test]
fn roots_of_all_sizes_are_those_of_the_definition() {
    let all = leaves(SIZES);
    let whole = tree(&all);
    let mut frontier = Frontier::new();
    for size in 0..=all.len() {
        let expected = naive_root(&all[..size]);
        assert_eq!(whole.root_at(size as u64), Some(expected), "{size}");
        assert_eq!(frontier.root(), expected, "{size}");
        assert_eq!(frontier.peaks().len(), size.count_ones() as usize);
        let again = Frontier::from_peaks(frontier.size(), frontier.peaks().to_vec());
        assert_eq!(again.as_ref(), Some(&frontier));
        if let Some(leaf) = all.get(size) {
            assert!(frontier.push(leaf_hash(leaf)));
        }
    }
    assert_eq!(whole.root(), naive_root(&all));
    assert_eq!(MerkleTree::new().root(), empty_root());
    assert_eq!(whole.root_at(SIZES + 1), None);
}

#[test]
fn every_leaf_of_every_size_is_proven_by_the_path_of_the_definition() {
    let all = leaves(SIZES);
    let whole = tree(&all);
    for size in 1..=SIZES {
        let root = naive_root(&all[..size as usize]);
        for index in 0..size {
            let proof = whole.inclusion_proof(index, size).expect("a proof");
            assert_eq!(proof.path, naive_path(index as usize, &all[..size as usize]), "{index} of {size}");
            let leaf = leaf_hash(&all[index as usize]);
            assert_eq!(whole.leaf(index), Some(leaf));
            proof.verify(&leaf, &root).expect("a proof that holds");
            let other = leaf_hash(b"another leaf");
            let refused = proof.verify(&other, &root).expect_err("another leaf");
            assert_eq!(refused.kind(), ProofErrorKind::RootMismatch);
        }
    }
}

#[test]
fn every_size_continues_every_smaller_one_by_the_path_of_the_definition() {
    let all = leaves(SIZES);
    let whole = tree(&all);
    for new in 1..=SIZES {
        let new_root = naive_root(&all[..new as usize]);
        for old in 1..=new {
            let old_root = naive_root(&all[..old as usize]);
            let proof = whole.consistency_proof(old, new).expect("a proof");
            assert_eq!(
                proof.path,
                naive_subproof(0, old as usize, &all[..new as usize], true),
                "{old} {new}"
            );
            proof.verify(&old_root, &new_root).expect("a proof that holds");
            let bad = flipped(&old_root, 0);
            assert!(proof.verify(&bad, &new_root).is_err(), "{old} {new}");
            assert!(proof.verify(&old_root, &flipped(&new_root, 255)).is_err(), "{old} {new}");
        }
    }
}

#[test]
fn subtrees_of_every_size_are_part_of_it() {
    const SIZES: u64 = 40;
    let all = leaves(SIZES);
    let mut seen = 0;
    for size in 1..=SIZES {
        let whole = naive_root(&all[..size as usize]);
        for end in 0..=size {
            for start in 0..=end {
                let Some(subtree) = Subtree::new(start, end) else { continue };
                let (from, to) = (start as usize, end as usize);
                let part = naive_root(&all[from..to]);
                let path = if start == end {
                    Vec::new()
                } else {
                    naive_subproof(from, to, &all[..size as usize], true)
                };
                let proof = SubtreeConsistencyProof::new(subtree, size, path);
                proof.verify(&part, &whole).expect("a part");
                assert!(proof.verify(&flipped(&part, 9), &whole).is_err());
                if start < end {
                    assert!(proof.verify(&part, &flipped(&whole, 9)).is_err());
                    let path = naive_path(0, &all[from..to]);
                    let inside = SubtreeInclusionProof::new(start, subtree, path);
                    inside.verify(&leaf_hash(&all[from]), &part).expect("a leaf of the part");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 3000, "{seen}");
}

/// Every bit of the path, the root and the leaf, and every other index and size near by.
#[test]
fn a_proof_holds_for_nothing_else() {
    let all = leaves(21);
    let whole = tree(&all);
    for size in [1, 2, 5, 8, 13, 21] {
        let root = naive_root(&all[..size as usize]);
        for index in 0..size {
            let proof = whole.inclusion_proof(index, size).expect("a proof");
            let leaf = leaf_hash(&all[index as usize]);
            for bit in 0..256 {
                assert!(proof.verify(&flipped(&leaf, bit), &root).is_err());
                assert!(proof.verify(&leaf, &flipped(&root, bit)).is_err());
                for at in 0..proof.path.len() {
                    let mut path = proof.path.clone();
                    path[at] = flipped(&path[at], bit);
                    assert!(InclusionProof::new(index, size, path).verify(&leaf, &root).is_err());
                }
            }
            for other in 0..64 {
                if other != index {
                    let moved = InclusionProof::new(other, size, proof.path.clone());
                    assert!(moved.verify(&leaf, &root).is_err(), "{index} as {other} of {size}");
                }
            }
            for at in 0..proof.path.len() {
                let mut path = proof.path.clone();
                path.remove(at);
                assert!(InclusionProof::new(index, size, path).verify(&leaf, &root).is_err());
                let mut path = proof.path.clone();
                path.insert(at, root);
                assert!(InclusionProof::new(index, size, path).verify(&leaf, &root).is_err());
            }
            let mut path = proof.path.clone();
            path.push(root);
            let long = InclusionProof::new(index, size, path).verify(&leaf, &root);
            assert_eq!(long.map_err(|error| error.kind()), Err(ProofErrorKind::WrongLength));
        }
    }
}

#[test]
fn a_consistency_proof_holds_for_nothing_else() {
    let all = leaves(21);
    let whole = tree(&all);
    for (old, new) in [(1, 2), (3, 7), (4, 8), (6, 21), (16, 21), (20, 21)] {
        let proof = whole.consistency_proof(old, new).expect("a proof");
        let (from, to) = (naive_root(&all[..old as usize]), naive_root(&all[..new as usize]));
        for at in 0..proof.path.len() {
            for bit in 0..256 {
                let mut path = proof.path.clone();
                path[at] = flipped(&path[at], bit);
                assert!(
                    ConsistencyProof::new(old, new, path).verify(&from, &to).is_err(),
                    "{old} {new} {at}"
                );
            }
            let mut path = proof.path.clone();
            path.remove(at);
            assert!(ConsistencyProof::new(old, new, path).verify(&from, &to).is_err());
        }
        for other in 0..64 {
            if other != old {
                assert!(ConsistencyProof::new(other, new, proof.path.clone()).verify(&from, &to).is_err());
            }
        }
    }
    let root = naive_root(&all[..5]);
    let kind = |old, new, path| {
        ConsistencyProof::new(old, new, path).verify(&root, &root).map_err(|error| error.kind())
    };
    assert_eq!(kind(5, 5, vec![]), Ok(()));
    assert_eq!(kind(5, 5, vec![root]), Err(ProofErrorKind::WrongLength));
    assert_eq!(kind(0, 5, vec![]), Err(ProofErrorKind::OutOfRange));
    assert_eq!(kind(6, 5, vec![]), Err(ProofErrorKind::OutOfRange));
    assert_eq!(kind(4, 5, vec![]), Err(ProofErrorKind::WrongLength));
}

#[test]
fn proofs_beyond_the_tree_are_not_made() {
    let whole = tree(&leaves(5));
    assert!(whole.inclusion_proof(5, 5).is_none());
    assert!(whole.inclusion_proof(0, 6).is_none());
    assert!(whole.inclusion_proof(0, 0).is_none());
    assert!(whole.consistency_proof(0, 5).is_none());
    assert!(whole.consistency_proof(4, 3).is_none());
    assert!(whole.consistency_proof(1, 6).is_none());
}

#[test]
fn subtrees_start_at_a_multiple_of_their_size_rounded_up() {
    for end in 0..=40_u64 {
        for start in 0..=end {
            let length = end - start;
            let mut power = 1;
            while power < length {
                power *= 2;
            }
            let expected = length == 0 || start % power == 0;
            assert_eq!(Subtree::new(start, end).is_some(), expected, "{start} {end}");
        }
    }
    assert!(Subtree::new(3, 2).is_none());
    assert!(Subtree::new(1, u64::MAX).is_none());
    assert!(Subtree::new(0, u64::MAX).is_some());
}

#[test]
fn a_frontier_is_made_of_one_hash_for_each_bit() {
    assert!(Frontier::from_peaks(3, vec![empty_root()]).is_none());
    let full = Frontier::from_peaks(u64::MAX, vec![empty_root(); 64]);
    let mut full = full.expect("64 peaks");
    let root = full.root();
    assert!(!full.push(empty_root()));
    assert_eq!(full.root(), root);
}

fn any_hash() -> impl Strategy<Value = Sha256Hash> {
    any::<[u8; 32]>().prop_map(Sha256Hash::from_bytes)
}

/// Numbers at which shifts and sums go wrong, and any others.
fn any_size() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..40_u64,
        (0..64_u32).prop_map(|bit| 1 << bit),
        Just(u64::MAX),
        Just(u64::MAX - 1)
    ]
}

proptest! {
    #[test]
    fn no_proof_of_a_stranger_panics_or_holds(
        (a, b, c) in (any_size(), any_size(), any_size()),
        path in prop::collection::vec(any_hash(), 0..70),
        (one, two) in (any_hash(), any_hash()),
    ) {
        prop_assert!(InclusionProof::new(a, b, path.clone()).verify(&one, &two).is_err());
        prop_assert!(ConsistencyProof::new(a, b, path.clone()).verify(&one, &two).is_err());
        if let Some(subtree) = Subtree::new(a, b) {
            prop_assert!(SubtreeInclusionProof::new(c, subtree, path.clone()).verify(&one, &two).is_err());
            prop_assert!(SubtreeConsistencyProof::new(subtree, c, path).verify(&one, &two).is_err());
        }
    }

    #[test]
    fn the_frontier_is_the_tree(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..8), 0..300)) {
        let whole = tree(&leaves);
        let mut frontier = Frontier::new();
        for leaf in &leaves {
            frontier.push(leaf_hash(leaf));
        }
        prop_assert_eq!(frontier.root(), whole.root());
        prop_assert_eq!(frontier.root(), naive_root(&leaves));
    }
}
