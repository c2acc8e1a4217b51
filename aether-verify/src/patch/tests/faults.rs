//! Every call of an application fails once, or from then on, with every error that matters.

use std::sync::Arc;

use rustix::io::Errno;

use super::case::{Case, Whole, real_disk, scratch, tree_of};
use super::faulty::{Fault, FaultyDisk};
use crate::patch::disk::{Disk, TreeDisk};
use crate::patch::record::State;
use crate::patch::{PatchOptions, PatchStanding, WorkTree};

const ERRORS: [Errno; 5] = [Errno::IO, Errno::NOSPC, Errno::ACCESS, Errno::PERM, Errno::INTR];

/// What is done under the fault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Act {
    Apply,
    Revert,
}

/// Runs one act with one fault; says how many calls there were and whether the fault fired.
fn run(case: &Case, act: Act, is_able: bool, at: u64, fault: Option<Fault>, is_sticky: bool) -> (u64, bool) {
    let folder = scratch();
    let real = real_disk(folder.path());
    case.plant(&*real);
    let about = format!("{act:?}, {fault:?} at call {at}, sticky: {is_sticky}, in one step: {is_able}");
    let mut token = String::new();
    if act == Act::Revert {
        let (tree, _) = WorkTree::with_disk(real.clone()).expect("it opens");
        token = tree.apply_permitted(&case.patch, &PatchOptions::default()).expect("it applies").token;
    }
    let mut faulty = match fault {
        Some(fault) => FaultyDisk::new(real.clone(), at, fault, is_sticky),
        None => FaultyDisk::counting(real.clone()),
    };
    faulty.is_able = is_able;
    let faulty = Arc::new(faulty);
    let outcome = WorkTree::with_disk(faulty.clone()).and_then(|(tree, _)| match act {
        Act::Apply => tree.apply_permitted(&case.patch, &PatchOptions::default()),
        Act::Revert => tree.revert_as(&token, State::Reverting),
    });
    let (before, after) = match act {
        Act::Apply => (Whole::Old, Whole::New),
        Act::Revert => (Whole::New, Whole::Old),
    };
    if outcome.is_ok() {
        assert_eq!(case.assert_whole(&tree_of(&*real), &about), after, "{about}");
    } else if !is_sticky && matches!(fault, Some(Fault::Error(_))) {
        // A single error is undone at once, without anybody opening the tree again.
        assert_eq!(case.assert_whole(&tree_of(&*real), &about), before, "{about}: {outcome:?}");
    }
    // Whatever happened, opening the tree with a disk that works leaves one of the two, and nothing to do.
    let (tree, _) = WorkTree::with_disk(real.clone()).expect("it opens again");
    let whole = case.assert_whole(&tree_of(&*real), &about);
    if outcome.is_ok() {
        assert_eq!(whole, after, "an acknowledged change is there: {about}");
    }
    let (_, again) = WorkTree::with_disk(real.clone()).expect("it opens a third time");
    assert_eq!((again.finished.len(), again.undone.len()), (0, 0), "recovery is done in one go: {about}");
    let standings: Vec<PatchStanding> =
        tree.patches().expect("they can be listed").into_iter().map(|patch| patch.standing).collect();
    let expected = match (act, whole) {
        (_, Whole::New) => vec![PatchStanding::Applied],
        (Act::Apply, Whole::Old) => vec![],
        (Act::Revert, Whole::Old) => vec![PatchStanding::Reverted],
    };
    assert_eq!(standings, expected, "{about}");
    (faulty.calls(), faulty.fired() > 0)
}

/// Each call in turn, until one comes that the act does not reach.
fn check_all_calls(case: &Case, act: Act, is_able: bool, fault: Fault, is_sticky: bool) -> u64 {
    let (calls, _) = run(case, act, is_able, u64::MAX, None, false);
    for at in 0..calls {
        let (_, fired) = run(case, act, is_able, at, Some(fault), is_sticky);
        assert!(fired, "the fault at call {at} of {calls} did not fire");
    }
    let (_, fired) = run(case, act, is_able, calls + 1_000, Some(fault), is_sticky);
    assert!(!fired, "a fault behind the last call does not fire");
    calls
}

#[test]
fn each_call_may_fail_once() {
    for seed in 0..2 {
        let case = Case::random(seed);
        for error in ERRORS {
            check_all_calls(&case, Act::Apply, true, Fault::Error(error.raw_os_error()), false);
        }
        check_all_calls(&case, Act::Revert, true, Fault::Error(Errno::IO.raw_os_error()), false);
    }
}

#[test]
fn each_call_and_all_later_ones_may_fail() {
    for seed in 0..2 {
        let case = Case::random(seed);
        for error in ERRORS {
            check_all_calls(&case, Act::Apply, true, Fault::Error(error.raw_os_error()), true);
        }
        check_all_calls(&case, Act::Revert, true, Fault::Error(Errno::IO.raw_os_error()), true);
    }
}

#[test]
fn each_call_may_do_its_work_or_half_of_it_and_fail() {
    let case = Case::random(3);
    for fault in [Fault::Half(Errno::NOSPC.raw_os_error()), Fault::After(Errno::IO.raw_os_error())] {
        for is_sticky in [false, true] {
            check_all_calls(&case, Act::Apply, true, fault, is_sticky);
            check_all_calls(&case, Act::Revert, true, fault, is_sticky);
        }
    }
}

#[test]
fn a_file_system_that_cannot_exchange_is_as_safe() {
    let case = Case::random(4);
    for is_sticky in [false, true] {
        for fault in [Fault::Error(Errno::IO.raw_os_error()), Fault::After(Errno::IO.raw_os_error())] {
            check_all_calls(&case, Act::Apply, false, fault, is_sticky);
            check_all_calls(&case, Act::Revert, false, fault, is_sticky);
        }
    }
}

#[test]
fn a_random_patch_applies_and_reverts() {
    for seed in 0..200 {
        let case = Case::random(seed);
        let folder = scratch();
        let disk: Arc<dyn Disk> = if seed % 2 == 0 {
            real_disk(folder.path())
        } else {
            Arc::new(TreeDisk::open_step_by_step(folder.path()).expect("a folder can be opened"))
        };
        case.plant(&*disk);
        let (tree, _) = WorkTree::with_disk(disk.clone()).expect("it opens");
        let applied = tree.apply_permitted(&case.patch, &PatchOptions::default()).expect("it applies");
        assert_eq!(tree_of(&*disk), case.new, "seed {seed}");
        tree.revert_as(&applied.token, State::Reverting).expect("it reverts");
        assert_eq!(tree_of(&*disk), case.old, "seed {seed}");
    }
}
