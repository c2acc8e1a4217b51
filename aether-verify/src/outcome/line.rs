//! Single lines of libtest.

use std::borrow::Cow;

use aether_core::change::TestStatus;

/// What libtest writes behind the name of a test for what it does otherwise than others.
const MODES: [&str; 4] = [" - should panic", " - compile fail", " - compile", " - no run"];

/// The end of a test as a line tells it.
#[derive(Debug, PartialEq)]
pub(super) struct Verdict {
    pub(super) status: TestStatus,
    pub(super) reason: Option<String>,
    pub(super) duration_ms: Option<u64>,
}

/// What libtest sums up at the end of a program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Sum {
    pub(super) is_ok: bool,
    pub(super) passed: u32,
    pub(super) failed: u32,
    pub(super) ignored: u32,
    pub(super) measured: u32,
    pub(super) filtered_out: u32,
    pub(super) duration_ms: Option<u64>,
}

/// `text` without the codes that colour it.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\u{1b}' {
            out.push(character);
            continue;
        }
        match rest.next() {
            // A sequence ends with its first letter or sign above `?`.
            Some('[') => drop(rest.by_ref().find(|it| ('@'..='~').contains(it))),
            Some('(') => drop(rest.next()),
            _ => {}
        }
    }
    Cow::Owned(out)
}

/// N of `running N tests`.
pub(super) fn announced(line: &str) -> Option<u32> {
    let rest = line.strip_prefix("running ")?;
    rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test"))?.parse().ok()
}

/// The name of the test of which `line` tells, and what stands behind it.
pub(super) fn started(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("test ")?.split_once(" ... ").or_else(|| {
        // The end of the line was trimmed.
        Some((line.strip_prefix("test ")?.strip_suffix(" ...")?, ""))
    })?;
    let name = MODES.iter().find_map(|mode| name.strip_suffix(mode)).unwrap_or(name).trim_end();
    (!name.is_empty()).then_some((name, rest))
}

/// The verdict that `text` is.
pub(super) fn verdict(text: &str) -> Option<Verdict> {
    let text = text.trim_end();
    let (word, rest) = match text.find([' ', ',', ':']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let plain = |status| Verdict { status, reason: None, duration_ms: duration(rest.trim_start()) };
    let is_timed = rest.is_empty() || duration(rest.trim_start()).is_some();
    match word {
        "ok" if is_timed => Some(plain(TestStatus::Passed)),
        "FAILED" if is_timed => Some(plain(TestStatus::Failed)),
        "FAILED" if rest.starts_with(" (time limit exceeded)") => Some(plain(TestStatus::TimedOut)),
        "ignored" if rest.is_empty() => Some(plain(TestStatus::Ignored)),
        "ignored" => {
            let reason = rest.strip_prefix(", ")?.to_owned();
            Some(Verdict { status: TestStatus::Ignored, reason: Some(reason), duration_ms: None })
        }
        "bench" if rest.contains("ns/iter") => Some(plain(TestStatus::Passed)),
        _ => None,
    }
}

/// The verdict that `line` ends with, where the test wrote something in front of it.
pub(super) fn verdict_at_end(line: &str) -> Option<Verdict> {
    verdict(line).or_else(|| {
        let status = match line {
            _ if line.ends_with("ok") => TestStatus::Passed,
            _ if line.ends_with("FAILED") => TestStatus::Failed,
            _ => return None,
        };
        Some(Verdict { status, reason: None, duration_ms: None })
    })
}

/// `<0.012s>` in milliseconds.
fn duration(text: &str) -> Option<u64> {
    milliseconds(text.strip_prefix('<')?.strip_suffix('>')?)
}

/// `0.01s` in milliseconds. No floating point: what does not fit is not known.
fn milliseconds(text: &str) -> Option<u64> {
    let (whole, part) = text.strip_suffix('s')?.split_once('.')?;
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(digits.parse().ok()?)
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`
pub(super) fn sum(line: &str) -> Option<Sum> {
    let (word, rest) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let is_ok = match word {
        "ok" => true,
        "FAILED" => false,
        _ => return None,
    };
    let mut sum =
        Sum { is_ok, passed: 0, failed: 0, ignored: 0, measured: 0, filtered_out: 0, duration_ms: None };
    for part in rest.split("; ") {
        if let Some(time) = part.strip_prefix("finished in ") {
            sum.duration_ms = milliseconds(time);
            continue;
        }
        let (count, what) = part.split_once(' ')?;
        let count = count.parse().ok()?;
        match what {
            "passed" => sum.passed = count,
            "failed" => sum.failed = count,
            "ignored" => sum.ignored = count,
            "measured" => sum.measured = count,
            "filtered out" => sum.filtered_out = count,
            _ => {}
        }
    }
    Some(sum)
}

/// The name in `---- name stdout ----`.
pub(super) fn captured(line: &str) -> Option<&str> {
    line.strip_prefix("---- ")?.strip_suffix(" stdout ----")
}
