//! Reads a trace: the form of each line and the chain between them.

use super::diagnose::diagnose;
use super::line::{GENESIS, Line, is_sealed, line_hash};
use super::{Event, Header, SCHEMA_VERSION, TraceError, TraceRule, Violation};
use crate::base::Sha256Hash;

/// Limits on a trace from outside.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TraceLimits {
    /// Longest line, in bytes. Default 256 KiB.
    pub max_line_bytes: u64,
    /// Most events. Default 1,000,000: what ran for days has more than one trace.
    pub max_events: u64,
    /// Longest free text of a line, in bytes. Default 16 KiB: what is longer is an output, which is kept
    /// beside the trace and named by its hash.
    pub max_text_bytes: u64,
}

impl Default for TraceLimits {
    fn default() -> Self {
        Self { max_line_bytes: 256 * 1024, max_events: 1_000_000, max_text_bytes: 16 * 1024 }
    }
}

/// A trace whose lines and chain hold.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Trace {
    /// The first line.
    pub header: Header,
    /// The lines behind it.
    pub events: Vec<Event>,
}

impl Trace {
    /// Hash of the last line.
    #[must_use]
    pub fn head(&self) -> Sha256Hash {
        self.events.last().map_or(self.header.hash, |event| event.hash)
    }
}

/// Reads a whole trace, and checks its form and its chain. What its events say is not judged; see
/// [`TraceValidator`](super::TraceValidator).
///
/// # Errors
///
/// [`TraceErrorKind::Malformed`](super::TraceErrorKind::Malformed) with the first rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::record::trace::{TraceLimits, TraceRule, read_trace};
/// let error = read_trace(b"{}\n", &TraceLimits::default()).err();
/// assert_eq!(
///     error.and_then(|error| Some(error.violation()?.rule)),
///     Some(TraceRule::MissingField),
/// );
/// ```
pub fn read_trace(bytes: &[u8], limits: &TraceLimits) -> Result<Trace, TraceError> {
    let mut reader = LineReader::new(*limits);
    let mut header = None;
    let mut events = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match reader.read(line).map_err(TraceError::malformed)? {
            TraceLine::Header(read) => header = Some(*read),
            TraceLine::Event(event) => events.push(*event),
        }
    }
    let missing = || TraceError::malformed(Violation::new(TraceRule::HeaderFirst, 1, ""));
    Ok(Trace { header: header.ok_or_else(missing)?, events })
}

/// A line that was read.
pub(super) enum TraceLine {
    Header(Box<Header>),
    Event(Box<Event>),
}

/// Reads line by line and holds the chain.
#[derive(Clone, Debug)]
pub(super) struct LineReader {
    limits: TraceLimits,
    chain: Option<Chain>,
    lines: u64,
    scratch: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Chain {
    trace: super::TraceId,
    head: Sha256Hash,
    seq: u64,
}

impl LineReader {
    pub(super) fn new(limits: TraceLimits) -> Self {
        Self { limits, chain: None, lines: 0, scratch: Vec::new() }
    }

    /// Lines that were given so far.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// Reads the next line, its line break included. Behind an error nothing more should be read.
    pub(super) fn read(&mut self, line: &[u8]) -> Result<TraceLine, Violation> {
        self.lines += 1;
        let number = self.lines;
        let fault = |(rule, at): (TraceRule, String)| Violation::new(rule, number, at);
        let whole = |rule| Violation::new(rule, number, "");
        if line.len() as u64 > self.limits.max_line_bytes.saturating_add(1) {
            return Err(whole(TraceRule::LineBytes));
        }
        let Some(line) = line.strip_suffix(b"\n") else { return Err(whole(TraceRule::Torn)) };
        let Some(chain) = &mut self.chain else {
            let header: Header = parse(line, &mut self.scratch).map_err(|error| {
                // An event in its place reads as a header of which much is missing.
                let is_event = parse::<Event>(line, &mut Vec::new()).is_ok();
                fault(if is_event { (TraceRule::HeaderFirst, String::new()) } else { error })
            })?;
            if line_hash(GENESIS, &self.scratch) != header.hash {
                return Err(Violation::new(TraceRule::Hash, number, "hash"));
            }
            self.chain = Some(Chain { trace: header.trace.clone(), head: header.hash, seq: 0 });
            return Ok(TraceLine::Header(Box::new(header)));
        };
        if number > self.limits.max_events.saturating_add(1) {
            return Err(whole(TraceRule::Events));
        }
        let event: Event = parse(line, &mut self.scratch).map_err(|error| {
            let is_header = parse::<Header>(line, &mut Vec::new()).is_ok();
            fault(if is_header { (TraceRule::HeaderFirst, String::new()) } else { error })
        })?;
        let breach = |rule, at: &str| Err(Violation::new(rule, number, at));
        if event.trace != chain.trace {
            return breach(TraceRule::Foreign, "trace");
        }
        match event.seq.get() {
            seq if seq <= chain.seq => return breach(TraceRule::Repeated, "seq"),
            seq if seq > chain.seq + 1 => return breach(TraceRule::Gap, "seq"),
            _ => {}
        }
        if event.prev != chain.head {
            return breach(TraceRule::Prev, "prev");
        }
        if line_hash(chain.head, &self.scratch) != event.hash {
            return breach(TraceRule::Hash, "hash");
        }
        chain.head = event.hash;
        chain.seq += 1;
        Ok(TraceLine::Event(Box::new(event)))
    }

    /// Hash of the last line that held.
    pub(super) fn head(&self) -> Option<Sha256Hash> {
        self.chain.as_ref().map(|chain| chain.head)
    }
}

/// Reads one record whose canonical form the line is; `unsealed` holds it afterwards without its hash.
fn parse<T: Line>(line: &[u8], unsealed: &mut Vec<u8>) -> Result<T, (TraceRule, String)> {
    let Ok(record) = serde_json::from_slice::<T>(line) else { return Err(diagnose::<T>(line)) };
    if record.version() != SCHEMA_VERSION {
        return Err((TraceRule::Version, "v".to_owned()));
    }
    match record.write_unsealed(unsealed) {
        Ok(cut) if is_sealed(line, unsealed, cut) => Ok(record),
        _ => Err(diagnose::<T>(line)),
    }
}
