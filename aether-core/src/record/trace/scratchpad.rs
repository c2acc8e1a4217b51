//! The scratchpad: what a session has in mind, made of its events.

use std::collections::BTreeMap;

use super::{Body, Count, Event};
use crate::code::Anchor;

/// A segment of the scratchpad, as its last event has it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Segment {
    /// What is claimed.
    pub claim: String,
    /// The places that the claim cites.
    pub citations: Vec<Anchor>,
    /// What is not known yet.
    pub open_questions: Vec<String>,
    /// Number of the event that wrote it.
    pub seq: Count,
}

/// The short memory of a session: the newest segment of each name, and nothing once the session has ended.
///
/// It is made of the events alone. So nothing is lost when it is cleared: whoever keeps the trace, as a Golden
/// Trace does, has every segment.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Sha256Hash, Timestamp};
/// use aether_core::record::trace::{
///     Abstain, Body, Draft, Header, Plan, Policy, Scratch, Scratchpad, TraceBuilder, TraceId, TraceLimits,
///     read_trace,
/// };
///
/// let id = TraceId::new("session-0000000001")?;
/// let (tree, start) = (Sha256Hash::of(b"the tree"), Timestamp::from_unix_ms(0));
/// let header = Header::new(id, "why does it fail", tree, "rustc 1.95.0", Policy::default(), start);
/// let mut builder = TraceBuilder::new(header)?;
/// builder.event(Draft::new(Body::Plan(Plan::new(["ask the compiler"]))))?;
/// builder.event(Draft::new(Body::Scratch(Scratch::new("cause", vec!["which import?".to_owned()]))))?;
/// builder.event(Draft::new(Body::Abstain(Abstain::new("no compiler", "cargo", "cargo check"))))?;
/// let trace = read_trace(&builder.finish(), &TraceLimits::default())?;
///
/// let before_the_end = Scratchpad::of(&trace.events[..2]);
/// assert_eq!(before_the_end.open_questions().collect::<Vec<_>>(), ["which import?"]);
/// assert!(Scratchpad::of(&trace.events).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Scratchpad {
    segments: BTreeMap<String, Segment>,
}

impl Scratchpad {
    /// What is in mind behind these events of one session.
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let mut scratchpad = Self::default();
        for event in events {
            scratchpad.take(event);
        }
        scratchpad
    }

    /// Takes the next event in: a segment replaces an earlier one of its name, and the end clears all.
    pub fn take(&mut self, event: &Event) {
        if let Body::Scratch(scratch) = &event.body {
            let segment = Segment {
                claim: event.claim.clone().unwrap_or_default(),
                citations: event.anchors.clone(),
                open_questions: scratch.open_questions.clone(),
                seq: event.seq,
            };
            self.segments.insert(scratch.segment.clone(), segment);
        } else if event.body.is_terminal() {
            self.segments.clear();
        }
    }

    /// The segment of a name.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<&Segment> {
        self.segments.get(name)
    }

    /// Each segment with its name, in the order of the names.
    pub fn segments(&self) -> impl Iterator<Item = (&str, &Segment)> {
        self.segments.iter().map(|(name, segment)| (name.as_str(), segment))
    }

    /// What is not known yet, segment by segment.
    pub fn open_questions(&self) -> impl Iterator<Item = &str> {
        self.segments.values().flat_map(|segment| segment.open_questions.iter().map(String::as_str))
    }

    /// Whether nothing is in mind.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
}
