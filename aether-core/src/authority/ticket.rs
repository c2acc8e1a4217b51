//! Questions that wait for somebody, and their answers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::grant::later;
use super::{ActionRequest, DurationKind, Grant, GrantDuration, RiskClass};
use crate::base::{Sha256Hash, Timestamp, write_hex};
use crate::record::AuditActor;

/// Name of a ticket: `tkt:` and the first 32 hex digits of the hash of the audit row that asked.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketId(String);

impl TicketId {
    /// A name, as it was read from outside.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn of_row(event_hash: &Sha256Hash) -> Self {
        Self(name_of_row("tkt:", event_hash))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A prefix and the first half of the hash of a row: rows are unique, so are names made of them.
pub(super) fn name_of_row(prefix: &str, event_hash: &Sha256Hash) -> String {
    let mut name = String::from(prefix);
    // Writing to a `String` cannot fail.
    let _ = write_hex(&mut name, &event_hash.as_bytes()[..16]);
    name
}

/// How long a ticket waits: a quarter of an hour, as long as a grant for one action.
const WAITS_MS: u64 = 15 * 60_000;

/// A request that somebody has to answer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Ticket {
    /// Name.
    pub id: TicketId,
    /// What is asked for.
    pub request: ActionRequest,
    /// How much harm it can do.
    pub risk: RiskClass,
    /// Stable id of the reason why it is asked.
    pub reason: String,
    /// How long it would usually be granted for.
    pub usual_duration: DurationKind,
    /// Whether it can be granted for this action alone.
    pub once_only: bool,
    /// Whether an approval needs somebody who proved anew who they are.
    pub needs_reauthentication: bool,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it is too late to answer.
    pub expires_at: Timestamp,
}

impl Ticket {
    /// A ticket that is asked at `now`.
    #[must_use]
    pub fn new(id: TicketId, request: ActionRequest, reason: &str, once_only: bool, now: Timestamp) -> Self {
        let capability = request.capability;
        let usual = if once_only { DurationKind::Once } else { capability.usual_duration() };
        Self {
            id,
            risk: capability.risk(),
            reason: reason.to_owned(),
            usual_duration: usual,
            once_only,
            needs_reauthentication: capability.needs_reauthentication(),
            asked_at: now,
            expires_at: later(now, WAITS_MS),
            request,
        }
    }

    /// The duration of a grant that answers this with `choice`; `None` where it cannot be granted so.
    pub(super) fn duration(&self, choice: &Choice) -> Option<GrantDuration> {
        let duration = match choice {
            Choice::Once => GrantDuration::Once,
            Choice::ForTask => GrantDuration::Task(self.request.task.clone()?),
            Choice::ForSession => GrantDuration::Session(self.request.session.clone()?),
            Choice::Persistent { ms } => GrantDuration::Persistent(Some(*ms).filter(|&ms| ms > 0)?),
            Choice::Deny | Choice::DeferToDraft => return None,
        };
        let kind = duration.kind();
        let is_allowed = self.request.capability.allows_duration(kind);
        (is_allowed && (kind == DurationKind::Once || !self.once_only)).then_some(duration)
    }
}

/// What somebody says to a ticket.
///
/// A closed set; later versions may add some.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Choice {
    /// Yes, this once.
    Once,
    /// Yes, for the task of the request.
    ForTask,
    /// Yes, for the session of the request.
    ForSession,
    /// Yes, for so many milliseconds, 90 days at most.
    Persistent {
        /// Milliseconds, more than 0.
        ms: u64,
    },
    /// No.
    Deny,
    /// No, but make a draft.
    DeferToDraft,
}

impl Choice {
    /// The name, such as `for_task`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::ForTask => "for_task",
            Self::ForSession => "for_session",
            Self::Persistent { .. } => "persistent",
            Self::Deny => "deny",
            Self::DeferToDraft => "defer_to_draft",
        }
    }

    /// Whether it is a yes.
    #[must_use]
    pub const fn approves(&self) -> bool {
        !matches!(self, Self::Deny | Self::DeferToDraft)
    }
}

/// An answer to a ticket, and who gives it. Whoever calls the gate vouches for both.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// What is said.
    pub choice: Choice,
    /// Who says it. Only the user may approve; Aether itself may say no, agents nothing.
    pub by: AuditActor,
    /// When they last proved who they are.
    pub authenticated_at: Option<Timestamp>,
}

impl Answer {
    /// An answer of the user, who did not prove anew who they are.
    #[must_use]
    pub fn of_user(choice: Choice) -> Self {
        Self { choice, by: AuditActor::User, authenticated_at: None }
    }
}

/// What an answer brought.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Answered {
    /// A grant: ask again with the same request.
    Granted(Box<Grant>),
    /// Nothing may be done.
    Denied,
    /// A draft may be made.
    Draft,
}
