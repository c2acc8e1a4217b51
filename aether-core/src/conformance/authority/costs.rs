//! Rules of [`CostLedger`].

use std::sync::atomic::{AtomicU32, Ordering};

use super::super::expect_eq;
use super::{AtOnce, at, code, done};
use crate::authority::{Cost, CostCaps, CostReservation, CostWindow, Spend};
use crate::base::ErrorCode;
use crate::port::CostLedger;

/// Checks a ledger of costs: `make` gives an empty one, each time another.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryCosts, check_cost_ledger};
/// fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
///     std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
/// }
/// check_cost_ledger(&|| Box::new(MemoryCosts::default()), &at_once);
/// ```
pub fn check_cost_ledger(make: &dyn Fn() -> Box<dyn CostLedger>, at_once: AtOnce<'_>) {
    estimates_count_until_they_are_settled(make().as_ref());
    a_request_counts_once(make().as_ref());
    tasks_and_days_are_apart(make().as_ref());
    callers_at_once_do_not_pass_a_cap_together(make().as_ref(), at_once);
}

const DAY_S: i64 = 86_400;

fn reservation(request: &str, task: &str, seconds: i64, tokens: u64) -> CostReservation {
    let task = Some(task.to_owned()).filter(|task| !task.is_empty());
    CostReservation::new(request, task, at(seconds), Cost::new(tokens, tokens * 2))
}

fn spent(ledger: &dyn CostLedger, like: &CostReservation) -> (u64, u64) {
    let spend: Spend = done("costs: can be read", ledger.spend(like));
    (spend.task.tokens, spend.day.tokens)
}

fn estimates_count_until_they_are_settled(ledger: &dyn CostLedger) {
    let rule = "costs: an estimate counts until the cost takes its place";
    let (one, caps) = (reservation("r1", "t", 0, 10), CostCaps::default());
    expect_eq(rule, spent(ledger, &one), (0, 0));
    expect_eq(rule, done(rule, ledger.reserve(&one, &caps)), None);
    expect_eq(rule, spent(ledger, &one), (10, 10));
    done(rule, ledger.settle("r1", Cost::new(7, 0)));
    expect_eq(rule, spent(ledger, &one), (7, 7));
    done(rule, ledger.settle("r1", Cost::new(100, 0)));
    done(rule, ledger.settle("unknown", Cost::new(100, 0)));
    expect_eq("costs: what is not open is not settled", spent(ledger, &one), (7, 7));
    let unmade = reservation("r2", "t", 0, 10);
    done(rule, ledger.reserve(&unmade, &caps));
    done(rule, ledger.settle("r2", Cost::ZERO));
    expect_eq("costs: a call that is not made costs nothing", spent(ledger, &one), (7, 7));
    let huge = CostReservation::new("r3", None, at(0), Cost::new(u64::MAX, u64::MAX));
    done(rule, ledger.reserve(&huge, &caps));
    expect_eq("costs: sums do not overflow", spent(ledger, &huge), (u64::MAX, u64::MAX));
}

fn a_request_counts_once(ledger: &dyn CostLedger) {
    let rule = "costs: a request is reserved once";
    let (one, caps) = (reservation("r1", "t", 0, 10), CostCaps::default());
    done(rule, ledger.reserve(&one, &caps));
    expect_eq(rule, code(ledger.reserve(&one, &caps)), Some(ErrorCode::POLICY_CONFLICT));
    done(rule, ledger.settle("r1", Cost::new(3, 3)));
    expect_eq(rule, code(ledger.reserve(&one, &caps)), Some(ErrorCode::POLICY_CONFLICT));
    expect_eq(rule, spent(ledger, &one), (3, 3));
}

fn tasks_and_days_are_apart(ledger: &dyn CostLedger) {
    let rule = "costs: each task and each day, UTC, has its own count";
    let caps = CostCaps::default();
    let all = [
        reservation("r1", "t", DAY_S - 1, 1),
        reservation("r2", "u", DAY_S - 1, 2),
        reservation("r3", "t", DAY_S, 4),
        reservation("r4", "", -1, 8),
    ];
    for one in &all {
        done(rule, ledger.reserve(one, &caps));
    }
    let counts: Vec<_> = all.iter().map(|one| spent(ledger, one)).collect();
    expect_eq(rule, counts, vec![(5, 3), (2, 3), (5, 4), (8, 8)]);
}

fn callers_at_once_do_not_pass_a_cap_together(ledger: &dyn CostLedger, at_once: AtOnce<'_>) {
    let rule = "costs: however many call at once, one call at most goes over a cap";
    let caps = CostCaps { day: Some(Cost::new(25, u64::MAX)), ..CostCaps::default() };
    let won = AtomicU32::new(0);
    at_once(16, &|caller| {
        let one = reservation(&format!("r{caller}"), "t", 0, 10);
        match done(rule, ledger.reserve(&one, &caps)) {
            None => _ = won.fetch_add(1, Ordering::SeqCst),
            Some(window) => expect_eq(rule, window, CostWindow::Day),
        }
    });
    // 0, 10 and 20 are below the cap of 25, 30 is not.
    expect_eq(rule, won.into_inner(), 3);
    expect_eq(rule, spent(ledger, &reservation("", "t", 0, 0)).1, 30);
}
