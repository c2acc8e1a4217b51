//! What somebody allowed, for how long, and what became of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ActionRequest, Capability, CapabilityClass, DurationKind, Resource};
use crate::base::{Sha256Hash, Timestamp};
use crate::record::AuditActor;

/// Name of a grant: `grt:` and the first 32 hex digits of the hash of the audit row that it was issued with.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GrantId(String);

impl GrantId {
    /// A name, as it was read from where grants are kept.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn of_row(event_hash: &Sha256Hash) -> Self {
        Self(super::ticket::name_of_row("grt:", event_hash))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How long a grant lasts.
///
/// A closed set: a reader refuses a variant that it does not know.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GrantDuration {
    /// For one action; using it consumes it. Unused it expires after 15 minutes.
    Once,
    /// For the task of this name, a day at most.
    Task(String),
    /// For the session of this name, a day at most.
    Session(String),
    /// For so many milliseconds, 90 days at most.
    Persistent(u64),
}

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
const ONCE_MS: u64 = 15 * MINUTE_MS;
const MAX_PERSISTENT_MS: u64 = 90 * DAY_MS;

impl GrantDuration {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> DurationKind {
        match self {
            Self::Once => DurationKind::Once,
            Self::Task(_) => DurationKind::Task,
            Self::Session(_) => DurationKind::Session,
            Self::Persistent(_) => DurationKind::Persistent,
        }
    }

    /// When a grant of this duration ends that begins at `now`. Every grant ends.
    #[must_use]
    pub fn expires_at(&self, now: Timestamp) -> Timestamp {
        let ms = match self {
            Self::Once => ONCE_MS,
            Self::Task(_) | Self::Session(_) => DAY_MS,
            Self::Persistent(ms) => (*ms).min(MAX_PERSISTENT_MS),
        };
        later(now, ms)
    }
}

/// The time `ms` milliseconds after `now`, or the last that can be written.
pub(super) fn later(now: Timestamp, ms: u64) -> Timestamp {
    Timestamp::from_unix_ms(now.unix_ms().saturating_add_unsigned(ms))
}

/// Why a grant was taken back.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RevokeReason {
    /// Somebody said so.
    UserRevoked,
    /// The policy became narrower.
    PresetNarrowed,
    /// Another agent took over.
    PersonaSwap,
    /// Everything, or everything of a class, was taken back at once.
    EmergencyRevoke,
    /// The task or session ended.
    ScopeEnded,
}

impl RevokeReason {
    /// The name, such as `user_revoked`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserRevoked => "user_revoked",
            Self::PresetNarrowed => "preset_narrowed",
            Self::PersonaSwap => "persona_swap",
            Self::EmergencyRevoke => "emergency_revoke",
            Self::ScopeEnded => "scope_ended",
        }
    }
}

/// What became of a grant.
///
/// A closed set: a reader refuses a variant that it does not know.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GrantStatus {
    /// It holds until it expires.
    Active,
    /// It was for one action, which was allowed at this time.
    Used(Timestamp),
    /// It was taken back.
    Revoked {
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevokeReason,
    },
}

/// That somebody allowed an agent to do something.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Grant {
    /// Name.
    pub id: GrantId,
    /// The agent that it is for.
    pub actor: String,
    /// What it allows.
    pub capability: Capability,
    /// On what: each resource of a request lies in one of these.
    pub resources: Vec<Resource>,
    /// What alone may be done, where it is for one action with content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Sha256Hash>,
    /// How long it lasts.
    pub duration: GrantDuration,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends; at this time it does not hold any more.
    pub expires_at: Timestamp,
    /// Who issued it.
    pub issued_by: AuditActor,
    /// Hash of the policy under which it was issued, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Sha256Hash>,
    /// What became of it.
    pub status: GrantStatus,
}

impl Grant {
    /// A grant of the user that holds from `now` on.
    #[must_use]
    pub fn new(
        id: GrantId,
        actor: impl Into<String>,
        capability: Capability,
        resources: Vec<Resource>,
        duration: GrantDuration,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            actor: actor.into(),
            capability,
            resources,
            content: None,
            expires_at: duration.expires_at(now),
            duration,
            issued_at: now,
            issued_by: AuditActor::User,
            policy: None,
            status: GrantStatus::Active,
        }
    }

    /// Whether it holds at `now`: neither used, revoked nor expired, and issued before.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.status == GrantStatus::Active && now < self.expires_at && self.issued_at <= now
    }

    /// Whether it is about what `request` asks for, whatever became of it: the same agent and capability, in
    /// its task or session, within its resources, and the same content where it is for one.
    #[must_use]
    pub fn matches(&self, request: &ActionRequest) -> bool {
        let is_for = |named: &String, asked: &Option<String>| asked.as_ref() == Some(named);
        let in_time = match &self.duration {
            GrantDuration::Once | GrantDuration::Persistent(_) => true,
            GrantDuration::Task(task) => is_for(task, &request.task),
            GrantDuration::Session(session) => is_for(session, &request.session),
        };
        in_time
            && self.actor == request.actor
            && self.capability == request.capability
            && (self.content.is_none() || self.content == request.content)
            && self.covers(&request.resources)
    }

    /// Whether each of `resources` lies in one of the grant's.
    #[must_use]
    pub fn covers(&self, resources: &[Resource]) -> bool {
        resources.iter().all(|asked| self.resources.iter().any(|scope| scope.covers(asked)))
    }
}

/// Which grants are to be taken back.
///
/// A closed set; later versions may add some.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RevokeScope {
    /// This one.
    Grant(GrantId),
    /// Those of a capability.
    Capability(Capability),
    /// Those of every capability of a class, and no other.
    Class(CapabilityClass),
    /// Those of an agent.
    Actor(String),
    /// Those for a task.
    Task(String),
    /// Those for a session.
    Session(String),
    /// All.
    All,
}

impl RevokeScope {
    /// Whether `grant` is one of them.
    #[must_use]
    pub fn includes(&self, grant: &Grant) -> bool {
        match self {
            Self::Grant(id) => grant.id == *id,
            Self::Capability(capability) => grant.capability == *capability,
            Self::Class(class) => grant.capability.class() == *class,
            Self::Actor(actor) => grant.actor == *actor,
            Self::Task(task) => matches!(&grant.duration, GrantDuration::Task(of) if of == task),
            Self::Session(session) => {
                matches!(&grant.duration, GrantDuration::Session(of) if of == session)
            }
            Self::All => true,
        }
    }
}

impl fmt::Display for RevokeScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(id) => write!(f, "grant:{id}"),
            Self::Capability(capability) => write!(f, "capability:{}", capability.as_str()),
            Self::Class(class) => write!(f, "class:{}", class.as_str()),
            Self::Actor(actor) => write!(f, "actor:{actor}"),
            Self::Task(task) => write!(f, "task:{task}"),
            Self::Session(session) => write!(f, "session:{session}"),
            Self::All => f.write_str("all"),
        }
    }
}
