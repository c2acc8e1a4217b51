//! The gate: the only place where permits and leases come from.

mod answer;
mod entry;
mod lease;
mod permit;
mod revoke;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use lease::{Lease, LeaseBound, LeaseError, LeaseErrorKind};
pub use permit::{Permit, PermitError};
pub use revoke::Revocation;

use self::revoke::Revocations;
use super::audit_sink::AuditSink;
use super::cost_ledger::CostLedger;
use super::error::Repr;
use super::grant_store::GrantStore;
use super::{
    Action, ActionRequest, Capability, Cost, CostReservation, Decision, DegradedMode, Outcome, PolicyConfig,
    PolicyConfigError, PolicyError, PolicyState, Reason, Ticket, TicketId, Verdict, VerdictKind, decide,
};
use crate::base::{ErrorCode, Sha256Hash, Timestamp};
use crate::record::{AuditActor, AuditEntry, AuditKind, AuditReceipt};

/// Decides, writes down what it decided, and only then hands out a [`Permit`] or a [`Lease`].
///
/// It has no clock and no store of its own: the time comes with each call, rows go to an
/// [`AuditSink`](crate::port::AuditSink), grants are in a [`GrantStore`](crate::port::GrantStore). Whoever
/// supplies these two is trusted.
///
/// For an allowed request, things happen in this order: the estimate is reserved, grants for one action are
/// used up, the audit row is written, the permit is made. Whatever fails on the way, there is no permit; a
/// grant that was used up then stays so.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "conformance")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use aether_core::authority::{
///     ActionRequest, Capability, EditFiles, Outcome, PolicyConfig, PolicyGate, Preset, ProvenanceTag,
///     Resource,
/// };
/// use aether_core::base::{Sha256Hash, Timestamp};
/// use aether_core::conformance::{MemoryAudit, MemoryGrants};
///
/// let (audit, grants) = (MemoryAudit::default(), MemoryGrants::default());
/// let gate = PolicyGate::new(PolicyConfig::new(Preset::Operator), &audit, &grants)?;
/// let mut request = ActionRequest::new("req-1", "fixer", Capability::FilesEdit);
/// request.resources.push(Resource::path("src/lib.rs")?);
/// request.content = Some(Sha256Hash::of(b"the patch"));
/// request.provenance.insert(ProvenanceTag::Session);
///
/// let decision = gate.authorize::<EditFiles>(&request, Timestamp::from_unix_ms(0));
/// let Outcome::Allow(permit) = decision.outcome else { panic!("an operator edits files") };
/// assert!(permit.covers_content(&Sha256Hash::of(b"the patch")));
/// assert!(!permit.covers_content(&Sha256Hash::of(b"another patch")));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "conformance"))]
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct PolicyGate<'a> {
    policy: PolicyConfig,
    policy_hash: Sha256Hash,
    audit: &'a dyn AuditSink,
    grants: &'a dyn GrantStore,
    costs: Option<&'a dyn CostLedger>,
    degraded: BTreeSet<DegradedMode>,
    revocations: Arc<Revocations>,
}

/// What came of a request before there is a proof of it.
struct Passed {
    decision: Decision<()>,
    receipt: Option<AuditReceipt>,
}

impl<'a> PolicyGate<'a> {
    /// A gate of this policy, without a ledger of costs: requests that cost something are denied where a
    /// task or a day has a cap.
    ///
    /// # Errors
    ///
    /// When the policy cannot be in force ([`PolicyConfig::check`]).
    pub fn new(
        policy: PolicyConfig,
        audit: &'a dyn AuditSink,
        grants: &'a dyn GrantStore,
    ) -> Result<Self, PolicyConfigError> {
        policy.check()?;
        Ok(Self {
            policy_hash: policy.hash()?,
            policy,
            audit,
            grants,
            costs: None,
            degraded: BTreeSet::new(),
            revocations: Arc::default(),
        })
    }

    /// The same gate with a ledger of costs.
    #[must_use]
    pub fn with_costs(mut self, costs: &'a dyn CostLedger) -> Self {
        self.costs = Some(costs);
        self
    }

