//! The power fails after any call, and what was not synced is lost in part.

use std::sync::Arc;

use rustix::io::Errno;

use super::case::{Case, Dice, Whole, tree_of};
use super::faulty::{Fault, FaultyDisk};
use super::model::ModelDisk;
use crate::patch::record::State;
use crate::patch::{PatchOptions, WorkTree};

/// States that the disk may be found in after each failure.
const STATES: usize = 8;

/// Applies and reverts with the power failing after each call, and looks at some of the states that the disk
/// may be found in. Gives the number of states, or what is wrong with the first that is wrong.
fn check(seed: u64, is_honest: bool) -> Result<usize, String> {
    let case = Case::random(seed);
    let mut dice = Dice::new(seed);
    let mut states = 0;
    for reverts in [false, true] {
        for at in 0.. {
            let disk = Arc::new(ModelDisk::new(is_honest));
            case.plant(&*disk);
            disk.settle();
            let mut token = String::new();
            if reverts {
                let (tree, _) = WorkTree::with_disk(disk.clone()).expect("it opens");
                token =
                    tree.apply_permitted(&case.patch, &PatchOptions::default()).expect("it applies").token;
                disk.settle();
            }
            // From the failure on no call does anything: nobody is there to make one.
            let failing =
                Arc::new(FaultyDisk::new(disk.clone(), at, Fault::Error(Errno::IO.raw_os_error()), true));
            let outcome = WorkTree::with_disk(failing.clone()).and_then(|(tree, _)| {
                if reverts {
                    tree.revert_as(&token, State::Reverting)
                } else {
                    tree.apply_permitted(&case.patch, &PatchOptions::default())
                }
            });
            let acknowledged = if reverts { Whole::Old } else { Whole::New };
            for _ in 0..STATES {
                let about = format!("case {seed}, reverts: {reverts}, after call {at}");
                let mut found = Arc::new(disk.after_power_failure(&mut dice));
                if dice.below(3) == 0 {
                    // It fails again while the tree is opened.
                    let at = dice.below(40) as u64;
                    let fault = Fault::Error(Errno::IO.raw_os_error());
                    let _ = WorkTree::with_disk(Arc::new(FaultyDisk::new(found.clone(), at, fault, true)));
                    found = Arc::new(found.after_power_failure(&mut dice));
                }
                WorkTree::with_disk(found.clone()).map_err(|error| format!("{error}: {about}"))?;
                let tree = tree_of(&*found);
                let whole = match () {
                    () if tree == case.old => Whole::Old,
                    () if tree == case.new => Whole::New,
                    () => return Err(format!("a mixture: {about}")),
                };
                if outcome.is_ok() && whole != acknowledged {
                    return Err(format!("what was acknowledged is gone: {about}"));
                }
                states += 1;
            }
            if failing.fired() == 0 {
                break;
            }
        }
    }
    Ok(states)
}

#[test]
fn a_power_failure_leaves_the_old_tree_or_the_new_one() {
    let mut states = 0;
    for seed in 0..4 {
        match check(seed, true) {
            Ok(seen) => states += seen,
            Err(wrong) => panic!("{wrong}"),
        }
    }
    println!("{states} states after a power failure");
}

#[test]
fn a_disk_that_does_not_sync_is_found_out() {
    let wrong: Vec<String> = (0..6).filter_map(|seed| check(seed, false).err()).collect();
    assert_eq!(wrong.len(), 6, "without syncing, something is lost in each case: {wrong:?}");
}
