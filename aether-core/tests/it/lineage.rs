//! Which new symbol an old one lives on as.

use std::collections::BTreeSet;

use aether_core::base::RelPath;
use aether_core::code::{LineageCandidate, LineageCause, SymbolId, SymbolKind, match_lineage};
use proptest::prelude::*;

/// A symbol by one line: `kind file position qualified::name [body]`. A body of `-` is none; a body
/// of words has a fingerprint of its own.
fn candidate(side: u8, index: usize, line: &str) -> LineageCandidate {
    let mut parts = line.splitn(5, ' ');
    let mut next = || parts.next().unwrap_or_else(|| panic!("{line} has too few parts"));
    let (kind, file, position, local_path, body) = (next(), next(), next(), next(), next());
    let words: BTreeSet<&str> = body.split(' ').filter(|word| !word.is_empty() && *word != "{}").collect();
    let has_body = body != "-";
    let fingerprint =
        body.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    LineageCandidate {
        id: SymbolId::from_bytes([side, index as u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        file: RelPath::new(file).expect("a path"),
        kind: SymbolKind::new(kind),
        name: local_path.rsplit("::").next().unwrap_or_default().to_owned(),
        local_path: if kind == "file" { String::new() } else { local_path.to_owned() },
        body_fingerprint: if has_body { fingerprint } else { 0 },
        body_words: if has_body { words.into_iter().map(str::to_owned).collect() } else { Vec::new() },
        position: position.parse().expect("a position"),
    }
}

fn candidates(side: u8, lines: &[&str]) -> Vec<LineageCandidate> {
    lines.iter().enumerate().map(|(index, line)| candidate(side, index, line)).collect()
}

/// Links as `old > new cause`, by the numbers of the lines.
fn links(removed: &[LineageCandidate], added: &[LineageCandidate]) -> Vec<String> {
    let index = |all: &[LineageCandidate], id| {
        all.iter().position(|it| it.id == id).expect("a link between the candidates")
    };
    match_lineage(removed, added)
        .iter()
        .map(|link| {
            let cause = match link.cause {
                LineageCause::Signature => "signature",
                LineageCause::Rename => "rename",
                LineageCause::Move => "move",
                LineageCause::MoveAndRename => "move and rename",
                _ => "?",
            };
            format!("{} > {} {cause}", index(removed, link.from), index(added, link.to))
        })
        .collect()
}

#[track_caller]
fn check(removed: &[&str], added: &[&str], expected: &[&str]) {
    let (old, new) = (candidates(1, removed), candidates(2, added));
    assert_eq!(links(&old, &new), expected);
    // In whatever order they come.
    let (mut old_turned, mut new_turned) = (old.clone(), new.clone());
    old_turned.reverse();
    new_turned.reverse();
    assert_eq!(match_lineage(&old_turned, &new_turned), match_lineage(&old, &new));
}

const BODY: &str = "let total sum of items price tax";
const LIKE_BODY: &str = "let total sum of items price discount";
const OTHER: &str = "open file read write close flush seek";

fn with(head: &str, body: &str) -> String {
    format!("{head} {body}")
}

#[test]
fn nothing_comes_of_nothing() {
    check(&[], &[], &[]);
    check(&["function a.rs 1 f -"], &[], &[]);
    check(&[], &["function a.rs 1 f -"], &[]);
}

#[test]
fn a_changed_signature_keeps_the_place() {
    check(
        &[&with("function a.rs 1 m::f", BODY)],
        &[&with("function a.rs 9 m::f", OTHER)],
        &["0 > 0 signature"],
    );
    check(&["function a.rs 1 f -"], &["function a.rs 1 f -"], &["0 > 0 signature"]);
    // Twins of a `cfg`: the nearer position.
    check(
        &["function a.rs 1 f one", "function a.rs 5 f two"],
        &["function a.rs 6 f three", "function a.rs 2 f four"],
        &["0 > 1 signature", "1 > 0 signature"],
    );
}

#[test]
fn a_rename_keeps_the_body() {
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function a.rs 8 g", BODY)], &["0 > 0 rename"]);
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function a.rs 1 g", LIKE_BODY)], &["0 > 0 rename"]);
}

#[test]
fn a_move_inside_the_file_is_a_rename() {
    check(
        &[&with("function a.rs 1 old::f", BODY)],
        &[&with("function a.rs 8 new::f", BODY)],
        &["0 > 0 rename"],
    );
}

#[test]
fn a_move_keeps_name_and_body() {
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function b.rs 7 f", BODY)], &["0 > 0 move"]);
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function b.rs 7 f", LIKE_BODY)], &["0 > 0 move"]);
    check(&["function a.rs 1 T::f {}"], &["function b.rs 7 T::f {}"], &["0 > 0 move"]);
}

#[test]
fn a_move_with_a_rename_and_a_small_edit_is_found() {
    check(
        &[&with("function a.rs 1 f", BODY)],
        &[&with("function b.rs 7 g", BODY)],
        &["0 > 0 move and rename"],
    );
    check(
        &[&with("function a.rs 1 f", BODY), &with("function a.rs 2 h", OTHER)],
        &[&with("function b.rs 7 g", LIKE_BODY), "function b.rs 1 i nothing in common with both of them"],
        &["0 > 0 move and rename"],
    );
}

#[test]
fn unlike_bodies_are_not_linked() {
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function a.rs 1 g", OTHER)], &[]);
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function b.rs 1 f", OTHER)], &[]);
    check(&[&with("function a.rs 1 f", BODY)], &[&with("method a.rs 1 f", BODY)], &[]);
    // Less alike than it takes without a hint, enough with one.
    let half = "let total sum of goods weight";
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function b.rs 9 g", half)], &[]);
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function a.rs 2 g", half)], &["0 > 0 rename"]);
    check(&[&with("function a.rs 1 f", BODY)], &[&with("function b.rs 9 f", half)], &["0 > 0 move"]);
}

#[test]
fn trivial_bodies_are_linked_in_their_place_only() {
    check(&["function a.rs 1 f {}"], &["function b.rs 1 g {}"], &[]);
    check(&["function a.rs 1 f None"], &["function a.rs 5 g None"], &[]);
    check(&["function a.rs 5 f None"], &["function a.rs 5 g None"], &["0 > 0 rename"]);
    // The same short name in another file is another symbol.
    check(&["method a.rs 1 T::new {}"], &["method b.rs 1 U::new {}"], &[]);
    check(&["method a.rs 1 T::len self len"], &["method b.rs 4 U::len self len"], &[]);
}

#[test]
fn the_surest_pair_is_taken_first() {
    // The equal body, though the other is nearer.
    check(
        &[&with("function a.rs 5 f", BODY)],
        &[&with("function a.rs 5 g", LIKE_BODY), &with("function b.rs 90 h", BODY)],
        &["0 > 1 move and rename"],
    );
    // Of equal bodies, the one of the same name, then that of the same file.
    check(
        &[&with("function a.rs 1 f", BODY)],
        &[&with("function a.rs 1 g", BODY), &with("function b.rs 1 m::f", BODY)],
        &["0 > 1 move"],
    );
    check(
        &[&with("function a.rs 1 f", BODY)],
        &[&with("function b.rs 1 g", BODY), &with("function a.rs 50 h", BODY)],
        &["0 > 1 rename"],
    );
    // Each old and each new one is in one pair at most.
    check(
        &[&with("function a.rs 1 f", BODY), &with("function a.rs 2 g", BODY)],
        &[&with("function a.rs 3 h", BODY)],
        &["1 > 0 rename"],
    );
}

#[test]
fn members_follow_what_contains_them() {
    // A structure that was renamed in its place, with fields that have no body.
    check(
        &[
            &with("struct a.rs 1 Old", BODY),
            "field a.rs 2 Old::size -",
            "field a.rs 3 Old::gone -",
            "method a.rs 4 Old::len {}",
            &with("method a.rs 5 Old::total", OTHER),
        ],
        &[
            &with("struct a.rs 1 New", BODY),
            "field a.rs 3 New::size -",
            "field a.rs 2 New::fresh -",
            "method a.rs 9 New::len {}",
            "method a.rs 8 New::total entirely new words here now",
        ],
        &["0 > 0 rename", "1 > 1 rename", "3 > 3 rename", "4 > 4 rename"],
    );
    // Level by level, into another file.
    check(
        &[&with("module a.rs 1 m", BODY), "struct a.rs 2 m::S -", "field a.rs 3 m::S::x -"],
        &[&with("module b.rs 1 n", BODY), "struct b.rs 2 n::S -", "field b.rs 3 n::S::x -"],
        &["0 > 0 move and rename", "1 > 1 move", "2 > 2 move"],
    );
    // Before a body that is alike is looked for elsewhere.
    check(
        &[&with("struct a.rs 1 Old", OTHER), &with("method a.rs 9 Old::sum", BODY)],
        &[
            &with("struct a.rs 1 New", OTHER),
            "method a.rs 5 New::sum entirely new words here now",
            &with("method a.rs 9 New::other", LIKE_BODY),
        ],
        &["0 > 0 rename", "1 > 1 rename"],
    );
    // But behind an equal body.
    check(
        &[&with("struct a.rs 1 Old", OTHER), &with("method a.rs 9 Old::sum", BODY)],
        &[
            &with("struct a.rs 1 New", OTHER),
            "method a.rs 5 New::sum entirely new words here now",
            &with("method b.rs 9 Z::other", BODY),
        ],
        &["0 > 0 rename", "1 > 2 move and rename"],
    );
    // Also of what was linked late: by a body that is alike, or by the name alone.
    check(
        &[&with("struct a.rs 1 Old", BODY), "field a.rs 2 Old::x -"],
        &[&with("struct b.rs 1 New", LIKE_BODY), "field b.rs 2 New::x -"],
        &["0 > 0 move and rename", "1 > 1 move"],
    );
    check(
        &["trait a.rs 1 T -", "method a.rs 2 T::f -"],
        &["trait b.rs 1 T -", "method b.rs 2 T::f -"],
        &["0 > 0 move", "1 > 1 move"],
    );
    // A name that is common says nothing about members of other things.
    check(&["field a.rs 1 A::id -"], &["field b.rs 1 B::id -"], &[]);
    check(&["field a.rs 1 A::id -"], &["field a.rs 1 B::id -"], &[]);
    check(&["field a.rs 1 A::id -"], &["field b.rs 1 A::id -"], &[]);
}

#[test]
fn a_file_follows_its_symbols() {
    let (f, g) = (with("function a.rs 1 f", BODY), with("function a.rs 2 g", OTHER));
    let (f_moved, g_moved) = (with("function b.rs 1 f", BODY), with("function b.rs 2 g", OTHER));
    check(
        &["file a.rs 0 a.rs -", &f, &g, "type a.rs 3 Alias -"],
        &["file b.rs 0 b.rs -", &f_moved, &g_moved, "type b.rs 3 Alias -"],
        &["0 > 0 move and rename", "1 > 1 move", "2 > 2 move", "3 > 3 move"],
    );
    // Where most of them went.
    let h = with("function a.rs 3 h", "four other words there");
    let h_moved = with("function c.rs 1 h", "four other words there");
    check(
        &["file a.rs 0 a.rs -", &f, &g, &h],
        &["file b.rs 0 b.rs -", "file c.rs 0 c.rs -", &f_moved, &g_moved, &h_moved],
        &["0 > 0 move and rename", "1 > 2 move", "2 > 3 move", "3 > 4 move"],
    );
    let moved = [f_moved, g_moved, h_moved].map(|line| match line.replace("b.rs", "d.rs") {
        line if line.contains("c.rs") => line.replace("c.rs", "b.rs"),
        line => line,
    });
    check(
        &["file a.rs 0 a.rs -", &f, &g, &h],
        &["file b.rs 0 b.rs -", "file d.rs 0 d.rs -", &moved[0], &moved[1], &moved[2]],
        &["0 > 1 move and rename", "1 > 2 move", "2 > 3 move", "3 > 4 move"],
    );
    // A file that went and one that came are not one for that alone.
    check(&["file a.rs 0 a.rs -"], &["file b.rs 0 b.rs -"], &[]);
    check(&["file a.rs 0 a.rs use std"], &["file b.rs 0 b.rs use std"], &[]);
}

#[test]
fn outermost_symbols_without_a_body_need_a_name_of_their_own() {
    check(&["struct a.rs 1 Unit -"], &["struct b.rs 4 Unit -"], &["0 > 0 move"]);
    check(&["type a.rs 1 Error -"], &["type b.rs 1 Error -", "type c.rs 1 Error -"], &[]);
    check(&["type a.rs 1 Error -", "type b.rs 1 Error -"], &["type c.rs 1 Error -"], &[]);
    check(&["type a.rs 1 Error -"], &["struct b.rs 1 Error -"], &[]);
    check(&["struct a.rs 1 Unit -"], &["struct a.rs 1 Other -"], &[]);
}

/// What stands on both sides did not disappear, and must not be linked with itself.
#[test]
fn an_id_on_both_sides_is_left_out() {
    let old = candidates(1, &[&with("function a.rs 1 f", BODY), &with("function a.rs 2 g", BODY)]);
    let new = vec![old[0].clone()];
    assert_eq!(match_lineage(&old, &new), []);
    // The same symbol given twice is one.
    let twice = vec![old[0].clone(), old[0].clone()];
    let added = candidates(2, &[&with("function a.rs 1 h", BODY), &with("function a.rs 2 i", BODY)]);
    assert_eq!(match_lineage(&twice, &added).len(), 1);
}

/// A branch switch renames thousands at once; comparing each with each would take minutes.
#[test]
fn many_symbols_are_matched() {
    let line = |side: &str, index: usize| {
        let words: Vec<String> =
            (0..20).map(|word| format!("w{}", (index * 7919 + word * word * 31) % 40_000)).collect();
        let edit = if side == "old" { "x" } else { "y" };
        format!("function {side}.rs {index} {side}_{index} {} {edit}", words.join(" "))
    };
    let make = |number: u8, side: &str| -> Vec<LineageCandidate> {
        (0..5000_u32)
            .map(|index| {
                let mut it = candidate(number, 0, &line(side, index as usize));
                let mut id = *it.id.as_bytes();
                id[12..].copy_from_slice(&index.to_be_bytes());
                it.id = SymbolId::from_bytes(id);
                it
            })
            .collect()
    };
    let found = match_lineage(&make(1, "old"), &make(2, "new"));
    assert_eq!(found.len(), 5000);
    assert!(found.iter().all(|link| link.from.as_bytes()[12..] == link.to.as_bytes()[12..]));
}

fn any_candidates(side: u8) -> impl Strategy<Value = Vec<LineageCandidate>> {
    let line = (
        prop::sample::select(vec!["function", "method", "field", "struct", "file"]),
        prop::sample::select(vec!["a.rs", "b.rs"]),
        0_u32..6,
        prop::sample::select(vec!["f", "g", "S", "S::f", "S::x", "T::f"]),
        prop::sample::select(vec![
            "-",
            "{}",
            "None",
            "one two three four",
            "one two three five",
            "one two three four five six",
            "seven eight nine ten",
        ]),
    );
    prop::collection::vec(line, 0..10).prop_map(move |lines| {
        lines
            .iter()
            .enumerate()
            .map(|(index, (kind, file, position, path, body))| {
                candidate(side, index, &format!("{kind} {file} {position} {path} {body}"))
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn order_of_the_input_does_not_matter(
        (removed, removed_again) in any_candidates(1).prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        (added, added_again) in any_candidates(2).prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        prop_assert_eq!(match_lineage(&removed, &added), match_lineage(&removed_again, &added_again));
    }

    #[test]
    fn every_symbol_is_linked_once_at_most_and_to_its_kind(removed in any_candidates(1), added in any_candidates(2)) {
        let links = match_lineage(&removed, &added);
        let from: BTreeSet<SymbolId> = links.iter().map(|link| link.from).collect();
        let to: BTreeSet<SymbolId> = links.iter().map(|link| link.to).collect();
        prop_assert_eq!((from.len(), to.len()), (links.len(), links.len()));
        prop_assert!(links.is_sorted());
        for link in &links {
            let old = removed.iter().find(|it| it.id == link.from).expect("from a removed one");
            let new = added.iter().find(|it| it.id == link.to).expect("to an added one");
            prop_assert_eq!(&old.kind, &new.kind);
            let cause = (old.file == new.file, old.local_path == new.local_path, old.name == new.name);
            let expected = match cause {
                (true, true, _) => LineageCause::Signature,
                (true, false, _) => LineageCause::Rename,
                (false, _, true) => LineageCause::Move,
                (false, _, false) => LineageCause::MoveAndRename,
            };
            prop_assert_eq!(link.cause, expected);
        }
    }
}
