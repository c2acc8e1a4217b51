//! Writes a trace, event by event.

use super::line::{GENESIS, Line, line_hash, sealed};
use super::{Count, Draft, Header, TraceError, TraceErrorKind, TraceId, TraceLimits};
use crate::base::Sha256Hash;

/// Writes a trace: chains, numbers and hashes the events. It gives bytes and keeps to the form alone;
/// [`TraceValidator`](super::TraceValidator) judges what the events say.
#[derive(Clone, Debug)]
pub struct TraceBuilder {
    trace: TraceId,
    bytes: Vec<u8>,
    head: Sha256Hash,
    seq: Count,
    has_ended: bool,
    limits: TraceLimits,
    scratch: Vec<u8>,
}

impl TraceBuilder {
    /// Begins a trace with this header, whose hash is taken here.
    ///
    /// # Errors
    ///
    /// [`TraceErrorKind::LineTooLong`] when the header is longer than a reader takes.
    pub fn new(header: Header) -> Result<Self, TraceError> {
        let mut builder = Self {
            trace: header.trace.clone(),
            bytes: Vec::new(),
            head: GENESIS,
            seq: Count::default(),
            has_ended: false,
            limits: TraceLimits::default(),
            scratch: Vec::new(),
        };
        builder.append(&header)?;
        Ok(builder)
    }

    /// Appends an event; gives its line, which ends with a line break.
    ///
    /// # Errors
    ///
    /// [`TraceErrorKind::Ended`] behind an answer, a finish or an abstention;
    /// [`TraceErrorKind::LineTooLong`] when it is longer than a reader takes. The trace stays as it was.
    pub fn event(&mut self, draft: Draft) -> Result<&[u8], TraceError> {
        if self.has_ended {
            return Err(TraceError::new(TraceErrorKind::Ended));
        }
        let is_terminal = draft.body.is_terminal();
        let seq = self.seq.plus(1);
        let start = self.append(&draft.placed(self.trace.clone(), seq, self.head))?;
        self.seq = seq;
        self.has_ended = is_terminal;
        Ok(&self.bytes[start..])
    }

    fn append(&mut self, line: &impl Line) -> Result<usize, TraceError> {
        // A record of texts and whole numbers always has a written form.
        let too_long = || TraceError::new(TraceErrorKind::LineTooLong);
        let cut = line.write_unsealed(&mut self.scratch).map_err(|_| too_long())?;
        let hash = line_hash(self.head, &self.scratch);
        let text = sealed(&self.scratch, cut, hash);
        if text.len() as u64 > self.limits.max_line_bytes {
            return Err(too_long());
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&text);
        self.bytes.push(b'\n');
        self.head = hash;
        Ok(start)
    }

    /// Number of the last event; 0 before the first.
    #[must_use]
    pub fn seq(&self) -> Count {
        self.seq
    }

    /// Hash of the last line.
    #[must_use]
    pub fn head(&self) -> Sha256Hash {
        self.head
    }

    /// All lines up to here.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// All lines.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
