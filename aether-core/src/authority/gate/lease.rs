//! A lease: a bounded number of permits that one audit row stands for.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::permit::Permit;
use super::revoke::Revocations;
use crate::authority::policy::LeaseLimits;
use crate::authority::{Action, ActionRequest, Capability, Resource};
use crate::base::{Sha256Hash, Timestamp};
use crate::record::AuditReceipt;

/// How far a lease reaches: in number, in time, and on the resources of its request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LeaseBound {
    /// Most permits.
    pub uses: u32,
    /// When it ends; at this time it gives no more.
    pub until: Timestamp,
}

impl LeaseBound {
    /// A bound.
    #[must_use]
    pub fn new(uses: u32, until: Timestamp) -> Self {
        Self { uses, until }
    }

    pub(super) fn fits(&self, limits: &LeaseLimits, now: Timestamp) -> bool {
        let ms = i128::from(self.until.unix_ms()) - i128::from(now.unix_ms());
        (1..=limits.max_uses).contains(&self.uses) && ms > 0 && ms <= i128::from(limits.max_ms)
    }
}

/// A number of permits that were allowed and written down together, such as for the candidates of a search.
///
/// Only [`PolicyGate`](super::PolicyGate) makes one, and it cannot be copied. Revoking grants of the class of
/// its capability through the same gate ends it; a process that has a gate of its own does not see that, and
/// its leases end at their bound.
#[must_use = "a lease that gives no permits allowed nothing"]
pub struct Lease<A: Action> {
    capability: Capability,
    resources: Vec<Resource>,
    left: u32,
    from: Timestamp,
    until: Timestamp,
    audit: AuditReceipt,
    revocations: Arc<Revocations>,
    /// The count of revocations from before the decision: one in between ends the lease, too.
    seen: u64,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> Lease<A> {
    pub(super) fn of(
        request: &ActionRequest,
        bound: LeaseBound,
        now: Timestamp,
        audit: AuditReceipt,
        (revocations, seen): (Arc<Revocations>, u64),
    ) -> Self {
        Self {
            capability: request.capability,
            resources: request.resources.clone(),
            left: bound.uses,
            from: now,
            until: bound.until,
            audit,
            revocations,
            seen,
            action: PhantomData,
        }
    }

    /// Gives a permit for `resource`, and for content of this hash where there is content. What is refused
    /// uses nothing up.
    ///
    /// # Errors
    ///
    /// Every [`LeaseErrorKind`].
    pub fn next(
        &mut self,
        now: Timestamp,
        resource: &Resource,
        content: Option<Sha256Hash>,
    ) -> Result<Permit<A>, LeaseError> {
        let refuse = |kind| Err(LeaseError { kind });
        if self.revocations.count(self.capability.class()) != self.seen {
            return refuse(LeaseErrorKind::Revoked);
        }
        // A clock that was set back does not make a lease longer.
        if now < self.from || now >= self.until {
            return refuse(LeaseErrorKind::Expired);
        }
        if !self.resources.iter().any(|scope| scope.covers(resource)) {
            return refuse(LeaseErrorKind::NotCovered);
        }
        if self.capability.needs_content() && content.is_none() {
            return refuse(LeaseErrorKind::NoContent);
        }
        let Some(left) = self.left.checked_sub(1) else { return refuse(LeaseErrorKind::UsedUp) };
        self.left = left;
        self.from = now;
        Ok(Permit::of(self.capability, vec![resource.clone()], content, self.audit))
    }

    /// How many permits it has left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.left
    }

    /// When it ends.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The row that says so.
    #[must_use]
    pub fn audit(&self) -> AuditReceipt {
        self.audit
    }
}

impl<A: Action> fmt::Debug for Lease<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("action", &A::NAME)
            .field("capability", &self.capability)
            .field("resources", &self.resources)
            .field("left", &self.left)
            .field("until", &self.until)
            .field("audit", &self.audit)
            .finish_non_exhaustive()
    }
}

/// Why a lease gave no permit.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("lease {}", .kind.reason())]
pub struct LeaseError {
    kind: LeaseErrorKind,
}

impl LeaseError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> LeaseErrorKind {
        self.kind
    }
}

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LeaseErrorKind {
    /// It gave as many permits as it may.
    UsedUp,
    /// It has ended, or the time is before that of the permit before.
    Expired,
    /// It is not for this resource.
    NotCovered,
    /// The capability needs the hash of what is to be done.
    NoContent,
    /// Grants of its class were revoked since.
    Revoked,
}

impl LeaseErrorKind {
    fn reason(self) -> &'static str {
        match self {
            Self::UsedUp => "is used up",
            Self::Expired => "has ended",
            Self::NotCovered => "is not for this resource",
            Self::NoContent => "needs the hash of what is to be done",
            Self::Revoked => "was revoked",
        }
    }
}
