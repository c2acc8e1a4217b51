//! What is needed stays, what is not goes, and nothing that is left can be left out.

use std::collections::BTreeMap;

use aether_core::base::RelPath;
use aether_core::change::{Change, FileMode, FilePatch, FileState, Patch};
use proptest::prelude::*;

use super::Shrinker;
use super::atom::{Grain, join, split};
use crate::patch::BaseFile;

type Base = BTreeMap<RelPath, BaseFile>;
/// What a tree holds, by path.
type Texts = BTreeMap<String, String>;

fn path(text: &str) -> RelPath {
    RelPath::new(text).expect("a path")
}

fn base(files: &[(&str, &str)]) -> Base {
    let file = |text: &str| BaseFile::new(FileMode::Regular, text.as_bytes().to_vec());
    files.iter().map(|(name, text)| (path(name), file(text))).collect()
}

fn patch(base: &Base, files: &[(&str, Option<&str>)]) -> Patch {
    let files = files.iter().map(|(name, new)| {
        let old = base.get(&path(name));
        let before = old.map(|old| FileState::of(path(name), old.mode, &old.bytes));
        match (before, new) {
            (Some(before), Some(new)) => {
                let old = &base[&path(name)].bytes;
                FilePatch::change(before, old, path(name), FileMode::Regular, Change::Write((*new).into()))
            }
            (Some(before), None) => FilePatch::delete(before),
            (None, new) => FilePatch::create(path(name), FileMode::Regular, new.unwrap_or_default()),
        }
        .expect("a change")
    });
    Patch::new(files.collect()).expect("a patch")
}

