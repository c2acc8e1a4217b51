//! Courses of events as data, and the batches that come of them.

use std::time::{Duration, Instant};

use aether_core::base::RelPath;

use super::{Batch, Batcher, MAX_PATHS};

/// Plays a course of events and compares what is handed over.
///
/// An event is `MS WHAT`: `200 a.rs` is a change, `*` one nobody knows the place of, `touch` a step of
/// a version control, `lock` and `unlock` its begin and end. The caller asks every 10 ms. What comes is
/// `MS:a.rs,b.rs` or `MS:*`.
#[track_caller]
fn check(course: &str, expected: &str) {
    let start = Instant::now();
    let mut events: Vec<(u64, &str)> = course
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once(' ').expect("a time and what happens"))
        .map(|(ms, what)| (ms.parse().expect("milliseconds"), what))
        .collect();
    events.reverse();
    let mut batcher = Batcher::new(Duration::from_millis(300));
    let mut is_held = false;
    let mut found = Vec::new();
    for ms in (0..=120_000).step_by(10) {
        let now = start + Duration::from_millis(ms);
        while let Some((_, what)) = events.pop_if(|(at, _)| *at <= ms) {
            match what {
                "*" => batcher.push_everything(now),
                "touch" => batcher.touch(now),
                "lock" => is_held = true,
                "unlock" => is_held = false,
                path => batcher.push(RelPath::new(path).expect("a path"), now),
            }
        }
        let is_due = batcher.due_at(is_held).is_some_and(|due| due <= now);
        let batch = batcher.take(now, is_held);
        assert_eq!(batch.is_some(), is_due, "at {ms}");
        match batch {
            None => {}
            Some(Batch::Everything) => found.push(format!("{ms}:*")),
            Some(Batch::Files(paths)) => {
                let paths: Vec<_> = paths.iter().map(RelPath::as_str).collect();
                found.push(format!("{ms}:{}", paths.join(",")));
            }
        }
    }
    assert!(batcher.is_empty());
    assert_eq!(found.join(" "), expected);
}

#[test]
fn a_change_is_taken_when_it_rests() {
    check("0 a.rs", "300:a.rs");
    check("", "");
    check("100 b.rs\n250 a.rs\n300 b.rs", "600:a.rs,b.rs");
    check("0 a.rs\n310 b.rs", "300:a.rs 610:b.rs");
}

#[test]
fn a_file_that_is_written_all_the_time_starves_nobody() {
    let course: String = (0..600).map(|step| format!("{} log\n", step * 10)).collect();
    check(&course, "3000:log 6010:log");
}

#[test]
fn a_change_of_unknown_place_is_one_of_everything() {
    check("0 a.rs\n10 *\n20 b.rs", "320:*");
    check("0 *\n400 a.rs", "300:* 700:a.rs");
}

#[test]
fn many_paths_are_everything() {
    let course = |number: usize| (0..number).map(|it| format!("0 f{it:04}.rs\n")).collect::<String>();
    check(&course(MAX_PATHS + 1), "300:*");
    let names: Vec<String> = (0..MAX_PATHS).map(|it| format!("f{it:04}.rs")).collect();
    check(&course(MAX_PATHS), &format!("300:{}", names.join(",")));
}

#[test]
fn a_switch_of_branches_is_one_batch() {
    // A pause in the middle, as of a large file.
    check("0 lock\n10 a.rs\n1500 b.rs\n1510 unlock", "1800:a.rs,b.rs");
    // The last files, and the lock goes only afterwards.
    check("0 lock\n10 a.rs\n20 b.rs\n1000 unlock\n1000 touch", "1300:a.rs,b.rs");
}

#[test]
fn the_steps_of_a_rebase_are_one_batch() {
    check(
        "0 lock\n10 a.rs\n900 touch\n1800 b.rs\n2700 touch\n5400 c.rs\n5410 touch\n5500 unlock",
        "5790:a.rs,b.rs,c.rs",
    );
    // Steps with short gaps in which nothing shows that more will come.
    check("0 lock\n10 a.rs\n200 unlock\n300 lock\n310 b.rs\n400 unlock", "690:a.rs,b.rs");
}

#[test]
fn the_bound_on_delays_begins_when_the_work_ends() {
    // Longer at work than a change otherwise waits, and then a file that still changes.
    check("0 lock\n10 a.rs\n2000 touch\n4000 unlock\n4010 touch\n4200 b.rs", "4500:a.rs,b.rs");
}

#[test]
fn work_that_waits_for_a_person_holds_nothing_back_for_long() {
    // A rebase stopped at a conflict, and somebody edits.
    check("0 lock\n10000 a.rs\n20000 b.rs", "13000:a.rs 23000:b.rs");
    // A lock that a killed program left, and a file that is written all the time.
    let course: String = (0..13_000).map(|step| format!("{} log\n", step * 5)).collect();
    check(&format!("0 lock\n{course}64995 unlock"), "60000:log 65300:log");
}

#[test]
fn steps_of_a_version_control_alone_are_nothing() {
    check("0 touch\n10 lock\n20 touch\n30 unlock", "");
}

#[test]
fn time_that_runs_backwards_is_no_panic() {
    let now = Instant::now() + Duration::from_secs(10);
    let mut batcher = Batcher::new(Duration::from_millis(300));
    batcher.push_everything(now);
    batcher.push_everything(now - Duration::from_secs(5));
    batcher.touch(now - Duration::from_secs(5));
    assert_eq!(batcher.take(now - Duration::from_secs(1), true), None);
    assert_eq!(batcher.take(now + Duration::from_millis(300), false), Some(Batch::Everything));
}
