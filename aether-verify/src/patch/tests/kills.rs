//! Applying in a process of its own that is killed: at a chosen call, or at any time.
//!
//! Each kill proves that it took place: the process ended by the signal. And the harness itself is proven:
//! without the fault, and with an applier that writes file after file, it must find something wrong.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use aether_core::base::RelPath;

use super::case::{Case, Dice, Whole, real_disk, scratch, tree_of};
use super::faulty::{Fault, FaultyDisk};
use crate::patch::disk::{Disk, Like};
use crate::patch::record::{Record, State};
use crate::patch::{PatchOptions, WorkTree};

/// Kills of the two tests together; `AETHER_KILLS` asks for more.
const KILLS: usize = 500;

const JOB: &str = "AETHER_KILL_JOB";

/// What the process that is killed does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Job {
    Apply,
    Revert,
    /// Opens a tree in which an application was interrupted.
    Recover,
    /// Applies and reverts without end, telling of each.
    Cycle,
    /// Writes file after file, as a careless applier does.
    Naive,
}

const JOBS: [(Job, &str); 5] = [
    (Job::Apply, "apply"),
    (Job::Revert, "revert"),
    (Job::Recover, "recover"),
    (Job::Cycle, "cycle"),
    (Job::Naive, "naive"),
];

/// The process that is killed. As a test of its own it does nothing.
#[test]
fn child() {
    let Ok(job) = std::env::var(JOB) else { return };
    let mut words = job.split(' ');
    let mut word = || words.next().expect("the job is complete");
    let name = word().to_owned();
    let job = JOBS.iter().find(|(_, text)| *text == name).expect("a job").0;
    let seed: u64 = word().parse().expect("a seed");
    let at: u64 = word().parse().expect("a call");
    let fault = match word() {
        "before" => Some(Fault::KillBefore),
        "within" => Some(Fault::KillWithin),
        "after" => Some(Fault::KillAfter),
        _ => None,
    };
    let root = word().to_owned();
    let case = Case::random(seed);
    let real = real_disk(Path::new(&root));
    let disk: Arc<dyn Disk> = match fault {
        Some(fault) => Arc::new(FaultyDisk::new(real, at, fault, false)),
        None => real,
    };
    perform(job, &case, disk, at);
}

fn perform(job: Job, case: &Case, disk: Arc<dyn Disk>, _at: u64) {
    let options = PatchOptions::default();
    if job == Job::Naive {
        return write_file_after_file(case, &*disk);
    }
    let (tree, _) = WorkTree::with_disk(disk).expect("it opens");
    match job {
        Job::Apply => drop(tree.apply_permitted(&case.patch, &options).expect("it applies")),
        Job::Revert => {
            let token = tree.patches().expect("they are listed")[0].token.clone();
            tree.revert_as(&token, State::Reverting).expect("it reverts");
        }
        Job::Recover | Job::Naive => {}
        Job::Cycle => loop {
            let token = tree.apply_permitted(&case.patch, &options).expect("it applies").token;
            println!("\napplied");
            tree.revert_as(&token, State::Reverting).expect("it reverts");
            println!("\nreverted");
        },
    }
}

fn write_file_after_file(case: &Case, disk: &dyn Disk) {
    for file in case.patch.files() {
        let old = file.before().map(|before| disk.read(&before.path, u64::MAX).expect("it can be read"));
        if let Some(before) = file.before() {
            disk.remove_file(&before.path).expect("it can be removed");
        }
        if let (Some(after), Some(new)) = (file.after(), file.apply(old.as_deref()).expect("it fits")) {
            let mut missing = Vec::new();
            let mut folder = after.path.parent();
            while disk.stat(&folder).is_ok_and(|stat| stat.is_none()) {
                missing.push(folder.clone());
                folder = folder.parent();
            }
            for folder in missing.iter().rev() {
                disk.make_folder(folder, Like::New { executable: true }).expect("it can be made");
            }
            disk.write_new(&after.path, &new, Like::New { executable: false }).expect("it can be written");
        }
    }
}

