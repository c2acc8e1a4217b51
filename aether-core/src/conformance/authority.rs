//! Rules of [`AuditSink`](crate::port::AuditSink), [`GrantStore`](crate::port::GrantStore) and
//! [`CostLedger`](crate::port::CostLedger).

mod audit;
mod costs;
mod grants;

pub use audit::{check_audit_sink, verdict_of};
pub use costs::check_cost_ledger;
pub use grants::check_grant_store;

use crate::authority::LedgerError;
use crate::base::{ErrorCode, Timestamp};

#[track_caller]
fn done<T>(rule: &str, result: Result<T, LedgerError>) -> T {
    result.unwrap_or_else(|error| panic!("{rule}: failed with {}: {error}", error.code()))
}

fn code<T>(result: Result<T, LedgerError>) -> Option<ErrorCode> {
    result.err().map(|error| error.code().clone())
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ms(seconds * 1000)
}

/// Runs something so many times at once, each time with its number from 0, and returns when all have ended.
/// This crate starts no threads, so whoever calls a suite brings them:
///
/// ```
/// fn at_once(count: usize, run: &(dyn Fn(usize) + Sync)) {
///     std::thread::scope(|scope| (0..count).for_each(|number| _ = scope.spawn(move || run(number))));
/// }
/// # at_once(2, &|_| ());
/// ```
pub type AtOnce<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) + Sync));
