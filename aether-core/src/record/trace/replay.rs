//! Recorded replay: what tools said comes from the log, decisions are made again, and the log that comes
//! out must be the same, byte for byte.

use super::{
    Count, Draft, Event, EventKind, Header, Trace, TraceBuilder, TraceError, TraceErrorKind, TraceLimits,
    read_trace,
};

/// Whoever decided in a session, or claims to decide as it did.
///
/// It sees the header and all events so far, those of tools from the log and its own as it made them, and
/// makes the next one that is its own to make.
pub trait Decider {
    /// The next event of the session, which is not one of a tool.
    ///
    /// # Errors
    ///
    /// A text when it cannot go on; the replay ends there as diverged.
    fn next(&mut self, header: &Header, events: &[Event]) -> Result<Draft, String>;
}

/// The first event at which a replay is another one than its log.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Divergence {
    /// Number of the event, from 1; 0 when the log itself cannot be read.
    pub seq: Count,
    /// The field, such as `body.decide.reason`; empty for the whole event.
    pub field: String,
    /// What the log has there, as JSON.
    pub recorded: String,
    /// What came out, as JSON, or why nothing did.
    pub replayed: String,
}

impl std::fmt::Display for Divergence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seq, field, recorded, replayed } = self;
        write!(f, "event {seq} differs at {field:?}: recorded {recorded}, replayed {replayed}")
    }
}

impl std::error::Error for Divergence {}

/// Replays a trace from its log.
///
/// Events of tools (probes, verifications, patches that were applied) are taken from the log; every other
/// event is asked of `decider` and compared. The log that comes out is compared byte by byte at last.
///
/// # Errors
///
/// The first event that differs, with the field; a log that cannot be read differs at event 0.
pub fn replay_recorded(trace: &[u8], decider: &mut dyn Decider) -> Result<(), Divergence> {
    let broken = |error: &TraceError| Divergence {
        seq: Count::default(),
        field: String::new(),
        recorded: error.to_string(),
        replayed: "nothing".to_owned(),
    };
    let Trace { header, events } = read_trace(trace, &TraceLimits::default()).map_err(|e| broken(&e))?;
    let mut builder = TraceBuilder::new(header.clone()).map_err(|error| broken(&error))?;
    for (index, recorded) in events.iter().enumerate() {
        let is_of_a_tool =
            matches!(recorded.body.kind(), EventKind::Probe | EventKind::Verify | EventKind::Patch);
        let draft = if is_of_a_tool {
            recorded.clone().into_draft()
        } else {
            decider.next(&header, &events[..index]).map_err(|reason| whole(recorded, reason))?
        };
        // Up to here both logs are equal, so the same draft makes the same line and another one another.
        let made = draft.placed(header.trace.clone(), recorded.seq, recorded.prev);
        let made = Event { hash: recorded.hash, ..made };
        if made != *recorded {
            return Err(first_difference(recorded, &made));
        }
        builder.event(made.into_draft()).map_err(|error| match error.kind() {
            TraceErrorKind::Ended => whole(recorded, "the session had ended".to_owned()),
            _ => whole(recorded, error.to_string()),
        })?;
    }
    if builder.as_bytes() == trace {
        return Ok(());
    }
    let seq = builder.seq().plus(1);
    let text = |what: &str| what.to_owned();
    Err(Divergence { seq, field: String::new(), recorded: text("other bytes"), replayed: text("the log") })
}

fn whole(recorded: &Event, replayed: String) -> Divergence {
    Divergence { seq: recorded.seq, field: String::new(), recorded: json(recorded), replayed }
}

fn json(value: &impl serde::Serialize) -> String {
    // A record of texts and whole numbers always has a written form.
    serde_json::to_string(value).unwrap_or_default()
}

fn first_difference(recorded: &Event, made: &Event) -> Divergence {
    let values = (serde_json::to_value(recorded), serde_json::to_value(made));
    let mut field = String::new();
    let (left, right) = match &values {
        (Ok(left), Ok(right)) => descend(left, right, &mut field),
        _ => return whole(recorded, json(made)),
    };
    Divergence { seq: recorded.seq, field, recorded: left, replayed: right }
}

/// Goes down to the first value that differs, in the order of the keys; gives both as JSON.
fn descend(left: &serde_json::Value, right: &serde_json::Value, field: &mut String) -> (String, String) {
    use serde_json::Value;

    let mut step = |name: &str, left: Option<&Value>, right: Option<&Value>| {
        if !field.is_empty() {
            field.push('.');
        }
        field.push_str(name);
        match (left, right) {
            (Some(left), Some(right)) => descend(left, right, field),
            (left, right) => {
                let text = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), json);
                (text(left), text(right))
            }
        }
    };
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            if let Some(key) = keys.into_iter().find(|key| a.get(*key) != b.get(*key)) {
                return step(key, a.get(key), b.get(key));
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if let Some(at) = (0..a.len().max(b.len())).find(|&at| a.get(at) != b.get(at)) {
                return step(&at.to_string(), a.get(at), b.get(at));
            }
        }
        _ => {}
    }
    (json(left), json(right))
}