    /// The same gate in a degraded mode.
    #[must_use]
    pub fn with_degraded(mut self, mode: DegradedMode) -> Self {
        self.degraded.insert(mode);
        self
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &PolicyConfig {
        &self.policy
    }

    /// Its hash, as audit rows tell it.
    #[must_use]
    pub fn policy_hash(&self) -> Sha256Hash {
        self.policy_hash
    }

    /// Decides about one action. Every request gets a decision: what cannot be read, reserved, used up or
    /// written is a denial with its reason.
    pub fn authorize<A: Action>(&self, request: &ActionRequest, now: Timestamp) -> Decision<Permit<A>> {
        let passed = self.pass(A::CAPABILITIES, request, None, now);
        passed.prove(|receipt| {
            Permit::of(request.capability, request.resources.clone(), request.content, receipt)
        })
    }

    /// Decides about a number of actions on the resources of the request: each permit of the lease is for
    /// some of these, such as one command of several.
    pub fn authorize_lease<A: Action>(
        &self,
        request: &ActionRequest,
        bound: LeaseBound,
        now: Timestamp,
    ) -> Decision<Lease<A>> {
        let revocations = Arc::clone(&self.revocations);
        let seen = revocations.count(request.capability.class());
        let passed = self.pass(A::CAPABILITIES, request, Some(&bound), now);
        passed.prove(|receipt| Lease::of(request, bound, now, receipt, (revocations, seen)))
    }

    /// What [`PolicyGate::authorize`] would decide now. Nothing is written down, reserved or used up, and nothing
    /// is allowed by it.
    #[must_use]
    pub fn foresee<A: Action>(&self, request: &ActionRequest, now: Timestamp) -> Verdict {
        self.verdict(A::CAPABILITIES, request, None, now)
    }

    fn pass(
        &self,
        effect: &[Capability],
        request: &ActionRequest,
        lease: Option<&LeaseBound>,
        now: Timestamp,
    ) -> Passed {
        let mut verdict = self.verdict(effect, request, lease, now);
        if verdict.kind == VerdictKind::Allow
            && let Err(reason) = self.take(request, &verdict, now)
        {
            verdict.kind = VerdictKind::Deny(reason);
        }
        let entry = entry::of_verdict(request, &verdict, lease, self.policy_hash);
        let receipt = self.audit.append(entry, now).ok();
        let mut decision = self.decision(request, &verdict);
        decision.audit = receipt;
        let failure = match (receipt, verdict.kind) {
            (None, kind) => {
                if kind == VerdictKind::Allow {
                    self.give_back(request);
                }
                Some(Reason::AuditWriteFailed)
            }
            (Some(receipt), VerdictKind::Ask(reason)) => {
                let id = TicketId::of_row(&receipt.event_hash);
                let once_only = verdict.asks_each_time;
                let ticket = Ticket::new(id, request.clone(), reason.id(), once_only, now);
                let kept = self.grants.insert_ticket(&ticket);
                decision.outcome = Outcome::Ask(Box::new(ticket));
                kept.err().map(|_| Reason::LedgerCorrupt)
            }
            (Some(_), _) => None,
        };
        if let Some(reason) = failure {
            decision.outcome = Outcome::Deny(reason);
            decision.reason = Some(reason);
            if receipt.is_some() {
                // The row says that somebody is asked; this one says that nobody is. Should it fail too,
                // nothing was allowed by either.
                verdict.kind = VerdictKind::Deny(reason);
                let entry = entry::of_verdict(request, &verdict, lease, self.policy_hash);
                decision.audit = self.audit.append(entry, now).ok().or(receipt);
            }
        }
        Passed { decision, receipt }
    }

    fn verdict(
        &self,
        effect: &[Capability],
        request: &ActionRequest,
        lease: Option<&LeaseBound>,
        now: Timestamp,
    ) -> Verdict {
        let mut degraded = self.degraded.clone();
        if self.audit.check().is_err() {
            degraded.insert(DegradedMode::AuditBroken);
        }
        let capabilities = [request.capability, Capability::RouterAllowRemoteWithPrivate];
        let grants = self.grants.find(&request.actor, &capabilities, now).unwrap_or_else(|_| {
            degraded.insert(DegradedMode::LedgerCorrupt);
            Vec::new()
        });
        let mut state = PolicyState::new(&self.policy, &degraded, effect, now);
        state.grants = &grants;
        state.is_lease = lease.is_some();
        state.spend = self.costs.and_then(|costs| costs.spend(&reservation(request, now)?).ok());
        let mut verdict = decide(request, &state);
        if let Some(bound) = lease
            && verdict.kind == VerdictKind::Allow
            && !bound.fits(&self.policy.lease, now)
        {
            verdict.kind = VerdictKind::Deny(Reason::LeaseBound);
            verdict.uses_up.clear();
        }
        verdict
    }

    /// Reserves what the request costs and uses up the grants that it rests on.
    fn take(&self, request: &ActionRequest, verdict: &Verdict, now: Timestamp) -> Result<(), Reason> {
        if let (Some(costs), Some(reservation)) = (self.costs, reservation(request, now)) {
            // Another request may have been counted since the verdict.
            match costs.reserve(&reservation, &self.policy.caps) {
                Ok(None) => {}
                Ok(Some(window)) => return Err(window.into()),
                Err(_) => return Err(Reason::CostUnknown),
            }
        }
        if verdict.uses_up.is_empty() {
            return Ok(());
        }
        self.grants.consume(&verdict.uses_up, now).map_err(|error| {
            self.give_back(request);
            let is_spent = *error.code() == ErrorCode::POLICY_GRANT_SPENT;
            if is_spent { Reason::GrantUsed } else { Reason::LedgerCorrupt }
        })
    }

    /// Takes back what was reserved for a call that is not made. Where this fails, the estimate stays counted:
    /// the caps are kept all the more.
    fn give_back(&self, request: &ActionRequest) {
        if let (Some(costs), Some(_)) = (self.costs, request.estimate) {
            let _ = costs.settle(&request.id, Cost::ZERO);
        }
    }

    fn decision(&self, request: &ActionRequest, verdict: &Verdict) -> Decision<()> {
        let outcome = match verdict.kind {
            VerdictKind::Allow => Outcome::Allow(()),
            VerdictKind::DraftOnly(reason) => Outcome::DraftOnly(reason),
            // The ticket takes this place when it is there.
            VerdictKind::Ask(reason) | VerdictKind::Deny(reason) => Outcome::Deny(reason),
            VerdictKind::NeedsUpgrade(preset) => {
                Outcome::NeedsUpgrade { capability: request.capability, preset }
            }
        };
        let mut decision = Decision::new(outcome, verdict.kind.reason(), self.policy.profile);
        decision.stages = verdict.stages.clone();
        decision.warnings = verdict.warnings.clone();
        decision
    }

    /// Tells the ledger what a call cost in the end, and writes it down.
    ///
    /// # Errors
    ///
    /// When the ledger or the audit log cannot be written. Without a ledger nothing happens.
    pub fn settle(&self, request: &ActionRequest, actual: Cost, now: Timestamp) -> Result<(), PolicyError> {
        let Some(costs) = self.costs else { return Ok(()) };
        costs.settle(&request.id, actual).map_err(Repr::Ledger)?;
        let mut entry = entry::about(AuditKind::COST_SETTLED, request, self.policy_hash);
        entry = entry.with_detail("tokens", actual.tokens.to_string());
        entry = entry.with_detail("micros", actual.micros.to_string());
        self.append(entry, now).map(drop)
    }

    /// Writes down that this policy is in force from now on, and which was before.
    ///
    /// # Errors
    ///
    /// [`PolicyErrorKind::AuditWriteFailed`](super::PolicyErrorKind::AuditWriteFailed).
    pub fn record_policy(
        &self,
        by: AuditActor,
        before: Option<Sha256Hash>,
        now: Timestamp,
    ) -> Result<AuditReceipt, PolicyError> {
        let mut entry = AuditEntry::new(AuditKind::POLICY_CHANGED, by);
        entry.policy = Some(self.policy_hash);
        entry = entry.with_detail("profile", self.policy.profile.as_str());
        entry = entry.with_detail("preset", self.policy.preset.as_str());
        if let Some(before) = before {
            entry = entry.with_detail("before", before.to_string());
        }
        self.append(entry, now)
    }

    fn append(&self, entry: AuditEntry, now: Timestamp) -> Result<AuditReceipt, PolicyError> {
        Ok(self.audit.append(entry, now).map_err(Repr::Audit)?)
    }
}

impl Passed {
    /// The decision with its proof. There is none without a receipt of a durable row.
    fn prove<T>(self, make: impl FnOnce(AuditReceipt) -> T) -> Decision<T> {
        let before = self.decision;
        let mut decision =
            Decision::new(Outcome::Deny(Reason::AuditWriteFailed), before.reason, before.profile);
        decision.stages = before.stages;
        decision.warnings = before.warnings;
        decision.audit = before.audit;
        decision.outcome = match (before.outcome, self.receipt) {
            (Outcome::Allow(()), Some(receipt)) => Outcome::Allow(make(receipt)),
            (Outcome::Allow(()), None) => Outcome::Deny(Reason::AuditWriteFailed),
            (Outcome::Ask(ticket), _) => Outcome::Ask(ticket),
            (Outcome::DraftOnly(reason), _) => Outcome::DraftOnly(reason),
            (Outcome::Deny(reason), _) => Outcome::Deny(reason),
            (Outcome::NeedsUpgrade { capability, preset }, _) => Outcome::NeedsUpgrade { capability, preset },
        };
        decision
    }
}

fn reservation(request: &ActionRequest, now: Timestamp) -> Option<CostReservation> {
    let estimate = request.estimate?;
    Some(CostReservation::new(request.id.clone(), request.task.clone(), now, estimate))
}
