//! Where the lines of traces go.

use std::borrow::Cow;

use serde::Deserialize;

use crate::authority::LedgerError;
use crate::record::trace::TraceId;

/// A log of the lines of traces that only ever grows.
pub trait TraceLog: Send + Sync + std::fmt::Debug {
    /// Adds lines, each a header or an event of a trace without its line break. When it returns they survive a
    /// loss of power.
    ///
    /// # Errors
    ///
    /// When they are not durable.
    fn append(&self, lines: &[&str]) -> Result<(), LedgerError>;

    /// Adds lines where there are still `len`, all or none; whether it did. What is in the log is looked at
    /// first and added to in one step so, whoever else adds lines.
    ///
    /// The default is for logs that nobody else adds to.
    ///
    /// # Errors
    ///
    /// When they are not durable.
    fn append_at(&self, len: u64, lines: &[&str]) -> Result<bool, LedgerError> {
        if self.len() != len {
            return Ok(false);
        }
        self.append(lines).map(|()| true)
    }

    /// How many lines there are, as far as they are known: others may have added some.
    fn len(&self) -> u64;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The line of this number, from 0, as it was added; `None` where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is damaged.
    fn line(&self, number: u64) -> Result<Option<String>, LedgerError>;

    /// The numbers of all lines of a trace in order: those that [`trace_of_line`] says are of it.
    ///
    /// The default looks at every line. A log that keeps an index need not, and may miss lines where its index
    /// was changed by somebody who meant it to; never does it name lines of others.
    ///
    /// # Errors
    ///
    /// When a line cannot be read, or is damaged.
    fn lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, LedgerError> {
        scan_lines_of(self, trace)
    }

    /// The same as [`TraceLog::lines_of`], and every line is looked at, whatever indexes there are.
    ///
    /// # Errors
    ///
    /// When a line cannot be read, or is damaged.
    fn all_lines_of(&self, trace: &TraceId) -> Result<Vec<u64>, LedgerError> {
        scan_lines_of(self, trace)
    }
}

fn scan_lines_of<L: TraceLog + ?Sized>(log: &L, trace: &TraceId) -> Result<Vec<u64>, LedgerError> {
    let mut lines = Vec::new();
    for number in 0..log.len() {
        let line = log.line(number)?;
        // A cheap look first: most lines are of other traces.
        let may_be = |line: &String| line.contains(trace.as_str()) || line.contains("\\u");
        let is_of_it = line.filter(may_be).is_some_and(|line| trace_of_line(&line).as_ref() == Some(trace));
        if is_of_it {
            lines.push(number);
        }
    }
    Ok(lines)
}

/// The trace that a line is of: what its member `trace` names, where it is a JSON object that has one.
///
/// # Examples
///
/// ```
/// use aether_core::port::trace_of_line;
/// let trace = trace_of_line(r#"{"seq":1,"trace":"aether-0000000001"}"#).expect("a line of a trace");
/// assert_eq!(trace.as_str(), "aether-0000000001");
/// assert!(trace_of_line(r#"{"seq":1}"#).is_none());
/// ```
#[must_use]
pub fn trace_of_line(line: &str) -> Option<TraceId> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow, default)]
        trace: Option<Cow<'a, str>>,
    }
    let named: Named<'_> = serde_json::from_str(line).ok()?;
    TraceId::new(named.trace?).ok()
}