fn start(job: Job, seed: u64, at: u64, fault: &str, root: &Path) -> std::process::Child {
    let name = JOBS.iter().find(|(other, _)| *other == job).expect("a job").1;
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "patch::tests::kills::child", "--nocapture", "--test-threads=1"])
        .env(JOB, format!("{name} {seed} {at} {fault} {}", root.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started")
}

/// Brings a fresh tree to where `job` begins, and tells how many calls the job makes.
fn prepare(job: Job, case: &Case, root: &Path) -> u64 {
    let real = real_disk(root);
    case.plant(&*real);
    let options = PatchOptions::default();
    if matches!(job, Job::Revert | Job::Recover) {
        let (tree, _) = WorkTree::with_disk(real.clone()).expect("it opens");
        tree.apply_permitted(&case.patch, &options).expect("it applies");
    }
    if job == Job::Recover {
        // As if it had been killed between the last step and the word that says so.
        let record = Record::all(&*real).expect("they are listed").pop().expect("there is one");
        record.turn(State::Applied, State::Applying).expect("it turns");
    }
    let twin = scratch();
    let counting = {
        let disk = real_disk(twin.path());
        case.plant(&*disk);
        if matches!(job, Job::Revert | Job::Recover) {
            let (tree, _) = WorkTree::with_disk(disk.clone()).expect("it opens");
            tree.apply_permitted(&case.patch, &options).expect("it applies");
        }
        if job == Job::Recover {
            let record = Record::all(&*disk).expect("they are listed").pop().expect("there is one");
            record.turn(State::Applied, State::Applying).expect("it turns");
        }
        Arc::new(FaultyDisk::counting(disk))
    };
    perform(job, case, counting.clone(), 0);
    counting.calls()
}

/// What a kill left behind.
#[derive(Clone, Copy, Debug)]
struct Landed {
    /// Whether something was unfinished.
    within: bool,
}

/// One kill at one call. `Err` says what is wrong.
fn kill(job: Job, seed: u64, at: u64, fault: &str, root: &Path, case: &Case) -> Result<Landed, String> {
    let output = start(job, seed, at, fault, root).wait_with_output().expect("it ends");
    let about = format!("{job:?} of case {seed}, {fault} call {at}");
    if output.status.signal() != Some(9) {
        return Err(format!("the fault did not fire: {about}, {}", output.status));
    }
    let real = real_disk(root);
    let within = is_unfinished(&*real);
    let (tree, _) = WorkTree::with_disk(real.clone()).map_err(|error| format!("{about}: {error}"))?;
    let found = tree_of(&*real);
    if found != case.old && found != case.new {
        return Err(format!("a mixture: {about}"));
    }
    if job == Job::Recover && found != case.new {
        return Err(format!("an acknowledged patch is gone: {about}"));
    }
    let (_, again) = WorkTree::with_disk(real).map_err(|error| format!("{about}: {error}"))?;
    if !again.finished.is_empty() || !again.undone.is_empty() {
        return Err(format!("recovery was not done in one go: {about}"));
    }
    drop(tree);
    Ok(Landed { within })
}

fn is_unfinished(disk: &dyn Disk) -> bool {
    Record::all(disk).is_ok_and(|records| {
        records.iter().any(|record| {
            record.state().is_ok_and(|state| {
                matches!(state, State::Preparing | State::Applying | State::Reverting | State::Forcing)
            })
        })
    })
}

fn kills() -> usize {
    std::env::var("AETHER_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

#[test]
fn a_process_that_is_killed_at_any_call_leaves_the_old_tree_or_the_new_one() {
    let mut dice = Dice::new(7);
    let rounds = kills() * 4 / 5;
    let mut within = 0;
    for round in 0..rounds {
        let seed = (round % 25) as u64;
        let case = Case::random(seed);
        let job = [Job::Apply, Job::Apply, Job::Revert, Job::Recover][dice.below(4)];
        let root = scratch();
        let calls = prepare(job, &case, root.path());
        let at = dice.below(calls as usize) as u64;
        let fault = ["before", "within", "after"][dice.below(3)];
        match kill(job, seed, at, fault, root.path(), &case) {
            Ok(landed) => within += usize::from(landed.within),
            Err(wrong) => panic!("{wrong}"),
        }
    }
    println!("{rounds} kills at chosen calls, {within} of them with something unfinished");
    assert!(within * 10 >= rounds * 3, "{within} of {rounds} kills landed while something was unfinished");
}

#[test]
fn a_process_that_is_killed_at_any_time_leaves_the_old_tree_or_the_new_one() {
    let mut dice = Dice::new(8);
    let rounds = kills() - kills() * 4 / 5;
    let mut within = 0;
    for round in 0..rounds {
        let seed = (round % 10) as u64;
        let case = Case::random(seed);
        let root = scratch();
        case.plant(&*real_disk(root.path()));
        let mut child = start(Job::Cycle, seed, 0, "none", root.path());
        let mut told = Vec::new();
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let enough = 1 + dice.below(6);
        for line in lines.map_while(Result::ok).filter(|line| matches!(line.as_str(), "applied" | "reverted"))
        {
            told.push(line);
            if told.len() == enough {
                // Once the next change has begun, some work more, which takes another time in each round.
                let real = real_disk(root.path());
                while !is_unfinished(&*real) {}
                (0..dice.below(300)).for_each(|_| drop(real.stat(&RelPath::root())));
                child.kill().expect("it can be killed");
                break;
            }
        }
        assert_eq!(told.len(), enough, "the process told of what it did until it was killed");
        assert_eq!(child.wait().expect("it ends").signal(), Some(9), "it was killed");
        let real = real_disk(root.path());
        within += usize::from(is_unfinished(&*real));
        let (tree, _) = WorkTree::with_disk(real.clone()).expect("it opens");
        case.assert_whole(&tree_of(&*real), &format!("case {seed}"));
        // Nothing that was told is forgotten: each application has its record.
        let applications = told.iter().filter(|line| *line == "applied").count();
        assert!(tree.patches().expect("they are listed").len() >= applications, "case {seed}");
    }
    println!("{rounds} kills at any time, {within} of them with something unfinished");
}

#[test]
fn the_harness_notices_a_fault_that_does_not_fire() {
    let case = Case::random(1);
    let root = scratch();
    prepare(Job::Apply, &case, root.path());
    let wrong = kill(Job::Apply, 1, 0, "none", root.path(), &case).expect_err("nothing was killed");
    assert!(wrong.contains("did not fire"), "{wrong}");
}

#[test]
fn the_harness_notices_an_applier_that_leaves_mixtures() {
    let case = Case::random(1);
    let root = scratch();
    let calls = prepare(Job::Naive, &case, root.path());
    let mixtures = (0..calls).filter(|&at| {
        let root = scratch();
        case.plant(&*real_disk(root.path()));
        kill(Job::Naive, 1, at, "before", root.path(), &case).is_err_and(|wrong| wrong.contains("a mixture"))
    });
    let mixtures = mixtures.count();
    assert!(mixtures > calls as usize / 4, "{mixtures} of {calls} kills left a mixture");
}

#[test]
fn whole_is_told_apart() {
    let case = Case::random(1);
    assert_eq!(case.assert_whole(&case.old.clone(), ""), Whole::Old);
    assert_eq!(case.assert_whole(&case.new.clone(), ""), Whole::New);
}
