//! Judges a trace, line by line.

use std::fmt;

use super::read::{LineReader, TraceLine};
use super::state::{Findings, Session};
use super::{TraceLimits, TraceRule, Violation};
use crate::base::Sha256Hash;
use crate::code::Anchor;

/// Whether the place that an anchor cites is there.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum AnchorState {
    /// The cited text stands there.
    Resolves,
    /// The place is there, and its text is another one.
    Stale,
    /// There is no such file, symbol or heading.
    Unknown,
}

/// Whoever knows the tree that a trace is about.
pub trait AnchorResolver: fmt::Debug + Send + Sync {
    /// Looks the place up.
    fn resolve(&self, anchor: &Anchor) -> AnchorState;
}

/// Judges a trace, line by line, in memory that grows with the probes and trees it names and not with its
/// bytes.
///
/// A breach of the form of a line or of the chain ends the judgement, because what stands behind it may
/// come from anywhere; a breach of any other rule is noted, and the next line is judged.
#[derive(Debug)]
pub struct TraceValidator<'a> {
    reader: LineReader,
    limits: TraceLimits,
    resolver: Option<&'a dyn AnchorResolver>,
    session: Option<Session>,
    is_broken: bool,
    events: u64,
    anchors_unchecked: u64,
    violations: Vec<Violation>,
}

impl Default for TraceValidator<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> TraceValidator<'a> {
    /// A validator with default limits that resolves no anchors.
    #[must_use]
    pub fn new() -> Self {
        let limits = TraceLimits::default();
        Self {
            reader: LineReader::new(limits),
            limits,
            resolver: None,
            session: None,
            is_broken: false,
            events: 0,
            anchors_unchecked: 0,
            violations: Vec::new(),
        }
    }

    /// The same with other limits, before the first line.
    #[must_use]
    pub fn with_limits(mut self, limits: TraceLimits) -> Self {
        self.limits = limits;
        self.reader = LineReader::new(limits);
        self
    }

    /// The same with someone who resolves anchors. Default: none, so that anchors are counted as
    /// unchecked.
    #[must_use]
    pub fn with_resolver(mut self, resolver: &'a dyn AnchorResolver) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// Judges the next line, its line break included; gives what it breaks.
    pub fn push(&mut self, line: &[u8]) -> &[Violation] {
        let known = self.violations.len();
        if !self.is_broken {
            self.judge(line);
        }
        &self.violations[known..]
    }

    fn judge(&mut self, line: &[u8]) {
        let read = match self.reader.read(line) {
            Ok(read) => read,
            Err(violation) => {
                self.is_broken = true;
                self.violations.push(violation);
                return;
            }
        };
        let mut findings = Findings { line: self.reader.lines(), out: &mut self.violations };
        match (read, &mut self.session) {
            (TraceLine::Event(event), Some(session)) => {
                self.events += 1;
                let most = self.limits.max_text_bytes;
                self.anchors_unchecked += session.take(*event, most, self.resolver, &mut findings);
            }
            (TraceLine::Header(header), _) => {
                let session = Session::start(*header, self.limits.max_text_bytes, &mut findings);
                self.session = Some(session);
            }
            // The reader gives the header first.
            (TraceLine::Event(_), None) => {}
        }
    }

    /// Judges what is missing at the end; gives the whole verdict.
    #[must_use]
    pub fn finish(mut self) -> TraceReport {
        let end = self.reader.lines() + 1;
        if !self.is_broken {
            match &self.session {
                None => self.violations.push(Violation::new(TraceRule::HeaderFirst, end, "")),
                Some(session) if !session.has_ended() => {
                    self.violations.push(Violation::new(TraceRule::EndMissing, end, ""));
                }
                Some(_) => {}
            }
        }
        TraceReport {
            events: self.events,
            head: self.reader.head(),
            anchors_unchecked: self.anchors_unchecked,
            is_judged_to_the_end: !self.is_broken,
            violations: self.violations,
        }
    }
}

/// The verdict on a trace.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct TraceReport {
    /// Events whose form and chain hold.
    pub events: u64,
    /// Hash of the last line whose form and chain hold. A trace that was replaced as a whole keeps every
    /// rule: compare this with a hash that is kept elsewhere.
    pub head: Option<Sha256Hash>,
    /// Anchors that nobody was there to resolve.
    pub anchors_unchecked: u64,
    /// Whether no line was left out, as those behind a breach of the form or the chain are.
    pub is_judged_to_the_end: bool,
    /// What is broken, by line.
    pub violations: Vec<Violation>,
}

impl TraceReport {
    /// Whether no rule is broken.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }
}
