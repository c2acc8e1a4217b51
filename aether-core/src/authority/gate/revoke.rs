//! Taking grants back.

use std::sync::atomic::{AtomicU64, Ordering};

use super::PolicyGate;
use crate::authority::error::Repr;
use crate::authority::{CapabilityClass, PolicyError, RevokeReason, RevokeScope};
use crate::base::Timestamp;
use crate::record::{AuditActor, AuditEntry, AuditKind, AuditReceipt};

/// How often grants of each class were revoked through a gate: what its leases look at.
#[derive(Debug, Default)]
pub(super) struct Revocations([AtomicU64; CapabilityClass::ALL.len()]);

impl Revocations {
    pub(super) fn count(&self, class: CapabilityClass) -> u64 {
        self.0[class as usize].load(Ordering::Acquire)
    }

    fn add(&self, classes: &[CapabilityClass]) {
        for &class in classes {
            self.0[class as usize].fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// What a revocation did. It holds also where no row of it could be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Revocation {
    /// How many grants were taken back.
    pub grants: u64,
    /// The row; `None` where the audit log could not be written.
    pub audit: Option<AuditReceipt>,
}

impl PolicyGate<'_> {
    /// Takes grants back, and ends the leases of this gate that may rest on them: those of the class of the
    /// capability, or all where the scope does not say which. The next decision does not find the grants.
    ///
    /// Taking back needs no permit: it only ever makes less possible. For the same reason it comes before its
    /// audit row, and holds where that cannot be written.
    ///
    /// # Errors
    ///
    /// When grants cannot be written: none was taken back then, but leases have ended.
    pub fn revoke(
        &self,
        scope: &RevokeScope,
        reason: RevokeReason,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<Revocation, PolicyError> {
        self.take_back(AuditKind::GRANTS_REVOKED, scope, reason, by, now)
    }

    /// Takes back all grants, or those of one class and no other, and ends the leases of this gate likewise.
    ///
    /// # Errors
    ///
    /// Those of [`PolicyGate::revoke`].
    pub fn emergency_revoke(
        &self,
        class: Option<CapabilityClass>,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<Revocation, PolicyError> {
        let scope = class.map_or(RevokeScope::All, RevokeScope::Class);
        self.take_back(AuditKind::EMERGENCY_REVOKE, &scope, RevokeReason::EmergencyRevoke, by, now)
    }

    fn take_back(
        &self,
        kind: AuditKind,
        scope: &RevokeScope,
        reason: RevokeReason,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<Revocation, PolicyError> {
        match scope {
            RevokeScope::Capability(capability) => self.revocations.add(&[capability.class()]),
            RevokeScope::Class(class) => self.revocations.add(&[*class]),
            _ => self.revocations.add(&CapabilityClass::ALL),
        }
        let grants = self.grants.revoke(scope, reason, now).map_err(Repr::Ledger)?;
        let mut entry = AuditEntry::new(kind, by);
        entry.reason = Some(reason.as_str().to_owned());
        entry.policy = Some(self.policy_hash);
        if let RevokeScope::Grant(id) = scope {
            entry.grants.push(id.to_string());
        }
        entry = entry.with_detail("scope", scope.to_string()).with_detail("count", grants.to_string());
        Ok(Revocation { grants, audit: self.audit.append(entry, now).ok() })
    }
}
