//! Which rows of the audit log are asked for.

use super::entry::{AuditActor, AuditKind, AuditRecord};
use crate::base::Timestamp;

/// Rows of the audit log; each field that is set narrows the answer.
///
/// # Examples
///
/// ```
/// use aether_core::base::Timestamp;
/// use aether_core::record::{AuditActor, AuditEntry, AuditKind, AuditQuery, AuditRecord};
///
/// let entry = AuditEntry::new(AuditKind::DECISION, AuditActor::Agent("fixer".to_owned()));
/// let record = AuditRecord::new(1, Timestamp::from_unix_ms(5_000), entry);
/// let mut query = AuditQuery { until: Some(Timestamp::from_unix_ms(6_000)), ..AuditQuery::default() };
/// assert!(query.keeps(&record));
/// query.actor = Some(AuditActor::User);
/// assert!(!query.keeps(&record));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditQuery {
    /// From this time on, itself included.
    pub since: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// Of this kind.
    pub kind: Option<AuditKind>,
    /// By this actor.
    pub actor: Option<AuditActor>,
    /// Of the capability of this name.
    pub capability: Option<String>,
    /// With this decision.
    pub decision: Option<String>,
    /// Behind the row of this `seq`: where the last page ended.
    pub after_seq: u64,
    /// Most rows. Default 1,000.
    pub limit: u32,
}

impl Default for AuditQuery {
    fn default() -> Self {
        Self {
            since: None,
            until: None,
            kind: None,
            actor: None,
            capability: None,
            decision: None,
            after_seq: 0,
            limit: 1000,
        }
    }
}

impl AuditQuery {
    /// Whether a record is one of those asked for; `limit` aside.
    #[must_use]
    pub fn keeps(&self, record: &AuditRecord) -> bool {
        let entry = &record.entry;
        record.seq > self.after_seq
            && self.since.is_none_or(|since| record.at >= since)
            && self.until.is_none_or(|until| record.at < until)
            && self.kind.as_ref().is_none_or(|kind| entry.kind == *kind)
            && self.actor.as_ref().is_none_or(|actor| entry.actor == *actor)
            && (self.capability.is_none() || self.capability == entry.capability)
            && (self.decision.is_none() || self.decision == entry.decision)
    }
}
