//! What any log of traces has to do, and the simplest that does.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{expect, expect_eq};
use crate::authority::LedgerError;
use crate::port::TraceLog;
use crate::record::trace::TraceId;

/// A log of traces in memory.
#[derive(Debug, Default)]
pub struct MemoryTraceLog {
    lines: Mutex<Vec<String>>,
}

impl MemoryTraceLog {
    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TraceLog for MemoryTraceLog {
    fn append(&self, lines: &[&str]) -> Result<(), LedgerError> {
        self.lines().extend(lines.iter().map(|line| (*line).to_owned()));
        Ok(())
    }

    fn append_at(&self, len: u64, lines: &[&str]) -> Result<bool, LedgerError> {
        let mut there = self.lines();
        let is_at = there.len() as u64 == len;
        if is_at {
            there.extend(lines.iter().map(|line| (*line).to_owned()));
        }
        Ok(is_at)
    }

    fn len(&self) -> u64 {
        self.lines().len() as u64
    }

    fn line(&self, number: u64) -> Result<Option<String>, LedgerError> {
        Ok(usize::try_from(number).ok().and_then(|at| self.lines().get(at).cloned()))
    }
}

/// Lines that the suite adds: enough for an index that is written now and then.
const LINES: u64 = 1500;
/// Traces of the suite, of which the last has one line.
const TRACES: u64 = 7;

/// Checks that `make` gives empty logs that keep lines, number them from 0, and know which are of a trace.
///
/// # Panics
///
/// With the rule that was broken.
pub fn check_trace_log(make: &dyn Fn() -> Box<dyn TraceLog>) {
    let log = make();
    expect("a new log has no lines", log.is_empty() && ok(log.line(0)).is_none());
    let name = |trace: u64| TraceId::new(format!("conformance-{trace:08}")).expect("a name");
    let line = |number: u64| match number {
        // Lines that are of no trace, however much they look like it.
        13 => r#"{"trace":7}"#.to_owned(),
        14 => format!(r#"{{"text":"\"trace\":\"{}\""}}"#, name(0)),
        15 => format!(r#"{{"in":{{"trace":"{}"}}}}"#, name(0)),
        16 => r#"{"trace":"short"}"#.to_owned(),
        // The name in other letters is the same name.
        17 => format!(r#"{{"trace":"\u0063{}","n":17}}"#, &name(0).as_str()[1..]),
        number => {
            let trace = if number == 900 { TRACES } else { (number / 3) % TRACES };
            format!(r#"{{"n":{number},"trace":"{}"}}"#, name(trace))
        }
    };
    let trace_of = |number: u64| match number {
        13..=16 => None,
        17 => Some(0),
        900 => Some(TRACES),
        number => Some((number / 3) % TRACES),
    };
    let mut number = 0;
    while number < LINES {
        let lines: Vec<String> = (number..LINES.min(number + 1 + number % 40)).map(line).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        if number % 2 == 0 {
            ok(log.append(&lines));
        } else {
            expect("lines are not added elsewhere", !ok(log.append_at(number - 1, &lines)));
            expect("lines are added where the end is", ok(log.append_at(number, &lines)));
        }
        number += lines.len() as u64;
        expect_eq("lines are counted", log.len(), number);
    }
    for number in 0..LINES {
        expect_eq("a line is as it was added", ok(log.line(number)), Some(line(number)));
    }
    expect("there is none behind the last", ok(log.line(LINES)).is_none());
    for trace in 0..=TRACES {
        let expected: Vec<u64> = (0..LINES).filter(|number| trace_of(*number) == Some(trace)).collect();
        expect_eq("lines of a trace are found in order", ok(log.lines_of(&name(trace))), expected.clone());
        expect_eq("looking at every line finds the same", ok(log.all_lines_of(&name(trace))), expected);
    }
    expect("a trace that is not there has no lines", ok(log.lines_of(&name(TRACES + 1))).is_empty());
}

#[track_caller]
fn ok<T>(result: Result<T, LedgerError>) -> T {
    result.unwrap_or_else(|error| panic!("the log failed with {}: {error}", error.code()))
}