fn texts(base: &Base, patch: &Patch) -> Texts {
    let mut left = base.clone();
    let mut made = Vec::new();
    for file in patch.files() {
        let old = file.before().and_then(|before| left.remove(&before.path));
        let new = file.apply(old.as_ref().map(|old| &old.bytes[..])).expect("it fits");
        made.extend(file.after().map(|after| after.path.clone()).zip(new));
    }
    let left = left.into_iter().map(|(path, file)| (path, file.bytes));
    left.chain(made)
        .map(|(path, bytes)| (path.to_string(), String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

/// Shrinks; gives the smallest patch and how many candidates it took.
fn shrink(base: &Base, patch: &Patch, holds: impl Fn(&Texts) -> bool) -> (Patch, u64) {
    assert!(holds(&texts(base, patch)), "the whole patch holds");
    let mut shrinker = Shrinker::new(patch, base).expect("it fits");
    while let Some(candidate) = shrinker.candidate() {
        let verdict = holds(&texts(base, candidate));
        shrinker.judge(verdict);
    }
    let judged = shrinker.judged();
    (shrinker.into_patch(), judged)
}

/// No single part of any grain can be left out.
fn assert_minimal(base: &Base, patch: &Patch, holds: impl Fn(&Texts) -> bool) {
    for grain in [Grain::Runs, Grain::Lines, Grain::Tokens] {
        let atoms = split(patch, base, grain);
        for left_out in 0..atoms.len() {
            let kept: Vec<_> = atoms
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != left_out)
                .map(|(_, atom)| atom)
                .collect();
            if let Some(smaller) = join(&kept, base)
                && smaller != *patch
            {
                assert!(!holds(&texts(base, &smaller)), "{:?} can be left out of {patch:?}", atoms[left_out]);
            }
        }
    }
}

#[test]
fn runs_lines_and_tokens_that_do_not_matter_go() {
    let base = base(&[("a.rs", "one\ntwo\nthree\nfour(x, y)\nfive\n"), ("b.rs", "b\n"), ("c.rs", "c\n")]);
    let patch = patch(
        &base,
        &[
            ("a.rs", Some("ONE\ntwo\nthree and more\nnoise\nfour(xx, &y) // noise\nfive\nsix\n")),
            ("b.rs", Some("noise\n")),
            ("c.rs", None),
            ("d.rs", Some("noise\n")),
        ],
    );
    let holds = |texts: &Texts| texts["a.rs"].contains("&y") && texts["a.rs"].contains("six");
    let (small, judged) = shrink(&base, &patch, holds);
    let found = texts(&base, &small);
    assert_eq!(found["a.rs"], "one\ntwo\nthree\nfour(x, &y)\nfive\nsix\n");
    assert_eq!((small.files().len(), found.len()), (1, 3));
    assert!(judged < 60, "{judged} candidates");
    assert_minimal(&base, &small, holds);
}

#[test]
fn what_happens_to_whole_files_can_be_left_out() {
    let base = base(&[("a", "a\n"), ("b", "b\n")]);
    let before = |name: &str| FileState::of(path(name), FileMode::Regular, format!("{name}\n").as_bytes());
    let files = vec![
        FilePatch::change(
            before("a"),
            b"a\n",
            path("moved"),
            FileMode::Executable,
            Change::Write("A\n".into()),
        ),
        FilePatch::delete(before("b")),
        FilePatch::create(path("c"), FileMode::Regular, "1\n2\n3\n"),
    ];
    let patch = Patch::new(files.into_iter().collect::<Result<_, _>>().expect("changes")).expect("a patch");
    let (small, _) = shrink(&base, &patch, |texts| texts.values().any(|text| text == "A\n"));
    assert_eq!(
        texts(&base, &small),
        BTreeMap::from([("a".into(), "A\n".into()), ("b".into(), "b\n".into())])
    );
    assert_eq!(small.files()[0].after().map(|after| after.mode), Some(FileMode::Regular));
    let (small, _) = shrink(&base, &patch, |texts| texts.get("c").is_some_and(|text| text.contains('2')));
    assert_eq!(texts(&base, &small)["c"], "2\n");
    let (small, _) = shrink(&base, &patch, |texts| texts.contains_key("moved"));
    assert_eq!(
        texts(&base, &small),
        BTreeMap::from([("b".into(), "b\n".into()), ("moved".into(), "a\n".into())])
    );
    let (small, _) = shrink(&base, &patch, |texts| !texts.contains_key("b"));
    assert_eq!(small.files().len(), 1);
}

#[test]
fn a_patch_of_one_part_stays() {
    let base = base(&[("a", "a\n")]);
    let patch = patch(&base, &[("a", Some("b\n"))]);
    let (small, judged) = shrink(&base, &patch, |texts| texts["a"] == "b\n");
    assert_eq!((texts(&base, &small), judged), (texts(&base, &patch), 0));
}

#[test]
fn parts_that_need_each_other_stay_together() {
    let base = base(&[("a", "1\n2\n3\n4\n5\n6\n7\n8\n")]);
    let patch = patch(&base, &[("a", Some("A\n2\nB\n4\nC\n6\nD\n8\n"))]);
    let both = |texts: &Texts| texts["a"].contains('A') && texts["a"].contains('D');
    let (small, _) = shrink(&base, &patch, both);
    assert_eq!(texts(&base, &small)["a"], "A\n2\n3\n4\n5\n6\nD\n8\n");
    assert_minimal(&base, &small, both);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn taken_apart_and_put_together_it_is_the_same(
        old in "([a-d ]{0,6}\n){0,12}([a-d]{0,3})", new in "([a-d ]{0,6}\n){0,12}([a-d]{0,3})",
    ) {
        prop_assume!(old != new);
        let base = base(&[("a", &old)]);
        let patch = patch(&base, &[("a", Some(&new))]);
        for grain in [Grain::Runs, Grain::Lines, Grain::Tokens] {
            let atoms = split(&patch, &base, grain);
            let whole = join(&atoms.iter().collect::<Vec<_>>(), &base).expect("a patch");
            prop_assert_eq!(texts(&base, &whole), texts(&base, &patch));
        }
    }

    #[test]
    fn what_is_left_is_minimal(
        old in "([a-f]{1,3} [a-f]{1,3}\n){4,12}", noise in "([a-f]{1,3} [a-f]{1,3}\n){2,8}", at in 0..4usize,
    ) {
        let base = base(&[("a", &old)]);
        let mut lines: Vec<&str> = old.split_inclusive('\n').collect();
        lines.insert(at, "needed X\n");
        let new = lines.concat() + &noise;
        let patch = patch(&base, &[("a", Some(&new))]);
        let holds = |texts: &Texts| texts["a"].contains('X');
        let (small, _) = shrink(&base, &patch, holds);
        prop_assert!(texts(&base, &small)["a"].len() <= old.len() + "needed X ".len());
        assert_minimal(&base, &small, holds);
    }
}
